/*
 * report - how a session ends early, and what is said of it: one line on stderr, one in the log.
 */
#ifndef SHELL_REPORT_H
#define SHELL_REPORT_H

#include "exit.h"
#include "session.h"

/* The client sees the reason; the log has the detail too. Both static or escaped already. detail may be NULL. */
_Noreturn void report_refused(const struct session *s, enum exit_status status, const char *reason,
			      const char *detail);

/* A session that the gate ended, by a parent that has nothing left but its name. */
void report_ended(const struct session *s, const char *reason);

/* What the program said of a file, length > 0; true if the log has it. And how often it has not. */
bool report_transfer(const struct session *s, const char *said, size_t length);
void report_lost(const struct session *s, unsigned long lost);

/* A policy that is at fault: the client learns that much, the log has file, line and word. */
_Noreturn void report_policy(const struct session *s, enum exit_status status,
			     const struct policy_fault *fault);

/* A door that does not close. */
_Noreturn void report_sandbox(const struct session *s, const struct sandbox_fault *fault);

/* The verdict of a decision; true if the log has it. A denial is also said on stderr. */
bool report_verdict(const struct session *s);

#endif
