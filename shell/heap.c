/*
 * heap - memory that is never given back: the gate lives for a millisecond, then exec takes it all. libc's own
 * asks the kernel a dozen times for what one block of .bss holds. Nothing freed is used again, so a stale pointer
 * meets no newer object.
 */
#include "heap.h"

#include <errno.h>
#include <stdalign.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { HEAP_FIRST = 128 << 10, HEAP_MORE = 4 << 20, HEAP_MOST = 64 << 20 };

#define ALIGN (alignof(max_align_t))

static alignas(max_align_t) char first[HEAP_FIRST];
static char *at = first, *end = first + sizeof first;
static size_t mapped;
static struct {
	char *start;
	size_t size;
} blocks[HEAP_MOST / HEAP_MORE];
static size_t blocks_count;

/* The standard's functions under the standard's names; libc's headers call the parameters by reserved ones. */
/* NOLINTBEGIN(readability-inconsistent-declaration-parameter-name) */

/* A size stands before each piece, for realloc(). */
void *malloc(size_t size)
{
	size_t whole = ((size + ALIGN - 1) & ~(ALIGN - 1)) + ALIGN;

	if (whole < size || whole > HEAP_MOST)
		goto full;
	if (whole > (size_t)(end - at)) {
		size_t more = whole > HEAP_MORE ? whole : HEAP_MORE;
		if (mapped + more > HEAP_MOST)
			goto full;
		char *block = mmap(NULL, more, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (block == MAP_FAILED)
			goto full;
		blocks[blocks_count].start = block;
		blocks[blocks_count++].size = more;
		mapped += more;
		at = block;
		end = block + more;
	}
	char *piece = at + ALIGN;
	memcpy(at, &size, sizeof size);
	at += whole;
	return piece;
full:
	errno = ENOMEM;
	return NULL;
}

void free(void *piece)
{
	(void)piece;
}

/* What comes from here is zero already. */
void *calloc(size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes)) {
		errno = ENOMEM;
		return NULL;
	}
	return malloc(bytes);
}

void *realloc(void *piece, size_t size)
{
	size_t old;

	if (!piece)
		return malloc(size);
	memcpy(&old, (char *)piece - ALIGN, sizeof old);
	if (size <= old)
		return piece;
	void *grown = malloc(size);
	return grown ? memcpy(grown, piece, old) : NULL;
}
/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */

void heap_forget(void)
{
	const uintptr_t page = (uintptr_t)getpagesize();
	uintptr_t from = ((uintptr_t)first + page - 1) & ~(page - 1);
	uintptr_t to = ((uintptr_t)first + sizeof first) & ~(page - 1);

	madvise(first + (from - (uintptr_t)first), to - from, MADV_DONTNEED);
	for (size_t i = 0; i < blocks_count; i++)
		munmap(blocks[i].start, blocks[i].size);
	blocks_count = 0;
	mapped = HEAP_MOST; /* there is none any more */
	at = end = first;
}
