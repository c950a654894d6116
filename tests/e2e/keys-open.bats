#!/usr/bin/env bats
# Goal: what command= alone leaves open is really open - a tunnel without any command, a terminal, agent, X11, ~/.ssh/rc,
# environment, reverse and Unix-domain forwarding - and it is closed by `keys enforce`, and by `keys serve`, while a
# transfer goes on as before. Each opening is tried the same way before and after.

load lib

HOME_KEYS=/home/alice/.ssh/authorized_keys

LISTENER='use IO::Socket; $s = $ARGV[0] eq "tcp" ? IO::Socket::INET->new(LocalAddr => "127.0.0.1", Listen => 5) :
	IO::Socket::UNIX->new(Local => "/opt/socket", Listen => 5); chmod 0777, "/opt/socket";
	if ($ARGV[0] eq "tcp") { open F, ">", "/opt/port"; print F $s->sockport; close F }
	while ($c = $s->accept) { print $c "reached\n"; close $c }'

setup_file() {
	stage_install
	stage_log_start
	stage_user alice /opt/spy
	stage_docroot /srv/alice alice
	stage_client_files
	stage_policy <<-END
		[defaults]
		docroot  = /srv/%u
		commands = sftp scp
		access   = full
		[user alice]
	END
	# An ordinary login shell that notes what sshd gave it.
	printf '#!/bin/sh\n{ env; tty -s && echo TTY; } >~/seen\nexec /bin/bash "$@"\n' >/opt/spy
	chmod 755 /opt/spy
	install -d -o alice -g alice -m 700 /home/alice/.ssh
	echo 'touch ~/rc-ran' >/home/alice/.ssh/rc
	chown alice: /home/alice/.ssh/rc
	eval "$(ssh-agent -a /opt/agent)" >/dev/null
	echo "$SSH_AGENT_PID" >/opt/pids
	for kind in tcp unix; do
		perl -e "$LISTENER" $kind </dev/null >/dev/null 2>&1 3>&- &
		echo $! >>/opt/pids
	done
	until [ -s /opt/port ] && [ -S /opt/socket ]; do sleep 0.02; done
}

teardown_file() {
	xargs kill </opt/pids
}

# The key as administrators often write it: a forced command, and no more.
write_key() { # OPTIONS
	printf '%s %s\n' "$1" "$(cat "$STAGE_OWN/client/id.pub")" >$HOME_KEYS
	chown alice: $HOME_KEYS
	chmod 600 $HOME_KEYS
}

# sshd with the account's own file, or with the command in its place. What is forbidden is forbidden by the key alone.
start_sshd() {
	case $1 in
	file) sed -i "s#^AuthorizedKeysFile.*#AuthorizedKeysFile .ssh/authorized_keys#" "$STAGE_OWN/sshd_config" ;;
	serve) sed -i "s#^AuthorizedKeysFile.*#AuthorizedKeysFile none\nAuthorizedKeysCommand $STAGE_TOOL keys serve %u %t %k %f\nAuthorizedKeysCommandUser root#" \
		"$STAGE_OWN/sshd_config" ;;
	esac
	reload_sshd
}

listening() { grep -c 'Server listening' "$STAGE_OWN/sshd.log"; }

# sshd writes its pid once it handles signals, and not before.
reload_sshd() {
	local before i
	before=$(listening)
	for ((i = 0; i < 500; i++)); do
		[ -s "$STAGE_OWN/sshd.pid" ] && break
		sleep 0.02
	done
	kill -HUP "$(cat "$STAGE_OWN/sshd.pid")"
	for ((i = 0; i < 500; i++)); do
		[ "$(listening)" -gt "$before" ] && return
		sleep 0.02
	done
	fail "sshd does not come back"
}

connect_to() { # PORT or socket: what a listener there says
	perl -MIO::Socket -e '$s = $ARGV[0] =~ /^\// ? IO::Socket::UNIX->new($ARGV[0]) :
		IO::Socket::INET->new("127.0.0.1:$ARGV[0]"); print $s ? scalar <$s> // "" : ""' "$1"
}

free_port() {
	perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(LocalAddr => "127.0.0.1", Listen => 1)->sockport'
}

# held CHECK SSH-ARGUMENTS…: a connection without any command (-N); "open" when the check says so while it is up.
held() {
	local check=$1
	shift
	rm -f /opt/held
	ssh -F "$STAGE_SSH_CONFIG" -M -S /opt/held -N -f -o ExitOnForwardFailure=yes "$@" alice@stage </dev/null >/dev/null 2>&1 3>&- || true
	if eval "$check"; then echo open; else echo closed; fi
	ssh -F "$STAGE_SSH_CONFIG" -S /opt/held -O exit alice@stage 2>/dev/null || true
}

session() { # SSH-OPTIONS…: the command is refused by the gate, or nothing: what counts is what the shell was given
	rm -f /home/alice/seen /home/alice/rc-ran
	SSH_AUTH_SOCK=/opt/agent DISPLAY=127.0.0.1:9 ssh -F "$STAGE_SSH_CONFIG" "$@" alice@stage true \
		</dev/null >"$BATS_TEST_TMPDIR/said" 2>&1 || true
	# a client that gets no terminal gives up, perhaps before there is a shell
	grep -q 'PTY allocation request failed' "$BATS_TEST_TMPDIR/said" || [ -e /home/alice/seen ] ||
		fail "no session at all"
	touch /home/alice/seen
}

saw() { if grep -q "$1" /home/alice/seen; then echo "$2 open"; else echo "$2 closed"; fi; }

openings() {
	local port back
	port=$(free_port) back=$(free_port)
	rm -f /opt/local /home/alice/socket
	echo "tunnel $(held '[ "$(connect_to '"$port"')" = reached ]' -L "$port:127.0.0.1:$(cat /opt/port)")"
	echo "reverse $(held '[ "$(connect_to '"$back"')" = reached ]' -R "$back:127.0.0.1:$(cat /opt/port)")"
	echo "streamlocal $(held '[ "$(connect_to /opt/local)" = reached ]' -L /opt/local:/opt/socket)"
	echo "streamlocal-reverse $(held '[ -S /home/alice/socket ]' -R "/home/alice/socket:127.0.0.1:$(cat /opt/port)")"
	session -T -A -Y
	saw '^SSH_AUTH_SOCK=' agent
	saw '^DISPLAY=' x11
	saw '^MARK=' environment
	if [ -e /home/alice/rc-ran ]; then echo "rc open"; else echo "rc closed"; fi
	session -tt -o LogLevel=INFO
	saw '^TTY$' pty
}

all() { # open|closed
	printf "%s $1\n" tunnel reverse streamlocal streamlocal-reverse agent x11 environment rc pty
}

transfers() {
	echo payload >"$BATS_TEST_TMPDIR/file"
	rm -f /srv/alice/file
	try stage_scp "$BATS_TEST_TMPDIR/file" alice@stage:file
	assert_status 0
	assert_exists /srv/alice/file
}

sshd_up() {
	printf '%s\n' "X11Forwarding yes" "PermitUserEnvironment yes" | stage_sshd
	start_sshd "$1"
}

@test "a key with command= alone: everything is open; enforced: everything is closed, and transfers go on" {
	write_key "environment=\"MARK=1\",command=\"$STAGE_GATE\""
	sshd_up file
	diff <(openings) <(all open)
	transfers
	try "$STAGE_TOOL" keys check --file .ssh/authorized_keys --user alice
	assert_status 1
	for id in forwarding-open rc-open agent-open x11-open pty-open environment; do assert_out "$id:"; done
	try "$STAGE_TOOL" keys enforce --user alice --write
	assert_status 0
	diff <(openings) <(all closed)
	transfers
}

@test "the account's own file stays as it is: through keys serve everything is closed, and transfers go on" {
	write_key "environment=\"MARK=1\",pty"
	cp $HOME_KEYS "$BATS_TEST_TMPDIR/before"
	sshd_up file
	diff <(openings) <(all open)
	start_sshd serve
	diff <(openings) <(all closed)
	transfers
	assert_same $HOME_KEYS "$BATS_TEST_TMPDIR/before"
}

@test "serve: a key that is not there, an account that the policy has no place for, a policy at fault: nobody gets in" {
	write_key ""
	sshd_up file
	start_sshd serve
	transfers
	: >$HOME_KEYS
	try stage_ssh alice true
	assert_status 255
	write_key ""
	cp "$STAGE_POLICY" "$BATS_TEST_TMPDIR/policy"
	for sed in 's/\[user alice\]/[user bob]/' 's/access/acess/' 's/^\[user.*/&\nexpires = 20200101/' \
		's/^\[user.*/&\nprofile = required\nprofiles = p\n[profile p]/'; do
		sed "$sed" "$BATS_TEST_TMPDIR/policy" | stage_policy
		try stage_ssh alice true
		assert_status 255
	done
	stage_policy <"$BATS_TEST_TMPDIR/policy"
	transfers
	chmod 666 $HOME_KEYS
	try stage_ssh alice true
	assert_status 255
	rm $HOME_KEYS && ln -s /opt/elsewhere $HOME_KEYS
	try stage_ssh alice true
	assert_status 255
}

@test "the generated Match block is what sshd -t takes and sshd -T says, and closes all of it for any key" {
	write_key ""
	sshd_up file
	{ "$STAGE_TOOL" sshd-config --user alice; } >"$BATS_TEST_TMPDIR/block"
	cat "$BATS_TEST_TMPDIR/block" >>"$STAGE_OWN/sshd_config"
	/usr/sbin/sshd -t -f "$STAGE_OWN/sshd_config"
	/usr/sbin/sshd -T -f "$STAGE_OWN/sshd_config" -C user=alice,host=h,addr=127.0.0.1 >"$BATS_TEST_TMPDIR/said"
	for line in "forcecommand $STAGE_GATE" "disableforwarding yes" "permittty no" "permituserrc no" "permittunnel no" \
		"exposeauthinfo yes" "authorizedkeysfile none" "passwordauthentication no" "authenticationmethods publickey" \
		"authorizedkeyscommand $STAGE_TOOL keys serve %u %t %k %f" "authorizedkeyscommanduser root"; do
		grep -qxF "$line" "$BATS_TEST_TMPDIR/said" || fail "sshd -T does not say: $line"
	done
	/usr/sbin/sshd -T -f "$STAGE_OWN/sshd_config" -C user=root,host=h,addr=127.0.0.1 | grep -qx 'permittty yes'
	reload_sshd
	diff <(openings | grep -v environment) <(all closed | grep -v environment)
	transfers
	try "$STAGE_TOOL" sshd-config --user nobody-at-all
	assert_status 77
	try "$STAGE_TOOL" sshd-config --user a --group b
	assert_status 64
}

# by_certificate CERT-OPTIONS: signs the client's key anew; sshd trusts the CA, or the account's file does.
sign() {
	[ -f "$STAGE_OWN/ca" ] || ssh-keygen -q -t ed25519 -N '' -C ca -f "$STAGE_OWN/ca"
	ssh-keygen -q -s "$STAGE_OWN/ca" -I me -z 1 "$@" "$STAGE_OWN/client/id.pub"
}

@test "certificates: the account's CA line through keys serve, and keys principals for TrustedUserCAKeys" {
	write_key ""
	sshd_up file
	start_sshd serve
	sign -n alice
	printf 'cert-authority %s\n' "$(cat "$STAGE_OWN/ca.pub")" >$HOME_KEYS
	# ssh-keygen permits everything unless told; the line's restrict takes it away
	diff <(openings) <(all closed)
	transfers
	: >$HOME_KEYS
	try stage_ssh alice true
	assert_status 255
	sed -i "1i TrustedUserCAKeys $STAGE_OWN/ca.pub" "$STAGE_OWN/sshd_config"
	start_sshd none
	diff <(openings | grep -v environment) <(all open | grep -v environment)
	sed -i "1i AuthorizedPrincipalsCommand $STAGE_TOOL keys principals %u\nAuthorizedPrincipalsCommandUser root" \
		"$STAGE_OWN/sshd_config"
	start_sshd none
	diff <(openings) <(all closed)
	transfers
	sign -n somebody-else
	try stage_ssh alice true
	assert_status 255
	# two forced commands that differ: sshd refuses the certificate
	sign -n alice -O force-command=/bin/sh
	try stage_ssh alice true
	assert_status 255
	rm "$STAGE_OWN/client/id-cert.pub"
}

@test "a key that is revoked is out at once, by list and by KRL" {
	local kind
	write_key "restrict,command=\"$STAGE_GATE\""
	for kind in list krl; do
		rm -f "/opt/$kind"
		if [ $kind = krl ]; then ssh-keygen -q -kf /opt/krl; else : >/opt/list; fi
		chmod 644 "/opt/$kind"
		printf 'RevokedKeys /opt/%s\n' "$kind" | stage_sshd
		start_sshd file
		transfers
		try "$STAGE_TOOL" keys revoke --write --list "/opt/$kind" "$STAGE_OWN/client/id.pub"
		assert_status 0
		try stage_ssh alice true
		assert_status 255
		try "$STAGE_TOOL" keys check --revoked "/opt/$kind" $HOME_KEYS
		assert_out "revoked: the key is on the revocation list"
	done
}
