#!/usr/bin/env bats
# Goal: every isolation serves real clients whatever the docroot lies on: tmpfs, another ext4, behind a bind mount with
# mounts in it, a read-only mount. What is mounted there stays as confined as the rest.

load lib
load isolation

setup_file() {
	e2e_setup
	stage_sshd </dev/null
	local n
	# The stage's /dev has no loop devices; these go with its namespace.
	mknod /dev/loop-control c 10 237
	for n in 0 1 2 3 4 5 6 7; do
		mknod "/dev/loop$n" b 7 "$n"
	done
}

setup() {
	find /srv -mindepth 1 -delete
}

teardown() {
	local at
	grep -o ' /srv/[^ ]*' /proc/self/mountinfo | sort -r | while read -r at; do
		umount -n "$at" 2>/dev/null || umount -n -l "$at"
	done
	find /srv -mindepth 1 -delete
	rm -f /root/image
}

# The grounds: each makes /srv/alice.
on_tmpfs() {
	mkdir /srv/alice
	mount -n -t tmpfs -o mode=755 ground /srv/alice
}

on_ext4() {
	mkdir /srv/alice
	truncate -s 192M /root/image
	mke2fs -q -t ext4 -F /root/image
	mount -n -o loop /root/image /srv/alice
	rmdir /srv/alice/lost+found
}

on_bind() {
	mkdir -p /srv/alice /srv/real/tree
	mount -n --bind /srv/real/tree /srv/alice
}

# in_isolation NAME: DATA is the account's directory on the host.
in_isolation() {
	DATA=/srv/alice
	if [ "$1" = chroot ]; then
		policy chroot "start = /alice"
		"$STAGE_PREFIX/sbin/sallyport" docroot prepare >"$BATS_TEST_TMPDIR/prepared" || {
			cat "$BATS_TEST_TMPDIR/prepared"
			return 1
		}
		DATA=/srv/alice/alice
	else
		policy "$1"
		chown alice: /srv/alice && chmod 750 /srv/alice
	fi
}

mount_inside() { # a file system inside the docroot, of the account's
	mkdir "$DATA/more"
	mount -n -t tmpfs -o mode=755,uid=alice more "$DATA/more"
	echo inside >"$BATS_TEST_TMPDIR/inside"
	try stage_scp -O "$BATS_TEST_TMPDIR/inside" alice@stage:more/x
	assert_status 0 || return
	assert_same "$BATS_TEST_TMPDIR/inside" "$DATA/more/x" || return
	try stage_rsync -a alice@stage:more/x "$BATS_TEST_TMPDIR/back"
	assert_status 0 || return
	assert_same "$BATS_TEST_TMPDIR/inside" "$BATS_TEST_TMPDIR/back"
}

serves() { # GROUND ISOLATION
	"$1"
	in_isolation "$2" || return
	transfers "$DATA" || return
	mount_inside || return
	umount -n "$DATA/more"
}

read_only() { # ISOLATION
	on_tmpfs
	in_isolation "$1" || return
	echo content >"$DATA/file" && chown alice "$DATA/file"
	mount -n -o remount,ro /srv/alice
	try stage_scp -O alice@stage:file "$BATS_TEST_TMPDIR/file"
	assert_status 0 || return
	try stage_rsync -a alice@stage:file "$BATS_TEST_TMPDIR/again"
	assert_status 0 || return
	assert_same "$DATA/file" "$BATS_TEST_TMPDIR/again" || return
	printf -v stdin '%s\n' "get file $BATS_TEST_TMPDIR/third" "put $BATS_TEST_TMPDIR/third up"
	try stage_sftp alice
	stdin=
	assert_status 1 || return
	assert_same "$DATA/file" "$BATS_TEST_TMPDIR/third" || return
	assert_missing "$DATA/up"
}

@test "tmpfs: namespace" { serves on_tmpfs namespace; }
@test "tmpfs: chroot" { serves on_tmpfs chroot; }
@test "tmpfs: landlock" { serves on_tmpfs landlock; }
@test "another ext4: namespace" { serves on_ext4 namespace; }
@test "another ext4: chroot" { serves on_ext4 chroot; }
@test "another ext4: landlock" { serves on_ext4 landlock; }
@test "a bind mount, with a mount inside: namespace" { serves on_bind namespace; }
@test "a bind mount, with a mount inside: chroot" { serves on_bind chroot; }
@test "a bind mount, with a mount inside: landlock" { serves on_bind landlock; }
@test "read-only: namespace" { read_only namespace; }
@test "read-only: chroot" { read_only chroot; }
@test "read-only: landlock" { read_only landlock; }
