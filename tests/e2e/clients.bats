#!/usr/bin/env bats
# Goal: the clients that people have work both ways through a real sshd, byte for byte (I6), with names that
# are hard on parsers; and what they move stays where the account's docroot is (I3: argv rebuilt, still right).

load lib

NAMES=('with blank' "quote'single" 'quote"double' $'not-utf8-\xff\xfe' '-leading-dash' 'dollar$HOME' 'star*and?'
	'back\slash' '#hash' 'semi;colon' '~tilde' '{a,b}' 'a&b' '(par)' '[x]')

setup_file() {
	e2e_setup
	stage_policy <<-END
		[user alice]
		docroot = /srv/alice
		commands = sftp scp rsync git
		access = full
	END
	stage_sshd <<-END
		AcceptEnv LANG LC_* GIT_PROTOCOL
	END
	head -c 20971520 /dev/urandom >"$BATS_FILE_TMPDIR/big"
}

setup() {
	D=/srv/alice
	find "$D" -mindepth 1 -delete
	cd "$BATS_TEST_TMPDIR"
	mkdir src
	printf 'one\0two\r\n\xff' >src/plain
	local name
	for name in "${NAMES[@]}"; do
		printf '%s' "$name" >"src/$name"
	done
}

# What arrived is what was sent, names and bytes.
assert_tree() { diff -r "$1" "$2" || fail "$1 and $2 differ"; }

# ---- sftp ----

@test "sftp: put, get, mkdir, rename, ls, rm, rmdir" {
	stdin='mkdir in
		put src/plain in/plain
		rename in/plain in/moved
		ls -l in
		get in/moved back
		get /files/in/moved absolute
		pwd
		rm in/moved
		rmdir in
	'
	try stage_sftp alice
	assert_status 0
	assert_out moved
	# inside the protocol an absolute path is the view's
	assert_out "Remote working directory: /files"
	assert_same src/plain back
	assert_same src/plain absolute
	assert_equal "$(find $D -mindepth 1)" ""
}

@test "sftp: recursive put and get of hard names" {
	stdin=$'put -r src\nget -r src back\n'
	try stage_sftp alice
	assert_status 0
	assert_tree src $D/src
	assert_tree src back
}

@test "sftp: 20 MiB, both ways, over several requests at a time" {
	stdin="put $BATS_FILE_TMPDIR/big big
		get big back
	"
	try stage_sftp alice -R 128 -B 65536
	assert_status 0
	assert_same "$BATS_FILE_TMPDIR/big" $D/big
	assert_same "$BATS_FILE_TMPDIR/big" back
}

@test "sftp: modes follow the umask of the policy, 027" {
	chmod 0666 src/plain
	stdin='put src/plain x'
	try stage_sftp alice
	assert_equal "$(stat -c %a:%U $D/x)" 640:alice
}

@test "sftp -s PATH: the server asked for by its path is the same server" {
	stdin='put src/plain x'
	try stage_sftp alice -s /usr/lib/openssh/sftp-server
	assert_status 0
	assert_same src/plain $D/x
}

# ---- scp ----

@test "scp over sftp: both ways, recursive, times and modes" {
	touch -d 2001-02-03 src/plain
	try stage_scp -rp src alice@stage:up
	assert_status 0
	assert_tree src $D/up
	assert_equal "$(stat -c %Y $D/up/plain)" "$(stat -c %Y src/plain)"
	try stage_scp -rp alice@stage:up back
	assert_status 0
	assert_tree src back
}

@test "scp -O: both ways, recursive, times and modes" {
	touch -d 2001-02-03 src/plain
	try stage_scp -O -rp src alice@stage:up
	assert_status 0
	assert_tree src $D/up
	assert_equal "$(stat -c %Y $D/up/plain)" "$(stat -c %Y src/plain)"
	try stage_scp -O -rp alice@stage:up back
	assert_status 0
	assert_tree src back
}

@test "scp -O: several sources, and a wildcard that the gate expands" {
	try stage_scp -O src/plain "src/with blank" alice@stage:.
	assert_status 0
	mkdir back
	# An unquoted blank would be two names: the client sends it quoted. -T: it compares the answer with the quotes.
	try stage_scp -O -T 'alice@stage:pl*' 'alice@stage:"with blank"' back
	assert_status 0
	assert_same src/plain back/plain
	assert_same "src/with blank" "back/with blank"
}

@test "scp: each hard name by itself, over sftp and with -O" {
	local name quoted flag
	mkdir back
	for flag in -s -O; do
		for name in "${NAMES[@]}"; do
			try stage_scp "$flag" "src/$name" alice@stage:
			assert_status 0
			assert_same "src/$name" "$D/$name"
			rm -f "back/$name"
			quoted=$name
			# Over sftp the client itself globs; with -O the far side splits words. Both know quotes.
			[ "$flag" = -O ] && quoted="./'${name//\'/\'\\\'\'}'"
			[ "$flag" = -s ] && quoted="./$(sed 's/[][*?\\{}]/\\&/g' <<<"$name")"
			try stage_scp "$flag" -T "alice@stage:$quoted" "back/$name"
			assert_status 0
			assert_same "src/$name" "back/$name"
		done
	done
}

@test "scp -O: 20 MiB, both ways" {
	try stage_scp -O "$BATS_FILE_TMPDIR/big" alice@stage:big
	assert_status 0
	try stage_scp -O alice@stage:/big back
	assert_status 0
	assert_same "$BATS_FILE_TMPDIR/big" back
}

@test "scp: what is not there is the program's own error, not the gate's" {
	try stage_scp -O alice@stage:nothing back
	assert_status 1
	assert_err "nothing: No such file or directory"
}

# ---- rsync ----

@test "rsync -a: push and pull of hard names" {
	try stage_rsync -a src/ alice@stage:up/
	assert_status 0
	assert_tree src $D/up
	try stage_rsync -a alice@stage:up/ back/
	assert_status 0
	assert_tree src back
}

@test "rsync: absolute paths are the docroot's" {
	try stage_rsync -a src/plain alice@stage:/at-top
	assert_status 0
	assert_same src/plain $D/at-top
	try stage_rsync -a alice@stage:/at-top back
	assert_same src/plain back
}

@test "rsync --delete deletes what the source has not" {
	mkdir $D/up && echo old >$D/up/old && chown -R alice $D/up
	try stage_rsync -a --delete src/ alice@stage:up/
	assert_status 0
	assert_tree src $D/up
}

@test "rsync -s: paths inside the protocol" {
	try stage_rsync -as "src/with blank" "alice@stage:to here"
	assert_status 0
	assert_same "src/with blank" "$D/to here"
	try stage_rsync -as "alice@stage:to here" back
	assert_same "src/with blank" back
}

@test "rsync: a file with a blank, and a wildcard" {
	try stage_rsync -a "src/with blank" "alice@stage:to here"
	assert_status 0
	assert_same "src/with blank" "$D/to here"
	mkdir back
	try stage_rsync -a 'alice@stage:to*' back/
	assert_status 0
	assert_same "src/with blank" "back/to here"
}

@test "rsync --old-args: words split and wildcards expanded as a shell did" {
	cp src/plain $D/a && cp src/plain $D/b && chown alice $D/a $D/b
	mkdir back
	try stage_rsync -a --old-args 'alice@stage:a b' back/
	assert_status 0
	assert_same src/plain back/a
	assert_same src/plain back/b
	rm back/*
	try stage_rsync -a --old-args 'alice@stage:[ab]' back/
	assert_status 0
	assert_same src/plain back/b
}

@test "rsync -R keeps the parents" {
	mkdir -p deep/down && cp src/plain deep/down/x
	try stage_rsync -aR deep/down/x alice@stage:up/
	assert_status 0
	assert_same src/plain $D/up/deep/down/x
	try stage_rsync -aR alice@stage:up/./deep/down/x back/
	assert_status 0
	assert_same src/plain back/deep/down/x
	try stage_rsync -aR alice@stage:/up/deep/down/x whole/
	assert_status 0
	assert_same src/plain whole/up/deep/down/x
}

@test "rsync --link-dest=../prev: what is unchanged is one file" {
	try stage_rsync -a src/ alice@stage:prev/
	assert_status 0
	try stage_rsync -a --link-dest=../prev src/ alice@stage:next/
	assert_status 0
	assert_tree src $D/next
	assert_equal "$(stat -c %i $D/next/plain)" "$(stat -c %i $D/prev/plain)" "inode"
}

@test "rsync --partial-dir, --backup-dir, --delay-updates, --temp-dir" {
	try stage_rsync -a --partial-dir=.part --delay-updates src/ alice@stage:up/
	assert_status 0
	assert_tree src $D/up
	echo changed >src/plain
	mkdir $D/up/tmp && chown alice $D/up/tmp
	try stage_rsync -a -b --backup-dir=.old --temp-dir=tmp src/ alice@stage:up/
	assert_status 0
	assert_equal "$(cat $D/up/plain)" changed
	assert_exists $D/up/.old/plain
}

@test "rsync: 20 MiB, both ways, then a change, compressed and by delta" {
	try stage_rsync -a "$BATS_FILE_TMPDIR/big" alice@stage:big
	assert_status 0
	cp "$BATS_FILE_TMPDIR/big" big
	printf x | dd of=big bs=1 seek=1000000 conv=notrunc status=none
	try stage_rsync -az --no-whole-file big alice@stage:big
	assert_status 0
	try stage_rsync -a alice@stage:big back
	assert_same big back
}

@test "rsync --files-from, from the client and from the docroot" {
	printf 'plain\nwith blank\n' >list
	try stage_rsync -a --files-from=list src/ alice@stage:up/
	assert_status 0
	assert_same "src/with blank" "$D/up/with blank"
	install -o alice list $D/list
	try stage_rsync -a --files-from=:/list alice@stage:up/ back/
	assert_status 0
	assert_same "src/with blank" "back/with blank"
}

@test "rsync: symbolic and hard links arrive as such; a link that leads outside leads nowhere" {
	ln src/plain src/hard && ln -s plain src/soft && ln -s /etc/passwd src/out
	try stage_rsync -aH src/ alice@stage:up/
	assert_status 0
	assert_equal "$(readlink $D/up/out)" /etc/passwd
	assert_equal "$(stat -c %i $D/up/hard)" "$(stat -c %i $D/up/plain)"
	# followed inside the view, it is the view's passwd: one account, this one
	try stage_rsync -aL alice@stage:up/out back
	assert_equal "$(cut -d: -f1 back)" alice
}

# ---- git ----

@test "git: push, clone and fetch; the client speaks protocol version 2" {
	stage_as alice git init -q --bare $D/r.git
	git init -q work && cd work
	cp ../src/* .
	stage_git add -A . && stage_git commit -qm one
	try stage_git push -q alice@stage:r.git HEAD:refs/heads/main
	assert_status 0
	cd ..
	try env GIT_TRACE_PACKET=1 bash -c '. "$0"; stage_git clone -q -b main alice@stage:r.git copy' \
		"$STAGE_CHECKOUT/tests/stage.sh"
	assert_status 0
	assert_err "clone< version 2"
	assert_tree work/plain copy/plain
	cd work && echo more >more && stage_git add more && stage_git commit -qm two
	try stage_git push -q ssh://alice@stage/r.git HEAD:main
	assert_status 0
	cd ../copy
	try stage_git pull -q
	assert_status 0
	assert_exists more
}

@test "git: hooks of a repository in the docroot never run (I9)" {
	stage_as alice git init -q --bare $D/r.git
	for hook in pre-receive update post-receive post-update reference-transaction; do
		printf '#!/bin/sh\ntouch /files/ran /tmp/ran\n' >$D/r.git/hooks/$hook
		chmod 755 $D/r.git/hooks/$hook
	done
	printf '#!/bin/sh\ntouch /files/ran\n' >$D/evil && chmod 755 $D/evil && chown -R alice $D
	for key in core.fsmonitor core.sshCommand core.alternateRefsCommand uploadpack.packObjectsHook gc.auto \
		receive.procReceiveRefs; do
		stage_as alice git -C $D/r.git config "$key" /files/evil
	done
	# from git 2.54 on the configuration has hooks too, which core.hooksPath is not about
	for hook in pre-receive update post-receive reference-transaction; do
		stage_as alice git -C $D/r.git config "hook.my-$hook.event" "$hook"
		stage_as alice git -C $D/r.git config "hook.my-$hook.command" /files/evil
	done
	git init -q work && cd work
	stage_git commit -q --allow-empty -m one
	try stage_git push -q alice@stage:r.git HEAD:refs/heads/main
	try stage_git clone -q alice@stage:r.git ../copy
	try stage_git archive --remote=alice@stage:r.git main
	assert_missing $D/ran
	assert_missing /tmp/ran
}

# asks ARGUMENT…: of upload-archive, as packets of a client's own making.
asks() {
	local argument
	stdin=
	for argument in "${@/#/argument }"; do
		printf -v stdin '%s%04x%s\n' "$stdin" $((${#argument} + 5)) "$argument"
	done
	stdin+=0000
	try stage_ssh alice 'git-upload-archive r.git'
	stdin=
}

@test "git: an archive that is asked for runs nothing and writes nothing on the server (I9)" {
	git init -q --bare $D/r.git
	printf '#!/bin/sh\ntouch /files/ran %s/ran\ncat\n' $D >$D/evil && chmod 755 $D/evil
	git init -q -b main work && echo '* filter=x' >work/.gitattributes && git -C work add . && stage_git -C work commit -qm one
	git -C work push -q $D/r.git main
	git -C $D/r.git config filter.x.smudge /files/evil
	git -C $D/r.git config tar.tgz.command /files/evil
	chown -R alice:alice $D
	asks --format=tar main
	asks --format=tgz main
	assert_out 'cannot exec'
	asks --format=tar --output=/files/ran main
	assert_out 'Unexpected option --output'
	asks --format=tar --exec=/files/evil --remote=/files/r.git main
	assert_out 'Unexpected option --remote'
	asks --format=tar --add-file=/etc/passwd main
	assert_out 'cannot be used together'
	assert_missing $D/ran
	# without the gate it runs
	stage_as alice git -C $D/r.git config tar.tgz.command $D/evil
	try stage_as alice git -C $D/r.git archive --format=tgz main
	assert_exists $D/ran
}

@test "git archive --remote arrives" {
	stage_as alice git init -q --bare $D/r.git
	git init -q work && cd work && cp ../src/plain . && stage_git add plain && stage_git commit -qm one
	try stage_git push -q alice@stage:r.git HEAD:refs/heads/main
	assert_status 0
	try stage_git archive --remote=alice@stage:r.git main plain
	assert_status 0
	tar -xOf "$out" plain | cmp - plain || fail "the archive holds something else"
}
