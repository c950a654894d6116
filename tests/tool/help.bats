#!/usr/bin/env bats
# Goal: --help, the pages and the code know the same options of each subcommand.

bats_require_minimum_version 1.5.0
load lib

# What the tool has pages for: subcommands in the words of --help, and the page whose SYNOPSIS has them.
PAGES=(sallyport sallyport-account sallyport-keys sallyport-audit sallyport-audit-logs)

# synopsis PAGE: a line for each call.
synopsis() {
	mandoc -T ascii -O width=200 "$CHECKOUT/man/$1.8" | col -bx |
		awk '/^[A-Z]/ { inside = $1 == "SYNOPSIS" }
			!inside { next }
			/^     sallyport / { if (call) print call; call = "" }
			NF { $1 = $1; call = call (call ? " " : "") $0 }
			END { print call }' | sed 's/^SYNOPSIS *//; /^$/d'
}

# calls PAGE: the subcommands that it describes.
calls() {
	case $1 in
	sallyport) synopsis "$1" | awk '$2 ~ /^[a-z]/ && $2 !~ /^(account|audit|keys)$/ { print $2 }' | sort -u ;;
	sallyport-audit) synopsis "$1" | awk '{ print $2 ($3 ~ /^[a-z]/ ? " " $3 : "") }' ;;
	sallyport-account | sallyport-keys) synopsis "$1" | awk '{ print $2 " " $3 }' ;;
	*) echo "${1#sallyport-}" | tr - ' ' ;;
	esac
}

options() { # of the text on stdin
	grep -oE '(^|[^[:alnum:]])--?[a-zA-Z][a-z-]*' | sed 's/^[^-]//' | sort -u
}

@test "--help has the options of the page, for each subcommand" {
	count=0
	for page in "${PAGES[@]}"; do
		while read -r call; do
			count=$((count + 1))
			# shellcheck disable=SC2086 # one word or two
			try 0 "$TOOL" $call --help
			says "usage: sallyport $call"
			# shellcheck disable=SC2086
			[ "$("$TOOL" $call --help 2>/dev/null)" = "$output" ]
			# the lines that are usage, not those that say what it does
			diff <(sed '/^See /d; /^	[^	[]/d; /^       FILE/d' <<<"$output" | options) \
				<(synopsis "$page" | grep -E "^sallyport $call( |\$)" | options) ||
				{ echo "of: sallyport $call"; return 1; }
		done < <(calls "$page")
	done
	[ "$count" -ge 27 ]
}

@test "help WORD tells it too, and both do so on standard output" {
	words=$(for page in "${PAGES[@]}"; do calls "$page"; done | cut -d' ' -f1 | sort -u)
	[ "$(wc -w <<<"$words")" -ge 14 ]
	for word in $words; do
		for ask in "$word --help" "help $word"; do
			# shellcheck disable=SC2086
			try 0 "$TOOL" $ask
			says "usage: sallyport $word"
			# shellcheck disable=SC2086
			[ "$("$TOOL" $ask 2>/dev/null)" = "$output" ]
		done
	done
}

@test "the pages have each option of the code, and no other" {
	# tables of getopt_long(3), and what view compares by itself
	diff <(grep -ohE '\{"[a-z-]+", (no|required)_argument|"--(if-stale|here|help|version)"' "$CHECKOUT"/cli/*.c |
		sed -E 's/^[^"]*"-*([a-z-]+)".*/--\1/' | sort -u) \
		<(for page in "${PAGES[@]}"; do synopsis "$page"; done | options | grep '^--')
}

@test "help of everything, and of what is not there" {
	try 0 "$TOOL" --help
	says "usage: sallyport check" "sallyport view pin"
	try 64 "$TOOL"
	try 64 "$TOOL" lintt --help
	says "nearest: lint"
	# an option's value, or a program's own word, is none
	try 64 "$TOOL" check -C --help
	silent "what the policy says"
}

@test "a policy that is not there is usage where -f names it, and no line of it is at fault" {
	for call in check lint doctor slots sshd-config 'docroot check'; do
		# shellcheck disable=SC2086
		try 64 "$TOOL" $call -f "$BATS_TEST_TMPDIR/none.ini"
		says "there is no such policy"
	done
	echo '[nothing]' >"$POLICY"
	for call in slots sshd-config doctor; do
		run "$TOOL" "$call" -f "$POLICY"
		says "$POLICY:1: not a kind of section"
	done
	for call in slots sshd-config doctor; do
		[ ! -e /etc/sallyport/policy.ini ] || break # the one that is installed
		run "$TOOL" "$call"
		silent ':0: '
	done
}

@test "sshd-config names the account or the group that has no place" {
	printf '%s\n' '[group partners]' 'docroot = /srv/%u' 'commands = sftp' >"$POLICY"
	try 77 "$TOOL" sshd-config -f "$POLICY" --group others
	says "sallyport: others: the policy has no [group] section for it"
	try 77 "$TOOL" sshd-config -f "$POLICY" --user daemon
	says "sallyport: daemon: the policy has no section for this account"
	try 0 "$TOOL" sshd-config -f "$POLICY" --group partners
	says "Match Group partners"
}
