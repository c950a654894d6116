#!/bin/bash
# policy.sh - what it costs to load a policy and decide, with 1 to 1,000,000 accounts in users/, and the instructions of
# one rsync decision. `make bench-policy` runs it, and so does `make bench`. Needs no root; leaves nothing behind.
# BENCH_DIR says where the accounts are made (/var/tmp: a million of them take a gigabyte of disk while it runs).
set -eu
program=$BUILD/tests/bench/policy
counts=${BENCH_ACCOUNTS:-1 1000 100000 1000000}
ground=$(mktemp -d "${BENCH_DIR:-/var/tmp}/sallyport-bench.XXXXXX")
trap 'rm -rf "$ground"' EXIT
trap 'exit 1' INT TERM HUP

dirs=()
begin=$SECONDS
for count in $counts; do
	"$program" plant "$ground/users-$count" "$count"
	dirs+=("$ground/users-$count")
done
echo "Load, settings and one rsync decision, users/ on $(stat -f -c %T "$ground"), in turn, ${BENCH_DECISIONS:-2000} rounds;" \
	"making the accounts took $((SECONDS - begin)) s"
"$program" time "${BENCH_DECISIONS:-2000}" "${dirs[@]}"
echo

instructions() { # FUNCTION: those between its call and its return, all that it calls included
	valgrind --tool=callgrind --callgrind-out-file="$ground/callgrind" --toggle-collect="$1" \
		"$program" once "${dirs[0]}" >"$ground/said" 2>&1 || { cat "$ground/said" >&2; return 1; }
	sed -n 's/.*Collected : *//p' "$ground/said"
}
if command -v valgrind >/dev/null; then
	load=$(instructions load_once)
	decide=$(instructions decide_once)
	echo "Instructions, by callgrind: policy_load() and policy_settings() $load; policy_decide() of one rsync command $decide"
else
	echo "instructions: not measured: apt install valgrind"
fi
