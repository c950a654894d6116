#!/usr/bin/env bats
# Goal: `sallyport audit sessions` shows what runs for each account that is to be held, whose it is, since when and what
# it does, and calls confined what the kernel confines and nothing else.

load lib

setup_file() {
	local name
	e2e_setup
	for name in bob carl; do
		stage_user "$name" "$STAGE_GATE"
		stage_docroot "/srv/$name" "$name"
		stage_key "$name"
	done
	stage_user human /bin/bash
	stage_key human
	# One that runs as long as its input is open, in each isolation; carl's and bob's gates wait for it.
	install -d -m 0755 /srv/chroot && install -d -o carl -g carl /srv/chroot/carl
	stage_policy <<-END
		[defaults]
		docroot = /srv/%u
		access = full
		commands = sftp rsync
		[user alice]
		[user bob]
		isolation = landlock
		max-duration = 1h
		[user carl]
		isolation = chroot
		docroot = /srv/chroot
		start = /carl
	END
	"$STAGE_TOOL" docroot prepare --user carl
	stage_sshd </dev/null
	cp "$(command -v sleep)" "$STAGE_PROGRAMS/long"
}

# began NAME COMMAND…: a session that stays until `over`; returns when it runs.
began() {
	local i name=$1
	mkfifo "$BATS_TEST_TMPDIR/$name"
	stage_ssh "$@" <"$BATS_TEST_TMPDIR/$name" >/dev/null 2>&1 3>&- &
	exec {hold}>"$BATS_TEST_TMPDIR/$name"
	for ((i = 0; i < 200; i++)); do
		"$STAGE_TOOL" audit sessions --user "$name" | grep -q ' confined ' && return
		sleep 0.05
	done
	fail "no session of $name"
}

teardown() {
	local pid
	for pid in $(jobs -p); do kill "$pid" 2>/dev/null; done
	pkill -u alice,bob,carl,human 2>/dev/null
	return 0
}

sessions() { try "$STAGE_TOOL" audit sessions "$@"; }

# row NAME REGEX: its line is so.
row() { grep -Eq "^$1  since 20[-0-9]*T[:0-9]*Z  process [0-9]+  $2" "$out" || fail "expected: $1 $2"; }

@test "sessions in each isolation, with a waiting gate and without" {
	began alice -s sftp
	began bob "rsync --server -logDtpre.iLsfxCIvu . x"
	began carl -s sftp
	sessions
	assert_status 0
	row alice 'confined  namespace  sftp-server'
	row bob 'confined  landlock  rsync --server'
	row carl 'confined  chroot  sftp-server'
	assert_out_line '3 sessions, 0 open'
	sessions --json
	assert_status 0
	perl -MJSON::PP -0777 -ne '
		my $all = decode_json($_); my %of = map { $_->{account} => $_ } @{$all->{sessions}};
		die unless $all->{open} == 0 && keys %of == 3 && $of{bob}{processes} == 2 && $of{alice}{processes} == 1 &&
			$of{bob}{sshd} > 0 && !defined $of{bob}{terminal} && $of{carl}{command} =~ /^sftp-server/' <"$out" ||
		fail 'not as it is'
	sessions --user bob
	assert_out_line '1 sessions, 0 open'
}

@test "what the gate did not start is open, whatever it calls itself; who is nobody's concern is not shown" {
	local esc=$'x\e[31m"\n'
	setpriv --reuid=alice --regid=alice --clear-groups bash -c 'exec -a "$1" "$2" 60' - "$esc" "$STAGE_PROGRAMS/long" 3>&- &
	setpriv --reuid=human --regid=human --clear-groups "$STAGE_PROGRAMS/long" 60 3>&- &
	sleep 0.3
	sessions
	assert_status 1
	row alice 'open  none  x.x1b\[31m"'
	assert_out 'no seccomp filter'
	assert_out 'no sshd is above it'
	refute_out human
	! grep -q $'\e' "$out" || fail 'an escape reached the terminal'
	sessions --json
	assert_status 1
	perl -MJSON::PP -0777 -ne 'decode_json($_)->{open} == 1 or die' <"$out" || fail 'no JSON'
}

@test "a filter and no_new_privs are not enough where the policy says namespace; sshd's name is not sshd" {
	local pid
	cp "$STAGE_PROGRAMS/long" "$STAGE_PROGRAMS/sshd"
	setpriv --reuid=alice --regid=alice --clear-groups "$STAGE_PROGRAMS/sshd" 60 3>&- &
	pid=$!
	sleep 0.3
	sessions
	assert_status 1
	row alice 'open'
	kill "$pid"
	sed 's/^\[user alice\]/&\nisolation = landlock/' "$STAGE_POLICY" >"$BATS_TEST_TMPDIR/other"
	began alice -s sftp
	sessions -f "$BATS_TEST_TMPDIR/other"
	assert_status 1
	assert_out 'its isolation is not what the policy says'
}

@test "a terminal; a connection in which nothing runs; a session from before the policy" {
	sed 's/^\[user carl\]/[user human]\ndocroot = none\n&/' "$STAGE_POLICY" >"$BATS_TEST_TMPDIR/other"
	stage_ssh human -tt "exec $STAGE_PROGRAMS/long 60" </dev/null >/dev/null 2>&1 3>&- &
	stage_ssh bob -N </dev/null >/dev/null 2>&1 3>&- &
	local i
	for ((i = 0; i < 100; i++)); do
		pgrep -u human long >/dev/null && pgrep -u bob sshd >/dev/null && break
		sleep 0.05
	done
	sessions -f "$BATS_TEST_TMPDIR/other"
	assert_status 1
	row human "open  none  $STAGE_PROGRAMS/long 60"
	row bob 'idle'
	sessions -f "$BATS_TEST_TMPDIR/other" --json
	assert_out '"terminal":"pts/'
}

@test "who is not root is told what it cannot see; wrong words and policies" {
	began bob "rsync --server -logDtpre.iLsfxCIvu . x"
	try stage_as alice "$STAGE_TOOL" audit sessions --user bob
	assert_status 71
	assert_out 'only root can'
	sessions --user nosuch
	assert_status 71
	sessions x
	assert_status 64
	assert_err 'usage: sallyport audit sessions'
	sessions --help
	assert_status 0
	echo '[x' >"$BATS_TEST_TMPDIR/bad"
	sessions -f "$BATS_TEST_TMPDIR/bad"
	assert_status 78
	assert_silent
}
