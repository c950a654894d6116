/*
 * private - files that hold a private key, of every make; and the public half where the file shows
 * it.
 *
 * Source: openssh-portable PROTOCOL.key, RFC 7468, PuTTY's documentation (appendix C), RFC 4716's
 * forerunner of ssh.com, and SSH 1.1's identity files.
 */
#ifndef KEYS_PRIVATE_H
#define KEYS_PRIVATE_H

#include "sha256.h"

#include <stdbool.h>

/* A private key is smaller than this; what is larger is something else. */
enum { PRIVATE_MAX = 16 << 10 };

/* Whether text, NUL-terminated, begins as such a file does. */
bool private_is(const char *text);

/*
 * The digest of the public half, which OpenSSH's own form has in front of what is encrypted. False:
 * it is of another form, or damaged. length is that of text, at most PRIVATE_MAX.
 */
bool private_public(const char *text, size_t length, unsigned char digest[SHA256_BYTES]);

#endif
