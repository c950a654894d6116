#!/usr/bin/env bats
# Goal: what an account may not do, it cannot do. Against the client: real clients under each preset. Against the
# program: wherever `sallyport check` says "against the program", a hostile program in its place fails (I5).

load lib
load hostile

COMMANDS='sftp scp rsync git borg svn hg unison rdiff-backup rclone'
PROGRAMS="
program borg = $STANDIN
program svnserve = $STANDIN
program hg = $STANDIN
program unison = $STANDIN
program rdiff-backup = $STANDIN
program rclone = $STANDIN"

setup_file() {
	e2e_setup
	stage_sshd </dev/null
	"$STAGE_TOOL" state alice >/dev/null # for unison
}

# One tree, the account's own, for each attempt.
setup() {
	fresh
	cd "$BATS_TEST_TMPDIR"
	echo new >new
}

# ---- the presets, with real clients ----

sftp_does() { stdin="$1" try stage_sftp alice; [ "$status" = 0 ] || fail "sftp should do: $1"; }
sftp_refuses() { stdin="$1" try stage_sftp alice; [ "$status" != 0 ] || fail "sftp should refuse: $1"; }

@test "read-only: everything can be read and listed, nothing changed" {
	access read-only
	sftp_does $'ls\nget file\nls -l full'
	assert_same $D/file file
	sftp_refuses 'put new'
	sftp_refuses 'put new file'
	sftp_refuses 'rm file'
	sftp_refuses 'mkdir x'
	sftp_refuses 'rmdir dir'
	sftp_refuses 'rename file x'
	sftp_refuses 'chmod 777 file'
	sftp_refuses 'ln file x'
	sftp_refuses 'ln -s file x'
	try stage_scp -O -r alice@stage:full got
	assert_status 0
	assert_same $D/full/inner got/inner
	try stage_scp -O new alice@stage:x
	assert_refused 77 || [ "$status" != 0 ]
	try stage_rsync -a alice@stage:./ all/
	assert_status 0
	assert_same $D/full/inner all/full/inner
	try stage_rsync -a new alice@stage:x
	[ "$status" != 0 ]
	try stage_rsync -a --remove-source-files alice@stage:file moved
	[ "$status" != 0 ]
	assert_equal "$(cat $D/file)" one
	assert_equal "$(find $D | sort | tr '\n' ' ')" "$D $D/dir $D/file $D/full $D/full/inner $D/other "
}

@test "drop-box: files go in; nothing comes out, is seen, moved or removed" {
	access drop-box
	sftp_does $'put new\nmkdir sub\nput new sub/x'
	assert_same new $D/sub/x
	# the client says what is wrong and yet ends with 0
	stdin=ls try stage_sftp alice
	assert_err "Permission denied"
	refute_out file
	sftp_refuses 'get file'
	sftp_refuses 'rm file'
	sftp_refuses 'rmdir dir'
	sftp_refuses 'rename file x'
	try stage_scp -O new alice@stage:y
	assert_status 0
	assert_same new $D/y
	try stage_scp -O alice@stage:file got
	[ "$status" != 0 ]
	assert_missing got
	# rsync's upload needs more than a drop box has
	try stage_rsync new alice@stage:z
	assert_err "lacks download rename delete"
	try stage_rsync alice@stage:file got
	[ "$status" != 0 ]
	assert_missing got
	assert_missing $D/z
}

@test "append-only: is not offered by definitions that cannot hold it" {
	access append-only
	# overwriting and uploading are one right to the kernel: scp -t is refused, and so is a push by rsync
	try stage_scp -O new alice@stage:y
	assert_missing $D/y
	try stage_rsync new alice@stage:z
	assert_missing $D/z
	# reading is
	try stage_scp -O alice@stage:file got
	assert_status 0
	try stage_rsync -a alice@stage:full/ all/
	assert_status 0
	assert_equal "$(cat $D/file)" one
	# sftp: whatever the verdict, an existing file stays as it is
	stdin='put new file' try stage_sftp alice
	assert_equal "$(cat $D/file)" one
}

@test "full: all of it works" {
	access full
	sftp_does $'put new\nput new file\nls\nget new back\nmkdir x\nrename new moved\nrm moved\nrmdir x\nchmod 600 file\nln -s file soft'
	assert_same new $D/file
	try stage_scp -O new alice@stage:y
	assert_status 0
	try stage_rsync -a --delete full-not-there/ alice@stage:x/ || true
	mkdir empty
	try stage_rsync -a --delete empty/ alice@stage:full/
	assert_status 0
	assert_missing $D/full/inner
}

@test "git: a repository whose objects lie where the account may not read is not served from there" {
	local name head
	mkdir $D/secret $D/pub
	git init -q --bare $D/secret/r.git
	git init -q -b main work && echo secret >work/file && git -C work add file && stage_git -C work commit -qm one
	git -C work push -q $D/secret/r.git main
	head=$(git -C work rev-parse HEAD)
	git init -q --bare $D/pub/alternates
	echo ../../../secret/r.git/objects >$D/pub/alternates/objects/info/alternates
	echo "$head" >$D/pub/alternates/refs/heads/main
	mkdir $D/pub/gitdir && echo 'gitdir: ../../secret/r.git' >$D/pub/gitdir/.git
	mkdir $D/pub/commondir && echo 'ref: refs/heads/main' >$D/pub/commondir/HEAD
	echo ../../secret/r.git >$D/pub/commondir/commondir
	ln -s ../secret/r.git $D/pub/link
	chown -hR alice:alice $D
	for ISOLATION in namespace landlock; do
		access list "access /pub = download"
		for name in alternates gitdir commondir link; do
			try stage_git clone -q -b main alice@stage:pub/$name copy
			[ "$status" != 0 ] || fail "$name should not be served"
			assert_missing copy/file
		done
	done
	access full
	for name in alternates gitdir commondir link; do
		try stage_git clone -q -b main alice@stage:pub/$name "copy-$name"
		assert_same work/file "copy-$name/file"
	done
}

@test "git: read-only fetches, and does not push" {
	stage_as alice git init -q --bare $D/r.git
	git init -q work && cd work && stage_git commit -q --allow-empty -m one
	access full
	try stage_git push -q alice@stage:r.git HEAD:refs/heads/main
	assert_status 0
	access read-only
	try stage_git clone -q -b main alice@stage:r.git ../copy
	assert_status 0
	stage_git commit -q --allow-empty -m two
	try stage_git push -q alice@stage:r.git HEAD:refs/heads/main
	[ "$status" != 0 ]
	assert_err "lacks"
	access "download upload list"
	try stage_git push -q alice@stage:r.git HEAD:refs/heads/main
	[ "$status" != 0 ]
}

@test "without list there is no wildcard, no recursion and no listing" {
	access "download"
	try stage_scp -O -T 'alice@stage:fi*' .
	assert_err "wildcard"
	try stage_scp -O -r alice@stage:full got
	[ "$status" != 0 ]
	try stage_rsync -r alice@stage:full/ got
	[ "$status" != 0 ]
	try stage_rsync --list-only alice@stage:full/
	[ "$status" != 0 ]
	try stage_scp -O alice@stage:file got
	assert_status 0
	# secluded arguments hide -r from the gate: the kernel holds it
	try stage_rsync -rs alice@stage:full/ got
	assert_missing got/inner
}

@test "protected names cannot be written through a command line" {
	access full
	for name in .ssh .ssh/authorized_keys dir/.ssh/x .SSH .bashrc; do
		try stage_scp -O new "alice@stage:$name"
		assert_err "a protected name"
		try stage_rsync new "alice@stage:$name"
		assert_err "a protected name"
	done
}

# ---- a hostile program ----

@test "a hostile sftp-server is held where check says so" { assert_holds internal-sftp; }
@test "a hostile scp -t is held where check says so" { assert_holds 'scp -t x'; }
@test "a hostile scp -f is held where check says so" { assert_holds 'scp -f x'; }
@test "a hostile rsync receiver is held where check says so" { assert_holds 'rsync --server -e.L . x'; }
@test "a hostile rsync sender is held where check says so" { assert_holds 'rsync --server --sender -e.L . x'; }
@test "a hostile git-upload-pack is held where check says so" { assert_holds 'git-upload-pack x'; }
@test "a hostile borg is held where check says so" { assert_holds 'borg serve'; }
@test "a hostile svnserve is held where check says so" { assert_holds 'svnserve -t'; }
@test "a hostile hg is held where check says so" { assert_holds 'hg -R x serve --stdio'; }
@test "a hostile unison is held where check says so" { assert_holds 'unison -server'; }
@test "a hostile rdiff-backup is held where check says so" { assert_holds 'rdiff-backup --server'; }
@test "a hostile rclone is held where check says so" { assert_holds 'rclone serve restic --stdio x'; }

@test "what check does not claim is not needed: with full every attempt works" {
	access full "program sftp = $STANDIN"
	for verb in download upload overwrite list mkdir rename delete; do
		fresh
		while read -r line; do
			case $line in
			'mkfifo '* | 'rename /files/file /tmp/new' | 'mknod '*) continue ;; # never
			esac
			fresh
			attempts "$line"
			try_gate internal-sftp
			assert_attempt "$line" ok EOPNOTSUPP
		done < <(tries $verb)
	done
}
