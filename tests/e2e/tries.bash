# shellcheck shell=bash
# tries.bash - what a program that ignores its orders would try, for each verb; and the tree it tries it on.

D=/srv/alice

# One tree, the account's own, for each attempt.
fresh() {
	find $D -mindepth 1 -delete
	mkdir $D/dir $D/full
	echo one >$D/file
	echo two >$D/other
	echo three >$D/full/inner
	chown -R alice:alice $D
}

# What each verb would look like to a program that ignores its orders. Each line is tried on a fresh tree.
tries() {
	case $1 in
	download) printf '%s\n' 'read /files/file' 'readwrite /files/file' 'read /files/full/inner' ;;
	# A file that never gets a name (O_TMPFILE) uploads nothing.
	upload) printf '%s\n' 'create /files/new' 'create /files/full/new' 'mknod /files/new' 'link /files/file /files/new' \
		'mkfifo /files/new' ;;
	overwrite) printf '%s\n' 'write /files/file' 'readwrite /files/file' 'trunc-open /files/file' 'truncate /files/file' \
		'read-trunc /files/file' 'chmod /files/file' 'utimes /files/file' 'setxattr /files/file' \
		'symlink x /files/new' ;;
	list) printf '%s\n' 'list /files' 'list /files/full' ;;
	mkdir) printf '%s\n' 'mkdir /files/new' 'mkdir /files/full/new' ;;
	rename) printf '%s\n' 'rename /files/file /files/new' 'rename /files/file /files/other' \
		'rename /files/file /files/full/new' 'exchange /files/file /files/other' 'rename /files/dir /files/new' \
		'rename /files/file /tmp/new' ;;
	delete) printf '%s\n' 'unlink /files/file' 'unlink /files/full/inner' 'rmdir /files/dir' ;;
	esac
}

# The tree as it is: names, kinds, sizes, modes, times.
tree() { find $D -printf '%p %y %s %m %T@ %n\n' | sort; }
