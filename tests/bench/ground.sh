# shellcheck shell=bash disable=SC2034 # for those who source it
# ground.sh - what start.sh and transfer.sh stand on, inside the stage: the gate twice, an account, a policy.

tools=$BUILD/tests/bench
gate=$STAGE_GATE
bare=/opt/bare/sallyport-shell # the same without file capabilities
users=${STAGE_POLICY%/*}/users

ground() {
	mkdir -p "${gate%/*}" "${bare%/*}" "$users"
	install -m 755 "$BUILD/sallyport-shell" "$gate"
	install -m 755 "$BUILD/sallyport-shell" "$bare"
	install -D -m 755 "$BUILD/sallyport" "$STAGE_TOOL"
	setcap "$CAPS" "$gate"
	stage_log_start
	stage_user bench "$gate"
	uid=$(id -u bench)
	stage_docroot /srv/bench bench
	printf '[user bench]\numask = 022\n' >"$users/bench.ini"
	stage_policy <<-INI
		[defaults]
		isolation = namespace
		docroot   = /srv/bench
		access    = full
		commands  = sftp scp rsync
		program scp = /usr/bin/true
	INI
}
