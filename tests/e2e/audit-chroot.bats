#!/usr/bin/env bats
# Goal: `sallyport audit` on a host that runs: what it needs the host's programs for.

load lib

setup_file() {
	e2e_setup
	stage_policy <<-END
		[defaults]
		isolation = chroot
		docroot = /srv/%u
		start = /alice
		commands = scp
		access = full
		[user alice]
	END
	find /srv -mindepth 1 -delete
	chmod 755 /srv
	"$STAGE_PREFIX/sbin/sallyport" docroot prepare
}

audit() { try "$STAGE_PREFIX/sbin/sallyport" audit "$@"; }

has() { # CHECK TEXT
	audit
	grep -A6 ": $1: " "$out" | grep -qF "$2" || { cat "$out"; return 1; }
}

@test "docroot-runtime: programs, libraries and devices of a docroot that becomes the root" {
	audit
	[ "$(grep -c ': docroot-' "$out")" -eq 0 ]
	library=$(ldd /usr/bin/scp | grep -om1 '/[^ ]*')
	mv "/srv/alice$library" "$BATS_TEST_TMPDIR/library"
	has docroot-runtime "$library: not there"
	has docroot-runtime "sallyport docroot prepare /srv/alice"
	{ cat "$BATS_TEST_TMPDIR/library"; echo; } >"/srv/alice$library" && chmod 755 "/srv/alice$library"
	has docroot-runtime "$library: other than the host's"
	"$STAGE_PREFIX/sbin/sallyport" docroot prepare /srv/alice
	rm /srv/alice/dev/null
	has docroot-runtime "/dev/null: not there"
}
