#!/usr/bin/env bats
# Goal: aspera means exactly the six forms of the vendor's restricted shell, and -r, -t and restricted take away what
# they should (I3, I7). ascp, ascp4, async and ascmd are proprietary: the stand-in is installed in their place and
# tells the argv and environment that the real ones would get.

load lib

setup_file() {
	e2e_setup
	stage_user rita "$STAGE_GATE-r"
	stage_user tom "$STAGE_GATE"
	stage_user mark "$STAGE_GATE"
	stage_docroot /srv/shared root
	chmod 755 /srv/shared
	for user in rita tom mark; do stage_key $user; done
	stage_policy <<-END
		[defaults]
		docroot = /srv/shared
		commands = aspera sftp scp rsync git probe honest deaf browser
		access = full
		program ascp = $STANDIN
		program ascp4 = $STANDIN
		program async = $STANDIN
		program ascmd = $STANDIN
		env EXTRA = 1
		pass-env = LANG LC_* ASPERA_AUTH_TOKEN
		[user alice]
		[user rita]
		[user tom]
		restricted = yes
		[user mark]
		token = marker
		[command honest]
		program = $STANDIN
		template = honest
		verbs = upload
		honours-token = yes
		[command deaf]
		program = $STANDIN
		template = deaf
		verbs = upload
		[command browser]
		program = $STANDIN
		template = !browser
		verbs = upload
		honours-token = yes
	END
	stage_sshd <<-END
		AcceptEnv *
	END
}

TRANSFERS=('ascp -S. -V1' 'ascp4 -S.' 'async -q -S -s-' 'ascp --no-mgmt-port-files -M 40001 -S. -V1'
	'ascp --no-mgmt-port-files -M 40001 -S. -V1 s')
BROWSING=(ascmd 'ascmd -V2')

# gate_as USER COMMAND [flags of a forced command]
gate_as() {
	try stage_as "$1" env -i SSH_CONNECTION="192.0.2.7 1 192.0.2.1 22" ASPERA_AUTH_TOKEN=EVIL \
		"$STAGE_GATE" -c "$2"
}

forced() { # USER FLAGS COMMAND
	try stage_as "$1" env -i SSH_CONNECTION="192.0.2.7 1 192.0.2.1 22" SSH_ORIGINAL_COMMAND="$3" \
		ASPERA_AUTH_TOKEN=EVIL "$STAGE_GATE" -c "$STAGE_GATE $2"
}

# Literally the words of the request.
assert_argv() {
	assert_equal "$(sed -n 's/^argv //p' "$out" | tr '\n' ' ')" "$1 " argv
}

assert_marker() {
	assert_equal "$(sed -n 's/^env //p' "$out" | tail -n 1)" ASPERA_AUTH_TOKEN=TOKEN "last variable" || return
	assert_equal "$(grep -c '^env ASPERA_AUTH_TOKEN=' "$out")" 1 "markers"
}

@test "the six forms, and the words arrive as they are" {
	for command in "${TRANSFERS[@]}" "${BROWSING[@]}"; do
		gate_as alice "$command"
		assert_ran
		assert_argv "$command"
		refute_out "ASPERA_AUTH_TOKEN"
	done
}

@test "anything else that names them is refused" {
	for command in ascp 'ascp -S.' 'ascp -V1 -S.' 'ascp -S. -V1 x' 'ascp -S. -V1 -S.' 'ascp -S.. -V1' 'ascp -S. -V2' \
		'ascp4' 'ascp4 -S. -V1' 'async -q -S' 'async -q -S -s- x' 'ascmd -V1' 'ascmd -V2 x' 'ascmd x' \
		'ascp --no-mgmt-port-files -M x -S. -V1' 'ascp --no-mgmt-port-files -M -1 -S. -V1' \
		'ascp --no-mgmt-port-files -M 1 -S. -V1 a b' 'ascp --no-mgmt-port-files -M 1 -S. -V1 -x' \
		'ascp --no-mgmt-port-files -M 1 -S. -V1 a/b' 'ascp --no-mgmt-port-files -M 99999999999 -S. -V1' \
		'/usr/bin/ascp -S. -V1' './ascp -S. -V1' 'ascp5 -S.' 'ASCP -S. -V1' 'ascp -S. -V1;' 'ascp -S. -V1 #x' \
		'ascp -S. $V' 'exec ascp -S. -V1' 'X=1 ascp -S. -V1'; do
		gate_as alice "$command"
		assert_refused 77
	done
}

@test "quotes in the request make no other words" {
	gate_as alice "'ascp' \"-S.\" -V1"
	assert_argv 'ascp -S. -V1'
	gate_as alice "ascp '-S. -V1'"
	assert_refused 77
}

@test "restricted by -r, by the shell's name, by the policy: transfers, but no ascmd" {
	for command in "${BROWSING[@]}" browser; do
		forced alice -r "$command"
		assert_refused 77
		assert_err "browsing is off for this account"
		gate_as tom "$command"
		assert_refused 77
		try stage_ssh rita "$command"
		assert_refused 77
	done
	for command in "${TRANSFERS[@]}"; do
		forced alice -r "$command"
		assert_argv "$command"
		gate_as tom "$command"
		assert_argv "$command"
		refute_out ASPERA_AUTH_TOKEN
	done
	try stage_ssh rita "${TRANSFERS[0]}"
	assert_argv "${TRANSFERS[0]}"
}

@test "token by -t or by the policy: the marker is last, once, whatever the client sent" {
	for command in "${TRANSFERS[@]}" honest; do
		forced alice -t "$command"
		assert_ran
		assert_marker
		gate_as mark "$command"
		assert_marker
	done
	ASPERA_AUTH_TOKEN=EVIL try stage_ssh mark -o SendEnv=ASPERA_AUTH_TOKEN "${TRANSFERS[0]}"
	assert_marker
	refute_out EVIL
}

@test "under the token: what ignores it, and what browses, is unauthorized to transfer" {
	for command in 'scp -t x' 'scp -f x' internal-sftp /usr/lib/openssh/sftp-server 'rsync --server -e.L . x' \
		'git-upload-pack x' deaf browser "${BROWSING[@]}"; do
		forced alice -t "$command"
		assert_refused 77
		assert_err "unauthorized to transfer"
		gate_as mark "$command"
		assert_refused 77
		assert_err "unauthorized to transfer"
	done
}

@test "token-env and token-value name another marker" {
	sed -i 's/^token = marker/&\ntoken-env = OTHER_TOKEN\ntoken-value = a b/' "$STAGE_POLICY"
	gate_as mark 'ascp -S. -V1'
	assert_equal "$(sed -n 's/^env //p' "$out" | tail -n 1)" "OTHER_TOKEN=a b"
	sed -i '/^token-/d' "$STAGE_POLICY"
}

@test "the marker is in no log line, and in nobody's argv (I8)" {
	gate_as mark 'ascp -S. -V1'
	! stage_log | grep -q 'TOKEN=\|EVIL' || fail "it is in the log"
	refute_out "argv TOKEN"
}
