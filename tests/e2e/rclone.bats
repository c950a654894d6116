#!/usr/bin/env bats
# Goal: restic works with `rclone serve restic --stdio` behind the gate, on a directory of the docroot and on the one
# remote that the policy names; under each preset it does what the preset says; no other remote can be reached.

load lib
load repo

setup_file() {
	repo_setup
	mkdir -p "$BATS_FILE_TMPDIR/remote"
	# the view takes names from the host's files, and a very small host has none
	grep -qs localhost /etc/hosts || echo "127.0.0.1 localhost" >>/etc/hosts
	# A remote: something that rclone reaches over the network, by a name.
	local port
	for port in 37080 37081 37082 37083 37084; do
		rclone serve webdav --config /dev/null --addr 127.0.0.1:$port --user u --pass p \
			"$BATS_FILE_TMPDIR/remote" </dev/null >"$BATS_FILE_TMPDIR/dav.log" 2>&1 3>&- &
		stage_wait_for "$BATS_FILE_TMPDIR/dav.log" 'Server started' $! && break
	done
	echo $port >"$BATS_FILE_TMPDIR/port"
}

setup() {
	repo_fresh
	B=dav:bucket$BATS_TEST_NUMBER # the remote's server keeps listings for minutes
	export RESTIC_PASSWORD=x RESTIC_CACHE_DIR=$HOME/cache
	REMOTE="rclone-remote = $B
env RCLONE_CONFIG_DAV_TYPE = webdav
env RCLONE_CONFIG_DAV_URL = http://localhost:$(cat "$BATS_FILE_TMPDIR/port")
env RCLONE_CONFIG_DAV_USER = u
env RCLONE_CONFIG_DAV_PASS = $(rclone --config /dev/null obscure p)"
}

# Where it may not write it tries again for a minute: what matters then is that nothing changes.
r() { try timeout "${PATIENCE:-60}" restic -o rclone.program="ssh -F $STAGE_SSH_CONFIG alice@stage rclone" -r "$@"; }

first_backup() { # REPOSITORY
	r "$1" init
	assert_status 0
	r "$1" backup src
	assert_status 0
}

assert_restores() { # REPOSITORY [options]
	rm -rf got
	r "$1" "${@:2}" restore latest --target got
	assert_status 0
	assert_tree src got/src
}

@test "full: init, backup, snapshots, restore, check, forget and prune" {
	access full
	first_backup rclone:repo
	assert_restores rclone:/repo
	r rclone:repo check
	assert_status 0
	echo more >src/more
	r rclone:repo backup src
	assert_status 0
	r rclone:repo forget --keep-last 1 --prune
	assert_status 0
	r rclone:repo snapshots
	assert_out "1 snapshots"
	assert_equal "$(stat -c %U:%a $D/repo/config)" alice:640
}

@test "a path with blanks, and one with a colon behind a slash" {
	access full
	first_backup 'rclone:/with:colon'
	assert_exists $D/with:colon/config
}

@test "read-only: restore without a lock; nothing changes" {
	access full
	first_backup rclone:repo
	access read-only
	local before
	before=$(docroot_sum)
	assert_restores rclone:repo --no-lock
	PATIENCE=3 r rclone:repo backup src
	assert_fails
	PATIENCE=3 r rclone:repo forget latest
	assert_fails
	PATIENCE=3 r rclone:other init
	assert_fails
	assert_equal "$(docroot_sum)" "$before"
}

@test "append-only: backups are added; none is forgotten, pruned or overwritten" {
	access full
	first_backup rclone:repo
	access append-only
	cp -r $D/repo kept
	echo more >src/more
	r rclone:repo backup src
	assert_status 0
	assert_restores rclone:repo
	PATIENCE=3 r rclone:repo forget latest
	assert_fails
	PATIENCE=3 r rclone:repo key passwd --new-password-file /dev/null
	local file
	while read -r file; do
		assert_same "kept/$file" "$D/repo/$file"
	done < <(cd kept && find . -type f ! -path './locks/*')
	# the lock that an impatient restic left
	r rclone:repo --no-lock snapshots
	assert_out "2 snapshots"
}

@test "drop-box: not offered" {
	access drop-box
	r rclone:repo init
	assert_fails
	assert_said "lacks download list"
	assert_equal "$(find $D -mindepth 1)" ""
}

@test "the remote that the policy names: full, over the network" {
	access full "$REMOTE"
	first_backup rclone:$B
	assert_restores rclone:$B
	r rclone:$B forget --keep-last 1 --prune
	assert_status 0
	assert_exists "$BATS_FILE_TMPDIR/remote/${B#dav:}/config"
	assert_equal "$(find $D -mindepth 1)" ""
}

# Of a path with ".." in it rclone's switch judges the letters, and the remote what they come to.
@test "the remote that the policy names: not offered to who lacks a verb, in whatever directory it has them" {
	access full "$REMOTE"
	first_backup rclone:$B
	access append-only "$REMOTE"
	r rclone:$B backup src
	assert_fails
	assert_said "lacks overwrite delete"
	mkdir -p $D/in
	chown root $D
	access "append-only overwrite" "access /in = full
$REMOTE"
	r rclone:$B --no-lock snapshots
	assert_fails
	assert_said "lacks delete"
	chown alice $D
	access read-only "$REMOTE"
	r rclone:$B --no-lock snapshots
	assert_fails
	assert_said "lacks upload overwrite mkdir delete"
}

@test "no other remote, by whatever name" {
	local remote
	access full "$REMOTE"
	for remote in dav: dav:other $B/ $B/../other "dav:/${B#dav:}" "DAV:${B#dav:}" b2:bkt :local:/etc \
		:sftp,host=localhost:/ ":webdav,url='http://localhost/':x" '~/:local:/etc' 'x/../dav:other' $B:x; do
		try stage_ssh alice "rclone serve restic --stdio --b2-hard-delete \"$remote\""
		# what climbs becomes an absolute path, and that is one of the docroot's
		case $remote in x/*) continue ;; esac
		assert_refused
	done
	access full
	try stage_ssh alice 'rclone serve restic --stdio dav:bucket'
	assert_refused
}

@test "without a remote there is no network, and no file of the resolver" {
	access full "program rclone = $STANDIN"
	attempts inet inet6 unix 'stat /etc/resolv.conf' 'stat /etc/hosts' 'stat /etc/ca-bundle'
	try_gate 'rclone serve restic --stdio repo'
	assert_ran
	assert_attempt inet EPERM
	assert_attempt inet6 EPERM
	assert_attempt unix EPERM
	assert_attempt 'stat /etc/resolv.conf' ENOENT
	assert_attempt 'stat /etc/hosts' ENOENT
	# with one: the remote's form alone has sockets
	access full "$REMOTE
program rclone = $STANDIN"
	try_gate 'rclone serve restic --stdio repo'
	assert_attempt inet EPERM
	attempts inet inet6 unix netlink 'read /etc/hosts' 'write /etc/hosts' 'exec /bin/true'
	try_gate "rclone serve restic --stdio $B"
	assert_ran
	assert_attempt inet ok
	assert_attempt unix ENOSYS
	assert_attempt netlink ENOSYS
	assert_attempt 'read /etc/hosts' ok
	assert_attempt 'write /etc/hosts' EROFS EACCES
	assert_fails
}

@test "the files of the resolver are the host's, read-only and nothing else" {
	local options
	access full "$REMOTE
program rclone = $STANDIN"
	hold_gate "rclone serve restic --stdio $B"
	awk '$5 ~ /^\/etc\/(hosts|resolv.conf|ca-bundle)$/ { print $6 }' "/proc/$(pgrep -P "$pid")/mountinfo" \
		>"$BATS_TEST_TMPDIR/options"
	release
	[ -s "$BATS_TEST_TMPDIR/options" ]
	while read -r options; do
		case $options in ro,nosuid,nodev,noexec,*) ;; *) fail "one is $options" ;; esac
	done <"$BATS_TEST_TMPDIR/options"
}

@test "no configuration of a file is read: not from the docroot, not from home (I9)" {
	access full
	mkdir -p $D/.config/rclone
	printf '[b2]\ntype = local\n[repo]\ntype = local\n' | tee $D/rclone.conf >$D/.config/rclone/rclone.conf
	plant $D/evil
	try stage_ssh alice 'rclone serve restic --stdio b2:x'
	assert_refused
	try_gate 'rclone serve restic --stdio --config /files/rclone.conf x'
	assert_refused
	first_backup rclone:repo
	assert_exists $D/repo/config
	assert_nothing_ran
}

@test "what the gate says, a client cannot say" {
	local words
	for words in 'serve restic --stdio --config=/files/x r' 'serve restic --stdio --log-file /files/x r' \
		'serve restic --stdio --addr=:8080 r' 'serve restic --stdio --rc r' 'serve restic r' 'serve http r' \
		'serve restic --stdio --password-command id r' 'serve restic --stdio --htpasswd /etc/passwd r' \
		'serve restic --stdio a b' 'copy a b' 'cat /etc/passwd' 'serve sftp --stdio r' 'serve restic --stdio' \
		'serve restic --stdio --cpuprofile /files/x r' 'rcd' '--config=/x serve restic --stdio r'; do
		try stage_ssh alice "rclone $words"
		assert_refused
	done
}
