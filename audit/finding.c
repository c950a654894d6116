#include "finding.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *more(void *array, size_t count, size_t *room, size_t each)
{
	if (count < *room)
		return array;
	size_t wider = *room ? 2 * *room : 8;
	void *grown = reallocarray(array, wider, each);

	if (grown)
		*room = wider;
	return grown;
}

static bool same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

#define BASIS 0xcbf29ce484222325U

/* FNV-1a, going on from state. */
static uint64_t mix(uint64_t state, const char *text)
{
	for (; text && *text; text++)
		state = (state ^ (unsigned char)*text) * 0x100000001b3;
	return state;
}

/* By place too: the same thing may be found in every line of ten thousand files. */
static size_t hash(const char *what, const struct audit_evidence *e)
{
	uint64_t state = mix(mix(BASIS, what), e->place.file);

	return (size_t)(((state ^ e->place.line) * 0x100000001b3) % AUDIT_BUCKETS);
}

static struct audit_finding *look_up(const struct audit_findings *all, enum audit_id id, const char *what,
				     const struct audit_evidence *e)
{
	for (size_t i = all->bucket[hash(what, e)]; i; i = all->finding[i - 1].next) {
		struct audit_finding *f = &all->finding[i - 1];

		if (f->id == id && f->line == e->place.line && same(f->what, what) &&
		    same(f->file, e->place.file) && same(f->path, e->path) && same(f->value, e->value))
			return f;
	}
	return NULL;
}

static char *copy(const char *text, bool *good)
{
	char *own = text ? strdup(text) : NULL;

	*good = *good && (own || !text);
	return own;
}

static void release(struct audit_finding *f)
{
	free(f->what);
	free(f->file);
	free(f->path);
	free(f->value);
	free(f->who);
}

static struct audit_finding *add(struct audit_findings *all, enum audit_id id, const char *what,
				 const struct audit_evidence *e)
{
	struct audit_finding *grown = more(all->finding, all->count, &all->room, sizeof *grown);
	size_t *bucket = &all->bucket[hash(what, e)];
	bool good = grown != NULL;

	if (!grown)
		return NULL;
	all->finding = grown;
	struct audit_finding *f = &grown[all->count];
	*f = (struct audit_finding){.id = id, .line = e->place.line, .next = *bucket};
	f->what = copy(what, &good);
	f->file = copy(e->place.file, &good);
	f->path = copy(e->path, &good);
	f->value = copy(e->value, &good);
	if (!good) {
		release(f);
		return NULL;
	}
	*bucket = ++all->count;
	return f;
}

static bool add_account(struct audit_finding *f, struct audit_account *account)
{
	if (f->who_count && f->who[f->who_count - 1] == account)
		return true;
	struct audit_account **grown = more(f->who, f->who_count, &f->who_room, sizeof(struct audit_account *));

	if (!grown)
		return false;
	f->who = grown;
	f->who[f->who_count++] = account;
	return true;
}

void audit_find(struct audit_findings *all, enum audit_id id, struct audit_account *account,
		const struct audit_evidence *evidence, const char *what, ...)
{
	static const struct audit_evidence none = {0};
	const struct audit_check *check = &audit_checks[id];
	va_list arguments;
	char *text;

	va_start(arguments, what);
	if (vasprintf(&text, what, arguments) < 0)
		text = NULL;
	va_end(arguments);
	evidence = evidence ? evidence : &none;
	struct audit_finding *f = text ? look_up(all, id, text, evidence) : NULL;
	f = text && !f ? add(all, id, text, evidence) : f;
	free(text);
	all->failed |= !f || (account && !add_account(f, account));
	if (!account)
		return;
	account->holes |= 1u << check->hole;
	account->insecure |= check->severity >= AUDIT_HIGH;
}

void audit_unseen(struct audit_findings *all, const char *what, const char *why, ...)
{
	struct audit_blind blind = {.what = strdup(what)};
	va_list arguments;
	bool known = false;

	va_start(arguments, why);
	if (vasprintf(&blind.why, why, arguments) < 0)
		blind.why = NULL;
	va_end(arguments);
	size_t *bucket = &all->blind_bucket[mix(mix(BASIS, what), blind.why) % AUDIT_BUCKETS];
	for (size_t i = *bucket; blind.why && i && !known; i = all->blind[i - 1].next)
		known = strcmp(all->blind[i - 1].what, what) == 0 && strcmp(all->blind[i - 1].why, blind.why) == 0;
	struct audit_blind *grown = more(all->blind, all->blind_count, &all->blind_room, sizeof *grown);
	all->blind = grown ? grown : all->blind;
	if (grown && blind.what && blind.why && !known) {
		blind.next = *bucket;
		all->blind[all->blind_count++] = blind;
		*bucket = all->blind_count;
		return;
	}
	all->failed |= !known;
	free(blind.what);
	free(blind.why);
}

static int by_text(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

static int worst_first(const void *a, const void *b)
{
	const struct audit_finding *x = a, *y = b;
	int order = (int)audit_checks[y->id].severity - (int)audit_checks[x->id].severity;

	if (order == 0)
		order = (int)x->id - (int)y->id;
	if (order == 0)
		order = by_text(x->file, y->file);
	if (order == 0)
		order = (x->line > y->line) - (x->line < y->line);
	return order ? order : by_text(x->what, y->what);
}

void audit_sort(struct audit_findings *all)
{
	if (all->count)
		qsort(all->finding, all->count, sizeof *all->finding, worst_first);
	memset(all->bucket, 0, sizeof all->bucket); /* they point where findings were */
}

void audit_findings_free(struct audit_findings *all)
{
	for (size_t i = 0; i < all->count; i++)
		release(&all->finding[i]);
	for (size_t i = 0; i < all->blind_count; i++) {
		free(all->blind[i].what);
		free(all->blind[i].why);
	}
	free(all->finding);
	free(all->blind);
	*all = (struct audit_findings){0};
}
