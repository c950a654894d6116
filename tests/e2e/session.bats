#!/usr/bin/env bats
# Goal: nothing survives its session, and no program undoes what bounds it. A program that forks, or an account with
# max-duration or max-sessions, has the gate as a parent outside its process namespace; sftp and scp have nothing of
# ours beside them. All of it for a program that is hostile from its first byte.

load lib

ONE_PROCESS=internal-sftp          # RUNS_PLAIN
FORKS='rsync --server -e.L . x'    # RUNS_FORK
SPAWNS='git-upload-pack x'         # RUNS_SPAWN

setup_file() {
	e2e_setup
	stage_user bob "$STAGE_GATE"
	stage_docroot /srv/bob bob
	"${CC:-gcc}" -std=gnu17 -O1 -o "$STANDIN-dynamic" "$STAGE_CHECKOUT/tests/e2e/standin.c"
	stage_sshd </dev/null
}

setup() {
	policy
	stage_log_clear
}

policy() { # LINE… for alice
	stage_policy <<-END
		[defaults]
		docroot = /srv/%u
		commands = sftp scp rsync git
		access = full
		program sftp = $STANDIN
		program scp = $STANDIN
		program rsync = $STANDIN
		program git = $STANDIN-dynamic
		[user bob]
		[user alice]
		$(printf '%s\n' "$@")
	END
}

both() { # runs the function once with either gate
	gate=$STAGE_GATE "$@" || return
	gate=$GATE_WITHOUT_CAPS "$@"
}

# Processes of alice's: at most 5 seconds until there are that many.
processes() { pgrep -c -u alice || true; }
assert_processes() {
	local i
	for ((i = 0; i < 250; i++)); do
		[ "$(processes)" = "$1" ] && return
		sleep 0.02
	done
	fail "$1 processes expected, there are: $(pgrep -a -u alice)"
}

no_parent() {
	hold_gate "$ONE_PROCESS"
	assert_processes 1 || return
	assert_equal "$(readlink "/proc/$pid/exe")" "$STANDIN" || return
	release
}
@test "sftp is executed in place: nothing of ours stays" { both no_parent; }

one_parent() {
	local command
	for command in "$FORKS" "$SPAWNS"; do
		hold_gate "$command"
		assert_processes 2 || return
		assert_equal "$(readlink "/proc/$pid/exe")" "$gate" "the parent" || return
		local program
		program=$(pgrep -P "$pid")
		# a session of its own: what it sends to its group does not reach the parent, whatever Landlock scopes
		assert_equal "$(ps -o sid= -p "$program" | tr -d ' ')" "$program" "the program's session" || return
		! grep '^blocked' "$out" || fail "what the parent waits for is blocked in the program" || return
		release
		assert_processes 0 || return
	done
}
@test "a program that forks has one parent, the gate" { both one_parent; }

parent_is_shut_in() {
	# a policy of some size, which is read and need not be kept
	mapfile -t others < <(for i in {1..400}; do printf '[user u%d]\ndocroot = /srv/u%d\n' "$i" "$i"; done)
	policy "${others[@]}"
	hold_gate "$FORKS"
	local fds kept
	assert_equal "$(sed -n 's/^Seccomp:\t//p' "/proc/$pid/status")" 2 || return
	assert_equal "$(sed -n 's/^NoNewPrivs:\t//p' "/proc/$pid/status")" 1 || return
	assert_equal "$(sed -n 's/^Cap[A-Z][a-z]*:\t//p' "/proc/$pid/status" | sort -u)" 0000000000000000 || return
	fds=$(cd "/proc/$pid/fd" && echo *)
	assert_equal "$fds" "2 3" "what the parent has open: stderr and the log" || return
	assert_equal "$(readlink "/proc/$pid/cwd")" / "where it is" || return
	# nobody but root reads its memory, or traces it
	assert_equal "$(stat -c %U "/proc/$pid/environ")" root || return
	# In KiB, and what no other gate has too: its text lies in the page cache once.
	kept=$(awk '/^Anonymous/ { print $2 }' "/proc/$pid/smaps_rollup")
	echo "# the parent keeps $kept KiB" >&3
	[ "$kept" -le 128 ] || fail "the parent keeps $kept KiB" || return
	release
}
@test "the parent: stderr and the log alone, a filter of its own, no capability, under 128 KiB" { both parent_is_shut_in; }

status_passes() {
	local command
	for command in "$ONE_PROCESS" "$FORKS" "$SPAWNS"; do
		attempts "exit 7"
		try_gate "$command"
		assert_status 7 || return
		attempts "exit 0"
		try_gate "$command"
		assert_status 0 || return
	done
	# 31: the filter's; with and without a parent the same signal.
	attempts memfd
	try_gate "$ONE_PROCESS"
	assert_status 159 || return
	try_gate "$FORKS"
	assert_status 159
}
@test "exit status and signal are passed on as they are" { both status_passes; }

dies_by_itself() {
	# The first process of a namespace has no default actions but those the kernel forces.
	attempts abort
	try_gate "$FORKS"
	[ "$status" -gt 128 ] || fail "abort() did not end it" || return
	attempts "close 1" "close 2" "exit 3"
	try_gate "$FORKS"
	assert_status 3
}
@test "a program that is process 1 can still abort, and close what it likes" { both dies_by_itself; }

daemon_dies() {
	local command
	for command in "$FORKS" "$SPAWNS"; do
		attempts daemon daemon
		try_gate "$command"
		assert_attempt daemon ok || return
		assert_processes 0 || return
	done
}
@test "a daemon of the program's dies with it: setsid, double fork, every signal ignored" { both daemon_dies; }

dies_with_parent() {
	hold_gate "$1"
	printf '%s\n' ${2:-} undeath >&8
	for ((i = 0; i < 250; i++)); do grep -q '^undeath' "$out" && break; sleep 0.02; done
	assert_attempt undeath ENOSYS || return
	kill -KILL "$pid"
	assert_processes 0 || return
	release
}
@test "killing the parent kills the program and its daemons; a program cannot lift its death signal" {
	both dies_with_parent "$FORKS" daemon
}

# hold_session COMMAND: alice's through sshd, in the background; $pid is the client.
hold_session() {
	local i fifo=$BATS_TEST_TMPDIR/fifo
	out=$BATS_TEST_TMPDIR/out err=$BATS_TEST_TMPDIR/err tried="session: $1"
	rm -f "$fifo" && mkfifo "$fifo" && : >"$out"
	ssh -F "$STAGE_SSH_CONFIG" alice@stage "$1" <"$fifo" >"$out" 2>"$err" 3>&- &
	pid=$!
	exec 8>"$fifo"
	for ((i = 0; i < 500; i++)); do
		grep -q '^umask' "$out" && return
		sleep 0.02
	done
	fail "the stand-in does not wait"
}

# The process that sshd started: the gate, or the program in its place.
started() { pgrep -u alice -P "$(pgrep -u alice -f '^sshd')" | head -n 1; }

@test "sshd dies: a program in place dies with it at once" {
	hold_session "sftp-server"
	echo "sleep 60" >&8
	pkill -KILL -u alice -f '^sshd'
	assert_processes 0
	release
}

@test "sshd dies: a program that forks sees the end of its input, and what stays is killed" {
	hold_session "$FORKS"
	printf '%s\n' daemon "sleep 600" >&8
	for ((i = 0; i < 250; i++)); do grep -q '^daemon' "$out" && break; sleep 0.02; done
	assert_processes 4 # sshd's, parent, program, daemon
	pkill -KILL -u alice -f '^sshd'
	for ((i = 0; i < 60; i++)); do [ "$(processes)" = 0 ] && break; sleep 0.25; done
	assert_processes 0
	release
}

@test "a parent that is told to end gives its program time" {
	hold_gate "$FORKS"
	kill -TERM "$pid"
	sleep 0.2 # what would end at once has ended
	echo "stat /files" >&8
	for ((i = 0; i < 250; i++)); do grep -q '^stat' "$out" && break; sleep 0.02; done
	assert_attempt "stat /files" ok
	release
}

@test "sshd dies: rsync still keeps its partial file, which is what the ten seconds are for" {
	stage_policy <<-END
		[user alice]
		docroot = /srv/alice
		commands = rsync
		access = full
	END
	head -c 20000000 /dev/urandom >"$BATS_TEST_TMPDIR/big"
	rm -f /srv/alice/big /srv/alice/.big.*
	rsync -e "ssh -F $STAGE_SSH_CONFIG" --partial --bwlimit=2000 "$BATS_TEST_TMPDIR/big" alice@stage: 2>/dev/null 3>&- &
	pid=$!
	for ((i = 0; i < 500; i++)); do
		[ -n "$(find /srv/alice -name '.big.*' -size +500k)" ] && break
		sleep 0.02
	done
	pkill -KILL -u alice -f '^sshd'
	wait "$pid" || true
	for ((i = 0; i < 60; i++)); do [ "$(processes)" = 0 ] && break; sleep 0.25; done
	assert_processes 0
	[ -s /srv/alice/big ] || fail "no partial file: $(ls -la /srv/alice)"
	[ "$(stat -c %s /srv/alice/big)" -lt 20000000 ] || fail "it was not cut short"
	rm -f /srv/alice/big
}

# An answer of the kernel's is changed on its way: what happens when the parent went at the wrong moment.
injected() { # INJECTION COMMAND
	try strace -f -qq -o /dev/null -e trace="${1%%:*}" -e inject="$1" setpriv --reuid=alice --regid=alice \
		--init-groups --inh-caps=-all -- env -i SSH_CONNECTION="192.0.2.7 1 192.0.2.1 22" "$STAGE_GATE" -c "$2"
}

@test "a parent that cannot be shut in kills its program (I4)" {
	local trace=$BATS_TEST_TMPDIR/trace
	try strace -f -qq -o "$trace" -e trace=getppid,kill,fork,vfork,clone -e inject=getppid:retval=1:when=2 setpriv \
		--reuid=alice --regid=alice --init-groups --inh-caps=-all -- env -i SSH_CONNECTION="192.0.2.7 1 192.0.2.1 22" \
		"$STAGE_GATE" -c "$FORKS"
	assert_status 71
	# its death would do the same a moment later; that is the kernel's promise, and this is ours
	grep -q "kill([0-9]*, SIGKILL[) ]" "$trace" || fail "the program is left to itself"
}

@test "a parent that is gone before its death is followed: no program (I4)" {
	injected getppid:retval=1:when=2 "$ONE_PROCESS"
	assert_status 71
	assert_not_run
	assert_err "parent: it is gone already"
	injected getppid:retval=1:when=2 "$FORKS"
	assert_status 71
	assert_err "parent: it is gone already"
	injected poll:retval=1 "$FORKS"
	assert_status 71
	assert_not_run
	injected setsid:error=EPERM "$FORKS"
	assert_status 71
	assert_not_run
	injected pidfd_open:error=ENOSYS "$FORKS"
	assert_status 71
	assert_not_run
}

expires() {
	policy "max-duration = 1s"
	stage_log_clear
	attempts daemon undeath stopclock "sleep 20"
	try_gate "$1"
	assert_status 75 || return
	refute_out "sleep 20" || return
	assert_err "sallyport: ended: max-duration (id " || return
	assert_processes 0 || return
	local id
	id=$(told_id)
	assert_record "$id" "verdict=ended" || return
	assert_record "$id" "reason=max-duration" || return
	assert_record "$id" "user=alice"
}
@test "max-duration: a program that does what it can against the clock ends with 75 and a record" {
	both expires "$FORKS"
}
@test "max-duration holds sftp too" { both expires "$ONE_PROCESS"; }

@test "max-duration leaves a session that is over before it alone" {
	policy "max-duration = 1h"
	attempts "exit 5"
	try_gate "$ONE_PROCESS"
	assert_status 5
	assert_equal "$(stage_log | grep -c verdict=ended)" 0
}

@test "a program in place cannot signal others by the descriptors' back door" {
	attempts setown killparent
	try_gate "$ONE_PROCESS"
	assert_attempt setown ENOSYS
	assert_attempt killparent EPERM
}

apart() {
	attempts parent host killparent
	try_gate "$FORKS"
	assert_out_line "parent 0" || return
	assert_out "host $(hostname | cut -c1-40)-" || return
	assert_attempt killparent ok ESRCH EPERM || return # kill(0, 0): its own group
	local first
	first=$(grep '^host' "$out")
	try_gate "$FORKS"
	[ "$first" != "$(grep '^host' "$out")" ] || fail "two sessions have one host name"
}
@test "a program that forks sees no process outside, and locks of host:pid are its own" { both apart; }

@test "no process namespace, no session (I4)" {
	local holder
	unshare --user sleep 60 &
	holder=$!
	for ((i = 0; i < 100; i++)); do
		[ "$(readlink "/proc/$holder/ns/user")" != "$(readlink /proc/self/ns/user)" ] && break
		sleep 0.02
	done
	echo "0 0 65536" >"/proc/$holder/uid_map"
	echo "0 0 65536" >"/proc/$holder/gid_map"
	nsenter --user -t "$holder" -S 0 -G 0 sh -c 'echo 0 >/proc/sys/user/max_pid_namespaces'
	try nsenter --user -t "$holder" -S "$(id -u alice)" -G "$(id -g alice)" env -i \
		SSH_CONNECTION="192.0.2.7 1 192.0.2.1 22" "$GATE_WITHOUT_CAPS" -c "$FORKS"
	kill "$holder"
	assert_status 71 || return
	assert_not_run || return
	assert_err "process namespace" || return
	# The limit is of that user namespace, not of the host.
	[ "$(cat /proc/sys/user/max_pid_namespaces)" -gt 0 ] || fail "the host's limit was changed"
}

full() { # max-sessions = 2: two are held, the third is refused, and a slot that is given back is free
	policy "max-sessions = 2"
	"$STAGE_TOOL" slots >/dev/null || fail "sallyport slots" || return
	hold_gate "$FORKS"
	local first=$pid
	exec 7>&8
	hold_gate "$ONE_PROCESS"
	try_gate "$ONE_PROCESS"
	assert_refused 75 || return
	assert_not_run || return
	assert_err "2 sessions are open, as many as the account may have; try later" || return
	assert_record "$(told_id)" "max-sessions = 2" || return
	assert_record "$(told_id)" "verdict=deny" || return
	# Another account has slots of its own; a refusal takes none.
	try stage_as bob env -i SSH_CONNECTION="192.0.2.7 1 192.0.2.1 22" "$gate" -c "$ONE_PROCESS"
	assert_status 0 || return
	try_gate "no such command"
	assert_status 77 || return
	kill -KILL "$first" # the worst end there is: nobody unlocks anything
	wait "$first" || true
	for ((i = 0; i < 100; i++)); do try_gate "$ONE_PROCESS"; [ "$status" = 0 ] && break; done
	assert_status 0 || return
	exec 7>&-
	release
	try_gate "$ONE_PROCESS"
	assert_status 0
}
@test "max-sessions: the next one is told to try later; a slot is free when its session is gone" { both full; }

thief() {
	policy "max-sessions = 1"
	"$STAGE_TOOL" slots >/dev/null || return
	hold_gate "$FORKS"
	# The first session is as hostile as it can be, and closes every descriptor it may know of.
	printf '%s\n' "stat $STAGE_SLOTS" "close 3" "close 4" "close 5" daemon undeath >&8
	for ((i = 0; i < 250; i++)); do grep -q '^undeath' "$out" && break; sleep 0.02; done
	assert_attempt "stat $STAGE_SLOTS" ENOENT || return
	assert_attempt "close 4" EBADF || return
	local held=$out
	try_gate "$ONE_PROCESS"
	assert_refused 75 || return
	out=$held release
	try_gate "$ONE_PROCESS"
	assert_status 0
}
@test "a program neither sees the slots nor has one open: it cannot give its own away" { both thief; }

@test "apply makes the slot files that a new policy needs" {
	rm -rf "${STAGE_SLOTS:?}"/*
	policy "max-sessions = 1"
	cp "$STAGE_POLICY" "$BATS_TEST_TMPDIR/new.ini"
	policy
	try "$STAGE_TOOL" apply --yes "$BATS_TEST_TMPDIR/new.ini"
	assert_status 0
	assert_out "made $STAGE_SLOTS/$(id -u alice) for alice"
	try_gate "$ONE_PROCESS"
	assert_status 0
	try "$STAGE_TOOL" slots
	assert_status 0
	assert_silent
}

@test "a core is not written, and the limit is the one that a pipe respects too" {
	attempts "limit core" abort
	try_gate "$FORKS"
	# core(5): with 0 a program named in core_pattern would still get the memory; 1 stops both.
	assert_out_line "limit core 1 1"
	[ "$status" -gt 128 ] || fail "it did not die of a signal"
	assert_equal "$(find /srv/alice -name '*core*')" ""
}

@test "another account can neither take slots nor stand in their way" {
	policy "max-sessions = 1"
	"$STAGE_TOOL" slots >/dev/null
	local file
	file=$STAGE_SLOTS/$(id -u alice)
	assert_equal "$(stat -c '%U %a %s' "$file")" "alice 600 0"
	! stage_as bob sh -c ": >'$file'" 2>/dev/null || fail "bob opened it"
	! stage_as bob flock -n "$file" true 2>/dev/null || fail "bob locked it"
	! stage_as bob touch "$STAGE_SLOTS/x" 2>/dev/null || fail "bob made a file there"
	! stage_as alice rm -f "$file" 2>/dev/null || fail "alice removed hers"
	try_gate "$ONE_PROCESS"
	assert_status 0
}

refused_without_slots() {
	policy "max-sessions = 1"
	"$STAGE_TOOL" slots >/dev/null || return
	local file
	file=$STAGE_SLOTS/$(id -u alice)
	eval "${1//FILE/$file}"
	try_gate "$ONE_PROCESS"
	rm -f "$file"
	chown root "$STAGE_SLOTS"
	chmod 755 "$STAGE_SLOTS"
	assert_refused 78 || return
	assert_not_run || return
	assert_err "max-sessions: "
}
@test "no slot file, or one that is not the account's alone: refused (I4)" {
	local gap
	install -m 600 -o alice /dev/null /home/alice/slot
	for gap in 'rm -f FILE' 'chmod 660 FILE' 'rm -f FILE; ln -s /home/alice/slot FILE' \
		'rm -f FILE; stage_as alice mkfifo -m 600 /home/alice/fifo; mv /home/alice/fifo FILE' 'chown bob FILE' 'rm -f FILE; ln -s /dev/null FILE' \
		'rm -f FILE; mkdir FILE' 'ln FILE FILE.2' 'chmod 777 "$STAGE_SLOTS"' 'chown alice "$STAGE_SLOTS"'; do
		refused_without_slots "$gap" || return
		rm -rf "${STAGE_SLOTS:?}"/*
	done
}

@test "a private /tmp is bounded, and the session's own" {
	attempts "fill /tmp/big" "create /tmp/small" "list /tmp"
	try_gate "$ONE_PROCESS"
	assert_attempt "fill /tmp/big" ENOSPC
	[ "$(sed -n 's/^filled //p' "$out")" -le 16 ] || fail "more than 16 MiB"
	attempts "list /tmp"
	try_gate "$ONE_PROCESS"
	! grep -q '^entry' "$out" || fail "what another session left"
	[ ! -e /tmp/big ] || fail "the host's /tmp"
	hold_gate "$ONE_PROCESS"
	[ "$(stat -f -c %c "/proc/$pid/root/tmp")" -le 4096 ] || fail "as many files as one likes"
	release
}

mounts_are_the_view() {
	hold_gate "$1"
	local target
	target=$(pgrep -u alice -f "${1%% *}" | tail -n 1)
	# What of the kernel's own list is neither ours nor the runtime's.
	cut -d' ' -f5 "/proc/$target/mountinfo" >"$BATS_TEST_TMPDIR/mounts"
	! grep -vx '/\|/tmp\|/files\|/etc/ld.so.cache\|/dev/null\|/dev/urandom\|/\(usr\|lib\|lib32\|lib64\|libx32\|bin\|sbin\)\(/.*\)\?' \
		"$BATS_TEST_TMPDIR/mounts" || fail "a mount of the host's is left" || return
	# The writable ones are /tmp and the docroot; none of them can be executed from.
	! awk '$6 ~ /^rw/ && $5 != "/tmp" && $5 != "/files"' "/proc/$target/mountinfo" | grep . ||
		fail "a mount that can be written" || return
	! awk '$6 !~ /nosuid/' "/proc/$target/mountinfo" | grep . || fail "a mount with setuid" || return
	! awk '($5 == "/tmp" || $5 == "/files" || $5 == "/") && $6 !~ /noexec/' "/proc/$target/mountinfo" | grep . ||
		fail "a mount that executes" || return
	! grep ' shared:\| master:' "/proc/$target/mountinfo" || fail "a mount that propagates" || return
	# And what of it the program itself can ask: nothing.
	printf '%s\n' "read /proc/self/mountinfo" listmount >&8
	for ((i = 0; i < 250; i++)); do grep -q '^listmount' "$out" && break; sleep 0.02; done
	assert_attempt "read /proc/self/mountinfo" ENOENT || return
	assert_attempt listmount ENOSYS || return
	release
}
@test "the host's mounts are gone after the switch, by the kernel's list" { both mounts_are_the_view "$FORKS"; }

# ---- Landlock alone: no process namespace where the gate has no capabilities, and still nothing survives ----

landlock_leaves_nothing() {
	local command
	policy "isolation = landlock"
	for command in "$FORKS" "$SPAWNS"; do
		attempts daemon daemon undeath "exit 4"
		try_gate "$command"
		assert_status 4 || return
		assert_attempt daemon ok || return
		assert_processes 0 || return
	done
}
@test "landlock: a daemon of the program's dies with it there too" { both landlock_leaves_nothing; }

landlock_flee() {
	policy "isolation = landlock"
	attempts flee daemon "exit 4"
	try_gate "$FORKS"
	assert_status 4 || return
	assert_attempt flee ok || return
	# The gate is gone no sooner than the last of them.
	assert_equal "$(processes)" 0 "processes when the gate has ended"
}
@test "landlock: processes that flee from one to the next are all caught before the session is over" { both landlock_flee; }

landlock_parent() {
	policy "isolation = landlock"
	hold_gate "$FORKS"
	assert_processes 2 || return
	assert_equal "$(sed -n 's/^Seccomp:\t//p' "/proc/$pid/status")" 2 || return
	local kept
	kept=$(awk '/^Anonymous/ { print $2 }' "/proc/$pid/smaps_rollup")
	[ "$kept" -le 128 ] || fail "the parent keeps $kept KiB" || return
	echo daemon >&8
	for ((i = 0; i < 250; i++)); do grep -q '^daemon' "$out" && break; sleep 0.02; done
	assert_processes 3 || return
	# A terminal's signals, and sshd's end, ask it to end; by default they would have killed it alone.
	kill -HUP "$pid"
	kill -INT "$pid"
	release
	assert_processes 0
}
@test "landlock: the parent is as small and shut in, and ends nothing but with all that there is" { both landlock_parent; }

landlock_hangup() { # COMMAND… that ends the session from outside
	stage_shell alice "$gate"
	policy "isolation = landlock"
	hold_session "$FORKS"
	printf '%s\n' daemon daemon >&8
	for ((i = 0; i < 250; i++)); do [ "$(grep -c '^daemon' "$out")" = 2 ] && break; sleep 0.02; done
	assert_processes 5 || return # sshd's, parent, program, two daemons
	"$@"
	for ((i = 0; i < 80; i++)); do [ "$(processes)" = 0 ] && break; sleep 0.25; done
	stage_shell alice "$STAGE_GATE"
	assert_processes 0 || return
	release
}
client_leaves() { kill -KILL "$pid"; exec 8>&-; }
sshd_dies() { pkill -KILL -u alice -f '^sshd'; }
@test "landlock: the client leaves, and the daemons with it" { both landlock_hangup client_leaves; }
@test "landlock: sshd's process is killed, and the daemons are after it" { both landlock_hangup sshd_dies; }

@test "landlock: without a list of its children no parent begins (I4)" {
	gate=$GATE_WITHOUT_CAPS
	policy "isolation = landlock"
	try strace -f -qq -o /dev/null -P /proc/thread-self/children -e inject=openat,open:error=ENOENT setpriv --reuid=alice \
		--regid=alice --init-groups --inh-caps=-all -- env -i SSH_CONNECTION="192.0.2.7 1 192.0.2.1 22" "$gate" -c "$FORKS"
	assert_status 71
	assert_not_run
	assert_err "parent: it cannot tell what a program would leave behind"
}
