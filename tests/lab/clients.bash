#!/usr/bin/env bash
# Goal: each isolation serves real clients on this kernel, installed as INSTALL says.
. "${0%/*}/guest.bash"

account alice
no_failures() { ! sallyport doctor | tee $said | grep -q ^FAIL; }
ok "doctor finds nothing that refuses sessions" no_failures


ok "namespace, a view for each session" transfers alice /srv/transfer/alice
ok "the record says so" sessions_have alice 'isolation=namespace view=built'
sallyport view pin >/dev/null
ok "namespace, the pinned view" transfers alice /srv/transfer/alice
ok "the record says so" sessions_have alice 'isolation=namespace view=pinned'
sallyport view unpin

setcap -r /usr/local/bin/sallyport-shell
ok "namespace, without file capabilities: a user namespace" transfers alice /srv/transfer/alice
make -s -C /var/sallyport install

settings alice "isolation = landlock" "docroot = /srv/transfer/alice"
ok "landlock" transfers alice /srv/transfer/alice
ok "the record says so" sessions_have alice isolation=landlock

settings alice "isolation = chroot" "docroot = /srv/chroot" "start = /alice"
install -d -m 755 /srv/chroot
ok "docroot prepare" sallyport docroot prepare --user alice
ok "chroot" transfers alice /srv/chroot/alice
ok "the record says so" sessions_have alice isolation=chroot
rm -rf /srv/chroot
finish
