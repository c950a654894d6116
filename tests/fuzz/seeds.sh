#!/usr/bin/env bash
# seeds.sh HARNESS DIRECTORY - what a harness starts with beside its kept inputs, in DIRECTORY/HARNESS, and a dictionary,
# DIRECTORY/HARNESS.dict: for those that read commands, every command of tests/corpus/commands.tsv; for those that read
# policies, every policy of the corpus. Nothing that is there already is touched.
set -euo pipefail
cd "$(dirname "$0")/../.."
out=$2/$1

# Names of options, words of templates, spellings, one a line.
table_words() {
	grep -oh '{"[^"]*"' policy/table-*.c | tr -d '{"' | tr ' ' '\n'
	sed -n 's/.*\.spellings = "\([^"]*\)".*/\1/p' policy/table-*.c | tr ' ' '\n'
	printf '%s\n' ' . ' '../' '/files/' '.ssh' '=%p' '.iLsfxCIvu'
}

# Names of sections and settings, and what some of them are set to.
policy_words() {
	sed -n 's/^\t{"\([a-z-]*\)", SECTION_.*/\1/p' policy/setting.c | sed 's/$/ = /'
	printf '[%s \n' defaults group user profile key command test
	printf '%s\n' namespace chroot landlock read-only drop-box append-only full required marker none allow \
		download upload overwrite list mkdir rename delete '%u' '%1w' '%2p?' '%3d'
}

call_words() {
	printf '%s\n' --profile -r -t -c --policy /usr/sbin/sallyport-shell -sallyport-shell SSH_CONNECTION= \
		SSH_ORIGINAL_COMMAND= SSH_USER_AUTH= LD_PRELOAD= LC_ALL= GIT_PROTOCOL= ASPERA_AUTH_TOKEN=
	printf '\\x1e\n\\x1f\n'
}

dictionary() { # words on stdin, as libFuzzer reads them
	grep -v '^%$\|^$' | sort -u | awk '{ print "word" NR "=\"" $0 "\"" }' >"$out.dict"
}

commands() { # FUNCTION: called with the id, the account and the command of each row
	while IFS=$'\t' read -r id _ account _ command _; do
		case $id in '#'* | '') ;; *) [ -e "$out/seed-$id" ] || "$1" "$id" "$account" "$command" ;; esac
	done <tests/corpus/commands.tsv
}

# A session of tests/fuzz/fuzz_session.c: NAME FLAGS USER ARGV ENVIRON KEY-FILE POLICY-FILE COMMAND
session() {
	{
		printf '%s\036%s\036/usr/sbin/sallyport-shell\036%b\036%b\036' "$2" "$3" "$4" "$5"
		cat "$6"
		printf '\036'
		cat "$7"
		printf '\036%b' "$8"
	} >"$out/seed-$1"
}

gate=/usr/sbin/sallyport-shell
from='SSH_CONNECTION=192.0.2.7 50000 192.0.2.1 22'

of_decide() {
	printf '0\n%b' "$3" >"$out/seed-$1"
}

# Each command as the account of its row, and once more as one of the accounts of session.ini, in one of sshd's forms.
of_session() {
	local names=(alice reader ways keyed prof jail wall) flags=("" " -r" " -t" " --profile nightly" " --profile token")
	local n=$((16#$(md5sum <<<"$1" | cut -c1-4)))
	local name=${names[n % 7]} flag=${flags[n / 7 % 5]} key=key
	[ $((n % 3)) -gt 0 ] || key=cert
	session "$1" c "$2" sallyport-shell "$from" /dev/null tests/corpus/policy.ini "$3"
	session "$1-$name" ok "$name" "sallyport-shell\037-c\037$gate$flag" "$from\037LC_ALL=C" \
		"tests/fuzz/corpus/authinfo/$key" tests/fuzz/session.ini "$3"
}

mkdir -p "$out"
case $1 in
decide)
	commands of_decide
	table_words | dictionary ;;
policy)
	policy_words | dictionary ;;
session)
	commands of_session
	for file in tests/fuzz/corpus/policy/*; do
		name=policy-${file##*/}
		[ -e "$out/seed-$name" ] ||
			session "$name" c alice sallyport-shell "$from" /dev/null "$file" 'scp -f /in/*.c'
	done
	{ table_words; policy_words; call_words; } | dictionary ;;
*)
	echo "# no words" >"$out.dict" ;; # libFuzzer takes an empty file for a missing one
esac
