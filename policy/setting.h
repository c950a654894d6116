/*
 * setting - every setting of sallyport.ini(5), as a table; private to this room.
 *
 * A setter parses one value and stores it. The same setters check a whole file when it is loaded and
 * merge the sections that hold for an account.
 */
#ifndef POLICY_SETTING_H
#define POLICY_SETTING_H

#include "nearest.h"
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

/* What a setter works on. */
struct setter {
	struct policy *policy;         /* knows the definitions */
	struct settings *settings;     /* of an account or profile */
	struct definition *definition; /* of a [command] under construction */
	struct form *form;             /* its one form */
	struct program *program;       /* and program */
	struct expectation *expectation; /* of a [test] */
	struct key_rule *key;          /* of a [key]; NULL once its fingerprints are known */
	const char *name;              /* of the setting */
	const char *file;              /* where it stands */
	unsigned line;
	const char *argument;          /* of "env NAME", or NULL */
	const char *value;             /* not empty; lives as long as the policy */
	bool first;                    /* of its name in this section: what earlier ones gave is replaced */
	const char *word;              /* out: the word at fault, or NULL for the whole value */
	struct nearest near;           /* out: the valid word that is nearest to it */
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

/* Setters of NAME-accept and NAME-refuse (option-setting.c). */
const char *setting_accept(struct setter *s);
const char *setting_refuse(struct setter *s);

/* What said refuses in its first slot is refused by settings too, in the slot given. */
void setting_refuse_too(struct settings *settings, const struct settings *said, size_t slot);

/* What an account has before any section is read. */
void setting_defaults(struct settings *settings);

/* The definition called name[0..length), built in or of a [command], or NULL. */
const struct definition *setting_definition(const struct policy *policy, const char *name,
					    size_t length);

#endif
