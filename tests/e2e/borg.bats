#!/usr/bin/env bats
# Goal: borg works through the gate as it is; under each preset it does what the preset says and no more; and what
# the gate inserts no client widens (I3).

load lib
load repo

setup_file() { repo_setup; }

setup() {
	repo_fresh
	export BORG_RSH=$RSH BORG_PASSPHRASE=x BORG_RELOCATED_REPO_ACCESS_IS_OK=yes BORG_BASE_DIR=$HOME
	R=ssh://alice@stage/./repo
}

first_backup() {
	access full
	try borg init -e repokey $R
	assert_status 0
	try borg create $R::one src
	assert_status 0
}

extract() { # ARCHIVE [options]
	rm -rf got && mkdir got
	try sh -c 'cd got && borg extract "$@"' sh "${@:2}" "$R::$1"
}

@test "full: init, create, list, extract, check, prune, compact" {
	first_backup
	echo more >src/more
	try borg create $R::two src
	assert_status 0
	try borg list --short $R
	assert_out_line one
	extract two
	assert_status 0
	assert_tree src got/src
	try borg check $R
	assert_status 0
	try borg prune --keep-last 1 $R
	assert_status 0
	try borg compact $R
	assert_status 0
	try borg list --short $R
	refute_out one
	# the umask is the policy's, 027
	assert_equal "$(stat -c %a:%U $D/repo/config)" 640:alice
}

@test "debugging options reach the server; the server's messages reach the client" {
	first_backup
	try borg --debug --debug-topic=repository list $R
	assert_status 0
	assert_record "$(last_record | sed 's/.* id=\([0-9a-f]*\) .*/\1/')" \
		'argv="borg serve --umask 0027 --restrict-to-path /files --debug --debug-topic=borg.debug.repository"'
}

@test "read-only: what is there can be read without a lock; nothing changes" {
	first_backup
	access read-only
	local before
	before=$(docroot_sum)
	try borg --bypass-lock list --short $R
	assert_status 0
	assert_out_line one
	extract one --bypass-lock
	assert_status 0
	assert_tree src got/src
	try borg --lock-wait 0 create $R::two src
	assert_fails
	try borg --lock-wait 0 delete $R::one
	assert_fails
	try borg init -e none ssh://alice@stage/./other
	assert_fails
	assert_equal "$(docroot_sum)" "$before"
}

@test "append-only: backups are added; what was written stays, whatever is deleted" {
	first_backup
	access append-only
	cp -r $D/repo/data kept
	try borg create $R::two src
	assert_status 0
	# borg accepts these and only notes them: the segments stay
	try borg delete $R::one
	try borg compact $R
	local segment
	for segment in kept/*/*; do
		assert_same "$segment" "$D/repo/data/${segment#kept/}"
	done
	try borg --info list --short $R
	try borg delete --force $R
	assert_fails
	assert_exists $D/repo/config
	try borg check --repair $R
	assert_fails
}

# What a client of its own making says: that it creates what is there, and when that has failed, to destroy it. borg
# (1.2.4) keeps the repository that was not to be created, and such a one is not in append-only mode.
destroy() {
	local open='\x83\xa1i\x01\xa1m\xa4open\xa1a\x82\xa4path\xa4repo\xa6create\xc3'
	printf -v stdin '%b' "$open" '\x83\xa1i\x02\xa1m\xa7destroy\xa1a\x80'
	try stage_ssh alice 'borg serve'
	stdin=
	grep -aq AlreadyExists "$out" || fail "the first half of the attack"
}

@test "append-only: what a client claims to create is not destroyed, and opens with a copy of its config" {
	local isolation before
	first_backup
	cp -p $D/repo/config .
	before=$(find $D/repo -type f ! -name config -exec sha256sum {} + | sort)
	for isolation in namespace landlock; do
		access append-only "isolation = $isolation"
		destroy
		assert_equal "$(find $D/repo -type f ! -name config -exec sha256sum {} + | sort)" "$before"
		cp -p config $D/repo
		extract one
		assert_status 0
		assert_tree src got/src
	done
	access full
	destroy
	assert_missing $D/repo
}

@test "full without delete, or without overwrite, is append-only too" {
	local verbs
	first_backup
	for verbs in "download upload overwrite list mkdir rename" "download upload list mkdir rename delete"; do
		access "$verbs"
		try borg --lock-wait 1 list $R
		assert_status 0
		last_record | grep -qF -- '--append-only' || fail "--append-only expected for: $verbs"
	done
}

@test "drop-box: not offered, for a backup reads what is there" {
	access drop-box
	try borg init -e none $R
	assert_fails
	assert_said "lacks download list"
	assert_equal "$(find $D -mindepth 1)" ""
}

@test "what the gate says, a client cannot say; other paths are not there" {
	first_backup
	local words
	for words in --restrict-to-path=/ '--restrict-to-path /etc' --restrict-to-repository=/ --umask=0000 \
		--storage-quota=1T --restrict-to-p=/ --debug-profile=/files/x; do
		try stage_ssh alice "borg serve $words"
		assert_refused
	done
	try borg list ssh://alice@stage/tmp/x
	assert_fails
	assert_err "not allowed"
	try borg list ssh://alice@stage/files/repo
	assert_status 0
}

@test "nothing of a repository in the docroot is run (I9)" {
	first_backup
	plant $D/repo/evil
	printf '[repository]\nversion=1\nremote_path=/files/repo/evil\nrsh=/files/repo/evil\n' >>$D/repo/config
	mkdir -p $D/.config/borg && plant $D/.config/borg/keys
	try borg list $R
	assert_nothing_ran
}
