# What the tool's tests share: candidate files in BATS_TEST_TMPDIR, and a tool that was built in this checkout.
# SALLYPORT names another one (a build with sanitizers).

CHECKOUT=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
TOOL=${SALLYPORT:-$CHECKOUT/build/sallyport}
POLICY=$BATS_TEST_TMPDIR/policy.ini

# try STATUS COMMAND…: runs it; its output, both streams, in $output.
try() {
	local want=$1
	shift
	run "$@"
	[ "$status" = "$want" ] || { printf 'status %s, not %s\n%s\n' "$status" "$want" "$output"; return 1; }
}

# says TEXT…: $output holds each of them.
says() {
	local text
	for text; do
		[[ $output == *"$text"* ]] || { printf 'not said: %s\n%s\n' "$text" "$output"; return 1; }
	done
}

# silent TEXT…: $output holds none of them.
silent() {
	local text
	for text; do
		[[ $output != *"$text"* ]] || { printf 'said: %s\n%s\n' "$text" "$output"; return 1; }
	done
}
