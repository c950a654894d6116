#!/bin/bash
# demo.sh - `make demo`: a transfer account behind the gate, from policy to refusal, on this machine, which stays as
# it is: accounts, mounts, an sshd of its own on a loopback port live in namespaces and vanish with this process.
#
# Every line after "$ " is run as it stands; what follows it is its output.

# shellcheck source=tests/stage.sh
. "$(dirname "$0")/stage.sh"

if [ "$(id -u)" != 0 ]; then
	echo "The demo makes a throw-away server inside namespaces of its own, which needs root. Run:"
	echo "  sudo make demo"
	exit 1
fi

if [ "${STAGE_INSIDE:-}" != yes ]; then
	DEMO_BEGIN=$(date +%s%N)
	export DEMO_BEGIN
	"$STAGE_CHECKOUT/tests/packages.sh" demo || exit
fi
stage_enter "$@"

say() { printf '\n# %s\n' "$*"; }

run() {
	printf '$ %s\n' "$1"
	bash -c "$1" 2>&1 3>&- | sed 's/\r$//; s/^/  /'
	local status=${PIPESTATUS[0]}
	[ "$status" = 0 ] || printf '  (exit status %s)\n' "$status"
	[ "$status" = "${2:-0}" ] || stage_die "the demo expected ${2:-0} there"
}

seconds() {
	local ms=$((($(date +%s%N) - DEMO_BEGIN) / 1000000))
	printf '%d.%d s' $((ms / 1000)) $((ms % 1000 / 100))
}

# ---- the server, and a directory of the client's ----

stage_install
stage_log_start
stage_user alice "$STAGE_GATE"
stage_docroot /srv/transfer/alice alice
stage_policy <<'END'
[defaults]
commands = sftp scp rsync
docroot  = /srv/transfer/%u
access   = read-only

[user alice]
access   = full
umask    = 027

[user bob]
END
stage_key alice
stage_sshd </dev/null
# /etc is ours here: the client needs no options, and finds the server by this name.
mkdir -p /etc/ssh
sed 's/^Host .*/Host server/' "$STAGE_SSH_CONFIG" >/etc/ssh/ssh_config
PATH=${STAGE_TOOL%/*}:$PATH
mkdir -p /home/you/photos
cd /home/you || exit
head -c 200000 /dev/urandom >report.pdf
for name in one two 'number three'; do head -c 50000 /dev/urandom >"photos/$name.jpg"; done

echo "Sallyport, built and installed in a throw-away server: $(seconds)"

say "The policy, and the account that it is for. The login shell is the gate."
run "cat $STAGE_POLICY"
run "getent passwd alice"

say "An upload and a download, by scp and sftp."
run "scp report.pdf alice@server:"
run "sftp -q alice@server:report.pdf back.pdf"
run "cmp report.pdf back.pdf && ls -l /srv/transfer/alice"

say "rsync, with a blank in a name."
run "rsync -a --info=name photos alice@server:"

say "Anything else is refused: the client gets one line ..."
run "ssh alice@server 'cat /etc/passwd; id'" 77

say "... and the log has the same id."
stage_log >/dev/null
run "grep -a verdict=deny $STAGE_LOG | tail -n 1 | cut -d: -f4-"

say "The same decision, asked for beforehand. Nothing runs."
run "sallyport check -C user=alice 'cat /etc/passwd; id'" 77
run "sallyport check -C user=alice 'scp -t in/x' | head -n 8"

say "That was all. With this process go the account, the server, the files and the mounts; $(seconds) altogether."
