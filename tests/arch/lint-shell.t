#!/usr/bin/env bash
# Nothing to find in the scripts of the tests by shellcheck. (SC1091: it cannot follow every `.`; SC2154, SC2034: so it
# does not see what a sourced file sets or uses; SC2016: awk and sh -c programs stand in single quotes on purpose;
# SC2086: lists.)
. "$(dirname "$0")/lint.sh"
need shellcheck

scripts() {
	ls tests/*.sh tests/removal/*.sh tests/clients/*.sh tests/clients/*.bash tests/fuzz/*.sh tests/lab/*.sh tests/lab/*.bash tests/prove-exec .ci/run tests/arch/*.t tests/arch/*.sh
}

look() { # FILES
	shellcheck -x -S warning -e SC1091,SC2034,SC2154,SC2016,SC2086 "$@"
}

mapfile -t list < <(scripts)
none "shellcheck" look "${list[@]}"
printf '#!/bin/sh\nx=$1\nrm -rf "$y"/*\n[ $x == 1 ]\n' >"$scratch/x.sh"
some "a careless script" look "$scratch/x.sh"
finish
