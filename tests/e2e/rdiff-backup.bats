#!/usr/bin/env bats
# Goal: rdiff-backup works through the gate, by both of its command lines; an account that may not do everything can
# restore and change nothing; and a client that sends code of its own gains nothing that the kernel does not allow
# it (the protocol passes pickled objects).

load lib
load repo

setup_file() { repo_setup; }

setup() {
	repo_fresh
	OLD="ssh -C -F $STAGE_SSH_CONFIG {h} rdiff-backup --terminal-verbosity 2 --server"
	NEW="ssh -C -F $STAGE_SSH_CONFIG {h} rdiff-backup --terminal-verbosity 2 server"
	access full
}

old() { try rdiff-backup --remote-schema "$OLD" "$@"; }
new() { try rdiff-backup --api-version "${API:-201}" --remote-schema "$NEW" "$@"; }

# Two backups of one second are an error.
tick() { sleep 1.1; }

@test "full, the command line before 2.1: backup, increment, list, restore, remove" {
	old src alice@stage::dst
	assert_status 0
	assert_same src/plain $D/dst/plain
	tick
	echo two >src/plain
	old src alice@stage::dst
	assert_status 0
	old --list-increments alice@stage::dst
	assert_out "Found 1 increments"
	old --restore-as-of now alice@stage::dst got
	assert_status 0
	assert_tree src got
	old --restore-as-of 1B alice@stage::/files/dst before
	assert_status 0
	printf 'one\0two\r\n\xff' | cmp - before/plain || fail "the older version differs"
	old --remove-older-than 0s --force alice@stage::dst
	assert_status 0
	old --list-increments alice@stage::dst
	assert_out "Found 0 increments"
	assert_equal "$(stat -c %U $D/dst/rdiff-backup-data)" alice
}

@test "full, the command line since 2.1: backup, increment, list, remove; restore by protocol 200" {
	new backup src alice@stage::dst
	assert_status 0
	tick
	echo two >src/plain
	new backup src alice@stage::dst
	assert_status 0
	new list increments alice@stage::dst
	assert_out "Found 1 increments"
	# protocol 201 of 2.2.2 cannot restore from afar, with or without a gate
	API=200 new restore alice@stage::dst got
	assert_status 0
	assert_tree src got
	new --force remove increments --older-than 0s alice@stage::dst
	assert_status 0
}

@test "read-only: restore; no backup, no removal, nothing changes" {
	local before
	old src alice@stage::dst
	assert_status 0
	before=$(docroot_sum)
	access read-only
	old --restore-as-of now alice@stage::dst got
	# 2: with a warning, for it cannot write its log at the far side
	assert_status 2
	assert_tree src got
	new list increments alice@stage::dst
	assert_out "Found 0 increments"
	tick
	echo more >src/more
	old src alice@stage::dst
	assert_fails
	new backup src alice@stage::dst
	assert_fails
	old src alice@stage::other
	assert_fails
	assert_equal "$(docroot_sum)" "$before"
}

@test "append-only, drop-box: not offered; for the first, nothing would hold modes and times" {
	local preset
	for preset in append-only drop-box; do
		access $preset
		old src alice@stage::dst
		assert_fails
		assert_said 'reason="access: '
	done
	assert_equal "$(find $D -mindepth 1)" ""
}

@test "nothing outside the docroot can be written, and what is read there is the view's" {
	old src alice@stage::/etc/dst
	assert_fails
	old src alice@stage::/dst
	assert_fails
	old src alice@stage::../dst
	assert_fails
	old /etc/hosts.d alice@stage::/home/dst
	assert_fails
	# what it leaves in /tmp is gone with the view
	old src alice@stage::/tmp/dst
	assert_missing /tmp/dst
}

# A client of our own: one request whose argument, when it is unpickled, calls a function.
hostile() { # PYTHON EXPRESSION, a tuple (callable, args)
	cat >client.py <<-END
		import os, pickle, struct, subprocess, sys
		class Call:
		    def __reduce__(self): return ($1)
		body = pickle.dumps(Call(), 1)
		# type, request number, length of what follows: rdiff_backup/connection.py
		packet = b"o" + bytes([0]) + len(body).to_bytes(7, "big") + body
		sys.stdout.buffer.write(packet)
	END
	python3 client.py >packet
	for _ in 1 2 3; do cat packet; done >packets
	try sh -c "ssh -F $STAGE_SSH_CONFIG alice@stage 'rdiff-backup --server' <packets"
}

@test "a client that sends code runs it, and has no more than the account has" {
	old src alice@stage::dst
	local before
	access read-only
	before=$(docroot_sum)
	# that it does run is the point: nothing that rdiff-backup itself restricts can be relied on
	hostile 'os.write, (1, b"the code ran\n")'
	assert_out "the code ran"
	hostile 'os.open, ("/files/dst/new", 65)'
	hostile 'os.unlink, ("/files/dst/plain",)'
	hostile 'os.rename, ("/files/dst/plain", "/files/x")'
	hostile 'os.chmod, ("/files/dst/plain", 0)'
	hostile 'os.system, ("touch /files/ran; echo shell",)'
	refute_out shell
	hostile 'os.execv, ("/bin/echo", ["echo", "executed"])'
	refute_out executed
	hostile '__import__("socket").create_connection, (("127.0.0.1", 22),)'
	refute_out SSH
	assert_equal "$(docroot_sum)" "$before"
	assert_nothing_ran
	access full
	hostile 'os.system, ("echo shell",)'
	refute_out shell
	hostile 'os.open, ("/etc/new", 65)'
	hostile 'os.open, ("/files/dst/new", 65)'
	assert_exists $D/dst/new
}

@test "what the gate says, a client cannot say" {
	local words
	for words in '--server --restrict /' '--server --restrict-path /' 'server --restrict-mode read-write' \
		'--restrict-update-only / --server' '--remote-schema id --server' '--tempdir /files --server' 'server --debug' \
		'--test-server alice@x::y' 'backup a b' 'a b' '--server a' '-s' '@/files/options server' '--version'; do
		try stage_ssh alice "rdiff-backup $words"
		assert_refused
	done
}
