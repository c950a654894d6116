#!/usr/bin/env perl
# logs.pl BYTES - an auth.log of about so many bytes, as a server on the Internet writes it: mostly guessing, some
# logins of an account behind the gate, other programs' lines between. The same bytes in every run.
use strict;
use warnings;

my ($want) = @ARGV;
my ($seed, $written, $time, $pid) = (4242, 0, 0, 1000);
my @months = ([Jan => 31], [Feb => 28], [Mar => 31], [Apr => 30], [May => 31], [Jun => 30]);
my @names = qw(root admin test oracle ubuntu postgres git user ftp mysql pi guest support nagios deploy);

sub roll { $seed = ($seed * 1103515245 + 12345) % 2147483648; return int($seed / 65536) % $_[0] }

# more than the tool keeps at once
my @sources = map { join '.', 128 + roll(60), roll(256), roll(256), 1 + roll(254) } 1 .. 50000;

sub stamp {
	my ($day, $second, $month) = (int($time / 86400), $time % 86400, 0);
	while ($day >= $months[$month][1] && $month < 5) { $day -= $months[$month][1]; $month++ }
	$day %= 28;
	return sprintf "%s %2d %02d:%02d:%02d", $months[$month][0], $day + 1, int($second / 3600), int($second / 60) % 60, $second % 60;
}

sub guess {
	my $from = $sources[roll(scalar @sources)];
	my ($port, $name) = (1024 + roll(60000), $names[roll(scalar @names)] . (roll(3) ? '' : roll(1000)));
	my $tag = stamp() . " host sshd[$pid]:";
	return "$tag Failed password for root from $from port $port ssh2\n" .
		"$tag Received disconnect from $from port $port:11: Bye Bye [preauth]\n" .
		"$tag Disconnected from authenticating user root $from port $port [preauth]\n" if roll(3) == 0;
	return "$tag Invalid user $name from $from port $port\n" .
		"$tag pam_unix(sshd:auth): check pass; user unknown\n" .
		"$tag pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=$from \n" .
		"$tag Failed password for invalid user $name from $from port $port ssh2\n" .
		"$tag Connection closed by invalid user $name $from port $port [preauth]\n";
}

sub login {
	my ($port, $child) = (1024 + roll(60000), $pid + 1);
	my $from = "192.0.2." . (1 + roll(20));
	my $head = stamp() . ' host';
	return "$head sshd[$pid]: Accepted publickey for alice from $from port $port ssh2: ED25519 SHA256:gEcijaly7yrWwcqIfZAgwksdI+mmVc5D6epiMpNN2sM\n" .
		"$head sshd[$pid]: pam_unix(sshd:session): session opened for user alice(uid=1001) by (uid=0)\n" .
		"$head sshd[$child]: Starting session: forced-command (key-option) '/usr/local/bin/sallyport-shell' for alice from $from port $port id 0\n" .
		"$head sallyport-shell[" . ($pid + 2) . "]: verdict=allow id=040a0584 user=alice uid=1001 from=$from port=$port rule=sftp command=/usr/lib/openssh/sftp-server argv=/usr/lib/openssh/sftp-server request=/usr/lib/openssh/sftp-server verbs=\"download upload\" docroot=/srv/alice isolation=namespace landlock=7\n" .
		"$head sshd[$child]: Disconnected from user alice $from port $port\n";
}

sub other {
	my $head = stamp() . ' host';
	return "$head CRON[$pid]: pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)\n" .
		"$head CRON[$pid]: pam_unix(cron:session): session closed for user root\n";
}

while ($written < $want) {
	my $text = roll(20) == 0 ? login() : roll(10) == 0 ? other() : guess();
	print $text;
	$written += length $text;
	$pid = $pid % 4000000 + 3;
	$time += roll(4);
}
