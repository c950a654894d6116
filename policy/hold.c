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

static bool switch_holds(const struct form *form, const struct ground *ground, unsigned verb)
{
	for (const struct without *w = form->without; w && w->verbs; w++)
		if (w->verbs & verb && !(w->verbs & ground->judged))
			return true;
	return false;
}

unsigned policy_given(const struct form *form, unsigned verbs)
{
	/* Where the form cannot do its work, it needs nothing for itself. */
	return (verbs & form->most) | ((form->needs & ~verbs) == 0 ? form->inner : 0);
}

size_t policy_grounds(const struct settings *settings)
{
	return 1 + settings->paths_count;
}

struct ground policy_ground(const struct settings *settings, size_t index)
{
	struct ground ground = {"/", settings->verbs, 0, settings->isolation == ISOLATION_NAMESPACE};

	if (index > 0) {
		ground.directory = settings->paths[index - 1].directory;
		ground.verbs = settings->paths[index - 1].verbs;
	}
	ground.judged = ground.verbs;
	return ground;
}

enum hold policy_hold(const struct form *form, const struct ground *ground, unsigned verb)
{
	unsigned given = policy_given(form, ground->verbs);

	if (ground->mounts && verb & VERBS_WRITE && !(ground->verbs & VERBS_WRITE))
		return HOLD_MOUNT;
	if (!(given & verb) && landlock_holds(given, verb))
		return HOLD_LANDLOCK;
	if (switch_holds(form, ground, verb))
		return HOLD_SWITCH;
	/* What the form cannot do at all, no client can ask of it. */
	if ((form->refusable & verb && !(verb & ground->judged)) || !(form->most & verb))
		return HOLD_GRAMMAR;
	return HOLD_NONE;
}

unsigned policy_lacks(const struct settings *settings, const struct form *form, unsigned judged)
{
	unsigned lacks = form->needs & ~judged;

	for (size_t i = 0; i < policy_grounds(settings); i++) {
		struct ground ground = policy_ground(settings, i);

		ground.judged = judged;
		for (unsigned verb = 1; verb & VERBS_ALL; verb <<= 1)
			if (verb & form->most & ~ground.verbs &&
			    policy_hold(form, &ground, verb) == HOLD_NONE)
				lacks |= verb;
	}
	return lacks;
}
