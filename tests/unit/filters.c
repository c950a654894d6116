/*
 * Goal: each profile's filter, loaded as door two loads it, answers each kind of call as sandbox/syscalls.c says;
 * exec happens once (I3), and what may start a second life of the process kills it (I5: mode 2 is real).
 *
 * Every call is made in a child of its own, with arguments that harm nothing if the filter lets them through.
 */
#include "test.h"

#include "calls.h"
#include "sandbox/answer.h"
#include "sandbox/filters.h"
#include "sandbox/step.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

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

/* An older kernel says ENOSYS itself: fchmodat2 came with 6.6. Asked without a filter, of a call that one lets through. */
static bool kernel_lacks(const struct call_row *row)
{
	const long *a = row->arguments;
	pid_t pid = fork();

	if (pid == 0)
		_exit(syscall(row->number, a[0], a[1], a[2], a[3], a[4], a[5]) == -1 && errno == ENOSYS);
	return wait_for(pid) == 1;
}

static void test_calls(void **state)
{
	int failures = 0;

	(void)state;
	for (const struct call_row *row = calls_rows; row->name; row++)
		for (int profile = 0; profile < PROGRAMS; profile++) {
			const struct seccomp_data call = calls_data(row);
			enum outcome got = try((enum sandbox_profile)profile, row->number, row->arguments);
			enum outcome said = calls_outcome(answer_of((enum sandbox_profile)profile, &call));

			if (got == NOSYS && said == YES && kernel_lacks(row))
				got = YES;
			if (got == row->want[profile] && said == got)
				continue;
			failures++;
			print_message("# %s, profile %d: %s (the tool: %s), not %s\n", row->name, profile,
				      names[got], names[said], names[row->want[profile]]);
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

/* Goal: what removes for itself alone names whole paths: nothing goes by its directory's descriptor. */
static void test_one_by_one(void **state)
{
	static const struct {
		bool one_by_one;
		long directory;
		int want; /* errno */
	} rows[] = {
		{true, 0, EPERM},       {true, 1000000, EPERM},      {true, INT_MAX, EPERM},
		{true, AT_FDCWD, EFAULT}, {true, (uint32_t)AT_FDCWD, EFAULT}, {false, 1000000, EFAULT},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		pid_t pid = fork();

		if (pid == 0) {
			struct sandbox_grant grant = {.program = "/bin/sh", .one_by_one = rows[i].one_by_one};
			struct sandbox_fault fault;

			if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || !seccomp_close(&grant, &fault))
				_exit(99);
			int error = syscall(SYS_unlinkat, rows[i].directory, 1, 0) == 0 ? 0 : errno;
			_exit(error == rows[i].want ? 0 : 1);
		}
		assert_int_equal(wait_for(pid), 0);
	}
}

/* Goal: the one exec is the gate's, by the pointer that nobody knows; the next one kills, unless it may spawn. */
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
	uintptr_t seen[16], offsets = 0;

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
		offsets |= seen[i] & 4095;
		for (size_t j = 0; j < i; j++)
			assert_true(seen[i] >> 20 != seen[j] >> 20);
	}
	assert_true(offsets != 0);
	close(ends[0]);
	close(ends[1]);
}

static size_t page_size; /* of a kernel that we play; 0: as it is here */
static size_t refused_pages;

int __real_getpagesize(void);
int __wrap_getpagesize(void);
int __wrap_getpagesize(void) { return page_size ? (int)page_size : __real_getpagesize(); }

void *__real_mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset);
void *__wrap_mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset);
void *__wrap_mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset)
{
	if (!page_size || (uintptr_t)at % page_size == 0)
		return __real_mmap(at, size, protection, flags, fd, offset);
	refused_pages++;
	errno = EINVAL;
	return MAP_FAILED;
}

/* Goal: where pages are larger, as on some arm64, the pointer's is one of those, and not by luck. */
static void test_large_pages(void **state)
{
	enum { TIMES = 16 };

	(void)state;
	page_size = 65536;
	for (int i = 0; i < TIMES; i++) {
		pid_t pid = fork();
		if (pid == 0) {
			struct sandbox_grant grant;
			load(SANDBOX_PLAIN, &grant);
			_exit(refused_pages > 0);
		}
		assert_int_equal(wait_for(pid), 0);
	}
	page_size = 0;
}

/* Goal: a gate that waits can wait, write and end; whatever else it is made to do kills it. */
static void test_parent(void **state)
{
	(void)state;
	for (const struct call_row *row = calls_parent; row->name; row++) {
		pid_t pid = fork();
		if (pid == 0) {
			struct sandbox_fault fault;
			const long *a = row->arguments;
			if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || !seccomp_close_parent(&fault))
				_exit(99);
			syscall(row->number, a[0], a[1], a[2], a[3], a[4], a[5]);
			syscall(SYS_exit_group, 0); /* the sanitizers' _exit() does more */
		}
		int end = wait_for(pid);
		if (end != (row->want[0] == YES ? 0 : 256))
			FAIL("the parent's %s: %d", row->name, end);
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
		cmocka_unit_test(test_one_by_one),
#ifdef __x86_64__
		cmocka_unit_test(test_int80),
#endif
		cmocka_unit_test(test_exec_once), cmocka_unit_test(test_pointer), cmocka_unit_test(test_large_pages),
		cmocka_unit_test(test_parent), cmocka_unit_test(test_marks), cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests_name("filters", tests, NULL, NULL);
}
