#!/usr/bin/env bats
# Goal: log-transfers writes down what an sftp session did to which file, in every isolation, whatever the names are; and
# a server that turned hostile says nothing with it but false things about its own session: no line of another's, no
# flood, no session that stays because of it.

load lib
load isolation

ONE_PROCESS=internal-sftp
WAYS=(namespace chroot landlock)

setup_file() {
	e2e_setup
	stage_user bob "$STAGE_GATE"
	stage_docroot /srv/bob bob
	stage_sshd </dev/null
}

setup() {
	find /srv/alice -mindepth 1 -delete
	rm -rf /srv/chroot
	log_policy namespace
	stage_log_clear
}

# log_policy ISOLATION [LINE…]: of alice, whose transfers are logged.
log_policy() {
	D=/srv/alice
	stage_policy <<-END
		[user alice]
		docroot = $D
		commands = sftp scp
		access = full
		isolation = $1
		log-transfers = yes
		$(printf '%s\n' "${@:2}")
	END
	[ "$1" = chroot ] || return 0
	D=/srv/chroot/alice
	sed -i 's|^docroot = .*|docroot = /srv/chroot\nstart = /alice|' "$STAGE_POLICY"
	"$STAGE_TOOL" docroot prepare >/dev/null
	install -d -o alice -g alice -m 750 "$D"
}

# The same, with the stand-in for sftp-server.
hostile_policy() { log_policy namespace "program sftp = $STANDIN" "$@"; }

both() { # runs the function once with either gate
	gate=$STAGE_GATE "$@" || return
	gate=$GATE_WITHOUT_CAPS "$@"
}

# What was said in the last session, without the lines' heads.
said() { stage_log | sed -n 's/.*: verdict=transfer id=[0-9a-f]\{8\} user=alice uid=[0-9]* from=[^ ]* port=[0-9]* said=//p'; }
assert_said() { said | grep -qxF -- "$1" || { said >&2; fail "expected to be said: $1"; }; }
transfer_lines() { stage_log | grep -c ': verdict=transfer ' || true; }

# Every line is one of the gate's, and of one session.
assert_one_session() {
	local ids
	ids=$(stage_log | grep -o ' id=[0-9a-f]* user=alice ' | sort -u | wc -l)
	assert_equal "$ids" 1 "sessions in the log" || return
	assert_equal "$(stage_log | grep -cv 'sallyport-shell\[[0-9]*\]: verdict=[a-z]* id=[0-9a-f]\{8\} user=alice uid=')" 0 \
		"lines that the gate did not begin"
}

# ---- a real server, a real client ----

works() {
	local root=$1
	echo content >"$BATS_TEST_TMPDIR/plain"
	stdin="mkdir in
		put $BATS_TEST_TMPDIR/plain in/a
		rename in/a in/b
		get in/b $BATS_TEST_TMPDIR/back
		chmod 600 in/b
		symlink b in/link
		rm in/link
		rm in/b
		-get in/absent
		rmdir in
	"
	try stage_sftp alice
	stdin=
	assert_status 0 || return
	assert_same "$BATS_TEST_TMPDIR/plain" "$BATS_TEST_TMPDIR/back" || return
	assert_one_session || return
	assert_said '"session opened for local user alice from [127.0.0.1]"' || return
	assert_said "\"mkdir name \\\"$root/in\\\" mode 0777\"" || return
	assert_said "\"open \\\"$root/in/a\\\" flags WRITE,CREATE,TRUNCATE mode 0644\"" || return
	assert_said "\"close \\\"$root/in/a\\\" bytes read 0 written 8\"" || return
	said | grep -q "rename old.*$root/in/a.* new .*$root/in/b" || fail "no rename" || return
	assert_said "\"open \\\"$root/in/b\\\" flags READ mode 0666\"" || return
	assert_said "\"close \\\"$root/in/b\\\" bytes read 8 written 0\"" || return
	assert_said "\"set \\\"$root/in/b\\\" mode 0600\"" || return
	assert_said "\"symlink old \\\"b\\\" new \\\"$root/in/link\\\"\"" || return
	assert_said "\"remove name \\\"$root/in/link\\\"\"" || return
	assert_said "\"sent status No such file\"" || return
	assert_said "\"rmdir name \\\"$root/in\\\"\"" || return
	assert_equal "$(said | tail -n 1)" '"session closed for local user alice from [127.0.0.1]"' "the last thing said" || return
	# All of it stands behind the verdict, and is told apart from it.
	assert_equal "$(stage_log | grep -c ': verdict=allow ')" 1 "verdicts"
}

@test "namespace, built: put, get, rename, rm, mkdir, chmod, links, a status" { works /files; }
@test "namespace, pinned: the same" {
	"$STAGE_TOOL" view pin >/dev/null
	works /files
	stage_log | grep -q ' view=pinned ' || fail "not pinned"
	"$STAGE_TOOL" view unpin
	rm -rf /run/sallyport
}
@test "chroot: the same" { log_policy chroot; works /alice; }
@test "landlock: the same" { log_policy landlock; works /srv/alice; }
@test "namespace, in a user namespace: the same" {
	stage_shell alice "$GATE_WITHOUT_CAPS"
	works /files || { stage_shell alice "$STAGE_GATE"; return 1; }
	stage_shell alice "$STAGE_GATE"
}
@test "under max-duration and max-sessions: the same" {
	log_policy namespace "max-duration = 10m" "max-sessions = 1"
	"$STAGE_TOOL" slots >/dev/null
	works /files
	stage_log_clear
	works /files
}
@test "scp over sftp is logged, scp -O is not: it has a line of its verdict alone" {
	echo content >"$BATS_TEST_TMPDIR/plain"
	try stage_scp "$BATS_TEST_TMPDIR/plain" alice@stage:new
	assert_status 0
	assert_said '"close \"new\" bytes read 0 written 8"'
	stage_log_clear
	try stage_scp -O "$BATS_TEST_TMPDIR/plain" alice@stage:old
	assert_status 0
	assert_equal "$(stage_log | wc -l)" 1 "lines"
}

hard_names() {
	local name
	mkdir "$BATS_TEST_TMPDIR/src"
	for name in "$@"; do echo content >"$BATS_TEST_TMPDIR/src/$name"; done
	stdin=$(printf 'put -r %s\n' "$BATS_TEST_TMPDIR/src")
	try stage_sftp alice
	stdin=
	assert_status 0
}
@test "names: blanks, quotes, a backslash, ESC, UTF-8 and no UTF-8 are each one field of one line" {
	hard_names 'with blank' 'quote"double' "quote'single" 'back\slash' $'esc\e[31m' $'\u00e4' $'not-utf8-\xff'
	assert_one_session
	assert_said '"close \"/files/src/with blank\" bytes read 0 written 8"'
	assert_said '"close \"/files/src/quote\"double\" bytes read 0 written 8"'
	assert_said "\"close \\\"/files/src/quote'single\\\" bytes read 0 written 8\""
	# vis(3) of the server's, then the log's own
	assert_said '"close \"/files/src/back\\\\slash\" bytes read 0 written 8"'
	assert_said '"close \"/files/src/esc\\033[31m\" bytes read 0 written 8"'
	assert_said '"close \"/files/src/\\303\\244\" bytes read 0 written 8"'
	assert_said '"close \"/files/src/not-utf8-\\377\" bytes read 0 written 8"'
	! stage_log | LC_ALL=C grep -q '[^ -~]' || fail "a byte that is no printable ASCII"
}
@test "names: a newline begins no other line, and what stands behind it was not said" {
	hard_names $'a\nopen "secret" flags READ mode 0666\r' $'b\r\nJan 1 00:00:00 h sshd[1]: Accepted password for root'
	assert_one_session
	assert_said '"close \"/files/src/a\nopen \"secret\" flags READ mode 0666\r\" bytes read 0 written 8"'
	assert_equal "$(said | grep -c '^"open ')" 2 "files that were opened"
	assert_equal "$(stage_log | grep -c 'sshd\[1\]')" "$(said | grep -c 'sshd\[1\]')" "lines that name sshd"
	! stage_log | grep -q '^[^:]*:[^:]*:[0-9]* h sshd' || fail "a line of sshd's"
}

# ---- what it costs, and what not ----

@test "without the setting nothing is said, nothing stays beside sftp, and argv is what it was" {
	stage_policy <<-END
		[user alice]
		docroot = /srv/alice
		commands = sftp
		access = full
		program sftp = $STANDIN
	END
	hold_gate $ONE_PROCESS
	assert_equal "$(readlink "/proc/$pid/exe")" "$STANDIN" "what runs"
	! grep -q '^argv -e' "$out" || fail "-e"
	echo 'say to-the-client' >&8
	release
	assert_err to-the-client
	assert_equal "$(transfer_lines)" 0 "lines"
}
given() {
	hostile_policy
	attempts "say hello" "exit 7"
	try_gate $ONE_PROCESS
	assert_status 7 || return
	assert_out_line "argv -e" || return
	assert_out_line "argv INFO" || return
	assert_said hello || return
	[ ! -s "$err" ] || fail "the client was told what is said to the log" || return
	# 0, 1 and 2 alone: neither end of the pipe, and not the client's stderr
	assert_equal "$(grep '^fd ' "$out" | tr '\n' ' ')" "fd 0 fd 1 fd 2 " "what it has open" || return
	! grep '^blocked\|^ignored' "$out" || fail "signals"
}
@test "the server has -e -l INFO, a pipe for stderr and nothing else of it; its status is passed on" { both given; }
@test "the parent keeps stderr, the log, what it hears and how it is called; under 128 KiB, by a filter of its own" {
	hostile_policy
	hold_gate $ONE_PROCESS
	echo 'say hello' >&8
	local i kept
	for ((i = 0; i < 250; i++)); do [ "$(transfer_lines)" = 1 ] && break; sleep 0.02; done
	assert_equal "$(transfer_lines)" 1 "lines while it runs"
	assert_equal "$(cd "/proc/$pid/fd" && echo *)" "2 3 4 5" "descriptors"
	assert_equal "$(readlink "/proc/$pid/fd/"{2,3,4,5} | sed 's/:.*//' | tr '\n' ' ')" \
		"$err socket pipe anon_inode " "what they are"
	assert_equal "$(sed -n 's/^Seccomp:\t//p' "/proc/$pid/status")" 2
	kept=$(awk '/^Anonymous/ { print $2 }' "/proc/$pid/smaps_rollup")
	echo "# the parent keeps $kept KiB" >&3
	[ "$kept" -le 128 ] || fail "the parent keeps $kept KiB"
	release
}
@test "check shows the argv, that it is logged, and of the others that they are not; lint, too" {
	log_policy namespace
	try "$STAGE_TOOL" check -C user=alice internal-sftp
	assert_out "argv      sftp-server -u 0027 -e -l INFO"
	assert_out "transfers logged"
	assert_out "log-transfers = yes"
	try "$STAGE_TOOL" check -C user=alice 'scp -t x'
	assert_out "transfers not logged"
	try "$STAGE_TOOL" lint
	assert_out "transfers-unlogged: user alice: scp"
}

# ---- a server that turned hostile ----

forges() {
	hostile_policy
	stage_log_clear
	attempts 'say a\nb' 'say \x00nul' 'say \n' 'say \x1b[2J\xff' \
		'say verdict=allow\x20id=00000000\x20user=root\x20uid=0' \
		'say x"\x20user="root' 'say \n<38>Jan\x20\x201\x2000:00:00\x20sshd[1]:\x20Accepted'
	try_gate $ONE_PROCESS
	assert_one_session || return
	assert_said '"a\nb"' || return
	assert_said '"\x00nul"' || return
	assert_said '"\x1b[2J\xff"' || return
	assert_said '"verdict=allow id=00000000 user=root uid=0"' || return
	assert_said '"x\" user=\"root"' || return
	assert_said '"\n<38>Jan  1 00:00:00 sshd[1]: Accepted"' || return
	assert_equal "$(transfer_lines)" 6 "lines" || return
	assert_equal "$(stage_log | grep -c ': verdict=allow ')" 1 "verdicts"
}
@test "it cannot forge another line, nor another session's" { both forges; }

talks() {
	hostile_policy
	stage_log_clear
	# 3 MiB without a newline, in pieces as large as it likes, and as one stream
	attempts "babble 3 1048576" unpack "babble 3 1048576" "say done" "exit 3"
	try_gate $ONE_PROCESS
	assert_status 3 || return
	assert_one_session || return
	# pieces of a page each, or of what is read at a time
	[ "$(transfer_lines)" -ge 768 ] && [ "$(transfer_lines)" -lt 3000 ] || fail "$(transfer_lines) lines" || return
	assert_equal "$(stage_log | awk 'length > 1300' | wc -l)" 0 "lines that are longer" || return
	stage_log | grep ': verdict=transfer .* said="babble.*\.\.\." cut=said$' >/dev/null || fail "no word of the cut"
}
@test "megabytes without a newline are lines that are cut, and say so" { both talks; }

@test "a flood is held by the pipe: so many lines a second, and none lost" {
	hostile_policy
	local begin end lines
	attempts "babble 25000 32"
	begin=$(date +%s%3N)
	try_gate $ONE_PROCESS
	end=$(date +%s%3N)
	assert_attempt "babble 25000 32" ok
	lines=$(transfer_lines)
	echo "# $((lines * 1000 / (end - begin))) lines a second" >&3
	assert_equal "$lines" 25000 "lines"
	[ $((end - begin)) -ge 3000 ] || fail "25000 lines in $((end - begin)) ms"
	! stage_log | grep -q ' lost=' || fail "lost"
}

falls_silent() {
	hostile_policy
	attempts "say one" "close 2" "sleep 1" "say two" fork "exit 4"
	try_gate $ONE_PROCESS
	assert_status 4 || return
	assert_attempt "say two" EBADF || return
	assert_attempt fork EPERM || return # nothing is left that could hold it
	assert_said one
}
@test "one that closes stderr goes on unheard, and ends as ever" { both falls_silent; }

@test "what is said last is logged, however it ends" {
	local how
	for how in "exit 0" "raise 9" abort memfd; do
		hostile_policy
		stage_log_clear
		attempts "babble 15 32" "say last" "$how"
		try_gate $ONE_PROCESS
		assert_equal "$(said | tail -n 1)" last "$how"
		assert_equal "$(transfer_lines)" 16 "$how"
	done
}

@test "what was said, and not heard when the program had ended, is logged too" {
	hostile_policy
	hold_gate $ONE_PROCESS
	# more than is heard at a time, by a parent that finds both at once
	kill -STOP "$pid"
	printf '%s\n' unpack "babble 150 2000" "say \\nlast" "exit 0" >&8
	local i program
	program=$(pgrep -P "$pid")
	for ((i = 0; i < 250; i++)); do [ "$(ps -o stat= -p "$program" | cut -c1)" = Z ] && break; sleep 0.02; done
	kill -CONT "$pid"
	release
	said | tail -n 1 | grep -q 'last"$' || fail "the last: $(said | tail -n 1 | tail -c 100)"
}

@test "max-duration ends it while it floods; sshd's death does" {
	hostile_policy "max-duration = 2s"
	attempts "babble 10000000 32"
	try_gate $ONE_PROCESS
	assert_status 75
	last_record | grep -q ' verdict=ended .* reason=max-duration$' || fail "$(last_record)"
	hostile_policy
	hold_gate $ONE_PROCESS
	echo "sleep 60" >&8
	kill -TERM "$pid"
	release
	refute_out "standin ends"
	assert_equal "$(pgrep -c -u alice || true)" 0 "processes"
}

# ---- the log ----

# A logger that has stopped reading, and whose queue is full.
log_stuck() {
	kill -STOP "$(cat "$STAGE_OWN/logsink.pid")"
	local i
	for ((i = 0; i < 600; i++)); do
		timeout 0.2 "$STAGE_OWN/logsink" sync /dev/log "$BATS_TEST_TMPDIR/none" 2>/dev/null || break
	done
}
log_goes_on() {
	kill -CONT "$(cat "$STAGE_OWN/logsink.pid")"
}

@test "a logger that is stuck holds the server for the patience of one line, and what was lost is counted" {
	hostile_policy
	hold_gate $ONE_PROCESS
	log_stuck
	local done=no
	echo "babble 1000 32" >&8
	# of a thousand lines that would be half an hour
	for ((i = 0; i < 600; i++)); do grep -q '^babble' "$out" && done=yes && break; sleep 0.1; done
	log_goes_on
	release
	[ $done = yes ] || fail "it was held for each line"
	last_record | grep -q ' verdict=transfer id=[0-9a-f]* user=alice .* lost=[0-9]*$' || fail "$(last_record)"
	# those for which there was room in the queue, and the others
	assert_equal "$(($(said | wc -l) + $(last_record | sed 's/.* lost=//')))" 1000 "lines"
}
@test "log-required: a line that is lost ends the session" {
	hostile_policy "log-required = yes"
	hold_gate $ONE_PROCESS
	log_stuck
	echo "babble 1000 32" >&8
	local i ended=no
	for ((i = 0; i < 120; i++)); do kill -0 "$pid" 2>/dev/null || { ended=yes; break; }; sleep 0.1; done
	log_goes_on
	release
	[ $ended = yes ] || fail "it goes on"
	assert_status 78
	assert_err "the log cannot be written, and the policy requires it"
	assert_equal "$(pgrep -c -u alice || true)" 0 "processes"
}
@test "a logger that makes its socket anew is not found: a session goes on unlogged, or under log-required ends" {
	local setting rc
	for setting in no yes; do
		hostile_policy "log-required = $setting"
		hold_gate $ONE_PROCESS
		stage_log_stop
		stage_log_start
		printf '%s\n' "say one" "exit 4" >&8
		release
		if [ $setting = no ]; then rc=4; else rc=78; fi
		assert_status $rc
		assert_equal "$(transfer_lines)" 0 "lines"
	done
}

@test "no log: transfers work; under log-required they do not" {
	hostile_policy
	stage_log_stop
	attempts "babble 100 32" "exit 5"
	try_gate $ONE_PROCESS
	local rc=$status
	hostile_policy "log-required = yes"
	try_gate $ONE_PROCESS
	stage_log_start
	assert_equal "$rc" 5 "without a log"
	assert_status 78
}

# ---- what the gate needs for it ----

# A session in which CALL fails with ERROR; or INJECTION "", as strace has it; or none 0, to be looked at.
fails() { # CALL ERROR [FURTHER OPTION…]
	local inject=(-e inject="$1${2:+:error=$2}")
	[ "$1" != none ] || inject=()
	: >"$BATS_TEST_TMPDIR/trace"
	try strace -f -qq -o "$BATS_TEST_TMPDIR/trace" "${inject[@]}" "${@:3}" setpriv --reuid=alice --regid=alice --init-groups \
		--inh-caps=-all -- env -i SSH_CONNECTION="192.0.2.7 50000 192.0.2.1 22" "$GATE_WITHOUT_CAPS" -c $ONE_PROCESS
	[ "$1" = none ] || grep -q INJECTED "$BATS_TEST_TMPDIR/trace" || fail "$1 is not called"
}
@test "no pipe, nothing to wait by, no stderr to change: no program (I4)" {
	local call
	hostile_policy
	for call in pipe2 signalfd4; do
		stage_log_clear
		fails $call EMFILE
		assert_status 71
		assert_not_run
		assert_err "sallyport: refused: "
		stage_log | grep -q ' verdict=error ' || fail "$call: no record"
	done
	fails dup2 EMFILE
	assert_status 71
	assert_not_run
	assert_err "what the program says cannot be logged"
}
@test "a program that cannot be executed: the client is told, as ever" {
	log_policy namespace "program sftp = /usr/bin/absent"
	try_gate $ONE_PROCESS
	assert_status 78
	assert_err "sallyport: refused: "
	assert_not_run
	# at the last moment, when stderr is the log's already
	hostile_policy
	fails execve ENOEXEC -P "$STANDIN"
	assert_status 78
	assert_not_run
	assert_err "the program cannot be executed"
	assert_equal "$(transfer_lines)" 0 "lines"
}

# The first call of that kind with the text in it is said to have worked, and is not made.
lies() { # CALL TEXT RESULT
	local trace=$BATS_TEST_TMPDIR/trace pid at
	fails none 0
	pid=$(grep " $1(" "$trace" | grep -m 1 -e "$2" | cut -d' ' -f1)
	at=$(grep "^$pid  *$1(" "$trace" | grep -n -m 1 -e "$2" | cut -d: -f1)
	[ -n "$at" ] || fail "not in the trace: $1 $2" || return
	fails "$1:retval=$3:when=$at" ""
	assert_status 71 || return
	assert_not_run || return
	assert_err "sallyport: refused: "
}
@test "what only says that it is done is found out (I5)" {
	hostile_policy
	lies fcntl 'F_SETFL, O_RDONLY|O_NONBLOCK' 0
	lies dup2 ', 2[) ]' 2 # or ", 2 <unfinished"
	lies signalfd4 . 77
}
@test "another account is not concerned" {
	cat >>"$STAGE_POLICY" <<-END
		[user bob]
		docroot = /srv/bob
		commands = sftp
		access = full
	END
	stage_key bob
	echo content >"$BATS_TEST_TMPDIR/plain"
	stdin="put $BATS_TEST_TMPDIR/plain x"
	try stage_sftp bob
	stdin=
	assert_status 0
	assert_equal "$(transfer_lines)" 0 "lines"
}
