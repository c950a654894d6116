#include "authinfo.h"

#include "cert.h"

#include "text/base64.h"

bool authinfo_is_path(const char *path)
{
	static const char prefix[] = "/tmp/sshauth.";
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
	enum { RANDOM = 15 };
	size_t length = strnlen(path, AUTHINFO_NAME_MAX);

	return length == sizeof prefix - 1 + RANDOM && memcmp(path, prefix, sizeof prefix - 1) == 0 &&
	       strspn(path + sizeof prefix - 1, letters) == RANDOM;
}

static const char *read_certificate(const struct key *key, unsigned char *scratch, struct authinfo *info)
{
	struct cert cert;
	const char *reason = cert_read(key, &cert);

	if (reason)
		return reason;
	if (cert.id.length > AUTHINFO_ID_MAX || memchr(cert.id.at, '\0', cert.id.length))
		return "the certificate's identity is too long, or no text";
	memcpy(info->id, cert.id.at, cert.id.length);
	info->certificate = true;
	info->serial = cert.serial;
	key_fingerprint(cert.ca, info->ca);
	key_certified_fingerprint(key, scratch, info->fingerprint);
	return NULL;
}

/* "TYPE BASE64" */
static const char *read_key(const char *text, size_t length, struct authinfo *info)
{
	static unsigned char blob[AUTHINFO_MAX], scratch[AUTHINFO_MAX];
	const char *blank = memchr(text, ' ', length);
	struct key key;
	size_t count;

	if (!blank)
		return "a key without its base64";
	size_t name = (size_t)(blank - text);
	const struct key_type *type = key_type_find(text, name);
	if (!type)
		return "a type of key that is not known here";
	if (!base64_decode(blank + 1, length - name - 1, blob, &count))
		return "a key that is not base64";
	const char *reason = key_read(type, (struct bytes){blob, count}, &key);
	if (reason)
		return reason;
	if (type->certifies)
		return read_certificate(&key, scratch, info);
	key_fingerprint(key.blob, info->fingerprint);
	return NULL;
}

const char *authinfo_read(const char *text, size_t length, struct authinfo *info)
{
	static const char method[] = "publickey ";
	const char *end = text + length, *reason = NULL;

	*info = (struct authinfo){0};
	if (length > AUTHINFO_MAX)
		return "longer than sshd makes it";
	while (!reason && text < end) {
		const char *stop = memchr(text, '\n', (size_t)(end - text));
		size_t line = (size_t)((stop ? stop : end) - text);

		if (line > sizeof method && memcmp(text, method, sizeof method - 1) == 0)
			reason = info->fingerprint[0] ? "more than one key was used"
						      : read_key(text + sizeof method - 1,
								 line - (sizeof method - 1), info);
		text += line + 1;
	}
	if (!reason && !info->fingerprint[0])
		reason = "no key was used";
	if (reason)
		*info = (struct authinfo){0};
	return reason;
}
