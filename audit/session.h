/*
 * session - what an sshd does for an account, by its own answer (sshd -T), judged.
 *
 *	audit_forced(answer, …)          what it forces
 *	audit_methods_need_key(answer)   nobody gets in without a key
 *	audit_judge_session(&session)    everything that is wrong with one answer for one account
 *	audit_judge_sshd(&session)       and with what it says of everybody: no account
 */
#ifndef AUDIT_SESSION_H
#define AUDIT_SESSION_H

#include "answer.h"

/* What ForceCommand is: its text, not terminated, or NULL. */
const char *audit_forced(const char *answer, size_t *length);

/* Whether sftp is sshd's own code: no login shell is started for it. */
bool audit_sftp_is_internal(const char *answer);

/* Whether a password, typed or asked for, is enough to get in. */
bool audit_password_suffices(const char *answer);

/* Whether nothing but a key listed for the account gets in: no password, host or certificate. */
bool audit_needs_listed_key(const char *answer);

void audit_judge_session(const struct audit_session *session);
void audit_judge_sshd(const struct audit_session *session);

#endif
