#!/usr/bin/env bats
# Goal: every system call of a session may fail, and no session is half confined for it. Each call that the gate makes
# from its start to the exec fails with each error of its manual page (errnos.tsv); what reads and writes does so in part;
# what says "done" has done nothing; each allocation fails. Either nothing is executed and the reason is said, or the
# program finds itself confined as without the fault (I4 I5). fault.h says how.

load lib

FAULT=$STAGE_OWN/fault
PROBE=$STAGE_PROGRAMS/probe
GATE_ALLOCATES=$STAGE_OWN/allocates/sallyport-shell
WAYS=(namespace chroot landlock)

setup_file() {
	[ "$(uname -m)" = x86_64 ] || skip "fault-session.c knows the registers of x86-64 alone"
	e2e_setup
	RESULTS=$BATS_FILE_TMPDIR/results
	export RESULTS
	helpers
	outside
	for way in "${WAYS[@]}"; do accounts "$way"; done
	name_service
	policy
	"$STAGE_TOOL" slots >/dev/null
	"$STAGE_TOOL" docroot prepare >/dev/null
	sessions >"$BATS_FILE_TMPDIR/sessions"
	attack "$STAGE_CHECKOUT/tests/e2e/lies-known.tsv" "$BATS_FILE_TMPDIR/sessions"
	# The same account in a pinned view, or built if that fails: what is mounted there is private already.
	of_gate pinned namespace "$STAGE_GATE" >"$BATS_FILE_TMPDIR/pinned"
	grep -v '^mount' "$STAGE_CHECKOUT/tests/e2e/lies-known.tsv" >"$BATS_FILE_TMPDIR/lies-known.tsv"
	mkdir -p /run/sallyport
	FAULT_PREPARE="mount -n -t tmpfs -o mode=755 run /run/sallyport && $STAGE_TOOL view pin --here >/dev/null" \
		attack "$BATS_FILE_TMPDIR/lies-known.tsv" "$BATS_FILE_TMPDIR/pinned"
	grep '^all: ' "$RESULTS" | sed 's/^/# /' >&3
}

# What it finds is for the tests to say.
attack() { # LIES SESSIONS
	"$FAULT" -j 2 "$STAGE_CHECKOUT/tests/e2e/errnos.tsv" "$1" "$2" >>"$RESULTS" 3>&- || true
}

helpers() {
	stage_compile fault-probe.c "$PROBE"
	(
		cd "$STAGE_CHECKOUT/tests/e2e" &&
			"${CC:-gcc}" -std=gnu17 -O1 -Wall -Wextra -Werror -static -o "$FAULT" fault.c fault-table.c \
				fault-session.c fault-facts.c fault-cut.c fault-judge.c -lseccomp
	) || stage_die "fault.c does not compile"
	stage_make build/stage/fault/sallyport-shell
	mkdir "${GATE_ALLOCATES%/*}"
	cp "$STAGE_CHECKOUT/build/stage/fault/sallyport-shell" "$GATE_ALLOCATES"
	setcap "$(getcap "$STAGE_GATE" | cut -d' ' -f2)" "$GATE_ALLOCATES"
}

# What no session may reach.
outside() {
	chmod 755 /srv
	install -d -m 755 /srv/outside
	echo secret >/srv/outside/secret
	install -m 666 /dev/null /srv/outside/open
}

# Three accounts for each isolation: one whose sftp is executed in place, one whose sftp is heard, and one with all else
# that makes the gate stay. They have one docroot, in which they read, and where mounts can tell it apart a directory in it
# to which they write.
accounts() { # WAY
	local user docroot=/srv/$1
	install -d -m 755 "$docroot" "$docroot/in"
	for user in "$1-plain" "$1-many" "$1-heard"; do
		stage_user "$user" "$STAGE_GATE"
		echo secret >"/home/$user/secret"
	done
	echo content | tee "$docroot/file" >"$docroot/in/file"
	chown -R "$1-plain:" "$docroot/file" "$docroot/in"
	# as sshd tells which key was used; fault-session.c puts the name into the environment
	stage_client_files
	user=$1-many file=/tmp/sshauth.$(printf '%015d' "$(id -u "$1-many")")
	printf 'publickey %s\n' "$(cut -d' ' -f1,2 "$STAGE_OWN/client/id.pub")" >"$file"
	chown "$user:" "$file"
	echo "$file" >>"$BATS_FILE_TMPDIR/identities"
}

# An account that is in no file: the gate asks getent for it.
name_service() {
	stage_user service-plain "$STAGE_GATE"
	mkdir /opt/nss
	grep '^service-plain:' /etc/passwd >/opt/nss/account
	sed -i '/^service-plain:/d' /etc/passwd
	"${CC:-gcc}" -std=gnu17 -O1 -Wall -Wextra -Werror -shared -fPIC -o /opt/nss/libnss_fault.so.2 \
		"$STAGE_CHECKOUT/tests/e2e/fault-nss.c" || stage_die "fault-nss.c does not compile"
	echo /opt/nss >/etc/ld.so.conf.d/fault.conf
	ldconfig
	echo 'passwd: files fault' >/etc/nsswitch.conf
	getent passwd "$(cut -d: -f3 /opt/nss/account)" | grep -q '^service-plain:' || stage_die "the name service is not asked"
}

teardown_file() {
	[ ! -f "$BATS_FILE_TMPDIR/identities" ] || xargs -r rm -f <"$BATS_FILE_TMPDIR/identities"
}

policy() {
	local way
	{
		cat <<-END
			[defaults]
			commands = sftp rsync
			access = read-only
			program sftp = $PROBE
			program rsync = $PROBE
			[key laptop]
			fingerprint = $(ssh-keygen -lf "$STAGE_OWN/client/id.pub" | cut -d' ' -f2)
			max-sessions = 3
		END
		printf '[user service-plain]\ndocroot = /srv/landlock\nisolation = landlock\n'
		for way in "${WAYS[@]}"; do
			cat <<-END
				[user $way-plain]
				isolation = $way
				docroot = /srv/$way
				$([ "$way" != namespace ] || echo "access /in = upload overwrite mkdir")
				[user $way-heard]
				isolation = $way
				docroot = /srv/$way
				$([ "$way" != namespace ] || echo "access /in = upload overwrite mkdir")
				log-transfers = yes
				[user $way-many]
				isolation = $way
				docroot = /srv/$way
				$([ "$way" != namespace ] || echo "access /in = upload overwrite mkdir")
				keys = laptop
				key-identity = yes
				max-duration = 10m
				max-sessions = 3
				nice = 1
				limit files = 256
				limit file-size = 1G
				log-required = yes
			END
		done
	} | stage_policy
}

# What is asked for, by whom, and of which gate.
sessions() {
	local way
	for way in "${WAYS[@]}"; do of_gate "$way" "$way" "$STAGE_GATE"; done
	of_gate user-namespace namespace "$GATE_WITHOUT_CAPS"
	of_gate bare-landlock landlock "$GATE_WITHOUT_CAPS"
	# without a limit: no process namespace, and the gate sweeps up
	echo "sweep-fork $(id -u landlock-plain) grant - $STAGE_GATE rsync --server --sender -e.L . file"
	echo "getent-plain $(cut -d: -f3 /opt/nss/account) grant - $STAGE_GATE internal-sftp"
	for way in "${WAYS[@]}"; do of_gate "$way-memory" "$way" "$GATE_ALLOCATES"; done
}

of_gate() { # NAME WAY GATE
	cat <<-END
		$1-plain $(id -u "$2-plain") grant - $3 internal-sftp
		$1-denied $(id -u "$2-plain") deny - $3 id; id
		$1-fork $(id -u "$2-many") grant log $3 rsync --server --sender -e.L . file
		$1-key $(id -u "$2-many") grant log $3 internal-sftp
		$1-heard $(id -u "$2-heard") grant - $3 internal-sftp
	END
}

# assert_sound NAME [KINDS]: there were sessions of that name, and none of them is a finding.
assert_sound() {
	grep "^$1-[a-z]*: [0-9]* calls, " "$RESULTS" | sed 's/^/# /' >&3
	! grep "^$1-[a-z]*: process" "$RESULTS" >&2 || return 1
	[ "$(grep -c "^$1-[a-z]*: [0-9]* calls, [1-9].* 0 findings\$" "$RESULTS")" = "${2:-5}" ] || { tail -n 30 "$RESULTS" >&2; return 1; }
}

@test "namespace, with file capabilities: refused with a reason, or confined" { assert_sound namespace; }
@test "namespace, in a pinned view: the same" {
	assert_sound pinned
	[ "$(sed -n 's/^pinned-plain: \([0-9]*\) calls.*/\1/p' "$RESULTS")" -lt \
		"$(sed -n 's/^namespace-plain: \([0-9]*\) calls.*/\1/p' "$RESULTS")" ] || fail "the view was built"
}
@test "namespace, in a user namespace: the same" { assert_sound user-namespace; }
@test "chroot: the same" { assert_sound chroot; }
@test "landlock: the same" { assert_sound landlock; }
@test "landlock, by a gate without capabilities: the same" { assert_sound bare-landlock; }
@test "landlock, by a parent that sweeps up: the same" { assert_sound sweep 1; }
@test "an account that getent has to be asked for: the same" { assert_sound getent 1; }

@test "every allocation that fails: the same" {
	local way
	for way in "${WAYS[@]}"; do assert_sound "$way-memory"; done
}

@test "what lies and is not seen through is in lies-known.tsv, and nothing else" {
	[ "$(grep -c '^lies-known.tsv: ' "$RESULTS")" = 0 ] || fail "$(grep '^lies-known.tsv: ' "$RESULTS")"
	[ "$(grep -c '^all: .* 0 findings$' "$RESULTS")" = 2 ] || fail "$(tail -n 20 "$RESULTS")"
}
