/*
 * world - what a session meets, in place of the kernel, the account files and exec: for the harness that runs the
 * gate's own steps from argv to the program's argv.
 *
 *	struct world w = {.user = …}
 *	world_run(&w, argc, argv, env, &session)     until the session would end, or become its program
 *	... look at w and at the session ...
 *	world_end(&session)
 *
 * The doors always close here. The docroot is a small tree with names that options and protected names are made of;
 * nothing outside it can be looked at: a path that leaves it is a broken promise. So is a byte on stdout (I6).
 */
#ifndef TESTS_FUZZ_WORLD_H
#define TESTS_FUZZ_WORLD_H

#include "shell/journal.h"
#include "shell/session.h"

enum {
	WORLD_EXEC = -1,       /* in place of an exit status: the session became its program */
	WORLD_LINES_MAX = 2,   /* a verdict, and a grant that could not be executed after all */
	WORLD_TOLD_MAX = 2048,
	WORLD_NOW = 1795262400, /* 2026-11-21 12:00:00 UTC, a Saturday */
};

struct world {
	/* The machine: */
	const char *user, *shell;       /* as the account files have them */
	const char *policy;
	size_t policy_length;
	const char *key;                /* sshd's file on the key, or NULL */
	size_t key_length;
	bool privileged;                /* the gate has file capabilities */
	bool full;                      /* every slot is taken */
	/* What became of the session: */
	int status;                     /* of its end, or WORLD_EXEC */
	char log[WORLD_LINES_MAX][JOURNAL_LINE_MAX + 1];
	size_t log_length[WORLD_LINES_MAX];
	unsigned lines;
	char told[WORLD_TOLD_MAX];      /* on stderr */
	size_t told_length;
};

/* The path that SSH_USER_AUTH has where there is a key. */
const char *world_key_path(void);

void world_run(struct world *w, int argc, char **argv, char **env, struct session *s);
void world_end(struct session *s);

#endif
