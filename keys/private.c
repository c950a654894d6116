#include "private.h"

#include "wire.h"

#include "text/base64.h"

static const char begin_openssh[] = "-----BEGIN OPENSSH PRIVATE KEY-----\n";

bool private_is(const char *text)
{
	static const char *const others[] = {
	    "PuTTY-User-Key-File-",
	    "SSH PRIVATE KEY FILE FORMAT 1.1\n",
	    "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----",
	};
	/* PEM has a word or two between BEGIN and PRIVATE, and perhaps text of somebody's before
	 * it. */
	const char *line = strstr(text, "-----BEGIN "), *end = line ? strchr(line, '\n') : NULL;

	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (strncmp(text, others[i], strlen(others[i])) == 0)
			return true;
	return end && memmem(line, (size_t)(end - line), "PRIVATE KEY-----", 16);
}

/* The blob in "openssh-key-v1", three strings about the cipher, how many keys, and the first one's
 * public half. */
static struct bytes public_blob(struct bytes file)
{
	static const char magic[] = "openssh-key-v1";
	struct bytes none = {0};

	if (file.length < sizeof magic || memcmp(file.at, magic, sizeof magic) != 0)
		return none;
	struct wire wire =
	    wire_of((struct bytes){file.at + sizeof magic, file.length - sizeof magic});
	for (int i = 0; i < 3; i++)
		wire_string(&wire);
	bool one = wire_number(&wire, 4) == 1;
	struct bytes blob = wire_string(&wire);
	return wire.failed || !one ? none : blob;
}

bool private_public(const char *text, size_t length, unsigned char digest[SHA256_BYTES])
{
	unsigned char bytes[PRIVATE_MAX];
	size_t head = sizeof begin_openssh - 1, count;

	if (length > PRIVATE_MAX || length < head || memcmp(text, begin_openssh, head) != 0)
		return false;
	const char *end = memchr(text + head, '-', length - head);
	if (!end || !base64_decode(text + head, (size_t)(end - text) - head, bytes, &count))
		return false;
	struct bytes blob = public_blob((struct bytes){bytes, count});
	if (blob.length == 0)
		return false;
	sha256(blob.at, blob.length, digest);
	return true;
}
