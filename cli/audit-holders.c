/*
 * audit-holders - keys that several accounts have, and keys whose private half is public.
 */
#include "audit-keys.h"
#include "grow.h"

#include "text/base64.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct holder {
	unsigned char digest[SHA256_BYTES];
	struct audit_account *account;
};

struct audit_holders {
	struct holder *holder;
	size_t count;
	struct revoked well_known;
};

/* Made with the first question. NULL: no memory. */
static struct audit_holders *holders(struct audit *a)
{
	size_t line;

	if (a->holders)
		return a->holders;
	a->holders = calloc(1, sizeof *a->holders);
	a->found.failed |= !a->holders;
	if (a->holders && a->well_known) {
		const char *reason =
		    revoked_open_own(a->well_known, &a->holders->well_known, &line);

		if (reason)
			audit_unseen(&a->found, a->well_known, "line %zu: %s%s%s", line, reason,
				     errno ? ": " : "", errno ? strerror(errno) : "");
	}
	return a->holders;
}

static bool digest_of(const struct keyline *line, unsigned char digest[SHA256_BYTES])
{
	if (line->key.blob.length == 0 || line->kind == KEYLINE_JUNK)
		return false;
	sha256(line->key.blob.at, line->key.blob.length, digest);
	return true;
}

bool holders_well_known(struct audit *a, const struct keyline *line)
{
	unsigned char digest[SHA256_BYTES];
	struct revoked_question question = {.digest = digest};
	struct audit_holders *s = a->well_known ? holders(a) : NULL;

	if (!s || !s->well_known.count || !digest_of(line, digest))
		return false;
	revoked_ask(&s->well_known, &question, 1);
	return question.revoked;
}

void holders_add(const struct about *about, const struct keyline *line)
{
	struct audit_holders *s = holders(about->audit);
	struct holder one = {.account = about->account};

	if (!s || !digest_of(line, one.digest))
		return;
	struct holder *grown = grow(s->holder, s->count, sizeof *grown);
	about->audit->found.failed |= !grown;
	if (!grown)
		return;
	s->holder = grown;
	grown[s->count++] = one;
}

static int by_digest(const void *x, const void *y)
{
	const struct holder *a = x, *b = y;
	int order = memcmp(a->digest, b->digest, sizeof a->digest);

	return order ? order : (a->account > b->account) - (a->account < b->account);
}

/* The same key, of one[0..count): of more than one account, and one of them to be held? */
static void look_at_holders(struct audit *a, const struct holder *one, size_t count)
{
	static const char prefix[] = "SHA256:";
	char fingerprint[sizeof prefix + BASE64_ROOM(SHA256_BYTES)];
	const struct audit_evidence evidence = {.value = fingerprint};
	bool held = false;

	if (one[0].account == one[count - 1].account)
		return;
	for (size_t i = 0; i < count; i++)
		held |= audit_restricted(one[i].account);
	memcpy(fingerprint, prefix, sizeof prefix - 1);
	base64_encode(one->digest, sizeof one->digest, fingerprint + sizeof prefix - 1);
	fingerprint[strcspn(fingerprint, "=")] = '\0';
	for (size_t i = 0; held && i < count; i++)
		audit_find(&a->found, AUDIT_KEY_SHARED, one[i].account, &evidence,
			   "%s opens several accounts", fingerprint);
}

void holders_end(struct audit *a)
{
	struct audit_holders *s = a->holders;
	size_t next;

	if (!s || !s->count)
		return;
	qsort(s->holder, s->count, sizeof *s->holder, by_digest);
	for (size_t i = 0; i < s->count; i = next) {
		for (next = i + 1; next < s->count; next++)
			if (memcmp(s->holder[i].digest, s->holder[next].digest,
				   sizeof s->holder->digest) != 0)
				break;
		look_at_holders(a, s->holder + i, next - i);
	}
}

void holders_free(struct audit *a)
{
	if (!a->holders)
		return;
	revoked_close(&a->holders->well_known);
	free(a->holders->holder);
	free(a->holders);
	a->holders = NULL;
}
