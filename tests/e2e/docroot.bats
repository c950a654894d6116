#!/usr/bin/env bats
# Goal: `sallyport docroot prepare` puts what the policy's programs need into a docroot, root's alone, whole or not at
# all, and nothing else; `docroot check` finds what is wrong with one, by sshd's rule and in its words.

load lib

setup_file() {
	e2e_setup
	stage_user bob "$STAGE_GATE"
	stage_user carol "$STAGE_GATE"
}

setup() {
	find /srv -mindepth 1 -delete
	chmod 755 /srv
	chown root /srv
	policy "start = /alice"
}

policy() { # further lines for alice; BOB: lines for bob
	sed 's/^\t*//' <<-END | stage_policy
		[defaults]
		isolation = chroot
		docroot = /srv/%u
		commands = scp
		access = full
		[user alice]
		$1
		${BOB:+[user bob]}
		$BOB
	END
}

docroot() { try "$STAGE_PREFIX/sbin/sallyport" docroot "$@"; }

# What lies in the docroot: mode, owner, path, and the bytes' sum.
listing() {
	(cd "$1" && find . -printf '%m %U %y %P\n' | sort && find . -type f -exec sha256sum {} + | sort)
}

@test "prepare: the program, its loader and libraries, a passwd of two, four devices; root's; no shell" {
	docroot prepare
	assert_status 0
	cmp /usr/bin/scp /srv/alice/usr/bin/scp
	while read -r library; do
		cmp "$library" "/srv/alice$library"
	done < <(ldd /usr/bin/scp | grep -o '/[^ ]*')
	assert_equal "$(cat /srv/alice/etc/passwd)" "root:x:0:0::/nonexistent:/usr/sbin/nologin
alice:x:$(id -u alice):$(id -g alice)::/nonexistent:/usr/sbin/nologin"
	assert_equal "$(cat /srv/alice/etc/group)" "root:x:0:
alice:x:$(id -g alice):"
	assert_equal "$(cd /srv/alice/dev && stat -c '%n %t:%T %a %U' ./* | tr '\n' ' ')" \
		"./null 1:3 666 root ./random 1:8 666 root ./urandom 1:9 666 root ./zero 1:5 666 root "
	assert_equal "$(find /srv/alice -mindepth 1 ! -user root | tr '\n' ' ')" "/srv/alice/alice "
	assert_equal "$(stat -c '%U:%G %a' /srv/alice /srv/alice/alice | tr '\n' ' ')" "root:alice 750 alice:alice 750 "
	assert_equal "$(find /srv/alice ! -type l ! -type c -perm /022)" ""
	assert_equal "$(find /srv/alice -perm /6000)" ""
	assert_equal "$(find /srv/alice \( -name '*sh' -o -name busybox -o -name shadow \))" ""
	docroot check
	assert_status 0
}

@test "prepare: a second time changes nothing; --dry-run never does" {
	docroot prepare --dry-run
	assert_status 1 # there is no docroot yet
	assert_missing /srv/alice
	install -d -m 750 -g alice /srv/alice
	docroot prepare --dry-run
	assert_status 0
	assert_out 'new       /usr/bin/scp'
	assert_equal "$(ls -A /srv/alice)" ""
	docroot prepare
	listing /srv/alice >"$BATS_TEST_TMPDIR/first"
	docroot prepare
	assert_status 0
	refute_out new
	refute_out changed
	listing /srv/alice | diff "$BATS_TEST_TMPDIR/first" -
}

@test "a library of the host that was updated: check says stale, prepare replaces it, the old one stays readable" {
	local program=$STAGE_PROGRAMS/program library
	cp "$STANDIN" "$program"
	policy "start = /alice
		program scp = $program"
	docroot prepare
	assert_status 0
	exec 7<"/srv/alice$program"
	echo newer >>"$program"
	docroot check
	assert_status 1
	assert_out "stale     $program"
	docroot prepare
	assert_status 0
	assert_out "changed   $program"
	cmp "$program" "/srv/alice$program"
	! cmp -s "$program" /dev/fd/7 || fail "written in place"
	exec 7<&-
	assert_equal "$(find /srv/alice -name '*.staged')" ""
	docroot check
	assert_status 0
}

@test "check --json: the same findings; nothing beside the one object" {
	BOB='start = /bob
		docroot = /srv/alice' policy "docroot = /srv/alice
		start = /alice"
	docroot prepare
	docroot check --json
	assert_status 0
	perl -MJSON::PP -0e '
		my $d = JSON::PP->new->latin1->decode(<>);
		join(" ", sort keys %$d) eq "docroots found policy schema" && $d->{schema} == 1 && !$d->{found} or die "head";
		my ($r) = @{$d->{docroots}};
		join(" ", sort keys %$r) eq "accounts docroot findings layout of same" && @{$d->{docroots}} == 1 or die "members";
		$r->{docroot} eq "/srv/alice" && $r->{layout} eq "shared" && !@{$r->{findings}} or die "docroot";
		$r->{same} > 5 && $r->{same} == $r->{of} or die "files";
		join(" ", map { "$_->{user} $_->{start}" } @{$r->{accounts}}) eq "alice /alice bob /bob" or die "accounts";
	' "$out"
	rm /srv/alice/etc/group
	touch "/srv/alice/usr/bin/a\"b"
	chmod 755 /srv/alice/bob
	docroot check --json
	assert_status 1
	perl -MJSON::PP -0e '
		my $d = JSON::PP->new->latin1->decode(<>);
		my $r = $d->{docroots}[0];
		join("|", map { "$_->{finding}:$_->{subject}" } @{$r->{findings}}) =~
			m,^absent:/etc/group\|apart:/bob of bob .*\|stray:/usr/bin/a"b: a file , or die "findings";
		$d->{found} == 3 && $r->{same} == $r->{of} - 1 or die "numbers";
	' "$out"
	chown alice /srv
	docroot check --json
	assert_status 1
	perl -MJSON::PP -0e '
		my $r = JSON::PP->new->latin1->decode(<>)->{docroots}[0];
		my ($f) = @{$r->{findings}};
		$f->{finding} eq "way" && $f->{subject} =~ /^bad ownership or modes .*"\/srv\/"$/ && !$r->{same} or die "way";
	' "$out"
	docroot prepare --json
	assert_status 64
}

@test "prepare: what an interrupted one left behind is in nobody's way" {
	docroot prepare
	echo half >/srv/alice/usr/bin/.scp.staged
	rm /srv/alice/usr/bin/scp
	docroot prepare
	assert_status 0
	assert_missing /srv/alice/usr/bin/.scp.staged
	cmp /usr/bin/scp /srv/alice/usr/bin/scp
}

@test "wrong modes and owners: check says so, prepare mends its own files" {
	docroot prepare
	chmod 777 /srv/alice/usr/bin/scp
	chown alice /srv/alice/etc/passwd
	echo evil:x:0:0::/:/bin/sh >>/srv/alice/etc/group
	docroot check
	assert_status 1
	assert_out 'stale     /usr/bin/scp'
	assert_out 'stale     /etc/passwd'
	assert_out 'stale     /etc/group'
	docroot prepare
	assert_status 0
	docroot check
	assert_status 0
}

@test "components: sshd's rule, sshd's words; prepare puts nothing where they are unsafe" {
	local words='bad ownership or modes for chroot directory'
	chmod 775 /srv
	for verb in prepare check; do
		docroot $verb
		assert_status 1
		assert_out "$words component \"/srv/\""
	done
	assert_equal "$(find /srv/alice -mindepth 1 2>/dev/null)" ""
	chmod 755 /srv
	rm -rf /srv/alice && mkdir /srv/alice && chown alice /srv/alice
	for verb in prepare check; do
		docroot $verb
		assert_status 1
		assert_out "$words \"/srv/alice\""
	done
	assert_equal "$(ls -A /srv/alice)" ""
}

@test "a directory on the way that is the account's, or a link: prepare writes nothing through it" {
	docroot prepare
	mkdir "$BATS_TEST_TMPDIR/elsewhere"
	rm -r /srv/alice/usr && ln -s "$BATS_TEST_TMPDIR/elsewhere" /srv/alice/usr
	docroot prepare
	assert_status 1
	assert_out 'failed    /usr/bin/scp'
	assert_equal "$(ls -A "$BATS_TEST_TMPDIR/elsewhere")" ""
	rm /srv/alice/usr && mkdir -p /srv/alice/usr/bin && chown alice /srv/alice/usr
	docroot prepare
	assert_status 1
	assert_equal "$(ls -A /srv/alice/usr/bin)" ""
	docroot check
	assert_status 1
	assert_out 'blocked   /usr/bin/scp'
}

@test "programs that cannot be had in a chroot are left out, with the reason" {
	printf '#!/bin/sh\n' >"$STAGE_PROGRAMS/script" && chmod 755 "$STAGE_PROGRAMS/script"
	cp "$STANDIN" "$STAGE_PROGRAMS/theirs" && chown bob "$STAGE_PROGRAMS/theirs"
	policy "start = /alice
		program scp = $STAGE_PROGRAMS/script"
	docroot prepare
	assert_status 1
	assert_out "left out  $STAGE_PROGRAMS/script (scp): it is a script"
	policy "start = /alice
		program scp = $STAGE_PROGRAMS/theirs"
	docroot prepare
	assert_status 1
	assert_out "(scp): it, or a directory above it, is not root's alone"
	assert_missing "/srv/alice$STAGE_PROGRAMS/theirs"
	policy "start = /alice
		program scp = $STAGE_PROGRAMS/missing"
	docroot prepare
	assert_status 1
	assert_out "(scp): it is not installed"
	policy "start = /alice
		program scp = /etc/passwd"
	docroot prepare
	assert_status 1
	assert_out "(scp): it is neither an ELF file"
	rm -f "$STAGE_PROGRAMS/script" "$STAGE_PROGRAMS/theirs"
}

@test "prepare: sftp, scp, rsync and git can be had" {
	policy "start = /alice
		commands = sftp scp rsync git probe"
	docroot prepare
	assert_status 0
	for program in /usr/lib/openssh/sftp-server /usr/bin/scp /usr/bin/rsync /usr/bin/git /usr/lib/git-core/git; do
		cmp "$program" "/srv/alice$program"
		/usr/sbin/chroot /srv/alice "$program" --version >/dev/null 2>"$BATS_TEST_TMPDIR/said" || true
		! grep -i 'no such file\|cannot open shared' "$BATS_TEST_TMPDIR/said" || fail "$program does not start there"
	done
}

@test "strays: what no program needs is named, the shadow and the setuid file above all" {
	docroot prepare
	cp /bin/sh /srv/alice/usr/bin/sh
	cp /usr/bin/env /srv/alice/usr/bin/env && chmod 4755 /srv/alice/usr/bin/env
	: >/srv/alice/etc/shadow
	mknod /srv/alice/dev/mem c 1 1
	echo data >/srv/alice/alice/data
	docroot check
	assert_status 1
	assert_out 'stray     /usr/bin/sh: executable'
	assert_out 'stray     /usr/bin/env: setuid or setgid'
	assert_out 'stray     /etc/shadow'
	assert_out 'stray     /dev/mem: a device'
	refute_out data
}

@test "layout nested: the account's own directory inside a docroot of root's" {
	docroot prepare
	docroot check
	assert_out '/srv/alice: nested; alice in /alice'
	chown root:root /srv/alice
	docroot check
	assert_status 1
	assert_out 'alice cannot enter the docroot'
	chgrp alice /srv/alice && chown root:root /srv/alice/alice
	docroot check
	assert_status 1
	assert_out '/alice cannot be entered by alice'
	rmdir /srv/alice/alice
	docroot check
	assert_status 1
	assert_out 'start     /alice of alice is not a directory here'
}

@test "layout shared: several accounts, one docroot, one passwd; kept apart" {
	BOB='docroot = /srv/both
		start = /%u' policy 'docroot = /srv/both
		start = /%u'
	docroot prepare
	assert_status 0
	assert_out '/srv/both: shared; alice in /alice bob in /bob'
	assert_equal "$(cut -d: -f1 /srv/both/etc/passwd | tr '\n' ' ')" "root alice bob "
	assert_equal "$(stat -c '%U:%G %a' /srv/both /srv/both/alice /srv/both/bob | tr '\n' ' ')" \
		"root:root 711 alice:alice 750 bob:bob 750 "
	docroot check
	assert_status 0
	# the list is for the one docroot, whoever asks
	docroot check --user bob
	assert_status 0
	assert_out '/srv/both'
	chmod 755 /srv/both
	docroot check
	assert_status 1
	assert_out "can list each other's directories"
	chmod 711 /srv/both && chmod 755 /srv/both/bob
	docroot check
	assert_status 1
	assert_out '/bob of bob is open to the other accounts'
	# a directory of a site: root's, for a group (2770)
	chown root:bob /srv/both/bob && chmod 2770 /srv/both/bob
	docroot check
	assert_status 0
	try stage_as bob env -i SSH_CONNECTION="192.0.2.7 1 192.0.2.1 22" "$STAGE_GATE" -c 'scp -t x'
	! grep -q refused "$err" || fail "bob's session"
}

@test "layout split: content directories of the account's right below the docroot" {
	policy ""
	docroot prepare
	assert_status 0
	docroot check
	assert_status 1
	assert_out 'alice can write nothing in it'
	install -d -o alice -g alice -m 755 /srv/alice/in /srv/alice/out
	docroot check
	assert_status 0
	assert_out '/srv/alice: split; alice'
}

@test "layout: a home that is root's (DS-10) is a docroot only with docroot-home = allow" {
	cp /etc/passwd "$BATS_TEST_TMPDIR/passwd"
	sed -i 's#^\(alice:.*:\)/home/alice:#\1/srv/alice:#' /etc/passwd
	policy "start = /data
		docroot = %h"
	docroot prepare
	assert_status 0
	try_gate 'scp -t x'
	assert_refused 78
	policy "start = /data
		docroot = %h
		docroot-home = allow"
	try_gate 'scp -t x'
	! grep -q refused "$err" || fail "refused"
	cat "$BATS_TEST_TMPDIR/passwd" >/etc/passwd
}

@test "a profile's docroot is a root of its own" {
	stage_policy <<-END
		[user alice]
		isolation = chroot
		docroot = /srv/alice
		start = /
		commands = scp
		access = full
		profiles = part
		[profile part]
		docroot = /srv/alice/part
	END
	docroot prepare
	cmp /usr/bin/scp /srv/alice/part/usr/bin/scp
	cmp /usr/bin/scp /srv/alice/usr/bin/scp
}

@test "which docroots: all, an account's, one; none is exit status 1" {
	BOB='start = /bob' policy 'start = /alice'
	docroot prepare --user alice
	assert_status 0
	assert_missing /srv/bob
	docroot prepare /srv/bob/
	assert_status 0
	refute_out /srv/alice
	docroot check
	assert_status 0
	docroot check /srv/nobody
	assert_status 1
	docroot check --user nobody
	assert_status 1
	policy 'isolation = namespace'
	docroot check
	assert_status 1
}

@test "usage 64, a policy at fault 78, not root 71" {
	docroot
	assert_status 64
	docroot clean
	assert_status 64
	docroot check --dry-run
	assert_status 64
	docroot check --user alice /srv/alice
	assert_status 64
	docroot check /a /b
	assert_status 64
	echo '[nonsense' >"$BATS_TEST_TMPDIR/bad.ini"
	docroot check -f "$BATS_TEST_TMPDIR/bad.ini"
	assert_status 78
	try stage_as alice "$STAGE_PREFIX/sbin/sallyport" docroot prepare
	assert_status 71
	assert_equal "$(ls -A /srv)" ""
}
