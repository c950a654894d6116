/*
 * hold - which layer upholds that an account lacks a verb. What sandbox/ does with the verbs given is
 * stated once, here, for the decision and for the dry run; tests/e2e prove it against real programs.
 */
#include "policy.h"

/*
 * Whether the Landlock rights for `given` leave out what the verb needs (sandbox/landlock.c, shell/plan.c):
 * creating files goes with upload and rename, writing with upload and overwrite, removing names with
 * rename and delete. Modes, times and links are beyond Landlock.
 */
static bool landlock_holds(unsigned given, unsigned verb)
{
	switch (verb) {
	case VERB_DOWNLOAD:
	case VERB_LIST:
	case VERB_MKDIR: return true;
	case VERB_UPLOAD: return !(given & VERB_RENAME);
	case VERB_OVERWRITE: return false;
	case VERB_RENAME: return !(given & VERB_DELETE && given & (VERB_UPLOAD | VERB_MKDIR));
	case VERB_DELETE: return !(given & VERB_RENAME);
	default: return false;
	}
}

static bool switch_holds(const struct form *form, unsigned account_verbs, unsigned verb)
{
	for (const struct without *w = form->without; w && w->verbs; w++)
		if (w->verbs & verb && !(w->verbs & account_verbs))
			return true;
	return false;
}

enum hold policy_hold(const struct form *form, unsigned account_verbs, unsigned verb)
{
	unsigned given = (account_verbs & form->most) | form->inner;

	if (verb & VERBS_WRITE && !(account_verbs & VERBS_WRITE))
		return HOLD_MOUNT;
	if (!(given & verb) && landlock_holds(given, verb))
		return HOLD_LANDLOCK;
	if (switch_holds(form, account_verbs, verb))
		return HOLD_SWITCH;
	/* What the form cannot do at all, no client can ask of it. */
	if (form->refusable & verb || !(form->most & verb))
		return HOLD_GRAMMAR;
	return HOLD_NONE;
}
