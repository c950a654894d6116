/*
 * filters-make - the groups of syscalls.c become filters, by libseccomp. Runs at build time (filters-gen.c) and in
 * tests, which leave groups out to see whether anybody notices; the gate has only the results.
 *
 * What libseccomp refuses ends the process with a line on stderr.
 */
#ifndef SANDBOX_FILTERS_MAKE_H
#define SANDBOX_FILTERS_MAKE_H

#include "sandbox.h"
#include "syscalls.h"

#include <linux/filter.h>
#include <seccomp.h>

/* The profile's filter; `without` is one of syscall_groups that is left out of it, or NULL. The caller releases it. */
scmp_filter_ctx filters_make(unsigned profile, const struct group *without);

/* The one that goes on top of another, where Landlock does not see truncate(2). */
scmp_filter_ctx filters_make_no_truncate(void);

/* The same, where nothing is removed by the descriptor of its directory. */
scmp_filter_ctx filters_make_one_by_one(void);

/* Its program, as long as `room` at most; how long it is. */
size_t filters_make_program(scmp_filter_ctx ctx, struct sock_filter *program, size_t room);

/* Whether the profile's program compares a pointer with the mark (filters.h): where exec happens once. */
bool filters_make_marked(unsigned profile);

_Noreturn void filters_make_die(const char *what, const char *name, int rc);

#endif
