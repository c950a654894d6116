#include "grammar.h"

#include "options.h"
#include "template.h"
#include "value.h"

#include "text/list.h"

#include <string.h>

static bool fail(struct match *match, size_t word_at, const char *reason)
{
	match->reason = reason;
	match->word_at = word_at;
	return false;
}

static bool emit(struct matcher *m, const char *text, bool pattern)
{
	m->match->word[m->match->count++] = (struct rebuilt){text, pattern};
	return true;
}

static bool match_literal(struct matcher *m, const struct element *element)
{
	const struct word *word = &m->grammar->words->word[m->at];
	const char *spellings = m->definition->spellings;
	bool same = word->length == element->length &&
		    memcmp(word->text, element->literal, element->length) == 0;

	if (m->at == 0 && spellings)
		same = list_has(spellings, word->text, word->length);
	if (!same)
		return fail(m->match, m->at, m->at ? "not a word that belongs here" : "not this command");
	m->at++;
	return emit(m, arena_copy(m->grammar->arena, element->literal, element->length), false);
}

/* The verbs that hold at an operand: its path as the docroot has it. A pattern counts by its letters. */
static unsigned verbs_at(const struct grammar *grammar, const char *operand)
{
	struct pathname_place docroot = grammar->place;
	char path[PATHNAME_MAX + 1];

	docroot.root = "";
	/* A path that cannot be resolved is refused in a moment. */
	if (grammar->paths.count == 0 || pathname_resolve(&docroot, operand, path, sizeof path))
		return grammar->paths.verbs;
	return paths_at(&grammar->paths, path);
}

/* To rclone "b2:bucket" and ":sftp,host=x:dir", to hg "ssh://host/x". A ':' behind a slash is a path's. */
static bool names_remote(const char *path)
{
	return path[strcspn(path, ":/")] == ':';
}

/* A path of the policy's in a pattern: every letter stands for itself. NULL: no memory. */
static const char *quoted(struct arena *arena, const char *path)
{
	static const char special[] = "*?[\\";

	if (!strpbrk(path, special))
		return path;
	char *copy = arena_alloc(arena, 2 * strlen(path) + 1);
	for (char *out = copy; out && *path; *out++ = *path++)
		if (strchr(special, *path))
			*out++ = '\\';
	return copy;
}

static const char *rebuild(const struct grammar *grammar, const char *client, bool pattern, char path[PATHNAME_MAX + 1])
{
	struct pathname_place place = grammar->place;

	if (pattern) {
		place.root = quoted(grammar->arena, place.root);
		place.start = quoted(grammar->arena, place.start);
		if (!place.root || !place.start)
			return "out of memory";
	}
	return pathname_rebuild(&place, client, path, PATHNAME_MAX + 1);
}

/* A path of the client's, or a pattern, re-rooted. */
static bool match_path(struct matcher *m, bool may_expand)
{
	const struct word *word = &m->grammar->words->word[m->at];
	bool pattern = may_expand && word->pattern;
	char path[PATHNAME_MAX + 1];

	if (word->text[0] == '-' && !m->options_ended)
		return fail(m->match, m->at, "an option where a path belongs");
	const char *client = pattern ? word->pattern : word->text;
	unsigned verbs = verbs_at(m->grammar, client);
	if (pattern && !(verbs & VERB_LIST)) {
		m->match->lacks = VERB_LIST;
		return fail(m->match, m->at, "a wildcard lists a directory");
	}
	const char *reason = strlen(word->text) == word->length
				     ? rebuild(m->grammar, client, pattern, path)
				     : "a NUL byte";
	if (!reason && m->match->form->most & VERB_UPLOAD &&
	    pathname_has_part(client, m->grammar->protect))
		reason = "a protected name";
	/* Before and after: "~/:local:" becomes one by being rebuilt. */
	if (!reason && m->definition->remotes && (names_remote(word->text) || names_remote(path)))
		reason = "a remote that the policy does not name";
	if (!reason && m->definition->variables && strchr(word->text, '$'))
		reason = "a '$', which the program would expand";
	if (reason)
		return fail(m->match, m->at, reason);
	if (!m->operand)
		m->operand = word->text;
	m->match->verbs &= verbs;
	m->at++;
	return emit(m, arena_copy(m->grammar->arena, path, strlen(path)), pattern);
}

static bool match_paths(struct matcher *m)
{
	do {
		if (!match_path(m, true))
			return false;
	} while (m->at < m->grammar->words->count);
	return true;
}

static bool match_word(struct matcher *m, const struct element *element)
{
	const struct word *word = &m->grammar->words->word[m->at];
	bool number = element->kind == ELEMENT_NUMBER;

	if (number ? !value_is_number(word->text) : !value_is_word(word->text, element->most))
		return fail(m->match, m->at, number ? "a number belongs here" : "a plain word belongs here");
	m->at++;
	return emit(m, word->text, false);
}

/* The policy's own word, byte for byte. It lies in no directory of the docroot, so `access` alone is about it. */
static bool match_fixed(struct matcher *m)
{
	const struct word *word = &m->grammar->words->word[m->at];
	const char *fixed = m->grammar->fixed;

	if (!fixed || strlen(fixed) != word->length || strcmp(fixed, word->text) != 0)
		return fail(m->match, m->at, "not the remote that the policy names");
	m->match->verbs &= m->grammar->paths.verbs;
	m->at++;
	return emit(m, fixed, false);
}

static bool match_element(struct matcher *m, const struct element *element)
{
	size_t first = m->match->count;
	bool matched = false;

	if (element->kind == ELEMENT_OPTIONS)
		return options_match(m);
	if (m->at == m->grammar->words->count) {
		/* An operand that is not given is the start directory. */
		if (element->kind == ELEMENT_PATH || element->kind == ELEMENT_PATHS)
			m->match->verbs &= verbs_at(m->grammar, ".");
		return element->optional || fail(m->match, m->at, "a word is missing at the end");
	}
	switch (element->kind) {
	case ELEMENT_LITERAL: matched = match_literal(m, element); break;
	case ELEMENT_PATHS: matched = match_paths(m); break;
	case ELEMENT_PATH: matched = match_path(m, false); break;
	case ELEMENT_FIXED: matched = match_fixed(m); break;
	default: matched = match_word(m, element); break;
	}
	if (matched && element->capture)
		m->match->capture[element->capture] = m->match->word[first].text;
	return matched;
}

static bool match_form(struct matcher *m, const struct form *form)
{
	const char *at = form->template, *reason;
	struct element element;

	/* Room for each of the client's words, and for those that the template alone supplies. */
	m->match->form = form;
	m->match->verbs = m->grammar->anywhere;
	m->match->word = arena_alloc(m->grammar->arena,
				     (m->grammar->words->count + 1) * sizeof *m->match->word);
	if (!m->match->word)
		return fail(m->match, 0, "out of memory");
	while (template_next(&at, &element, &reason))
		if (!match_element(m, &element))
			return false;
	if (reason)
		return fail(m->match, 0, reason);
	if (m->at < m->grammar->words->count)
		return fail(m->match, m->at, "a word too many");
	return options_finish(m);
}

/* Of two failures: a lack of the account's before a form of another mode; then that which came further. */
static bool says_more(const struct match *match, const struct match *best)
{
	if (best->other_mode && match->lacks)
		return true;
	if (match->other_mode && best->lacks)
		return false;
	if (match->reach != best->reach)
		return match->reach > best->reach;
	/* Of two that came equally far, a lack says more than a form that does not fit. */
	return match->lacks && !best->lacks;
}

bool grammar_match(const struct definition *definition, const struct grammar *grammar,
		   struct match *match)
{
	struct match best = {.reason = "not this command"}, matched = {0};

	for (const struct form *form = definition->forms; form->template; form++) {
		*match = (struct match){0};
		struct matcher m = {.definition = definition, .grammar = grammar, .match = match};

		if (match_form(&m, form)) {
			for (size_t i = 0; i < match->count; i++)
				if (!match->word[i].text)
					return fail(match, 0, "out of memory");
			if (!(form->needs & ~match->verbs))
				return true;
			matched = *match; /* a form of the same shape may need less */
			continue;
		}
		match->reach = m.at;
		if (!best.form || says_more(match, &best))
			best = *match;
	}
	*match = matched.form ? matched : best;
	return matched.form;
}
