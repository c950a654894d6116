# audit logs: what a log may hold, from other versions and distributions, and how it may be broken. Nothing is passed
# over without a word, nothing that a client chose is believed, and the report says what it could not see.
load lib

HEAD='Nov 20 10:00:00 host'
GATE=${SALLYPORT_GATE:-/usr/local/bin/sallyport-shell}

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	export TZ=UTC
	cat >policy.ini <<-'POLICY'
		[defaults]
		commands = sftp
		docroot = /srv
		[user games]
		[user nobodyhere]
	POLICY
	touch -d '2026-11-21 12:00:00' stamp
}

# log [FILE] <<LINES: written, as of the day after the lines' own.
log() {
	sed "s|@|$HEAD|" >"${1:-log}"
	touch -r stamp "${1:-log}"
}

logs() { # STATUS [ARGUMENT…]
	local want=$1
	shift
	try "$want" "$TOOL" audit logs -f policy.ini "$@"
}

# json PROGRAM: what perl says of the report in $r.
json() {
	perl -MJSON::PP -e 'local $/; our $r = decode_json(<STDIN>); '"$1" <<<"$output"
}

has() { # PROGRAM EXPECTED
	local got
	got=$(json "$1")
	[ "$got" = "$2" ] || { printf '%s, not %s\n%s\n' "$got" "$2" "$output"; return 1; }
}

found='print join " ", sort map { "$_->{id}/$_->{account}/$_->{address}" } @{$r->{findings}}'

@test "a guarded account is entered without the gate, in each way" {
	log <<-LINES
		@ sshd[1]: Starting session: forced-command (key-option) '/bin/sh' for games from 192.0.2.1 port 1 id 0
		@ sshd[2]: Starting session: forced-command (config) '$GATE --profile x; id' for games from 192.0.2.2 port 1 id 0
		@ sshd[3]: Starting session: shell on pts/0 for games from 192.0.2.3 port 1 id 0
		@ sshd[4]: Starting session: subsystem 'sftp' for games from 192.0.2.4 port 1 id 0
		@ internal-sftp[5]: session opened for local user games from [192.0.2.5]
	LINES
	logs 1 --json log
	has "$found" "not-the-gate/games/192.0.2.1 not-the-gate/games/192.0.2.2 not-the-gate/games/192.0.2.3 not-the-gate/games/192.0.2.4 not-the-gate/games/192.0.2.5 terminal/games/192.0.2.3"
}

@test "and by the gate, with whatever flags: nothing to be found; nor of an account that nobody guards" {
	log <<-LINES
		@ sshd[1]: Starting session: forced-command (key-option) '$GATE' for games from 192.0.2.1 port 1 id 0
		@ sshd[2]: Starting session: forced-command (key-option) '$GATE -r -t --profile x' for games from 192.0.2.1 port 2 id 0
		@ sshd[3]: Starting session: forced-command (config) '$GATE-r' for games from 192.0.2.1 port 3 id 0
		@ sshd[4]: Accepted password for root from 192.0.2.1 port 4 ssh2
		@ sshd[4]: Starting session: shell on pts/0 for root from 192.0.2.1 port 4 id 0
		@ sshd[5]: Starting session: subsystem 'sftp' for nobodyhere from 192.0.2.1 port 5 id 0
	LINES
	logs 0 --json log
	has "$found" ""
}

@test "logins without a key, a gate that is silent, a list of revoked keys that cannot be read" {
	log <<-LINES
		@ sshd[1]: Accepted keyboard-interactive/pam for games from 192.0.2.1 port 1 ssh2
		@ sshd[2]: Accepted hostbased for games from 192.0.2.2 port 1 ssh2: ED25519 SHA256:x, client user "games", client host "h"
		@ sshd[3]: error: Error checking authentication key ED25519 SHA256:x in revoked keys file /r: invalid format
		@ sshd[4]: Accepted publickey for games from 192.0.2.4 port 1 ssh2: ED25519 SHA256:x
		@ sshd[4]: Starting session: forced-command (key-option) '$GATE' for games from 192.0.2.4 port 1 id 0
		@ sallyport-shell[5]: verdict=allow id=00000001 user=games uid=5 from=192.0.2.4 port=1 rule=sftp
		@ sshd[4]: Disconnected from user games 192.0.2.4 port 1
		@ sshd[6]: Accepted publickey for games from 192.0.2.6 port 1 ssh2: ED25519 SHA256:x
		@ sshd[6]: Starting session: forced-command (key-option) '$GATE' for games from 192.0.2.6 port 1 id 0
		@ sshd[6]: Disconnected from user games 192.0.2.6 port 1
	LINES
	logs 1 --json log
	has "$found" "hostbased-login/games/192.0.2.2 password-login/games/192.0.2.1 revocation-broken// unlogged/games/192.0.2.6"
}

@test "what sshd says of a process alone is told of the account that a later line names, or an earlier one" {
	log <<-'LINES'
		@ sshd[1]: error: Authentication key RSA SHA256:r revoked by file /r
		@ sshd[2]: error: Certificate invalid: expired
		@ sshd[1]: Connection closed by authenticating user games 192.0.2.1 port 1 [preauth]
		@ sshd[2]: Failed publickey for games from 192.0.2.2 port 1 ssh2: ED25519-CERT SHA256:c ID x (serial 1) CA RSA SHA256:ca
		@ sshd[3]: Connection from 192.0.2.3 port 1 on 192.0.2.9 port 22
		@ sshd[3]: error: Certificate invalid: not yet valid
		@ sshd[3]: Connection reset by authenticating user games 192.0.2.3 port 1 [preauth]
		@ sshd[4]: error: Certificate invalid: name is not a listed principal
	LINES
	logs 1 --json log
	has "$found" "early-certificate/games/192.0.2.3 expired-certificate/games/192.0.2.2 revoked-key/games/192.0.2.1 wrong-principal//"
}

@test "a dictionary in alphabetical order, brute force that gets in, a slow spread; loopback is nobody" {
	{
		for name in admin bill carl dora emil fritz gerd hans ida jan kurt lena max nina; do
			echo "@ sshd[1]: Failed password for invalid user $name from 192.0.2.1 port 1 ssh2"
			echo "@ sshd[1]: Failed password for invalid user $name from 127.0.0.1 port 1 ssh2"
		done
		echo "@ sshd[2]: message repeated 30 times: [ Failed password for root from 192.0.2.2 port 1 ssh2]"
		echo "@ sshd[2]: Accepted password for root from 192.0.2.2 port 1 ssh2"
		for i in {1..40}; do
			echo "@ sshd[$((i + 10))]: Failed password for oracle from 198.51.100.$i port 1 ssh2"
			echo "@ sshd[$((i + 10))]: Failed none for oracle from 198.51.100.$i port 1 ssh2"
		done
	} | log
	logs 1 --json log
	has 'print join " ", map { "$_->{source}/$_->{kind}/$_->{attempts}" } @{$r->{runs}}' "192.0.2.2/brute-force/30 192.0.2.1/alphabetical/14"
	has 'print join " ", map { "$_->{name}/$_->{attempts}" } @{$r->{spreads}}' "oracle/40"
	has 'print $r->{unread}{loopback}' 14
	has "$found" "guessed/root/192.0.2.2"
	has 'my $n = 0; $n += $_->{failed} for @{$r->{histogram}{bins}}; print $n' 98
	logs 1 log
	says "alphabetical order" "Attempts over time" "####"
}

@test "a client with several keys is no guesser, if one of them is taken" {
	for i in {1..30}; do
		echo "@ sshd[$i]: Failed publickey for games from 192.0.2.1 port $i ssh2: ED25519 SHA256:a"
		echo "@ sshd[$i]: Accepted publickey for games from 192.0.2.1 port $i ssh2: ED25519 SHA256:b"
	done | log
	logs 0 --json log
	has 'print scalar @{$r->{runs}}' 0
	has 'print $r->{logins}[0]{count}' 30
}

@test "names that a client chose: nobody else is blamed, no login made up, no escape reaches the terminal" {
	log <<-LINES
		@ sshd[1]: Invalid user root from 10.0.0.1 port 22 ssh2 from 192.0.2.1 port 1
		@ sshd[1]: Failed password for invalid user root from 10.0.0.1 port 22 ssh2 from 192.0.2.1 port 1 ssh2
		@ sshd[2]: Disconnecting invalid user x 10.0.0.1 port 22: y 192.0.2.1 port 2: Too many authentication failures [preauth]
		@ sshd[3]: Failed password for invalid user $(printf '\033')]0;owned$(printf '\007') from 192.0.2.1 port 3 ssh2
		@ sshd[4]: Invalid user x\\\\nNov 20 10:00:00 host sshd[1]: Accepted password for games from 10.0.0.1 port 1 ssh2 from 192.0.2.1 port 4
		@ sshd[5]: Received disconnect from 192.0.2.1 port 5:11: Accepted password for games from 10.0.0.1 port 1 ssh2
		@ CRON[6]: sshd[1]: Accepted password for games from 10.0.0.1 port 1 ssh2
		@ sallyport-shell[7]: verdict=deny id=1 user=games uid=5 from=192.0.2.1 request="x from=10.0.0.1 user=root" reason=x
		@ sallyport-shell[8]: verdict=deny id=1 user=games uid=5 from=192.0.2.1 request=x from=10.0.0.1
	LINES
	logs 1 --json log
	has "$found" "mangled-line//"
	has 'print scalar grep { ($_->{address} // "") =~ /^10/ } map { @{$r->{$_}} } qw(findings logins gate clients)' 0
	has 'print scalar @{$r->{logins}}' 0
	has 'print $r->{unread}{ambiguous}' 1
	logs 1 log
	! LC_ALL=C grep -q '[^[:print:][:space:]]' <<<"$output"
}

@test "lines of a megabyte, of nothing, of no log, without an end, with NUL bytes" {
	{
		echo "@ sshd[1]: Accepted password for games from 192.0.2.1 port 1 ssh2"
		printf '%s sshd[1]: Invalid user ' "$HEAD"; head -c 1048576 /dev/zero | tr '\0' x; echo ' from 192.0.2.1 port 1'
		echo; echo "no log at all"; printf '%s sshd[1]: Invalid user a\0b from 192.0.2.9 port 1\n' "$HEAD"
		printf '%s sshd[2]: Accepted password for games from 192.0.2.2 port 1 ssh2' "$HEAD"
	} | log
	logs 1 --json log
	has "$found" "password-login/games/192.0.2.1 password-login/games/192.0.2.2"
	has 'print "$r->{lines} $r->{unread}{q(too-long)} $r->{unread}{headless}"' "6 1 2"
	has 'print join " ", map { "$_->{line}" } @{$r->{faults}}' "2 3"
	logs 1 log
	says "log:2: has more than" "log:3: is no line of a log"
}

@test "compressed files, by what they hold and not by their name; one that is cut short is read as far as it goes, and said" {
	{ for i in {1..2000}; do echo "@ sshd[$i]: Accepted password for games from 192.0.2.$((i % 250 + 1)) port $i ssh2"; done; } | log
	for packer in gzip bzip2 xz zstd; do
		$packer -c log >"packed"
		logs 1 --json packed
		has 'my $n = 0; $n += $_->{count} for @{$r->{logins}}; print "$n $r->{complete}"' "2000 1"
		head -c $(($(stat -c %s packed) / 2)) packed >cut
		logs 71 --json cut
		has 'print $r->{complete}' 0
		says "cut short or damaged: $packer"
	done
	gzip -c log >packed
	logs 1 --json - <packed
	has 'print $r->{lines}' 2000
	run bash -c "cat packed | $TOOL audit logs -f policy.ini -"
	[ "$status" = 71 ]
	says "a pipe that is compressed: undo it with gzip -dc first"
}

@test "files that are not there, and a directory: said, and the others are read" {
	log <<<"@ sshd[1]: Accepted password for games from 192.0.2.1 port 1 ssh2"
	logs 71 log nosuch .
	says "nosuch: No such file or directory" ".: Is a directory" "password-login"
	logs 71 nosuch
	logs 78 -f nosuch.ini log
	logs 64 --since yesterday log
	says "is no time"
}

@test "the year that a stamp does not say: over New Year, in a leap year, by --year" {
	log <<-'LINES'
		Dec 31 23:59:58 host sshd[1]: Accepted password for games from 192.0.2.1 port 1 ssh2
		Jan  1 00:00:01 host sshd[2]: Accepted password for games from 192.0.2.1 port 2 ssh2
		Nov 21 11:59:59 host sshd[3]: Accepted password for games from 192.0.2.1 port 3 ssh2
	LINES
	logs 1 --json log
	has 'print "$r->{first} $r->{last} $r->{unread}{backwards}"' "2025-12-31T23:59:58Z 2026-11-21T11:59:59Z 0"
	logs 1 --json --year 2019 log
	has 'print "$r->{first} $r->{last} $r->{unread}{backwards}"' "2019-12-31T23:59:58Z 2020-11-21T11:59:59Z 0"
	log <<<"Feb 29 12:00:00 host sshd[1]: Accepted password for games from 192.0.2.1 port 1 ssh2"
	logs 1 --json log
	has 'print $r->{first}' "2024-02-29T12:00:00Z"
	log <<<"Feb 31 12:00:00 host sshd[1]: Accepted password for games from 192.0.2.1 port 1 ssh2"
	logs 0 --json log
	has 'print $r->{unread}{undated}' 1
}

@test "local time, and zones that a line names" {
	log <<-'LINES'
		Jul  1 12:00:00 host sshd[1]: Accepted password for games from 192.0.2.1 port 1 ssh2
		2026-07-01T12:00:00.123456+02:00 host sshd[2]: Accepted password for games from 192.0.2.1 port 2 ssh2
	LINES
	TZ=America/New_York logs 1 --json log
	has 'print "$r->{first} $r->{last}"' "2026-07-01T10:00:00Z 2026-07-01T16:00:00Z"
}

@test "time that goes backwards is said, with the place and by how much; a second or two is no news" {
	log <<-'LINES'
		Nov 20 10:00:05 host sshd[1]: Accepted password for games from 192.0.2.1 port 1 ssh2
		Nov 20 10:00:04 host sshd[1]: Accepted password for games from 192.0.2.1 port 1 ssh2
		Nov 20 09:00:05 host sshd[1]: Accepted password for games from 192.0.2.1 port 1 ssh2
	LINES
	logs 1 --json log
	has 'print "$r->{unread}{backwards} $r->{unread}{q(backwards-seconds)} $r->{faults}[0]{line}"' "1 3600 3"
}

@test "several files are read in the order of their age, whatever their order is" {
	log <<<"Nov 20 10:00:05 host sshd[1]: Starting session: command for games from 192.0.2.1 port 1 id 0"
	log log.1 <<<"Nov 19 10:00:05 host sshd[1]: Accepted password for games from 192.0.2.1 port 1 ssh2"
	touch -d '2026-11-20 00:00:00' log.1
	logs 1 --json log log.1
	has 'print "$r->{unread}{backwards} $r->{inputs}"' "0 2"
}

@test "other daemons' forms: RFC 5424, ISO stamps, journalctl's, busybox; JSON is refused with a word" {
	log <<-'LINES'
		<86>1 2026-11-20T10:00:00.1Z host sshd 1 - - Accepted password for games from 192.0.2.1 port 1 ssh2
		2026-11-20T10:00:01.123456+01:00 host sshd-session[2]: Accepted password for games from 192.0.2.2 port 1 ssh2
		Nov 20 10:00:02 host auth.info sshd[3]: Accepted password for games from 192.0.2.3 port 1 ssh2
		Fri 2026-11-20 10:00:03 UTC host sshd[4]: Accepted password for games from 192.0.2.4 port 1 ssh2
		1795168804.000000 host sshd-auth[5]: Accepted password for games from 192.0.2.5 port 1 ssh2
	LINES
	logs 1 --json log
	has "$found" "$(printf 'password-login/games/192.0.2.%s ' 1 2 3 4 5 | sed 's/ $//')"
	echo '{"__CURSOR":"s=1","MESSAGE":"x"}' >log
	logs 71 log
	says "is JSON; of a journal take journalctl -o export"
}

@test "a journal's export: data is passed over by its length, an entry that is cut is said" {
	entry() { printf '__REALTIME_TIMESTAMP=1795168800000000\n_HOSTNAME=h\nSYSLOG_IDENTIFIER=sshd\n_PID=%s\nMESSAGE=%s\n\n' "$1" "$2"; }
	forged=$'\n\n__REALTIME_TIMESTAMP=1795168800000000\nSYSLOG_IDENTIFIER=sshd\n_PID=9\nMESSAGE=Accepted password for games from 10.0.0.1 port 1 ssh2\n\n'
	{
		entry 1 'Accepted password for games from 192.0.2.1 port 1 ssh2'
		printf '__REALTIME_TIMESTAMP=1795168800000000\nSYSLOG_IDENTIFIER=sshd\nMESSAGE\n'
		perl -e 'print pack("Q<", length $ARGV[0]), $ARGV[0], "\n\n"' "$forged"
		entry 2 'Accepted password for games from 192.0.2.2 port 1 ssh2'
	} >export
	logs 1 --json export
	has "$found" "password-login/games/192.0.2.1 password-login/games/192.0.2.2"
	has 'print "$r->{lines} $r->{complete}"' "3 1"
	head -c 300 export >cut
	logs 71 --json cut
	says "the journal ends inside an entry"
}

@test "what sshd says in words that are not known here is counted and shown; debug lines are not told twice" {
	log <<-'LINES'
		@ sshd[1]: a sentence of OpenSSH 99
		@ sshd[1]: a sentence of OpenSSH 99
		@ sshd[1]: debug1: Accepted password for games from 192.0.2.1 port 1 ssh2
		@ CRON[1]: nothing of ours
		@ last message repeated 2 times
	LINES
	logs 0 --json log
	has 'print "$r->{unknown}[0]{message} $r->{unknown}[0]{count} $r->{unread}{quiet} $r->{unread}{foreign} $r->{unread}{repeats}"' \
		"a sentence of OpenSSH 99 2 1 2 1"
	has 'print scalar @{$r->{logins}}' 0
}

@test "files that an sftp server moved, and one that asks for what is not there" {
	{
		echo "@ internal-sftp[7]: session opened for local user root from [192.0.2.1]"
		echo '@ internal-sftp[7]: open "/a" flags WRITE,CREATE,TRUNCATE mode 0664'
		echo '@ internal-sftp[7]: close "/a" bytes read 0 written 928'
		echo '@ internal-sftp[7]: open "/b \" flags WRITE" flags READ mode 0666'
		echo '@ internal-sftp[7]: close "/b \" flags WRITE" bytes read 72 written 0'
		echo '@ internal-sftp[7]: opendir "/"'
		for i in {1..20}; do echo '@ internal-sftp[7]: sent status No such file'; done
	} | log
	logs 0 --json log
	has 'print join " ", sort map { "$_->{what}/$_->{count}/$_->{bytes}" } @{$r->{files}}' "listed/1/0 read/1/72 written/1/928"
	has "$found" "probing/root/192.0.2.1"
}

@test "a guarded account that this host's policy does not know, but the gate spoke of" {
	log <<-'LINES'
		@ sallyport-shell[1]: verdict=allow id=1 user=daemon uid=1 from=192.0.2.1 port=1 profile=nightly rule=sftp
		@ sshd[2]: Accepted password for daemon from 192.0.2.1 port 2 ssh2
	LINES
	logs 1 --json log
	has "$found" "password-login/daemon/192.0.2.1"
	has 'print "$r->{gate}[0]{rule} $r->{gate}[0]{profile}"' "sftp nightly"
}

@test "the examples for rsyslog and logrotate: the gate's own name and severity, and the same files" {
	examples=$CHECKOUT/examples
	diff <(grep -o 'file="[^"]*"' "$examples/rsyslog/30-sallyport.conf" | cut -d'"' -f2 | sort) \
		<(sed -n '/^\//s/ {$//p' "$examples/logrotate/sallyport" | tr ' ' '\n' | sort)
	name=$(grep -o "programname == '[^']*'" "$examples/rsyslog/30-sallyport.conf" | cut -d"'" -f2)
	grep -qF "\"$name[%d]:\"" "$CHECKOUT/shell/journal.c"
	grep -q 'syslogseverity <= 4' "$examples/rsyslog/30-sallyport.conf" # LOG_WARNING
	grep -q 'refusal ? LOG_WARNING' "$CHECKOUT/shell/journal.c"
}

@test "transfers that the gate logs are the account's, whatever their names say; what was lost is found" {
	T='from=192.0.2.7 port=50000'
	log <<-LINES
		@ sallyport-shell[7]: verdict=allow id=040a0584 user=games uid=5 $T rule=sftp
		@ sallyport-shell[7]: verdict=transfer id=040a0584 user=games uid=5 $T said="session opened for local user root from [10.0.0.1]"
		@ sallyport-shell[7]: verdict=transfer id=040a0584 user=games uid=5 $T said="open \"/files/a\" flags WRITE,CREATE mode 0644"
		@ sallyport-shell[7]: verdict=transfer id=040a0584 user=games uid=5 $T said="close \"/files/a\" bytes read 0 written 928"
		@ sallyport-shell[7]: verdict=transfer id=040a0584 user=games uid=5 $T said="open \"/files/b\" flags READ mode 0644"
		@ sallyport-shell[7]: verdict=transfer id=040a0584 user=games uid=5 $T said="close \"/files/b\" bytes read 72 written 9\" bytes read 70 written 0"
		@ sallyport-shell[7]: verdict=transfer id=040a0584 user=games uid=5 $T said="opendir \"/files\nclose \"x\" bytes read 5 written 5\""
		@ sallyport-shell[7]: verdict=transfer id=040a0584 user=games uid=5 $T said="rename old \"/files/a\" new \"/files/c\""
		@ sallyport-shell[7]: verdict=transfer id=040a0584 user=games uid=5 $T said="Accepted password for root from 10.0.0.1 port 1 ssh2"
		@ sallyport-shell[8]: verdict=transfer id=040a0585 user=nobodyhere uid=6 from=local said="open \"/files/a\" flags READ mode 0644"
		@ sallyport-shell[7]: verdict=transfer id=040a0584 user=games uid=5 $T lost=17
	LINES
	logs 1 --json log
	has "$found" "transfers-lost/games/192.0.2.7"
	has 'print join " ", sort map { "$_->{account}/$_->{address}/$_->{what}/$_->{count}/$_->{bytes}" } @{$r->{files}}' \
		"games/192.0.2.7/changed/1/0 games/192.0.2.7/listed/1/0 games/192.0.2.7/read/1/70 games/192.0.2.7/written/1/928 nobodyhere//read/1/0"
	has 'print join " ", map { "$_->{account}/$_->{verdict}" } @{$r->{gate}}' "games/allow"
	logs 1 log
	[[ $output == *"17"* ]]
	logs 0 --user nobodyhere --json log
	has 'print scalar @{$r->{files}}' 1
}

@test "twenty refusals in a session that the gate logs are found" {
	for i in {1..20}; do
		echo "@ sallyport-shell[7]: verdict=transfer id=040a0584 user=games uid=5 from=192.0.2.7 port=50000 said=\"sent status Permission denied\""
	done | log
	logs 0 --json log
	has "$found" "probing/games/192.0.2.7"
}
