#!/usr/bin/env bats
# Goal: a granted program that turned hostile gets nowhere. Every row of escape-*.c is tried unconfined first; what does
# not succeed there, as the account or as root, proves nothing and is not counted. What succeeded is tried again through
# the gate, in every isolation, under every filter, and must be held. What an isolation does not hold is in
# escape-known.tsv with its reason, and SECURITY says the same; a line there that is held after all is a failure too.

load lib

# Isolation, gate, and the account's directory as the program sees it.
WAYS=(
	'namespace capabilities /files'
	'namespace pinned-view /files'
	'namespace user-namespace /files'
	'chroot capabilities /data'
	'chroot user-namespace /data'
	'landlock capabilities /srv/alice/data'
	'landlock none /srv/alice/data'
)

# What starts the program under each of the filters (sandbox/syscalls.c).
command_of() {
	case $1 in
	plain) echo internal-sftp ;;
	fork) echo run ;;
	spawn) echo "git-receive-pack x" ;;
	net) echo "ascp -S. -V1" ;;
	esac
}
PROFILES=(plain fork spawn net)

LEAST=100          # rows that count
MOST_OF_A_CALL=3
OUTSIDE=/srv/outside
DATA=/srv/alice/data    # the account's own directory

setup_file() {
	e2e_setup
	ESCAPE=$STAGE_PROGRAMS/escape
	WORLD=$STAGE_OWN/escape-world
	KNOWN=$STAGE_CHECKOUT/tests/e2e/escape-known.tsv
	FACTS=$BATS_FILE_TMPDIR/facts
	RESULTS=$BATS_FILE_TMPDIR/results
	export ESCAPE WORLD KNOWN FACTS RESULTS
	# all but the world, which is a program of its own
	mapfile -t sources < <(cd "$STAGE_CHECKOUT/tests/e2e" && printf "%s\n" escape-[!w]*.c)
	stage_compile escape.c "$ESCAPE" "${sources[@]}"
	# A program that starts others may start its loader, too: where git stands there is one.
	(cd "$STAGE_CHECKOUT/tests/e2e" && "${CC:-gcc}" -std=gnu17 -O1 -o "$ESCAPE-dynamic" escape.c "${sources[@]}") ||
		stage_die "escape.c does not compile"
	stage_compile escape-world.c "$WORLD"
	stage_user bob /bin/sh
	stage_docroot $OUTSIDE alice
	chown root:root "${DATA%/*}" && chmod 0755 "${DATA%/*}"
	stage_docroot $DATA alice
	chmod 0755 $OUTSIDE
	uploads
	world
	policy namespace
	another_session
	: >"$RESULTS"
}

# What an account would upload: programs, static and not, and a script.
uploads() {
	install -m 0755 -o alice "$ESCAPE" $DATA/uploaded
	printf '%s\n' '#include <stdio.h>' 'int main(int argc, char *argv[])' \
		'{ return printf("escaped %s\n", argv[argc - 1]) < 0; }' |
		"${CC:-gcc}" -x c -o $DATA/uploaded-dynamic -
	printf '#!/bin/sh\necho escaped exec-script\n' >$DATA/script
	chmod 0755 $DATA/script $DATA/uploaded-dynamic
	install -m 4755 "$ESCAPE" "$ESCAPE-setuid"
	setcap all=p "$ESCAPE-setuid"
}

# The victim, and all that attempts have to know of what lies outside.
world() {
	"$WORLD" reset $OUTSIDE $DATA "$(id -u alice)"
	setpriv --reuid=alice --regid=alice --init-groups --inh-caps=-all -- \
		"$WORLD" serve $OUTSIDE $DATA >"$FACTS" </dev/null 3>&- &
	stage_wait_for "$FACTS" '^ready' $! || stage_die "the world does not begin"
	sed -i '/^ready/d' "$FACTS"
	chmod 0755 "$BATS_RUN_TMPDIR" "${BATS_FILE_TMPDIR%/*}" "$BATS_FILE_TMPDIR"
	echo temporary >"$BATS_FILE_TMPDIR/temporary"
	cat >>"$FACTS" <<-END
		set outside $OUTSIDE
		set temporary $BATS_FILE_TMPDIR/temporary
		set setuid-file $ESCAPE-setuid
		set loader $(ldd $DATA/uploaded-dynamic | grep -o '/[^ ]*/ld-[^ ]*')
		set other $(id -u bob)
	END
}

# A second session of the same account, through the gate, that does nothing but be there.
another_session() {
	local fifo=$BATS_FILE_TMPDIR/fifo told=$BATS_FILE_TMPDIR/session
	mkfifo "$fifo"
	exec 9<>"$fifo"
	setpriv --reuid=alice --regid=alice --init-groups --inh-caps=-all -- \
		env -i SSH_CONNECTION="192.0.2.7 50000 192.0.2.1 22" "$STAGE_GATE" -c 'scp -t x' \
		<"$fifo" >"$told" 2>&1 3>&- 9>&- &
	stage_wait_for "$told" '^umask' $! || { cat "$told" >&2; stage_die "the other session does not begin"; }
	echo "set session $!" >>"$FACTS"
}

# Every verb and every program: the most that a session may have.
policy() { # ISOLATION
	local docroot=$DATA start=/
	# a prepared docroot is root's; the account's directory lies in it
	[ "$1" != chroot ] || { docroot=${DATA%/*} start=/${DATA##*/}; }
	stage_policy <<-END
		[user alice]
		docroot = $docroot
		start = $start
		isolation = $1
		commands = sftp scp git aspera run
		access = full
		program sftp = $ESCAPE
		program scp = $STANDIN
		program git = $ESCAPE-dynamic
		program ascp = $ESCAPE
		program ascp4 = $ESCAPE
		program async = $ESCAPE
		program ascmd = $ESCAPE

		[command run]
		program = $ESCAPE
		template = run
		argv = run
		verbs = download upload overwrite list mkdir rename delete
	END
	[ "$1" != chroot ] || "$STAGE_TOOL" docroot prepare >"$BATS_TEST_TMPDIR/prepared" || {
		cat "$BATS_TEST_TMPDIR/prepared"
		return 1
	}
}

# try_rows DOCROOT OUTPUT COMMAND…: each of ${rows[@]} once, by sessions of COMMAND, as many as it takes: one that is
# killed had no answer, and the next goes on behind it.
try_rows() {
	local docroot=$1 output=$2 left=("${rows[@]}") answers=$BATS_TEST_TMPDIR/answers terminal answered rc
	shift 2
	terminal=$(sed -n 's/^set terminal //p' "$FACTS")
	while [ ${#left[@]} -gt 0 ]; do
		"$WORLD" reset $OUTSIDE $DATA "$(id -u alice)" || return
		{ cat "$FACTS"; echo "set docroot $docroot"; printf '%s\n' "${left[@]}"; } >"$BATS_TEST_TMPDIR/in"
		rc=0
		"$@" <"$BATS_TEST_TMPDIR/in" >"$answers" 2<>"$terminal" 3>&- 5<$OUTSIDE 6<$OUTSIDE/secret \
			7</proc/self/ns/uts || rc=$?
		cat "$answers" >>"$output"
		answered=$(wc -l <"$answers")
		case $rc in
		159) echo "held ${left[answered]} SIGSYS" ;;
		142) echo "hung ${left[answered]}" ;;
		*) [ "$rc" = 0 ] && [ "$answered" -gt 0 ] || echo "broken ${left[answered]} status $rc" ;;
		esac >>"$output"
		[ "$rc" = 0 ] && [ "$answered" -gt 0 ] || answered=$((answered + 1))
		left=("${left[@]:answered}")
	done
}

rows_of() { "$ESCAPE" --list | awk -v who="$1" '$4 == who { print $1 }'; }

comment() { sed 's/^/# /' >&3; }

@test "rows: at most $MOST_OF_A_CALL a system call, names that are names, and enough of them" {
	"$ESCAPE" --list >"$BATS_TEST_TMPDIR/list"
	awk -v most=$MOST_OF_A_CALL 'NF != 4 || seen[$1]++ { print "wrong: " $0 } { calls[$3]++ }
		END { for (call in calls) if (calls[call] > most) print call ": " calls[call] " rows" }' \
		"$BATS_TEST_TMPDIR/list" >"$BATS_TEST_TMPDIR/wrong"
	[ ! -s "$BATS_TEST_TMPDIR/wrong" ] || fail "$(cat "$BATS_TEST_TMPDIR/wrong")"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/list")" -ge $LEAST ]
	cut -d" " -f1 "$BATS_TEST_TMPDIR/list" >"$BATS_TEST_TMPDIR/names"
	grep -v "^#" "$KNOWN" | cut -f1 | sort -u | grep -vxFf "$BATS_TEST_TMPDIR/names" >"$BATS_TEST_TMPDIR/wrong" || true
	[ ! -s "$BATS_TEST_TMPDIR/wrong" ] || fail "known, but no row: $(cat "$BATS_TEST_TMPDIR/wrong")"
	awk '{ groups[$2]++ } END { for (group in groups) printf "%s %d  ", group, groups[group]; print "" }' \
		"$BATS_TEST_TMPDIR/list" | comment
}

@test "unconfined: what counts succeeds, as the account or as root" {
	local free=$BATS_FILE_TMPDIR/free
	: >"$free"
	mapfile -t rows < <(rows_of account)
	try_rows $DATA "$free" stage_as alice env -i "$ESCAPE"
	mapfile -t rows < <(rows_of root)
	try_rows $DATA "$free" env -i "$ESCAPE"
	sed -n 's/^escaped //p' "$free" >"$BATS_FILE_TMPDIR/counted"
	assert_equal "$(wc -l <"$free")" "$("$ESCAPE" --list | wc -l)" answers
	! grep '^broken\|^hung\| ETIMEDOUT' "$free" || fail "rows that do not answer"
	echo "not counted, for they do not succeed unconfined here: $(sed -n 's/^held //p' "$free" | paste -sd,)" | comment
	[ "$(wc -l <"$BATS_FILE_TMPDIR/counted")" -ge $LEAST ] || fail "fewer than $LEAST rows succeed unconfined"
}

# way ISOLATION GATE DOCROOT: under every filter.
way() {
	local isolation=$1 gate=$STAGE_GATE one=$BATS_TEST_TMPDIR/one profile
	case $2 in
	capabilities) ;;
	pinned-view) "$STAGE_TOOL" view pin >/dev/null || return ;;
	*) gate=$GATE_WITHOUT_CAPS ;;
	esac
	policy "$isolation" || return
	for profile in "${PROFILES[@]}"; do
		: >"$one"
		try_rows "$3" "$one" stage_as alice env -i SSH_CONNECTION="192.0.2.7 50000 192.0.2.1 22" \
			"$gate" -c "$(command_of "$profile")" || return
		sed "s/^/$1 $2 $profile /" "$one" >>"$RESULTS"
	done
	# fresh behind it, too: the sessions have used it
	[ "$2" != pinned-view ] || { "$STAGE_TOOL" view check >/dev/null && "$STAGE_TOOL" view unpin; }
}

@test "confined: every row is tried in every isolation, under every filter" {
	local way
	mapfile -t rows <"$BATS_FILE_TMPDIR/counted"
	for way in "${WAYS[@]}"; do
		# shellcheck disable=SC2086 # words
		way $way || fail "$way"
	done
	! grep ' broken \| hung \| ETIMEDOUT' "$RESULTS" || fail "rows that do not answer"
	assert_equal "$(wc -l <"$RESULTS")" $((${#rows[@]} * ${#WAYS[@]} * ${#PROFILES[@]})) answers
}

# judge: reads RESULTS and the known exceptions; prints what is wrong.
judge() {
	awk -F'\t' -v abi="$("$ESCAPE" --landlock)" -v release="$(uname -r)" '
	function version(text, part) { split(text, part, "[.-]"); return part[1] * 1000 + part[2] }
	function applies(when) {
		return when == "always" || (when ~ /^landlock</ && abi < substr(when, 10) + 0) ||
			(when ~ /^linux</ && version(release) < version(substr(when, 7)))
	}
	FNR == NR { if ($0 !~ /^#/ && $0 != "" && applies($4)) { known[$1, $2, $3] = 1 } next }
	{
		split($0, w, " ")
		row = w[5]; isolation = w[1]; profile = w[3]; key = ""
		for (i = 0; i < 4 && key == ""; i++) {
			k = row SUBSEP (i % 2 ? "*" : isolation) SUBSEP (i > 1 ? "*" : profile)
			if (k in known) key = k
		}
		if (w[4] == "escaped" && key == "") print "ESCAPED: " $0
		if (w[4] == "held" && key != "") print "known to escape, but held: " $0
		if (key != "") used[key] = 1
		tried[row] = 1
	}
	END {
		for (k in known) {
			split(k, part, SUBSEP)
			if (part[1] in tried && !(k in used)) print "known, but nothing like it was tried: " part[1], part[2], part[3]
		}
	}' "$KNOWN" "$1"
}

@test "confined: nothing escapes but what is known to, and all that is known does" {
	[ -s "$RESULTS" ]
	judge "$RESULTS" >"$BATS_TEST_TMPDIR/wrong"
	[ ! -s "$BATS_TEST_TMPDIR/wrong" ] || fail "$(cat "$BATS_TEST_TMPDIR/wrong")"
	# a row is held when it is so everywhere, or everywhere but where an exception is known
	local held
	held=$(awk '$4 == "held" { print $5 }' "$RESULTS" | sort -u | wc -l)
	[ "$held" -ge $LEAST ] || fail "only $held rows are held"
}

@test "the judge: an escape, and an exception that is none, are found" {
	local planted=$BATS_TEST_TMPDIR/planted
	awk '$4 == "held" && !done { $4 = "escaped"; done = 1 } { print }' "$RESULTS" >"$planted"
	judge "$planted" | grep -q '^ESCAPED' || fail "a planted escape goes unseen"
	sed 's/ escaped / held /' "$RESULTS" >"$planted"
	judge "$planted" | grep -q '^known to escape, but held' || fail "a stale exception goes unseen"
}

@test "how many" {
	awk -v rows="$(wc -l <"$BATS_FILE_TMPDIR/counted")" -v profiles=${#PROFILES[@]} -v ways=${#WAYS[@]} '
	{ n[$4]++ } $4 == "held" && $6 == "SIGSYS" { killed++ } { all++ }
	END {
		printf "%d rows x %d filters x %d isolations = %d attempts: %d held (%d of them killed), %d known to escape\n",
			rows, profiles, ways, all, n["held"], killed, n["escaped"]
	}' "$RESULTS" | comment
	[ "$(grep -c ' held ' "$RESULTS")" -gt 0 ]
}
