# shellcheck shell=bash
# openssh.bash - scp, in both protocols, and sftp, of each release.

scp_old() { "${SCP[@]}" "${LEGACY[@]}" "$@"; }
scp_new() { "${SCP[@]}" "$@"; }

# An absolute path is the docroot's in a command line, and the view's inside a protocol.
absolute() {
	if [ "$1" = scp_old ] || [ "${#LEGACY[@]}" = 0 ]; then echo /; else echo /files/; fi
}

scp_up() { "$1" src/plain "$AT:"; "$1" 'src/with blank' "$AT:there"; same src/plain "$D/plain"; same 'src/with blank' "$D/there"; }
scp_down() { scp_up "$1"; "$1" "$AT:plain" back; same src/plain back; "$1" "$AT:$(absolute "$1")plain" "$AT:./there" .; same src/plain plain; }
scp_tree() { "$1" -rp src "$AT:up"; same_tree src "$D/up"; "$1" -rp "$AT:up" back; same_tree src back; }
scp_wildcard() { "$1" -r src "$AT:up"; mkdir back; "$1" "$AT:up/[pb]*" back/; same src/big back/big; same src/plain back/plain; }
scp_between() { "$1" src/plain src/big "$AT:."; same src/big "$D/big"; }
scp_refused() { is_refused "$1" src/plain "$AT:../x"; is_refused "$1" "$AT:~root/x" back; }

sftp_batch() { printf '%s\n' "$@" | "${SFTP[@]}" -b - "$AT"; }
sftp_transfer() { sftp_batch 'put src/plain' 'get plain back' 'put -r src up' 'get -r up down'; same src/plain back; same_tree src down; }
sftp_files() {
	sftp_batch 'mkdir in' 'put src/plain in/a' 'rename in/a in/b' 'ln -s b in/c' 'ln in/b in/d' 'chmod 600 in/b' 'ls -l in' 'df in' \
		'rm in/c' 'rm in/d' 'reput src/big in/b' 'reget in/b back' 'rm in/b' 'rmdir in'; [ -z "$(ls "$D")" ]
}
sftp_bulk() { head -c 20000000 /dev/urandom >big; sftp_batch 'put big' 'get big back'; same big back; }

openssh_all() {
	client OpenSSH "$("${SSH[@]}" -V 2>&1 | cut -d, -f1) ($1)"
	local how
	for how in old new; do
		local name="scp -O"
		[ $how = new ]; name="scp, its default"
		does "$name: up" scp_up scp_$how
		does "$name: down" scp_down scp_$how
		does "$name: trees" scp_tree scp_$how
		does "$name: wildcard" scp_wildcard scp_$how
		does "$name: several" scp_between scp_$how
		[ $how = new ] || does "$name: refused outside" scp_refused scp_$how
	done
	does "sftp: transfers" sftp_transfer
	does "sftp: files and directories" sftp_files
	does "sftp: 20 MB" sftp_bulk
}

AT=alice@$SERVER
SCP=(scp) SFTP=(sftp) SSH=(ssh) LEGACY=(-O)
openssh_all installed
for release in "$OTHERS"/*/; do
	[ -x "${release}run" ] || continue
	# scp and sftp start an ssh by its path
	printf '#!/bin/sh\nexec %s ssh "$@"\n' "${release}run" >"$STAGE_OWN/ssh-$(basename "$release")"
	chmod 755 "$STAGE_OWN/ssh-$(basename "$release")"
	SSH=("${release}run" ssh)
	SCP=("${release}run" scp -S "$STAGE_OWN/ssh-$(basename "$release")")
	SFTP=("${release}run" sftp -S "$STAGE_OWN/ssh-$(basename "$release")")
	# before 8.7 there is no -O: the old protocol is all that there is
	LEGACY=(-O)
	"${SCP[@]}" -O 2>&1 | grep -q 'unknown option\|illegal option\|invalid option' && LEGACY=()
	openssh_all "Debian $(basename "$release")"
done
