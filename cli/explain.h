/*
 * explain - an answer for a person, or for a program (schema in sallyport(8)).
 */
#ifndef CLI_EXPLAIN_H
#define CLI_EXPLAIN_H

#include "dryrun.h"

void explain_text(const struct question *question, const struct subject *subject,
		  const struct answer *answer);
void explain_json(const struct question *question, const struct subject *subject,
		  const struct answer *answer);

/* A fault of a policy, as text; verdict is "error" or "deny ". */
void explain_fault(const char *verdict, const struct policy_fault *fault);

/* What the isolation cannot keep away from the program, one line each; NULL-terminated. SECURITY has them all. */
const char *const *explain_limits(enum isolation isolation);

/* What a layer is called, and whom it holds against. */
const char *explain_hold(enum hold hold);

#endif
