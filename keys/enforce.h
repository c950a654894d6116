/*
 * enforce - the enforced form of a line: `restrict,command="GATE …"`, and what narrows the key further.
 *
 *	enforce_line(&line, &wanted, out, size, &length)
 *
 * Of the options that a line has, those stay that take away: from=, expiry-time=, principals=, cert-authority,
 * verify-required, the gate's own flags; and no-touch-required, which says what the key can do, not what a session
 * may. Nothing comes to life: a line that sshd refuses is refused afterwards too. The key and its comment stay byte
 * for byte.
 */
#ifndef KEYS_ENFORCE_H
#define KEYS_ENFORCE_H

#include "gatecall.h"
#include "keyline.h"

struct wanted {
	const char *gate;      /* its absolute path */
	struct gatecall call;  /* added to what a line's own command has; its own profile stays */
	const char *from;      /* for lines without from=; NULL: none */
	const char *expiry;    /* added: the earliest holds; NULL: none */
};

enum enforced {
	ENFORCED_AS_IS,    /* no key, or enforced: not to be touched */
	ENFORCED_ANEW,     /* options written anew */
	ENFORCED_COMMENT,  /* a key that sshd, or the gate for its flags, refuses: now behind a '#' */
	ENFORCED_NOT,      /* out is too small, or gate, from or expiry cannot be written; nothing was */
};

enum { ENFORCED_ROOM = KEYLINE_MAX + 3 * 8192 };

/* What stands before a line that was put behind a '#'. */
#define ENFORCE_MARK "#sallyport: "

/* Whether the key can do nothing but call the gate, with what is wanted. Of KEY and FOREIGN. */
bool enforce_holds(const struct keyline *line, const struct wanted *wanted);

/* Writes the line as it should be, without LF, to out[0..size), and its length. */
enum enforced enforce_line(const struct keyline *line, const struct wanted *wanted, char *out, size_t size,
			   size_t *length);

#endif
