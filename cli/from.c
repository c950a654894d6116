#include "from.h"

#include "text/pattern.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool from_next_item(const char **at, struct from_item *item)
{
	size_t length = strcspn(*at, ",");

	if (length == 0)
		return false;
	item->negated = **at == '!';
	snprintf(item->text, sizeof item->text, "%.*s", (int)length - item->negated,
		 *at + item->negated);
	*at += length;
	*at += **at == ',';
	return true;
}

/* A plain address is compared as a number, however it is spelled. */
static const char *judge_address(const char *text)
{
	unsigned char bytes[16];
	int family = strchr(text, ':') ? AF_INET6 : AF_INET;

	if (strchr(text, '%'))
		return NULL;
	return inet_pton(family, text, bytes) == 1 ? NULL : "is no address, and no pattern of one";
}

/* Digits, a to f, ':' and '.'; letters never behind a '.'; anything behind a '%', which begins a
 * zone. */
static const char *judge_pattern(const char *text)
{
	const char *dot = strchr(text, '.');
	size_t known = strspn(text, "0123456789abcdefABCDEF:.*?");

	if (strchr(text, '%'))
		return NULL;
	if (text[known] || (dot && dot[strcspn(dot, "abcdefABCDEF")]))
		return "looks like a name";
	return NULL;
}

const char *from_judge(const char *text)
{
	if (strchr(text, '/'))
		return NULL; /* the loader has checked it */
	if (strpbrk(text, "*?"))
		return judge_pattern(text);
	const char *name = judge_pattern(text);
	return name ? name : judge_address(text);
}

/* ---- whether anybody is left ---- */

static bool is_in_all(const char *const lists[], const char *address)
{
	for (size_t i = 0; i < POLICY_CONDITIONS_MAX; i++)
		if (lists[i] && !pattern_match_address(address, lists[i]))
			return false;
	return true;
}

/* The address behind the last one of the block; false: there is none. */
static bool step_over(unsigned char *bytes, int count, int bits)
{
	for (int bit = bits; bit < 8 * count; bit++)
		bytes[bit / 8] |= (unsigned char)(0x80 >> bit % 8);
	for (int i = count - 1; i >= 0; i--)
		if (++bytes[i] != 0)
			return true;
	return false;
}

/*
 * What all lists admit are stretches of addresses, and each stretch begins where a block begins or right behind
 * one: to try these is to try all.
 */
static bool admits_edge(const char *const lists[], const char *text)
{
	char address[FROM_ITEM_MAX];
	unsigned char bytes[16];
	const char *slash = strchr(text, '/');
	int family = strchr(text, ':') ? AF_INET6 : AF_INET, count = family == AF_INET6 ? 16 : 4;
	int bits = slash ? (int)strtol(slash + 1, NULL, 10) : 8 * count; /* the loader saw to its digits */

	snprintf(address, sizeof address, "%.*s", (int)strcspn(text, "/"), text);
	if (inet_pton(family, address, bytes) != 1)
		return false;
	if (is_in_all(lists, address))
		return true;
	return step_over(bytes, count, bits) && inet_ntop(family, bytes, address, sizeof address) &&
	       is_in_all(lists, address);
}

/* Whether an item says that somebody is admitted, or may be. */
static bool may_admit(const char *const lists[], const struct from_item *item)
{
	if (!strpbrk(item->text, "*?"))
		return admits_edge(lists, item->text);
	return !item->negated && strcmp(item->text, "*") != 0 && !from_judge(item->text);
}

bool from_is_never(const char *const lists[POLICY_CONDITIONS_MAX])
{
	struct from_item item;

	if (is_in_all(lists, "0.0.0.0") || is_in_all(lists, "::"))
		return false;
	for (size_t i = 0; i < POLICY_CONDITIONS_MAX; i++)
		for (const char *at = lists[i]; at && from_next_item(&at, &item);)
			if (may_admit(lists, &item))
				return false;
	return true;
}
