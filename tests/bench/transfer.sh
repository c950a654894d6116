#!/bin/bash
# transfer.sh - transfer rates, confined against bare, over a real sshd on loopback: `make bench BENCH_TRANSFER=1`.
# Runs of the two alternate; the median of each counts. Files lie in memory, so that no disk hides the gate. `direct` is
# rsync without sshd and ssh between: two processes fewer that share the processors, and no cipher that hides anything.
# shellcheck source=tests/stage.sh disable=SC1091
. "${0%/*}/../stage.sh"
stage_enter "$@"
set -eu
# shellcheck source=tests/bench/ground.sh disable=SC1091,SC2154
. tests/bench/ground.sh
repeats=${BENCH_REPEATS:-9}
mib=${BENCH_MIB:-1024}
files=${BENCH_FILES:-20000}

ground
stage_user plain /bin/sh
stage_docroot /srv/plain plain
stage_key bench
stage_key plain
stage_sshd <<<"Ciphers aes128-gcm@openssh.com" # the cheapest: the cipher is the same for both
own=/srv/own
mkdir -p $own/large $own/small $own/back
head -c "${mib}M" /dev/urandom >$own/large/file
for ((i = 0; i < files; i++)); do
	((i % 200)) || mkdir $own/small/$((i / 200))
	echo "$i" >$own/small/$((i / 200))/$i
done

# In ssh's place: what sshd would start, by the account itself.
direct() { # ACCOUNT WORDS…: the command comes behind them as one word
	local account=$1
	shift
	printf '#!/bin/sh\nshift\nexec env -i PATH=/usr/bin "SSH_CONNECTION=192.0.2.1 50000 192.0.2.2 22" %s %s "$*"\n' \
		"setpriv --reuid $(id -u "$account") --regid $(id -g "$account") --clear-groups" "$*" >"$own/direct-$account"
	chmod 755 "$own/direct-$account"
}
direct plain /bin/sh -c
direct bench "$gate" -c

# The remote name of a directory, as each account sees its docroot.
remote() {
	case $1-$2 in
	plain-*) echo /srv/plain ;;
	bench-rsync | bench-direct) echo / ;;
	bench-sftp) echo /files ;;
	esac
}

# transfer ACCOUNT TOOL DIRECTION WHAT
transfer() {
	local at
	at=$(remote "$1" "$2")
	case $2-$3 in
	direct-up) rsync -rt -e "$own/direct-$1" "$own/$4" "there:$at/" ;;
	direct-down) rsync -rt -e "$own/direct-$1" "there:${at%/}/$4" "$own/back/" ;;
	rsync-up) stage_rsync -rt "$own/$4" "$1@stage:$at/" ;;
	rsync-down) stage_rsync -rt "$1@stage:${at%/}/$4" "$own/back/" ;;
	sftp-up) stage_sftp "$1" <<<"put -r $own/$4 $at/" >/dev/null ;;
	sftp-down) stage_sftp "$1" <<<"get -r $at/$4 $own/back/" >/dev/null ;;
	esac
}

clear_target() {
	case $2 in
	up) rm -rf "/srv/$1/$3" ;;
	down) rm -rf "$own/back/$3" ;;
	esac
}

# now - milliseconds
now() {
	echo $((${EPOCHREALTIME/[.,]/} / 1000))
}

# busy - milliseconds that the processors have worked, for whomever: the client, sshd and the program are one sum.
busy() {
	awk '/^cpu / { print ($2 + $3 + $4 + $7 + $8) * 10; exit }' /proc/stat
}

median() {
	printf '%s\n' "$@" | sort -n | sed -n "$((($# + 1) / 2))p"
}

line() { # TOOL DIRECTION WHAT MS MS WORK WORK
	printf '%-6s %-5s %-6s %10d %10d %10s %10d %10d %10s\n' "$1" "$2" "$3" "$4" "$5" \
		"$(awk "BEGIN { printf \"%.3f\", $4 / $5 }")" "$6" "$7" "$(awk "BEGIN { printf \"%.3f\", $6 / $7 }")"
}

# pair TOOL DIRECTION WHAT: one line of the table
pair() {
	local tool=$1 direction=$2 what=$3 account start began i order
	local -a plain=() bench=() worked_plain=() worked_bench=()
	for ((i = 0; i < repeats; i++)); do
		order="plain bench" # and the other way round, so that what one leaves to the next hits both
		((i % 2)) && order="bench plain"
		for account in $order; do
			clear_target "$account" "$direction" "$what"
			start=$(now) began=$(busy)
			transfer "$account" "$tool" "$direction" "$what"
			case $account in
			plain) plain+=($(($(now) - start))) worked_plain+=($(($(busy) - began))) ;;
			bench) bench+=($(($(now) - start))) worked_bench+=($(($(busy) - began))) ;;
			esac
		done
	done
	case $direction in # the last one arrived whole
	up) diff -r "$own/$what" "/srv/bench/$what" ;;
	down) diff -r "$own/$what" "$own/back/$what" ;;
	esac
	[ -z "${BENCH_RAW:-}" ] || echo "bare ${plain[*]} | gate ${bench[*]}"
	line "$tool" "$direction" "$what" "$(median "${plain[@]}")" "$(median "${bench[@]}")" \
		"$(median "${worked_plain[@]}")" "$(median "${worked_bench[@]}")"
}

echo "Transfers: large is $mib MiB in one file, small is $files files; medians of $repeats, in turn"
echo "rate: of the time that passed, and of the time that the processors worked, which a busy machine changes less"
printf '%-6s %-5s %-6s %10s %10s %10s %10s %10s %10s\n' tool way what "bare ms" "gate ms" rate "bare cpu" "gate cpu" rate
for tool in ${BENCH_TOOLS:-direct rsync sftp}; do
	for what in ${BENCH_WHAT:-large small}; do
		for way in ${BENCH_WAYS:-up down}; do
			pair "$tool" "$way" "$what"
		done
	done
done
