#include "compact.h"

#include <linux/seccomp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
	LOAD = BPF_LD | BPF_W | BPF_ABS,
	EQUAL = BPF_JMP | BPF_JEQ | BPF_K,
	LEAST = BPF_JMP | BPF_JGE | BPF_K,
	ABOVE = BPF_JMP | BPF_JGT | BPF_K,
	AHEAD = BPF_JMP | BPF_JA,
	MASK = BPF_ALU | BPF_AND | BPF_K,
	ANSWER = BPF_RET | BPF_K,
	NUMBER_AT = offsetof(struct seccomp_data, nr),
	ARCH_AT = offsetof(struct seccomp_data, arch),
	ARGUMENTS_AT = offsetof(struct seccomp_data, args),
	FARTHEST = 255, /* a conditional jump has a byte */
	RUNS = 1024,
	EDGES = 64,
	ARGUMENTS = 6,
	MASKED = 1, /* instructions behind the one that loads */
	COMPARED = 2,
};

/* Where a program comes to: an answer, or, where it is to stop there, the place that loads an argument. */
struct outcome {
	bool known; /* false: an instruction that is none of the above */
	bool argument;
	uint32_t value; /* the answer, or an index */
};

struct program {
	const struct sock_filter *code;
	size_t length;
};

static bool compare(const struct sock_filter *at, uint32_t a)
{
	return at->code == EQUAL ? a == at->k : at->code == LEAST ? a >= at->k : a > at->k;
}

/* Jumps go ahead only, so it ends. Stops at an argument if told so. */
static struct outcome run(struct program p, const struct seccomp_data *data, bool stop)
{
	const struct outcome unknown = {0};
	uint32_t a = 0;

	for (size_t i = 0; i < p.length; i++) {
		const struct sock_filter *at = &p.code[i];

		switch (at->code) {
		case LOAD:
			if (stop && at->k >= ARGUMENTS_AT)
				return (struct outcome){true, true, (uint32_t)i};
			if (at->k > sizeof *data - sizeof a)
				return unknown;
			memcpy(&a, (const char *)data + at->k, sizeof a);
			break;
		case EQUAL:
		case LEAST:
		case ABOVE: i += compare(at, a) ? at->jt : at->jf; break;
		case AHEAD: i += at->k; break;
		case MASK: a &= at->k; break;
		case ANSWER: return (struct outcome){true, false, at->k};
		default: return unknown;
		}
	}
	return unknown;
}

static int by_size(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* 0, and every number that is compared with and the one behind it, in order. */
static size_t edges(struct program p, uint32_t edge[2 * COMPACT_MOST + 1])
{
	size_t count = 0;

	edge[count++] = 0;
	for (size_t i = 0; i < p.length; i++)
		if (p.code[i].code == EQUAL || p.code[i].code == LEAST || p.code[i].code == ABOVE) {
			edge[count++] = p.code[i].k;
			edge[count++] = p.code[i].k + 1;
		}
	qsort(edge, count, sizeof *edge, by_size);
	return count;
}

/* ---- what it says ---- */

struct runs {
	size_t count;
	struct {
		uint32_t first;
		struct outcome outcome;
	} run[RUNS]; /* neighbours differ */
};

static bool read_runs(struct program p, uint32_t arch, struct runs *runs)
{
	static uint32_t edge[2 * COMPACT_MOST + 1];
	size_t count = edges(p, edge);

	runs->count = 0;
	for (size_t i = 0; i < count; i++) {
		const struct seccomp_data data = {.nr = (int)edge[i], .arch = arch};
		struct outcome now = run(p, &data, true);
		const struct outcome *last =
		    runs->count ? &runs->run[runs->count - 1].outcome : NULL;

		if (!now.known || runs->count == RUNS)
			return false;
		if (last && last->argument == now.argument && last->value == now.value)
			continue;
		runs->run[runs->count].first = edge[i];
		runs->run[runs->count++].outcome = now;
	}
	return true;
}

/* ---- what becomes of it ---- */

struct layout {
	struct program from;
	struct sock_filter *to;
	const struct runs *runs;
	size_t next;            /* node of the tree */
	size_t answers, blocks; /* where they begin */
	uint32_t answer[RUNS];  /* each once */
	size_t answers_count;
	size_t moved[COMPACT_MOST]; /* where an instruction of a block went; 0: nowhere */
	bool fits;
};

/* What is behind a skipped load must not count on what that would have left in the accumulator. */
static bool leads_to_load(struct program p, size_t i)
{
	return i < p.length && (p.code[i].code == LOAD || p.code[i].code == ANSWER);
}

/*
 * Half of an argument of which no bit counts, for the argument is one of 32 bits: loaded, masked with 0, found to be 0.
 */
static bool is_nothing(struct program p, size_t i)
{
	return i + COMPARED < p.length && p.code[i].code == LOAD && p.code[i].k >= ARGUMENTS_AT &&
	       p.code[i + MASKED].code == MASK && p.code[i + MASKED].k == 0 &&
	       p.code[i + COMPARED].code == EQUAL && p.code[i + COMPARED].k == 0 &&
	       leads_to_load(p, i + COMPARED + 1 + p.code[i + COMPARED].jt);
}

/* Where i leads, over jumps, and over what decides nothing. */
static size_t over_nothing(struct program p, size_t i)
{
	for (;;)
		if (i < p.length && p.code[i].code == AHEAD)
			i += 1 + p.code[i].k;
		else if (is_nothing(p, i))
			i += COMPARED + 1 + p.code[i + COMPARED].jt;
		else
			return i;
}

/* Whatever can be reached from i, which is about arguments alone. */
static bool mark_block(struct layout *l, size_t i)
{
	if (i >= l->from.length)
		return false;
	const struct sock_filter *at = &l->from.code[i];
	if (l->moved[i])
		return true;
	l->moved[i] = 1;
	if (at->code == ANSWER)
		return true;
	if (at->code == EQUAL)
		return mark_block(l, over_nothing(l->from, i + 1 + at->jt)) &&
		       mark_block(l, over_nothing(l->from, i + 1 + at->jf));
	return (at->code == MASK || (at->code == LOAD && at->k >= ARGUMENTS_AT)) &&
	       mark_block(l, i + 1);
}

/* Every answer and every block, once. */
static bool gather(struct layout *l)
{
	for (size_t i = 0; i < l->runs->count; i++) {
		const struct outcome *o = &l->runs->run[i].outcome;
		size_t known = 0;

		if (o->argument) {
			if (!mark_block(l, over_nothing(l->from, o->value)))
				return false;
			continue;
		}
		while (known < l->answers_count && l->answer[known] != o->value)
			known++;
		if (known == l->answers_count)
			l->answer[l->answers_count++] = o->value;
	}
	return true;
}

static size_t place_of(const struct layout *l, const struct outcome *o)
{
	size_t i = 0;

	if (o->argument)
		return l->moved[over_nothing(l->from, o->value)];
	while (l->answer[i] != o->value)
		i++;
	return l->answers + i;
}

static unsigned char distance(struct layout *l, size_t from, size_t to)
{
	l->fits = l->fits && to > from && to - from - 1 <= FARTHEST;
	return (unsigned char)(to - from - 1);
}

/*
 * The tree of runs [low, high), at l->next; where it begins, which for a single one is its outcome. The upper half
 * first: libseccomp has the blocks of high numbers first, so none is far from where it is jumped to.
 */
static size_t grow(struct layout *l, size_t low, size_t high)
{
	size_t middle = low + (high - low) / 2, at;

	if (high - low == 1)
		return place_of(l, &l->runs->run[low].outcome);
	at = l->next++;
	size_t above = grow(l, middle, high), below = grow(l, low, middle);
	l->to[at] = (struct sock_filter)BPF_JUMP(LEAST, l->runs->run[middle].first,
						 distance(l, at, above), distance(l, at, below));
	return at;
}

static void copy_blocks(struct layout *l)
{
	for (size_t i = 0; i < l->from.length; i++) {
		struct sock_filter at = l->from.code[i];

		if (!l->moved[i])
			continue;
		if (at.code == EQUAL) {
			at.jt = distance(l, l->moved[i], l->moved[over_nothing(l->from, i + 1 + at.jt)]);
			at.jf = distance(l, l->moved[i], l->moved[over_nothing(l->from, i + 1 + at.jf)]);
		}
		l->to[l->moved[i]] = at;
	}
}

/* In their order: what falls through still does. Returns the whole length. */
static size_t place_blocks(struct layout *l)
{
	size_t at = l->blocks;

	for (size_t i = 0; i < l->from.length; i++)
		if (l->moved[i])
			l->moved[i] = at++;
	return at;
}

size_t compact(const struct sock_filter *from, size_t length, struct sock_filter to[COMPACT_MOST])
{
	enum { HEAD = 4 };
	static struct runs runs;
	static struct layout l;
	const struct program p = {from, length};

	/* libseccomp begins so: load the architecture, and compare with this machine's. */
	if (length < 2 || length > COMPACT_MOST || from[0].code != LOAD || from[0].k != ARCH_AT ||
	    from[1].code != EQUAL)
		return 0;
	const struct seccomp_data foreign = {.arch = ~from[1].k};
	struct outcome bad = run(p, &foreign, true);
	l = (struct layout){.from = p, .to = to, .runs = &runs, .next = HEAD, .fits = true};
	if (!bad.known || bad.argument || !read_runs(p, from[1].k, &runs) || runs.count < 2 ||
	    !gather(&l))
		return 0;
	l.answers = HEAD + runs.count - 1;
	l.blocks = l.answers + l.answers_count;
	size_t all = place_blocks(&l);
	if (all > COMPACT_MOST)
		return 0;
	to[0] = from[0];
	to[1] = (struct sock_filter)BPF_JUMP(EQUAL, from[1].k, 1, 0);
	to[2] = (struct sock_filter)BPF_STMT(ANSWER, bad.value);
	to[3] = (struct sock_filter)BPF_STMT(LOAD, NUMBER_AT);
	grow(&l, 0, runs.count);
	for (size_t i = 0; i < l.answers_count; i++)
		to[l.answers + i] = (struct sock_filter)BPF_STMT(ANSWER, l.answer[i]);
	copy_blocks(&l);
	return l.fits ? all : 0;
}

/* ---- the proof ---- */

static bool same(struct program a, struct program b, const struct seccomp_data *data)
{
	struct outcome x = run(a, data, false), y = run(b, data, false);

	return x.known && y.known && x.value == y.value;
}

/* Each half of each argument with each number that the program compares with. */
static bool same_arguments(struct program a, struct program b, struct seccomp_data *data,
			   const uint32_t *edge, size_t count)
{
	for (size_t half = 0; half < 2 * ARGUMENTS; half++)
		for (size_t i = 0; i < count; i++) {
			struct seccomp_data other = *data;

			for (int rest = 0; rest < 3;
			     rest++) { /* the other half: 0, the same, all ones */
				uint32_t beside = rest == 0 ? 0 : rest == 1 ? edge[i] : UINT32_MAX;
				memcpy((char *)other.args + 4 * (half ^ 1), &beside, sizeof beside);
				memcpy((char *)other.args + 4 * half, &edge[i], sizeof edge[i]);
				if (!same(a, b, &other))
					return false;
			}
		}
	return true;
}

/* What the program compares with from where it first loads an argument; 0, and all ones, besides. */
static size_t block_edges(struct program p, const struct seccomp_data *data, uint32_t edge[EDGES])
{
	struct outcome begin = run(p, data, true);
	static bool reached[COMPACT_MOST];
	size_t count = 0;

	if (!begin.known || !begin.argument)
		return 0;
	memset(reached, 0, sizeof reached);
	reached[begin.value] = true;
	edge[count++] = 0;
	edge[count++] = UINT32_MAX;
	for (size_t i = begin.value; i < p.length; i++) {
		const struct sock_filter *at = &p.code[i];
		size_t next = i + 1 + (at->code == AHEAD ? at->k : at->code == EQUAL ? at->jt : 0);

		if (!reached[i] || at->code == ANSWER || next >= p.length)
			continue;
		reached[next] = true;
		if (at->code != EQUAL || i + 1 + at->jf >= p.length)
			continue;
		reached[i + 1 + at->jf] = true;
		if (count < EDGES)
			edge[count++] = at->k;
	}
	return count;
}

/* The lower halves of two arguments, each with each number that is compared with behind this call's number. */
static bool same_pairs(struct program a, struct program b, const struct seccomp_data *data)
{
	uint32_t edge[EDGES];
	size_t count = block_edges(a, data, edge);

	for (size_t pair = 0; pair < (size_t)ARGUMENTS * ARGUMENTS; pair++)
		for (size_t i = 0; i < count * count; i++) {
			struct seccomp_data other = *data;

			other.args[pair / ARGUMENTS] = edge[i / count];
			other.args[pair % ARGUMENTS] = edge[i % count];
			if (!same(a, b, &other))
				return false;
		}
	return true;
}

bool compact_agrees(const struct sock_filter *from, size_t length, const struct sock_filter *to,
		    size_t count)
{
	static uint32_t edge[2 * COMPACT_MOST + 1];
	const struct program a = {from, length}, b = {to, count};
	size_t edges_count = edges(a, edge);

	for (size_t i = 0; i < edges_count; i++) {
		struct seccomp_data data = {.nr = (int)edge[i], .arch = ~from[1].k};

		if (!same(a, b, &data))
			return false;
		data.arch = from[1].k;
		if (!same(a, b, &data) || !same_arguments(a, b, &data, edge, edges_count) ||
		    !same_pairs(a, b, &data))
			return false;
	}
	return true;
}
