#!/usr/bin/env bats
# Goal: audit finds what is wrong with docroots, those of the policy and those of sshd's ChrootDirectory, and with what
# they lie on; in a sound system there is nothing.

load lib
load image

setup() {
	[ "$(id -u)" -eq 0 ] || skip "needs root, for files of several owners"
	cd "$BATS_TEST_TMPDIR" || return 1
	image_make
}

@test "docroot-way: who can swap a directory on the way" {
	passes docroot-way
	chmod 777 "$D/srv/kim" # the docroot itself may be anybody's
	passes docroot-way
	chmod 777 "$D/srv"
	finds docroot-way "/srv: others can put another directory in its place" "chmod go-w /srv"
	chmod 1777 "$D/srv"
	passes docroot-way
	chmod 755 "$D/srv"
	mkdir "$D/data" && chmod 777 "$D" && policy "docroot = /data"
	finds docroot-way "/: others can put another directory in its place"
	chmod 755 "$D"
	policy "docroot = /"
	run audit
	says "could not see: what lies in the docroot /"
	policy "isolation = chroot"
	finds docroot-way "/srv/kim: sessions are refused" kim # it becomes the root
	chown root "$D/srv/kim" && chmod 755 "$D/srv/kim"
	passes docroot-way
}

@test "access-list: on the way to a docroot" {
	setfacl -m u:4004:rwx "$D/srv"
	finds access-list "/srv: an access list lets user 4004 write"
}

@test "docroot-device: devices and programs that run as somebody else" {
	mkdir -p "$D/srv/kim/a/b/c"
	mknod "$D/srv/kim/null" c 1 3
	touch "$D/srv/kim/plain" && chmod 755 "$D/srv/kim/plain"
	passes docroot-device
	mknod "$D/srv/kim/a/b/sda" b 8 0
	finds docroot-device "/srv/kim/a/b/sda" "a device (8, 0)" kim
	rm "$D/srv/kim/a/b/sda" && mknod "$D/srv/kim/mem" c 1 1
	finds docroot-device "/srv/kim/mem"
	rm "$D/srv/kim/mem" && touch "$D/srv/kim/a/b/c/su" && chmod 4755 "$D/srv/kim/a/b/c/su"
	finds docroot-device "/srv/kim/a/b/c/su" "setuid"
	chmod 2755 "$D/srv/kim/a/b/c/su"
	finds docroot-device "setgid"
}

@test "docroot-apart: accounts that share a docroot and see each other's files" {
	policy "docroot = /srv/all" "start = /kim" "[user amy]" >/dev/null
	printf '%s\n' '[defaults]' 'docroot = /srv/all' 'commands = sftp' '[user zed]' 'start = /zed' '[user kim]' 'start = /kim' \
		>"$D/etc/sallyport/policy.ini"
	mkdir "$D/srv/all" "$D/srv/all/kim" "$D/srv/all/zed"
	chown 4003 "$D/srv/all/kim" && chown 4001 "$D/srv/all/zed"
	chmod 711 "$D/srv/all" && chmod 700 "$D/srv/all/kim" && chmod 2770 "$D/srv/all/zed"
	passes docroot-apart
	chmod 755 "$D/srv/all"
	finds docroot-apart "list each other's directories" "kim zed"
	chmod 711 "$D/srv/all" && chmod 705 "$D/srv/all/kim"
	finds docroot-apart "/srv/all/kim" "0705" "chmod o= /srv/all/kim"
}

@test "docroot-apart: sshd's own chroot of all homes" {
	sed -i "s/^Match User kim/Match User bob,amy\nChrootDirectory \/home\nForceCommand internal-sftp -d \/%u\n&/; /^ForceCommand \/.*shell/d" \
		"$D/etc/ssh/sshd_config"
	sed -i '/amy/d' "$D/etc/sallyport/policy.ini"
	chmod 711 "$D/home" && chmod 700 "$D/home/bob" "$D/home/amy"
	passes docroot-apart docroot-double docroot-passwd
	chmod 755 "$D/home/bob"
	finds docroot-apart "/home/bob" bob
	sed -i 's#-d /%u#-d %u#' "$D/etc/ssh/sshd_config"
	finds docroot-apart "/home/bob" bob
	# %d is the home, there: /home/home/bob
	sed -i 's#-d %u#-d %d#' "$D/etc/ssh/sshd_config"
	mkdir -p "$D/home/home/bob" "$D/home/home/amy" && chmod 700 "$D/home/home/amy" && chmod 755 "$D/home/home/bob"
	finds docroot-apart "/home/home/bob" bob
}

@test "docroot-double: sshd changes the root before the gate does" {
	KIM="ChrootDirectory /srv/jail" sshd
	mkdir "$D/srv/jail"
	finds docroot-double "the gate is not in it" kim
	mkdir -p "$D/srv/jail${GATE%/*}" && touch "$D/srv/jail$GATE"
	finds docroot-double "inside sshd's own chroot"
	KIM=$'ChrootDirectory /srv/jail\nForceCommand internal-sftp' sshd
	passes docroot-double
}

@test "docroot-passwd: a root that tells of every account" {
	KIM=$'ChrootDirectory /srv/jail\nForceCommand internal-sftp' sshd
	mkdir -p "$D/srv/jail/etc"
	printf 'root:x:0:0::/:/x\nkim:x:4003:4003::/:/x\n' >"$D/srv/jail/etc/passwd"
	passes docroot-passwd
	cp "$D/etc/passwd" "$D/srv/jail/etc/passwd"
	finds docroot-passwd "it tells of 4 other accounts" # sshd zed amy bob
	rm "$D/srv/jail/etc/passwd" && touch "$D/srv/jail/etc/shadow"
	finds docroot-passwd "/srv/jail/etc/shadow"
}

@test "network-files: homes, keys and docroots on a file server" {
	# No server here: the kernel's answer about kim's home is changed on its way.
	cat >shim.c <<-'END'
		#include <dlfcn.h>
		#include <stdio.h>
		#include <string.h>
		#include <sys/statfs.h>
		#include <unistd.h>
		int fstatfs(int fd, struct statfs *s)
		{
			int (*real)(int, struct statfs *) = dlsym(RTLD_NEXT, "fstatfs");
			char link[64], name[4096] = "";
			snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
			int status = real(fd, s);
			if (readlink(link, name, sizeof name - 1) > 0 && strstr(name, "/kim"))
				s->f_type = 0x6969;
			return status;
		}
	END
	gcc -D_GNU_SOURCE -shared -fPIC -o shim.so shim.c
	passes network-files
	run env LD_PRELOAD="$PWD/shim.so" "$TOOL" audit --root "$D"
	says "medium: network-files:" "NFS" "who       kim"
}
