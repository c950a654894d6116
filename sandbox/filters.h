/*
 * filters - the seccomp programs that libseccomp made at build time, one a profile.
 */
#ifndef SANDBOX_FILTERS_H
#define SANDBOX_FILTERS_H

#include "sandbox.h"

#include <linux/filter.h>

/* Stands in the generated programs for the one pointer that execve may be called with. */
#define FILTERS_EXEC_MARK 0x5a11f0e77e0f115aULL

enum { FILTERS_MARKS = 4 };

struct filter {
	unsigned short length;
	const struct sock_filter *program;
	unsigned char marks_count;            /* instructions that compare with a half of the pointer */
	unsigned short marks[FILTERS_MARKS];
};

extern const struct filter filters[SANDBOX_PROFILES];

/* Names of this architecture's system calls by number, some NULL; not in the gate (build/names.c). */
extern const char *const call_names[];
extern const int call_names_count;
/* On top of one of them, where Landlock does not see truncate(2) and nothing else keeps a name away. */
extern const struct filter filter_no_truncate;
/* The same, for a program that removes by whole paths what it needs to: none of its calls empties a directory. */
extern const struct filter filter_one_by_one;

#endif
