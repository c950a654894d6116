# shellcheck shell=bash
# others.bash - what else speaks sftp or scp: sshfs, lftp, curl, PuTTY, duplicity.

# ---- sshfs ----

sshfs_mount() { mkdir m; sshfs -o reconnect "$AT:" m; }
sshfs_done() { fusermount3 -u m; }
sshfs_files() {
	sshfs_mount
	cp -r src/. m/
	same_tree src m
	mkdir m/d
	mv m/plain m/d/
	ln -s d/plain m/soft
	cmp m/soft src/plain
	chmod 600 m/big
	rm -r m/big m/sub m/d m/soft "m/with blank"
	sshfs_done
	[ -z "$(ls "$D")" ]
}
sshfs_append() { sshfs_mount; echo a >m/x; echo b >>m/x; truncate -s 2 m/x; sshfs_done; [ "$(cat "$D/x")" = a ]; }

AT=alice@$SERVER
client sshfs "$(version_of sshfs)"
does "mount, copy, move, link, remove" sshfs_files
does "append, truncate" sshfs_append

# ---- lftp ----

lftp_do() { lftp -e "set cmd:fail-exit yes; set net:max-retries 1; set sftp:connect-program 'ssh -a -x'; open sftp://alice:x@$SERVER; $1; bye"; }
lftp_transfer() { lftp_do 'put src/plain -o a; get a -o back; ls; mkdir d; mv a d/a; rm d/a; rmdir d'; same src/plain back; }
lftp_mirror() { lftp_do 'mirror -R src up; mirror up back'; same_tree src back; }
lftp_parallel() { lftp_do 'put src/big; pget -n 3 big -o back'; same src/big back; }

client lftp "$(version_of lftp)"
does "put, get, ls, mkdir, mv, rm" lftp_transfer
does "mirror, both ways" lftp_mirror
does "pget: one file over three connections" lftp_parallel

# ---- curl, with libssh2 ----

curl_do() { curl -sSf --insecure --key "$STAGE_OWN/client/id" --pubkey "$STAGE_OWN/client/id.pub" "$@"; }
curl_sftp() { curl_do -T src/big "sftp://alice@$SERVER:$PORT/~/up"; curl_do -o back "sftp://alice@$SERVER:$PORT/~/up"; same src/big back; }
curl_list() { curl_do -T src/plain "sftp://alice@$SERVER:$PORT/~/a"; curl_do "sftp://alice@$SERVER:$PORT/~/" | grep a >/dev/null; }
curl_scp() { curl_do -T src/big "scp://alice@$SERVER:$PORT/~/up"; curl_do -o back "scp://alice@$SERVER:$PORT/~/up"; same src/big back; }
curl_quote() { curl_do -T src/plain -Q "-rename /files/a /files/b" "sftp://alice@$SERVER:$PORT/~/a"; same src/plain "$D/b"; }

client curl "$(version_of curl), $(curl --version | grep -o 'libssh2\?/[0-9.]*')"
for scheme in sftp scp; do
	if curl --version | grep -q "^Protocols:.* $scheme\( \|\$\)"; then
		does "$scheme: up and down" "curl_$scheme"
	else
		lacks "$scheme: up and down" "built without"
	fi
done
if curl --version | grep -q '^Protocols:.* sftp'; then
	does "sftp: list" curl_list
	does "sftp: a command behind the upload" curl_quote
fi

# ---- PuTTY ----

puttygen "$STAGE_OWN/client/id" -O private -o "$STAGE_OWN/client/id.ppk" --new-passphrase /dev/null 2>/dev/null
HOSTKEY=$(ssh-keygen -lf "$STAGE_OWN/host_key.pub" | cut -d' ' -f2)
putty() { local program=$1; shift; "$program" -batch -P "$PORT" -i "$STAGE_OWN/client/id.ppk" -hostkey "$HOSTKEY" "$@"; }
psftp_do() { printf '%s\n' "$@" >commands; putty psftp -b commands "alice@$SERVER"; }
psftp_transfer() { psftp_do 'put src/plain a' 'get a back' 'mkdir d' 'mv a d/a' 'ls d' 'rm d/a' 'rmdir d' 'put -r src up' 'get -r up down'; same src/plain back; same_tree src down; }
pscp_sftp() { putty pscp -sftp src/plain "alice@$SERVER:a"; putty pscp -sftp "alice@$SERVER:a" back; same src/plain back; }
pscp_scp() { putty pscp -scp -p src/plain "alice@$SERVER:a"; putty pscp -scp "alice@$SERVER:a" back; same src/plain back; }
pscp_tree() { putty pscp -scp -r src "alice@$SERVER:up"; same_tree src "$D/up"; mkdir back; putty pscp -scp -r "alice@$SERVER:up" back; same_tree src back/up; }
pscp_several() { putty pscp -scp src/plain src/big "alice@$SERVER:."; same src/big "$D/big"; mkdir back; putty pscp -scp -unsafe "alice@$SERVER:*" back; same src/big back/big; }
plink_shell() { is_refused putty plink "alice@$SERVER"; }

client PuTTY "$(version_of putty-tools)"
does "psftp: transfers, files, directories" psftp_transfer
does "pscp -sftp: up and down" pscp_sftp
does "pscp -scp: up and down" pscp_scp
does "pscp -scp -r: trees" pscp_tree
does "pscp -scp: several, and a wildcard" pscp_several
does "plink: a shell is refused" plink_shell

# ---- duplicity ----

dup() { duplicity --archive-dir "$W/cache" --no-encryption --no-print-statistics "$@"; }
duplicity_round() { dup full src "$1"; echo later >src/later; dup incremental src "$1"; dup restore "$1" back; same_tree src back; dup verify "$1" src; }
# It looks before it makes the directory, and takes "not there" for a failure.
duplicity_rsync() { mkdir "$D/dup"; mine; duplicity_round "rsync://alice@$SERVER/dup"; }
duplicity_pexpect() { duplicity_round "pexpect+sftp://alice@$SERVER/dup"; }
duplicity_paramiko() { ssh-keyscan -p "$PORT" 127.0.0.1 >/root/.ssh/known_hosts 2>/dev/null; duplicity_round "paramiko+sftp://alice@$SERVER/dup"; }

client duplicity "$(version_of duplicity)"
does "rsync://, full, incremental, restore, verify" duplicity_rsync
does "pexpect+sftp://, the same" duplicity_pexpect
does "paramiko+sftp://, the same" duplicity_paramiko
