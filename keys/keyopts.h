/*
 * keyopts - the options before a key, as sshd reads them.
 *
 * Source: openssh-portable auth-options.c (sshauthopt_parse), misc.c (opt_flag, opt_match, opt_dequote, hpdelim,
 * a2tun, parse_absolute_time), OpenSSH 7.7 to 10.6.
 *
 *	options = [ option ] *( "," [ option ] )     ends at the first blank outside quotes; case is ignored in names
 *	option  = [ "no-" ] flag / name "=" value
 *	value   = DQUOTE *( any byte but DQUOTE / "\" DQUOTE ) DQUOTE     a backslash is special before a quote alone
 *
 * From left to right: `restrict` takes all permissions, and a flag behind it gives one back. A second command=, from=
 * or principals= voids the key; of several expiry-time= the earliest holds, of several environment= for one name the
 * first, of several tunnel= the last.
 */
#ifndef KEYS_KEYOPTS_H
#define KEYS_KEYOPTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a session may do beyond its command. */
enum {
	PERMIT_PORT = 1 << 0,  /* TCP and Unix-domain forwarding, both ways */
	PERMIT_AGENT = 1 << 1,
	PERMIT_X11 = 1 << 2,
	PERMIT_PTY = 1 << 3,
	PERMIT_RC = 1 << 4,    /* ~/.ssh/rc runs before any command */
	PERMIT_ALL = (1 << 5) - 1,
};

/* Text of the line: between the quotes, escapes as they stand. at is NULL when the option is not there. */
struct quoted {
	const char *at;
	size_t length;
};

struct keyopts {
	unsigned permits;
	bool restricted;       /* `restrict` stands somewhere */
	bool cert_authority;
	bool no_touch, verify;
	struct quoted command, principals, from;
	struct quoted expiry;  /* the one that holds: the earliest */
	int64_t expires;       /* seconds since 1970; 0: never */
	struct quoted environment; /* the first */
	unsigned environments, permitopens, permitlistens;
	bool tunnel;
};

struct keyopts_fault {
	const char *reason;  /* static */
	size_t offset;       /* of the option at fault */
};

/*
 * Reads options at the beginning of text[0..length). *used is set to where they end: at a blank or the end of text.
 * False and *fault where sshd refuses the key for them. Times without Z are the system's, as sshd has them.
 */
bool keyopts_read(const char *text, size_t length, struct keyopts *options, size_t *used,
		  struct keyopts_fault *fault);

/* Where sshd would begin to look for a key behind options; false: a quote is open at the end. */
bool keyopts_skip(const char *text, size_t length, size_t *used);

/* The value without its escapes, NUL-terminated, into out[0..size); false: it does not fit. */
bool keyopts_unquote(struct quoted value, char *out, size_t size);

/* Seconds since 1970 of an expiry-time; false: sshd would refuse it. */
bool keyopts_time(const char *text, int64_t *seconds);

#endif
