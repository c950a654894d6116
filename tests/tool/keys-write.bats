#!/usr/bin/env bats
# keys enforce, add and revoke: whatever goes wrong, the file is the old one or the new one, whole, with its owner, mode,
# ACL and attributes; and nobody can put another file in its way. As root: ownership is part of what is tested.

load lib

GATE=$(strings -n 8 "$TOOL" | grep -m 1 -x '/.*/bin/sallyport-shell')

setup_file() {
	[ "$(id -u)" -eq 0 ] || skip "needs root"
}

setup() {
	# not under /tmp: every directory above has to be root's alone, and /tmp is the other case
	dir=$(mktemp -d /var/lib/sallyport-keys.XXXXXX)
	chmod 755 "$dir"
	cd "$dir" || return 1
	for type in ed25519 ecdsa; do ssh-keygen -q -t $type -N '' -C "$type key" -f $type; done
	{ echo "# mine"; cat ed25519.pub; printf '\npty,command="/bin/sh" '; cat ecdsa.pub; echo "not a key"; } >keys
	cp keys old
	"$TOOL" keys enforce --write keys >/dev/null
	mv keys new
	rm -f .keys.*
	cp old keys
}

teardown() {
	if [ -n "${dir:-}" ]; then
		umount "$dir/full" 2>/dev/null || true
		cd / && rm -rf "$dir"
	fi
}

unchanged() { cmp old keys && [ ! -e .keys.sallyport-new ]; }

@test "a dry run shows a diff, writes nothing, and says so by its status" {
	try 1 "$TOOL" keys enforce keys
	says '--- keys' "+restrict,command=\"$GATE\" $(cat ed25519.pub)" ' # mine' '-pty,command="/bin/sh"' ' not a key'
	unchanged
	[ "$(ls -A | grep -c before)" -eq 0 ]
	"$TOOL" keys enforce keys | patch -s -o patched keys - 
	cmp patched new
}

@test "--write: enforced lines, the rest byte for byte, a backup named; once more changes nothing" {
	try 0 "$TOOL" keys enforce --write keys
	says "written: keys; the one before it is .keys.before-"
	cmp keys new
	cmp .keys.before-* old
	[ "$(sed -n 1p keys)" = "# mine" ] && [ "$(tail -n 1 keys)" = "not a key" ]
	try 0 "$TOOL" keys enforce --write keys
	says "every key is enforced"
	[ "$(ls -A | grep -c before)" -eq 1 ]
	cmp keys new
}

@test "line ends stay: CR LF, blanks, a comment with quotes, no LF at the end" {
	printf '%s\r\n \t%s "x" \\ \r\n%s' "$(cat ed25519.pub)" "$(cat ecdsa.pub)" "restrict $(cat ed25519.pub)" >keys
	"$TOOL" keys enforce --write keys >/dev/null
	local start="restrict,command=\"$GATE\" "
	printf '%s\r\n%s "x" \\ \r\n%s' "$start$(cat ed25519.pub)" "$start$(cat ecdsa.pub)" "$start$(cat ed25519.pub)" | cmp - keys
}

@test "owner, group, mode, ACL and attributes are kept" {
	chown 0:12 keys && chmod 640 keys
	setfacl -m u:7:r keys
	setfattr -n user.note -v kept keys
	getfacl -cp keys >before
	try 0 "$TOOL" keys enforce --write keys
	[ "$(stat -c %u:%g:%a keys)" = "0:12:640" ]
	getfacl -cp keys | cmp - before
	[ "$(getfattr --only-values -n user.note keys)" = kept ]
}

@test "a file that another account could swap or change is refused, wherever in its path the hole is" {
	mkdir -p a/b && cp keys a/b/keys
	chmod 777 a && try 71 "$TOOL" keys enforce --write a/b/keys
	says "could swap it"
	chmod 755 a && chmod 775 a/b && try 71 "$TOOL" keys enforce --write a/b/keys
	chmod 755 a/b && chown 7 a/b && try 71 "$TOOL" keys enforce --write a/b/keys
	chown 0 a/b && chown 7 a && try 71 "$TOOL" keys enforce --write a/b/keys
	chown 0 a && chmod 666 a/b/keys && try 71 "$TOOL" keys enforce --write a/b/keys
	chmod 644 a/b/keys && chown 7 a/b/keys && try 71 "$TOOL" keys enforce --write a/b/keys
	cmp old a/b/keys
	chown 0 a/b/keys && chmod 1777 a/b && try 0 "$TOOL" keys enforce --write a/b/keys
	cmp new a/b/keys
	ln -s ../keys a/link && try 71 "$TOOL" keys enforce --write a/link
	says "symbolic link"
	mkfifo a/fifo && try 71 "$TOOL" keys enforce --write a/fifo
	try 71 "$TOOL" keys enforce --write a
	unchanged
}

@test "what is not text is refused with file and line, and the file stays" {
	local k
	k=$(cat ed25519.pub)
	bad() { # LINE
		cp keys old
		try 71 "$TOOL" keys enforce --write keys
		[[ $output == *keys:$1:\ * ]] || { echo "$output"; return 1; }
		unchanged
	}
	printf '%s\n%s\0x\n' "$k" "$k" >keys && bad 2
	printf '%s\n\n\033[2J%s\n' "$k" "$k" >keys && bad 3
	printf '\xef\xbb\xbf%s\n' "$k" >keys && bad 1
	head -c 4096 /dev/urandom >keys && printf '\n\1' >>keys && bad '[0-9]*'
	{ echo "$k"; head -c 10000000 /dev/zero | tr '\0' 'A'; echo; } >keys && bad 2
	try 71 "$TOOL" keys enforce --write nowhere
	says "nowhere: cannot be opened: No such file"
	try 71 "$TOOL" keys enforce --write nowhere/keys
	: >keys && cp keys old && try 0 "$TOOL" keys enforce --write keys
	unchanged
}

@test "a full disk in the middle of the write: an error, and the old file" {
	mkdir full
	mount -t tmpfs -o size=64k,mode=755 none full
	cp keys full/keys
	head -c 200000 /dev/zero >full/filler 2>/dev/null || true
	try 71 "$TOOL" keys enforce --write "$dir/full/keys"
	says "cannot be written: No space left"
	cmp old full/keys
	[ ! -e full/.keys.sallyport-new ]
	rm full/filler
	try 0 "$TOOL" keys enforce --write "$dir/full/keys"
	cmp new full/keys
}

@test "SIGKILL at every system call leaves the old file or the new one, whole" {
	local total n
	total=$(strace -qq "$TOOL" keys enforce --write keys 2>&1 >/dev/null | wc -l)
	[ "$total" -gt 50 ]
	for ((n = 1; n <= total; n++)); do
		rm -f keys .keys.* && cp old keys
		strace -qq -o /dev/null -e inject=all:signal=KILL:when=$n "$TOOL" keys enforce --write keys >/dev/null 2>&1 || true
		cmp -s old keys || cmp -s new keys || { echo "call $n of $total: neither"; return 1; }
		if ((n % 10 == 0)); then
			"$TOOL" keys enforce --write keys >/dev/null
			cmp new keys
			[ ! -e .keys.sallyport-new ]
		fi
	done
}

@test "every system call of the commit may fail" {
	for call in linkat renameat fsync fchmod write openat flock fgetxattr flistxattr fstat newfstatat; do
		for ((n = 1; n < 30; n++)); do
			rm -f keys .keys.* && cp old keys
			setfattr -n user.note -v kept keys
			strace -qq -o trace -e trace=$call -e inject=$call:error=EIO:when=$n \
				"$TOOL" keys enforce --write keys >/dev/null 2>&1 || true
			cmp -s old keys || cmp -s new keys || { echo "$call $n"; return 1; }
			[ "$(getfattr --only-values -n user.note keys)" = kept ] || { echo "$call $n: attribute"; return 1; }
			grep -q INJECTED trace || break
		done
	done
}

@test "a file that changes under it is not overwritten" {
	strace -qq -o /dev/null -e trace=fsync -e inject=fsync:delay_enter=400000 "$TOOL" keys enforce --write keys >out 2>&1 &
	sleep 0.15
	echo "# more" >>keys
	wait $! && return 1
	grep -q "changed meanwhile" out
	tail -n 1 keys | grep -qx "# more"
	strace -qq -o /dev/null -e trace=fsync -e inject=fsync:delay_enter=400000 "$TOOL" keys enforce --write keys >out 2>&1 &
	sleep 0.15
	rm keys
	wait $! && return 1
	grep -q "changed meanwhile" out
	[ ! -e keys ]
}

@test "--user: in a home that the account can write, it acts as the account" {
	grep -q '^games:' /etc/passwd || skip "no account games"
	mkdir home && cp keys home/keys && chown -R games: home && chmod 700 home && chmod 600 home/keys
	try 71 "$TOOL" keys enforce --write home/keys
	says "--user NAME"
	try 0 "$TOOL" keys enforce --write --user games --file "$dir/home/keys"
	cmp new home/keys
	[ "$(stat -c %U:%a home/keys)" = "games:600" ]
	# a file of root's in its hands is none that it may rewrite
	cp old home/root && chmod 644 home/root
	ln -s /etc/passwd home/link
	try 71 "$TOOL" keys enforce --write --user games --file "$dir/home/link"
	try 71 "$TOOL" keys enforce --write --user no-such-account
}

# ---- add ----

@test "add: an enforced line; from, expires, token, restricted, profile" {
	try 0 "$TOOL" keys add --from 192.0.2.0/24 --expires 20300101 --token --restricted --profile night ed25519.pub
	[ "$output" = "restrict,command=\"$GATE -r -t --profile night\",from=\"192.0.2.0/24\",expiry-time=\"20300101Z\" $(cat ed25519.pub)" ]
	"$TOOL" keys add --expires 20300101 ed25519.pub >keys
	try 0 "$TOOL" keys check keys
	try 64 "$TOOL" keys add --from 192.0.2.1/24 ed25519.pub
	try 64 "$TOOL" keys add --expires tomorrow ed25519.pub
	try 64 "$TOOL" keys add --profile 'a" b' ed25519.pub
	try 64 "$TOOL" keys add ed25519.pub ecdsa.pub
}

@test "add --legacy: the exact stanza, with its warning" {
	run bash -c '"$0" keys add --legacy ed25519.pub 2>err' "$TOOL"
	[ "$output" = "command=\"$GATE -t\",no-agent-forwarding,no-port-forwarding,no-X11-forwarding,no-pty $(cat ed25519.pub)" ]
	grep -q "lacks no-user-rc" err
	try 64 "$TOOL" keys add --legacy --restricted ed25519.pub
}

@test "add: what is no bare key, or too weak, or nobody's, is refused" {
	for content in "" "junk" "restrict $(cat ed25519.pub)" "$(cat ed25519.pub ecdsa.pub)" "ssh-rsa $(cut -d' ' -f2 ed25519.pub) c" \
		"$(cut -d' ' -f1,2 ed25519.pub)" "$(cat ed25519)"; do
		echo "$content" >x.pub
		try 77 "$TOOL" keys add x.pub
	done
	cut -d' ' -f1,2 ed25519.pub >x.pub
	try 0 "$TOOL" keys add --comment "a b" x.pub
	says " a b"
	ssh-keygen -q -s ecdsa -I x -n y ed25519.pub
	try 77 "$TOOL" keys add ed25519-cert.pub
}

@test "add --to: at the end of the file, once" {
	printf '# no end' >list
	try 1 "$TOOL" keys add --to list ed25519.pub
	[ "$(cat list)" = "# no end" ]
	try 0 "$TOOL" keys add --to list --write ed25519.pub
	[ "$(sed -n 2p list)" = "restrict,command=\"$GATE\" $(cat ed25519.pub)" ]
	try 77 "$TOOL" keys add --to list --write --comment other ed25519.pub
	says "list:2: the key is there already"
	try 0 "$TOOL" keys add --to fresh --write ed25519.pub
	[ "$(stat -c %a fresh)" = 644 ]
}

# ---- revoke ----

@test "revoke: out of the files, by key or fingerprint, and on the list" {
	try 1 "$TOOL" keys revoke --list revoked ed25519.pub keys
	unchanged
	try 0 "$TOOL" keys revoke --write --list revoked ed25519.pub keys
	! grep -qF "$(cut -d' ' -f2 ed25519.pub)" keys
	[ "$(cat revoked)" = "$(cut -d' ' -f1,2 ed25519.pub)" ]
	try 0 "$TOOL" keys revoke --write --list revoked ed25519.pub
	says "on it already"
	try 0 "$TOOL" keys revoke --write --list revoked "$(ssh-keygen -lf ecdsa.pub | cut -d' ' -f2)" keys
	[ "$(wc -l <revoked)" -eq 2 ]
	! grep -q '^[^#n]' keys
	try 71 "$TOOL" keys revoke --write --list revoked SHA256:0000000000000000000000000000000000000000000 keys
	try 71 "$TOOL" keys revoke SHA256:short keys
}

@test "revoke: a KRL stays one, by ssh-keygen; a list that locks everybody out is not touched" {
	ssh-keygen -q -kf krl ecdsa.pub
	try 0 "$TOOL" keys revoke --write --list krl ed25519.pub
	run ssh-keygen -Qf krl ed25519.pub && [ "$status" -eq 1 ]
	run ssh-keygen -Qf krl ecdsa.pub && [ "$status" -eq 1 ]
	cp .krl.before-* before && run ssh-keygen -Qf before ed25519.pub && [ "$status" -eq 0 ]
	for content in "restrict $(cat ecdsa.pub)" "junk" $'SSHKRL\n'; do
		echo "$content" >list && cp list kept
		try 71 "$TOOL" keys revoke --write --list list ed25519.pub
		says "list:1: " 
		cmp list kept
	done
}
