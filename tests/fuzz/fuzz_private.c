/*
 * Any file: a public half comes from a file that is a private key, and is the same each time.
 */
#include "fuzz.h"

#include "keys/private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned char digest[SHA256_BYTES], again[SHA256_BYTES];
	char *text = malloc(size + 1);

	if (!text)
		return 0;
	if (size)
		memcpy(text, data, size);
	text[size] = '\0';
	bool shown = private_public(text, size, digest);
	if (shown && !private_is(text))
		BROKEN("the public half of what is no private key");
	if (shown && (!private_public(text, size, again) || memcmp(digest, again, sizeof digest) != 0))
		BROKEN("another public half");
	free(text);
	return 0;
}
