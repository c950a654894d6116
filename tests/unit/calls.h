/*
 * calls - what each profile's filter has to say to calls of each kind, with arguments that harm nothing if it lets them
 * through: for filters.c, which makes the calls, and for groups.c, which takes groups out.
 */
#ifndef TESTS_UNIT_CALLS_H
#define TESTS_UNIT_CALLS_H

#include "sandbox/sandbox.h"

#include <linux/seccomp.h>

enum outcome { YES, PERM, NOSYS, KILL }; /* YES: the kernel itself answers */

enum { PROGRAMS = SANDBOX_WAIT }; /* the profiles before it are programs' */

/* Tables end in a row without a name. */
struct call_row {
	const char *name;
	long number;
	long arguments[6];
	enum outcome want[PROGRAMS]; /* PLAIN, FORK, SPAWN, NET */
};

extern const struct call_row calls_rows[];

/* Of the gate that waits; want[0] alone. */
extern const struct call_row calls_parent[];

/* The row's call as a filter sees it, and what an answer of a filter's comes to. */
struct seccomp_data calls_data(const struct call_row *row);
enum outcome calls_outcome(uint32_t answer);

#endif
