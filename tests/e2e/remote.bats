#!/usr/bin/env bats
# Goal: the tricks of environment and process state that were found in gates of this kind, E01 to E32 (numbers of the
# survey that this project began with), through a real sshd that lets everything in, in every form in which it starts the
# gate. What does not come from a client is elsewhere: E18 E21 E24 E27 in bad-input.bats, E19 in view.bats, E20 E22 E23 in
# local.bats, E26 by the gate not being setuid, E28 to E30 in escape.bats and paths.bats, E32 in local.bats.

load lib
load neg

FORMS=(alice bob carol dave)

setup_file() {
	e2e_setup
	# the gate is: the login shell; and a forced command; a forced command alone; ForceCommand
	stage_user bob "$STAGE_GATE"
	stage_user eve /bin/sh # no gate: what arrives
	stage_key eve
	stage_user carol /bin/sh
	stage_user dave /bin/sh
	stage_key bob "command=\"$STAGE_GATE\""
	stage_key carol "command=\"$STAGE_GATE\""
	stage_key dave
	for user in bob carol dave; do stage_docroot /srv/$user $user; done
	stage_policy <<-END
		[defaults]
		docroot = /srv/%u
		commands = sftp scp rsync git show aspera
		access = full
		program ascp = $STANDIN
		[user alice]
		[user bob]
		[user carol]
		[user dave]
		[command show]
		program = $STANDIN
		template = show
		verbs = full
	END
	# For a login shell that is a real one sshd's variables are its variables: PATH and the like are its own affair.
	stage_sshd <<-END
		AcceptEnv *
		PermitUserEnvironment yes
		PermitUserRC yes
		Match User dave
		ForceCommand $STAGE_GATE
	END
}

# The variables of E01 to E17, and what each would have done.
hostile_variables() {
	cat <<-'END'
		LD_PRELOAD=/srv/evil.so
		LD_LIBRARY_PATH=/srv
		LD_AUDIT=/srv/evil.so
		BASH_ENV=/srv/evil
		ENV=/srv/evil
		SHELLOPTS=xtrace
		PS4=$(touch /srv/pwned)
		IFS=x
		CDPATH=/srv
		GLOBIGNORE=*
		LC_ALL=() { :;}; touch /srv/pwned
		RSYNC_RSH=/srv/evil
		RSYNC_PROXY=127.0.0.1:1
		RSYNC_CONNECT_PROG=/srv/evil
		RSYNC_PROTECT_ARGS=1
		RSYNC_OLD_ARGS=1
		RSYNC_PARTIAL_DIR=/srv
		RSYNC_ICONV=x
		RSYNC_MAX_ALLOC=1
		GIT_SSH_COMMAND=/srv/evil
		GIT_EXEC_PATH=/srv
		GIT_CONFIG_COUNT=1
		GIT_CONFIG_KEY_0=core.fsmonitor
		GIT_CONFIG_VALUE_0=/srv/evil
		GIT_TRACE=/srv/trace
		GIT_TEMPLATE_DIR=/srv
		GIT_ALTERNATE_OBJECT_DIRECTORIES=/srv
		BORG_REPO=/srv
		RESTIC_PASSWORD_COMMAND=/srv/evil
		RCLONE_CONFIG=/srv/evil
		SVN_SSH=/srv/evil
		HGRCPATH=/srv/evil
		CVS_RSH=/srv/evil
		PYTHONPATH=/srv
		PYTHONSTARTUP=/srv/evil
		PERL5LIB=/srv
		PERL5OPT=-d
		RUBYOPT=-d
		NODE_OPTIONS=--inspect
		GLIBC_TUNABLES=glibc.malloc.check=3
		MALLOC_CHECK_=3
		GCONV_PATH=/srv
		NLSPATH=/srv
		LOCPATH=/srv
		TZ=/srv/evil
		TZDIR=/srv
		RES_OPTIONS=debug
		HOSTALIASES=/srv/evil
		TMPDIR=/srv
		TERMINFO=/srv
		XDG_CONFIG_HOME=/srv
		LSHELL_ARGS=x
		SSHDO_CONFIG=/srv/evil
		G3T_USER=root
		RSC_VERBOSE=1
		SALLYPORT_POLICY=/srv/evil
		SSH_USER_AUTH=/srv/evil
		SSH_AUTH_SOCK=/srv/evil
		ASPERA_AUTH_TOKEN=EVIL
		PATH=.:/srv/evil
		HOME=/srv/alice
		SHELL=/srv/evil
		USER=root
		LOGNAME=root
		SSH_CONNECTION=192.0.2.7 50000 192.0.2.1 22
		SSH_CLIENT=192.0.2.7 50000 22
	END
}

# send_all USER COMMAND: with all of them, sent by the client.
send_all() {
	local line set=
	while read -r line; do
		line=${line//\\/\\\\} line=${line//\"/\\\"}
		set+="\"$line\" "
	done < <(hostile_variables)
	try stage_ssh "$1" -o SetEnv="$set" "${@:2}"
}

# What a program is given, whatever was sent. Address and port differ each time.
clean_environment() {
	printf '%s\n' HOME=/home "LOGNAME=$1" PATH=/usr/bin:/bin SHELL=/usr/sbin/nologin SSH_CLIENT=127.0.0.1 \
		SSH_CONNECTION=127.0.0.1 "USER=$1"
}
assert_environment() {
	sed -n 's/^env //p' "$out" | sed 's/^\(SSH_C[A-Z]*=127.0.0.1\) .*/\1/' | sort | diff <(clean_environment "$1") - ||
		fail "the environment of $1 is another"
}

planted() { [ ! -e /srv/pwned ] && [ ! -e /srv/trace ] && [ -z "$(find /srv -name pwned)" ] || fail "something of the client's ran"; }

@test "sshd lets the variables of E01 to E17 in: they arrive where there is no gate" {
	send_all eve '/usr/bin/env'
	sed -n 's/^\([A-Z_0-9]*\)=.*/\1/p' "$out" | sort >"$BATS_TEST_TMPDIR/arrived"
	hostile_variables | cut -d= -f1 | sort | comm -23 - "$BATS_TEST_TMPDIR/arrived" >"$BATS_TEST_TMPDIR/lost"
	# a shell takes these for itself
	! grep -vx 'PS4\|ENV\|IFS\|LD_PRELOAD' "$BATS_TEST_TMPDIR/lost" || fail "not let in"
	assert_out "GIT_TRACE=/srv/trace"
	rm -f /srv/trace /srv/pwned
}

@test "they reach neither the gate nor a program, in any form (E01 to E17)" {
	for user in "${FORMS[@]}"; do
		send_all "$user" show
		assert_ran
		assert_environment "$user"
		# what is refused is refused all the same
		send_all "$user" 'id; id'
		assert_refused 77
	done
	planted
}

@test "~/.ssh/environment and environment= of a key: the same (E01)" {
	install -d -o alice -m 0700 /home/alice/.ssh
	hostile_variables >/home/alice/.ssh/environment
	chown alice /home/alice/.ssh/environment
	stage_key alice 'environment="LD_AUDIT=/srv/x",environment="SSH_ORIGINAL_COMMAND=show",environment="BASH_ENV=/srv/x"'
	try stage_ssh alice show
	rm -r /home/alice/.ssh
	stage_key alice
	assert_ran
	assert_environment alice
	planted
}

@test "a name given twice, a value of 100 KB, a thousand variables (E17)" {
	local many
	many=$(printf 'LC_%d=x ' {1..1000})
	for user in "${FORMS[@]}"; do
		try stage_ssh "$user" -o SetEnv="LC_ALL=C LC_ALL=POSIX LC_BIG=$(head -c 100000 /dev/zero | tr '\0' x)" show
		assert_ran
		refute_out LC_BIG
		assert_equal "$(grep -c '^env LC_ALL=' "$out")" 1 "values of LC_ALL"
		try stage_ssh "$user" -o SetEnv="$many" show
		# more than may pass is a refusal, never a crash
		[ "$status" = 0 ] && assert_ran || assert_refused
	done
}

@test "files of the docroot that programs believe: none is read, none runs (E04 E11 E12)" {
	local hook file
	printf '#!/bin/sh\ntouch /srv/pwned /files/pwned\n' >/srv/evil && chmod 755 /srv/evil
	for user in "${FORMS[@]}"; do
		printf '[core]\n\tfsmonitor = /srv/evil\n\thooksPath = /files/hooks\n\tpager = /srv/evil\n[uploadpack]\n\tpackObjectsHook = /srv/evil\n' \
			>/srv/$user/.gitconfig
		printf '[hooks]\nincoming = /srv/evil\n' >/srv/$user/.hgrc
		printf 'rsync alias --server --daemon\nrsync exec --server /srv/evil\n' >/srv/$user/.popt
		for file in .bashrc .profile .ssh/rc .ssh/config; do
			install -D -m 755 /srv/evil "/srv/$user/$file"
		done
		git init -q --bare "/srv/$user/r.git"
		for hook in pre-receive update post-receive post-update reference-transaction; do
			install -m 755 /srv/evil "/srv/$user/r.git/hooks/$hook"
		done
		chown -R "$user" "/srv/$user"
		git init -q -b main "$BATS_TEST_TMPDIR/work-$user"
		stage_git -C "$BATS_TEST_TMPDIR/work-$user" commit -q --allow-empty -m one
		try stage_git -C "$BATS_TEST_TMPDIR/work-$user" push -q "$user@stage:r.git" main
		assert_status 0
		try stage_git clone -q -b main "$user@stage:r.git" "$BATS_TEST_TMPDIR/clone-$user"
		assert_status 0
		echo x >"$BATS_TEST_TMPDIR/x"
		try stage_rsync -a "$BATS_TEST_TMPDIR/x" "$user@stage:x"
		assert_status 0
	done
	planted
}

@test "a login with a command of the client's in SSH_ORIGINAL_COMMAND: every NEG string is refused (E08)" {
	local string
	# as login shell and as forced command: the two ways to be called for a login
	for user in alice carol; do
		for string in "${NEG[@]}"; do
			case $string in ascmd*) continue ;; esac # a command of this account's policy: nothing to refuse
			string=${string//\\/\\\\}
			try stage_ssh "$user" -o ControlMaster=no -o SetEnv="\"SSH_ORIGINAL_COMMAND=${string//\"/\\\"}\""
			assert_refused 77
		done
	done
	planted
}

@test "a terminal is no way to more: the same refusals, and no prompt, in every form (E25)" {
	for user in "${FORMS[@]}"; do
		for command in 'id; id' '/bin/sh' ''; do
			try stage_ssh "$user" -tt "$command"
			assert_status 77
			assert_out "sallyport: refused: "
			assert_equal "$(wc -l <"$out")" 1 "lines on the terminal"
		done
	done
}

@test "the gate's own flags, from a client: nothing, in every form (E24)" {
	for user in "${FORMS[@]}"; do
		for command in "$STAGE_GATE" "$STAGE_GATE -c show" "$STAGE_GATE --version" "$STAGE_GATE -i" "$STAGE_GATE -l" \
			"$STAGE_GATE --policy /srv/evil" "sallyport check show" "$STAGE_TOOL apply"; do
			try stage_ssh "$user" "$command"
			[ "$status" = 64 ] || assert_refused 77
			assert_silent
		done
	done
}

@test "expires is by the gate's clock, in UTC, whatever zone the client sends (E31)" {
	local at=$BATS_TEST_TMPDIR/policy when
	cp "$STAGE_POLICY" "$at"
	for when in '-1 hour' '+1 hour'; do
		sed "s/^\[defaults\]/&\nexpires = $(date -u -d "$when" +%Y%m%d%H%M%S)/" "$at" | stage_policy
		for zone in UTC+14 UTC-14 ':/srv/evil'; do
			for user in "${FORMS[@]}"; do
				try stage_ssh "$user" -o SetEnv="TZ=$zone" show
				if [ "$when" = '-1 hour' ]; then assert_refused 77; else assert_ran; fi
			done
		done
	done
	stage_policy <"$at"
}

# pivot USER DIRECTORY: pushes links, then goes through them by every protocol.
pivot() {
	local t=$BATS_TEST_TMPDIR to=$1@stage:$2 option
	rm -rf "$t/push" && mkdir -p "$t/push" && echo new >"$t/push/file"
	ln -s /srv/outside "$t/push/out" && ln -s ../../outside "$t/push/up"
	try stage_rsync -a "$t/push/" "$to/push/"
	assert_status 0 || return
	for option in --backup-dir=out --backup-dir=up --link-dest=../push/out --copy-dest=out --compare-dest=up --temp-dir=out \
		--partial-dir=out; do
		echo "$RANDOM$RANDOM" >"$t/push/file"
		try stage_rsync -ab --ignore-times "$option" "$t/push/file" "$to/push/"
		try stage_rsync -s -ab --ignore-times "$option" "$t/push/file" "$to/push/"
	done
	try stage_rsync -a --keep-dirlinks "$t/push/file" "$to/push/out/"
	try stage_rsync -s -aL "$to/push/out/secret" "$t/stolen-rsync"
	try stage_rsync -s -a --filter='merge /srv/outside/secret' "$to/push/" "$t/merged"
	try stage_scp -O "$t/push/file" "$to/push/out/scp"
	try stage_scp -O "$to/push/up/secret" "$t/stolen-scp"
	printf -v stdin '%s\n' "-put $t/push/file $2/push/out/sftp" "-get $2/push/up/secret $t/stolen-sftp" \
		"-symlink /srv/outside $2/push/third" "-ls $2/push/third" "-get /srv/outside/secret $t/stolen-absolute" \
		"-rename $2/push/file /srv/outside/renamed"
	try stage_sftp "$1"
	stdin=
}

@test "links pushed, then used by the same protocols: nothing outside is read or written (E29 E30)" {
	install -d -m 0777 /srv/outside && echo secret >/srv/outside/secret
	install -d -o eve /srv/eve
	# it works, where there is no gate
	pivot eve /srv/eve
	ls -A /srv/outside "$BATS_TEST_TMPDIR" >"$BATS_TEST_TMPDIR/done"
	for name in file scp sftp renamed stolen-rsync stolen-scp stolen-sftp stolen-absolute; do
		grep -qx "$name" "$BATS_TEST_TMPDIR/done" || fail "without a gate: no $name"
	done
	find /srv/outside -mindepth 1 ! -name secret -delete
	rm -rf "$BATS_TEST_TMPDIR"/stolen-*
	pivot alice .
	assert_equal "$(ls -A /srv/outside)" secret "what lies outside"
	! ls "$BATS_TEST_TMPDIR"/stolen-* || fail "something was read"
	planted
}
