#!/usr/bin/env bash
# Goal: a docroot on NFS, where root is nobody: the docroot is opened as the account, and no right of root's is used on it.
. "${0%/*}/guest.bash"

account alice
mkdir -p /export /srv/nfs
truncate -s 300M /root/export.img
mkfs.ext4 -q /root/export.img && mount -o loop /root/export.img /export
share() { exportfs -o "rw,sync,no_subtree_check,fsid=0,$1" 127.0.0.1:/export && sleep 1; }
systemctl start nfs-server
share root_squash
ok "mounted" mount -t nfs4 127.0.0.1:/ /srv/nfs
install -d -m 700 -o alice -g alice /export/private
install -d -m 700 -o alice -g alice /export/private/in
ok "root is nobody there" sh -c '! ls /srv/nfs/private'

for isolation in namespace landlock; do
	settings alice "isolation = $isolation" "docroot = /srv/nfs/private/in"
	ok "$isolation, beneath a directory that root may not search" transfers alice /srv/nfs/private/in
done

install -d -m 755 /export/chroot
settings alice "isolation = chroot" "docroot = /srv/nfs/chroot" "start = /alice"
prepare_fails() { ! sallyport docroot prepare --user alice; }
ok "chroot cannot be prepared by nobody" prepare_fails
share no_root_squash
ok "by root it can" sallyport docroot prepare --user alice
share root_squash
ok "chroot" transfers alice /srv/nfs/chroot/alice

umount /srv/nfs
systemctl stop nfs-server
finish
