/*
 * arena - memory that is released all at once. What a policy or a decision points to lies in one.
 */
#ifndef POLICY_ARENA_H
#define POLICY_ARENA_H

#include <stddef.h>

struct arena_block;
struct arena {
	struct arena_block *newest; /* {0} is an empty arena */
};

/* Zeroed memory of size bytes, aligned for any object; NULL when there is none. */
void *arena_alloc(struct arena *arena, size_t size);

/* A NUL-terminated copy of bytes[0..length), or NULL. */
char *arena_copy(struct arena *arena, const char *bytes, size_t length);

void arena_free(struct arena *arena);

#endif
