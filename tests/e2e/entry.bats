#!/usr/bin/env bats
# Goal: every way in which sshd starts the gate ends in the same policy. What a client adds
# to it, variables or the gate's own command line, gains nothing (I7, I10); an unset command is a refusal.

load lib

setup_file() {
	e2e_setup
	stage_user dave /bin/sh
	stage_user rita "$STAGE_GATE-r"
	for user in dave rita; do
		stage_docroot /srv/$user $user
		stage_key $user
	done
	stage_policy <<-END
		[defaults]
		docroot = /srv/%u
		commands = sftp scp rsync aspera show
		access = full
		program ascp = $STANDIN
		program ascmd = $STANDIN
		sftp-subsystem = /usr/lib/openssh/sftp-server -l INFO
		profiles = down other
		[user alice]
		[user dave]
		[user rita]
		[profile down]
		commands = sftp rsync
		access = read-only
		[profile other]
		access = download
		[profile unlisted]
		access = download
		[command show]
		program = $STANDIN
		template = show %w?
		verbs = full
	END
	echo payload >"$BATS_FILE_TMPDIR/file"
	printf '#include <fcntl.h>\n%s\n' '__attribute__((constructor)) static void f(void)
		{ open("/srv/alice/preloaded", O_CREAT | O_WRONLY, 0600); open("/files/preloaded", O_CREAT | O_WRONLY, 0600); }' |
		gcc -shared -fPIC -x c - -o /srv/evil.so
	serve
}

# sshd with these lines; every variable is let in, which is the worst case.
serve() {
	local line
	{
		echo "AcceptEnv *"
		for line; do echo "$line"; done
	} | stage_sshd
}

setup() {
	find /srv/alice /srv/dave /srv/rita -mindepth 1 -delete
	rm -rf /home/alice/.ssh
	stage_key alice
	cd "$BATS_TEST_TMPDIR"
}

# A transfer goes through, and exactly one record says so.
assert_transfers() {
	stage_log_clear
	try stage_scp "${@:2}" "$BATS_FILE_TMPDIR/file" "$1@stage:arrived"
	assert_status 0 || return
	assert_same "$BATS_FILE_TMPDIR/file" "/srv/$1/arrived" || return
	assert_equal "$(stage_log | grep -c verdict=allow)" 1 "grants"
}

@test "login shell: scp, sftp and a command; no command is refused" {
	assert_transfers alice -s
	assert_transfers alice -O
	try stage_ssh alice show
	assert_ran
	assert_out_line "argv show"
	try stage_ssh alice
	assert_refused 77
}

@test "forced command and login shell" {
	stage_key alice "command=\"$STAGE_GATE\""
	assert_transfers alice -s
	assert_transfers alice -O
	try stage_ssh alice id
	assert_refused 77
	try stage_ssh alice
	assert_refused 77
}

@test "forced command under another login shell" {
	stage_key dave "restrict,command=\"$STAGE_GATE\""
	assert_transfers dave -s
	assert_transfers dave -O
	try stage_ssh dave id
	assert_refused 77
	try stage_ssh dave
	assert_refused 77
	stage_key dave
}

@test "ForceCommand of sshd_config beats the key's command=" {
	serve "ForceCommand $STAGE_GATE -r"
	stage_key dave 'command="/usr/bin/touch /srv/dave/touched"'
	assert_transfers dave -s
	try stage_ssh dave 'ascmd'
	assert_refused 77
	assert_missing /srv/dave/touched
	stage_key dave
	serve
}

@test "ForceCommand and the internal-sftp subsystem" {
	serve "Subsystem sftp internal-sftp" "ForceCommand $STAGE_GATE"
	for user in alice dave; do
		assert_transfers $user -s
		assert_record "$(last_record | grep -o 'id=[0-9a-f]*' | head -n 1 | cut -d= -f2)" "request=internal-sftp"
	done
	serve
}

@test "an external subsystem with arguments means sftp only where the policy lists the line" {
	serve "Subsystem sftp /usr/lib/openssh/sftp-server -l INFO"
	assert_transfers alice -s
	serve "Subsystem sftp /usr/lib/openssh/sftp-server -l DEBUG"
	try stage_scp -s "$BATS_FILE_TMPDIR/file" alice@stage:x
	[ "$status" != 0 ]
	assert_missing /srv/alice/x
	serve
}

@test "an empty command= is an empty command, and refused" {
	stage_key alice 'command=""'
	try stage_ssh alice 'scp -t x'
	assert_refused 77
	assert_err "an empty command"
}

@test "~/.ssh/rc never runs; its call is logged as rc-suppressed, and the transfer happens once" {
	install -d -o alice /home/alice/.ssh
	printf '#!/bin/sh\ntouch /srv/alice/rc-ran /tmp/rc-ran\n' >/home/alice/.ssh/rc
	chmod 755 /home/alice/.ssh/rc
	stage_key alice "command=\"$STAGE_GATE\""
	# -O: sshd does not look for rc under a subsystem
	assert_transfers alice -O
	[ ! -s "$err" ] || fail "the rc call said something"
	assert_equal "$(stage_log | grep -c verdict=rc-suppressed)" 1 "rc records"
	assert_missing /srv/alice/rc-ran
	assert_missing /tmp/rc-ran
	stage_key alice
	assert_transfers alice -O
	assert_missing /srv/alice/rc-ran
}

@test "a client cannot ask for the rc call itself" {
	install -d -o alice /home/alice/.ssh
	printf 'touch /srv/alice/rc-ran\n' >/home/alice/.ssh/rc2
	try stage_ssh alice '/bin/sh /home/alice/.ssh/rc; touch /srv/alice/x'
	assert_refused 77
	try stage_ssh alice '/bin/sh /home/alice/.ssh/rc'
	assert_status 77
	assert_silent
	assert_missing /srv/alice/x
}

@test "login shell: a client's own SSH_ORIGINAL_COMMAND is ignored beside -c and at a login (I10)" {
	try stage_ssh alice -o SetEnv="SSH_ORIGINAL_COMMAND=show" id
	assert_refused 77
	try stage_ssh alice -o SetEnv="SSH_ORIGINAL_COMMAND=show"
	assert_refused 77
	assert_not_run
}

@test "forced command: a client's own SSH_ORIGINAL_COMMAND at a login is judged like any command (I7)" {
	stage_key alice "command=\"$STAGE_GATE -r\""
	try stage_ssh alice -o SetEnv="SSH_ORIGINAL_COMMAND=ascmd"
	assert_refused 77
	try stage_ssh alice -o SetEnv="SSH_ORIGINAL_COMMAND=/bin/sh"
	assert_refused 77
	# sshd's own value wins over the client's
	try stage_ssh alice -o SetEnv="SSH_ORIGINAL_COMMAND=show" id
	assert_refused 77
}

@test "LD_PRELOAD and its kin reach neither gate nor program (E01)" {
	for name in LD_PRELOAD LD_AUDIT LD_LIBRARY_PATH GCONV_PATH; do
		try stage_ssh alice -o SetEnv="$name=/srv/evil.so" show
		assert_ran
		refute_out "env $name"
		assert_missing /srv/alice/preloaded
	done
	assert_transfers alice -s -o SetEnv="LD_PRELOAD=/srv/evil.so"
	assert_missing /srv/alice/preloaded
}

@test "of the client's variables only locale ones with harmless values pass (E02 E03 E10-E15)" {
	local -x LC_ALL='() { :;}; id' LC_TIME=de_DE.UTF-8 LANG=C.UTF-8 BASH_ENV=/srv/evil HOME="$HOME" PERL5OPT=-d \
		GIT_SSH_COMMAND=x RSYNC_RSH=x TMPDIR="$BATS_TEST_TMPDIR" IFS=x LC_EVIL='/../../x' PS4='$(id)' TZ=/srv/x
	try stage_ssh alice -o SendEnv="LC_* LANG BASH_ENV PERL5OPT GIT_SSH_COMMAND RSYNC_RSH TMPDIR IFS PS4 TZ" \
		-o SetEnv="PATH=/srv HOME=/srv/alice SHELL=/bin/sh USER=root LOGNAME=root SSH_AUTH_SOCK=/x SSH_USER_AUTH=/x SALLYPORT_POLICY=/x" \
		show
	assert_ran
	sed -n 's/^env //p' "$out" | sort >env
	# Address and port differ each time.
	sed -i 's/\(SSH_C[A-Z]*=127.0.0.1\) .*/\1/' env
	diff - env <<-END || fail "the environment is another"
		HOME=/home
		LANG=C.UTF-8
		LC_TIME=de_DE.UTF-8
		LOGNAME=alice
		PATH=/usr/bin:/bin
		SHELL=/usr/sbin/nologin
		SSH_CLIENT=127.0.0.1
		SSH_CONNECTION=127.0.0.1
		USER=alice
	END
}

@test "ASPERA_AUTH_TOKEN of the client's does not arrive, nor replace the marker" {
	local -x ASPERA_AUTH_TOKEN=EVIL
	try stage_ssh alice -o SendEnv=ASPERA_AUTH_TOKEN 'ascp -S. -V1'
	assert_ran
	refute_out ASPERA_AUTH_TOKEN
	stage_key alice "command=\"$STAGE_GATE -t\""
	try stage_ssh alice -o SendEnv=ASPERA_AUTH_TOKEN 'ascp -S. -V1'
	assert_ran
	assert_equal "$(sed -n 's/^env //p' "$out" | tail -n 1)" ASPERA_AUTH_TOKEN=TOKEN "last variable"
	refute_out EVIL
}

@test "--profile in command= narrows; a profile that the account does not list is refused" {
	stage_key alice "command=\"$STAGE_GATE --profile down\""
	try stage_ssh alice 'scp -t x'
	assert_refused 77
	echo x >/srv/alice/x && chown alice /srv/alice/x
	stdin='get x back' try stage_sftp alice
	assert_status 0
	assert_record "$(last_record | grep -o ' id=[0-9a-f]*' | cut -d= -f2)" "profile=down"
	stdin='put back y' try stage_sftp alice
	assert_missing /srv/alice/y
	stage_key alice "command=\"$STAGE_GATE --profile unlisted\""
	try stage_ssh alice 'scp -t x'
	assert_refused 77
	assert_err "the account has no such profile"
	stage_key alice "command=\"$STAGE_GATE --profile nowhere\""
	try stage_ssh alice 'scp -t x'
	assert_refused 77
}

@test "-r in command=, and sallyport-shell-r as login shell: no browsing" {
	stage_key alice "command=\"$STAGE_GATE -r\""
	for user in alice rita; do
		try stage_ssh $user ascmd
		assert_refused 77
		assert_err "browsing is off for this account"
		try stage_ssh $user 'ascp -S. -V1'
		assert_ran
		assert_transfers $user -s
	done
	stage_key rita "command=\"$STAGE_GATE\""
	try stage_ssh rita ascmd
	# the forced command says less, the login shell still says -r
	assert_refused 77
	stage_key rita
}

@test "-t in command=: what would ignore the token is unauthorized to transfer" {
	stage_key alice "command=\"$STAGE_GATE -t\""
	try stage_ssh alice 'scp -t x'
	assert_refused 77
	assert_err "unauthorized to transfer"
	assert_record "$(told_id)" ' flags=-t '
	stage_key alice "command=\"$STAGE_GATE -r -t\""
	try stage_ssh alice 'scp -f x'
	assert_record "$(told_id)" ' flags="-r -t" '
}

@test "a flag that is not in the closed table is a usage error" {
	for flags in "-x" "--policy /tmp/p" "-r -r -x" "--profile" "--profile a --profile b" "/srv/script" "-r  -t"; do
		stage_key alice "command=\"$STAGE_GATE $flags\""
		try stage_ssh alice show
		assert_refused 64
	done
}

@test "a client that sends the gate's own command line gains nothing (I7)" {
	# beside a forced command it is just a command nobody may run
	stage_key alice "command=\"$STAGE_GATE -r\""
	for command in "$STAGE_GATE" "$STAGE_GATE -c ascmd" "sallyport-shell"; do
		try stage_ssh alice "$command"
		assert_refused 77
	done
	# without one it is the call that a forced command would make: no command, no session
	stage_key alice
	try stage_ssh alice "$STAGE_GATE"
	assert_refused 77
	try stage_ssh alice -o SetEnv="SSH_ORIGINAL_COMMAND=ascmd" "$STAGE_GATE -r"
	assert_refused 77
	try stage_ssh alice "$STAGE_GATE -c show"
	assert_refused 64
	# rita's -r is in the name of her shell; the full name does not take it off
	try stage_ssh rita -o SetEnv="SSH_ORIGINAL_COMMAND=ascmd" "$STAGE_GATE"
	assert_refused 77
}

@test "the program's exit status is the session's" {
	attempts "exit 42"
	try stage_ssh alice show
	assert_status 42
}

@test "a session with a terminal is a session: nothing more is reachable" {
	attempts "tiocsti" "exit 0"
	try stage_ssh alice -tt show
	assert_out "standin runs"
	refute_out "tiocsti: ok"
}
