#!/usr/bin/env bats
# Goal: no real client of the supported list needs a system call that its filter lacks: each session runs under
# strace, and whatever a filter refused or killed has to be a row of TOLERATED, with a reason. A new libc or program that
# needs more fails here before a user sees it fail. (sallyport doctor --trace does this for a program of one's own.)

load lib

# CALL ANSWER: why the programs do well without it. Of an ioctl the request, or none of them would be missed.
TOLERATED="
clone3 ENOSYS	libcs go on with clone, whose flags a filter can read
socket ENOSYS	the same where other sockets are admitted
socket EPERM	getpwnam(3) looks for nscd, then reads the view's passwd
chroot EPERM	the gate's own question to the filter
sched_getaffinity ENOSYS	a thread of rdiff-backup's libraries asks for its own processors by its number, and does without
openat2 ENOSYS	rsync with Debian's security patches goes on name by name
ioctl:FS_IOC_SETFLAGS ENOSYS	borg marks its caches with chattr +d
kill EPERM	borg asks whether the holder of a lock lives, itself among them: refused means yes
"

# Seconds: a client whose other side lacks a call may wait for ever.
PATIENCE=60

# What the kernel itself answers to an account that is not root, or for a file that cannot be waited for; a signal handler's
# return shows what was interrupted.
OF_THE_KERNEL='^\(fchown\|lchown\|chown\|fchownat\|fchmod\|chmod\|fchmodat\|utimensat\|mknod\|mknodat\|epoll_ctl\)$'

setup_file() {
	e2e_setup
	stage_policy <<-END
		[user alice]
		docroot = /srv/alice
		commands = sftp scp rsync git aspera borg svn hg unison rdiff-backup rclone
		access = full
		program ascp = $STANDIN
	END
	"$STAGE_TOOL" state alice >/dev/null # for unison
	GENERATOR=$STAGE_CHECKOUT/build/stage/filters-gen
	USED=$BATS_FILE_TMPDIR/used
	export GENERATOR USED
	: >"$USED"
	head -c 3000000 /dev/urandom >"$BATS_FILE_TMPDIR/big"
	# In ssh's place: the same gate, the same command string, under a tracer.
	cat >"$STAGE_OWN/traced" <<-'END'
		#!/bin/bash
		options() {
			taken=0
			while [[ $1 == -* ]]; do
				case $1 in -s) subsystem=yes ;; -[olpFe]) shift; taken=$((taken + 1)) ;; esac
				shift
				taken=$((taken + 1))
			done
		}
		options "$@"
		shift $((taken + 1)) # and the host; unison has options behind it
		options "$@"
		shift $taken
		command=$*
		[ "$subsystem" = yes ] && command=/usr/lib/openssh/sftp-server
		exec strace -f -qq -o "$TRACED/$$" setpriv --reuid=alice --regid=alice --init-groups --inh-caps=-all -- \
			env -i SSH_CONNECTION="192.0.2.7 1 192.0.2.1 22" ${GIT_PROTOCOL:+GIT_PROTOCOL=$GIT_PROTOCOL} \
			"$GATE" -c "$command"
	END
	chmod 755 "$STAGE_OWN/traced"
}

setup() {
	find /srv/alice -mindepth 1 -delete
	export TRACED=$BATS_TEST_TMPDIR/traced GATE=$STAGE_GATE
	export GIT_SSH_COMMAND=$STAGE_OWN/traced GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
	export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@x GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@x
	mkdir "$TRACED"
	cd "$BATS_TEST_TMPDIR"
	mkdir src
	cp "$BATS_FILE_TMPDIR/big" src/big
	printf one >src/one
	ln -s one src/link
	ln src/one src/hard
}

# What the filter refused in this test's sessions, a line each: CALL ANSWER.
refused() {
	cat "$TRACED"/* | sed 's/^[0-9]* *//' |
		sed -n -e 's/^ioctl([^,]*, \([A-Z_]*\)/ioctl:\1(/' \
			-e 's/^\([a-z0-9_]*:\{0,1\}[A-Z_]*\)(.* = -1 \(ENOSYS\|EPERM\) .*/\1 \2/p' \
			-e 's/^<\.\.\. \([a-z0-9_]*\) resumed.* = -1 \(ENOSYS\|EPERM\) .*/\1 \2/p' \
			-e 's/.*killed by SIGSYS.*/killed SIGSYS/p' |
		awk -v kernel="$OF_THE_KERNEL" '{ gsub(/\\/, "", kernel) } $1 != "rt_sigreturn" && !($2 == "EPERM" && $1 ~ kernel)' | sort -u
}

untolerated() {
	refused | while read -r line; do
		grep -q "^$line	" <<<"$TOLERATED" || echo "$line"
	done
}

# What the filters let through, a line each: PROFILE CALL. A gate that executes nothing once its filter is loaded waits; what
# never loads one is a child or a thread of the program.
admitted() { # PROFILE of the program
	local file
	for file in "$TRACED"/*; do
		awk -v program="$1" '{ pid = $1; call = $2; sub(/\(.*/, "", call); if ($2 == "<...") call = $3 }
			pass == 1 && /seccomp\(SECCOMP_SET_MODE_FILTER/ { since[pid] = FNR; own[pid] = "wait" }
			pass == 1 && call == "execve" && (pid in since) { own[pid] = program }
			pass == 2 && FNR > since[pid] + 0 && !/ENOSYS/ { print (pid in own) ? own[pid] : program, call }' \
			pass=1 "$file" pass=2 "$file"
	done | sort -u
}

assert_nothing_missing() { # SESSIONS PROFILE: at least so many were looked at
	local found
	[ "$(ls "$TRACED" | wc -l)" -ge "$1" ] || fail "only $(ls "$TRACED" | wc -l) sessions" || return
	grep -lq 'seccomp(SECCOMP_SET_MODE_FILTER' "$TRACED"/* || fail "no filter was loaded" || return
	found=$(untolerated)
	[ -z "$found" ] || fail "refused by a filter: $found" || return
	admitted "$2" >>"$USED"
}

@test "sftp" {
	stdin='put -r src
		put -p src/one two
		ls -l
		rename two three
		chmod 600 three
		ln -s three four
		ln three five
		df
		get -r src back
		rm three
		mkdir d
		rmdir d
	'
	try timeout $PATIENCE sftp -q -S "$STAGE_OWN/traced" -b - alice@stage
	assert_status 0
	assert_nothing_missing 1 plain
}

@test "scp -O, both ways" {
	try timeout $PATIENCE scp -q -O -S "$STAGE_OWN/traced" -rp src alice@stage:
	assert_status 0
	try timeout $PATIENCE scp -q -O -S "$STAGE_OWN/traced" -rp alice@stage:src back
	assert_status 0
	try timeout $PATIENCE scp -q -O -S "$STAGE_OWN/traced" 'alice@stage:src/*' .
	assert_nothing_missing 3 plain
}

@test "rsync: with everything that -a and its friends ask for" {
	local options
	for options in -aHAX "-az --checksum --inplace" "-a --delete --partial-dir=.p --delay-updates" \
		"-a --sparse --preallocate --fsync" "-s -a --numeric-ids" "--old-args -a --append-verify"; do
		# shellcheck disable=SC2086 # words
		try timeout $PATIENCE rsync -e "$STAGE_OWN/traced" $options src/ alice@stage:in
		case $status in 0 | 23) ;; *) fail "push with $options" || return ;; esac
		rm -rf back
		# shellcheck disable=SC2086
		try timeout $PATIENCE rsync -e "$STAGE_OWN/traced" $options alice@stage:in/ back
		case $status in 0 | 23) ;; *) fail "pull with $options" || return ;; esac
	done
	assert_nothing_missing 8 fork
}

@test "git: push, clone, fetch, archive" {
	stage_as alice git init -q --bare -b main /srv/alice/x.git
	git init -q -b main work
	cd work
	cp -r ../src/one ../src/big .
	git add . && git commit -qm one
	try timeout $PATIENCE git push -q alice@stage:x.git main
	assert_status 0
	try timeout $PATIENCE git clone -q alice@stage:x.git ../clone
	assert_status 0
	echo more >>one && git commit -qam more
	try timeout $PATIENCE git push -q alice@stage:x.git main
	assert_status 0
	try timeout $PATIENCE git -C ../clone pull -q
	assert_status 0
	try timeout $PATIENCE git archive --remote=alice@stage:x.git main
	assert_status 0
	# one that several accounts share sets modes
	stage_as alice git init -q --bare --shared=group /srv/alice/shared.git
	try timeout $PATIENCE git push -q alice@stage:shared.git main
	assert_status 0
	assert_nothing_missing 6 spawn
}

@test "borg: init, create, list, check, prune, compact" {
	export BORG_RSH=$STAGE_OWN/traced BORG_PASSPHRASE=x BORG_BASE_DIR=$BATS_TEST_TMPDIR HOME=$BATS_TEST_TMPDIR
	local repo=ssh://alice@stage/./repo
	try timeout $PATIENCE borg init -e repokey "$repo"
	assert_status 0
	try timeout $PATIENCE borg create "$repo::one" src
	assert_status 0
	try timeout $PATIENCE borg check "$repo"
	assert_status 0
	try timeout $PATIENCE borg prune --keep-last 1 "$repo"
	try timeout $PATIENCE borg compact "$repo"
	assert_status 0
	assert_nothing_missing 5 plain
}

@test "svn: checkout, commit, copy, lock" {
	export SVN_SSH=$STAGE_OWN/traced HOME=$BATS_TEST_TMPDIR
	local url=svn+ssh://alice@stage/repo
	stage_as alice svnadmin create /srv/alice/repo
	try timeout $PATIENCE svn import -q -m one src/one "$url/one"
	assert_status 0
	try timeout $PATIENCE svn checkout -q "$url" wc
	echo two >wc/one
	try timeout $PATIENCE svn commit -q -m two wc
	assert_status 0
	try timeout $PATIENCE svn copy -q -m three "$url/one" "$url/two"
	try timeout $PATIENCE svn lock "$url/two"
	assert_status 0
	assert_nothing_missing 5 plain
}

@test "hg: init, push, clone" {
	export HGRCPATH=$BATS_TEST_TMPDIR/hgrc HGPLAIN=1 HOME=$BATS_TEST_TMPDIR
	printf '[ui]\nssh = %s\nusername = a\n' "$STAGE_OWN/traced" >"$HGRCPATH"
	hg init work && cp src/one src/big work && hg -R work commit -q -A -m one
	try timeout $PATIENCE hg clone -q work ssh://alice@stage/repo
	assert_status 0
	try timeout $PATIENCE hg clone -q ssh://alice@stage/repo copy
	assert_status 0
	assert_nothing_missing 3 plain
}

@test "unison: both ways" {
	export UNISON=$BATS_TEST_TMPDIR/archives HOME=$BATS_TEST_TMPDIR
	try timeout $PATIENCE unison -batch -ui text -silent -sshcmd "$STAGE_OWN/traced" src ssh://alice@stage/dst
	assert_status 0
	rm src/one
	try timeout $PATIENCE unison -batch -ui text -silent -sshcmd "$STAGE_OWN/traced" src ssh://alice@stage/dst
	assert_status 0
	assert_nothing_missing 2 plain
}

@test "rdiff-backup: backup, list" {
	export HOME=$BATS_TEST_TMPDIR
	local schema="$STAGE_OWN/traced {h} rdiff-backup server"
	try timeout $PATIENCE rdiff-backup --api-version 201 --remote-schema "$schema" backup src alice@stage::dst
	assert_status 0
	try timeout $PATIENCE rdiff-backup --api-version 201 --remote-schema "$schema" list increments alice@stage::dst
	assert_status 0
	assert_equal "$(ls "$TRACED" | wc -l)" 2 sessions
	# children that would have become uname and ps, to say on which platform it runs
	assert_equal "$(untolerated)" "killed SIGSYS"
	assert_equal "$(cat "$TRACED"/* | grep -B1 'killed by SIGSYS' | grep -o 'execve("[^"]*"' | sort -u | tr '\n' ' ')" \
		'execve("/usr/bin/ps" execve("/usr/bin/uname" '
}

@test "rclone, as restic starts it: init, backup, restore" {
	export RESTIC_PASSWORD=x HOME=$BATS_TEST_TMPDIR
	local step
	for step in init "backup src" "restore latest --target got"; do
		# shellcheck disable=SC2086 # words
		try timeout $PATIENCE restic -o rclone.program="$STAGE_OWN/traced alice@stage rclone" -r rclone:repo $step
		assert_status 0 || return
	done
	assert_nothing_missing 3 fork
}

@test "rclone, a remote: with sockets" {
	local port dav=$BATS_TEST_TMPDIR/dav.log
	export RESTIC_PASSWORD=x HOME=$BATS_TEST_TMPDIR
	mkdir remote
	for port in 37180 37181 37182 37183 37184; do
		rclone serve webdav --config /dev/null --addr 127.0.0.1:$port remote </dev/null >"$dav" 2>&1 3>&- &
		stage_wait_for "$dav" 'Server started' $! && break
	done
	cp "$STAGE_POLICY" policy
	printf '%s\n' "rclone-remote = dav:bucket" "env RCLONE_CONFIG_DAV_TYPE = webdav" \
		"env RCLONE_CONFIG_DAV_URL = http://127.0.0.1:$port" >>"$STAGE_POLICY"
	for step in init "backup src" "restore latest --target got"; do
		# shellcheck disable=SC2086 # words
		try timeout $PATIENCE restic -o rclone.program="$STAGE_OWN/traced alice@stage rclone" -r rclone:dav:bucket $step
		assert_status 0
	done
	kill $!
	stage_policy <policy
	assert_nothing_missing 3 net
}

# What needs a group and cannot be had here.
ELSEWHERE="attributes of net	ascp -p keeps modes and times
"

# Without a group a session that needs a call of it would have been refused that call, and its test here would fail.
@test "every group that a profile admits is needed by a session of a real client" {
	[ -s "$USED" ] || skip "the sessions before this have to run"
	"$GENERATOR" --groups | awk 'FILENAME == "-" && $3 == "allow" {
		for (i = 4; i <= NF; i++) if (used[$2 " " $i]) next
		print $1 " of " $2
	} FILENAME != "-" { used[$1 " " $2] = 1 }' "$USED" - |
		grep -vxF -f <(grep -o '^[^	]\+' <<<"$ELSEWHERE") >"$BATS_TEST_TMPDIR/needless" || true
	[ ! -s "$BATS_TEST_TMPDIR/needless" ] || fail "no client needs: $(cat "$BATS_TEST_TMPDIR/needless")"
}

@test "this file can fail: a call that no group has, one that is refused, one that kills" {
	attempts unknown setuid memfd
	try "$STAGE_OWN/traced" stage ascp -S. -V1
	assert_status 159
	assert_equal "$(untolerated | tr '\n' ';')" "killed SIGSYS;setuid EPERM;syscall_0x270f ENOSYS;"
}
