# shellcheck shell=bash
# account.bash - what account.bats and account-faults.bats share: a stage with the system's own user tools, as it was
# before each test; and what there is, to be compared.

ETC=$STAGE_PREFIX/etc/sallyport
VAR=$STAGE_PREFIX/var/sallyport
KEY=$STAGE_OWN/client/id.pub

setup_file() {
	stage_install
	stage_log_start
	stage_client_files
	# Numbers of this stage's own: the kernel counts processes by uid, over every stage there is.
	sed -i '/^UID_MIN/d; /^UID_MAX/d' /etc/login.defs
	printf 'UID_MIN %d\nUID_MAX %d\n' $((STAGE_UID + 1)) $((STAGE_UID + 9)) >>/etc/login.defs
	printf 'human:x:%d:%d::/home/human:/bin/bash\n' $((STAGE_UID + 8)) $((STAGE_UID + 8)) >>/etc/passwd
	printf 'human:x:%d:\n' $((STAGE_UID + 8)) >>/etc/group
	printf 'human:$6$x$y:19000:0:99999:7:::\n' >>/etc/shadow
	install -d -m 700 -o human -g human /home/human
	cp -a /etc "$STAGE_OWN/etc"
	mkdir -p "$VAR/accounts"
	cp -a "$STAGE_PREFIX/etc" "$STAGE_OWN/own"
	cp -a "$STAGE_PREFIX/var" "$STAGE_OWN/var"
}

setup() { pristine; }

# The machine as it was before the first account.
pristine() {
	local file
	for file in passwd group shadow gshadow subuid subgid; do
		rm -f "/etc/$file" "/etc/$file-" "/etc/$file.lock"
		[ ! -e "$STAGE_OWN/etc/$file" ] || cp -a "$STAGE_OWN/etc/$file" "/etc/$file"
	done
	rm -f /etc/.pwd.lock
	rm -rf "$STAGE_PREFIX/etc" "$STAGE_PREFIX/var"
	cp -a "$STAGE_OWN/own" "$STAGE_PREFIX/etc"
	cp -a "$STAGE_OWN/var" "$STAGE_PREFIX/var"
	find /srv -mindepth 1 -delete
}

account() { try "$STAGE_TOOL" account "$@"; }

# What there is: accounts, files, owners, modes, contents.
snapshot() {
	cat /etc/passwd /etc/group /etc/shadow /etc/gshadow
	find /srv "$ETC" "$VAR" -printf '%p %U:%G %m %y\n' | grep -v "^$VAR/accounts/\(home\|pending\) " | sort
	find "$ETC" -type f -exec sha256sum {} + | sort
}

# Runs the account's Match block: what `add` printed, in the configuration of an sshd of ours.
serve() {
	sed -n '/^Match /,$p' "$out" >"$STAGE_OWN/match"
	stage_sshd <"$STAGE_OWN/match"
}

refuse_change() { # BEFORE
	snapshot | diff "$1" - || fail "something was changed"
}
