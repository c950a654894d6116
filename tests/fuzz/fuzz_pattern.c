/*
 * Any list and address: a list that the check accepts has an item that is not negated, and names its fault within
 * itself otherwise; matching never reads outside. Input: list and address, one a line.
 */
#include "fuzz.h"

#include "text/pattern.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1), *address = text;
	const char *item = NULL;
	size_t length = 0;

	if (!text)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	const char *list = strsep(&address, "\n");
	const char *reason = pattern_check_list(list, &item, &length);

	if (reason && (item < list || item + length > list + strlen(list)))
		BROKEN("the item at fault is outside: %s", reason);
	if (!reason && list[0] == '!' && !strchr(list, ','))
		BROKEN("only negated: %s", list);
	if (address && pattern_match_address(address, list) && reason && strstr(reason, "only negated"))
		BROKEN("it matched all the same: %s", list);
	free(text);
	return 0;
}
