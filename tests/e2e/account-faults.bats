#!/usr/bin/env bats
# Goal: whatever fails or is killed under `sallyport account`, the accounts are as before, or as asked for, or named as
# half-made and mended by the next run.

load lib
load account

# A useradd of another mind: the reason is its own, and nothing is left.
@test "what useradd refuses is told in its words, and undone" {
	printf '#!/bin/sh\necho "useradd: invalid user name: use --badname" >&2\nexit 3\n' >"$BATS_TEST_TMPDIR/useradd"
	chmod 755 "$BATS_TEST_TMPDIR/useradd"
	snapshot >"$BATS_TEST_TMPDIR/before"
	mount -n --bind "$BATS_TEST_TMPDIR/useradd" /usr/sbin/useradd
	account add alice
	umount -n /usr/sbin/useradd
	assert_status 71
	assert_out 'useradd: invalid user name'
	assert_out 'undone    group'
	refuse_change "$BATS_TEST_TMPDIR/before"
}

@test "a conversion that fails gives back shell, password and groups" {
	snapshot >"$BATS_TEST_TMPDIR/before"
	mkdir "$ETC/keys"
	mount -n -t tmpfs -o size=4k,mode=755 tmpfs "$ETC/keys"
	head -c 4096 /dev/zero >"$ETC/keys/.full"
	account add --convert --key "$KEY" human
	umount -n "$ETC/keys"
	rmdir "$ETC/keys"
	assert_status 71
	assert_out 'No space left on device'
	for step in settings directory member password shell; do assert_out "undone    $step"; done
	refuse_change "$BATS_TEST_TMPDIR/before"
}

@test "a full disk under the user database, the docroots, the policy or our own: named, and undone" {
	local at options
	for at in /etc /srv "$ETC" "$VAR"; do
		pristine
		options=size=16m
		[ $at != /srv ] || options=nr_inodes=1 # a directory takes no block of a tmpfs
		mount -n -t tmpfs -o "mode=755,$options" tmpfs /mnt
		cp -a "$at/." /mnt/
		mount -n --move /mnt "$at"
		head -c 100M /dev/zero 2>/dev/null >"$at/filler" || :
		snapshot | grep -v filler >"$BATS_TEST_TMPDIR/before"
		account add --access full --key "$KEY" alice
		snapshot | grep -v filler | diff "$BATS_TEST_TMPDIR/before" - >"$BATS_TEST_TMPDIR/diff" || :
		umount -n "$at"
		[ "$status" = 71 ] || fail "status, $at full"
		grep -q 'No space left\|cannot\|failure' "$out" || fail "no reason, $at full"
		[ ! -s "$BATS_TEST_TMPDIR/diff" ] || fail "left, $at full: $(cat "$BATS_TEST_TMPDIR/diff")"
	done
}

@test "two at once: the second waits for nobody; nor does one for a useradd that outlived its account add" {
	printf '#!/bin/sh\ntouch %s\nsleep 1\nexec %s "$@"\n' "$BATS_TEST_TMPDIR/begun" "$STAGE_OWN/useradd" >"$BATS_TEST_TMPDIR/useradd"
	chmod 755 "$BATS_TEST_TMPDIR/useradd"
	cp /usr/sbin/useradd "$STAGE_OWN/useradd"
	mount -n --bind "$BATS_TEST_TMPDIR/useradd" /usr/sbin/useradd
	"$STAGE_TOOL" account add alice >"$BATS_TEST_TMPDIR/first" 2>&1 3>&- &
	until [ -e "$BATS_TEST_TMPDIR/begun" ]; do sleep 0.02; done
	account add bob
	kill -KILL $!
	assert_status 75
	account add alice
	assert_status 75
	wait
	flock "$VAR/accounts" true
	umount -n /usr/sbin/useradd
	account add alice
	assert_status 0
	assert_equal "$(getent passwd | grep -c ':transfer account:')" 1
}

# In a state that a killed run left, whatever it is.
repairs() { # N of TOTAL
	account list
	if getent passwd alice >/dev/null || [ -e "$ETC/users/alice.ini" ] || [ -e "$ETC/keys/alice" ] || [ -e /srv/transfer/alice ]; then
		grep -q '^alice .*\(half-made\|guarded\)' "$out" || fail "call $1: half-made, and not named"
	fi
	account add --access full --key "$KEY" alice
	assert_status 0
	snapshot | diff "$STAGE_OWN/whole" - >"$BATS_TEST_TMPDIR/unlike" || :
	# groupadd that was killed: passwords of groups, which nobody has, are in a file of their own
	! grep '^[<>]' "$BATS_TEST_TMPDIR/unlike" | grep -vx '[<>] \(sallyport\|alice\):!::.*' || fail "call $1 is not repaired"
}

# Between two of these nothing changes: to be killed at one is to be killed anywhere behind the one before it.
CHANGES='^(mkdir|mkdirat|write|fchown|fchmod|fsync|renameat|rename|linkat|unlink|unlinkat|rmdir|clone|clone3|vfork|wait4|flock|openat\(.*O_CREAT)'

@test "SIGKILL at every system call that changes something: running it again repairs it" {
	local n at
	account add --access full --key "$KEY" alice
	snapshot >"$STAGE_OWN/whole"
	pristine
	strace -qq -o "$BATS_TEST_TMPDIR/calls" "$STAGE_TOOL" account add --access full --key "$KEY" alice >/dev/null
	sed -i '/^---/d' "$BATS_TEST_TMPDIR/calls"
	mapfile -t at < <(grep -nE "$CHANGES" "$BATS_TEST_TMPDIR/calls" | cut -d: -f1)
	[ "${#at[@]}" -gt 40 ] || fail "${#at[@]} calls"
	for n in "${at[@]}"; do
		pristine
		strace -qq -o /dev/null -e inject=all:signal=KILL:when=$n \
			"$STAGE_TOOL" account add --access full --key "$KEY" alice >/dev/null 2>&1 || :
		# a tool that was started ends by itself; the lock is its, too
		flock "$VAR/accounts" true
		repairs "$n"
	done
}

@test "SIGKILL of the system's tools, too: whatever useradd left, running it again repairs it" {
	local total n
	account add --access full --key "$KEY" alice
	snapshot >"$STAGE_OWN/whole"
	pristine
	total=$(strace -f -qq -e trace=rename,openat "$STAGE_TOOL" account add --access full --key "$KEY" alice 2>&1 >/dev/null |
		grep -c 'rename(')
	[ "$total" -ge 4 ] || fail "useradd renames $total files"
	for ((n = 1; n <= total; n++)); do
		pristine
		strace -f -qq -o /dev/null -e trace=rename -e inject=rename:signal=KILL:when=$n \
			"$STAGE_TOOL" account add --access full --key "$KEY" alice >/dev/null 2>&1 || :
		repairs "rename $n of $total"
	done
}

@test "every system call that changes something may fail: done, or undone whole" {
	local call n
	snapshot >"$BATS_TEST_TMPDIR/before"
	account add --access full --key "$KEY" alice
	snapshot >"$STAGE_OWN/whole"
	for call in mkdirat fchown fchmod fsync renameat openat2 linkat flock memfd_create; do
		for ((n = 1; n < 100; n++)); do
			pristine
			strace -qq -o "$BATS_TEST_TMPDIR/trace" -e trace=$call -e inject=$call:error=EIO:when=$n \
				"$STAGE_TOOL" account add --access full --key "$KEY" alice >"$BATS_TEST_TMPDIR/o" 2>&1 && status=0 || status=$?
			grep -q INJECTED "$BATS_TEST_TMPDIR/trace" || break
			snapshot >"$BATS_TEST_TMPDIR/after"
			cmp -s "$BATS_TEST_TMPDIR/after" "$STAGE_OWN/whole" && [ "$status" = 0 ] && continue
			cmp -s "$BATS_TEST_TMPDIR/after" "$BATS_TEST_TMPDIR/before" && [ "$status" != 0 ] && continue
			# what the failing call kept from being undone is named
			grep -q 'half-made' "$BATS_TEST_TMPDIR/o" || {
				cat "$BATS_TEST_TMPDIR/o"
				diff "$BATS_TEST_TMPDIR/before" "$BATS_TEST_TMPDIR/after"
				fail "$call $n: status $status"
			}
		done
	done
}

@test "^C between two steps is a step that failed" {
	snapshot >"$BATS_TEST_TMPDIR/before"
	try strace -qq -o /dev/null -e trace=fchown -e inject=fchown:signal=TERM:when=1 \
		"$STAGE_TOOL" account add --access full --key "$KEY" alice
	[ "$status" != 0 ] || fail "it went on"
	assert_out 'interrupted'
	refuse_change "$BATS_TEST_TMPDIR/before"
}
