#!/bin/bash
# transfer.sh - transfer rates, confined against bare, over a real sshd on loopback: `make bench BENCH_TRANSFER=1`.
# Runs of the two alternate; the median of each counts. Files lie in memory, so that no disk hides the gate.
# shellcheck source=tests/stage.sh disable=SC1091
. "${0%/*}/../stage.sh"
stage_enter "$@"
set -eu
# shellcheck source=tests/bench/ground.sh disable=SC1091
. tests/bench/ground.sh
repeats=${BENCH_REPEATS:-3}
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

# The remote name of a directory, as each account sees its docroot.
remote() {
	case $1-$2 in
	plain-*) echo /srv/plain ;;
	bench-rsync) echo / ;;
	bench-sftp) echo /files ;;
	esac
}

# transfer ACCOUNT TOOL DIRECTION WHAT
transfer() {
	local at
	at=$(remote "$1" "$2")
	case $2-$3 in
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

median() {
	printf '%s\n' "$@" | sort -n | sed -n "$((($# + 1) / 2))p"
}

# pair TOOL DIRECTION WHAT: one line of the table
pair() {
	local tool=$1 direction=$2 what=$3 account start i
	local -a plain=() bench=()
	for ((i = 0; i < repeats; i++)); do
		for account in plain bench; do
			clear_target $account "$direction" "$what"
			start=$(now)
			transfer $account "$tool" "$direction" "$what"
			case $account in
			plain) plain+=($(($(now) - start))) ;;
			bench) bench+=($(($(now) - start))) ;;
			esac
		done
	done
	case $direction in # the last one arrived whole
	up) diff -r "$own/$what" "/srv/bench/$what" ;;
	down) diff -r "$own/$what" "$own/back/$what" ;;
	esac
	local b c
	b=$(median "${plain[@]}")
	c=$(median "${bench[@]}")
	printf '%-6s %-5s %-6s %10d %10d %10s\n' "$tool" "$direction" "$what" "$b" "$c" \
		"$(awk "BEGIN { printf \"%.3f\", $b / $c }")"
}

echo "Transfers: large is $mib MiB in one file, small is $files files; medians of $repeats, in turn"
printf '%-6s %-5s %-6s %10s %10s %10s\n' tool way what "bare ms" "gate ms" "rate"
for tool in rsync sftp; do
	for what in large small; do
		pair $tool up "$what"
		pair $tool down "$what"
	done
done
