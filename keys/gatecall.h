/*
 * gatecall - a forced command that is the gate: its path, and flags of a closed table, one blank between.
 */
#ifndef KEYS_GATECALL_H
#define KEYS_GATECALL_H

#include <stdbool.h>
#include <stddef.h>

enum { GATECALL_PROFILE_MAX = 48, GATECALL_MAX = 4096 + 128 };

struct gatecall {
	bool restricted; /* -r, or the gate's name with -r */
	bool token;      /* -t */
	char profile[GATECALL_PROFILE_MAX + 1]; /* --profile, or "" */
};

/* Whether command is the gate, and nothing but; the flags. gate is the path it is installed at. */
bool gatecall_read(const char *command, const char *gate, struct gatecall *call);

/* Takes what is on in either; false: they name two profiles. */
bool gatecall_join(struct gatecall *call, const struct gatecall *more);

/* Writes the command to out[0..size); false: it does not fit, or the gate's path has a byte that sshd would change. */
bool gatecall_write(const struct gatecall *call, const char *gate, char *out, size_t size);

#endif
