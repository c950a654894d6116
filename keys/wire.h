/*
 * wire - the binary form inside keys and certificates: numbers and strings of RFC 4251, section 5.
 *
 * A reader moves along bytes that somebody else owns. After a read that fails it stays failed, so that a caller may
 * read several fields and ask once.
 */
#ifndef KEYS_WIRE_H
#define KEYS_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Bytes of somebody's; not NUL-terminated. */
struct bytes {
	const unsigned char *at;
	size_t length;
};

struct wire {
	struct bytes rest;
	bool failed;
};

static inline struct wire wire_of(struct bytes bytes)
{
	return (struct wire){.rest = bytes};
}

/* Big-endian, of 4 or 8 bytes; 0 when they are not there. */
static inline uint64_t wire_number(struct wire *wire, size_t size)
{
	uint64_t number = 0;

	if (wire->rest.length < size)
		wire->failed = true;
	for (size_t i = 0; i < size && !wire->failed; i++)
		number = number << 8 | wire->rest.at[i];
	if (wire->failed)
		return 0;
	wire->rest.at += size;
	wire->rest.length -= size;
	return number;
}

/* A length and as many bytes; empty when they are not there. */
static inline struct bytes wire_string(struct wire *wire)
{
	size_t length = (size_t)wire_number(wire, 4);
	struct bytes string = {wire->rest.at, length};

	if (wire->failed || wire->rest.length < length) {
		wire->failed = true;
		return (struct bytes){wire->rest.at, 0};
	}
	wire->rest.at += length;
	wire->rest.length -= length;
	return string;
}

/* Whether all was there, and nothing is left. */
static inline bool wire_done(const struct wire *wire)
{
	return !wire->failed && wire->rest.length == 0;
}

static inline bool bytes_are(struct bytes bytes, const char *text)
{
	return bytes.length == strlen(text) && memcmp(bytes.at, text, bytes.length) == 0;
}

#endif
