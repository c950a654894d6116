/*
 * compact - the same filter in half the instructions; at build time. The kernel translates a filter
 * anew whenever a program starts under it, instruction by instruction, and libseccomp spends two on
 * each number. Here neighbours with one answer are one, in a tree of comparisons; what looks at
 * arguments is copied as it stands, but for halves of them of which no bit counts.
 *
 * Nothing is decided here: every answer is read off libseccomp's program, for each range of numbers
 * between any two that it compares with, so the two agree on all of them; and then both are run and
 * compared.
 */
#ifndef SANDBOX_COMPACT_H
#define SANDBOX_COMPACT_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>

enum { COMPACT_MOST = 4096 };

/*
 * Its length in `to`, or 0 where the program is not of the form that is known here: then it serves
 * as it is.
 */
size_t compact(const struct sock_filter *from, size_t length, struct sock_filter to[COMPACT_MOST]);

/*
 * Whether both answer alike on every number and architecture that either compares with, and next to
 * it, whatever arguments: each alone, and any two together.
 */
bool compact_agrees(const struct sock_filter *from, size_t length, const struct sock_filter *to,
		    size_t count);

#endif
