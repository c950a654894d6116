#!/usr/bin/env bats
# Goal: whatever is wrong with policy, account, docroot, program, call or log, the session ends with the documented
# status and a line that says what to do; nothing is executed (I4), nothing is on stdout (I6).

load lib

setup_file() {
	e2e_setup
	stage_docroot /srv/elsewhere alice
}

# The stand-in is what would run; with it in place, "nothing ran" can be seen.
good_policy() { # [lines for alice]
	stage_policy <<-END
		[defaults]
		commands = sftp scp rsync aspera
		access = full
		program sftp = $STANDIN
		program scp = $STANDIN
		program rsync = $STANDIN
		program ascp = $STANDIN
		[user alice]
		${1:-docroot = /srv/alice}
		${2:-}
	END
}

setup() {
	chmod -R go-w "$STAGE_PREFIX/etc"
	rm -rf "$STAGE_POLICY" "${STAGE_POLICY%/*}/users"/*
	good_policy
}

refuses() { # STATUS REASON…
	local status_wanted=$1 text
	shift
	try_gate "${command:-scp -t x}"
	assert_refused "$status_wanted" || return
	for text; do
		assert_err "$text" || return
	done
}

runs() {
	try_gate "${command:-scp -t x}"
	assert_status 0 && assert_ran
}

@test "with nothing wrong it runs" { runs; }

# ---- the policy file ----

@test "policy: missing" {
	rm "$STAGE_POLICY"
	refuses 78 "policy error: the policy is missing"
	assert_record "$(told_id)" "$STAGE_POLICY"
}

@test "policy: malformed; the record has file, line and word" {
	local line
	for line in 'colour = red' 'access = everything' '[user alice]' 'commands = sfpt' 'access' '[usr bob]' ' access = full' \
		$'access\t= full' 'docroot = relative' 'access.2 = x' $'access = full\r' 'umask = 9' '[user bob' 'x ; = y' \
		'access = list ; more' "message = $(printf 'x%.0s' {1..200})"; do
		good_policy "docroot = /srv/alice" "$line"
		refuses 78 "policy error: "
		assert_record "$(told_id)" "$STAGE_POLICY:"
		assert_record "$(told_id)" "verdict=error"
	done
	good_policy
	printf '[user bob]\ndocroot = /x\0\n' >>"$STAGE_POLICY"
	refuses 78
	printf '\xef\xbb\xbf' | cat - "$STAGE_POLICY" >"$STAGE_POLICY.bom" && mv "$STAGE_POLICY.bom" "$STAGE_POLICY"
	refuses 78
	head -c 2000000 /dev/zero | tr '\0' '#' >"$STAGE_POLICY"
	refuses 78
}

@test "policy: the nearest valid word is in the record" {
	good_policy "docroot = /srv/alice" "umsk = 022"
	refuses 78
	assert_record "$(told_id)" "nearest: umask"
}

@test "policy: empty is a policy that has no section for anybody" {
	: >"$STAGE_POLICY"
	refuses 77 "no section for this account"
}

@test "policy: of another owner, writable for group or others" {
	chown alice "$STAGE_POLICY"
	refuses 78 "not root's alone"
	chown root "$STAGE_POLICY"
	for mode in 664 646; do
		chmod $mode "$STAGE_POLICY"
		refuses 78 "not root's alone"
	done
	chmod 600 "$STAGE_POLICY"
	refuses 78 "cannot be opened"
}

@test "policy: a link, a directory, a fifo" {
	mv "$STAGE_POLICY" "$STAGE_POLICY.real"
	ln -s "$STAGE_POLICY.real" "$STAGE_POLICY"
	refuses 78 "link"
	rm "$STAGE_POLICY" && mkdir "$STAGE_POLICY"
	refuses 78
	rmdir "$STAGE_POLICY" && mkfifo "$STAGE_POLICY"
	refuses 78 "not a regular file"
	rm "$STAGE_POLICY"*
}

@test "policy: in a directory of others, writable by others, behind a link" {
	local etc=$STAGE_PREFIX/etc
	for directory in "$etc/sallyport" "$etc" "$STAGE_PREFIX" /opt; do
		chmod o+w "$directory"
		refuses 78 "a directory on the way is not root's alone"
		chmod o-w "$directory"
		chown alice "$directory"
		refuses 78 "a directory on the way is not root's alone"
		chown root "$directory"
	done
	mv "$etc" "$etc.real" && ln -s "$etc.real" "$etc"
	refuses 78 "link"
	rm "$etc" && mv "$etc.real" "$etc"
	runs
}

@test "users/NAME.ini: read, and as guarded as the policy" {
	local file=${STAGE_POLICY%/*}/users/alice.ini
	sed -i '/^\[user alice\]/,$d' "$STAGE_POLICY"
	refuses 77 "no section for this account"
	printf '[user alice]\ndocroot = /srv/alice\n' >"$file"
	chmod 644 "$file"
	runs
	chmod 666 "$file"
	refuses 78 "not root's alone"
	chmod 644 "$file"
	printf '[user bob]\ndocroot = /srv/alice\n' >"$file"
	refuses 78
	printf '[user alice]\ndocroot = /srv/alice\n[user bob]\ndocroot = /srv/alice\n' >"$file"
	refuses 78
	rm "$file" && ln -s "$STAGE_POLICY" "$file"
	refuses 78 "link"
	rm "$file"
}

@test "users/NAME.ini at fault refuses that account only" {
	stage_user other "$STAGE_GATE"
	printf '\n[user other]\ndocroot = /srv/alice\n' >>"$STAGE_POLICY"
	chmod o+x /srv/alice
	echo nonsense >"${STAGE_POLICY%/*}/users/alice.ini"
	refuses 78
	try stage_as other env -i SSH_CONNECTION="192.0.2.7 1 192.0.2.1 22" "$STAGE_GATE" -c 'scp -t x'
	assert_ran
	chmod o-x /srv/alice
}

# ---- the account ----

@test "account: none with this uid, and uid 0" {
	try setpriv --reuid=63999 --regid=63999 --clear-groups env -i SSH_CONNECTION="192.0.2.7 1 192.0.2.1 22" \
		"$STAGE_GATE" -c 'scp -t x'
	assert_refused 77
	assert_err "no account has this uid"
	# what the one that is asked has to say is not for the client
	printf '#!/bin/sh\necho noise >&2\nexit 2\n' >"$STAGE_OWN/getent" && chmod 755 "$STAGE_OWN/getent"
	mount -n --bind "$STAGE_OWN/getent" /usr/bin/getent
	try setpriv --reuid=63999 --regid=63999 --clear-groups env -i SSH_CONNECTION="192.0.2.7 1 192.0.2.1 22" \
		"$STAGE_GATE" -c 'scp -t x'
	umount -n /usr/bin/getent
	assert_refused 77
	assert_equal "$(wc -l <"$err")" 1 "lines for the client"
	# one that cannot be asked has not said that there is none
	printf '#!/bin/sh\nexit 1\n' >"$STAGE_OWN/getent"
	mount -n --bind "$STAGE_OWN/getent" /usr/bin/getent
	try setpriv --reuid=63999 --regid=63999 --clear-groups env -i "$STAGE_GATE" -c 'scp -t x'
	umount -n /usr/bin/getent
	assert_refused 71
	assert_err "getent cannot be asked"
	try setpriv --reuid=63999 --regid=63999 --clear-groups env -i prlimit --nofile=4 "$STAGE_GATE" -c 'scp -t x'
	assert_refused 71
	assert_err "getent cannot be asked"
	last_record | grep -q ' detail=' || fail "$(last_record)"
	# nor is a child of somebody else's waited for, that came along by exec
	try timeout 5 setpriv --reuid=63999 --regid=63999 --clear-groups sh -c 'sleep 20 >/dev/null 2>&1 & exec "$0" -c x' "$STAGE_GATE"
	assert_refused 77
	try env -i SSH_CONNECTION="192.0.2.7 1 192.0.2.1 22" "$STAGE_GATE" -c 'scp -t x'
	assert_refused 77
	assert_err "root is not a transfer account"
}

@test "account: without a section" {
	stage_user nobodys "$STAGE_GATE"
	try stage_as nobodys env -i SSH_CONNECTION="192.0.2.7 1 192.0.2.1 22" "$STAGE_GATE" -c 'scp -t x'
	assert_refused 77
	assert_err "no section for this account"
}

@test "account: USER, LOGNAME and HOME of the environment are not believed (E07)" {
	stage_user mallory "$STAGE_GATE"
	try stage_as mallory env -i SSH_CONNECTION="192.0.2.7 1 192.0.2.1 22" USER=alice LOGNAME=alice HOME=/home/alice \
		"$STAGE_GATE" -c 'scp -t x'
	assert_refused 77
	assert_record "$(told_id)" "user=mallory"
}

# ---- the docroot ----

@test "docroot: unset" {
	good_policy "umask = 027"
	refuses 78 "docroot is not set for this account"
}

@test "docroot: missing, a file, a link, behind a link" {
	good_policy "docroot = /srv/nowhere"
	refuses 78 "docroot: the docroot is missing" "a directory that the account can enter"
	echo >/srv/plain
	good_policy "docroot = /srv/plain"
	refuses 78 "docroot: the docroot is not a directory"
	ln -s alice /srv/link
	good_policy "docroot = /srv/link"
	refuses 78 "docroot: the docroot is a link"
	mkdir -p /srv/deep/down && ln -s deep /srv/shallow
	good_policy "docroot = /srv/shallow/down"
	refuses 78 "docroot: "
	rm -r /srv/plain /srv/link /srv/deep /srv/shallow
}

@test "docroot: not reachable or not to be entered by the account" {
	mkdir -p /srv/closed/in
	chmod 700 /srv/closed
	good_policy "docroot = /srv/closed/in"
	refuses 78 "docroot: "
	chmod 755 /srv/closed && chmod 700 /srv/closed/in
	refuses 78 "cannot be entered by the account"
	rm -r /srv/closed
}

@test "docroot: a parent that others can write to, or of another owner" {
	mkdir -p /srv/open/in && chmod 777 /srv/open
	good_policy "docroot = /srv/open/in"
	refuses 78 "bad ownership or modes for a directory above the docroot"
	chmod 755 /srv/open && chown 63999 /srv/open
	refuses 78 "bad ownership or modes for a directory above the docroot"
	rm -r /srv/open
}

@test "docroot: the home directory or above, by whatever spelling" {
	good_policy "docroot = /home/alice"
	refuses 78 "the docroot is the home directory or above it" "docroot-home = allow"
	good_policy "docroot = %h"
	refuses 78 "the docroot is the home directory or above it"
	good_policy "docroot = /home"
	refuses 78 "the docroot is the home directory or above it"
	good_policy "docroot = /"
	refuses 78 "the docroot is the home directory or above it"
	# another name of the same directory
	mkdir /srv/bound && mount -n --bind /home/alice /srv/bound
	good_policy "docroot = /srv/bound"
	refuses 78 "the docroot is the home directory or above it"
	umount -n /srv/bound && rmdir /srv/bound
}

@test "docroot-home = allow: it may" {
	good_policy "docroot = /home/alice" "docroot-home = allow"
	runs
}

@test "docroot: a directory of the home is fine" {
	install -d -o alice /home/alice/transfer
	good_policy "docroot = %h/transfer"
	runs
}

# ---- the program ----

@test "program: not installed, not executable, outside the view, a directory" {
	good_policy "docroot = /srv/alice" "program scp = $STAGE_PROGRAMS/nothing"
	refuses 78 "it is not installed" "install it, or set \`program\` in the policy"
	echo text >"$STAGE_PROGRAMS/text" && chmod 755 "$STAGE_PROGRAMS/text"
	good_policy "docroot = /srv/alice" "program scp = $STAGE_PROGRAMS/text"
	refuses 78
	install -m 644 "$STANDIN" "$STAGE_PROGRAMS/no-x"
	good_policy "docroot = /srv/alice" "program scp = $STAGE_PROGRAMS/no-x"
	refuses 78
	install -m 755 "$STANDIN" /srv/outside
	good_policy "docroot = /srv/alice" "program scp = /srv/outside"
	refuses 78 "it is not installed"
	rm /srv/outside
	good_policy "docroot = /srv/alice" "program scp = /usr/bin"
	refuses 78
}

@test "program: in the docroot it is data" {
	install -m 755 -o alice "$STANDIN" /srv/alice/mine
	good_policy "docroot = /srv/alice" "program scp = /files/mine"
	refuses 78
	assert_not_run
}

# ---- the call ----

@test "call: argc 0, more than -c takes, flags that are none" {
	local c="192.0.2.7 1 192.0.2.1 22"
	try stage_as alice env -i SSH_CONNECTION="$c" "$LAUNCH" argc0 -- "$STAGE_GATE"
	assert_refused 64
	for arguments in "-c" "-c a b" "-i" "-l" "--version" "script" "-x" "--" "-rt" "-r -r --profile" "--policy /tmp/x"; do
		# shellcheck disable=SC2086 # words
		try stage_as alice env -i SSH_CONNECTION="$c" "$STAGE_GATE" $arguments
		assert_refused 64
	done
	try stage_as alice env -i SSH_CONNECTION="$c" "$LAUNCH" argv0= -- "$STAGE_GATE"
	[ "$status" = 64 ] || [ "$status" = 77 ]
	assert_not_run
	try stage_as alice env -i SSH_CONNECTION="$c" "$LAUNCH" argv0=- -- "$STAGE_GATE"
	assert_refused 77
}

@test "call: a command of 64 KiB is read, one byte more and 128 KiB are refused" {
	local size
	try stage_as alice env -i SSH_CONNECTION="192.0.2.7 1 192.0.2.1 22" "$LAUNCH" command=65536 -- "$STAGE_GATE" -c x
	assert_refused 77
	assert_err "not a command this account may run"
	for size in 65537 131000; do
		try stage_as alice env -i SSH_CONNECTION="192.0.2.7 1 192.0.2.1 22" \
			"$LAUNCH" command=$size -- "$STAGE_GATE" -c x
		assert_refused 77
		assert_err "64 KiB"
		assert_equal "$(last_record | wc -c | awk '{ print ($1 < 8192) }')" 1
	done
	# a thousand and some words
	command="scp -t $(printf 'x %.0s' {1..1100})" refuses 77
}

@test "call: few descriptors, no memory, no processes: no exec without confinement (E21)" {
	local c="192.0.2.7 1 192.0.2.1 22"
	for limit in nofile=3 nofile=4 nofile=5 nofile=8 nofile=12 as=3000000 fsize=0 fsize=1 nproc=1 stack=65536; do
		try stage_as alice env -i SSH_CONNECTION="$c" "$LAUNCH" $limit -- "$STAGE_GATE" -c 'scp -t x'
		case $status in
		0) assert_ran ;; # with enough of it
		71 | 75 | 78) assert_not_run && assert_silent ;;
		139 | 134 | 137) assert_not_run && assert_silent ;; # not even started
		*) fail "status under $limit" ;;
		esac
		echo "# $limit: status $status $(head -n 1 "$err")" >&3
	done
}

@test "call: too few descriptors is said" {
	try stage_as alice env -i SSH_CONNECTION="192.0.2.7 1 192.0.2.1 22" "$LAUNCH" nofile=3 -- "$STAGE_GATE" -c 'scp -t x'
	assert_status 71
	assert_err "sallyport: refused: "
}

@test "call: closed stdin, stdout, stderr, and all of them (E18)" {
	local c="192.0.2.7 1 192.0.2.1 22" closed
	for closed in close=0 close=1 close=2 "close=0 close=1" "close=0 close=1 close=2"; do
		# shellcheck disable=SC2086 # words
		try stage_as alice env -i SSH_CONNECTION="$c" "$LAUNCH" $closed -- "$STAGE_GATE" -c 'scp -t x'
		# Where capabilities are gained, the C library opens a closed one so that writing to it fails (1).
		[ "$status" = 0 ] || { [ "$status" = 1 ] && [ "$closed" != close=0 ]; } || fail "with $closed"
		assert_equal "$(last_record | grep -o 'verdict=[a-z]*')" verdict=allow
		case $closed in *close=1*) ;; *) assert_equal "$(grep -c '^fd' "$out")" 3 descriptors ;; esac
		# shellcheck disable=SC2086
		try stage_as alice env -i SSH_CONNECTION="$c" "$LAUNCH" $closed -- "$STAGE_GATE" -c 'id'
		assert_status 77
		assert_silent
	done
}

@test "call: closed streams where no C library opens them: /dev/null stands in their place (E18)" {
	local closed
	for closed in close=0 close=2 "close=0 close=2"; do
		# shellcheck disable=SC2086 # words
		try stage_as alice env -i SSH_CONNECTION="192.0.2.7 1 192.0.2.1 22" "$LAUNCH" $closed -- \
			"$GATE_WITHOUT_CAPS" -c 'scp -t x'
		assert_status 0
		assert_equal "$(grep '^fd' "$out" | tr '\n' ' ')" "fd 0 fd 1 fd 2 "
	done
}

@test "call: a client that is gone: the session ends with its status, and the record is there" {
	local fifo=$BATS_TEST_TMPDIR/gone
	mkfifo "$fifo"
	exec 6<>"$fifo" 7>"$fifo" 6<&- # nobody reads it any more
	stage_log_clear
	status=0 tried="a client that is gone"
	stage_as alice env -i SSH_CONNECTION="192.0.2.7 1 192.0.2.1 22" "$STAGE_GATE" -c 'id; id' 2>&7 3>&- || status=$?
	exec 7>&-
	assert_status 77
	last_record | grep -q 'verdict=deny' || fail "no record"
}

@test "call: not an SSH connection is refused, local = yes permits it" {
	try stage_as alice env -i "$STAGE_GATE" -c 'scp -t x'
	assert_refused 77
	assert_err "not an SSH connection"
	good_policy "docroot = /srv/alice" "local = yes"
	try stage_as alice env -i "$STAGE_GATE" -c 'scp -t x'
	assert_ran
	assert_equal "$(last_record | grep -o 'from=[^ ]*')" from=local
}

# 120,000 names are looked at for each pattern, with the two that every directory has of itself.
@test "call: a wildcard looks into 40,000 directories, and at a million names" {
	perl -e 'mkdir "/srv/alice/d$_", 0755 for 1 .. 40_000'
	command='scp -f */none*' runs
	assert_out_line 'argv */none*'
	command="scp -f $(printf 'd*/none* %.0s' {1..10})" refuses 77 'a wildcard that looks at too many names'
	perl -e 'rmdir "/srv/alice/d$_" for 1 .. 40_000'
}

# ---- the log ----

@test "log: absent, transfers work; under log-required they do not" {
	stage_log_stop
	local rc=0
	try_gate 'scp -t x'
	assert_status 0 && assert_ran || rc=1
	try_gate id
	[ "$status" = 77 ] && grep -q 'refused' "$err" || rc=1
	good_policy "docroot = /srv/alice" "log-required = yes"
	try_gate 'scp -t x'
	[ "$status" = 78 ] && [ ! -s "$out" ] && grep -q 'the log cannot be written' "$err" || rc=1
	stage_log_start
	[ $rc = 0 ] || fail "without a log"
	runs
}

# The head of a record is "<FACILITY * 8 + SEVERITY>": AUTHPRIV is 10, LOCAL0 16.
@test "log: log-facility, from where the policy is known; what comes before is authpriv's" {
	good_policy "docroot = /srv/alice" "log-facility = LOCAL0"
	runs
	last_record | grep -q '^<134>.* verdict=allow ' || fail "a grant"
	command=id refuses 77
	last_record | grep -q '^<132>.* verdict=deny ' || fail "a refusal"
	good_policy "docroot = /srv/alice" "log-facility = LOCAL8"
	refuses 78
	last_record | grep -q '^<84>.* verdict=error .*nearest: LOCAL' || fail "a policy at fault"
}

@test "log: one that does not read must not hold a session for ever" {
	# log-required: the record cannot be written, so the session ends, and soon
	stage_log_stop
	local rc=0 begin=$SECONDS
	good_policy "docroot = /srv/alice" "log-required = yes"
	"$STAGE_OWN/logsink" serve /dev/log /dev/null 3>&- &
	local sink=$!
	sleep 0.2
	kill -STOP $sink
	local i
	# fills its queue (net.unix.max_dgram_qlen)
	for ((i = 0; i < 600; i++)); do
		timeout 0.2 "$STAGE_OWN/logsink" sync /dev/log "$BATS_TEST_TMPDIR/none" 2>/dev/null || break
	done
	for ((i = 0; i < 12; i++)); do try_gate 'scp -t x'; [ "$status" = 0 ] || break; done
	[ "$status" = 78 ] || rc=1
	kill -KILL $sink
	stage_log_start
	[ $((SECONDS - begin)) -lt 120 ] || fail "it was held"
	[ $rc = 0 ] || fail "a lost record should refuse"
}
