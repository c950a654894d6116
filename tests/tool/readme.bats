#!/usr/bin/env bats
# Goal: what README shows of the tool is what the tool prints, for the policy that README has.

bats_require_minimum_version 1.5.0
load lib

README=$CHECKOUT/README.md

# block FENCE N: the N-th block that begins with the fence.
block() {
	awk -v fence="$1" -v n="$2" '/^```/ { shown = 0; inside = !inside; if (inside && $0 == fence && ++count == n) shown = 1; next }
		shown' "$README"
}

# shown N: runs each "$ sallyport check ..." of the N-th plain block, and compares what stands below it.
shown() {
	local line command='' wanted=''
	while IFS= read -r line; do
		case $line in
		'$ '*) compare "$command" "$wanted" || return; command=${line#'$ '} wanted='' ;;
		*) wanted+=$line$'\n' ;;
		esac
	done < <(block '```' "$1"; echo '$ end')
	return 0
}

compare() { # COMMAND WANTED
	[ -n "$1" ] || return 0
	ran=$((ran + 1))
	local got
	got=$(eval "${1/sallyport/\"\$TOOL\"}") || true
	# Landlock's ABI is this kernel's; the file lies elsewhere.
	diff <(printf '%s' "$2" | sed -e '/./,$!d' -e 's/ABI [0-9]*/ABI N/' | sed -e :a -e '/^\n*$/{$d;N;ba' -e '}') \
		<(printf '%s' "${got:+$got$'\n'}" | sed -e "s#$PWD/\([a-z]*\.ini\)#/tmp/\1#g" -e 's/ABI [0-9]*/ABI N/')
}

@test "the dry runs of the worked example" {
	cd "$BATS_TEST_TMPDIR"
	block '```ini' 1 >policy.ini
	[ -s policy.ini ]
	ran=0
	shown 1
	[ "$ran" = 3 ]
}

@test "the tests of the example policy" {
	cd "$CHECKOUT"
	ran=0
	shown 2
	[ "$ran" = 2 ]
}

@test "what lint says of a name in from" {
	cd "$BATS_TEST_TMPDIR"
	ln -s "$CHECKOUT/examples" examples
	ran=0
	shown 3
	[ "$ran" = 2 ]
}
