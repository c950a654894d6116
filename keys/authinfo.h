/*
 * authinfo - which key a session was let in with: the file that sshd makes under ExposeAuthInfo.
 *
 * Source: openssh-portable auth.c (auth2_record_info), session.c (prepare_auth_info_file); sshd_config(5),
 * ExposeAuthInfo. A line for each method that succeeded:
 *
 *	publickey ssh-ed25519 AAAA…
 *	password
 *
 * The file is the account's, so what it says may be made up: it can choose among narrower rights and nothing else (I7).
 */
#ifndef KEYS_AUTHINFO_H
#define KEYS_AUTHINFO_H

#include "key.h"

enum {
	AUTHINFO_MAX = 64 * 1024, /* of the file */
	AUTHINFO_ID_MAX = 255,
	AUTHINFO_NAME_MAX = 32,   /* of its path: /tmp/sshauth. and fifteen letters or digits */
};

struct authinfo {
	char fingerprint[KEY_FINGERPRINT_ROOM]; /* of the key; of a certificate, of the key certified */
	bool certificate;
	char id[AUTHINFO_ID_MAX + 1];           /* of the certificate */
	uint64_t serial;
	char ca[KEY_FINGERPRINT_ROOM];          /* of the key that signed it */
};

/* Whether the path has the one form that sshd gives it. A bounded exact match. */
bool authinfo_is_path(const char *path);

/*
 * Reads text[0..length) into *info. A static reason when it names no key, more than one, or cannot be read; *info is
 * empty then.
 */
const char *authinfo_read(const char *text, size_t length, struct authinfo *info);

#endif
