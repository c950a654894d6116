# shellcheck shell=bash
# ground.sh - what an operation of a client stands on: an empty docroot, files to send, and ways to compare.

D=/srv/alice

# ground DIRECTORY: made anew, and current; with src/ in it. The account's docroot is emptied.
ground() {
	rm -rf "$1"
	mkdir -p "$1/src/sub"
	cd "$1" || return
	printf 'one\0two\n' >src/plain
	echo 'blank' >'src/with blank'
	echo inner >src/sub/inner
	head -c 300000 /dev/urandom >src/big
	find "$D" -mindepth 1 -delete
}

same() { cmp "$1" "$2"; }
same_tree() { diff -r "$1" "$2"; }
mine() { chown -R alice:alice "$D"; }

# is_refused COMMAND...: it fails, and the gate's last record is a denial.
is_refused() {
	if "$@"; then return 1; fi
	[[ $(stage_log | tail -n 1) == *' verdict=deny '* ]]
}
