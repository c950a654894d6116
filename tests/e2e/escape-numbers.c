/*
 * escape: calls by their numbers, newer than most lists of calls, and old ones that such lists forget. None is
 * dangerous that is known of; what is not listed must not be there.
 */
#include "escape.h"

#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <time.h>

/* The same on every architecture. Source: scripts/syscall.tbl of Linux 6.18. */
enum {
	EPOLL_PWAIT2 = 441,
	FUTEX_WAITV = 449,
	CACHESTAT = 451,
	FUTEX_WAKE_BY_NUMBER = 454,
	STATMOUNT = 457,
	LISTMOUNT = 458,
	LSM_LIST_MODULES = 461,
	MSEAL = 462,
	SETXATTRAT = 463,
	GETXATTRAT = 464,
	LISTXATTRAT = 465,
	REMOVEXATTRAT = 466,
	FILE_GETATTR = 468,
	FILE_SETATTR = 469,
	LANDLOCK_CREATE_RULESET = 444,
};

#define NUMBER(n, ...) (syscall(n, ##__VA_ARGS__) < 0 ? -1 : 0)

static char buffer[4096];

static int wait_for_events(void)
{
	struct epoll_event event;
	struct timespec none = {0};

	return NUMBER(EPOLL_PWAIT2, epoll_create1(0), &event, 1, &none, NULL, 0UL);
}

static int wait_for_futexes(void) { return reached(syscall(FUTEX_WAITV, NULL, 0, 0, NULL, 0), EINVAL); }

static int wake(void)
{
	enum { SIZE_U32 = 2 };
	static uint32_t word;

	return NUMBER(FUTEX_WAKE_BY_NUMBER, &word, 1UL, 1, SIZE_U32);
}

static int cached(void)
{
	uint64_t range[2] = {0, 0}, counts[5];

	return NUMBER(CACHESTAT, open(docroot("attributed"), O_RDONLY), range, counts, 0);
}

/* struct mnt_id_req; LSMT_ROOT and its like */
struct mount_request {
	uint32_t size, spare;
	uint64_t id, parameter, namespace;
};

static int list_mounts(void)
{
	struct mount_request all = {24, 0, UINT64_MAX, 0, 0};
	uint64_t ids[64];

	return NUMBER(LISTMOUNT, &all, ids, 64UL, 0);
}

static int look_at_mount(void)
{
	struct mount_request root_mount = {24, 0, 0, 2, 0}; /* STATMOUNT_MNT_BASIC */

	if (syscall(SYS_statx, AT_FDCWD, "/", 0, 0x4000 /* STATX_MNT_ID_UNIQUE */, buffer) != 0)
		return -1;
	memcpy(&root_mount.id, buffer + 0x90, sizeof root_mount.id); /* stx_mnt_id */
	return NUMBER(STATMOUNT, &root_mount, buffer, sizeof buffer, 0);
}

static int list_modules(void)
{
	uint64_t ids[16];
	uint32_t size = sizeof ids;

	return NUMBER(LSM_LIST_MODULES, ids, &size, 0);
}

static int seal(void)
{
	void *page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return page == MAP_FAILED ? -1 : NUMBER(MSEAL, page, 4096UL, 0UL);
}

struct attribute {
	uint64_t value;
	uint32_t size, flags;
};

static int set_attribute(void)
{
	struct attribute x = {(uint64_t)(uintptr_t)"x", 1, 0};

	return NUMBER(SETXATTRAT, AT_FDCWD, docroot("attributed"), 0, "user.x", &x, sizeof x);
}

static int get_attribute(void)
{
	struct attribute x = {(uint64_t)(uintptr_t)buffer, sizeof buffer, 0};

	return NUMBER(GETXATTRAT, AT_FDCWD, docroot("attributed"), 0, "user.escape", &x, sizeof x);
}

static int list_attributes(void)
{
	return NUMBER(LISTXATTRAT, AT_FDCWD, docroot("attributed"), 0, buffer, sizeof buffer);
}

static int remove_attribute(void) { return NUMBER(REMOVEXATTRAT, AT_FDCWD, docroot("attributed"), 0, "user.escape"); }

static int get_flags(void)
{
	uint64_t attributes[4];

	return NUMBER(FILE_GETATTR, AT_FDCWD, docroot("attributed"), attributes, 24UL, 0);
}

static int set_flags(void)
{
	uint64_t attributes[4];

	return NUMBER(FILE_GETATTR, AT_FDCWD, docroot("attributed"), attributes, 24UL, 0) != 0
		       ? -1
		       : NUMBER(FILE_SETATTR, AT_FDCWD, docroot("attributed"), attributes, 24UL, 0);
}

static int landlock_version(void) { return NUMBER(LANDLOCK_CREATE_RULESET, NULL, 0UL, 1); }

/* ---- old, and seldom thought of ---- */

static int pages_to_pipe(void)
{
	int ends[2];
	struct iovec bytes = {buffer, sizeof buffer};

	return pipe(ends) != 0 ? -1 : CALL(vmsplice, ends[1], &bytes, 1UL, 0);
}

static int pipe_to_pipe(void)
{
	int from[2], to[2];

	if (pipe(from) != 0 || pipe(to) != 0 || write(from[1], "x", 1) != 1)
		return -1;
	return CALL(tee, from[0], to[1], 1UL, 0);
}

static int timer(void)
{
	timer_t id;
	struct sigevent none = {.sigev_notify = SIGEV_NONE};

	return CALL(timer_create, CLOCK_MONOTONIC, &none, &id);
}

static int memory_policy(void) { return CALL(set_mempolicy, 0, NULL, 0UL); }
static int lock_all(void) { return CALL(munlockall); }
static int flush_all(void) { return CALL(sync); }
static int remap(void) { return reached(syscall(SYS_remap_file_pages, NULL, 0UL, 0, 0UL, 0), EINVAL); }

static int old_aio(void)
{
	unsigned long context = 0;

	return CALL(io_setup, 1, &context);
}

const struct attempt escape_numbers[] = {
	{"epoll-pwait2", "epoll_pwait2", ACCOUNT, wait_for_events},
	{"futex-waitv", "futex_waitv", ACCOUNT, wait_for_futexes},
	{"futex-wake", "futex_wake", ACCOUNT, wake},
	{"cachestat", "cachestat", ACCOUNT, cached},
	{"listmount", "listmount", ACCOUNT, list_mounts},
	{"statmount", "statmount", ACCOUNT, look_at_mount},
	{"lsm-list-modules", "lsm_list_modules", ACCOUNT, list_modules},
	{"mseal", "mseal", ACCOUNT, seal},
	{"setxattrat", "setxattrat", ACCOUNT, set_attribute},
	{"getxattrat", "getxattrat", ACCOUNT, get_attribute},
	{"listxattrat", "listxattrat", ACCOUNT, list_attributes},
	{"removexattrat", "removexattrat", ACCOUNT, remove_attribute},
	{"file-getattr", "file_getattr", ACCOUNT, get_flags},
	{"file-setattr", "file_setattr", ACCOUNT, set_flags},
	{"landlock", "landlock_create_ruleset", ACCOUNT, landlock_version},
	{"vmsplice", "vmsplice", ACCOUNT, pages_to_pipe},
	{"tee", "tee", ACCOUNT, pipe_to_pipe},
	{"timer-create", "timer_create", ACCOUNT, timer},
	{"set-mempolicy", "set_mempolicy", ACCOUNT, memory_policy},
	{"munlockall", "munlockall", ACCOUNT, lock_all},
	{"sync", "sync", ACCOUNT, flush_all},
	{"remap-file-pages", "remap_file_pages", ACCOUNT, remap},
	{"io-setup", "io_setup", ACCOUNT, old_aio},
	{0},
};
