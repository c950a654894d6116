/*
 * escape: to see, signal, stop, read, steer or starve other processes. The victim is a process of the same
 * account that nobody confined; the session is one that came through the gate as we did.
 *
 * Signal 0 asks the kernel for the same permission as any other, and hurts nobody.
 */
#include "escape.h"

#include <linux/capability.h>
#include <linux/kcmp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>

static pid_t session(void) { return (pid_t)number("session"); }

/* ---- signals ---- */

static int signal_victim(void) { return CALL(kill, victim(), 0); }
static int signal_session(void) { return CALL(kill, session(), 0); }
static int signal_group(void) { return CALL(kill, -victim(), 0); }
static int signal_thread(void) { return CALL(tkill, victim(), 0); }
static int signal_session_thread(void) { return CALL(tkill, session(), 0); }
static int signal_in_group(void) { return CALL(tgkill, victim(), victim(), 0); }

static siginfo_t *made_up(void)
{
	static siginfo_t info;

	info.si_code = SI_QUEUE;
	return &info;
}

static int signal_queued(void) { return CALL(rt_sigqueueinfo, victim(), 0, made_up()); }
static int signal_queued_thread(void) { return CALL(rt_tgsigqueueinfo, victim(), victim(), 0, made_up()); }

static int handle_on(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }
static int take_handle(void) { return handle_on(victim()) < 0 ? -1 : 0; }
static int signal_by_handle(void) { return CALL(pidfd_send_signal, handle_on(victim()), 0, NULL, 0); }

/* The kernel sends SIGIO, or what F_SETSIG says, to whom F_SETOWN names. The victim tells when it came. */
static int signal_by_owner(void)
{
	int ends[2];

	unlink(docroot("signalled"));
	if (pipe(ends) != 0 || CALL(fcntl, ends[0], F_SETOWN, victim()) != 0 || fcntl(ends[0], F_SETSIG, SIGUSR1) != 0 ||
	    fcntl(ends[0], F_SETFL, O_ASYNC | O_NONBLOCK) != 0 || write(ends[1], "x", 1) != 1)
		return -1;
	for (int i = 0; i < 150; i++, usleep(1000))
		if (access(docroot("signalled"), F_OK) == 0)
			return 0;
	return held(EPERM);
}

/* A terminal needs no F_SETOWN: who is in its foreground is told, of whatever session, once somebody types. */
static int signal_foreground(void)
{
	unlink(docroot("signalled"));
	if (CALL(fcntl, 2, F_SETFL, O_RDWR | O_ASYNC) != 0)
		return -1;
	close(open(docroot("type"), O_WRONLY | O_CREAT, 0666));
	for (int i = 0; i < 1000; i++, usleep(1000))
		if (access(docroot("signalled"), F_OK) == 0)
			break;
	fcntl(2, F_SETFL, O_RDWR);
	return access(docroot("signalled"), F_OK) == 0 ? 0 : held(EPERM);
}

/* Owners, signals, leases, notices, seals …: all but duplicates, flags, locks and the room in a pipe. */
static int other_fcntl(void)
{
	int fd = open(docroot("directory"), O_RDONLY | O_DIRECTORY), file = open(docroot("attributed"), O_RDONLY);

	for (int command = F_SETLKW + 1; command < 2048; command++)
		if (!(command >= F_OFD_GETLK && command <= F_OFD_SETLKW) && command != F_DUPFD_CLOEXEC &&
		    command != F_SETPIPE_SZ && command != F_GETPIPE_SZ &&
		    (CALL(fcntl, fd, command, 0L) == 0 || CALL(fcntl, file, command, 0L) == 0))
			return 0;
	return -1;
}

/* ---- memory and registers ---- */

static int seize(pid_t pid) { return CALL(ptrace, PTRACE_SEIZE, pid, NULL, NULL); }
static int trace_victim(void) { return seize(victim()); }
static int trace_session(void) { return seize(session()); }

static struct iovec there(void) { return (struct iovec){(void *)number("address"), 7}; }

static int read_memory(void)
{
	char bytes[8] = {0};
	struct iovec here = {bytes, 7}, from = there();

	return CALL(process_vm_readv, victim(), &here, 1UL, &from, 1UL, 0UL);
}

static int write_memory(void)
{
	char bytes[8] = "outside";
	struct iovec here = {bytes, 7}, to = there();

	return CALL(process_vm_writev, victim(), &here, 1UL, &to, 1UL, 0UL);
}

static int advise_memory(void)
{
	enum { PROCESS_MADVISE = 440 };
	struct iovec what = {(void *)(number("address") & ~4095L), 4096};

	return syscall(PROCESS_MADVISE, handle_on(victim()), &what, 1UL, MADV_COLD, 0) < 0 ? -1 : 0;
}

static int take_descriptor(void) { return CALL(pidfd_getfd, handle_on(victim()), 0, 0); }
static int compare(void) { return CALL(kcmp, victim(), getpid(), KCMP_VM, 0L, 0L); }

static int locks(void)
{
	void *head;
	size_t size;

	return CALL(get_robust_list, victim(), &head, &size);
}

static int migrate(void)
{
	unsigned long node = 1;

	return CALL(migrate_pages, victim(), 64UL, &node, &node);
}

static int move(void)
{
	void *page = (void *)(number("address") & ~4095L);
	int status;

	return CALL(move_pages, victim(), 1UL, &page, NULL, &status, 0);
}

/* ---- limits, priorities, processors ---- */

static int limit(pid_t pid)
{
	struct rlimit now;

	return CALL(prlimit64, pid, RLIMIT_NOFILE, NULL, &now);
}

static int limit_victim(void) { return limit(victim()); }
static int limit_session(void) { return limit(session()); }

/*
 * The gate leaves a limit of 1, with which a piped core_pattern gets nothing. With 0 it does (core(5)): the host would
 * start its program, as root, on memory that we wrote.
 */
static int limit_of_cores_lowered(void)
{
	struct rlimit now;

	if (getrlimit(RLIMIT_CORE, &now) != 0)
		return -1;
	now.rlim_cur = 0;
	return CALL(prlimit64, 0, RLIMIT_CORE, &now, NULL);
}

/* Ones own, raised: a process of the account may, as far as its hard limit goes. */
static int limit_raised(void)
{
	struct rlimit now;

	return getrlimit(RLIMIT_CORE, &now) != 0 ? -1 : CALL(setrlimit, RLIMIT_CORE, &now);
}

static int nice_victim(void) { return CALL(setpriority, PRIO_PROCESS, victim(), 5); }

static int pin(void)
{
	unsigned long mask[16];

	return CALL(sched_getaffinity, 0, sizeof mask, mask) != 0 ? -1
								  : CALL(sched_setaffinity, victim(), sizeof mask, mask);
}

static int schedule(void)
{
	struct sched_param none = {0};

	return CALL(sched_setscheduler, victim(), SCHED_OTHER, &none);
}

static int parameter(void)
{
	struct sched_param none = {0};

	return CALL(sched_setparam, victim(), &none);
}

static int sched_attributes(void)
{
	enum { KEEP_ALL = 0x18 };
	uint32_t attributes[12] = {sizeof attributes, 0, KEEP_ALL};

	return CALL(sched_setattr, victim(), attributes, 0);
}

static int disk_priority(void) { return CALL(ioprio_set, 1, victim(), 2 << 13 | 4); }

/* ---- that it is there at all ---- */

static int see_group(void) { return CALL(getpgid, victim()); }
static int see_session(void) { return CALL(getsid, victim()); }
static int see_priority(void) { return CALL(getpriority, PRIO_PROCESS, victim()); }

/* The best of all that the account runs. */
static int see_priority_of_all(void) { return CALL(getpriority, PRIO_USER, 0); }

/* The answer is another where there is none: no signal is sent, and none need be. */
static int see_by_signal(void)
{
	enum { NOBODY = 0x3ffffff };

	int there = CALL(tgkill, victim(), victim(), 0) == 0 ? 0 : errno;
	int nobody = CALL(tgkill, NOBODY, NOBODY, 0) == 0 ? 0 : errno;

	return there == nobody ? held(there) : 0;
}

static int see_scheduler(void) { return CALL(sched_getscheduler, victim()); }
static int see_disk_priority(void) { return CALL(ioprio_get, 1, victim()); }

static int see_processors(void)
{
	unsigned long mask[16];

	return CALL(sched_getaffinity, victim(), sizeof mask, mask);
}

static int see_capabilities(void)
{
	struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, victim()};
	struct __user_cap_data_struct data[2];

	return CALL(capget, &head, data);
}

/* As clock_getcpuclockid(3) makes it, where that may not be asked for. */
static clockid_t clock_of(pid_t pid) { return (clockid_t)(~(unsigned)pid << 3 | 2); }

/* How long it has had a processor, to the nanosecond. */
static int see_clock(void)
{
	struct timespec used;

	return CALL(clock_gettime, clock_of(victim()), &used);
}

/* To sleep until it has had some more: a timer is put on it. */
static int wait_for_clock(void)
{
	const struct timespec past = {0};

	return CALL(clock_nanosleep, clock_of(victim()), TIMER_ABSTIME, &past, NULL);
}

static int see_proc(void)
{
	char path[32];
	struct stat st;

	snprintf(path, sizeof path, "/proc/%d", victim());
	return CALL(stat, path, &st);
}

const struct attempt escape_processes[] = {
	{"kill", "kill", ACCOUNT, signal_victim},
	{"kill-session", "kill", ACCOUNT, signal_session},
	{"kill-group", "kill", ACCOUNT, signal_group},
	{"tkill", "tkill", ACCOUNT, signal_thread},
	{"tkill-session", "tkill", ACCOUNT, signal_session_thread},
	{"tgkill", "tgkill", ACCOUNT, signal_in_group},
	{"sigqueue", "rt_sigqueueinfo", ACCOUNT, signal_queued},
	{"sigqueue-thread", "rt_tgsigqueueinfo", ACCOUNT, signal_queued_thread},
	{"pidfd-open", "pidfd_open", ACCOUNT, take_handle},
	{"pidfd-signal", "pidfd_send_signal", ACCOUNT, signal_by_handle},
	{"pidfd-getfd", "pidfd_getfd", ACCOUNT, take_descriptor},
	{"sigio", "fcntl", ACCOUNT, signal_by_owner},
	{"sigio-terminal", "fcntl", ACCOUNT, signal_foreground},
	{"fcntl-others", "fcntl", ACCOUNT, other_fcntl},
	{"ptrace", "ptrace", ACCOUNT, trace_victim},
	{"ptrace-session", "ptrace", ACCOUNT, trace_session},
	{"vm-read", "process_vm_readv", ACCOUNT, read_memory},
	{"vm-write", "process_vm_writev", ACCOUNT, write_memory},
	{"vm-advise", "process_madvise", ROOT, advise_memory},
	{"kcmp", "kcmp", ACCOUNT, compare},
	{"robust-list", "get_robust_list", ACCOUNT, locks},
	{"migrate-pages", "migrate_pages", ACCOUNT, migrate},
	{"move-pages", "move_pages", ACCOUNT, move},
	{"prlimit", "prlimit64", ACCOUNT, limit_victim},
	{"prlimit-session", "prlimit64", ACCOUNT, limit_session},
	{"core-limit", "prlimit64", ACCOUNT, limit_of_cores_lowered},
	{"setrlimit", "setrlimit", ACCOUNT, limit_raised},
	{"setpriority", "setpriority", ACCOUNT, nice_victim},
	{"affinity", "sched_setaffinity", ACCOUNT, pin},
	{"scheduler", "sched_setscheduler", ACCOUNT, schedule},
	{"scheduler-parameter", "sched_setparam", ACCOUNT, parameter},
	{"scheduler-attributes", "sched_setattr", ACCOUNT, sched_attributes},
	{"ioprio", "ioprio_set", ACCOUNT, disk_priority},
	{"see-group", "getpgid", ACCOUNT, see_group},
	{"see-session", "getsid", ACCOUNT, see_session},
	{"see-priority", "getpriority", ACCOUNT, see_priority},
	{"see-priority-of-all", "getpriority", ACCOUNT, see_priority_of_all},
	{"see-by-signal", "tgkill", ACCOUNT, see_by_signal},
	{"see-scheduler", "sched_getscheduler", ACCOUNT, see_scheduler},
	{"see-ioprio", "ioprio_get", ACCOUNT, see_disk_priority},
	{"see-processors", "sched_getaffinity", ACCOUNT, see_processors},
	{"see-capabilities", "capget", ACCOUNT, see_capabilities},
	{"see-clock", "clock_gettime", ACCOUNT, see_clock},
	{"wait-clock", "clock_nanosleep", ACCOUNT, wait_for_clock},
	{"see-proc", "stat", ACCOUNT, see_proc},
	{0},
};
