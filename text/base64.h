/*
 * base64 - RFC 4648, read as sshd reads the second word of a key.
 *
 * Source: openssh-portable sshbuf-misc.c (sshbuf_b64tod) on b64_pton(3) of libresolv.
 */
#ifndef TEXT_BASE64_H
#define TEXT_BASE64_H

#include <stdbool.h>
#include <stddef.h>

/* Room that length bytes take as text, with padding and a NUL. */
#define BASE64_ROOM(length) (((length) + 2) / 3 * 4 + 1)

/*
 * Decodes text[0..length) into out, of at least length / 4 * 3 + 3 bytes, and sets *count. White space is passed over
 * wherever it stands; padding must be complete, and bits behind the last byte zero. False: it is something else.
 */
bool base64_decode(const char *text, size_t length, unsigned char *out, size_t *count);

/* Encodes bytes[0..length) into out, of at least BASE64_ROOM(length) bytes, with padding; NUL-terminated. */
void base64_encode(const unsigned char *bytes, size_t length, char *out);

#endif
