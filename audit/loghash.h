/*
 * loghash - numbers for the tables of this room. A client that knows the function can crowd one bucket; the tables are
 * of fixed size and count what they had to forget, so that this costs it nothing but its own rows.
 */
#ifndef AUDIT_LOGHASH_H
#define AUDIT_LOGHASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The finalizer of MurmurHash3. */
static inline uint64_t loghash_mix(uint64_t x)
{
	x ^= x >> 33;
	x *= 0xff51afd7ed558ccdU;
	x ^= x >> 33;
	x *= 0xc4ceb9fe1a85ec53U;
	return x ^ x >> 33;
}

/* FNV-1a. */
static inline uint64_t loghash_bytes(const void *bytes, size_t length)
{
	const uint8_t *at = bytes;
	uint64_t hash = 0xcbf29ce484222325U;

	for (size_t i = 0; i < length; i++)
		hash = (hash ^ at[i]) * 0x100000001b3U;
	return hash;
}

/* Of sixteen bytes, an address: several times a line, so in two steps in place of sixteen. */
static inline uint64_t loghash_address(const uint8_t byte[16])
{
	uint64_t half[2];

	memcpy(half, byte, sizeof half);
	return loghash_mix(loghash_mix(half[0]) + half[1]);
}

#endif
