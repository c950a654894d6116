#include "syscalls.h"

#include <asm/ioctls.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/futex.h>
#include <linux/sched.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>

enum {
	PLAIN = 1 << SANDBOX_PLAIN,
	FORK = 1 << SANDBOX_FORK,
	SPAWN = 1 << SANDBOX_SPAWN,
	NET = 1 << SANDBOX_NET,
	ALL = PLAIN | FORK | SPAWN | NET,
	FORKING = FORK | SPAWN | NET,
	WAIT = 1 << SANDBOX_WAIT,
};

#define CALLS (const char *const[])
#define RULES (const struct argument_rule[])
#define CLOCKS (LOW & ~15u) /* CLOCK_REALTIME to CLOCK_TAI, and room for a few more */
#define ANY   UINT64_MAX
#define LOW   0xffffffffu /* the kernel reads these arguments as 32 bits */

/* Both families: 2, and 10. */
#define INTERNET LOW & ~(unsigned)(AF_INET ^ AF_INET6), AF_INET & AF_INET6
/* MPTCP, SCTP, ping and the like are other doors into the kernel, which loads some of them for whoever asks. */
#define TYPE(type)         {1, LOW & ~(unsigned)(SOCK_CLOEXEC | SOCK_NONBLOCK), type}
#define PROTOCOL(protocol) {2, LOW, protocol}

#define OPTION(level, mask, name, why) {"setsockopt", 1, LOW, level, why, .also = {{2, LOW & (mask), name}}}
#define FUTEX_CMD (LOW & ~(unsigned)(FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME))
enum {
	GLOBAL_BARRIERS = 7, /* MEMBARRIER_CMD_GLOBAL, …_GLOBAL_EXPEDITED and its registration */
	ARCH_SET_FS = 0x1002,
	ARCH_SHADOW_STACK = 0x5000,
	GUARD_INSTALL = 102, /* MADV_GUARD_INSTALL, Linux 6.13 */
	UDP_SEGMENT_SIZE = 103, /* UDP_SEGMENT, and UDP_GRO, of linux/udp.h */
	UDP_RECEIVE_MANY = 104,
};

const struct group syscall_groups[] = {
	/* ---- admitted ---- */
	{"memory", "every program's heap, stack and libraries", ANSWER_ALLOW, ALL,
	 CALLS{"munmap", "mprotect", "mremap", "brk", "mlock", "munlock", "msync", "mincore", NULL},
	 RULES{{"mmap", 3, MAP_HUGETLB, 0, "no huge pages: what the host has set aside is others'"},
	       {"madvise", 2, LOW & ~7u, 0, "0 to 11"},
	       {"madvise", 2, LOW & ~3u, 8, "not MADV_MERGEABLE, 12: its timing tells what other processes hold"},
	       {"madvise", 2, LOW & ~1u, MADV_HUGEPAGE, "14, 15: the size of one's own pages"},
	       {"madvise", 2, LOW & ~15u, 16, "16 to 31: what a core holds, what a fork keeps, what is soon needed"},
	       {"madvise", 2, LOW & ~1u, GUARD_INSTALL, "102, 103: the guards of threads' stacks"},
	       {0}}},
	{"io", "bytes over descriptors that are open already", ANSWER_ALLOW, ALL,
	 CALLS{"read", "write", "readv", "writev", "pread64", "pwrite64", "preadv", "pwritev", "lseek",
	       "close", "close_range", "dup", "dup2", "dup3", "pipe", "pipe2", "sendfile",
	       "copy_file_range", "splice", "poll", "ppoll", "select", "pselect6", "epoll_create",
	       "epoll_create1", "epoll_ctl", "epoll_wait", "epoll_pwait", "eventfd2", NULL}, NULL},
	{"fcntl", "all but F_SETOWN and F_SETSIG, which send any signal to any process of the uid, and O_ASYNC, which "
	 "sends SIGIO to whoever is in the terminal's foreground", ANSWER_ALLOW, ALL, NULL,
	 RULES{{"fcntl", 1, LOW & ~3u, F_DUPFD, "0 to 3: duplicates, flags as they are"},
	       {"fcntl", 1, LOW, F_SETFL, "flags", .also = {{2, O_ASYNC, 0}}},
	       {"fcntl", 1, LOW, F_GETLK, "record locks"},
	       {"fcntl", 1, LOW & ~1u, F_SETLK, "6 and 7: the same"},
	       {"fcntl", 1, LOW & ~3u, F_OFD_GETLK, "36 to 39: locks of an open file"},
	       {"fcntl", 1, LOW, F_DUPFD_CLOEXEC, "a duplicate"},
	       {"fcntl", 1, LOW, F_SETPIPE_SZ, "the room in a pipe"},
	       {"fcntl", 1, LOW, F_GETPIPE_SZ, "the same"},
	       {0}}},
	{"files", "open and look; the view and Landlock bound what is there", ANSWER_ALLOW, ALL,
	 CALLS{"open", "openat", "creat", "stat", "lstat", "fstat", "newfstatat", "statx", "access",
	       "faccessat", "faccessat2", "readlink", "readlinkat", "getdents", "getdents64", "getcwd",
	       "chdir", "fchdir", "statfs", "fstatfs", "fadvise64", "readahead", "flock", NULL}, NULL},
	{"change", "change files; the mounts and Landlock decide which", ANSWER_ALLOW, ALL,
	 CALLS{"rename", "renameat", "unlink", "unlinkat", "mkdir", "mkdirat", "rmdir",
	       "link", "linkat", "symlink", "symlinkat", "mknod", "mknodat", "truncate", "ftruncate",
	       "fallocate", "fsync", "fdatasync", "sync_file_range", "umask", NULL},
	 RULES{{"renameat2", 4, LOW & ~3u, 0, "over nothing, or in exchange; RENAME_WHITEOUT makes a device"}, {0}}},
	{"attributes", "modes, owners, times and extended attributes that rsync -aXA keeps", ANSWER_ALLOW,
	 ALL,
	 CALLS{"chmod", "fchmod", "fchmodat", "fchmodat2", "chown", "fchown", "lchown", "fchownat",
	       "utime", "utimes", "futimesat", "utimensat", "getxattr", "lgetxattr", "fgetxattr",
	       "setxattr", "lsetxattr", "fsetxattr", "listxattr", "llistxattr", "flistxattr",
	       "removexattr", "lremovexattr", "fremovexattr", NULL}, NULL},
	{"self", "what a process asks about itself", ANSWER_ALLOW, ALL,
	 CALLS{"getpid", "getppid", "gettid", "getpgrp", "getuid", "geteuid", "getgid", "getegid", "getgroups",
	       "getresuid", "getresgid", "getrlimit", "getrusage", "times", "uname", "sysinfo", "sched_yield",
	       "getcpu", NULL},
	 RULES{{"getpgid", 0, LOW, 0, "0 is the caller; of any other number the answer tells that it is there"},
	       {"getsid", 0, LOW, 0, "the same"},
	       {"getpriority", 0, LOW, PRIO_PROCESS, "the same", .also = {{1, LOW, 0}}},
	       {"sched_getaffinity", 0, LOW, 0, "the same; glibc takes ENOSYS for no such thing, and goes on"},
	       {0}}},
	{"threads", "the C library's own start-up and locks", ANSWER_ALLOW, ALL,
	 CALLS{"set_robust_list", "set_tid_address", "rseq", "exit", "exit_group", "getrandom",
	       "restart_syscall", NULL},
	 RULES{{"futex", 1, FUTEX_CMD & ~3u, FUTEX_WAIT, "0 to 3: waits and wakes. None that inherits priorities, "
		"which no program here has and kernels were broken by"},
	       {"futex", 1, FUTEX_CMD & ~1u, FUTEX_CMP_REQUEUE, "4, 5: the same"},
	       {"futex", 1, FUTEX_CMD, FUTEX_WAIT_BITSET, "the same"},
	       {"futex", 1, FUTEX_CMD, FUTEX_WAKE_BITSET, "the same"},
	       {"membarrier", 0, GLOBAL_BARRIERS, 0, "one's own threads; the others halt every processor"},
	       {"arch_prctl", 0, LOW, ARCH_SET_FS, "where a thread's variables are"},
	       {"arch_prctl", 0, LOW & ~7u, ARCH_SHADOW_STACK, "0x5001 to 5: the stack that returns are checked by"},
	       {0}}},
	{"time", "clocks and sleeping", ANSWER_ALLOW, ALL,
	 CALLS{"gettimeofday", "time", "nanosleep", "alarm", "setitimer", "getitimer", "pause", "timerfd_create",
	       "timerfd_settime", "timerfd_gettime", NULL},
	 RULES{{"clock_gettime", 0, CLOCKS, 0, "the host's and one's own; a negative number is another process's"},
	       {"clock_getres", 0, CLOCKS, 0, "the same"},
	       {"clock_nanosleep", 0, CLOCKS, 0, "the same"},
	       {0}}},
	{"signals", "handlers and masks", ANSWER_ALLOW, ALL,
	 CALLS{"rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "rt_sigpending", "rt_sigsuspend",
	       "rt_sigtimedwait", "sigaltstack", NULL}, NULL},
	{"prctl", "harmless parts of prctl", ANSWER_ALLOW, ALL, NULL,
	 RULES{{"prctl", 0, LOW, PR_SET_NAME, "a thread's name"},
	       {"prctl", 0, LOW, PR_GET_NAME, "a thread's name"},
	       {"prctl", 0, LOW, PR_SET_DUMPABLE, "sftp-server hides its memory"},
	       {"prctl", 0, LOW, PR_GET_DUMPABLE, "the same"},
	       {"prctl", 0, LOW, PR_GET_SECCOMP, "door two is verified with it"},
	       {"prctl", 0, LOW, PR_GET_NO_NEW_PRIVS, "the same"},
	       {"prctl", 0, LOW, PR_CAPBSET_READ, "libcap counts capabilities with it"},
	       {0}}},
	{"ioctl", "terminals and pipes are asked, never driven (no TIOCSTI)", ANSWER_ALLOW, ALL, NULL,
	 RULES{{"ioctl", 1, LOW, TCGETS, "isatty(3)"},
	       {"ioctl", 1, LOW, TIOCGWINSZ, "progress displays"},
	       {"ioctl", 1, LOW, TIOCGPGRP, "is this process in the foreground"},
	       {"ioctl", 1, LOW, FIONREAD, "bytes waiting"},
	       {"ioctl", 1, LOW, FIONBIO, "non-blocking"},
	       {"ioctl", 1, LOW, FIOCLEX, "close-on-exec"},
	       {0}}},
	{"own-limits", "prlimit on the process itself; RLIMIT_CORE is not lowered, for it takes a 1, not a 0, to keep "
	 "a core from the program that core_pattern names, which the host runs as root", ANSWER_ALLOW, ALL, NULL,
	 RULES{{"prlimit64", 0, ANY, 0, "pid 0 is the caller; asks", .also = {{2, ANY, 0}}},
	       {"prlimit64", 0, ANY, 0, "0 to 3: time, sizes", .also = {{1, LOW & ~3u, RLIMIT_CPU}}},
	       {"prlimit64", 0, ANY, 0, "6, 7: processes, files", .also = {{1, LOW & ~1u, RLIMIT_NPROC}}},
	       {"prlimit64", 0, ANY, 0, "8 to 15: memory and the rest", .also = {{1, LOW & ~7u, RLIMIT_MEMLOCK}}},
	       {0}}},
	{"fork", "rsync's receiver, git's pack-objects; Landlock keeps their signals inside (ABI 6)",
	 ANSWER_ALLOW, FORKING,
	 CALLS{"fork", "vfork", "wait4", "waitid", "setpgid", "setsid", "kill", "tkill", "tgkill", NULL},
	 RULES{{"clone", 0,
		CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER |
			CLONE_NEWPID | CLONE_NEWNET,
		0, "processes and threads, no namespaces (clone3 is ENOSYS: glibc falls back)"},
	       {0}}},
	{"pair", "rsync's processes talk over a socket pair", ANSWER_ALLOW, FORK, NULL,
	 RULES{{"socketpair", 0, LOW, AF_UNIX, "it reaches nobody else"}, {0}}},
	{"net", "ascp's data channel", ANSWER_ALLOW, NET,
	 CALLS{"connect", "bind", "listen", "accept", "accept4", "sendto", "recvfrom", "sendmsg",
	       "recvmsg", "sendmmsg", "recvmmsg", "getsockopt", "getsockname", "getpeername", "shutdown", NULL},
	 RULES{{"socket", 0, INTERNET, "TCP", .also = {TYPE(SOCK_STREAM), PROTOCOL(0)}},
	       {"socket", 0, INTERNET, "the same by its name", .also = {TYPE(SOCK_STREAM), PROTOCOL(IPPROTO_TCP)}},
	       {"socket", 0, INTERNET, "UDP", .also = {TYPE(SOCK_DGRAM), PROTOCOL(0)}},
	       {"socket", 0, INTERNET, "the same by its name", .also = {TYPE(SOCK_DGRAM), PROTOCOL(IPPROTO_UDP)}},
	       OPTION(SOL_SOCKET, ~15u, 0, "0 to 15: buffers, addresses used again, keep-alive, lingering"),
	       OPTION(SOL_SOCKET, ~7u, 16, "16 to 23: how long and for how much to wait. No filter (26, 50 to 52), "
		      "which is a program that the kernel runs"),
	       OPTION(SOL_SOCKET, ~15u, 32, "32 to 47: time stamps, marks, what was dropped, how fast"),
	       OPTION(IPPROTO_TCP, ~15u, 0, "0 to 15: delays, keep-alive, sizes"),
	       OPTION(IPPROTO_TCP, ~7u, 16, "16 to 23: time-outs, fast opening"),
	       OPTION(IPPROTO_TCP, ~3u, 24, "24 to 27: what waits unsent. No protocol above TCP (TCP_ULP, 31)"),
	       OPTION(IPPROTO_IP, ~63u, 0, "0 to 63: service, size of a path, multicast. No firewall (64 on)"),
	       OPTION(IPPROTO_IPV6, ~127u, 0, "the same"),
	       OPTION(IPPROTO_UDP, ~0u, UDP_SEGMENT_SIZE, "many datagrams at once. No encapsulation (100)"),
	       OPTION(IPPROTO_UDP, ~0u, UDP_RECEIVE_MANY, "the same"),
	       {0}}},
	{"spawn", "git starts itself; Landlock names what may be executed", ANSWER_ALLOW, SPAWN,
	 CALLS{"execve", NULL}, NULL},

	{"wait", "the gate beside a program: wait, hear it, end it and what it left, write lines", ANSWER_ALLOW, WAIT,
	 CALLS{"wait4", "pread64", "read", "rt_sigtimedwait", "kill", "getpid", "clock_gettime", "gettimeofday", "time",
	       "write", "poll", "ppoll", "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "exit",
	       "exit_group", "restart_syscall", NULL},
	 RULES{{"prctl", 0, LOW, PR_GET_SECCOMP, "this filter is verified with it"}, {0}}},

	/* ---- refused politely ---- */
	{"no-fork", "one process, nothing beside it, no signal to anybody", ANSWER_EPERM, PLAIN,
	 CALLS{"clone", "fork", "vfork", "kill", "tkill", "tgkill", "socketpair", "setsid", "setpgid", NULL}, NULL},
	{"no-net", "no network, no local sockets", ANSWER_EPERM, PLAIN | FORK | SPAWN,
	 CALLS{"socket", "connect", "bind", "listen", "accept", "accept4", "sendto", "recvfrom",
	       "sendmsg", "recvmsg", "sendmmsg", "recvmmsg", "setsockopt", "getsockopt", "getsockname",
	       "getpeername", "shutdown", NULL}, NULL},
	{"identity", "there is one account and no way to another", ANSWER_EPERM, ALL,
	 CALLS{"setuid", "setgid", "setreuid", "setregid", "setresuid", "setresgid", "setfsuid",
	       "setfsgid", "setgroups", "capset", "chroot", NULL}, NULL},
	{"others", "priorities, limits, scheduling and capabilities: of other processes too", ANSWER_EPERM, ALL,
	 CALLS{"capget", "setpriority", "setrlimit", "sched_setaffinity", "sched_setscheduler", "sched_setparam",
	       "sched_setattr", "ioprio_set", "pidfd_open", "pidfd_send_signal", "rt_sigqueueinfo",
	       "rt_tgsigqueueinfo", "migrate_pages", "move_pages", NULL}, NULL},
	{"ipc", "shared memory, semaphores and queues of the host", ANSWER_EPERM, ALL,
	 CALLS{"shmget", "shmat", "shmctl", "shmdt", "semget", "semop", "semctl", "semtimedop", "msgget",
	       "msgsnd", "msgrcv", "msgctl", "mq_open", "mq_unlink", "mq_timedsend", "mq_timedreceive",
	       "mq_notify", "mq_getsetattr", NULL}, NULL},
	{"system", "clock, names, log, quotas, watches of the host", ANSWER_EPERM, ALL,
	 CALLS{"settimeofday", "clock_settime", "clock_adjtime", "adjtimex", "sethostname",
	       "setdomainname", "syslog", "quotactl", "vhangup", "personality", "inotify_init",
	       "inotify_init1", "fanotify_init", NULL}, NULL},

	/* ---- never legitimate ---- */
	{"trace", "reads or steers other processes", ANSWER_KILL, ALL,
	 CALLS{"ptrace", "process_vm_readv", "process_vm_writev", "kcmp", "pidfd_getfd",
	       "process_madvise", NULL}, NULL},
	{"mounts", "would change the view", ANSWER_KILL, ALL,
	 CALLS{"mount", "umount2", "pivot_root", "move_mount", "open_tree", "fsopen", "fsconfig",
	       "fsmount", "fspick", "mount_setattr", "unshare", "setns", "open_by_handle_at", NULL},
	 NULL},
	{"kernel", "attack surface no transfer needs", ANSWER_KILL, ALL,
	 CALLS{"bpf", "keyctl", "add_key", "request_key", "io_uring_setup", "io_uring_enter",
	       "io_uring_register", "userfaultfd", "memfd_create", "memfd_secret", "perf_event_open",
	       "init_module", "finit_module", "delete_module", "kexec_load", "kexec_file_load",
	       "reboot", "swapon", "swapoff", "acct", "iopl", "ioperm", "modify_ldt", NULL}, NULL},
	{"exec", "execve is held to one pointer (filters.c); by descriptor there is no pointer to hold",
	 ANSWER_KILL, ALL, CALLS{"execveat", NULL}, NULL},
	{0},
};

const struct group *syscall_group(const char *name, unsigned profile)
{
	for (const struct group *g = syscall_groups; name && g->name; g++) {
		if (!(g->profiles & 1u << profile))
			continue;
		for (const char *const *call = g->calls; call && *call; call++)
			if (strcmp(*call, name) == 0)
				return g;
		for (const struct argument_rule *r = g->arguments; r && r->call; r++)
			if (strcmp(r->call, name) == 0)
				return g;
	}
	return NULL;
}
