#!/usr/bin/env bash
# clang-tidy finds nothing; .clang-tidy says which checks are off and why.
. "$(dirname "$0")/lint.sh"
need clang-tidy

ACCEPTED="
shell/who.c clang-analyzer-security.insecureAPI.vfork	a small child that only executes; a copy of the gate would cost more
shell/who.c clang-analyzer-unix.Vfork	Linux: dup2 and close on the child's own descriptor table harm nobody
text/words.c clang-analyzer-core.NonNullParamChecker	a word that was counted has a text; words_split() begins with zeroes
"

# How far the analyzer follows each function. By itself it goes on to 225,000, which takes three times as long and has
# found nothing more: TIDY_NODES=225000 tests/arch/lint-tidy.t.
NODES=${TIDY_NODES:-75000}

tidy() { # FILES
	local flags
	# shellcheck disable=SC2206 # words
	flags=($FLAGS -Xclang -analyzer-config -Xclang "max-nodes=$NODES")
	printf '%s\n' "$@" | xargs -P2 -I{} clang-tidy --quiet {} -- "${flags[@]}" 2>/dev/null |
		grep -E '(warning|error):' | sed "s|^$PWD/||" | sort -u
}

# shellcheck disable=SC2086 # a list
findings() { tidy $SOURCES | unaccepted; }
none "clang-tidy" findings

printf 'int f(int *p);\nint f(int *p)\n{\n\tif (p)\n\t\t*p = 1;\n\treturn *p;\n}\n' >"$scratch/x.c"
some "a null pointer" tidy "$scratch/x.c"
finish
