#!/usr/bin/env bats
# Goal: [command] in its three shapes through a real sshd: a menu, where the client's word only selects; a sink, that
# sends nothing back; a source, that reads nothing. And the limits that a session runs under.

load lib

setup_file() {
	e2e_setup
	stage_sshd </dev/null
}

setup() {
	rm -rf /srv/alice/*
	stage_policy <<-END
		[user alice]
		docroot  = /srv/alice
		access   = full
		commands = sftp menu store fetch talk

		[command menu]
		program  = /usr/bin/ls
		template = show all
		argv     = ls -1 -- /files
		verbs    = list

		[command store]
		program  = /usr/bin/tee
		template = store %1p
		argv     = tee -- %1
		verbs    = upload overwrite
		stdout   = no

		[command fetch]
		program  = /usr/bin/cat
		template = fetch %1p?
		argv     = cat %1
		verbs    = download
		stdin    = no

		[command talk]
		program  = /usr/bin/cat
		template = talk
	END
	cd "$BATS_TEST_TMPDIR"
	head -c 300000 /dev/urandom >data
}

@test "menu: the words select, the argv is the policy's" {
	echo x >/srv/alice/one
	try stage_ssh alice 'show all'
	assert_status 0
	assert_equal "$(cat "$out")" one
	for line in 'show' 'show all -R' 'show all /' 'show  all x' 'SHOW all' "show 'all '" 'show all;id'; do
		try stage_ssh alice "$line"
		assert_refused 77
	done
}

@test "sink: what arrives is whole, what is written back is nothing" {
	stage_ssh alice 'store in.bin' <data >back
	cmp data /srv/alice/in.bin
	[ ! -s back ] || fail "the client got $(wc -c <back) bytes"
	# a name that a shell would have made more of is a name
	stage_ssh alice "store '\$(id)'" <data >back || fail "an odd name"
	cmp data '/srv/alice/$(id)'
	for line in 'store .ssh' 'store ../x' 'store a b' 'store' 'store > x'; do
		try stage_ssh alice "$line"
		assert_refused 77
	done
	# and the program's own complaint reaches the client
	mkdir /srv/alice/dir
	try stage_ssh alice 'store dir'
	assert_status 1
	assert_err 'Is a directory'
}

@test "source: what comes back is whole, what the client sends is not read" {
	cp data /srv/alice/out.bin
	chown alice /srv/alice/out.bin
	stage_ssh alice 'fetch out.bin' </dev/null >got
	cmp data got
	# without a file cat reads standard input: there is nothing on it
	stdin=secret try stage_ssh alice fetch
	assert_status 0
	assert_silent
	stdin=echo try stage_ssh alice talk
	assert_equal "$(cat "$out")" echo
}

# limits LINE…: what the program of a session has.
limits() {
	{
		printf '[user alice]\ndocroot = /srv/alice\naccess = full\ncommands = sftp\nprogram sftp = %s\n' "$STANDIN"
		printf '%s\n' "$@"
	} | stage_policy
	attempts "limit cpu" "limit fsize" "limit nofile" "limit as" "limit nproc" "limit core"
	try_gate internal-sftp
	assert_ran
}

@test "limits: as the policy says; what it does not name is as sshd had it" {
	limits 'limit cpu = 60' 'limit file-size = 1M' 'limit files = 32' 'limit memory = 64M' 'limit processes = 7'
	assert_out_line "limit cpu 60 60"
	assert_out_line "limit fsize 1048576 1048576"
	assert_out_line "limit nofile 32 32"
	assert_out_line "limit as 67108864 67108864"
	assert_out_line "limit nproc 7 7"
	limits 'umask = 022'
	assert_out_line "limit cpu -1 -1"
	assert_out_line "limit as -1 -1"
	assert_out_line "limit nproc 64 64"
	assert_out_line "limit core 1 1"
}

@test "limits: a lower one that was there stays" {
	local c="192.0.2.7 50000 192.0.2.1 22"
	stage_policy <<-END
		[user alice]
		docroot = /srv/alice
		access = full
		commands = sftp
		program sftp = $STANDIN
		limit files = 64
		limit file-size = 8M
	END
	attempts "limit nofile" "limit fsize"
	try stage_as alice env -i SSH_CONNECTION="$c" "$LAUNCH" nofile=40 -- "$STAGE_GATE" -c internal-sftp
	assert_out_line "limit nofile 40 40"
	assert_out_line "limit fsize 8388608 8388608"
}

# The nice value of a session.
niced() {
	hold_gate internal-sftp
	cut -d' ' -f19 "/proc/$pid/stat"
	release
}

@test "nice: at least the policy's; a higher value that was there stays" {
	rules() {
		printf '[user alice]\ndocroot = /srv/alice\naccess = full\ncommands = sftp\nprogram sftp = %s\n%s\n' \
			"$STANDIN" "$1" | stage_policy
	}
	rules 'nice = 0'
	assert_equal "$(niced)" 0
	rules 'nice = 5'
	assert_equal "$(niced)" 5
	renice -n 9 $BASHPID >/dev/null
	assert_equal "$(niced)" 9
}

@test "file-size: a transfer that is too large ends, and the client knows" {
	stage_policy <<-END
		[user alice]
		docroot = /srv/alice
		access = full
		commands = sftp scp rsync
		limit file-size = 100K
	END
	try stage_scp -O data alice@stage:x
	[ "$status" != 0 ] || fail "300 kB fit in 100K"
	[ "$(stat -c %s /srv/alice/x)" -le 102400 ]
	head -c 1000 data >small
	try stage_scp -O small alice@stage:y
	assert_status 0
}
