#!/usr/bin/env bash
# run.sh HARNESS PROGRAM DIRECTORY SECONDS - explores with libFuzzer, and says in one line how far it came. New inputs
# stay in DIRECTORY/HARNESS, where the next run goes on; what fails is DIRECTORY/crash-HARNESS-*, and the exit status 1.
set -euo pipefail
cd "$(dirname "$0")/../.."
name=$1 program=$2 out=$3 seconds=$4
log=$out/$name.log

tests/fuzz/seeds.sh "$name" "$out"
TIMEFORMAT='%U %S'
status=0
{ cpu=$({ time "$program" -max_total_time="$seconds" -max_len=8192 -timeout=10 -print_final_stats=1 -verbosity=1 \
	-artifact_prefix="$out/crash-$name-" -dict="$out/$name.dict" "$out/$name" "tests/fuzz/corpus/$name" \
	>"$log" 2>&1; } 2>&1 >&3); } 3>&1 || status=$?

# "INFO: Loaded 1 modules (1234 inline …", "#99 DONE cov: 12 ft: 34 …", "stat::new_units_added: 5"
awk -v name="$name" -v cpu="$cpu" -v status=$status -v from="$log" '
	/^INFO: Loaded 1 modules/ { edges = substr($5, 2) }
	{ for (i = 1; i < NF; i++) { if ($i == "cov:") cov = $(i + 1); if ($i == "ft:") ft = $(i + 1) } }
	/number_of_executed_units/ { n = $2 }
	/new_units_added/ { added = $2 }
	/Test unit written to/ { artifact = $NF }
	END {
		split(cpu, seconds, " ")
		printf "fuzz %-9s %11d executions, %6d new inputs, %5d of %5d edges, %6d features, %7.1f CPU seconds, %s\n",
			name, n, added, cov, edges, ft, seconds[1] + seconds[2], status ? "FAILED" : "no failure"
		if (!status)
			exit
		printf "  %s tells why. To keep what it was, and to have it replayed by make check:\n", from
		printf "  cp %s tests/fuzz/corpus/%s/WHAT-IT-WAS\n", artifact ? artifact : "INPUT", name
	}' "$log"
exit "$((status != 0))"
