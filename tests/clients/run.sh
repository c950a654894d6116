#!/bin/bash
# run.sh [FILE...] - `make check-clients`: every client there is against the gate, behind a real sshd, both ways. Prints
# a table a file: client and version, operation, result. Ends with 1 when an operation fails, or a client is not there.
#
# A file here, NAME.bash, calls `client NAME VERSION` and then `does OPERATION FUNCTION [ARGUMENT...]` for each thing the
# client does; `lacks OPERATION WHY` where this client or this version has no such thing. A function runs in an empty
# directory with src/ in it, against an account whose docroot is empty; it fails when any of its commands does.

# shellcheck source=tests/stage.sh
. "$(dirname "$0")/../stage.sh"

# shellcheck source=tests/clients/ground.sh
. "$(dirname "$0")/ground.sh"

CLIENTS=$STAGE_CHECKOUT/tests/clients
OTHERS=$STAGE_CHECKOUT/build/clients # other releases' clients, unpacked

if [ "${STAGE_INSIDE:-}" != yes ]; then
	[ "$(id -u)" = 0 ] || { echo "make check-clients makes a throw-away server, which needs root." >&2; exit 1; }
	"$STAGE_CHECKOUT/tests/packages.sh" clients || exit
	"$CLIENTS/fetch.sh" "$OTHERS" || exit
fi
stage_enter "$@"

# ---- what the files call ----

W=$STAGE_OWN/work
SERVER=stage
passed=0 failed=0 lacking=0

client() { printf '\n%s\n' "$1 $2"; }

lacks() {
	lacking=$((lacking + 1))
	printf '  %-44s -       %s\n' "$1" "$2"
}

does() {
	local operation=$1 log=$STAGE_OWN/operation.log rc
	shift
	ground "$W"
	# A function's own process: `set -e` is of no use in the condition of an if.
	(set -eEo pipefail; trap 'echo "failed: $BASH_COMMAND"' ERR; "$@") >"$log" 2>&1 </dev/null
	rc=$?
	cd /
	if [ $rc = 0 ]; then
		passed=$((passed + 1))
		printf '  %-44s ok\n' "$operation"
	else
		failed=$((failed + 1))
		printf '  %-44s FAILED\n' "$operation"
		tail -n 8 "$log" | cut -c1-200 | sed 's/^/      | /'
		stage_log | tail -n 1 | cut -c1-400 | sed 's/^/      | /'
	fi
}

# Of a package of this machine: its version. Nothing: the client is not there, which is a failure.
version_of() {
	dpkg-query -W -f '${Version}' "$1" 2>/dev/null || { failed=$((failed + 1)); echo "is NOT INSTALLED"; }
}

# ---- the server ----

stage_install
stage_log_start
stage_user alice "$STAGE_GATE"
stage_docroot "$D" alice
stage_policy <<END
[user alice]
docroot = $D
commands = $(sed -n 's/^\t\.name = "\([a-z-]*\)",$/\1/p' "$STAGE_CHECKOUT"/policy/table-*.c | tr '\n' ' ')
access = full
END
stage_key alice
stage_sshd <<<'AcceptEnv LANG LC_* GIT_PROTOCOL'
# shellcheck disable=SC2034 # for the files
PORT=$(sed -n 's/^Port //p' "$STAGE_SSH_CONFIG")
# /etc is ours here: clients need no options, and find the server by this name.
mkdir -p /etc/ssh
sed "s/^Host .*/Host $SERVER/" "$STAGE_SSH_CONFIG" >/etc/ssh/ssh_config
printf '127.0.0.1 localhost %s\n' "$SERVER" >/etc/hosts
export HOME=/root GIT_CONFIG_NOSYSTEM=1 LC_ALL=C.UTF-8
mkdir -p /root/.ssh

# One connection for those whose ssh is not what is tried; sshd starts the gate anew for each session in it.
# shellcheck disable=SC2034 # for the files
MUX="ssh -o ControlMaster=auto -o ControlPath=$STAGE_OWN/mux -o ControlPersist=20"

[ $# -gt 0 ] || set -- "$CLIENTS"/*.bash
for file; do
	# shellcheck source=/dev/null
	cd "$STAGE_CHECKOUT" || stage_die "no checkout"
	[ -r "$file" ] || stage_die "$file cannot be read"
	. "$file"
done

printf '\n%d passed, %d failed; %d that a client does not have\n' $passed $failed $lacking
[ $failed = 0 ] && [ $passed -gt 0 ]
