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
	stage_docroot /srv/shared root
	chmod 0755 /srv/shared
	stage_key bob "command=\"$STAGE_GATE\""
	stage_key carol "restrict,command=\"$STAGE_GATE\""
	stage_key dave
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

@test "with a terminal the line appears on it, and the session ends" {
	# A pty joins stdout and stderr; carol's key says restrict and gets none, so the session has no pty there.
	for user in alice bob dave; do
		try stage_ssh "$user" -tt
		assert_status 77
		assert_out "sallyport: refused: this account is for file transfer only (id "
		assert_equal "$(wc -l <"$out")" 1 "lines on the terminal"
	done
}

@test "the empty command is the interactive request, and refused" {
	try stage_ssh alice ''
	assert_refused 77
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

@test "the refusal names the reason, and the record has it too" {
	try stage_ssh alice 'scp -S /bin/sh -t .'
	assert_refused 77
	assert_err "a refused option (names a program to run (CVE-2004-1161))"
	assert_record "$(told_id)" 'reason="a refused option"'
}

@test "nothing of the refused strings left a trace in the docroot" {
	assert_equal "$(find /srv/shared -mindepth 1 | wc -l)" 0
}
