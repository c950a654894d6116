/*
 * dryrun - an account as the gate would see it, and the gate's own decision for a command of its.
 */
#ifndef CLI_DRYRUN_H
#define CLI_DRYRUN_H

#include "policy/policy.h"

#include <stdbool.h>

enum { DRYRUN_GROUPS_MAX = 256 };

/* What was asked for. Text lives as long as argv. */
struct question {
	const char *policy;   /* absolute */
	bool candidate;       /* -f: any owner */
	char *connection;     /* -C: user=,group=,home=,uid=,addr=,time=,key=,cert-id=; changed while it is read */
	const char *profile;
	bool restricted, token, json;
	const char *command;
};

/* The account, from -C and where that is silent from the system. */
struct subject {
	struct policy_account account;
	const char *address;      /* NULL: not given */
	struct identity key;      /* likewise */
	int64_t now;
	const char *groups[DRYRUN_GROUPS_MAX + 1];
};

struct answer {
	struct policy *policy;
	const struct settings *settings; /* NULL: fault says why */
	enum policy_verdict verdict;
	struct policy_fault fault;
	struct decision decision;
	char **env; /* of a grant */
};

/* Fills in *subject. False: said on stderr. */
bool dryrun_subject(struct question *question, struct subject *subject);

/* Runs the gate's own code. */
void dryrun_ask(const struct question *question, const struct subject *subject,
		struct answer *answer);

void dryrun_free(struct answer *answer);

#endif
