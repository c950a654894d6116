# audit logs, and the filter for fail2ban, on what a real sshd and the real gate write: every line is known, each is
# told of the right account and address, whatever names clients choose. (Loopback stands for an address elsewhere: it
# is written as 203.0.113.9 in the recorded log.)
load lib

FILTER=$STAGE_CHECKOUT/examples/fail2ban/filter.d/sallyport.conf
RECORDED=$STAGE_OWN/auth.log

# sshd by syslog, with process ids, as a server runs it: beside stage_sshd's, which logs to a file without them.
serve() {
	local config=$STAGE_OWN/sshd_config first
	stage_sshd
	first=$(cat "$STAGE_OWN/sshd.pid")
	stage_sshd_stop
	while kill -0 "$first" 2>/dev/null; do sleep 0.02; done # the port is its own until then
	/usr/sbin/sshd -D -f "$config" </dev/null >/dev/null 2>&1 3>&- &
	stage_wait_for "$STAGE_LOG" 'Server listening on' $!
}

# hostile NAME: an attempt under a name of the client's choice.
hostile() {
	ssh -F "$STAGE_SSH_CONFIG" -o PubkeyAuthentication=no -o PreferredAuthentications=none -l "$1" stage true 2>/dev/null
	true
}

with_password() { # USER PASSWORD
	printf '#!/bin/sh\necho %s\n' "$2" >"$STAGE_OWN/askpass"
	chmod 755 "$STAGE_OWN/askpass"
	SSH_ASKPASS=$STAGE_OWN/askpass SSH_ASKPASS_REQUIRE=force setsid -w ssh -F "$STAGE_SSH_CONFIG" -o BatchMode=no \
		-o PubkeyAuthentication=no -o PreferredAuthentications=password -o NumberOfPasswordPrompts=1 "$1@stage" true
}

# with_key USER KEY: that key, and no other.
with_key() {
	sed "s|^IdentityFile.*|IdentityFile $2|" "$STAGE_SSH_CONFIG" >"$STAGE_OWN/client/config.key"
	ssh -F "$STAGE_OWN/client/config.key" "$1@stage" true 2>/dev/null
	true
}

setup_file() {
	e2e_setup
	stage_user bob /bin/sh
	stage_docroot /srv/bob bob
	stage_key bob 'command="/bin/echo not the gate"'
	stage_user eve /bin/sh # nothing of ours
	stage_key eve
	for key in revoked elsewhere authority expired stranger; do
		ssh-keygen -q -t ed25519 -N '' -C $key -f "$STAGE_OWN/client/$key"
	done
	printf 'from="192.0.2.200" %s\n%s\n' "$(cat "$STAGE_OWN/client/elsewhere.pub")" "$(cat "$STAGE_OWN/client/revoked.pub")" \
		>>"$STAGE_OWN/keys/alice"
	cp "$STAGE_OWN/client/revoked.pub" "$STAGE_OWN/revoked"
	cp "$STAGE_OWN/client/authority.pub" "$STAGE_OWN/authority"
	ssh-keygen -q -s "$STAGE_OWN/client/authority" -I 'was alice from 10.0.0.1 port 22 ssh2' -n alice -V 20200101:20200102 \
		"$STAGE_OWN/client/expired.pub"
	ssh-keygen -q -s "$STAGE_OWN/client/authority" -I stranger -n mallory "$STAGE_OWN/client/stranger.pub"
	sed -i "s|^bob:[^:]*|bob:$(openssl passwd -6 sesame)|" /etc/shadow
	stage_policy <<-'POLICY'
		[defaults]
		commands = sftp scp
		access = full
		docroot = /srv/%u
		[user alice]
		[user bob]
	POLICY
	serve <<-CONFIG
		RevokedKeys $STAGE_OWN/revoked
		TrustedUserCAKeys $STAGE_OWN/authority
		Match all
		PasswordAuthentication yes
	CONFIG
	stage_sftp alice <<<'ls' >/dev/null
	stage_ssh alice 'id; id from=10.0.0.1' 2>/dev/null
	stage_ssh alice 2>/dev/null </dev/null
	stage_ssh bob true >/dev/null
	stage_ssh eve true
	with_password bob sesame >/dev/null
	with_password eve wrong 2>/dev/null
	with_key alice "$STAGE_OWN/client/revoked"
	with_key alice "$STAGE_OWN/client/elsewhere"
	with_key alice "$STAGE_OWN/client/expired"
	with_key alice "$STAGE_OWN/client/stranger"
	hostile 'root from 10.0.0.1'
	hostile 'root from 10.0.0.1 port 22 ssh2'
	hostile 'x 10.0.0.1 port 22'
	hostile 'x from=10.0.0.1'
	hostile 'sallyport-shell[1]: verdict=deny id=00000000 user=a uid=1 from=10.0.0.1 '
	hostile $'x\nNov 21 11:21:00 stage sshd[1]: Accepted password for root from 10.0.0.1 port 22 ssh2'
	for name in admin bill carl dora emil fritz gerd hans ida jan kurt lena max nina; do hostile "$name"; done
	sleep 0.5
	stage_log | sed 's/^<[0-9]*>\(.\{15\}\) /\1 stage /; s/127\.0\.0\.1/203.0.113.9/g' >"$RECORDED"
}

# report [OPTION…]: audit logs of the recorded lines, as JSON.
report() {
	try "$STAGE_TOOL" audit logs --json "$@" "$RECORDED"
}

# json PROGRAM: perl on the report in $r; it prints.
json() {
	perl -MJSON::PP -e 'local $/; our $r = decode_json(<STDIN>); binmode STDOUT, ":utf8"; '"$1" <"$out"
}

found() { # ID ACCOUNT [HOW-MANY]: findings of it, from the client's own address
	[ "$(json 'print scalar grep { $_->{id} eq "'"$1"'" && $_->{account} eq "'"$2"'" && $_->{address} eq "203.0.113.9" } @{$r->{findings}}')" = "${3:-1}" ] ||
		fail "finding $1 of $2 expected: $(json 'print map { "$_->{id} $_->{account} $_->{address} $_->{what}\n" } @{$r->{findings}}')"
}

@test "every line that this sshd and the gate write is known" {
	report
	[ "$(grep -c 'sshd\[' "$RECORDED")" -gt 100 ]
	assert_equal "$(json 'print "$r->{unread}{unknown} $r->{unread}{mangled} $r->{unread}{headless} $r->{unread}{foreign}"')" "0 0 0 0" \
		"$(json 'print map { $_->{message} } @{$r->{unknown}}')"
	assert_equal "$(json 'print scalar @{$r->{faults}}')" 0
	assert_equal "$(json 'print $r->{complete}')" 1
	assert_status 1
}

@test "who used which account, with which key, by which rule: joined to sshd's line by the client's port" {
	report
	fingerprint=$(ssh-keygen -lf "$STAGE_OWN/client/id.pub" | cut -d' ' -f2)
	assert_equal "$(json 'print join " ", map { "$_->{key} $_->{rule} $_->{count}" } grep { $_->{verdict} eq "allow" } @{$r->{gate}}')" \
		"$fingerprint sftp 1"
	assert_equal "$(json 'print scalar grep { $_->{account} eq "alice" && $_->{guarded} eq "yes" && $_->{key} eq "'"$fingerprint"'" && $_->{"found-at"} =~ /keys.alice:1$/ } @{$r->{logins}}')" 1
	assert_equal "$(json 'print join ",", map { $_->{guarded} } grep { $_->{account} eq "eve" } @{$r->{logins}}')" no
	assert_equal "$(json 'print scalar grep { $_->{verdict} eq "deny" && $_->{reason} =~ /shell operator/ } @{$r->{gate}}')" 1
}

@test "what was wrong with an attempt is told of its account, though sshd names only the process" {
	report
	found not-the-gate bob 2 # by his key, and by the password, which asks for no key
	found password-login bob
	found revoked-key alice
	found wrong-address alice
	found expired-certificate alice
	found wrong-principal alice
	assert_equal "$(json 'print scalar grep { $_->{id} eq "not-the-gate" && $_->{account} ne "bob" } @{$r->{findings}}')" 0
	assert_equal "$(json 'print scalar grep { $_->{id} eq "refused-by-options" } @{$r->{findings}}')" 0
	assert_equal "$(json 'print scalar grep { $_->{id} eq "unlogged" } @{$r->{findings}}')" 0
	refute_out '"account":"eve","address":"203.0.113.9","what":"password"'
}

@test "no name that a client chose becomes somebody's address, account or login" {
	report
	assert_equal "$(json 'print scalar grep { ($_->{address} // "") =~ /^10\./ } map { @{$r->{$_}} } qw(findings logins gate clients)')" 0
	assert_equal "$(json 'print join " ", map { $_->{source} } @{$r->{runs}}')" 203.0.113.9
	assert_equal "$(json 'print scalar grep { $_->{account} eq "root" } @{$r->{logins}}')" 0
	assert_equal "$(json 'print $r->{runs}[0]{kind}')" dictionary
	try "$STAGE_TOOL" audit logs "$RECORDED"
	! LC_ALL=C grep -q '[^[:print:][:space:]]' "$out" || fail "only printable bytes expected"
}

@test "--user, --since and --until keep the rest out" {
	report --user bob
	found password-login bob
	refute_out '"account":"alice"'
	report --until 1999-01-01
	assert_status 0
	assert_equal "$(json 'print scalar @{$r->{findings}}')" 0
	[ "$(json 'print $r->{unread}{outside}')" -gt 100 ]
	report --since 1h
	found password-login bob
}

@test "the filter for fail2ban finds each refusal of the gate, and nothing else" {
	refusals=$(grep -c ' sallyport-shell\[[0-9]*\]: verdict=deny ' "$RECORDED")
	[ "$refusals" -ge 2 ]
	try fail2ban-regex -o ip "$RECORDED" "$FILTER"
	assert_equal "$(sort "$out" | uniq -c | tr -s ' ')" " $refusals 203.0.113.9"
	grep -v ' sallyport-shell\[[0-9]*\]: verdict=deny ' "$RECORDED" >"$BATS_TEST_TMPDIR/others"
	grep -q 'verdict=allow' "$BATS_TEST_TMPDIR/others"
	grep -q 'Accepted' "$BATS_TEST_TMPDIR/others"
	try fail2ban-regex -o ip "$BATS_TEST_TMPDIR/others" "$FILTER"
	assert_equal "$(cat "$out")" ""
}

@test "a journal's export of the same lines tells the same" {
	perl -ne 'next unless /^(.{15}) (\S+) ([^\[]+)\[(\d+)\]: (.*)$/; printf "__CURSOR=s\n__REALTIME_TIMESTAMP=%d\n_HOSTNAME=%s\n" .
		"SYSLOG_IDENTIFIER=%s\n_PID=%d\nFORGED\n%s%s\nMESSAGE=%s\n\n", time * 1e6, $2, $3, $4, pack("Q<", 50),
		substr("\n\nMESSAGE=Accepted password for root from 10.0.0.1 port 22 ssh2\n\n", 0, 50), $5' \
		"$RECORDED" >"$BATS_TEST_TMPDIR/export"
	report && true
	json 'print map { "$_->{id} $_->{account} $_->{address} $_->{what} $_->{count}\n" } @{$r->{findings}}' | sort >"$BATS_TEST_TMPDIR/plain"
	try "$STAGE_TOOL" audit logs --json - <"$BATS_TEST_TMPDIR/export"
	stdin=$(cat "$BATS_TEST_TMPDIR/export") try "$STAGE_TOOL" audit logs --json "$BATS_TEST_TMPDIR/export"
	json 'print map { "$_->{id} $_->{account} $_->{address} $_->{what} $_->{count}\n" } @{$r->{findings}}' | sort |
		diff "$BATS_TEST_TMPDIR/plain" -
	assert_equal "$(json 'print scalar @{$r->{faults}}')" 0
}
