#include "keys-verdict.h"

#include "grow.h"
#include "keys.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct verdict_file *verdict_file(struct verdicts *v, const char *name, const struct keyfile *file)
{
	struct verdict_file *grown = grow(v->file, v->files, sizeof *grown);
	char *copy = grown ? strdup(name) : NULL;

	if (grown)
		v->file = grown;
	if (!copy) {
		v->failed = true;
		return NULL;
	}
	grown[v->files] = (struct verdict_file){.name = copy, .file = *file};
	return &grown[v->files++];
}

/* Whether sshd refuses the key whoever has it. */
static bool is_refused(judge_set findings)
{
	return findings & (JUDGE_BIT(JUDGE_VOID) | JUDGE_BIT(JUDGE_BROKEN) | JUDGE_BIT(JUDGE_PRINCIPALS_PLAIN) |
			   JUDGE_BIT(JUDGE_FROM_NEVER) | JUDGE_BIT(JUDGE_EXPIRED) | JUDGE_BIT(JUDGE_FAULT) |
			   JUDGE_BIT(JUDGE_TYPE_RETIRED) | JUDGE_BIT(JUDGE_BOM));
}

static bool is_on(const struct revoked *list, const unsigned char *digest)
{
	struct revoked_question question = {.digest = digest};

	if (list)
		revoked_ask(list, &question, 1);
	return question.revoked;
}

/* The verdict on one line; false: it is blank or a comment. */
static bool look(struct keyline *line, struct judge_facts *facts, const struct revoked *well_known,
		 struct key_verdict *verdict)
{
	size_t offset;

	if (keyline_fault(line->text, line->length, &offset)) {
		verdict->findings = JUDGE_BIT(JUDGE_FAULT);
		return true;
	}
	keyline_read(line->text, line->length, line);
	if (line->kind == KEYLINE_BLANK || line->kind == KEYLINE_COMMENT)
		return false;
	verdict->has_key = line->key.blob.length > 0 && line->kind != KEYLINE_JUNK;
	if (verdict->has_key)
		sha256(line->key.blob.at, line->key.blob.length, verdict->digest);
	facts->well_known = verdict->has_key && is_on(well_known, verdict->digest);
	verdict->findings = judge_line(line, facts);
	verdict->enforced = (line->kind == KEYLINE_KEY || line->kind == KEYLINE_FOREIGN) &&
			    enforce_holds(line, facts->wanted);
	return true;
}

void verdict_lines(struct verdicts *v, struct judge_facts *facts, const struct revoked *well_known)
{
	size_t index = v->files - 1, at = 0, length, number = 0;
	const struct keyfile *file = &v->file[index].file;
	struct keyline *line = keys_line();
	const char *text;

	while (number++, keyfile_next(file, &at, &text, &length)) {
		struct key_verdict verdict = {.file = index, .line = number, .length = length, .twin = v->count};

		verdict.at = (size_t)(text - file->text);
		line->text = text;
		line->length = length;
		if (!look(line, facts, well_known, &verdict))
			continue;
		if (number == 1 && keyfile_has_mark(file))
			verdict.findings |= JUDGE_BIT(JUDGE_BOM);
		verdict.refused = is_refused(verdict.findings);
		struct key_verdict *grown = grow(v->verdict, v->count, sizeof *grown);
		if (!grown) {
			v->failed = true;
			return;
		}
		v->verdict = grown;
		v->verdict[v->count++] = verdict;
	}
}

/* ---- what takes more than one line to see ---- */

/* By key, and keys that are the same in the order of their lines. */
static int compare(const void *a, const void *b, void *verdicts)
{
	const struct key_verdict *v = verdicts;
	size_t x = *(const size_t *)a, y = *(const size_t *)b;
	int order = memcmp(v[x].digest, v[y].digest, sizeof v->digest);

	return order ? order : (x > y) - (x < y);
}

static bool find_twins(struct verdicts *v)
{
	size_t *sorted = reallocarray(NULL, v->count + 1, sizeof *sorted), count = 0;

	if (!sorted)
		return false;
	for (size_t i = 0; i < v->count; i++)
		if (v->verdict[i].has_key)
			sorted[count++] = i;
	if (count > 1)
		qsort_r(sorted, count, sizeof *sorted, compare, v->verdict);
	for (size_t i = 1; i < count; i++) {
		struct key_verdict *a = &v->verdict[sorted[i - 1]], *b = &v->verdict[sorted[i]];

		if (memcmp(a->digest, b->digest, sizeof a->digest) != 0)
			continue;
		b->twin = sorted[i - 1];
		if (!(a->findings & JUDGE_BIT(JUDGE_DUPLICATE)))
			a->twin = sorted[i];
		a->findings |= JUDGE_BIT(JUDGE_DUPLICATE);
		b->findings |= JUDGE_BIT(JUDGE_DUPLICATE);
	}
	free(sorted);
	return true;
}

/* Questions that are put together, and whom they are about. */
struct batch {
	struct revoked_question question[REVOKED_BATCH];
	struct key_verdict *about[REVOKED_BATCH];
	size_t count;
};

static const char *ask(const struct revoked *revoked, struct batch *batch)
{
	const char *reason = revoked_ask(revoked, batch->question, batch->count);

	for (size_t i = 0; i < batch->count; i++) {
		if (batch->question[i].revoked)
			batch->about[i]->findings |= JUDGE_BIT(JUDGE_REVOKED);
		free((void *)(size_t)batch->question[i].blob.at);
	}
	batch->count = 0;
	return reason;
}

/* A KRL may revoke by digest, by serial or by CA: so ssh-keygen sees whole keys. */
static bool add_question(struct verdicts *v, struct key_verdict *verdict, struct batch *batch)
{
	struct keyline *line = keys_line();

	keyline_read(v->file[verdict->file].file.text + verdict->at, verdict->length, line);
	if (!line->key.type)
		return true;
	unsigned char *copy = malloc(line->key.blob.length);
	if (!copy)
		return false;
	memcpy(copy, line->key.blob.at, line->key.blob.length);
	batch->about[batch->count] = verdict;
	batch->question[batch->count++] = (struct revoked_question){
		.type = line->key.type->name,
		.blob = {copy, line->key.blob.length},
		.digest = verdict->digest,
	};
	return true;
}

static const char *find_revoked(struct verdicts *v, const struct revoked *revoked)
{
	struct batch batch = {.count = 0};
	const char *reason = NULL;

	for (size_t i = 0; !reason && i < v->count; i++) {
		if (v->verdict[i].has_key && !add_question(v, &v->verdict[i], &batch))
			reason = "no memory to ask the revocation list";
		else if (batch.count == REVOKED_BATCH)
			reason = ask(revoked, &batch);
	}
	const char *last = ask(revoked, &batch);
	return reason ? reason : last;
}

const char *verdict_finish(struct verdicts *v, const struct revoked *revoked)
{
	const char *reason = revoked ? find_revoked(v, revoked) : NULL;

	if (!find_twins(v))
		v->failed = true;
	errno = v->failed ? ENOMEM : 0;
	return v->failed ? "not all was looked at" : reason;
}

void verdict_free(struct verdicts *v)
{
	for (size_t i = 0; i < v->files; i++) {
		free(v->file[i].name);
		keyfile_free(&v->file[i].file);
	}
	free(v->file);
	free(v->verdict);
	*v = (struct verdicts){0};
}
