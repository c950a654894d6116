/*
 * closest - the rule that a refused command came nearest to, and the fewest settings that would have to change to
 * admit it. Found by asking policy_decide() again, with everything that a policy could open, and then with less and
 * less of it; so what is proposed has been tried. Pure but for memory.
 */
#ifndef CLI_CLOSEST_H
#define CLI_CLOSEST_H

#include "dryrun.h"
#include "origin.h"

#include <stdio.h>

/* What may have to change: one setting each, but for MODES, which is restricted or token. */
enum closest_row {
	CLOSEST_KEYS,
	CLOSEST_FROM,
	CLOSEST_HOURS,
	CLOSEST_EXPIRES,
	CLOSEST_MODES,
	CLOSEST_PROTECT,
	CLOSEST_SUBSYSTEM,
	CLOSEST_COMMANDS,
	CLOSEST_ACCESS,
	CLOSEST_ROWS,
};

struct closest {
	const struct question *question;     /* these three are kept for closest_say() */
	const struct subject *subject;
	const struct answer *answer;
	const struct definition *definition; /* NULL: none is near */
	const struct form *form;             /* NULL: only the first word is near */
	bool admissible;   /* some settings admit the command: those of `change`, all of them */
	unsigned change;   /* 1 << enum closest_row */
	const struct definition *missing; /* that `commands` would have to name, or NULL */
	unsigned verbs;    /* that `access` would have to have, if it changes */
	bool everywhere;   /* and no `access /DIR` may say otherwise */
};

/* Of a denial. What is given has to live as long as *closest. */
void closest_find(const struct question *question, const struct subject *subject,
		  const struct answer *answer, struct closest *closest);

/* The setting of row i; NULL behind the last. */
const char *closest_setting(const struct closest *closest, unsigned i);

/* The line that gave the account, its profile or its key this setting; false: none did. */
bool closest_origin(const struct closest *closest, const char *setting, struct origin *origin);

/* Whether what has to change is the forced command's flag, and no setting. */
bool closest_is_flag(unsigned i, const struct closest *closest);

/* Writes what the setting of row i would have to be: "access = full". Safe for a terminal. */
void closest_say(unsigned i, const struct closest *closest, FILE *to);

#endif
