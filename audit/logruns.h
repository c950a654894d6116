/*
 * logruns - runs of attempts: who tries, and which names are tried.
 *
 *	logruns_try(runs, &attempt);		for each attempt that failed
 *	logruns_accepted(runs, &address);	for each login: how many attempts the same source had behind it
 *	logruns_sources(), logruns_targets()	at the end, the worst first
 *
 * Both tables are of fixed size. When there is no room, the entry with the fewest attempts of eight gives way and is
 * counted in `forgotten`: a source that tries seldom enough among very many others is missed, and that is said.
 * Different names and sources are counted by bits (linear counting): exact to a few, then within some per cent; a
 * number with `saturated` is a lower bound.
 */
#ifndef AUDIT_LOGRUNS_H
#define AUDIT_LOGRUNS_H

#include "logline.h"

enum {
	LOGRUNS_BITS = 512,
	LOGRUNS_NAME_MAX = 40,
	/* What makes a run, and of which kind. */
	LOGRUNS_BRUTE = 20,         /* attempts of one source */
	LOGRUNS_DICTIONARY = 10,    /* different names of one source */
	LOGRUNS_ORDER = 12,         /* changes of the name, nine of ten of them upward */
	LOGRUNS_SPREAD = 16,        /* sources at one name, */
	LOGRUNS_SPREAD_EACH = 4,    /* with no more attempts each than these, on average */
	LOGRUNS_SLOW_SECONDS = 600, /* and what is slow: no more than one attempt in so long */
};

struct logcount {
	uint64_t bit[LOGRUNS_BITS / 64];
	unsigned set;
};

struct logsource {
	struct logaddr address;
	unsigned long attempts, before_login; /* before_login: how many there were when the first login came */
	struct logcount names;
	unsigned changes, ascents;
	int64_t first, last;
	char name[LOGRUNS_NAME_MAX + 1]; /* the last one tried */
};

struct logtarget {
	uint64_t hash;
	bool invalid;
	unsigned long attempts;
	struct logcount sources;
	int64_t first, last;
	char name[LOGRUNS_NAME_MAX + 1];
};

struct logattempt {
	struct logaddr address;
	struct logspan name;
	bool invalid;
	unsigned times;
	int64_t time;
};

enum logrun { LOGRUN_NONE, LOGRUN_BRUTE, LOGRUN_SLOW, LOGRUN_DICTIONARY, LOGRUN_ALPHABET };

struct logruns;

struct logruns *logruns_new(void);
void logruns_free(struct logruns *runs);

void logruns_try(struct logruns *runs, const struct logattempt *attempt);

/* Notes a login; returns the attempts that this source had made before. */
unsigned long logruns_accepted(struct logruns *runs, const struct logaddr *address);

/* How many different ones, and whether there may be many more. */
unsigned long logruns_estimate(const struct logcount *count, bool *saturated);

enum logrun logruns_kind(const struct logsource *source);
bool logruns_is_spread(const struct logtarget *target);

/* Sorted, most attempts first; the tables are not to be used for attempts any more. */
const struct logsource *logruns_sources(struct logruns *runs, size_t *count);
const struct logtarget *logruns_targets(struct logruns *runs, size_t *count);

/* What had to give way: sources and their attempts, names and theirs. */
struct logforgotten {
	unsigned long sources, source_attempts, targets, target_attempts;
};
struct logforgotten logruns_forgotten(const struct logruns *runs);

#endif
