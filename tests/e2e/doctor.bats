#!/usr/bin/env bats
# Goal: sallyport doctor finds each gap that is planted, says how to close it, and finds nothing on a sound system.

load lib

setup_file() {
	e2e_setup
	echo "$STAGE_GATE" >>/etc/shells
	echo 'account required pam_shells.so' >>/etc/pam.d/sshd
	cp -a /etc/shells "$STAGE_OWN/shells"
	policy
}

setup() {
	policy
}

policy() { # LINE… for alice
	stage_policy <<-END
		[defaults]
		docroot = /srv/%u
		commands = sftp
		access = full
		[command run]
		program = $STANDIN
		template = run
		[user alice]
		$(printf '%s\n' "$@")
	END
}

# Statuses: 0 without a failure, 1 with one.
doctor() {
	try "$STAGE_TOOL" doctor "$@"
}

# assert_finding LEVEL CHECK TEXT: with a fix, and counted.
assert_finding() {
	grep -q "^$1 *$2 .*$3" "$out" || fail "expected: $1 $2 … $3" || return
	grep -A1 "^$1 *$2 .*$3" "$out" | grep -q '^      fix  *[^ ]' || fail "no fix for $2" || return
	assert_status "$([ "$1" = FAIL ] && echo 1 || echo 0)"
}

@test "a sound system has no warnings and no failures" {
	doctor
	assert_status 0
	assert_out " 0 warnings, 0 failures"
	assert_out "OK    session            door one closes for alice"
}

# gap LEVEL CHECK TEXT PLANT UNDO
gap() {
	eval "$4"
	doctor
	local rc=0
	assert_finding "$1" "$2" "$3" || rc=1
	eval "$5"
	[ $rc = 0 ] || fail "planted: $4" || return
	doctor
	assert_out " 0 warnings, 0 failures"
}

@test "the gate: absent, somebody else's, writable, setuid, in a directory of somebody's" {
	local dir=${STAGE_GATE%/*} caps
	caps=$(getcap "$STAGE_GATE")
	caps=${caps##* }
	recap() { setcap "$caps" "$STAGE_GATE"; }
	gap FAIL gate "is not there" 'mv $STAGE_GATE $STAGE_GATE.x' 'mv $STAGE_GATE.x $STAGE_GATE'
	gap FAIL gate "is not root's alone" 'chown alice $STAGE_GATE' 'chown root $STAGE_GATE; recap'
	gap FAIL gate "is not root's alone" 'chmod g+w $STAGE_GATE' 'chmod g-w $STAGE_GATE'
	gap FAIL gate "setuid or setgid" 'chmod u+s $STAGE_GATE' 'chmod u-s $STAGE_GATE'
	gap FAIL gate "is not root's alone" 'chmod o+w $STAGE_PREFIX' 'chmod o-w $STAGE_PREFIX'
}

@test "capabilities: none, too few, too many, effective, on a file system mounted nosuid" {
	local caps
	caps=$(getcap "$STAGE_GATE")
	caps=${caps##* }
	recap() { setcap "$caps" "$STAGE_GATE"; }
	gap WARN capabilities "it has none: each session makes a user namespace" 'setcap -r $STAGE_GATE' recap
	gap WARN capabilities "one of them is missing" 'setcap cap_sys_admin=p $STAGE_GATE' recap
	gap WARN capabilities "has more than" "setcap ${caps%=p},cap_chown=p $STAGE_GATE" recap
	gap WARN capabilities "has more than" "setcap ${caps}e $STAGE_GATE" recap
	gap WARN capabilities "mounted nosuid" 'mount -n --bind $STAGE_PREFIX $STAGE_PREFIX && mount -n -o remount,bind,nosuid $STAGE_PREFIX' \
		'umount -n $STAGE_PREFIX'
}

# The kernel as it might be: a system call is answered by strace. A candidate, for the gate would not start under it.
without() { # INJECTION
	try strace -f -qq -o /dev/null -e trace="${1%%:*}" -e inject="$1" "$STAGE_TOOL" doctor -f "$STAGE_POLICY"
}

@test "kernels that lack something, by injection" {
	without landlock_create_ruleset:error=ENOSYS
	assert_finding FAIL landlock "does not have it"
	without landlock_create_ruleset:retval=1
	assert_finding WARN landlock "ABI 1 of 2"
	assert_out "Linux 5.19 or later"
	without landlock_create_ruleset:retval=5
	assert_finding WARN landlock "ABI 5 of 6: a program that forks can signal"
	! grep -q 'ABI 5 of 2' "$out" || fail "more than it lacks"
	without seccomp:error=ENOSYS
	assert_finding FAIL seccomp "every session is refused"
	without mount_setattr:error=ENOSYS
	assert_finding FAIL mount-api "no view can be made"
	without unshare:error=EPERM
	assert_finding WARN user-namespaces "cannot make one" || return
	assert_finding WARN process-namespaces "cannot be made"
}

@test "what a namespace needs is a failure where an account needs it" {
	policy "commands = sftp run"
	without unshare:error=EPERM
	assert_finding FAIL process-namespaces "cannot be made"
	local caps
	caps=$(getcap "$STAGE_GATE")
	setcap -r "$STAGE_GATE"
	without unshare:error=EPERM
	setcap "${caps##* }" "$STAGE_GATE"
	assert_finding FAIL capabilities "every session is refused"
}

@test "which setting stands in the way of user namespaces" {
	echo 0 >"$BATS_TEST_TMPDIR/none"
	mount -n --bind "$BATS_TEST_TMPDIR/none" /proc/sys/user/max_user_namespaces
	without unshare:error=ENOSPC
	umount -n /proc/sys/user/max_user_namespaces
	assert_out "sysctl user.max_user_namespaces="
}

@test "may-lack: who gave Landlock up, and whether it matters" {
	policy "may-lack = landlock"
	doctor
	assert_finding WARN may-lack "alice goes on without Landlock"
	without landlock_create_ruleset:error=ENOSYS
	assert_finding WARN landlock "1 of 1 accounts may lack it"
	policy "may-lack = landlock" "commands = sftp git"
	without landlock_create_ruleset:error=ENOSYS
	assert_finding FAIL landlock "git never may"
}

@test "the clock: only where somebody has hours or expires; not synchronised, or before the policy itself" {
	local row
	without adjtimex,clock_adjtime:retval=5
	refute_out 'clock '
	for row in 'hours = 01:00-05:00' 'expires = 20991231'; do
		policy "$row"
		without adjtimex,clock_adjtime:retval=5 # TIME_ERROR
		assert_finding WARN clock "it is not synchronised"
		without adjtimex,clock_adjtime:retval=0
		assert_out 'OK    clock              synchronised'
		without adjtimex,clock_adjtime:error=EPERM
		assert_finding WARN clock "does not say whether"
	done
	touch -d '+2 hours' "$STAGE_POLICY"
	without adjtimex,clock_adjtime:retval=0
	assert_finding WARN clock "before the last change of $STAGE_POLICY"
}

@test "the log: absent, and required" {
	stage_log_stop
	doctor
	assert_finding WARN log "sessions leave no record" || { stage_log_start; return 1; }
	policy "log-required = yes"
	doctor
	stage_log_start
	assert_finding FAIL log "log-required are refused"
}

@test "the policy: absent, at fault, not root's; nobody in it; root in it" {
	mv "$STAGE_POLICY" "$STAGE_POLICY.x"
	doctor
	mv "$STAGE_POLICY.x" "$STAGE_POLICY"
	assert_finding FAIL policy "the policy is missing"
	chmod g+w "$STAGE_POLICY"
	doctor
	chmod g-w "$STAGE_POLICY"
	assert_finding FAIL policy "policy.ini: [a-z]"
	policy "umask = 9"
	doctor
	assert_finding FAIL policy "policy.ini:[1-9]"
	stage_policy <<<'[user nobody-of-that-name]'
	doctor
	assert_finding WARN accounts "nobody on this host"
	stage_policy <<-END
		[defaults]
		docroot = /srv/alice
		[user alice]
		[user root]
	END
	doctor
	assert_finding WARN account "root has uid 0"
}

@test "an account whose settings are at fault" {
	stage_policy <<<$'[user alice]\ncommands = sftp'
	doctor
	assert_finding FAIL account "alice: docroot is not set"
	policy
	install -d -m 755 "${STAGE_POLICY%/*}/users"
	echo "[user alice" >"${STAGE_POLICY%/*}/users/alice.ini"
	doctor
	rm "${STAGE_POLICY%/*}/users/alice.ini"
	assert_finding FAIL account "alice: "
}

@test "docroots: absent, behind a link, above the home, out of the account's reach" {
	gap FAIL docroot "/srv/alice" 'mv /srv/alice /srv/alice.x' 'mv /srv/alice.x /srv/alice'
	gap FAIL docroot "/srv/alice" 'mv /srv/alice /srv/x; ln -s x /srv/alice' 'rm /srv/alice; mv /srv/x /srv/alice'
	gap FAIL docroot "bad ownership or modes" 'chmod o+w /srv' 'chmod o-w /srv'
	gap WARN docroot "may by the policy write to" 'chmod 550 /srv/alice' 'chmod 750 /srv/alice'
	policy "docroot = /home"
	doctor
	assert_finding FAIL docroot "/home"
}

@test "programs that are not installed" {
	policy "program sftp = /nowhere/sftp-server"
	doctor
	assert_finding FAIL program "sftp: /nowhere/sftp-server is not installed: each"
	policy "commands = sftp aspera" "program ascp = $STANDIN"
	doctor
	assert_finding WARN program "aspera: .* some of its forms"
}

@test "a Mercurial that reads a repository's configuration all the same is asked, and found" {
	policy "commands = hg"
	doctor
	assert_out " 0 warnings, 0 failures"
	printf '#!/bin/sh\nunset HGRCSKIPREPO\nexec /usr/bin/hg "$@"\n' >"$STAGE_PROGRAMS/old-hg"
	printf '#!/bin/sh\nexit 255\n' >"$STAGE_PROGRAMS/no-hg"
	chmod 755 "$STAGE_PROGRAMS"/*-hg
	policy "commands = hg" "program hg = $STAGE_PROGRAMS/old-hg"
	doctor
	assert_finding FAIL program "old-hg reads a repository"
	policy "commands = hg" "program hg = $STAGE_PROGRAMS/no-hg"
	doctor
	assert_finding WARN program "no-hg did not answer"
	[ -z "$(ls -d /tmp/sallyport-doctor-* 2>/dev/null)" ] || fail "left something behind"
}

@test "max-sessions without its files, and with them" {
	policy "max-sessions = 2"
	doctor
	assert_finding FAIL max-sessions "alice has no slot file"
	"$STAGE_TOOL" slots
	doctor
	assert_out " 0 warnings, 0 failures"
	chmod 666 "$STAGE_SLOTS/$(id -u alice)"
	doctor
	assert_finding FAIL max-sessions "alice has no slot file, or"
	"$STAGE_TOOL" slots
	doctor
	assert_out " 0 warnings, 0 failures"
}

@test "unison without its state directory, with one that is not its own, and where nothing can hold one" {
	policy "commands = sftp unison"
	rm -rf "${STAGE_STATE:?}/$(id -u alice)"
	doctor
	assert_finding FAIL state "alice has no state directory for unison"
	"$STAGE_TOOL" state alice >/dev/null
	doctor
	assert_out " 0 warnings, 0 failures"
	chmod 755 "$STAGE_STATE/$(id -u alice)"
	doctor
	assert_finding FAIL state "not its own alone"
	rm -rf "${STAGE_STATE:?}/$(id -u alice)"
	policy "commands = sftp unison" "isolation = landlock"
	doctor
	assert_finding FAIL state "only a view has a place for it"
}

@test "a docroot that is not fit for chroot" {
	policy "commands = sftp" "isolation = chroot"
	doctor
	assert_finding FAIL docroot "bad ownership or modes for chroot directory"
}

@test "/etc/shells without the gate, a host without sshd" {
	gap WARN shells "does not list the gate" 'sed -i "\#^$STAGE_GATE\$#d" /etc/shells' 'cp -a $STAGE_OWN/shells /etc/shells'
	sed -i '/pam_shells/d' /etc/pam.d/sshd
	sed -i "\#^$STAGE_GATE\$#d" /etc/shells
	doctor
	refute_out "/etc/shells"
	cp -a "$STAGE_OWN/shells" /etc/shells
	gap WARN installed "/usr/sbin/sshd is not there" 'mount -n --bind /dev/null /usr/sbin/sshd' 'umount -n /usr/sbin/sshd'
}

@test "a session that does not begin is said in the gate's own words" {
	# Nothing else of the doctor looks at the start directory.
	policy "start = /nowhere"
	doctor
	assert_finding FAIL session "alice: status 78: sallyport: refused: start"
}

@test "as a user it says what it could not look at; a candidate is not tried; nothing is changed" {
	try stage_as alice "$STAGE_TOOL" doctor
	assert_out "WARN  root "
	doctor -f "$STAGE_POLICY"
	refute_out "door one closes"
	stage_log_clear
	local before
	before=$(find /opt/sallyport /srv /etc -printf '%p %m %u %T@\n' | sort | cksum)
	doctor
	assert_equal "$(find /opt/sallyport /srv /etc -printf '%p %m %u %T@\n' | sort | cksum)" "$before"
}

@test "--json says the same" {
	policy "program sftp = /nowhere/sftp-server"
	doctor --json
	assert_status 1
	python3 - "$out" <<-'END' || fail "not the JSON that was promised"
		import json, sys
		d = json.load(open(sys.argv[1]))
		assert d["schema"] == 1 and d["fail"] == 1, d
		assert [c for c in d["checks"] if c["check"] == "program" and c["level"] == "FAIL" and c["fix"]], d
		assert all("fix" in c for c in d["checks"] if c["level"] != "OK"), d
	END
}

@test "usage" {
	doctor extra
	assert_status 64
	doctor --nothing
	assert_status 64
	doctor --trace nothing /bin/true
	assert_status 64
	doctor --trace plain true
	assert_status 64
	doctor --trace plain /nowhere
	assert_status 71
}

# ---- --trace ----

@test "--trace: what a program needs and its profile refuses, in one run, with what would allow it" {
	attempts inet memfd fork unknown
	try "$STAGE_TOOL" doctor --trace plain "$STANDIN"
	assert_status 1
	# Nothing was refused in fact: it is the administrator's own program.
	assert_attempt inet ok
	assert_attempt memfd ok
	assert_attempt fork ok
	assert_err "EPERM  socket(0x2"
	assert_err "group no-net: no network, no local sockets"
	assert_err "allowed by profile net"
	assert_err "killed memfd_create("
	assert_err "EPERM  clone("
	assert_err "allowed by profile fork, spawn, net"
	assert_err "ENOSYS wait4("
	assert_err "ENOSYS system call 9999("
	assert_err "5 kinds that profile plain refuses"
}

@test "--trace: nothing is missing; its children are watched too; an exec is one too many" {
	try "$STAGE_TOOL" doctor --trace plain "$STANDIN"
	assert_status 0
	assert_err "0 kinds that profile plain refuses"
	attempts fork
	try "$STAGE_TOOL" doctor --trace fork "$STANDIN"
	assert_status 0
	try "$STAGE_TOOL" doctor --trace fork /bin/sh -c '/bin/true; exit 3'
	assert_status 1
	assert_err "killed execve("
	assert_err "exec happens once"
	assert_err "the program ended with 3"
	try "$STAGE_TOOL" doctor --trace spawn /bin/sh -c '/bin/true; exit 3'
	assert_status 0
}

@test "--trace: as an account, with nothing of the caller's environment" {
	try env SECRET=x "$STAGE_TOOL" doctor --trace plain -u alice "$STANDIN"
	assert_status 0
	assert_out "uid $(id -u alice) $(id -u alice)"
	refute_out SECRET
	try "$STAGE_TOOL" doctor --trace plain -u nobody-of-that-name "$STANDIN"
	assert_status 71
}
