#include "sudo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what it lists ---- */

static enum audit_id judge(const char *command)
{
	const char *arguments = strchr(command, ' ');

	if (strcmp(command, "ALL") == 0)
		return AUDIT_SUDO_ALL;
	if (strpbrk(command, "*?["))
		return AUDIT_SUDO_WILDCARD;
	return arguments || strcmp(command, "list") == 0 ? AUDIT_SUDO_SOME : AUDIT_SUDO_PROGRAM;
}

/* In the long form commands stand under "Commands:", one a line behind a tab; what is forbidden begins with '!'.
 */
void audit_judge_sudo(char *answer, void (*found)(void *context, enum audit_id id, const char *command),
		      void *context)
{
	char *rest = answer, *line;
	bool commands = false;

	while ((line = strsep(&rest, "\n"))) {
		char *text = line + strspn(line, " \t");

		if (*line != '\t')
			commands = strcmp(text, "Commands:") == 0;
		else if (commands && *text && *text != '!')
			found(context, judge(text), text);
	}
}

/* ---- whom its rules tell apart ---- */

static void add_word(struct audit_sudoers *s, const char *word)
{
	s->each |= *word == '+'; /* a netgroup */
	if (s->count == s->room) {
		size_t room = s->room ? 2 * s->room : 256;
		const char **grown = reallocarray(s->word, room, sizeof *grown);

		s->failed |= !grown;
		if (!grown)
			return;
		s->word = grown;
		s->room = room;
	}
	s->word[s->count++] = word;
}

/* A rule, or an alias: comments and Defaults give nobody anything. "#70001" is a uid. */
static bool is_rule(const char *line)
{
	line += strspn(line, " \t");
	return *line && strncmp(line, "Defaults", 8) != 0 && (*line != '#' || strspn(line + 1, "0123456789"));
}

/* A line that goes on is one. */
static void join_lines(char *text)
{
	for (char *at = text; (at = strstr(at, "\\\n"));)
		at[0] = at[1] = ' ';
}

void audit_sudoers_add(struct audit_sudoers *s, char *text)
{
	char *line, *word;

	join_lines(text);
	while ((line = strsep(&text, "\n"))) {
		if (!is_rule(line))
			continue;
		/* A name may be written with either; and a group may be one of another service's. */
		s->each |= strpbrk(line, "\\\"") || strstr(line, "%:");
		while ((word = strsep(&line, " \t\r,=:!()")))
			if (*word)
				add_word(s, word);
	}
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void audit_sudoers_sort(struct audit_sudoers *s)
{
	size_t kept = 0;

	if (s->count)
		qsort(s->word, s->count, sizeof *s->word, by_text);
	for (size_t i = 0; i < s->count; i++)
		if (kept == 0 || strcmp(s->word[kept - 1], s->word[i]) != 0)
			s->word[kept++] = s->word[i];
	s->count = kept;
}

static void mark(const struct audit_sudoers *s, const char *word, char *bits)
{
	const char **found = s->count ? bsearch(&word, s->word, s->count, sizeof word, by_text) : NULL;

	if (found)
		bits[found - s->word] = 1;
}

void audit_sudoers_class(const struct audit_sudoers *s, const struct audit_account *account, char *bits)
{
	char word[300];

	memset(bits, 0, s->count);
	mark(s, account->name, bits);
	snprintf(word, sizeof word, "#%u", account->uid);
	mark(s, word, bits);
	snprintf(word, sizeof word, "%%#%u", account->gid);
	mark(s, word, bits);
	for (const char **group = account->groups; group && *group; group++)
		if (snprintf(word, sizeof word, "%%%s", *group) < (int)sizeof word)
			mark(s, word, bits);
}
