#!/usr/bin/env bats
# Goal: from, hours and expires are asked at every session, with the address that sshd saw; a refusal does not tell
# the client what would be right, the log does; a profile adds a condition and lifts none (I7).

load lib

setup_file() { e2e_setup; }

# policy LINE...: alice's section.
policy() {
	{
		printf '[defaults]\ndocroot = /srv/%%u\ncommands = scp rsync\naccess = full\nprofiles = far near\n'
		printf '[profile far]\nfrom = 192.0.2.0/24\n[profile near]\nfrom = 127.0.0.0/8\n[user alice]\n'
		printf '%s\n' "$@"
	} | stage_policy
}

setup() {
	policy
	stage_key alice
	cd "$BATS_TEST_TMPDIR"
	stage_sshd </dev/null
	echo payload >file
}

# refused_for REASON DETAIL
refused_for() {
	try stage_ssh alice 'scp -t x'
	assert_refused 77
	assert_err "sallyport: refused: $1 (id"
	! grep -qF "$2" "$err" || fail "the client is told: $2"
	assert_record "$(told_id)" "detail=$2"
}

@test "from: the address that sshd saw is in the list, and the transfer runs" {
	for list in 127.0.0.1 127.0.0.0/8 '192.0.2.0/24,127.0.0.*' '*,!192.0.2.1' any; do
		policy "from = $list"
		rm -f /srv/alice/file
		try stage_scp -O file alice@server:
		assert_status 0
		assert_exists /srv/alice/file
	done
}

@test "from: an address outside, or taken out again" {
	for list in 192.0.2.0/24 '127.0.0.0/8,!127.0.0.1' '2001:db8::/32'; do
		policy "from = $list"
		refused_for "not from this address" "$list"
	done
}

@test "hours: outside the window; expires: the time is over" {
	policy "hours = $(date -u -d '-3 hours' +%H:%M)-$(date -u -d '-2 hours' +%H:%M)"
	try stage_ssh alice 'scp -t x'
	assert_refused 77
	assert_err "sallyport: refused: not at this hour (id"
	policy "expires = $(date -u -d '-1 minute' +%Y%m%d%H%M%S)"
	try stage_ssh alice 'scp -t x'
	assert_refused 77
	assert_err "sallyport: refused: the account's access has expired (id"
	policy "expires = $(date -u -d '+1 hour' +%Y%m%d%H%M%S)" \
		"hours = $(date -u -d '-1 hour' +%H:%M)-$(date -u -d '+1 hour' +%H:%M)"
	try stage_scp -O file alice@server:
	assert_status 0
}

@test "a profile adds its condition to the account's" {
	stage_key alice "command=\"$STAGE_GATE --profile far\""
	refused_for "not from this address" "192.0.2.0/24"
	stage_key alice "command=\"$STAGE_GATE --profile near\""
	try stage_scp -O file alice@server:
	assert_status 0
	policy "from = 192.0.2.0/24"
	refused_for "not from this address" "192.0.2.0/24"
}
