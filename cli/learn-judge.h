/*
 * learn-judge - what would admit a command, found by asking policy_decide(): every built-in
 * definition and every verb are offered, and what refuses even then, learn never proposes. Pure.
 */
#ifndef CLI_LEARN_JUDGE_H
#define CLI_LEARN_JUDGE_H

#include "policy/policy.h"

enum judgement {
	JUDGED_ADMITTED, /* commands and access admit it; another condition refused, or nothing did */
	JUDGED_POSSIBLE, /* definition would admit it */
	JUDGED_HINT,     /* no definition knows it; words that a [command] could hold */
	JUDGED_REFUSED,  /* nothing that learn proposes will ever admit it */
};

/* A command that was seen. */
struct wish {
	const char *command;
	size_t length;
};

struct judged {
	enum judgement judgement;
	const struct definition *definition; /* JUDGED_POSSIBLE */
	const struct form *form;             /* likewise */
	unsigned needs;     /* JUDGED_POSSIBLE: the fewest verbs that it can do with */
	const char *reason; /* JUDGED_REFUSED: static */
	const char *detail; /* static, or NULL */
};

void learn_judge(const struct settings *present, const struct wish *wish, struct judged *judged);

/* The present settings without the conditions that learn leaves alone: from, hours, expires. */
struct settings learn_unconditional(const struct settings *present);

/* Whether these settings, conditions aside, grant the command. */
bool learn_grants(const struct settings *settings, const struct wish *wish);

/*
 * The next set of verbs to try, those with fewer first: begin with 0; VERBS_ALL is the last, and
 * behind it comes VERBS_ALL + 1.
 */
unsigned learn_next_verbs(unsigned verbs);

/* The file's name in a program's path. */
const char *learn_base_name(const char *path);

#endif
