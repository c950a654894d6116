#!/usr/bin/env bats
# Goal: of a sound system audit finds nothing; of one with a single fault in keys, their files, certificates or homes it
# finds that fault. sshd -T and ssh-keygen are the real ones, asked about a system in a directory.

load lib
load image

setup() {
	[ "$(id -u)" -eq 0 ] || skip "needs root, for files of several owners"
	cd "$BATS_TEST_TMPDIR" || return 1
	image_make
}

@test "a sound system: nothing is found, nothing is unseen that files could show" {
	try 71 audit # an image does not run, and that is said
	silent critical: high: medium: low:
	says "Restricted users: 3" "Insecure users: 0" "login shell, every key enforced: 1" "ForceCommand, every key enforced: 1"
}

# ---- lines ----

@test "key-command: a key without the gate, where nothing else stands behind it" {
	key other | add kim
	finds key-command "kim" ":2" "keys enforce"
	KIM="ForceCommand $GATE" sshd
	passes key-command
	image_make
	key other | add zed # whose shell is the gate
	passes key-command
}

@test "key-command: another command, whatever it looks like" {
	for command in "/bin/sh" "$GATE;id" "$GATE -x" "${GATE}x" ""; do
		echo "restrict,command=\"$command\" $(key other)" >"$D/etc/ssh/authorized_keys/kim"
		finds key-command
	done
}

@test "key-forwarding: the gate and no more; the seed's stanza is closed, and what sshd closes is closed" {
	echo "command=\"$GATE\" $(key other)" | add kim
	passes key-forwarding
	KIM="PermitUserRC no" sshd
	finds key-forwarding "ssh tunneling enabled: 1"
	echo "command=\"$GATE\",no-port-forwarding $(key other)" >"$D/etc/ssh/authorized_keys/kim"
	passes key-forwarding
	echo "restrict,port-forwarding,command=\"$GATE\" $(key other)" >"$D/etc/ssh/authorized_keys/kim"
	finds key-forwarding
	KIM="AllowTcpForwarding no" sshd
	finds key-forwarding # Unix-domain sockets are forwarded too
}

@test "key-rc: the seed's own stanza lacks no-user-rc" {
	KIM="" sshd
	stanza=no-agent-forwarding,no-port-forwarding,no-X11-forwarding,no-pty
	echo "command=\"$GATE -t\",$stanza $(key other)" | add kim
	finds key-rc
	sed -i 's/no-pty/no-pty,no-user-rc/' "$D/etc/ssh/authorized_keys/kim"
	passes key-rc
	echo "command=\"$GATE -t\",$stanza $(key other)" | add zed
	passes key-rc
}

@test "key-session: a terminal, an agent, a display" {
	KIM="X11Forwarding yes" sshd "AllowAgentForwarding yes"
	for option in pty agent-forwarding X11-forwarding; do
		echo "restrict,$option,command=\"$GATE\" $(key other)" >"$D/etc/ssh/authorized_keys/kim"
		finds key-session
	done
	echo "pty,restrict,command=\"$GATE\" $(key other)" >"$D/etc/ssh/authorized_keys/kim"
	passes key-session
}

@test "key-environment: a variable that a loader acts upon, where sshd lets keys set any" {
	echo "restrict,environment=\"LD_PRELOAD=/x\",command=\"$GATE\" $(key other)" | add kim
	passes key-environment
	sshd "PermitUserEnvironment yes"
	finds key-environment
	sed -i 's/LD_PRELOAD/COLOUR/' "$D/etc/ssh/authorized_keys/kim"
	passes key-environment
}

@test "key-tunnel, key-permit, key-tunnel-only: tunnels of every kind" {
	echo "restrict,tunnel=\"0\",command=\"$GATE\" $(key other)" | add kim
	passes key-tunnel
	KIM="PermitTunnel yes" sshd
	finds key-tunnel "ssh tunneling enabled: 1"
	echo "restrict,port-forwarding,permitopen=\"db:5432\",command=\"$GATE\" $(key other)" >"$D/etc/ssh/authorized_keys/kim"
	finds key-permit
	passes key-tunnel key-tunnel-only
	echo "no-pty,permitopen=\"localhost:9876\",command=\"/usr/bin/true\" $(key other)" >"$D/etc/ssh/authorized_keys/kim"
	finds key-tunnel-only
	echo "restrict,permitopen=\"db:5432\",command=\"$GATE\" $(key other)" >"$D/etc/ssh/authorized_keys/kim"
	passes key-permit key-tunnel-only
}

@test "key-well-known, key-tokenless: by the comment that such keys come with, and by a list" {
	echo "$(key other | cut -d' ' -f1,2) Aspera public access" >>"$D/home/bob/.ssh/authorized_keys"
	finds key-well-known bob
	image_make
	enforced other | add kim
	ssh-keygen -lf other.pub | cut -d' ' -f2 >known
	passes key-well-known key-tokenless
	run audit --well-known known
	says "high: key-tokenless:"
	echo "restrict,command=\"$GATE -t\" $(key other)" >"$D/etc/ssh/authorized_keys/kim"
	run audit --well-known known
	silent key-tokenless: key-well-known:
	run audit --well-known nowhere
	says nowhere "cannot be opened"
}

@test "key-retired, key-short: of anybody" {
	# a DSA key of the right form: nobody makes them any more
	perl -MMIME::Base64 -e 'print "ssh-dss ", encode_base64(pack("N/a* N/a* N/a* N/a* N/a*", "ssh-dss",
		"\0\xff" . "a" x 127, "\0\xff" . "b" x 19, "c" x 128, "d" x 128), ""), " old\n"' >>"$D/home/bob/.ssh/authorized_keys"
	finds key-retired bob
	image_make
	key small rsa 1024 >>"$D/home/bob/.ssh/authorized_keys"
	finds key-short bob
	image_make
	key large rsa 2048 >>"$D/home/bob/.ssh/authorized_keys"
	passes key-short key-retired
}

@test "key-broken: what sshd takes no key from" {
	local line
	for line in "$(key other | cut -c1-40)" "AAAA" "command=\"a\",command=\"b\" $(key other)" "no-ptty $(key other)" \
		"principals=\"x\" $(key other)" $'\xef\xbb\xbf'"$(key other)"; do
		echo "$line" >"$D/home/bob/.ssh/authorized_keys"
		finds key-broken || { echo "$line"; return 1; }
	done
	printf 'ssh-ed25519 \0 x\n' >"$D/home/bob/.ssh/authorized_keys"
	finds key-broken
	printf '# a comment\n\n   \n%s\n' "$(key other)" >"$D/home/bob/.ssh/authorized_keys"
	passes key-broken
}

@test "key-revoked: by a list and by a KRL" {
	cut -d' ' -f1,2 kim.pub >"$D/etc/ssh/revoked"
	sshd "RevokedKeys /etc/ssh/revoked"
	finds key-revoked "authorized_keys/kim" ":1"
	ssh-keygen -q -kf "$D/etc/ssh/revoked" kim.pub
	finds key-revoked "authorized_keys/kim" ":1"
	[ "$(grep -c ': key-revoked:' <<<"$output")" -eq 1 ]
	key other >"$D/etc/ssh/revoked"
	sed -i 's/ other.*//' "$D/etc/ssh/revoked"
	passes key-revoked revoked-lockout
}

@test "revoked-lockout: a list that sshd cannot read refuses everybody" {
	sshd "RevokedKeys /etc/ssh/revoked"
	finds revoked-lockout "No such file"
	for content in "restrict $(key other)" junk $'SSHKRL\n\1'; do
		echo "$content" >"$D/etc/ssh/revoked"
		finds revoked-lockout
	done
}

@test "key-shared: one key, two accounts" {
	enforced zed | add kim
	finds key-shared "kim zed"
	image_make
	key bob >>"$D/root/authorized"
	passes key-shared
}

# ---- files of keys ----

@test "keys-modes: whoever else can change them, and what sshd refuses" {
	chmod 666 "$D/etc/ssh/authorized_keys/kim"
	finds keys-modes "chmod go-w /etc/ssh/authorized_keys/kim" kim
	chmod 644 "$D/etc/ssh/authorized_keys/kim" && chmod 777 "$D/etc/ssh/authorized_keys"
	finds keys-modes "/etc/ssh/authorized_keys: others" "zed"
	image_make
	chown 4001 "$D/home/bob/.ssh"
	finds keys-modes "chown bob: /home/bob/.ssh" "Insecure users: 0"
	image_make
	chmod 1777 "$D/etc/ssh/authorized_keys" # nobody could touch the files; sshd's rule is stricter
	finds keys-modes "sshd refuses every key in it"
	sshd "StrictModes no"
	passes keys-modes
	image_make
	chmod 1777 "$D/home" # in root's sticky directory nobody can touch what is another's
	passes keys-modes
}

@test "keys-docroot, keys-own: what the account can write itself" {
	sed -i "s#/etc/ssh/authorized_keys/%u#.ssh/authorized_keys#" "$D/etc/ssh/sshd_config"
	mkdir "$D/home/kim/.ssh" && enforced kim >"$D/home/kim/.ssh/authorized_keys"
	passes keys-docroot keys-own # a home of root's
	chown -R 4003 "$D/home/kim"
	finds keys-own "/home/kim/.ssh/authorized_keys" kim
	passes keys-docroot
	policy "docroot = /home/kim/.ssh"
	finds keys-docroot kim
	policy "docroot = /home/kim/.ssh" "access = read-only"
	passes keys-docroot # who may not write
	policy "docroot = /home/kim/.ssh" "access = read-only" "access /sub = upload"
	finds keys-docroot kim
	rm -r "$D/home/kim/.ssh" # it could make them
	policy "docroot = /home/kim"
	finds keys-docroot
}

@test "keys-second: the file that nobody looks into" {
	sed -i "s#/etc/ssh/authorized_keys/%u#& .ssh/authorized_keys2#" "$D/etc/ssh/sshd_config"
	mkdir "$D/home/kim/.ssh" && enforced kim >"$D/home/kim/.ssh/authorized_keys2"
	passes keys-second
	chown -R 4003 "$D/home/kim"
	finds keys-second "/home/kim/.ssh/authorized_keys2"
	rm "$D/home/kim/.ssh/authorized_keys2"
	passes keys-second
}

@test "keys-shut: a file that sshd cannot read as the account" {
	chmod 600 "$D/etc/ssh/authorized_keys/kim"
	finds keys-shut "/etc/ssh/authorized_keys/kim" kim
	chmod 644 "$D/etc/ssh/authorized_keys/kim"
	chmod 750 "$D/etc/ssh/authorized_keys"
	finds keys-shut "/etc/ssh/authorized_keys: " zed
	chgrp 4001 "$D/etc/ssh/authorized_keys"
	finds keys-shut "amy kim"
}

@test "access-list: who may write although no mode bit of others says so" {
	setfacl -m u:4004:rw "$D/etc/ssh/authorized_keys/kim"
	finds access-list "user 4004" "setfacl -b /etc/ssh/authorized_keys/kim"
	setfacl -m u:4004:r "$D/etc/ssh/authorized_keys/kim"
	passes access-list
	setfacl -m g:4004:rwx "$D/srv"
	finds access-list "group 4004" "/srv"
}

@test "AuthorizedKeysCommand: ours is followed, another one is said to be unseen" {
	tool=$(strings -n 8 "$TOOL" | grep -m 1 -o '^/.*/sallyport keys ')
	key other | add kim
	sed -i "s#^AuthorizedKeysFile.*#AuthorizedKeysFile none\nAuthorizedKeysCommandUser root\nAuthorizedKeysCommand ${tool}serve --file /etc/ssh/authorized_keys/%u %u %t %k %f#" \
		"$D/etc/ssh/sshd_config"
	passes key-command keys-own
	silent "which keys this"
	echo junk | add kim
	finds key-broken
	sed -i "s#^AuthorizedKeysCommand .*#AuthorizedKeysCommand /usr/bin/fetch-keys %u#" "$D/etc/ssh/sshd_config"
	run audit
	says "/usr/bin/fetch-keys %u" "which keys this AuthorizedKeysCommand hands out"
}

# ---- certificates ----

@test "authority-open, authority-file, authority-unreadable: TrustedUserCAKeys" {
	key ca >"$D/etc/ssh/ca.pub"
	sshd "TrustedUserCAKeys /etc/ssh/ca.pub"
	finds authority-open "who       kim"
	silent "who       amy" "who       zed" # who are held by more than their keys
	passes authority-file authority-unreadable authority-private authority-both
	chmod 666 "$D/etc/ssh/ca.pub"
	finds authority-file "/etc/ssh/ca.pub"
	echo junk >"$D/etc/ssh/ca.pub"
	finds authority-unreadable
	rm "$D/etc/ssh/ca.pub"
	finds authority-unreadable "No such file"
	KIM="ForceCommand $GATE" sshd "TrustedUserCAKeys /etc/ssh/ca.pub"
	passes authority-open
}

@test "authority-private: the key that signs lies on the host" {
	key ca >"$D/etc/ssh/ca.pub"
	key host >/dev/null
	sshd "TrustedUserCAKeys /etc/ssh/ca.pub"
	cp host "$D/etc/ssh/ssh_host_ed25519_key"
	passes authority-private
	cp ca "$D/etc/ssh/ca"
	finds authority-private "/etc/ssh/ca"
	mv "$D/etc/ssh/ca" "$D/srv/zed/ca"
	finds authority-private "/srv/zed/ca"
}

@test "authority-both: one key signs hosts and users" {
	key ca >"$D/etc/ssh/ca.pub"
	echo "@cert-authority * $(key other)" >"$D/etc/ssh/ssh_known_hosts"
	sshd "TrustedUserCAKeys /etc/ssh/ca.pub"
	passes authority-both
	echo "@cert-authority *.example.org $(key ca)" >>"$D/etc/ssh/ssh_known_hosts"
	finds authority-both "ssh_known_hosts:2"
	rm "$D/etc/ssh/ssh_known_hosts"
	key host >/dev/null
	ssh-keygen -q -s ca -I host -h -n example.org host.pub
	cp host host-cert.pub host.pub "$D/etc/ssh/"
	sshd "TrustedUserCAKeys /etc/ssh/ca.pub" "HostKey /etc/ssh/host" "HostCertificate /etc/ssh/host-cert.pub"
	finds authority-both "host-cert.pub"
}

@test "principals-own: who names those whose certificates open the account" {
	key ca >"$D/etc/ssh/ca.pub"
	sshd "TrustedUserCAKeys /etc/ssh/ca.pub" "AuthorizedPrincipalsFile %h/.ssh/authorized_principals"
	passes principals-own
	chown 4003 "$D/home/kim"
	finds principals-own kim
	sshd "AuthorizedPrincipalsFile %h/.ssh/authorized_principals"
	passes principals-own # no authority, no certificate
}

@test "cert-…: certificates that lie in the home" {
	mkdir "$D/home/kim/.ssh"
	KIM="" sshd
	sign() { key other >/dev/null; ssh-keygen -q -s ca -I a "$@" other.pub && cp other-cert.pub "$D/home/kim/.ssh/"; }
	key ca >/dev/null
	sign -n kim -V +1d -O clear -O force-command="$GATE" -O source-address=10.0.0.0/8
	passes cert-swallowed cert-command cert-extensions cert-principals cert-forever
	sign -n kim -V +1d -O clear -O force-command="$GATE",source-address=10.0.0.0/8
	finds cert-swallowed
	sign -n kim -V +1d -O clear
	finds cert-command
	sign -n kim -V +1d -O force-command="$GATE"
	finds cert-extensions
	sign -V +1d -O clear -O force-command="$GATE"
	finds cert-principals
	sign -n kim -O clear -O force-command="$GATE"
	finds cert-forever
	cp other-cert.pub "$D/home/bob/.ssh/" # who is not held
	rm "$D/home/kim/.ssh/other-cert.pub"
	passes cert-forever
}

# ---- homes ----

@test "private-key: of every make, at home and in the docroot" {
	mkdir "$D/home/kim/.ssh"
	key other >"$D/home/kim/.ssh/id.pub"
	passes private-key
	cp other "$D/home/kim/.ssh/id"
	finds private-key "/home/kim/.ssh/id" kim
	rm "$D/home/kim/.ssh/id"
	for head in "-----BEGIN RSA PRIVATE KEY-----" "PuTTY-User-Key-File-3: ssh-ed25519" "SSH PRIVATE KEY FILE FORMAT 1.1"; do
		printf '%s\nx\n' "$head" >"$D/srv/kim/aspera_tokenauth_id_rsa"
		finds private-key "/srv/kim/aspera_tokenauth_id_rsa"
	done
	echo "-----BEGIN CERTIFICATE-----" >"$D/srv/kim/aspera_tokenauth_id_rsa"
	cp other "$D/home/bob/.ssh/id" # who is not held
	passes private-key
}

@test "rhosts, user-rc, environment-file: files that somebody acts upon" {
	touch "$D/home/bob/.rhosts"
	passes rhosts
	for name in .rhosts .shosts; do
		touch "$D/home/kim/$name"
		finds rhosts "/home/kim/$name"
		rm "$D/home/kim/$name"
	done
	touch "$D/etc/hosts.equiv"
	finds rhosts "/etc/hosts.equiv"
	mkdir "$D/home/kim/.ssh" && touch "$D/home/kim/.ssh/rc" "$D/home/kim/.ssh/environment"
	passes user-rc environment-file
	KIM="" sshd
	finds user-rc "/home/kim/.ssh/rc"
	sshd "PermitUserEnvironment yes"
	finds environment-file "/home/kim/.ssh/environment"
}
