/*
 * logline - what a line of a log says of ssh sessions: loghead.h makes it. Everything in it points into the line.
 *
 * Who writes what: names of accounts, of services and banners in sshd's messages are the client's own, up to a
 * hundred bytes, and may hold " from 192.0.2.1 port 22 ssh2". What sshd puts behind a name is therefore read from
 * the line's end; what it puts behind an account that exists, and may be followed by a client's words, from the
 * front. Where both ends are a client's, and the line can be read in two ways, it is `ambiguous` and tells no name
 * and no address. (OpenSSH 3.9 to 10.2: auth.c, auth2*.c, packet.c, session.c, sshd.c, sftp-server.c; control bytes
 * and backslashes arrive escaped by vis(3), since 6.x.)
 */
#ifndef AUDIT_LOGLINE_H
#define AUDIT_LOGLINE_H

#include "logaddr.h"
#include "logstamp.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum {
	LOGLINE_MAX = 16384, /* the gate's are the longest, 8 KiB; whatever is longer none of them wrote */
	LOGLINE_TIMES_MAX = 100000, /* of a line that says how often it stands for another */
};

enum logline_kind {
	LOGLINE_HEADLESS, /* no line of a log */
	LOGLINE_FOREIGN,  /* another program's */
	LOGLINE_MANGLED,  /* by its tag one of ours, and not as that program writes it */
	LOGLINE_UNKNOWN,  /* sshd's, in words that are not known here */
	LOGLINE_QUIET,    /* sshd's, known, and of no interest */
	/* sshd */
	LOGLINE_CONNECT,     /* address, port */
	LOGLINE_ACCEPTED,    /* method, user, address, port, key, cert, ca */
	LOGLINE_FAILED,      /* the same; invalid: there is no such account */
	LOGLINE_INVALID,     /* user, address, port */
	LOGLINE_TOO_MANY,    /* user, address, port: attempts on one connection */
	LOGLINE_CLOSED,      /* the connection's end; user and address where they are said */
	LOGLINE_TIMEOUT,     /* address: nobody logged in in time */
	LOGLINE_PROBE,       /* no ssh at all, or none that fits: text */
	LOGLINE_DROPPED,     /* address; text: past MaxStartups, or a penalty */
	LOGLINE_NOT_ALLOWED, /* user; text says why sshd lets the account in never */
	LOGLINE_REVOKED,     /* key */
	LOGLINE_REVOCATION,  /* the list cannot be read, and every key is refused: text */
	LOGLINE_EXPIRED,     /* a certificate, by pid alone */
	LOGLINE_NOT_YET,
	LOGLINE_PRINCIPAL,
	LOGLINE_CERTIFICATE,   /* otherwise unfit: text */
	LOGLINE_WRONG_ADDRESS, /* user, address, where a key or certificate may not be used */
	LOGLINE_OPTIONS,       /* "Refused by key options" and its kin, by pid alone: text */
	LOGLINE_KEY_FOUND,     /* key, text: the file and line that admitted it */
	LOGLINE_CHILD,         /* child: the process that goes on with the session */
	LOGLINE_START,  /* user, address, port; text: what is started; command of a forced one; terminal */
	LOGLINE_CHROOT, /* text: what sshd has against a ChrootDirectory */
	/* sftp-server, internal-sftp */
	LOGLINE_SFTP,         /* user, address: opened */
	LOGLINE_SFTP_FILE,    /* file: what was done to one; bytes where it was closed */
	LOGLINE_SFTP_REFUSED, /* text: the status */
	/* the gate, which writes down what sftp servers say, too: then verdict is set */
	LOGLINE_LOST, /* text: how many lines of a session's transfers are missing */
	LOGLINE_GATE, /* verdict, user, address, port, key, profile, rule, request; text: the reason */
	LOGLINE_KINDS
};

/* What an sftp server did. */
enum logline_file { LOGLINE_READ, LOGLINE_WRITTEN, LOGLINE_LISTED, LOGLINE_CHANGED, LOGLINE_FILES };

struct logspan {
	const char *at; /* NULL: not said */
	size_t length;
};

struct logline {
	enum logline_kind kind;
	struct logstamp stamp;
	struct logspan host, tag, message;
	uint32_t pid; /* 0: not said */
	uint32_t child;
	unsigned times; /* how often it was said; 1 but for "message repeated" */
	bool preauth, invalid, ambiguous;
	enum logline_file file;
	struct logspan user, method, key, cert, ca, text, command, terminal;
	bool has_address;
	struct logaddr address;
	uint16_t port;  /* 0: not said */
	uint64_t bytes; /* of a file that an sftp server closed */
	/* the gate's, as its log has them: escaped */
	struct logspan verdict, profile, rule, request;
};

static inline bool logline_is(struct logspan span, const char *text)
{
	return span.at && span.length == strlen(text) && memcmp(span.at, text, span.length) == 0;
}

#endif
