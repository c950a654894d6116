#include "calls.h"

#include <asm/ioctls.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/fs.h>
#include <linux/futex.h>
#include <linux/sched.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#define CALL(name) #name, SYS_##name
enum { OF_PROCESS_1 = -2 * 8 + 2 }; /* CPUCLOCK_SCHED of it, as clock_getcpuclockid(3) has it */
#define ALL(outcome) {outcome, outcome, outcome, outcome}
#define PLAIN_OTHERS(plain, others) {plain, others, others, others}
#define NET_ONLY(others, net) {others, others, others, net}

const struct call_row calls_rows[] = {
	/* every group of every profile has a row here, or tests/unit/groups.c fails */
	{CALL(set_tid_address), {0}, ALL(YES)},
	{CALL(clock_gettime), {0}, ALL(YES)},
	{CALL(rt_sigprocmask), {0, 0, 0, 8}, ALL(YES)},
	{CALL(execve), {0}, {KILL, KILL, YES, KILL}},
	/* every program's own business */
	{CALL(read), {-1}, ALL(YES)},
	{CALL(write), {-1}, ALL(YES)},
	{CALL(openat), {AT_FDCWD, 0}, ALL(YES)},
	{CALL(mmap), {0, 0}, ALL(YES)},
	{CALL(unlinkat), {-1, 0}, ALL(YES)},
	{CALL(renameat2), {-1, 0, -1, 0, 0}, ALL(YES)},
	{CALL(renameat2), {-1, 0, -1, 0, RENAME_NOREPLACE}, ALL(YES)},
	{CALL(renameat2), {-1, 0, -1, 0, RENAME_EXCHANGE}, ALL(YES)},
	{CALL(renameat2), {-1, 0, -1, 0, RENAME_WHITEOUT}, ALL(NOSYS)},
	{CALL(renameat2), {-1, 0, -1, 0, RENAME_WHITEOUT | RENAME_NOREPLACE}, ALL(NOSYS)},
	{CALL(fchmod), {-1}, ALL(YES)},
	{CALL(getpid), {0}, ALL(YES)},
	{CALL(truncate), {0}, ALL(YES)},
	{CALL(getsockopt), {-1}, NET_ONLY(PERM, YES)},
	{"fchmodat2", 452, {-1, 0, 0, 0}, ALL(YES)},
	/* by argument */
	{CALL(prctl), {PR_GET_NO_NEW_PRIVS}, ALL(YES)},
	{CALL(prctl), {PR_SET_DUMPABLE, 1}, ALL(YES)},
	{CALL(prctl), {PR_SET_NO_NEW_PRIVS, 1}, ALL(NOSYS)},
	{CALL(prctl), {PR_SET_SECCOMP, 1}, ALL(NOSYS)},
	{CALL(prctl), {PR_SET_MM}, ALL(NOSYS)},
	{CALL(prctl), {PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL}, ALL(NOSYS)},
	/* a death signal is the gate's to set; no program may lift it */
	{CALL(prctl), {PR_SET_PDEATHSIG, 0}, ALL(NOSYS)},
	{CALL(fcntl), {-1, F_DUPFD}, ALL(YES)},
	{CALL(fcntl), {-1, F_SETFL}, ALL(YES)},
	{CALL(fcntl), {-1, F_SETFL, O_NONBLOCK | O_APPEND}, ALL(YES)},
	{CALL(fcntl), {-1, F_GETLK}, ALL(YES)},
	{CALL(fcntl), {-1, F_SETLK}, ALL(YES)},
	{CALL(fcntl), {-1, F_SETLKW}, ALL(YES)},
	{CALL(fcntl), {-1, F_DUPFD_CLOEXEC}, ALL(YES)},
	{CALL(fcntl), {-1, F_OFD_SETLK}, ALL(YES)},
	{CALL(fcntl), {-1, F_SETPIPE_SZ}, ALL(YES)},
	/* signals by another door */
	{CALL(fcntl), {-1, F_SETOWN}, ALL(NOSYS)},
	{CALL(fcntl), {-1, F_SETSIG}, ALL(NOSYS)},
	{CALL(fcntl), {-1, F_SETOWN_EX}, ALL(NOSYS)},
	{CALL(fcntl), {-1, F_SETFL, O_ASYNC}, ALL(NOSYS)},
	{CALL(fcntl), {-1, F_SETFL, O_ASYNC | O_NONBLOCK | O_RDWR}, ALL(NOSYS)},
	{CALL(fcntl), {-1, (long)(F_SETOWN | 1UL << 32)}, ALL(NOSYS)},
	{CALL(fcntl), {-1, F_SETLEASE}, ALL(NOSYS)},
	{CALL(fcntl), {-1, F_NOTIFY}, ALL(NOSYS)},
	{CALL(ioctl), {-1, TCGETS}, ALL(YES)},
	{CALL(ioctl), {-1, TIOCSTI}, ALL(NOSYS)},
	{CALL(ioctl), {-1, (long)(TIOCSTI | 1UL << 32)}, ALL(NOSYS)}, /* the kernel looks at 32 bits */
	{CALL(ioctl), {-1, TIOCLINUX}, ALL(NOSYS)},
	{CALL(ioctl), {-1, TIOCSCTTY}, ALL(NOSYS)},
	{CALL(clock_gettime), {CLOCK_TAI, 0}, ALL(YES)},
	/* of process 1: how long it has run, that it is there, and a timer on it */
	{CALL(clock_gettime), {OF_PROCESS_1, 0}, ALL(NOSYS)},
	{CALL(clock_getres), {OF_PROCESS_1, 0}, ALL(NOSYS)},
	{CALL(clock_nanosleep), {OF_PROCESS_1, 0, 0, 0}, ALL(NOSYS)},
	{CALL(clock_getres), {CLOCK_MONOTONIC, 0}, ALL(YES)},
	{CALL(clock_nanosleep), {CLOCK_MONOTONIC, 0, 0, 0}, ALL(YES)},
	{CALL(prlimit64), {0, 7, 0, 0}, ALL(YES)},
	{CALL(prlimit64), {1, 7, 0, 0}, ALL(NOSYS)},
	{CALL(prlimit64), {1L << 32, 7, 0, 0}, ALL(NOSYS)},
	{CALL(prlimit64), {0, RLIMIT_CORE, 0, 0}, ALL(YES)},
	/* 1 cannot be made 0, with which a piped core_pattern gets the core */
	{CALL(prlimit64), {0, RLIMIT_CORE, 1, 0}, ALL(NOSYS)},
	{CALL(prlimit64), {0, (long)(RLIMIT_CORE | 1UL << 32), 1, 0}, ALL(NOSYS)},
	{CALL(prlimit64), {0, RLIMIT_CORE, 1L << 32, 0}, ALL(NOSYS)},
	{CALL(prlimit64), {0, RLIMIT_STACK, 1, 0}, ALL(YES)},
	{CALL(prlimit64), {0, RLIMIT_NOFILE, 1, 0}, ALL(YES)},
	{CALL(prlimit64), {0, RLIMIT_AS, 1, 0}, ALL(YES)},
	{CALL(prlimit64), {1, RLIMIT_NOFILE, 1, 0}, ALL(NOSYS)},
	/* memory that is not one's own */
	{CALL(mmap), {0, 0, 0, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE}, ALL(YES)},
	{CALL(mmap), {0, 0, 0, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB}, ALL(NOSYS)},
	{CALL(mmap), {0, 0, 0, MAP_SHARED | MAP_ANONYMOUS | MAP_HUGETLB | 21 << MAP_HUGE_SHIFT}, ALL(NOSYS)},
	{CALL(madvise), {1, 0, MADV_DONTNEED}, ALL(YES)},
	{CALL(madvise), {1, 0, MADV_FREE}, ALL(YES)},
	{CALL(madvise), {1, 0, MADV_DOFORK}, ALL(YES)},
	{CALL(madvise), {1, 0, MADV_MERGEABLE}, ALL(NOSYS)},
	{CALL(madvise), {1, 0, MADV_HUGEPAGE}, ALL(YES)},
	{CALL(madvise), {1, 0, MADV_NOHUGEPAGE}, ALL(YES)},
	{CALL(madvise), {1, 0, MADV_DONTDUMP}, ALL(YES)},
	{CALL(madvise), {1, 0, MADV_POPULATE_WRITE}, ALL(YES)},
	{CALL(madvise), {1, 0, 100 /* MADV_HWPOISON */}, ALL(NOSYS)},
	{CALL(madvise), {1, 0, 102 /* MADV_GUARD_INSTALL */}, ALL(YES)},
	/* threads */
	{CALL(futex), {0, FUTEX_WAKE}, ALL(YES)},
	{CALL(futex), {0, FUTEX_WAIT | FUTEX_PRIVATE_FLAG}, ALL(YES)},
	{CALL(futex), {0, FUTEX_CMP_REQUEUE | FUTEX_PRIVATE_FLAG}, ALL(YES)},
	{CALL(futex), {0, FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME}, ALL(YES)},
	{CALL(futex), {0, FUTEX_WAKE_BITSET}, ALL(YES)},
	{CALL(futex), {0, FUTEX_LOCK_PI}, ALL(NOSYS)},
	{CALL(futex), {0, FUTEX_TRYLOCK_PI | FUTEX_PRIVATE_FLAG}, ALL(NOSYS)},
	{CALL(futex), {0, FUTEX_WAIT_REQUEUE_PI}, ALL(NOSYS)},
	{CALL(futex), {0, FUTEX_CMP_REQUEUE_PI}, ALL(NOSYS)},
	{CALL(futex), {0, 13 /* FUTEX_LOCK_PI2 */}, ALL(NOSYS)},
	{CALL(membarrier), {0}, ALL(YES)},
	{CALL(membarrier), {16 /* MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED */}, ALL(YES)},
	{CALL(membarrier), {1 /* MEMBARRIER_CMD_GLOBAL */}, ALL(NOSYS)},
	{CALL(membarrier), {2 /* MEMBARRIER_CMD_GLOBAL_EXPEDITED */}, ALL(NOSYS)},
#ifdef __x86_64__
	{CALL(arch_prctl), {0x5005 /* ARCH_SHSTK_STATUS */, 0}, ALL(YES)},
	{CALL(arch_prctl), {0x1012 /* ARCH_SET_CPUID */, 1}, ALL(NOSYS)},
	{CALL(arch_prctl), {0x2003 /* ARCH_MAP_VDSO_64 */, 0}, ALL(NOSYS)},
#endif
	/* asked of oneself; of others not, for the answer tells that they are there */
	{CALL(getpgid), {0}, ALL(YES)},
	{CALL(getpgid), {1}, ALL(NOSYS)},
	{CALL(getsid), {0}, ALL(YES)},
	{CALL(getsid), {1}, ALL(NOSYS)},
	{CALL(getpriority), {PRIO_PROCESS, 0}, ALL(YES)},
	{CALL(getpriority), {PRIO_PROCESS, 1}, ALL(NOSYS)},
	{CALL(getpriority), {PRIO_PGRP, 0}, ALL(NOSYS)},
	{CALL(getpriority), {PRIO_USER, 0}, ALL(NOSYS)},
	{CALL(sched_getaffinity), {0, 0, 0}, ALL(YES)},
	{CALL(sched_getaffinity), {1, 0, 0}, ALL(NOSYS)},
	{CALL(sched_getscheduler), {0}, ALL(NOSYS)},
	{CALL(capget), {0}, ALL(PERM)},
	{CALL(syncfs), {-1}, ALL(NOSYS)},
	/* processes */
	{CALL(get_robust_list), {1}, ALL(NOSYS)}, /* an address out of another process; no libc asks */
	{CALL(kill), {0, 0}, PLAIN_OTHERS(PERM, YES)},
	{CALL(wait4), {-1, 0, WNOHANG}, PLAIN_OTHERS(NOSYS, YES)},
	{CALL(clone), {SIGCHLD}, PLAIN_OTHERS(PERM, YES)},
	{CALL(clone), {SIGCHLD | CLONE_NEWUSER}, PLAIN_OTHERS(PERM, NOSYS)},
	{CALL(clone), {SIGCHLD | CLONE_NEWNS | CLONE_NEWUSER}, PLAIN_OTHERS(PERM, NOSYS)},
	{CALL(clone), {SIGCHLD | CLONE_NEWPID}, PLAIN_OTHERS(PERM, NOSYS)},
	{CALL(clone3), {0, 0}, ALL(NOSYS)},
	{CALL(setsid), {0}, PLAIN_OTHERS(PERM, YES)},
	{CALL(socketpair), {AF_UNIX, SOCK_STREAM, 0, 0}, {PERM, YES, NOSYS, NOSYS}},
	{CALL(socketpair), {AF_INET, SOCK_STREAM, 0, 0}, PLAIN_OTHERS(PERM, NOSYS)},
	/* network */
	{CALL(socket), {AF_INET, SOCK_STREAM, 0}, NET_ONLY(PERM, YES)},
	{CALL(socket), {AF_INET6, SOCK_DGRAM, 0}, NET_ONLY(PERM, YES)},
	{CALL(socket), {AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_TCP}, NET_ONLY(PERM, YES)},
	{CALL(socket), {AF_INET6, SOCK_STREAM, IPPROTO_TCP}, NET_ONLY(PERM, YES)},
	{CALL(socket), {AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, IPPROTO_UDP}, NET_ONLY(PERM, YES)},
	{CALL(socket), {AF_INET6, SOCK_DGRAM, IPPROTO_UDP}, NET_ONLY(PERM, YES)},
	{CALL(socket), {AF_INET, SOCK_STREAM, 262 /* MPTCP */}, NET_ONLY(PERM, NOSYS)},
	{CALL(socket), {AF_INET6, SOCK_STREAM, IPPROTO_SCTP}, NET_ONLY(PERM, NOSYS)},
	{CALL(socket), {AF_INET, SOCK_SEQPACKET, 0}, NET_ONLY(PERM, NOSYS)},
	{CALL(socket), {AF_INET, SOCK_DGRAM, IPPROTO_ICMP}, NET_ONLY(PERM, NOSYS)},
	{CALL(socket), {AF_INET, SOCK_RAW, 0}, NET_ONLY(PERM, NOSYS)},
	{CALL(socket), {AF_UNIX, SOCK_STREAM, 0}, NET_ONLY(PERM, NOSYS)},
	{CALL(socket), {AF_NETLINK, SOCK_RAW, 0}, NET_ONLY(PERM, NOSYS)},
	{CALL(socket), {AF_PACKET, SOCK_RAW, 0}, NET_ONLY(PERM, NOSYS)},
	{CALL(socket), {38 /* AF_ALG */, SOCK_SEQPACKET, 0}, NET_ONLY(PERM, NOSYS)},
	{CALL(connect), {-1}, NET_ONLY(PERM, YES)},
	{CALL(sendmsg), {-1}, NET_ONLY(PERM, YES)},
	{CALL(bind), {-1}, NET_ONLY(PERM, YES)},
	{CALL(setsockopt), {-1, SOL_SOCKET, SO_KEEPALIVE}, NET_ONLY(PERM, YES)},
	{CALL(setsockopt), {-1, SOL_SOCKET, SO_RCVTIMEO}, NET_ONLY(PERM, YES)},
	{CALL(setsockopt), {-1, SOL_SOCKET, SO_TIMESTAMPNS}, NET_ONLY(PERM, YES)},
	{CALL(setsockopt), {-1, SOL_SOCKET, SO_ATTACH_FILTER}, NET_ONLY(PERM, NOSYS)},
	{CALL(setsockopt), {-1, SOL_SOCKET, SO_ATTACH_BPF}, NET_ONLY(PERM, NOSYS)},
	{CALL(setsockopt), {-1, SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF}, NET_ONLY(PERM, NOSYS)},
	{CALL(setsockopt), {-1, (long)(SOL_SOCKET | 1UL << 32), SO_ATTACH_FILTER}, NET_ONLY(PERM, NOSYS)},
	{CALL(setsockopt), {-1, IPPROTO_TCP, TCP_NODELAY}, NET_ONLY(PERM, YES)},
	{CALL(setsockopt), {-1, IPPROTO_TCP, TCP_USER_TIMEOUT}, NET_ONLY(PERM, YES)},
	{CALL(setsockopt), {-1, IPPROTO_TCP, TCP_ULP}, NET_ONLY(PERM, NOSYS)},
	{CALL(setsockopt), {-1, IPPROTO_IP, IP_TOS}, NET_ONLY(PERM, YES)},
	{CALL(setsockopt), {-1, IPPROTO_IP, 64 /* IPT_SO_SET_REPLACE */}, NET_ONLY(PERM, NOSYS)},
	{CALL(setsockopt), {-1, IPPROTO_IPV6, IPV6_V6ONLY}, NET_ONLY(PERM, YES)},
	{CALL(setsockopt), {-1, IPPROTO_UDP, 103 /* UDP_SEGMENT */}, NET_ONLY(PERM, YES)},
	{CALL(setsockopt), {-1, IPPROTO_UDP, 100 /* UDP_ENCAP */}, NET_ONLY(PERM, NOSYS)},
	{CALL(setsockopt), {-1, 284 /* SOL_MPTCP */, 1}, NET_ONLY(PERM, NOSYS)},
	/* refused politely */
	{CALL(setuid), {-1}, ALL(PERM)},
	{CALL(setgroups), {0}, ALL(PERM)},
	{CALL(capset), {0}, ALL(PERM)},
	{CALL(chroot), {0}, ALL(PERM)},
	{CALL(setpriority), {99}, ALL(PERM)},
	{CALL(sched_setaffinity), {-1}, ALL(PERM)},
	{CALL(pidfd_open), {-1}, ALL(PERM)},
	{CALL(pidfd_send_signal), {-1}, ALL(PERM)},
	{CALL(shmget), {0}, ALL(PERM)},
	{CALL(msgget), {0}, ALL(PERM)},
	{CALL(semget), {0}, ALL(PERM)},
	{CALL(mq_open), {0}, ALL(PERM)},
	{CALL(inotify_init1), {-1}, ALL(PERM)},
	{CALL(personality), {-1}, ALL(PERM)},
	{CALL(settimeofday), {0}, ALL(PERM)},
	/* never legitimate */
	{CALL(ptrace), {-1}, ALL(KILL)},
	{CALL(process_vm_writev), {-1}, ALL(KILL)},
	{CALL(pidfd_getfd), {-1}, ALL(KILL)},
	{CALL(mount), {0}, ALL(KILL)},
	{CALL(umount2), {0}, ALL(KILL)},
	{CALL(pivot_root), {0}, ALL(KILL)},
	{CALL(open_tree), {-1, 0, 0}, ALL(KILL)},
	{CALL(move_mount), {-1, 0, -1, 0}, ALL(KILL)},
	{CALL(unshare), {0}, ALL(KILL)},
	{CALL(setns), {-1}, ALL(KILL)},
	{CALL(open_by_handle_at), {-1}, ALL(KILL)},
	{CALL(bpf), {-1}, ALL(KILL)},
	{CALL(keyctl), {-1}, ALL(KILL)},
	{CALL(add_key), {0}, ALL(KILL)},
	{CALL(io_uring_setup), {0}, ALL(KILL)},
	{CALL(userfaultfd), {-1}, ALL(KILL)},
	{CALL(memfd_create), {0}, ALL(KILL)},
	{CALL(perf_event_open), {0, -1}, ALL(KILL)},
	{CALL(finit_module), {-1}, ALL(KILL)},
	{CALL(kexec_load), {0, 99}, ALL(KILL)},
	{CALL(reboot), {0}, ALL(KILL)},
	{CALL(execveat), {-1, 0}, ALL(KILL)},
	/* unknown to the table: as on an older kernel */
	{CALL(openat2), {-1, 0, 0, 0}, ALL(NOSYS)},
	{CALL(seccomp), {99}, ALL(NOSYS)},
	{CALL(landlock_restrict_self), {-1}, ALL(NOSYS)},
	{CALL(name_to_handle_at), {-1}, ALL(NOSYS)},
	{CALL(process_mrelease), {-1}, ALL(NOSYS)},
	{"no such call", 2000, {0}, ALL(NOSYS)},
#ifdef __x86_64__
	/* another table of numbers: x32 */
	{"x32 getpid", 0x40000000 | SYS_getpid, {0}, ALL(KILL)},
	{"x32 execve", 0x40000000 | 520, {0}, ALL(KILL)},
	{"x32 ptrace", 0x40000000 | 521, {0}, ALL(KILL)},
#endif
	{0},
};

const struct call_row calls_parent[] = {
	{CALL(wait4), {-1, 0, WNOHANG}, {YES}}, {CALL(kill), {0, 0}, {YES}},
	{CALL(write), {-1}, {YES}}, {CALL(getpid), {0}, {YES}},
	{CALL(read), {-1}, {YES}}, {CALL(openat), {AT_FDCWD, 0}, {KILL}},
	{CALL(execve), {0}, {KILL}}, {CALL(mmap), {0, 0}, {KILL}}, {CALL(mprotect), {0}, {KILL}},
	{CALL(clone), {SIGCHLD}, {KILL}}, {CALL(socket), {AF_UNIX, SOCK_STREAM, 0}, {KILL}},
	{CALL(prctl), {PR_SET_PDEATHSIG, 0}, {KILL}}, {CALL(fcntl), {-1, F_OFD_SETLK}, {KILL}},
	{CALL(ptrace), {-1}, {KILL}}, {"no such call", 2000, {0}, {KILL}},
	{0},
};

#ifdef __x86_64__
enum { OUR_ARCH = AUDIT_ARCH_X86_64 };
#else
enum { OUR_ARCH = AUDIT_ARCH_AARCH64 };
#endif

struct seccomp_data calls_data(const struct call_row *row)
{
	struct seccomp_data call = {.nr = (int)row->number, .arch = (uint32_t)OUR_ARCH};

	for (int i = 0; i < 6; i++)
		call.args[i] = (uint64_t)row->arguments[i];
	return call;
}

enum outcome calls_outcome(uint32_t answer)
{
	switch (answer) {
	case SECCOMP_RET_ALLOW: return YES;
	case SECCOMP_RET_ERRNO | EPERM: return PERM;
	case SECCOMP_RET_ERRNO | ENOSYS: return NOSYS;
	}
	return KILL;
}
