#!/usr/bin/env bats
# Goal: every isolation works where /usr is not merged: /bin, /sbin, /lib and /lib64 are directories of their own. The
# host's /usr is shown under the old names by mounts, in a root that replaces the stage's; nothing is a link.

load lib
load isolation

# pivot_root(8) takes all of the stage's processes along.
unmerge() {
	local name new=/mnt
	mount -n -t tmpfs -o mode=755 unmerged $new
	for name in /*; do
		[ "$name" = "$new" ] && continue
		if [ -d "$name" ]; then
			mkdir "$new$name"
			mount -n --rbind "$(readlink -f "$name")" "$new$name"
		fi
	done
	mkdir $new/mnt
	cd $new && pivot_root . mnt && cd / && umount -n -l /mnt
}

setup_file() {
	e2e_setup
	unmerge
	[ ! -L /bin ] && [ ! -L /lib ] && [ ! -L /lib64 ] && [ ! -L /sbin ] || stage_die "a link is left"
	stage_sshd </dev/null
}

setup() {
	find /srv -mindepth 1 -delete
	stage_docroot /srv/alice alice
}

@test "namespace: the directories are in the view, not links to them" {
	policy namespace "program scp = $STANDIN"
	attempts "list /" "stat /bin/cat" "stat /lib64" "write /bin/cat"
	try_gate 'scp -f x'
	assert_attempt "stat /bin/cat" ok
	assert_attempt "write /bin/cat" EROFS EACCES
	hold_gate 'scp -f x'
	for name in /bin /lib /lib64 /sbin /usr; do
		cut -d' ' -f5 "/proc/$pid/mountinfo" | grep -qx "$name" || fail "$name is not mounted"
	done
	release
	stdin=
	policy namespace
	transfers /srv/alice
}

@test "namespace, in a pinned view: the same directories, each read-only, or it is foul" {
	local name pin=/run/sallyport/view
	"$STAGE_TOOL" view pin >/dev/null
	policy namespace
	transfers /srv/alice
	last_record | grep -q 'verdict=deny .* view=pinned ' || fail "the view was built"
	policy namespace "program scp = $STANDIN"
	hold_gate 'scp -f x'
	for name in /bin /lib /lib64 /sbin /usr; do
		grep -q " $name ro,nosuid,nodev" "/proc/$pid/mountinfo" || fail "$name is not mounted"
	done
	release
	nsenter --mount="$pin/$(readlink $pin/current)" /usr/bin/mount -n -i -o remount,bind,rw,nosuid,nodev /sbin
	try_gate 'scp -f x'
	assert_refused 71
	assert_err "pinned view: what is pinned is not the view"
	"$STAGE_TOOL" view unpin
}

@test "namespace, by a user namespace" {
	policy namespace "program scp = $STANDIN"
	gate=$GATE_WITHOUT_CAPS
	attempts "stat /bin/cat" "write /bin/cat" "stat /srv"
	try_gate 'scp -f x'
	assert_attempt "stat /bin/cat" ok
	assert_attempt "write /bin/cat" EROFS EACCES
	assert_attempt "stat /srv" ENOENT
}

@test "landlock" {
	policy landlock
	transfers /srv/alice
}

@test "chroot" {
	rm -r /srv/alice
	policy chroot "start = /alice"
	"$STAGE_PREFIX/sbin/sallyport" docroot prepare >"$BATS_TEST_TMPDIR/prepared" || { cat "$BATS_TEST_TMPDIR/prepared"; false; }
	transfers /srv/alice/alice
}
