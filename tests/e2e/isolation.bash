# shellcheck shell=bash
# isolation.bash - real transfers by real clients, for the tests that go through every isolation. Behind lib.bash.

# policy ISOLATION [further lines]
policy() {
	stage_policy <<-END
		[user alice]
		docroot = /srv/alice
		commands = sftp scp rsync git
		access = full
		isolation = $1
		$2
	END
}

# The account's own directory, as a client sees it by a relative name.
transfers() { # DATA
	local t=$BATS_TEST_TMPDIR data=$1
	mkdir -p "$t/tree/deep" && head -c 300000 /dev/urandom >"$t/tree/one" && echo two >"$t/tree/deep/two"
	printf -v stdin '%s\n' "put $t/tree/one up" "ls -l" "get up $t/back" "rename up moved"
	try stage_sftp alice
	stdin=
	assert_status 0 || return
	assert_same "$t/tree/one" "$t/back" || return
	assert_same "$t/tree/one" "$data/moved" || return
	assert_equal "$(stat -c %U "$data/moved")" alice || return
	try stage_scp -O "$t/tree/one" alice@stage:old
	assert_status 0 || return
	try stage_scp "$t/tree/one" alice@stage:new
	assert_status 0 || return
	try stage_scp -O alice@stage:old "$t/old"
	assert_status 0 || return
	assert_same "$t/tree/one" "$t/old" || return
	try stage_rsync -a "$t/tree/" alice@stage:tree/
	assert_status 0 || return
	try stage_rsync -a alice@stage:tree/ "$t/copy/"
	assert_status 0 || return
	diff -r "$t/tree" "$t/copy" || fail "rsync" || return
	clones || return
	# What is refused behind the login is refused here, too.
	try stage_ssh alice 'id; id'
	assert_refused
}

clones() {
	local t=$BATS_TEST_TMPDIR
	stage_as alice git init -q --bare "$data/r.git" || return
	git init -q -b main "$t/work" && echo x >"$t/work/file" && git -C "$t/work" add file || return
	stage_git -C "$t/work" commit -qm one || return
	try stage_git -C "$t/work" push -q alice@stage:r.git main
	assert_status 0 || return
	try stage_git clone -q -b main alice@stage:r.git "$t/clone"
	assert_status 0 || return
	assert_same "$t/work/file" "$t/clone/file"
}
