#!/usr/bin/env bash
# The runner tells the truth: a test that dies has failed, and with CI=true a skip has too.
. "$(dirname "$0")/lib.sh"

write() { # NAME BODY
	printf '#!/bin/sh\n%s\n' "$2" >"$scratch/$1"
	chmod +x "$scratch/$1"
	echo "$scratch/$1"
}

passes() { # CI FILE
	CI=$1 prove -Q --exec tests/prove-exec "$2" >/dev/null 2>&1
}

expect() { # passes|fails CI NAME BODY
	passes "$2" "$(write t "$4")"
	local status=$?
	if [ "$1" = passes ]; then result $status "$3"; else result "$((status == 0))" "$3"; fi
}

expect passes true "a test that passes, passes" 'echo "ok 1 - x"; echo 1..1'
expect fails "" "a failure fails" 'echo "not ok 1 - x"; echo 1..1'
expect fails "" "so does a death" 'echo "ok 1 - x"; echo 1..1; kill -9 $$'
expect fails "" "so does a plan that is not kept" 'echo "ok 1 - x"; echo 1..2'
expect fails "" "so does an exit status" 'echo "ok 1 - x"; echo 1..1; exit 3'
expect passes "" "a skip passes at home" 'echo "ok 1 # SKIP no root"; echo 1..1'
expect fails true "and fails with CI=true" 'echo "ok 1 # SKIP no root"; echo 1..1'
expect fails true "also in lower case, as bats writes it" 'echo "ok 1 name # skip no root"; echo 1..1'
expect passes "" "a whole file that skips passes at home" 'echo "1..0 # SKIP no git"'
expect fails true "and fails with CI=true" 'echo "1..0 # SKIP no git"'
expect fails "" "a file that says nothing fails" ':'

write t 'echo "ok 1 - a"; echo "not ok 2 - b"; echo "# why"; echo "ok 3 - c"; echo "# of no interest"; echo 1..3; exit 2' >/dev/null
FAILURES=$scratch/failures tests/prove-exec "$scratch/t" >/dev/null
printf '%s: not ok 2 - b\n# why\n%s: ended with 2\n' "$scratch/t" "$scratch/t" >"$scratch/expected"
none "what a failure says is kept, and nothing else" diff "$scratch/failures" "$scratch/expected"
finish
