#!/usr/bin/env bats
# Goal: an authorized_keys line means to us what it means to the installed sshd. Each line of a table is tried with a
# real login that asks for everything; and `keys check --json` has to have foretold who got in and what was open.

load lib

PROBE=/opt/probe

setup_file() {
	stage_install
	stage_user alice /bin/bash
	stage_client_files
	ssh-keygen -q -t rsa -b 2048 -N '' -C client -f "$STAGE_OWN/client/rsa"
	ssh-keygen -q -t ecdsa -b 384 -N '' -C client -f "$STAGE_OWN/client/ecdsa"
	stage_sshd <<-END
		X11Forwarding yes
		PermitUserEnvironment yes
		MaxAuthTries 20
	END
	cat >$PROBE <<-'END'
		#!/bin/sh
		printf 'ran=%s\n' "$1"
		[ -n "$SSH_AUTH_SOCK" ] && echo agent-forwarding
		[ -n "$DISPLAY" ] && echo x11-forwarding
		tty -s && echo pty
		[ -e ~/"rc-ran $SSH_CONNECTION" ] && echo user-rc
	END
	chmod 755 $PROBE
	install -d -o alice -g alice -m 700 /home/alice/.ssh
	# a client that gives up leaves sshd to run it later, perhaps beside the next one
	echo 'touch ~/"rc-ran $SSH_CONNECTION"' >/home/alice/.ssh/rc
	chown alice: /home/alice/.ssh/rc
	eval "$(ssh-agent -a /opt/agent)" >/dev/null
	echo "$SSH_AGENT_PID" >/opt/agent.pid
}

teardown_file() {
	kill "$(cat /opt/agent.pid)"
}

login() { # OPTIONS… : asks for everything but a terminal, unless the options do
	SSH_AUTH_SOCK=/opt/agent DISPLAY=127.0.0.1:9 ssh -F "$STAGE_SSH_CONFIG" -o LogLevel=INFO \
		-i "$STAGE_OWN/client/rsa" -i "$STAGE_OWN/client/ecdsa" "$@" alice@stage "$PROBE own" </dev/null
}

# What sshd made of the line: "refused", or what was open and which command ran. A terminal is asked for in a login of
# its own: a client that does not get one gives up.
ask_sshd() {
	local out=$BATS_TEST_TMPDIR/out log=$BATS_TEST_TMPDIR/log
	login -T -A -Y -R 0:127.0.0.1:9 >"$out" 2>"$log"
	if ! grep -q '^ran=' "$out"; then
		echo refused
		return
	fi
	{
		cat "$out"
		grep -q 'remote port forwarding failed' "$log" || echo port-forwarding
		login -tt 2>&1 | tr -d '\r' | grep -x pty
	} | LC_ALL=C sort | tr '\n' ' '
}

# What we make of it.
ask_us() {
	"$STAGE_TOOL" keys check --json "$1" | perl -MJSON::PP -0777 -ne '
		# A foreign line counts as open, to be careful: no sshd that is known here takes it. A CA is no plain key.
		my ($line) = grep { $_->{verdict} ne "refused" && !$_->{"cert-authority"} &&
			!grep { $_->{id} eq "foreign" } @{$_->{findings}} } @{decode_json($_)->{lines}};
		if (!$line) { print "refused\n"; exit }
		my $command = $line->{command} // "";
		my $ran = $command eq "" ? "own" : $command =~ /^\/opt\/probe "?([^"]*)"?$/ ? $1 : "?";
		$ran =~ s/\\//;
		print join(" ", sort("ran=$ran", @{$line->{permits}})), "\n"'
}

# Rows: the line, with @K@ for the type and base64 of the key the client has, @R@ @E@ for its RSA and ECDSA keys, @B@
# @RB@ for base64 alone.
rows() {
	cat <<-'END'
		@K@
		@K@ a comment, with "quotes
		  	@K@
		@R@
		@E@
		#@K@
		 # @K@
		restrict @K@
		restrict,pty @K@
		pty,restrict @K@
		RESTRICT,Pty,USER-RC @K@
		restrict,port-forwarding,no-port-forwarding @K@
		restrict,no-port-forwarding,port-forwarding @K@
		restrict,agent-forwarding,x11-forwarding,user-rc,pty,port-forwarding @K@
		no-pty,no-agent-forwarding,no-X11-forwarding,no-port-forwarding @K@
		no-pty,no-agent-forwarding,no-X11-forwarding,no-port-forwarding,no-user-rc @K@
		NO-PTY,no-Pty @K@
		command="/opt/probe forced" @K@
		command="/opt/probe forced",no-agent-forwarding,no-port-forwarding,no-X11-forwarding,no-pty @K@
		Command="/opt/probe forced",Restrict @K@
		command="/opt/probe \"a b\"",restrict @K@
		command="/opt/probe a\\b" @K@
		command="/opt/probe x", @K@
		,restrict @K@
		restrict,,pty @K@
		restrict, @K@
		restrict,	@K@
		command="/opt/probe 1",command="/opt/probe 2" @K@
		from="127.0.0.1",from="127.0.0.1" @K@
		from="127.0.0.0/8" @K@
		from="127.0.0.0/8",FROM="127.0.0.1" @K@
		from="*" @K@
		from=127.0.0.1 @K@
		restrict pty @K@
		restrict , pty @K@
		command=/opt/probe @K@
		command="/opt/probe x @K@
		command="/opt/probe x"y @K@
		restrict"x" @K@
		ptyx @K@
		pty=yes @K@
		no-restrict @K@
		no-cert-authority @K@
		no-ptty @K@
		unknown @K@
		unknown="a b" @K@
		expiry-time="20990101" @K@
		expiry-time="20200101" @K@
		expiry-time="209901011200" @K@
		expiry-time="20990101120030Z" @K@
		expiry-time="20990101utc" @K@
		expiry-time="20990101",expiry-time="20200101" @K@
		expiry-time="2099" @K@
		expiry-time="20991301" @K@
		expiry-time="" @K@
		expiry-time="2099010" @K@
		environment="A=b",environment="A=c" @K@
		environment="A" @K@
		environment="A-B=c" @K@
		environment="=c" @K@
		principals="alice" @K@
		cert-authority @K@
		cert-authority,principals="alice" @K@
		permitopen="localhost:22" @K@
		permitopen="localhost" @K@
		permitopen="[::1]:22",permitopen="host/ssh" @K@
		permitopen="localhost:0" @K@
		permitopen="localhost:65536" @K@
		permitopen="localhost:*" @K@
		restrict,permitlisten="8080" @K@
		permitlisten="localhost:nosuchservice" @K@
		permitopen="22" @K@
		tunnel="0" @K@
		tunnel="any" @K@
		tunnel="x" @K@
		tunnel="-1" @K@
		no-touch-required @K@
		touch-required,verify-required,no-verify-required @K@
		rsa-sha2-256 @RB@
		rsa-sha2-512 @RB@
		ssh-rsa @B@
		ssh-ed25519 @RB@
		SSH-ED25519 @B@
		ssh-ed25519 @B@=
		ssh-ed25519 =@B@
		ssh-ed25519 @B@x
		ssh-ed25519 @B@!
		ssh-ed25519
		@B@
		ssh-ed25519 ssh-ed25519 @B@
		restrict ssh-ed25519-cert-v01@openssh.com @B@
		"ssh-ed25519" @B@
	END
}

fill() {
	local k r e
	k=$(cut -d' ' -f1,2 "$STAGE_OWN/client/id.pub") r=$(cut -d' ' -f1,2 "$STAGE_OWN/client/rsa.pub")
	e=$(cut -d' ' -f1,2 "$STAGE_OWN/client/ecdsa.pub")
	sed "s#@K@#$k#; s#@R@#$r#; s#@E@#$e#; s#@B@#${k#* }#; s#@RB@#${r#* }#"
}

agree() { # LINE, with or without LF at its end
	printf '%s' "$1" >"$STAGE_OWN/keys/alice"
	theirs=$(ask_sshd) ours=$(ask_us "$STAGE_OWN/keys/alice")
	[ "${theirs% }" = "$ours" ] ||
		printf 'line: %s\n  sshd: %s\n  ours: %s\n' "$(cut -c1-120 <<<"$1")" "$theirs" "$ours" >>"$BATS_TEST_TMPDIR/differ"
}

@test "for a table of lines, sshd and we agree on who gets in, what is open, and what runs" {
	local count=0
	: >"$BATS_TEST_TMPDIR/differ"
	while IFS= read -r line; do
		agree "$line"$'\n'
		count=$((count + 1))
	done < <(rows | fill)
	[ "$count" -gt 80 ]
	cat "$BATS_TEST_TMPDIR/differ"
	[ ! -s "$BATS_TEST_TMPDIR/differ" ]
}

@test "line ends: none, CR LF, a second line, and what a NUL or a byte order mark does" {
	local k
	k=$(cut -d' ' -f1,2 "$STAGE_OWN/client/id.pub")
	: >"$BATS_TEST_TMPDIR/differ"
	agree "restrict $k"
	agree "$k"$'\r\n'
	agree "restrict $k c"$'\r\n'
	agree "junk"$'\n'"restrict,pty $k"$'\n'
	agree "command=\"a\",command=\"b\" $k"$'\n'"restrict $k"$'\n'
	agree $'\xef\xbb\xbf'"$k"$'\n'
	agree $'\xef\xbb\xbf'"# comment"$'\n'"restrict $k"$'\n'
	cat "$BATS_TEST_TMPDIR/differ"
	[ ! -s "$BATS_TEST_TMPDIR/differ" ]
}
