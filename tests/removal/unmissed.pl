#!/usr/bin/env perl
# unmissed.pl TREE: functions of its sandbox/ that can fail a door, and that nobody would miss. From the top of the
# checkout. Whatever calls step_failed() or step_misconfigured(), or a function of its file that passes a reason on to
# them, needs a row of steps.tsv whose text lies in it or names it, or a line of exceptions.tsv with the reason.
use strict;
use warnings;

sub slurp { open my $in, '<', shift or die "$_: $!\n"; local $/; return <$in> // '' }
sub rows { return map { [split /\t/, $_, -1] } grep { !/^(#|$)/ } split /\n/, slurp("tests/removal/$_[0].tsv") }
sub plain { my %of = (n => "\n", t => "\t"); return shift =~ s/\\(.)/$of{$1} \/\/ $1/ger }

my $tree = shift // die "unmissed.pl TREE\n";
my (%texts, %excused, %used);
push @{$texts{$_->[1]}}, plain($_->[2]) for rows('steps');
$excused{"$_->[0] $_->[1]"} = $_->[2] for rows('exceptions');

# Definitions begin in column one and end with a brace there; .clang-format has them so.
for my $path (sort glob "$tree/sandbox/*.c") {
	my ($file, $source, %body, @teller) = ($path =~ s,^\Q$tree\E/,,r, slurp($path));
	$body{$1} = [$-[0], $+[0]] while $source =~ /^\w[^;{}#=]*?\b(\w+)\([^;{}]*\)\n\{\n.*?^\}/msg;
	my %text = map { my ($from, $to) = @{$body{$_}}; $_ => substr $source, $from, $to - $from } keys %body;
	@teller = grep { $text{$_} =~ /const char \*reason\b/ && $text{$_} =~ /\bstep_(failed|misconfigured)\(/ } keys %text;
	my $tells = join '|', 'step_failed', 'step_misconfigured', @teller;

	for my $name (sort { $body{$a}[0] <=> $body{$b}[0] } keys %text) {
		next if $text{$name} !~ /\b($tells)\(/ || grep { $_ eq $name } @teller;
		my $inside = grep {
			my $at = index $source, $_;
			$at >= 0 && $at < $body{$name}[1] && $at + length > $body{$name}[0];
		} @{$texts{$file} // []};
		my $named = grep { /\b\Q$name\E\b/ } map { @$_ } values %texts;
		$used{"$file $name"} = 1;
		print "$file: $name() has no row\n" unless $inside || $named || $excused{"$file $name"};
		print "$file: $name() has a row and an exception\n" if ($inside || $named) && $excused{"$file $name"};
	}
}
$used{$_} or print "$_: an exception for no function that fails a door\n" for sort keys %excused;
