#include "match.h"

#include <arpa/inet.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static void add_pattern(struct audit_match *m, struct audit_patterns *list, const char *text, size_t length)
{
	bool negated = *text == '!';

	text += negated;
	length -= negated;
	for (size_t i = 0; i < list->count; i++)
		if (strlen(list->pattern[i]) == length && memcmp(list->pattern[i], text, length) == 0)
			return;
	if (list->count == list->room) {
		size_t room = list->room ? 2 * list->room : 8;
		char **grown = reallocarray(list->pattern, room, sizeof *grown);

		m->failed |= !grown;
		if (!grown)
			return;
		list->pattern = grown;
		list->room = room;
	}
	char *copy = strndup(text, length);
	m->failed |= !copy;
	if (copy)
		list->pattern[list->count++] = copy;
	/* fnmatch() has brackets, sshd has not */
	m->each |= copy && strchr(copy, '[');
}

static void add_list(struct audit_match *m, struct audit_patterns *list, const char *text, size_t length)
{
	const char *end = text + length;

	while (text < end) {
		const char *comma = memchr(text, ',', (size_t)(end - text));
		const char *stop = comma ? comma : end;

		if (stop > text)
			add_pattern(m, list, text, (size_t)(stop - text));
		text = stop + 1;
	}
}

/* Looks a criterion up. -1: it says nothing of accounts or clients. -2: it is not known. */
static int find(const char *word, size_t length)
{
	static const char *const names[AUDIT_CRITERIA] = {"user", "group",        "address",
							  "host", "localaddress", "localport"};
	static const char *const idle[] = {"all", "canonical", "final", "invalid-user"};

	for (int i = 0; i < AUDIT_CRITERIA; i++)
		if (strlen(names[i]) == length && strncasecmp(names[i], word, length) == 0)
			return i;
	for (size_t i = 0; i < sizeof idle / sizeof *idle; i++)
		if (strlen(idle[i]) == length && strncasecmp(idle[i], word, length) == 0)
			return -1;
	return -2;
}

void audit_match_add(struct audit_match *m, const char *value)
{
	static const char blanks[] = " \t=";
	const char *at = value + strspn(value, blanks);

	m->each |= strpbrk(value, "\"'\\") != NULL;
	while (*at && *at != '#') {
		size_t length = strcspn(at, blanks);
		int criterion = find(at, length);

		at += length;
		at += strspn(at, blanks);
		if (criterion == -1)
			continue;
		length = strcspn(at, blanks);
		if (criterion >= 0)
			add_list(m, &m->by[criterion], at, length);
		else /* RDomain, Version and what later sshds have: nothing of the account, as far as is known */
			m->each = m->other_peers = true;
		at += length;
		at += strspn(at, blanks);
	}
}

size_t audit_match_bits(const struct audit_match *m)
{
	return m->by[AUDIT_BY_USER].count + m->by[AUDIT_BY_GROUP].count;
}

void audit_match_class(const struct audit_match *m, const struct audit_account *account, char *bits)
{
	for (size_t i = 0; i < m->by[AUDIT_BY_USER].count; i++)
		*bits++ = fnmatch(m->by[AUDIT_BY_USER].pattern[i], account->name, FNM_NOESCAPE) == 0;
	for (size_t i = 0; i < m->by[AUDIT_BY_GROUP].count; i++, bits++) {
		*bits = 0;
		for (const char **group = account->groups; group && *group; group++)
			*bits |= fnmatch(m->by[AUDIT_BY_GROUP].pattern[i], *group, FNM_NOESCAPE) == 0;
	}
}

bool audit_match_example(enum audit_criterion criterion, const char *pattern, char *out, size_t size)
{
	unsigned char address[16];
	size_t length = strcspn(pattern, "/");

	if (strcmp(pattern, "*") == 0 || snprintf(out, size, "%.*s", (int)length, pattern) >= (int)size)
		return false;
	for (char *at = out; *at; at++)
		if (*at == '*' || *at == '?')
			*at = criterion == AUDIT_BY_HOST ? 'x' : '1';
	if (criterion == AUDIT_BY_ADDRESS || criterion == AUDIT_BY_LOCAL_ADDRESS)
		return inet_pton(AF_INET, out, address) == 1 || inet_pton(AF_INET6, out, address) == 1;
	return *out != '\0';
}

void audit_match_free(struct audit_match *m)
{
	for (int i = 0; i < AUDIT_CRITERIA; i++) {
		for (size_t j = 0; j < m->by[i].count; j++)
			free(m->by[i].pattern[j]);
		free(m->by[i].pattern);
	}
	*m = (struct audit_match){0};
}
