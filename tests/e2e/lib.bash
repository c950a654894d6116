# shellcheck shell=bash
# lib.bash - what every file here starts with: `load lib`. Enters the stage, and asserts that say what went wrong.
#
# bats runs a file in a process of its own (bats-exec-file). The first time it reads the file, that process
# starts again inside the stage's namespaces, and so each test is inside already.

# shellcheck source=tests/stage.sh
. "${BASH_SOURCE[0]%/e2e/*}/stage.sh"

if [ "${STAGE_INSIDE:-}" != yes ]; then
	case $(tr '\0' ' ' </proc/$$/cmdline) in
	*bats-exec-file*)
		[ "$(id -u)" = 0 ] || { echo "tests/e2e need root" >&2; exit 1; }
		mapfile -d '' -t e2e_command </proc/$$/cmdline
		rm -rf "${BATS_FILE_TMPDIR:?}" "$BATS_FILE_TMPDIR"-*.source_file
		# descriptor 3 is what bats calls its output; 1 is a file while it reads ours
		stage_exec "${e2e_command[@]}" >&3 2>&3 ;;
	esac
elif [ -z "${STAGE_PROGRAMS:-}" ]; then
	stage_hide
fi

STANDIN=${STAGE_PROGRAMS:-}/standin
LAUNCH=$STAGE_OWN/launch
GATE_WITHOUT_CAPS=$STAGE_OWN/nocaps/sallyport-shell

# For setup_file: the gate, the log, the helpers; and alice, whose login shell is the gate.
e2e_setup() {
	stage_install
	stage_log_start
	stage_compile standin.c "$STANDIN"
	stage_compile launch.c "$LAUNCH"
	# The gate as it is where setcap does not work: user namespaces instead.
	mkdir -p "${GATE_WITHOUT_CAPS%/*}"
	cp "$STAGE_GATE" "$GATE_WITHOUT_CAPS"
	! getcap "$GATE_WITHOUT_CAPS" | grep -q cap_ || stage_die "the copy has capabilities"
	stage_user alice "$STAGE_GATE"
	stage_docroot /srv/alice alice
	stage_key alice
}

# landlock_create_ruleset(2), which has one number everywhere: this kernel's ABI.
landlock_abi() { perl -e 'print syscall(444, 0, 0, 1)'; }

# What a truncate(2) that isolation = landlock refuses says: from ABI 3 on Landlock's word, before it a filter's.
truncate_refused() { [ "$(landlock_abi)" -ge 3 ] && echo EACCES || echo EPERM; }

# ---- running ----

# try COMMAND…: $status, and stdout and stderr in files $out and $err. stdin is what $stdin holds.
try() {
	out=$BATS_TEST_TMPDIR/out err=$BATS_TEST_TMPDIR/err status=0 tried="$*"
	printf '%s' "${stdin:-}" >"$BATS_TEST_TMPDIR/in"
	"$@" <"$BATS_TEST_TMPDIR/in" >"$out" 2>"$err" 3>&- || status=$?
}

# attempts LINE…: what the stand-in is to try, for the next `try`.
attempts() {
	printf -v stdin '%s\n' "$@"
}

# try_gate COMMAND: as alice, straight, as sshd would call her login shell.
try_gate() {
	try stage_as alice env -i SSH_CONNECTION="192.0.2.7 50000 192.0.2.1 22" \
		"${gate:-$STAGE_GATE}" -c "$1"
}

# hold_gate COMMAND: the same in the background; returns when the stand-in waits for attempts. $pid is its process.
hold_gate() {
	local i fifo=$BATS_TEST_TMPDIR/fifo
	out=$BATS_TEST_TMPDIR/out err=$BATS_TEST_TMPDIR/err tried="held: $1"
	rm -f "$fifo" && mkfifo "$fifo" && : >"$out"
	setpriv --reuid=alice --regid=alice --init-groups --inh-caps=-all -- \
		env -i SSH_CONNECTION="192.0.2.7 50000 192.0.2.1 22" \
		"${gate:-$STAGE_GATE}" -c "$1" <"$fifo" >"$out" 2>"$err" 3>&- &
	pid=$!
	exec 8>"$fifo"
	for ((i = 0; i < 250; i++)); do
		grep -q '^umask' "$out" && return
		kill -0 "$pid" 2>/dev/null || break
		sleep 0.02
	done
	fail "the stand-in does not wait"
}

# Ends what hold_gate began.
release() {
	exec 8>&-
	status=0
	wait "$pid" || status=$?
}

# ---- asserting ----

fail() {
	{
		echo "failed: $*"
		echo "tried:  $(head -c 300 <<<"${tried:-}" | cat -v)"
		echo "status: ${status:-}"
		[ -f "${out:-}" ] && grep -av '^env GIT_\|^env [PHSUL]' "$out" | head -c 3000 | cat -v | sed 's/^/stdout: /'
		[ -f "${err:-}" ] && head -c 3000 "$err" | cat -v | sed 's/^/stderr: /'
		grep -qsx 1 /proc/sys/kernel/apparmor_restrict_unprivileged_userns && echo "note:   AppArmor" \
			"takes user namespaces their capabilities: sysctl kernel.apparmor_restrict_unprivileged_userns=0"
		[ -S /dev/log ] && stage_log | tail -n 2 | cat -v | cut -c1-900 | sed 's/^/log:    /'
	} >&2
	return 1
}

assert_status() { [ "$status" = "$1" ] || fail "exit status $1 expected"; }
assert_silent() { [ ! -s "$out" ] || fail "nothing on stdout expected (I6)"; }
assert_out() { grep -qF -- "$1" "$out" || fail "on stdout expected: $1"; }
assert_out_line() { grep -qxF -- "$1" "$out" || fail "this line on stdout expected: $1"; }
refute_out() { ! grep -qF -- "$1" "$out" || fail "not on stdout expected: $1"; }
assert_err() { grep -qF -- "$1" "$err" || fail "on stderr expected: $1"; }
assert_same() { cmp "$1" "$2" || fail "$1 and $2 differ"; }
assert_missing() { [ ! -e "$1" ] && [ ! -L "$1" ] || fail "$1 is there"; }
assert_exists() { [ -e "$1" ] || fail "$1 is missing"; }
assert_equal() { [ "$1" = "$2" ] || fail "'$2' expected, not '$1' ${3:+($3)}"; }

# assert_attempt 'read /x' RESULT…: what the stand-in said of that attempt is one of the results.
assert_attempt() {
	local result want attempt=$1
	shift
	result=$(grep -F -- "$attempt: " "$out" | head -n 1)
	result=${result#"$attempt: "}
	for want in "$@"; do
		[ "$result" = "$want" ] && return 0
	done
	fail "'$attempt' gave '${result:-no answer}', not $*"
}

assert_ran() { grep -qx 'standin runs' "$out" || fail "the program has not run"; }
assert_not_run() { ! grep -qx 'standin runs' "$out" || fail "the program has run"; }

# ---- the log ----

# The id that the client was told.
told_id() { sed -n 's/^sallyport: .*(id \([0-9a-f]\{8\}\))\r\{0,1\}$/\1/p' "$err" | head -n 1; }

# assert_refused STATUS: the whole contract of a refusal (I4, I6): status, one line to the client, nothing on stdout,
# one record with the same id. (A program that cannot be started was allowed first: that record stands before it.)
assert_refused() {
	local id lines
	assert_status "${1:-77}" || return
	assert_silent || return
	assert_equal "$(grep -c '^sallyport: refused: ' "$err")" 1 "lines on stderr" || return
	id=$(told_id)
	[ -n "$id" ] || fail "no id on stderr" || return
	lines=$(stage_log | grep " id=$id " | grep -c ' verdict=deny \| verdict=error ')
	assert_equal "$lines" 1 "records with id $id"
}

# assert_record ID TEXT: the record of that id holds the text.
assert_record() { stage_log | grep " id=$1 " | grep -qF -- "$2" || fail "in record $1 expected: $2"; }
last_record() { stage_log | tail -n 1; }
