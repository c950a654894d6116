/*
 * match - which accounts, and which clients, the Match lines of sshd's configuration can tell apart.
 *
 *	audit_match_add(&match, value)                 for each Match line, value behind the keyword
 *	audit_match_class(&match, account, bits)       two accounts with the same bits get the same answers from sshd
 *	audit_match_free(&match)
 *
 * sshd -T is asked once for each class in place of once for each account. Nothing of Match is worked out here: which
 * block holds is sshd's answer. For each pattern that any User or Group criterion has, a bit says whether it fits the
 * account's name, or any of its groups. A criterion's outcome is made of nothing else (openssh-portable match.c,
 * match_pattern_list; groupaccess.c, ga_match_pattern_list), so equal bits have equal outcomes. Where a line has
 * something that is not known here, `each` is set: then every account is a class of its own.
 */
#ifndef AUDIT_MATCH_H
#define AUDIT_MATCH_H

#include "account.h"

enum audit_criterion {
	AUDIT_BY_USER,
	AUDIT_BY_GROUP,
	AUDIT_BY_ADDRESS,
	AUDIT_BY_HOST,
	AUDIT_BY_LOCAL_ADDRESS,
	AUDIT_BY_LOCAL_PORT,
	AUDIT_CRITERIA,
};

struct audit_patterns {
	char **pattern; /* without their '!' */
	size_t count, room;
};

struct audit_match {
	struct audit_patterns by[AUDIT_CRITERIA];
	bool each;
	bool other_peers; /* something of the connection that is not asked about: RDomain and what is not known */
	bool failed;      /* no memory */
};

void audit_match_add(struct audit_match *match, const char *value);

/* How many bits there are; each is a byte. */
size_t audit_match_bits(const struct audit_match *match);
void audit_match_class(const struct audit_match *match, const struct audit_account *account, char *bits);

/*
 * A client's address, name or port that the pattern fits, into out[0..size). False: there is none to be made of it, or
 * it fits whatever there is.
 */
bool audit_match_example(enum audit_criterion criterion, const char *pattern, char *out, size_t size);

void audit_match_free(struct audit_match *match);

#endif
