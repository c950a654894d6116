#!/bin/sh
# packages.sh WHAT - the Debian and Ubuntu packages that `make all`, demo, check, check-clients or bench need.
#
# As root, installs those that are missing; otherwise prints the one command to run and exits with 1. No
# daemon is started: a package's service must not open a port on the machine of someone who builds.
# Where there is no apt it looks for the tools and says what is not there.
set -u

usage="usage: tests/packages.sh [-n] build|demo|check|clients|bench	(-n: only say what is missing)"

build="gcc make libc6-dev musl-dev libseccomp-dev libinih-dev libcdb-dev libcap2-bin"
demo="$build openssh-server openssh-client rsync"
# libclang-rt-dev is libclang-rt-NN-dev on Debian 12: see resolve
check="$demo passwd openssh-sftp-server git attr acl libcmocka-dev bats perl mandoc strace procps patch xauth sudo libnss-systemd clang libclang-rt-dev
	clang-tidy cppcheck shellcheck
	borgbackup subversion mercurial unison rdiff-backup rclone restic
	fail2ban bzip2 xz-utils zstd"
clients="$demo openssh-sftp-server git attr acl lftp sshfs fuse3 curl putty-tools duplicity python3-paramiko
	borgbackup subversion mercurial unison rdiff-backup rclone restic
	python3-pexpect"
bench="$demo bubblewrap restricted-ssh-commands valgrind"

# What to look for where there is no apt: NAME=TEST pairs, a program or a header.
tools_build="gcc make setcap header:seccomp.h header:ini.h header:cdb.h"
tools_demo="$tools_build sshd ssh rsync"
tools_check="$tools_demo git header:cmocka.h bats prove mandoc strace pgrep sudo clang clang-tidy cppcheck
	borg svn hg unison rdiff-backup rclone restic fail2ban-regex bzip2 xz zstd"
tools_clients="$tools_demo git setfattr setfacl lftp sshfs curl psftp duplicity
	borg svn hg unison rdiff-backup rclone restic"
tools_bench="$tools_demo bwrap valgrind"

dry=
[ "${1:-}" = -n ] && dry=1 && shift
case ${1:-} in
build) packages=$build tools=$tools_build ;;
demo) packages=$demo tools=$tools_demo ;;
check) packages=$check tools=$tools_check ;;
clients) packages=$clients tools=$tools_clients ;;
bench) packages=$bench tools=$tools_bench ;;
*) echo "$usage" >&2; exit 64 ;;
esac

is_installed() {
	[ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# The name a package has on this release.
resolve() {
	case $1 in
	libclang-rt-dev)
		major=$(dpkg-query -W -f '${Depends}' clang 2>/dev/null | sed -n 's/.*clang-\([0-9]*\).*/\1/p')
		[ -n "$major" ] || major=$(apt-cache depends clang 2>/dev/null |
			sed -n 's/.*Depends: clang-\([0-9]*\)$/\1/p' | head -n 1)
		# before 14 it came with libclang-common-NN-dev
		if [ "${major:-14}" -lt 14 ]; then echo "libclang-common-$major-dev"
		else echo "libclang-rt-${major:-14}-dev"; fi ;;
	*) echo "$1" ;;
	esac
}

has_header() {
	printf '#include <stdio.h>\n#include <%s>\n' "$1" | ${CC:-gcc} -E - >/dev/null 2>&1 ||
		# cmocka.h wants others before it; that it is found is enough
		printf '#if !__has_include(<%s>)\n#error\n#endif\n' "$1" |
		${CC:-gcc} -E - >/dev/null 2>&1
}

look_for_tools() {
	absent=
	for tool in $tools; do
		case $tool in
		header:*) has_header "${tool#header:}" || absent="$absent ${tool#header:}" ;;
		*) PATH=$PATH:/usr/sbin:/sbin command -v "$tool" >/dev/null || absent="$absent $tool" ;;
		esac
	done
	[ -z "$absent" ] && return 0
	echo "packages.sh: no apt here; install what brings:$absent" >&2
	return 1
}

# A policy-rc.d that forbids every start, unless the administrator has one.
guard=/usr/sbin/policy-rc.d
guard_up() {
	[ -e $guard ] && return
	printf '#!/bin/sh\n# temporary: %s\nexit 101\n' "$0" >$guard && chmod 755 $guard || exit 1
	trap 'rm -f $guard' EXIT
	trap 'exit 130' INT TERM HUP
}

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
	look_for_tools
	exit
fi

find_missing() {
	missing=
	for package in $packages; do
		name=$(resolve "$package")
		is_installed "$name" || missing="$missing $name"
	done
}

find_missing
[ -n "$missing" ] || exit 0
if [ -n "$dry" ] || [ "$(id -u)" -ne 0 ]; then
	echo "packages.sh: to $1 you need packages that are not installed. As root:" >&2
	echo "	apt-get update && apt-get install -y --no-install-recommends$missing" >&2
	exit 1
fi

echo "packages.sh: installing$missing" >&2
guard_up
export DEBIAN_FRONTEND=noninteractive
apt-get update -q >&2 || echo "packages.sh: apt-get update failed; going on with the lists at hand" >&2
find_missing # names may be known only now
known=
for name in $missing; do
	if apt-cache show "$name" >/dev/null 2>&1; then known="$known $name"
	else echo "packages.sh: this release has no $name" >&2; fi
done
# shellcheck disable=SC2086 # a list
apt-get install -y -q --no-install-recommends $known >&2 || exit 1
# What the release does not have is fatal only where something needs it: the test that does will say so.
exit 0
