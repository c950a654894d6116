/*
 * audit-sessions - processes of accounts that are to be held, and the sessions that they make up.
 */
#ifndef CLI_AUDIT_SESSIONS_H
#define CLI_AUDIT_SESSIONS_H

#include "apply-side.h"
#include "process.h"

#include <stdbool.h>

enum { TERMINAL_MAX = 32 };

/* Worst last. */
enum state { STATE_CONFINED, STATE_BEGINS, STATE_UNSEEN, STATE_OPEN };

/* A uid that something runs as. */
struct holder {
	uid_t uid;
	char *name;            /* NULL: nobody's */
	bool held;             /* the policy has a place for it, or the gate is its shell */
	const char *isolation; /* by the policy; NULL: it says none */
};

struct running {
	struct process process;
	time_t started;
	size_t holder;
	bool sshd; /* sshd's own, for a login */
	/* Of the one that a session began with: */
	size_t members; /* its processes, this one among them; of sshd's own, its sessions; else 0 */
	pid_t above;    /* sshd's process; 0: there is none above it */
	enum state state;
	const char *why, *isolation; /* or NULL */
	pid_t culprit;               /* whom why is about */
	const struct running *about; /* whose command line says what it does */
	char terminal[TERMINAL_MAX];
};

struct sessions {
	const char *policy, *user;
	bool any_owner, json, failed;
	struct side side;
	struct holder *holder;
	struct running *running;
	size_t holders, count;
};

void sessions_report(const struct sessions *sessions);

#endif
