#include "logruns.h"

#include "loghash.h"

#include <stdlib.h>
#include <string.h>

enum { WAYS = 8, SOURCES = 32768, TARGETS = 16384 };

/* What is looked at to find an entry, apart from the entries: eight ways of it lie in a line of the cache. */
struct way {
	uint32_t mark,
		attempts; /* of its hash, never 0 where there is an entry; and how many, up to all ones */
};

struct logruns {
	struct way source_way[SOURCES], target_way[TARGETS];
	struct logsource source[SOURCES];
	struct logtarget target[TARGETS];
	struct logforgotten forgotten;
};

static uint32_t mark_of(uint64_t hash)
{
	return (uint32_t)(hash >> 32) | 1;
}

/* The way to give up: a free one, or the one with the fewest attempts. */
static size_t least_of(const struct way *way, size_t from)
{
	size_t least = from;

	for (size_t i = from; i < from + WAYS; i++) {
		if (!way[i].mark)
			return i;
		if (way[i].attempts < way[least].attempts)
			least = i;
	}
	return least;
}

static void add_attempts(struct way *way, unsigned times)
{
	way->attempts = UINT32_MAX - way->attempts < times ? UINT32_MAX : way->attempts + times;
}

struct logruns *logruns_new(void)
{
	return calloc(1, sizeof(struct logruns));
}

void logruns_free(struct logruns *runs)
{
	free(runs);
}

static void count(struct logcount *count, uint64_t hash)
{
	uint64_t bit = 1ULL << (hash % 64), *word = &count->bit[hash / 64 % (LOGRUNS_BITS / 64)];

	count->set += (*word & bit) == 0;
	*word |= bit;
}

/* So many draws it takes, on average, until so many of the bits are set. */
unsigned long logruns_estimate(const struct logcount *count, bool *saturated)
{
	double draws = 0;

	*saturated = count->set == LOGRUNS_BITS;
	for (unsigned i = 0; i < count->set; i++)
		draws += (double)LOGRUNS_BITS / (LOGRUNS_BITS - i);
	return (unsigned long)(draws + 0.5);
}

static struct logsource *find_source(struct logruns *runs, const struct logaddr *address, bool make)
{
	uint64_t hash = loghash_address(address->byte);
	size_t from = hash % (SOURCES / WAYS) * WAYS, at = from;

	for (; at < from + WAYS; at++)
		if (runs->source_way[at].mark == mark_of(hash) &&
			memcmp(&runs->source[at].address, address, sizeof *address) == 0)
			return &runs->source[at];
	if (!make)
		return NULL;
	at = least_of(runs->source_way, from);
	runs->forgotten.sources += runs->source_way[at].mark != 0;
	runs->forgotten.source_attempts += runs->source_way[at].attempts;
	runs->source_way[at] = (struct way){.mark = mark_of(hash)};
	runs->source[at] = (struct logsource){.address = *address};
	return &runs->source[at];
}

static struct logtarget *find_target(struct logruns *runs, const struct logattempt *a)
{
	uint64_t hash = loghash_mix(loghash_bytes(a->name.at, a->name.length) + a->invalid);
	size_t from = hash % (TARGETS / WAYS) * WAYS, at = from;

	for (; at < from + WAYS; at++)
		if (runs->target_way[at].mark == mark_of(hash) && runs->target[at].hash == hash)
			return &runs->target[at];
	at = least_of(runs->target_way, from);
	runs->forgotten.targets += runs->target_way[at].mark != 0;
	runs->forgotten.target_attempts += runs->target_way[at].attempts;
	runs->target_way[at] = (struct way){.mark = mark_of(hash)};
	runs->target[at] =
		(struct logtarget){.hash = hash, .invalid = a->invalid, .first = a->time, .last = a->time};
	size_t n = a->name.length < LOGRUNS_NAME_MAX ? a->name.length : LOGRUNS_NAME_MAX;
	if (n)
		memcpy(runs->target[at].name, a->name.at, n);
	return &runs->target[at];
}

static void stretch(int64_t *first, int64_t *last, int64_t time)
{
	if (time < *first)
		*first = time;
	if (time > *last)
		*last = time;
}

static void note_order(struct logsource *source, struct logspan name)
{
	char now[LOGRUNS_NAME_MAX + 1] = "";
	size_t n = name.length < LOGRUNS_NAME_MAX ? name.length : LOGRUNS_NAME_MAX;

	if (n)
		memcpy(now, name.at, n);
	int order = source->attempts ? strcmp(now, source->name) : 0;

	source->changes += order != 0;
	source->ascents += order > 0;
	memcpy(source->name, now, sizeof now);
}

void logruns_try(struct logruns *runs, const struct logattempt *a)
{
	struct logaddr address = logaddr_source(&a->address);
	struct logsource *source = find_source(runs, &address, true);
	struct logtarget *target = find_target(runs, a);

	if (source->attempts == 0)
		source->first = source->last = a->time;
	stretch(&source->first, &source->last, a->time);
	note_order(source, a->name);
	source->attempts += a->times;
	add_attempts(&runs->source_way[source - runs->source], a->times);
	count(&source->names, loghash_mix(loghash_bytes(a->name.at, a->name.length)));
	stretch(&target->first, &target->last, a->time);
	target->attempts += a->times;
	add_attempts(&runs->target_way[target - runs->target], a->times);
	count(&target->sources, loghash_mix(loghash_address(address.byte) + 1));
}

unsigned long logruns_accepted(struct logruns *runs, const struct logaddr *address)
{
	struct logaddr source = logaddr_source(address);
	struct logsource *known = find_source(runs, &source, false);

	if (known && known->before_login == 0)
		known->before_login = known->attempts;
	return known ? known->attempts : 0;
}

enum logrun logruns_kind(const struct logsource *source)
{
	bool saturated;
	unsigned long names = logruns_estimate(&source->names, &saturated);
	int64_t span = source->last - source->first;

	if (source->changes >= LOGRUNS_ORDER && source->ascents * 10UL >= source->changes * 9UL)
		return LOGRUN_ALPHABET;
	if (names >= LOGRUNS_DICTIONARY)
		return LOGRUN_DICTIONARY;
	if (source->attempts < LOGRUNS_BRUTE)
		return LOGRUN_NONE;
	return span / LOGRUNS_SLOW_SECONDS >= (int64_t)source->attempts - 1 ? LOGRUN_SLOW : LOGRUN_BRUTE;
}

bool logruns_is_spread(const struct logtarget *target)
{
	bool saturated;
	unsigned long sources = logruns_estimate(&target->sources, &saturated);

	return sources >= LOGRUNS_SPREAD && target->attempts <= sources * LOGRUNS_SPREAD_EACH;
}

static int by_attempts(unsigned long a, unsigned long b)
{
	return (a < b) - (a > b);
}

static int compare_sources(const void *a, const void *b)
{
	const struct logsource *x = a, *y = b;
	int order = by_attempts(x->attempts, y->attempts);

	return order ? order : memcmp(&x->address, &y->address, sizeof x->address);
}

static int compare_targets(const void *a, const void *b)
{
	const struct logtarget *x = a, *y = b;
	int order = by_attempts(x->attempts, y->attempts);

	return order ? order : strcmp(x->name, y->name);
}

const struct logsource *logruns_sources(struct logruns *runs, size_t *count)
{
	qsort(runs->source, SOURCES, sizeof *runs->source, compare_sources);
	for (*count = 0; *count < SOURCES && runs->source[*count].attempts; ++*count)
		;
	return runs->source;
}

const struct logtarget *logruns_targets(struct logruns *runs, size_t *count)
{
	qsort(runs->target, TARGETS, sizeof *runs->target, compare_targets);
	for (*count = 0; *count < TARGETS && runs->target[*count].attempts; ++*count)
		;
	return runs->target;
}

struct logforgotten logruns_forgotten(const struct logruns *runs)
{
	return runs->forgotten;
}
