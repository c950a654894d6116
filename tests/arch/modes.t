#!/usr/bin/env bash
# What `make install` puts where: path, mode and capabilities, against this table; what `make uninstall` leaves.
. "$(dirname "$0")/lib.sh"

TABLE="755 usr/local/bin/sallyport-shell
777 usr/local/bin/sallyport-shell-r -> sallyport-shell
755 usr/local/sbin/sallyport
644 usr/local/share/man/man5/sallyport.ini.5
644 usr/local/share/man/man8/sallyport-shell.8
644 usr/local/share/man/man8/sallyport.8
644 usr/local/share/man/man8/sallyport-keys.8
644 usr/local/share/man/man8/sallyport-audit.8
644 usr/local/share/man/man8/sallyport-account.8
644 usr/local/share/man/man8/sallyport-audit-logs.8
644 usr/local/share/doc/sallyport/README.md
644 usr/local/share/doc/sallyport/INSTALL
644 usr/local/share/doc/sallyport/SECURITY
644 usr/local/share/doc/sallyport/LICENSE
644 usr/local/lib/systemd/system/sallyport-view.service
644 usr/local/lib/systemd/system/sallyport-view-check.service
644 usr/local/lib/systemd/system/sallyport-view-check.path
644 usr/local/lib/systemd/system/sallyport-view-check.timer
644 usr/local/share/doc/sallyport/examples/policy.ini
644 usr/local/share/doc/sallyport/examples/policy-tests.ini
644 usr/local/share/doc/sallyport/examples/fail2ban/filter.d/sallyport.conf
644 usr/local/share/doc/sallyport/examples/fail2ban/jail.d/sallyport.conf
644 usr/local/share/doc/sallyport/examples/rsyslog/30-sallyport.conf
644 usr/local/share/doc/sallyport/examples/logrotate/sallyport
755 etc/sallyport/
755 etc/sallyport/users/
755 var/lib/
755 var/lib/sallyport/
755 var/lib/sallyport/slots/
711 var/lib/sallyport/state/
755 var/lib/sallyport/accounts/"

root=$scratch/root
# A build of its own: with the default paths, whatever the build that is tested has.
run_make() {
	make -s "$@" BUILD="$BUILD/modes" DESTDIR="$root" PREFIX=/usr/local SYSCONFDIR=/etc \
		STATEDIR=/var/lib \
		>"$scratch/log" 2>&1 || cat "$scratch/log"
}

listing() { # ROOT: files, links and the policy's directories, with modes
	(cd "$1" && find . ! -type d -printf '%m %P' \( -type l -printf ' -> %l\n' -o -printf '\n' \)
	cd "$1" && find etc var -mindepth 1 -type d -printf '%m %p/\n')
}

unlike_table() { # ROOT
	diff <(sort <<<"$TABLE") <(listing "$1" | sort) | grep '^[<>]' | sed 's/^</missing:/; s/^>/not in the table:/'
}

open_to_others() { # ROOT
	find "$1" -mindepth 1 ! -type l -perm /022 -printf '%m %p is writable by others\n'
	find "$1" -perm /6000 -printf '%m %p is setuid or setgid\n'
}

wrong_caps() { # ROOT
	local got
	got=$(cd "$1" && PATH=$PATH:/sbin:/usr/sbin getcap -r . 2>/dev/null)
	[ "$got" = "./usr/local/bin/sallyport-shell cap_setpcap,cap_sys_chroot,cap_sys_admin=p" ] || echo "capabilities: $got"
}

none "make install works" run_make install
none "what is installed is what the table says" unlike_table "$root"
none "nothing of it is writable by others, or setuid" open_to_others "$root"
if [ "$(id -u)" -eq 0 ]; then
	none "the gate alone has capabilities, permitted only" wrong_caps "$root"
else
	skip "only root can give files capabilities"
fi

cp -R "$root" "$scratch/planted"
chmod 775 "$scratch/planted/usr/local/bin/sallyport-shell"
some "a mode that is too wide" unlike_table "$scratch/planted"
some "a file that others can write" open_to_others "$scratch/planted"
some "capabilities that got lost" wrong_caps "$scratch/planted"
touch "$scratch/planted/usr/local/bin/extra"
some "a file more than the table has" unlike_table "$scratch/planted"

echo "[defaults]" >"$root/etc/sallyport/policy.ini"
left() {
	(cd "$root" && find . ! -type d)
}
none "make uninstall works" run_make uninstall
result "$([ "$(left)" = ./etc/sallyport/policy.ini ]; echo $?)" "what it leaves is the policy" "$(left)"
finish
