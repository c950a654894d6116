#include "key.h"

#include "sha256.h"

#include "text/base64.h"

enum { RSA_BITS_MIN = 1024, NUMBER_BITS_MAX = 16384, ED25519_BYTES = 32, MLDSA44_BYTES = 1312, UNCOMPRESSED = 4 };

#define CERT "-cert-v01@openssh.com"
#define OPENSSH "@openssh.com"
#define HYBRID "ssh-mldsa44-ed25519"

static const struct key_type types[] = {
	{"ssh-ed25519", "ssh-ed25519", KEY_ED25519, 256, NULL, NULL},
	{"ssh-rsa", "ssh-rsa", KEY_RSA, 0, NULL, NULL},
	{"ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256", KEY_ECDSA, 256, "nistp256", NULL},
	{"ecdsa-sha2-nistp384", "ecdsa-sha2-nistp384", KEY_ECDSA, 384, "nistp384", NULL},
	{"ecdsa-sha2-nistp521", "ecdsa-sha2-nistp521", KEY_ECDSA, 521, "nistp521", NULL},
	{"sk-ssh-ed25519" OPENSSH, "sk-ssh-ed25519" OPENSSH, KEY_ED25519_SK, 256, NULL, NULL},
	{"sk-ecdsa-sha2-nistp256" OPENSSH, "sk-ecdsa-sha2-nistp256" OPENSSH, KEY_ECDSA_SK, 256,
	 "nistp256", NULL},
	{"ssh-dss", "ssh-dss", KEY_DSA, 1024, NULL, NULL},
	/* Names of signatures; sshd takes them for the key's. */
	{"rsa-sha2-256", "ssh-rsa", KEY_RSA, 0, NULL, NULL},
	{"rsa-sha2-512", "ssh-rsa", KEY_RSA, 0, NULL, NULL},
	{"webauthn-sk-ecdsa-sha2-nistp256" OPENSSH, "sk-ecdsa-sha2-nistp256" OPENSSH, KEY_ECDSA_SK,
	 256, "nistp256", NULL},
	/* Two keys in one, of OpenSSH 10.6, and as 10.4 had it. */
	{HYBRID, HYBRID, KEY_MLDSA_ED25519, 512, NULL, NULL},
	{HYBRID OPENSSH, HYBRID OPENSSH, KEY_MLDSA_ED25519, 512, NULL, NULL},
	/* Certificates: a CA's word on a key. */
	{"ssh-ed25519" CERT, "ssh-ed25519" CERT, KEY_ED25519, 256, NULL, "ssh-ed25519"},
	{"ssh-rsa" CERT, "ssh-rsa" CERT, KEY_RSA, 0, NULL, "ssh-rsa"},
	{"ecdsa-sha2-nistp256" CERT, "ecdsa-sha2-nistp256" CERT, KEY_ECDSA, 256, "nistp256", "ecdsa-sha2-nistp256"},
	{"ecdsa-sha2-nistp384" CERT, "ecdsa-sha2-nistp384" CERT, KEY_ECDSA, 384, "nistp384", "ecdsa-sha2-nistp384"},
	{"ecdsa-sha2-nistp521" CERT, "ecdsa-sha2-nistp521" CERT, KEY_ECDSA, 521, "nistp521", "ecdsa-sha2-nistp521"},
	{"sk-ssh-ed25519" CERT, "sk-ssh-ed25519" CERT, KEY_ED25519_SK, 256, NULL, "sk-ssh-ed25519" OPENSSH},
	{"sk-ecdsa-sha2-nistp256" CERT, "sk-ecdsa-sha2-nistp256" CERT, KEY_ECDSA_SK, 256, "nistp256",
	 "sk-ecdsa-sha2-nistp256" OPENSSH},
	{"ssh-dss" CERT, "ssh-dss" CERT, KEY_DSA, 1024, NULL, "ssh-dss"},
	{"rsa-sha2-256" CERT, "ssh-rsa" CERT, KEY_RSA, 0, NULL, "ssh-rsa"},
	{"rsa-sha2-512" CERT, "ssh-rsa" CERT, KEY_RSA, 0, NULL, "ssh-rsa"},
	{HYBRID "-cert", HYBRID "-cert", KEY_MLDSA_ED25519, 512, NULL, HYBRID},
	{HYBRID CERT, HYBRID CERT, KEY_MLDSA_ED25519, 512, NULL, HYBRID OPENSSH},
};

const struct key_type *key_type_find(const char *name, size_t length)
{
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (strlen(types[i].name) == length && memcmp(types[i].name, name, length) == 0)
			return &types[i];
	return NULL;
}

const struct key_type *key_blob_type(struct bytes blob)
{
	struct wire wire = wire_of(blob);
	struct bytes name = wire_string(&wire);

	return wire.failed ? NULL : key_type_find((const char *)name.at, name.length);
}

/* The length in bits of a number that is positive and not absurd; 0: it is neither. */
static unsigned number_bits(struct wire *wire)
{
	struct bytes number = wire_string(wire);
	unsigned bits = 0;

	if (number.length > 0 && number.at[0] & 0x80)
		return 0;
	while (number.length > 0 && *number.at == 0) {
		number.at++;
		number.length--;
	}
	if (number.length == 0 || number.length > NUMBER_BITS_MAX / 8)
		return 0;
	for (unsigned top = *number.at; top; top >>= 1)
		bits++;
	return bits + 8 * (unsigned)(number.length - 1);
}

static const char *read_rsa(struct wire *wire, struct key *key)
{
	if (number_bits(wire) == 0) /* the exponent */
		return "a number in the key is not one";
	key->bits = number_bits(wire);
	if (key->bits == 0)
		return "a number in the key is not one";
	return key->bits < RSA_BITS_MIN ? "an RSA key of less than 1024 bits" : NULL;
}

static const char *read_dsa(struct wire *wire)
{
	for (int i = 0; i < 4; i++) /* p, q, g, y */
		if (number_bits(wire) == 0)
			return "a number in the key is not one";
	return NULL;
}

static const char *read_ecdsa(struct wire *wire, const struct key_type *type)
{
	struct bytes curve = wire_string(wire), point = wire_string(wire);

	if (!bytes_are(curve, type->curve))
		return "the curve is not the one that the type names";
	if (point.length != 1 + 2 * ((type->bits + 7) / 8) || point.at[0] != UNCOMPRESSED)
		return "the point is not one of its curve";
	return NULL;
}

static const char *read_body(struct wire *wire, struct key *key)
{
	switch (key->type->kind) {
	case KEY_RSA: return read_rsa(wire, key);
	case KEY_DSA: return read_dsa(wire);
	case KEY_ECDSA:
	case KEY_ECDSA_SK: return read_ecdsa(wire, key->type);
	case KEY_MLDSA_ED25519:
		return wire_string(wire).length == MLDSA44_BYTES + ED25519_BYTES
			       ? NULL
			       : "an ML-DSA-44 and an Ed25519 key have 1344 bytes";
	case KEY_ED25519:
	case KEY_ED25519_SK: break;
	}
	return wire_string(wire).length == ED25519_BYTES ? NULL : "an Ed25519 key has 32 bytes";
}

const char *key_read(const struct key_type *type, struct bytes blob, struct key *key)
{
	struct wire wire = wire_of(blob);
	struct bytes name = wire_string(&wire);

	*key = (struct key){.type = type, .bits = type->bits, .blob = blob};
	if (wire.failed || !bytes_are(name, type->inside))
		return "the type inside the key is not the one before it";
	if (type->certifies)
		wire_string(&wire); /* the nonce */
	key->fields.at = wire.rest.at;
	const char *reason = read_body(&wire, key);
	if (!reason && (type->kind == KEY_ECDSA_SK || type->kind == KEY_ED25519_SK))
		wire_string(&wire); /* the application */
	if (wire.failed)
		return "the key ends too early";
	if (reason)
		return reason;
	key->fields.length = (size_t)(wire.rest.at - key->fields.at);
	key->body = wire.rest;
	return wire.rest.length > 0 && !type->certifies ? "bytes are left behind the key" : NULL;
}

void key_fingerprint(struct bytes blob, char out[KEY_FINGERPRINT_ROOM])
{
	unsigned char digest[SHA256_BYTES];
	char text[BASE64_ROOM(SHA256_BYTES)];

	sha256(blob.at, blob.length, digest);
	base64_encode(digest, sizeof digest, text);
	memcpy(out, "SHA256:", 7);
	memcpy(out + 7, text, 43); /* without the padding */
	out[KEY_FINGERPRINT_ROOM - 1] = '\0';
}

bool key_certified_fingerprint(const struct key *key, unsigned char *scratch, char out[KEY_FINGERPRINT_ROOM])
{
	unsigned char *at = scratch + 4;

	if (!key->type->certifies)
		return false;
	size_t name = strlen(key->type->certifies);
	memcpy(at, key->type->certifies, name);
	for (int i = 0; i < 4; i++)
		scratch[i] = (unsigned char)(name >> (24 - 8 * i));
	memcpy(at + name, key->fields.at, key->fields.length);
	key_fingerprint((struct bytes){scratch, 4 + name + key->fields.length}, out);
	return true;
}
