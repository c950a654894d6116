# steps.awk - where the gate's time goes: ftrace's system-call events into a table. Reads `NUMBER NAME` lines, then
# the trace. A step lasts from the call that begins it to the one that begins the next; what the gate computes and
# the page faults between belong to the step before.

BEGIN {
	# In order: the call that begins the step, and what it is.
	n = split("execve=exec of the gate;executed=libc starts;fcntl=descriptors;getuid=who;socket=log opened;" \
		"openat2=policy;2read=policy read;openat2=docroot;capget=pinned view looked for;capset=trees cloned;" \
		"?setns=pinned view entered;?unshare=mount namespace;?fsopen=root made;?umask=root filled;" \
		"?unshare=mount namespace;move_mount=attached;?pivot_root=pivot;?umount2=host left;" \
		"?unshare=process namespace;capset=capabilities;" \
		"rt_sigaction=process reset;capget=verify, decide;write=logged;" \
		"prctl=landlock;getrandom=seccomp;execve=exec of the program;executed=program;" \
		"exit_group=exit, teardown", list, ";")
	for (i = 1; i <= n; i++) {
		split(list[i], pair, "=")
		begins[i] = pair[1]
		what[i] = pair[2]
		nth[i] = 1
		maybe[i] = sub(/^\?/, "", begins[i]) # of one build of the gate, or one kernel
		if (begins[i] ~ /^[0-9]/) {
			nth[i] = substr(begins[i], 1, 1)
			begins[i] = substr(begins[i], 2)
		}
	}
}

NF == 2 { name[$1] = $2; next }

/^#/ { next }

{
	match($0, /-[0-9]+ +\[[0-9]+\]/)
	pid = substr($0, RSTART + 1) + 0
	match($0, /[0-9]+\.[0-9]+: /)
	time = substr($0, RSTART, RLENGTH - 2) * 1e6
	event = substr($0, RSTART + RLENGTH)
}

function reach(pid, call,    next_step) {
	for (next_step = step[pid] + 1; maybe[next_step] && begins[next_step] != call; next_step++)
		;
	if (begins[next_step] != call || ++seen[pid] < nth[next_step])
		return
	spent[pid, step[pid]] = time - since[pid]
	step[pid] = next_step
	since[pid] = time
	seen[pid] = 0
}

event ~ /^sys_enter/ {
	split(event, word, " ")
	call = name[word[3]]
	if (call == "open") # libcs differ
		call = "openat"
	if (call == "execve" && !(pid in step)) { # of setpriv, which becomes the gate
		step[pid] = 1
		since[pid] = time
	} else if (!(pid in step)) {
		next # another's true(1)
	}
	reach(pid, call)
	calls[pid, step[pid]]++
	in_call[pid] = call
	entered[pid] = time
}

event ~ /^sys_exit/ && (pid in in_call) {
	kernel[in_call[pid]] += time - entered[pid]
	times[in_call[pid]]++
	if (in_call[pid] == "execve")
		reach(pid, "executed")
	delete in_call[pid]
}

event ~ /^signal_generate: sig=17/ && pid in step && step[pid] == n {
	spent[pid, n] = time - since[pid]
	done[++runs] = pid
	delete step[pid]
}

function median(which,    i, j, x, v) {
	for (i = 1; i <= runs; i++) {
		x = spent[done[i], which]
		for (j = i - 1; j >= 1 && v[j] > x; j--)
			v[j + 1] = v[j]
		v[j + 1] = x
	}
	return v[int((runs + 1) / 2)]
}

END {
	if (!runs) {
		print "steps: the gate's calls are not the ones that steps.awk expects"
		for (pid in step)
			last = step[pid] + 1
		print "steps: waited for " begins[last] " (" what[last] ")"
		exit
	}
	printf "%-24s %9s %7s   begins with\n", "step", "median us", "calls"
	for (i = 1; i <= n; i++) {
		if (!calls[done[runs], i])
			continue
		m = median(i)
		sum += m
		printf "%-24s %9.0f %7d   %s\n", what[i], m, calls[done[runs], i], begins[i]
	}
	printf "%-24s %9.0f\n\nin the kernel, us a run:", "sum", sum
	for (k = 1; k <= 16; k++) {
		best = ""
		for (c in kernel)
			if (best == "" || kernel[c] > kernel[best])
				best = c
		if (best == "")
			break
		printf "%s %s %.0f (%d)", (k > 1 ? "," : ""), best, kernel[best] / runs, times[best] / runs
		delete kernel[best]
	}
	print ""
}
