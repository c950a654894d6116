/*
 * logjoin - which lines are about one connection: by the process that wrote them, and by the client's address and port.
 *
 *	struct logjoin *join = logjoin_new();
 *	struct logconn *c = logjoin_find(join, &line);	for each line that is about a connection
 *	logjoin_end(join, c);				when a line says that it is over; c is gone then
 *	while ((c = logjoin_next(join))) …		at the end: what is still open
 *	logjoin_free(join);
 *
 * Memory is what it is after logjoin_new(), whatever is read. When all places are taken, the one that was made first
 * gives way, open sessions last; when it had something still to be said, it is handed out by logjoin_lost().
 */
#ifndef AUDIT_LOGJOIN_H
#define AUDIT_LOGJOIN_H

#include "logline.h"

enum {
	LOGJOIN_PLACES = 16384,
	LOGJOIN_NAME_MAX = 100, /* sshd cuts names there */
	LOGJOIN_KEY_MAX = 63,
	LOGJOIN_PLACE_MAX = 127,
};

struct logconn {
	uint64_t host;
	uint32_t pid, child;
	bool used, has_address;
	struct logaddr address;
	uint16_t port;
	bool invalid, accepted;
	char user[LOGJOIN_NAME_MAX + 1], key[LOGJOIN_KEY_MAX + 1], place[LOGJOIN_PLACE_MAX + 1];
	/* The owner's: what it counts, and what it has still to say. */
	unsigned failed, held, sessions, decisions, refused;
	bool told;
	uint32_t pending;
	char pending_key[LOGJOIN_KEY_MAX + 1];
	int64_t time;
};

struct logjoin;

/* NULL: no memory. */
struct logjoin *logjoin_new(void);
void logjoin_free(struct logjoin *join);

/* The line's connection, made when there is none. NULL: the line has nothing to find it by. */
struct logconn *logjoin_find(struct logjoin *join, const struct logline *line);

void logjoin_set_child(struct logjoin *join, struct logconn *conn, uint32_t child);

/* No later line is about it. */
void logjoin_end(struct logjoin *join, struct logconn *conn);

/* The connection that the last logjoin_find() had to forget; else NULL. */
const struct logconn *logjoin_lost(const struct logjoin *join);

/* Each that has not ended, once; NULL: that was all. */
struct logconn *logjoin_next(struct logjoin *join);

/* Keeps at most `most` bytes of the span, and a NUL. */
void logjoin_keep(char *out, size_t most, struct logspan span);

#endif
