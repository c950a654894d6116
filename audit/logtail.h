/*
 * logtail - where a message of sshd's names its client: the pieces that patterns are made of. Private to logline.
 *
 *	from    = user " from " address " port " N
 *	who     = [ ( "authenticating " / "invalid " / "" ) "user " user " " ] address " port " N
 *
 * Each takes the message from `rest` on and fills user, address and port of the line. False: it is not that form.
 */
#ifndef AUDIT_LOGTAIL_H
#define AUDIT_LOGTAIL_H

#include "logline.h"

/* Whether the span begins so; moves it behind. */
bool logtail_skip(struct logspan *span, const char *prefix);

/* Whether it ends so; cuts that off. */
bool logtail_cut(struct logspan *span, const char *suffix);

/* "from", to the very end; an address may be missing, or a host's name (then there is none). */
bool logtail_from_end(struct logspan rest, struct logline *out);

/*
 * "from" as early as it can be, with `mark` behind it and then anything: for accounts that exist. *behind gets what
 * follows the mark.
 */
bool logtail_from_first(struct logspan rest, const char *mark, struct logspan *behind, struct logline *out);

/* "who", to the very end. */
bool logtail_who_end(struct logspan rest, struct logline *out);

/*
 * "who", then ':' and anything. Where a second reading is possible, the line is ambiguous, and only *behind is
 * filled, with nothing.
 */
bool logtail_who_colon(struct logspan rest, struct logspan *behind, struct logline *out);

/* address " port " N at the front; *rest goes on behind it. */
bool logtail_address_first(struct logspan *rest, struct logline *out);

/* memmem(3) for spans; NULL: it is not there. */
const char *logtail_find(struct logspan span, const char *text);

#endif
