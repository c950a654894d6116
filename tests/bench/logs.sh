#!/usr/bin/env bash
# logs.sh - audit logs over an auth.log of BENCH_BYTES (1 GiB), beside grep -c 'Failed password' on the same file in the
# same run, three times each in turn; and its peak memory on a tenth of the file and on all of it: flat, or not. The
# file lies in BENCH_DIR and is removed.
set -eu
cd "$(dirname "$0")/../.."
BYTES=${BENCH_BYTES:-1073741824}
DIR=$(mktemp -d "${BENCH_DIR:-${TMPDIR:-/tmp}}/sallyport-logs.XXXXXX")
trap 'rm -rf "$DIR"' EXIT
TOOL=$PWD/$BUILD/sallyport

printf '[defaults]\ndocroot = none\ncommands = sftp\n[user alice]\n' >"$DIR/policy.ini"
perl tests/bench/logs.pl "$BYTES" >"$DIR/auth.log"
perl tests/bench/logs.pl "$((BYTES / 10))" >"$DIR/tenth.log"
size=$(stat -c %s "$DIR/auth.log")
grep -c x "$DIR/auth.log" >"$DIR/lines" # and the file is in memory
echo "$size bytes, $(wc -l <"$DIR/auth.log") lines, $(grep -c 'Failed password' "$DIR/auth.log") of them failed passwords"

peak() { # FILE
	"$TOOL" audit logs -f "$DIR/policy.ini" "$1" >"$DIR/report" &
	local pid=$! most=0 now
	while now=$(sed -n 's/^VmHWM:[[:space:]]*\([0-9]*\).*/\1/p' "/proc/$pid/status" 2>/dev/null) && [ -n "$now" ]; do
		most=$now
		sleep 0.02
	done
	wait "$pid" || true
	echo "$most"
}

# Wall and processor seconds. Not to /dev/null: grep knows it, and stops at the first line.
seconds() { # COMMAND…
	TIMEFORMAT='%R %U %S'
	{ time "$@" >"$DIR/report" 2>&1 || true; } 2>&1
}

rate() { # NAME WALL USER SYSTEM
	awk -v n="$size" -v name="$1" -v w="$2" -v u="$3" -v s="$4" 'BEGIN { printf "%-12s %8.0f MB/s, %8.0f MB/s of processor time\n",
		name, n / w / 1e6, n / (u + s) / 1e6 }'
}

for round in 1 2 3; do
	# shellcheck disable=SC2046 # three words
	rate "grep -c" $(seconds grep -c 'Failed password' "$DIR/auth.log")
	# shellcheck disable=SC2046
	rate "audit logs" $(seconds "$TOOL" audit logs -f "$DIR/policy.ini" "$DIR/auth.log")
done
echo "peak memory of audit logs: $(peak "$DIR/tenth.log") KiB on a tenth of it, $(peak "$DIR/auth.log") KiB on all"
