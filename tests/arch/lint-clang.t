#!/usr/bin/env bash
# The second compiler builds everything without a warning (they are errors), in a build directory of its own.
. "$(dirname "$0")/lint.sh"
need "${CLANG:-clang}"

build() {
	make -s BUILD="$BUILD/clang" CC="${CLANG:-clang}" all 2>&1 | grep -vE '^  [A-Z]+	'
}


none "clang builds it without a warning" build
none "what came out runs" sh -c '"$1" --version >/dev/null || echo no' sh "$BUILD/clang/sallyport"
printf 'int f(int x);\nint f(int x)\n{\n\tint y;\n\treturn x ? y : 0;\n}\n' >"$scratch/x.c"
warn=$(sed -n '/^WARN/,/[^\\]$/p' GNUmakefile | tr -d '\\' | sed 's/^WARN *:= *//')
# shellcheck disable=SC2086 # words
some "an uninitialised variable" "${CLANG:-clang}" $warn -c -o /dev/null "$scratch/x.c"
finish
