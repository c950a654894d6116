/*
 * escape: to reach the parts of the kernel where its faults have been. That the call is carried out at all is
 * what is tried; where carrying it out would harm the machine, the arguments are such that it cannot be.
 */
#include "escape.h"

#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/futex.h>
#include <linux/io_uring.h>
#include <linux/keyctl.h>
#include <linux/perf_event.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/time.h>
#include <sys/timex.h>
#include <sys/utsname.h>
#include <time.h>

enum { PAGE = 4096 };

static int map_of_bpf(void)
{
	union bpf_attr map = {.map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 4, .max_entries = 1};

	return CALL(bpf, BPF_MAP_CREATE, &map, sizeof map);
}

static int program_of_bpf(void)
{
	static const uint64_t code[] = {0xb7, 0x95}; /* r0 = 0; exit */
	union bpf_attr program = {.prog_type = BPF_PROG_TYPE_SOCKET_FILTER, .insn_cnt = 2};

	program.insns = (uint64_t)(uintptr_t)code;
	program.license = (uint64_t)(uintptr_t)"GPL";
	return CALL(bpf, BPF_PROG_LOAD, &program, sizeof program);
}

/* ---- keys ---- */

static int ring(void) { return CALL(keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_USER_KEYRING, 1); }

static int join(void) { return CALL(keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL); }
static int add(void) { return CALL(add_key, "user", "escape", "x", 1UL, KEY_SPEC_PROCESS_KEYRING); }

static int request(void) { return reached(syscall(SYS_request_key, "user", "escape-nobody-has-it", NULL, 0), ENOKEY); }

/* ---- rings, faults, counters ---- */

static int uring(void)
{
	struct io_uring_params parameters = {0};

	return CALL(io_uring_setup, 1, &parameters);
}

static int uring_enter(void) { return reached(syscall(SYS_io_uring_enter, -1, 0, 0, 0, NULL, 0UL), EBADF); }
static int uring_register(void) { return reached(syscall(SYS_io_uring_register, -2, 0, NULL, 0), EBADF); }

static int faults(void)
{
	enum { USER_MODE_ONLY = 1 };

	return CALL(userfaultfd, USER_MODE_ONLY);
}

static int faults_of_the_kernel(void) { return CALL(userfaultfd, 0); }

static int counter(void)
{
	struct perf_event_attr event = {.type = PERF_TYPE_SOFTWARE, .size = sizeof event,
					.config = PERF_COUNT_SW_TASK_CLOCK, .exclude_kernel = 1};

	return CALL(perf_event_open, &event, 0, -1, -1, 0UL);
}

static int filter_of_ones_own(void)
{
	struct sock_filter allow = {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW};
	struct sock_fprog program = {1, &allow};

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	return CALL(seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
}

/* A lock whose holder inherits the priority of who waits: that half of futexes has been broken most. */
static int lock_with_priority(void)
{
	static uint32_t word;

	return CALL(futex, &word, FUTEX_LOCK_PI, 0, NULL, NULL, 0);
}

/* ---- what touches every processor, or memory that is not ours ---- */

static int halt_all(void) { return CALL(membarrier, 1 /* MEMBARRIER_CMD_GLOBAL */, 0, 0); }

static int barrier_for_others(void) { return CALL(membarrier, 2 /* MEMBARRIER_CMD_GLOBAL_EXPEDITED */, 0, 0); }

/* Pages that are the same are made one, and to write to such a one takes longer: so one learns what others hold. */
static int merge_pages(void)
{
	void *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return page == MAP_FAILED ? -1 : CALL(madvise, page, (long)PAGE, MADV_MERGEABLE);
}

/* Of the pool that the host set aside for others. Without a reservation the call tells whether any may be had. */
static int huge_pages(void)
{
	return syscall(SYS_mmap, NULL, 2L << 20, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | MAP_NORESERVE, -1, 0) == -1
		       ? -1
		       : 0;
}

/* All that anybody wrote to the file system waits to be on the disk. */
static int flush_file_system(void) { return CALL(syncfs, open(docroot("attributed"), O_RDONLY)); }

/* ---- modules, swap, accounting: they come to nothing, behind the check of who asks ---- */

static int module(void) { return reached(syscall(SYS_init_module, "no module", 9UL, ""), ENOEXEC); }
static int module_by_file(void) { return reached(syscall(SYS_finit_module, 0, "", 0), ENOEXEC); }
static int module_gone(void) { return reached(syscall(SYS_delete_module, "escape_no_such", O_NONBLOCK), ENOENT); }
static int swap_on(void) { return reached(syscall(SYS_swapon, "/escape/no/such", 0), ENOENT); }
static int swap_off(void) { return reached(syscall(SYS_swapoff, "/escape/no/such"), ENOENT); }
static int account(void) { return reached(syscall(SYS_acct, "/escape/no/such"), ENOENT); }
static int reboot(void) { return reached(syscall(SYS_reboot, 0, 0, 0, NULL), EINVAL); } /* without its magic numbers */
static int quota(void) { return CALL(quotactl, 0x80000100, NULL, 0, NULL); } /* Q_SYNC of nothing */

/* ---- ports, segments, other doors into the kernel ---- */

static int ports(void) { return CALL(ioperm, 0x80UL, 1UL, 1); }
static int all_ports(void) { return CALL(iopl, 3); }

static int segments(void)
{
	char table[16];

	return CALL(modify_ldt, 0, table, sizeof table);
}

/* All but where a thread's variables are, and the shadow stack: the processor's identity, features, the vdso. */
static int other_registers(void)
{
#ifdef __x86_64__
	static const long requests[] = {0x1004, 0x1011, 0x1012, 0x1021, 0x1022, 0x1023, 0x1024, 0x1025,
					0x2001, 0x2002, 0x2003, 0x4001, 0x4002, 0x4003, 0x4004};
	uint64_t word[2];

	for (size_t i = 0; i < sizeof requests / sizeof *requests; i++)
		if (CALL(arch_prctl, requests[i], word) == 0)
			return 0;
	return -1;
#else
	return held(ENOSYS);
#endif
}

static int layout(void) { return CALL(personality, (long)ADDR_NO_RANDOMIZE); }
static int other_system(void) { return CALL(personality, (long)PER_LINUX32); }

/* getpid by the numbers of i386, and by those of x32. */
static int enter_i386(void)
{
#ifdef __x86_64__
	long result;

	__asm__ volatile("int $0x80" : "=a"(result) : "a"(20L) : "memory", "r8", "r9", "r10", "r11");
	return (int)result == getpid() ? 0 : held(ENOSYS);
#else
	return held(ENOSYS);
#endif
}

/* The number of another call: what a filter of numbers alone would let by. */
static int enter_i386_to_execute(void)
{
#ifdef __x86_64__
	long result;

	/* 11 is execve there and munmap here; with no path it is EFAULT when it is reached */
	__asm__ volatile("int $0x80" : "=a"(result) : "a"(11L), "b"(0L), "c"(0L), "d"(0L)
			 : "memory", "r8", "r9", "r10", "r11");
	return (int)result == -EFAULT ? 0 : held(ENOSYS);
#else
	return held(ENOSYS);
#endif
}

static int enter_x32(void) { return (int)syscall(0x40000000L + SYS_getpid) == getpid() ? 0 : -1; }

/* ---- the host's clock, names and log: as they are ---- */

static int clock_by_time(void) { return CALL(settimeofday, NULL, NULL); }

static int clock_asked(void)
{
	struct timex none = {0};

	return CALL(adjtimex, &none);
}

static int clock_of_asked(void)
{
	struct timex none = {0};

	return CALL(clock_adjtime, CLOCK_REALTIME, &none);
}

static int host_name(void)
{
	struct utsname now;

	return uname(&now) != 0 ? -1 : CALL(sethostname, now.nodename, strlen(now.nodename));
}

static int domain_name(void)
{
	struct utsname now;

	return uname(&now) != 0 ? -1 : CALL(setdomainname, now.domainname, strlen(now.domainname));
}

static int log_size(void) { return CALL(syslog, 10, NULL, 0); }

static int hang_up(void)
{
	setsid();
	return CALL(vhangup);
}

const struct attempt escape_kernel[] = {
	{"bpf-map", "bpf", ROOT, map_of_bpf},
	{"bpf-program", "bpf", ROOT, program_of_bpf},
	{"keyctl", "keyctl", ACCOUNT, ring},
	{"keyctl-join", "keyctl", ACCOUNT, join},
	{"add-key", "add_key", ACCOUNT, add},
	{"request-key", "request_key", ACCOUNT, request},
	{"io-uring-setup", "io_uring_setup", ACCOUNT, uring},
	{"io-uring-enter", "io_uring_enter", ACCOUNT, uring_enter},
	{"io-uring-register", "io_uring_register", ACCOUNT, uring_register},
	{"userfaultfd", "userfaultfd", ACCOUNT, faults},
	{"userfaultfd-kernel", "userfaultfd", ROOT, faults_of_the_kernel},
	{"perf", "perf_event_open", ACCOUNT, counter},
	{"seccomp-listener", "seccomp", ACCOUNT, filter_of_ones_own},
	{"futex-priority", "futex", ACCOUNT, lock_with_priority},
	{"barrier-global", "membarrier", ACCOUNT, halt_all},
	{"barrier-expedited", "membarrier", ACCOUNT, barrier_for_others},
	{"merge-pages", "madvise", ACCOUNT, merge_pages},
	{"huge-pages", "mmap-huge", ACCOUNT, huge_pages},
	{"syncfs", "syncfs", ACCOUNT, flush_file_system},
	{"arch-prctl", "arch_prctl", ACCOUNT, other_registers},
	{"init-module", "init_module", ROOT, module},
	{"finit-module", "finit_module", ROOT, module_by_file},
	{"delete-module", "delete_module", ROOT, module_gone},
	{"swapon", "swapon", ROOT, swap_on},
	{"swapoff", "swapoff", ROOT, swap_off},
	{"acct", "acct", ROOT, account},
	{"reboot", "reboot", ROOT, reboot},
	{"quotactl", "quotactl", ACCOUNT, quota},
	{"ioperm", "ioperm", ROOT, ports},
	{"iopl", "iopl", ROOT, all_ports},
	{"modify-ldt", "modify_ldt", ACCOUNT, segments},
	{"personality-layout", "personality", ACCOUNT, layout},
	{"personality-32", "personality", ACCOUNT, other_system},
	{"i386", "int80", ACCOUNT, enter_i386},
	{"i386-execve", "int80", ACCOUNT, enter_i386_to_execute},
	{"x32", "x32", ACCOUNT, enter_x32},
	{"settimeofday", "settimeofday", ROOT, clock_by_time},
	{"adjtimex", "adjtimex", ACCOUNT, clock_asked},
	{"clock-adjtime", "clock_adjtime", ACCOUNT, clock_of_asked},
	{"sethostname", "sethostname", ROOT, host_name},
	{"setdomainname", "setdomainname", ROOT, domain_name},
	{"syslog", "syslog", ROOT, log_size},
	{"vhangup", "vhangup", ROOT, hang_up},
	{0},
};
