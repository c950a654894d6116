/*
 * keyline - one line of an authorized_keys file, as sshd takes it.
 *
 * Source: openssh-portable auth2-pubkeyfile.c (auth_check_authkeys_file, auth_check_authkey_line), sshkey.c
 * (sshkey_read).
 *
 *	line = *blank ( "#" comment / [ options 1*blank ] type 1*blank base64 [ 1*blank comment ] )
 *
 * sshd looks for a key at the start, and if there is none takes everything up to the first blank outside quotes for
 * options. Lines are pointed into, never changed: what is not touched is written back byte for byte.
 */
#ifndef KEYS_KEYLINE_H
#define KEYS_KEYLINE_H

#include "key.h"
#include "keyopts.h"

enum keyline_kind {
	KEYLINE_BLANK,
	KEYLINE_COMMENT,
	KEYLINE_KEY,     /* sshd takes it */
	KEYLINE_VOID,    /* a key that sshd refuses for its options; reason and offset say why */
	KEYLINE_FOREIGN, /* the shape of a key, of a type or make not known here: some sshd may take it */
	KEYLINE_JUNK,    /* nothing in it could be a key */
};

enum {
	KEYLINE_MAX = 2 * KEY_BLOB_MAX, /* sshd has no bound; a longer line is a fault here */
};

struct keyline {
	enum keyline_kind kind;
	const char *text;         /* without the LF */
	size_t length;
	struct quoted options;    /* the text of the options; at is NULL: none */
	size_t key_at;            /* where the type begins; what follows is never changed */
	struct quoted comment;    /* without white space at its ends */
	struct keyopts keyopts;   /* of KEY; of FOREIGN, as far as reason is NULL */
	struct key key;           /* of KEY and VOID; blob alone of FOREIGN */
	const char *reason;       /* of VOID, FOREIGN and JUNK; static */
	size_t offset;            /* in text, of what reason is about */
	unsigned char blob[KEYLINE_MAX]; /* what key points into */
};

/* Reads text[0..length), the line without its LF; line keeps pointers into it. length is at most KEYLINE_MAX. */
void keyline_read(const char *text, size_t length, struct keyline *line);

/*
 * What keeps a line from being read at all: NUL, which ends it for sshd; other control bytes; too many bytes. A static
 * reason and *offset, or NULL. A CR at the end is harmless: sshd passes over it.
 */
const char *keyline_fault(const char *text, size_t length, size_t *offset);

#endif
