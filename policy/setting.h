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
	SECTION_ACCOUNT = SECTION_DEFAULTS | SECTION_GROUP | SECTION_USER,
};

/* What a setter works on. */
struct setter {
	struct policy *policy;         /* knows the definitions */
	struct settings *settings;     /* of an account or profile */
	struct definition *definition; /* of a [command] under construction */
	struct form *form;             /* its one form */
	struct program *program;       /* and program */
	struct expectation *expectation; /* of a [test] */
	const char *name;              /* of the setting */
	const char *file;              /* where it stands */
	unsigned line;
	const char *argument;          /* of "env NAME", or NULL */
	const char *value;             /* not empty; lives as long as the policy */
	bool first;                    /* of its name in this section: what earlier ones gave is replaced */
	const char *word;              /* out: the word at fault, or NULL for the whole value */
};

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

/*
 * The setting of this name in sections of this kind; one that belongs elsewhere if there is none; or NULL, and
 * *nearest is the closest name, or NULL.
 */
const struct setting *setting_find(const char *name, size_t length, unsigned kind,
				   const char **nearest);

/* Setters of NAME-accept and NAME-refuse (option-setting.c). */
const char *setting_accept(struct setter *s);
const char *setting_refuse(struct setter *s);

/* What an account has before any section is read. */
void setting_defaults(struct settings *settings);

/* The definition called name[0..length), built in or of a [command], or NULL. */
const struct definition *setting_definition(const struct policy *policy, const char *name,
					    size_t length);

#endif
