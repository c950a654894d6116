/*
 * model - a loaded policy as its files say it; private to this room.
 */
#ifndef POLICY_MODEL_H
#define POLICY_MODEL_H

#include "setting.h"

struct entry {
	const struct setting *setting;
	const char *argument; /* or NULL */
	const char *value;
	unsigned line;
	unsigned pieces; /* 1, and one more for each name.2, name.3 … */
};

/* Whether no entry before entries[index] is of the same setting. */
bool setting_is_first(const struct entry *entries, size_t index);

/* A [command]: a definition with one form and one program. */
struct command {
	struct definition definition;
	struct form forms[2];
	struct program programs[2];
};

struct section {
	enum section_kind kind;
	const char *name;  /* of the group, user, profile or command; "" for defaults */
	const char *file;
	unsigned line;
	struct entry *entries;
	size_t entries_count;
	struct command *command; /* SECTION_COMMAND */
	struct expectation *test; /* SECTION_TEST: one of the policy's tests */
	struct key_rule *key;     /* SECTION_KEY: whose it is; its settings are each account's */
};

struct policy {
	struct arena arena;
	struct section *sections;
	size_t sections_count;
	struct expectation *tests; /* in the order of the file */
	size_t tests_count;
	struct settings merged; /* of the account asked for last */
};

#endif
