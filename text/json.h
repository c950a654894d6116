/*
 * json - strings for JSON output (RFC 8259, section 7).
 */
#ifndef TEXT_JSON_H
#define TEXT_JSON_H

#include <stddef.h>

enum { JSON_GROWTH = 6 }; /* a byte becomes at most \u00XX */

/*
 * Writes in[0..length) as a JSON string with its quotes to out[0..size), size at least JSON_GROWTH * length + 3.
 * Bytes that are not ASCII are written as \u00XX, one a byte (Latin-1): every byte string survives the way back.
 */
void json_string(const char *in, size_t length, char *out, size_t size);

#endif
