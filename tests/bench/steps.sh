# shellcheck shell=bash disable=SC2154 # start.sh and ground.sh assign
# steps.sh - the gate's start, step by step. start.sh runs it, inside its stage.
#
# By ftrace's events in an instance of its own: a few dozen nanoseconds an event, where strace(1) costs
# microseconds. The sum is therefore only a little above what was measured without.
tracing=/sys/kernel/tracing

if ! mount -t tracefs bench $tracing 2>/dev/null || ! mkdir $tracing/instances/sallyport.$$ 2>/dev/null; then
	echo "steps: not measured: this kernel gives no tracefs"
	return 0
fi
instance=$tracing/instances/sallyport.$$
trap 'rmdir $instance' EXIT
trap 'exit 1' INT TERM HUP
echo 16384 >$instance/buffer_size_kb
ours='comm == "sallyport-shell" || comm == "true" || comm == "setpriv"'
echo "$ours" >$instance/events/raw_syscalls/filter
echo 'sig == 17' >$instance/events/signal/signal_generate/filter # SIGCHLD: the process is gone
for event in raw_syscalls signal/signal_generate; do echo 1 >$instance/events/$event/enable; done
printf '#include <sys/syscall.h>\n' | cc -E -dM - | awk '/#define __NR_/ { print $3, substr($2, 6) }' >/opt/calls

steps() { # TITLE
	local run=0
	echo >$instance/trace
	while [ $run -lt "$rounds" ]; do
		env -i PATH=/usr/bin "SSH_CONNECTION=192.0.2.1 50000 192.0.2.2 22" \
			setpriv --reuid "$uid" --regid "$uid" --clear-groups "$gate" -c "scp -f x"
		run=$((run + 1))
		# The buffer is read while it is small.
		[ $((run % 50)) -ne 0 ] || { cat $instance/trace; echo >$instance/trace; }
	done >/opt/trace
	cat $instance/trace >>/opt/trace
	echo "Where it goes, $1, by ftrace, $rounds runs:"
	awk -f tests/bench/steps.awk /opt/calls /opt/trace
	echo
}

"$STAGE_TOOL" view pin >/dev/null
steps "view pinned"
"$STAGE_TOOL" view unpin
steps "view built for the session"
