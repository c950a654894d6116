#!/usr/bin/env bats
# Goal: chroot and landlock hold a hostile program as SECURITY says, and no more is claimed than holds: what they cannot
# keep is tried as well, and pinned (I4 I5 I9). The namespace's turn is in view.bats.

load lib

ONE_PROCESS=internal-sftp          # RUNS_PLAIN, every verb
FORKS='rsync --server -e.L . x'    # RUNS_FORK
SPAWNS='git-upload-pack x'         # RUNS_SPAWN

setup_file() {
	e2e_setup
	stage_user bob "$STAGE_GATE"
	"${CC:-gcc}" -std=gnu17 -O1 -o "$STANDIN-dynamic" "$STAGE_CHECKOUT/tests/e2e/standin.c"
	LOADER=$(ldd "$STANDIN-dynamic" | grep -o '/[^ ]*/ld-linux[^ ]*')
	[ -n "$LOADER" ]
	export LOADER
}

setup() {
	find /srv -mindepth 1 -delete
	stage_docroot /srv/bob bob
	chmod 755 /srv/bob
	echo open >/srv/bob/open
	echo mine >/home/alice/mine
	chown alice /home/alice/mine
	chmod 755 /home/alice
}

policy() { # ISOLATION START [further lines]
	stage_policy <<-END
		[defaults]
		docroot = /srv/alice
		commands = sftp scp rsync git
		access = full
		program scp = $STANDIN
		program sftp = $STANDIN
		program rsync = $STANDIN
		program git = $STANDIN-dynamic
		[user alice]
		isolation = $1
		start = $2
		$3
	END
}

landlock() {
	policy landlock / "$1"
	stage_docroot /srv/alice alice
	DATA=/srv/alice
	uploads
}

# DATA is the account's own directory on the host; inside it is /alice.
chroot_() {
	policy chroot /alice "$1"
	"$STAGE_PREFIX/sbin/sallyport" docroot prepare >"$BATS_TEST_TMPDIR/prepared" || {
		cat "$BATS_TEST_TMPDIR/prepared"
		return 1
	}
	DATA=/srv/alice/alice
	uploads
}

uploads() {
	echo content >"$DATA/file"
	install -m 755 "$STANDIN" "$DATA/uploaded"
	install -m 755 "$STANDIN-dynamic" "$DATA/uploaded-dynamic"
	chown -R alice "$DATA"
}

both() {
	gate=$STAGE_GATE "$@" || return
	gate=$GATE_WITHOUT_CAPS "$@"
}

# ---- landlock ----

names_are_out_of_reach() {
	ln -sfn /srv/bob/open /srv/alice/soft
	attempts "read /srv/bob/open" "read /etc/hostname" "read /etc/shadow" "read /home/alice/mine" "write /home/alice/mine" \
		"read /proc/self/status" "list /" "list /home/alice" "list /etc" "list /srv" "list /dev" "read /srv/alice/soft" \
		"read ../bob/open" "create /tmp/x" "create /home/alice/x" "mkdir /home/alice/d" "unlink /home/alice/mine" \
		"truncate /home/alice/mine" "rename /srv/alice/file /home/alice/file" "link /srv/alice/file /home/alice/file" \
		"link /home/alice/mine /srv/alice/mine" "symlink x /home/alice/s" "mkfifo /home/alice/f" "create /dev/shm/x" \
		"read /run/sshd" "read $STAGE_POLICY"
	try_gate "$ONE_PROCESS"
	assert_ran || return
	local attempt
	while read -r attempt; do
		case $attempt in
		'rename '* | 'link '*) assert_attempt "$attempt" EACCES EXDEV || return ;;
		'truncate '*) assert_attempt "$attempt" "$(truncate_refused)" || return ;;
		*) assert_attempt "$attempt" EACCES || return ;;
		esac
	done <<<"${stdin%$'\n'}"
	[ -e /home/alice/mine ] && [ ! -e /home/alice/file ] && [ ! -e /srv/alice/mine ] || fail "a name has moved"
}
@test "landlock: nothing outside docroot and runtime can be opened, written, listed or made" {
	landlock
	both names_are_out_of_reach
}

# The other side of scp -f says yes to everything.
try_scp() { try bash -c 'printf "\0\0\0\0" | setpriv --reuid=alice --regid=alice --init-groups --inh-caps=-all -- \
	env -i SSH_CONNECTION="192.0.2.7 50000 192.0.2.1 22" "$0" -c "$1"' "$STAGE_GATE" "$1"; }

@test "landlock: a wildcard behind a link of the account's lists nothing outside the docroot" {
	stage_policy <<-END
		[user alice]
		docroot = /srv/alice
		isolation = landlock
		commands = scp rsync
		access = read-only
	END
	stage_docroot /srv/alice alice
	echo here >/srv/alice/opened
	ln -s /srv/bob /srv/alice/out
	for command in 'scp -f out/op*' 'scp -f o*/ope*'; do
		try_scp "$command"
		grep -aq 'ope\{0,1\}\*: No such file' "$out" || fail "the pattern stands for itself"
		refute_out 'out/open'
	done
	try_scp 'scp -f op*'
	assert_out 'C0644 5 opened'
}

@test "landlock: what the docroot's own name holds is no wildcard" {
	stage_policy <<-END
		[user alice]
		docroot = /srv/[ab]?
		isolation = landlock
		commands = scp
		access = read-only
	END
	stage_docroot '/srv/[ab]?' alice
	stage_docroot /srv/ax alice
	echo here >'/srv/[ab]?/opened'
	echo elsewhere >/srv/ax/other
	try_scp 'scp -f /*e*'
	assert_out 'C0644 5 opened'
	refute_out other
}

docroot_and_runtime_are_there() {
	attempts "read /srv/alice/file" "create /srv/alice/new" "list /srv/alice" "rename /srv/alice/new /srv/alice/newer" \
		"unlink /srv/alice/newer" "read /etc/passwd" "read /etc/group" "read /usr/bin/env" "write /dev/null" \
		"read /dev/urandom" "list /usr/lib" "write /etc/passwd" "create /usr/x"
	try_gate "$ONE_PROCESS"
	assert_out_line "cwd /srv/alice" || return
	assert_out_line "env HOME=/nonexistent" || return
	local attempt
	while read -r attempt; do
		case $attempt in
		'write /etc/passwd' | 'create /usr/x') assert_attempt "$attempt" EACCES || return ;;
		*) assert_attempt "$attempt" ok || return ;;
		esac
	done <<<"${stdin%$'\n'}"
}
@test "landlock: docroot and runtime are there, and the runtime is read-only" {
	landlock
	both docroot_and_runtime_are_there
}

@test "landlock: what it cannot keep, as SECURITY says: stat, and chmod and times of one's own files" {
	landlock
	attempts "stat /etc/shadow" "chmod /home/alice/mine" "utimes /home/alice/mine" "chdir /home/alice" \
		"mapexec /srv/alice/uploaded"
	try_gate "$ONE_PROCESS"
	for attempt in "stat /etc/shadow" "chmod /home/alice/mine" "utimes /home/alice/mine" "mapexec /srv/alice/uploaded"; do
		assert_attempt "$attempt" ok
	done
}

@test "landlock: without writing verbs nothing in the docroot can be written, mounted as it is" {
	landlock "access = read-only"
	attempts "read /srv/alice/file" "write /srv/alice/file" "create /srv/alice/new" "unlink /srv/alice/file" \
		"mkdir /srv/alice/d" "symlink x /srv/alice/s" "rename /srv/alice/file /srv/alice/g" "truncate /srv/alice/file"
	try_gate "$ONE_PROCESS"
	assert_attempt "read /srv/alice/file" ok
	for attempt in "write /srv/alice/file" "create /srv/alice/new" "unlink /srv/alice/file" "mkdir /srv/alice/d" \
		"symlink x /srv/alice/s" "rename /srv/alice/file /srv/alice/g"; do
		assert_attempt "$attempt" EACCES EXDEV
	done
	assert_attempt "truncate /srv/alice/file" "$(truncate_refused)"
}

@test "landlock: a docroot that holds the runtime or lies in it is refused" {
	local at
	landlock
	for at in /usr/local/games /usr /etc /dev /; do
		stage_policy <<-END
			[user alice]
			docroot = $at
			docroot-home = allow
			commands = sftp
			isolation = landlock
			program sftp = $STANDIN
		END
		try_gate "$ONE_PROCESS"
		assert_refused 78
		assert_not_run
	done
}

@test "landlock: only the package of /opt that a program lies in can be read" {
	mkdir -p /opt/package/bin /opt/other && install -m 755 "$STANDIN" /opt/package/bin/program
	echo x | tee /opt/package/data >/opt/other/data
	landlock "program scp = /opt/package/bin/program"
	attempts "read /opt/package/data" "read /opt/other/data" "create /opt/package/x"
	try_gate 'scp -t x'
	assert_attempt "read /opt/package/data" ok
	assert_attempt "read /opt/other/data" EACCES
	assert_attempt "create /opt/package/x" EACCES
	rm -r /opt/package /opt/other
}

@test "landlock: may-lack = landlock does not go with it, whatever the host has" {
	landlock "may-lack = landlock"
	try_gate "$ONE_PROCESS"
	assert_refused 78
}

@test "docroot = none goes with neither" {
	landlock "docroot = none"
	try_gate "$ONE_PROCESS"
	assert_refused 78
	policy chroot / "docroot = none"
	try_gate "$ONE_PROCESS"
	assert_refused 78
}

# ---- chroot ----

root_is_docroot() {
	ln -sfn /etc/hostname /srv/alice/alice/soft
	attempts "list /" "list /.." "list /etc" "list /dev" "stat /srv" "stat /home" "stat /proc" "stat /tmp" "read /etc/shadow" \
		"stat /root" "read /alice/soft" "chdir /.." "read /etc/hostname" "read /etc/ssh/sshd_config" "cat /etc/passwd"
	try_gate "$ONE_PROCESS"
	assert_ran || return
	for name in /srv /home /proc /tmp /root; do
		assert_attempt "stat $name" ENOENT || return
	done
	for name in /etc/shadow /alice/soft /etc/hostname /etc/ssh/sshd_config; do
		assert_attempt "read $name" ENOENT || return
	done
	# the device and inode of the root are the docroot's: its entries are
	assert_equal "$(sed -n '/^umask/,/^list \/: /s/^entry //p' "$out" | LC_ALL=C sort | tr '\n' ' ')" \
		"$(ls -A /srv/alice | LC_ALL=C sort | tr '\n' ' ')" || return
	assert_out "alice:x:$(id -u alice):" || return
	refute_out bob || return
	assert_out_line "cwd /alice"
}
@test "chroot: the root is the docroot, and nothing of the host is in it but what was prepared" {
	chroot_
	both root_is_docroot
}

only_data_is_written() {
	rm -f /srv/alice/alice/new
	attempts "create /x" "mkdir /x" "create /usr/x" "create /etc/x" "write /etc/passwd" "unlink /etc/passwd" "create /dev/x" \
		"rename /etc /gone" "unlink /dev/null" "write $STANDIN" "create /alice/new" "mkdev /alice/device" "chmod /etc/passwd"
	try_gate "$ONE_PROCESS"
	assert_ran || return
	local attempt
	while read -r attempt; do
		case $attempt in
		'create /alice/new') assert_attempt "$attempt" ok || return ;;
		*) assert_attempt "$attempt" EACCES EPERM || return ;;
		esac
	done <<<"${stdin%$'\n'}"
	assert_equal "$(stat -c %U /srv/alice/alice/new)" alice
}
@test "chroot: the account writes its own directory and nothing of the runtime" {
	chroot_
	both only_data_is_written
}

no_way_out() {
	attempts "chroot /" newuser
	try_gate "$ONE_PROCESS"
	assert_attempt "chroot /" EPERM || return
	assert_attempt newuser EPERM || return
	for call in "mount /" unshare; do
		attempts "$call"
		try_gate "$ONE_PROCESS"
		assert_status 159 || return
	done
}
@test "chroot: no second chroot, no namespace, no mount" {
	chroot_
	both no_way_out
}

refused_by_sshds_rule() { # WORDS
	try_gate "$ONE_PROCESS"
	assert_refused 78 || return
	assert_record "$(told_id)" "$1" || return
	assert_not_run
}
@test "chroot: sshd's rule for every directory on the way, in sshd's words" {
	local words='bad ownership or modes for chroot directory'
	chroot_
	chmod 775 /srv/alice
	refused_by_sshds_rule "$words \\\"/srv/alice\\\""
	chmod 755 /srv/alice && chown alice /srv/alice
	refused_by_sshds_rule "$words \\\"/srv/alice\\\""
	chown root /srv/alice && chmod 777 /srv
	refused_by_sshds_rule "$words component \\\"/srv/\\\""
	chmod 1777 /srv
	refused_by_sshds_rule "$words component \\\"/srv/\\\""
	chmod 755 /srv
	try_gate "$ONE_PROCESS"
	assert_ran
}

@test "chroot: a runtime directory of somebody else's, or a shadow, and no session begins" {
	chroot_
	chown alice /srv/alice/etc
	refused_by_sshds_rule "/srv/alice/etc"
	chown root /srv/alice/etc && chmod 775 /srv/alice/usr
	refused_by_sshds_rule "/srv/alice/usr"
	chmod 755 /srv/alice/usr && : >/srv/alice/etc/shadow
	try_gate "$ONE_PROCESS"
	assert_refused 71
	rm /srv/alice/etc/shadow
	try_gate "$ONE_PROCESS"
	assert_ran
}

@test "chroot: the host's own root is none" {
	chroot_
	stage_policy <<-END
		[user alice]
		docroot = /
		docroot-home = allow
		commands = sftp
		isolation = chroot
	END
	try_gate "$ONE_PROCESS"
	assert_refused 78
}

# ---- either ----

holds_nothing() {
	local command set
	for command in "$ONE_PROCESS" "$FORKS" "$SPAWNS"; do
		hold_gate "$command" || return
		cp "/proc/$pid/status" "$BATS_TEST_TMPDIR/status"
		release
		for set in CapInh CapPrm CapEff CapAmb; do
			grep -qx "$set:	0000000000000000" "$BATS_TEST_TMPDIR/status" ||
				fail "$(grep "^$set" "$BATS_TEST_TMPDIR/status")" || return
		done
		grep -qx 'NoNewPrivs:	1' "$BATS_TEST_TMPDIR/status" || fail "no_new_privs is not set" || return
		grep -qx 'Seccomp:	2' "$BATS_TEST_TMPDIR/status" || fail "no filter" || return
		# Without CAP_SETPCAP, that is in landlock without capabilities, the bounding set cannot be emptied.
		[ "${bounding:-empty}" = full ] || grep -qx 'CapBnd:	0000000000000000' "$BATS_TEST_TMPDIR/status" ||
			fail "the bounding set" || return
	done
}
@test "the kernel says: no capability in any set, no_new_privs, a filter (I5)" {
	chroot_
	both holds_nothing
	find /srv/alice -mindepth 1 -delete && rmdir /srv/alice
	landlock
	gate=$STAGE_GATE holds_nothing
	bounding=full gate=$GATE_WITHOUT_CAPS holds_nothing
}

inherits_nothing() {
	try stage_as alice env -i SSH_CONNECTION="192.0.2.7 1 192.0.2.1 22" "$LAUNCH" open=3:/etc/passwd \
		open=5:/ open=9:/srv open=200:/etc/passwd -- "$gate" -c "$ONE_PROCESS"
	assert_ran || return
	assert_equal "$(sed -n 's/^fd //p' "$out" | tr '\n' ' ')" "0 1 2 "
}
@test "no descriptor beside 0, 1 and 2: none leads out of the chroot, none past Landlock" {
	chroot_
	both inherits_nothing
	find /srv/alice -mindepth 1 -delete && rmdir /srv/alice
	landlock
	both inherits_nothing
}

nothing_else_runs() { # PLACE of the uploaded files
	local attempt
	for attempt in "exec /usr/bin/true" "exec $STANDIN" "exec $1/uploaded" "exec $LOADER $1/uploaded-dynamic"; do
		attempts "$attempt"
		try_gate "$FORKS"
		assert_ran || return
		assert_status 159 || return
	done
	attempts "exec /bin/sh" "exec $STANDIN" "exec $1/uploaded" "exec $1/uploaded-dynamic"
	try_gate "$SPAWNS"
	assert_ran || return
	for attempt in "exec $STANDIN" "exec $1/uploaded" "exec $1/uploaded-dynamic"; do
		assert_attempt "$attempt" EACCES || return
	done
	assert_attempt "exec /bin/sh" EACCES ENOENT
}
@test "exec: once; and for git, the program and its loader alone (I9)" {
	chroot_
	both nothing_else_runs /alice
	find /srv/alice -mindepth 1 -delete && rmdir /srv/alice
	landlock
	both nothing_else_runs /srv/alice
}

@test "start: a start that leads out is refused" {
	landlock
	ln -s /etc /srv/alice/out
	policy landlock /out
	try_gate "$ONE_PROCESS"
	assert_refused 78
	rm -r /srv/alice
	chroot_
	ln -s / /srv/alice/alice/out
	policy chroot /alice/out
	try_gate "$ONE_PROCESS"
	assert_refused 78
	policy chroot /missing
	try_gate "$ONE_PROCESS"
	assert_refused 78
}

# ---- a hostile start (I4) ----

starved() { # LAUNCH-OPTION: the session runs as it should, or ends with a reason; nothing in between
	try stage_as alice env -i SSH_CONNECTION="192.0.2.7 1 192.0.2.1 22" "$LAUNCH" "$1" -- "$gate" -c "$ONE_PROCESS"
	case $status in
	0) assert_ran || return
		assert_attempt "read $DATA_INSIDE/file" ok || return
		assert_attempt "read /etc/hostname" EACCES ENOENT ;;
	71 | 78) assert_not_run ;;
	*) fail "$1: another end" ;;
	esac
}
all_starved() {
	local limit
	for limit in nofile=3 nofile=4 nofile=5 nofile=6 nofile=8 nofile=12 as=3000000 nproc=1 stack=65536; do
		starved "$limit" || return
	done
}
@test "few descriptors, no memory, no processes: confined whole, or not at all" {
	attempts "read /alice/file" "read /etc/hostname"
	chroot_
	DATA_INSIDE=/alice
	both all_starved
	find /srv/alice -mindepth 1 -delete && rmdir /srv/alice
	attempts "read /srv/alice/file" "read /etc/hostname"
	landlock
	DATA_INSIDE=/srv/alice
	both all_starved
}

@test "no user namespace to be had: chroot is refused, landlock needs none" {
	chroot_
	try strace -f -o "$BATS_TEST_TMPDIR/trace" -e trace=unshare -e inject=unshare:error=EPERM setpriv --reuid=alice \
		--regid=alice --init-groups --inh-caps=-all -- env -i SSH_CONNECTION="192.0.2.7 1 192.0.2.1 22" \
		"$GATE_WITHOUT_CAPS" -c "$ONE_PROCESS"
	assert_refused 71
	find /srv/alice -mindepth 1 -delete && rmdir /srv/alice
	landlock
	try strace -f -o "$BATS_TEST_TMPDIR/trace" -e trace=unshare -e inject=unshare:error=EPERM setpriv --reuid=alice \
		--regid=alice --init-groups --inh-caps=-all -- env -i SSH_CONNECTION="192.0.2.7 1 192.0.2.1 22" \
		"$GATE_WITHOUT_CAPS" -c "$ONE_PROCESS"
	assert_ran
}

# ---- rules for directories ----

adds_beneath() { # PREFIX: where the data directory is for the program
	rm -rf "$DATA/in" && mkdir "$DATA/in" && chown alice "$DATA/in"
	rm -f "$DATA/new"
	attempts "read $1/file" "create $1/new" "create $1/in/new" "mkdir $1/d" "mkdir $1/in/d" "unlink $1/file" \
		"unlink $1/in/new"
	try_gate "$ONE_PROCESS"
	for attempt in "read $1/file" "create $1/new" "create $1/in/new" "mkdir $1/in/d"; do
		assert_attempt "$attempt" ok || return
	done
	for attempt in "mkdir $1/d" "unlink $1/file" "unlink $1/in/new"; do
		assert_attempt "$attempt" EACCES || return
	done
}
@test "access /DIR adds verbs beneath a directory, by Landlock; one that would take some away is a fault" {
	landlock "access = download list upload overwrite
access /in = mkdir"
	mkdir /srv/alice/in
	both adds_beneath /srv/alice
	policy landlock / "access /in = read-only"
	try_gate "$ONE_PROCESS"
	assert_refused 78
	rm -r /srv/alice
	chroot_ "access = download list upload overwrite
access /alice/in = mkdir"
	both adds_beneath /alice
	policy chroot /alice "access /alice/in = read-only"
	try_gate "$ONE_PROCESS"
	assert_refused 78
}

# ---- what check says beforehand ----

says_what_happens() { # ISOLATION ROOT: argv and environment as the stand-in gets them
	local command
	for command in internal-sftp 'scp -t /in/x' 'rsync --server -logDtpre.iLsfxCIvu . /in' "git-upload-pack '/r.git'"; do
		"$STAGE_TOOL" check -C user=alice "$command" >"$BATS_TEST_TMPDIR/check" || return
		attempts
		try_gate "$command"
		assert_ran || return
		"$STAGE_TOOL" check --json -C user=alice "$command" |
			perl -MJSON::PP -e 'local $/; print "$_\n" for @{decode_json(<STDIN>)->{argv}}' >"$BATS_TEST_TMPDIR/argv"
		sed -n 's/^argv //p' "$out" | diff "$BATS_TEST_TMPDIR/argv" - || fail "another argv" || return
		grep -q "^  view      $1; docroot at $2, start " "$BATS_TEST_TMPDIR/check" || fail "the view" || return
		"$STAGE_TOOL" check --json -C user=alice "$command" |
			perl -MJSON::PP -e 'local $/; my $j = decode_json(<STDIN>);
				exit !($j->{isolation} eq $ARGV[0] && @{$j->{limits}} >= 1)' "$1" || fail "the JSON" || return
	done
	assert_out_line "env HOME=/nonexistent"
}
@test "sallyport check shows the same argv, the isolation and its limits" {
	chroot_
	says_what_happens chroot /
	find /srv/alice -mindepth 1 -delete && rmdir /srv/alice
	landlock
	says_what_happens landlock /srv/alice
}
