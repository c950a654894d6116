#!/usr/bin/env bats
# Goal: `sallyport lint` finds what is legal and unwise, one planted fault at a time, names its line, and is silent
# about a sound policy. Low findings alone fail no CI job.

bats_require_minimum_version 1.5.0
load lib

# Accounts and groups of every host, homes that are not where the docroots are.
SOUND='[defaults]
docroot  = /srv/drop/%u
commands = sftp

[group tty]
access   = drop-box
from     = 192.0.2.0/24,10.*,2001:db8::1,!192.0.2.66,fe80::*

[user root]
docroot  = /srv/drop2/%u
commands = sftp rsync sum probe
access   = full
hours    = Mon-Fri 08:00-18:00
profiles = nightly
expires  = 29990101

[profile nightly]
commands = rsync
hours    = 08:00-09:00

[command sum]
program  = /usr/bin/sha256sum
template = sum %1p %2d
argv     = sha256sum -- %1
verbs    = download
'

setup() { printf '%s' "$SOUND" >"$POLICY"; }

# change SED…: the sound policy, changed.
change() { sed -i "$@" "$POLICY"; }
# more LINE…: the sound policy, and more.
more() { printf '%s\n' "$@" >>"$POLICY"; }

lint() { try "$1" "$TOOL" lint -f "$POLICY"; }

# finds SEVERITY ID [TEXT]: such a finding is there; and the exit status is right for it.
finds() {
	local status_wanted=1
	run "$TOOL" lint -f "$POLICY"
	[[ $1 == low ]] && [[ $output != *': medium: '* && $output != *': high: '* ]] && status_wanted=0
	[ "$status" = $status_wanted ] || { printf 'status %s\n%s\n' "$status" "$output"; return 1; }
	says ": $1: $2: ${3-}"
	says '  why       ' '  fix       '
}

# at LINE-TEXT ID: the finding names the line that holds the text.
at() {
	local line
	line=$(grep -nF -- "$1" "$POLICY" | head -n 1 | cut -d: -f1)
	says "$POLICY:$line: "
	grep -q "^$POLICY:$line: [a-z]*: $2: " <<<"$output" || { echo "$output"; return 1; }
}

command_is() { more '[command x]' "$@"; change 's/^commands = sftp rsync/& x/'; }

@test "a sound policy has no finding" {
	lint 0
	[ "$output" = 'no findings' ]
}
@test "the example has no finding but accounts that are not here, and what borg's own switch holds" {
	try 0 "$TOOL" lint -f "$CHECKOUT/examples/policy.ini"
	! grep -E '^/.*: (low|medium|high): ' <<<"$output" | grep -vE ': low: ((user|group)-unknown|held-by-client: borg for user laptops|docroot-refused): '
}

# ---- programs ----

@test "program-escape: shells, interpreters, editors, pagers, launchers, network tools" {
	local program
	for program in /bin/sh /bin/bash /usr/bin/python3.11 /usr/bin/perl /usr/bin/vim.tiny /usr/bin/less \
		/usr/bin/more /usr/bin/man /usr/bin/tmux /usr/bin/env /usr/bin/xargs /usr/bin/sudo /usr/bin/ssh \
		/usr/bin/sftp /usr/bin/nc /usr/bin/make /usr/bin/gawk /usr/bin/crontab /opt/bin/busybox; do
		setup
		command_is "program = $program" 'template = x'
		finds high program-escape "$program: "
		at "program = $program" program-escape
	done
}
@test "program-escape: tools with dangerous options, once the client has a word in them" {
	local program
	for program in tar find git rsync scp curl wget zip; do
		setup
		command_is "program = /usr/bin/$program" 'template = x %1p' "argv = $program -- %1" 'verbs = download'
		finds high program-escape "/usr/bin/$program: "
		setup
		command_is "program = /usr/bin/$program" 'template = x %p'
		finds high program-escape
		setup
		command_is "program = /usr/bin/$program" 'template = x %1p' "argv = $program -c ." 'verbs = download'
		finds medium program-options "/usr/bin/$program: "
		silent program-escape
	done
}
@test "program-escape: through a symbolic link, through a hard link" {
	ln -s /bin/sh "$BATS_TEST_TMPDIR/list"
	command_is "program = $BATS_TEST_TMPDIR/list" 'template = x'
	finds high program-escape "$BATS_TEST_TMPDIR/list, which is "
	rm "$BATS_TEST_TMPDIR/list"
	ln "$(realpath /bin/bash)" "$BATS_TEST_TMPDIR/list" || skip "no hard link across file systems"
	finds high program-escape "$BATS_TEST_TMPDIR/list, which is "
}
@test "program-escape: program NAME of a built-in definition" {
	change 's|^\[user root\]|&\nprogram rsync = /usr/bin/python3|'
	finds high program-escape '/usr/bin/python3: '
	at 'program rsync' program-escape
	setup
	change 's|^\[user root\]|&\nprogram sftp = /usr/bin/sftp|'
	finds high program-escape '/usr/bin/sftp: '
}
@test "another copy of what is meant is no escape" {
	change 's|^\[user root\]|&\nprogram rsync = /usr/bin/rsync\nprogram scp = /usr/bin/scp\nprogram git = /usr/bin/git|'
	lint 0
	silent program-escape program-options
}
@test "program-writable" {
	[ "$(id -u)" = 0 ] || skip "needs a file of another owner"
	cp /usr/bin/sha256sum "$BATS_TEST_TMPDIR/tool"
	command_is "program = $BATS_TEST_TMPDIR/tool" 'template = x'
	finds high program-writable "$BATS_TEST_TMPDIR/tool: "
	at "program = $BATS_TEST_TMPDIR/tool" program-writable
}
@test "program-in-docroot, also when the docroot comes from users/" {
	command_is 'program = /srv/drop/carol/tool' 'template = x'
	finds high program-in-docroot /srv/drop/carol/tool
	setup
	command_is 'program = /srv/other/tool' 'template = x'
	finds low program-missing /srv/other/tool
	silent program-in-docroot
	mkdir "$BATS_TEST_TMPDIR/users"
	printf '[user bin]\ndocroot = /srv/other\n' >"$BATS_TEST_TMPDIR/users/bin.ini"
	finds high program-in-docroot /srv/other/tool
}

# ---- templates ----

@test "template-parent" {
	command_is 'program = /usr/bin/id' 'template = x %1d' 'argv = id ../%%' 'verbs = none'
	change 's|^argv = id.*|argv = id ../secret %1|'
	finds medium template-parent '../secret in argv'
	at 'argv = id' template-parent
	setup
	command_is 'program = /usr/bin/id' 'template = x a/../b'
	finds medium template-parent 'a/../b in template'
}
@test "capture-option: where options are still looked for" {
	command_is 'program = /usr/bin/id' 'template = x %1p' 'argv = id %1' 'verbs = download'
	finds low capture-option 'word 2 of argv, a %p'
	setup
	command_is 'program = /usr/bin/id' 'template = x %w'
	finds low capture-option 'word 2 of argv, a %w'
}
@test "the value of an option, a number, a word behind -- are fine" {
	command_is 'program = /usr/bin/id' 'template = x %1w %2d %3p' 'argv = id -n %1 %2 -- %3' 'verbs = download'
	lint 0
	silent capture-
}

# ---- commands ----

@test "command-shadowed: the same template, or a wider one, before it" {
	command_is 'program = /usr/bin/id' 'template = sum %p %d' 'verbs = download'
	finds medium command-shadowed 'sum, behind x, for user root'
	at 'commands = sftp rsync' command-shadowed
	setup
	command_is 'program = /usr/bin/id' 'template = probe-all'
	change 's/^commands = sftp rsync x sum/commands = sftp rsync sum x y/'
	more '[command y]' 'program = /usr/bin/id' 'template = probe-all'
	finds medium command-shadowed 'y, behind x, for user root'
	setup
	command_is 'program = /usr/bin/id' 'template = rsync --server %1d'
	lint 0
	silent command-shadowed
}
@test "a narrower one before it is fine" {
	command_is 'program = /usr/bin/id' 'template = sum all 1'
	lint 0
	silent command-shadowed
}
@test "command-unmatchable" {
	command_is 'program = /usr/bin/id' 'template = A=1 x'
	finds medium command-unmatchable 'x: A=1 x'
}
@test "command-unlisted" {
	more '[command x]' 'program = /usr/bin/id' 'template = x'
	finds low command-unlisted '[command x]'
	at '[command x]' command-unlisted
	mkdir "$BATS_TEST_TMPDIR/users"
	printf '[user bin]\ncommands = x\n' >"$BATS_TEST_TMPDIR/users/bin.ini"
	lint 0
	silent command-unlisted
}
@test "command-never: no form of it is left" {
	change '/^\[group tty\]/,/^$/s/^access.*/&\ncommands = rsync/'
	finds medium command-never 'rsync for members of tty'
	at 'commands = rsync' command-never
}
@test "command-never: restricted, and all of it browses" {
	more '[user bin]' 'restricted = yes' 'commands = x' '[command x]' 'program = /usr/bin/id' 'template = !x'
	finds medium command-never 'x for user bin'
}
@test "form-refused: upload is there, and rsync wants more" {
	change 's/^access   = full/access = download upload overwrite list/'
	finds low form-refused 'rsync --server %o . %p? for user root: lacks '
	setup
	change 's/^access   = full/access = read-only/'
	lint 0
	silent form-refused
}
@test "held-by-client" {
	change 's/^access   = full/access = download upload overwrite rename mkdir/; s/^commands = sftp rsync/commands = sftp/'
	change 's/^commands = rsync/commands = sftp/'
	finds low held-by-client 'sftp for user root: '
}
@test "token-ignored" {
	change 's/^access   = full/&\ntoken = marker/'
	finds medium token-ignored 'rsync for user root'
	silent 'aspera for user root'
}
@test "docroot-none" {
	more '[user bin]' 'docroot = none'
	finds medium docroot-none 'sftp for user bin'
	change 's/^docroot = none/&\ncommands = probe/'
	lint 0
	silent docroot-none
}

# ---- from, hours, expires ----

@test "from-never: names, broken addresses" {
	local item
	for item in '*.example.com' localhost host.cafe '300.1.1.1' '192.0.2' '192.0.2.*.de'; do
		setup
		change "s/^from .*/from = 192.0.2.1,$item/"
		finds medium from-never "$item "
		at 'from = ' from-never
	done
}
@test "from-never: a negated name keeps nobody out" {
	change 's/^from .*/from = *,!evil.example.com/'
	finds medium from-never '!evil.example.com looks like a name'
}
@test "from-covered" {
	local list
	for list in '192.0.2.0/25,!192.0.2.0/24' '192.0.2.7,!192.0.2.0/24' '192.0.2.7,!*' '10.*,!10.*' \
		'2001:db8::/48,!2001:db8::/32' '192.0.2.7,!192.0.2.?'; do
		setup
		change "s|^from .*|from = 198.51.100.1,$list|"
		finds medium from-covered "${list%%,*}, because of "
	done
}
@test "patterns that can match are left alone" {
	change 's|^from .*|from = 192.0.2.?,10.*,*:beef,fe80::1%eth0,192.0.2.0/24,!192.0.2.0/25,2001:db8::/32|'
	lint 0
	silent from-
}
@test "hours-never" {
	change '/^\[profile nightly\]/,$s/^hours.*/hours = 19:00-20:00/'
	finds medium hours-never 'nightly for user root: '
	setup
	change '/^\[profile nightly\]/,$s/^hours.*/hours = Sat-Sun 08:00-09:00/'
	finds medium hours-never
}
@test "hours-always" {
	change '/^\[user root\]/,/^$/s/^hours.*/hours = 12:00-24:00,00:00-12:00/'
	finds low hours-always
}
@test "expires-past" {
	change 's/^expires.*/expires = 20200101/'
	finds low expires-past 'expires = 20200101'
	at 'expires = 2020' expires-past
}

# ---- profiles and accounts ----

@test "profile-unlisted" {
	more '[profile daily]' 'access = read-only'
	finds low profile-unlisted '[profile daily]'
	at '[profile daily]' profile-unlisted
}
@test "profile-required: one is needed and none is listed" {
	more '[user bin]' 'profile = required'
	finds medium profile-required 'user bin'
}
@test "an account whose profile is required is looked at all the same" {
	more '[user bin]' 'profile = required' 'profiles = other' 'docroot = none' '[profile other]' 'commands = sftp'
	finds medium docroot-none 'sftp for user bin'
}
@test "key-unlisted" {
	more '[key laptop]' 'cert-id = x'
	finds low key-unlisted '[key laptop]'
	at '[key laptop]' key-unlisted
}
@test "a key that an account lists is not" {
	change '/^access   = full/a keys = laptop\nkey-identity = yes'
	more '[key laptop]' 'cert-id = x'
	lint 0
	silent key-unlisted
}
@test "path-idle: it gives what is there, and takes nothing" {
	change '/^access   = full/a access /in = upload list'
	finds medium path-idle 'access /in for user root'
}
@test "path-idle: read-only in a full docroot takes, upload in a read-only one gives" {
	change '/^access   = full/a access /in = read-only\naccess /in/box = upload\naccess /in/box/x = upload'
	finds medium path-idle 'access /in/box/x for user root'
	silent 'access /in for' 'access /in/box for'
}
@test "path-missing: the docroot is there, and the directory is not" {
	local d=$BATS_TEST_TMPDIR/docroot
	mkdir -p "$d/there"
	change '/^access   = full/a access /there = read-only\naccess /absent = read-only'
	change "s,^docroot  = /srv/drop2.*,docroot  = $d,"
	finds medium path-missing 'access /absent for user root'
	silent 'access /there'
}
@test "account-faulty" {
	change '/^docroot  = .srv.drop.%u/d'
	finds high account-faulty 'members of tty: docroot is not set'
}
@test "account-idle" {
	more '[user bin]' 'commands = none'
	finds low account-idle 'user bin'
}
@test "user-unknown and group-unknown" {
	more '[user no-such-user]' '[group no-such-group]'
	finds low user-unknown no-such-user
	finds low group-unknown no-such-group
}
@test "users-stray" {
	mkdir "$BATS_TEST_TMPDIR/users"
	: >"$BATS_TEST_TMPDIR/users/alice.ini.bak"
	finds low users-stray alice.ini.bak
	says "$BATS_TEST_TMPDIR/users/alice.ini.bak: low"
}
@test "policy-empty" {
	printf '[defaults]\ndocroot = /srv/drop/%%u\n' >"$POLICY"
	finds medium policy-empty
}
@test "files under users/ are looked at, line by line" {
	mkdir "$BATS_TEST_TMPDIR/users"
	printf '[user bin]\nprotect = none\n' >"$BATS_TEST_TMPDIR/users/bin.ini"
	lint 1
	says "$BATS_TEST_TMPDIR/users/bin.ini:2: medium: protect-none"
}

# ---- docroots ----

@test "docroot-home: %h itself, a home, above homes" {
	local home
	change 's|^docroot  = /srv/drop2/%u|docroot = %h|'
	finds high docroot-home '%h is the account'
	home=$(getent passwd root | cut -d: -f6)
	setup
	change "s|^docroot  = /srv/drop2/%u|docroot = $home|"
	finds high docroot-home "$home holds the home"
	at "docroot = $home" docroot-home
	setup
	change 's|^docroot  = /srv/drop2/%u|docroot = /|'
	finds high docroot-home '/ holds the home'
	setup
	change 's|^docroot  = /srv/drop2/%u|docroot = /%u|'
	finds high docroot-home '/%u holds the home'
}
@test "beneath the home is fine" {
	change 's|^docroot  = /srv/drop2/%u|docroot = %h/data|'
	lint 0
	silent docroot-
}
@test "docroot-service-home" {
	getent passwd games | grep -q nologin || skip "no such service here"
	change 's|^docroot  = /srv/drop2/%u|docroot = /usr/games|'
	finds low docroot-service-home '/usr/games holds the home of games'
}
@test "docroot-home-allowed" {
	change 's|^docroot  = /srv/drop2/%u|&\ndocroot-home = allow|'
	finds medium docroot-home-allowed
}
@test "docroot-shared: a group without %u" {
	change '/^\[group tty\]/s|$|\ndocroot = /srv/pool|'
	finds low docroot-shared '/srv/pool: docroot of all members of tty'
	at 'docroot = /srv/pool' docroot-shared
}
@test "docroot-shared: two users, and one inside the other's" {
	more '[user bin]' 'docroot = /srv/drop2/root'
	finds low docroot-shared '/srv/drop2/root: docroot of user root and user bin'
	change 's|^docroot = /srv/drop2/root|&/in|'
	finds low docroot-shared '/srv/drop2/root/in: inside the docroot of user root and user bin'
	change 's|^docroot = /srv/drop2/root/in|docroot = /srv/drop2/root-in|'
	lint 0
	silent docroot-shared
}

@test "docroot-refused: of accounts of this host, what the gate would not open; as the account, where we are root" {
	local d reason
	more '[user bin]' "docroot = $BATS_TEST_TMPDIR/%u" '[user no-such-user]' "docroot = $BATS_TEST_TMPDIR/%u"
	finds low docroot-refused "$BATS_TEST_TMPDIR/bin for user bin: "
	at "docroot = $BATS_TEST_TMPDIR/%u" docroot-refused
	silent 'for user no-such-user: the docroot' 'for user root: '
	[ "$(id -u)" = 0 ] || return 0
	d=$(mktemp -d /var/lib/sallyport-lint.XXXXXX)
	chmod 755 "$d" && mkdir -m 750 "$d/bin" && chgrp bin "$d/bin"
	setup
	more '[user bin]' "docroot = $d/%u"
	lint 0 && silent docroot-refused || { rm -r "$d"; return 1; }
	for reason in 'chmod 700 bin=cannot be entered' 'chmod 700 .=the docroot cannot be opened' 'chmod o+w .=bad ownership or modes' \
		'rmdir bin; ln -s /usr/share bin=the docroot is a link' 'rm bin; touch bin=not a directory' \
		'rm bin=the docroot is missing'; do
		chmod 755 "$d"
		(cd "$d" && eval "${reason%%=*}")
		finds low docroot-refused "$d/bin for user bin: " && says "${reason#*=}" || { rm -r "$d"; return 1; }
	done
	rm -r "$d"
}

# ---- the rest ----

@test "umask-world and umask-group" {
	change 's/^access   = full/&\numask = 025/'
	finds medium umask-world 'umask = 025'
	setup
	change '/^\[group tty\]/s|$|\ndocroot = /srv/pool\numask = 007|'
	finds low umask-group 'umask = 007 of all members of tty'
	setup
	change 's/^access   = full/&\numask = 007/'
	lint 0
	silent umask-
}
@test "pass-env-wide: dangerous names, and wildcards that cover them" {
	local list
	for list in HOME PATH 'LANG G*' 'RSYNC_*'; do
		setup
		change "s/^access   = full/&\npass-env = $list/"
		finds medium pass-env-wide
		at 'pass-env = ' pass-env-wide
	done
	setup
	change 's/^access   = full/&\npass-env = LANG LC_* TZ_NAME/'
	lint 0
}
@test "protect-none" {
	change 's/^access   = full/&\nprotect = none/'
	finds medium protect-none
}
@test "local-from" {
	change '/^\[group tty\]/s|$|\nlocal = yes|'
	finds low local-from 'members of tty'
}
@test "transfers-unlogged" {
	change '/^access   = drop-box/s/$/\nlog-transfers = yes/'
	lint 0
	[ "$output" = 'no findings' ]
	change '/^access   = full/s/$/\nlog-transfers = yes/'
	finds low transfers-unlogged 'user root: rsync sum'
}
@test "isolation-chroot, isolation-landlock" {
	change 's/^access   = full/&\nisolation = chroot/'
	finds low isolation-chroot
	change 's/^isolation = chroot/isolation = landlock/'
	finds low isolation-landlock
	change 's/^isolation = landlock/isolation = namespace/'
	lint 0
	[ "$output" = 'no findings' ]
}

@test "may-lack" {
	change 's/^access   = full/&\nmay-lack = landlock/'
	finds low may-lack
}
@test "[test] sections are no findings" {
	more '[test t]' 'user = root' 'command = \x1b' 'expect = deny'
	lint 0
}

# ---- output and status ----

@test "JSON" {
	change 's/^access   = full/&\nprotect = none/'
	try 1 "$TOOL" lint --json -f "$POLICY"
	perl -MJSON::PP -e '
		my $d = JSON::PP->new->latin1->decode($ARGV[0]);
		my $f = $d->{findings};
		join(" ", sort keys %$d) eq "errors findings high low medium policy schema" or die "members";
		$d->{schema} == 1 && !@{$d->{errors}} && $d->{policy} eq $ARGV[1] or die "head";
		"$d->{high} $d->{medium} $d->{low}" eq "0 1 0" && @$f == 1 or die "numbers";
		join(" ", sort keys %{$f->[0]}) eq "file fix id line severity subject why" or die "members of a finding";
		$f->[0]{id} eq "protect-none" && $f->[0]{severity} eq "medium" or die "finding";
		$f->[0]{file} eq $ARGV[1] && $f->[0]{line} > 1 && $f->[0]{why} && $f->[0]{fix} or die "place";
	' "$output" "$POLICY"
	setup
	try 0 "$TOOL" lint --json -f "$POLICY"
	says '"findings":[],"high":0'
	more 'nonsense'
	try 78 "$TOOL" lint --json -f "$POLICY"
	says '"errors":[{"file":' 'a line that is no setting'
}
@test "a fault of the policy, or of a file under users/, is status 78; the rest is still looked at" {
	more 'nonsense'
	try 78 "$TOOL" lint -f "$POLICY"
	says 'a line that is no setting'
	silent 'no findings'
	setup
	mkdir "$BATS_TEST_TMPDIR/users"
	printf '[user bin]\nacess = full\n' >"$BATS_TEST_TMPDIR/users/bin.ini"
	printf '[user sys]\nprotect = none\n' >"$BATS_TEST_TMPDIR/users/sys.ini"
	lint 78
	says 'not a setting' 'users/bin.ini:2' protect-none
	silent policy-empty
}
@test "an option that the table refuses, and one that it does not have" {
	change '/^access   = full/a rsync-accept = --log-file --compress-threads --delete'
	finds medium option-refused '--log-file of rsync: writes a file'
	at --log-file option-refused
	finds medium option-refused '--compress-threads of rsync: threads cost memory'
	silent '--delete of rsync'
	setup
	change '/^access   = full/a scp-accept = -Y=%d'
	finds medium option-unknown '-Y=%d of scp'
	setup
	change '/^access   = full/a rsync-refuse = --log-file --delete*'
	lint 0
	silent option-
}
@test "usage" {
	try 64 "$TOOL" lint -x
	try 64 "$TOOL" lint -f "$BATS_TEST_TMPDIR/none"
	try 64 "$TOOL" lint "$POLICY"
}
@test "every id is there once" {
	local ids
	ids=$(sed -n 's/.*= {"\([a-z-]*\)", .*/\1/p' "$CHECKOUT/cli/lint-checks.c")
	[ -n "$ids" ]
	[ "$(sort <<<"$ids" | uniq -d)" = "" ]
}
@test "every id has a test here" {
	local id
	for id in $(sed -n 's/.*= {"\([a-z-]*\)", .*/\1/p' "$CHECKOUT/cli/lint-checks.c"); do
		grep -Eq "finds (low|medium|high) $id( |$)" "$BATS_TEST_FILENAME" || { echo "$id"; return 1; }
	done
}
