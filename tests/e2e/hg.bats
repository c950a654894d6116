#!/usr/bin/env bats
# Goal: Mercurial works over ssh through the gate; under each preset it does what the preset says; nothing that a
# repository in the docroot configures is read, so nothing of it runs (I9).

load lib
load repo

setup_file() { repo_setup; }

setup() {
	repo_fresh
	export HGRCPATH=$BATS_TEST_TMPDIR/hgrc HGPLAIN=1
	printf '[ui]\nssh = %s\nusername = client\n' "$RSH" >"$HGRCPATH"
	U=ssh://alice@stage/repo
	hg init work
	cp -r src/. work
	hg -R work commit -q -A -m one
	access full
	try hg clone -q work $U
	assert_status 0
}

more() { echo "$1" >work/plain && hg -R work commit -q -m "$1"; }

@test "full: init by clone, push, pull, clone, bookmarks, a path with blanks" {
	more two
	try hg -R work push -q $U
	assert_status 0
	try hg clone -q ssh://alice@stage//repo copy
	assert_status 0
	diff -r -x .hg work copy || fail "the clone differs"
	more three
	try hg -R work push -q $U
	try hg -R copy pull -q -u
	assert_status 0
	assert_same work/plain copy/plain
	hg -R work bookmark mark
	try hg -R work push -q -B mark $U
	try hg clone -q work 'ssh://alice@stage/with blank'
	assert_status 0
	assert_exists "$D/with blank/.hg"
	try hg identify $U
	assert_status 0
}

@test "read-only and append-only: clone and pull; a push fails and changes nothing" {
	local preset before
	before=$(docroot_sum)
	more two
	for preset in read-only append-only; do
		access $preset
		rm -rf copy
		try hg clone -q $U copy
		assert_status 0
		assert_exists copy/plain
		try hg -R work push $U
		assert_fails
		assert_out "could not lock"
		try hg clone -q work ssh://alice@stage/other
		assert_fails
		assert_said "lacks"
	done
	assert_equal "$(docroot_sum)" "$before"
}

@test "drop-box: not offered" {
	access drop-box
	try hg clone -q $U copy
	assert_fails
	assert_said "lacks download list"
}

# Each of these runs something when a repository's hgrc is read: tried by reading it.
hostile_hgrc() {
	cat <<-END
		[hooks]
		pre-serve = touch $D/ran /files/ran
		pre-init = touch $D/ran /files/ran
		incoming = touch $D/ran /files/ran
		changegroup = touch $D/ran /files/ran
		prechangegroup = touch $D/ran /files/ran
		pretxnopen = touch $D/ran /files/ran
		pretxnclose = touch $D/ran /files/ran
		prelistkeys = touch $D/ran /files/ran
		pushkey = python:$D/evil.py:hook
		outgoing = touch $D/ran /files/ran
		preoutgoing = touch $D/ran /files/ran
		[extensions]
		evil = $D/evil.py
		evil2 = /files/evil.py
		[alias]
		serve = !touch $D/ran /files/ran
		init = !touch $D/ran /files/ran
		[ui]
		ssh = touch $D/ran /files/ran
		editor = touch $D/ran /files/ran
	END
}

@test "hooks, extensions and aliases of a repository never run (I9)" {
	hostile_hgrc >$D/repo/.hg/hgrc
	hostile_hgrc >$D/repo/.hg/hgrc-not-shared
	hostile_hgrc >$D/.hgrc
	hostile_hgrc >$D/hgrc
	printf 'for p in "%s/ran", "/files/ran":\n\ttry: open(p, "w")\n\texcept OSError: pass\ndef hook(**kw): pass\n' \
		$D >$D/evil.py
	chown -R alice:alice $D
	more two
	try hg -R work push -q $U
	assert_status 0
	hg -R work bookmark mark
	try hg -R work push -q -B mark $U
	try hg clone -q $U copy
	assert_status 0
	assert_nothing_ran
	# the plant is real: without the gate each of two ways runs it
	try stage_as alice env HGRCPATH= hg -R $D/repo log -q
	assert_exists $D/ran
	rm -f $D/ran $D/evil.py
	sed -i '/evil/d' $D/repo/.hg/hgrc
	stdin='' try stage_as alice env HGRCPATH= hg -R $D/repo serve --stdio
	assert_exists $D/ran
}

@test "a share's source, and a repository that asks for extensions, bring no code (I9)" {
	stage_as alice env HGRCPATH= hg --config extensions.share= share -q -U $D/repo $D/shared
	hostile_hgrc >$D/repo/.hg/hgrc
	hostile_hgrc >$D/shared/.hg/hgrc
	echo 'open("/files/ran", "w")' >$D/evil.py
	chown -R alice:alice $D
	try hg clone -q ssh://alice@stage/shared copy
	assert_nothing_ran
	echo evil >>$D/repo/.hg/requires
	try hg clone -q $U copy2
	assert_fails
	assert_nothing_ran
}

@test "a share, or a store, that lies where the account may not read is not served from there" {
	local isolation name
	mkdir $D/pub && mv $D/repo $D/secret
	hg init $D/pub/store && rm -r $D/pub/store/.hg/store && ln -s ../../../secret/.hg/store $D/pub/store/.hg/store
	hg init $D/pub/share && echo relshared >>$D/pub/share/.hg/requires && rm -r $D/pub/share/.hg/store
	echo ../../../secret/.hg >$D/pub/share/.hg/sharedpath
	chown -hR alice:alice $D
	for isolation in namespace landlock; do
		access list "isolation = $isolation
access /pub = download"
		for name in store share; do
			try hg clone -q ssh://alice@stage/pub/$name copy
			assert_fails
			assert_err "Permission denied"
			assert_missing copy/plain
		done
	done
	access full
	for name in store share; do
		try hg clone -q ssh://alice@stage/pub/$name "copy-$name"
		assert_same src/plain "copy-$name/plain"
	done
}

# push_address REPOSITORY ADDRESS: pushes, in place of changes, an address from which the server is to fetch them.
push_address() {
	cat >push.py <<-'END'
		import sys
		from mercurial import bundle2, hg, ui, util
		u = ui.ui.load()
		bundle = bundle2.bundle20(u)
		part = bundle.newpart(b'remote-changegroup')
		part.addparam(b'url', sys.argv[2].encode())
		part.addparam(b'size', b'10')
		with hg.peer(u, {}, sys.argv[1].encode()).commandexecutor() as e:
		    e.callcommand(b'unbundle', {b'bundle': util.chunkbuffer(bundle.getchunks()), b'heads': [b'force'],
		                                b'url': b''}).result()
	END
	try python3 push.py "$@"
}

@test "the server connects to nobody for a client: a push that is an address" {
	local isolation port
	port=$(sed -n 's/^ *Port //p' "$STAGE_SSH_CONFIG")
	for isolation in namespace landlock; do
		access full "isolation = $isolation"
		push_address $U http://127.0.0.1:$port/x
		cat "$out" "$err" | grep -q 'Operation not permitted' || fail "refused by the filter, that is"
	done
	# without the gate it does: what answers is sshd, in no way that is HTTP
	printf '#!/bin/sh\nexec hg -R %s serve --stdio\n' $D/repo >ungated && chmod 755 ungated
	printf '[ui]\nssh = %s/ungated\n' "$PWD" >"$HGRCPATH"
	push_address $U http://127.0.0.1:$port/x
	cat "$out" "$err" | grep -q 'SSH-2.0' || fail "an answer of sshd's expected"
}

@test "what the gate says, a client cannot say" {
	local words
	for words in '-R ../x serve --stdio' '-R --debugger serve --stdio' '-R repo serve --stdio --config x.y=z' \
		'--config hooks.x=id -R repo serve --stdio' '-R repo serve' '-R repo serve --stdio --cwd /' \
		"-R ssh://stage/repo serve --stdio" "init ssh://stage/new" "init file:$D/new" "-R '\$LC_ALL' serve --stdio" \
		'-R repo log' 'serve --stdio' 'clone repo x' 'init --config=x' '-Rrepo serve --stdio'; do
		try stage_ssh alice "hg $words"
		assert_refused
	done
}
