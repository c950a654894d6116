#!/usr/bin/env bats
# Goal: `sallyport account` makes an account that can transfer and nothing else, in one command, through a real sshd and
# the system's own user tools. What stands in the way is named before anything is done; twice changes nothing; nobody's
# files are given away or deleted that were not meant.

load lib
load account

# soon COMMAND…: a session ends a moment behind its client, and what was started in the background begins late.
soon() {
	local i
	for ((i = 0; i < 100; i++)); do
		"$@" && return
		sleep 0.1
	done
	fail "not within ten seconds: $*"
}
runs() { pgrep -u "$1" >/dev/null; }
ended() { ! runs "$1"; }

@test "the whole of it: add, transfer, add again, change, remove" {
	account add --access full --key "$KEY" alice
	assert_status 0
	assert_out 'sshd does not hand it to the gate yet'
	assert_equal "$(getent passwd alice | cut -d: -f6,7)" "$VAR/accounts/home/alice:$STAGE_GATE"
	assert_equal "$(getent shadow alice | cut -d: -f2)" '*'
	assert_equal "$(stat -c '%U:%G %a' /srv/transfer /srv/transfer/alice | tr '\n' ' ')" "root:root 755 alice:alice 750 "
	assert_equal "$(stat -c '%U %a' "$ETC/keys" "$ETC/keys/alice" "$ETC/users/alice.ini" | tr '\n' ' ')" \
		"root 755 root 644 root 644 "
	assert_equal "$(cut -d' ' -f1,2 "$ETC/keys/alice")" "restrict,command=\"$STAGE_GATE\" ssh-ed25519"
	serve
	echo data >"$BATS_TEST_TMPDIR/file"
	try stage_sftp alice <<<"put $BATS_TEST_TMPDIR/file"
	stdin="put $BATS_TEST_TMPDIR/file" try stage_sftp alice
	assert_status 0
	try stage_rsync -a "$BATS_TEST_TMPDIR/file" alice@stage:second
	assert_status 0
	try stage_scp alice@stage:second "$BATS_TEST_TMPDIR/back"
	assert_status 0
	assert_same "$BATS_TEST_TMPDIR/file" "$BATS_TEST_TMPDIR/back"
	try stage_ssh alice id
	assert_status 77
	try timeout 10 ssh -F "$STAGE_SSH_CONFIG" -o ExitOnForwardFailure=yes -N -R 0:127.0.0.1:1 alice@stage
	[ "$status" != 124 ] || fail "a tunnel stays open"

	account add --sshd-config "$STAGE_OWN/sshd_config" --access full --key "$KEY" alice
	assert_status 0
	assert_out 'nothing to do'
	assert_out 'sshd hands it to the gate'

	try "$STAGE_TOOL" audit --user alice
	assert_status 0
	assert_out 'Insecure users: 0'
	! grep -E '^(critical|high|medium): ' "$out" || fail "a finding"

	account set --access read-only alice
	assert_status 0
	stdin="put $BATS_TEST_TMPDIR/file third" try stage_sftp alice
	[ "$status" != 0 ] || fail "read-only writes"
	stdin="get file $BATS_TEST_TMPDIR/third" try stage_sftp alice
	assert_status 0
	account set --from 192.0.2.0/24 alice
	assert_status 0
	try stage_ssh alice true
	assert_status 255 # sshd has from= of keys serve, and does not take the key
	account set --unset from alice
	stdin="get file $BATS_TEST_TMPDIR/fourth" try stage_sftp alice
	assert_status 0

	soon ended alice
	account remove alice
	assert_status 0
	assert_out 'its files stay: /srv/transfer/alice'
	assert_equal "$(getent passwd alice)" ""
	assert_missing "$ETC/users/alice.ini"
	assert_missing "$ETC/keys/alice"
	assert_missing "$VAR/accounts/home/alice"
	assert_exists /srv/transfer/alice/second
	try stage_ssh alice true
	assert_status 255
}

@test "a dry run changes nothing, and says all" {
	snapshot >"$BATS_TEST_TMPDIR/before"
	account add --dry-run --access full --key "$KEY" --layout nested alice
	assert_status 0
	for word in 'user ' 'group ' '/srv/transfer/alice/alice, alice:alice 0750' '+access = full' 'key ' 'dry run'; do
		assert_out "$word"
	done
	refute_out 'done '
	account add --dry-run --convert human
	assert_status 0
	refuse_change "$BATS_TEST_TMPDIR/before"
}

@test "twice changes nothing, whatever was asked for" {
	local -a wishes=("--access full" "--layout nested" "--layout split --directories inbox" "--token --commands aspera --yes"
		"--restricted --from 192.0.2.0/24,2001:db8::/32 --expires 20990101" "--set max-sessions=2"
		"--layout shared --docroot /srv/all" "--isolation landlock")
	for wish in "${wishes[@]}"; do
		pristine
		account add $wish --key "$KEY" alice
		assert_status 0
		snapshot >"$BATS_TEST_TMPDIR/once"
		find "$ETC" "$VAR" /srv -printf '%p %i %T@\n' | sort >"$BATS_TEST_TMPDIR/times"
		account add $wish --key "$KEY" alice
		assert_status 0
		assert_out 'nothing to do'
		refuse_change "$BATS_TEST_TMPDIR/once"
		find "$ETC" "$VAR" /srv -printf '%p %i %T@\n' | sort | diff "$BATS_TEST_TMPDIR/times" -
	done
}

@test "every layout has its owners and modes, and a transfer works in it" {
	local -A owners=(
		[flat]='alice:alice 750 /srv/x'
		[nested]='root:alice 750 /srv/x|alice:alice 750 /srv/x/alice'
		[shared]='root:root 711 /srv/x|alice:alice 750 /srv/x/alice'
		[split]='root:alice 750 /srv/x|alice:alice 750 /srv/x/in|alice:alice 750 /srv/x/out'
	)
	echo data >"$BATS_TEST_TMPDIR/file"
	for layout in flat nested shared split; do
		pristine
		account add --layout $layout --docroot /srv/x --access full --key "$KEY" alice
		assert_status 0
		assert_equal "$(find /srv/x -printf '%u:%g %m %p\n' | sort -k3 | paste -sd'|')" "${owners[$layout]}" $layout
		serve
		stdin="put $BATS_TEST_TMPDIR/file $([ $layout = split ] && echo in/file)" try stage_sftp alice
		assert_status 0
		assert_equal "$(find /srv -name file | wc -l)" 1
	done
}

@test "set makes another docroot, by its layout; what was in the old one stays" {
	account add --access full --key "$KEY" alice
	touch /srv/transfer/alice/file
	account set --docroot /srv/new --layout nested alice
	assert_status 0
	assert_equal "$(find /srv/new -printf '%u:%g %m %p\n' | sort -k3 | paste -sd'|')" \
		"root:alice 750 /srv/new|alice:alice 750 /srv/new/alice"
	grep -qx 'start = /%u' "$ETC/users/alice.ini"
	assert_exists /srv/transfer/alice/file
}

@test "an account whose keys choose profiles is told of a Match block of its own, without ForceCommand" {
	printf '[defaults]\ncommands = sftp\naccess = full\n[profile nightly]\ncommands = sftp\n' >"$ETC/policy.ini"
	account add --key "$KEY" alice
	assert_out 'Match Group sallyport'
	account set --set profiles=nightly alice
	assert_status 0
	assert_out 'Match User alice'
	refute_out 'ForceCommand /'
	account show --sshd-config /nowhere alice
	assert_out 'sshd             cannot be asked'
}

@test "several accounts share a docroot, and none is the other's" {
	account add --layout shared --docroot /srv/all --access full --key "$KEY" alice
	assert_status 0
	account add --layout shared --docroot /srv/all --access full --key "$KEY" bob
	assert_status 0
	serve
	stdin='ls /files/bob' try stage_sftp alice
	[ "$status" != 0 ] || fail "alice sees bob's files"
	stdin='ls /files' try stage_sftp alice
	[ "$status" != 0 ] || fail "alice sees who else is there"
	account remove --delete-data alice
	assert_status 77
	assert_err 'bob has files there, too'
	assert_exists /srv/all/bob
}

@test "options that do not go together are named" {
	local want
	while IFS='|' read -r words want; do
		# shellcheck disable=SC2086 # options, several
		account $words alice
		assert_status 64
		assert_err "sallyport: $want"
		assert_err "usage: sallyport account ${words%% *}"
	done <<-'END'
		add --layout shared|--layout shared takes --docroot
		add --directories in|--directories goes with --layout split
		add --keep-user|--delete-data and --keep-user are for remove
		set --convert --access full|--convert is for add
		set|there is nothing to set
		remove --access full|remove takes an account away
	END
}

@test "names that cannot be an account's: each is refused with a reason, nothing is made, no byte reaches the terminal" {
	snapshot >"$BATS_TEST_TMPDIR/before"
	for name in '' '../x' '/etc' '.x' '-x' 'a b' $'a\nb' $'a\e[31m' 'a:b' 'a,b' 'a;b' '*' '%u' 'é' '1a' "$(printf 'x%.0s' {1..33})" \
		'root from 10.0.0.1' 'a/b' '[user' 'a]'; do
		account add -- "$name"
		assert_status 64
		[ -s "$err" ] || fail "no reason for '$name'"
		! grep '^sallyport' "$err" | LC_ALL=C grep -q '[^ -~]' || fail "a raw byte"
		account remove -- "$name"
		assert_status 64
	done
	refuse_change "$BATS_TEST_TMPDIR/before"
	for name in root daemon sshd nobody; do
		account add --convert "$name"
		assert_status 77
		assert_out 'blocked'
	done
	account add human
	assert_status 77
	assert_out '--convert makes it a transfer account'
	groupadd team
	snapshot >"$BATS_TEST_TMPDIR/before"
	account add team
	assert_status 77
	assert_out 'a group team is there'
	refuse_change "$BATS_TEST_TMPDIR/before"
}

@test "docroots that are not safe to give away are refused before anything is done" {
	mkdir -p /srv/open /srv/theirs /srv/full /home/human/data
	chmod 777 /srv/open
	chown human: /srv/theirs /home/human/data
	touch /srv/full/file
	ln -s /srv /srv/link
	: >/srv/plain
	snapshot >"$BATS_TEST_TMPDIR/before"
	for docroot in / /etc /etc/x /usr /usr/local/x /var /var/lib /tmp /tmp/x /srv /home /root/x relative /srv/../etc /srv/./x \
		/srv/open/x /srv/theirs /srv/theirs/x /srv/full /srv/link /srv/link/x /srv/plain /srv/plain/x /home/human \
		/home/human/data "$ETC" "$ETC/users" "$VAR/slots" "$VAR/accounts/home/alice" "$STAGE_PREFIX"; do
		account add --docroot "$docroot" --access full alice
		[ "$status" = 77 ] || [ "$status" = 78 ] || fail "status for $docroot"
		grep -q 'blocked\|^error' "$out" || fail "no reason for $docroot"
		refuse_change "$BATS_TEST_TMPDIR/before"
	done
	mkdir /srv/empty
	account add --docroot /srv/empty alice
	assert_status 0
	assert_equal "$(stat -c '%U:%G %a' /srv/empty)" "alice:alice 750"
}

@test "settings that are none, or lock the account out, or that lint calls high, are refused before anything is done" {
	account add --access full alice
	snapshot >"$BATS_TEST_TMPDIR/before"
	account set --access nonsense alice
	assert_status 78
	account set --set turbo=yes alice
	assert_status 78
	account set --set $'access=full\nprotect = none' alice
	assert_status 64
	account set --commands probe alice
	assert_status 77
	assert_out 'no session of it could be granted anything'
	account set --expires 20010101 alice
	assert_status 77
	account set --docroot /home --set docroot-home=allow alice
	assert_status 77
	account set --access full nobody-here
	assert_status 77
	account set alice
	assert_status 64
	refuse_change "$BATS_TEST_TMPDIR/before"
	account set --yes --expires 20010101 alice
	assert_status 0
	account show alice
	assert_out "expires          2001"
	assert_out "$ETC/users/alice.ini:"
}

@test "a human's account is converted when asked: shell, password, group; its own keys no longer count; and told what stays" {
	groupadd drinkers
	usermod -aG drinkers human
	install -d -m 700 -o human -g human /home/human/.ssh
	cp "$KEY" /home/human/.ssh/authorized_keys
	chown human: /home/human/.ssh/authorized_keys
	mkdir -p /home/human/data
	chown human: /home/human/data
	account add --convert --docroot /home/human/data --access full --key "$KEY" human
	assert_status 0
	assert_out 'member of the group drinkers'
	assert_out '.ssh/authorized_keys: its keys count until'
	assert_equal "$(getent passwd human | cut -d: -f6,7)" "/home/human:$STAGE_GATE"
	assert_equal "$(getent shadow human | cut -d: -f2)" '*'
	serve
	stdin='mkdir in' try stage_sftp human
	assert_status 0
	assert_exists /home/human/data/in
	rm "$ETC/keys/human" # ~/.ssh/authorized_keys has it still
	try stage_ssh human true
	assert_status 255
}

@test "remove: sessions that run stop it; what fails is undone; who is no transfer account is left alone" {
	account add --access full --key "$KEY" alice
	snapshot >"$BATS_TEST_TMPDIR/before"
	setpriv --reuid=alice --regid=alice --clear-groups sleep 60 3>&- &
	soon runs alice
	account remove alice
	kill %1
	wait
	assert_status 77
	assert_out 'processes of it run'
	refuse_change "$BATS_TEST_TMPDIR/before"
	printf '#!/bin/sh\necho "userdel: no" >&2\nexit 1\n' >"$BATS_TEST_TMPDIR/userdel"
	chmod 755 "$BATS_TEST_TMPDIR/userdel"
	mount -n --bind "$BATS_TEST_TMPDIR/userdel" /usr/sbin/userdel
	account remove --delete-data alice
	umount -n /usr/sbin/userdel
	assert_status 71
	assert_out 'userdel: no'
	refuse_change "$BATS_TEST_TMPDIR/before"
	account remove human
	assert_status 77
	assert_err 'no transfer account'
	account remove root
	assert_status 77
	account remove nobody-here
	assert_status 77
	account remove --dry-run --delete-data alice
	assert_status 0
	refuse_change "$BATS_TEST_TMPDIR/before"
}

@test "remove --keep-user: the account stays, shut" {
	account add --access full --key "$KEY" alice
	account remove --keep-user alice
	assert_status 0
	assert_equal "$(getent passwd alice | cut -d: -f7)" /usr/sbin/nologin
	assert_equal "$(getent shadow alice | cut -d: -f2,8)" '!*:1'
	assert_missing "$ETC/users/alice.ini"
}

@test "remove --delete-data goes through no link and into no other file system, and nothing outside goes" {
	account add --access full --key "$KEY" alice
	mkdir -p /srv/outside /srv/transfer/alice/deep/er /srv/transfer/alice/mount
	touch /srv/outside/file /srv/transfer/alice/deep/er/file $'/srv/transfer/alice/a\nb'
	ln -s /srv/outside /srv/transfer/alice/link
	ln -s / /srv/transfer/alice/deep/root
	mkfifo /srv/transfer/alice/fifo
	mount -n -t tmpfs tmpfs /srv/transfer/alice/mount
	touch /srv/transfer/alice/mount/file
	account remove --delete-data alice
	assert_status 71
	assert_out 'left '
	assert_exists /srv/transfer/alice/mount/file
	assert_exists /srv/outside/file
	assert_missing /srv/transfer/alice/deep
	account list
	assert_out 'alice            half-made'
	umount -n /srv/transfer/alice/mount
	account remove --delete-data alice # it still knows what it was about
	assert_status 0
	assert_missing /srv/transfer/alice
	assert_exists /srv/outside/file
	account list
	refute_out alice
}

@test "remove --delete-data deletes no more than was meant: a blank in the docroot, a policy that does not tell" {
	mkdir -p /srv/my
	touch /srv/my/file
	account add --access full --docroot '/srv/my data' alice
	assert_status 0
	mkdir -p '/srv/my data/mount'
	mount -n -t tmpfs tmpfs '/srv/my data/mount'
	account remove --delete-data alice
	assert_status 71
	umount -n '/srv/my data/mount'
	account remove --delete-data alice # by what was noted
	assert_status 0
	assert_missing '/srv/my data'
	assert_exists /srv/my/file
	account add --access full alice
	echo typo >>"$ETC/users/alice.ini"
	account remove --delete-data alice
	assert_status 77
	assert_err 'does not tell which docroot'
	assert_exists /srv/transfer/alice
	account remove alice # a fault in its settings keeps nobody from taking it away
	assert_status 0
	assert_exists /srv/transfer/alice
}

@test "remove --delete-data: not what holds somebody's home, and not the system's" {
	account add --access full alice
	account set --yes --docroot /srv/homes alice
	assert_status 0
	sed -i 's#^human:\(.*\):/home/human:#human:\1:/srv/homes/human:#' /etc/passwd
	account remove --delete-data alice
	assert_status 77
	assert_err 'human has its home there'
	assert_exists /srv/homes
	assert_exists "$ETC/users/alice.ini"
	sed -i 's#^docroot.*#docroot = /usr#' "$ETC/users/alice.ini"
	account remove --delete-data alice
	assert_status 77
	assert_err "a directory of the system's"
}

@test "show has the line of each setting; list has everybody, and what is wrong with each" {
	printf '[defaults]\ncommands = sftp\n[group sallyport]\nhours = 00:00-24:00\n[user carol]\ndocroot = /srv/c\n[user human]\ndocroot = /srv/h\n' \
		>"$ETC/policy.ini"
	account add --access drop-box --set 'access /in=download' --set 'limit files=64' --layout split alice
	assert_status 0
	account add --access full broken
	assert_status 0
	rm "$ETC/users/broken.ini"
	account show alice
	assert_status 0
	grep -q "commands  *sftp  *\[defaults\] $ETC/policy.ini:2\$" "$out"
	grep -q "hours .*\[group sallyport\] $ETC/policy.ini:4\$" "$out"
	grep -q "access .*\[user alice\] $ETC/users/alice.ini:[0-9], \[user alice\] $ETC/users/alice.ini:[0-9]\$" "$out"
	grep -q "limits .*\[user alice\] $ETC/users/alice.ini:[0-9]\$" "$out"
	grep -q "umask  *0027  (default)\$" "$out"
	account show --json alice
	perl -MJSON::PP -0777 -ne 'my $j = decode_json($_); my %s = map { $_->{setting} => $_ } @{$j->{settings}};
		exit !($j->{user} eq "alice" && $s{hours}{from}[0]{line} == 4 && $s{umask}{value} eq "0027" && !@{$s{umask}{from}})' "$out"
	account list
	assert_status 0
	for line in '^alice  *guarded  *drop-box  *sftp  */srv/transfer/alice$' '^broken  *refused ' '^carol  *absent ' \
		'^human  *other-shell '; do
		grep -q "$line" "$out" || fail "$line"
	done
	account list --json
	perl -MJSON::PP -0777 -ne 'exit !(@{decode_json($_)->{accounts}} == 4)' "$out"
	account show nobody-here
	assert_status 77
}

@test "what is half-made stays named until it is whole; the gate by its other name is the gate" {
	account add --access full alice
	echo 'add /srv/transfer/alice' >"$VAR/accounts/pending/alice" # as a run that was killed leaves it
	account set --access read-only alice
	assert_status 0
	account list
	assert_out 'alice            half-made'
	account add alice
	account list
	assert_out 'alice            guarded'
	usermod -s "$STAGE_GATE-r" alice
	account add --key "$KEY" alice
	assert_status 0
	assert_equal "$(getent passwd alice | cut -d: -f7)" "$STAGE_GATE-r"
	account list
	assert_out 'alice            guarded'
}

@test "a section in policy.ini itself is not written over: its line is named" {
	mkdir -p /srv/alice
	printf '[defaults]\ncommands = sftp\naccess = full\n[user alice]\ndocroot = /srv/alice\n' >"$ETC/policy.ini"
	account add --key "$KEY" alice
	assert_status 0
	assert_missing "$ETC/users/alice.ini"
	account set --access read-only alice
	assert_status 77
	assert_err "$ETC/policy.ini:4"
}

@test "what an administrator wrote into users/NAME.ini stays: comments, order, lists that go on" {
	account add --access full alice
	printf '# mine\n[user alice]\naccess   = full\ncommands = sftp\ncommands.2 = scp\n# docroot follows\ndocroot  = /srv/transfer/alice\n' \
		>"$ETC/users/alice.ini"
	account set --access read-only --set umask=022 alice
	assert_status 0
	assert_equal "$(cat "$ETC/users/alice.ini")" "# mine
[user alice]
access = read-only
commands = sftp
commands.2 = scp
# docroot follows
docroot  = /srv/transfer/alice
umask = 022"
	account set --commands "rsync scp" --from "$(printf '192.0.2.%d,' {1..60})198.51.100.1" alice
	assert_status 0
	! grep -q 'commands.2' "$ETC/users/alice.ini" || fail "the old list goes on"
	grep -q '^from.3 = ' "$ETC/users/alice.ini"
	account show alice
	assert_out '192.0.2.60,198.51.100.1'
}

@test "keys: each once; another line for the same key is replaced; what is no key is refused before anything is done" {
	account add --access full --key "$KEY" alice
	ssh-keygen -q -t ed25519 -N '' -C second -f "$BATS_TEST_TMPDIR/second"
	account set --key "$BATS_TEST_TMPDIR/second.pub" --key "$KEY" alice
	assert_status 0
	assert_equal "$(wc -l <"$ETC/keys/alice")" 2
	sed -i 's/^restrict,command="[^"]*" //' "$ETC/keys/alice"
	account add --key "$KEY" alice
	assert_status 0
	assert_equal "$(grep -c '^restrict,command=' "$ETC/keys/alice")" 1
	assert_equal "$(wc -l <"$ETC/keys/alice")" 2
	snapshot >"$BATS_TEST_TMPDIR/before"
	echo nonsense >"$BATS_TEST_TMPDIR/bad.pub"
	for file in "$BATS_TEST_TMPDIR/bad.pub" /nowhere "$BATS_TEST_TMPDIR/second" /dev/zero /etc; do
		account add --access read-only --key "$file" alice
		assert_status 77
		assert_out blocked
		refuse_change "$BATS_TEST_TMPDIR/before"
	done
}

@test "import: what asconfigurator said, as settings; and a report of what has no counterpart" {
	cat >"$BATS_TEST_TMPDIR/strings" <<-'END'
		# of the old server
		set_user_data;user_name,human;absolute,/srv/data/$(name)
		asconfigurator -x "set_user_data;user_name,human;write_allowed,false"
		set_user_data;user_name,in;absolute,/srv/in;read_allowed,false;dir_allowed,false
		set_user_data;user_name,tok;absolute,/srv/tok;authorization_transfer_in_value,token;authorization_transfer_out_value,token
		set_user_data;user_name,tok;token_encryption_key,geheim;transfer_in_bandwidth_flow_target_rate_cap,1000
		set_user_data;user_name,narrow;absolute,/srv/n;file_restriction,|*.txt
		set_user_data;user_name,open;absolute,
		set_user_data;user_name,odd;absolute,/srv/odd;read_allowed,perhaps
		set_group_data;group_name,staff;absolute,/srv/g
		set_user_data;absolute,/x
		nonsense
		set_user_data;user_name,../x;absolute,/y
	END
	account import --commands 'sftp rsync scp aspera' --convert --yes --dry-run "$BATS_TEST_TMPDIR/strings"
	assert_missing "$ETC/users/human.ini"
	account import --commands 'sftp rsync scp aspera' --convert "$BATS_TEST_TMPDIR/strings"
	assert_status 77
	for line in ':6: token_encryption_key: ' ':6: transfer_in_bandwidth_flow_target_rate_cap: ' ':7: file_restriction: ' \
		':8: absolute: ' ':9: read_allowed: true, false' ':10: set_group_data: ' ':11: set_user_data: user_name' ':12: ' ':13: ../x: '; do
		assert_out "strings$line"
	done
	refute_out geheim
	assert_equal "$(sort "$ETC/users/human.ini")" "$(sort <<<'[user human]
access = read-only
commands = sftp rsync scp aspera
docroot = /srv/data/%u')"
	assert_equal "$(grep -c 'restricted = yes\|access = upload overwrite mkdir rename delete$' "$ETC/users/in.ini")" 2
	for name in narrow open odd; do
		assert_missing "$ETC/users/$name.ini"
		assert_out "account $name"
	done
	assert_out '5 accounts read' || assert_out '6 accounts read'
	# tok is refused: no program here honours a token
	assert_missing "$ETC/users/tok.ini"
	account import --yes --commands aspera - <<<''
	assert_status 0
	stdin='set_user_data;user_name,tok;absolute,/srv/tok;authorization_transfer_in_value,token' account import --yes
	assert_status 0
	grep -qx 'token = marker' "$ETC/users/tok.ini"
	account import /nowhere
	assert_status 64
}

@test "as somebody else, nothing; usage" {
	try setpriv --reuid=65534 --regid=65534 --clear-groups "$STAGE_TOOL" account add alice
	assert_status 71
	assert_err 'has to be root'
	for line in "" "add" "add a b" "add --layout round a" "add --delete-data a" "remove --access full a" "set a" "nonsense" \
		"add --layout shared a" "add --directories x a" "show" "list a" "import a b" "add --access full --access full a"; do
		account $line
		assert_status 64
	done
}
