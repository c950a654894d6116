#include "keys-edit.h"

#include "cli.h"
#include "grow.h"
#include "keys.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { CONTEXT = 3 };

bool edit_begin(struct edit *edit, const struct keyfile *file)
{
	*edit = (struct edit){.file = file, .room = file->length + file->length / 2 + 256};
	edit->text = malloc(edit->room);
	edit->failed = !edit->text;
	return !edit->failed;
}

static void put(struct edit *edit, const char *bytes, size_t length)
{
	if (!edit->failed && length > edit->room - edit->length) {
		size_t room = 2 * edit->room + length;
		char *grown = realloc(edit->text, room);

		edit->failed = !grown;
		if (grown) {
			edit->text = grown;
			edit->room = room;
		}
	}
	if (edit->failed)
		return;
	memcpy(edit->text + edit->length, bytes, length);
	edit->length += length;
}

static void note(struct edit *edit, struct edit_change change)
{
	struct edit_change *grown = grow(edit->change, edit->changes, sizeof *grown);

	if (!grown) {
		edit->failed = true;
		return;
	}
	edit->change = grown;
	grown[edit->changes++] = change;
}

/* The old file's last line may have no LF; it stays so, unless something follows. */
static void put_end(struct edit *edit, const char *text, size_t length)
{
	if (text + length < edit->file->text + edit->file->length)
		put(edit, "\n", 1);
}

void edit_keep(struct edit *edit, const char *text, size_t length)
{
	edit->lines++;
	put(edit, text, length);
	put_end(edit, text, length);
}

void edit_line(struct edit *edit, const char *text, size_t length, const char *replacement, size_t new_length)
{
	note(edit, (struct edit_change){
			   .line = ++edit->lines,
			   .old_at = (size_t)(text - edit->file->text),
			   .old_length = length,
			   .new_at = edit->length,
			   .new_length = replacement ? new_length : SIZE_MAX,
		   });
	if (!replacement)
		return;
	put(edit, replacement, new_length);
	put_end(edit, text, length);
}

void edit_append(struct edit *edit, const char *line, size_t length)
{
	if (edit->length > 0 && edit->text[edit->length - 1] != '\n')
		put(edit, "\n", 1);
	note(edit, (struct edit_change){.line = edit->lines + 1,
					.old_at = edit->file->length,
					.old_length = SIZE_MAX,
					.new_at = edit->length,
					.new_length = length});
	put(edit, line, length);
	put(edit, "\n", 1);
}

/* ---- the diff ---- */

/* A line of the old file and where it begins; prints lines up to `to`, not including it. */
struct cursor {
	size_t at, line;
};

static void print_line(char sign, const char *text, size_t length)
{
	putchar(sign);
	keys_print(stdout, text, length);
	putchar('\n');
}

static void go_to(const struct keyfile *file, struct cursor *cursor, size_t line, bool print)
{
	const char *text;
	size_t length;

	while (cursor->line < line && keyfile_next(file, &cursor->at, &text, &length)) {
		cursor->line++;
		if (print)
			print_line(' ', text, length);
	}
}

static void print_change(const struct edit *edit, const struct edit_change *c, struct cursor *cursor)
{
	if (c->old_length != SIZE_MAX) {
		go_to(edit->file, cursor, c->line + 1, false);
		print_line('-', edit->file->text + c->old_at, c->old_length);
	}
	if (c->new_length != SIZE_MAX)
		print_line('+', edit->text + c->new_at, c->new_length);
}

/* Changes first to last share their context. The counts are those of a unified diff. */
static void print_hunk(const struct edit *edit, size_t first, size_t last, struct cursor *cursor)
{
	size_t from = edit->change[first].line > CONTEXT ? edit->change[first].line - CONTEXT : 1;
	size_t to = edit->change[last].line + CONTEXT; /* the last line shown */
	long shift = 0, grown = 0;

	for (size_t i = 0; i <= last; i++) {
		long by = (edit->change[i].new_length != SIZE_MAX) - (edit->change[i].old_length != SIZE_MAX);

		if (i < first)
			shift += by;
		else
			grown += by;
	}
	if (to > edit->lines)
		to = edit->lines;
	long old = (long)to - (long)from + 1;
	printf("@@ -%ld,%ld +%ld,%ld @@\n", (long)from - (old == 0), old, (long)from + shift - (old + grown == 0),
	       old + grown);
	go_to(edit->file, cursor, from, false);
	for (size_t i = first; i <= last; i++) {
		go_to(edit->file, cursor, edit->change[i].line, true);
		print_change(edit, &edit->change[i], cursor);
	}
	go_to(edit->file, cursor, to + 1, true);
}

void edit_diff(const struct edit *edit, const char *name)
{
	struct cursor cursor = {.line = 1};
	size_t last;

	if (edit->changes == 0)
		return;
	printf("--- ");
	keys_print(stdout, name, strlen(name));
	printf("\n+++ ");
	keys_print(stdout, name, strlen(name));
	putchar('\n');
	for (size_t first = 0; first < edit->changes; first = last + 1) {
		last = first;
		while (last + 1 < edit->changes &&
		       edit->change[last + 1].line <= edit->change[last].line + 2 * CONTEXT)
			last++;
		print_hunk(edit, first, last, &cursor);
	}
}

int edit_install(struct edit *edit, struct replace *replace, const char *name)
{
	const char *slash = strrchr(name, '/');

	errno = ENOMEM;
	if (edit->failed)
		return keys_failed(name, 0, "nothing was written");
	const char *reason = replace_stage(replace, edit->text, edit->length);
	if (!reason)
		reason = replace_commit(replace);
	if (reason)
		return keys_failed(name, 0, reason);
	printf("written: ");
	keys_print(stdout, name, strlen(name));
	if (replace->backup[0]) {
		printf("; the one before it is ");
		keys_print(stdout, name, slash ? (size_t)(slash - name) + 1 : 0);
		keys_print(stdout, replace->backup, strlen(replace->backup));
	}
	putchar('\n');
	return CLI_ALLOW;
}

void edit_free(struct edit *edit)
{
	free(edit->text);
	free(edit->change);
	*edit = (struct edit){0};
}
