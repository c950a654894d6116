#!/usr/bin/env bats
# Goal: the order of things, as the kernel saw it (I1, I2, I3): every capability is gone before the client's bytes are
# looked at; then the record, then the filter, then one exec of the program itself. No shell is ever executed.

load lib

# How door one is closed, in namespace; the tests of the others set their own.
DOOR=("unshare(" 'move_mount(' 'pivot_root(')

# Every word that the client sends holds this, so that it can be found.
MARK=zqclientbytes

setup_policy() { # further lines for alice
	stage_policy <<-END
		[user alice]
		docroot = /srv/alice
		commands = sftp scp rsync git
		access = full
		profiles = narrow
		$1
		[profile narrow]
		commands = sftp scp rsync git
	END
}

setup_file() {
	e2e_setup
	setup_policy
	WATCH=$STAGE_OWN/watch
	export WATCH
	stage_compile watch.c "$WATCH"
	echo one >"/srv/alice/$MARK"
	chown alice "/srv/alice/$MARK"
}

# session COMMAND: the words that start one of alice's (or $who's) as sshd would, in the form that $ENTRY says; by $caller.
session() {
	local words=() variables=(SSH_CONNECTION="192.0.2.7 1 192.0.2.1 22" SSH_ORIGINAL_COMMAND="$1")
	case ${ENTRY:-shell} in
	shell) words=(-c "$1") variables=("${variables[0]}") ;;
	ForceCommand) ;;
	forced) words=(--profile narrow) ;;
	forced-shell) words=(-c "$STAGE_GATE --profile narrow") ;;
	own) words=(--policy "/home/$who/policy.ini") ;;
	identity) words=(-c "$1") variables=("${variables[0]}" SSH_USER_AUTH=/tmp/sshauth.aaaaaaaaaaaaaaa) ;;
	esac
	session=("${caller[@]}" setpriv --reuid="${who:-alice}" --regid="${who:-alice}" --init-groups --inh-caps=-all -- env -i
		"${variables[@]}" "${gate:-$STAGE_GATE}" "${words[@]}")
}

# trace COMMAND: a whole session, by root, who may trace without taking capabilities away.
trace() {
	local t=$BATS_TEST_TMPDIR/trace session
	session "$1"
	try strace -f -s 4096 -o "$t" "${session[@]}"
	# From the gate's own exec on, without pids, numbered; of a gate that waits only the program's side of the fork.
	awk -v gate="execve(\"${gate:-$STAGE_GATE}\"" 'index($0, gate) { parent = $1 }
		!(forked && $1 == parent)
		$1 == parent && /[0-9]* *(v?fork|clone3?)\(/ { forked = 1 }' "$t" >"$t.program"
	sed 's/^[0-9]* *//' "$t.program" | sed -n "\\#^execve(\"${gate:-$STAGE_GATE}\"#,\$p" | cat -n >"$BATS_TEST_TMPDIR/gate"
	[ -s "$BATS_TEST_TMPDIR/gate" ] || fail "no trace"
}

# The number of the first (last) line that matches.
first() { grep -n -m 1 -e "$1" "$BATS_TEST_TMPDIR/gate" | cut -d: -f1; }
last() { grep -n -e "$1" "$BATS_TEST_TMPDIR/gate" | tail -n 1 | cut -d: -f1; }

assert_order() { # PATTERN…: first occurrences, each behind the one before
	local pattern at before=0
	for pattern; do
		at=$(first "$pattern")
		[ -n "$at" ] || fail "not in the trace: $pattern" || return
		[ "$at" -gt "$before" ] || fail "too early in the trace: $pattern" || return
		before=$at
	done
}

ALL_ZERO='capset({version=_LINUX_CAPABILITY_VERSION_3, pid=0}, {effective=0, permitted=0, inheritable=0}) = 0'

in_order() { # COMMAND PROGRAM
	trace "$1" || return
	assert_order "${DOOR[@]}" "prctl(PR_SET_NO_NEW_PRIVS, 1" \
		'write(3, "<86>' 'landlock_restrict_self(' 'seccomp(SECCOMP_SET_MODE_FILTER' "execve(\"$2\"" || return
	local dropped log filter
	dropped=$(last 'capset(')
	log=$(first 'write(3, "<86>')
	filter=$(first 'seccomp(SECCOMP_SET_MODE_FILTER')
	# The last capset empties every set, and comes before the record, which is the first sign of a decision.
	sed -n "${dropped}p" "$BATS_TEST_TMPDIR/gate" | grep -qF "$ALL_ZERO" || fail "the last capset is not the empty one" || return
	[ "$dropped" -lt "$log" ] && [ "$log" -lt "$filter" ] || fail "capset, record, filter: not in this order" || return
	# I1: until then the client's bytes are in no system call but the exec that brought them.
	! sed -n "2,${dropped}p" "$BATS_TEST_TMPDIR/gate" | grep -F "$MARK" || fail "the client's bytes, too early" || return
	# After it nothing privileged is tried, but for the one that proves the filter.
	! sed -n "$((dropped + 1)),\$p" "$BATS_TEST_TMPDIR/gate" |
		grep '\bmount(\|move_mount(\|unshare(\|setns(\|pivot_root(\|open_tree(\|setuid(\|setresuid(' ||
		fail "privileged calls after the drop"
}

one_exec() { # PROGRAM: two in all, the gate's own and the program's, and no other
	assert_equal "$(grep -c 'execve(' "$BATS_TEST_TMPDIR/gate")" 2 "execs" || return
	! grep 'execve(.*\(/sh\|bash\|dash\|getent\)"' "$BATS_TEST_TMPDIR/gate" || fail "a shell"
}

# Strace sees no reading of memory. So the processor watches the client's bytes, wherever they lie, and tells when they are
# touched. untouched COMMAND: nobody did between the opening of the policy and the last capability's end; after it,
# somebody did. Before it is the scanner of exact matches, I1's one exception, which has to be over by then.
untouched() {
	local session
	session "$1"
	try "$WATCH" "$MARK" "${gate:-$STAGE_GATE}" "${session[@]}"
	grep '^begin\|^call\|^capset\|^open\|^touched\|^exec\|^forked' "$err" >"$BATS_TEST_TMPDIR/watched"
	grep -q '^begin [1-4]$' "$BATS_TEST_TMPDIR/watched" || fail "nothing is watched" || return
	awk '/^open .*policy\.ini/ && !policy { policy = NR }
		/^capset/ { dropped = NR; last = $0 }
		/^touched/ { touched[++n] = NR }
		/^(write|exec)/ { over = NR }
		END {
			if (!policy || !dropped || last != "capset 0 0 0") print "no policy, or no drop: " last
			for (i = 1; i <= n; i++) {
				if (touched[i] > policy && touched[i] < dropped) print "touched at event " touched[i]
				after += touched[i] > dropped
			}
			if (!after) print "never touched"
		}' "$BATS_TEST_TMPDIR/watched" >"$BATS_TEST_TMPDIR/wrong"
	[ ! -s "$BATS_TEST_TMPDIR/wrong" ] || fail "${ENTRY:-shell}, '$1': $(cat "$BATS_TEST_TMPDIR/wrong")"
}

only_here() { [ "$(uname -m)" = x86_64 ] || skip "debug registers of x86-64"; }

# What one is called by; a parent waits beside the second, and the last is refused.
COMMANDS=("scp -f $MARK-and-more-of-it" "rsync --server --sender -e.L . $MARK-and-more-of-it" "$MARK-and-more-of-it; id")

every_entry() { # FUNCTION: in each form that sshd or a key may have
	local ENTRY who= gate=
	for ENTRY in shell ForceCommand forced forced-shell; do
		"$@" || return
	done
	gate=$GATE_WITHOUT_CAPS
	for ENTRY in shell ForceCommand forced; do
		"$@" || return
	done
}

untouched_commands() {
	local command
	for command in "${COMMANDS[@]}"; do
		untouched "$command" || return
	done
}

@test "the client's bytes are touched by nobody before the last capability is gone, in every form (I1)" {
	only_here
	every_entry untouched_commands
}

@test "nor in chroot and landlock, nor where sshd's file on the key is opened, nor under a policy of one's own (I1)" {
	only_here
	ENTRY=identity
	printf 'publickey %s\n' "$(cut -d' ' -f1,2 "$STAGE_OWN/client/id.pub")" >/tmp/sshauth.aaaaaaaaaaaaaaa
	chown alice: /tmp/sshauth.aaaaaaaaaaaaaaa
	cp "$STAGE_POLICY" "$BATS_TEST_TMPDIR/policy"
	sed -i 's/^access = full/&\nkey-identity = yes/' "$STAGE_POLICY"
	untouched_commands
	rm /tmp/sshauth.aaaaaaaaaaaaaaa
	stage_policy <"$BATS_TEST_TMPDIR/policy"
	# carol's own
	stage_user carol /bin/sh
	stage_docroot /srv/carol carol
	printf '[user carol]\ndocroot = /srv/carol\ncommands = scp rsync\nisolation = landlock\n' >/home/carol/policy.ini
	chown carol: /home/carol/policy.ini
	who=carol gate=$GATE_WITHOUT_CAPS ENTRY=own untouched_commands
	for ENTRY in shell ForceCommand; do
		for gate in "$STAGE_GATE" "$GATE_WITHOUT_CAPS"; do
			chroot_
			untouched_commands
			landlock
			untouched_commands
		done
	done
	namespace
}

in_order_here() { in_order "scp -f $MARK" /usr/bin/scp; }
@test "the order is the same in every form (I1 I2 I3)" { every_entry in_order_here; }

@test "what is dropped stays dropped: bounding set, securebits, ambient set, no_new_privs" {
	trace "scp -f $MARK"
	assert_order 'prctl(PR_CAPBSET_DROP, ' 'prctl(PR_SET_SECUREBITS, ' 'prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL' \
		'prctl(PR_SET_NO_NEW_PRIVS, 1'
	local bit
	for bit in NOROOT NOROOT_LOCKED NO_SETUID_FIXUP NO_SETUID_FIXUP_LOCKED KEEP_CAPS_LOCKED NO_CAP_AMBIENT_RAISE \
		NO_CAP_AMBIENT_RAISE_LOCKED; do
		grep 'prctl(PR_SET_SECUREBITS, ' "$BATS_TEST_TMPDIR/gate" | grep -qw "SECBIT_$bit\|1<<SECURE_$bit" ||
			fail "securebits without $bit"
	done
}

# An answer of the kernel's is changed on its way.
told_otherwise() { # INJECTION REASON [STATUS [COMMAND]]
	local session
	session "${4:-scp -f $MARK}"
	try strace -f -qq -o /dev/null -e trace="${1%%:*}" -e inject="$1" "${session[@]}"
	assert_refused "${3:-71}" || return
	assert_err "$2"
}

# lies COMMAND, and on stdin calls, a line each: CALL;TEXT;REASON[;STATUS]. The first of that kind with the text in it is
# said to have worked, and is not made. strace counts the calls of each process by itself.
lies() { # COMMAND
	local call text reason status_ pid at
	trace "$1" || return
	while IFS=';' read -r call text reason status_; do
		pid=$(grep " $call(" "$BATS_TEST_TMPDIR/trace" | grep -m 1 -e "$text" | cut -d' ' -f1)
		at=$(grep "^$pid  *$call(" "$BATS_TEST_TMPDIR/trace" | grep -n -m 1 -e "$text" | cut -d: -f1)
		[ -n "$at" ] || fail "not in the trace: $call $text" || return
		told_otherwise "$call:retval=0:when=$at" "$reason" "$status_" "$1" || return
	done
}

# The number of the first call with that in it, among those of its kind.
nth() { grep " $1(" "$BATS_TEST_TMPDIR/trace" | grep -n -m 1 -e "$2" | cut -d: -f1; } # CALL TEXT

@test "a door that only says it is shut is found out (I5)" {
	local at
	trace "scp -f $MARK"
	# the last capset is said to have worked; setpriv's are counted too
	told_otherwise "capset:retval=0:when=$(grep -c 'capset(' "$BATS_TEST_TMPDIR/trace")" 'verify: a capability is left'
	# a bounding set that cannot be emptied, though it is said to be: 64 are tried then
	at=$(nth prctl 'PR_CAPBSET_DROP')
	told_otherwise "prctl:retval=0:when=$at..$((at + 63))" 'verify: a capability is left in the bounding set'
	told_otherwise "prctl:retval=0:when=$(nth prctl PR_SET_NO_NEW_PRIVS)" 'verify: no_new_privs is not set'
	told_otherwise "mount_setattr:retval=0:when=$(grep -c 'mount_setattr(' "$BATS_TEST_TMPDIR/trace")" \
		'view: its root cannot be made read-only'
	told_otherwise 'umount2:retval=0' 'verify: the root is not the view'
	told_otherwise 'seccomp:retval=0' 'verify: no seccomp filter is in force'
}

# Somebody who leaves behind all that there is to be reset.
@test "what is set is asked back: what only says that it has done it is found out (I5)" {
	local caller=("$LAUNCH" block ignore alarm=300 personality=4000000 -- /usr/bin/env)
	stage_docroot /srv/alice/in alice
	cp "/srv/alice/$MARK" /srv/alice/in/
	setup_policy "limit files = 256
nice = 19
start = /in"
	lies "scp -f $MARK" <<-'END'
		mount_setattr;.;docroot: its mount cannot be restricted
		unshare;CLONE_NEWNS;mount namespace: it is still the host's
		prctl;PR_SET_SECUREBITS;capabilities: securebits cannot be set
		close_range;.;descriptors: cannot be closed
		rt_sigaction;SIGUSR1, {sa_handler=SIG_DFL;signals: cannot be reset
		rt_sigprocmask;SIG_SETMASK, \[\], NULL;signals: cannot be reset
		setitimer;ITIMER_PROF, .*it_value={tv_sec=0;timers: cannot be reset
		umask;umask(027);umask: cannot be set
		prlimit64;RLIMIT_NOFILE, {rlim_cur=256;limits: cannot be set
		setpriority;.;nice: cannot be set
		personality;personality(PER_LINUX);personality: cannot be reset
		move_mount;"files";verify: the current directory is not the docroot
		chdir;"/files";verify: the current directory is not the docroot
		prctl;PR_SET_PDEATHSIG;parent: its death cannot be followed
		prctl;PR_SET_MDWE\|prctl(0x41;mdwe: cannot be set
		rt_sigaction;SIGPIPE, {sa_handler=SIG_DFL;the program cannot be executed;78
	END
	# the last one: to the start directory
	told_otherwise "fchdir:retval=0:when=$(grep -c ' fchdir(' "$BATS_TEST_TMPDIR/trace")" "start: the start directory" 78
	setup_policy
}

@test "what a parent sets is asked back: the same (I5)" {
	local host
	host=$(cat /proc/sys/kernel/hostname)
	lies "rsync --server --sender -e.L . $MARK" <<-'END'
		unshare;CLONE_NEWPID;process namespace: the program is not in it
		setsid;.;parent: its session cannot be left
	END
	# with file capabilities it is not dumpable to begin with
	gate=$GATE_WITHOUT_CAPS lies "rsync --server --sender -e.L . $MARK" <<-'END'
		prctl;PR_SET_DUMPABLE, SUID_DUMP_DISABLE;parent: cannot be shut in
	END
	echo "$host" >/proc/sys/kernel/hostname
	isolated landlock
	lies "rsync --server --sender -e.L . $MARK" <<-'END'
		prctl;PR_SET_CHILD_SUBREAPER;parent: it cannot tell what a program would leave behind
	END
	setup_policy
}

# Alice as one that the pinned view does not know: with a group that she had not when it was made.
stranger() {
	local gid rc=0
	gid=$(id -g alice)
	groupmod -g 60124 alice
	"$@" || rc=$?
	groupmod -g "$gid" alice
	return $rc
}

@test "in a pinned view what only says that it has done it is found out (I5)" {
	"$STAGE_TOOL" view pin >/dev/null
	lies "scp -f $MARK" <<-'END'
		setns;.;pinned view: what is pinned is not the view
		unshare;CLONE_NEWNS;mount namespace: it is still the host's
		mount;"/session/[0-9-]*alice", "/session";view: the pinned passwd and group are not the account's
	END
	stranger lies "scp -f $MARK" <<-'END'
		mount;"tmpfs", "/session";view: a file cannot be made
		mount;MS_RDONLY.*MS_REMOUNT;view: its root cannot be made read-only
	END
	"$STAGE_TOOL" view unpin
}

@test "scp: drop, record, filter, one exec" {
	in_order "scp -f $MARK" /usr/bin/scp
	one_exec
	! grep -q 'vfork\|fork(\|clone' "$BATS_TEST_TMPDIR/gate" || fail "a process beside it"
}

@test "sftp: the same" {
	in_order /usr/lib/openssh/sftp-server /usr/lib/openssh/sftp-server
	one_exec
}

@test "rsync: the same" {
	in_order "rsync --server --sender -e.L . $MARK" /usr/bin/rsync
	one_exec
}

@test "git: the same until the program; what it starts is itself" {
	stage_as alice git init -q --bare "/srv/alice/$MARK.git"
	in_order "git-upload-pack $MARK.git" /usr/bin/git
	! grep 'execve(' "$BATS_TEST_TMPDIR/gate" | grep -v "execve(\"\($STAGE_GATE\|/usr/bin/git\|/usr/lib/git-core/git\)\"" ||
		fail "something else was executed"
}

@test "with a user namespace: capabilities end before the record, too (I1)" {
	gate=$GATE_WITHOUT_CAPS
	in_order "scp -f $MARK" /usr/bin/scp
	one_exec
	# none of the host's is taken along
	assert_order "$ALL_ZERO" 'unshare([A-Z_|]*CLONE_NEWUSER'
}

@test "in a pinned view: two capabilities, entered before anything of the session's is in it, then the same (I1 I2 I5)" {
	"$STAGE_TOOL" view pin >/dev/null
	local entered=('open_tree(' 'setns(' 'statfs("/"' 'readlink("/session/name"' 'unshare(CLONE_NEWNS' 'mount(NULL, "/", NULL, MS_REC|MS_PRIVATE')
	DOOR=("${entered[@]}" 'mount("/session/' 'statfs("/session/passwd"' 'mount("tmpfs", "/tmp"' 'move_mount(')
	enters_pinned
	DOOR=("${entered[@]}" 'mount("/session/' 'mount("tmpfs", "/session"' 'mount("/session/tmp"' 'MS_RDONLY|MS_NOSUID|MS_NODEV|MS_NOEXEC|MS_REMOUNT' 'move_mount(')
	stranger enters_pinned
	"$STAGE_TOOL" view unpin
}

enters_pinned() {
	local command
	for command in "scp -f $MARK" "rsync --server --sender -e.L . $MARK"; do
		in_order "$command" "/usr/bin/${command%% *}"
		one_exec
		! grep 'pivot_root(\|fsopen(' "$BATS_TEST_TMPDIR/gate" || fail "a view was built"
		grep -q 'readlinkat([0-9]*, "current"' "$BATS_TEST_TMPDIR/gate" || fail "the pinned view was not looked for"
		grep -o 'capset([^)]*)' "$BATS_TEST_TMPDIR/gate" | grep -o 'effective=[^}]*' >"$BATS_TEST_TMPDIR/raised"
		assert_equal "$(sed -n 1p "$BATS_TEST_TMPDIR/raised")" \
			"effective=1<<CAP_SYS_CHROOT|1<<CAP_SYS_ADMIN, permitted=1<<CAP_SETPCAP|1<<CAP_SYS_CHROOT|1<<CAP_SYS_ADMIN, inheritable=0"
		assert_equal "$(wc -l <"$BATS_TEST_TMPDIR/raised")" 3
	done
}

@test "a wildcard is looked up after the drop, inside the view, and behind Landlock and the filter" {
	trace "scp -f $MARK*"
	local dropped shut
	dropped=$(last 'capset(')
	shut=$(last 'seccomp(SECCOMP_SET_MODE_FILTER')
	! sed -n "2,${dropped}p" "$BATS_TEST_TMPDIR/gate" | grep -F "$MARK" || fail "the client's bytes, too early"
	! sed -n "$dropped,${shut}p" "$BATS_TEST_TMPDIR/gate" | grep getdents || fail "a directory is read, too early"
	sed -n "$shut,\$p" "$BATS_TEST_TMPDIR/gate" | grep -q getdents || fail "where was it expanded?"
}

@test "a refusal: drop, record, no exec, no filter needed" {
	trace "$MARK; id"
	assert_status 77
	assert_order "pivot_root(" "prctl(PR_SET_NO_NEW_PRIVS, 1" 'write(3, "<84>' 'write(2, "sallyport: refused'
	assert_equal "$(grep -c 'execve(' "$BATS_TEST_TMPDIR/gate")" 1 "execs"
	! grep -q 'write(1,' "$BATS_TEST_TMPDIR/gate" || fail "a write to stdout (I6)"
}

@test "doors do not depend on the command: the same calls until the drop, whatever it is (I2)" {
	local command previous=
	for command in "scp -f $MARK" "rsync --server -e.L . $MARK" "$MARK; id" "" "x'"; do
		trace "$command"
		# names of calls and fixed arguments; numbers of processes, addresses and random names differ
		sed -n "2,$(last 'capset(')p" "$BATS_TEST_TMPDIR/gate" | sed 's/^ *[0-9]*\t//; s/0x[0-9a-f]*/N/g; s/\b[0-9]\{2,\}\b/N/g; s/"[^"]*"\.*/S/g' >"$BATS_TEST_TMPDIR/door"
		if [ -n "$previous" ]; then
			diff "$previous" "$BATS_TEST_TMPDIR/door" || fail "'$command' makes another door"
		fi
		previous=$BATS_TEST_TMPDIR/door.before
		cp "$BATS_TEST_TMPDIR/door" "$previous"
	done
}

@test "the kernel is asked after each door (I5)" {
	trace "scp -f $MARK"
	local dropped filter
	dropped=$(last 'capset(')
	filter=$(first 'seccomp(SECCOMP_SET_MODE_FILTER')
	sed -n "$dropped,${filter}p" "$BATS_TEST_TMPDIR/gate" >"$BATS_TEST_TMPDIR/between"
	for call in 'capget(' 'PR_CAPBSET_READ' 'PR_GET_NO_NEW_PRIVS' '"/etc/shadow".*ENOENT' '"/proc".*ENOENT'; do
		grep -q "$call" "$BATS_TEST_TMPDIR/between" || fail "not asked: $call"
	done
	sed -n "$filter,\$p" "$BATS_TEST_TMPDIR/gate" >"$BATS_TEST_TMPDIR/after"
	for call in 'PR_GET_SECCOMP.*= 2' 'PR_GET_NO_NEW_PRIVS.*= 1' 'chroot("/").*EPERM'; do
		grep -q "$call" "$BATS_TEST_TMPDIR/after" || fail "not asked behind the filter: $call"
	done
}

@test "files read before the drop are root's: passwd, the policy, nothing in home or docroot (I10)" {
	trace "scp -f $MARK"
	sed -n "2,$(last 'capset(')p" "$BATS_TEST_TMPDIR/gate" | grep -o 'open[a-z0-9]*([^"]*"[^"]*", [^)]*O_RDONLY[^)]*' |
		grep -v O_PATH | grep -o '"[^"]*"' | sort -u >"$BATS_TEST_TMPDIR/files"
	! grep -v "\"/etc/passwd\"\|\"/etc/group\"\|\"/etc/localtime\"\|\"$STAGE_PREFIX/etc/sallyport/.*\"\|\"/sys/.*\"\|\"/dev/null\"\|\"/proc/sys/.*\"" \
		"$BATS_TEST_TMPDIR/files" || fail "another file is read"
}

# ---- chroot and landlock ----

namespace() {
	DOOR=("unshare(" 'move_mount(' 'pivot_root(')
	isolated namespace "profiles = narrow
[profile narrow]
commands = sftp scp rsync git"
	find /srv -mindepth 1 -delete
	stage_docroot /srv/alice alice
	echo one >"/srv/alice/$MARK"
	chown alice "/srv/alice/$MARK"
}

isolated() { # ISOLATION [further lines]
	stage_policy <<-END
		[user alice]
		docroot = /srv/alice
		commands = sftp scp rsync git
		access = full
		isolation = $1
		$2
	END
}

chroot_() {
	DOOR=('chroot("\."' 'chdir("/")')
	isolated chroot "start = /alice"
	find /srv -mindepth 1 -delete
	"$STAGE_PREFIX/sbin/sallyport" docroot prepare >/dev/null
}

landlock() {
	DOOR=('fchdir(')
	isolated landlock
	find /srv -mindepth 1 -delete
	stage_docroot /srv/alice alice
}

no_mounts() {
	! grep 'CLONE_NEWNS\|\bmount(\|move_mount(\|open_tree(\|pivot_root(\|fsopen(' "$BATS_TEST_TMPDIR/gate" ||
		fail "mounts, or a mount namespace"
}

@test "chroot: CAP_SYS_CHROOT alone is raised, then none; the order is the same (I1 I2 I3)" {
	chroot_
	for command in "scp -f $MARK" /usr/lib/openssh/sftp-server "rsync --server --sender -e.L . $MARK"; do
		program=${command%% *}
		case $program in /*) ;; *) program=/usr/bin/$program ;; esac
		in_order "$command" "$program"
		one_exec
		no_mounts
	done
	isolated chroot "start = /alice"
	sed -i 's/^commands = .*/commands = sftp scp/' "$STAGE_POLICY" # none that forks: no process namespace
	trace "scp -f $MARK"
	# first the isolation's own capability and the one to drop with, CAP_SYS_ADMIN no longer; then CAP_SETPCAP; then none
	grep -o 'capset([^)]*)' "$BATS_TEST_TMPDIR/gate" | grep -o 'effective=[^}]*' >"$BATS_TEST_TMPDIR/raised"
	assert_equal "$(sed -n 1p "$BATS_TEST_TMPDIR/raised")" \
		"effective=1<<CAP_SYS_CHROOT, permitted=1<<CAP_SETPCAP|1<<CAP_SYS_CHROOT, inheritable=0"
	assert_equal "$(sed -n 2p "$BATS_TEST_TMPDIR/raised")" "effective=1<<CAP_SETPCAP, permitted=1<<CAP_SETPCAP, inheritable=0"
	assert_equal "$(sed -n 3p "$BATS_TEST_TMPDIR/raised")" "effective=0, permitted=0, inheritable=0"
	assert_equal "$(wc -l <"$BATS_TEST_TMPDIR/raised")" 3
}

@test "chroot without file capabilities: a user namespace, and no mount namespace with it" {
	chroot_
	gate=$GATE_WITHOUT_CAPS
	in_order "scp -f $MARK" /usr/bin/scp
	one_exec
	no_mounts
	assert_order 'unshare(CLONE_NEWUSER)' 'chroot("\."'
}

@test "landlock: CAP_SETPCAP alone, to drop with; without file capabilities nothing at all is raised or unshared" {
	landlock
	in_order "scp -f $MARK" /usr/bin/scp
	one_exec
	no_mounts
	! grep 'capset({.*CAP_SYS' "$BATS_TEST_TMPDIR/gate" || fail "another capability is kept"
	gate=$GATE_WITHOUT_CAPS
	in_order "rsync --server --sender -e.L . $MARK" /usr/bin/rsync
	one_exec
	no_mounts
	! grep 'unshare(\|chroot("\.' "$BATS_TEST_TMPDIR/gate" || fail "something is unshared"
	assert_equal "$(grep 'capset(' "$BATS_TEST_TMPDIR/gate" | grep -vcF "$ALL_ZERO")" 0 "capabilities raised"
}

@test "chroot and landlock: the kernel is asked after each door (I5)" {
	local dropped device='ioctl(.*EACCES'
	chroot_
	trace "scp -f $MARK"
	dropped=$(last 'capset(')
	sed -n "$dropped,\$p" "$BATS_TEST_TMPDIR/gate" >"$BATS_TEST_TMPDIR/after"
	# before ABI 5: a device that cannot be made
	[ "$(landlock_abi)" -ge 5 ] || device='mknod.*EACCES'
	for call in 'capget(' 'PR_CAPBSET_READ' 'PR_GET_NO_NEW_PRIVS' '"/\.\."' 'mkdir("/probe".*EACCES' '"/etc/shadow".*ENOENT' \
		'"/dev/null".*) = [0-9]' "$device" 'PR_GET_SECCOMP.*= 2'; do
		grep -q "$call" "$BATS_TEST_TMPDIR/after" || fail "not asked: $call"
	done
	landlock
	trace "scp -f $MARK"
	dropped=$(last 'capset(')
	sed -n "$dropped,\$p" "$BATS_TEST_TMPDIR/gate" >"$BATS_TEST_TMPDIR/after"
	for call in 'capget(' 'PR_GET_NO_NEW_PRIVS' 'open("/", .*EACCES' 'PR_GET_SECCOMP.*= 2'; do
		grep -q "$call" "$BATS_TEST_TMPDIR/after" || fail "not asked: $call"
	done
}

@test "chroot and landlock: doors do not depend on the command (I2), and read root's files alone (I10)" {
	local setup command previous
	for setup in chroot_ landlock; do
		$setup
		previous=
		for command in "scp -f $MARK" "rsync --server -e.L . $MARK" "$MARK; id" ""; do
			trace "$command"
			sed -n "2,$(last 'capset(')p" "$BATS_TEST_TMPDIR/gate" | sed 's/^ *[0-9]*\t//; s/0x[0-9a-f]*/N/g; s/\b[0-9]\{2,\}\b/N/g; s/"[^"]*"\.*/S/g' >"$BATS_TEST_TMPDIR/door"
			if [ -n "$previous" ]; then
				diff "$previous" "$BATS_TEST_TMPDIR/door" || fail "$setup: '$command' makes another door"
			fi
			previous=$BATS_TEST_TMPDIR/door.before
			cp "$BATS_TEST_TMPDIR/door" "$previous"
		done
		sed -n "2,$(last 'capset(')p" "$BATS_TEST_TMPDIR/gate" | grep -o 'open[a-z0-9]*([^"]*"[^"]*", [^)]*O_RDONLY[^)]*' |
			grep -v O_PATH | grep -o '"[^"]*"' | sort -u >"$BATS_TEST_TMPDIR/files"
		! grep -v "\"/etc/passwd\"\|\"/etc/group\"\|\"/etc/localtime\"\|\"$STAGE_PREFIX/etc/sallyport/.*\"\|\"/sys/.*\"\|\"/dev/null\"\|\"/proc/sys/.*\"" \
			"$BATS_TEST_TMPDIR/files" || fail "another file is read"
	done
}
