# shellcheck shell=bash
# guest.bash - for scenarios in the lab: TAP, an account made by `sallyport account`, real clients through the system's own
# sshd. Nothing is hidden or put back: the system is thrown away.

number=0 failed=0 said=/tmp/said
KEYED=(-i /root/client -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o BatchMode=yes -o LogLevel=ERROR)

ok() { # NAME COMMAND…
	number=$((number + 1))
	if "${@:2}" >$said 2>&1; then
		echo "ok $number - $1"
	else
		echo "not ok $number - $1"
		sed 's/^/#   /' $said
		failed=1
	fi
}

finish() {
	rm -f /root/phase
	echo "1..$number"
	exit $failed
}

# A scenario is run from its start behind a boot. phase: 1, or how often it was.
phase() { cat /root/phase 2>/dev/null || echo 1; }
boot_with() { # WORD…: for the kernel, from now on
	echo "$*" >/root/append
	echo $(($(phase) + 1)) >/root/phase
	sync
	exit 75
}

account() {
	rm -f "/etc/sallyport/users/$1.ini" # as a scenario before this left it # NAME; further lines for its settings
	local block
	[ -f /root/client ] || ssh-keygen -q -t ed25519 -N '' -f /root/client
	block=$(sallyport account add --access full --key /root/client.pub "$1" | sed -n '/^Match/,$p')
	if ! grep -q '^Match Group sallyport' /etc/ssh/sshd_config; then
		echo "$block" >>/etc/ssh/sshd_config
		sshd -t && systemctl restart ssh
	fi
	sed -i 's/^commands .*/commands = sftp scp rsync git/' /etc/sallyport/policy.ini
}

settings() { # NAME LINE…
	{ printf '[user %s]\naccess = full\n' "$1"; printf '%s\n' "${@:2}"; } >"/etc/sallyport/users/$1.ini"
}

record() { sleep 1; journalctl -q -t sallyport-shell -n 1 -o cat --no-pager; }
as() { setpriv --reuid="$1" --regid="$1" --init-groups -- "${@:2}"; }
session() { echo ls | sftp -b - "${KEYED[@]}" "$1@127.0.0.1"; }
sessions_have() { session "$1" && record | tee -a $said | grep -q "$2"; } # NAME TEXT
refused_with() { ! session "$1" && record | tee -a $said | grep -q "$2"; } # NAME TEXT

# transfers NAME DIRECTORY: sftp, scp in both protocols, rsync, git, there and back; and what is no transfer.
transfers() (
	set -e
	t=$(mktemp -d)
	to=$1@127.0.0.1
	export GIT_SSH_COMMAND="ssh ${KEYED[*]}" RSYNC_RSH="ssh ${KEYED[*]}"
	as "$1" find "$2" -mindepth 1 -delete
	head -c 300000 /dev/urandom >"$t/one"
	mkdir -p "$t/tree/deep" && echo two >"$t/tree/deep/two"
	printf '%s\n' "put $t/one up" "get up $t/back" "rename up moved" | sftp -b - "${KEYED[@]}" "$to"
	cmp "$t/one" "$t/back"
	as "$1" cat "$2/moved" | cmp - "$t/one"
	scp -O "${KEYED[@]}" "$t/one" "$to:old"
	scp "${KEYED[@]}" "$t/one" "$to:new"
	scp -O "${KEYED[@]}" "$to:old" "$t/old"
	cmp "$t/one" "$t/old"
	rsync -a "$t/tree/" "$to:tree/"
	rsync -a "$to:tree/" "$t/copy/"
	diff -r "$t/tree" "$t/copy"
	as "$1" git init -q --bare -b main "$2/r.git"
	git init -q -b main "$t/work" && echo x >"$t/work/file" && git -C "$t/work" add file
	git -C "$t/work" -c user.name=a -c user.email=a@lab commit -qm one
	git -C "$t/work" push -q "$to:r.git" main
	git clone -q "$to:r.git" "$t/clone"
	cmp "$t/work/file" "$t/clone/file"
	status=0
	ssh "${KEYED[@]}" "$to" 'id; id' || status=$?
	[ $status = 77 ]
	rm -r "$t"
)
