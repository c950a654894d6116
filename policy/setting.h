/*
 * setting - every setting of sallyport.ini(5), as a table; private to this room.
 *
 * A setter parses one value and stores it. The same setters check a whole file when it is loaded and
 * merge the sections that hold for an account.
 */
#ifndef POLICY_SETTING_H
#define POLICY_SETTING_H

#include "policy.h"

/* The kinds of sections, as bits: where a setting may stand. */
enum section_kind {
	SECTION_DEFAULTS = 1 << 0,
	SECTION_GROUP = 1 << 1,
	SECTION_USER = 1 << 2,
	SECTION_PROFILE = 1 << 3,
	SECTION_COMMAND = 1 << 4,
	SECTION_TEST = 1 << 5,
	SECTION_KEY = 1 << 6,
	SECTION_ACCOUNT = SECTION_DEFAULTS | SECTION_GROUP | SECTION_USER,
	SECTION_NARROW = SECTION_PROFILE | SECTION_KEY, /* only take away */
};

struct setter; /* setter.h */

struct setting {
	const char *name;
	unsigned kinds;
	bool argument; /* "program rsync = …" */
	char list;     /* may go on in name.2, name.3 …, joined by this; 0: may not */
	bool many;     /* may be given several times in one section */
	const char *(*set)(struct setter *); /* a static reason, or NULL */
	const char *want; /* what would be right */
};

/* Each ends in {0}; the second is that of [test] sections. */
extern const struct setting setting_table[], expectation_table[];

/* What is looked for: "access", or "access /in", in a section of this kind. */
struct setting_name {
	const char *name;
	size_t length; /* of the first word */
	bool argument; /* there is a second */
	unsigned kind;
};

/*
 * The setting of this name; else one that takes, or lacks, a second word; else one that belongs elsewhere; or NULL,
 * and *nearest is the closest name, or NULL.
 */
const struct setting *setting_find(const struct setting_name *wanted, const char **nearest);

/* What an account has before any section is read. */
void setting_defaults(struct settings *settings);

/* The definition called name[0..length), built in or of a [command], or NULL. */
const struct definition *setting_definition(const struct policy *policy, const char *name,
					    size_t length);

#endif
