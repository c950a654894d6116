#!/usr/bin/env bash
# seeds.sh HARNESS DIRECTORY - what a harness starts with beside its kept inputs. For `decide`: each command of
# tests/corpus/commands.tsv as an account that may do everything, and a dictionary of every word of every table.
set -euo pipefail
[ "$1" = decide ] || exit 0
cd "$(dirname "$0")/../.."
out=$2

while IFS=$'\t' read -r id _ _ _ command _; do
	case $id in '#'* | '') continue ;; esac
	printf '0\n%b' "$command" >"$out/decide/seed-$id"
done <tests/corpus/commands.tsv

# Names of options, words of templates, spellings; as libFuzzer reads them.
{
	grep -oh '{"[^"]*"' policy/table-*.c | tr -d '{"' | tr ' ' '\n'
	sed -n 's/.*\.spellings = "\([^"]*\)".*/\1/p' policy/table-*.c | tr ' ' '\n'
	printf '%s\n' ' . ' '../' '/files/' '.ssh' '=%p' '.iLsfxCIvu'
} | grep -v '^%\|^$' | sort -u | awk '{ print "word" NR "=\"" $0 "\"" }' >"$out/decide.dict"
