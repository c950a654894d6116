#!/usr/bin/env bats
# Goal: with ExposeAuthInfo the gate knows which key was used: [key] sections narrow by it, the log names it; and what a
# client or the account makes up about it gains nothing (I1, I7, I10).

load lib

setup_file() {
	e2e_setup
	# sshd makes its files in /tmp, and the gate takes them from nowhere else: this one is ours, as the names in it are.
	stage_cover /tmp
	chmod 1777 /tmp
	stage_client_files
	ssh-keygen -q -t rsa -b 2048 -N '' -C other -f "$STAGE_OWN/client/other"
	ssh-keygen -q -t ed25519 -N '' -C ca -f "$STAGE_OWN/ca"
	ssh-keygen -q -s "$STAGE_OWN/ca" -I nightly-7 -z 42 -n alice -O clear "$STAGE_OWN/client/other.pub"
}

fingerprint() { ssh-keygen -lf "$1" | cut -d' ' -f2; }

policy() { # LINES… of alice's section
	{
		printf '[defaults]\ndocroot = /srv/%%u\ncommands = scp sftp\naccess = full\nkey-identity = yes\n'
		printf '[key laptop]\nfingerprint = %s\n' "$(fingerprint "$STAGE_OWN/client/id.pub")"
		printf '[key reader]\nfingerprint = %s\naccess = read-only\n' "$(fingerprint "$STAGE_OWN/client/other.pub")"
		printf '[key night]\ncert-id = nightly-7\naccess = upload overwrite mkdir\n'
		printf '[user alice]\n'
		printf '%s\n' "$@"
	} | stage_policy
}

setup() {
	cat "$STAGE_OWN/client/id.pub" "$STAGE_OWN/client/other.pub" >"$STAGE_OWN/keys/alice"
	echo "cert-authority $(cat "$STAGE_OWN/ca.pub")" >>"$STAGE_OWN/keys/alice"
	with_cert
	policy "keys = laptop reader"
	stage_sshd <<<"${exposes:-ExposeAuthInfo yes}"
	stage_log_clear
	echo payload >"$BATS_TEST_TMPDIR/file"
	rm -f /srv/alice/file
}

# upload KEY [OPTIONS…]: with that key alone
upload() {
	sed "s#IdentityFile .*#IdentityFile $STAGE_OWN/client/$1#" "$STAGE_SSH_CONFIG" >"$BATS_TEST_TMPDIR/config"
	try scp -q -O -F "$BATS_TEST_TMPDIR/config" "${@:2}" "$BATS_TEST_TMPDIR/file" alice@stage:file
}

teardown() { rm -f /tmp/sshauth.*; }

plain_key() { mv "$STAGE_OWN/client/other-cert.pub" "$STAGE_OWN/client/off-cert.pub"; }
with_cert() { mv "$STAGE_OWN/client/off-cert.pub" "$STAGE_OWN/client/other-cert.pub" 2>/dev/null || true; }

@test "the log names the key, and the key's section narrows" {
	upload id
	assert_status 0
	last_record | grep -qF " key=$(fingerprint "$STAGE_OWN/client/id.pub") "
	plain_key
	upload other
	with_cert
	[ "$status" -ne 0 ] || fail "a reader has written"
	assert_err "refused: access"
	last_record | grep -qF " key=$(fingerprint "$STAGE_OWN/client/other.pub") "
}

@test "a certificate is known by its identity; the log has number and signer" {
	policy "keys = night"
	sed -i '/ other$/d' "$STAGE_OWN/keys/alice" # sshd would take the bare key first
	upload other
	assert_status 0
	last_record | grep -qF " key=$(fingerprint "$STAGE_OWN/client/other.pub") cert=nightly-7 serial=42 ca=$(fingerprint "$STAGE_OWN/ca.pub") "
	upload id
	assert_err "refused: not with this key"
}

@test "an account that lists keys refuses a key that is not among them, and one that is not known" {
	policy "keys = reader"
	upload id
	assert_err "refused: not with this key"
	assert_missing /srv/alice/file
	exposes="ExposeAuthInfo no" setup
	policy "keys = laptop"
	upload id
	assert_err "refused: not with this key"
	assert_missing /srv/alice/file
}

@test "max-sessions of a key: counted apart from the account's and from other keys'" {
	{
		printf '[defaults]\ndocroot = /srv/%%u\ncommands = sftp scp\naccess = full\nkey-identity = yes\n'
		printf '[key one]\nfingerprint = %s\nmax-sessions = 1\n' "$(fingerprint "$STAGE_OWN/client/id.pub")"
		printf '[key two]\nfingerprint = %s\n' "$(fingerprint "$STAGE_OWN/client/other.pub")"
		printf '[user alice]\nkeys = one two\nmax-sessions = 3\n'
	} | stage_policy
	"$STAGE_TOOL" slots >/dev/null
	plain_key
	mkfifo "$BATS_TEST_TMPDIR/hold"
	sftp -q -b - -F "$STAGE_SSH_CONFIG" alice@stage <"$BATS_TEST_TMPDIR/hold" >"$BATS_TEST_TMPDIR/held" 2>&1 3>&- &
	exec 9>"$BATS_TEST_TMPDIR/hold"
	echo 'ls -la' >&9
	for ((i = 0; i < 100; i++)); do [ -s "$BATS_TEST_TMPDIR/held" ] && break; sleep 0.05; done
	[ -s "$BATS_TEST_TMPDIR/held" ] || fail "the first session does not run"
	upload id
	[ "$status" -ne 0 ] || fail "a second session with one key"
	assert_err "as many as the key may have"
	upload other
	assert_status 0
	exec 9>&-
	wait $!
	upload id
	with_cert
	assert_status 0
}

@test "a client that plants the variable gains nothing: sshd's own wins, or the form is wrong" {
	policy "keys = laptop"
	printf 'publickey %s\n' "$(cut -d' ' -f1,2 "$STAGE_OWN/client/id.pub")" >/tmp/sshauth.ABCDEFGHIJKLMNO
	chown alice: /tmp/sshauth.ABCDEFGHIJKLMNO
	exposes=$'ExposeAuthInfo yes\nAcceptEnv SSH_USER_AUTH' setup
	policy "keys = laptop"
	plain_key
	upload other -o SetEnv=SSH_USER_AUTH=/tmp/sshauth.ABCDEFGHIJKLMNO
	with_cert
	assert_err "refused: not with this key"
}

# gate VALUE: straight, with that SSH_USER_AUTH
gate() {
	try stage_as alice env -i SSH_CONNECTION="192.0.2.7 50000 192.0.2.1 22" SSH_USER_AUTH="$1" "$STAGE_GATE" -c 'scp -t x'
}

@test "the file: form of its name, owner, links, size, kind, contents" {
	local good=/tmp/sshauth.aaaaaaaaaaaaaaa no_file="SSH_USER_AUTH names no file of sshd's" own text contents why
	text="publickey $(cut -d' ' -f1,2 "$STAGE_OWN/client/id.pub")"
	policy "keys = laptop"
	echo "$text" >$good
	chown alice: $good
	stdin=$'\0' gate $good
	last_record | grep -q 'verdict=allow' || fail "the sound one is refused"
	for name in sshauth.aaaaaaaaaaaaaa sshauth.aaaaaaaaaaaaaaaa sshauth.aaaaaaaaaaaaaa. sshauthxaaaaaaaaaaaaaaa; do
		cp -p $good "/tmp/$name"
		gate "/tmp/$name"
		rm "/tmp/$name"
		assert_err "not with this key"
	done
	for path in "" /etc/passwd "//tmp/${good##*/}" "/tmp/../tmp/${good##*/}" "${good##*/}" "$good/" "$good"$'\n'; do
		gate "$path"
		assert_err "not with this key"
	done
	own=/tmp/sshauth.bbbbbbbbbbbbbbb
	refused_as() { # WHY, as the log has it
		gate $own
		assert_err "not with this key"
		last_record | grep -qF "; $1\"" || fail "not $1: $(last_record)"
		rm -f $own
	}
	cp $good $own && refused_as "$no_file"                         # root's
	ln -s $good $own && refused_as "$no_file"
	ln $good $own && refused_as "$no_file"
	stage_as alice mkfifo $own && refused_as "$no_file"
	: >$own && chown alice: $own && refused_as "no key was used"
	{ echo "$text"; head -c 70000 /dev/zero | tr '\0' '\n'; } >$own && chown alice: $own && refused_as "$no_file"
	while IFS=';' read -r contents why; do
		printf '%b\n' "$contents" >$own && chown alice: $own && refused_as "$why"
	done <<-END
		$text\n$text;more than one key was used
		password;no key was used
		publickey;no key was used
		publickey x y;a type of key that is not known here
		publickey ssh-rsa ${text##* };the type inside the key is not the one before it
		publickey ssh-ed25519 AAAA;the type inside the key is not the one before it
		hostbased ${text#* };no key was used
	END
}

@test "nothing of the file is read before door one, nor where the policy does not say that sshd sets it" {
	local good=/tmp/sshauth.aaaaaaaaaaaaaaa trace=/home/alice/trace
	echo "publickey $(cut -d' ' -f1,2 "$STAGE_OWN/client/id.pub")" >$good
	chown alice: $good
	policy "keys = laptop"
	stage_as alice env -i SSH_CONNECTION="192.0.2.7 50000 192.0.2.1 22" SSH_USER_AUTH=$good \
		strace -o "$trace" "$GATE_WITHOUT_CAPS" -c 'scp -t x' </dev/null >/dev/null 2>&1 || true
	awk '/sshauth/ { opened = NR } /pivot_root|umount2/ { door = NR } /read\([0-9]+, "publickey/ { n = NR }
		END { exit !(opened && door && n && opened < door && door < n) }' "$trace" || fail "$(grep -n 'sshauth\|publickey\|pivot' "$trace")"
	sed -i 's/key-identity = yes/key-identity = no/; s/^keys.*//' "$STAGE_POLICY"
	stage_as alice env -i SSH_CONNECTION="192.0.2.7 50000 192.0.2.1 22" SSH_USER_AUTH=$good \
		strace -o "$trace" "$GATE_WITHOUT_CAPS" -c 'scp -t x' </dev/null >/dev/null 2>&1 || true
	! grep -q sshauth "$trace"
}
