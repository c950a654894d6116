#include "fix.h"

#include "text/escape.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { NUMBER_MAX = 24 };

struct output {
	char *out;
	size_t used, size;
	bool fits;
};

static void put(struct output *o, const char *text, size_t length)
{
	if (length >= o->size - o->used) {
		o->fits = false;
		return;
	}
	memcpy(o->out + o->used, text, length);
	o->used += length;
	o->out[o->used] = '\0';
}

static bool is_bare(const char *value)
{
	for (const char *at = value; *at; at++)
		if (!isalnum((unsigned char)*at) && !strchr("._-/+:@=,%", *at))
			return false;
	return *value && *value != '-';
}

/* Whether a terminal would act upon it, or a line end in it. */
static bool is_plain(const char *value)
{
	for (const char *at = value; *at; at++)
		if ((unsigned char)*at < ' ' || (unsigned char)*at >= 0x7f)
			return false;
	return true;
}

static void put_quoted(struct output *o, const char *value)
{
	if (is_bare(value)) {
		put(o, value, strlen(value));
		return;
	}
	put(o, "'", 1);
	for (const char *at = value; *at; at++)
		put(o, *at == '\'' ? "'\\''" : at, *at == '\'' ? 4 : 1);
	put(o, "'", 1);
}

static void put_escaped(struct output *o, const char *value)
{
	if (o->size - o->used < 8) {
		o->fits = false;
		return;
	}
	o->used += escape_plain(value, strlen(value), o->out + o->used, o->size - o->used);
}

/* What a name in braces stands for; NULL: it is none, or nothing is known. */
static const char *find(const struct audit_values *v, const char *name, size_t length, char number[NUMBER_MAX])
{
	const struct {
		const char *name, *value;
	} rows[] = {
	    {"user", v->user}, {"home", v->home},   {"file", v->file},
	    {"path", v->path}, {"value", v->value}, {"line", number},
	};

	snprintf(number, NUMBER_MAX, "%zu", v->line);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (strlen(rows[i].name) == length && memcmp(rows[i].name, name, length) == 0)
			return rows[i].value ? rows[i].value : "?";
	return NULL;
}

/* The value that begins at text, if one does; *length is what it takes in the template. */
static const char *value_at(const struct audit_values *v, const char *text, const char *end, size_t *length,
			    char number[NUMBER_MAX])
{
	const char *close = *text == '{' ? memchr(text, '}', (size_t)(end - text)) : NULL;

	if (!close)
		return NULL;
	*length = (size_t)(close - text) + 1;
	return find(v, text + 1, *length - 2, number);
}

static bool is_for_hands(const char *line, const char *end, const struct audit_values *v)
{
	char number[NUMBER_MAX];
	size_t length;

	if (*line == '#')
		return true;
	for (const char *at = line; at < end; at++) {
		const char *value = value_at(v, at, end, &length, number);

		if (value && (!is_plain(value) || strcmp(value, "?") == 0))
			return true;
	}
	return false;
}

static void put_line(struct output *o, const char *line, const char *end, const struct audit_values *v)
{
	bool hands = is_for_hands(line, end, v);
	char number[NUMBER_MAX];
	size_t length;

	if (hands && *line != '#')
		put(o, "# ", 2);
	for (const char *at = line; at < end;) {
		const char *value = value_at(v, at, end, &length, number);

		if (!value) {
			put(o, at++, 1);
			continue;
		}
		if (hands)
			put_escaped(o, value);
		else
			put_quoted(o, value);
		at += length;
	}
}

bool audit_fix(const char *template, const struct audit_values *values, char *out, size_t size)
{
	struct output o = {.out = out, .size = size, .fits = size > 0};

	for (const char *line = template; o.fits && line;) {
		const char *end = strchrnul(line, '\n');

		put_line(&o, line, end, values);
		line = *end ? end + 1 : NULL;
		if (line)
			put(&o, "\n", 1);
	}
	return o.fits;
}
