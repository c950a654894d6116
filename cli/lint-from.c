/*
 * lint-from - items of a `from` list that match no client: what matches is the text of a numeric
 * address.
 */
#include "lint.h"

#include "text/pattern.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

enum { ITEM_MAX = 256 };

struct item {
	char text[ITEM_MAX]; /* without its '!' */
	bool negated;
};

/* The item at *at; moves on. False at the end. An item too long to be an address is cut, and never
 * matches. */
static bool next_item(const char **at, struct item *item)
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

static const char *judge(const char *text)
{
	if (strchr(text, '/'))
		return NULL; /* the loader has checked it */
	if (strpbrk(text, "*?"))
		return judge_pattern(text);
	const char *name = judge_pattern(text);
	return name ? name : judge_address(text);
}

/* Bits of a block, or all of an address. */
static int prefix_of(const char *text)
{
	const char *slash = strchr(text, '/');

	return slash ? (int)strtol(slash + 1, NULL, 10) : 128; /* the loader saw to its digits */
}

/* Whether every client that the item matches is one that the negated item matches too. */
static bool covers(const char *negated, const char *text)
{
	char address[ITEM_MAX];

	if (strcmp(negated, "*") == 0 || strcasecmp(negated, text) == 0)
		return true;
	if (strpbrk(text, "*?"))
		return false;
	snprintf(address, sizeof address, "%.*s", (int)strcspn(text, "/"), text);
	/* A block in a pattern such as 10.*: only another block is compared. */
	if (strchr(text, '/') && !strchr(negated, '/'))
		return false;
	return pattern_match_address(address, negated) &&
	       (!strchr(negated, '/') || prefix_of(negated) <= prefix_of(text));
}

static void look_for_cover(struct lint *lint, struct place place, const char *list,
			   const struct item *item)
{
	struct item other;

	while (next_item(&list, &other))
		if (other.negated && covers(other.text, item->text)) {
			lint_find(lint, CHECK_FROM_COVERED, place, "%s, because of !%s", item->text,
				  other.text);
			return;
		}
}

void lint_from(struct lint *lint, struct place place, const char *list)
{
	const char *at = list;
	struct item item;

	while (next_item(&at, &item)) {
		const char *reason = judge(item.text);

		if (reason)
			lint_find(lint, CHECK_FROM_NEVER, place, "%s%s %s", item.negated ? "!" : "",
				  item.text, reason);
		else if (!item.negated)
			look_for_cover(lint, place, list, &item);
	}
}
