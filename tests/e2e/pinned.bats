#!/usr/bin/env bats
# Goal: a view that root pinned serves every session and belongs to none: real clients, sessions side by side, what makes it
# stale, what makes it foul, and sessions that outlive it. What a session is confined by is in view, escape and trace.bats.

load lib
load isolation

PIN=/run/sallyport/view

setup_file() {
	e2e_setup
	stage_user bob "$STAGE_GATE"
	stage_sshd </dev/null
	cp -a /etc/ld.so.cache "$STAGE_OWN/ld.so.cache"
}

setup() {
	find /srv -mindepth 1 -delete
	stage_docroot /srv/alice alice
	stage_docroot /srv/bob bob
	standins
	"$STAGE_TOOL" view pin >/dev/null
}

teardown() {
	umount -n /usr/local/share 2>/dev/null || true
	"$STAGE_TOOL" view unpin || true
	rm -rf /run/sallyport
}

standins() { # further lines for alice
	stage_policy <<-END
		[defaults]
		docroot = /srv/%u
		commands = sftp scp
		access = full
		program sftp = $STANDIN
		program scp = $STANDIN
		[user bob]
		[user alice]
		$1
	END
}

view() { try "$STAGE_TOOL" view "$@"; }

# assert_view WORD: of the last session, by its record.
assert_view() {
	last_record | grep -q " isolation=namespace view=$1 " || fail "view=$1 expected in: $(last_record)"
}

session() { # ATTEMPT…: one of alice's
	attempts "$@"
	try_gate internal-sftp
	stdin=
}

assert_works() { # VIEW
	session "read /etc/passwd"
	assert_ran || return
	assert_attempt "read /etc/passwd" ok || return
	assert_view "$1"
}

# assert_foul TEXT: refused, and the log says why.
assert_foul() {
	session
	assert_refused 71 || return
	assert_err "pinned view: $1" || return
	last_record | grep -q 'verdict=error .*reason="pinned view: ' || fail "the record"
}

pin_file() { echo "$PIN/$(readlink $PIN/current)"; }

@test "sftp, scp, rsync and git; the record says that the view was pinned" {
	policy namespace
	transfers /srv/alice
	stage_log | grep -c ' verdict=allow .* view=pinned ' >"$BATS_TEST_TMPDIR/pinned"
	[ "$(cat "$BATS_TEST_TMPDIR/pinned")" -ge 8 ] || fail "only $(cat "$BATS_TEST_TMPDIR/pinned") sessions had it"
	! stage_log | grep ' verdict=allow .* view=\(built\|stale\) ' || fail "a session built its own"
}

@test "the same without a /tmp; a client that puts something there is told so" {
	policy namespace "limit tmp = 0"
	transfers /srv/alice
	printf -v stdin '%s\n' "put $BATS_TEST_TMPDIR/tree/one /tmp/one"
	try stage_sftp alice
	stdin=
	assert_status 1
	grep -qi 'failure\|permission denied\|read-only' "$err" "$out" || fail "no reason"
	assert_missing /tmp/one
	try stage_scp -O "$BATS_TEST_TMPDIR/tree/one" alice@stage:/tmp/one
	assert_status 1
	assert_view pinned
}

@test "what is pinned has the runtime, read-only, and no other mount of the host" {
	nsenter --mount="$(pin_file)" /usr/bin/sleep 30 3>&- &
	local sleeper=$!
	for ((i = 0; i < 100; i++)); do grep -q sleep "/proc/$sleeper/comm" && break; sleep 0.02; done
	cut -d' ' -f5,6 "/proc/$sleeper/mountinfo" >"$BATS_TEST_TMPDIR/mounts"
	kill $sleeper
	! grep -v '^\(/\|/dev/null\|/dev/urandom\|/etc/ld.so.cache\|/\(usr\|lib\|lib64\|lib32\|libx32\|bin\|sbin\)\(/[^ ]*\)\?\) ro,nosuid' \
		"$BATS_TEST_TMPDIR/mounts" || fail "a mount too many, or one that can be written to"
	grep -q '^/usr ro,nosuid,nodev' "$BATS_TEST_TMPDIR/mounts" || fail "no /usr"
	grep -q '^/ ro,nosuid,nodev,noexec' "$BATS_TEST_TMPDIR/mounts" || fail "the root"
}

@test "where / is shared, as systemd has it: nothing that is pinned, and nothing of a session, lands anywhere else" {
	"$STAGE_TOOL" view unpin
	mount -n --make-rshared /
	local rc=0
	unshare --mount --propagation unchanged sleep 30 3>&- &
	local peer=$!
	for ((i = 0; i < 100; i++)); do grep -q sleep "/proc/$peer/comm" && break; sleep 0.02; done
	{
		view pin && assert_status 0 && assert_works pinned &&
			! grep nsfs "/proc/$peer/mountinfo" && hold_gate internal-sftp &&
			! grep '/session\|/files' "/proc/$peer/mountinfo" /proc/self/mountinfo && release &&
			view unpin && assert_status 0 && ! grep "$PIN" "/proc/$peer/mountinfo" /proc/self/mountinfo
	} || rc=1
	kill $peer
	mount -n --make-rprivate /
	[ $rc = 0 ] || fail "propagated"
}

@test "two sessions at once see neither each other's docroot, nor /tmp, nor passwd, and share no namespace" {
	echo bobs >/srv/bob/secret && chown bob /srv/bob/secret
	standins "limit tmp = 1M"
	attempts "create /tmp/mine" "create /files/mine"
	hold_gate internal-sftp
	printf '%s' "$stdin" >&8
	for ((i = 0; i < 100; i++)); do [ -e /srv/alice/mine ] && break; sleep 0.02; done
	assert_exists /srv/alice/mine
	attempts "list /tmp" "list /files" "cat /etc/passwd" "cat /etc/group" "list /session"
	try stage_as bob env -i SSH_CONNECTION="192.0.2.7 1 192.0.2.1 22" "$STAGE_GATE" -c internal-sftp
	stdin=
	assert_view pinned
	assert_ran
	grep '^entry ' "$out" | sort | tr '\n' ' ' >"$BATS_TEST_TMPDIR/entries"
	assert_equal "$(cat "$BATS_TEST_TMPDIR/entries")" "entry group entry passwd entry secret " entries
	assert_out "content bob:x:$(id -u bob):"
	refute_out alice
	# alice once more, beside herself: the docroot is the same one, /tmp is not
	local first
	first=$(readlink "/proc/$pid/ns/mnt")
	attempts "list /tmp" "list /files"
	try_gate internal-sftp
	stdin=
	assert_equal "$(grep -c '^entry mine' "$out")" 1 "the docroot's file, not /tmp's"
	[ "$first" != "$(stat -L -c 'mnt:[%i]' "$(pin_file)")" ] || fail "the session is in the pinned namespace itself"
	release
	nsenter --mount="$(pin_file)" /usr/bin/find /files /session /tmp /home /state -not -path '/session/[0-9]*' \
		>"$BATS_TEST_TMPDIR/left"
	assert_equal "$(sort "$BATS_TEST_TMPDIR/left" | tr '\n' ' ')" "/files /home /session /session/name /state /tmp " \
		"what a session left in it"
}

@test "a session holds no descriptor of it, and its mounts are its own: nothing of the host's is among them" {
	hold_gate internal-sftp
	assert_equal "$(find "/proc/$pid/fd" -type l -printf '%f\n' | sort | tr '\n' ' ')" "0 1 2 "
	cut -d' ' -f5 "/proc/$pid/mountinfo" | LC_ALL=C sort | tr '\n' ' ' >"$BATS_TEST_TMPDIR/points"
	! grep -qw 'proc\|sys\|run\|srv\|opt\|home' "$BATS_TEST_TMPDIR/points" || fail "$(cat "$BATS_TEST_TMPDIR/points")"
	! grep -q 'nsfs\|shared:\|master:' "/proc/$pid/mountinfo" || fail "not private"
	release
}

@test "stale: ld.so.cache or localtime replaced; the view is built, check and doctor say it, --if-stale mends it" {
	view pin --if-stale
	assert_out "fresh: "
	local change
	for change in 'cp -a /etc/ld.so.cache /etc/ld.so.cache~ && mv /etc/ld.so.cache~ /etc/ld.so.cache' \
		'echo >>/etc/ld.so.cache' \
		'ln -sfn /usr/share/zoneinfo/Europe/Berlin /etc/localtime' 'rm /etc/localtime'; do
		local before
		before=$(pin_file)
		eval "$change"
		assert_works stale || fail "$change"
		view check
		assert_status 1
		assert_out "stale: "
		try "$STAGE_TOOL" doctor
		grep -q '^WARN *pinned-view *stale' "$out" || fail "doctor, behind: $change"
		view pin --if-stale
		assert_status 0
		assert_out "pinned: "
		[ "$before" != "$(pin_file)" ] || fail "the same one"
		assert_missing "$before"
		assert_works pinned || fail "$change"
	done
	cp -a "$STAGE_OWN/ld.so.cache" /etc/ld.so.cache
}

@test "a mount beneath /usr: sessions do not see it until check finds it" {
	mount -n -t tmpfs more /usr/local/share
	echo x >/usr/local/share/new
	session "stat /usr/local/share/new"
	assert_attempt "stat /usr/local/share/new" ENOENT
	assert_view pinned
	try "$STAGE_TOOL" doctor
	grep -q '^WARN *pinned-view *something was mounted' "$out" || fail "doctor"
	view check
	assert_status 1
	view pin --if-stale
	assert_status 0
	session "stat /usr/local/share/new" "create /usr/local/share/x"
	assert_attempt "stat /usr/local/share/new" ok
	assert_attempt "create /usr/local/share/x" EROFS EACCES
	assert_view pinned
	umount -n /usr/local/share
	view check
	assert_out "stale: "
}

@test "absent: each session builds its view, before it was pinned and when it is gone" {
	view unpin
	assert_status 0
	assert_missing $PIN
	assert_works built
	view check
	assert_status 1
	assert_out "absent: "
	view unpin
	assert_status 0
	mkdir -p $PIN
	assert_works built
	view pin
	assert_works pinned
	# an sshd elsewhere has the files and not the namespace: a copy of the mount, in which nothing is bound
	umount -n "$(pin_file)"
	assert_works built
}

@test "not for accounts whose view is another, nor for a gate that cannot enter it" {
	mkdir -p /opt/package/bin && install -m 755 "$STANDIN" /opt/package/bin/program
	standins "program scp = /opt/package/bin/program"
	assert_works built
	standins
	gate=$GATE_WITHOUT_CAPS
	assert_works built
	gate=$STAGE_GATE
	local caps
	caps=$(getcap "$STAGE_GATE")
	setcap cap_sys_admin,cap_setpcap=p "$STAGE_GATE"
	assert_works built
	setcap "${caps##* }" "$STAGE_GATE"
	assert_works pinned
	rm -r /opt/package
}

@test "foul: what others could have put there refuses every session, says so, and doctor finds it" {
	local own wrong right
	own=$(readlink $PIN/current)
	while IFS='|' read -r wrong right; do
		eval "$wrong"
		assert_foul "bad ownership or modes for its directory" || fail "$wrong"
		view check
		assert_status 71
		try "$STAGE_TOOL" doctor
		grep -q '^FAIL *pinned-view ' "$out" || fail "doctor, behind: $wrong"
		eval "$right"
		assert_works pinned || fail "$right"
	done <<-'END'
		chmod o+w /run/sallyport|chmod o-w /run/sallyport
		chmod g+w $PIN|chmod g-w $PIN
		chown alice $PIN|chown root $PIN
		chown alice /run/sallyport|chown root /run/sallyport
		mv /run/sallyport /run/elsewhere; ln -s elsewhere /run/sallyport|rm /run/sallyport; mv /run/elsewhere /run/sallyport
	END
	local text
	for text in /etc/passwd ../../../srv/alice "${own%?}" "${own%?}X" "${own}0" "$own/.." ''; do
		ln -sfn "${text:-.}" $PIN/current
		assert_foul "the link to it is none of ours" || fail "$text"
	done
	rm $PIN/current && echo "$own" >$PIN/current
	assert_foul "the link to it is none of ours"
}

# In the place of the pinned namespace another one, under its name; made on each processor in turn until it can be bound,
# for the reason that pin.c has.
replace_by() { # COMMAND… that ends in a process that stays
	local file cpu i
	file=$(pin_file)
	umount -n "$file"
	for ((cpu = 0; cpu < $(nproc --all); cpu++)); do
		taskset -c "$cpu" "$@" 3>&- &
		impostor=$!
		for ((i = 0; i < 100; i++)); do grep -q sleep "/proc/$impostor/comm" && break; sleep 0.02; done
		mount -n --bind "/proc/$impostor/ns/mnt" "$file" 2>/dev/null && return
		kill $impostor
	done
	fail "a namespace that can be bound: on no processor"
}

@test "foul: another mount namespace in its place, or a view that can be written to, is left at once" {
	replace_by unshare --mount sleep 30
	assert_foul "what is pinned is not the view"
	kill $impostor
	view pin
	assert_works pinned
	nsenter --mount="$(pin_file)" /usr/bin/mount -n -i -o remount,bind,rw,nosuid,nodev,noexec /
	assert_foul "what is pinned is not the view"
	view pin
	nsenter --mount="$(pin_file)" /usr/bin/mount -n -i -o remount,bind,rw,nosuid,nodev /usr
	assert_foul "what is pinned is not the view"
	local change
	for change in 'chmod o+w /' 'chown 1 /'; do
		view pin
		nsenter --mount="$(pin_file)" /usr/bin/sh -c "mount -n -i -o remount,bind,rw,nosuid,nodev,noexec / && $change &&
			mount -n -i -o remount,bind,ro,nosuid,nodev,noexec /"
		assert_foul "what is pinned is not the view" || fail "$change"
	done
	view pin
	assert_works pinned
	# one of ours, but not the one that was found
	local first
	first=$(pin_file)
	nsenter --mount="$first" /usr/bin/sleep 30 3>&- &
	impostor=$!
	for ((i = 0; i < 100; i++)); do grep -q sleep "/proc/$impostor/comm" && break; sleep 0.02; done
	view pin
	umount -n "$(pin_file)"
	mount -n --bind "/proc/$impostor/ns/mnt" "$(pin_file)"
	assert_foul "what is pinned is not the view"
	kill $impostor
}

@test "not a mount namespace: a network's, a plain file, a fifo: as if it were absent" {
	local file
	file=$(pin_file)
	umount -n "$file"
	mount -n --bind /proc/self/ns/net "$file"
	assert_works built
	umount -n "$file"
	rm "$file" && mkfifo "$file"
	assert_works built
	rm "$file" && ln -s /proc/self/ns/mnt "$file"
	assert_works built
	rm "$file"
	assert_works built
}

@test "pinned anew and taken away while sessions run: they go on, as they were" {
	standins "limit tmp = 1M"
	hold_gate internal-sftp
	mv "$out" "$BATS_TEST_TMPDIR/held"
	local before
	before=$(pin_file)
	view pin
	assert_status 0
	[ "$before" != "$(pin_file)" ] || fail "the same one"
	assert_works pinned
	view unpin
	assert_status 0
	assert_missing $PIN
	attempts "create /files/late" "read /etc/passwd" "create /tmp/late" "stat /usr/bin/true"
	printf '%s' "$stdin" >&8
	stdin=
	release
	out=$BATS_TEST_TMPDIR/held
	assert_attempt "create /files/late" ok
	assert_attempt "create /tmp/late" ok
	assert_attempt "read /etc/passwd" ok
	assert_attempt "stat /usr/bin/true" ok
	assert_works built
}

@test "pinned anew all the time: each session has one view or the other, and none fails" {
	(while [ ! -e "$BATS_TEST_TMPDIR/enough" ]; do "$STAGE_TOOL" view pin >/dev/null || echo failed; done) \
		>"$BATS_TEST_TMPDIR/pinning" 2>&1 3>&- &
	local pinning=$! i
	for ((i = 0; i < 60; i++)); do
		session "read /etc/passwd"
		assert_ran || break
		assert_attempt "read /etc/passwd" ok || break
	done
	touch "$BATS_TEST_TMPDIR/enough"
	wait $pinning
	assert_equal "$i" 60 sessions
	assert_equal "$(cat "$BATS_TEST_TMPDIR/pinning")" "" "what pin said"
	assert_equal "$(find $PIN -type f | wc -l)" 1 "namespaces left"
	assert_equal "$(grep -c " $PIN/" /proc/self/mountinfo)" 1 "mounts left"
	assert_works pinned
}

@test "the docroot's own rules hold in it: read-only, access /DIR, start, state" {
	mkdir /srv/alice/in && chown alice /srv/alice/in && chown root /srv/alice && chmod 755 /srv/alice
	standins "access = read-only
access /in = upload overwrite
start = /in"
	session "create /files/x" "create /files/in/x" "create x"
	assert_attempt "create /files/x" EROFS EACCES
	assert_out_line "cwd /files/in"
	assert_view pinned
	session "stat /state" "create /state/x"
	assert_attempt "create /state/x" EROFS EACCES
}

@test "only root, in this mount namespace; usage" {
	try stage_as alice "$STAGE_TOOL" view pin
	assert_status 71
	try stage_as alice "$STAGE_TOOL" view unpin
	assert_status 71
	try stage_as alice "$STAGE_TOOL" view check
	assert_status 0
	assert_out "fresh: "
	assert_works pinned
	for words in "" "pin --if-old" "pin twice" "check now" "remove"; do
		# shellcheck disable=SC2086 # words
		view $words
		assert_status 64
		assert_err "usage: sallyport view"
	done
	for words in pin unpin; do
		try unshare --mount "$STAGE_TOOL" view $words
		assert_status 71
		assert_err "not the mount namespace of process 1"
		assert_works pinned
	done
	try unshare --mount sh -c "mount -n -t tmpfs -o mode=755 run /run && $STAGE_TOOL view pin --here && $STAGE_TOOL view check"
	assert_status 0
	assert_works pinned
}

@test "pin refuses a directory that is not root's alone, and leaves it as it is" {
	"$STAGE_TOOL" view unpin
	chown alice /run/sallyport
	view pin
	assert_status 71
	assert_err "bad ownership or modes"
	assert_missing $PIN
	chown root /run/sallyport
	# nor does unpin say that it took away what it cannot
	ln -s /srv $PIN
	view unpin
	assert_status 71
	assert_err "something else"
	rm $PIN
	mkdir -m 777 $PIN
	view pin
	assert_works pinned
	chmod o+w $PIN
	view pin
	assert_status 71
	assert_err "bad ownership or modes"
	chmod o-w $PIN
	assert_works pinned
}

own() { # ACCOUNT: the directory that a session of it finds
	echo "/session/$(id -u "$1")-$(id -g "$1")-$1"
}

# What of the base is seen of accounts: by whoever enters it, which is root.
in_base() { nsenter --mount="$(pin_file)" "$@"; }

# assert_mounts MOUNTS: of a session of alice's, what it has beside the base.
assert_mounts() {
	hold_gate internal-sftp || return
	awk '$5 ~ "^/(session|tmp)$" { print $4 == "/" ? "tmpfs" : $4, $5, $6 }' "/proc/$pid/mountinfo" |
		LC_ALL=C sort | tr '\n' ';' >"$BATS_TEST_TMPDIR/mounted"
	release
	assert_equal "$(cat "$BATS_TEST_TMPDIR/mounted")" "$1" mounts
}

RO=ro,nosuid,nodev,noexec,relatime RW=rw,nosuid,nodev,noexec,relatime

@test "accounts: their passwd and group are pinned too; a session mounts its own, and a tmpfs for a /tmp alone" {
	view check
	assert_out ", with 2 accounts; 0 came since"
	assert_equal "$(in_base /usr/bin/cat "$(own alice)/passwd" "$(own alice)/group" | tr '\n' ' ')" \
		"alice:x:$(id -u alice):$(id -g alice)::/home:/usr/sbin/nologin alice:x:$(id -g alice): " "what is pinned"
	assert_equal "$(in_base /usr/bin/stat -c %a-%u /session "$(own alice)" "$(own alice)/passwd" | tr '\n' ' ')" \
		"711-0 755-0 444-0 " modes
	assert_mounts "$(own alice) /session $RO;"
	standins "limit tmp = 64K"
	assert_mounts "$(own alice) /session $RO;tmpfs /tmp $RW;"
	hold_gate internal-sftp
	assert_equal "$(stat -c %a "/proc/$pid/root/tmp") $(stat -f -c %c "/proc/$pid/root/tmp")" "1777 4096" "/tmp"
	release
	session "cat /etc/passwd" "list /session" "fill /tmp/big" "mkfifo /tmp/fifo" "create /session/x" "write /session/passwd" \
		"chmod /session" "chmod /session/passwd" "mapexec /tmp/x"
	assert_out "content alice:x:$(id -u alice):$(id -g alice)::/home:"
	assert_equal "$(grep '^entry' "$out" | sort | tr '\n' ' ')" "entry group entry passwd " entries
	assert_attempt "fill /tmp/big" ENOSPC
	assert_attempt "mkfifo /tmp/fifo" EACCES
	assert_attempt "create /session/x" EROFS EACCES
	assert_attempt "write /session/passwd" EROFS EACCES
	assert_attempt "chmod /session" EROFS EPERM
	assert_attempt "chmod /session/passwd" EROFS EPERM
}

@test "accounts: none sees who else is in it" {
	session "stat $(own bob)" "list $(own bob)" "read $(own bob)/passwd" "stat $(own alice)" "stat /session/name" \
		"stat /session/../session/name" "list /session/.."
	local name
	for name in "stat $(own bob)" "list $(own bob)" "read $(own bob)/passwd" "stat $(own alice)" "stat /session/name" \
		"stat /session/../session/name"; do
		assert_attempt "$name" ENOENT
	done
	! grep "^entry [0-9]" "$out" || fail "a name"
}

@test "accounts: one that came later, has another group or name since, or is in none, makes its own" {
	local gid alices
	gid=$(id -g alice) alices=$(own alice)
	stage_user carol "$STAGE_GATE"
	view check
	assert_out ", with 2 accounts; 1 came since"
	groupmod -g 60123 alice
	session "cat /etc/passwd" "cat /etc/group" "list /tmp"
	assert_out "content alice:x:$(id -u alice):60123::/home:"
	assert_out "content alice:x:60123:"
	assert_view pinned
	assert_mounts "tmpfs /session $RO;"
	standins "limit tmp = 64K"
	assert_mounts "/tmp /tmp $RW;tmpfs /session $RO;"
	hold_gate internal-sftp
	assert_equal "$(stat -c %a "/proc/$pid/root/tmp")" 1777 "/tmp"
	release
	session "fill /tmp/big" "create /session/tmp/x"
	assert_attempt "fill /tmp/big" ENOSPC
	assert_attempt "create /session/tmp/x" EROFS EACCES
	groupmod -g "$gid" alice
	assert_mounts "$alices /session $RO;tmpfs /tmp $RW;"
	# another name, the same numbers
	local uid
	uid=$(id -u alice)
	sed -i 's/^alice:/alicia:/' /etc/passwd
	standins "
[user alicia]
docroot = /srv/alice"
	attempts "cat /etc/passwd"
	try setpriv --reuid="$uid" --regid="$gid" --clear-groups --inh-caps=-all -- \
		env -i SSH_CONNECTION="192.0.2.7 1 192.0.2.1 22" "$STAGE_GATE" -c internal-sftp
	stdin=
	sed -i 's/^alicia:/alice:/' /etc/passwd
	assert_view pinned
	assert_out "content alicia:x:$uid:$gid::/home:"
	standins
	# the timer's: anew because somebody came, and then no more
	view pin --if-stale
	assert_out "pinned: $PIN, with 3 accounts"
	view pin --if-stale
	assert_out "fresh: "
	userdel carol
	view pin --if-stale
	assert_out "with 2 accounts"
	# whose directory root took away, or put something else there
	in_base /usr/bin/sh -c "mount -n -i -o remount,bind,rw,nosuid,nodev,noexec / && rm -r $alices &&
		mount -n -i -o remount,bind,ro,nosuid,nodev,noexec /"
	standins
	assert_mounts "tmpfs /session $RO;"
	in_base /usr/bin/sh -c "mount -n -i -o remount,bind,rw,nosuid,nodev,noexec / && mkdir $alices &&
		mount -n -i -o remount,bind,ro,nosuid,nodev,noexec /"
	session
	assert_refused 71
	assert_err "the pinned passwd and group are not the account's"
}

@test "accounts: those of the policy and its groups, and those whose shell is the gate; root never" {
	groupadd partners
	useradd -M -g partners -s /bin/sh dave
	useradd -M -s /bin/sh eve
	stage_policy <<-END
		[defaults]
		docroot = /srv/%u
		[group partners]
		[user root]
		[user nobody-here]
	END
	view pin
	assert_out "with 3 accounts"
	in_base /usr/bin/find /session -mindepth 1 -maxdepth 1 -type d >"$BATS_TEST_TMPDIR/in"
	assert_equal "$(LC_ALL=C sort "$BATS_TEST_TMPDIR/in" | tr '\n' ' ')" "$(for name in alice bob dave; do own $name; done |
		LC_ALL=C sort | tr '\n' ' ')" accounts
	userdel dave
	userdel eve
	groupdel partners 2>/dev/null || true
	# a policy at fault has no say, and is no reason to pin nothing
	echo nonsense | stage_policy
	view pin
	assert_out "with 2 accounts"
}
