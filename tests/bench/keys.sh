#!/usr/bin/env bash
# keys.sh - `keys serve` beside sshd's own scan of the same file, at 1 to 1,000,000 keys; `keys check` beside ssh-keygen -lf.
# A login is a whole `ssh host true`, answered by the gate, with a key that stands last in the file. Needs root; leaves nothing behind.
. "$(dirname "$0")/../stage.sh"
stage_enter "$@"

ROUNDS=${BENCH_ROUNDS:-15}
SIZES=${BENCH_KEYS:-1 1000 100000 1000000}

stage_install >&2
stage_user alice /bin/sh
stage_client_files
printf '[defaults]\ndocroot = none\ncommands = probe\n[user alice]\n' | stage_policy
keys=$STAGE_OWN/keys/alice
mkdir -p /opt/index

# Keys that are sound in form, each another: 32 bytes of a counter, scattered.
make_keys() { # COUNT, and then the client's
	perl -MMIME::Base64 -e '
		for my $i (1 .. $ARGV[0] - 1) {
			my $x = pack("N8", map { ($i * 2654435761 + $_ * 40503) & 0xffffffff } 1 .. 8);
			print "ssh-ed25519 ", encode_base64(pack("N/a* N/a*", "ssh-ed25519", $x), ""), " user$i\@example.org\n";
		}' "$1"
	echo "restrict,command=\"$STAGE_GATE\" $(cat "$STAGE_OWN/client/id.pub")"
}

median() { # COMMAND…: in ms, of ROUNDS
	local i
	for ((i = 0; i < ROUNDS; i++)); do
		local begin end
		begin=$EPOCHREALTIME
		"$@" >/dev/null 2>&1 </dev/null
		end=$EPOCHREALTIME
		echo "$begin $end" | awk '{ printf "%.3f\n", ($2 - $1) * 1000 }'
	done | sort -n | sed -n "$((ROUNDS / 2 + 1))p"
}

# Processor time of one run, in ms: what a busy machine does not change.
cpu() { # COMMAND…
	local i
	TIMEFORMAT='%U %S'
	{ time for ((i = 0; i < 3 * ROUNDS; i++)); do "$@" >/dev/null 2>&1 </dev/null; done; } 2>&1 |
		awk -v n=$((3 * ROUNDS)) '{ printf "%.3f", ($1 + $2) * 1000 / n }'
}

login() { stage_ssh alice -o ControlPath=none true; }

serving() { # INDEX-DIRECTORY
	stage_sshd >&2 <<-END
		Match User alice
		AuthorizedKeysCommand $STAGE_TOOL keys serve --file $keys --index $1 %u %t %k %f
		AuthorizedKeysCommandUser root
	END
	sed -i "s#^AuthorizedKeysFile.*#AuthorizedKeysFile none#" "$STAGE_OWN/sshd_config"
	for ((i = 0; i < 100; i++)); do [ -s "$STAGE_OWN/sshd.pid" ] && break || sleep 0.05; done
	kill -HUP "$(cat "$STAGE_OWN/sshd.pid")"
	sleep 0.5
}

type=ssh-ed25519 key=$(cut -d' ' -f2 "$STAGE_OWN/client/id.pub")
printf '%9s | %-40s| %s\n' "" "one answer of keys serve, ms" "a whole login, ms"
printf '%9s | %9s %9s %9s %9s | %9s %9s %9s\n' keys indexed "its cpu" scanned "index s" sshd indexed scanned
for size in $SIZES; do
	make_keys "$size" >"$keys"
	begin=$EPOCHREALTIME
	"$STAGE_TOOL" keys index --file "$keys" --index /opt/index alice >/dev/null || exit 1
	built=$(echo "$begin $EPOCHREALTIME" | awk '{ printf "%.2f", $2 - $1 }')
	[ "$("$STAGE_TOOL" keys serve --file "$keys" --index /opt/index alice $type "$key" | wc -l)" = 1 ] || exit 1
	indexed=$(median "$STAGE_TOOL" keys serve --file "$keys" --index /opt/index alice $type "$key")
	busy=$(cpu "$STAGE_TOOL" keys serve --file "$keys" --index /opt/index alice $type "$key")
	scanned=$(median "$STAGE_TOOL" keys serve --file "$keys" --index /nowhere alice $type "$key")
	stage_sshd </dev/null >&2
	own=$(median login)
	serving /opt/index
	login || { echo "no login through keys serve" >&2; exit 1; }
	with=$(median login)
	serving /nowhere
	without=$(median login)
	printf '%9d | %9s %9s %9s %9s | %9s %9s %9s\n' "$size" "$indexed" "$busy" "$scanned" "$built" "$own" "$with" "$without"
done

size=${BENCH_CHECK:-100000}
make_keys "$size" >"$keys"
rate() { awk -v n="$size" -v ms="$1" 'BEGIN { printf "%d", n / ms * 1000 }'; }
ROUNDS=3
printf '\nlines a second of processor time, %d keys: keys check %s, ssh-keygen -lf %s\n' "$size" \
	"$(rate "$(cpu "$STAGE_TOOL" keys check "$keys")")" "$(rate "$(cpu ssh-keygen -lf "$keys")")"
