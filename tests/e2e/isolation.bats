#!/usr/bin/env bats
# Goal: each isolation serves real clients through a real sshd, and its log line says which it was.

load lib
load isolation

setup_file() {
	e2e_setup
	stage_sshd </dev/null
}

setup() {
	find /srv -mindepth 1 -delete
	stage_docroot /srv/alice alice
}

@test "namespace: sftp, scp, rsync and git" {
	policy namespace
	transfers /srv/alice
	last_record | grep -q ' isolation=namespace ' || fail "the record"
}

@test "landlock: sftp, scp, rsync and git" {
	policy landlock
	transfers /srv/alice
	last_record | grep -q ' isolation=landlock ' || fail "the record"
}

@test "chroot: sftp, scp, rsync and git, with what docroot prepare put there" {
	rm -r /srv/alice
	policy chroot "start = /alice"
	try "$STAGE_PREFIX/sbin/sallyport" docroot prepare
	cat "$out"
	assert_status 0
	transfers /srv/alice/alice
	last_record | grep -q ' isolation=chroot ' || fail "the record"
	try "$STAGE_PREFIX/sbin/sallyport" docroot check
	cat "$out"
	assert_status 0
}

@test "with a limit a parent waits in each: a process namespace by capabilities, or by a user namespace" {
	local gate
	policy landlock "max-duration = 10m
program scp = $STANDIN"
	for gate in "$STAGE_GATE" "$GATE_WITHOUT_CAPS"; do
		attempts "read /srv/alice/x" "read /etc/hostname" fork
		try_gate 'scp -t x'
		assert_ran
		assert_attempt "read /etc/hostname" EACCES
	done
	stdin=
	policy landlock "max-duration = 10m"
	transfers /srv/alice
	rm -r /srv/alice
	policy chroot "max-duration = 10m
start = /alice"
	"$STAGE_PREFIX/sbin/sallyport" docroot prepare >/dev/null
	rm -rf "${BATS_TEST_TMPDIR:?}"/*
	transfers /srv/alice/alice
	stage_shell alice "$GATE_WITHOUT_CAPS"
	rm -rf "${BATS_TEST_TMPDIR:?}"/* /srv/alice/alice/*
	transfers /srv/alice/alice
	stage_shell alice "$STAGE_GATE"
}
