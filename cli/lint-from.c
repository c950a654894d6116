/*
 * lint-from - items of a `from` list that match no client: what matches is the text of a numeric
 * address.
 */
#include "from.h"
#include "lint.h"

#include "text/pattern.h"

#include <stdlib.h>
#include <string.h>

/* Bits of a block, or all of an address. */
static int prefix_of(const char *text)
{
	const char *slash = strchr(text, '/');

	return slash ? (int)strtol(slash + 1, NULL, 10) : 128; /* the loader saw to its digits */
}

/* Whether every client that the item matches is one that the negated item matches too. */
static bool covers(const char *negated, const char *text)
{
	char address[FROM_ITEM_MAX];

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
			   const struct from_item *item)
{
	struct from_item other;

	while (from_next_item(&list, &other))
		if (other.negated && covers(other.text, item->text)) {
			lint_find(lint, CHECK_FROM_COVERED, place, "%s, because of !%s", item->text,
				  other.text);
			return;
		}
}

void lint_from(struct lint *lint, struct place place, const char *list)
{
	const char *at = list;
	struct from_item item;

	while (from_next_item(&at, &item)) {
		const char *reason = from_judge(item.text);

		if (reason)
			lint_find(lint, CHECK_FROM_NEVER, place, "%s%s %s", item.negated ? "!" : "",
				  item.text, reason);
		else if (!item.negated)
			look_for_cover(lint, place, list, &item);
	}
}
