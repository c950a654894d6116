#include "options.h"

#include "value.h"

#include <string.h>

static bool fail(struct matcher *m, size_t word_at, const char *reason, const char *detail)
{
	m->match->reason = reason;
	m->match->detail = detail;
	m->match->word_at = word_at;
	return false;
}

static const struct option_rule *find(const struct definition *definition, const char *name, size_t length)
{
	for (const struct option_rule *o = definition->options; o && o->name; o++)
		if (strlen(o->name) == length && memcmp(o->name, name, length) == 0)
			return o;
	return NULL;
}

/* Whether this option may be given in this form, by this account. */
static bool admit(struct matcher *m, const struct option_rule *option)
{
	const struct form *form = m->match->form;

	if (!option)
		return fail(m, m->at, "an option that is not known", NULL);
	if (option->refused)
		return fail(m, m->at, "a refused option", option->why);
	if (option->mode) {
		if (!form->requires || strcmp(form->requires, option->name) != 0)
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
	char path[PATHNAME_MAX + 1];

	if (option->choices && strcmp(option->choices, value) == 0) {
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
	const char *reason = pathname_rebuild(&m->grammar->place, value, path, sizeof path);
	if (reason)
		return fail(m, m->at, reason, option->why);
	emit(m, join(m, word, prefix_length, path));
	return true;
}

/* The value that stands in this word behind prefix_length bytes. */
static bool take_value(struct matcher *m, const struct option_rule *option, const char *word,
		       size_t prefix_length)
{
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
	if (option->value == VALUE_CAPS)
		return fail(m, m->at, value_check(option, ""), option->why);
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
	const struct option_rule *option = find(m->definition, word, strcspn(word, "="));
	size_t kept = m->match->count;

	if (!admit(m, option) || !take_long_value(m, option, word))
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
		const struct option_rule *option = find(m->definition, word + i, 1);

		if (!admit(m, option))
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

bool options_finish(struct matcher *m)
{
	struct pathname_place place = m->grammar->place;
	char path[PATHNAME_MAX + 1];

	if (m->operand && m->operand[0] == '~')
		m->operand += 1 + strspn(m->operand + 1, "/");
	place.base = m->operand;
	place.mark = false;
	for (struct beside *b = m->beside; b; b = b->next) {
		const char *reason = pathname_rebuild(&place, b->value, path, sizeof path);
		if (reason)
			return fail(m, b->word_at, reason, NULL);
		m->match->word[b->slot].text = join(m, b->prefix, strlen(b->prefix), path);
	}
	return check_asked(m);
}
