#!/usr/bin/env bats
# Goal: in chroot and landlock, too, a hostile program can do nothing of what `sallyport check` says is held against the
# program (I5). There is no read-only mount, and check does not claim one.

load lib
load hostile

setup_file() {
	e2e_setup
}

setup() {
	find /srv -mindepth 1 -delete
}

landlock() {
	ISOLATION=landlock FILES=/srv/alice
	stage_docroot /srv/alice alice
	fresh
}

chroot_() {
	ISOLATION=chroot START=/alice FILES=/alice D=/srv/alice/alice
	access full "program sftp = $STANDIN
program scp = $STANDIN
program rsync = $STANDIN
program git = $STANDIN"
	"$STAGE_TOOL" docroot prepare >/dev/null || fail "docroot prepare" || return
	fresh
}

no_mount_claimed() {
	access read-only
	"$STAGE_TOOL" check -C user=alice internal-sftp >"$BATS_TEST_TMPDIR/check"
	! grep 'read-only mount\|layers .*mounts' "$BATS_TEST_TMPDIR/check" || fail "check claims a mount"
}

@test "landlock: a hostile sftp-server" { landlock; assert_holds internal-sftp; no_mount_claimed; }
@test "landlock: a hostile scp -t" { landlock; assert_holds 'scp -t x'; }
@test "landlock: a hostile rsync sender" { landlock; assert_holds 'rsync --server --sender -e.L . x'; }
@test "landlock: a hostile git-upload-pack" { landlock; assert_holds 'git-upload-pack x'; }
@test "chroot: a hostile sftp-server" { chroot_; assert_holds internal-sftp; no_mount_claimed; }
@test "chroot: a hostile scp -f" { chroot_; assert_holds 'scp -f x'; }
@test "chroot: a hostile rsync sender" { chroot_; assert_holds 'rsync --server --sender -e.L . x'; }
@test "chroot: a hostile git-upload-pack" { chroot_; assert_holds 'git-upload-pack x'; }
