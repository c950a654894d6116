#include "logjoin.h"

#include "loghash.h"

#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 8192, WAYS = 8, CHANCES = 16 };

/* A place by one of its keys: some bits of the key's hash, so that few places are looked at in vain. */
struct way {
	uint16_t number; /* place + 1; 0: free */
	uint16_t mark;
};

struct index {
	struct way way[BUCKETS][WAYS];
};

struct logjoin {
	struct logconn place[LOGJOIN_PLACES];
	struct index by_process, by_client;
	uint16_t spare[LOGJOIN_PLACES]; /* given back; the last one is used first, while it is warm */
	size_t spares, hand, walk;
	bool has_lost;
	struct logconn lost;
};

struct logjoin *logjoin_new(void)
{
	return calloc(1, sizeof(struct logjoin));
}

void logjoin_free(struct logjoin *join)
{
	free(join);
}

void logjoin_keep(char *out, size_t most, struct logspan span)
{
	size_t n = span.length < most ? span.length : most;

	if (n)
		memcpy(out, span.at, n);
	out[n] = '\0';
}

static uint64_t process_hash(uint64_t host, uint32_t pid)
{
	return loghash_mix(host + pid);
}

static uint64_t client_hash(uint64_t host, const struct logaddr *address, uint16_t port)
{
	return loghash_mix(loghash_address(address->byte) + host + port);
}

static bool is_process(const struct logconn *c, uint64_t host, uint32_t pid)
{
	return c->used && c->host == host && (c->pid == pid || c->child == pid);
}

static bool is_client(const struct logconn *c, uint64_t host, const struct logline *line)
{
	return c->used && c->host == host && c->has_address && c->port == line->port &&
	       memcmp(&c->address, &line->address, sizeof c->address) == 0;
}

static struct way *bucket(struct index *index, uint64_t hash)
{
	return index->way[hash % BUCKETS];
}

/* A free way, else the one that the hash picks: what was there is found no more by this key. */
static void enter(struct index *index, uint64_t hash, uint16_t number)
{
	struct way *way = bucket(index, hash), *pick = &way[hash >> 60 & (WAYS - 1)];

	for (unsigned i = 0; i < WAYS; i++) {
		if (way[i].number == number)
			return;
		if (!way[i].number && pick->number)
			pick = &way[i];
	}
	*pick = (struct way){number, (uint16_t)(hash >> 32)};
}

static void leave(struct index *index, uint64_t hash, uint16_t number)
{
	struct way *way = bucket(index, hash);

	for (unsigned i = 0; i < WAYS; i++)
		if (way[i].number == number)
			way[i] = (struct way){0};
}

static uint16_t number_of(const struct logjoin *join, const struct logconn *conn)
{
	return (uint16_t)(conn - join->place + 1);
}

static struct logconn *by_process(struct logjoin *join, uint64_t host, uint32_t pid)
{
	uint64_t hash = process_hash(host, pid);
	const struct way *way = bucket(&join->by_process, hash);

	for (unsigned i = 0; i < WAYS; i++)
		if (way[i].number && way[i].mark == (uint16_t)(hash >> 32) &&
			is_process(&join->place[way[i].number - 1], host, pid))
			return &join->place[way[i].number - 1];
	return NULL;
}

static struct logconn *by_client(struct logjoin *join, uint64_t host, const struct logline *line)
{
	uint64_t hash = client_hash(host, &line->address, line->port);
	const struct way *way = bucket(&join->by_client, hash);

	for (unsigned i = 0; i < WAYS; i++)
		if (way[i].number && way[i].mark == (uint16_t)(hash >> 32) &&
			is_client(&join->place[way[i].number - 1], host, line))
			return &join->place[way[i].number - 1];
	return NULL;
}

static void forget(struct logjoin *join, const struct logconn *c)
{
	uint16_t number = number_of(join, c);

	leave(&join->by_process, process_hash(c->host, c->pid), number);
	if (c->child)
		leave(&join->by_process, process_hash(c->host, c->child), number);
	if (c->has_address)
		leave(&join->by_client, client_hash(c->host, &c->address, c->port), number);
}

/* A place that is free; else the oldest, but one of a session that runs is passed over a few times. */
static struct logconn *take_place(struct logjoin *join)
{
	struct logconn *place = NULL;

	if (join->spares) {
		place = &join->place[join->spare[--join->spares]];
	} else {
		for (int i = 0; i < CHANCES; i++) {
			place = &join->place[join->hand++ % LOGJOIN_PLACES];
			if (!place->used || !place->accepted)
				break;
		}
	}
	join->has_lost = place->used;
	if (place->used) {
		join->lost = *place;
		forget(join, place);
	}
	*place = (struct logconn){.used = true};
	return place;
}

static void add_address(struct logjoin *join, struct logconn *conn, const struct logline *line)
{
	if (!line->has_address || (conn->has_address && conn->port))
		return;
	conn->has_address = true;
	conn->address = line->address;
	conn->port = line->port;
	if (line->port)
		enter(&join->by_client, client_hash(conn->host, &line->address, line->port),
		      number_of(join, conn));
}

struct logconn *logjoin_find(struct logjoin *join, const struct logline *line)
{
	uint64_t host = loghash_bytes(line->host.at, line->host.length);
	bool placed = line->has_address && line->port;
	struct logconn *conn = line->pid ? by_process(join, host, line->pid) : NULL;

	join->has_lost = false;
	if (!line->pid && !placed)
		return NULL;
	/* a number that another process has got: what it was before is over, whatever the log says */
	if (conn && placed && conn->port && !is_client(conn, host, line))
		conn = NULL;
	if (!conn && placed)
		conn = by_client(join, host, line);
	if (!conn) {
		conn = take_place(join);
		conn->host = host;
		conn->pid = line->pid;
		if (line->pid)
			enter(&join->by_process, process_hash(host, line->pid), number_of(join, conn));
	}
	add_address(join, conn, line);
	return conn;
}

void logjoin_set_child(struct logjoin *join, struct logconn *conn, uint32_t child)
{
	if (conn->child)
		leave(&join->by_process, process_hash(conn->host, conn->child), number_of(join, conn));
	conn->child = child;
	enter(&join->by_process, process_hash(conn->host, child), number_of(join, conn));
}

void logjoin_end(struct logjoin *join, struct logconn *conn)
{
	forget(join, conn);
	conn->used = false;
	join->spare[join->spares++] = (uint16_t)(conn - join->place);
}

const struct logconn *logjoin_lost(const struct logjoin *join)
{
	return join->has_lost ? &join->lost : NULL;
}

struct logconn *logjoin_next(struct logjoin *join)
{
	while (join->walk < LOGJOIN_PLACES) {
		struct logconn *place = &join->place[join->walk++];

		if (place->used)
			return place;
	}
	return NULL;
}
