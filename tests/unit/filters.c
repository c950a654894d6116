/*
 * Goal: each profile's filter, loaded as door two loads it, answers each kind of call as sandbox/syscalls.c says;
 * exec happens once (I3), and what may start a second life of the process kills it (I5: mode 2 is real).
 *
 * Every call is made in a child of its own, with arguments that harm nothing if the filter lets them through.
 */
#include "test.h"

#include "sandbox/answer.h"
#include "sandbox/filters.h"
#include "sandbox/step.h"

#include <asm/ioctls.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum outcome { YES, PERM, NOSYS, KILL }; /* YES: the kernel itself answered */

static const char *const names[] = {"allowed", "EPERM", "ENOSYS", "killed"};

/* Loads the profile's filter; a child that cannot ends with 99. */
static void load(enum sandbox_profile profile, struct sandbox_grant *grant)
{
	struct sandbox_fault fault;

	*grant = (struct sandbox_grant){.program = "/bin/sh", .profile = profile};
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || !seccomp_close(grant, &fault))
		_exit(99);
}

/* How the child ended: its exit status, or 256 for a death by SIGSYS, or 512 for any other signal. */
static int wait_for(pid_t pid)
{
	int status;

	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	return WTERMSIG(status) == SIGSYS ? 256 : 512;
}

static enum outcome try(enum sandbox_profile profile, long number, const long a[6])
{
	pid_t pid = fork();

	if (pid == 0) {
		struct sandbox_grant grant;
		load(profile, &grant);
		long rc = syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
		_exit(rc == -1 && errno == EPERM ? PERM : rc == -1 && errno == ENOSYS ? NOSYS : YES);
	}
	int end = wait_for(pid);
	if (end > KILL && end != 256)
		FAIL("call %ld under profile %d: the child ended with %d", number, profile, end);
	return end == 256 ? KILL : (enum outcome)end;
}

enum { PROGRAMS = SANDBOX_WAIT }; /* the profiles before it are programs' */

#ifdef __x86_64__
enum { OUR_ARCH = AUDIT_ARCH_X86_64 };
#else
enum { OUR_ARCH = AUDIT_ARCH_AARCH64 };
#endif

/* What the tool works out, in the same words. */
static enum outcome work_out(enum sandbox_profile profile, long number, const long a[6])
{
	struct seccomp_data call = {.nr = (int)number, .arch = (uint32_t)OUR_ARCH};

	for (int i = 0; i < 6; i++)
		call.args[i] = (uint64_t)a[i];
	switch (answer_of(profile, &call)) {
	case SECCOMP_RET_ALLOW: return YES;
	case SECCOMP_RET_ERRNO | EPERM: return PERM;
	case SECCOMP_RET_ERRNO | ENOSYS: return NOSYS;
	}
	return KILL;
}

#define CALL(name) #name, SYS_##name
#define ALL(outcome) {outcome, outcome, outcome, outcome}
#define PLAIN_OTHERS(plain, others) {plain, others, others, others}
#define NET_ONLY(others, net) {others, others, others, net}

static void test_calls(void **state)
{
	static const struct {
		const char *name;
		long number;
		long arguments[6];
		enum outcome want[PROGRAMS]; /* PLAIN, FORK, SPAWN, NET */
	} rows[] = {
		/* every program's own business */
		{CALL(read), {-1}, ALL(YES)},
		{CALL(write), {-1}, ALL(YES)},
		{CALL(openat), {AT_FDCWD, 0}, ALL(YES)},
		{CALL(mmap), {0, 0}, ALL(YES)},
		{CALL(unlinkat), {-1, 0}, ALL(YES)},
		{CALL(fchmod), {-1}, ALL(YES)},
		{CALL(getpid), {0}, ALL(YES)},
		{CALL(truncate), {0}, ALL(YES)},
		{CALL(getsockopt), {-1}, ALL(YES)},
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
		{CALL(fcntl), {-1, F_SETLKW}, ALL(YES)},
		{CALL(fcntl), {-1, F_DUPFD_CLOEXEC}, ALL(YES)},
		{CALL(fcntl), {-1, F_OFD_SETLK}, ALL(YES)},
		{CALL(fcntl), {-1, F_SETPIPE_SZ}, ALL(YES)},
		/* signals by another door */
		{CALL(fcntl), {-1, F_SETOWN}, ALL(NOSYS)},
		{CALL(fcntl), {-1, F_SETSIG}, ALL(NOSYS)},
		{CALL(fcntl), {-1, F_SETOWN_EX}, ALL(NOSYS)},
		{CALL(fcntl), {-1, (long)(F_SETOWN | 1UL << 32)}, ALL(NOSYS)},
		{CALL(fcntl), {-1, F_SETLEASE}, ALL(NOSYS)},
		{CALL(fcntl), {-1, F_NOTIFY}, ALL(NOSYS)},
		{CALL(ioctl), {-1, TCGETS}, ALL(YES)},
		{CALL(ioctl), {-1, TIOCSTI}, ALL(NOSYS)},
		{CALL(ioctl), {-1, (long)(TIOCSTI | 1UL << 32)}, ALL(NOSYS)}, /* the kernel looks at 32 bits */
		{CALL(ioctl), {-1, TIOCLINUX}, ALL(NOSYS)},
		{CALL(ioctl), {-1, TIOCSCTTY}, ALL(NOSYS)},
		{CALL(prlimit64), {0, 7, 0, 0}, ALL(YES)},
		{CALL(prlimit64), {1, 7, 0, 0}, ALL(NOSYS)},
		{CALL(prlimit64), {1L << 32, 7, 0, 0}, ALL(NOSYS)},
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
		{CALL(socketpair), {AF_UNIX, SOCK_STREAM, 0, 0}, PLAIN_OTHERS(PERM, YES)},
		{CALL(socketpair), {AF_INET, SOCK_STREAM, 0, 0}, PLAIN_OTHERS(PERM, NOSYS)},
		/* network */
		{CALL(socket), {AF_INET, SOCK_STREAM, 0}, NET_ONLY(PERM, YES)},
		{CALL(socket), {AF_INET6, SOCK_DGRAM, 0}, NET_ONLY(PERM, YES)},
		{CALL(socket), {AF_UNIX, SOCK_STREAM, 0}, NET_ONLY(PERM, NOSYS)},
		{CALL(socket), {AF_NETLINK, SOCK_RAW, 0}, NET_ONLY(PERM, NOSYS)},
		{CALL(socket), {AF_PACKET, SOCK_RAW, 0}, NET_ONLY(PERM, NOSYS)},
		{CALL(socket), {38 /* AF_ALG */, SOCK_SEQPACKET, 0}, NET_ONLY(PERM, NOSYS)},
		{CALL(connect), {-1}, NET_ONLY(PERM, YES)},
		{CALL(sendmsg), {-1}, NET_ONLY(PERM, YES)},
		{CALL(bind), {-1}, NET_ONLY(PERM, YES)},
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
	};
	int failures = 0;

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		for (int profile = 0; profile < PROGRAMS; profile++) {
			enum outcome got = try((enum sandbox_profile)profile, rows[i].number, rows[i].arguments);
			enum outcome said =
				work_out((enum sandbox_profile)profile, rows[i].number, rows[i].arguments);
			if (got == rows[i].want[profile] && said == got)
				continue;
			failures++;
			print_message("# %s, profile %d: %s (the tool: %s), not %s\n", rows[i].name, profile,
				      names[got], names[said], names[rows[i].want[profile]]);
		}
	assert_int_equal(failures, 0);
}

#ifdef __x86_64__
/* Goal: a call by the 32-bit gate is another architecture, and kills, whatever its number means there. */
static void test_int80(void **state)
{
	(void)state;
	for (int profile = 0; profile < PROGRAMS; profile++) {
		pid_t pid = fork();
		if (pid == 0) {
			struct sandbox_grant grant;
			long rc = 20; /* getpid of i386 */
			load((enum sandbox_profile)profile, &grant);
			__asm__ volatile("int $0x80" : "+a"(rc) : : "memory", "cc");
			_exit(0);
		}
		/* 512: SIGSEGV, on a kernel that has no such gate */
		assert_in_range(wait_for(pid), 256, 512);
	}
}
#endif

/* Runs sh under the profile's filter with a script. same: exec by the hidden pointer. */
static int run(enum sandbox_profile profile, const char *script, bool same)
{
	pid_t pid = fork();

	if (pid == 0) {
		struct sandbox_grant grant;
		char *const argv[] = {"sh", "-c", (char *)(uintptr_t)script, NULL};
		char *const env[] = {NULL};

		load(profile, &grant);
		close(STDERR_FILENO);
		execve(same ? grant.exec_path : grant.program, argv, env);
		_exit(98);
	}
	return wait_for(pid);
}

/* Goal: the one exec is the gate's, by the pointer that nobody knows; the next one kills, unless it may spawn. */
/* Goal: among the real names, before ABI 3, truncate by name is refused, and nothing else is by that. */
static void test_truncate(void **state)
{
	static const struct {
		enum sandbox_isolation isolation;
		int abi, want; /* errno */
	} rows[] = {
		{SANDBOX_LANDLOCK, 1, EPERM},  {SANDBOX_LANDLOCK, 2, EPERM}, {SANDBOX_LANDLOCK, 3, EFAULT},
		{SANDBOX_NAMESPACE, 1, EFAULT}, {SANDBOX_CHROOT, 0, EFAULT},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		pid_t pid = fork();

		if (pid == 0) {
			const struct sandbox_view view = {.isolation = rows[i].isolation};
			struct sandbox_grant grant = {
				.view = &view, .program = "/bin/sh", .landlock = rows[i].abi};
			struct sandbox_fault fault;

			if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || !seccomp_close(&grant, &fault))
				_exit(99);
			int named = truncate((const char *)1, 0) == 0 ? 0 : errno;
			int opened = ftruncate(-1, 0) == 0 ? 0 : errno;
			_exit(named == rows[i].want && opened == EBADF ? 0 : named);
		}
		assert_int_equal(wait_for(pid), 0);
	}
}

static void test_exec_once(void **state)
{
	static const enum sandbox_profile once[] = {SANDBOX_PLAIN, SANDBOX_FORK, SANDBOX_NET};

	(void)state;
	for (size_t i = 0; i < ROWS(once); i++) {
		assert_int_equal(run(once[i], "exit 7", true), 7);
		assert_int_equal(run(once[i], "exit 7", false), 256); /* the same path, another pointer */
		assert_int_equal(run(once[i], "exec /bin/true", true), 256);
		assert_int_equal(run(once[i], "exec /bin/sh -c :", true), 256);
	}
	/* a child that is forked may not either: 128 + SIGSYS, as sh reports it */
	assert_int_equal(run(SANDBOX_FORK, "/bin/true; exit $?", true), 128 + SIGSYS);
	assert_int_equal(run(SANDBOX_SPAWN, "/bin/true; exit $?", true), 0);
	assert_int_equal(run(SANDBOX_SPAWN, "exec /bin/true", true), 0);
}

/* Goal: two sessions do not share the pointer, and it is not near anything that the process maps. */
static void test_pointer(void **state)
{
	int ends[2];
	uintptr_t seen[16];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	for (size_t i = 0; i < ROWS(seen); i++) {
		pid_t pid = fork();
		if (pid == 0) {
			struct sandbox_grant grant;
			load(SANDBOX_PLAIN, &grant);
			uintptr_t pointer = (uintptr_t)grant.exec_path;
			if (strcmp(grant.exec_path, grant.program) != 0)
				_exit(1);
			_exit(write(ends[1], &pointer, sizeof pointer) == sizeof pointer ? 0 : 1);
		}
		assert_int_equal(wait_for(pid), 0);
		assert_int_equal(read(ends[0], &seen[i], sizeof seen[i]), sizeof seen[i]);
		assert_true(seen[i] >> 32 != 0);
		for (size_t j = 0; j < i; j++)
			assert_true(seen[i] >> 20 != seen[j] >> 20);
	}
	close(ends[0]);
	close(ends[1]);
}

/* Goal: a gate that waits can wait, write and end; whatever else it is made to do kills it. */
static void test_parent(void **state)
{
	static const struct {
		const char *name;
		long number;
		long arguments[6];
		bool allowed;
	} rows[] = {
		{CALL(wait4), {-1, 0, WNOHANG}, true}, {CALL(kill), {0, 0}, true},
		{CALL(write), {-1}, true}, {CALL(getpid), {0}, true},
		{CALL(read), {-1}, false}, {CALL(openat), {AT_FDCWD, 0}, false},
		{CALL(execve), {0}, false}, {CALL(mmap), {0, 0}, false}, {CALL(mprotect), {0}, false},
		{CALL(clone), {SIGCHLD}, false}, {CALL(socket), {AF_UNIX, SOCK_STREAM, 0}, false},
		{CALL(prctl), {PR_SET_PDEATHSIG, 0}, false}, {CALL(fcntl), {-1, F_OFD_SETLK}, false},
		{CALL(ptrace), {-1}, false}, {"no such call", 2000, {0}, false},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		pid_t pid = fork();
		if (pid == 0) {
			struct sandbox_fault fault;
			const long *a = rows[i].arguments;
			if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || !seccomp_close_parent(&fault))
				_exit(99);
			syscall(rows[i].number, a[0], a[1], a[2], a[3], a[4], a[5]);
			syscall(SYS_exit_group, 0); /* the sanitizers' _exit() does more */
		}
		int end = wait_for(pid);
		if (end != (rows[i].allowed ? 0 : 256))
			FAIL("the parent's %s: %d", rows[i].name, end);
	}
}

/* Goal: names are those of this architecture, and what is out of range has none. */
static void test_names(void **state)
{
	(void)state;
	assert_string_equal(answer_name(SYS_openat), "openat");
	assert_string_equal(answer_name(SYS_execve), "execve");
	assert_null(answer_name(-1));
	assert_null(answer_name(100000));
}

/* Goal: the generated programs have marks where, and only where, exec happens once. */
static void test_marks(void **state)
{
	(void)state;
	for (int profile = 0; profile < SANDBOX_PROFILES; profile++) {
		const struct filter *filter = &filters[profile];

		assert_in_range(filter->length, 10, 1000);
		assert_int_equal(filter->marks_count > 0,
				 profile != SANDBOX_SPAWN && profile != SANDBOX_WAIT);
		for (unsigned i = 0; i < filter->marks_count; i++) {
			uint32_t k = filter->program[filter->marks[i]].k;
			assert_true(k == (uint32_t)FILTERS_EXEC_MARK ||
				    k == (uint32_t)(FILTERS_EXEC_MARK >> 32));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_calls),
		cmocka_unit_test(test_truncate),
#ifdef __x86_64__
		cmocka_unit_test(test_int80),
#endif
		cmocka_unit_test(test_exec_once), cmocka_unit_test(test_pointer), cmocka_unit_test(test_parent),
		cmocka_unit_test(test_marks), cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests_name("filters", tests, NULL, NULL);
}
