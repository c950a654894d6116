/*
 * sshd-block - a Match block of sshd_config that hands accounts to the gate and opens nothing beside it: printed, or
 * compared with what sshd answers.
 */
#ifndef CLI_SSHD_BLOCK_H
#define CLI_SSHD_BLOCK_H

#include "policy/policy.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct sshd_block {
	const char *kind, *name;  /* "User" or "Group", and which */
	bool profiles;            /* keys choose profiles: no ForceCommand, which would hide them */
	const char *keys_file;    /* AuthorizedKeysFile; NULL: sshd asks `keys serve` */
	const char *serves;       /* keys serve --file; NULL: the files in the home */
};

bool sshd_block_profiles(const struct settings *settings);

/* False: the name cannot stand in a Match line, and nothing was printed. */
bool sshd_block_print(const struct sshd_block *block, FILE *to);

/*
 * How many of the block's keywords have another value in an answer of sshd's (sshd-ask.h); the first of them, static,
 * in *first.
 */
size_t sshd_block_missing(const struct sshd_block *block, const char *answer, const char **first);

#endif
