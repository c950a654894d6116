/*
 * explain - an answer for a person, or for a program (schema in sallyport(8)).
 */
#ifndef CLI_EXPLAIN_H
#define CLI_EXPLAIN_H

#include "dryrun.h"
#include "origin.h"

void explain_text(const struct question *question, const struct subject *subject,
		  const struct answer *answer);
void explain_json(const struct question *question, const struct subject *subject,
		  const struct answer *answer);

/* The part of a denial: the command with a caret, the rule that is closest, what would admit it. */
void explain_denial(const struct question *question, const struct subject *subject,
		    const struct answer *answer);

/* One line: name, then the definition, where it was made, and the template of a form of it (or NULL). */
void explain_rule(const char *name, const struct definition *definition, const struct form *form);

/* A fault of a policy, as text; verdict is "error" or "deny". */
void explain_fault(const char *verdict, const struct policy_fault *fault);
/* The same in a line on stderr, where stdout is JSON, or a program's. */
void explain_fault_aside(const struct policy_fault *fault);

/* What the isolation cannot keep away from the program, one line each; NULL-terminated. SECURITY has them all. */
const char *const *explain_limits(enum isolation isolation);

/* What a layer is called, and whom it holds against. */
const char *explain_hold(enum hold hold);

/*
 * The settings that the answer rests on: calls back with each, and the line that gave it; NULL where no section
 * says it and its default holds.
 */
typedef void explain_setting(const char *setting, const struct origin *origin);
void explain_settings(const struct subject *subject, const struct answer *answer,
		      explain_setting *each);

#endif
