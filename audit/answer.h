/*
 * answer - one setting of an answer of sshd -T, and a finding that is about one.
 */
#ifndef AUDIT_ANSWER_H
#define AUDIT_ANSWER_H

#include "config.h"
#include "finding.h"

/* What is judged: one answer, for one account or for everybody. */
struct audit_session {
	struct audit_findings *found;
	struct audit_account *account;      /* restricted, with its layers; NULL: everybody */
	const char *answer;                 /* of sshd -T */
	const struct audit_config *config;  /* the lines, for evidence */
	const char *file;                   /* its configuration */
	const char *from;                   /* ", a client from 192.0.2.1", or "" */
};

enum { ANSWER_VALUE_MAX = 256 };

/* Keywords are as sshd_config(5) spells them. */
bool answer_is(const char *answer, const char *keyword, const char *value);

/* The first value; "" where there is none. */
const char *answer_value(const char *answer, const char *keyword, char out[ANSWER_VALUE_MAX]);

/* Whether a list of patterns with blanks or commas between lets in a variable that some program acts upon. */
bool answer_lets_in(const char *list, size_t length);

/* The setting as it is, with the line that says it; wanted is the line that mends it. */
void answer_find(const struct audit_session *session, enum audit_id id, const char *keyword, const char *wanted);

#endif
