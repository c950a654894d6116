#!/usr/bin/env bats
# Goal: whatever it is asked, the tool says what was wrong and what would be right, in its exit status too; what is
# for programs stays readable by them; and it leans on nothing that whoever starts it may have set.

load lib

ETC=$STAGE_PREFIX/etc/sallyport

setup_file() { e2e_setup; }

setup() {
	chmod 0755 "$ETC" && rm -rf "$ETC/users"
	stage_policy <<-END
		[defaults]
		docroot = /srv/%u
		commands = sftp
		[user alice]
		max-sessions = 2
	END
}

faulty() {
	stage_policy <<-END
		[user alice]
		accesss = full
	END
}

tool() { try "$STAGE_TOOL" "$@"; }

is_json() { perl -MJSON::PP -0777 -ne 'decode_json($_)' <"$out" || fail "no JSON"; }

@test "a wrong word is named, and what is near" {
	tool help lnt
	assert_status 64
	assert_err 'nearest: lint'
	tool account ad bob
	assert_status 64
	assert_err 'account ad: there is no such subcommand; nearest: add'
	tool keys enforc
	assert_err 'nearest: enforce'
}

@test "options that do not go together are told, not only the usage" {
	local row
	while IFS='|' read -r row want; do
		# shellcheck disable=SC2086 # words
		tool $row
		assert_status 64
		assert_err "$want"
	done <<-'END'
		account add --set foo bob|--set: NAME=VALUE
		account set --unset a=b bob|--unset
		account add a b|one account
		account add --layout shared bob|--docroot
		account add --directories x bob|--layout split
		account add --delete-data bob|--keep-user are for remove
		account set alice|there is nothing to set
		account set --convert alice|--convert is for add
		account remove --yes alice|remove takes an account away
		keys add --write k.pub|--to FILE
		keys add --legacy --restricted k.pub|--legacy
		keys enforce --profile a" k|--profile
		sshd-config --keys-file k|absolute
	END
}

@test "a fault of the policy is told with its word, and beside what is for a program" {
	local words
	faulty
	for words in slots sshd-config 'keys principals alice' 'docroot check --json' "audit logs --json -f $STAGE_POLICY /dev/null"; do
		# shellcheck disable=SC2086 # words
		tool $words
		assert_status 78
		assert_silent
		assert_err "$STAGE_POLICY:2: not a setting: accesss; nearest: access"
	done
	# the installed one: logs are judged without it
	tool audit logs /dev/null
	assert_out "the policy: $STAGE_POLICY:2: not a setting: accesss"
	rm "$STAGE_POLICY"
	tool audit logs /dev/null
	assert_out "the policy: $STAGE_POLICY: the policy is missing"
	faulty
	tool account list --json
	assert_status 78
	assert_err 'nearest: access'
	is_json
	tool doctor
	assert_out 'not a setting: accesss'
}

@test "what cannot be written is a failure" {
	local words
	for words in slots --version help 'lint --help' 'account --help' 'account list' lint 'check -C user=alice ls' doctor; do
		rm -rf "$STAGE_SLOTS"
		status=0
		# shellcheck disable=SC2086 # words
		"$STAGE_TOOL" $words >/dev/full 2>/dev/null || status=$?
		assert_status 71
	done
}

@test "slots: sessions pass through the directory, whatever umask root has" {
	rm -rf "$STAGE_SLOTS"
	try bash -c 'umask 077 && exec "$1" slots' slots "$STAGE_TOOL"
	assert_status 0
	assert_equal "$(stat -c %a "$STAGE_SLOTS")" 755
}

@test "lint: users/ that cannot be read is not users/ without a fault" {
	mkdir -m 0711 "$ETC/users"
	printf '[user bob]\naccesss = full\n' >"$ETC/users/bob.ini"
	try stage_as alice "$STAGE_TOOL" lint --json
	assert_status 78
	is_json
	assert_out "$ETC/users\",\"line\":0,\"reason\":\"the directory cannot be read"
	rm -r "$ETC/users"
}

@test "children that whoever started it ignores" {
	try bash -c 'trap "" CHLD && exec "$1" account add --docroot /srv/carol carol' chld "$STAGE_TOOL"
	assert_status 0
	tool account remove carol
	assert_status 0
	rmdir /srv/carol
}

@test "apply and sshd-config name what they could not use" {
	tool apply --to /nonexistent/p.ini "$STAGE_POLICY"
	assert_status 71
	assert_err '/nonexistent/p.ini: '
	tool sshd-config --group nosuch
	assert_status 77
	assert_err 'nosuch: the policy has no [group] section'
}
