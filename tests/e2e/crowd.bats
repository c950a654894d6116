#!/usr/bin/env bats
# Goal: 1,000 sessions started at once, half of them killed at random: the gate, the parent that waits, the program, the
# client, sshd's process. Limits hold, none hangs, and nothing is left: no process, mount, lock, file or memory; the log
# has a line for each that came so far. What is random follows from a seed, which is printed; CROWD_SEED=N repeats it.

load lib
# Other stages make do with ten numbers.
[ "${STAGE_UID:-100000}" -ge 100000 ] || STAGE_UID=$((100000 + (STAGE_UID - 60000) * 10))

ACCOUNTS=60
SESSIONS=1000
CLIENTS=100        # of them, through sshd
MOST=10            # max-sessions where there is one
PATIENCE=120       # seconds until a session hangs

setup_file() {
	e2e_setup
	stage_compile crowd.c "$STAGE_OWN/crowd"
	stage_compile unmounted.c "$STAGE_OWN/unmounted"
	stage_compile crowd-program.c "$STAGE_PROGRAMS/crowd"
	# As a logger that is a service has processor time of its own; one of a thousand equals would be late for many,
	# and a session does not wait for ever (sallyport-shell(8), LOG).
	renice -n -15 -p "$(cat "$STAGE_OWN/logsink.pid")" >/dev/null
	mkdir /srv/crowd
	mount -n -t tmpfs -o mode=0755 crowd /srv/crowd
	local i
	for ((i = 0; i < ACCOUNTS; i++)); do
		stage_user "c$i" "$STAGE_GATE"
		stage_key "c$i"
		is_chroot $i || stage_docroot "/srv/crowd/c$i" "c$i"
	done
	crowd_policy
	"$STAGE_TOOL" docroot prepare >/dev/null
	for ((i = 0; i < ACCOUNTS; i++)); do
		install -m 0600 -o "c$i" /dev/null "$(place_of $i)/here"
	done
	"$STAGE_TOOL" slots >/dev/null
	stage_sshd <<-END
		MaxStartups 1000
		MaxSessions 1000
		LoginGraceTime 100
	END
}

# A docroot of root's, with the account's own directory in it.
is_chroot() { (($1 % 12 == 6 || $1 % 12 == 7)); }
place_of() { is_chroot "$1" && echo "/srv/crowd/c$1/c$1" || echo "/srv/crowd/c$1"; }

# Eight kinds of account; each runs what forks and what does not. An account of this crowd has some sixty processes.
crowd_policy() {
	local i
	stage_policy < <(
		printf '%s\n' '[defaults]' 'commands = scp rsync' 'access = full' 'docroot = /srv/crowd/%u' \
			"program scp = $STAGE_PROGRAMS/crowd" "program rsync = $STAGE_PROGRAMS/crowd" \
			'limit processes = 200'
		for ((i = 0; i < ACCOUNTS; i++)); do
			echo "[user c$i]"
			! is_chroot $i || printf 'isolation = chroot\nstart = /%%u\n'
			case $((i % 12)) in [0-3] | [89]) echo 'limit tmp = 1M' ;; esac
			case $((i % 6)) in
			1 | 3) echo "max-sessions = $MOST" ;;&
			2 | 3) echo 'max-duration = 10s' ;;&
			4 | 5) echo 'isolation = landlock' ;;&
			5) echo "max-sessions = $MOST" ;;
			esac
		done
	)
}

# One line for the driver: account, number, how it comes in.
session() {
	local uid most=0 number=$2 command program=(scp\\_-t rsync\\_--server\\_-e.L\\_.)
	uid=$(((${STAGE_UID:?} + 1) + $1))
	case $(($1 % 6)) in 1 | 3 | 5) most=$MOST ;; esac
	# Among the real names without a limit a daemon outlives a parent that root kills (SECURITY): it starts none there.
	(($1 % 6 != 4 || number % 3)) || number=$((number + 1))
	command=${program[$2 / 6 % 2]}\\_$most.$number
	case $3 in
	client) echo "0 $uid /usr/bin/ssh -F $STAGE_SSH_CONFIG c$1@stage $command" ;;
	*) echo "$uid 0 /usr/bin/env -i SSH_CONNECTION=192.0.2.7\\_50000\\_192.0.2.1\\_22 $3 -c $command" ;;
	esac
}

sessions() {
	local i
	for ((i = 0; i < SESSIONS; i++)); do
		if ((i % (SESSIONS / CLIENTS) == 0)); then
			session $((i / 7 % ACCOUNTS)) "$i" client
		elif ((i % 9 == 0)); then
			session $((i % ACCOUNTS)) "$i" "$GATE_WITHOUT_CAPS"
		else
			session $((i % ACCOUNTS)) "$i" "$STAGE_GATE"
		fi
	done
}

# What must be as it was. Locks: those of the slot files, by inode.
leftovers() {
	local file
	cat /proc/mounts /proc/sysvipc/*
	find "$STAGE_SLOTS" "$STAGE_STATE" /dev/shm /run -printf '%p %s %m %U\n' | sort
	for file in "$STAGE_SLOTS"/*; do grep ":$(stat -c %i "$file") " /proc/locks || true; done
	find /tmp -maxdepth 1 -uid "+$STAGE_UID" -uid "-$((STAGE_UID + ACCOUNTS + 2))" | sort
	ps -e -o uid=,stat=,args= | awk -v low="$STAGE_UID" '$1 > low && $1 < low + 100 || $2 ~ /^Z/'
	for file in /proc/[0-9]*/ns/{mnt,pid,user}; do readlink "$file"; done | sort -u
}

# Those whose end was told some other way are gone a moment later.
settled() {
	local i
	for ((i = 0; i < 100; i++)); do
		leftovers >"$BATS_TEST_TMPDIR/after"
		cmp -s "$1" "$BATS_TEST_TMPDIR/after" && return
		sleep 0.1
	done
	diff "$1" "$BATS_TEST_TMPDIR/after" | head -n 40 >&2
	fail "something is left"
}

count_ways() { # PATTERN: how many sessions ended so
	awk -v ways="$1" '$0 ~ "^(" ways ") " { n += $NF } END { print n + 0 }' "$out"
}

refute_records() { # WHY GREP-ARGUMENT…
	local found
	found=$(stage_log | grep "${@:2}" | head -n 3)
	[ -z "$found" ] || fail "$1: $found"
}

# Everything but syslog's own head is NAME=VALUE, each VALUE bare or in quotes.
assert_sound_log() {
	local value='("([^"\\]|\\.)*"|[^" =\\]+)'
	refute_records "malformed" -vE \
		"^<[0-9]+>.{15} sallyport-shell\[[0-9]+\]: verdict=[a-z]+ id=[0-9a-f]{8}( [a-z]+=$value)*$" || return
	assert_equal "$(stage_log | grep -oE 'verdict=(allow|deny|error) id=[0-9a-f]{8}' | sort | uniq -d | wc -l)" 0 "verdicts twice"
}

@test "a crowd of 1,000, half of it killed: limits hold, none hangs, nothing is left" {
	local seed=${CROWD_SEED:-$RANDOM$RANDOM} ran allowed
	echo "# CROWD_SEED=$seed" >&3
	leftovers >"$BATS_TEST_TMPDIR/before"
	sessions >"$BATS_TEST_TMPDIR/sessions"
	stage_log_clear
	out=$BATS_TEST_TMPDIR/out err=$BATS_TEST_TMPDIR/err status=0 tried="seed $seed"
	"$STAGE_OWN/crowd" "$seed" $((SESSIONS / 2)) "$PATIENCE" <"$BATS_TEST_TMPDIR/sessions" >"$out" 2>"$err" 3>&- || status=$?
	sed 's/^/# /' "$out" >&3
	assert_status 0
	assert_out_line "killed $((SESSIONS / 2))"
	# The program's own, try later, a client whose session was killed, and killed itself: nothing else.
	assert_equal "$(count_ways 'status 0|status 7|status 75|status 255|signal 9')" "$SESSIONS" "sessions that ended as they may"

	[ -z "$(find /srv/crowd -name exceeded)" ] || fail "more sessions at once than max-sessions"
	ran=$(find /srv/crowd -name ran -exec cat {} + | wc -c)
	allowed=$(stage_log | grep -c ' verdict=allow ')
	echo "# $ran programs ran, $allowed grants in the log" >&3
	((ran > SESSIONS / 4 && allowed >= ran)) || fail "$ran programs, $allowed records"
	for isolation in namespace chroot landlock; do
		stage_log | grep -q " verdict=allow .* isolation=$isolation " || fail "none in $isolation"
	done
	(($(stage_log | grep -c 'verdict=allow .* from=127.0.0.1 ') > CLIENTS / 2)) || fail "sshd's sessions did not come so far"
	(($(stage_log | grep -cE 'as many as the account may have|reason=max-duration') >= $(count_ways 'status 75'))) ||
		fail "somebody was turned away without a record"
	# but for the door that sees that who started the session was killed
	refute_records "a door did not close" -P 'verdict=error (?!.*reason="parent: it is gone already")'
	assert_sound_log
	settled "$BATS_TEST_TMPDIR/before"
}

@test "the slots are free again: as many sessions as there may be, of every account at once, in a pinned view" {
	local i n
	"$STAGE_TOOL" view pin >/dev/null
	for ((i = 0; i < ACCOUNTS; i++)); do
		for ((n = 0; n < MOST; n++)); do session "$i" $((6 * n)) "$STAGE_GATE"; done
	done >"$BATS_TEST_TMPDIR/sessions"
	leftovers >"$BATS_TEST_TMPDIR/before"
	stage_log_clear
	out=$BATS_TEST_TMPDIR/out err=$BATS_TEST_TMPDIR/err status=0
	"$STAGE_OWN/crowd" 1 0 "$PATIENCE" <"$BATS_TEST_TMPDIR/sessions" >"$out" 2>"$err" 3>&- || status=$?
	assert_status 0
	refute_records "a slot was not free" 'as many as the account may have'
	refute_records "not in the pinned view" 'verdict=allow .* view=built '
	settled "$BATS_TEST_TMPDIR/before"
	"$STAGE_TOOL" view check >/dev/null
	"$STAGE_TOOL" view unpin
}

@test "no clone of a docroot's mount, no directory and no file is held anywhere: its file system goes" {
	try "$STAGE_OWN/unmounted" /srv/crowd
	assert_status 0
}
