#!/usr/bin/env bats
# Goal: an older Landlock confines as far as it can and says so; none at all ends the session (I4). This kernel's answer
# to "which ABI" is injected by strace, as is its refusal: the gate has no hook for it. What the newer kernel adds by
# itself beyond the rights that were asked for is not taken away by that; ABI 2 and 6 are run for real in the lab (HACKING).

load lib

setup_file() {
	e2e_setup
	stage_user bob "$STAGE_GATE"
	KERNEL_ABI=$(landlock_abi)
	export KERNEL_ABI
}

# abi_at_most N: or what this kernel has. It can be made to look older, not newer.
abi_at_most() { echo $((KERNEL_ABI < $1 ? KERNEL_ABI : $1)); }
older() { seq "$(abi_at_most 6)"; }

setup() {
	find /srv -mindepth 1 -delete
	stage_docroot /srv/alice alice
	stage_docroot /srv/bob bob
	chmod 755 /srv/bob /home/alice
	echo open >/srv/bob/open
	echo content >/srv/alice/file
	echo mine >/home/alice/mine
	chown alice /srv/alice/file /home/alice/mine
}

policy() { # ISOLATION [further lines [ACCESS]]
	stage_policy <<-END
		[user alice]
		docroot = /srv/alice
		commands = sftp git
		access = ${3:-full}
		program sftp = $STANDIN
		program git = $STANDIN
		isolation = $1
		$2
	END
}

# with_abi N: as alice, by root, who may trace. The first call asks, the second makes the ruleset.
with_abi() {
	injected landlock_create_ruleset:retval="$1":when=1
}

injected() { # FAULT [COMMAND]
	try strace -f -o "$BATS_TEST_TMPDIR/trace" -e trace=landlock_create_ruleset,landlock_restrict_self,seccomp,chroot,fchdir \
		-e inject="$1" setpriv --reuid=alice --regid=alice --init-groups --inh-caps=-all -- \
		env -i SSH_CONNECTION="192.0.2.7 1 192.0.2.1 22" "$STAGE_GATE" -c "${2:-internal-sftp}"
}

@test "landlock by each older ABI: the rest of the file system stays out of reach" {
	local abi attempt
	policy landlock
	for abi in $(older); do
		attempts "read /srv/bob/open" "read /etc/hostname" "write /home/alice/mine" "truncate /home/alice/mine" \
			"trunc-open /home/alice/mine" "read-trunc /home/alice/mine" "list /" "unlink /home/alice/mine" \
			"rename /srv/alice/file /home/alice/file" "read /srv/alice/file" "create /srv/alice/new$abi" "inet" "killparent"
		with_abi $abi
		assert_ran
		for attempt in "read /srv/bob/open" "read /etc/hostname" "write /home/alice/mine" "trunc-open /home/alice/mine" \
			"read-trunc /home/alice/mine" "list /" "unlink /home/alice/mine"; do
			assert_attempt "$attempt" EACCES
		done
		# from ABI 3 on by Landlock, before it by a filter of its own
		assert_attempt "truncate /home/alice/mine" "$([ $abi -lt 3 ] && echo EPERM || echo EACCES)"
		assert_attempt "rename /srv/alice/file /home/alice/file" EXDEV EACCES
		assert_attempt "inet" EPERM
		assert_attempt "killparent" EPERM
		assert_attempt "read /srv/alice/file" ok
		assert_attempt "create /srv/alice/new$abi" ok
		assert_equal "$(cat /home/alice/mine)" mine
		last_record | grep -q " landlock=$abi\( \|$\)" || fail "the record says another ABI"
	done
}

@test "the ruleset that is asked for is as long as that ABI knows, and has no right beyond it" {
	local abi
	policy landlock
	stdin=
	for abi in $(older); do
		with_abi $abi
		grep 'landlock_create_ruleset({' "$BATS_TEST_TMPDIR/trace" >"$BATS_TEST_TMPDIR/asked"
		grep -q . "$BATS_TEST_TMPDIR/asked" || fail "no ruleset"
		case $abi in
		1) ! grep -q 'REFER\|TRUNCATE\|IOCTL_DEV' "$BATS_TEST_TMPDIR/asked" || fail "ABI 1" ;;
		2) ! grep -q 'TRUNCATE\|IOCTL_DEV' "$BATS_TEST_TMPDIR/asked" || fail "ABI 2" ;;
		3 | 4) ! grep -q 'IOCTL_DEV' "$BATS_TEST_TMPDIR/asked" || fail "ABI $abi" ;;
		esac
		case $abi in
		1 | 2 | 3) grep -q '}, 8, ' "$BATS_TEST_TMPDIR/asked" ;;
		4 | 5) grep -q '}, 16, ' "$BATS_TEST_TMPDIR/asked" ;;
		6) grep -q '}, 24, ' "$BATS_TEST_TMPDIR/asked" ;;
		esac || fail "another length for ABI $abi: $(cat "$BATS_TEST_TMPDIR/asked")"
	done
}

@test "a filter more before ABI 3, among the real names alone" {
	stdin=
	policy landlock
	with_abi "$(abi_at_most 2)"
	assert_equal "$(grep -c 'seccomp(SECCOMP_SET_MODE_FILTER' "$BATS_TEST_TMPDIR/trace")" 2 filters
	if [ "$KERNEL_ABI" -ge 3 ]; then
		with_abi 3
		assert_equal "$(grep -c 'seccomp(SECCOMP_SET_MODE_FILTER' "$BATS_TEST_TMPDIR/trace")" 1 filters
	fi
	policy namespace
	with_abi "$(abi_at_most 2)"
	assert_equal "$(grep -c 'seccomp(SECCOMP_SET_MODE_FILTER' "$BATS_TEST_TMPDIR/trace")" 1 filters
}

@test "namespace and chroot by each older ABI: sessions run, and probe" {
	local abi
	policy chroot "start = /alice"
	find /srv/alice -mindepth 1 -delete && chown root:alice /srv/alice
	"$STAGE_PREFIX/sbin/sallyport" docroot prepare >/dev/null || true # git, a stand-in, is left out of nothing
	attempts "create /alice/x" "unlink /alice/x" "mkdev /alice/d" "exec $STANDIN"
	for abi in $(older); do
		with_abi $abi
		assert_ran
		assert_attempt "create /alice/x" ok
		assert_attempt "mkdev /alice/d" EACCES
	done
	rm -r /srv/alice && stage_docroot /srv/alice alice
	policy namespace
	attempts "create /files/x" "unlink /files/x" "mkfifo /tmp/f"
	for abi in $(older); do
		with_abi $abi
		assert_ran
		assert_attempt "create /files/x" ok
		assert_attempt "mkfifo /tmp/f" EACCES
	done
}

@test "namespace without /tmp, by each older ABI: sessions run, and before ABI 5 the root is not listed" {
	local abi access
	for access in full read-only "upload overwrite"; do
		policy namespace "limit tmp = 0" "$access"
		attempts "create /tmp/x" "list /files" "list /usr" "list /"
		for abi in 1 2 3 4 5 6; do
			with_abi $abi
			assert_ran
			assert_attempt "create /tmp/x" EROFS EACCES
			[ "${access#upload}" != "$access" ] || assert_attempt "list /files" ok
			[ "${access#upload}" != "$access" ] || assert_attempt "list /usr" ok
			if [ $abi -lt 5 ] || [ "${access#upload}" != "$access" ]; then assert_attempt "list /" EACCES; else assert_attempt "list /" ok; fi
		done
	done
}

@test "no Landlock: isolation = landlock is refused, always; the others unless the policy says may-lack" {
	stdin=
	policy landlock
	injected landlock_create_ruleset:error=ENOSYS
	assert_refused 71
	assert_not_run
	policy landlock "may-lack = landlock"
	injected landlock_create_ruleset:error=ENOSYS
	assert_refused 78
	policy namespace
	injected landlock_create_ruleset:error=EOPNOTSUPP
	assert_refused 71
	policy namespace "may-lack = landlock"
	injected landlock_create_ruleset:error=ENOSYS
	assert_ran
	injected landlock_create_ruleset:error=ENOSYS "git-upload-pack x"
	assert_refused 71
}

old_and_idle() { # ABI: a Landlock that does nothing is found out by what that ABI knows
	try strace -f -o "$BATS_TEST_TMPDIR/trace" -e inject=landlock_create_ruleset:retval="$(abi_at_most "$1")":when=1 \
		-e inject=landlock_restrict_self:retval=0 setpriv --reuid=alice --regid=alice --init-groups --inh-caps=-all -- \
		env -i SSH_CONNECTION="192.0.2.7 1 192.0.2.1 22" "$STAGE_GATE" -c internal-sftp
	assert_refused 71 && assert_err 'Landlock is not in force'
}

@test "a Landlock that says yes and does nothing is found out (I5)" {
	local isolation
	stdin=
	for isolation in landlock namespace; do
		policy $isolation
		injected landlock_restrict_self:retval=0
		assert_refused 71
		assert_err 'Landlock is not in force'
		assert_not_run
	done
	local access
	for access in full read-only; do
		policy namespace "limit tmp = 0" "$access"
		injected landlock_restrict_self:retval=0
		assert_refused 71
		assert_err 'Landlock is not in force'
		old_and_idle 4
		old_and_idle 1
	done
	policy chroot "start = /alice"
	find /srv/alice -mindepth 1 -delete && chown root:alice /srv/alice
	"$STAGE_PREFIX/sbin/sallyport" docroot prepare >/dev/null || true
	injected landlock_restrict_self:retval=0
	assert_refused 71
	assert_err 'Landlock is not in force'
	# before ABI 5 a device that cannot be made says it, where the account may write
	old_and_idle 4
}

@test "a chroot, or a change of directory, that fails or only says that it worked (I4 I5)" {
	stdin=
	policy chroot "start = /alice"
	find /srv/alice -mindepth 1 -delete && chown root:alice /srv/alice
	"$STAGE_PREFIX/sbin/sallyport" docroot prepare >/dev/null || true
	injected chroot:error=EPERM:when=1
	assert_refused 71
	injected chroot:retval=0:when=1
	assert_refused 71
	assert_err 'the root is not the docroot'
	injected fchdir:error=EACCES:when=1
	assert_refused 71
	policy landlock
	rm -r /srv/alice && stage_docroot /srv/alice alice
	injected fchdir:retval=0:when=1
	assert_refused 71
	assert_err 'the current directory is not the docroot'
}
