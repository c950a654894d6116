#!/usr/bin/env bash
# Goal: systemd as process 1 pins the view at boot before sshd, keeps it fresh, and takes it away when told to.
. "${0%/*}/guest.bash"

UNITS="sallyport-view.service sallyport-view-check.path sallyport-view-check.timer"
are() { [ "$(systemctl is-active $UNITS | sort -u)" = "$1" ]; }
says() { sallyport view check | tee -a $said | grep -q "^$1"; }
soon() { # WORD
	local i
	for ((i = 0; i < 30; i++)); do says "$1" && return; sleep 1; done
	return 1
}

if [ "$(phase)" = 1 ]; then
	ok "systemd finds nothing wrong with them" systemd-analyze verify --man=no $UNITS
	ok "enable --now" systemctl enable --now sallyport-view.service
	ok "the view brings its path and timer" are active
	ok "it is fresh" says fresh
	echo /opt/none >/etc/ld.so.conf.d/lab.conf
	ldconfig
	ok "behind ldconfig it is pinned anew" soon fresh
	mount -t tmpfs lab /usr/local/games
	ok "a mount beneath /usr makes it stale" says stale
	ok "what the timer starts mends that" systemctl start sallyport-view-check.service
	ok "fresh again" says fresh
	umount /usr/local/games
	ok "stop" systemctl stop sallyport-view.service
	ok "stops all" are inactive
	ldconfig
	sleep 5
	ok "and nothing pins it again" says absent
	rm -rf /run/sallyport && touch /run/sallyport
	systemctl start sallyport-view.service 2>/dev/null
	rm /run/sallyport
	ok "a pin that failed is made up for" systemctl start sallyport-view-check.service
	ok "fresh then" says fresh
	account alice
	boot_with
fi

ok "behind a boot all are active" are active
ok "the view is fresh" says fresh
ok "no ordering cycle" sh -c '! journalctl -b -q --no-pager | grep -i "ordering cycle"'
at() { systemctl show -P ActiveEnterTimestampMonotonic "$1"; }
ok "before sshd" [ "$(at sallyport-view.service)" -lt "$(at ssh.service)" ]
ok "sessions use it" sessions_have alice view=pinned
drop=/run/systemd/system/ssh.service.d/lab.conf
mkdir -p "${drop%/*}"
for line in PrivateTmp=yes NoNewPrivileges=yes CapabilityBoundingSet=~CAP_SYS_ADMIN; do
	printf '[Service]\n%s\n' $line >$drop
	systemctl daemon-reload && systemctl restart ssh && sleep 2
	ok "an sshd with $line: sessions build their own" sessions_have alice view=built
done
printf '[Service]\nRestrictNamespaces=yes\n' >$drop
systemctl daemon-reload && systemctl restart ssh && sleep 2
ok "one with RestrictNamespaces=yes: refused" refused_with alice verdict=error
rm $drop
systemctl daemon-reload && systemctl restart ssh
systemctl disable -q --now sallyport-view.service
finish
