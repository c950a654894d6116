# shellcheck shell=bash
# rsync.bash - rsync of each release, up and down, option by option. $RSYNC is the one that is tried; tests/e2e/
# rsync-options.bats runs the same functions with the one that is installed. AT is the account's place: alice@stage:

rs() { "${RSYNC[@]}" -e "${RSYNC_SSH:-ssh}" "$@"; }

rsync_archive() {
	chmod 600 src/plain; touch -d 2001-02-03 src/plain; ln -s plain src/soft
	rs -a src/ "$AT:up/"; same_tree src "$D/up"; [ "$(stat -c '%a %Y' "$D/up/plain")" = "$(stat -c '%a %Y' src/plain)" ]
	[ "$(readlink "$D/up/soft")" = plain ]
	rs -a "$AT:up/" back/; same_tree src back
}
rsync_delete() {
	rs -a src/ "$AT:up/"
	rm -r src/sub
	rs -a --delete src/ "$AT:up/"; same_tree src "$D/up"
	rs -a --delete-after "$AT:up/" back/; echo old >back/old; rs -a --delete "$AT:up/" back/; same_tree src back
}
rsync_link_dest() {
	rs -a src/ "$AT:b0/"
	# beside a directory, with a slash behind it or not, as it is there or not; and from the docroot
	rs -a --link-dest=../b0 src/ "$AT:b1/"; rs -a --link-dest=../b0 src/ "$AT:b2"; rs -a --link-dest=/b0 src/ "$AT:b3/"
	rs -a --link-dest=../b0 src/ "$AT:b2"
	for at in b1 b2 b3; do
		[ "$(stat -c %i "$D/$at/plain")" = "$(stat -c %i "$D/b0/plain")" ]
	done
	# beside a file: the directory around it counts
	mkdir "$D/deep"; mine
	rs -a --link-dest=../b0 src/plain "$AT:deep/plain"
	[ "$(stat -c %i "$D/deep/plain")" = "$(stat -c %i "$D/b0/plain")" ]
}
rsync_copy_dest() {
	rs -a src/ "$AT:b0/"
	rs -a --copy-dest=../b0 src/ "$AT:b1/"; same_tree src "$D/b1"
	rs -a --compare-dest=../b0 src/ "$AT:b2/"; [ -z "$(find "$D/b2" -type f)" ]
}
rsync_partial_dir() {
	rs -a --partial-dir=.part src/ "$AT:up/"; same_tree src "$D/up"
	rs -a --partial --partial-dir=.part "$AT:up/" back/; same_tree src back
	# what an interrupted transfer left is taken up where the file lies, in each directory
	mkdir "$D/up/sub/.part"; head -c 100000 src/big >"$D/up/sub/.part/big"; mine
	cp src/big src/sub/big
	rs -a --partial-dir=.part src/ "$AT:up/"; same_tree src "$D/up"
}
rsync_backup_dir() {
	rs -a src/ "$AT:up/"; cp src/plain was; echo "changed, and longer" >src/plain
	rs -a -b --backup-dir=../old src/ "$AT:up/"; same was "$D/old/plain"
	echo again >>src/plain; rs -a -b --suffix=.bak src/ "$AT:up/"; [ -e "$D/up/plain.bak" ]
	rs -a -b --backup-dir=/elsewhere "$AT:up/" back/
}
rsync_files_from() {
	printf 'plain\nsub/inner\n' >list
	rs -a --files-from=list src/ "$AT:up/"; same src/sub/inner "$D/up/sub/inner"; [ ! -e "$D/up/big" ]
	rs -a --files-from=list "$AT:up/" back/; same src/plain back/plain
	cp list "$D/list"; mine; rs -a --files-from=:list "$AT:up/" there/; same src/plain there/plain
}
rsync_compress() {
	rs -az src/ "$AT:up/"; same_tree src "$D/up"; rs -az --compress-level=9 "$AT:up/" back/; same_tree src back
	[[ $("${RSYNC[@]}" --version) == *zstd* ]] || return 0
	rs -a --compress-choice=zstd src/ "$AT:z/"
	same_tree src "$D/z"
	rs -a --zc=lz4 "$AT:z/" l/
	same_tree src l
}
rsync_iconv() {
	printf x >$'src/\xc3\xa4'
	rs -a --iconv=UTF-8,ISO-8859-1 src/ "$AT:up/"; [ -e "$D/up/"$'\xe4' ]
	rs -a --iconv=UTF-8,ISO-8859-1 "$AT:up/" back/; same_tree src back
	rs -a --iconv=UTF-8,ASCII//TRANSLIT src/plain "$AT:up/"
}
rsync_secluded() {
	rs -as "src/with blank" "$AT:to here/"; same "src/with blank" "$D/to here/with blank"
	rs -as "$AT:to here/with blank" back; same "src/with blank" back
	rs -as --delete src/ "$AT:up/"; same_tree src "$D/up"
}
rsync_old_args() {
	rs -a src/ "$AT:up/"; mkdir back
	rs -a --old-args "$AT:up/plain up/big" back/; same src/big back/big
	rs -a --old-args "$AT:up/pl*" 'back/'; same src/plain back/plain
}
rsync_wildcard() {
	rs -a src/ "$AT:up/"; mkdir back
	rs -a "$AT:up/[pb]*" back/; same src/plain back/plain; same src/big back/big
	rs -a "$AT:up/plain" "$AT:up/big" back/
}
rsync_mkpath() { rs -a --mkpath src/plain "$AT:a/b/c/plain"; same src/plain "$D/a/b/c/plain"; }
rsync_inplace() {
	rs -a src/ "$AT:up/"; printf x >>src/big; inode=$(stat -c %i "$D/up/big")
	rs -a --inplace --no-whole-file src/ "$AT:up/"; same src/big "$D/up/big"; [ "$(stat -c %i "$D/up/big")" = "$inode" ]
	rs -a --inplace "$AT:up/big" back; same src/big back
}
rsync_append_verify() {
	mkdir "$D/up"; head -c 1000 src/big >"$D/up/big"; mine
	rs -a --append-verify src/big "$AT:up/big"; same src/big "$D/up/big"
	head -c 1000 src/big >back; rs -a --append "$AT:up/big" back; same src/big back
}
rsync_sparse() {
	truncate -s 8M src/holes; printf x >>src/holes
	rs -aS src/holes "$AT:holes"; same src/holes "$D/holes"; [ "$(stat -c %b "$D/holes")" -lt 1000 ]
	rs -aS "$AT:holes" back; same src/holes back
}
rsync_xattrs() {
	setfattr -n user.note -v kept src/plain
	rs -aX src/ "$AT:up/"; [ "$(getfattr --only-values -n user.note "$D/up/plain")" = kept ]
	rs -aX "$AT:up/" back/; [ "$(getfattr --only-values -n user.note back/plain)" = kept ]
}
rsync_acls() {
	setfacl -m u:65534:r src/plain
	rs -aA src/ "$AT:up/"; getfacl -cn "$D/up/plain" | grep -qx 'user:65534:r--'
	rs -aA "$AT:up/" back/; getfacl -cn back/plain | grep -qx 'user:65534:r--'
}
rsync_messages() {
	rs -avvP --info=progress2,stats2,del --debug=FLIST2,SEND,FILTER src/ "$AT:up/"; same_tree src "$D/up"
	rs -avv --stats --itemize-changes --out-format='%i %n%L' "$AT:up/" back/; same_tree src back
	rs -a -M--debug=FLIST2 -M--info=NAME src/ "$AT:up/"
}
rsync_filters() {
	rs -a --exclude='*.o' --include=plain --filter='P kept' --delete src/ "$AT:up/"; rs -aC src/ "$AT:c/"
	rs -a --exclude=sub --delete-excluded src/ "$AT:up/"; [ ! -e "$D/up/sub" ]
	rs -aF --prune-empty-dirs "$AT:c/" back/; same src/plain back/plain
}
rsync_owners() {
	rs -a --chown=alice:alice src/ "$AT:up/"; rs -a --numeric-ids --usermap="*:$(id -u alice)" --groupmap="*:$(id -g alice)" src/ "$AT:up/"
	rs -a --chmod=D755,F644 src/ "$AT:m/"; [ "$(stat -c %a "$D/m/plain")" = 644 ]
	rs -a -M--fake-super src/ "$AT:f/"; rs -aE --no-perms src/ "$AT:e/"
}
rsync_selection() {
	rs -ac src/ "$AT:up/"; rs -aI src/ "$AT:up/"; rs -au --size-only src/ "$AT:up/"; rs -a --existing src/ "$AT:up/"
	rs -a --ignore-existing src/ "$AT:up/"; rs -a --max-size=1k --min-size=1 src/ "$AT:s/"; [ ! -e "$D/s/big" ]
	rs -a --modify-window=1 "$AT:up/" back/; rs -ax --bwlimit=100000 --timeout=60 "$AT:up/" back/; same_tree src back
}
rsync_moves() {
	rs -a --remove-source-files src/ "$AT:up/"; [ ! -e src/plain ]
	rs -a --remove-source-files "$AT:up/" back/; [ -z "$(find "$D/up" -type f)" ]; [ -e back/plain ]
}
rsync_writing() {
	mkdir "$D/up" "$D/up/tmp"; mine
	rs -a --temp-dir=tmp src/ "$AT:up/"; rs -a --delay-updates --fuzzy src/ "$AT:up/"; same src/big "$D/up/big"
	rs -aW --preallocate src/ "$AT:w/"; same_tree src "$D/w"
}
rsync_links() {
	ln src/plain src/hard; ln -s ../../etc/passwd src/out
	rs -aH src/ "$AT:up/"; [ "$(stat -c %i "$D/up/hard")" = "$(stat -c %i "$D/up/plain")" ]
	rs -a --safe-links src/ "$AT:s/"; [ ! -L "$D/s/out" ]
	rs -aL "$AT:up/plain" back; rs -ak --copy-unsafe-links "$AT:s/" k/; rs -aK src/ "$AT:up/"
}
rsync_relative() {
	rs -aR src/./sub/inner "$AT:up/"; same src/sub/inner "$D/up/sub/inner"
	rs -aR "$AT:/up/./sub/inner" back/; same src/sub/inner back/sub/inner
	rs -aR --no-implied-dirs "$AT:up/sub/inner" n/; same src/sub/inner n/up/sub/inner
}
rsync_listing() {
	rs -a src/ "$AT:up/"
	rs --list-only "$AT:up/" | grep plain >/dev/null
	rs -r "$AT:" | grep up/sub/inner >/dev/null
	rs -an --delete src/ "$AT:up/"; rs "$AT:" | grep up >/dev/null
}
rsync_hard_names() {
	local name
	# shellcheck disable=SC2016 # names, not expansions
	for name in "quote'" 'dollar$HOME' 'star*' 'back\slash' ';semi' '~tilde' '{a,b}' '-dash' '#hash' $'\xff'; do
		printf '%s' "$name" >"src/$name"
	done
	rs -a src/ "$AT:up/"; same_tree src "$D/up"; rs -a "$AT:up/" back/; same_tree src back
}
rsync_refusals() {
	is_refused rs -a -M--log-file=x src/ "$AT:up/"
	is_refused rs -a -M--rsh=id src/ "$AT:up/"
	is_refused rs -a --rsync-path='sudo rsync' src/ "$AT:up/"
	is_refused rs -a src/ "$AT:../up/"
	is_refused rs -a "${AT}::module" back/
	[ -z "$(ls "$D")" ]
}

RSYNC_OPERATIONS="archive delete link_dest copy_dest partial_dir backup_dir files_from compress iconv secluded old_args
	wildcard mkpath inplace append_verify sparse xattrs acls messages filters owners selection moves writing links relative
	listing hard_names refusals"

# What an older release does not know: its own help says so.
rsync_knows() {
	case $1 in
	old_args) "${RSYNC[@]}" --help | grep -q -- --old-args ;;
	mkpath) "${RSYNC[@]}" --help | grep -q -- --mkpath ;;
	*) true ;;
	esac
}

rsync_all() {
	local operation
	client rsync "$("${RSYNC[@]}" --version | sed -n '1s/^rsync  version \([^ ]*\) .*/\1/p') ($1)"
	for operation in $RSYNC_OPERATIONS; do
		if rsync_knows "$operation"; then
			does "${operation//_/-}" "rsync_$operation"
		else
			lacks "${operation//_/-}" "came later"
		fi
	done
}

# Only for run.sh.
if declare -F does >/dev/null; then
	AT=alice@$SERVER RSYNC_SSH=$MUX
	RSYNC=(rsync)
	rsync_all installed
	for release in "$OTHERS"/*/; do
		[ -x "${release}run" ] || continue
		RSYNC=("${release}run" rsync)
		rsync_all "Debian $(basename "$release")"
	done
	[ -x "$OTHERS/trixie/run" ] || printf '\nother releases of rsync: not to be had here; the lines that they send are in %s\n' \
		tests/corpus/commands.tsv
	printf '\nrsync 2.6.9, 3.0.9 and 3.1.3: no archive has them; the lines that they send are in tests/corpus/commands.tsv\n'
fi
