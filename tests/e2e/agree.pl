#!/usr/bin/perl
# agree.pl JSON OUT STATUS - whether what `sallyport check --json` foretold is what the gate did.
#
# OUT and STATUS are of the gate's own run with the stand-in in the program's place. Prints why not; exits with 1.
use strict;
use warnings;
use JSON::PP;

my ($json, $out, $status) = @ARGV;
open my $fh, '<', $json or die "$json: $!\n";
my $said = JSON::PP->new->latin1->decode(do { local $/; <$fh> });
open $fh, '<', $out or die "$out: $!\n";
my (%did, $ran);
while (<$fh>) {
	chomp;
	$ran = 1 if $_ eq 'standin runs';
	s/\\x([0-9a-f]{2})/chr hex $1/ge;
	push @{$did{$1}}, $2 if /^(argv|env) (.*)/s;
}

sub differ { print "@_\n"; exit 1 }

if ($said->{verdict} ne 'allow') {
	differ("check denies ($said->{reason}), the gate ran it") if $ran;
	my $want = $said->{verdict} eq 'deny' ? 77 : 78;
	differ("check says $said->{verdict}, the gate ended with $status") if $status != $want;
	exit 0;
}
if (!defined $said->{program}) {    # a probe: answered, nothing runs
	differ("a probe ended with $status") if $ran || $status;
	exit 0;
}
differ("check allows, the gate ended with $status") if !$ran;
for my $what ('argv', 'env') {
	my @want = @{$said->{$what}};
	my @got  = @{$did{$what} || []};
	differ("$what: " . @want . " foretold, " . @got . " came") if @want != @got;
	for my $i (0 .. $#want) {
		# A pattern that matches nothing stands for itself, without its backslashes.
		(my $literal = $want[$i]) =~ s/\\(.)/$1/gs;
		differ("$what\[$i]: '$want[$i]' foretold, '$got[$i]' came")
			if $got[$i] ne $want[$i] && !($what eq 'argv' && $got[$i] eq $literal);
	}
}
