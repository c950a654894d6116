#!/usr/bin/env bats
# Goal: on a host of many accounts the tool reads the account databases once, and what it says of each is what it would
# say if that were the only one. Processor time is limited to a small part of what asking for each account takes.

load lib

MANY=6000

setup_file() {
	stage_install
	perl -e '
		my ($many, $shell) = @ARGV;
		open P, ">>/etc/passwd"; open G, ">>/etc/group";
		my @names = map { sprintf "u%05d", $_ } 0 .. $many - 1;
		for my $i (0 .. $#names) {
			print P "$names[$i]:x:", 200000 + $i, ":200000::/home/$names[$i]:$shell\n";
			mkdir "/srv/$names[$i]", 0750; chown 200000 + $i, 200000, "/srv/$names[$i]";
		}
		print G "everybody:x:200000:\nmembers:x:200001:", join(",", @names), "\nfew:x:200002:u00017,u05000\n";
	' "$MANY" "$STAGE_GATE"
	mkdir -p "$STAGE_PREFIX/etc/sallyport/users"
	perl -e '
		for my $i (0 .. 999) {
			my $name = sprintf "u%05d", $i;
			open F, ">$ARGV[0]/$name.ini"; print F "[user $name]\ndocroot = /srv/$name\n";
		}
	' "$STAGE_PREFIX/etc/sallyport/users"
}

setup() {
	stage_policy <<-END
		[defaults]
		commands = sftp scp
		docroot = /srv/%u
		[group members]
		access = read-only
		[group few]
		access = full
	END
}

# cheap COMMAND…: in four seconds of processor time.
cheap() {
	try bash -c 'ulimit -t 4 && exec "$@"' cheap "$STAGE_TOOL" "$@"
}

@test "account list: each with its own groups" {
	cheap account list
	assert_status 0
	assert_equal "$(wc -l <"$out")" "$MANY"
	assert_equal "$(awk '$3 == "full" { print $1 }' "$out" | tr '\n' ' ')" "u00017 u05000 "
	cheap account show u05000
	grep -q '^ *access  *download.*\[group few\]' "$out" || fail 'its group is not seen'
}

@test "lint: each docroot is opened as its account, which finds the one that is shut" {
	cheap lint
	assert_status 0
	refute_out docroot-refused
	chmod 0700 /srv/u05001 && chown root:root /srv/u05001
	cheap lint
	assert_out 'docroot-refused: /srv/u05001 for user u05001: the docroot cannot be entered by the account'
	chmod 0750 /srv/u05001 && chown 205001:200000 /srv/u05001
	cheap lint
	refute_out docroot-refused
}

@test "lint: homes in docroots are counted by account, by either name" {
	ln -s /srv /home/link
	sed -i 's|:/home/u00003:|:/home/link/u00003/home:|; s|:/home/u00004:|:/srv/u00004/x/y:|' /etc/passwd
	cheap lint
	assert_out 'docroot-home: /srv/u00003 holds the home of u00003'
	assert_out 'docroot-home: /srv/u00004 holds the home of u00004'
	assert_out 'docroot-home: /srv/%u holds the homes of u00003 and 1 more'
	rm /home/link
	sed -i 's|:/home/link/u00003/home:|:/home/u00003:|; s|:/srv/u00004/x/y:|:/home/u00004:|' /etc/passwd
}

@test "slots and doctor" {
	printf '[user u00042]\nmax-sessions = 1\n' >"$STAGE_PREFIX/etc/sallyport/users/u00042.ini"
	cheap slots
	assert_status 0
	assert_out 'for u00042'
	assert_equal "$(wc -l <"$out")" 1
	cheap doctor
	assert_out "$MANY looked at"
}
