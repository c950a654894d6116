/*
 * judge - what is to be said of a line, and of a certificate.
 *
 * judge_line() and judge_cert() set bits; judge_rows[] has what each means. Some are found by a caller who sees more
 * than one line: duplicates, revocation, files. Pure: the time is a parameter.
 */
#ifndef KEYS_JUDGE_H
#define KEYS_JUDGE_H

#include "cert.h"
#include "enforce.h"

enum judge_severity { JUDGE_LOW, JUDGE_MEDIUM, JUDGE_HIGH };

/* In the order of judge_rows[] and of sallyport-keys(8). */
enum judge_id {
	JUDGE_COMMAND_MISSING,
	JUDGE_COMMAND_OTHER,
	JUDGE_FORWARDING_OPEN,
	JUDGE_RC_OPEN,
	JUDGE_AGENT_OPEN,
	JUDGE_X11_OPEN,
	JUDGE_PTY_OPEN,
	JUDGE_RESTRICT_MISSING,
	JUDGE_ENVIRONMENT_LOADER,
	JUDGE_ENVIRONMENT,
	JUDGE_TUNNEL,
	JUDGE_PERMIT_DEAD,
	JUDGE_WELL_KNOWN_OPEN,
	JUDGE_WELL_KNOWN_TOKENLESS,
	JUDGE_TYPE_RETIRED,
	JUDGE_RSA_SHORT,
	JUDGE_RSA_SMALL,
	JUDGE_VOID,
	JUDGE_BROKEN,
	JUDGE_FOREIGN,
	JUDGE_PRINCIPALS_PLAIN,
	JUDGE_CA_WIDE,
	JUDGE_FROM_NEVER,
	JUDGE_FROM_NAMES,
	JUDGE_EXPIRED,
	JUDGE_EXPIRY_NONE,
	JUDGE_NO_TOUCH,
	JUDGE_COMMENT_NONE,
	JUDGE_DUPLICATE,
	JUDGE_REVOKED,
	JUDGE_FAULT,
	JUDGE_BOM,
	JUDGE_CERT_SWALLOWED,
	JUDGE_CERT_COMMAND,
	JUDGE_CERT_EXTENSIONS,
	JUDGE_CERT_PRINCIPALS,
	JUDGE_CERT_FOREVER,
	JUDGE_CERT_EXPIRED,
	JUDGE_CERT_SERIAL,
	JUDGE_CERT_HOST,
	JUDGE_CERT_BROKEN,
	JUDGE_FILE_WRITABLE,
	JUDGE_FILE_DOCROOT,
	JUDGE_FILE_OWN,
	JUDGE_REVOCATION_LOCKOUT,
	JUDGES,
};

struct judge_row {
	const char *id;
	enum judge_severity severity;
	const char *why, *fix;
};

extern const struct judge_row judge_rows[JUDGES];

/* A set of enum judge_id. */
typedef uint64_t judge_set;

#define JUDGE_BIT(id) ((judge_set)1 << (id))

struct judge_facts {
	const struct wanted *wanted; /* what enforced means */
	int64_t now;
	bool shell_is_gate;          /* the account's login shell is the gate: a key without command= calls it too */
	bool well_known;             /* the fingerprint is on the list of keys whose private half is public */
};

judge_set judge_line(const struct keyline *line, const struct judge_facts *facts);

/* The key of line is a certificate. */
judge_set judge_cert(const struct keyline *line, const struct judge_facts *facts);

/* Whether the comment is one of those that Aspera's token-authorisation keys are given out with. */
bool judge_comment_well_known(struct quoted comment);

#endif
