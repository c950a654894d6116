#!/usr/bin/env bats
# Goal: `access /DIR` gives what it says beneath DIR and nothing around it: with real clients, and against a hostile
# program in their place, with file capabilities and in a user namespace. A directory that the account could swap is
# refused, not trusted.

load lib

setup_file() {
	e2e_setup
	stage_sshd </dev/null
}

D=/srv/alice

# The docroot and the directories that rules name are root's; what lies in them is the account's.
setup() {
	rm -rf $D
	mkdir -p $D/in/sub $D/out $D/rest $D/full/archive
	echo one >$D/out/file
	echo two >$D/rest/file
	echo three >$D/in/old
	echo four >$D/full/archive/kept
	echo five >$D/full/file
	chown -R alice:alice $D/in $D/out $D/rest $D/full/archive $D/full/file
	chmod 1777 $D $D/full
	cd "$BATS_TEST_TMPDIR"
	echo new >new
}

# rules LINE…: alice's section.
rules() {
	{
		printf '[user alice]\ndocroot = /srv/alice\ncommands = sftp scp rsync\n'
		printf '%s\n' "$@"
	} | stage_policy
}

exchange=('access = list' 'access /out = download' 'access /in = upload overwrite mkdir')

sftp_does() { stdin="$1" try stage_sftp alice; [ "$status" = 0 ] || fail "sftp should do: $1"; }
sftp_refuses() { stdin="$1" try stage_sftp alice; [ "$status" != 0 ] || fail "sftp should refuse: $1"; }

@test "out is read, in is written, and neither can be done elsewhere: sftp" {
	rules "${exchange[@]}"
	sftp_does $'ls\nget /files/out/file got\nput new /files/in/x\nmkdir /files/in/dir\nput new /files/in/old'
	assert_same $D/out/file got
	assert_same new $D/in/x
	assert_same new $D/in/old
	for line in 'get /files/rest/file' 'get /files/in/x' 'put new /files/x' 'put new /files/out/x' 'mkdir /files/out/x' \
		'put new /files/rest/file' 'chmod 777 /files/rest/file' 'chmod 777 /files/out/file' 'rm /files/in/x' \
		'rename /files/in/x /files/in/y' 'rename /files/in/x /files/out/y' 'ln -s /files/rest/file /files/out/x'; do
		sftp_refuses "$line"
	done
	assert_equal "$(cat $D/rest/file $D/out/file)" "$(printf 'two\none')"
	assert_missing $D/out/x
}

@test "a link made in one place is no way to another" {
	rules "${exchange[@]}"
	sftp_does 'ln -s /files/rest/file /files/in/link'
	sftp_refuses 'put new /files/in/link'
	sftp_refuses 'get /files/in/link'
	sftp_refuses 'chmod 777 /files/in/link'
	assert_equal "$(cat $D/rest/file)" two
	assert_equal "$(stat -c %a $D/rest/file)" 644
}

@test "scp: each operand counts where it lies, however it is spelt" {
	rules "${exchange[@]}"
	for good in out/file /out/file ./out/../out/file; do
		try stage_scp -O "alice@stage:$good" got
		assert_status 0
		assert_same $D/out/file got
	done
	for good in in/ /in/y in/sub/../z; do
		try stage_scp -O new "alice@stage:$good"
		assert_status 0
	done
	assert_same new $D/in/z
	for bad in rest/file out/../rest/file /in/z in; do
		try stage_scp -O "alice@stage:$bad" nothing
		[ "$status" != 0 ] || fail "download of $bad"
	done
	try stage_ssh alice 'scp -f out/file rest/file'
	assert_refused 77
	assert_err 'access'
	for bad in . out/ inx in/../x; do
		try stage_scp -O new "alice@stage:$bad"
		[ "$status" != 0 ] || fail "upload to $bad"
	done
	assert_missing nothing
	assert_missing $D/x
	assert_missing $D/new
	assert_missing $D/out/new
}

@test "rsync: a download from out; with -s the kernel alone decides" {
	rules "${exchange[@]}"
	try stage_rsync -a alice@stage:out/ got/
	assert_status 0
	assert_same $D/out/file got/file
	try stage_rsync -a alice@stage:rest/ bad/
	[ "$status" != 0 ]
	try stage_rsync -s -a alice@stage:rest/ bad/
	[ "$status" != 0 ] || fail "a secluded path"
	try stage_rsync -s -a alice@stage:out/ again/
	assert_status 0
	[ ! -s bad/file ]
}

@test "a wildcard behind a link names nothing where the program could not list" {
	rules 'access = download' 'access /in = list'
	ln -s ../rest $D/in/link
	ln -s . $D/in/here
	for pattern in 'in/link/f*' 'in/l*k/fil?'; do
		try stage_scp -O "alice@stage:$pattern" got
		[ "$status" != 0 ] || fail "$pattern"
		assert_err 'No such file'
		try stage_rsync --old-args "alice@stage:$pattern" got
		[ "$status" != 0 ] || fail "$pattern"
	done
	assert_missing got
	try stage_ssh alice 'scp -f rest/f*'
	assert_refused 77
	# and where it could, links lead on
	try stage_scp -O 'alice@stage:in/here/ol*' got
	assert_status 0
	assert_same $D/in/old got
}

@test "read-only beneath a directory of a full docroot" {
	rules 'access = full' 'access /full/archive = read-only'
	chmod 755 $D $D/full
	sftp_does $'put new /files/rest/new\nrm /files/rest/new\nget /files/full/archive/kept got'
	for line in 'put new /files/full/archive/kept' 'put new /files/full/archive/x' 'rm /files/full/archive/kept' \
		'chmod 777 /files/full/archive/kept' 'rename /files/full/archive /files/full/x' \
		'rename /files/full/archive/kept /files/rest/x' 'mkdir /files/full/archive/x' \
		'ln /files/full/archive/kept /files/rest/x'; do
		sftp_refuses "$line"
	done
	# the command is granted for its operand's sake, and the mount stands in its way
	try stage_rsync -a new alice@stage:full/archive/
	[ "$status" != 0 ]
	try stage_rsync -a --delete ./ alice@stage:rest/
	assert_status 0
	assert_equal "$(find $D/full/archive | sort | tr '\n' ' ')" "$D/full/archive $D/full/archive/kept "
	assert_equal "$(cat $D/full/archive/kept)" four
}

@test "what the account could rename, no rule is upheld for" {
	for own in $D $D/full; do
		setup
		chmod 755 $D $D/full
		chown alice $own
		rules 'access = full' 'access /full/archive = read-only'
		try stage_ssh alice 'scp -f full/archive/kept'
		assert_refused 78
		assert_err 'could rename a directory'
	done
	# its own, and not writable: a mode that it can change
	setup
	chmod 755 $D $D/full
	chown alice $D/full && chmod 555 $D/full
	rules 'access = full' 'access /full/archive = read-only'
	try stage_ssh alice 'scp -f full/archive/kept'
	assert_refused 78
	assert_err 'could rename a directory'
	# writable by its mode alone
	setup
	chmod 755 $D
	rules 'access = full' 'access /full/archive = read-only'
	try stage_ssh alice 'scp -f full/archive/kept'
	assert_refused 78
	# without the right to rename it does not matter whose they are
	chown -R alice $D
	rules 'access = upload overwrite' 'access /full/archive = read-only'
	try stage_scp -O alice@stage:full/archive/kept got
	assert_status 0
}

@test "a directory that is missing, a file, or reached by a link" {
	rules 'access = list' 'access /absent = upload overwrite mkdir'
	try stage_ssh alice 'scp -t absent'
	assert_refused 78
	assert_err 'missing'
	rules 'access = list' 'access /rest/file = upload overwrite mkdir'
	try stage_ssh alice 'scp -t x'
	assert_refused 78
	ln -s rest $D/link
	mkdir $D/rest/real
	for link in /link /link/real; do
		rules 'access = list' "access $link = upload overwrite mkdir"
		try stage_ssh alice 'scp -t x'
		assert_refused 78
		assert_err 'link'
	done
}

@test "a hostile program has in each place what the rules say, and no more" {
	local gate line
	for gate in "$STAGE_GATE" "$GATE_WITHOUT_CAPS"; do
		setup
		rules "${exchange[@]}" "program sftp = $STANDIN"
		attempts 'read /files/out/file' 'list /files/rest' 'create /files/in/x' 'write /files/in/x' 'mkdir /files/in/d' \
			'symlink /files/rest/file /files/in/l' 'rename /files/in/x /files/rest/x' 'rename /files/in/x /files/in/y' \
			'read /files/rest/file' 'read /files/in/old' 'read /files/in/l' 'write /files/in/l' 'write /files/rest/file' \
			'truncate /files/rest/file' 'chmod /files/rest/file' 'utimes /files/rest/file' 'setxattr /files/rest/file' \
			'create /files/rest/x' 'create /files/out/x' 'write /files/out/file' 'chmod /files/out/file' \
			'unlink /files/in/old' 'rmdir /files/in/sub' 'link /files/rest/file /files/in/h' 'mkdir /files/rest/d' \
			'rename /files/in /files/inn' 'rename /files/out /files/x' 'exchange /files/in /files/rest'
		try_gate internal-sftp
		assert_ran
		for line in 'read /files/out/file' 'list /files/rest' 'create /files/in/x' 'write /files/in/x' \
			'mkdir /files/in/d' 'symlink /files/rest/file /files/in/l'; do
			assert_attempt "$line" ok
		done
		assert_equal "$(grep -c ': ok$' "$out")" 6 "attempts that worked" || grep ': ok$' "$out"
		assert_equal "$(cat $D/rest/file $D/out/file $D/in/old)" "$(printf 'two\none\nthree')"

		setup
		chmod 755 $D $D/full
		rules 'access = full' 'access /full/archive = read-only' "program sftp = $STANDIN"
		attempts 'read /files/full/archive/kept' 'write /files/rest/file' 'write /files/full/archive/kept' \
			'unlink /files/full/archive/kept' 'create /files/full/archive/x' 'chmod /files/full/archive/kept' \
			'chmod /files/full/archive' 'utimes /files/full/archive/kept' 'rename /files/full/archive /files/full/x' \
			'link /files/full/archive/kept /files/rest/h' 'rename /files/full /files/x' 'truncate /files/full/archive/kept' \
			'exchange /files/full/archive /files/rest' 'setxattr /files/full/archive/kept'
		try_gate internal-sftp
		assert_ran
		assert_attempt 'read /files/full/archive/kept' ok
		assert_attempt 'write /files/rest/file' ok
		assert_equal "$(grep -c ': ok$' "$out")" 2 "attempts that worked" || grep ': ok$' "$out"
		assert_equal "$(cat $D/full/archive/kept)" four
	done
}

# between ISOLATION GATE: one who may rename has directories that are read, and others where only something is put.
between() {
	local isolation=$1 gate=$2 at=$D further=
	setup
	case $isolation in
	namespace) at=/files ;;
	chroot) at='' further='start = /full' ;;
	esac
	chmod 755 $D
	chown alice $D/full
	rules "isolation = $isolation" "program sftp = $STANDIN" "$further" 'access = upload overwrite list mkdir delete rename' \
		'access /out = download' 'access /full = download'
	[ $isolation != chroot ] || "$STAGE_TOOL" docroot prepare >/dev/null
	attempts "read $at/in/old" "rename $at/in/old $at/full/x" "link $at/in/old $at/full/h" \
		"exchange $at/in/old $at/full/file" "exchange $at/full/file $at/in/old" "rename $at/in/sub $at/full/sub" \
		"rename $at/rest/file $at/full/y" "rename $at/in/old $at/out/file" "rename $at/in $at/inn" \
		"exchange $at/in $at/full" "rename $at/in/old $at/in/new" "read $at/in/new" \
		"rename $at/full/file $at/in/from-full" "read $at/in/from-full"
	gate=$gate try_gate internal-sftp
	assert_ran || return
	# in its own place, and to where nothing is gained: what could be read cannot any more
	assert_attempt "rename $at/in/old $at/in/new" ok || return
	assert_attempt "rename $at/full/file $at/in/from-full" ok || return
	assert_equal "$(grep -c ': ok$' "$out")" 2 "attempts that worked" || { grep ': ok$' "$out"; return 1; }
	assert_equal "$(cat $D/in/new $D/out/file $D/rest/file $D/in/from-full)" "$(printf 'three\none\ntwo\nfive')"
}
@test "nothing is moved or linked to where more may be done with it: in each isolation" {
	local isolation gate
	for isolation in namespace chroot landlock; do
		for gate in "$STAGE_GATE" "$GATE_WITHOUT_CAPS"; do
			between $isolation "$gate" || fail "$isolation, $gate" || return
		done
	done
}

the_mounts() {
	setup
	chmod 755 $D $D/full
	mkdir -p $D/full/archive/deep
	mount -n -t tmpfs -o exec,suid,dev deep $D/full/archive/deep
	rules 'access = full' 'access /full/archive = read-only' "program sftp = $STANDIN"
	hold_gate internal-sftp || return
	local place=/files/full/archive options
	for at in $place $place/deep; do
		options=$(awk -v at=$at '$5 == at { print $6 }' "/proc/$pid/mountinfo")
		for option in ro nosuid nodev noexec; do
			case ,$options, in *,$option,*) ;; *) fail "$at is $options" || return ;; esac
		done
	done
	! grep ' shared:\| master:' "/proc/$pid/mountinfo" || fail "a mount that propagates" || return
	release
}
@test "the mounts of rules are as restricted as the docroot's, and what is mounted beneath them as well" {
	local rc=0 gate
	mount -n --make-rshared /
	for gate in "$STAGE_GATE" "$GATE_WITHOUT_CAPS"; do
		the_mounts || rc=$?
		umount -n $D/full/archive/deep || true
	done
	mount -n --make-rprivate /
	return $rc
}

@test "check tells each place with its verbs and what holds the others" {
	rules "${exchange[@]}"
	try "$STAGE_TOOL" check -C user=alice internal-sftp
	assert_status 0
	assert_out 'beneath   /in: upload overwrite list mkdir'
	assert_out 'beneath   /out: download list'
	try "$STAGE_TOOL" check -C user=alice 'scp -t out/x'
	assert_status 77
	assert_out 'lacks     upload overwrite'
	# what nothing could hold away from the docroot at large is not granted for one directory
	rules 'access = upload mkdir' 'access /in = full'
	try "$STAGE_TOOL" check -C user=alice internal-sftp
	assert_status 77
	assert_out 'lacks     overwrite'
	try stage_ssh alice internal-sftp
	assert_refused 77
}
