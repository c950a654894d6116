# shellcheck shell=bash
# hostile.bash - what an account may not do, tried by a hostile program, in any isolation. Behind lib.bash.

ISOLATION=namespace
START=/
FILES=/files     # the account's directory, as the program sees it
D=/srv/alice     # and as the host does

fresh() {
	find $D -mindepth 1 -delete
	mkdir $D/dir $D/full
	echo one >$D/file
	echo two >$D/other
	echo three >$D/full/inner
	chown -R alice:alice $D
}

# access VERBS [further lines]
access() {
	stage_policy <<-END
		[user alice]
		docroot = /srv/alice
		commands = ${COMMANDS:-sftp scp rsync git}
		isolation = $ISOLATION
		start = $START
		access = $1
		${2:-}
	END
}

# What each verb would look like to a program that ignores its orders. Each line is tried on a fresh tree.
tries() {
	case $1 in
	download) printf '%s\n' "read $FILES/file" "readwrite $FILES/file" "read $FILES/full/inner" ;;
	# A file that never gets a name (O_TMPFILE) uploads nothing.
	upload) printf '%s\n' "create $FILES/new" "create $FILES/full/new" "mknod $FILES/new" "link $FILES/file $FILES/new" \
		"mkfifo $FILES/new" ;;
	overwrite) printf '%s\n' "write $FILES/file" "readwrite $FILES/file" "trunc-open $FILES/file" "truncate $FILES/file" \
		"read-trunc $FILES/file" "chmod $FILES/file" "utimes $FILES/file" "setxattr $FILES/file" \
		"symlink x $FILES/new" ;;
	list) printf '%s\n' "list $FILES" "list $FILES/full" ;;
	mkdir) printf '%s\n' "mkdir $FILES/new" "mkdir $FILES/full/new" ;;
	rename) printf '%s\n' "rename $FILES/file $FILES/new" "rename $FILES/file $FILES/other" \
		"rename $FILES/file $FILES/full/new" "exchange $FILES/file $FILES/other" "rename $FILES/dir $FILES/new" \
		"rename $FILES/file /tmp/new" ;;
	delete) printf '%s\n' "unlink $FILES/file" "unlink $FILES/full/inner" "rmdir $FILES/dir" ;;
	esac
}

tree() { find $D -printf '%p %y %s %m %T@ %n\n' | sort; }

# assert_holds COMMAND: for every set of verbs that grants the command, whatever check calls held against the program
# is held against this one; the tree is judged from outside, too.
assert_holds() {
	local all=(download upload overwrite list mkdir rename delete) set i verbs verb lines before
	local granted=0 held=0 failures=0
	before=$(tree)
	for ((set = 1; set < 128; set++)); do
		verbs=
		for ((i = 0; i < 7; i++)); do
			((set >> i & 1)) && verbs+="${all[i]} "
		done
		access "${verbs% }" "program sftp = $STANDIN
program scp = $STANDIN
program rsync = $STANDIN
program git = $STANDIN${PROGRAMS:-}"
		"$STAGE_TOOL" check -C user=alice "$1" >"$BATS_TEST_TMPDIR/check" || continue
		granted=$((granted + 1))
		lines=()
		while read -r verb; do
			held=$((held + 1))
			mapfile -t -O "${#lines[@]}" lines < <(tries "$verb")
		done < <(sed -n 's/^  without *\([a-z]*\) .*against the program.*/\1/p' "$BATS_TEST_TMPDIR/check")
		[ "${#lines[@]}" -gt 0 ] || continue
		attempts "${lines[@]}"
		try_gate "$1"
		assert_ran || return
		if grep ': ok$' "$out"; then
			failures=$((failures + 1))
			cat "$BATS_TEST_TMPDIR/check"
			fail "check says that the program of '$1' cannot do this under: $verbs" || [ "$failures" -lt 2 ] || return
		fi
		[ "$failures" -gt 0 ] || assert_equal "$(grep -c ': E[A-Z]*$' "$out")" "${#lines[@]}" attempts || return
	done
	[ "$failures" = 0 ] || return
	assert_equal "$(tree)" "$before" "the tree" || return
	[ "$granted" -gt 0 ] && [ "$held" -gt 0 ] || fail "no set of verbs grants '$1'" || return
	echo "# '$1': $granted sets of verbs grant it, $held lacks held against the program" >&3
}
