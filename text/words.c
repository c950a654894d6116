#include "words.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum quote { BARE, SINGLE, DOUBLE };

struct splitter {
	const char *in;
	size_t length, at;
	enum quote quote;
	bool in_word, wild;
	char *out;       /* where the next unquoted byte goes */
	char *pattern;   /* and the next byte of its pattern form */
	struct words *words;
	struct word *word; /* the word under construction, when in_word */
	const char *reason;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool is_control(char c)
{
	return (unsigned char)c < 0x20 || c == 0x7f;
}

static void put(struct splitter *s, char c, bool literal)
{
	*s->out++ = c;
	if (literal && strchr("*?[]\\!-^", c))
		*s->pattern++ = '\\';
	*s->pattern++ = c;
}

static const char *begin_word(struct splitter *s)
{
	if (s->words->count == WORDS_MAX)
		return "more than 1024 words";
	s->word = &s->words->word[s->words->count++];
	*s->word = (struct word){.text = s->out, .pattern = s->pattern, .offset = s->at};
	s->in_word = true;
	s->wild = false;
	return NULL;
}

static void end_word(struct splitter *s)
{
	s->word->length = (size_t)(s->out - s->word->text);
	s->word->end = s->at;
	*s->out++ = '\0';
	*s->pattern++ = '\0';
	if (!s->wild)
		s->word->pattern = NULL;
	s->in_word = false;
}

/* NAME= before the first word would be an assignment, `!` a negation: sh would run something else. */
static const char *check_first_word(const struct word *first)
{
	size_t name = strspn(first->text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789");

	if (strcmp(first->text, "!") == 0)
		return "'!' negates in a shell";
	if (name > 0 && (first->text[0] < '0' || first->text[0] > '9') && first->text[name] == '=')
		return "an environment assignment before the command";
	return NULL;
}

/* What a byte outside quotes would mean to a shell, or NULL if it stands for itself. */
static const char *shell_meaning(char c, bool starts_word)
{
	if (c == '\0')
		return "a NUL byte";
	if (strchr(";&|<>()", c))
		return "a shell operator outside quotes";
	if (c == '$' || c == '`')
		return "a shell expansion ($ or `)";
	if (c == '#' && starts_word)
		return "a shell comment";
	if (is_control(c))
		return "a control byte outside single quotes";
	return NULL;
}

static const char *after_backslash(struct splitter *s)
{
	if (s->at + 1 >= s->length)
		return "a backslash at the end";
	char c = s->in[s->at + 1];
	if (is_control(c))
		return "a control byte after a backslash";
	s->at++;
	put(s, c, true);
	return NULL;
}

static const char *step_bare(struct splitter *s, char c)
{
	if (is_blank(c)) {
		if (s->in_word)
			end_word(s);
		return NULL;
	}
	const char *reason = shell_meaning(c, !s->in_word);
	if (!reason && !s->in_word)
		reason = begin_word(s);
	if (reason)
		return reason;
	if (c == '\\')
		return after_backslash(s);
	if (c == '\'') {
		s->quote = SINGLE;
	} else if (c == '"') {
		s->quote = DOUBLE;
	} else {
		bool wild = c == '*' || c == '?' || c == '[';
		s->wild |= wild;
		put(s, c, false);
	}
	return NULL;
}

static const char *step_single(struct splitter *s, char c)
{
	if (c == '\0')
		return "a NUL byte";
	if (c == '\'')
		s->quote = BARE;
	else
		put(s, c, true);
	return NULL;
}

/* Inside double quotes a backslash escapes only $ ` " and itself (XCU 2.2.3). */
static const char *step_double(struct splitter *s, char c)
{
	if (c == '"') {
		s->quote = BARE;
		return NULL;
	}
	if (c == '\0')
		return "a NUL byte";
	if (c == '$' || c == '`')
		return "a shell expansion ($ or `)";
	if (is_control(c))
		return "a control byte outside single quotes";
	if (c == '\\' && s->at + 1 < s->length && strchr("$`\"\\\n", s->in[s->at + 1]) &&
	    s->in[s->at + 1] != '\0')
		return after_backslash(s);
	put(s, c, true);
	return NULL;
}

static void run(struct splitter *s)
{
	while (!s->reason && s->at < s->length) {
		char c = s->in[s->at];

		switch (s->quote) {
		case BARE: s->reason = step_bare(s, c); break;
		case SINGLE: s->reason = step_single(s, c); break;
		case DOUBLE: s->reason = step_double(s, c); break;
		}
		if (!s->reason)
			s->at++;
	}
	if (s->reason)
		return;
	if (s->quote != BARE) {
		s->at = s->word->offset;
		s->reason = "an unterminated quote";
		return;
	}
	if (s->in_word)
		end_word(s);
	if (s->words->count > 0) {
		s->reason = check_first_word(&s->words->word[0]);
		s->at = s->words->word[0].offset;
	}
}

const char *words_split(const char *command, size_t length, struct words *words, size_t *offset)
{
	*words = (struct words){0};
	*offset = 0;
	if (length > WORDS_BYTES_MAX) {
		*offset = WORDS_BYTES_MAX;
		return "a command longer than 64 KiB";
	}

	/* Words are at least one byte and a blank apart, so these bounds hold for any input: text
	 * needs a byte and a NUL a byte at the most, a pattern a backslash more. */
	size_t most = length / 2 + 1;
	if (most > WORDS_MAX)
		most = WORDS_MAX;
	words->word = calloc(most, sizeof *words->word);
	words->store = malloc(5 * length + 16);
	if (!words->word || !words->store) {
		words_free(words);
		return "out of memory";
	}

	struct splitter s = {
		.in = command,
		.length = length,
		.out = words->store,
		.pattern = words->store + 2 * length + 8,
		.words = words,
	};
	run(&s);
	if (s.reason) {
		*offset = s.at;
		words_free(words);
	}
	return s.reason;
}

void words_free(struct words *words)
{
	free(words->word);
	free(words->store);
	*words = (struct words){0};
}
