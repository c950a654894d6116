# shellcheck shell=bash
# neg.bash - what is no transfer: the strings of the seed catalogue, group NEG.
NEG=(
	'ascp -S. -V1; id' '/bin/sh' 'echo *' 'while read j; do echo "$j"; done <.profile' 'mount; df -h'
	'uname -a' 'ftp -a anotherserver' 'cat /etc/ntpd.conf' 'diff /etc/ntpd.conf -'
	'sh -c "tar zcf /backup/usr.tgz /usr/" &' 'tmux a -d || tmux' 'screen -d -R'
	'tmux attach -d || tmux new-session' 'sudo tcpdump -lqi eth0 -w - "not port 22"' 'cat > backup.tar'
	'cat > $(date +"%Y-%m-%d").tar.gz' 'cd /some/path/; tar zxf -' 'tar jcf - /var/www/ /home/*/www/'
	'sudo dump -0an -f - /var/www/ | gzip -c9'
	'mbuffer -s 128k -m 1G | /sbin/zfs receive -v -F web/site01' 'route -T 1 exec nc 10.0.0.1 22'
	'nc machine2.example.edu 22'
	'exec 3<>/dev/tcp/server.example.com/22; cat <&3 & cat >&3;kill $!' 'ssh -tt server2.example.org'
	'sleep 60' '/usr/sbin/sshd -D -p 2222'
	'sudo rsync --server --sender -vlHogDtpre.iLsfxCIvu . /source/directory/' 'ascmd' 'ascmd -V2'
)
