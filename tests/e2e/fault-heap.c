/*
 * fault-heap - linked into a gate for faults.bats with -Wl,--wrap: each allocation is first a system call that no kernel
 * has. The tracer sees it, and says what became of it: ENOSYS, and memory is allocated; or ENOMEM.
 */
#include "fault.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *piece, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *piece, size_t size);

static int fails(size_t size)
{
	int before = errno;

	if (syscall(ALLOCATION, size) == -1 && errno == ENOMEM)
		return 1;
	errno = before;
	return 0;
}

void *__wrap_malloc(size_t size)
{
	return fails(size) ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	return fails(count * size) ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *piece, size_t size)
{
	return fails(size) ? NULL : __real_realloc(piece, size);
}
