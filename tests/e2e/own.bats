#!/usr/bin/env bats
# Goal: somebody without root guards their own keys with a copy of the gate and a policy of their own; and nobody
# gains anything by --policy where the gate is the system's (I7, I10).

load lib

OWN=/home/carol/bin/sallyport-shell
POLICY=/home/carol/.config/sallyport/policy.ini

setup_file() {
	e2e_setup
	stage_user carol /bin/sh
	stage_user dave /bin/sh
	stage_key carol "restrict,command=\"$OWN --policy $POLICY\""
	stage_sshd </dev/null
}

setup() {
	rm -rf /home/carol/* /home/carol/.config
	stage_as carol mkdir -p -m 755 /home/carol/bin /home/carol/.config/sallyport /home/carol/files
	stage_as carol cp "$STAGE_GATE" "$OWN"
	stage_shell carol /bin/sh
	echo mine >/home/carol/secret
	chown carol /home/carol/secret
	own_policy landlock
}

own_policy() { # ISOLATION [further lines]
	cat >"$POLICY.new" <<-END
		[user carol]
		docroot = /home/carol/files
		commands = sftp scp rsync git
		access = full
		isolation = $1
		local = yes
		program ascp = $STANDIN
		$2
	END
	chown carol: "$POLICY.new" && chmod 644 "$POLICY.new" && mv "$POLICY.new" "$POLICY"
}

# as_carol COMMAND: straight, with sshd's environment.
as_carol() {
	try stage_as carol env -i SSH_CONNECTION="192.0.2.7 1 192.0.2.1 22" SSH_ORIGINAL_COMMAND="$1" \
		"${gate:-$OWN}" --policy "${policy:-$POLICY}"
}

transfers() {
	local t=$BATS_TEST_TMPDIR
	head -c 100000 /dev/urandom >"$t/one"
	printf -v stdin '%s\n' "put $t/one up" "get up $t/back"
	try stage_sftp carol
	stdin=
	assert_status 0 || return
	assert_same "$t/one" "$t/back" || return
	assert_same "$t/one" /home/carol/files/up || return
	try stage_rsync -a carol@stage:up "$t/again"
	assert_status 0 || return
	assert_same "$t/one" "$t/again" || return
	try stage_scp -O carol@stage:/up "$t/third"
	assert_status 0 || return
	assert_same "$t/one" "$t/third"
}

@test "landlock, through a real sshd, with a gate that carol copied and that holds no capability" {
	[ -z "$(getcap "$OWN")" ]
	transfers
	last_record | grep -q ' user=carol .* isolation=landlock ' || fail "the record"
	try stage_ssh carol 'cat /home/carol/secret'
	assert_refused
}

@test "namespace, where user namespaces are allowed" {
	own_policy namespace
	transfers
	last_record | grep -q ' user=carol .* isolation=namespace ' || fail "the record"
}

@test "chroot is not for a policy of one's own" {
	own_policy chroot
	as_carol internal-sftp
	assert_refused 78
	assert_err "policy of the account's own"
}

@test "the client cannot choose: what it sends is a command, whatever it looks like" {
	try stage_ssh carol "$OWN --policy /home/carol/files/mine.ini"
	assert_refused
	assert_record "$(told_id)" 'not a command'
}

@test "a gate with capabilities refuses the flag" {
	gate=$STAGE_GATE
	as_carol internal-sftp
	assert_refused 64
	assert_err 'this gate has capabilities'
}

@test "the login shell refuses the flag, in either form, under any name" {
	# sshd's form: the shell is started with the forced command as a string
	try stage_as alice env -i SSH_CONNECTION="192.0.2.7 1 192.0.2.1 22" SSH_ORIGINAL_COMMAND=internal-sftp \
		"$STAGE_GATE" -c "$STAGE_GATE --policy $POLICY"
	assert_refused 64
	stage_shell carol "$OWN"
	as_carol internal-sftp
	assert_refused 64
	assert_err 'login shell'
	ln -s "$OWN" /home/carol/shell
	stage_shell carol /home/carol/shell
	as_carol internal-sftp
	assert_refused 64
}

@test "a login shell that cannot be looked at is not known to be another; an empty field is sh" {
	local shell
	install -d -m 700 /home/carol/root-only && cp /bin/sh /home/carol/root-only/sh
	for shell in /nonexistent/sh /home/carol/root-only/sh /home/carol/secret/sh; do
		stage_shell carol "$shell"
		as_carol internal-sftp
		assert_refused 64 || fail "$shell"
		assert_err 'login shell is the gate, or cannot be looked at'
	done
	stage_shell carol ''
	as_carol 'scp -t .'
	! grep -q refused "$err" || fail "an empty field is refused"
}

@test "the policy is carol's or root's, and nobody else can write it or a directory above it" {
	chmod 664 "$POLICY"
	as_carol internal-sftp
	assert_refused 78
	chmod 644 "$POLICY" && chmod 777 "${POLICY%/*}"
	as_carol internal-sftp
	assert_refused 78
	chmod 755 "${POLICY%/*}" && chown dave "$POLICY"
	as_carol internal-sftp
	assert_refused 78
	chown root "$POLICY"
	try stage_as carol env -i SSH_ORIGINAL_COMMAND='scp -t .' "$OWN" --policy "$POLICY"
	refute_out refused
	grep -q refused "$err" && fail "root's own file is refused"
	mv "$POLICY" /home/carol/real.ini && ln -s /home/carol/real.ini "$POLICY"
	as_carol internal-sftp
	assert_refused 78
	policy=relative.ini
	as_carol internal-sftp
	assert_refused 64
}

@test "neither the policy nor the gate lies in a docroot, by name or behind a bind mount" {
	own_policy landlock 'docroot-home = allow'
	sed -i 's#^docroot =.*#docroot = /home/carol/.config#' "$POLICY"
	as_carol internal-sftp
	assert_refused 78
	assert_err 'the policy lies in a docroot'
	sed -i 's#^docroot =.*#docroot = /home/carol/bin#' "$POLICY"
	as_carol internal-sftp
	assert_refused 78
	assert_err 'the docroot holds the gate or its policy'
	mkdir /home/carol/other && chown carol /home/carol/other
	mount -n --bind /home/carol/.config /home/carol/other
	sed -i 's#^docroot =.*#docroot = /home/carol/other#' "$POLICY"
	as_carol internal-sftp
	umount -n /home/carol/other
	assert_refused 78
	assert_err 'the docroot holds the gate or its policy'
}

@test "the policy of the system is not read, nor users/ beside one's own (I10)" {
	stage_policy <<<'[nonsense'
	as_carol 'scp -t .'
	! grep -q refused "$err" || fail "the system's policy counts"
	stage_as carol mkdir "${POLICY%/*}/users"
	echo '[nonsense' >"${POLICY%/*}/users/carol.ini"
	as_carol 'scp -t .'
	! grep -q refused "$err" || fail "users/ counts"
	stage_policy </dev/null
}

@test "check answers for such a policy as for any other" {
	try stage_as carol "$STAGE_PREFIX/sbin/sallyport" check -f "$POLICY" -C user=carol 'scp -t /in'
	assert_status 0
	assert_out '/home/carol/files/in'
	assert_out 'landlock; docroot at /home/carol/files'
	assert_out 'limit     names and sizes outside'
}
