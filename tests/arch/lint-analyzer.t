#!/usr/bin/env bash
# gcc -fanalyzer finds nothing: no leak, double free or use after free on any path that it can follow.
. "$(dirname "$0")/lint.sh"

ACCEPTED="
audit/config.c CWE-401	the copies are kept in the list
audit/finding.c CWE-401	the copies are kept in the list
audit/match.c CWE-401	the copy is kept in the list
cli/account-table.c CWE-401	the copies are kept in the table
cli/audit-accounts.c CWE-401	what grew is kept with the account
cli/audit-docroot.c CWE-401	the copies are kept in the list
cli/audit-revocation.c CWE-401	the copies are kept until they were asked about
cli/audit-policy.c CWE-401	the copies are kept with the account
cli/audit-sshd.c CWE-401	what an instance is made of is kept in the list
cli/lint-docroot.c CWE-401	the copies are kept in the list
cli/lint-homes.c CWE-401	the copies are kept in the list
cli/docroot-jail.c CWE-401	the copies are kept in the list
cli/docroot-items.c CWE-401	the copies are kept in the list
shell/heap.c CWE-401	it defines malloc, and gives nothing back on purpose
"

analyze() { # FILES
	local flags
	# shellcheck disable=SC2206 # words
	flags=($FLAGS)
	printf '%s\n' "$@" | xargs -P2 -I{} gcc "${flags[@]}" -O2 -fanalyzer -c -o /dev/null {} 2>&1 |
		grep -E '(warning|error):'
}

# shellcheck disable=SC2086 # a list
findings() { analyze $SOURCES | unaccepted; }
if gcc -fanalyzer -c -x c /dev/null -o /dev/null 2>/dev/null; then
	none "gcc -fanalyzer" findings
	printf '#include <stdlib.h>\nint f(void);\nint f(void)\n{\n\tint *p = malloc(4);\n\tfree(p);\n\treturn *p;\n}\n' \
		>"$scratch/x.c"
	some "a use after free" analyze "$scratch/x.c"
else
	skip "this gcc has no -fanalyzer"
fi
finish
