/*
 * dryrun - an account as the gate would see it, and the gate's own decision for a command of its.
 *
 *	question.policy = dryrun_policy(optarg)     -f
 *	dryrun_subject(&question, &subject)         -C, and this host where that is silent
 *	dryrun_ask(&question, &subject, &answer)    the gate's own code
 *	dryrun_free(&answer); dryrun_forget(&subject)
 */
#ifndef CLI_DRYRUN_H
#define CLI_DRYRUN_H

#include "account.h"

#include <stdbool.h>

enum { DRYRUN_GROUPS_MAX = 256 };

/* What was asked for. Text lives as long as argv. */
struct question {
	const char *policy;   /* absolute */
	bool candidate;       /* -f: any owner */
	char *connection;     /* -C: user=,group=,home=,uid=,addr=,time=,key=,cert-id=; changed while it is read */
	const char *profile;
	bool restricted, token, json;
	const char *command;  /* NULL: an interactive login */
};

/* The account, from -C and where that is silent from the system. */
struct subject {
	struct policy_account account;
	const char *address;      /* NULL: not given */
	struct identity key;      /* likewise */
	int64_t now;
	const char *groups[DRYRUN_GROUPS_MAX + 1]; /* of -C */
	struct account host;      /* these two own what came from the system */
	char *first;
};

struct answer {
	struct policy *policy;
	const struct settings *settings; /* NULL: fault says why */
	enum policy_verdict verdict;
	struct policy_fault fault;
	struct decision decision;
	char **env; /* of a grant */
};

/* The absolute path of a policy given with -f, links resolved; good until asked again. NULL: said on stderr. */
const char *dryrun_policy(const char *given);

/* Fills in *subject, to be released by dryrun_forget() if true. False: said on stderr. */
bool dryrun_subject(struct question *question, struct subject *subject);
void dryrun_forget(struct subject *subject);

/* Runs the gate's own code. */
void dryrun_ask(const struct question *question, const struct subject *subject,
		struct answer *answer);

/* What the gate would be asked: the question as a request. */
struct request dryrun_request(const struct question *question, const struct subject *subject,
			      const struct settings *settings);

void dryrun_free(struct answer *answer);

#endif
