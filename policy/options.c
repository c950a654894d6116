#include "options.h"

#include "value.h"

#include "text/list.h"

#include <string.h>

static bool fail(struct matcher *m, size_t word_at, const char *reason, const char *detail)
{
	m->match->reason = reason;
	m->match->detail = detail;
	m->match->word_at = word_at;
	return false;
}

/* What the policy accepts for the account stands before the table. NULL: it failed. */
static const struct option_rule *find(struct matcher *m, const char *name, size_t length)
{
	enum { TABLES = 2 };
	const struct option_rule *const tables[TABLES] = {m->grammar->accept, m->definition->options};

	for (size_t i = 0; i < TABLES; i++)
		for (const struct option_rule *o = tables[i]; o && *o->name; o++)
			if (strlen(o->name) == length && memcmp(o->name, name, length) == 0)
				return o;
	fail(m, m->at, "an option that is not known", NULL);
	return NULL;
}

/* Whether the list has the option's name: "--delete", "-z", "z", or "--del*" for all that begin so. */
static bool lists(const char *list, const char *name)
{
	const char *word;
	size_t length;

	while (name && (word = list_next(&list, &length), length > 0)) {
		bool wild = word[length - 1] == '*';

		if (length == 2 && word[0] == '-' && word[1] != '-') {
			word++;
			length--;
		}
		if (strncmp(name, word, length - wild) == 0 && (wild || !name[length]))
			return true;
	}
	return false;
}

/* Of all the names that an option has the one that the others spell. */
static const char *chief_name(const struct option_rule *option)
{
	return *option->spells ? option->spells : option->name;
}

/* Refused by its own name, or by another that it has. */
static bool is_listed(const struct matcher *m, const char *list, const struct option_rule *option)
{
	if (lists(list, option->name))
		return true;
	for (const struct option_rule *o = m->definition->options; o && *o->name; o++)
		if (strcmp(chief_name(o), chief_name(option)) == 0 && lists(list, o->name))
			return true;
	return false;
}

/* Options that come inside the protocol are seen by nobody here: where some are refused, that way is. */
static bool hides_options(const struct matcher *m, const struct option_rule *option)
{
	for (const struct form *form = m->definition->forms; form->template; form++)
		if (option->mode && form->unseen && form->requires && strcmp(form->requires, option->name) == 0)
			return true;
	return false;
}

/* Whether the policy leaves the account this option. */
static bool permit(struct matcher *m, const struct option_rule *option)
{
	for (size_t i = 0; m->grammar->refuse && i < POLICY_CONDITIONS_MAX; i++) {
		const struct refusal *refuse = &m->grammar->refuse[i];

		if (!refuse->list)
			continue;
		if (is_listed(m, refuse->list, option))
			return fail(m, m->at, "the policy refuses this option", refuse->where);
		if (hides_options(m, option))
			return fail(m, m->at, "the policy refuses options, and behind this one they come unseen",
				    refuse->where);
	}
	return true;
}

/* Whether this option may be given in this form, by this account. */
static bool admit(struct matcher *m, const struct option_rule *option)
{
	const struct form *form = m->match->form;

	if (option->refused)
		return fail(m, m->at, "a refused option", option->why);
	if (!permit(m, option))
		return false;
	if (option->mode) {
		m->match->other_mode = !form->requires || strcmp(form->requires, option->name) != 0;
		if (m->match->other_mode)
			return fail(m, m->at, "an option of another mode", option->why);
		m->has_mode = true;
	}
	unsigned needs = option->verbs | (form->most & VERB_UPLOAD ? 0 : option->source_verbs);
	m->match->lacks = needs & ~m->grammar->anywhere;
	if (m->match->lacks)
		return fail(m, m->at, "an option that needs what the account may not do", option->why);
	for (size_t i = 0; i < VERBS_COUNT; i++)
		if (needs & 1u << i && !m->asked_at[i])
			m->asked_at[i] = m->at + 1;
	return true;
}

/* What an option asked for may hold somewhere and yet not where the operands lie. */
static bool check_asked(struct matcher *m)
{
	for (size_t i = 0; i < VERBS_COUNT; i++)
		if (m->asked_at[i] && !(m->match->verbs & 1u << i)) {
			m->match->lacks = 1u << i;
			return fail(m, m->asked_at[i] - 1, "an option that needs what the account may not do there",
				    NULL);
		}
	return true;
}

static const char *join(struct matcher *m, const char *a, size_t a_length, const char *b)
{
	size_t b_length = strlen(b);
	char *joined = arena_alloc(m->grammar->arena, a_length + b_length + 1);

	if (joined) {
		memcpy(joined, a, a_length);
		memcpy(joined + a_length, b, b_length);
	}
	return joined;
}

static void emit(struct matcher *m, const char *text)
{
	m->match->word[m->match->count++] = (struct rebuilt){.text = text};
}

/* A path in an option: its first prefix_length bytes are the option's own. */
static bool take_path(struct matcher *m, const struct option_rule *option, const char *word,
		      size_t prefix_length)
{
	const char *value = word + prefix_length;
	struct pathname_place place = m->grammar->place;
	char path[PATHNAME_MAX + 1];

	place.mark = false;
	if (*option->choices && strcmp(option->choices, value) == 0) {
		emit(m, word);
		return true;
	}
	if (value[0] == '-')
		return fail(m, m->at, "the option's value starts with '-'", option->why);
	if (m->match->form->most & VERB_UPLOAD && pathname_has_part(value, m->grammar->protect))
		return fail(m, m->at, "a protected name", option->why);
	if (option->value == VALUE_BESIDE) {
		struct beside *b = arena_alloc(m->grammar->arena, sizeof *b);
		const char *prefix = join(m, word, prefix_length, "");
		if (!b || !prefix)
			return fail(m, m->at, "out of memory", NULL);
		*b = (struct beside){m->beside, m->match->count, m->at, prefix, value};
		m->beside = b;
		emit(m, word);
		return true;
	}
	const char *reason = pathname_rebuild(&place, value, path, sizeof path);
	if (reason)
		return fail(m, m->at, reason, option->why);
	emit(m, join(m, word, prefix_length, path));
	return true;
}

/* The value that stands in this word behind prefix_length bytes. */
static bool take_value(struct matcher *m, const struct option_rule *option, const char *word,
		       size_t prefix_length)
{
	if (m->definition->unfit && strstr(word + prefix_length, m->definition->unfit))
		return fail(m, m->at, "the program would put another word into the value", option->why);
	if (option->value == VALUE_PATH || option->value == VALUE_BESIDE)
		return take_path(m, option, word, prefix_length);
	const char *reason = value_check(option, word + prefix_length);
	if (reason)
		return fail(m, m->at, reason, option->why);
	emit(m, word);
	return true;
}

/* The value in the next word. */
static bool take_next(struct matcher *m, const struct option_rule *option)
{
	if (option->attached)
		return fail(m, m->at, "the option's value belongs in the same word", option->why);
	emit(m, m->grammar->words->word[m->at].text);
	m->at++;
	if (m->at == m->grammar->words->count)
		return fail(m, m->at, "the option's value is missing", option->why);
	return take_value(m, option, m->grammar->words->word[m->at].text, 0);
}

static bool take_long_value(struct matcher *m, const struct option_rule *option, const char *word)
{
	size_t name = strlen(option->name);

	if (word[name] == '=')
		return option->value == VALUE_NONE
			       ? fail(m, m->at, "the option takes no value", option->why)
			       : take_value(m, option, word, name + 1);
	if (option->value != VALUE_NONE)
		return take_next(m, option);
	emit(m, word);
	return true;
}

static bool take_long(struct matcher *m, const char *word)
{
	const struct option_rule *option = find(m, word, strcspn(word, "="));
	size_t kept = m->match->count;

	if (!option || !admit(m, option) || !take_long_value(m, option, word))
		return false;
	if (option->dropped)
		m->match->count = kept;
	return true;
}

static bool take_cluster(struct matcher *m, const char *word)
{
	if (word[2] && !m->definition->clusters)
		return fail(m, m->at, "options may not be bundled here", NULL);
	for (size_t i = 1; word[i]; i++) {
		const struct option_rule *option = find(m, word + i, 1);

		if (!option || !admit(m, option))
			return false;
		if (option->value == VALUE_NONE)
			continue;
		return word[i + 1] ? take_value(m, option, word, i + 1) : take_next(m, option);
	}
	emit(m, word);
	return true;
}

bool options_match(struct matcher *m)
{
	const struct words *words = m->grammar->words;

	while (m->at < words->count) {
		const char *word = words->word[m->at].text;

		if (word[0] != '-' || word[1] == '\0')
			break;
		if (strcmp(word, "--") == 0) {
			/* Dropped: a rebuilt operand never starts with '-', so nothing needs it. */
			m->options_ended = true;
			m->at++;
			break;
		}
		if (word[1] == '-' ? !take_long(m, word) : !take_cluster(m, word))
			return false;
		m->at++;
	}
	if (m->match->form->requires && !m->has_mode)
		return fail(m, m->at, "the option that says the mode is missing", NULL);
	return true;
}

/*
 * A side that cannot upload is sent some of these too, and ignores them: what climbs out from its operand becomes the
 * docroot itself.
 */
static const char *finish_one(struct matcher *m, const struct pathname_place *place,
			      const struct beside *b)
{
	char path[PATHNAME_MAX + 1];
	const char *reason = pathname_beside(place, b->value, path, sizeof path);

	if (reason && !(m->match->form->most & VERB_UPLOAD))
		reason = pathname_beside(place, "/", path, sizeof path);
	if (!reason)
		m->match->word[b->slot].text = join(m, b->prefix, strlen(b->prefix), path);
	return reason;
}

bool options_finish(struct matcher *m)
{
	struct pathname_place place = m->grammar->place;

	if (m->operand && m->operand[0] == '~')
		m->operand += 1 + strspn(m->operand + 1, "/");
	place.mark = false;
	place.base = m->operand && !m->operand[0] ? "." : m->operand;
	for (struct beside *b = m->beside; b; b = b->next) {
		const char *reason = finish_one(m, &place, b);
		if (reason)
			return fail(m, b->word_at, reason, NULL);
	}
	return check_asked(m);
}
