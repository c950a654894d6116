/*
 * Any line of any log: what it tells is bounded, has a command, and names no account that could not be one; what is
 * not believed has a reason. A logged line with one more byte in front of it tells nothing.
 */
#include "fuzz.h"

#include "cli/learn-line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct observation seen, again;

static void check_user(const char *user)
{
	if (!user[0] || strlen(user) > LEARN_NAME_MAX || strpbrk(user, " /\"\\[]\n=%") || user[0] == '.' ||
	    user[0] == '-')
		BROKEN("not an account's name: %s", user);
}

static void check_forged(const uint8_t *data, size_t size)
{
	char *longer = malloc(size + 1);

	if (!longer)
		return;
	longer[0] = 'x';
	memcpy(longer + 1, data, size);
	if (learn_line(longer, size + 1, &again) == LEARN_LOGGED)
		BROKEN("believed inside another message");
	free(longer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum learn_line kind = learn_line((const char *)data, size, &seen);

	if (seen.length > LEARN_LINE_MAX || seen.command[seen.length] != '\0')
		BROKEN("not bounded");
	if ((kind == LEARN_REJECTED) != (seen.reason != NULL))
		BROKEN("a reason without a rejection, or the other way round");
	if ((kind == LEARN_SENT || kind == LEARN_LOGGED) && seen.length == 0)
		BROKEN("no command");
	if (kind == LEARN_SENT && (seen.user[0] || seen.uid[0]))
		BROKEN("a client's own output names an account");
	if (kind == LEARN_LOGGED) {
		check_user(seen.user);
		check_forged(data, size);
	}
	return 0;
}
