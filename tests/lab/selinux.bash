#!/usr/bin/env bash
# Goal: SELinux, Debian's default policy: what it would refuse of a session (permissive), and that it refuses nothing
# (enforcing). prepare has labelled the system.
. "${0%/*}/guest.bash"

case $(phase) in
1)
	sed -i '/^SELINUX=/s/=.*/=permissive/' /etc/selinux/config
	rm -f /.autorelabel # of a boot without SELinux; what that would do is done below
	boot_with security=selinux selinux=1 ;;
2)
	account alice
	mkdir -p /srv/chroot
	restorecon -RF /etc /root /srv /usr/local /var ;; # what was made before it was on
esac

denials() { journalctl -k -q --no-pager -o cat --since="$since" | grep 'avc: *denied' | grep -i 'sallyport\|sftp\|rsync\|git\|scp'; }
none_denied() { ! denials; }
each_isolation() { # MODE
	local isolation
	for isolation in namespace landlock chroot; do
		case $isolation in
		chroot)
			settings alice "isolation = chroot" "docroot = /srv/chroot" "start = /alice"
			sallyport docroot prepare --user alice >/dev/null ;;
		*) settings alice "isolation = $isolation" "docroot = /srv/transfer/alice" ;;
		esac
		ok "$isolation, $1" sessions_have alice "isolation=$isolation"
	done
}

since=$(date '+%Y-%m-%d %H:%M:%S')
ok "it is on" sh -c 'sestatus | grep -q "Current mode: *permissive"'
ok "the view is pinned" sallyport view pin
each_isolation permissive
ok "nothing was denied" none_denied
setenforce 1
ok "the view is pinned anew, enforcing" sallyport view pin
each_isolation enforcing
sallyport view unpin
settings alice "docroot = /srv/transfer/alice"
ok "a view for each session, enforcing" sessions_have alice view=built
ok "nothing was denied" none_denied
setenforce 0
sed -i '/^SELINUX=/s/=.*/=disabled/' /etc/selinux/config
rm -f /root/append
finish
