#include "sshd-tokens.h"

#include <stdio.h>
#include <string.h>

/* False: no room for it. */
static bool add(char out[PATH_MAX], size_t *used, const char *text, size_t length)
{
	if (length >= PATH_MAX - *used)
		return false;
	memcpy(out + *used, text, length);
	*used += length;
	out[*used] = '\0';
	return true;
}

static const char *value_of(char token, const struct policy_account *account, char number[16])
{
	switch (token) {
	case 'u': return account->user;
	case 'U': snprintf(number, 16, "%u", account->uid); return number;
	default: return account->home; /* %h, %d */
	}
}

bool sshd_tokens(const char *pattern, const char *tokens, const struct policy_account *account, char out[PATH_MAX])
{
	char number[16];
	size_t used = 0;

	out[0] = '\0';
	for (; *pattern; pattern++) {
		const char *text = pattern;
		size_t length = 1;

		if (*pattern == '%' && *++pattern != '%') {
			if (!*pattern || !strchr(tokens, *pattern))
				return false;
			text = value_of(*pattern, account, number);
			length = strlen(text);
		}
		if (!add(out, &used, text, length))
			return false;
	}
	return true;
}

bool sshd_tokens_file(const char *pattern, const struct policy_account *account, char out[PATH_MAX])
{
	char path[PATH_MAX];
	size_t used = 0;

	if (!sshd_tokens(pattern, SSHD_TOKENS, account, path))
		return false;
	out[0] = '\0';
	return (*path == '/' || (add(out, &used, account->home, strlen(account->home)) && add(out, &used, "/", 1))) &&
	       add(out, &used, path, strlen(path));
}
