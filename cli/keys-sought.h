/*
 * keys-sought - a key that is looked for in files of keys: given as a file, or as a fingerprint.
 *
 *	sought_read(word, &sought)
 *	sought_is(&sought, text, length)    for each line; then keys_line() is that line
 *	sought_free(&sought)
 */
#ifndef CLI_KEYS_SOUGHT_H
#define CLI_KEYS_SOUGHT_H

#include "keys/keyline.h"
#include "keys/sha256.h"

struct sought {
	unsigned char digest[SHA256_BYTES]; /* of the key's blob */
	char *bare;                         /* "TYPE BASE64", once it is known */
};

/* KEY.pub, or a fingerprint as ssh-keygen -l has it. NULL, or a static reason, with errno or 0. */
const char *sought_read(const char *word, struct sought *sought);

/* Whether this line has the key, whatever sshd makes of the line. */
bool sought_is(const struct sought *sought, const char *text, size_t length);

/* Keeps the whole key of a line that has it. False: no memory. */
bool sought_keep(struct sought *sought, const struct keyline *line);

void sought_free(struct sought *sought);

#endif
