#include "answer.h"

#include <ctype.h>
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

enum { WORD_MAX = 64 };

/* Names that a loader, a shell, an interpreter, sshd or Aspera's programs act upon. */
static const char *const loaded[] = {
    "LD_PRELOAD",    "LD_LIBRARY_PATH",   "LD_AUDIT",      "PATH",     "IFS",
    "ENV",           "BASH_ENV",          "BASH_FUNC_x%%", "HOME",     "SSH_ORIGINAL_COMMAND",
    "SSH_USER_AUTH", "ASPERA_AUTH_TOKEN", "PYTHONPATH",    "PERL5LIB", "GIT_CONFIG_GLOBAL",
};

static const char *lower(const char *keyword, char out[WORD_MAX])
{
	size_t i = 0;

	for (; keyword[i] && i + 1 < WORD_MAX; i++)
		out[i] = (char)tolower((unsigned char)keyword[i]);
	out[i] = '\0';
	return out;
}

bool answer_is(const char *answer, const char *keyword, const char *value)
{
	char word[WORD_MAX];

	return audit_answer_is(answer, lower(keyword, word), value);
}

const char *answer_value(const char *answer, const char *keyword, char out[ANSWER_VALUE_MAX])
{
	char word[WORD_MAX];
	size_t length;
	const char *found = audit_answer_next(&answer, lower(keyword, word), &length);

	snprintf(out, ANSWER_VALUE_MAX, "%.*s", found ? (int)length : 0, found ? found : "");
	return out;
}

void answer_find(const struct audit_session *s, enum audit_id id, const char *keyword, const char *wanted)
{
	char word[WORD_MAX], value[ANSWER_VALUE_MAX];
	const struct audit_config_line *line;

	answer_value(s->answer, keyword, value);
	line = audit_config_find(s->config, lower(keyword, word), value);
	line = line ? line : audit_config_find(s->config, word, NULL);
	const struct audit_evidence evidence = {
	    .place = line ? line->place : (struct audit_place){s->file, 0}, .path = s->file, .value = wanted};
	audit_find(s->found, id, s->account, &evidence, "%s %s%s%s", keyword, value,
		   line ? "" : ", which no line says: the default", s->from);
}

bool answer_lets_in(const char *list, size_t length)
{
	char pattern[ANSWER_VALUE_MAX];

	for (const char *at = list, *end = list + length; at < end; at++) {
		size_t word = 0;

		while (at + word < end && !strchr(" ,", at[word]))
			word++;
		snprintf(pattern, sizeof pattern, "%.*s", (int)word, at);
		for (size_t i = 0; word && i < sizeof loaded / sizeof *loaded; i++)
			if (fnmatch(pattern, loaded[i], FNM_NOESCAPE) == 0)
				return true;
		at += word;
	}
	return false;
}
