/*
 * landlock-world - a root of a test's own with every place that Landlock's rules may name, and each thing tried in it
 * that Landlock can forbid.
 *
 *	world_begin()			in a child: a mount namespace, a tmpfs, the places; then it is the root
 *	landlock_close(...)		what is tested
 *	world_try(outcome)		what can be done
 *
 * World and child end together. Nothing here asserts: the child reports, its parent judges.
 */
#ifndef TESTS_UNIT_LANDLOCK_WORLD_H
#define TESTS_UNIT_LANDLOCK_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What is tried in each place, a letter each. In a directory: read and list; write, truncate and execute a file of
 * it; make a file, a directory, a fifo, a socket, a link (`y`), a character and a block device; remove a file (`u`)
 * and a directory (`D`); and move a file between two directories of it. Of a place that is a file the first row alone.
 * `i`: a device there can be driven.
 */
#define WORLD_FILE      "rwtxi"
#define WORLD_DIRECTORY "lcdfsyCBuDm"
#define WORLD_LETTERS   WORLD_FILE WORLD_DIRECTORY

/* And once: a socket of the abstract name space, a signal out, a port bound, a port connected to. */
#define WORLD_ONCE "aknN"

enum { WORLD_PLACES_MAX = 64, WORLD_LETTERS_MAX = sizeof WORLD_LETTERS - 1, WORLD_ONCE_MAX = sizeof WORLD_ONCE - 1 };

/* Which were not refused by Landlock: a bit for each letter, in the order above. */
struct world_outcome {
	uint32_t place[WORLD_PLACES_MAX];
	uint32_t once;
};

/* The current directory, which the root does not hold: where one is that is moved out of a chroot. */
#define WORLD_OUTSIDE "./"

extern const char *const world_places[]; /* NULL-terminated */

/* Without the places whose names hold that: "//" is none. In /files/ is a link to a directory. False: errno. */
bool world_begin(const char *without);

void world_try(struct world_outcome *outcome);

/* For the parent: which world the next calls are about. */
void world_suppose(const char *without);

/* The bits of those letters, as far as they are tried in that place. */
uint32_t world_letters(const char *place, const char *letters);

/* Which place is open on that descriptor; "?" for none. */
const char *world_name(int fd);

/* For the parent, before the child is forked: what lies outside. False: errno. */
bool world_outside(void);

#endif
