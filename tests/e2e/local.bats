#!/usr/bin/env bats
# Goal: a local user who starts the gate by hand, in whatever state of the process, gains nothing (I1 I2 I10): the program
# finds the same clean state, and what is privileged for a few microseconds cannot be steered.

load lib

setup_file() {
	e2e_setup
	install -m 0600 -o alice /dev/null /srv/secret
	policy namespace
}

policy() { # ISOLATION
	local docroot=/srv/alice further=
	case $1 in
	namespace) further='limit tmp = 64K' ;;
	chroot) docroot=/srv/jail further='start = /alice' ;;
	esac
	stage_policy <<-END
		[user alice]
		docroot = $docroot
		isolation = $1
		commands = sftp scp rsync
		access = full
		local = yes
		program sftp = $STANDIN
		$further
	END
	[ "$1" != chroot ] || "$STAGE_TOOL" docroot prepare >/dev/null
}

# Where the program finds itself.
PLACE=/files

# as_alice COMMAND…: with nothing in the environment.
as_alice() { try stage_as alice env -i "$@"; }

# What every clean start looks like. Real-time signals (34 and up) mean nothing that was not agreed on: the gate leaves them.
state() { grep -v '^env\|^argv\|^privilege of\|^ignored [3-6][4-9]$\|^ignored [4-6][0-9]$' "$out"; }

both() {
	gate=$STAGE_GATE "$@" || return
	gate=$GATE_WITHOUT_CAPS "$@"
}

clean_state() {
	cd /
	as_alice "$gate" -c internal-sftp
	assert_ran || return
	state >"$BATS_TEST_TMPDIR/clean"
	! grep '^ignored\|^blocked\|^timer' "$BATS_TEST_TMPDIR/clean" || fail "not a clean start" || return
	assert_out_line "umask 0027" || return
	local words
	for words in umask=0777 umask=0 block ignore alarm=30 timer=1 timer=2 "open=3:/etc/passwd open=77:/" personality=0040000 \
		personality=0400000 dumpable=0 "block ignore alarm=30 umask=0777" core=0; do
		# shellcheck disable=SC2086 # words
		as_alice "$LAUNCH" $words -- "$gate" -c internal-sftp
		assert_status 0 || return
		state | diff "$BATS_TEST_TMPDIR/clean" - || fail "$words leaves its mark" || return
	done
}
@test "umask, blocked and ignored signals, timers, descriptors, personality: the program starts clean (E20 E22)" {
	both clean_state
}

# Told by the kernel, for the filter lets no program ask.
clean_personality() {
	local real=$gate gate=$STAGE_OWN/persona
	printf '#!/bin/sh\nexec %s personality=0040000 -- %s "$@"\n' "$LAUNCH" "$real" >"$gate"
	chmod 755 "$gate"
	hold_gate internal-sftp || return
	assert_equal "$(readlink "/proc/$pid/exe")" "$STANDIN" || return
	assert_equal "$(cat "/proc/$pid/personality")" 00000000 || return
	release
}
@test "a personality of the caller's is not the program's (E22)" { both clean_personality; }

@test "a gate that is setuid or setgid refuses: who asks is who it is" {
	local copy=$STAGE_OWN/setid/sallyport-shell mode
	mkdir -p "${copy%/*}"
	for mode in 4755 2755; do
		cp "$STAGE_GATE" "$copy" && chmod $mode "$copy"
		as_alice "$copy" -c internal-sftp
		assert_refused 77
		assert_err "the gate must not be setuid or setgid"
	done
}

deleted_cwd() {
	mkdir -p "$BATS_TEST_TMPDIR/mine" && chmod 777 "$BATS_TEST_TMPDIR/mine"
	chmod o+x "$BATS_RUN_TMPDIR" "${BATS_TEST_TMPDIR%/*}" "$BATS_TEST_TMPDIR"
	as_alice "$LAUNCH" "rmcwd=$BATS_TEST_TMPDIR/mine/gone" -- "$gate" -c internal-sftp
	assert_status 0 || return
	assert_out_line "cwd $PLACE"
}
@test "a deleted working directory (E23)" { both deleted_cwd; }

environment() {
	as_alice "$LAUNCH" clearenv env=LD_PRELOAD=/srv/x.so env=LD_AUDIT=/x env=GLIBC_TUNABLES=glibc.malloc.check=3 \
		env=MALLOC_CHECK_=3 env==x env=nothing env=LC_ALL=a env=LC_ALL=b env=TZ=/srv/x env=TZDIR=/srv \
		env=LOCPATH=/srv env=NLSPATH=/srv env=RES_OPTIONS=debug env=HOSTALIASES=/x env=IFS=x env=PATH=/srv \
		env=SSH_ORIGINAL_COMMAND=id env=SALLYPORT_POLICY=/tmp/p env=POSIXLY_CORRECT=1 env=HOME=/srv/alice \
		env=USER=root env=LANG=../../x env=LC_X='() { :;}; id' -- "$gate" -c internal-sftp
	assert_status 0 || return
	sed -n 's/^env //p' "$out" | sort >"$BATS_TEST_TMPDIR/env"
	assert_equal "$(grep -v '^LC_ALL=[ab]$' "$BATS_TEST_TMPDIR/env" | tr '\n' ' ')" \
		"HOME=/home LOGNAME=alice PATH=/usr/bin:/bin SHELL=/usr/sbin/nologin USER=alice " || return
	assert_equal "$(grep -c '^LC_ALL=' "$BATS_TEST_TMPDIR/env")" 1 "one value of a name given twice (E17)"
}
@test "a hostile environment: nothing of it is believed or passed (E07 E14 E15 E17)" { both environment; }

big_environment() {
	local rc
	as_alice "$LAUNCH" clearenv envs=10000 -- "$gate" -c internal-sftp
	# too many that pass is an error of its own; a crash is not
	case $status in 0 | 71 | 77) ;; *) fail "ten thousand variables" || return ;; esac
	as_alice "$LAUNCH" clearenv "env=LC_BIG=$(head -c 100000 /dev/zero | tr '\0' x)" -- "$gate" -c internal-sftp
	assert_status 0 || return
	refute_out LC_BIG
}
@test "ten thousand variables, a value of 100 KB (E17)" { both big_environment; }

@test "traced by its user, the gate gains no capability and confines all the same" {
	for gate in "$STAGE_GATE" "$GATE_WITHOUT_CAPS"; do
		as_alice strace -f -o /dev/null "$gate" -c internal-sftp
		tried="strace as alice, $gate"
		if [ "$status" = 0 ]; then
			# a traced exec gains no file capabilities: it is the user namespace then
			assert_ran
			assert_out_line "cwd /files"
		else
			assert_silent
			[ "$status" = 71 ] || fail "neither confined nor refused"
		fi
	done
}

@test "no_new_privs in the caller: no capabilities, so a user namespace or a refusal" {
	as_alice "$LAUNCH" nonewprivs -- "$STAGE_GATE" -c internal-sftp
	[ "$status" = 0 ] || assert_refused 71
	[ "$status" != 0 ] || assert_out_line "cwd /files"
}

# Runs a script as root of a user namespace that has every id of ours.
in_user_namespace() {
	local pid rc=0
	export STAGE_CHECKOUT GATE_WITHOUT_CAPS
	unshare --user sleep 100 3>&- &
	pid=$!
	until [ "$(readlink /proc/$pid/ns/user)" != "$(readlink /proc/self/ns/user)" ]; do sleep 0.01; done
	echo "0 0 70000" >/proc/$pid/uid_map && echo "0 0 70000" >/proc/$pid/gid_map
	nsenter --user="/proc/$pid/ns/user" bash -c '. "$STAGE_CHECKOUT/tests/stage.sh"; eval "$1"' - "$1" || rc=$?
	kill $pid
	return $rc
}

@test "without capabilities and without user namespaces: refused, and it says what to do (I4)" {
	# The limit is kept per user namespace: inside one of our own, the machine's stays as it is.
	try in_user_namespace 'echo 0 >/proc/sys/user/max_user_namespaces || exit 99
		stage_as alice env -i "$GATE_WITHOUT_CAPS" -c internal-sftp'
	assert_refused 71
	assert_err "give the gate its capabilities"
}

@test "the gate's capabilities are permitted only, and no others" {
	assert_equal "$(getcap "$STAGE_GATE" | sed 's/.* //')" "cap_setpcap,cap_sys_chroot,cap_sys_admin=p"
	assert_equal "$(stat -c '%a %U %G' "$STAGE_GATE")" "755 root root"
}

@test "the gate is static: there is no loader to be told what to load" {
	! readelf -l "$STAGE_GATE" | grep -q INTERP || fail "it has an interpreter"
}

@test "what the gate leaves behind: no process, no mount, no file" {
	local before after
	before=$(cat /proc/self/mountinfo)
	as_alice "$STAGE_GATE" -c internal-sftp
	assert_ran
	after=$(cat /proc/self/mountinfo)
	assert_equal "$after" "$before" mounts
	assert_equal "$(find /proc -maxdepth 1 -user alice 2>/dev/null)" "" processes
	assert_equal "$(find /srv/alice /home/alice -mindepth 1)" "" files
}

@test "many at once, each in its own view (E32)" {
	local i
	cd "$BATS_TEST_TMPDIR"
	for ((i = 0; i < 40; i++)); do
		printf 'create /tmp/x\nlist /tmp\n' |
			stage_as alice env -i "$STAGE_GATE" -c internal-sftp >"out.$i" 2>&1 3>&- &
	done
	wait $(jobs -p | grep -v "^$(cat "$STAGE_OWN/logsink.pid")$")
	for ((i = 0; i < 40; i++)); do
		grep -qx 'create /tmp/x: ok' "out.$i" || { out=out.$i; fail "session $i"; }
	done
}

@test "a core dump holds nothing: the limit is 1, so that no piped handler gets it" {
	attempts "limit core" "limit nproc"
	as_alice "$STAGE_GATE" -c internal-sftp
	assert_out_line "limit core 1 1"
	assert_out_line "limit nproc 64 64"
}

# gains_nothing: what was started is refused, or it is the stand-in, confined and without any capability (I5).
gains_nothing() {
	[ "$(grep -c '^standin runs' "$out")" -gt 0 ] || {
		case $status in 64 | 71 | 75 | 77 | 78) ;; *) fail "neither confined nor refused"; return ;; esac
		assert_silent
		return
	}
	assert_status 0 || return
	assert_out_line "cwd $PLACE" || return
	grep -q "^uid $(id -u alice) $(id -u alice) " "$out" || fail "another uid" || return
	assert_attempt "read /srv/secret" ENOENT EACCES || return
	assert_attempt "unix" EPERM || return
	assert_attempt privilege ENOENT || return
	# without file capabilities nothing empties the bounding set among the real names (SECURITY)
	[ "$PLACE" = /srv/alice ] || assert_attempt capabilities ENOENT
}
attempt_to_gain() {
	attempts "read /srv/secret" unix privilege capabilities
	touch "$BATS_TEST_TMPDIR/watching"
	watch_privilege </dev/null >/dev/null 2>&1 3>&- &
}

# Looks at each stand-in that asks for it, and tells it whether it has a capability, in any set but the bounding one.
watch_privilege() {
	local pid
	while [ -e "$BATS_TEST_TMPDIR/watching" ]; do
		for pid in $(sed -n 's/^privilege of //p' "$BATS_TEST_TMPDIR"/*out); do
			grep -qx standin "/proc/$pid/comm" || continue
			if awk '/^Cap(Inh|Prm|Eff|Amb):/ { sets++; if ($2 ~ /[^0]/) some = 1 } END { exit some || sets < 4 }' \
				"/proc/$pid/status"; then
				kill -USR1 "$pid" || continue # it has ended meanwhile
			else
				kill -USR2 "$pid" || continue
			fi
		done
		sleep 0.02
	done
}
teardown() { rm -f "$BATS_TEST_TMPDIR/watching"; }

@test "who looks for capabilities sees one that is there" {
	attempt_to_gain
	try setpriv --reuid=alice --regid=alice --init-groups --inh-caps=-all,+net_raw --ambient-caps=-all,+net_raw -- \
		env -i "$STANDIN"
	assert_attempt privilege ok
	as_alice "$STANDIN"
	assert_attempt privilege ENOENT
}

@test "namespaces of her own, where she is root: the gate refuses uid 0, whatever lies where the policy was" {
	policy_of_hers
	as_alice unshare --user --map-root-user --mount sh -c 'mount --bind "$1" "$2" && exec "$3" -c internal-sftp' - \
		"$BATS_TEST_TMPDIR/hers/policy.ini" "$STAGE_POLICY" "$STAGE_GATE"
	gains_nothing
	assert_err "sallyport: refused: "
	assert_equal "$(grep -c '^standin runs' "$out")" 0
}

# Hers to be put in place of root's: everything, everywhere.
policy_of_hers() {
	install -d -o alice -m 0755 "$BATS_TEST_TMPDIR/hers"
	chmod o+x "$BATS_RUN_TMPDIR" "${BATS_TEST_TMPDIR%/*}" "$BATS_TEST_TMPDIR"
	printf '[user alice]\ndocroot = /home\ndocroot-home = allow\ncommands = sftp\naccess = full\nlocal = yes\nprogram sftp = %s\n' \
		"$STANDIN" >"$BATS_TEST_TMPDIR/hers/policy.ini"
	chown alice "$BATS_TEST_TMPDIR/hers/policy.ini"
}

@test "a mount namespace of her own, and all capabilities there: a policy that is not root's is refused" {
	policy_of_hers
	attempt_to_gain
	# the inner namespace has her uid again, keeps the mounts, and passes on every capability of the outer one
	as_alice unshare --user --map-root-user --mount sh -c 'mount --bind "$1" "$2" &&
		exec unshare --user --map-user="$4" --map-group="$4" --keep-caps "$3" -c internal-sftp' - \
		"$BATS_TEST_TMPDIR/hers/policy.ini" "$STAGE_POLICY" "$STAGE_GATE" "$(id -u alice)"
	assert_status 78
	assert_silent
	# and /etc and the docroot of hers
	as_alice unshare --user --map-root-user --mount sh -c 'mount -t tmpfs none /etc &&
		mount -t tmpfs none /srv && mkdir /srv/alice && echo "alice:x:$2:$2::/:/bin/sh" >/etc/passwd &&
		exec unshare --user --map-user="$2" --map-group="$2" --keep-caps "$1" -c internal-sftp' - \
		"$STAGE_GATE" "$(id -u alice)"
	gains_nothing
	assert_equal "$(grep -c '^standin runs' "$out")" 0
}

@test "capabilities partly there: too few is a refusal or a user namespace, too many are dropped" {
	local copy=$STAGE_OWN/partly/sallyport-shell capabilities
	mkdir -p "${copy%/*}" && cp "$STAGE_GATE" "$copy"
	attempt_to_gain
	for capabilities in cap_sys_admin=p cap_setpcap=p cap_sys_admin=ep cap_setpcap,cap_sys_admin=ep \
		cap_setpcap,cap_sys_admin,cap_dac_override,cap_sys_ptrace=eip cap_setuid,cap_setgid=ep cap_net_raw=p; do
		setcap "$capabilities" "$copy"
		tried="a gate with $capabilities"
		as_alice "$copy" -c internal-sftp
		gains_nothing
		assert_ran # what is too little is as good as none, and a user namespace does
	done
}

@test "capabilities of the caller's, inheritable and ambient: none arrives" {
	attempt_to_gain
	for gate in "$STAGE_GATE" "$GATE_WITHOUT_CAPS"; do
		for capabilities in +net_raw +sys_admin,+setpcap +sys_admin,+setpcap,+dac_override,+sys_ptrace,+setuid; do
			try setpriv --reuid=alice --regid=alice --init-groups --inh-caps="$capabilities" \
				--ambient-caps="$capabilities" -- env -i "$gate" -c internal-sftp
			gains_nothing
			assert_ran
		done
	done
}

# What anybody may ask for itself, and some of which stays at exec. By number, for linux/prctl.h of Debian 12 lacks some; a
# kernel that lacks them too (125) leaves nothing to try. Memory: no code that was written, with and without its
# inheritance, shared pages, large pages. A reaper, timer slack, a death signal. Securebits that need no capability
# (Linux 6.14): execution restricted, interpreters denied, both for good. As many domains as there may be, and one less.
controls_of_hers() {
	local control
	attempt_to_gain
	for control in prctl=65:1 prctl=65:3 prctl=67:1 prctl=41:1 prctl=36:1 prctl=29:1000000 prctl=1:9 prctl=28:0x100 \
		prctl=28:0x400 prctl=28:0xf00 landlock=1 landlock=15 landlock=16; do
		as_alice "$LAUNCH" "$control" -- "$gate" -c internal-sftp
		[ "$status" != 125 ] || continue
		gains_nothing || return
	done
}
@test "controls of the process's own, securebits and Landlock of hers: confined, or refused" { both controls_of_hers; }

limits_of_hers() {
	local limit
	attempt_to_gain
	for limit in --data=100000 --data=0 --stack=0 --sigpending=0 --msgqueue=0 --memlock=0 --rttime=1 --nproc=0 --locks=0 \
		--rss=0 --nice=0 --rtprio=0 --nofile=3 --nofile=6 --nofile=10 --as=1000000 --as=2000000 --as=8000000 \
		--cpu=1 --core=0 --core=unlimited --fsize=0; do
		as_alice prlimit "$limit:" "$gate" -c internal-sftp
		# who cannot even be started by the kernel is killed by it, and the limits bind what is started like anything
		case $status in 134 | 137 | 139 | 153 | 126 | 127) assert_silent || return; continue ;; esac
		gains_nothing || return
	done
}
@test "every limit at its lowest: confined, or refused (E21)" { both limits_of_hers; }

no_file_may_grow() {
	as_alice prlimit --fsize=0: "$gate" -c internal-sftp
	assert_status 71 || return
	[[ "$(last_record)" == *"verdict=error "*"File too large"* ]] || fail "a reason in the log expected: $(last_record)"
}
@test "no file may grow: an error with a reason, not a signal (E21)" { both no_file_may_grow; }

# Many signals at twenty moments while the doors close: they end the session or do nothing.
storm() { # THE LAST OF THEM
	local after
	for ((after = 0; after < 4000; after += 200)); do
		as_alice "$LAUNCH" "storm=$after:$(kill -l WINCH),$(kill -l URG),$(kill -l CONT),$(kill -l CHLD),$(kill -l "$1")" \
			-- "$gate" -c internal-sftp
		tried+=" (a storm of signals after $after us, $1 the last)"
		if [ "$status" -gt 128 ] && [ "$1" != WINCH ]; then
			ended=$((ended + 1))
			continue
		fi
		gains_nothing && assert_ran || return
	done
}
@test "signals while the doors close: the session ends, or is confined" {
	local ended=0
	storms() { storm WINCH && storm PIPE && storm TERM && storm ALRM && storm IO && storm RTMIN; }
	attempt_to_gain
	both storms
	echo "# $ended of 240 sessions ended by a signal" >&3
	[ "$ended" -gt 0 ] || fail "no signal came in time"
}

directories() {
	local at=$BATS_TEST_TMPDIR/closed
	mkdir -p "$at" && chmod 0700 "$at"
	attempt_to_gain
	for at in "$at" / /proc/self/fd /srv/alice; do
		cd "$at"
		as_alice "$gate" -c internal-sftp
		gains_nothing || return
		assert_ran || return
		assert_out_line "cwd /files" || return
	done
}
@test "a working directory that cannot be entered, or is not a place (E23)" { both directories; }

arguments() {
	local argument
	for argument in "$(printf 'x%.0s' {1..5000})" $'\n' $'-c\n' '' ' ' '%s%n' $'\e[2J' '-c=internal-sftp' '--policy=/x' -cinternal-sftp; do
		as_alice "$gate" "$argument" internal-sftp
		assert_refused 64 || return
		as_alice "$LAUNCH" "argv0=$argument" -- "$gate" -c 'id; id'
		[ "$status" = 64 ] || assert_refused 77 || return
		! LC_ALL=C grep -q '[^ -~]' "$err" || fail "a raw byte on stderr" || return
	done
	mapfile -t many < <(yes -- -c | head -n 5000)
	as_alice "$gate" "${many[@]}"
	assert_refused 64
}
@test "arguments: long, empty, many, of control bytes; and a name that is none (E24)" { both arguments; }

# sessions_of_a_race: some begin, and find themselves in the docroot; the others say that they did not.
sessions_of_a_race() {
	local i began=0 refused=0
	attempts "list ."
	for ((i = 0; i < 60; i++)); do
		as_alice "$gate" -c internal-sftp
		case $status in
		0) began=$((began + 1)) && assert_ran && assert_out_line 'entry inside' && refute_out 'entry outside' ;;
		71 | 78) refused=$((refused + 1)) && assert_silent ;;
		*) fail "neither inside nor refused" ;;
		esac || return
	done
	((began && refused)) || fail "no race: $began inside, $refused refused"
}

# Docroot and link change places as fast as they can, by the account's own hand.
while_it_moves() { # ISOLATION
	local swapper rc=0
	policy "$1"
	sed -i 's,^docroot = .*,docroot = /srv/hers/data,' "$STAGE_POLICY"
	setpriv --reuid=alice --regid=alice --init-groups --inh-caps=-all -- \
		perl -e 'for (;;) { syscall(316, -100, $ARGV[0], -100, $ARGV[1], 2) }' /srv/hers/data /srv/hers/link \
		</dev/null >/dev/null 2>&1 3>&- &
	swapper=$!
	sessions_of_a_race || rc=1
	kill $swapper
	return $rc
}
@test "a docroot that changes places with a link while sessions begin: it, or a refusal (E28)" {
	[ "$(uname -m)" = x86_64 ] || skip "renameat2(2) by its number there"
	install -d -o alice /srv/hers /srv/hers/data && install -d -m 0755 /srv/outside
	install -o alice /dev/null /srv/hers/data/inside && install /dev/null /srv/outside/outside
	ln -s /srv/outside /srv/hers/link && chown -h alice /srv/hers/link
	for isolation in namespace landlock; do
		both while_it_moves $isolation
	done
	policy namespace
}

@test "chroot and landlock: the same states of the caller's, the same start (E20 E21 E22 E23)" {
	local isolation
	for isolation in chroot landlock; do
		policy $isolation
		[ $isolation = chroot ] && PLACE=/alice || PLACE=/srv/alice
		for state in clean_state deleted_cwd controls_of_hers limits_of_hers; do
			both $state || fail "$isolation, $state"
		done
	done
	policy namespace
}
