/*
 * Any bytes and any size: what comes out is printable ASCII, fits and ends (I8). The first byte picks the size.
 */
#include "fuzz.h"

#include "text/escape.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void check(const char *out, size_t length, size_t size)
{
	if (length >= size || strlen(out) != length)
		BROKEN("length %zu of %zu", length, size);
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)out[i] < 0x20 || (unsigned char)out[i] > 0x7e)
			BROKEN("byte %02x", (unsigned char)out[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	size_t room = 8 + data[0];
	char *out = malloc(room);
	const char *in = (const char *)data + 1;

	if (!out)
		return 0;
	size_t n = escape_logfmt(in, size - 1, out, room);
	check(out, n, room);
	if (out[0] == '"' ? n < 2 || out[n - 1] != '"' : strpbrk(out, " =\"\\") != NULL)
		BROKEN("not one logfmt value: %s", out);
	check(out, escape_plain(in, size - 1, out, room), room);
	free(out);
	return 0;
}
