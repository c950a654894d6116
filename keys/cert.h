/*
 * cert - what a certificate says: whose it is, who signed it, until when, and what a session may do.
 *
 * Source: openssh-portable PROTOCOL.certkeys, sshkey.c (cert_parse), auth-options.c (cert_option_list). The signature
 * is not verified: that is sshd's work, and a certificate here is one that sshd has accepted, or one to be looked at.
 */
#ifndef KEYS_CERT_H
#define KEYS_CERT_H

#include "key.h"

enum { CERT_USER = 1, CERT_HOST = 2 };

/* Extensions, and what they open. */
enum {
	CERT_PORT = 1 << 0,
	CERT_AGENT = 1 << 1,
	CERT_X11 = 1 << 2,
	CERT_PTY = 1 << 3,
	CERT_RC = 1 << 4,
	CERT_NO_TOUCH = 1 << 5,
	CERT_OTHER = 1 << 6, /* one that sshd does not know, and passes over */
};

struct cert {
	uint64_t serial;
	uint32_t kind;            /* CERT_USER or CERT_HOST */
	struct bytes id;
	struct bytes principals;  /* strings, one behind the other; cert_principal() */
	uint64_t after, before;   /* seconds since 1970; before is UINT64_MAX for ever */
	struct bytes command;     /* force-command; at is NULL when there is none */
	struct bytes source;      /* source-address, likewise */
	bool verify;              /* verify-required */
	unsigned extensions;
	struct bytes ca;          /* the blob of the key that signed */
};

/* Reads what follows the key in a certificate. A static reason, or NULL. Points into key->blob. */
const char *cert_read(const struct key *key, struct cert *cert);

/* The next principal; false at the end. wire begins as wire_of(cert->principals). */
bool cert_principal(struct wire *wire, struct bytes *principal);

#endif
