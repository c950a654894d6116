/*
 * argv - upholds I3: an argv made of the table's words and of those that the grammar rebuilt, word by word.
 */
#include "argv.h"

#include "text/list.h"

#include <stdio.h>
#include <string.h>

struct builder {
	const struct settings *settings;
	const struct request *request;
	struct decision *d;
	char **argv;
	bool *pattern;
	size_t room;
	bool failed;
};

static void add(struct builder *b, const char *word, bool pattern)
{
	if (!word || b->d->argc + 1 >= b->room) {
		b->failed = true;
		return;
	}
	b->pattern[b->d->argc] = pattern;
	b->argv[b->d->argc++] = (char *)(size_t)word; /* exec wants char *; nobody writes to it */
}

static void add_copy(struct builder *b, const char *bytes, size_t length)
{
	add(b, arena_copy(&b->d->arena, bytes, length), false);
}

/* Each blank-separated word of the list; %1 to %9 are captures. */
static void add_list(struct builder *b, const char *list, const struct match *match)
{
	const char *word;
	size_t n;

	while (word = list_next(&list, &n), n > 0) {
		if (n == 2 && word[0] == '%' && match) {
			const char *captured = match->capture[(word[1] - '0') % GRAMMAR_CAPTURES];
			if (captured) /* an optional word may be absent */
				add(b, captured, false);
		} else {
			add_copy(b, word, n);
		}
	}
}

/* -P opendir,readdir,mkdir: rows of one flag join. */
static void add_without(struct builder *b, const struct without *rows, unsigned verbs)
{
	char joined[256] = "";
	size_t used = 0;
	const char *flag = NULL, *bare = NULL;

	for (const struct without *w = rows; w && w->verbs; w++) {
		if (w->verbs & verbs)
			continue;
		if (!w->value) {
			if (!bare || strcmp(bare, w->flag) != 0)
				add_copy(b, w->flag, strlen(w->flag));
			bare = w->flag;
			continue;
		}
		flag = w->flag;
		used += (size_t)snprintf(joined + used, sizeof joined - used, "%s%s", used ? "," : "",
					 w->value);
		if (used >= sizeof joined) {
			b->failed = true;
			return;
		}
	}
	if (flag) {
		add_copy(b, flag, strlen(flag));
		add_copy(b, joined, used);
	}
}

/* The words of form->insert, or of definition->logged. */
static void add_insert(struct builder *b, const char *list)
{
	const char *word;
	char mask[8];
	size_t n;

	while (word = list_next(&list, &n), n > 0) {
		if (n != 2 || word[0] != '%') {
			add_copy(b, word, n);
		} else if (word[1] == 'm') {
			int length = snprintf(mask, sizeof mask, "%04o", b->settings->umask);
			add_copy(b, mask, (size_t)length);
		} else {
			const char *root = *b->request->root ? b->request->root : "/";
			add(b, word[1] == 'r' ? root : b->settings->user, false);
		}
	}
}

/* "-d DIR", in which the program would fill in a '%' that stands alone. */
static void add_start(struct builder *b)
{
	const char *const parts[] = {b->request->root, b->settings->start, NULL};
	char text[PATHNAME_MAX * 4];
	size_t used = 0;

	for (const char *const *part = parts; *part; part++)
		for (const char *at = *part; *at; at++) {
			if (used + 2 > sizeof text) {
				b->failed = true;
				return;
			}
			text[used++] = *at;
			if (*at == '%')
				text[used++] = '%';
		}
	add(b, "-d", false);
	add_copy(b, text, used);
}

static void add_inserted(struct builder *b)
{
	b->d->inserted_at = b->d->argc;
	if (b->d->form->insert)
		add_insert(b, b->d->form->insert);
	if (policy_logs_transfers(b->settings, b->d->definition))
		add_insert(b, b->d->definition->logged);
	if (b->d->definition->start_flag && strcmp(b->settings->start, "/") != 0)
		add_start(b);
	add_without(b, b->d->form->without, b->d->judged);
	b->d->inserted = b->d->argc - b->d->inserted_at;
}

/* How many literal words lead the template: those that form->argv replaces. */
static size_t leading_words(const char *template)
{
	const char *word;
	size_t count = 0, n;

	while (word = list_next(&template, &n), n > 0 && word[0] != '%')
		count++;
	return count;
}

bool argv_build(const struct settings *settings, const struct request *request, const struct match *match,
		struct decision *d)
{
	const char *list = d->definition->argv;
	/* What is inserted is bounded by the tables; a [command]'s words are at least two bytes apart. */
	struct builder b = {.settings = settings, .request = request, .d = d,
			    .room = match->count + 64 + (list ? strlen(list) / 2 : 0)};

	b.argv = arena_alloc(&d->arena, b.room * sizeof *b.argv);
	b.pattern = arena_alloc(&d->arena, b.room * sizeof *b.pattern);
	b.failed = !b.argv || !b.pattern;
	if (!b.failed && d->definition->argv) {
		add_list(&b, d->definition->argv, match);
	} else if (!b.failed) {
		size_t skip = 1;

		if (d->form->argv) {
			add_list(&b, d->form->argv, NULL);
			skip = leading_words(d->form->template);
		} else {
			add(&b, match->word[0].text, false);
		}
		add_inserted(&b);
		for (size_t i = skip; i < match->count; i++)
			add(&b, match->word[i].text, match->word[i].pattern);
	}
	if (b.failed)
		return false;
	d->argv = b.argv;
	d->pattern = b.pattern;
	return true;
}
