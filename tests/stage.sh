# shellcheck shell=bash
# stage.sh - a throw-away ssh server that leaves the machine as it was. A bash library; root only.
#
#	. tests/stage.sh
#	stage_enter "$@"               runs the calling script anew inside its own namespaces
#	stage_install                  build/stage, installed in $STAGE_PREFIX
#	stage_log_start                /dev/log is ours; stage_log prints what came in
#	stage_user alice "$STAGE_GATE"
#	stage_docroot /srv/alice alice
#	stage_policy <<END … END       $STAGE_POLICY
#	stage_key alice                authorized_keys line; options before it are the other arguments
#	stage_sshd <<END … END         sshd on a free loopback port, with these further lines
#	stage_ssh alice 'command'      and stage_sftp, stage_scp, stage_rsync, stage_git
#
# Where nothing is left behind, even after kill -9: a mount namespace hides /etc, /home, /root, /srv, /opt,
# /run, /dev and /var/log behind copies in memory, and a pid namespace takes every daemon with it when its first
# process dies. Several stages run side by side; each has its own port.

PATH=$PATH:/usr/sbin:/sbin
STAGE_CHECKOUT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
STAGE_PREFIX=/opt/sallyport
STAGE_GATE=$STAGE_PREFIX/bin/sallyport-shell
STAGE_TOOL=$STAGE_PREFIX/sbin/sallyport
STAGE_POLICY=$STAGE_PREFIX/etc/sallyport/policy.ini
STAGE_SLOTS=$STAGE_PREFIX/var/sallyport/slots
STAGE_STATE=$STAGE_PREFIX/var/sallyport/state
STAGE_OWN=/opt/stage            # keys, logs and configuration of the stage itself
STAGE_SSH_CONFIG=$STAGE_OWN/client/config
STAGE_LOG=/var/log/auth.log

stage_die() {
	printf 'stage: %s\n' "$*" >&2
	exit 1
}

# ---- the way in ----

# Runs a command line as the first process of the stage's namespaces; it dies with whoever called us.
stage_exec() {
	exec setpriv --pdeathsig KILL unshare --mount --pid --ipc --uts --fork --kill-child --mount-proc \
		--propagation private env STAGE_INSIDE=yes STAGE_UID=$((60000 + $$ % 550 * 10)) "$@"
}

# For scripts: the script itself starts again inside; then hides the machine.
stage_enter() {
	if [ "${STAGE_INSIDE:-}" != yes ]; then
		[ "$(id -u)" = 0 ] || stage_die "this needs root"
		stage_exec bash "$0" "$@"
	fi
	stage_hide
}

# Mounts an empty file system in memory over a directory. What of the checkout, of TMPDIR or of the current
# directory lies in it stays visible.
stage_cover() {
	local at=$1 keep
	mount -n -t tmpfs -o mode=0755 stage /mnt
	[ "${2:-}" = copy ] && cp -a "$at/." /mnt/
	for keep in "$STAGE_CHECKOUT" "${BATS_RUN_TMPDIR:-}" "${TMPDIR:-}"; do
		case $keep in
		"$at"/*)
			mkdir -p "/mnt/${keep#"$at"/}"
			mount -n --rbind "$keep" "/mnt/${keep#"$at"/}" ;;
		esac
	done
	mount -n --move /mnt "$at"
}

# Devices are bound, not made: a container may forbid mknod.
stage_cover_dev() {
	local name
	mount -n -t tmpfs -o mode=0755 stage /mnt
	for name in null zero full random urandom tty fuse; do
		[ -e "/dev/$name" ] || continue
		: >"/mnt/$name"
		mount -n --bind "/dev/$name" "/mnt/$name"
	done
	mkdir /mnt/pts /mnt/shm
	mount -n -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts /mnt/pts
	ln -s pts/ptmx /mnt/ptmx
	ln -s /proc/self/fd /mnt/fd
	chmod 1777 /mnt/shm
	mount -n --move /mnt /dev
}

stage_hide() {
	local directory
	set -e
	stage_cover /etc copy
	for directory in /home /root /srv /opt /run /var/log; do
		[ -d "$directory" ] && stage_cover "$directory"
	done
	[ -d /opt ] || stage_die "there is no /opt to mount the stage on"
	stage_cover_dev
	mkdir -p /run/sshd /run/lock "$STAGE_OWN/keys" "$STAGE_OWN/client" /home /srv /var/log
	cd "$STAGE_CHECKOUT"
	getent group sshd >/dev/null || echo 'sshd:x:64990:' >>/etc/group
	getent passwd sshd >/dev/null || echo 'sshd:x:64990:64990::/run/sshd:/usr/sbin/nologin' >>/etc/passwd
	# Stand-ins have to lie where the gate's view shows the runtime: in /usr.
	for directory in /usr/local/games /usr/games /usr/local/src; do
		if [ -d "$directory" ]; then
			stage_cover "$directory"
			STAGE_PROGRAMS=$directory
			break
		fi
	done
	[ -n "${STAGE_PROGRAMS:-}" ] || stage_die "no directory under /usr for test programs"
	export STAGE_PROGRAMS
	set +e
}

# ---- what is tested ----

# stage_make TARGET…: for the stage's paths, in build/stage, once at a time.
stage_make() {
	local log=$STAGE_OWN/make.log
	mkdir -p "$STAGE_CHECKOUT/build"
	(
		flock 9
		# shellcheck disable=SC2086 # options, several
		make -C "$STAGE_CHECKOUT" -j2 BUILD=build/stage PREFIX="$STAGE_PREFIX" \
			SYSCONFDIR="$STAGE_PREFIX/etc" STATEDIR="$STAGE_PREFIX/var" ${STAGE_MAKEFLAGS:-} "$@"
	) 9>"$STAGE_CHECKOUT/build/stage.lock" >"$log" 2>&1 || {
		cat "$log" >&2
		stage_die "make $* failed"
	}
	# Root built it; what lies in somebody's checkout stays theirs.
	chown -R --reference="$STAGE_CHECKOUT" "$STAGE_CHECKOUT/build/stage" "$STAGE_CHECKOUT/build/stage.lock"
}

stage_install() {
	stage_make install
	getcap "$STAGE_GATE" | grep -q cap_sys_admin || stage_die "the gate has no file capabilities here"
}

# stage_compile SOURCE PROGRAM [SOURCE…]: a static helper of the tests. Kept in build/, for the next stage.
stage_compile() {
	local source sources=() cc=${CC:-gcc} kept
	kept=$STAGE_CHECKOUT/build/helpers/${cc##*/}-${1%.c}
	for source in "$1" "${@:3}"; do sources+=("$STAGE_CHECKOUT/tests/e2e/$source"); done
	mkdir -p "${kept%/*}"
	(
		flock 9
		[ -f "$kept" ] && [ -z "$(find "$STAGE_CHECKOUT/tests/e2e" -name '*.[ch]' -newer "$kept")" ] && exit
		"$cc" -std=gnu17 -O1 -Wall -Wextra -Werror -static -o "$kept.new" "${sources[@]}" &&
			mv "$kept.new" "$kept"
	) 9>"${kept%/*}/lock" || stage_die "$1 does not compile"
	chown -R --reference="$STAGE_CHECKOUT" "${kept%/*}"
	cp "$kept" "$2"
}

# ---- accounts and policy ----

# stage_user NAME SHELL: straight into the private /etc. "*": no password, yet not locked, as sshd tells them apart.
stage_user() {
	local name=$1 shell=$2 uid
	# Numbers of this stage's own: the kernel counts processes by uid, over every stage there is.
	uid=$((${STAGE_UID:-64000} + $(cat "$STAGE_OWN/users" 2>/dev/null || echo 0)))
	echo $((uid - ${STAGE_UID:-64000} + 1)) >"$STAGE_OWN/users"
	printf '%s:x:%d:%d::/home/%s:%s\n' "$name" "$uid" "$uid" "$name" "$shell" >>/etc/passwd
	printf '%s:x:%d:\n' "$name" "$uid" >>/etc/group
	printf '%s:*:19000:0:99999:7:::\n' "$name" >>/etc/shadow
	install -d -m 0700 -o "$name" -g "$name" "/home/$name"
}

# stage_shell NAME SHELL: another login shell for it.
stage_shell() {
	sed -i "s#^\($1:.*:\)[^:]*\$#\1$2#" /etc/passwd
}

# stage_docroot DIR OWNER
stage_docroot() {
	install -d -m 0755 "$(dirname "$1")"
	install -d -m 0750 -o "$2" -g "$2" "$1"
}

stage_policy() {
	cat >"$STAGE_POLICY.new"
	chmod 0644 "$STAGE_POLICY.new"
	mv "$STAGE_POLICY.new" "$STAGE_POLICY"
}

# stage_as USER COMMAND…: as that account, without sshd.
stage_as() {
	setpriv --reuid="$1" --regid="$1" --init-groups --inh-caps=-all -- "${@:2}"
}

# ---- the log ----

stage_log_start() {
	[ -x "$STAGE_OWN/logsink" ] || stage_compile logsink.c "$STAGE_OWN/logsink"
	rm -f /dev/log
	"$STAGE_OWN/logsink" serve /dev/log "$STAGE_LOG" </dev/null >/dev/null 2>&1 3>&- &
	echo $! >"$STAGE_OWN/logsink.pid"
	"$STAGE_OWN/logsink" sync /dev/log "$STAGE_OWN/log.sync" || stage_die "the log does not answer"
}

stage_log_stop() {
	kill "$(cat "$STAGE_OWN/logsink.pid")"
	rm -f /dev/log
}

# Every record so far, one line each.
stage_log() {
	"$STAGE_OWN/logsink" sync /dev/log "$STAGE_OWN/log.sync" || return
	cat "$STAGE_LOG"
}

stage_log_clear() {
	"$STAGE_OWN/logsink" sync /dev/log "$STAGE_OWN/log.sync" || return
	: >"$STAGE_LOG"
}

# ---- sshd ----

stage_client_files() {
	local own=$STAGE_OWN
	[ -f "$own/client/id" ] && return
	ssh-keygen -q -t ed25519 -N '' -C stage -f "$own/host_key" &&
		ssh-keygen -q -t ed25519 -N '' -C client -f "$own/client/id"
}

# stage_key USER [options]: one more authorized key for USER, with these options in front. The same key.
stage_key() {
	stage_client_files
	printf '%s%s\n' "${2:+$2 }" "$(cat "$STAGE_OWN/client/id.pub")" >"$STAGE_OWN/keys/$1"
}

# Reads further lines of sshd_config on stdin; they win over ours. Replaces an sshd that runs already.
stage_sshd() {
	local own=$STAGE_OWN try port log=$STAGE_OWN/sshd.log
	stage_client_files
	stage_sshd_stop
	cat >"$own/sshd_lines"
	for try in 1 2 3 4 5 6 7 8 9 10; do
		port=$((20000 + RANDOM % 12000))
		{
			# Match blocks reach to the end: ours go first, but for Subsystem, which may be theirs.
			printf '%s\n' "Port $port" "ListenAddress 127.0.0.1" "HostKey $own/host_key" \
				"PidFile $own/sshd.pid" "UsePAM no" "StrictModes yes" \
				"AuthorizedKeysFile $own/keys/%u" "PasswordAuthentication no" \
				"KbdInteractiveAuthentication no" "LogLevel VERBOSE" "PrintMotd no" \
				"PrintLastLog no"
			# From OpenSSH 9.8 on who was refused stays out for a while, and here that is everybody.
			/usr/sbin/sshd -t -f /dev/null -h "$own/host_key" -o PerSourcePenalties=no 2>/dev/null &&
				printf '%s\n' "PerSourcePenalties no"
			grep -qi '^subsystem' "$own/sshd_lines" ||
				printf '%s\n' "Subsystem sftp /usr/lib/openssh/sftp-server"
			cat "$own/sshd_lines"
		} >"$own/sshd_config"
		/usr/sbin/sshd -D -e -f "$own/sshd_config" </dev/null >"$log" 2>&1 3>&- &
		stage_wait_for "$log" 'Server listening on' $! && break
		grep -q 'Address already in use\|Cannot bind' "$log" || { cat "$log" >&2; stage_die "sshd does not start"; }
		[ "$try" = 10 ] && stage_die "no free port"
	done
	printf '[127.0.0.1]:%s %s\n' "$port" "$(cut -d' ' -f1,2 "$own/host_key.pub")" >"$own/client/known_hosts"
	cat >"$STAGE_SSH_CONFIG" <<-END
		Host *
		HostName 127.0.0.1
		Port $port
		IdentityFile $own/client/id
		IdentitiesOnly yes
		BatchMode yes
		StrictHostKeyChecking yes
		UserKnownHostsFile $own/client/known_hosts
		GlobalKnownHostsFile /dev/null
		LogLevel ERROR
	END
}

stage_wait_for() {
	local i
	for ((i = 0; i < 250; i++)); do
		grep -q "$2" "$1" 2>/dev/null && return 0
		kill -0 "$3" 2>/dev/null || return 1
		sleep 0.02
	done
	return 1
}

stage_sshd_stop() {
	local pid
	pid=$(cat "$STAGE_OWN/sshd.pid" 2>/dev/null) || return 0
	kill "$pid" 2>/dev/null
	rm -f "$STAGE_OWN/sshd.pid"
}

# ---- clients: real ones; USER first ----

stage_ssh() {
	local user=$1
	shift
	ssh -F "$STAGE_SSH_CONFIG" "$user@stage" "$@"
}

# stage_sftp USER: a batch on stdin. The batch stops at the first command that fails.
stage_sftp() {
	sftp -q -F "$STAGE_SSH_CONFIG" -b - "${@:2}" "$1@stage"
}

# scp, rsync and git take USER@stage:path words as they are.
stage_scp() {
	scp -q -F "$STAGE_SSH_CONFIG" "$@"
}

stage_rsync() {
	rsync -e "ssh -F $STAGE_SSH_CONFIG" "$@"
}

stage_git() {
	GIT_SSH_COMMAND="ssh -F $STAGE_SSH_CONFIG" GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=$STAGE_OWN/client/gitconfig \
		GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@stage GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@stage git "$@"
}
