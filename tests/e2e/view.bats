#!/usr/bin/env bats
# Goal: what a granted program is shut into is what sallyport-shell(8) says under The view, told by a program in its place
# and by the kernel: view, capabilities, descriptors, filter (I4 I5 I9), the host untouched. All of it three times: with
# file capabilities, in a view that was pinned, and with a user namespace for want of capabilities.

load lib

ONE_PROCESS=internal-sftp          # RUNS_PLAIN, every verb
FORKS='rsync --server -e.L . x'    # RUNS_FORK
SPAWNS='git-upload-pack x'         # RUNS_SPAWN
NETWORK='ascp -S. -V1'             # RUNS_NET

setup_file() {
	e2e_setup
	stage_user bob "$STAGE_GATE"
	stage_docroot /srv/bob bob
	echo secret >/srv/bob/secret
	echo secret >/home/bob/secret
	"${CC:-gcc}" -std=gnu17 -O1 -o "$STANDIN-dynamic" "$STAGE_CHECKOUT/tests/e2e/standin.c"
	LOADER=$(ldd "$STANDIN-dynamic" | grep -o '/[^ ]*/ld-linux[^ ]*')
	[ -n "$LOADER" ]
	export LOADER
	policy
}

policy() { # further lines for alice
	stage_policy <<-END
		[defaults]
		docroot = /srv/%u
		commands = sftp scp rsync git aspera
		access = full
		program scp = $STANDIN
		program sftp = $STANDIN
		program rsync = $STANDIN
		program git = $STANDIN-dynamic
		program ascp = $STANDIN
		[user bob]
		[user alice]
		$1
	END
}

setup() {
	umount -n /srv/alice/more 2>/dev/null || true
	find /srv/alice -mindepth 1 -delete
	echo content >/srv/alice/file
	install -m 755 "$STANDIN" /srv/alice/uploaded
	install -m 755 "$STANDIN-dynamic" /srv/alice/uploaded-dynamic
	chown -R alice /srv/alice
}

each() { # runs the function once with each gate
	gate=$STAGE_GATE "$@" || return
	pinned "$@" || return
	gate=$GATE_WITHOUT_CAPS "$@"
}

# It is fresh before and behind, so that sessions have used it.
pinned() {
	local rc=0
	"$STAGE_TOOL" view pin >/dev/null && gate=$STAGE_GATE "$@" && "$STAGE_TOOL" view check >/dev/null || rc=$?
	[ $rc = 0 ] || echo "in a pinned view" >&2
	"$STAGE_TOOL" view unpin && return $rc
}

sees_only_its_own() {
	attempts "list /" "list /home" "list /etc" "list /files" "stat /proc" "stat /sys" "stat /var" "stat /srv" \
		"stat /opt" "stat /root" "stat /run" "stat /boot" "stat /mnt" "read /etc/shadow" "read /home/alice/x" \
		"read /home/bob/secret" "read /srv/bob/secret" "read /files/../../srv/bob/secret" "stat $STAGE_CHECKOUT" \
		"cat /etc/passwd" "cat /etc/group" "read /dev/null" "list /dev" "chdir /.." "list /.." \
		"read /dev/random" "read /dev/urandom"
	try_gate "$ONE_PROCESS"
	assert_status 0 || return
	local name
	for name in /proc /sys /var /srv /opt /root /run /boot /mnt "$STAGE_CHECKOUT"; do
		assert_attempt "stat $name" ENOENT || return
	done
	for name in /etc/shadow /home/alice/x /home/bob/secret /srv/bob/secret /files/../../srv/bob/secret; do
		assert_attempt "read $name" ENOENT || return
	done
	assert_attempt "read /dev/random" ok || return
	assert_attempt "read /dev/urandom" ok || return
	assert_out_line "content alice:x:$(id -u alice):$(id -g alice)::/home:/usr/sbin/nologin\\x0a" || return
	# In the order of the attempts: the root, then home (nothing), etc, files …
	sed -n '/^umask/,/^list \/: /s/^entry //p' "$out" | LC_ALL=C sort | tr '\n' ' ' >"$BATS_TEST_TMPDIR/root"
	for name in $(cat "$BATS_TEST_TMPDIR/root"); do
		case $name in
		bin | dev | etc | files | home | lib | lib32 | lib64 | libx32 | sbin | session | state | tmp | usr) ;;
		*) fail "/$name is in the view" || return ;;
		esac
	done
	assert_equal "$(sed -n '/^list \/: /,/^list \/home/p' "$out" | grep -c '^entry')" 0 "entries of /home" || return
	sed -n '/^list \/home/,/^list \/etc/s/^entry //p' "$out" >"$BATS_TEST_TMPDIR/etc"
	! grep -vx 'passwd\|group\|nsswitch.conf\|ld.so.cache\|localtime' "$BATS_TEST_TMPDIR/etc" ||
		fail "/etc of the view holds more" || return
	assert_equal "$(sed -n '/^list \/etc/,/^list \/files/s/^entry //p' "$out" | sort | tr '\n' ' ')" \
		"file uploaded uploaded-dynamic " "the docroot" || return
	! sed -n '/^read \/dev\/null/,/^list \/dev/s/^entry //p' "$out" | grep -vx 'full\|null\|random\|urandom\|zero' ||
		fail "/dev of the view holds more"
}
@test "only the docroot and a read-only runtime are visible" { each sees_only_its_own; }

writes_only_to_docroot() {
	rm -f /srv/alice/new
	attempts "create /x" "mkdir /x" "create /usr/x" "create /usr/bin/x" "create /etc/x" "create /home/x" \
		"create /dev/x" "write /etc/passwd" "write /etc/ld.so.cache" "unlink /etc/passwd" "unlink /dev/null" \
		"create /session/x" "create /session/tmp/x" "chmod /session/passwd" "write /session/group" "rename /session/passwd /session/x" \
		"create /files/new" "create /tmp/e2e-$$" "mkfifo /tmp/fifo" "chmod /etc/passwd" "rename /files /y"
	try_gate "$ONE_PROCESS"
	for path in /x /usr/x /usr/bin/x /etc/x /home/x /dev/x /session/x; do
		# whether the mount or the mode says it first is the kernel's affair
		assert_attempt "create $path" EROFS EACCES || return
	done
	assert_attempt "mkdir /x" EROFS EACCES || return
	assert_attempt "write /etc/passwd" EROFS EACCES || return
	assert_attempt "write /etc/ld.so.cache" EROFS EACCES || return
	assert_attempt "unlink /etc/passwd" EROFS EACCES || return
	assert_attempt "unlink /dev/null" EROFS EACCES EBUSY || return
	assert_attempt "chmod /etc/passwd" EROFS EPERM || return
	assert_attempt "rename /files /y" EROFS EACCES EBUSY || return
	# the session's own files: whoever could change them would be somebody else to libc
	assert_attempt "create /session/tmp/x" EROFS EACCES ENOENT || return
	assert_attempt "chmod /session/passwd" EROFS EPERM || return
	assert_attempt "write /session/group" EROFS EACCES || return
	assert_attempt "rename /session/passwd /session/x" EROFS EACCES || return
	assert_attempt "create /files/new" ok || return
	assert_attempt "create /tmp/e2e-$$" ok || return
	assert_attempt "mkfifo /tmp/fifo" EACCES || return
	assert_equal "$(stat -c %U /srv/alice/new)" alice || return
	assert_missing "/tmp/e2e-$$"
}
@test "only the docroot and a private /tmp can be written to" { each writes_only_to_docroot; }

mounts_are_what_they_should() {
	hold_gate "$ONE_PROCESS" || return
	local root files
	cut -d' ' -f5,6 "/proc/$pid/mountinfo" >"$BATS_TEST_TMPDIR/mounts"
	cut -d' ' -f1 "$BATS_TEST_TMPDIR/mounts" >"$BATS_TEST_TMPDIR/points"
	root=$(sed -n 's#^/ ##p' "$BATS_TEST_TMPDIR/mounts")
	files=$(sed -n 's#^/files ##p' "$BATS_TEST_TMPDIR/mounts")
	assert_equal "$(stat -c %a "/proc/$pid/root/" "/proc/$pid/root/tmp" | tr '\n' ' ')" "755 1777 " modes || return
	release
	case ,$root, in *,ro,*) ;; *) fail "the root is $root" || return ;; esac
	for option in nosuid nodev noexec; do
		case ,$files, in *,$option,*) ;; *) fail "the docroot is $files" || return ;; esac
		case ,$root, in *,$option,*) ;; *) fail "the root is $root" || return ;; esac
	done
	# single files are on devices that may well be executed from; a device is no device of the view's
	! grep '^/\(dev\|etc\)/' "$BATS_TEST_TMPDIR/mounts" | grep -v ' ro,nosuid,noexec' ||
		fail "a file of the host's is not restricted" || return
	# every mount of the runtime is read-only and nosuid
	! grep '^/\(usr\|lib\|bin\|sbin\)' "$BATS_TEST_TMPDIR/mounts" | grep -v ' ro,nosuid,nodev' ||
		fail "a mount of the runtime can be written to" || return
	! grep -vx '/\|/files\|/session\|/tmp\|/dev/[a-z]*\|/etc/ld.so.cache\|/\(usr\|lib\|lib64\|lib32\|libx32\|bin\|sbin\)\(/.*\)\?' \
		"$BATS_TEST_TMPDIR/points" || fail "a mount too many"
}
@test "mount flags: root read-only, docroot nosuid nodev noexec, no other mounts" { each mounts_are_what_they_should; }

holds_nothing() {
	local command
	for command in "$ONE_PROCESS" "$FORKS" "$SPAWNS" "$NETWORK"; do
		hold_gate "$command" || return
		# A program that may fork has the gate as its parent; in place of the others there is none.
		local program=$pid
		[ "$command" = "$ONE_PROCESS" ] || program=$(pgrep -P "$pid")
		cp "/proc/$program/status" "$BATS_TEST_TMPDIR/status"
		readlink "/proc/$program/exe" >"$BATS_TEST_TMPDIR/exe"
		release
		tried=$command
		for set in CapInh CapPrm CapEff CapBnd CapAmb; do
			grep -qx "$set:	0000000000000000" "$BATS_TEST_TMPDIR/status" ||
				fail "$(grep "^$set" "$BATS_TEST_TMPDIR/status")" || return
		done
		grep -qx 'NoNewPrivs:	1' "$BATS_TEST_TMPDIR/status" || fail "no_new_privs is not set" || return
		grep -qx 'Seccomp:	2' "$BATS_TEST_TMPDIR/status" || fail "no filter" || return
		local id
		id=$(id -u alice)
		grep -qx "Uid:	$id	$id	$id	$id" "$BATS_TEST_TMPDIR/status" || fail "another uid" || return
		grep -q standin "$BATS_TEST_TMPDIR/exe" || fail "something of the gate is left" || return
	done
}
@test "the kernel says: no capability in any set, no_new_privs, a filter (I5)" { each holds_nothing; }

inherits_nothing() {
	try stage_as alice env -i SSH_CONNECTION="192.0.2.7 1 192.0.2.1 22" "$LAUNCH" open=3:/etc/passwd \
		open=5:/ open=9:/srv open=200:/etc/passwd open=900:/ -- "$gate" -c "$ONE_PROCESS"
	assert_ran || return
	assert_equal "$(sed -n 's/^fd //p' "$out" | tr '\n' ' ')" "0 1 2 "
}
@test "no descriptor beside 0, 1 and 2 is inherited (E19)" { each inherits_nothing; }

inherits_nothing_without_log() {
	stage_log_stop
	inherits_nothing
	local rc=$?
	stage_log_start
	return $rc
}
@test "nor without a log, when 3 could be anything" { each inherits_nothing_without_log; }

runs_once() {
	local command
	for command in "$ONE_PROCESS" "$FORKS" "$NETWORK"; do
		for attempt in "exec /usr/bin/true" "exec /bin/sh" "exec $STANDIN" "exec /files/uploaded" \
			"exec $LOADER /bin/sh" "execveat /bin/sh"; do
			attempts "$attempt"
			try_gate "$command"
			assert_ran || return
			# 128 and SIGSYS
			assert_status 159 || return
			refute_out "$attempt:" || return
		done
	done
}
@test "exec happens once: a second one kills (exec-once)" { each runs_once; }

spawns_only_itself() {
	attempts "exec /bin/sh" "exec /usr/bin/true" "exec /usr/bin/perl" "exec $STANDIN" "exec /files/uploaded" \
		"exec /files/uploaded-dynamic" "read /bin/sh" "read /usr/bin/python3" "mapexec /files/uploaded"
	try_gate "$SPAWNS"
	assert_ran || return
	for attempt in "exec /bin/sh" "exec /usr/bin/true" "exec $STANDIN" "exec /files/uploaded" \
		"exec /files/uploaded-dynamic"; do
		assert_attempt "$attempt" EACCES || return
	done
	assert_attempt "read /bin/sh" EACCES || return
	assert_attempt "mapexec /files/uploaded" EPERM EACCES || return
	# The loader may be executed; it must not start what is not the program.
	for program in /bin/sh /usr/bin/env /files/uploaded-dynamic; do
		attempts "exec $LOADER $program"
		try_gate "$SPAWNS"
		assert_status 127 || return
		assert_equal "$(grep -c '^standin runs' "$out")" 1 "programs" || return
	done
	attempts "execveat /bin/sh"
	try_gate "$SPAWNS"
	assert_status 159
}
@test "git may start itself and nothing else, not even through the loader (I9)" { each spawns_only_itself; }

uploaded_is_data() {
	attempts "mapexec /files/uploaded" "mapexec /tmp/x"
	try_gate "$ONE_PROCESS"
	assert_attempt "mapexec /files/uploaded" EPERM EACCES || return
	attempts "mkdev /files/device" "link /etc/passwd /files/hard" "symlink /etc/passwd /files/soft" "cat /files/soft"
	try_gate "$ONE_PROCESS"
	assert_attempt "mkdev /files/device" EPERM EACCES || return
	assert_attempt "link /etc/passwd /files/hard" EXDEV EACCES || return
	# a link that leads outside leads into the view
	if grep -q '^symlink.*: ok' "$out"; then
		assert_out "content alice:x:" || return
	fi
	rm -f /srv/alice/soft
}
@test "what lies in the docroot is data: no exec mapping, no device" { each uploaded_is_data; }

is_filtered() {
	local command
	for command in "$ONE_PROCESS" "$FORKS" "$SPAWNS"; do
		attempts unix inet inet6 netlink packet
		try_gate "$command"
		for call in unix inet inet6 netlink packet; do
			assert_attempt "$call" EPERM || return
		done
	done
	attempts unix netlink packet
	try_gate "$NETWORK"
	for call in unix netlink packet; do
		assert_attempt "$call" EPERM ENOSYS || return
	done
	attempts fork newuser killparent setuid "chroot /" shm prlimit unknown ambient tiocsti
	try_gate "$ONE_PROCESS"
	for call in fork newuser killparent setuid "chroot /" shm; do
		assert_attempt "$call" EPERM || return
	done
	for call in prlimit unknown ambient; do
		assert_attempt "$call" EPERM ENOSYS || return
	done
	refute_out "tiocsti: ok" || return
	attempts fork newuser setuid
	try_gate "$FORKS"
	assert_attempt fork ok || return
	assert_attempt newuser EPERM ENOSYS || return
	assert_attempt setuid EPERM || return
	for call in ptrace "mount /tmp" unshare keyctl memfd; do
		attempts "$call"
		try_gate "$ONE_PROCESS"
		assert_status 159 || return
	done
}
@test "system calls: no sockets, no fork for scp, what is never legitimate kills" { each is_filtered; }

host_is_untouched() {
	cp /proc/self/mountinfo "$BATS_TEST_TMPDIR/before"
	hold_gate "$ONE_PROCESS" || return
	cp /proc/self/mountinfo "$BATS_TEST_TMPDIR/during"
	! grep ' shared:\| master:' "/proc/$pid/mountinfo" || fail "what the host mounts would arrive" || return
	release
	cp /proc/self/mountinfo "$BATS_TEST_TMPDIR/after"
	diff "$BATS_TEST_TMPDIR/before" "$BATS_TEST_TMPDIR/during" || fail "mounts changed" || return
	diff "$BATS_TEST_TMPDIR/before" "$BATS_TEST_TMPDIR/after" || fail "mounts stayed" || return
}
@test "the host's mounts stay as they are" { each host_is_untouched; }

@test "and also when / is shared" {
	mount -n --make-rshared /
	local rc=0
	each host_is_untouched || rc=$?
	mount -n --make-rprivate /
	return $rc
}

@test "local times: the link alone, into the runtime" {
	local before
	before=$(readlink /etc/localtime || true)
	ln -sfn /usr/share/zoneinfo/UTC /etc/localtime
	for gate in "$STAGE_GATE" "$GATE_WITHOUT_CAPS"; do
		attempts "stat /etc/localtime"
		try_gate "$ONE_PROCESS"
		assert_attempt "stat /etc/localtime" ok
	done
	[ -z "$before" ] || ln -sfn "$before" /etc/localtime
}

@test "what is written is not executed: memory either, from Linux 6.3 on" {
	local release
	release=$(uname -r)
	[ "$(printf '%s\n' 6.3 "$release" | sort -V | head -n 1)" = 6.3 ] || skip "Linux $release"
	attempts writable-exec
	for command in "$ONE_PROCESS" "$FORKS" "$SPAWNS" "$NETWORK"; do
		try_gate "$command"
		assert_attempt writable-exec EACCES
	done
}

@test "a mount inside the docroot is seen, as restricted as the docroot" {
	mkdir -p /srv/alice/more
	mount -n -t tmpfs -o exec,suid,dev,mode=777 more /srv/alice/more
	install -m 755 "$STANDIN" /srv/alice/more/x
	for gate in "$STAGE_GATE" "$GATE_WITHOUT_CAPS"; do
		attempts "read /files/more/x" "mapexec /files/more/x"
		try_gate "$ONE_PROCESS"
		assert_attempt "read /files/more/x" ok
		assert_attempt "mapexec /files/more/x" EPERM EACCES
		hold_gate "$ONE_PROCESS"
		grep ' /files/more ' "/proc/$pid/mountinfo" | grep -q 'nosuid,nodev,noexec' || fail "it is not restricted"
		release
	done
	umount -n /srv/alice/more
}

@test "docroot = none: the view holds no files of the account" {
	policy "docroot = none"
	for gate in "$STAGE_GATE" "$GATE_WITHOUT_CAPS"; do
		attempts "list /files" "create /files/x" "create /x"
		try_gate "$NETWORK"
		assert_ran
		assert_attempt "create /files/x" EROFS EACCES
		assert_equal "$(grep -c '^entry' "$out")" 0
	done
	policy
}

@test "a program under /opt/NAME: that package is in the view then, read-only, and nothing else of /opt" {
	mkdir -p /opt/package/bin /opt/other && install -m 755 "$STANDIN" /opt/package/bin/program
	for gate in "$STAGE_GATE" "$GATE_WITHOUT_CAPS"; do
		policy "program scp = /opt/package/bin/program"
		attempts "stat /opt/package/bin/program" "create /opt/package/x" "stat /opt/other"
		try_gate 'scp -t x'
		assert_ran
		assert_attempt "stat /opt/package/bin/program" ok
		assert_attempt "create /opt/package/x" EROFS EACCES
		assert_attempt "stat /opt/other" ENOENT
		policy
		try_gate "$ONE_PROCESS"
		assert_attempt "stat /opt/package/bin/program" ENOENT
	done
	rm -r /opt/package /opt/other
}

# Bytes of alice's /tmp while she has one, and what is mounted there.
tmp_of() {
	hold_gate "$1" || return
	stat -f -c '%b %S' "/proc/$pid/root/tmp" | awk '{ print $1 * $2 }' >"$BATS_TEST_TMPDIR/bytes"
	grep -c ' /tmp ' "/proc/$pid/mountinfo" >"$BATS_TEST_TMPDIR/mounted" || true
	release
}

none_without_use() {
	local line
	for line in "commands = sftp scp rsync" "limit tmp = 0"; do
		policy "$line"
		attempts "create /tmp/x" "mkdir /tmp/x" "mkfifo /tmp/x" "list /tmp"
		try_gate "$ONE_PROCESS"
		assert_ran || return
		for attempt in "create /tmp/x" "mkdir /tmp/x" "mkfifo /tmp/x"; do
			assert_attempt "$attempt" EROFS EACCES || return
		done
		assert_attempt "list /tmp" ok || return
		assert_equal "$(grep -c '^entry' "$out")" 0 "entries of /tmp" || return
		tmp_of "$ONE_PROCESS" || return
		assert_equal "$(cat "$BATS_TEST_TMPDIR/mounted")" 0 "mounts on /tmp" || return
	done
	policy
}
@test "no /tmp for an account whose commands have no use for one, or with limit tmp = 0" { each none_without_use; }

as_large_as_said() {
	local line size command
	while IFS='|' read -r line size command; do
		policy "$line"
		attempts "fill /tmp/big" "mkfifo /tmp/fifo" "mapexec /tmp/x"
		try_gate "$command"
		assert_ran || return
		assert_attempt "fill /tmp/big" ENOSPC || return
		assert_attempt "mkfifo /tmp/fifo" EACCES || return
		tmp_of "$command" || return
		assert_equal "$(cat "$BATS_TEST_TMPDIR/mounted")" 1 "mounts on /tmp" || return
		# passwd and group may be in it
		[ $(($(cat "$BATS_TEST_TMPDIR/bytes") - size)) = $((2 * $(getconf PAGESIZE))) ] ||
			fail "$line: $(cat "$BATS_TEST_TMPDIR/bytes") bytes" || return
	done <<-END
		|16777216|$ONE_PROCESS
		|16777216|$SPAWNS
		limit tmp = 1M|1048576|$ONE_PROCESS
		limit tmp = 64K|65536|$SPAWNS
	END
	policy
}
@test "/tmp is as large as limit tmp says, 16 MiB for who may need one" { each as_large_as_said; }

@test "start: the session begins there; a start that leads out is refused" {
	mkdir /srv/alice/in && ln -s /etc /srv/alice/out && ln -s in /srv/alice/link
	chown -h alice /srv/alice/*
	policy "start = /in"
	for gate in "$STAGE_GATE" "$GATE_WITHOUT_CAPS"; do
		try_gate "$ONE_PROCESS"
		assert_out_line "cwd /files/in"
		policy "start = /out"
		try_gate "$ONE_PROCESS"
		assert_refused 78
		policy "start = /missing"
		try_gate "$ONE_PROCESS"
		assert_refused 78
		policy "start = /in"
	done
	policy
}
