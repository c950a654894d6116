/*
 * sha256 - FIPS 180-4, for fingerprints.
 */
#ifndef KEYS_SHA256_H
#define KEYS_SHA256_H

#include <stddef.h>

enum { SHA256_BYTES = 32 };

/* The digest of bytes[0..length), at most 2^61 bytes. */
void sha256(const unsigned char *bytes, size_t length, unsigned char digest[SHA256_BYTES]);

#endif
