#!/bin/bash
# start.sh - how long the gate takes to start a program, beside its neighbours. `make bench` runs it; see bench.mk.
# shellcheck disable=SC2086,SC2154 # words that are meant to split; ground.sh assigns
# shellcheck source=tests/stage.sh disable=SC1091
. "${0%/*}/../stage.sh"
stage_enter "$@"
set -eu
# shellcheck source=tests/bench/ground.sh disable=SC1091
. tests/bench/ground.sh
rounds=${BENCH_ROUNDS:-300}

ground
files=/opt/files # what bwrap puts into its view
mkdir $files
"$tools/filter" >$files/filter
getent passwd bench >$files/passwd
getent group bench >$files/group

# "c NAME [@SETTING]… ARGV…" adds a case.
c() {
	local line=$1 word
	shift
	for word; do line=$line$'\t'$word; done
	echo "$line" >>/opt/cases
}
missing() {
	echo "$1: not measured: $2" >>/opt/missing
}
touch /opt/missing

ssh="@env=SSH_CONNECTION=192.0.2.1 50000 192.0.2.2 22"
path=@env=PATH=/usr/bin:/bin
home=@env=HOME=/home/bench

c "dash" $path /usr/bin/dash -c /usr/bin/true
c "bash" $path /usr/bin/bash -c /usr/bin/true
c "exec floor" "$tools/floor"
c "exec floor, static libc" "$tools/floor-libc"
# The pinned view is of one mount namespace, and a case has its own: each that is to find one makes it.
pin="@run=mount -n -t tmpfs -o mode=755 run /run && $STAGE_TOOL view pin --here >/dev/null"
c "gate, view pinned" "$pin" "$ssh" $path $home $gate -c "scp -f x"
sed "s#^access .*#&\nlimit tmp = 16M#" "$STAGE_POLICY" >/opt/tmp.ini
chmod 644 /opt/tmp.ini
c "gate, view pinned, a /tmp" "@bind=/opt/tmp.ini:$STAGE_POLICY" "$pin" "$ssh" $path $home $gate -c "scp -f x"
c "gate, view pinned, 100 mounts" @mounts=100 "$pin" "$ssh" $path $home $gate -c "scp -f x"
c "gate, view pinned, 1000 mounts" @mounts=1000 "$pin" "$ssh" $path $home $gate -c "scp -f x"
c "gate" "$ssh" $path $home $gate -c "scp -f x"
c "gate, user namespace" "$ssh" $path $home $bare -c "scp -f x"
c "gate, a parent waits" "$ssh" $path $home $gate -c "scp -f x"
c "gate, 100 mounts" @mounts=100 "$ssh" $path $home $gate -c "scp -f x"
c "gate, 1000 mounts" @mounts=1000 "$ssh" $path $home $gate -c "scp -f x"
# The same account and program by the other isolations: policies of their own, mounted over the first.
for isolation in chroot landlock; do
	sed "s#^isolation = .*#isolation = $isolation#; s#/srv/bench#/srv/$isolation#" \
		"$STAGE_POLICY" >/opt/$isolation.ini
	chmod 644 /opt/$isolation.ini
	c "gate, $isolation" "@bind=/opt/$isolation.ini:$STAGE_POLICY" "$ssh" $path $home $gate -c "scp -f x"
	c "gate, $isolation, no capabilities" "@bind=/opt/$isolation.ini:$STAGE_POLICY" "$ssh" $path $home $bare -c "scp -f x"
done
stage_docroot /srv/landlock bench
cp -R "$users" /opt/users
"$BUILD/sallyport" docroot prepare -f /opt/chroot.ini >/dev/null
for count in 1000 100000; do
	mkdir /opt/users$count
	(cd /opt/users$count && seq -f 'account%.0f.ini' $count | xargs touch && cp $users/bench.ini .)
done
c "gate, users/ of 1000" @bind=/opt/users1000:$users "$ssh" $path $home $gate -c "scp -f x"
c "gate, users/ of 100000" @bind=/opt/users100000:$users "$ssh" $path $home $gate -c "scp -f x"

# The gate's view, as near as bwrap comes to it.
links=
for link in bin sbin lib lib32 lib64 libx32; do
	[ -L /$link ] && links="$links --symlink $(readlink /$link) /$link"
done
devices=
for device in null urandom; do devices="$devices --dev-bind /dev/$device /dev/$device"; done
bwrap="/usr/bin/bwrap --seccomp 9 --ro-bind /usr /usr $links $devices --ro-bind /etc/ld.so.cache /etc/ld.so.cache
	--file 10 /etc/passwd --file 11 /etc/group --symlink urandom /dev/random --dir /home --tmpfs /tmp
	--bind /srv/bench /files --remount-ro / --chdir /files --cap-drop ALL /usr/bin/true"
if [ -x /usr/bin/bwrap ]; then
	# shellcheck disable=SC2086
	c "bwrap" $path @fd=9:$files/filter @fd=10:$files/passwd @fd=11:$files/group $bwrap
else
	missing bwrap "apt install bubblewrap"
fi

# Restricted shells, each asked for /usr/bin/true in the way that it can be asked for it.
if [ -x /usr/bin/git-shell ]; then
	mkdir -p /home/bench/git-shell-commands
	ln -s /usr/bin/true /home/bench/git-shell-commands/run
	c "git-shell" $path $home /usr/bin/git-shell -c run
else
	missing git-shell "apt install git"
fi
rsync="rsync --server --sender -logDtpre.iLsfxCIvu ."
if [ -x /usr/bin/rrsync ] && [ -x /usr/bin/rsync ]; then
	c "rrsync, rsync is true" @bind=/usr/bin/true:/usr/bin/rsync $path $home \
		"@env=SSH_ORIGINAL_COMMAND=$rsync ." /usr/bin/rrsync -ro /srv/bench
	c "gate,   rsync is true" @bind=/usr/bin/true:/usr/bin/rsync "$ssh" $path $home $gate -c "$rsync ."
else
	missing rrsync "apt install rsync python3"
fi
if [ -x /usr/lib/restricted-ssh-commands ]; then
	mkdir -p /etc/restricted-ssh-commands
	echo '^/usr/bin/true$' >/etc/restricted-ssh-commands/bench
	c "restricted-ssh-commands" $path $home @env=USER=bench @env=SHELL=/bin/sh @env=SSH_ORIGINAL_COMMAND=/usr/bin/true \
		/usr/lib/restricted-ssh-commands
else
	missing restricted-ssh-commands "apt install restricted-ssh-commands"
fi
if [ -x /usr/sbin/rush ]; then
	printf 'debug 0\nrule run\n  command ^/usr/bin/true$\n' >/etc/rush.rc
	c "rush" $path $home /usr/sbin/rush -c /usr/bin/true
else
	missing rush "apt install rush"
fi

echo "Start of /usr/bin/true, fork to exit, $rounds rounds in turn; $(nproc) CPUs, Linux $(uname -r)," \
	"$(grep -c . /proc/self/mountinfo) mounts, load $(cut -d' ' -f1 /proc/loadavg)"
"$tools/runner" "$uid" "$uid" "$rounds" </opt/cases
cat /opt/missing
echo
echo "bwrap was:" $bwrap
echo "git-shell runs it from git-shell-commands; rrsync can only run rsync, so true was mounted on it."
echo
echo "The gate as it executes the program:"
env -i PATH=/usr/bin "SSH_CONNECTION=192.0.2.1 50000 192.0.2.2 22" "$tools/atexec" "$uid" "$uid" $gate -c "scp -f x"
echo
# shellcheck source=tests/bench/steps.sh disable=SC1091
. tests/bench/steps.sh
