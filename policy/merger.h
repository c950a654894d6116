/*
 * merger - what merge.c and narrow.c work with; private to them.
 */
#ifndef POLICY_MERGER_H
#define POLICY_MERGER_H

#include "model.h"

struct merger {
	struct policy *policy;
	const struct policy_account *account;
	struct policy_fault *fault;
	const char *reason; /* why a setting could not be applied, or NULL */
};

/* Each fills the fault. section may be NULL; reason and want are static. */
enum policy_verdict merger_faulty(struct merger *m, const struct section *section,
				 const char *reason, const char *want);
enum policy_verdict merger_refused(struct merger *m, const char *word, const char *reason,
				  const char *want);

/* Runs the setters of a section on the settings. */
void merger_apply(struct merger *m, const struct section *section, struct settings *settings);

/* The path with %u %h %U %% filled in, in the policy's arena; NULL: not an absolute path that fits, or no memory. */
const char *merger_expand(struct merger *m, const char *raw);

/* -r, -t and what the sections say come to one thing: without browsing, nothing is listed. */
void merger_modes(struct settings *settings);

#endif
