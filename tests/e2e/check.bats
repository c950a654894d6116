#!/usr/bin/env bats
# Goal: `sallyport check` says beforehand what the gate does: the same verdict, the same argv, the same environment, for
# every command of the corpus, and its exit statuses are as documented. It runs nothing and needs no privilege.

load lib

CORPUS=$STAGE_CHECKOUT/tests/corpus

setup_file() {
	e2e_setup
	local user
	for user in uploader reader keeper loose restic; do stage_user $user "$STAGE_GATE"; done
	for user in alice uploader reader keeper loose restic; do stage_docroot /srv/drop/$user $user; done
	"$STAGE_TOOL" state alice uploader reader keeper loose >/dev/null # for unison
}

# check ARGUMENT…
check() { try "$STAGE_TOOL" check "$@"; }

# The corpus' own policy with stand-ins as programs.
corpus_policy() {
	local name lines=
	for name in sftp scp rsync git borg svnserve hg unison rdiff-backup rclone ascp ascp4 async ascmd; do
		lines="${lines}program $name = $STANDIN\n"
	done
	sed "s/^\[defaults\]/&\nlocal = yes\n${lines//\//\\/}/" "$CORPUS/policy.ini" >"$BATS_TEST_TMPDIR/policy.ini"
	stage_policy <"$BATS_TEST_TMPDIR/policy.ini"
}

# ask USER COMMAND NAME: both of them; prints the disagreement.
ask() {
	local rc=0
	"$STAGE_TOOL" check --json -C "user=$1" "$2" >"$3.json" </dev/null || rc=$?
	echo $rc >"$3.check"
	rc=0
	stage_as "$1" env -i "$STAGE_GATE" -c "$2" </dev/null >"$3.out" 2>"$3.err" 3>&- || rc=$?
	perl "$STAGE_CHECKOUT/tests/e2e/agree.pl" "$3.json" "$3.out" $rc
}

@test "every command of the corpus: check and gate agree, and the verdict is the corpus'" {
	local id expect account category command rest said
	local rows=0 allowed=0 wrong=0 dir=$BATS_TEST_TMPDIR
	set +e
	corpus_policy
	while IFS=$'\t' read -r id expect account category command rest; do
		case $id in '#'* | '') continue ;; esac
		rows=$((rows + 1))
		printf -v command '%b' "$command"
		if [ "${#command}" -ge 131072 ]; then
			# More than one argument of a process can be; sshd could not start it either.
			"$STAGE_TOOL" check -C "user=$account" "$command" 2>/dev/null
			[ $? = 126 ] || { echo "$id: an argument of 128 KiB"; wrong=$((wrong + 1)); }
			continue
		fi
		if ! said=$(ask "$account" "$command" "$dir/row"); then
			echo "$id: $said: $(head -c 200 <<<"$command" | cat -v)"
			wrong=$((wrong + 1))
			continue
		fi
		said=$(cat "$dir/row.check")
		[ "$said" = 0 ] && allowed=$((allowed + 1))
		case $expect,$said in
		allow,0 | deny,77 | either,0 | either,77) ;;
		*)
			echo "$id: $expect expected, check ends with $said: $(head -c 200 <<<"$command" | cat -v)"
			wrong=$((wrong + 1)) ;;
		esac
	done <"$CORPUS/commands.tsv"
	echo "# $rows commands, $allowed allowed" >&3
	set -e
	[ "$rows" -gt 100 ]
	[ "$wrong" = 0 ]
}

# A list that goes through wildcards, quoting and re-rooting, in a docroot that has files.
@test "with files in the docroot, patterns expand to what is there and never to protected names" {
	corpus_policy
	mkdir -p /srv/drop/alice/.ssh
	touch /srv/drop/alice/{a1,a2,b,-x,.popt} /srv/drop/alice/.ssh/k
	chown -R alice /srv/drop/alice
	try stage_as alice env -i "$STAGE_GATE" -c 'scp -f *'
	assert_equal "$(sed -n 's/^argv //p' "$out" | tr '\n' ' ')" "scp -f a1 a2 b "
	try stage_as alice env -i "$STAGE_GATE" -c 'scp -f a? /b'
	assert_equal "$(sed -n 's/^argv //p' "$out" | tr '\n' ' ')" "scp -f a1 a2 /files/b "
	try stage_as alice env -i "$STAGE_GATE" -c 'scp -f .*'
	assert_equal "$(sed -n 's/^argv //p' "$out" | tr '\n' ' ')" "scp -f .* "
	find /srv/drop/alice -mindepth 1 -delete
}

@test "the account is the one that the gate finds: by its uid, and refused where a group has no name" {
	local uid
	uid=$(id -u alice)
	echo "second:x:$uid:$uid::/home/alice:$STAGE_GATE" >>/etc/passwd
	sed -i "s/^reader:x:\([0-9]*\):[0-9]*:/reader:x:\1:4242:/" /etc/passwd
	stage_policy <<-END
		[defaults]
		local = yes
		commands = probe
		docroot = /srv/drop/%u
		[user alice]
		[user reader]
		[user second]
		expires = 20010101
	END
	try stage_as alice env -i USER=second LOGNAME=second "$STAGE_GATE" -c true
	assert_status 0
	for user in alice second; do
		check -C "user=$user" true
		assert_status 0
		assert_out 'account   alice,'
	done
	assert_err 'to the gate second is alice'
	check -C user=reader true
	assert_status 0
	printf '[group sales]\n' >>"$STAGE_POLICY"
	try stage_as reader env -i "$STAGE_GATE" -c true
	assert_refused 71
	check -C user=reader true
	assert_status 77
	assert_out 'a group of the account has no name'
	# said by -C, they are what is asked about
	check -C user=reader,group=sales true
	assert_status 0
	# 255 of them, its own included as login(1) and sshd(8) have it, and one more
	for ((i = 2; i <= 255; i++)); do echo "many$i:x:$((70000 + i)):alice"; done >>/etc/group
	try stage_as alice env -i "$STAGE_GATE" -c true
	assert_status 0
	check -C user=alice true
	assert_status 0
	echo "many256:x:70256:alice" >>/etc/group
	try stage_as alice env -i "$STAGE_GATE" -c true
	assert_refused 71
	check -C user=alice true
	assert_status 77
	assert_out 'more groups than can be read'
	sed -i '/^many/d' /etc/group
	sed -i '/^second:/d' /etc/passwd
	sed -i "s/^reader:x:\([0-9]*\):[0-9]*:/reader:x:\1:\1:/" /etc/passwd
}

@test "flags: -r, -t and --profile of check are those of the forced command" {
	local flags command i=0
	stage_policy <<-END
		[defaults]
		commands = sftp scp rsync git aspera probe
		access = full
		docroot = /srv/drop/%u
		local = yes
		profiles = down other
		$(for p in sftp scp rsync git ascp ascp4 async ascmd; do echo "program $p = $STANDIN"; done)
		[user alice]
		[profile down]
		access = read-only
		commands = sftp rsync
		[profile other]
		restricted = yes
	END
	for flags in "" -r -t "-r -t" "--profile down" "--profile down -r" "--profile other" "--profile nowhere"; do
		for command in internal-sftp 'scp -t x' 'scp -f *' 'rsync --server --sender -logDtpre.iLsfxCIvu . x' \
			'rsync --server -logDtpre.iLsfxCIvu . x' 'git-upload-pack x' 'ascp -S. -V1' ascmd true id; do
			i=$((i + 1))
			# shellcheck disable=SC2086 # flags are words
			"$STAGE_TOOL" check --json $flags -C user=alice "$command" >"$BATS_TEST_TMPDIR/row.json" || true
			try stage_as alice env -i SSH_ORIGINAL_COMMAND="$command" "$STAGE_GATE" -c "$STAGE_GATE${flags:+ $flags}"
			perl "$STAGE_CHECKOUT/tests/e2e/agree.pl" "$BATS_TEST_TMPDIR/row.json" "$out" "$status" ||
				fail "flags '$flags', command '$command'"
		done
	done
	assert_equal "$i" 80 cases
}

simple_policy() {
	stage_policy <<-END
		[user alice]
		docroot = /srv/drop/alice
		commands = scp
		access = full
		program scp = $STANDIN
	END
}

@test "exit 0: allowed; rule, argv, environment, verbs and layers are told" {
	simple_policy
	check -C user=alice 'scp -t x'
	assert_status 0
	for text in "allow  scp" "program   $STANDIN" "argv      scp" "-t" "env       PATH=/usr/bin:/bin" "HOME=/home" \
		"verbs     upload overwrite mkdir" "docroot   /srv/drop/alice" "Landlock" "account   alice"; do
		assert_out "$text"
	done
}

@test "exit 77: denied; the first word that failed has a caret" {
	simple_policy
	check -C user=alice 'scp -t -S /bin/sh x'
	assert_status 77
	assert_out "deny   a refused option"
	assert_out "  scp -t -S /bin/sh x"
	assert_out "         ^~"
	check -C user=alice 'scp -t x; id'
	assert_status 77
	assert_out_line "          ^"
	check -C user=bob,home=/home/bob 'scp -t x'
	assert_status 77
	assert_out "no section for this account"
}

@test "exit 78: a policy at fault, with file and line" {
	printf '[user alice]\ndocroot = /srv\ncomands = scp\n' >"$BATS_TEST_TMPDIR/bad.ini"
	check -f "$BATS_TEST_TMPDIR/bad.ini" -C user=alice 'scp -t x'
	assert_status 78
	assert_out "bad.ini:3"
	assert_out "commands"
	rm "$STAGE_POLICY"
	check -C user=alice 'scp -t x'
	assert_status 78
	assert_out "the policy is missing"
	simple_policy
	chmod g+w "$STAGE_POLICY"
	check -C user=alice 'scp -t x'
	assert_status 78
	chmod g-w "$STAGE_POLICY"
}

@test "exit 64: called in a way that is none" {
	simple_policy
	check
	assert_status 64
	check -C user=alice a b
	assert_status 64
	check 'scp -t x'
	assert_status 64
	check -C colour=red,user=alice 'scp -t x'
	assert_status 64
	check -C user=nobody-here 'scp -t x'
	assert_status 64
	check -x -C user=alice 'scp -t x'
	assert_status 64
	check -f /nowhere -C user=alice 'scp -t x'
	assert_status 64
	try "$STAGE_TOOL"
	assert_status 64
	try "$STAGE_TOOL" nonsense
	assert_status 64
	assert_err usage
}

@test "a candidate file of any owner; an account that is not there yet" {
	printf '[group staff]\ndocroot = /srv/%%u/%%U\ncommands = scp\naccess = full\n' >"$BATS_TEST_TMPDIR/new.ini"
	chmod 666 "$BATS_TEST_TMPDIR/new.ini"
	cd "$BATS_TEST_TMPDIR"
	check -f new.ini -C user=new,home=/home/new,uid=4711,group=staff 'scp -t x'
	assert_status 0
	assert_out "/srv/new/4711"
	check -f new.ini -C user=new,home=/home/new,uid=4711,group=other 'scp -t x'
	assert_status 77
}

@test "an account's own user may ask, and nothing has run" {
	simple_policy
	try stage_as alice "$STAGE_TOOL" check -C user=alice 'scp -t x'
	assert_status 0
	assert_not_run
	assert_equal "$(find /srv/drop/alice -mindepth 1)" ""
}

@test "--json is one line of JSON, whatever bytes the command has" {
	simple_policy
	for command in 'scp -t x' 'id; "' $'scp -t \xff\xfe\x01\n' ''; do
		check --json -C user=alice "$command"
		assert_equal "$(wc -l <"$out")" 1 lines
		perl -MJSON::PP -e 'local $/; my $j = decode_json(<STDIN>); exit !($j->{schema} && $j->{verdict} && $j->{command} eq $ARGV[0])' \
			"$command" <"$out" || fail "not that JSON"
	done
}
