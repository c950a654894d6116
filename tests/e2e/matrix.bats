#!/usr/bin/env bats
# Goal: what each definition comes to under each preset is what tests/e2e/matrix.tsv says: in `sallyport check`, in
# sallyport.ini(5), with real clients both ways, and with a hostile program in the place of the real one (I5).
#
# A new definition: rows in matrix.tsv, and for each a function works_ID here that tries the operation with the real
# client and succeeds when its effect is there. What no client may get is in gets(), verb by verb. A tool whose clients
# take more than a line has a file of its own, NAME.bats, which the column `by` names.

load lib
load hostile

MATRIX=$STAGE_CHECKOUT/tests/e2e/matrix.tsv
PRESETS=(read-only drop-box append-only full)
COMMANDS='sftp scp rsync git aspera borg svn hg unison rdiff-backup rclone'
PROGRAMS='sftp scp rsync git ascp ascmd borg svnserve hg unison rdiff-backup rclone'

setup_file() {
	e2e_setup
	stage_sshd </dev/null
	"$STAGE_TOOL" state alice >/dev/null # for unison
	# one connection; sshd starts the gate anew for each session in it
	printf '%s\n' "ControlMaster auto" "ControlPath $STAGE_OWN/mux" "ControlPersist 20" >>"$STAGE_SSH_CONFIG"
	git init -q "$BATS_FILE_TMPDIR/work"
	(cd "$BATS_FILE_TMPDIR/work" && echo secret-content >tracked && stage_git add . &&
		stage_git commit -qm one && stage_git clone -q --bare . ../r.git)
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	reset
}

# reset: the account's tree and ours, anew.
reset() {
	fresh
	cp -a "$BATS_FILE_TMPDIR/r.git" "$D"/r.git
	chown -R alice:alice "$D"
	find "$BATS_TEST_TMPDIR" -mindepth 1 -delete
	echo "new, and longer" >new
	mkdir -p newdir/sub empty
	echo x >newdir/sub/x
}

# preset NAME [program]: alice has it; with a stand-in in the place of every program.
preset() {
	stage_policy <<-END
		[user alice]
		docroot = /srv/alice
		commands = $COMMANDS
		rclone-remote = b2:x
		access = $1
		$([ -z "${2:-}" ] || for name in $PROGRAMS; do echo "program $name = $STANDIN"; done)
	END
}

# rows FUNCTION: calls it with id, operation, by, command and the four cells of each row; counts in $rows.
rows() {
	local line fields
	rows=0
	while IFS= read -r line <&4; do
		case $line in '#'* | '') continue ;; esac
		IFS=$'\t' read -ra fields <<<"$line"
		[ "${#fields[@]}" = 8 ] || fail "matrix.tsv: ${#fields[@]} columns: $line" || return
		rows=$((rows + 1))
		"$@" "${fields[@]}" || return
	done 4<"$MATRIX"
	[ "$rows" -ge 12 ] || fail "$rows rows"
}

# cell_of PRESET CELL…: the preset's own.
cell_of() {
	local i
	for i in 0 1 2 3; do
		[ "${PRESETS[i]}" = "$1" ] && echo "${@:i+2:1}"
	done
}

# ---- the tool and the page ----

# said PRESET COMMAND: a cell, as check has it.
said() {
	"$STAGE_TOOL" check --json -C user=alice "$2" | perl -MJSON::PP -e '
		my $d = JSON::PP->new->decode(do { local $/; <STDIN> });
		if ($d->{verdict} ne "allow") { print "no\n"; exit }
		my (%by, @order);
		my $without = $d->{without};
		for my $verb (qw(download upload overwrite list mkdir rename delete)) {
			my $by = $without->{$verb} // next;
			my ($layer) = $by =~ /read-only (mount)/ ? "mount" : $by =~ /(Landlock|switch|grammar)/;
			push @order, $layer if !$by{$layer};
			push @{$by{$layer}}, $verb;
		}
		print join("; ", map { "$_: @{$by{$_}}" } @order) || "all", "\n"'
}

foretold() {
	local i
	for i in 0 1 2 3; do
		preset "${PRESETS[i]}"
		assert_equal "$(said "${PRESETS[i]}" "$4")" "${@:i+5:1}" "check, $2 under ${PRESETS[i]}" || return
	done
}

@test "check says of every cell what the table says" { rows foretold; }

# For readers: no; yes, nothing lacks; or against whom the lack is held.
word_of() {
	case $1 in
	no) echo no ;;
	all) echo yes ;;
	*switch* | *grammar*) echo client ;;
	*) echo program ;;
	esac
}

page_row() {
	local out=".It $2" cell
	for cell in "${@:5}"; do out="$out Ta $(word_of "$cell")"; done
	echo "$out"
}

@test "sallyport.ini(5) has the table, and tells which verbs are held against the client alone" {
	local page=$STAGE_CHECKOUT/man/sallyport.ini.5
	rows page_row >want
	sed -n '/^\.Ss What the presets come to/,/^\.El/p' "$page" | grep '^\.It [a-z]' >have
	diff want have || fail "the page differs"
}

# ---- real clients ----

rsync_s() { stage_rsync -s "$@"; }

works_sftp() {
	case $1 in
	read-only) stdin=$'ls\nget file got' try stage_sftp alice; [ -s got ] ;;
	*) stdin='put new arrived' try stage_sftp alice; cmp -s new "$D"/arrived ;;
	esac
}
works_scp_up() { try stage_scp -O -r new newdir alice@stage:dir; cmp -s new "$D"/dir/new && [ -e "$D"/dir/newdir/sub/x ]; }
works_scp_down() { try stage_scp -O -r 'alice@stage:fi*' alice@stage:full .; cmp -s "$D"/file file && [ -e full/inner ]; }
works_rsync_up() { try stage_rsync -a --delete newdir/ alice@stage:full/; [ -e "$D"/full/sub/x ] && [ ! -e "$D"/full/inner ]; }
works_rsync_up_s() { try rsync_s -a --delete newdir/ alice@stage:full/; [ -e "$D"/full/sub/x ] && [ ! -e "$D"/full/inner ]; }
works_rsync_down() { try stage_rsync -a alice@stage:full/ got; cmp -s "$D"/full/inner got/inner; }
works_rsync_down_s() { try rsync_s -a alice@stage:full/ got; cmp -s "$D"/full/inner got/inner; }
works_git_fetch() { try stage_git clone -q alice@stage:r.git copy; [ -s copy/tracked ]; }
works_git_archive() { try stage_git archive -o a.tar --remote=alice@stage:r.git HEAD; tar -tf a.tar 2>/dev/null | grep -qx tracked; }
works_git_push() {
	try stage_git -C "$BATS_FILE_TMPDIR/work" push -q alice@stage:r.git HEAD:refs/heads/pushed
	[ -n "$(stage_as alice git -C "$D"/r.git rev-parse -q --verify refs/heads/pushed)" ]
}

# as_offered PRESET ROW…: works where the cell offers it; fails and changes nothing where not.
as_offered() {
	local preset=$1 cell before
	cell=$(cell_of "$preset" "${@:6}")
	[ "$4" = client ] || return 0
	declare -F "works_$2" >/dev/null || fail "no client for the row $2" || return
	reset
	before=$(tree)
	if "works_$2" "$preset"; then
		[ "$cell" != no ] || fail "$3 works under $preset" || return
	else
		[ "$cell" = no ] || fail "$3 does not work under $preset" || return
		assert_equal "$(tree)" "$before" "the tree after a refused $3 under $preset" || return
		[[ $(last_record) == *' detail="lacks '* ]] || fail "a refused $3 does not say what lacks" || return
	fi
	offered=$((offered + 1))
}

offered_under() {
	offered=0
	preset "$1"
	rows as_offered "$1" || return
	[ "$offered" -ge 10 ] || fail "$offered operations tried"
}

@test "read-only: real clients do what is offered, and what is refused fails" { offered_under read-only; }
@test "drop-box: real clients do what is offered, and what is refused fails" { offered_under drop-box; }
@test "append-only: real clients do what is offered, and what is refused fails" { offered_under append-only; }
@test "full: real clients do what is offered" { offered_under full; }

# batch LINE…: sftp.
batch() { stdin=$(printf '%s\n' "$@") try stage_sftp alice; }

# gets VERB: one way to it a line, with every client that has one; the client's own flags are its own business.
gets() {
	case $1 in
	download) cat <<-'END' ;;
		batch 'get file got'
		try stage_scp -O alice@stage:file got
		try stage_scp alice@stage:file got
		try stage_rsync alice@stage:file got
		try rsync_s alice@stage:file got
		try stage_git clone -q alice@stage:r.git got
		try stage_git archive -o got --remote=alice@stage:r.git HEAD
	END
	list) cat <<-'END' ;;
		batch 'ls'
		batch 'ls full'
		try stage_scp -O -r alice@stage:full got
		try stage_scp -O -T 'alice@stage:fi*' got
		try stage_rsync --list-only alice@stage:
		try rsync_s --list-only alice@stage:
		try stage_rsync -r alice@stage:full/ got
		try rsync_s -r alice@stage:full/ got
	END
	upload) cat <<-'END' ;;
		batch 'put new'
		batch 'put new dir/new'
		try stage_scp -O new alice@stage:
		try stage_scp new alice@stage:
		try stage_rsync new alice@stage:
		try rsync_s new alice@stage:
		try stage_rsync --inplace new alice@stage:
		try stage_git -C "$BATS_FILE_TMPDIR/work" push -q alice@stage:r.git HEAD:refs/heads/pushed
	END
	overwrite) cat <<-'END' ;;
		batch 'put new file'
		batch 'chmod 777 file'
		batch 'ln -s file soft'
		batch 'ln file hard'
		try stage_scp -O new alice@stage:file
		try stage_scp -O -p new alice@stage:file
		try stage_scp new alice@stage:file
		try stage_rsync new alice@stage:file
		try rsync_s new alice@stage:file
		try stage_rsync --inplace new alice@stage:file
		try stage_rsync --append new alice@stage:file
	END
	mkdir) cat <<-'END' ;;
		batch 'mkdir made'
		try stage_scp -O -r newdir alice@stage:
		try stage_rsync -r newdir alice@stage:
		try rsync_s -r newdir alice@stage:
		try stage_rsync --mkpath new alice@stage:a/b/c
	END
	rename) cat <<-'END' ;;
		batch 'rename file moved'
		batch 'rename file other'
		try stage_rsync -b new alice@stage:file
		try rsync_s -b --backup-dir=dir new alice@stage:file
	END
	delete) cat <<-'END' ;;
		batch 'rm file'
		batch 'rmdir dir'
		try stage_rsync -r --delete empty/ alice@stage:full/
		try rsync_s -r --delete empty/ alice@stage:full/
		try stage_rsync --remove-source-files alice@stage:file got
		try rsync_s --remove-source-files alice@stage:file got
		try stage_rsync -r --force --delete-excluded empty/ alice@stage:
	END
	esac
}

verbs_of() {
	case $1 in
	read-only) echo download list ;;
	drop-box) echo upload overwrite mkdir ;;
	append-only) echo download upload list mkdir ;;
	esac
}

# has_verb VERB: whether what the client holds, or the tree, shows that it got it.
has_verb() {
	case $1 in
	download) [ -s got ] || [ -d got/.git ] || grep -q 'secret-content' "$out" ;;
	list) grep -q 'inner\|other' "$out" || [ -e got/inner ] || [ -s got ] ;;
	*) [ "$(tree)" != "$before" ] ;;
	esac
}

# nobody_gets PRESET: each verb that it lacks, by each client.
nobody_gets() {
	local verb way before n=0 has
	preset "$1"
	has=" $(verbs_of "$1") "
	for verb in download upload overwrite list mkdir rename delete; do
		case $has in *" $verb "*) continue ;; esac
		while IFS= read -r way <&5; do
			reset
			before=$(tree)
			eval "$way"
			! has_verb $verb || fail "under $1 a client has $verb: $way" || return
			n=$((n + 1))
		done 5< <(gets $verb)
	done
	[ "$n" -ge 20 ] || fail "$n ways tried"
	echo "# $1: $n ways, by sftp, scp, rsync and git, to verbs that it lacks; none leads there" >&3
}

@test "read-only: no client gets at a verb that is missing" { nobody_gets read-only; }
@test "drop-box: no client gets at a verb that is missing" { nobody_gets drop-box; }
@test "append-only: no client gets at a verb that is missing" { nobody_gets append-only; }

@test "the ways are ways: under full each of them gets there" {
	local verb way before
	preset full
	for verb in download upload overwrite list mkdir rename delete; do
		while IFS= read -r way <&5; do
			reset
			before=$(tree)
			eval "$way"
			has_verb $verb || fail "under full no $verb: $way" || return
		done 5< <(gets $verb)
	done
}

# ---- a hostile program ----

# What each verb is for, one attempt that is in no other's way.
use_of() {
	case $1 in
	download) echo 'read /files/other' ;;
	upload) echo 'create /files/made' ;;
	overwrite) echo 'write /files/file' ;;
	list) echo 'list /files/full' ;;
	mkdir) echo 'mkdir /files/made-dir' ;;
	rename) echo 'rename /files/dir /files/moved' ;;
	delete) echo 'unlink /files/full/inner' ;;
	esac
}

# What the kernel leaves it of the verbs that the preset gives the form must work.
held_and_left() {
	local preset=$1 cell=$2 command=$3 verb lines=() left held=0
	"$STAGE_TOOL" check -C user=alice "$command" >said
	while read -r verb; do
		mapfile -t -O "${#lines[@]}" lines < <(tries "$verb")
	done < <(sed -n 's/^  without *\([a-z]*\) .*against the program.*/\1/p' said)
	held=${#lines[@]}
	read -ra left < <(sed -n 's/^  verbs *//p' said)
	for verb in "${left[@]}"; do
		case $cell in *"grammar:"*" $verb"*) continue ;; esac
		lines+=("$(use_of "$verb")")
	done
	attempts "${lines[@]}"
	try_gate "$command"
	assert_ran || return
	assert_equal "$(grep -c ': E[A-Z]*$' "$out")" "$held" "attempts that fail under $preset" || return
	assert_equal "$(grep -c ': ok$' "$out")" $((${#lines[@]} - held)) "attempts that work under $preset"
}

hostile() {
	local i cell
	for i in 0 1 2 3; do
		cell=${*:i+5:1}
		[ "$cell" != no ] || continue
		reset
		preset "${PRESETS[i]}" standin
		held_and_left "${PRESETS[i]}" "$cell" "$4" || fail "$2" || return
		played=$((played + 1))
	done
}

@test "a hostile program in every cell: what is held against the program is held, what is left works" {
	played=0
	rows hostile
	[ "$played" -ge 25 ] || fail "$played cells"
	echo "# $played cells" >&3
}
