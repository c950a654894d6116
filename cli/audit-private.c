/*
 * audit-private - private keys, where none should lie; and whether one of them is an authority's.
 */
#include "audit-keys.h"

#include "keys/private.h"

#include <unistd.h>

void private_look_at(const struct about *about, int fd)
{
	static char text[PRIVATE_MAX + 1];
	const struct audit_evidence evidence = {.place = {.file = about->file},
						.path = about->file};
	unsigned char digest[SHA256_BYTES];
	ssize_t length = read(fd, text, PRIVATE_MAX);

	if (length <= 0)
		return;
	text[length] = '\0';
	if (!private_is(text))
		return;
	if (private_public(text, (size_t)length, digest) && authority_knows(about->audit, digest))
		audit_find(&about->audit->found, AUDIT_AUTHORITY_PRIVATE, about->account, &evidence,
			   "the private key of an authority that sshd here trusts");
	else if (about->account)
		audit_find(&about->audit->found, AUDIT_PRIVATE_KEY, about->account, &evidence,
			   "a private key");
}
