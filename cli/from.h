/*
 * from - items of a `from` list, one by one: for tools that tell what a list amounts to. What matches is
 * text/pattern.h's to say. Pure.
 */
#ifndef CLI_FROM_H
#define CLI_FROM_H

#include "policy/limits.h"

#include <stdbool.h>

enum { FROM_ITEM_MAX = 256 };

struct from_item {
	char text[FROM_ITEM_MAX]; /* without its '!' */
	bool negated;
};

/*
 * The item at *at; moves on. False at the end. An item too long to be an address is cut, and never
 * matches.
 */
bool from_next_item(const char **at, struct from_item *item);

/* Why the item matches no client, whatever its address; NULL: it may match. */
const char *from_judge(const char *text);

/*
 * Whether it is certain that no address is in all of these lists (NULL: any). Blocks and addresses are reckoned
 * with exactly; a pattern that may match is taken to.
 */
bool from_is_never(const char *const lists[POLICY_CONDITIONS_MAX]);

#endif
