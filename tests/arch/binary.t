#!/usr/bin/env bash
# The gate is static: a loader would obey LD_PRELOAD, so there is none (I9, I10). Both
# programs are position-independent, read-only after relocation, and have no page that is writable and executable.
. "$(dirname "$0")/lib.sh"

loader() { # PROGRAM
	readelf -lW "$1" | grep -E 'INTERP|interpreter' | sed 's/^/asks for a loader: /'
	readelf -dW "$1" | grep NEEDED | sed 's/^/links dynamically: /'
}

soft() { # PROGRAM
	readelf -hW "$1" | grep -q 'Type:.*DYN' || echo "is at a fixed address"
	readelf -lW "$1" | grep -q GNU_RELRO || echo "has no RELRO"
	readelf -dW "$1" | grep -qE 'BIND_NOW|FLAGS_1.*NOW' || echo "binds late: RELRO is not full"
	readelf -lW "$1" | grep -E '^ *[A-Z_]+ .* RWE ' | sed 's/^/writable and executable: /'
	readelf -lW "$1" | grep -q 'GNU_STACK.* RW ' || echo "has an executable stack"
}

none "the gate has no loader and links nothing" loader "$BUILD/sallyport-shell"
none "the gate is position-independent, RELRO, no page both writable and executable" soft "$BUILD/sallyport-shell"
none "the tool too" soft "$BUILD/sallyport"
some "a program with a loader" loader "$BUILD/sallyport"
echo 'int main(void) { return 0; }' >"$scratch/x.c"
${CC:-gcc} -no-pie -Wl,-z,norelro -Wl,-z,execstack -o "$scratch/soft" "$scratch/x.c" 2>/dev/null
some "a soft program" soft "$scratch/soft"
finish
