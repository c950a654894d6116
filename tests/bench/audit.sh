#!/usr/bin/env bash
# audit.sh - `sallyport audit` over BENCH_ACCOUNTS accounts with BENCH_KEYS key lines in all, in a directory (--root): wall
# and processor time, and the most memory. Every account is held, has a home, a docroot and a root-owned file of enforced
# keys; then the same with a fault in each: one more finding an account. Status 71 says that something was not seen: an
# image does not run. Needs root; leaves nothing behind.
set -eu

ACCOUNTS=${BENCH_ACCOUNTS:-10000}
KEYS=${BENCH_KEYS:-100000}
BUILD=${BUILD:-build/bench}
TOOL=$BUILD/sallyport
[ "$(id -u)" = 0 ] || { echo "audit.sh: needs root"; exit 1; }
D=$(mktemp -d /var/tmp/sallyport-bench-XXXXXX)
trap 'rm -rf "$D"' EXIT
chmod 755 "$D"
gate=$(strings -n 8 "$TOOL" | grep -m 1 -x '/.*/bin/sallyport-shell')

mkdir -p "$D"/{root,etc/ssh/keys,etc/sallyport,home,srv}
cat >"$D/etc/ssh/sshd_config" <<END
PermitRootLogin no
PasswordAuthentication no
KbdInteractiveAuthentication no
LogLevel VERBOSE
Subsystem sftp /usr/lib/openssh/sftp-server
Match Group transfer
ForceCommand $gate
DisableForwarding yes
AllowTcpForwarding no
AllowStreamLocalForwarding no
AllowAgentForwarding no
PermitTunnel no
PermitTTY no
PermitUserRC no
AuthorizedKeysFile /etc/ssh/keys/%u
END
printf '[defaults]\ndocroot = /srv/%%u\ncommands = sftp\n[group transfer]\naccess = full\n' >"$D/etc/sallyport/policy.ini"

# Keys that are sound in form, each another: 32 bytes of a counter, scattered.
perl -MMIME::Base64 -e '
	my ($root, $accounts, $keys, $gate) = @ARGV;
	sub out { open my $f, ">", "$root/etc/$_[0]" or die "$_[0]: $!"; $f }
	my ($passwd, $shadow, $group) = (out("passwd"), out("shadow"), out("group"));
	print $passwd "root:x:0:0::/root:/bin/bash\n";
	print $shadow "root:*:19000:0:99999:7:::\n";
	print $group "root:x:0:\ntransfer:x:900:" . join(",", map { "u$_" } 1 .. $accounts) . "\n";
	for my $i (1 .. $accounts) {
		my $id = 10000 + $i;
		print $passwd "u$i:x:$id:$id:User $i:/home/u$i:$gate\n";
		print $shadow "u$i:*:19000:0:99999:7:::\n";
		print $group "u$i:x:$id:\n";
		mkdir "$root/home/u$i" or die; chown $id, $id, "$root/home/u$i";
		mkdir "$root/srv/u$i" or die; chown $id, $id, "$root/srv/u$i";
		my $f = out("ssh/keys/u$i");
		for my $k (1 .. $keys / $accounts) {
			my $n = $i * 1000 + $k;
			my $x = pack("N8", map { ($n * 2654435761 + $_ * 40503) & 0xffffffff } 1 .. 8);
			print $f "restrict,command=\"$gate\" ssh-ed25519 ",
				encode_base64(pack("N/a* N/a*", "ssh-ed25519", $x), ""), " user$i-$k\@example.org\n";
		}
	}' "$D" "$ACCOUNTS" "$KEYS" "$gate"

measure() { # LABEL
	local status=0
	/usr/bin/env time -f '%e %U %S %M' -o "$D/time" "$TOOL" audit --root "$D" >"$D/out" 2>&1 || status=$?
	[ $status -le 1 ] || [ $status = 71 ] || { cat "$D/out"; exit 1; }
	read -r wall user system memory < <(tail -n 1 "$D/time")
	printf '%-28s %8.2f %8.2f %8.2f %10.1f %10d\n' "$1" "$wall" "$user" "$system" \
		"$(awk -v k="$memory" 'BEGIN { print k / 1024 }')" "$(grep -cE '^(critical|high|medium|low): ' "$D/out" || true)"
}

printf '%d accounts, %d key lines\n%-28s %8s %8s %8s %10s %10s\n' "$ACCOUNTS" "$KEYS" "" "wall s" "user s" "sys s" "MiB" findings
measure "sound"
for ((i = 1; i <= ACCOUNTS; i++)); do
	echo junk >>"$D/etc/ssh/keys/u$i"
done
measure "a fault in every account"
