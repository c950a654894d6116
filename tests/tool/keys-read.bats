#!/usr/bin/env bats
# keys check, serve, principals and index: the right answer, or none. Nothing of a file reaches the terminal unescaped
# (I8).

load lib

GATE=$(strings -n 8 "$TOOL" | grep -m 1 -x '/.*/bin/sallyport-shell')

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	for type in ed25519 ecdsa; do ssh-keygen -q -t $type -N '' -C "$type key" -f $type; done
	me=$(id -un)
	cat >policy.ini <<-END
		[defaults]
		docroot  = /srv/%u
		commands = sftp
		access   = full
		[user $me]
	END
	type=$(cut -d' ' -f1 ed25519.pub) key=$(cut -d' ' -f2 ed25519.pub)
	start="restrict,command=\"$GATE\""
}

serve() { "$TOOL" keys serve -f policy.ini --file "$PWD/keys" --index "$PWD" "$me" "${1:-$type}" "${2:-$key}"; }

# ---- check ----

@test "check: verdict, why and fix; the status is for cron" {
	"$TOOL" keys add --expires 20300101 ed25519.pub >keys
	try 0 "$TOOL" keys check keys
	says "keys:1: enforced SHA256:" "1 enforced, 0 open, 0 refused by sshd; 0 high, 0 medium, 0 low"
	cat ecdsa.pub >>keys
	try 1 "$TOOL" keys check keys
	says "keys:2: open SHA256:" "may       any command, port-forwarding" "high      forwarding-open:" "fix: sallyport keys enforce"
	try 71 "$TOOL" keys check nowhere
	says "nowhere: cannot be opened"
	mkfifo fifo
	try 71 timeout 5 "$TOOL" keys check fifo
	try 64 "$TOOL" keys check
}

@test "check --json is JSON, whatever the file holds" {
	{ cat ed25519.pub; printf 'restrict,command="\\"\\\\\t" %s \xe9\x9b[2J"\\\n' "$(cut -d' ' -f1,2 ecdsa.pub)"; head -c 3000 /dev/urandom; } >keys
	"$TOOL" keys check --json keys | perl -MJSON::PP -0777 -ne '
		my $j = decode_json($_); $j->{schema} == 1 && $j->{lines}[0]{permits}[4] eq "user-rc" or die "not so"'
	"$TOOL" keys check keys | LC_ALL=C grep -q '[^[:print:][:space:]]' && return 1
	"$TOOL" keys check keys | grep -q '\\x9b\[2J'
}

@test "check: the same key in two files, and in another line" {
	cat ed25519.pub >a
	cat ecdsa.pub ed25519.pub >b
	try 1 "$TOOL" keys check a b
	says "a:1: open" "also      b:2" "also      a:1"
	[ "$(grep -c duplicate: <<<"$output")" -eq 2 ]
}

@test "check: revoked keys, by list and by KRL; a list that refuses everybody" {
	cat ed25519.pub ecdsa.pub >keys
	cut -d' ' -f1,2 ecdsa.pub >list
	ssh-keygen -q -kf krl ecdsa.pub
	for revoked in list krl; do
		try 1 "$TOOL" keys check --revoked $revoked keys
		[ "$(grep -c ' revoked:' <<<"$output")" -eq 1 ]
		grep -A30 'keys:2' <<<"$output" | grep -q ' revoked:'
	done
	for content in "restrict $(cat ecdsa.pub)" junk $'SSHKRL\n\1'; do
		echo "$content" >list
		try 1 "$TOOL" keys check --revoked list keys
		says "high      revocation-lockout:"
	done
	try 1 "$TOOL" keys check --revoked nowhere keys
	says "revocation-lockout:" "cannot be opened"
}

@test "check: well-known keys by a list of fingerprints, and by their comment" {
	"$TOOL" keys add --expires 20300101 ed25519.pub >keys
	ssh-keygen -lf ed25519.pub | cut -d' ' -f2 >known
	try 1 "$TOOL" keys check --well-known known keys
	says "well-known-tokenless:"
	"$TOOL" keys add --expires 20300101 --token ed25519.pub >keys
	try 0 "$TOOL" keys check --well-known known keys
	sed 's/ed25519 key/Aspera public access/' ed25519.pub >keys
	try 1 "$TOOL" keys check keys
	says "well-known-open:"
}

@test "check: certificates" {
	ssh-keygen -q -s ecdsa -I a -n "$me" -O force-command="$GATE",source-address=10.0.0.0/8 ed25519.pub
	try 1 "$TOOL" keys check ed25519-cert.pub
	says cert-swallowed: cert-extensions: cert-forever: cert-serial:
	ssh-keygen -q -s ecdsa -I a -z 3 -n "$me" -V +1d -O clear -O force-command="$GATE" -O source-address=10.0.0.0/8 ed25519.pub
	try 0 "$TOOL" keys check ed25519-cert.pub
}

@test "check: a file, or a directory above it, that others can write" {
	mkdir d && cp ed25519.pub d/keys
	chmod 666 d/keys && try 1 "$TOOL" keys check d/keys && says file-writable:
	chmod 644 d/keys && chmod 777 d && try 1 "$TOOL" keys check d/keys && says file-writable:
	chmod 755 d && try 1 "$TOOL" keys check d/keys && silent file-writable:
}

@test "check --user: files that the docroot reaches, and the account's own" {
	[ "$(id -u)" -eq 0 ] || skip "needs root"
	getent passwd games >/dev/null || skip "no account games"
	mkdir -p srv && cp ed25519.pub srv/keys && chown games srv/keys
	sed -i "s#/srv/%u#$PWD/srv#; s/user $me/user games/" policy.ini
	try 1 "$TOOL" keys check -f policy.ini --user games --file "$PWD/srv/keys"
	says file-docroot:
	sed -i "s#$PWD/srv#/nowhere#" policy.ini
	try 1 "$TOOL" keys check -f policy.ini --user games --file "$PWD/srv/keys"
	silent file-docroot:
	says file-own:
}

@test "check: the same key with two accounts" {
	[ "$(id -u)" -eq 0 ] || skip "needs root"
	mkdir games daemon && cp ed25519.pub games/keys && cp ed25519.pub daemon/keys
	try 1 "$TOOL" keys check -f policy.ini --user games --user daemon --file "$PWD/%u/keys"
	says "also      $PWD/daemon/keys:1" "also      $PWD/games/keys:1" duplicate:
	try 71 "$TOOL" keys check --user games --user no-such-account
}

# ---- find ----

@test "find: whose a key is, by fingerprint or file, in files and for everybody; nobody's is told apart from unreadable" {
	local print
	print=$(ssh-keygen -lf ed25519.pub | cut -d' ' -f2)
	{ echo "# $print"; cat ecdsa.pub; echo "restrict,from=\"192.0.2.1\" $(cut -d' ' -f1,2 ed25519.pub) the"$'\xe9'"laptop"; } >one
	{ echo "cert-authority $(cat ed25519.pub)"; echo "colour $(cat ed25519.pub)"; } >"$me.keys"
	try 0 "$TOOL" keys find "$print" one
	[ "$output" = 'one:3: ssh-ed25519 the\xe9laptop' ] || { echo "$output"; false; }
	try 0 "$TOOL" keys find ed25519.pub "$me.keys"
	says "$me.keys:1: ssh-ed25519 cert-authority ed25519 key" "$me.keys:2: ssh-ed25519 ed25519 key (sshd refuses the line: "
	try 0 "$TOOL" keys find --file "$PWD/%u.keys" --file one.not-there "$print"
	says "$PWD/$me.keys:1: $me: ssh-ed25519"
	try 0 "$TOOL" keys find --user "$me" --file "$PWD/%u.keys" "$print" one
	[ "${#lines[@]}" -eq 3 ]
	ssh-keygen -q -t ed25519 -N '' -f other
	try 1 "$TOOL" keys find other.pub one "$me.keys"
	[ -z "$output" ]
	try 71 "$TOOL" keys find other.pub one nowhere
	says "nowhere: cannot be opened"
	printf 'ssh-ed25519 AAAA \e[2J\n' >strange
	try 71 "$TOOL" keys find other.pub strange
	says "strange:1: "
	try 71 "$TOOL" keys find other one
	says "other: not a public key"
	try 71 "$TOOL" keys find "${print%?}" one
	says "not a fingerprint as ssh-keygen -l has it"
	try 71 "$TOOL" keys find --user nobody-at-all "$print"
	try 64 "$TOOL" keys find
}

# ---- host ----

@test "host: SHA-256 and SHA-1 of what sshd has, or of files; the digits are those of the key itself" {
	local hex
	hex=$(cut -d' ' -f2 ed25519.pub | base64 -d | sha1sum | cut -d' ' -f1)
	try 0 "$TOOL" keys host ed25519.pub ecdsa.pub
	says "ed25519.pub: ssh-ed25519 256" "  $(ssh-keygen -lf ed25519.pub | cut -d' ' -f2)" "ecdsa.pub: ecdsa-sha2-nistp256 256" \
		"  $(ssh-keygen -E sha1 -lf ed25519.pub | cut -d' ' -f2)" "  $hex (SHA-1)"
	[ "${#lines[@]}" -eq 8 ]
	try 71 "$TOOL" keys host ed25519
	says "ed25519: not a public key"
	try 71 "$TOOL" keys host nowhere ecdsa.pub
	says "nowhere: cannot be opened" "ecdsa.pub: "
	printf 'HostKey %s\nHostKey %s\n' "$PWD/ed25519" "$PWD/ecdsa" >config
	if [ "$(id -u)" -eq 0 ]; then
		# sshd wants a directory in /run, which a machine where it never ran does not have
		with_run() { unshare -m sh -c 'mount -t tmpfs none /run && mkdir /run/sshd && exec "$@"' sh "$@"; }
		try 0 with_run "$TOOL" keys host --sshd-config "$PWD/config"
		says "$PWD/ed25519.pub: ssh-ed25519" "$PWD/ecdsa.pub: ecdsa" "  $hex (SHA-1)"
		mv ecdsa.pub kept.pub
		echo "HostKey $PWD/kept.pub" >>config
		try 71 with_run "$TOOL" keys host --sshd-config "$PWD/config"
		says "$PWD/ecdsa.pub: cannot be opened" "$PWD/kept.pub: ecdsa"
		try 71 "$TOOL" keys host --sshd-config /nonexistent
		says "sshd: does not say which keys it has"
	fi
	try 64 "$TOOL" keys host --sshd-config config ed25519.pub
}

# ---- serve ----

@test "serve: the key's lines, enforced, and no other; nothing for a key that is not there" {
	{ echo "junk"; cat ecdsa.pub; echo "pty,from=\"10.0.0.0/8\",environment=\"A=b\" $(cat ed25519.pub)"; echo "#$(cat ed25519.pub)"; } >keys
	[ "$(serve)" = "$start,from=\"10.0.0.0/8\" $(cat ed25519.pub)" ]
	[ "$(serve "$(cut -d' ' -f1 ecdsa.pub)" "$(cut -d' ' -f2 ecdsa.pub)")" = "$start $(cat ecdsa.pub)" ]
	sed -i 's/^pty.*//' keys
	[ -z "$(serve)" ]
	try 64 serve "$type" "not base64!"
	try 64 serve "$type" "${key%?????}"
	rm keys
	[ -z "$(serve)" ]
}

@test "serve: what sshd would refuse, it does not get in another dress" {
	for options in 'command="a",command="b"' 'unknown' "command=\"$GATE -x\"" "command=\"$GATE --profile p\""; do
		echo "$options $(cat ed25519.pub)" >keys
		[ -z "$(serve)" ] || { echo "$options"; return 1; }
	done
	printf '%s\0\n' "$(cat ed25519.pub)" >keys
	[ -z "$(serve)" ]
	{ head -c 200000 /dev/zero | tr '\0' x; echo " $(cat ed25519.pub)"; } >keys
	[ -z "$(serve)" ]
	cat ed25519.pub >keys && chmod 666 keys
	try 71 serve
	chmod 644 keys
	[ -n "$(serve)" ]
}

@test "serve: the policy's from, profiles and end; an account without a place; a policy at fault says nothing on stdout" {
	cat ed25519.pub >keys
	echo "from = 192.0.2.0/24" >>policy.ini
	[ "$(serve)" = "$start,from=\"192.0.2.0/24\" $(cat ed25519.pub)" ]
	sed -i '$d' policy.ini && printf 'profiles = night\nprofile = required\n[profile night]\n' >>policy.ini
	[ -z "$(serve)" ]
	echo "command=\"$GATE --profile night\" $(cat ed25519.pub)" >keys
	[ "$(serve)" = "restrict,command=\"$GATE --profile night\" $(cat ed25519.pub)" ]
	sed -i '/^profile/d; s/^\[profile.*/expires = 20200101/' policy.ini
	[ -z "$(serve)" ]
	sed -i "s/^\[user.*/[user somebody-else]/" policy.ini
	[ -z "$(serve)" ]
	echo "typo" >>policy.ini
	run bash -c '"$@" 2>/dev/null' - "$TOOL" keys serve -f policy.ini --file "$PWD/keys" "$me" "$type" "$key"
	[ "$status" -eq 78 ] && [ -z "$output" ]
	try 77 "$TOOL" keys serve -f policy.ini no-such-account "$type" "$key"
}

@test "serve: a certificate is answered with its CA's line, a key is not" {
	ssh-keygen -q -s ecdsa -I a -n "$me" ed25519.pub
	echo "cert-authority,principals=\"$me\" $(cat ecdsa.pub)" >keys
	[ "$(serve ssh-ed25519-cert-v01@openssh.com "$(cut -d' ' -f2 ed25519-cert.pub)")" = \
		"restrict,cert-authority,principals=\"$me\",command=\"$GATE\" $(cat ecdsa.pub)" ]
	[ -z "$(serve "$(cut -d' ' -f1 ecdsa.pub)" "$(cut -d' ' -f2 ecdsa.pub)")" ]
	cat ecdsa.pub >keys
	[ -z "$(serve ssh-ed25519-cert-v01@openssh.com "$(cut -d' ' -f2 ed25519-cert.pub)")" ]
}

@test "serve: of an account that lists its keys, those alone" {
	cat ed25519.pub ecdsa.pub >keys
	sed -i 's/^access.*/&\nkey-identity = yes/' policy.ini
	printf 'keys = one\n[key one]\nfingerprint = %s\n' "$(ssh-keygen -lf ed25519.pub | cut -d' ' -f2)" >>policy.ini
	[ "$(serve)" = "$start $(cat ed25519.pub)" ]
	[ -z "$(serve "$(cut -d' ' -f1 ecdsa.pub)" "$(cut -d' ' -f2 ecdsa.pub)")" ]
}

# ---- index ----

@test "index: the same answers, without the file being read; an old one is not believed" {
	[ "$(id -u)" -eq 0 ] || skip "an index is root's"
	chmod 755 . # bats makes it 700
	for ((n = 0; n < 50; n++)); do echo "# $n"; cat ecdsa.pub; done >keys
	{ cat ed25519.pub; echo "from=\"10.0.0.1\" $(cat ed25519.pub)"; } >>keys
	serve >want
	[ "$(wc -l <want)" -eq 2 ]
	try 0 "$TOOL" keys index --file "$PWD/keys" --index "$PWD" "$me"
	says "$me.0.cdb: 52 keys"
	serve | cmp - want
	strace -y -o trace -e trace=read,pread64 "$TOOL" keys serve -f policy.ini --file "$PWD/keys" --index "$PWD" "$me" "$type" "$key" >/dev/null
	! grep -q "/keys>" trace
	# taken out of the file, at once; the index still has it
	sed -i '/ed25519/d' keys
	[ -z "$(serve)" ]
	"$TOOL" keys index --file "$PWD/keys" --index "$PWD" "$me" >/dev/null
	[ -z "$(serve)" ]
	# damaged, or somebody's
	cat ed25519.pub >>keys && "$TOOL" keys index --file "$PWD/keys" --index "$PWD" "$me" >/dev/null
	serve >want
	chmod 666 "$me.0.cdb" && serve | cmp - want
	truncate -s 100 "$me.0.cdb" && serve | cmp - want
	: >"$me.0.cdb" && serve | cmp - want
}

# ---- principals ----

@test "principals: the account's name, or a file's, enforced" {
	[ "$("$TOOL" keys principals -f policy.ini "$me")" = "$start $me" ]
	{
		echo "# c"
		echo "night"
		echo "pty,from=\"10.0.0.0/8\" day # all"
		echo "command=\"a\",command=\"b\" void"
		echo "cert-authority ca"
		echo "two words name"
		printf 'x\0y\n'
	} >names
	[ "$("$TOOL" keys principals -f policy.ini --file "$PWD/names" "$me")" = "$start night"$'\n'"$start,from=\"10.0.0.0/8\" day" ]
}
