# shellcheck shell=bash
# repo.bash - `load repo`, behind `load lib`: what the files for borg, svn, hg, unison, rdiff-backup and rclone share.

D=/srv/alice

repo_setup() {
	e2e_setup
	stage_sshd </dev/null
}

# An empty docroot, a client's home of this test's own, and something to transfer.
repo_fresh() {
	find $D -mindepth 1 -delete
	cd "$BATS_TEST_TMPDIR" || return
	export HOME=$BATS_TEST_TMPDIR/home
	mkdir -p "$HOME" src/dir
	printf 'one\0two\r\n\xff' >src/plain
	head -c 300000 /dev/urandom >src/dir/big
	echo 'with blank' >'src/with blank'
	RSH="ssh -F $STAGE_SSH_CONFIG"
}

# access VERBS [further lines]
access() {
	stage_policy <<-END
		[user alice]
		docroot = $D
		commands = sftp borg svn hg unison rdiff-backup rclone
		access = $1
		${2:-}
	END
}

assert_tree() { diff -r "$1" "$2" || fail "$1 and $2 differ"; }
# The gate's last word, from its log: not every client waits for stderr when the connection ends.
assert_said() { last_record | grep -qF -- "$1" || fail "in the last record expected: $1"; }
assert_fails() { [ "$status" != 0 ] || fail "this should fail"; }

# Every name beneath the docroot with its contents: what must not change.
docroot_sum() { (cd $D && find . -print0 | sort -z | tar -c --no-recursion --null -T - 2>/dev/null | sha256sum); }

# Something that would run if the program executed what lies in the docroot: it leaves a file behind.
plant() {
	printf '#!/bin/sh\ntouch %s/ran /tmp/ran /files/ran\n' $D >"$1"
	chmod 755 "$1"
	chown alice:alice "$1"
}

assert_nothing_ran() {
	assert_missing $D/ran && assert_missing /tmp/ran
}
