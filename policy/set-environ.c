/*
 * Variables, and names that are never written.
 */
#include "setters.h"

#include "setter.h"

#include "text/list.h"

#include <string.h>

static bool is_variable(const char *name, size_t length)
{
	size_t n = strspn(name, LETTERS DIGITS "_");

	return length > 0 && n == length && !strchr(DIGITS, name[0]);
}

const char *set_token_env(struct setter *s)
{
	s->settings->token_env = s->value;
	return is_variable(s->value, strlen(s->value)) ? NULL : "not a variable's name";
}

const char *set_token_value(struct setter *s)
{
	s->settings->token_value = s->value;
	return NULL;
}

const char *set_env(struct setter *s)
{
	if (!is_variable(s->argument, strlen(s->argument)))
		return setter_blame(s, s->argument, strlen(s->argument), "not a variable's name");
	return setter_pair(s, s->settings->env, &s->settings->env_count);
}

/* Whether the word, perhaps with * at its end, can name a variable that begins like this. */
static bool reaches(const char *word, size_t length, const char *prefix)
{
	size_t most = strlen(prefix);
	bool wild = word[length - 1] == '*';

	length -= wild;
	return wild && length < most ? memcmp(word, prefix, length) == 0
				     : length >= most && memcmp(word, prefix, most) == 0;
}

const char *set_pass_env(struct setter *s)
{
	size_t length;
	const char *at = s->value, *word;

	s->settings->pass_env = s->value;
	if (strcmp(s->value, "none") == 0) {
		s->settings->pass_env = "";
		return NULL;
	}
	while (word = list_next(&at, &length), length > 0) {
		if (!is_variable(word, length - (word[length - 1] == '*')))
			return setter_blame(s, word, length, "not a variable's name, nor one with * at its end");
		if (reaches(word, length, "LD_") || reaches(word, length, "SSH_"))
			return setter_blame(s, word, length, "a client must not set this variable");
	}
	return NULL;
}

const char *set_protect(struct setter *s)
{
	s->settings->protect = strcmp(s->value, "none") == 0 ? "" : s->value;
	return strchr(s->value, '/') ? "a name with a slash" : NULL;
}
