/*
 * pattern - OpenSSH pattern lists with addresses, as authorized_keys from= reads them.
 *
 * Source: PATTERNS in ssh_config(5); openssh-portable match.c, addrmatch.c.
 *
 *	list    = item *( "," item )
 *	item    = [ "!" ] ( cidr / pattern )
 *	          an address alone is compared as a number, however it is spelled; behind it or behind a block's,
 *	          %zone asks for that zone too: without one any will do
 *	cidr    = address "/" bits		e.g. 192.0.2.0/24, 2001:db8::/32; no host bits set
 *	pattern = text with * (any run) and ? (any one byte)
 */
#ifndef TEXT_PATTERN_H
#define TEXT_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

/* Whether text matches pattern; * and ? only, ASCII case ignored. In time length(text) * length(pattern). */
bool pattern_match(const char *text, const char *pattern, size_t pattern_length);

/*
 * Checks a list of addresses: every item is a CIDR block that holds together or a pattern, and at least one is
 * not negated, since a negated item alone never matches. A static reason, and the item at fault in *item and
 * *length; or NULL.
 */
const char *pattern_check_list(const char *list, const char **item, size_t *length);

/*
 * Whether the numeric address is in the list: some item matches, and no negated one does, wherever it
 * stands. An address that cannot be read matches nothing.
 */
bool pattern_match_address(const char *address, const char *list);

#endif
