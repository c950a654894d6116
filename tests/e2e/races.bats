#!/usr/bin/env bats
# Goal: whoever holds the account changes directories under a session that begins, as fast as the kernel lets them: the
# start directory, one that a rule names, and one above it, each with a link that leads out of the docroot. The session is
# where it should be and reaches nothing outside, or it is refused (I2 I4).

load lib

OUTSIDE=/srv/outside
SESSIONS=40

setup_file() {
	e2e_setup
	[ "$(uname -m)" = x86_64 ] || skip "renameat2(2) by its number there"
}

setup() {
	rm -rf /srv/jail $OUTSIDE
	install -d -m 0755 /srv/jail $OUTSIDE $OUTSIDE/in
	install -d -o alice /srv/jail/hers /srv/jail/hers/data /srv/jail/hers/data/in
	install -m 0644 /dev/null $OUTSIDE/outside
	install -m 0644 /dev/null $OUTSIDE/in/outside
	install -o alice /dev/null /srv/jail/hers/data/inside
	install -o alice /dev/null /srv/jail/hers/data/in/inside
	chown alice $OUTSIDE $OUTSIDE/in $OUTSIDE/outside # the verbs would do: only the place forbids it
	ln -s $OUTSIDE /srv/jail/hers/link
	ln -s $OUTSIDE/in /srv/jail/hers/data/link
	chown -h alice /srv/jail/hers/link /srv/jail/hers/data/link
	cd "$BATS_TEST_TMPDIR"
}

teardown() { [ -z "${swapper:-}" ] || kill "$swapper"; }

# policy ISOLATION ACCESS…: start and rules for a docroot that is alice's own, or lies in a prepared one.
policy() {
	local isolation=$1 docroot=/srv/jail/hers beneath=
	shift
	[ "$isolation" != chroot ] || { docroot=/srv/jail beneath=/hers; }
	{
		printf '%s\n' "[user alice]" "docroot = $docroot" "isolation = $isolation" "commands = sftp" "local = yes" \
			"program sftp = $STANDIN" "start = $beneath${START:-/}"
		printf '%s\n' "${@//BENEATH/$beneath}"
	} | stage_policy
	[ "$isolation" != chroot ] || "$STAGE_TOOL" docroot prepare >/dev/null
}

# Two names change places, for as long as the test lasts.
swap() {
	setpriv --reuid=alice --regid=alice --init-groups --inh-caps=-all -- \
		perl -e 'for (;;) { syscall(316, -100, $ARGV[0], -100, $ARGV[1], 2) }' "$1" "$2" \
		</dev/null >/dev/null 2>&1 3>&- &
	swapper=$!
}

stop() { kill "$swapper" && wait "$swapper" || true; swapper=; }

# sessions GATE: as many as there are to be; in none is anything outside seen, read or made. Counts those that began.
sessions() {
	local i
	began=0 refused=0
	for ((i = 0; i < SESSIONS; i++)); do
		try stage_as alice env -i "$1" -c internal-sftp
		case $status in
		0) began=$((began + 1)) && assert_ran && refute_out "entry outside" && refute_out "stat outside: ok" || return ;;
		71 | 78) refused=$((refused + 1)) && assert_silent || return ;;
		*) fail "neither inside nor refused" || return ;;
		esac
		assert_equal "$(find $OUTSIDE | sort | tr '\n' ' ')" \
			"$OUTSIDE $OUTSIDE/in $OUTSIDE/in/outside $OUTSIDE/outside " "what lies outside" || return
	done
	total_began=$((total_began + began)) total_refused=$((total_refused + refused))
}

# everywhere FUNCTION: in each isolation, with capabilities and without. Some sessions begin, or nothing was tried.
everywhere() {
	local isolation gate
	total_began=0 total_refused=0
	for isolation in namespace landlock chroot; do
		"$1" $isolation || return
		for gate in "$STAGE_GATE" "$GATE_WITHOUT_CAPS"; do
			sessions "$gate" || fail "$isolation, $gate" || return
			[ "$began" -gt 0 ] || fail "$isolation, $gate: none began" || return
		done
	done
	echo "# $total_began began, $total_refused were refused" >&3
}

# In the start directory, and by its name.
@test "a start directory that changes places with a link" {
	begin_in_data() { START=/data policy "$1" "access = full"; }
	attempts "stat outside" "list ." "read outside" "create made" "unlink outside" "list ../link" "read ../link/outside"
	swap /srv/jail/hers/data /srv/jail/hers/link
	everywhere begin_in_data
	stop
	[ "$total_refused" -gt 0 ] || fail "no race"
}

rule_for_in() { START=/ policy "$1" "access = list overwrite" "access BENEATH/data/in = download upload mkdir delete"; }
in_rules=("list data/in" "read data/in/outside" "create data/in/made" "unlink data/in/outside" "list hers/data/in"
	"create hers/data/in/made" "unlink hers/data/in/outside")

@test "a directory that a rule names, and that changes places with a link" {
	attempts "${in_rules[@]}"
	swap /srv/jail/hers/data/in /srv/jail/hers/data/link
	everywhere rule_for_in
	stop
	[ "$total_refused" -gt 0 ] || fail "no race"
}

@test "the directory above it changes places with a link" {
	attempts "${in_rules[@]}"
	swap /srv/jail/hers/data /srv/jail/hers/link
	everywhere rule_for_in
	stop
	[ "$total_refused" -gt 0 ] || fail "no race"
}
