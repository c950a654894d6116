#!/usr/bin/env bats
# Goal: svn works over svn+ssh through the gate; under each preset it does what the preset says; hooks of a
# repository never run, and say so (I9).

load lib
load repo

setup_file() { repo_setup; }

setup() {
	repo_fresh
	export SVN_SSH=$RSH
	U=svn+ssh://alice@stage/repo
	svnadmin create $D/repo
	chown -R alice:alice $D/repo
	access full
	try svn import -q -m one src $U/trunk
	assert_status 0
}

@test "full: checkout, add, commit, update, log, lock, property, copy" {
	try svn checkout -q $U/trunk wc
	assert_status 0
	rm -rf wc/.svn.x
	diff -r -x .svn src wc || fail "the working copy differs"
	echo two >wc/new
	try svn add -q wc/new
	try svn commit -q -m two wc
	assert_status 0
	try svn log -q $U
	assert_out "r2 | alice |"
	try svn lock $U/trunk/new
	assert_status 0
	try svn propset -q --revprop -r 2 svn:log changed $U
	assert_fails # a hook would have to allow it, and none runs
	try svn copy -q -m copy $U/trunk $U/branch
	assert_status 0
	try svn cat $U/branch/new
	assert_out two
}

@test "the author is the account, whatever the client says" {
	try svn mkdir -q --username root -m as-root $U/x
	assert_status 0
	try svn log -q -r HEAD $U
	assert_out "| alice |"
	refute_out root
	try stage_ssh alice 'svnserve -t --tunnel-user=root'
	assert_refused
}

@test "read-only and append-only: it can be checked out; nothing is committed" {
	local preset before
	before=$(docroot_sum)
	for preset in read-only append-only; do
		access $preset
		rm -rf wc
		try svn checkout -q $U/trunk wc
		assert_status 0
		assert_same src/plain wc/plain
		echo changed >wc/plain
		try svn commit -q -m no wc
		assert_fails
		assert_err "Authorization failed"
		try svn lock $U/trunk/plain
		assert_fails
	done
	assert_equal "$(docroot_sum)" "$before"
}

# requests REQUEST…: svnserve's answers to them, as a client of one's own making sends them, without a handshake's wait.
requests() {
	local url=svn+ssh://stage/repo
	printf -v stdin '%s\n' "( 2 ( edit-pipeline svndiff1 commit-revprops ) ${#url}:$url 3:own ( ) )" "( EXTERNAL ( 0: ) )" "$@"
	try stage_ssh alice 'svnserve -t'
	stdin=
}

EVERY_WRITE=('( commit ( 2:no ( ) true ) )' '( lock ( 11:trunk/plain ( 1:x ) true ( ) ) )'
	'( lock-many ( ( 1:x ) true ( ( 11:trunk/plain ( ) ) ) ) )' '( unlock ( 11:trunk/plain ( ) true ) )'
	'( change-rev-prop ( 1 7:svn:log 1:x ) )' '( change-rev-prop2 ( 1 7:svn:log ( 1:x ) ( true ) ) )')

@test "read-only: no request that writes is obeyed, whatever the repository's configuration admits" {
	local isolation request before
	printf '[general]\nanon-access = write\nauth-access = write\n' >$D/repo/conf/svnserve.conf
	before=$(docroot_sum)
	for isolation in namespace landlock; do
		access read-only "isolation = $isolation"
		for request in "${EVERY_WRITE[@]}"; do
			requests "$request"
			assert_out "Authorization failed"
		done
	done
	assert_equal "$(docroot_sum)" "$before"
	access full
	requests '( lock ( 11:trunk/plain ( 1:x ) true ( ) ) )'
	refute_out "Authorization failed"
	assert_out opaquelocktoken
}

@test "the author of a commit is the account, whom the client names in the request, too" {
	requests '( commit ( 2:by ( ) true ( ( 10:svn:author 4:root ) ) ) )' '( open-root ( ( ) 1:a ) )' \
		'( close-dir ( 1:a ) )' '( close-edit ( ) )'
	assert_equal "$(svnlook youngest $D/repo)" 2
	assert_equal "$(svnlook author $D/repo)" alice
}

@test "a repository whose parts lie where the account may not read is not served from there" {
	local isolation name
	mkdir $D/pub $D/secret
	cp -r $D/repo $D/pub/db && mv $D/repo $D/secret/repo
	rm -r $D/pub/db/db && ln -s ../../secret/repo/db $D/pub/db/db
	ln -s ../secret/repo $D/pub/whole
	cp -r $D/secret/repo $D/pub/type && echo ../../evil >$D/pub/type/db/fs-type
	chown -hR alice:alice $D
	for isolation in namespace landlock; do
		access list "isolation = $isolation
access /pub = download"
		for name in pub/db pub/whole pub/type secret/repo; do
			try svn cat svn+ssh://alice@stage/$name/trunk/plain
			assert_fails
			assert_silent
		done
	done
	access full
	for name in pub/db pub/whole secret/repo; do
		try svn cat svn+ssh://alice@stage/$name/trunk/plain
		assert_same src/plain "$out"
	done
}

@test "drop-box: not offered" {
	access drop-box
	try svn info $U
	assert_fails
	assert_said "lacks download list"
}

@test "a hook that stands before a commit fails it, and does not run (I9)" {
	local hook
	for hook in start-commit pre-commit; do
		plant $D/repo/hooks/$hook
		try svn mkdir -q -m no $U/$hook
		assert_fails
		assert_err "Failed to start '/files/repo/hooks/$hook' hook"
		rm $D/repo/hooks/$hook
	done
	assert_nothing_ran
}

@test "a hook that stands behind a commit does not run, and the client is told (I9)" {
	plant $D/repo/hooks/post-commit
	plant $D/repo/hooks/post-lock
	try svn mkdir -m yes $U/x
	assert_status 0
	assert_out "Failed to start '/files/repo/hooks/post-commit' hook"
	try svn lock $U/trunk/plain
	assert_nothing_ran
}

@test "a repository's configuration opens nothing outside the docroot" {
	cat >$D/repo/conf/svnserve.conf <<-END
		[general]
		anon-access = none
		auth-access = write
		authz-db = ../../../../../../etc/passwd
		password-db = /files/repo/conf/passwd
		hooks-env = hooks-env
		[sasl]
		use-sasl = true
	END
	printf '[default]\nPATH=/files/repo\nLD_PRELOAD=/files/repo/evil\n' >$D/repo/conf/hooks-env
	plant $D/repo/hooks/start-commit
	try svn mkdir -q -m no $U/x
	assert_fails
	assert_nothing_ran
	try svn info svn+ssh://alice@stage/../etc
	assert_fails
}

@test "what the gate says, a client cannot say" {
	local words
	for words in '-t -r /' '-r/ -t' '-t --root=/' '-d' '-i' '-X' '-t --config-file=/files/x' '-t --log-file=/files/x' \
		'-t --pid-file /files/x' '-t --listen-port 1' '-t -T' '--tunnel' '-t /files'; do
		try stage_ssh alice "svnserve $words"
		assert_refused
	done
}
