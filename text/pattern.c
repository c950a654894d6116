#include "pattern.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

enum { ADDRESS_TEXT_MAX = INET6_ADDRSTRLEN, V4_BITS = 32, V6_BITS = 128 };

struct address {
	unsigned char bytes[16];
	unsigned bits; /* 32 or 128 */
	char zone[ADDRESS_TEXT_MAX]; /* behind a '%': an interface, or "" */
};

static bool same_letter(char a, char b)
{
	bool letter = (a | 0x20) >= 'a' && (a | 0x20) <= 'z';

	return a == b || (letter && (a | 0x20) == (b | 0x20));
}

/* Greedy with one point to come back to: never worse than the product of the lengths. */
bool pattern_match(const char *text, const char *pattern, size_t pattern_length)
{
	const char *end = pattern + pattern_length;
	const char *star = NULL, *resume = NULL;

	while (*text) {
		if (pattern < end && *pattern == '*') {
			star = ++pattern;
			resume = text;
		} else if (pattern < end && (*pattern == '?' || same_letter(*pattern, *text))) {
			pattern++;
			text++;
		} else if (star) {
			pattern = star;
			text = ++resume;
		} else {
			return false;
		}
	}
	while (pattern < end && *pattern == '*')
		pattern++;
	return pattern == end;
}

/* An IPv4 address that is mapped into IPv6 counts as IPv4, as sshd logs it. */
static bool read_address(const char *text, size_t length, struct address *address)
{
	static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
	char copy[ADDRESS_TEXT_MAX];

	if (length >= sizeof copy)
		return false;
	memcpy(copy, text, length);
	copy[length] = '\0';
	char *zone = strchr(copy, '%');
	address->zone[0] = '\0';
	if (zone && !zone[1])
		return false;
	if (zone) {
		strcpy(address->zone, zone + 1); /* both have room for the whole text */
		*zone = '\0';
	}
	if (inet_pton(AF_INET, copy, address->bytes) == 1) {
		address->bits = V4_BITS;
		return true;
	}
	if (inet_pton(AF_INET6, copy, address->bytes) != 1)
		return false;
	address->bits = V6_BITS;
	if (memcmp(address->bytes, mapped, sizeof mapped) == 0) {
		memmove(address->bytes, address->bytes + sizeof mapped, 4);
		address->bits = V4_BITS;
	}
	return true;
}

/* The first bits of the block's; and its zone, where it has one: fe80::1 is another host behind each interface. */
static bool is_in(const struct address *client, const struct address *block, unsigned bits)
{
	unsigned whole = bits / 8, rest = bits % 8;

	if (client->bits != block->bits || memcmp(client->bytes, block->bytes, whole) != 0)
		return false;
	if (block->zone[0] && strcmp(client->zone, block->zone) != 0)
		return false;
	return rest == 0 || ((client->bytes[whole] ^ block->bytes[whole]) >> (8 - rest)) == 0;
}

static bool has_host_bits(const struct address *a, unsigned bits)
{
	for (unsigned i = bits; i < a->bits; i++)
		if (a->bytes[i / 8] & 0x80 >> i % 8)
			return true;
	return false;
}

/* item is "address/bits". A static reason, or NULL. */
static const char *read_block(const char *item, size_t length, struct address *block, unsigned *bits)
{
	const char *slash = memchr(item, '/', length);
	size_t digits = length - (size_t)(slash + 1 - item);

	if (!read_address(item, (size_t)(slash - item), block))
		return "not an address before the '/'";
	if (digits < 1 || digits > 3)
		return "a prefix length of one to three digits belongs behind the '/'";
	*bits = 0;
	for (const char *at = slash + 1; at < item + length; at++) {
		if (*at < '0' || *at > '9')
			return "a prefix length of one to three digits belongs behind the '/'";
		*bits = *bits * 10 + (unsigned)(*at - '0');
	}
	if (*bits > block->bits)
		return "a prefix longer than the address";
	return has_host_bits(block, *bits) ? "bits set behind the prefix" : NULL;
}

/* The item at *at, without its '!'; moves *at past the comma. False at the end. */
static bool next_item(const char **at, const char **item, size_t *length, bool *negated)
{
	if (!*at)
		return false;
	*item = *at;
	*length = strcspn(*item, ",");
	*at = (*item)[*length] ? *item + *length + 1 : NULL;
	*negated = **item == '!';
	*item += *negated;
	*length -= *negated;
	return true;
}

const char *pattern_check_list(const char *list, const char **item, size_t *length)
{
	const char *at = list, *reason = NULL;
	bool negated, positive = false;
	struct address block;
	unsigned bits;

	while (!reason && next_item(&at, item, length, &negated)) {
		if (*length == 0)
			reason = "an empty item";
		else if (memchr(*item, ' ', *length))
			reason = "a blank in the list; items are separated by commas";
		else if (memchr(*item, '/', *length))
			reason = read_block(*item, *length, &block, &bits);
		positive |= !negated;
	}
	if (!reason && !positive) {
		*item = list;
		*length = strlen(list);
		reason = "only negated items: the list never matches (begin with what is allowed: *,!192.0.2.1)";
	}
	return reason;
}

bool pattern_match_address(const char *address, const char *list)
{
	struct address client, block;
	const char *at = list, *item;
	size_t length;
	unsigned bits;
	bool negated, found = false;

	if (!read_address(address, strlen(address), &client))
		return false;
	while (next_item(&at, &item, &length, &negated)) {
		bool hit;

		if (memchr(item, '/', length))
			hit = !read_block(item, length, &block, &bits) && is_in(&client, &block, bits);
		else if (read_address(item, length, &block))
			hit = is_in(&client, &block, block.bits);
		else
			hit = pattern_match(address, item, length);
		if (hit && negated)
			return false;
		found |= hit;
	}
	return found;
}
