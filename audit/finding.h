/*
 * finding - what was found, and what could not be seen.
 *
 *	audit_find(&found, id, account, &evidence, "what: %s", …)   the same of several accounts is one finding
 *	audit_unseen(&found, "what", "why")
 *	audit_sort(&found)                                        worst first; then they may be read
 *	audit_findings_free(&found)
 *
 * Strings are copied. When memory runs out, `failed` is set and what cannot be kept is dropped: whoever reports must
 * look at it.
 */
#ifndef AUDIT_FINDING_H
#define AUDIT_FINDING_H

#include "account.h"
#include "check.h"

struct audit_evidence {
	struct audit_place place;
	const char *path;  /* {path} and {value} of the fix; NULL: none */
	const char *value;
};

struct audit_finding {
	enum audit_id id;
	char *what;                 /* one clause; of nobody's name */
	char *file, *path, *value;  /* or NULL */
	size_t line;
	struct audit_account **who; /* in the order found; none for what is about no account */
	size_t who_count, who_room;
	size_t next;                /* in its bucket */
};

struct audit_blind {
	char *what, *why;
	size_t next; /* in its bucket */
};

enum { AUDIT_BUCKETS = 16384 };

struct audit_findings {
	struct audit_finding *finding;
	size_t count, room;
	struct audit_blind *blind;
	size_t blind_count, blind_room;
	size_t bucket[AUDIT_BUCKETS]; /* index + 1 of the first */
	size_t blind_bucket[AUDIT_BUCKETS];
	bool failed;
};

/* account and evidence may be NULL. An account's holes, and whether it is insecure, are kept up to date. */
__attribute__((format(printf, 5, 6))) void audit_find(struct audit_findings *all, enum audit_id id,
						      struct audit_account *account,
						      const struct audit_evidence *evidence, const char *what, ...);

/* What was not looked at, and why. Said once, however often it is found. */
__attribute__((format(printf, 3, 4))) void audit_unseen(struct audit_findings *all, const char *what,
							const char *why, ...);

/* Worst first; then in the order of the table, by file and line, by what. */
void audit_sort(struct audit_findings *all);

void audit_findings_free(struct audit_findings *all);

#endif
