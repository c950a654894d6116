# Goal: sallyport audit finds every fault that is planted on a host with a real sshd, sudo and account files, with its
# check, its severity and the file that shows it; a sound host with 20 accounts of every kind has no finding; what
# cannot be seen is said, and is no pass.
load lib

setup_file() {
	command -v sudo >/dev/null || stage_die "this needs sudo"
	stage_install
	stage_client_files
	sound_host
}

# ---- a sound host ----

# guarded NAME SHELL: an account as it should be: a home of root's, nothing in it, no password.
guarded() {
	stage_user "$1" "$2"
	chown root:root "/home/$1"
	chmod 0755 "/home/$1"
	install -d -m 0755 /srv/transfer
	stage_docroot "/srv/transfer/$1" "$1"
}

# Twenty: by login shell, by -r, by ForceCommand for a user and for a group, by profiles, in chroot and landlock, in
# user mode, without a docroot, with commands of their own.
sound_host() {
	local i name
	: >/etc/ssh/moduli
	for i in 1 2 3 4 5 6; do guarded "shell$i" "$STAGE_GATE"; done
	for i in 1 2; do guarded "loose$i" "$STAGE_GATE-r"; done
	for i in 1 2 3; do guarded "forced$i" /bin/sh; done
	for i in 1 2 3; do guarded "member$i" /bin/sh; done
	for i in 1 2; do guarded "both$i" "$STAGE_GATE"; done
	for i in 1 2; do guarded "jail$i" "$STAGE_GATE"; done
	guarded none1 "$STAGE_GATE"
	guarded keyed1 /bin/sh
	stage_key keyed1 "restrict,command=\"$STAGE_GATE\",expiry-time=\"20990101\""
	stage_user own1 /bin/bash # user mode: nobody's account but its own
	ssh-keygen -q -t ed25519 -N '' -C own -f /root/own
	printf 'restrict,command="%s --policy /home/own1/policy.ini" %s\n' "$STAGE_GATE" "$(cat /root/own.pub)" \
		>"$STAGE_OWN/keys/own1"
	echo "partners:x:59001:member1,member2,member3" >>/etc/group
	{
		printf '%s\n' "[defaults]" "commands = sftp scp rsync" "docroot = /srv/transfer/%u" "access = full" \
			"[group partners]" "access = read-only" \
			"[profile nightly]" "commands = rsync"
		for name in shell1 shell3 shell4 shell5 shell6 keyed1 loose1 loose2 forced1 forced2 forced3 both1 both2; do
			echo "[user $name]"
		done
		printf '%s\n' "[user shell2]" "profiles = nightly" "[user jail1]" "isolation = landlock" \
			"[user jail2]" "isolation = landlock" "[user none1]" "docroot = none" "commands = probe"
	} | stage_policy
	cat >/root/sshd_lines <<-END
		PermitRootLogin no
		DisableForwarding yes
		PermitUserRC no
		AcceptEnv LANG LC_*
		LogLevel VERBOSE
		Match User forced*,both*
			ForceCommand $STAGE_GATE
			PermitTTY no
		Match Group partners Address *
			ForceCommand $STAGE_GATE
	END
	stage_sshd </root/sshd_lines
	cp -a "$STAGE_OWN/sshd_config" /root/sshd_config.sound
	cp -a /etc /root/etc.sound
	cp -a "$STAGE_POLICY" /root/policy.sound
}

# Puts the host back as it was sound, whatever a test has done.
setup() {
	cp -a /root/sshd_config.sound "$STAGE_OWN/sshd_config"
	rm -rf /etc/sudoers.d /etc/cron.d /etc/hosts.allow /etc/hosts.deny /etc/ssh/sshrc /etc/ssh/sshd_config.d
	cp -a /root/etc.sound/. /etc/
	cp -a /root/policy.sound "$STAGE_POLICY"
	find /home -mindepth 2 -delete
	chown root:root /home /home/*
	chmod 0755 /home /home/*
}

audit() {
	try "$STAGE_TOOL" audit "$@"
}

# sshd_has LINE…: the configuration begins with these lines; sshd -T reads it anew.
sshd_has() {
	{ printf '%s\n' "$@"; cat /root/sshd_config.sound; } >"$STAGE_OWN/sshd_config"
}

# sshd_ends LINE…: or it ends with them.
sshd_ends() {
	{ cat /root/sshd_config.sound; printf '%s\n' "$@"; } >"$STAGE_OWN/sshd_config"
}

# found CHECK SEVERITY [TEXT]: one finding of the check has the severity, and its block the text.
found() {
	awk -v head="$2: $1: " '/^[a-z]+: [a-z0-9-]+: / { on = index($0, head) == 1 } on' "$out" >"$BATS_TEST_TMPDIR/block"
	[ -s "$BATS_TEST_TMPDIR/block" ] || fail "no $2 finding $1"
	[ -z "${3:-}" ] || grep -qF -- "$3" "$BATS_TEST_TMPDIR/block" || fail "$1 does not say: $3"
}

absent() {
	! grep -q "^[a-z]*: $1: " "$out" || fail "$1 is a finding"
}

@test "a sound host with twenty accounts of every kind has no finding" {
	audit
	assert_status 0
	assert_out_line "Restricted users: 20"
	assert_out_line "Insecure users: 0"
	assert_out_line "- no restricted shell (sallyport-shell): 0"
	assert_out_line "- docroot above home directory: 0"
	assert_out_line "- ssh tunneling enabled: 0"
	! grep -qE '^(critical|high|medium|low|could not see): ' "$out" || fail "a finding"
	assert_out "held by: login shell: 11; without login shell: nothing"
	assert_out "held by: every key enforced: 1; without every key enforced: nothing"
	assert_out "held by: ForceCommand: 6; without ForceCommand: nothing"
	assert_out "held by: login shell, ForceCommand: 2; without login shell: ForceCommand; without ForceCommand: login shell"
}

# ---- accounts ----

@test "an empty password, in shadow and in passwd, of any account" {
	sed -i 's/^shell1:[^:]*:/shell1::/' /etc/shadow
	sed -i 's/^own1:x:/own1::/' /etc/passwd
	audit
	assert_status 1
	found empty-password critical "/etc/shadow:$(grep -n ^shell1: /etc/shadow | cut -d: -f1)"
	assert_out "/etc/passwd:$(grep -n ^own1: /etc/passwd | cut -d: -f1)"
	assert_out "usermod -p '*' own1"
	assert_out_line "Insecure users: 1"
}

@test "lines that are no entries, and names that are odd, are findings and hide nobody else" {
	printf '%s\n' 'broken:x:1' '-rf:x:70001:70001::/:/bin/sh' $'esc\e[2J:x:70002:70002::/:/bin/sh' >>/etc/passwd
	printf 'nul\0byte:x:70003:70003::/:/bin/sh\n' >>/etc/passwd
	printf 'shell1:x:70004:70004::/:/bin/sh\n:x\n' >>/etc/passwd
	echo 'g:x:seven:' >>/etc/group
	audit
	assert_status 0
	found passwd-line medium "not seven fields"
	assert_out "a NUL byte"
	assert_out "a name that stands in a line before it"
	assert_out "the gid is no number"
	found account-odd low "begins with '-'"
	assert_out 'esc\x1b[2J'
	! grep -q $'\e' "$out" || fail "a control byte came through"
	assert_out_line "Restricted users: 20"
}

@test "a docroot that holds the home, by name and by a link; one beside it with the same beginning does not" {
	printf '%s\n' "[user extra1]" "docroot = /home" "docroot-home = allow" "[user extra2]" "docroot = /home/extra2" \
		"docroot-home = allow" "[user extra3]" "docroot = /home/extra" "[user extra4]" "docroot = /srv/link" \
		"docroot-home = allow" >>"$STAGE_POLICY"
	for name in extra1 extra2 extra3 extra4; do guarded "$name" "$STAGE_GATE"; done
	install -d /home/extra
	ln -sfn /home/extra4 /srv/link
	audit
	assert_status 1
	found docroot-home high "who       extra1"
	assert_out_line "- docroot above home directory: 3"
	assert_out "$STAGE_POLICY:$(grep -n 'docroot = /home$' "$STAGE_POLICY" | cut -d: -f1)"
	audit --user extra3
	assert_status 0
	absent docroot-home
	assert_out_line "PASS docroot does not hold the home"
}

@test "an account that the policy refuses, and one that the gate gets and the policy has no place for" {
	mkdir -p "${STAGE_POLICY%/*}/users"
	printf '[user fresh]\ncolour = blue\n' >"${STAGE_POLICY%/*}/users/fresh.ini"
	guarded fresh "$STAGE_GATE"
	guarded stray "$STAGE_GATE"
	audit
	rm "${STAGE_POLICY%/*}/users/fresh.ini"
	found policy-refuses medium "users/fresh.ini:2"
	found policy-none medium "who       stray"
}

@test "another account with the same uid" {
	sed -n 's/^shell1:x:\([0-9]*\):.*/twin:x:\1:\1::\/home:\/bin\/bash/p' /etc/passwd >>/etc/passwd
	audit
	assert_status 1
	found uid-shared high "twin has its uid"
}

# ---- layers ----

@test "an account of the policy that nothing hands to the gate" {
	stage_shell shell1 /bin/bash
	audit
	assert_status 1
	found layer-none high "who       shell1"
	assert_out "usermod -s $STAGE_GATE shell1"
	assert_out "/etc/passwd:$(grep -n ^shell1: /etc/passwd | cut -d: -f1)"
	assert_out_line "- no restricted shell (sallyport-shell): 1"
	audit --user shell1
	assert_out_line "FAIL the gate is started for whatever is asked"
	assert_out_line "PASS no tunnels"
	sshd_has "PermitTTY no"
	audit --user shell1
	found tty-alone high "PermitTTY no"
}

@test "internal-sftp starts no login shell: the gate's layer is none" {
	sed -i 's/^Subsystem.*/Subsystem sftp internal-sftp/' "$STAGE_OWN/sshd_config"
	audit
	assert_status 1
	found internal-sftp critical "$STAGE_OWN/sshd_config:$(grep -n ^Subsystem "$STAGE_OWN/sshd_config" | cut -d: -f1)"
	assert_out_line "- no restricted shell (sallyport-shell): 11"
	! grep -A1 ': internal-sftp: ' "$out" | grep -q 'forced1\|both1' || fail "ForceCommand holds all the same"
}

@test "another forced command, and a relative one" {
	sshd_has "Match User forced1" "	ForceCommand /bin/true" "Match User forced2" "	ForceCommand rksh -l" \
		"Match User shell1" "	ForceCommand internal-sftp" "Match all"
	audit
	assert_status 1
	found force-other high "ForceCommand /bin/true"
	assert_out "ForceCommand internal-sftp"
	found force-relative high "ForceCommand rksh -l"
	found layer-none high "who       forced2"
}

# ---- what sshd opens ----

@test "forwarding, by TCP, by sockets, by a tun device, by X11 and to named places" {
	sed -i '/^DisableForwarding/d' "$STAGE_OWN/sshd_config"
	audit
	assert_status 1
	found forwarding-open high "AllowTcpForwarding yes, which no line says: the default"
	assert_out "AllowStreamLocalForwarding yes"
	found agent-open low
	assert_out_line "- ssh tunneling enabled: 19"
	{ printf '%s\n' "PermitTunnel yes" "X11Forwarding yes" "AllowStreamLocalForwarding no" "GatewayPorts yes" \
		"PermitOpen localhost:3306" "PermitListen localhost:8080"; grep -v ^DisableForwarding /root/sshd_config.sound; } \
		>"$STAGE_OWN/sshd_config"
	audit
	found tunnel-open high "$STAGE_OWN/sshd_config:1"
	found x11-open medium "$STAGE_OWN/sshd_config:2"
	found gateway-ports medium "$STAGE_OWN/sshd_config:4"
	found permit-open medium "PermitOpen localhost:3306"
	absent forwarding-open
}

@test "an account that its keys alone hold: what a key cannot close, and what hides the keys" {
	sed -i '/^DisableForwarding/d; /^PermitUserRC/d' "$STAGE_OWN/sshd_config"
	audit --user keyed1
	assert_status 0
	sshd_has "PasswordAuthentication yes" "PermitUserRC yes"
	audit --user keyed1
	assert_status 1
	found layer-none high "who       keyed1"
	found rc-open critical "PermitUserRC yes"
	sshd_has "Match User keyed1" "	ForceCommand /bin/true" "Match all"
	audit --user keyed1
	found force-other high "$STAGE_OWN/sshd_config:2"
	stage_key keyed1
	cp -a /root/sshd_config.sound "$STAGE_OWN/sshd_config"
	audit --user keyed1
	stage_key keyed1 "restrict,command=\"$STAGE_GATE\",expiry-time=\"20990101\""
	assert_status 1
	found layer-none high "who       keyed1"
}

@test "what Match makes of it is sshd's word: for one account, one group, one address" {
	sshd_has "Match User shell4" "	DisableForwarding no" "	AllowTcpForwarding yes" "Match Group partners" \
		"	X11Forwarding yes" "	DisableForwarding no" "	AllowTcpForwarding no" "	AllowStreamLocalForwarding no" \
		"Match Address 198.51.100.0/24" "	PermitTunnel yes" "Match all"
	audit
	assert_status 1
	found forwarding-open high "who       shell4"
	! grep -A1 ': forwarding-open: ' "$out" | grep 'who' | grep -qv 'shell4$' || fail "somebody else, too"
	found x11-open medium "who       member1 member2 member3"
	found tunnel-open high "a client from 198.51.100.0"
	assert_out "tunnel-open: PermitTunnel yes, a client from 198.51.100.0"
}

@test "variables of the client's, and of the account's own" {
	sshd_has "AcceptEnv LANG LD_*" "PermitUserEnvironment LANG,BASH_ENV"
	audit
	assert_status 1
	found accept-env critical "$STAGE_OWN/sshd_config:1"
	found user-environment critical "$STAGE_OWN/sshd_config:2"
	sshd_has "PermitUserEnvironment LANG,LC_*"
	audit
	assert_status 0
	absent user-environment
}

@test "passwords: that let somebody in, and that lie about" {
	sed -i 's/^shell1:[^:]*:/shell1:$6$abcdefgh$1234567890:/' /etc/shadow
	audit
	found password-idle medium "/etc/shadow:$(grep -n ^shell1: /etc/shadow | cut -d: -f1)"
	sshd_has "PasswordAuthentication yes" "PermitEmptyPasswords yes"
	audit
	assert_status 1
	found password-login high "who       shell1"
	found password-global medium "$STAGE_OWN/sshd_config:1"
	found passwords-empty critical "$STAGE_OWN/sshd_config:2"
	sshd_has "PasswordAuthentication yes" "AuthenticationMethods publickey,password"
	audit
	absent password-login
	sshd_has "Match User shell2" "	AuthenticationMethods publickey,password" "Match all"
	audit
	found methods-contradict medium "who       shell2"
	sshd_has "AuthenticationMethods publickey,password"
	audit
	assert_status 1
	found config-refused high "AuthenticationMethods"
}

@test "hosts that say who their users are" {
	sshd_has "HostbasedAuthentication yes" "HostbasedUsesNameFromPacketOnly yes"
	audit
	assert_status 1
	found hostbased high "$STAGE_OWN/sshd_config:1"
	found hostbased-name high "$STAGE_OWN/sshd_config:2"
}

@test "a ChrootDirectory that sshd refuses" {
	sshd_has "Match User jail*" "	ChrootDirectory /home/%u/data" "Match all"
	install -d -o jail1 -g jail1 /home/jail1/data
	install -d /home/jail2/data
	audit
	assert_status 1
	found chroot-bad high 'component "/home/jail1/data"'
	! grep -q 'chroot directory component "/home/jail2' "$out" || fail "a sound one is a finding"
	sshd_has "Match User jail*" "	ChrootDirectory data" "Match all"
	audit
	found chroot-bad high 'ChrootDirectory data does not begin at the root'
}

# ---- sshd ----

@test "what holds for everybody" {
	sshd_has "PermitRootLogin yes" "StrictModes no" "LogLevel QUIET" "LoginGraceTime 0" "MaxSessions 0" \
		"ClientAliveCountMax 0" "MaxAuthTries 9" "MaxStartups 500" "Protocol 2" "Ciphers +3des-cbc"
	audit
	assert_status 1
	found root-login high "$STAGE_OWN/sshd_config:1"
	found strict-modes medium "$STAGE_OWN/sshd_config:2"
	found log-quiet medium "$STAGE_OWN/sshd_config:3"
	found grace-none medium "$STAGE_OWN/sshd_config:4"
	found sessions-none low "$STAGE_OWN/sshd_config:5"
	found alive-count low "$STAGE_OWN/sshd_config:6"
	found tries-many low "$STAGE_OWN/sshd_config:7"
	found startups-many low "$STAGE_OWN/sshd_config:8"
	found keyword-old low "$STAGE_OWN/sshd_config:9"
	found algorithm-weak low "$STAGE_OWN/sshd_config:10"
	found value-shadowed high "the first one holds"
	sshd_has "PermitRootLogin prohibit-password" "LogLevel DEBUG"
	audit
	found root-keys low
	found log-debug low
}

@test "subsystems: without a name, and by a shell" {
	sed -i 's/^Subsystem.*/Subsystem internal-sftp -l INFO/' "$STAGE_OWN/sshd_config"
	audit
	assert_status 1
	found subsystem-nameless high "Subsystem internal-sftp -l INFO"
	cp -a /root/sshd_config.sound "$STAGE_OWN/sshd_config"
	sed -i "s#^Subsystem.*#Subsystem sftp /bin/sh -c 'umask 0022; /usr/lib/openssh/sftp-server'#" "$STAGE_OWN/sshd_config"
	audit
	found subsystem-shell medium
}

@test "subsystems: with options that the policy does not know, for the accounts that have sftp" {
	local line="/usr/lib/openssh/sftp-server -l INFO"
	sed -i "s#^Subsystem.*#Subsystem sftp $line#" "$STAGE_OWN/sshd_config"
	audit
	found subsystem-refused medium "$STAGE_OWN/sshd_config:$(grep -n ^Subsystem "$STAGE_OWN/sshd_config" | cut -d: -f1)"
	grep -q "sftp-subsystem = $line;" "$out" || fail "no fix"
	! grep -A1 'subsystem-refused' "$out" | grep -qw none1 || fail "an account without sftp"
	sed -i "/^docroot = /i sftp-subsystem = $line" "$STAGE_POLICY"
	audit
	absent subsystem-refused
}

@test "lines that do nothing: behind a Match, hidden by another, for nobody" {
	sshd_ends "" "AllowTcpForwarding no" "Match Address !192.0.2.1" "	X11Forwarding yes"
	audit
	assert_status 1
	found line-after-match high "$STAGE_OWN/sshd_config:$(grep -n '^AllowTcpForwarding no' "$STAGE_OWN/sshd_config" | cut -d: -f1)"
	found match-never medium
	mkdir -p /etc/ssh/sshd_config.d
	echo "PermitTunnel no" >/etc/ssh/sshd_config.d/a.conf
	sshd_has "Include sshd_config.d/*.conf" "PermitTunnel yes"
	audit
	found value-shadowed high "/etc/ssh/sshd_config.d/a.conf:1 has no: the first one holds"
	absent tunnel-open
}

@test "who may log in: names of nobody, and numbers" {
	sshd_has "AllowUsers shell* *1 *2 *3 ghost@192.0.2.1 60001" "AllowGroups *"
	audit
	found allow-nobody medium "allowusers ghost"
	found allow-number low "allowusers 60001"
}

@test "a configuration that sshd refuses is a finding, and what it hides is not passed over" {
	sshd_has "" "Colour blue"
	audit
	assert_status 1
	found config-refused high "$STAGE_OWN/sshd_config:2"
	assert_out "could not see: what sshd does for each account"
}

@test "several sshds, each with its own file and options" {
	printf '%s\n' "HostKey $STAGE_OWN/host_key" "ListenAddress 127.0.0.1" "UsePAM no" "Subsystem sftp /usr/lib/openssh/sftp-server" \
		"PasswordAuthentication no" "KbdInteractiveAuthentication no" "PermitRootLogin no" "PermitTunnel no" \
		"AllowTcpForwarding no" "AllowStreamLocalForwarding no" "AllowAgentForwarding no" "PermitUserRC no" \
		"Match User forced*,member*" "	ForceCommand $STAGE_GATE" >/etc/ssh/second_config
	/usr/sbin/sshd -D -f /etc/ssh/second_config -p 39022 -o PidFile=none -o "PermitTunnel yes" 3>&- &
	second=$!
	for ((i = 0; i < 100; i++)); do tr '\0' ' ' <"/proc/$second/cmdline" | grep -q listener && break; sleep 0.05; done
	audit
	kill $second
	assert_status 1
	found tunnel-open high "PermitTunnel yes"
	found option-beats-file medium "/etc/ssh/second_config:8"
	assert_out_line "Restricted users: 20"
}

@test "a file that is younger than its sshd, until sshd is told to read it" {
	local pid
	stage_sshd </root/sshd_lines
	audit
	absent config-newer
	stage_sshd </root/sshd_lines
	pid=$(cat "$STAGE_OWN/sshd.pid")
	sleep 1.1
	touch "$STAGE_OWN/sshd_config"
	sleep 1.1
	audit
	assert_status 0
	found config-newer low "$STAGE_OWN/sshd_config"
	kill -HUP "$pid"
	for ((i = 0; i < 100; i++)); do
		[ "$STAGE_OWN/sshd.pid" -nt "$STAGE_OWN/sshd_config" ] && break
		sleep 0.05
	done
	assert_equal "$(cat "$STAGE_OWN/sshd.pid")" "$pid"
	audit
	absent config-newer
	# the sshd and the file that the other tests put back
	cp -a "$STAGE_OWN/sshd_config" /root/sshd_config.sound
}

# ---- sudo ----

@test "sudo: everything, a program with any arguments, wildcards, and one exact command" {
	rm -rf /etc/sudoers.d && install -d -m 0750 /etc/sudoers.d
	printf '%s\n' 'shell1 ALL=(ALL:ALL) NOPASSWD: ALL' '%partners ALL=(root) NOPASSWD: /usr/bin/rsync' \
		'shell2 ALL=(root) /bin/cat /var/log/*' 'shell3 ALL=(root) /bin/ls /root, !/bin/sh' >/etc/sudoers.d/transfer
	chmod 0440 /etc/sudoers.d/transfer
	audit
	assert_status 1
	found sudo-all critical "/etc/sudoers.d/transfer:1"
	found sudo-program critical "who       member1 member2 member3"
	assert_out "/etc/sudoers.d/transfer:2"
	found sudo-wildcard critical "who       shell2"
	found sudo-some medium "who       shell3"
	! grep -A1 ': sudo-' "$out" | grep -q shell4 || fail "shell4 has no rule"
}

# ---- homes ----

@test "homes that others can write, above and below" {
	chmod g+w /home/shell1
	chown shell3 /home/shell2
	audit
	assert_status 1
	found home-writable high "/home/shell1 can be written by its group"
	assert_out "/home/shell2 belongs to somebody else"
	chmod 0777 /home
	audit
	found home-writable high "/home can be written by everybody"
}

@test "start-up files that the account can write, and its own rc" {
	touch /home/forced1/.bashrc /home/shell1/.profile
	chown forced1 /home/forced1/.bashrc
	chown shell1 /home/shell1/.profile
	touch /home/forced2/.profile
	mkdir /home/forced3/.ssh && touch /home/forced3/.ssh/rc /etc/ssh/sshrc
	audit
	found startup-file medium "who       forced1"
	found startup-idle low "who       shell1"
	found rc-hides-sshrc medium "who       forced3"
	! grep -A1 'startup-file' "$out" | grep -q forced2 || fail "root's own file is a finding"
	chmod 0666 /etc/ssh/sshrc
	audit
	found sshrc medium "chmod go-w /etc/ssh/sshrc"
}

# ---- the host ----

@test "files of /etc that give false assurance, or a way round" {
	echo "$STAGE_GATE" >>/etc/shells
	echo '20240101000000 2 6 100 1535 2 ABCDEF' >/etc/ssh/moduli
	audit
	found shells-listed medium "/etc/shells:$(wc -l </etc/shells)"
	found moduli low "primes of 1536 bits"
	echo 'account required pam_shells.so' >>/etc/pam.d/sshd
	audit
	absent shells-listed
	cp /usr/sbin/sshd /usr/local/sbin/sshd 2>/dev/null || true
	printf '# all\nsshd: ALL\n' >/etc/hosts.deny
	audit
	if grep -aq libwrap.so /usr/sbin/sshd; then absent tcp-wrappers; else found tcp-wrappers medium "/etc/hosts.deny:2"; fi
	rm -f /usr/local/sbin/sshd
}

@test "what a restricted account has running: a listener, a relay; and its jobs" {
	setpriv --reuid=shell1 --regid=shell1 --clear-groups /usr/sbin/sshd -D -h /root/none 3>&- 2>/dev/null &
	setpriv --reuid=shell1 --regid=shell1 --clear-groups perl -MSocket -e 'socket(S, PF_INET, SOCK_STREAM, 0);
		bind(S, sockaddr_in(39077, inet_aton("127.0.0.1"))) or die; listen(S, 1); $0 = "x"; sleep 60' 3>&- &
	listener=$!
	cp "$(command -v sleep)" "$STAGE_PROGRAMS/socat"
	setpriv --reuid=shell2 --regid=shell2 --clear-groups "$STAGE_PROGRAMS/socat" 60 3>&- &
	relay=$!
	install -d /var/spool/cron/crontabs
	for ((i = 0; i < 100; i++)); do grep -qi ':98A5 ' /proc/net/tcp && break; sleep 0.05; done
	mkdir -p /root/cron && mount --bind /root/cron /var/spool/cron/crontabs && echo '* * * * * id' >/root/cron/shell3
	audit
	kill $listener $relay
	umount /var/spool/cron/crontabs
	assert_status 1
	found listening critical "listens on TCP port 39077"
	found tunnel-process medium "socat runs"
	found cron-jobs low "who       shell3"
}

# ---- how it is said ----

@test "JSON, severities, one account, and a plan that sh can read and that edits nothing of sshd's" {
	stage_shell shell1 /bin/bash
	sshd_has "PermitTunnel yes" "MaxAuthTries 9"
	audit --json
	assert_status 1
	perl -MJSON::PP -0e '$j = decode_json(<STDIN>); die unless $j->{schema} == 1 && $j->{summary}{restricted} == 20
		&& @{$j->{accounts}} == 20 && $j->{findings}[0]{severity} eq "high" && $j->{findings}[0]{accounts}[0] eq "shell1"
		&& @{$j->{unseen}} == 0; print "fine"' <"$out" || fail "not the JSON that the page has"
	audit --severity critical
	assert_status 1
	absent layer-none
	assert_out_line "Insecure users: 20"
	audit --user shell2 --severity hig
	! grep -q shell1 "$out" || fail "another account"
	audit --fix-plan
	assert_status 1
	sh -n "$out" || fail "sh cannot read it"
	assert_out_line "usermod -s $STAGE_GATE shell1"
	! grep -v '^#' "$out" | grep sshd_config | grep -v '^sshd -t' || fail "a command that touches sshd's configuration"
	audit --user nobody-at-all
	assert_status 71
	audit --severity worse
	assert_status 64
}

@test "what cannot be seen is said, and is no pass: no shadow, no policy, no sshd, not root" {
	mount --bind /root /etc/shadow 2>/dev/null || { rm /etc/shadow && mkdir /etc/shadow; }
	audit
	rmdir /etc/shadow
	assert_status 71
	assert_out "could not see: /etc/shadow"
	cp -a /root/etc.sound/shadow /etc/shadow
	mv "$STAGE_POLICY" "$STAGE_POLICY.away"
	audit
	mv "$STAGE_POLICY.away" "$STAGE_POLICY"
	assert_status 71
	assert_out "could not see: what the policy says"
	try stage_as own1 "$STAGE_TOOL" audit
	assert_status 71
	assert_out "could not see: /etc/shadow: Permission denied"
	echo 'shell1 ALL=(ALL) ALL' >/etc/sudoers && chmod 0440 /etc/sudoers
	mount --bind /dev/null "$(command -v sudo)"
	audit
	umount "$(command -v sudo)"
	assert_status 71
	assert_out "could not see: what sudo lets accounts do"
}

@test "accounts that no file has: those of the name service switch" {
	grep -q '^passwd:.*systemd' /etc/nsswitch.conf || skip "no nss-systemd here"
	mkdir -p /etc/userdb
	echo "{\"userName\":\"dynamo\",\"uid\":71000,\"gid\":71000,\"homeDirectory\":\"/home/dynamo\",
		\"shell\":\"$STAGE_GATE\",\"disposition\":\"regular\"}" >/etc/userdb/dynamo.user
	ln -s dynamo.user /etc/userdb/71000.user
	getent passwd | grep -q ^dynamo: || skip "nss-systemd does not list /etc/userdb"
	audit
	found policy-none medium "who       dynamo"
	assert_out_line "Restricted users: 21"
	printf '[user dynamo]\n' >>"$STAGE_POLICY"
	sed -i 's/^\(passwd:.*\)/\1 hesiod/' /etc/nsswitch.conf
	audit
	rm -rf /etc/userdb
	absent policy-none
	assert_out "could not see: passwd: nsswitch.conf names a source"
}

@test "the worked example of README is what is printed" {
	local shown=$BATS_TEST_TMPDIR/shown
	awk '/^\$ sallyport audit$/ { on = 1 } /^```/ { on = shown = 0 } on && /^(critical|high): / { shown = 1 } shown' "$STAGE_CHECKOUT/README.md" >"$shown"
	[ "$(grep -c '^critical\|^high' "$shown")" = 2 ] || fail "README has no example"
	stage_shell shell1 /bin/bash
	sed -i 's/^Subsystem.*/Subsystem sftp internal-sftp/' "$STAGE_OWN/sshd_config"
	audit --user shell1
	cp "$out" "$BATS_TEST_TMPDIR/printed"
	audit --user shell2
	cat "$out" >>"$BATS_TEST_TMPDIR/printed"
	sed -i -e 's/shell1/alice/g; s/shell2/bob/g' -e "s#$STAGE_OWN/sshd_config:[0-9][0-9]*#/etc/ssh/sshd_config:12#" \
		-e "s#$STAGE_OWN/sshd_config#/etc/ssh/sshd_config#g" -e "s#$STAGE_GATE#/usr/local/bin/sallyport-shell#g" \
		-e 's#/etc/passwd:[0-9]*#/etc/passwd:31#' "$BATS_TEST_TMPDIR/printed"
	while IFS= read -r line; do
		grep -qxF -- "$line" "$BATS_TEST_TMPDIR/printed" || fail "README says, and nothing else does: $line"
	done < <(grep . "$shown")
}

@test "an sshd among other mounts is named and not judged by these" {
	printf '%s\n' "HostKey $STAGE_OWN/host_key" "ListenAddress 127.0.0.1" "PermitTunnel yes" >/etc/ssh/other_config
	unshare --mount /usr/sbin/sshd -D -f /etc/ssh/other_config -p 39033 -o PidFile=none 3>&- &
	for ((i = 0; i < 100; i++)); do pid=$(pgrep -f 'other_config.*listener') && break; sleep 0.05; done
	audit
	kill "$pid"
	assert_status 71
	assert_out "could not see: sshd, process $pid: it lives among other mounts"
	absent tunnel-open
}

@test "no sshd at all: its part is not seen, the rest is" {
	stage_sshd_stop
	mount -n --bind /dev/null /usr/sbin/sshd
	sed -i 's/^shell1:[^:]*:/shell1::/' /etc/shadow
	audit
	umount -n /usr/sbin/sshd
	assert_status 1
	assert_out "could not see: sshd: none runs, and none is installed"
	found empty-password critical "who       shell1"
}
