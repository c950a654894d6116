/*
 * audit-private - private keys, where none should lie; and whether one of them is an authority's.
 *
 * Source: openssh-portable PROTOCOL.key: the public half stands in front of what is encrypted.
 */
#include "audit-keys.h"

#include "text/base64.h"

#include <string.h>
#include <unistd.h>

enum { HEAD_MAX = 64 << 10 };

static const char begin_openssh[] = "-----BEGIN OPENSSH PRIVATE KEY-----\n";

/* How files of private keys begin. PEM has a word or two between BEGIN and PRIVATE. */
static bool is_private(const char *text)
{
	static const char *const others[] = {"PuTTY-User-Key-File-",
					     "SSH PRIVATE KEY FILE FORMAT 1.1\n",
					     "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----"};
	const char *line = strstr(text, "-----BEGIN "), *end = line ? strchr(line, '\n') : NULL;

	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (strncmp(text, others[i], strlen(others[i])) == 0)
			return true;
	return end && memmem(line, (size_t)(end - line), "PRIVATE KEY-----", 16);
}

/* The digest of the public half. False: the file does not show it. */
static bool public_half(const char *text, unsigned char digest[SHA256_BYTES])
{
	static const char magic[] = "openssh-key-v1";
	static unsigned char bytes[HEAD_MAX];
	size_t count;

	if (strncmp(text, begin_openssh, sizeof begin_openssh - 1) != 0)
		return false;
	text += sizeof begin_openssh - 1;
	if (!base64_decode(text, strcspn(text, "-"), bytes, &count) || count < sizeof magic ||
	    memcmp(bytes, magic, sizeof magic) != 0)
		return false;
	struct wire wire = wire_of((struct bytes){bytes + sizeof magic, count - sizeof magic});
	wire_string(&wire); /* cipher, its derivation, and that one's options */
	wire_string(&wire);
	wire_string(&wire);
	bool one = wire_number(&wire, 4) == 1;
	struct bytes blob = wire_string(&wire);
	if (wire.failed || !one)
		return false;
	sha256(blob.at, blob.length, digest);
	return true;
}

void private_look_at(const struct about *about, int fd)
{
	static char text[HEAD_MAX];
	const struct audit_evidence evidence = {.place = {.file = about->file},
						.path = about->file};
	unsigned char digest[SHA256_BYTES];
	ssize_t length = read(fd, text, sizeof text - 1);

	if (length <= 0)
		return;
	text[length] = '\0';
	if (!is_private(text))
		return;
	if (public_half(text, digest) && authority_knows(about->audit, digest))
		audit_find(&about->audit->found, AUDIT_AUTHORITY_PRIVATE, about->account, &evidence,
			   "the private key of an authority that sshd here trusts");
	else if (about->account)
		audit_find(&about->audit->found, AUDIT_PRIVATE_KEY, about->account, &evidence,
			   "a private key");
}
