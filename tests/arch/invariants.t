#!/usr/bin/env bash
# Each invariant (SECURITY lists them) is named where it is upheld, in a comment, and by a test that proves it.
. "$(dirname "$0")/lib.sh"

uncited_in_sources() { # TREE
	local i
	for i in 1 2 3 4 5 6 7 8 9 10; do
		# a comment line, or what stands behind the opening of one
		(cd "$1" && grep -rhE '^ ?\*|/\*' $ROOMS --include='*.[ch]') | grep -qwE "I$i" ||
			echo "I$i is named in no comment of the sources"
	done
}

uncited_in_tests() { # DIRECTORY of tests
	local i
	for i in 1 2 3 4 5 6 7 8 9 10; do
		grep -rqwE "I$i" "$1" --include='*.c' --include='*.bats' --include='*.t' \
			--exclude=invariants.t || echo "I$i is named by no test"
	done
}

none "each of I1 to I10 is named where it is upheld" uncited_in_sources .
none "each of I1 to I10 is named by a test" uncited_in_tests tests

tree=$(plant_tree)
grep -rlwE 'I6' "$tree" | xargs -r sed -i 's/\bI6\b/that/g'
some "one that nothing upholds" uncited_in_sources "$tree"
mkdir "$scratch/tests" && echo "I1 I2 I3 I4 I5 I6 I7 I8 I9" >"$scratch/tests/x.t"
some "one that nothing proves (I10 is not I1)" uncited_in_tests "$scratch/tests"
finish
