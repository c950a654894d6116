# A system in a directory, for `sallyport audit --root`: sound, until a test plants a fault. Its accounts, each held in
# another way: zed (the gate is the login shell), amy (ForceCommand), kim (enforced keys alone), and bob, who is not held.

D=$BATS_TEST_TMPDIR/image
GATE=$(strings -n 8 "$TOOL" | grep -m 1 -x '/.*/bin/sallyport-shell')
CLOSED='DisableForwarding yes
AllowTcpForwarding no
AllowStreamLocalForwarding no
AllowAgentForwarding no
X11Forwarding no
PermitTunnel no
PermitTTY no
PermitUserRC no
PasswordAuthentication no
KbdInteractiveAuthentication no'

# key NAME [TYPE BITS]: a key pair in $BATS_TEST_TMPDIR, made once.
key() {
	[ -f "$BATS_TEST_TMPDIR/$1" ] ||
		ssh-keygen -q -t "${2:-ed25519}" ${3:+-b "$3"} -N '' -C "$1@client" -f "$BATS_TEST_TMPDIR/$1"
	cat "$BATS_TEST_TMPDIR/$1.pub"
}

enforced() { echo "restrict,command=\"$GATE\" $(key "$1")"; }

# sshd [LINES]: its configuration; LINES stand before all others. KIM: lines of kim's, in place of those that close all.
sshd() {
	local user
	{
		printf '%s\n' "$@" "PermitRootLogin no" "PasswordAuthentication no" "KbdInteractiveAuthentication no" \
			"LogLevel VERBOSE" "AllowAgentForwarding no" "Subsystem sftp /usr/lib/openssh/sftp-server"
		for user in zed amy kim; do
			printf 'Match User %s\nAuthorizedKeysFile /etc/ssh/authorized_keys/%%u\n' $user
			[ $user = kim ] && [ -n "${KIM+set}" ] && printf '%s\n' "$KIM" && continue
			echo "$CLOSED"
			[ $user != amy ] || echo "ForceCommand $GATE"
		done
	} >"$D/etc/ssh/sshd_config"
}

policy() {
	printf '%s\n' '[defaults]' 'docroot = /srv/%u' 'commands = sftp' 'access = full' '[user zed]' '[user amy]' '[user kim]' \
		"$@" >"$D/etc/sallyport/policy.ini"
}

image_make() {
	local user
	rm -rf "$D"
	mkdir -p "$D"/{root,etc/ssh/authorized_keys,etc/sallyport,srv,usr/bin,home/bob/.ssh}
	printf '%s\n' 'root:x:0:0::/root:/bin/bash' 'sshd:x:100:65534::/run/sshd:/usr/sbin/nologin' \
		"zed:x:4001:4001::/home/zed:$GATE" 'amy:x:4002:4002::/home/amy:/bin/sh' \
		'kim:x:4003:4003::/home/kim:/bin/sh' 'bob:x:4004:4004::/home/bob:/bin/bash' >"$D/etc/passwd"
	printf '%s:*:19000:0:99999:7:::\n' root sshd zed amy kim bob >"$D/etc/shadow"
	printf '%s\n' root:x:0: zed:x:4001: amy:x:4002: kim:x:4003: bob:x:4004: nogroup:x:65534: >"$D/etc/group"
	for user in zed amy kim; do
		mkdir "$D/home/$user" "$D/srv/$user"
		chown "$(awk -F: -v u=$user '$1 == u { print $3 }' "$D/etc/passwd")" "$D/srv/$user"
		enforced $user >"$D/etc/ssh/authorized_keys/$user"
	done
	key bob >"$D/home/bob/.ssh/authorized_keys"
	chown -R 4004:4004 "$D/home/bob"
	find "$D" -type d -exec chmod 755 {} +
	chmod 600 "$D/etc/shadow"
	policy
	sshd
}

audit() { "$TOOL" audit --root "$D" "$@"; }

# finds ID [TEXT…]: the check has found something, and each text is said.
finds() {
	run audit
	grep -qE "^(critical|high|medium|low): $1: " <<<"$output" || { printf 'no %s\n%s\n' "$1" "$output"; return 1; }
	shift
	says "$@"
}

# passes ID…: none of these checks has found anything.
passes() {
	local id
	run audit
	for id; do
		! grep -E "^(critical|high|medium|low): $id: " <<<"$output" || return 1
	done
}

add() { cat >>"$D/etc/ssh/authorized_keys/$1"; }
