#include "listener.h"

#include <string.h>

static const char title[] = "sshd: ", mark[] = " [listener]";

/* Blanks become ends of arguments. An `-o Keyword value` that was one argument is put together again. */
static bool cut_title(char *cmdline, size_t *length)
{
	char *end = strstr(cmdline, mark);

	if (strncmp(cmdline, title, sizeof title - 1) != 0 || !end)
		return false;
	*end = '\0';
	*length = (size_t)(end - cmdline);
	for (char *at = cmdline; at < end; at++)
		if (*at == ' ')
			*at = '\0';
	for (char *word = cmdline; word < end; word += strlen(word) + 1) {
		char *value = word + sizeof "-o";

		if (strcmp(word, "-o") == 0 && value < end && !strchr(value, '=') && value + strlen(value) < end)
			value[strlen(value)] = ' ';
	}
	return true;
}

static char *next(char **at, const char *end)
{
	char *word = *at;

	if (word >= end)
		return NULL;
	*at = word + strlen(word) + 1;
	return word;
}

static bool keep(struct audit_listener *l, const char *argument)
{
	if (l->arguments == AUDIT_ARGUMENTS_MAX)
		return false;
	l->argument[l->arguments++] = argument;
	return true;
}

/* One option of sshd(8), and the word behind it if it takes one. False: there are too many. */
static bool read_option(struct audit_listener *l, char *word, char **at, const char *end)
{
	static const char valued[] = "CEbcfghkopu", wanted[] = "cfhopu46";
	size_t letter = 1 + strspn(word + 1, "46DGTddeiqrt"); /* flags that may stand together */
	char *value = NULL;

	for (size_t i = 1; i < letter; i++)
		if (strchr("46", word[i]) && !keep(l, word[i] == '4' ? "-4" : "-6"))
			return false;
	if (!word[letter] || !strchr(valued, word[letter]))
		return true;
	value = word[letter + 1] ? word + letter + 1 : next(at, end);
	if (!value || !strchr(wanted, word[letter]))
		return true;
	if (word[letter] == 'f')
		l->config = value;
	if (word[letter + 1]) /* -fFILE, as one word */
		return keep(l, word);
	return keep(l, word) && keep(l, value);
}

bool audit_listener_read(char *cmdline, size_t length, struct audit_listener *l)
{
	char *at = cmdline, *word;

	*l = (struct audit_listener){0};
	if (cut_title(cmdline, &length))
		next(&at, cmdline + length);
	else if (length == 0 || *cmdline != '/')
		return false;
	const char *end = cmdline + length, *slash;

	word = next(&at, end);
	slash = word ? strrchr(word, '/') : NULL;
	if (!slash || strcmp(slash, "/sshd") != 0)
		return false;
	while ((word = next(&at, end)))
		if (*word == '-' && !read_option(l, word, &at, end))
			return false;
	return true;
}
