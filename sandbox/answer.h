/*
 * answer - what a profile's filter says to a system call, worked out here and not by the kernel: for tools that look at
 * a program before it is shut in.
 */
#ifndef SANDBOX_ANSWER_H
#define SANDBOX_ANSWER_H

#include "filters.h"

#include <linux/seccomp.h>
#include <stdint.h>

/*
 * SECCOMP_RET_ALLOW, SECCOMP_RET_ERRNO | errno, or SECCOMP_RET_KILL_PROCESS; what the profile's own program says, the
 * one that is loaded. Every execve(2) is one too many: the gate's own is not asked about. Pure.
 */
uint32_t answer_of(enum sandbox_profile profile, const struct seccomp_data *call);

/* The same of any program: libseccomp's vocabulary, and nothing that leads out of it. Pure. */
uint32_t answer_by(const struct filter *filter, const struct seccomp_data *call);

/* The name of a system call of this architecture; NULL for what was not known when this was built. */
const char *answer_name(int number);

#endif
