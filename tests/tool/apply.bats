# apply: whatever goes wrong, the old policy or the new one is in place, whole, and nobody is locked
# out by accident. As root: the gate's rules of ownership are part of what is tested.

setup()
{
	tool=${SALLYPORT:-$BATS_TEST_DIRNAME/../../build/sallyport}
	[ "$(id -u)" -eq 0 ] || skip "needs root"
	dir=$(mktemp -d /var/lib/sallyport-apply.XXXXXX)
	chmod 755 "$dir"
	cd "$dir" || return 1
	mkdir target files
	chmod 755 target files
	cat > old.ini <<-END
		[defaults]
		docroot  = $dir/files
		commands = sftp

		[user alice]
		access = full

		[user bob]
		access = read-only
	END
	sed 's/full/drop-box/' old.ini > new.ini
	sed '/bob/,$d' old.ini > less.ini
	cp old.ini target/policy.ini
}

teardown()
{
	if [ -n "$dir" ]; then
		cd / && rm -rf "$dir"
	fi
}

apply()
{
	run "$tool" apply --to "$dir/target/policy.ini" "$@"
}

unchanged()
{
	cmp old.ini target/policy.ini
	[ ! -e target/.policy.ini.staged ]
	[ ! -e target/.policy.ini.previous.new ]
}

@test "installs, root's and readable, and keeps the one before it" {
	umask 077
	apply new.ini
	[ "$status" -eq 0 ]
	[[ $output == *"alice  access: "*" -> upload overwrite mkdir"* ]]
	[[ $output != *"  bob  "* ]]
	[[ $output == *"users/ are not touched"* ]]
	cmp new.ini target/policy.ini
	cmp old.ini target/policy.ini.previous
	[ "$(stat -c '%u %a' target/policy.ini)" = "0 644" ]
	[ "$(ls -A target | wc -l)" -eq 2 ]
}

@test "the first policy of all" {
	rm target/policy.ini
	apply new.ini
	[ "$status" -eq 0 ]
	[[ $output == *"gain access:"*"alice"*"bob"* ]]
	cmp new.ini target/policy.ini
	[ ! -e target/policy.ini.previous ]
}

@test "a dry run installs nothing" {
	apply --dry-run new.ini
	[ "$status" -eq 0 ]
	[[ $output == *"alice  access: "* ]]
	unchanged
	[ ! -e target/policy.ini.previous ]
}

@test "what is in force already does not push out the one before it" {
	apply new.ini
	apply new.ini
	[ "$status" -eq 0 ]
	[[ $output == *"already in force"* ]]
	cmp old.ini target/policy.ini.previous
	apply target/policy.ini
	[[ $output == *"already in force"* ]]
}

@test "a typo is told with its place, and changes nothing, --yes or not" {
	sed '6s/access/acess/' new.ini > typo.ini
	for yes in "" --yes; do
		apply $yes typo.ini
		[ "$status" -eq 78 ]
		[[ $output == *"typo.ini:6"* ]]
		[[ $output == *"access"* ]]
		unchanged
	done
	: > empty.ini
	apply empty.ini
	[ "$status" -ne 0 ]
	unchanged
	head -c 2000000 /dev/zero > huge.ini
	apply --yes huge.ini
	[ "$status" -eq 78 ]
	unchanged
}

@test "who works now and would be refused is named" {
	apply less.ini
	[ "$status" -eq 1 ]
	[[ $output == *"lose access:"$'\n'"  bob  "* ]]
	unchanged
	apply --yes less.ini
	[ "$status" -eq 0 ]
	cmp less.ini target/policy.ini
}

@test "everything that locks out counts, not only a missing section" {
	local -A how=(
		[none]='s/= sftp/= none/'
		[docroot]='s,/files,/nowhere,'
		[expired]='/^access/a expires = 20200101'
		[profile]='/^access/a profile = required'
		[home]='s,^docroot.*,docroot = /,'
		[access]='s/= sftp/= scp/;s/^access.*/access = mkdir/'
		[token]='/^access/a token = marker'
		[program]='/^access/a program sftp = /nowhere/sftp-server'
		[start]='/^access/a start = /nowhere'
		[probe]='s/= sftp/= probe/'
		[name]='/^access/a from = mirror.example.org'
		[number]='/^access/a from = 192.0.2.300'
		[negated]='/^access/a from = 192.0.2.0/24,!192.0.2.0/25,!192.0.2.128/25'
		[nobody]='/^access/a from = *,!0.0.0.0/0,!::/0'
	)
	for key in "${!how[@]}"; do
		sed "${how[$key]}" old.ini > lockout.ini
		apply lockout.ini
		[ "$status" -eq 1 ] || { echo "$key: $output"; false; }
		[[ $output == *"lose access:"*alice*bob* ]] || { echo "$key: $output"; false; }
		unchanged
	done
}

@test "who has a place in the policy and no access either way is named, and stops nothing" {
	sed -i 's,^docroot.*,docroot  = /nowhere,' old.ini
	cp old.ini target/policy.ini
	sed 's/full/drop-box/' old.ini > new.ini
	apply new.ini
	[ "$status" -eq 0 ]
	[[ $output == *"have no access, before or after:"$'\n'"  alice  its docroot is not a directory here"$'\n'"  bob  "* ]]
	for i in {1..30}; do printf '[user u%s]\numask = 022\n' "$i"; done >> old.ini
	cp old.ini target/policy.ini
	sed 's/full/drop-box/' old.ini > new.ini
	apply new.ini
	[[ $output == *"  and 12 more"* ]]
	[ "$(grep -c 'is not a directory here' <<< "$output")" -eq 20 ]
}

@test "hours that no minute is in before the account expires" {
	local tomorrow after
	tomorrow=$(date -u -d '+1 day' +%Y%m%d%H%M) after=$(date -u -d '+3 days' +%a)
	sed "/^access/a expires = $tomorrow\nhours = $after 00:00-24:00" old.ini > lockout.ini
	apply lockout.ini
	[ "$status" -eq 1 ]
	[[ $output == *"alice  no minute is in its hours before it expires"* ]]
	unchanged
}

@test "conditions that somebody meets, some day, are shown and go in" {
	local -A how=(
		[block]='from = 192.0.2.0/24,!192.0.2.0/25'
		[edge]='from = 192.0.2.0/24,!192.0.2.0/25,!192.0.2.128/26,!192.0.2.192/27,!192.0.2.224/28,!192.0.2.240/32'
		[all]='from = *,!0.0.0.0/1'
		[pattern]='from = 192.0.*'
		[six]='from = 2001:db8::/32,!2001:db8::/33'
		[last]='from = 255.255.255.255,!10.0.0.0/8'
		[hours]='hours = Sun 03:00-03:01'
		[expires]="expires = $(date -u -d '+1 day' +%Y%m%d)"
	)
	for key in "${!how[@]}"; do
		cp old.ini target/policy.ini
		sed "/^access/a ${how[$key]}" old.ini > sound.ini
		apply sound.ini
		[ "$status" -eq 0 ] || { echo "$key: $output"; false; }
		[[ $output == *"change:"*"alice  ${how[$key]%% *}: "* ]] || { echo "$key: $output"; false; }
		[[ $output != *"lose access:"* ]] || { echo "$key: $output"; false; }
		cmp sound.ini target/policy.ini
	done
}

@test "a profile whose conditions exclude the account's counts" {
	cat >> old.ini <<-END
		profiles = nightly

		[profile nightly]
		from = 192.0.2.0/24
		hours = 01:00-05:00
	END
	cp old.ini target/policy.ini
	sed '/^profiles/a from = 198.51.100.0/24,10.0.0.1' old.ini > lockout.ini
	apply lockout.ini
	[ "$status" -eq 1 ]
	[[ $output == *"lose access:"$'\n'"  bob (profile nightly)  no address is in its from"* ]]
	unchanged
	sed '/^profiles/a hours = 06:00-07:00' old.ini > lockout.ini
	apply lockout.ini
	[ "$status" -eq 1 ]
	[[ $output == *"bob (profile nightly)  no minute is in its hours"* ]]
	unchanged
}

@test "what lint and the tests say is said of the file that was given" {
	sed '/^access = full/a protect = none' old.ini > named.ini
	cat >> named.ini <<-END

		[test t]
		user = alice
		command = id
		expect = allow
	END
	apply --dry-run named.ini
	[[ $output == *"$dir/named.ini:"*": medium: protect-none"* ]]
	[[ $output == *"file: \"$dir/named.ini\""* ]]
	[[ $output != *staged* ]]
	echo 'comands = sftp' >> named.ini
	apply named.ini
	[ "$status" -eq 78 ]
	[[ $output == *"$dir/named.ini:"* && $output != *staged* ]]
}

@test "a user's own file that no longer fits counts" {
	mkdir target/users
	cat >> old.ini <<-'END'

		[command dump]
		program = /usr/bin/true
		template = dump
		verbs = download
	END
	cp old.ini target/policy.ini
	printf '[user carol]\ncommands = dump\n' > target/users/carol.ini
	sed '/command dump/,$d' old.ini > lockout.ini
	apply lockout.ini
	[ "$status" -eq 1 ]
	[[ $output == *"lose access:"*"carol  "*"users/carol.ini:2"* ]]
	printf '[user carol]\n' | cat old.ini - > lockout.ini
	apply lockout.ini
	[ "$status" -eq 1 ]
	[[ $output == *"carol"* ]]
	unchanged
}

@test "what a [command] runs is a change, though its name stays" {
	cat >> old.ini <<-'END'

		[command dump]
		program = /usr/bin/true
		template = dump
		verbs = download
	END
	sed -i 's/= sftp/= sftp dump/' old.ini
	cp old.ini target/policy.ini
	sed 's,/usr/bin/true,/bin/sh,' old.ini > new.ini
	apply --dry-run new.ini
	[[ $output == *"alice  commands: "*"/usr/bin/true"*" -> "*"/bin/sh"* ]]
}

@test "members of a group are looked at" {
	printf '\n[group games]\ndocroot = %s/files\ncommands = sftp\n' "$dir" | cat old.ini - > group.ini
	apply --dry-run group.ini
	[[ $output == *"gain access:"*"games"* ]]
	cp group.ini target/policy.ini
	apply old.ini
	[ "$status" -eq 1 ]
	[[ $output == *"lose access:"*"games"* ]]
}

@test "a profile that breaks counts" {
	cat >> old.ini <<-'END'

		[user dave]
		access = full
		profiles = night
		profile = required

		[profile night]
		access = full
	END
	cp old.ini target/policy.ini
	sed '/user dave/,/profile =/s/access = full/access = read-only/' old.ini > new.ini
	apply new.ini
	[ "$status" -eq 1 ]
	[[ $output == *"dave (profile night)  "*"a verb that the account lacks"* ]]
}

@test "a token's value is not shown" {
	sed '/^commands/a token-value = hunter2' old.ini > new.ini
	apply --dry-run new.ini
	[[ $output == *"token-value: (changed)"* ]]
	[[ $output != *hunter2* ]]
}

@test "undo, and undo twice" {
	apply new.ini
	apply --undo
	[ "$status" -eq 0 ]
	cmp old.ini target/policy.ini
	cmp new.ini target/policy.ini.previous
	apply --undo
	[ "$status" -eq 0 ]
	cmp new.ini target/policy.ini
	cmp old.ini target/policy.ini.previous
}

@test "undo where names cannot be exchanged" {
	apply new.ini
	run strace -qq -o /dev/null -e trace=renameat2 -e inject=renameat2:error=EINVAL \
		"$tool" apply --undo --to "$dir/target/policy.ini"
	[ "$status" -eq 0 ]
	cmp old.ini target/policy.ini
	cmp new.ini target/policy.ini.previous
	[ "$(ls -A target | wc -l)" -eq 2 ]
}

@test "nothing to undo, or something that the gate would refuse" {
	apply --undo
	[ "$status" -eq 1 ]
	unchanged
	echo typo > target/policy.ini.previous
	apply --undo
	[ "$status" -eq 78 ]
	unchanged
	cp new.ini target/policy.ini.previous
	chmod 666 target/policy.ini.previous
	apply --undo
	[ "$status" -eq 78 ]
	unchanged
}

@test "undo brings back a policy that is gone" {
	apply new.ini
	rm target/policy.ini
	apply --undo
	[ "$status" -eq 0 ]
	cmp old.ini target/policy.ini
}

@test "a broken policy is replaced" {
	echo typo >> target/policy.ini
	apply new.ini
	[ "$status" -eq 0 ]
	[[ $output == *"note: "* ]]
	cmp new.ini target/policy.ini
	cp old.ini target/policy.ini
	chmod 666 target/policy.ini
	apply old.ini
	[ "$status" -eq 0 ]
	[ "$(stat -c %a target/policy.ini)" = 644 ]
}

@test "a directory that is not root's alone takes no policy" {
	chmod 777 target
	apply --yes new.ini
	[ "$status" -eq 78 ]
	unchanged
}

@test "two at once: the second one waits for nobody" {
	exec 9< target
	flock 9
	apply new.ini
	[ "$status" -eq 75 ]
	unchanged
	touch target/.policy.ini.staged
	apply new.ini
	[ "$status" -eq 75 ]
	[ -e target/.policy.ini.staged ]
}

@test "what is installed and then refused is rolled back" {
	# The policy's own name is opened last; before that only the staged copy and the old one are.
	count=$(strace -f -e trace=openat2 "$tool" apply --to "$dir/target/policy.ini" new.ini 2>&1 |
		grep -c openat2)
	cmp new.ini target/policy.ini
	rm -r target && mkdir -m 755 target && cp old.ini target/policy.ini
	run strace -qq -o /dev/null -e trace=openat2 -e inject=openat2:error=EIO:when="$count" \
		"$tool" apply --to "$dir/target/policy.ini" new.ini
	[ "$status" -eq 71 ]
	[[ $output == *"rolled back"* ]]
	unchanged
	rm -r target && mkdir -m 755 target
}

# One run for every system call of the whole program; each ends in SIGKILL there.
killed_everywhere()
{
	local total n old=$1 new=$2
	shift 2
	cp -a target pristine
	total=$(strace -f -qq "$tool" apply --to "$dir/target/policy.ini" "$@" 2>&1 >/dev/null | wc -l)
	[ "$total" -gt 50 ]
	for ((n = 1; n <= total; n++)); do
		rm -rf target && cp -a pristine target
		strace -qq -o /dev/null -e inject=all:signal=KILL:when=$n \
			"$tool" apply --to "$dir/target/policy.ini" "$@" > /dev/null 2>&1 || true
		cmp -s "$old" target/policy.ini || cmp -s "$new" target/policy.ini ||
			{ echo "call $n of $total: neither the old nor the new"; return 1; }
		"$tool" check -f "$dir/target/policy.ini" -C user=alice,home=/home/alice internal-sftp \
			> /dev/null || { echo "call $n of $total: alice is out"; return 1; }
		# What was left behind stops nobody.
		if ((n % 10 == 0)); then
			"$tool" apply --to "$dir/target/policy.ini" "$new" > /dev/null ||
				{ echo "call $n of $total: the next run fails"; return 1; }
			cmp "$new" target/policy.ini
			[ ! -e target/.policy.ini.staged ]
		fi
	done
}

@test "SIGKILL at every system call of an apply" {
	killed_everywhere old.ini new.ini new.ini
}

@test "SIGKILL at every system call of an undo" {
	cp new.ini target/policy.ini.previous
	killed_everywhere old.ini new.ini --undo
}

@test "every system call of the commit may fail" {
	local call n
	cp -a target pristine
	for call in linkat renameat fsync fchmod write openat flock close; do
		for ((n = 1; n < 100; n++)); do
			rm -rf target && cp -a pristine target
			strace -qq -o trace -e trace=$call -e inject=$call:error=EIO:when=$n \
				"$tool" apply --to "$dir/target/policy.ini" new.ini > /dev/null 2>&1 || true
			grep -q INJECTED trace || break
			cmp -s old.ini target/policy.ini || cmp -s new.ini target/policy.ini ||
				{ echo "$call $n"; false; }
		done
		[ "$n" -gt 1 ] || { echo "$call: never called"; false; }
	done
}

@test "usage" {
	for line in "" "a b" "--undo a" "--nonsense a"; do
		run "$tool" apply $line
		[ "$status" -eq 64 ]
	done
	apply nonexistent.ini
	[ "$status" -eq 64 ]
	run "$tool" apply --to /nonexistent/dir/policy.ini new.ini
	[ "$status" -eq 71 ]
}

@test "a user's file that is broken already keeps nobody from mending the rest" {
	mkdir target/users
	echo typo > target/users/carol.ini
	apply new.ini
	[ "$status" -eq 0 ]
	cmp new.ini target/policy.ini
}

@test "a policy whose own tests fail does not go in unasked" {
	cat old.ini - > candidate.ini <<-'END'

		[test alice-uploads]
		user    = alice
		command = scp -t /in
		expect  = allow
	END
	apply candidate.ini
	[ "$status" -eq 1 ]
	[[ $output == *"not ok 1"* ]]
	[[ $output == *"lint or a test objects"* ]]
	unchanged
	apply --yes candidate.ini
	[ "$status" -eq 0 ]
	cmp candidate.ini target/policy.ini
}

@test "what lint finds serious does not go in unasked" {
	cat old.ini - > candidate.ini <<-'END'

		[command anything]
		program  = /bin/bash
		template = anything %1p
		argv     = bash %1
		verbs    = download
	END
	sed -i 's/= sftp/= sftp anything/' candidate.ini
	apply candidate.ini
	[ "$status" -eq 1 ]
	[[ $output == *" high: "* ]]
	[[ $output == *"lint or a test objects"* ]]
	unchanged
	apply --yes candidate.ini
	[ "$status" -eq 0 ]
}
