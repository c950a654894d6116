/*
 * session - the steps of main.c. Each ends the process when it fails.
 */
#ifndef SHELL_SESSION_H
#define SHELL_SESSION_H

#include "identity.h"
#include "own.h"
#include "request.h"
#include "transfers.h"
#include "who.h"

#include "policy/policy.h"
#include "sandbox/sandbox.h"

enum { SESSION_ID_MAX = 9, SESSION_ADDRESS_MAX = 64, SESSION_HOST_MAX = 65 };

struct session {
	char id[SESSION_ID_MAX];   /* ties the client's line to the log's */
	bool log_open;             /* on SANDBOX_KEPT_FD */
	pid_t parent;              /* who started us; with it the session ends */
	struct who who;
	struct call call;
	struct own own;            /* user mode: when call.policy is not NULL */
	char host[SESSION_HOST_MAX]; /* this host's name, before door one makes up another */
	char address[SESSION_ADDRESS_MAX]; /* the client's, once decided; "" if it is not known */
	struct policy *policy;
	const struct settings *settings;
	struct sandbox_view view;
	struct decision decision;
	bool identity_open;        /* what sshd says of the key, on SANDBOX_IDENTITY_FD */
	struct authinfo key;       /* empty: not known; then why, if it should be */
	const char *key_unknown;   /* for the log, where a key is asked for */
	int landlock;              /* the kernel's ABI, or 0; asked for once, so that the log has what was used */
	struct transfers transfers; /* what the program says of files, where that is logged */
	const char *base;          /* for the log: whence the view came; NULL where there is none */
};

void session_begin(struct session *s); /* of zeros */
void session_identify(struct session *s);
void session_read_call(struct session *s, int argc, char *const argv[]);
void session_load_policy(struct session *s);
void session_close_door_one(struct session *s);
void session_decide(struct session *s);
void session_take_slot(struct session *s);
void session_log_verdict(struct session *s);
_Noreturn void session_run(struct session *s);

#endif
