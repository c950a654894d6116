#!/usr/bin/env bats
# Goal: rsync's options, one by one, up and down through a real sshd: each does what rsync(1) says, inside the docroot
# (I3: argv rebuilt, still right). The functions are those of tests/clients/rsync.bash, which make check-clients runs
# with the rsync of other releases too.

load lib
# shellcheck source=tests/clients/ground.sh
. "$STAGE_CHECKOUT/tests/clients/ground.sh"
# shellcheck source=tests/clients/rsync.bash
. "$STAGE_CHECKOUT/tests/clients/rsync.bash"

setup_file() {
	e2e_setup
	stage_policy <<-END
		[user alice]
		docroot = /srv/alice
		commands = rsync
		access = full
	END
	stage_sshd </dev/null
	printf '%s\n' "ControlMaster auto" "ControlPath $STAGE_OWN/mux" "ControlPersist 20" >>"$STAGE_SSH_CONFIG"
}

setup() {
	export LC_ALL=C.UTF-8
	RSYNC=(rsync) RSYNC_SSH="ssh -F $STAGE_SSH_CONFIG" AT=alice@stage
	ground "$BATS_TEST_TMPDIR/work"
}

# An option that the installed rsync does not have is said, and no failure.
operation() {
	if rsync_knows "$1"; then "rsync_$1"; else echo "# this rsync has no $1" >&3; fi
}

@test "rsync: archive" { operation archive; }
@test "rsync: delete" { operation delete; }
@test "rsync: link-dest" { operation link_dest; }
@test "rsync: copy-dest" { operation copy_dest; }
@test "rsync: partial-dir" { operation partial_dir; }
@test "rsync: backup-dir" { operation backup_dir; }
@test "rsync: files-from" { operation files_from; }
@test "rsync: compress" { operation compress; }
@test "rsync: iconv" { operation iconv; }
@test "rsync: secluded" { operation secluded; }
@test "rsync: old-args" { operation old_args; }
@test "rsync: wildcard" { operation wildcard; }
@test "rsync: mkpath" { operation mkpath; }
@test "rsync: inplace" { operation inplace; }
@test "rsync: append-verify" { operation append_verify; }
@test "rsync: sparse" { operation sparse; }
@test "rsync: xattrs" { operation xattrs; }
@test "rsync: acls" { operation acls; }
@test "rsync: messages" { operation messages; }
@test "rsync: filters" { operation filters; }
@test "rsync: owners" { operation owners; }
@test "rsync: selection" { operation selection; }
@test "rsync: moves" { operation moves; }
@test "rsync: writing" { operation writing; }
@test "rsync: links" { operation links; }
@test "rsync: relative" { operation relative; }
@test "rsync: listing" { operation listing; }
@test "rsync: hard-names" { operation hard_names; }
@test "rsync: refusals" { operation refusals; }

@test "every operation of tests/clients/rsync.bash is here" {
	local name
	for name in $RSYNC_OPERATIONS; do
		grep -q "{ operation $name; }" "$BATS_TEST_FILENAME" || fail "$name"
	done
}
