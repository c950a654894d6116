#include "keys-sought.h"

#include "keys-revoked.h"
#include "keys.h"

#include "text/base64.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool sought_keep(struct sought *sought, const struct keyline *line)
{
	if (sought->bare || !line->key.type)
		return true;
	char *text = malloc(BASE64_ROOM(line->key.blob.length));
	if (!text)
		return false;
	base64_encode(line->key.blob.at, line->key.blob.length, text);
	int length = asprintf(&sought->bare, "%s %s", line->key.type->inside, text);
	free(text);
	if (length < 0)
		sought->bare = NULL;
	return length >= 0;
}

/* The one key of a file. */
static const char *read_file(const struct keyfile *file, struct sought *sought)
{
	struct keyline *line = keys_line();
	const char *reason = "no key in it", *bytes;
	size_t at = 0, length, offset;

	while (keyfile_next(file, &at, &bytes, &length)) {
		if (keyline_fault(bytes, length, &offset))
			break;
		keyline_read(bytes, length, line);
		if (line->kind == KEYLINE_BLANK || line->kind == KEYLINE_COMMENT)
			continue;
		if (line->kind != KEYLINE_KEY || sought->bare)
			return sought->bare ? "more than one key" : "not a public key";
		sha256(line->key.blob.at, line->key.blob.length, sought->digest);
		reason = sought_keep(sought, line) ? NULL : "no memory";
	}
	return reason;
}

const char *sought_read(const char *word, struct sought *sought)
{
	char text[64];
	struct keyfile file;

	errno = 0;
	if (strncmp(word, "SHA256:", 7) == 0) {
		int n = snprintf(text, sizeof text, "%s", word);
		return n < (int)sizeof text && revoked_read_fingerprint(text, strlen(text), sought->digest)
			       ? NULL
			       : "not a fingerprint as ssh-keygen -l has it";
	}
	const char *reason = keyfile_load(word, &file);
	if (reason)
		return reason;
	errno = 0;
	reason = read_file(&file, sought);
	keyfile_free(&file);
	return reason;
}

bool sought_is(const struct sought *sought, const char *text, size_t length)
{
	struct keyline *line = keys_line();
	unsigned char digest[SHA256_BYTES];
	size_t offset;

	if (keyline_fault(text, length, &offset))
		return false;
	keyline_read(text, length, line);
	if (line->key.blob.length == 0)
		return false;
	sha256(line->key.blob.at, line->key.blob.length, digest);
	return memcmp(digest, sought->digest, sizeof digest) == 0;
}

void sought_free(struct sought *sought)
{
	free(sought->bare);
	sought->bare = NULL;
}
