/*
 * audit-sshd - the sshds of this host, and what each would do for an account: `sshd -T -C`, with its own options.
 *
 * An instance is a listener, or the default configuration where none listens. A class is the accounts that its Match
 * lines cannot tell apart (audit/match.h); a peer is where a client comes from, one for each of their addresses,
 * hosts and ports. sshd is asked for each class and peer; equal answers are kept once.
 */
#ifndef CLI_AUDIT_SSHD_H
#define CLI_AUDIT_SSHD_H

#include "audit.h"

#include "audit/config.h"
#include "audit/match.h"
#include "audit/session.h"

#include <time.h>

enum { AUDIT_PEERS_MAX = 64 };

struct audit_peer {
	char *address, *host, *local_address, *local_port;
	char *shown; /* "from 192.0.2.1", or "" for anywhere */
};

struct audit_class {
	char *bits;
	size_t length;
	unsigned long long hash;
	const char *answer[AUDIT_PEERS_MAX]; /* by peer; NULL: it did not say */
};

struct audit_sshd {
	int pid;              /* 0: none listens */
	time_t started;
	char *binary;
	char *cmdline;        /* what argument points to */
	const char **argument;
	size_t arguments;
	const char *file;     /* its configuration */
	struct audit_text *texts;
	size_t texts_count;
	struct audit_config config;
	struct audit_match match;
	struct audit_peer peer[AUDIT_PEERS_MAX];
	size_t peers;
	struct audit_class *class;
	size_t classes;
	char **answers;       /* each text once */
	size_t answers_count;
	bool mute;            /* it answers nothing: said already */
};

/* The instances; without any, *sshd_count is 0 and it is said what could not be seen. */
void audit_sshd_find(struct audit *audit);

/* Reads the configuration's files. False: said already. */
bool audit_sshd_config(struct audit *audit, struct audit_sshd *sshd);

/* The account's class, asked about when it is the first of it; NULL: sshd does not answer, which has been said. */
const struct audit_class *audit_class(struct audit *audit, struct audit_sshd *sshd,
				      const struct audit_account *account);

/* Calls work for each answer that some sshd gives for the account. How many there were; equal ones are one. */
typedef void audit_visit(struct audit_session *session, void *context);
size_t audit_each_answer(struct audit *audit, struct audit_account *account, audit_visit *work, void *context);

/* What it says of everybody that no Match line is about. NULL: nothing. */
const char *audit_answer_global(struct audit *audit, struct audit_sshd *sshd);

#endif
