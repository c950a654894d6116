#!/usr/bin/env bats
# Goal: `sallyport test` passes only what the policy really does, and fails loudly on everything else: a wrong
# verdict, argv, rule or reason, a section that it cannot read, no sections at all.

bats_require_minimum_version 1.5.0
load lib

BASE='[defaults]
docroot  = /srv/drop/%u
commands = sftp scp rsync
access   = read-only

[user alice]
access = full
profiles = nightly

[group partners]
from = 192.0.2.0/24

[profile nightly]
commands = rsync
hours    = 01:00-05:00
'

# with TEXT: the base policy with TEXT behind it.
with() { printf '%s\n%s\n' "$BASE" "$1" >"$POLICY"; }

# one LINE…: a test of these lines, run.
one() {
	local status_wanted=$1
	shift
	with "$(printf '[test t]\n'; printf '%s\n' "$@")"
	try "$status_wanted" "$TOOL" test -f "$POLICY"
}

passes() { one 0 "$@" && says 'ok 1 - t' && silent 'not ok'; }
fails() { one 1 "$@" && says 'not ok 1 - t'; }
faulty() { one 78 "$@" && says 'Bail out!' "$POLICY:"; }

ALICE=('user = alice' 'command = scp -t /in')

@test "the examples pass" {
	try 0 "$TOOL" test -f "$CHECKOUT/examples/policy.ini" "$CHECKOUT/examples/policy-tests.ini"
	says 'TAP version 13' '1..17'
	silent 'not ok'
}

@test "the output is TAP that prove(1) believes" {
	command -v prove >/dev/null || skip "no prove"
	local script=$BATS_TEST_TMPDIR/policy.t
	printf '#!/bin/sh\nexec "%s" test -f "%s"\n' "$TOOL" "$POLICY" >"$script"
	chmod +x "$script"
	with "[test t]
user = alice
command = scp -t /in
expect = allow"
	try 0 prove -e '' "$script"
	with "[test t]
user = alice
command = scp -t /in
expect = deny"
	try 1 prove -e '' "$script"
	with ''
	try 1 prove -e '' "$script"
	printf '[defaults\n' >"$POLICY"
	run prove -e '' "$script"
	[ "$status" != 0 ]
}

# ---- verdicts ----

@test "allow" { passes "${ALICE[@]}" 'expect = allow'; }
@test "allow where it is denied" {
	fails 'user = alice' 'command = id' 'expect = allow'
	says 'differs: "verdict"' 'expected: "allow"' 'got: "deny"' 'got-reason: "not a command' \
		"file: \"$POLICY\"" 'command: "id"' 'line: '
}
@test "deny" { passes 'user = alice' 'command = id' 'expect = deny'; }
@test "deny where it is allowed" {
	fails "${ALICE[@]}" 'expect = deny'
	says 'differs: "verdict"' 'got: "allow"' 'got-argv: ["scp", "-t", "/files/in"]'
}
@test "an account without a place is denied" {
	passes 'user = mallory' 'command = scp -t /in' 'expect = deny' 'reason = no section for this account'
}
@test "error: a policy that is wrong for this account" {
	BASE=${BASE/docroot  = /message = }
	passes "${ALICE[@]}" 'expect = error' 'reason = docroot is not set'
	fails "${ALICE[@]}" 'expect = deny'
	says 'got: "error"'
}
@test "an error is no denial, and a denial no error" {
	fails 'user = alice' 'command = id' 'expect = error'
}
@test "a file under users/ counts, and a fault in it is an error" {
	BASE=${BASE/'[user alice]'/'[user bob]'}
	mkdir "$BATS_TEST_TMPDIR/users"
	printf '[user alice]\naccess = full\n' >"$BATS_TEST_TMPDIR/users/alice.ini"
	passes "${ALICE[@]}" 'expect = allow'
	printf '[user alice]\naccess = everything\n' >"$BATS_TEST_TMPDIR/users/alice.ini"
	passes "${ALICE[@]}" 'expect = error' 'reason = neither a verb nor a preset'
}

# ---- what else is compared ----

@test "argv" { passes "${ALICE[@]}" 'expect = allow' 'argv = scp -t /files/in'; }
@test "argv: another word" {
	fails "${ALICE[@]}" 'expect = allow' 'argv = scp -t /files/out'
	says 'differs: "argv"' 'expected-argv: ["scp", "-t", "/files/out"]' 'got-argv: ["scp", "-t", "/files/in"]'
}
@test "argv: a word too few" { fails "${ALICE[@]}" 'expect = allow' 'argv = scp -t'; }
@test "argv: a word too many" { fails "${ALICE[@]}" 'expect = allow' 'argv = scp -t /files/in x'; }
@test "argv: a blank in a word" {
	passes 'user = alice' "command = scp -t '/in a'" 'expect = allow' 'argv = scp -t /files/in\x20a'
	fails 'user = alice' "command = scp -t '/in a'" 'expect = allow' 'argv = scp -t /files/in a'
}
@test "argv goes on in argv.2" {
	passes "${ALICE[@]}" 'expect = allow' 'argv = scp' 'argv.2 = -t /files/in'
}
@test "rule" {
	passes "${ALICE[@]}" 'expect = allow' 'rule = scp'
	fails "${ALICE[@]}" 'expect = allow' 'rule = sftp'
	says 'differs: "rule"' 'got-rule: "scp"'
}
@test "reason" {
	passes 'user = alice' 'command = scp -f ../x' 'expect = deny' 'reason = climbs out'
	fails 'user = alice' 'command = scp -f ../x' 'expect = deny' 'reason = not from this address'
	says 'differs: "reason"' 'expected-reason: "not from this address"'
}
@test "reason: the table's own word on an option counts" {
	passes 'user = alice' 'command = scp -S /tmp/x -t /in' 'expect = deny' 'reason = names a program to run'
}

# ---- the account and the connection ----

@test "home and uid: given, or made up, never the host's" {
	BASE=${BASE/\/srv\/drop\/%u/%h\/data}
	passes 'user = root' 'command = scp -t /in' 'expect = deny'
	BASE=${BASE/\[user alice]/[user alice]$'\n'docroot = \/srv\/%U}
	passes "${ALICE[@]}" 'uid = 4711' 'home = /srv/home' 'expect = allow'
}
@test "a group is only what the test says" {
	passes 'user = bob' 'addr = 192.0.2.1' 'command = scp -f x' 'expect = deny' 'reason = no section'
	passes 'user = bob' 'group = staff partners' 'addr = 192.0.2.1' 'command = scp -f x' 'expect = allow'
}
@test "key and cert-id: an account that lists keys has nothing for another" {
	local f=SHA256:0123456789abcdefghijklmnopqrstuvwxyzABCDEFG
	keyed() {
		printf '%s\n' "$BASE" '[user carol]' 'access = full' 'keys = a b' 'key-identity = yes' '[key a]' \
			"fingerprint = $f" 'access = read-only' '[key b]' 'cert-id = build job' '[test t]' 'user = carol' \
			"$@" >"$POLICY"
	}
	keyed 'command = scp -f x' "key = $f" 'expect = allow'
	try 0 "$TOOL" test -f "$POLICY"
	keyed 'command = scp -t x' "key = $f" 'expect = deny' 'reason = needs what the account may not do'
	try 0 "$TOOL" test -f "$POLICY"
	keyed 'command = scp -t x' 'cert-id = build job' 'expect = allow'
	try 0 "$TOOL" test -f "$POLICY"
	keyed 'command = scp -f x' "key = ${f%G}H" 'expect = deny' 'reason = not with this key'
	try 0 "$TOOL" test -f "$POLICY"
	keyed 'command = scp -f x' 'cert-id = build' 'expect = deny' 'reason = not with this key'
	try 0 "$TOOL" test -f "$POLICY"
	keyed 'command = scp -f x' 'expect = allow'
	try 1 "$TOOL" test -f "$POLICY"
	# and check asks the same way
	try 0 "$TOOL" check -f "$POLICY" -C "user=carol,home=/h,cert-id=build job" 'scp -t x'
	says 'with key b'
	try 77 "$TOOL" check -f "$POLICY" -C "user=carol,home=/h,key=$f" 'scp -t x'
	try 77 "$TOOL" check -f "$POLICY" -C "user=carol,home=/h" 'scp -f x'
	says 'not with this key'
}
@test "addr" {
	passes 'user = bob' 'group = partners' 'addr = 203.0.113.1' 'command = scp -f x' 'expect = deny'
	passes 'user = bob' 'group = partners' 'command = scp -f x' 'expect = deny' 'reason = not from this address'
}
@test "time and profile" {
	local rsync='command = rsync --server -e.LsfxCIvu . /'
	passes 'user = alice' 'profile = nightly' 'time = 202406030300' "$rsync" 'expect = allow'
	passes 'user = alice' 'profile = nightly' 'time = 202406030500' "$rsync" 'expect = deny' 'reason = hour'
	passes 'user = alice' 'profile = daily' 'time = 202406030300' "$rsync" 'expect = deny' 'reason = no such profile'
}
@test "restricted and token only take away" {
	passes 'user = alice' 'restricted = yes' 'command = scp -f *.txt' 'expect = deny'
	passes 'user = alice' 'restricted = no' 'command = scp -f *.txt' 'expect = allow'
	passes 'user = alice' 'token = marker' 'command = scp -f a' 'expect = deny' 'reason = unauthorized to transfer'
	passes 'user = alice' 'token = off' 'command = scp -f a' 'expect = allow'
}

# ---- hostile bytes ----

@test "escapes in a command" {
	passes 'user = alice' 'command = scp -f a\nid' 'expect = deny' 'reason = a control byte'
	passes 'user = alice' 'command = scp -f a\x3bid' 'expect = deny' 'reason = a shell operator'
	passes 'user = alice' 'command = scp -f a\x20\x3B id' 'expect = deny' 'reason = a shell operator'
	passes 'user = alice' 'command = scp -f a\tb' 'expect = allow' 'argv = scp -f a b'
	passes 'user = alice' 'command = scp -f \x27a\r\x27' 'expect = allow' 'argv = scp -f a\r'
	passes 'user = alice' 'command = scp -f a\\ b' 'expect = allow' 'argv = scp -f a\x20b'
	passes 'user = alice' 'command = scp -f \xff' 'expect = allow' 'argv = scp -f \xff'
	passes 'user = alice' 'command = \x20' 'expect = deny' 'reason = an empty command'
}
@test "foreign bytes do not reach the terminal" {
	fails 'user = alice' 'command = \x1b[2J' 'expect = allow'
	says '\u001b[2J'
}
@test "a name cannot excuse its failure" {
	with '[test x # TODO later]
user = alice
command = id
expect = allow'
	try 1 "$TOOL" test -f "$POLICY"
	says 'not ok 1 - x \# TODO later'
}
@test "an escape that is none" {
	faulty 'user = alice' 'command = a\qb' 'expect = deny'
	says 'not an escape' '\qb'
	faulty 'user = alice' 'command = a\x4' 'expect = deny'
	faulty 'user = alice' 'command = a\' 'expect = deny'
	faulty 'user = alice' 'command = a\x00b' 'expect = deny'
	faulty "${ALICE[@]}" 'expect = allow' 'argv = a\x2 0b'
}

# ---- faults of a test are faults of the policy ----

@test "what a test must have" {
	faulty 'command = id' 'expect = deny'
	says 'a [test] without user'
	faulty 'user = alice' 'expect = deny'
	says 'a [test] without command'
	faulty 'user = alice' 'command = id'
	says 'a [test] without expect'
}
@test "what a test must not have" {
	faulty "${ALICE[@]}" 'expect = deny' 'argv = scp'
	faulty "${ALICE[@]}" 'expect = allow' 'reason = because'
	faulty "${ALICE[@]}" 'expect = allow' 'docroot = /srv'
	says 'does not belong'
	faulty "${ALICE[@]}" 'expect = allow' 'comand = id'
	says 'not a setting'
	faulty "${ALICE[@]}" 'expect = allow' 'expect = deny'
	says 'given twice'
}
@test "values that are none" {
	faulty "${ALICE[@]}" 'expect = maybe'
	faulty "${ALICE[@]}" 'expect = allow' 'addr = host.example.com'
	faulty "${ALICE[@]}" 'expect = allow' 'addr = 192.0.2.300'
	faulty "${ALICE[@]}" 'expect = allow' 'time = yesterday'
	faulty "${ALICE[@]}" 'expect = allow' 'uid = 0'
	faulty "${ALICE[@]}" 'expect = allow' 'uid = 4294967295'
	faulty "${ALICE[@]}" 'expect = allow' 'home = srv'
	faulty "${ALICE[@]}" 'expect = allow' 'restricted = marker'
	faulty "${ALICE[@]}" 'expect = allow' 'token = yes'
	faulty 'user = al ice' 'command = id' 'expect = deny'
}
@test "a test of one name twice, and one without a name" {
	with '[test t]
user = a
command = b
expect = deny
[test t]
user = a
command = b
expect = deny'
	try 78 "$TOOL" test -f "$POLICY"
	says 'a section that was there before'
	with '[test]'
	try 78 "$TOOL" test -f "$POLICY"
	says "the section's name is missing"
}

# ---- files ----

@test "separate files, each counted" {
	with ''
	local i
	for i in 1 2; do
		printf '[test of %s]\nuser = alice\ncommand = scp -t /in\nexpect = allow\n' $i >"$BATS_TEST_TMPDIR/$i.ini"
	done
	cd "$BATS_TEST_TMPDIR"
	try 0 "$TOOL" test -f policy.ini 1.ini 2.ini
	says '1..2' 'ok 1 - of 1' 'ok 2 - of 2'
}
@test "with files, the policy's own tests are not run" {
	with '[test own]
user = alice
command = id
expect = allow'
	printf '[test t]\nuser = alice\ncommand = id\nexpect = deny\n' >"$BATS_TEST_TMPDIR/t.ini"
	try 0 "$TOOL" test -f "$POLICY" "$BATS_TEST_TMPDIR/t.ini"
	silent own
}
@test "no tests at all is a failure" {
	with ''
	try 1 "$TOOL" test -f "$POLICY"
	says '1..1' 'not ok 1' 'has no [test] section'
}
@test "an empty file among others is a failure" {
	with ''
	printf '# later\n' >"$BATS_TEST_TMPDIR/empty.ini"
	printf '[test t]\nuser = alice\ncommand = id\nexpect = deny\n' >"$BATS_TEST_TMPDIR/t.ini"
	try 1 "$TOOL" test -f "$POLICY" "$BATS_TEST_TMPDIR/t.ini" "$BATS_TEST_TMPDIR/empty.ini"
	says '1..2' 'ok 1 - t' 'not ok 2' 'empty.ini has no [test] section'
}
@test "a file of tests holds nothing else" {
	with ''
	printf '[user alice]\naccess = full\n[test t]\nuser = alice\ncommand = id\nexpect = deny\n' >"$BATS_TEST_TMPDIR/t.ini"
	try 78 "$TOOL" test -f "$POLICY" "$BATS_TEST_TMPDIR/t.ini"
	says 'Bail out!' 't.ini:1:' 'more than [test] sections'
}
@test "a file under users/ holds no tests" {
	with ''
	mkdir "$BATS_TEST_TMPDIR/users"
	printf '[user bob]\naccess = full\n[test t]\nuser = bob\ncommand = id\nexpect = deny\n' >"$BATS_TEST_TMPDIR/users/bob.ini"
	try 78 "$TOOL" check -f "$POLICY" -C user=bob,home=/x id
}
@test "a fault of the policy is no failed test" {
	with 'a line'
	try 78 "$TOOL" test -f "$POLICY"
	says 'Bail out!' 'a line that is no setting'
	silent '1..'
}
@test "a policy that is not there, a file that is not there, an option that is none" {
	try 64 "$TOOL" test -f "$BATS_TEST_TMPDIR/none"
	says "Bail out! $BATS_TEST_TMPDIR/none: there is no such file"
	silent usage
	with ''
	try 64 "$TOOL" test -f "$POLICY" "$BATS_TEST_TMPDIR/none"
	says "Bail out! $BATS_TEST_TMPDIR/none: there is no such file"
	silent usage '1..'
	try 64 "$TOOL" test -x
	says usage
}
@test "check takes no notice of tests" {
	with '[test t]
user = alice
command = id
expect = allow'
	try 77 "$TOOL" check -f "$POLICY" -C user=alice,home=/home/alice id
	try 0 "$TOOL" check -f "$POLICY" -C user=alice,home=/home/alice 'scp -t /in'
}
