/*
 * NAME-accept and NAME-refuse: an account's options beside a definition's table.
 *
 * A policy may add options that no table has, and take back what a table refuses; never a row that says `never`, and
 * a row's value stays of the row's kind, so that a path is re-rooted whoever accepted it.
 */
#include "setters.h"

#include "model.h"
#include "setter.h"

#include "text/list.h"

#include <stdio.h>
#include <string.h>

/* "--delete" and "z" of "--delete=%w", "-z" and "z": what a table calls the option. Length 0: no option. */
static const char *option_name(const char *word, size_t *length)
{
	const char *equals = memchr(word, '=', *length);

	if (equals)
		*length = (size_t)(equals - word);
	if (*length == 2 && word[0] == '-') {
		word++;
		*length = 1;
	}
	bool is_long = *length > 2 && memcmp(word, "--", 2) == 0 && word[2] != '-' &&
		       strspn(word + 2, LETTERS DIGITS "-*") >= *length - 2;
	bool is_letter = *length == 1 && strspn(word, LETTERS DIGITS "@") >= 1;

	if (!is_long && !is_letter)
		*length = 0;
	return word;
}

static const struct option_rule *row(const struct option_rule *rows, const char *name, size_t length)
{
	for (const struct option_rule *o = rows; o && *o->name; o++)
		if (strlen(o->name) == length && memcmp(o->name, name, length) == 0)
			return o;
	return NULL;
}

const struct option_rule *policy_option(const struct definition *definition, const char *word,
					size_t length)
{
	const char *name = option_name(word, &length);

	return row(definition->options, name, length);
}

const struct definition *policy_option_owner(const char *setting)
{
	static const char *const endings[] = {"-accept", "-refuse"};
	size_t length = strlen(setting);

	for (size_t e = 0; e < 2; e++) {
		size_t most = strlen(endings[e]);

		if (length <= most || strcmp(setting + length - most, endings[e]) != 0)
			continue;
		for (size_t i = 0; definition_builtin[i]; i++)
			if (strlen(definition_builtin[i]->name) == length - most &&
			    memcmp(definition_builtin[i]->name, setting, length - most) == 0)
				return definition_builtin[i];
	}
	return NULL;
}

/* The definition's changes, begun if there are none; NULL: no room, or no definition. */
static struct option_changes *changes_of(struct settings *settings, const struct definition *definition)
{
	const struct option_changes *there = policy_options(settings, definition);

	if (there)
		return &settings->options[there - settings->options];
	if (!definition || settings->options_count == POLICY_OPTIONS_MAX)
		return NULL;
	struct option_changes *begun = &settings->options[settings->options_count++];
	*begun = (struct option_changes){.definition = definition};
	return begun;
}

static const char *read_kind(const char *kind, size_t length, enum value *value)
{
	static const struct {
		const char *kind;
		enum value value;
	} kinds[] = {{"", VALUE_NONE}, {"=%d", VALUE_NUMBER}, {"=%w", VALUE_WORD}, {"=%p", VALUE_PATH}};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (strlen(kinds[i].kind) == length && memcmp(kind, kinds[i].kind, length) == 0) {
			*value = kinds[i].value;
			return NULL;
		}
	return "the kind of an option's value is =%d, =%w or =%p";
}

/* A row of the table's: taken back as it is, or refused for good. */
static const char *take_back(const struct option_rule *known, enum value kind, struct option_rule *accepted)
{
	if (*known->never)
		return known->never;
	if (kind != VALUE_NONE && kind != known->value)
		return "the table has this option with another kind of value: give its name alone";
	*accepted = *known;
	accepted->refused = false;
	return NULL;
}

static const char *accept_one(const struct definition *definition, const char *word,
			      size_t length, struct option_rule *accepted)
{
	enum value kind;
	size_t name_length = length;
	const char *name = option_name(word, &name_length);

	if (name_length == 0 || memchr(name, '*', name_length))
		return "not an option: --name, -x, or one of them with =%d, =%w or =%p";
	const char *rest = name + name_length;
	const char *reason = read_kind(rest, (size_t)(word + length - rest), &kind);
	if (reason)
		return reason;
	const struct option_rule *known = row(definition->options, name, name_length);
	if (known)
		return take_back(known, kind, accepted);
	if (name_length >= sizeof accepted->name)
		return "an option's name longer than 47 bytes";
	*accepted = (struct option_rule){.value = kind, .why = "the policy accepts it"};
	memcpy(accepted->name, name, name_length);
	return NULL;
}

const char *set_accept(struct setter *s)
{
	struct option_changes *changes = changes_of(s->settings, policy_option_owner(s->name));
	const char *at = s->value, *word;
	size_t length, count = 0;

	if (!changes)
		return "more than 32 definitions with changed options";
	changes->accept = NULL;
	if (strcmp(s->value, "none") == 0)
		return NULL;
	struct option_rule *rows = arena_alloc(&s->policy->arena, (strlen(s->value) / 2 + 2) * sizeof *rows);
	if (!rows)
		return "out of memory";
	while (word = list_next(&at, &length), length > 0) {
		const char *reason = accept_one(changes->definition, word, length, &rows[count]);

		if (!reason && row(rows, rows[count].name, strlen(rows[count].name)) != &rows[count])
			reason = "an option named twice";
		if (reason)
			return setter_blame(s, word, length, reason);
		count++;
	}
	changes->accept = rows;
	return NULL;
}

/* Whether the name, or what stands before a '*' at its end, begins some option of the table. */
static bool reaches(const struct definition *definition, const char *name, size_t length)
{
	bool wild = name[length - 1] == '*';

	for (const struct option_rule *o = definition->options; o && *o->name; o++)
		if (strncmp(o->name, name, length - wild) == 0 && (wild || !o->name[length]))
			return true;
	return false;
}

const char *set_refuse(struct setter *s)
{
	struct option_changes *changes = changes_of(s->settings, policy_option_owner(s->name));
	const char *at = s->value, *word;
	char where[POLICY_PATH_MAX + POLICY_NAME_MAX + 32];
	size_t length;

	if (!changes)
		return "more than 32 definitions with changed options";
	changes->refuse[0] = (struct refusal){0};
	if (strcmp(s->value, "none") == 0)
		return NULL;
	while (word = list_next(&at, &length), length > 0) {
		size_t name_length = length;
		const char *name = memchr(word, '=', length) ? "" : option_name(word, &name_length);

		if (!*name || name_length == 0 || !reaches(changes->definition, name, name_length))
			return setter_blame(s, word, length, "the definition has no such option");
	}
	int n = snprintf(where, sizeof where, "%s, %s line %u", s->name, s->file, s->line);
	changes->refuse[0].list = s->value;
	changes->refuse[0].where = arena_copy(&s->policy->arena, where, (size_t)n);
	return changes->refuse[0].where ? NULL : "out of memory";
}

void set_refuse_too(struct settings *settings, const struct settings *said, size_t slot)
{
	for (size_t i = 0; i < said->options_count; i++) {
		const struct option_changes *more = &said->options[i];
		struct option_changes *changes =
			more->refuse[0].list ? changes_of(settings, more->definition) : NULL;

		if (changes)
			changes->refuse[slot] = more->refuse[0];
	}
}
