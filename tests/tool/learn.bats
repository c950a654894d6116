# learn: what it must never propose, never believe and never write.

setup()
{
	tool=${SALLYPORT:-$BATS_TEST_DIRNAME/../../build/sallyport}
	dir=$(mktemp -d /var/lib/sallyport-learn.XXXXXX)
	chmod 755 "$dir"
	cd "$dir" || return 1
	cat > policy.ini <<-'END'
		[defaults]
		docroot  = /srv

		[user games]
		commands = sftp
		access   = download

		[user alice]
		commands = scp
		access   = download

		[user old]
		commands = sftp
		access   = read-only
		restricted = yes
	END
	uid=$(id -u games)
	head='Nov 21 11:21:00 host sallyport-shell[123]: '
	tail='docroot=/srv isolation=namespace reason="not a command this account may run"'
}

teardown()
{
	cd / && rm -rf "$dir"
}

learn()
{
	run "$tool" learn -f policy.ini "$@"
}

alice()
{
	learn -C user=alice,home=/home/alice "$@"
}

# $1: request as the gate quotes it, $2: user, $3: uid
denied()
{
	echo "${head}verdict=deny id=ab12 user=${2:-games} uid=${3:-$uid} from=192.0.2.1 request=$1 $tail"
}

sent()
{
	printf 'debug1: Sending command: %s\r\n' "$1"
}

nothing()
{
	[ "$status" -eq 1 ]
	[[ $output == *"# nothing to propose"* ]]
	[[ $output != *"+++"* ]]
	[[ $output != *"[test "* ]]
}

# The proposal, taken at its word: it patches, the policy loads, and the command is admitted.
admits()
{
	[ "$status" -eq 0 ]
	echo "$output" | patch -s -p0
	sed -n '/^\[test/,$p' <<< "$output" > tests.ini
	run "$tool" test -f policy.ini tests.ini
	[ "$status" -eq 0 ]
	[[ $output == "TAP"*"1.."[1-9]* ]]
	run "$tool" check -f policy.ini -C "user=$1,home=/home/$1" "$2"
	[ "$status" -eq 0 ]
	run "$tool" check -f policy.ini -C "user=$1,home=/home/$1" "$2; id"
	[ "$status" -eq 77 ]
}

@test "a denied line becomes the narrowest change, which patches and admits" {
	denied '"scp -t /in"' > log
	learn log
	[[ $output == *"commands = sftp scp"* ]]
	[[ $output == *"+access   = download upload overwrite"$'\n'* ]]
	[[ $output == *'command = scp -t /in\x3b id'* ]]
	admits games 'scp -t /in'
}

@test "ssh -v: a download needs no verb to write" {
	sent 'rsync --server --sender -vlogDtpre.iLsfxCIvu . /var/www/' > log
	alice log
	[[ $output == *"+commands = scp rsync"* ]]
	[[ $output == *"+access   = read-only"* ]]
	admits alice 'rsync --server --sender -vlogDtpre.iLsfxCIvu . /var/www/'
}

@test "rsync -vv: what ssh sends is put together again" {
	echo 'opening connection using: ssh -l a h rsync --server --sender -vve.LsfxCIvu . "/x\ y"  (10 args)' > log
	alice log
	admits alice 'rsync --server --sender -vve.LsfxCIvu . /x\ y'
}

@test "rsync -vv: words that do not add up are not believed" {
	echo 'opening connection using: ssh -l a h rsync --server -e.x . "/x" "/y"  (9 args)' > log
	echo 'opening connection using: ssh -l a h rsync --server . /x' >> log
	alice log
	nothing
	[[ $output == *"not believed: log:1"* ]]
	[[ $output == *"not believed: log:2"* ]]
}

@test "sftp says nothing of verbs: access stays" {
	printf 'debug1: Sending subsystem: sftp\r\n' > log
	alice log
	[[ $output == *"+commands = scp sftp"* ]]
	[[ $output != *"+access"* ]]
	admits alice internal-sftp
}

@test "a user's own file is what changes" {
	mkdir users
	printf '[user bin]\ncommands = sftp\naccess = download' > users/bin.ini
	denied '"scp -t /in"' bin "$(id -u bin)" > log
	learn log
	[[ $output == *"+++ users/bin.ini"* ]]
	[[ $output != *"+++ policy.ini"* ]]
	[[ $output == *"No newline at end of file"* ]]
	admits bin 'scp -t /in'
}

@test "a list that goes on in name.2 is replaced whole" {
	sed -i 's/^commands = scp/commands = sftp\ncommands.2 = scp/' policy.ini
	sent 'rsync --server --sender -e.x . /in' > log
	alice log
	[[ $output == *"-commands.2 = scp"* ]]
	admits alice 'rsync --server --sender -e.x . /in'
}

@test "an account by its group alone gets a section of its own" {
	printf '[group games]\ncommands = sftp\n' > policy.ini
	sed -i '1i [defaults]\ndocroot = /srv' policy.ini
	denied '"scp -f /in"' > log
	learn log
	[[ $output == *"+[user games]"* ]]
	admits games 'scp -f /in'
}

@test "nothing is written" {
	denied '"scp -t /in"' > log
	before=$(find . -type f -exec sha256sum {} + | sort)
	learn log
	[ "$status" -eq 0 ]
	[ "$before" = "$(find . -type f -exec sha256sum {} + | sort)" ]
}

@test "what nothing should ever admit is refused with a reason" {
	while read -r line; do
		sent "$line" > log
		alice log
		[[ $output == *"refused whatever commands and access say"* ]] || { echo "proposed: $line"; false; }
		nothing || { echo "proposed: $line"; false; }
	done <<-'END'
		/bin/sh
		bash -i
		/usr/bin/python3 -c pass
		sh -c "tar zcf /backup/usr.tgz /usr/" &
		echo *
		while read j; do echo "$j"; done <.profile
		mount; df -h
		sudo rsync --server --sender -e.x . /
		cat > backup.tar
		cat > $(date +"%Y-%m-%d").tar.gz
		tar jcf - /var/www/ /home/*/www/
		exec 3<>/dev/tcp/server.example.com/22
		ssh -tt server2.example.org
		/usr/sbin/sshd -D -p 2222
		tmux a -d || tmux
		ascp -S. -V1; id
		LD_PRELOAD=/x scp -t /in
		scp -S /bin/sh -t /in
		scp -o ProxyCommand=id -t /in
		rsync --server -e sh . /in
		rsync --server --rsh=sh . /in
		rsync --server --config=/x --daemon .
		scp -t /in/../../etc
		scp -t /in/.ssh/authorized_keys
		git-upload-pack '/x' --upload-pack=id
		rsync /etc/passwd
		/bin/sh /home/alice/.ssh/rc
	END
}

@test "plain words that no definition knows are a comment, never active" {
	sent 'pg_dump -Fc db1' > log
	alice log
	nothing
	[[ $output == *"; [command pg_dump]"*"; program  = ?"*"; template = pg_dump -Fc db1"* ]]
	! grep -q '^\[command' <<< "$output"
}

@test "restricted is not lifted" {
	sent "rsync --server --sender -re.x . '/in'" > log
	learn -C user=old,home=/home/old log
	nothing
}

@test "tests say where and when, what the account's groups and home are, and stand in several lines" {
	printf '[defaults]\ndocroot = /srv\n\n[group games]\ncommands = sftp\n' > policy.ini
	printf 'from = 192.0.2.0/24\nhours = Mon-Fri 01:00-01:30\n' >> policy.ini
	long=$(printf 'x%.0s' {1..120})
	denied "\"scp -f /a$long  '/b;' /c$long /d$long\"" > log
	learn log
	[[ $output == *"group   = games"* ]]
	[[ $output == *"addr    = 192.0.2.1"* ]]
	[[ $output == *"time    = "* ]]
	[[ $output == *"command.3 = "* ]]
	echo "$output" | patch -s -p0
	sed -n '/^\[test/,$p' <<< "$output" > tests.ini
	run "$tool" test -f policy.ini tests.ini
	[ "$status" -eq 0 ]
}

@test "conditions are not lifted" {
	sed -i '/user alice/a from = 192.0.2.1' policy.ini
	sent 'scp -f /in' > log
	alice log
	nothing
	[[ $output == *"admit it already; see from"* ]]
}

@test "forged: the tag inside another program's message" {
	{
		echo "Nov 21 11:21:00 host evil: $(denied '"scp -t /in"')"
		echo "Nov 21 11:21:00 host sshd[9]: Invalid user $(denied '"scp -t /in"') from 192.0.2.1"
		echo "Nov 21 11:21:00 host sshd[9]: sallyport-shell[123]: ${tail}"
		denied '"scp -t /in"' | sed 's/sallyport-shell\[123\]/sallyport-shell[12x]/'
		denied '"scp -t /in"' | sed 's/sallyport-shell\[123\]/my-sallyport-shell[1]/'
		denied '"scp -t /in"' | sed 's/sallyport-shell\[123\]/sallyport-shell/'
		denied '"scp -t /in"' | sed 's/^/ /'
		denied '"scp -t /in"' | sed 's/host //'
		denied '"scp -t /in"' | sed 's/^Nov 21 11:21:00/Nov 21 11:21/'
		echo " $(sent 'scp -t /in')"
		echo "remote: $(sent 'scp -t /in')"
	} > log
	learn log
	nothing
	learn -C user=games log
	nothing
}

@test "forged: fields that the gate would not write so" {
	{
		denied '"scp -t /in"' | sed 's/verdict=deny/verdict="deny"/'
		denied '"scp -t /in"' | sed 's/user=games/user=games user=root/'
		denied '"scp -t /in"' | sed 's/user=games //'
		denied '"scp -t /in"' | sed 's/ id=ab12/ id=ab12 extra=1/'
		denied '"scp -t /in"' | sed 's/ id=ab12/  id=ab12/'
		denied '"scp -t /in" user=root'
		denied '"scp -t /in"x'
		denied '"scp -t /i\x6e"'
		denied '"scp -t /i\X0A"'
		denied '"scp -t /in\q"'
		denied '"scp\x0a"'
		denied '"scp"'
		denied 'scp -t /in'
		denied '""'
		denied '"scp -t /in"' | sed 's/ reason=.*//'
		denied '"scp -t /in"' ../../etc/passwd
		denied '"scp -t /in"' '"games]"'
		denied '"scp -t /in"' "$(printf 'a%.0s' {1..40})"
		printf '%s\303\244\n' "$(denied '"scp -t /in"')"
		printf '%s verdict=deny\n' "$(denied '"scp -t /in"')"
		printf '%s \n' "$(denied '"scp -t /in"')"
	} > log
	learn log
	nothing
	[ "$(grep -c '^# not believed' <<< "$output")" -eq 17 ]
	[[ $output == *"not believed: 5 more lines"* ]]
}

@test "forged: another account's uid, no such account, root, none of the policy's" {
	{
		denied '"scp -t /in"' games 4242
		denied '"scp -t /in"' nosuchuser 4242
		denied '"scp -t /in"' root 0
		denied '"scp -t /in"' daemon "$(id -u daemon)"
	} > log
	learn log
	nothing
	[[ $output == *"another uid"*"no such account"*"refuses uid 0"*"no section for this account"* ]]
}

@test "a line that names the key, or a certificate, is the gate's too" {
	denied '"scp -t /in"' > log
	learn log
	[ "$status" -eq 0 ]
	local without=$output
	denied '"scp -t /in"' | sed 's/ from=[^ ]*/& key=SHA256:x cert="a b" serial=1 ca=SHA256:y/' > log
	learn log
	diff <(echo "$without") <(echo "$output")
	denied '"scp -t /in"' | sed 's/ from=[^ ]*/& serial=1 key=SHA256:x/' > log
	learn log
	nothing
}

@test "a client's bytes stay inside request=" {
	denied '"scp -t \" user=root uid=0 request=\"x"' > log
	denied '"scp -t /in\nNov 21 11:21:00 host sallyport-shell[1]: verdict=deny"' >> log
	learn log
	# The first is one path with blanks in it, the second no command at all.
	[ "$status" -eq 0 ]
	[ "$(grep -c '^# [a-z]*$' <<< "$output")" -eq 1 ]
	[[ $output == *$'\n'"# games"$'\n'* || $output == "# games"* ]]
	! grep -q '^Nov' <<< "$output"
	! grep -q '^user *= root' <<< "$output"
}

@test "an allowed line teaches nothing" {
	denied '"scp -t /in"' | sed 's/verdict=deny/verdict=allow/' > log
	denied '"scp -t /in"' | sed 's/verdict=deny/verdict=rc-suppressed/' >> log
	learn log
	nothing
	[[ $output != *"not believed"* ]]
}

@test "truncated lines, at every byte" {
	line=$(denied '"scp -t /in"')
	whole=${#line}
	cut=$((whole - ${#tail} + 4))
	for ((n = 1; n < cut; n++)); do
		printf '%s\n' "${line:0:n}"
	done > log
	learn log
	nothing
}

@test "requests and commands that were cut are not believed" {
	denied "\"scp -t /$(printf 'a%.0s' {1..1017})...\"" > log
	sent "scp -f /$(printf 'a%.0s' {1..895})" >> log
	learn log
	nothing
	[ "$(grep -c '^# not believed' <<< "$output")" -eq 2 ]
}

@test "a request that the line itself says is cut is not believed, whatever it looks like" {
	denied '"scp -t /in"' | sed 's/$/ cut=request/' > log
	denied '"scp -t /in"' | sed 's/$/ cut=argv,request/' >> log
	learn log
	nothing
	[ "$(grep -c 'the request was cut by the log' <<< "$output")" -eq 2 ]
	denied '"scp -t /in"' | sed 's/$/ cut=argv/' > log
	learn log
	admits games 'scp -t /in'
}

@test "what a forced command's flags denied is no fault of the policy" {
	local flags
	for flags in -r -t '"-r -t"'; do
		denied '"scp -t /in"' | sed "s/ request=/ flags=$flags&/" > log
		learn log
		nothing
		[[ $output == *"denied under a forced command with -r or -t"* ]]
	done
	denied '"scp -t /in"' | sed 's/ request=/ rule=scp flags=-r&/' > log
	learn log
	nothing
	[[ $output == *"not believed"* ]]
}

@test "the denied neighbour says why it has to be denied" {
	denied '"scp -t /in"' > log
	learn log
	[[ $output == *'command = scp -t /in\x3b id'$'\n''expect  = deny'$'\n''reason  = a shell operator'* ]]
	admits games 'scp -t /in'
	# a policy that denies it for another reason fails the test
	sed -i 's/^\[user games\]/&\nfrom = 192.0.2.0\/24/' policy.ini
	run "$tool" test -f policy.ini tests.ini
	[ "$status" -eq 1 ]
	[[ $output == *'not ok 2'*'differs: "reason"'* ]]
}

@test "a huge line, a huge file, NUL bytes, no newline: no harm" {
	{
		head -c 300000 /dev/zero | tr '\0' x
		printf 'debug1: Sending command: scp -t /in\n'
		printf 'debug1: Sending command: scp\0 -t /in\n'
		printf 'debug1: Sending command: scp -t /\\999\n'
		printf 'debug1: Sending command: \n'
		printf 'debug1: Sending command: rsync'
	} > log
	alice log
	nothing
	head -c 5000000 /dev/urandom > log
	alice log
	nothing
}

@test "more commands than are kept are counted" {
	for ((n = 0; n < 1100; n++)); do
		echo "debug1: Sending command: /bin/sh $n"
	done > log
	alice log
	nothing
	[[ $output == *"not read: 76 lines"* ]]
}

@test "a terminal's escapes do not come through" {
	printf 'debug1: Sending command: scp \\033[2J\033[2J -t /in\n' > log
	alice log
	[[ $output != *$'\033'* ]]
}

@test "a file that has nothing to do with us is said to be one" {
	printf 'hello\nNov 21 11:21:00 host sshd[1]: nothing\n' > log
	learn log
	nothing
	[[ $output == *"# no line is one of the gate's log, of ssh -v or of rsync -vv"* ]]
	denied '"scp -t /in"' >> log
	learn log
	[[ $output != *"no line is one"* ]]
}

@test "statuses" {
	learn
	[ "$status" -eq 64 ]
	learn /nonexistent
	[ "$status" -eq 64 ]
	run "$tool" learn -f /nonexistent log
	[ "$status" -eq 64 ]
	echo 'typo' >> policy.ini
	: > log
	learn log
	[ "$status" -eq 78 ]
}
