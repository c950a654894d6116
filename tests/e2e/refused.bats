#!/usr/bin/env bats
# Goal: what is no transfer is refused, in every form in which sshd can hand it over: status 77, one line on
# stderr, nothing on stdout (I6), no exec (I4), one record with the same id, foreign bytes escaped (I8).

load lib
load neg

setup_file() {
	e2e_setup
	# bob and carol have another login shell: there only the forced command is the gate.
	stage_user bob "$STAGE_GATE"
	stage_user carol /bin/sh
	stage_user dave /bin/sh
	stage_user erin "$STAGE_GATE"
	stage_docroot /srv/shared root
	chmod 0755 /srv/shared
	stage_key bob "command=\"$STAGE_GATE\""
	stage_key carol "restrict,command=\"$STAGE_GATE\""
	stage_key dave
	stage_key erin
	stage_policy <<-END
		[defaults]
		docroot = /srv/shared
		commands = sftp scp rsync git aspera probe
		access = full
		restricted = yes
		[user alice]
		[user bob]
		[user carol]
		[user dave]
		[user erin]
		commands = scp
	END
	stage_sshd <<-END
		Match User dave
		ForceCommand $STAGE_GATE
	END
}

# One connection for all of them; sshd starts the account's shell anew for each.
refuse_all_to() {
	local command mux="-oControlMaster=auto -oControlPath=$STAGE_OWN/mux-%r -oControlPersist=3"
	for command in "${NEG[@]}" "/bin/sh /home/$1/.ssh/rcx"; do
		# shellcheck disable=SC2086 # options, several
		try stage_ssh "$1" $mux -- "$command"
		assert_refused 77 || return
	done
}

@test "NEG strings, the gate is the login shell" { refuse_all_to alice; }
@test "NEG strings, forced command and login shell" { refuse_all_to bob; }
@test "NEG strings, forced command under another login shell" { refuse_all_to carol; }
@test "NEG strings, ForceCommand of sshd_config" { refuse_all_to dave; }

@test "ascmd is refused because of restricted, not as unknown" {
	try stage_ssh alice 'ascmd -V2'
	assert_refused 77
	assert_err "browsing is off for this account"
}

@test "an interactive login is told what the account is for, in every form" {
	for user in alice bob carol dave; do
		try stage_ssh "$user"
		assert_refused 77
		assert_err "this account is for file transfer only"
	done
}

@test "sshd passes the line on to no client that asks for a subsystem; the record is there all the same" {
	stage_log_clear
	try stage_sftp erin
	[ "$status" != 0 ] || fail "sftp was granted"
	assert_equal "$(grep -c sallyport "$err")" 0 "lines of the gate's"
	grep -q 'Connection closed' "$err" || fail "sftp says something else now: INSTALL 9, sallyport-shell(8)"
	last_record | grep -q ' user=erin .* reason="not a command this account may run"' || fail "no record"
	try stage_sftp erin -s /usr/lib/openssh/sftp-server
	assert_err "sallyport: refused: not a command this account may run"
}

@test "with a terminal the line appears on it, and the session ends" {
	# A pty joins stdout and stderr; carol's key says restrict and gets none, so the session has no pty there.
	for user in alice bob dave; do
		try stage_ssh "$user" -tt
		assert_status 77
		assert_out "sallyport: refused: this account is for file transfer only (id "
		assert_equal "$(wc -l <"$out")" 1 "lines on the terminal"
	done
}

@test "the empty command is the interactive request, and refused, in every form" {
	for user in alice bob carol dave; do
		try stage_ssh "$user" ''
		assert_refused 77
	done
}

@test "sshd's own call for ~/.ssh/rc, made by a client: refused, in every form; what is said of it may be nothing" {
	for user in alice bob carol dave; do
		try stage_ssh "$user" "/bin/sh /home/$user/.ssh/rc"
		assert_status 77
		assert_silent
	done
}

@test "foreign bytes are escaped in the record: newline, escape, quote, not UTF-8 (I8)" {
	local command=$'id\n<86>forged verdict=allow \e[2J"\x01\xff\\'
	stage_log_clear
	try stage_ssh alice -- "$command"
	assert_refused 77
	stage_log >"$BATS_TEST_TMPDIR/log"
	assert_equal "$(wc -l <"$BATS_TEST_TMPDIR/log")" 1 "records"
	! LC_ALL=C grep -q '[^ -~]' "$BATS_TEST_TMPDIR/log" || fail "a raw byte in the log"
	assert_record "$(told_id)" 'request="id\n<86>forged'
	assert_record "$(told_id)" 'verdict=deny'
	# what the client is told holds nothing of its own bytes
	! LC_ALL=C grep -q '[^ -~]' "$err" || fail "a raw byte on stderr"
}

@test "a request of a thousand quotes cannot end its field early (I8)" {
	local command
	command=$(printf 'x" verdict=allow y="%.0s' {1..200})
	try stage_ssh alice -- "$command"
	assert_refused 77
	# outside quoted values there is one verdict
	assert_equal "$(stage_log | grep " id=$(told_id) " | sed 's/"\(\\.\|[^"\\]\)*"//g' | grep -o 'verdict=' | wc -l)" 1
}

@test "a record says which of its values were cut, and only then (I8)" {
	try stage_ssh alice -- "scp -t $(printf 'a/%.0s' {1..600})x y"
	assert_refused 77
	assert_record "$(told_id)" '..." '
	stage_log | grep " id=$(told_id) " | grep -q ' cut=request$' || fail "no cut=request at the end"
	try stage_ssh alice -- 'scp -t "cut=request" y...'
	assert_refused 77
	! stage_log | grep " id=$(told_id) " | grep -q ' cut=[a-z,]*$' || fail "an imitation of cut="
}

@test "the refusal names the reason, and the record has it too" {
	try stage_ssh alice 'scp -S /bin/sh -t .'
	assert_refused 77
	assert_err "a refused option (names a program to run (CVE-2004-1161))"
	assert_record "$(told_id)" 'reason="a refused option"'
}

# Every byte a command can hold, but for the quote around it and what splitting refuses inside one.
ALL_BYTES=$(printf '\\x%02x' {1..38} {40..255})
printf -v ALL_BYTES '%b' "$ALL_BYTES"

# assert_clean WORD: the log and what the client was told are printable ASCII, one record, and the id in both.
assert_clean() {
	stage_log >"$BATS_TEST_TMPDIR/log"
	assert_equal "$(wc -l <"$BATS_TEST_TMPDIR/log")" 1 "records" || return
	! LC_ALL=C grep -q '[^ -~]' "$BATS_TEST_TMPDIR/log" || fail "a raw byte in the log" || return
	! grep -v '^standin\|^argv' "$err" | LC_ALL=C grep -q '[^ -~]' || fail "a raw byte on stderr" || return
	# outside quoted values there is one verdict, and no other user
	sed 's/"\(\\.\|[^"\]\)*"//g' "$BATS_TEST_TMPDIR/log" >"$BATS_TEST_TMPDIR/bare"
	assert_equal "$(grep -o 'verdict=' "$BATS_TEST_TMPDIR/bare" | wc -l)" 1 "verdicts"
}

@test "hostile bytes in every position of a command: the log stays ASCII, one record each (I8)" {
	local hostile line forged=$'x\n<86>Jan  1 00:00:00 sallyport-shell[1]: verdict=allow user=root' n=0
	for hostile in "$ALL_BYTES" "$forged" $'\e]0;x\a\e[2J' $'\x9b31m\x85' '%s%n%99999d' '" verdict=allow "' '\x22\'; do
		for line in "'$hostile'" "'$hostile' -t x" "scp '-$hostile' x" "scp -l '$hostile' -t x" \
			"scp -t '$hostile'" "scp -f x '$hostile'" "scp -f *'$hostile'" "rsync '$hostile' . x" \
			"rsync --server '--$hostile' . x" "rsync --server '--delete=$hostile' . x" \
			"rsync --server --usermap '$hostile' . x" "rsync --server -e.'$hostile' . x" \
			"rsync --server . '$hostile'" "rsync --server '$hostile' x" "git-upload-pack '$hostile'" \
			"git '$hostile' r" "ascp --no-mgmt-port-files -M '$hostile' -S. -V1" "true '$hostile'" \
			"$hostile" "scp $hostile" "scp -t $hostile"; do
			stage_log_clear
			try_gate "$line"
			assert_clean || return
			n=$((n + 1))
		done
	done
	assert_equal $n 147 lines
}

@test "hostile bytes where no command is: the address, the flags, the environment (I8)" {
	local place
	for place in address flags command; do
		stage_log_clear
		case $place in
		address) try stage_as alice env -i SSH_CONNECTION="$ALL_BYTES 1 2 3" "$STAGE_GATE" -c id ;;
		flags) try stage_as alice env -i SSH_CONNECTION="192.0.2.7 5 6 7" "$STAGE_GATE" -c "$STAGE_GATE --profile $ALL_BYTES" ;;
		command) try stage_as alice env -i SSH_CONNECTION="192.0.2.7 5 6 7" SSH_ORIGINAL_COMMAND="$ALL_BYTES" \
			SSH_CLIENT="$ALL_BYTES" USER="$ALL_BYTES" HOME="$ALL_BYTES" "$STAGE_GATE" -c "$STAGE_GATE" ;;
		esac
		assert_clean || return
	done
}

@test "every refusal names the word, escaped, in the record and to the client" {
	try_gate $'rsync --server -r --rsh=\'a\eb\' . x'
	assert_err ", at '--rsh='a\\x1bb'' (id "
	assert_record "$(told_id)" 'word="--rsh='
	try_gate 'scp -t x; id'
	assert_err "a shell operator outside quotes, at ';' (id "
	assert_record "$(told_id)" 'word=;'
	try_gate 'rsync --server -re.iLsfxCIvu --log-file=x . y'
	assert_err "a refused option (writes a file), at '--log-file=x' (id "
	assert_record "$(told_id)" 'detail="writes a file" word="--log-file=x"'
	try_gate 'uname -a'
	assert_err "not a command this account may run, at 'uname' (id "
}

@test "nothing of the refused strings left a trace in the docroot" {
	assert_equal "$(find /srv/shared -mindepth 1 | wc -l)" 0
}
