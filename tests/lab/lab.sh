#!/usr/bin/env bash
# lab.sh - Sallyport where this machine cannot show it: older kernels, a boot by systemd, SELinux, NFS. Debian 12 in qemu,
# without KVM. Slow (a boot is a minute or two, a file of tests/e2e ten), so it is no part of make check. Root.
#
#	tests/lab/lab.sh prepare                installs what it needs, and makes the system in $LAB (/tmp/lab)
#	tests/lab/lab.sh boot KERNEL [WORD…]    boots a copy of it, with further words for the kernel; 6.1 or 6.12
#	tests/lab/lab.sh ssh COMMAND…           there, as root; the checkout is /var/sallyport
#	tests/lab/lab.sh run FILE…              there: scenarios (tests/lab/*.bash) and tests (.bats, build/asan/unit/*)
#	tests/lab/lab.sh again [KERNEL] [WORD…] shuts it down, and boots the same copy
#	tests/lab/lab.sh stop                   ends it; the copy goes with the next boot
#	tests/lab/lab.sh all                    what `make lab` does: every scenario on each kernel; ends with 1 if one failed
#
# What is run is what was built here when prepare ran: compiling there would take hours.
set -euo pipefail
cd "$(dirname "$0")/../.."
LAB=${LAB:-/tmp/lab}
PORT=${LAB_PORT:-7022}
MIRROR=${LAB_MIRROR:-$(apt-get indextargets --format '$(REPO_URI)' 2>/dev/null | sed -n 's:/debian/$:/debian:p' | head -n 1)}
TREE=$LAB/tree

packages=(systemd-sysv dbus udev kmod initramfs-tools iproute2 libnss-systemd openssh-server openssh-client openssh-sftp-server
	rsync git sudo strace procps perl attr acl bats libcmocka-dev libasan8 libubsan1 apparmor auditd nfs-kernel-server
	selinux-basics selinux-policy-default xfsprogs btrfs-progs gcc make libc6-dev musl-dev libseccomp-dev libinih-dev
	libcdb-dev libcap2-bin linux-image-amd64 linux-image-amd64/bookworm-backports)

# Neither the host's services nor its processes are within reach of a package's scripts.
inside() { unshare --mount --pid --fork --kill-child --mount-proc="$TREE/proc" chroot "$TREE" "$@"; }

make_tree() {
	[ -e "$LAB/tree.done" ] && return
	debootstrap --variant=minbase bookworm "$TREE" "$MIRROR"
	printf "deb $MIRROR%s main\n" " bookworm" " bookworm-backports" "-security bookworm-security" \
		>"$TREE/etc/apt/sources.list"
	printf '#!/bin/sh\nexit 101\n' >"$TREE/usr/sbin/policy-rc.d"
	chmod 755 "$TREE/usr/sbin/policy-rc.d"
	inside apt-get update -q
	# The kernel of each release, one after the other: both stay.
	inside env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${packages[@]:0:${#packages[@]}-1}"
	printf '%s\n' virtio_pci virtio_blk virtio_net ext4 crc32c_generic >"$TREE/etc/initramfs-tools/modules"
	sed -i 's/^MODULES=.*/MODULES=list/' "$TREE/etc/initramfs-tools/initramfs.conf"
	inside env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${packages[-1]}"
	inside update-initramfs -u -k all
	inside apt-get clean
	rm "$TREE/usr/sbin/policy-rc.d"
	touch "$LAB/tree.done"
}

# What is the lab's own: a name, an address, an sshd on a port of its own for `lab.sh ssh`.
furnish() {
	local unit
	[ -f "$LAB/id" ] || ssh-keygen -q -t ed25519 -N '' -C lab -f "$LAB/id"
	install -d -m 700 "$TREE/root/.ssh"
	install -m 600 "$LAB/id.pub" "$TREE/root/.ssh/authorized_keys"
	echo lab >"$TREE/etc/hostname"
	echo '127.0.0.1 localhost lab' >"$TREE/etc/hosts"
	echo '/dev/vda / ext4 defaults 0 1' >"$TREE/etc/fstab"
	mkdir -p "$TREE/opt" "$TREE/srv"
	printf '[Match]\nName=en* eth*\n[Network]\nAddress=10.0.2.15/24\nGateway=10.0.2.2\n' >"$TREE/etc/systemd/network/lab.network"
	cat >"$TREE/etc/systemd/system/lab.service" <<-END
		[Service]
		ExecStart=/usr/sbin/sshd -D -p 2222
		RuntimeDirectory=sshd
		RuntimeDirectoryPreserve=yes
		[Install]
		WantedBy=multi-user.target
	END
	inside systemctl -q enable systemd-networkd ssh lab
	inside systemctl -q disable nfs-server rpcbind auditd
	for unit in apt-daily apt-daily-upgrade e2scrub_all fstrim; do inside systemctl -q mask $unit.timer; done
}

prepare() {
	local need=()
	[ "$(id -u)" = 0 ] || { echo "lab.sh: this needs root" >&2; exit 1; }
	command -v qemu-system-x86_64 >/dev/null || need+=(qemu-system-x86)
	command -v debootstrap >/dev/null || need+=(debootstrap)
	[ ${#need[@]} = 0 ] || apt-get install -y -q --no-install-recommends "${need[@]}"
	mkdir -p "$LAB"
	make_tree
	furnish
	make -j2 all tests
	make -j2 BUILD=build/stage PREFIX=/opt/sallyport SYSCONFDIR=/opt/sallyport/etc STATEDIR=/opt/sallyport/var all
	rsync -a --delete --exclude .git --exclude build/fuzz ./ "$TREE/var/sallyport/"
	chown -R 0:0 "$TREE/var/sallyport"
	# Labels for SELinux, where nothing asks for them yet: there it would take an hour.
	inside setfiles -F -e /proc -e /sys -e /dev /etc/selinux/default/contexts/files/file_contexts /
	rm -f "$LAB/fresh.img"
	mke2fs -q -t ext4 -m 0 -d "$TREE" "$LAB/fresh.img" 3500M
}

lab_ssh() {
	ssh -i "$LAB/id" -p "$PORT" -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR \
		-o BatchMode=yes -o ConnectTimeout=300 root@127.0.0.1 "$@"
}

stop() {
	local pid
	pid=$(cat "$LAB/pid" 2>/dev/null) || return 0
	lab_ssh 'sync; systemctl poweroff' 2>/dev/null || kill "$pid" 2>/dev/null || true
	while kill -0 "$pid" 2>/dev/null; do sleep 1; done
	rm -f "$LAB/pid"
}

# again KERNEL [WORD…]
again() {
	local kernel
	stop
	kernel=$(cd "$TREE/boot" && ls -d vmlinuz-"${1:-6.1}".* | head -n 1)
	kernel=${kernel#vmlinuz-}
	setsid qemu-system-x86_64 -accel tcg,thread=multi -cpu max -smp 2 -m 3072 -nographic -nodefaults -no-reboot -monitor none \
		-serial "file:$LAB/console" -kernel "$TREE/boot/vmlinuz-$kernel" -initrd "$TREE/boot/initrd.img-$kernel" \
		-append "root=/dev/vda rw console=ttyS0 ${*:2}" -drive "file=$LAB/disk.img,format=raw,if=virtio,cache=unsafe" \
		-netdev "user,id=net,hostfwd=tcp:127.0.0.1:$PORT-:2222" -device virtio-net-pci,netdev=net,romfile= \
		</dev/null >"$LAB/qemu.log" 2>&1 &
	echo $! >"$LAB/pid"
	for ((try = 0; try < 60; try++)); do
		lab_ssh true 2>/dev/null && return
		kill -0 "$(cat "$LAB/pid")" 2>/dev/null || break
		sleep 5
	done
	echo "lab.sh: it does not come up; $LAB/console has its last words" >&2
	return 1
}

boot() {
	stop
	cp --sparse=always "$LAB/fresh.img" "$LAB/disk.img"
	again "$@"
	lab_ssh 'make -s -C /var/sallyport install'
}

# run FILE…: in the guest; TAP. A scenario that asks for a boot says so with 75, and goes on behind it.
run() {
	local file status failed=0
	for file; do
		echo "# $file"
		case $file in
		*.bash) set -- bash "$file" ;;
		*) set -- env TEST_TIMEOUT=6000 tests/prove-exec "$file" ;;
		esac
		status=75
		while [ $status = 75 ]; do
			status=0
			lab_ssh "cd /var/sallyport && PATH=\$PATH:/usr/local/sbin $*" || status=$?
			[ $status != 75 ] || again "$KERNEL" "$(lab_ssh 'cat /root/append 2>/dev/null')"
		done
		[ $status = 0 ] || failed=1
	done
	return $failed
}

all() {
	local failed=0
	[ -e "$LAB/fresh.img" ] || prepare >&2
	for KERNEL in 6.1 6.12; do
		boot $KERNEL
		echo "# Linux $(lab_ssh uname -r)"
		run tests/lab/*.bash || failed=1
	done
	stop
	return $failed
}

KERNEL=${LAB_KERNEL:-6.1}
case ${1:-} in
prepare | run | again | stop | all) "$@" ;;
boot) "$@" ;;
ssh) lab_ssh "${@:2}" ;;
*) sed -n '2,/^set/s/^# \{0,1\}//p' "$0"; exit 64 ;;
esac
