/*
 * install - put a policy file in place, whole or not at all, and keep the one before it.
 *
 *	install_open(target, &place)        finds the directory and locks it
 *	install_stage(&place, text, length) writes .NAME.staged beside the target, 0644, on the disk
 *	install_commit(&place)              NAME -> NAME.previous, .NAME.staged -> NAME
 *	install_close(&place)               removes what was staged and not committed; unlocks
 *
 * Each step is one rename(2) or link(2): whenever it ends, by a crash or a SIGKILL, NAME is the old
 * file or the new one, whole. Steps return NULL, or a static reason with errno.
 */
#ifndef CLI_INSTALL_H
#define CLI_INSTALL_H

#include "policy/limits.h"

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

struct installation {
	int directory;                /* locked; -1: not open */
	char path[POLICY_PATH_MAX];   /* of the target, absolute */
	char staged_path[POLICY_PATH_MAX];
	char name[NAME_MAX + 1];
	char previous[NAME_MAX + 1];  /* NAME.previous */
	char staged[NAME_MAX + 1];    /* .NAME.staged */
	char passing[NAME_MAX + 1];   /* .NAME.previous.new: the old one, on its way to NAME.previous */
};

/* errno is EWOULDBLOCK when another one holds the lock. */
const char *install_open(const char *target, struct installation *place);
const char *install_stage(struct installation *place, const char *text, size_t length);
const char *install_commit(struct installation *place);

/* Exchanges NAME and NAME.previous. */
const char *install_swap(struct installation *place);

/* After a commit that was not good: NAME.previous becomes NAME, or NAME goes if there was none. */
const char *install_revert(struct installation *place, bool had_previous);

void install_close(struct installation *place);

#endif
