# shellcheck shell=bash
# lib.sh - for tests/arch/*.t: claims about the architecture, as TAP. A claim is a function that takes a tree and
# prints each breach on a line. Each is made twice: of the tree as it is, which must have none, and of a copy with a
# planted breach, which must have one: a check that cannot fail proves nothing.
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
BUILD=${BUILD:-build}
ROOMS="shell policy sandbox keys audit text cli"
number=0

scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT

result() { # STATUS NAME [BREACHES]
	number=$((number + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $number - $2"
	else
		echo "not ok $number - $2"
		[ -z "${3:-}" ] || printf '%s\n' "$3" | sed 's/^/# /'
	fi
}

# none NAME COMMAND… : the command prints nothing.
none() {
	local name=$1 out
	shift
	out=$("$@" 2>&1)
	[ -z "$out" ]
	result $? "$name" "$out"
}

# some NAME COMMAND… : it prints a breach.
some() {
	local name=$1 out
	shift
	out=$("$@" 2>&1)
	[ -n "$out" ]
	result $? "can fail: $name"
}

# A copy of the sources in which something may be broken; prints its path.
plant_tree() {
	local copy
	copy=$(mktemp -d "$scratch/tree-XXXXXX")
	for room in $ROOMS; do
		[ ! -d "$room" ] || cp -R "$room" "$copy/"
	done
	mkdir "$copy/man" && cp man/*.[1-8] "$copy/man/" 2>/dev/null
	[ ! -f README.md ] || cp README.md "$copy/"
	echo "$copy"
}

skip() { # WHY
	number=$((number + 1))
	echo "ok $number # SKIP $1"
}

finish() {
	echo "1..$number"
}
