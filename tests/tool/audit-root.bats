#!/usr/bin/env bats
# Goal: a system in a directory (--root) is looked at by its own files alone: no link leads out of it, this host's sshd
# answers for it, and what cannot be seen is said. Nothing in it is fatal.

load lib
load image

setup() {
	[ "$(id -u)" -eq 0 ] || skip "needs root, for files of several owners"
	cd "$BATS_TEST_TMPDIR" || return 1
	image_make
}

@test "--root: links lead nowhere but into the directory" {
	mkdir "$BATS_TEST_TMPDIR/outside"
	key other >"$BATS_TEST_TMPDIR/outside/kim"
	rm "$D/etc/ssh/authorized_keys/kim"
	ln -s "$BATS_TEST_TMPDIR/outside/kim" "$D/etc/ssh/authorized_keys/kim"
	passes key-command
	ln -sfn "/../../../../../../../../..$BATS_TEST_TMPDIR/outside/kim" "$D/etc/ssh/authorized_keys/kim"
	passes key-command
	mkdir -p "$D$BATS_TEST_TMPDIR/outside" && key other >"$D$BATS_TEST_TMPDIR/outside/kim"
	finds key-command "kim" # inside, it is followed
}

@test "--root: the image's sshd_config, its Includes and groups; nothing of this host's" {
	mkdir "$D/etc/ssh/sshd_config.d"
	echo "kims:x:5000:kim" >>"$D/etc/group"
	key other | add kim
	finds key-command
	{ echo "Include /etc/ssh/sshd_config.d/*.conf"; cat "$D/etc/ssh/sshd_config"; } >new && mv new "$D/etc/ssh/sshd_config"
	printf 'Match Group kims\nForceCommand %s\n' "$GATE" >"$D/etc/ssh/sshd_config.d/a.conf"
	passes key-command
	cmp /etc/passwd <(cat /etc/passwd) && [ ! -e /sys/key ] # nothing of it stays
}

@test "--root: what sshd would read from this host is not asked" {
	echo "Include /opt/sshd.conf" >>"$D/etc/ssh/sshd_config"
	run audit
	says "could not see:" "/opt/sshd.conf"
	image_make
	mv "$D/etc/ssh/sshd_config" "$D/etc/sshd_config" && ln -s ../sshd_config "$D/etc/ssh/sshd_config"
	run audit
	says "could not see:" "/etc/ssh/sshd_config is a link"
	image_make
	ln -s /opt "$D/etc/ssh/conf.d" && mkdir "$D/opt" && touch "$D/opt/a"
	echo "Include conf.d/*" >>"$D/etc/ssh/sshd_config"
	run audit
	says "could not see:" "/etc/ssh/conf.d leads to /opt"
	image_make
	mkdir -p "$BATS_TEST_TMPDIR/elsewhere" && touch "$BATS_TEST_TMPDIR/elsewhere/name-of-this-host"
	ln -s "$BATS_TEST_TMPDIR/elsewhere" "$D/etc/ssh/conf.d"
	echo "Include conf.d/*" >>"$D/etc/ssh/sshd_config"
	run audit
	silent name-of-this-host
	try 71 "$TOOL" audit --root "$D/nowhere"
}

# ---- bad input ----

@test "bad input: files that cannot be read or are none" {
	rm "$D/etc/ssh/authorized_keys/kim" && mkdir "$D/etc/ssh/authorized_keys/kim"
	run audit
	says "could not see: /etc/ssh/authorized_keys/kim: not a regular file"
	rmdir "$D/etc/ssh/authorized_keys/kim" && mkfifo "$D/etc/ssh/authorized_keys/kim"
	run timeout 10 "$TOOL" audit --root "$D"
	says "could not see: /etc/ssh/authorized_keys/kim: not a regular file"
	rm "$D/etc/ssh/authorized_keys/kim" && ln -s kim "$D/etc/ssh/authorized_keys/kim"
	run audit
	says "could not see: /etc/ssh/authorized_keys/kim"
	image_make
	{ head -c 300000 /dev/zero | tr '\0' x; echo; key other; } | add kim
	finds key-broken ":2" # a line without an end
	says "key-command" ":3"
	rm "$D/etc/passwd"
	run audit
	says "could not see: /etc/passwd"
}

@test "bad input: nobody but root can be blind in silence" {
	command -v setpriv >/dev/null || skip "no setpriv"
	chmod 755 "$BATS_TEST_TMPDIR" "$BATS_RUN_TMPDIR" "$BATS_RUN_TMPDIR"/test 2>/dev/null || true
	chmod 700 "$D/home/kim" "$D/etc/ssh/authorized_keys"
	cp "$TOOL" "$BATS_TEST_TMPDIR/tool" && chmod 755 "$BATS_TEST_TMPDIR/tool"
	run setpriv --reuid 65534 --clear-groups "$BATS_TEST_TMPDIR/tool" audit --root "$D"
	says "could not see: /etc/shadow" "could not see: /home/kim/.ssh/authorized_keys: Permission denied" "mount namespace"
}

@test "bad input: home directories and patterns that lead nowhere" {
	sed -i 's#^kim:.*#kim:x:4003:4003::relative:/bin/sh#' "$D/etc/passwd"
	run audit
	[ "$status" -lt 2 ] || [ "$status" -eq 71 ]
	sed -i 's#^kim:.*#kim:x:4003:4003:::/bin/sh#' "$D/etc/passwd"
	run audit
	[ "$status" -lt 2 ] || [ "$status" -eq 71 ]
	sed -i 's#/etc/ssh/authorized_keys/%u#/keys/%z#' "$D/etc/ssh/sshd_config"
	run audit
	says "could not see: files of keys: /keys/%z is no path"
}

@test "bad input: a configuration that sshd refuses, and none at all" {
	echo "NoSuchKeyword yes" >>"$D/etc/ssh/sshd_config"
	key other | add kim
	finds config-refused "NoSuchKeyword"
	says "could not see: what sshd does for each account"
	rm "$D/etc/ssh/sshd_config"
	run audit
	says "could not see:" "sshd_config: No such file"
	rm -r "$D/etc/ssh"
	run audit
	says "could not see:" "/etc/ssh: No such file"
}

@test "bad input: without an answer of sshd's, keys are looked for where sshd has them by default" {
	mkdir "$D/home/kim/.ssh"
	key other >"$D/home/kim/.ssh/authorized_keys"
	passes key-command
	rm -r "$D/etc/ssh"
	finds key-command "/home/kim/.ssh/authorized_keys:1"
}

@test "bad input: odd bytes in passwd, in group, in the policy, in a line of keys" {
	printf 'k\xe9v\x1b[2J:x:4005:4005::/home/\x07:/bin/sh\n\0:x:1:1::/:/x\n::::\n' >>"$D/etc/passwd"
	printf '\xff\xfe\n' >>"$D/etc/group"
	printf 'restrict,command="\x1b]0;x\x07" %s\n' "$(key other)" | add kim
	finds key-broken # a control byte
	says passwd-line
	audit | LC_ALL=C grep -q '[^[:print:][:space:]]' && return 1
	audit --json | perl -MJSON::PP -0777 -ne 'decode_json($_)->{schema} == 1 or die'
	printf '[user \xff\n' >>"$D/etc/sallyport/policy.ini"
	run audit
	says "could not see:" "policy.ini"
}

@test "bad input: a policy that is a link is not followed out of the directory" {
	mv "$D/etc/sallyport/policy.ini" "$BATS_TEST_TMPDIR/policy.ini"
	ln -s "$BATS_TEST_TMPDIR/policy.ini" "$D/etc/sallyport/policy.ini"
	run audit
	says "could not see:" "policy"
	rm "$D/etc/sallyport/policy.ini" && rmdir "$D/etc/sallyport"
	mkdir "$BATS_TEST_TMPDIR/elsewhere" && mv policy.ini elsewhere/
	ln -s "$BATS_TEST_TMPDIR/elsewhere" "$D/etc/sallyport"
	run audit
	says "could not see:" "policy"
}
@test "sshd is asked once for accounts that no Match tells apart" {
	local i
	for ((i = 1; i <= 300; i++)); do
		echo "user$i:x:$((6000 + i)):6000::/home/user$i:/bin/sh" >>"$D/etc/passwd"
	done
	command -v strace >/dev/null || skip "no strace"
	strace -f -o trace -e trace=execve "$TOOL" audit --root "$D" >/dev/null 2>&1 || true
	[ "$(grep -c 'execve(.*sshd' trace)" -gt 0 ]
	[ "$(grep -c 'execve(.*sshd' trace)" -le 5 ] # zed, amy, kim, all others, and what is global
}
