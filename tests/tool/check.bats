#!/usr/bin/env bats
# Goal: `sallyport check` tells a tired administrator at a glance what a command comes to and why; on refusal what
# came nearest and what of the policy would admit it, and what it proposes does admit it. Its JSON is what
# sallyport(8) says, member by member. Colour is for terminals, and no foreign byte gets there.

bats_require_minimum_version 1.5.0
load lib

setup() {
	cat >"$POLICY" <<-END
		[defaults]
		commands = sftp scp rsync
		docroot  = /srv/transfer/%u

		[group partners]
		access   = read-only
		from     = 192.0.2.0/24

		[user alice]
		access   = full
		protect  = .git
		profiles = nightly

		[user carl]
		commands = scp
		hours    = 01:00-02:00
		expires  = 20300101
		from     = 192.0.2.0/24

		[user dora]
		restricted = yes
		access     = full

		[user toto]
		token      = marker
		access     = full

		[profile nightly]
		commands = rsync
		from     = 10.0.0.0/8

		[command dump]
		program  = /usr/bin/true
		template = dump %1w
		argv     = true -- %1
		verbs    = download
	END
}

# check STATUS USER[,KEY=VALUE…] [ARGUMENT…]: as that account, with the base policy.
check() {
	local want=$1 who=$2
	shift 2
	try "$want" "$TOOL" check -f "$POLICY" -C "user=$who,home=/home/someone" "$@"
}

# line TEXT…: each is a whole line of $output.
line() {
	local text
	for text; do
		grep -qxF -e "$text" <<<"$output" || { printf 'no such line: %s\n%s\n' "$text" "$output"; return 1; }
	done
}

RSYNC='rsync --server -logDtpre.iLsfxCIvu . /in'

# ---- a grant ----

@test "allow: the rule, the words before and after, environment, verbs, and the lines that gave them" {
	check 0 alice "$RSYNC"
	line 'allow  rsync' '  rule      rsync (built in): rsync --server %o . %p?' \
		'  sent      rsync --server -logDtpre.iLsfxCIvu . /in' \
		'  argv      rsync --server -logDtpre.iLsfxCIvu . /files/./in' \
		'  program   /usr/bin/rsync' '  env       PATH=/usr/bin:/bin' '            USER=alice' \
		'  verbs     download upload overwrite list mkdir rename delete' \
		'  docroot   /srv/transfer/alice' "  account   alice, by $POLICY"
	says "commands = sftp scp rsync         [defaults] $POLICY:2" "access = full" "[user alice] $POLICY:10" \
		"docroot = /srv/transfer/%u        [defaults] $POLICY:3"
	silent 'without' 'closest' 'admits'
}
@test "allow: each verb that is lacking, its layer, and whom it holds against" {
	check 0 bob,group=partners,addr=192.0.2.1 internal-sftp
	says '  without   upload     against the program (read-only mount)' \
		'  without   delete     against the program (read-only mount)' \
		"access = read-only                [group partners] $POLICY:6" "from = 192.0.2.0/24"
	silent 'without   download' 'without   list'
}
@test "a definition of the policy's own is named with its place" {
	sed -i 's/= sftp scp rsync/& dump/' "$POLICY"
	check 0 alice 'dump x1'
	line "  rule      dump ($POLICY:32): dump %1w" '  sent      dump x1' '  argv      true -- x1'
}
@test "words that are more than plain stand in quotes, a pattern is named" {
	check 0 alice "scp -t 'a b'"
	line "  sent      scp -t 'a b'" "  argv      scp -t 'a b'"
	check 0 alice "scp -t it\\'s"
	line "  sent      scp -t 'it'\\''s'"
	check 0 alice 'scp -f *.txt'
	line '  argv      scp -f *.txt' '  pattern   *.txt'
	check 0 alice "scp -f '*.txt'"
	line "  argv      scp -f '*.txt'"
	silent 'pattern'
	check 0 alice $'scp -f \xc3\xa4'
	line "  sent      scp -f '\\xc3\\xa4'"
}
@test "a setting that no section has is said to be its default" {
	check 0 carl,addr=192.0.2.1,time=202901010130 'scp -f x'
	says 'access is not set: its default' "hours = 01:00-02:00               [user carl] $POLICY:16" 'expires = 20300101'
}
@test "the last section that says it counts, and a group only if the account is in it" {
	sed -i 's/^\[user alice\]/[group staff]\ncommands = scp\n&/' "$POLICY"
	check 0 alice 'scp -t x'
	says "commands = sftp scp rsync         [defaults] $POLICY:2"
	sed -i '/^profiles/d' "$POLICY"
	check 0 alice,group=staff 'scp -t x'
	says "commands = scp                    [group staff] $POLICY:10"
	silent '[defaults] '"$POLICY:2"
}
@test "a profile's line replaces the account's, and its conditions stand beside them" {
	sed -i 's/^access   = full/&\nfrom = 10.0.0.0\/9/' "$POLICY"
	check 0 alice,addr=10.1.2.3 --profile nightly "$RSYNC"
	says 'commands = rsync                  [profile nightly]' 'from = 10.0.0.0/8                 [profile nightly]' \
		'from = 10.0.0.0/9                 [user alice]' 'alice under profile nightly'
	silent 'sftp scp rsync'
}

# ---- a login without a command ----

@test "no command at all is an interactive login, which is refused with the policy's message" {
	check 77 alice
	line 'deny   this account is for file transfer only'
	says 'a login without a command starts nothing'
	silent 'admits' 'closest'
	sed -i 's/^access   = full/&\nmessage = ask ops@example.org/' "$POLICY"
	check 77 alice
	line 'deny   ask ops@example.org'
	says "message = ask ops@example.org"
	check 77 alice ''
	line 'deny   an empty command'
}

# ---- a denial ----

@test "the caret stands under the word, wherever it is" {
	check 77 alice 'scp -t -S /bin/sh x'
	line '  scp -t -S /bin/sh x' '         ^~'
	check 77 alice 'scp -t'
	line '  scp -t' '        ^'
	says 'a word is missing at the end'
	check 77 alice $'scp -t "\x1b" x; id'
	says 'scp -t "\x1b" x; id'
	check 77 alice "scp -f $(printf 'a/%.0s' {1..1000}) -S x $(printf 'b/%.0s' {1..1000})"
	[ "$(sed -n '2,3p' <<<"$output" | wc -c)" -lt 400 ]
	says '  .../a/a/' '/b/b/b...'
	[[ $(sed -n 3p <<<"$output") =~ ^(\ *)\^~$ ]]
	local column=${#BASH_REMATCH[1]}
	[ "$(sed -n 2p <<<"$output" | cut -c $((column + 1))-$((column + 2)))" = -S ] || {
		echo "the caret is not under -S"; echo "$output"; return 1; }
}
@test "the closest rule: a form of the right definition, shown as one types it" {
	check 77 alice 'rsync --server --rsh=x . /in'
	line 'deny   a refused option' '  closest   rsync (built in): rsync --server %o . %p?' \
		'  form      rsync --server [OPTION]... . [PATH]' '  because   names a program to run (CVE-2012-2252)'
	says 'admits    no setting'
	check 77 alice 'scp -t a b'
	line '  form      scp -t [OPTION]... PATH'
}
@test "the closest rule: a first word that was mistyped" {
	check 77 alice 'rsnc --server -e.L . /in'
	says 'closest   rsync (built in)' '--server [OPTION]... . [PATH]' 'admits    no setting'
	check 77 alice 'vim x'
	silent closest
	says 'a [command] of your own'
}
@test "shell syntax: no rule is near, no setting helps" {
	check 77 alice 'scp -t x; id'
	line '          ^'
	silent closest
	says 'admits    no setting: no shell is there'
}

# admits WHO SED COMMAND: what check proposed for COMMAND, once it is in the policy (SED), does admit it.
admits() {
	check 77 "$1" "$3"
	sed -i "$2" "$POLICY"
	check 0 "$1" "$3"
}

@test "admits: a command that the account does not have; the whole line to write" {
	check 77 alice 'git-upload-pack x'
	says 'closest   git (built in): git-upload-pack %p' \
		"admits    commands = sftp scp rsync git  (in place of $POLICY:2, [defaults])"
	admits alice 's/^commands = sftp scp rsync$/& git/' 'git-upload-pack x'
}
@test "admits: a [command] that no list names" {
	check 77 alice 'dump x'
	says "closest   dump ($POLICY:32)" 'admits    commands = sftp scp rsync dump'
	admits alice 's/^commands = sftp scp rsync$/& dump/' 'dump x'
}
@test "admits: the fewest verbs, as a preset if they are one" {
	check 77 bob,group=partners,addr=192.0.2.1 'scp -t x'
	says 'lacks     upload overwrite' 'rule      scp' \
		"admits    access = download upload overwrite list  (in place of $POLICY:6, [group partners])"
	admits bob,group=partners,addr=192.0.2.1 's/^access   = read-only/access = download upload overwrite list/' 'scp -t x'
	setup
	sed -i 's/read-only/mkdir overwrite/' "$POLICY"
	check 77 bob,group=partners,addr=192.0.2.1 'scp -t x'
	says 'admits    access = drop-box'
}
@test "admits: an address that was not given" {
	check 77 carl,time=202901010130 'scp -f x'
	says "from: a list that holds the client's address (-C addr= says it)"
	silent 'hours:' 'expires =' 'access ='
}
@test "admits: every part of what is needed together is needed" {
	check 77 carl,addr=203.0.113.9,time=203101011200 'rsync --server -e.L . /in'
	says 'from: a list that holds 203.0.113.9' 'hours: windows that hold Wed 12:00' 'expires = never, or a later time' \
		'commands = scp rsync' 'access = '
	sed -i '/^\[user carl\]/,/^$/{/from\|hours\|expires/d;s/^commands.*/commands = scp rsync/}' "$POLICY"
	check 77 carl,addr=203.0.113.9,time=203101011200 'rsync --server -e.L . /in'
	local access
	access=$(sed -n 's/^  admits    \(access = [a-z -]*[a-z]\)  (in .*/\1/p' <<<"$output")
	[ -n "$access" ]
	silent 'from:' 'hours:' 'expires =' 'commands = scp rsync  ('
	sed -i "s/^\[user carl\]/&\n$access/" "$POLICY"
	check 0 carl,addr=203.0.113.9,time=203101011200 'rsync --server -e.L . /in'
}
@test "admits: restricted and token, by the policy or by the forced command's flag" {
	check 77 dora 'scp -f *'
	says 'a wildcard lists a directory' 'admits    restricted = no'
	silent 'admits    access' 'and     access'
	admits dora 's/^restricted = yes/restricted = no/' 'scp -f *'
	check 77 alice -r 'scp -f *'
	line '  admits    a forced command without -r'
	check 77 toto 'scp -f x'
	says 'unauthorized to transfer' 'admits    token = off'
	check 77 alice -t 'scp -f x'
	line '  admits    a forced command without -t'
}
@test "admits: a protected name, and a further subsystem line" {
	check 77 alice 'scp -t x/.git/config'
	says 'a protected name' 'admits    protect: a list without the name' "protect = .git"
	check 77 alice '/opt/ssh/sftp-server -l INFO'
	says 'admits    sftp-subsystem = /opt/ssh/sftp-server -l INFO  (in [user alice])'
	admits alice 's/^\[user alice\]/&\nsftp-subsystem = \/opt\/ssh\/sftp-server -l INFO/' '/opt/ssh/sftp-server -l INFO'
	check 77 alice $'/opt/ssh/sftp-server -l IN\nFO'
	silent 'sftp-subsystem ='
}
@test "a denial under a profile says that two may have to change" {
	check 77 alice,addr=203.0.113.1 --profile nightly "$RSYNC"
	says 'from: a list that holds 203.0.113.1' '[profile nightly])' 'a profile or key may not be wider than its account'
}
@test "a key: what is left for it, and one that is none of the account's" {
	local one=SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA two=SHA256:BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA
	sed -i 's/^access   = full/&\nkeys = robot\nkey-identity = yes/' "$POLICY"
	printf '[key robot]\nfingerprint = %s\naccess = read-only\ncommands = scp\n' $one >>"$POLICY"
	check 0 alice,key=$one 'scp -f x'
	says 'commands = scp                    [key robot]' 'access = read-only                [key robot]' 'alice with key robot'
	check 77 alice,key=$one 'scp -t x'
	says 'admits    access = download upload overwrite list  (in place of' '[key robot])' 'a profile or key may not be wider'
	check 77 alice,key=$two 'scp -f x'
	says 'not with this key' 'admits    keys: a [key] section of this key' 'keys = robot' '[user alice]'
	check 77 alice 'scp -f x'
	says 'admits    keys: a [key] section' "(-C key= or cert-id= says it)"
	check 77 alice --json 'scp -f x'
	json '$j->{denial} eq "key" && same($j->{admits}, ["keys: a [key] section of the client\x27s key (-C key= or cert-id= says it)"])'
}
@test "rules for directories: their lines, and what is lacking beneath each" {
	sed -i '/^\[user alice\]/,/^$/s/^access   = full/access = read-only\naccess \/in = upload overwrite/' "$POLICY"
	check 0 alice 'scp -t /in/x'
	says 'beneath   /in: download upload overwrite list' "access /in = upload overwrite" '[user alice]' 'without   upload     against'
	check 77 alice 'scp -t /out/x'
	says 'lacks     upload overwrite' 'access /in = upload overwrite' 'admits    access = download upload overwrite list  (in place of'
	admits alice '/^access = read-only/s/read-only/download upload overwrite list/' 'scp -t /out/x'
	setup
	sed -i '/^\[user alice\]/,/^$/s/^access   = full/&\naccess \/out = read-only/' "$POLICY"
	check 77 alice 'scp -t /out/x'
	says 'admits    access = full, and no access /DIR in the way'
	admits alice '/^access \/out/d' 'scp -t /out/x'
}
@test "an account without a place, a profile that it has not, root" {
	check 77 mallory 'scp -t x'
	says 'no section for this account' 'right is'
	check 77 alice --profile weekly 'scp -t x'
	says 'no such profile'
	try 77 "$TOOL" check -f "$POLICY" -C user=root 'scp -t x'
	says 'root is not a transfer account'
}

# ---- JSON ----

# json PERL: $j is the object, and PERL has to be true of it.
json() {
	perl -MJSON::PP -e '
		my $j = JSON::PP->new->latin1->decode($ARGV[0]);
		sub same { JSON::PP->new->canonical->encode($_[0]) eq JSON::PP->new->canonical->encode($_[1]) }
		eval("no strict; $ARGV[1]") or die "not so: $ARGV[1]\n$ARGV[0]\n$@";' "$output" "$1"
}

# members NAME…: exactly these.
members() {
	json "same([sort keys %\$j], [sort qw($*)])"
}

HEAD="schema verdict user policy command reason"
SOUND="$HEAD detail rule template profile key words settings"

@test "JSON of a grant: every member, and no other" {
	check 0 bob,group=partners,addr=192.0.2.1 --json 'rsync --server --sender -e.L . "/a b"'
	members "$SOUND program argv env verbs without beneath docroot start isolation logged limits"
	json '$j->{schema} == 1 && $j->{verdict} eq "allow" && $j->{user} eq "bob"'
	json '!defined $j->{reason} && !defined $j->{detail} && !defined $j->{profile}'
	json "\$j->{policy} eq '$POLICY'"
	json '$j->{command} eq q(rsync --server --sender -e.L . "/a b") && $j->{rule} eq "rsync"'
	json '$j->{template} eq "rsync --server --sender %o . %P?"'
	json 'same($j->{words}, ["rsync", "--server", "--sender", "-e.L", ".", "/a b"])'
	json '$j->{program} eq "/usr/bin/rsync" && same($j->{argv}, [qw(rsync --server --sender -e.L .), "/files/./a b"])'
	json 'grep { $_ eq "USER=bob" } @{$j->{env}}'
	json 'same($j->{verbs}, [qw(download list)])'
	json 'same([sort keys %{$j->{without}}], [sort qw(upload overwrite mkdir rename delete)])'
	json '$j->{without}{upload} eq "against the program (read-only mount)"'
	json 'same($j->{beneath}, []) && !defined $j->{key}'
	json '$j->{docroot} eq "/srv/transfer/bob" && $j->{start} eq "/" && $j->{isolation} eq "namespace"'
	json "same([grep { \$_->{setting} eq 'access' } @{\$j->{settings}}], [{setting => 'access', value => 'read-only',
		section => 'group partners', file => '$POLICY', line => 6}])"
	json 'same([map { $_->{setting} } @{$j->{settings}}], [qw(commands access docroot from)])'
}
@test "JSON of a denial: every member, and no other" {
	check 77 bob,group=partners,addr=192.0.2.1 --json 'scp -t x'
	members "$SOUND denial offset end lacks closest admits"
	json '$j->{verdict} eq "deny" && $j->{denial} eq "access" && same($j->{lacks}, [qw(upload overwrite)])'
	json '$j->{reason} =~ /^access:/ && $j->{rule} eq "scp" && $j->{template} eq "scp %o %p"'
	json 'same($j->{admits}, ["access = download upload overwrite list"])'
	json 'same($j->{closest}, {rule => "scp", template => "scp %o %p", file => undef, line => 0})'
	check 77 alice --json 'dump x'
	json '$j->{denial} eq "no-match" && $j->{offset} == 0 && $j->{end} == 4 && !defined $j->{rule}'
	json "same(\$j->{closest}, {rule => 'dump', template => 'dump %1w', file => '$POLICY', line => 32})"
	check 77 alice --json 'scp -t -S x'
	json '$j->{denial} eq "grammar" && $j->{offset} == 7 && $j->{end} == 9 && $j->{detail} && same($j->{admits}, [])'
	check 77 alice --json 'vim'
	json '!defined $j->{closest} && same($j->{words}, ["vim"])'
}
@test "JSON: every kind of denial has its word" {
	local kind who rest
	sed -i 's/^restricted = yes/&\ncommands = aspera/' "$POLICY"
	while read -r kind who rest; do
		eval "check 77 $who --json $rest"
		json "\$j->{denial} eq '$kind'"
	done <<-'END'
		interactive alice
		empty alice ''
		rc alice '/bin/sh /home/alice/.ssh/rc'
		syntax alice 'a;b'
		no-match alice vim
		grammar alice 'scp -t'
		access bob,group=partners,addr=192.0.2.1 'scp -t x'
		restricted dora ascmd
		token toto 'scp -f x'
		source carl,addr=10.0.0.1,time=202901010130 'scp -f x'
		time carl,addr=192.0.2.1,time=202901011200 'scp -f x'
	END
}
@test "JSON of a login without a command, of no place, of a fault" {
	check 77 alice --json
	json '!defined $j->{command} && $j->{denial} eq "interactive" && same($j->{words}, [])'
	check 77 mallory --json 'scp -t x'
	members "$HEAD file line word want nearest"
	json '$j->{verdict} eq "deny" && $j->{word} eq "mallory" && $j->{line} == 0 && !defined $j->{file} && $j->{want}'
	echo 'comands = scp' >>"$POLICY"
	check 78 alice --json 'scp -t x'
	members "$HEAD file line word want nearest"
	json "\$j->{verdict} eq 'error' && \$j->{file} eq '$POLICY' && \$j->{line} == 37 && \$j->{word} eq 'comands'"
	json '$j->{reason} eq "not a setting" && !defined $j->{nearest}' || json '$j->{nearest} eq "commands"'
}
@test "JSON: every member that is printed is in the page, and the other way round" {
	sed -n '/^\.Ss JSON/,/^\.Sh/p' "$CHECKOUT/man/sallyport.8" |
		sed -n 's/^\.It Sy \(.*\)/\1/p' | tr -d ',' | tr -s ' ' '\n' | sort -u >"$BATS_TEST_TMPDIR/page"
	{
		check 0 alice,addr=10.0.0.1 --json "$RSYNC" && json 'print join("\n", keys %$j), "\n"'
		check 77 alice --json 'dump x' && json 'print join("\n", keys %$j), "\n"'
		check 77 mallory --json x && json 'print join("\n", keys %$j), "\n"'
	} | sort -u >"$BATS_TEST_TMPDIR/printed"
	diff "$BATS_TEST_TMPDIR/page" "$BATS_TEST_TMPDIR/printed"
}

# ---- colour ----

# on_terminal COMMAND…: under a terminal of its own; its output in $output.
on_terminal() {
	run script -qec "$*" /dev/null </dev/null
}

@test "colour on a terminal, and nowhere else" {
	local esc=$'\x1b' command="'$TOOL' check -f '$POLICY' -C user=alice,home=/home/alice"
	command -v script >/dev/null || { echo "script(1) is missing"; return 1; }
	export TERM=xterm
	unset NO_COLOR
	on_terminal "$command 'scp -t x; id'"
	says "$esc[1;31mdeny" "$esc[0m"
	on_terminal "$command 'scp -t x'"
	says "$esc[1;32mallow"
	NO_COLOR=1 on_terminal "$command 'scp -t x'"
	says allow
	silent "$esc"
	NO_COLOR='' on_terminal "$command 'scp -t x'"
	says "$esc[1;32m"
	TERM=dumb on_terminal "$command 'scp -t x'"
	says allow
	silent "$esc"
	TERM='' on_terminal "$command 'scp -t x'"
	silent "$esc"
	on_terminal "$command 'scp -t x' | cat"
	says allow
	silent "$esc"
	on_terminal "$command --json 'scp -t x'"
	says '"schema":1'
	silent "$esc"
}
@test "a command's control bytes do not reach a terminal" {
	export TERM=xterm
	on_terminal "'$TOOL' check -f '$POLICY' -C user=alice,home=/home/alice \"\$(printf 'scp -t \\033[2J\\007\\233x')\""
	says '\x1b' '[2J\x07\x9bx'
	silent $'\x1b[2J' $'\x07' $'\x9b'
	on_terminal "'$TOOL' check -f '$POLICY' -C user=alice,home=/home/alice \"\$(printf \"scp -f '\\033]0;x'\")\""
	says "'\\x1b]0;x'"
	silent $'\x1b]'
}

# ---- how it is called ----

@test "usage names every option and key" {
	try 64 "$TOOL" check
	says 'usage: sallyport check [-f POLICY] -C KEY=VALUE' '[-r] [-t] [--profile NAME] [--json] [COMMAND]' \
		'user, group, home, uid, addr, time, key or cert-id'
	try 64 "$TOOL" check -f "$POLICY" 'scp -t x'
	try 64 "$TOOL" check -f "$POLICY" -C user=alice,home=/x a b
	try 64 "$TOOL" check -x
}
@test "what is wrong with -C is said, and nothing else" {
	local key
	for key in colour=red key=MD5:x cert-id= addr=host.example.org addr=192.0.2.300 time=yesterday uid=0 uid=-1 uid=4294967295 uid=1x home=x \
		user= user; do
		try 64 "$TOOL" check -f "$POLICY" -C "user=alice,home=/x,$key" x
		says "sallyport: -C $key: "
		silent usage
	done
	try 64 "$TOOL" check -f "$POLICY" -C home=/x x
	says 'user=NAME'
	try 64 "$TOOL" check -f "$BATS_TEST_TMPDIR/none" -C user=alice x
	says 'there is no such policy'
	silent usage
	try 77 "$TOOL" check -f "$POLICY" -C user=alice,home=/x,host=h,laddr=1.2.3.4,lport=22,rdomain=r x
}
@test "an account that is not here has uid 65534 unless uid= says otherwise" {
	sed -i 's/%u/%U/' "$POLICY"
	check 0 alice 'scp -t x'
	line '  docroot   /srv/transfer/65534'
	check 0 alice,uid=4711 'scp -t x'
	line '  docroot   /srv/transfer/4711'
}
@test "a subcommand that is mistyped" {
	try 64 "$TOOL" chek
	says 'there is no such subcommand; nearest: check'
	silent usage
	try 64 "$TOOL" frobnicate
	says 'usage: sallyport check'
	try 64 "$TOOL"
	says 'usage: sallyport check'
	try 0 "$TOOL" --help
}

# ---- what the fuzzers begin with ----

@test "the accounts that sessions are fuzzed with are let in: a fault in their policy would leave little to explore" {
	local user key=SHA256:JNXdGWNd637HskiDvWFlVcikp7Osy50pwTZJkZeZsOQ
	for user in alice reader ways keyed jail wall; do
		try 0 "$TOOL" check -f "$CHECKOUT/tests/fuzz/session.ini" \
			-C "user=$user,home=/home/$user,addr=192.0.2.7,time=20261121120000,key=$key" sftp-server
	done
}
