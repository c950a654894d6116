#include "filters.h"
#include "kernel.h"
#include "step.h"

#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>

enum { TRIES = 64 };

/*
 * A copy of the path at a random address. The new program image cannot know it, so the filter's one
 * admitted execve is spent by the gate: 46 bits, those of the offset in the page as far as the path leaves
 * room. Kernels with 39-bit addresses (some arm64) refuse most of those; the later tries then draw from 38 bits.
 */
static char *hide(const char *path)
{
	const size_t size = (size_t)getpagesize(); /* 64 KiB on some arm64 */
	size_t length = strlen(path) + 1;

	if (length > size)
		return NULL;
	for (int i = 0; i < TRIES; i++) {
		uint64_t dice[2];

		if (getrandom(dice, sizeof dice, 0) != sizeof dice)
			return NULL;
		uint64_t mask = i < TRIES / 2 ? (1ULL << 46) - 1 : (1ULL << 38) - 1;
		uintptr_t page = (uintptr_t)(dice[0] & mask) & ~(uintptr_t)(size - 1);
		if (page < 1ULL << 32)
			continue;
		char *at = mmap((void *)page, size, PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
		if (at == MAP_FAILED)
			continue;
		if ((uintptr_t)at != page) { /* a kernel before 4.17 took it as a hint */
			munmap(at, size);
			continue;
		}
		return memcpy(at + dice[1] % (size - length + 1), path, length);
	}
	return NULL;
}

/* Writes the halves of the pointer where the generated program has those of the mark. */
static void put_pointer(struct sock_filter *program, const struct filter *filter, uintptr_t pointer)
{
	for (unsigned i = 0; i < filter->marks_count; i++) {
		struct sock_filter *at = &program[filter->marks[i]];
		bool low = at->k == (uint32_t)FILTERS_EXEC_MARK;

		at->k = low ? (uint32_t)pointer : (uint32_t)((uint64_t)pointer >> 32);
	}
}

static bool load(struct sock_filter *program, unsigned short length)
{
	struct sock_fprog prog = {.len = length, .filter = program};

	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &prog) == 0;
}

/* On top of another. The kernel copies it and writes to nothing. */
static bool load_as_is(const struct filter *filter)
{
	return load((struct sock_filter *)(uintptr_t)filter->program, filter->length);
}

/* Before ABI 3 Landlock does not see truncate(2); among the real names nothing else would. */
static bool withhold_truncate(const struct sandbox_grant *grant, struct sandbox_fault *fault)
{
	enum { SEES_TRUNCATE = 3 };

	if (!grant->view || grant->view->isolation != SANDBOX_LANDLOCK || grant->landlock >= SEES_TRUNCATE)
		return true;
	return load_as_is(&filter_no_truncate) || step_failed(fault, "seccomp", "the filter cannot be loaded");
}

/*
 * What a program needs to remove for itself, locks say, Landlock lets it remove all over the docroot. Whole trees
 * go otherwise: each name by a descriptor of its directory (shutil.rmtree of Python, os.RemoveAll of Go).
 */
static bool withhold_trees(const struct sandbox_grant *grant, struct sandbox_fault *fault)
{
	return !grant->one_by_one || load_as_is(&filter_one_by_one) ||
	       step_failed(fault, "seccomp", "the filter cannot be loaded");
}

bool seccomp_close(struct sandbox_grant *grant, struct sandbox_fault *fault)
{
	if (!withhold_truncate(grant, fault))
		return false;
	if (!withhold_trees(grant, fault))
		return false;
	const struct filter *filter = &filters[grant->profile];
	size_t size = filter->length * sizeof *filter->program;
	struct sock_filter *program = malloc(size);

	grant->exec_path = hide(grant->program);
	if (!program || !grant->exec_path) {
		free(program);
		return step_failed(fault, "seccomp", "no memory for the filter");
	}
	memcpy(program, filter->program, size);
	put_pointer(program, filter, (uintptr_t)grant->exec_path);
	bool loaded = load(program, filter->length);
	int error = errno;
	free(program);
	errno = error;
	return loaded || step_failed(fault, "seccomp", "the filter cannot be loaded");
}

bool seccomp_close_parent(struct sandbox_fault *fault)
{
	const struct filter *filter = &filters[SANDBOX_WAIT];

	/* The kernel copies it and writes to nothing. */
	if (!load((struct sock_filter *)(uintptr_t)filter->program, filter->length) ||
	    prctl(PR_GET_SECCOMP, 0, 0, 0, 0) != SECCOMP_MODE_FILTER) /* I5 */
		return step_failed(fault, "seccomp", "the parent's filter cannot be loaded");
	return true;
}
