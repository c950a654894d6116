#include "sshd-ask.h"

#include "capture.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *sshd_ask(const char *config, const char *user)
{
	char who[LINE_MAX];
	const char *argv[] = {capture_find("sshd"), "-T", "-C", who, config ? "-f" : NULL, config, NULL};
	char *out;

	if (!argv[0] || snprintf(who, sizeof who, "user=%s,host=localhost,addr=127.0.0.1", user) >= (int)sizeof who)
		return NULL;
	if (capture(argv, &out) == 0)
		return out;
	free(out);
	return NULL;
}

const char *sshd_answer(const char *answer, const char *keyword, size_t *length)
{
	size_t word = strlen(keyword);

	for (const char *at = answer; at; at = strchr(at, '\n')) {
		at += *at == '\n';
		if (strncmp(at, keyword, word) != 0 || at[word] != ' ')
			continue;
		*length = strcspn(at + word + 1, "\n");
		return *length == 4 && memcmp(at + word + 1, "none", 4) == 0 ? NULL : at + word + 1;
	}
	return NULL;
}
