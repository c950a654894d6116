/*
 * key - a public key as it stands in a line: the type, and the blob in base64.
 *
 * Source: openssh-portable sshkey.c (sshkey_read, sshkey_from_blob_internal) and
 * ssh-{rsa,ed25519,ecdsa,ecdsa-sk,mldsa-eddsa}.c, OpenSSH 7.7 to 10.6.
 * What is checked: the type inside the blob is the one before it, every field is there and has its length, nothing
 * is left. Not checked: that a point lies on its curve. So this accepts a little more than sshd, never less.
 */
#ifndef KEYS_KEY_H
#define KEYS_KEY_H

#include "wire.h"

enum {
	KEY_BLOB_MAX = 64 * 1024,  /* sshd's own bound for a key is 1 MiB with base64; certificates stay under this */
	KEY_FINGERPRINT_ROOM = 51, /* "SHA256:" and 43 digits, and a NUL */
};

enum key_kind { KEY_RSA, KEY_DSA, KEY_ECDSA, KEY_ED25519, KEY_ECDSA_SK, KEY_ED25519_SK, KEY_MLDSA_ED25519 };

/* A type that sshd knows, as it is written in a line. */
struct key_type {
	const char *name;
	const char *inside;  /* the name that the blob has: differs for names of signatures (rsa-sha2-256) */
	enum key_kind kind;
	unsigned bits;       /* 0: the blob says */
	const char *curve;   /* of ECDSA */
	const char *certifies; /* of a certificate: the type of its key alone; else NULL */
};

struct key {
	const struct key_type *type;
	unsigned bits;
	struct bytes blob;    /* whole */
	struct bytes fields;  /* of a certificate: the key itself, without its type */
	struct bytes body;    /* of a certificate: what follows the key itself */
};

/* The type of that name, or NULL. */
const struct key_type *key_type_find(const char *name, size_t length);

/* Takes a blob apart. A static reason, or NULL. The key points into blob. */
const char *key_read(const struct key_type *type, struct bytes blob, struct key *key);

/* The type that a blob says it is of, or NULL. */
const struct key_type *key_blob_type(struct bytes blob);

/* "SHA256:…", as ssh-keygen -l prints it. */
void key_fingerprint(struct bytes blob, char out[KEY_FINGERPRINT_ROOM]);

/*
 * The same for the key that a certificate is about, as if it stood alone. scratch has room for the certificate's blob.
 * False: not a certificate.
 */
bool key_certified_fingerprint(const struct key *key, unsigned char *scratch, char out[KEY_FINGERPRINT_ROOM]);

#endif
