/*
 * logaddr - the client's address in a line of a log: numbers, never names.
 */
#ifndef AUDIT_LOGADDR_H
#define AUDIT_LOGADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LOGADDR_TEXT_MAX = 56 }; /* an IPv6 address with a scope */

/* IPv4 lies in IPv6 as ::ffff:a.b.c.d, so that both are one kind of key. */
struct logaddr {
	uint8_t byte[16];
};

/* Reads text[0..length): IPv4, or IPv6 with or without %scope. False: it is neither. */
bool logaddr_read(const char *text, size_t length, struct logaddr *address);

bool logaddr_is_v4(const struct logaddr *address);

/* 127.0.0.0/8 and ::1: a tunnel's end, or the host itself. */
bool logaddr_is_loopback(const struct logaddr *address);

/* What is counted as one source: an IPv4 address, or the /64 that one customer has of IPv6. */
struct logaddr logaddr_source(const struct logaddr *address);

/* Writes it; a source's zeroes (network) get their /64. */
void logaddr_text(const struct logaddr *address, bool network, char out[LOGADDR_TEXT_MAX]);

#endif
