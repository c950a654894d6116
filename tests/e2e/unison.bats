#!/usr/bin/env bats
# Goal: unison synchronizes through the gate, and keeps its archives in the account's state directory, which is
# outside the docroot, no way to anything else, and asked for by name when it is missing or unsafe (I4).

load lib
load repo

setup_file() {
	repo_setup
	"$STAGE_TOOL" state alice >/dev/null || stage_die "no state directory"
	stage_user bob "$STAGE_GATE"
}

setup() {
	repo_fresh
	export UNISON=$BATS_TEST_TMPDIR/archives
	STATE=$STAGE_STATE/$(id -u alice)
	"$STAGE_TOOL" state alice >/dev/null
	find "$STATE" -mindepth 1 -delete
	access full
}

sync() { try unison -batch -ui text -silent -sshargs "-F $STAGE_SSH_CONFIG" "$@" src ssh://alice@stage/dst; }

# The stand-in in unison's place, or another program's, with one attempt a line.
with_standin() { # COMMAND ATTEMPT…
	local command=$1
	shift
	access full "program unison = $STANDIN
program sftp = $STANDIN"
	attempts "$@"
	try_gate "$command"
	assert_ran
}

@test "full: both ways, changes, deletions; the archives are the account's state" {
	sync
	assert_status 0
	assert_tree src $D/dst
	echo there >$D/dst/new && chown alice $D/dst/new
	echo here >src/plain
	rm 'src/with blank'
	sync
	assert_status 0
	assert_tree src $D/dst
	assert_equal "$(cat src/new)" there
	assert_missing "$D/dst/with blank"
	find "$STATE/unison" -name 'ar*' | grep -q . || fail "no archive in $STATE"
	assert_equal "$(stat -c %a:%U "$STATE")" 700:alice
	# nothing of it lies in the docroot
	assert_equal "$(ls -A $D)" dst
}

@test "the spelling with a version, and the protocol before 2.52" {
	sync -addversionno
	assert_status 0
	assert_tree src $D/dst
	stdin='' try stage_ssh alice 'unison -server'
	assert_out "Unison 2."
}

@test "read-only: changes arrive here; none goes there, not even a mode or a time" {
	local before
	sync
	assert_status 0
	access read-only
	echo new >$D/dst/new && chown alice $D/dst/new
	before=$(docroot_sum)
	sync
	assert_equal "$(cat src/new)" new
	echo mine >src/plain
	sync
	assert_fails
	assert_out "Failed [plain]"
	cp $D/dst/plain src/plain
	rm -f src/dir/big
	sync
	assert_exists $D/dst/dir/big
	cp $D/dst/dir/big src/dir/big
	chmod 600 src/new
	touch -d 2001-02-03 'src/with blank'
	sync -times -perms -1
	assert_equal "$(docroot_sum)" "$before"
	assert_equal "$(stat -c %a $D/dst/new)" 644
}

@test "append-only, drop-box: not offered; for the first, nothing would hold modes and times" {
	local preset
	for preset in append-only drop-box; do
		access $preset
		sync
		assert_fails
		assert_said 'reason="access: '
	done
	assert_equal "$(find $D -mindepth 1)" ""
}

@test "no program is run for the client: copyprog, merge, the file watcher" {
	plant $D/evil
	sync
	head -c 20000000 /dev/urandom >src/large
	head -c 20000000 /dev/urandom >$D/dst/large2 && chown alice $D/dst/large2
	try unison -batch -ui text -sshargs "-F $STAGE_SSH_CONFIG" -copythreshold 1 -copyprog /files/evil \
		-copyprogrest /files/evil -rsrc false src ssh://alice@stage/dst
	try timeout 10 unison -batch -ui text -repeat watch -sshargs "-F $STAGE_SSH_CONFIG" src ssh://alice@stage/dst
	assert_missing $D/ran
}

# The client's preferences are the server's, too: each of these leads it to what the account may not read or write.
preferences() {
	rm -rf got && mkdir got && echo "$1" >src/plain
	try unison -batch -ui text -sshargs "-F $STAGE_SSH_CONFIG" got ssh://alice@stage//files/secret
	try unison -batch -ui text -sshargs "-F $STAGE_SSH_CONFIG" -ignorearchives -follow 'Path link' -force ssh://alice@stage/in \
		got ssh://alice@stage/in
	try unison -batch -ui text -sshargs "-F $STAGE_SSH_CONFIG" -force src -backup 'Name plain' -backuploc central \
		-backupdir /files/secret src ssh://alice@stage/dst
	try unison -batch -ui text -sshargs "-F $STAGE_SSH_CONFIG" -log -logfile /files/secret/log src ssh://alice@stage/dst
}

@test "preferences that a client sends reach no file that the account may not" {
	sync
	assert_status 0
	mkdir $D/secret $D/in && echo canary >$D/secret/canary && ln -s ../secret $D/in/link
	chown -hR alice:alice $D
	access list "access /in = full
access /dst = full"
	preferences changed
	assert_equal "$(ls $D/secret)" canary
	! grep -rqs canary got || fail "it was read"
	access full
	preferences again
	[ "$(ls $D/secret)" != canary ] || fail "without the rule a backup would lie there"
	grep -rqs canary got || fail "and the file be read"
}

@test "what the gate says, a client cannot say" {
	local words
	for words in '-server -sshcmd ./e' '-server -rshcmd ./e' '-addversionno -server' '-server -logfile /etc/x' \
		'-socket 1234' '-server __new-rpc-mode x' '' '-version' '-server -socket 5' 'a b'; do
		try stage_ssh alice "unison $words"
		assert_refused
	done
}

# ---- the state directory ----

@test "without a state directory unison is refused with 78, and told what to do; the rest works" {
	rm -rf "$STATE"
	sync
	assert_fails
	assert_err "the account has no state directory"
	assert_err "sallyport state"
	try_gate 'unison -server'
	assert_refused 78
	stdin=ls try stage_sftp alice
	assert_status 0
}

@test "a state directory that is not the account's alone is refused with 78" {
	local break
	for break in "chown bob $STATE" "chmod 770 $STATE" "chmod 707 $STATE" "chmod 777 $STAGE_STATE" \
		"chown alice $STAGE_STATE" "rm -r $STATE; ln -s $D $STATE" "rm -r $STATE; echo x >$STATE"; do
		eval "$break"
		try_gate 'unison -server'
		assert_refused 78 || fail "after: $break" || return
		assert_err "state: "
		rm -rf "$STATE"
		chown root "$STAGE_STATE" && chmod 711 "$STAGE_STATE"
		"$STAGE_TOOL" state alice >/dev/null
	done
	try_gate 'unison -server'
	assert_status 0
}

@test "state is written by unison alone, executes nothing, and is no way out" {
	echo old >"$STATE/file" && chown alice "$STATE/file"
	with_standin 'unison -server' 'read /state/file' 'create /state/new' 'mkdir /state/dir' 'list /state' \
		'mkfifo /state/pipe' 'symlink / /state/out' 'mapexec /state/file' 'exec /state/file' \
		'list /state/..' 'create /state/../x' 'rename /state/new /files/new'
	assert_attempt 'read /state/file' ok
	assert_attempt 'create /state/new' ok
	assert_attempt 'mkdir /state/dir' ok
	assert_attempt 'list /state' ok
	assert_attempt 'mkfifo /state/pipe' EACCES
	assert_attempt 'mapexec /state/file' EPERM
	# exec ends the stand-in
	[ "$status" != 0 ] || fail "exec from the state directory should end the program"
	access full
	with_standin internal-sftp 'read /state/file' 'create /state/more' 'list /state' 'unlink /state/file' \
		'write /state/file' 'create /files/ok'
	for attempt in 'read /state/file' 'create /state/more' 'list /state' 'unlink /state/file' 'write /state/file'; do
		assert_attempt "$attempt" EACCES
	done
	assert_attempt 'create /files/ok' ok
	assert_equal "$(cat "$STATE/file")" old
}

@test "the mount of the state is data's: nosuid, nodev, noexec" {
	access full "program unison = $STANDIN"
	hold_gate 'unison -server'
	awk '$5 == "/state" { print $6 }' "/proc/$(pgrep -P "$pid" || echo "$pid")/mountinfo" >"$BATS_TEST_TMPDIR/options"
	release
	for option in nosuid nodev noexec; do
		grep -q "\b$option\b" "$BATS_TEST_TMPDIR/options" || fail "it is $(cat "$BATS_TEST_TMPDIR/options")"
	done
}

@test "an account without unison sees no state directory: the place for one is empty" {
	stage_policy <<-END
		[user alice]
		docroot = $D
		commands = sftp
		access = full
		program sftp = $STANDIN
	END
	echo mine >"$STATE/mine"
	attempts 'list /state' 'stat /state/mine' 'create /state/x'
	try_gate internal-sftp
	assert_attempt 'stat /state/mine' ENOENT
	assert_attempt 'create /state/x' EROFS EACCES
	! grep -q '^entry' "$out" || fail "something is there"
}

@test "in a pinned view the state directory is there for unison, and for it alone" {
	"$STAGE_TOOL" view pin >/dev/null
	echo old >"$STATE/file" && chown alice "$STATE/file"
	with_standin 'unison -server' 'read /state/file' 'create /state/new' 'mapexec /state/file'
	last_record | grep -q ' view=pinned ' || fail "the view was built"
	assert_attempt 'read /state/file' ok
	assert_attempt 'create /state/new' ok
	assert_attempt 'mapexec /state/file' EPERM
	assert_exists "$STATE/new"
	with_standin internal-sftp 'read /state/file' 'create /state/x'
	assert_attempt 'read /state/file' EACCES
	assert_attempt 'create /state/x' EACCES
	"$STAGE_TOOL" view unpin
}

@test "sallyport state: makes, keeps, and leaves alone what is another's" {
	rm -rf "$STATE"
	try "$STAGE_TOOL" state alice bob
	assert_status 0
	assert_out_line "$STATE	alice"
	assert_equal "$(stat -c %a:%U "$STATE" "$STAGE_STATE/$(id -u bob)" | tr '\n' ' ')" "700:alice 700:bob "
	echo kept >"$STATE/x"
	try "$STAGE_TOOL" state alice
	assert_status 0
	assert_equal "$(cat "$STATE/x")" kept
	chown bob "$STATE"
	try "$STAGE_TOOL" state alice
	assert_status 71
	assert_err "belongs to another account"
	assert_equal "$(stat -c %U "$STATE")" bob
	rm -rf "$STATE" && ln -s / "$STATE"
	try "$STAGE_TOOL" state alice
	assert_status 71
	rm "$STATE"
	try "$STAGE_TOOL" state nobody-here
	assert_status 71
	assert_err "no such account"
	try "$STAGE_TOOL" state root
	assert_status 71
	try "$STAGE_TOOL" state
	assert_status 64
	try stage_as alice "$STAGE_TOOL" state alice
	assert_status 71
}

@test "state works without file capabilities, in a user namespace" {
	gate=$GATE_WITHOUT_CAPS
	access full "program unison = $STANDIN"
	echo old >"$STATE/file" && chown alice "$STATE/file"
	attempts 'read /state/file' 'create /state/new'
	try_gate 'unison -server'
	assert_ran
	assert_attempt 'read /state/file' ok
	assert_attempt 'create /state/new' ok
	assert_exists "$STATE/new"
}
