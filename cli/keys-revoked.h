/*
 * keys-revoked - sshd's revocation list (RevokedKeys): bare keys, one a line, or a KRL, which ssh-keygen reads.
 *
 *	revoked_open(path, &revoked, &line)        a reason: with this list sshd refuses every key
 *	revoked_open_own(path, &revoked, &line)    a list of ours: bare keys, and fingerprints as ssh-keygen -l has them
 *	revoked_ask(&revoked, question, count)     fills in .revoked of each
 *	revoked_close(&revoked)
 */
#ifndef CLI_KEYS_REVOKED_H
#define CLI_KEYS_REVOKED_H

#include "keys/keyfile.h"
#include "keys/sha256.h"
#include "keys/wire.h"

struct revoked {
	const char *path;
	bool is_krl, fingerprints;
	struct keyfile file;
	unsigned char (*digest)[SHA256_BYTES]; /* of the bare keys, sorted */
	size_t count;
};

struct revoked_question {
	const char *type;
	struct bytes blob;
	const unsigned char *digest; /* of blob */
	bool revoked;
};

/* Static, with errno and *line (0: the file as a whole); or NULL. */
const char *revoked_open(const char *path, struct revoked *revoked, size_t *line);
const char *revoked_open_own(const char *path, struct revoked *revoked, size_t *line);

enum { REVOKED_BATCH = 128 }; /* so many questions at once go to one ssh-keygen */

/* Static, or NULL. */
const char *revoked_ask(const struct revoked *revoked, struct revoked_question *question, size_t count);

/* "SHA256:" and 43 digits, perhaps words behind it. */
bool revoked_read_fingerprint(const char *text, size_t length, unsigned char digest[SHA256_BYTES]);

void revoked_close(struct revoked *revoked);

#endif
