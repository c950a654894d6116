#!/usr/bin/env bash
# make removal: takes out, one at a time, each step of a door and each group of a profile that the tables name, and runs
# the test that must then fail. TAP, a line for each; and first one for each test that passes while nothing is missing.
#
#	tests/removal/run.sh [PATTERN]	the rows whose id matches, as grep -E has it; all of them without
#	REMOVAL_WORK=DIR		keeps the copies there, for the next run to begin with
#
# It works in copies of the checkout, one for each of TEST_JOBS, and builds them without optimisation. A row fails when
# its test passes, when the tree without it does not build, and when the test ends by itself in some other way.
# The whole takes an hour of one processor. Root, like the tests.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/removal/lib.sh
CHECKOUT=$PWD
SELF=$CHECKOUT/tests/removal/run.sh
QUICK=(WARN=-w 'HARDEN=-fPIE')
export TEST_TIMEOUT=${TEST_TIMEOUT:-240} STAGE_MAKEFLAGS="WARN=-w HARDEN=-fPIE"

# The same words as stage_install's, so that it finds all built.
build() {
	make -s BUILD=build/stage PREFIX=/opt/sallyport SYSCONFDIR=/opt/sallyport/etc STATEDIR=/opt/sallyport/var \
		"${QUICK[@]}" all
}

build_unit() { make -s "${QUICK[@]}" "build/asan/unit/$1"; }

# One line of TAP, numbered in the order in which they come; what is said beyond it, as comments.
say() { # ok|"not ok" NAME [FILE]
	(
		flock 9
		number=$(($(cat "$WORK/number") + 1))
		echo $number >"$WORK/number"
		echo "$1 $number - $2"
		[ -z "${3:-}" ] || tail -n 40 "$3" | sed 's/^/#   /'
	) 9>"$WORK/lock"
}

quoted() { sed 's/[][\.*^$()+?{}|]/\\&/g'; } # for a regular expression of bats

# run_test TEST OUTPUT: of the named test alone; 0 passed, 1 failed, 2 neither.
run_test() {
	local file title
	file=$(removal_file_of "$1")
	title=$(removal_title "$1") || return 2
	case $file in
	*.bats) tests/prove-exec "$file" -f "^$(quoted <<<"$title")\$" ;;
	*) tests/prove-exec "build/asan/unit/$(basename "$file" .c)" ;;
	esac </dev/null >"$2" 2>&1
	case $(sed -n 's/^\(ok\|not ok\) [0-9]* -\{0,1\} *\(.*\)/\1 \2/p' "$2" | sed 's/ in [0-9]*ms$//' |
		grep -xF -e "ok $title" -e "not ok $title") in
	"ok "*) return 0 ;;
	"not ok "*) return 1 ;;
	*) return 2 ;;
	esac
}

build_for() { # TEST
	case $(removal_file_of "$1") in
	*.bats) build ;;
	*) build_unit "$(basename "$(removal_file_of "$1")" .c)" ;;
	esac
}

# The copy becomes what it was: sources, objects and times.
restore() { rsync -a --delete "$WORK/tree/" ./; }

take_out() {
	if [ -n "$file" ]; then
		removal_apply "$file" "$text" "$instead"
	else
		# the group is left out of the one profile, and make finds its result newer than the generator
		for out in build/stage/filters.c build/filters.c; do
			[ -x "${out%/*}/filters-gen" ] || continue
			# shellcheck disable=SC2086 # two words
			"${out%/*}/filters-gen" --without $text >"$out" || return
		done
	fi
}

row() { # TABLE:ID, in one of the copies
	local rc=0
	cd "$WORK/copy-${SLOT:-0}" || exit 1
	restore
	local log=$WORK/log-${SLOT:-0}
	removal_read "${1%%:*}" "${1#*:}" || { say "not ok" "$1: no such row"; return; }
	if ! take_out 2>"$log"; then
		say "not ok" "$id: cannot be taken out: is the text still there, once?" "$log"
	elif ! build_for "$named" >"$log" 2>&1; then
		say "not ok" "$id: does not build without it" "$log"
	else
		run_test "$named" "$log" || rc=$?
		case $rc in
		0) say "not ok" "$id: nothing fails without it: $named" ;;
		1) say ok "$id: $named" ;;
		*) say "not ok" "$id: the test ended otherwise: $named" "$log" ;;
		esac
	fi
}

# Every test that is named, while nothing is missing: those of one file by one run.
baseline() { # FILE
	cd "$WORK/copy-${SLOT:-0}" || exit 1
	local log=$WORK/log-${SLOT:-0} names=() name title
	mapfile -t names < <(grep -F "${1#tests/}" <"$WORK/files" | cut -f2)
	case $1 in
	*.bats)
		for name in "${names[@]}"; do removal_title "$name" | quoted; done | paste -sd'|' >"$log.titles"
		tests/prove-exec "$1" -f "^($(cat "$log.titles"))\$" ;;
	*) build_unit "$(basename "$1" .c)" && tests/prove-exec "build/asan/unit/$(basename "$1" .c)" ;;
	esac </dev/null >"$log" 2>&1
	for name in "${names[@]}"; do
		title=$(removal_title "$name")
		if sed -n 's/^ok [0-9]* -\{0,1\} *//p' "$log" | sed 's/ in [0-9]*ms$//' | grep -qxF -- "$title"; then
			say ok "with everything in its place: $name"
		else
			say "not ok" "with everything in its place: $name" "$log"
		fi
	done
}

if [ "${1:-}" = --row ] || [ "${1:-}" = --baseline ]; then
	"${1#--}" "$2"
	exit
fi

JOBS=${TEST_JOBS:-2}
WORK=${REMOVAL_WORK:-$(mktemp -d "${TMPDIR:-/tmp}/removal-XXXXXX")} || exit 1
[ -n "${REMOVAL_WORK:-}" ] || trap 'rm -rf "$WORK"' EXIT
mkdir -p "$WORK/tree"
chmod 755 "$WORK"
export WORK
echo 0 >"$WORK/number"

# What git knows, and what it would take up.
git ls-files -co --exclude-standard -z | rsync -a --from0 --ignore-missing-args --files-from=- ./ "$WORK/tree/" || exit 1
cd "$WORK/tree" || exit 1
for table in steps groups; do
	removal_ids $table | grep -E -- "${1:-.}" | sed "s/^/$table:/"
done >"$WORK/rows"
while IFS=: read -r table id; do
	removal_read "$table" "$id" && printf '%s\t%s\n' "$(removal_file_of "$named")" "$named"
done <"$WORK/rows" | sort -u >"$WORK/named"
sed 's,^tests/,,' "$WORK/named" >"$WORK/files"
{ { ! grep -q '\.bats' "$WORK/named" || build; } && cut -f1 "$WORK/named" | sort -u | sed -n 's,^tests/unit/\(.*\)\.c$,\1,p' | while read -r unit; do
	build_unit "$unit" || exit
done; } >"$WORK/log" 2>&1 || { cat "$WORK/log"; echo "Bail out! the tree does not build"; exit 1; }
for ((slot = 0; slot < JOBS; slot++)); do
	mkdir -p "$WORK/copy-$slot" && rsync -a --delete "$WORK/tree/" "$WORK/copy-$slot/"
done

echo "TAP version 13"
cut -f1 "$WORK/named" | sort -u | xargs -r -P "$JOBS" --process-slot-var=SLOT -n 1 "$SELF" --baseline | tee "$WORK/tap"
xargs -r -P "$JOBS" --process-slot-var=SLOT -n 1 "$SELF" --row <"$WORK/rows" | tee -a "$WORK/tap"
echo "1..$(cat "$WORK/number")"
! grep -q '^not ok' "$WORK/tap"
