/*
 * lines - what in sshd's configuration does not come to what somebody meant: lines that another one hides, that stand
 * in a Match block, that match nobody.
 */
#ifndef AUDIT_LINES_H
#define AUDIT_LINES_H

#include "session.h"

/* session->answer is what holds for everybody, or NULL: then what needs it is not looked for. */
void audit_judge_lines(const struct audit_session *session);

/* An option that sshd was started with, as "Keyword=value" or "Keyword value", against the files. */
void audit_judge_option(const struct audit_session *session, const char *option);

/* The items of Allow… and Deny… lines: known() says whether some account, or group, has a name that fits. */
void audit_judge_allow(const struct audit_session *session,
		       bool (*known)(void *context, const char *pattern, bool group), void *context);

#endif
