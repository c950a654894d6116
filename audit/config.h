/*
 * config - the lines of sshd's configuration, as they are written: to show where a setting stands, and what in the
 * files is not what somebody meant. What holds for whom is sshd's to say (sshd -T), not found out here.
 *
 *	audit_config_add(&config, file, number, text)    each line, with those of included files in their place
 *	audit_config_find(&config, "x11forwarding", "yes")
 *	audit_config_free(&config)
 */
#ifndef AUDIT_CONFIG_H
#define AUDIT_CONFIG_H

#include "account.h"

struct audit_config_line {
	struct audit_place place; /* file lives as long as the caller's text */
	char *keyword;            /* in lower case */
	char *value;              /* behind it, without white space at its ends */
	size_t block;             /* 0: before any Match; else which Match, the Match line itself included */
	bool indented;
	bool apart;               /* a blank line stands before it, or before its comment */
};

struct audit_config {
	struct audit_config_line *line;
	size_t count, room, blocks;
	size_t block; /* that the next line is in */
	bool apart;
	bool failed; /* no memory */
};

/* NULL: a blank line or a comment. */
const struct audit_config_line *audit_config_add(struct audit_config *config, const char *file, size_t number,
						 const char *text);

/* Behind the last line of an included file: a Match in it ends there. */
void audit_config_resume(struct audit_config *config, size_t block);

/* The first line that sets keyword to value, case ignored; NULL value: to anything. NULL: none does. */
const struct audit_config_line *audit_config_find(const struct audit_config *config, const char *keyword,
						  const char *value);

void audit_config_free(struct audit_config *config);

/* The value of a keyword in an answer of sshd -T, from *at on; NULL: no more. Not terminated. */
const char *audit_answer_next(const char **at, const char *keyword, size_t *length);

/* Whether the answer's first value of keyword is this one; one that it does not have is none. */
bool audit_answer_is(const char *answer, const char *keyword, const char *value);

#endif
