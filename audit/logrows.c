#include "logrows.h"

#include "loghash.h"

#include <stdlib.h>
#include <string.h>

bool logrows_begin(struct logrows *rows, size_t room)
{
	*rows = (struct logrows){.room = room};
	rows->row = calloc(room, sizeof *rows->row);
	rows->index = calloc(2 * room, sizeof *rows->index);
	rows->failed = !rows->row || !rows->index;
	return !rows->failed;
}

void logrows_free(struct logrows *rows)
{
	for (size_t i = 0; rows->row && i < rows->count; i++)
		free(rows->row[i].text);
	free(rows->row);
	free(rows->index);
	*rows = (struct logrows){0};
}

static size_t cut(struct logspan span)
{
	return span.length < LOGROWS_FIELD_MAX ? span.length : LOGROWS_FIELD_MAX;
}

/* As a row has it: a byte that would end its text is another one there. */
static char shown(char byte)
{
	return (char)(byte ? byte : '?');
}

static bool is_field(const char *field, struct logspan span)
{
	size_t n = cut(span);

	if (strlen(field) != n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (field[i] != shown(span.at[i]))
			return false;
	return true;
}

static bool is_row(const struct logrow *row, const struct logrow_words *words)
{
	if (row->fields != words->fields)
		return false;
	for (size_t i = 0; i < words->fields; i++)
		if (!is_field(row->field[i], words->field[i]))
			return false;
	return true;
}

static bool fill(struct logrow *row, const struct logrow_words *words)
{
	size_t size = 0;
	char *text;

	for (size_t i = 0; i < words->fields; i++)
		size += cut(words->field[i]) + 1;
	text = malloc(size ? size : 1);
	if (!text)
		return false;
	*row =
		(struct logrow){.fields = words->fields, .text = text, .first = words->time, .last = words->time};
	for (size_t i = 0; i < words->fields; i++) {
		size_t n = cut(words->field[i]);

		row->field[i] = text;
		for (size_t k = 0; k < n; k++)
			text[k] = shown(words->field[i].at[k]);
		text[n] = '\0';
		text += n + 1;
	}
	return true;
}

static uint64_t hash_of(const struct logrow_words *words)
{
	uint64_t hash = 0;

	for (size_t i = 0; i < words->fields; i++)
		hash = loghash_mix(hash + loghash_bytes(words->field[i].at, cut(words->field[i])));
	return hash;
}

struct logrow *logrows_add(struct logrows *rows, const struct logrow_words *words)
{
	size_t slots = 2 * rows->room, at = (size_t)(hash_of(words) % slots);
	struct logrow *row;

	for (; rows->index[at]; at = (at + 1) % slots)
		if (is_row(&rows->row[rows->index[at] - 1], words))
			break;
	if (rows->index[at]) {
		row = &rows->row[rows->index[at] - 1];
	} else if (rows->count == rows->room || !fill(&rows->row[rows->count], words)) {
		rows->failed |= rows->count < rows->room;
		rows->beyond += words->times;
		return NULL;
	} else {
		row = &rows->row[rows->count++];
		rows->index[at] = (uint32_t)rows->count;
	}
	row->count += words->times;
	row->first = words->time < row->first ? words->time : row->first;
	row->last = words->time > row->last ? words->time : row->last;
	return row;
}

static int compare(const void *a, const void *b)
{
	const struct logrow *x = a, *y = b;
	int order = (x->count < y->count) - (x->count > y->count);

	if (order == 0)
		order = (x->first > y->first) - (x->first < y->first);
	for (size_t i = 0; order == 0 && i < x->fields && i < y->fields; i++)
		order = strcmp(x->field[i], y->field[i]);
	return order;
}

void logrows_sort(struct logrows *rows)
{
	if (rows->count)
		qsort(rows->row, rows->count, sizeof *rows->row, compare);
}
