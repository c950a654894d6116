/*
 * Goal: 10,000 generated commands that are granted, made from every form and every option of every table, with hostile
 * paths in every place, keep the promise of grant.h (I3); and none of the refused ones has a program (I4). Every form
 * and every row that is not refused is among the granted: a table that nothing reaches fails here.
 */
#include "test.h"

#include "grant.h"
#include "policy/policy.h"
#include "policy/template.h"
#include "scratch.h"

#include "text/list.h"

enum { ENOUGH = 20000, MOST = 600000, ROOM = 8192, TABLES_MOST = 32, ROWS_MOST = 400, PICKS_MOST = 16 };

/* Behind `commands`, with the name of every definition that there is. */
static const char text[] = "\ndocroot = /srv/%u\nrclone-remote = b2:x\n"
			   "[user all]\naccess = full\n"
			   "[user in]\naccess = full\nstart = /in/today\n"
			   "[user read]\naccess = read-only\n"
			   "[user get]\naccess = download\n"
			   "[user keep]\naccess = append-only\n"
			   "[user put]\naccess = upload overwrite rename delete download\n"
			   "[user more]\naccess = full\nrsync-accept = --log-file --new=%w --where=%p -Y=%d --exclude\n"
			   "scp-accept = -Y=%p\n"
			   "[user less]\naccess = full\nrsync-refuse = --delete* z t\nscp-refuse = p\n"
			   "[user ways]\naccess = list\naccess /in = full\naccess /a = download\n";

static const char *const users[] = {"all", "all", "all", "in", "read", "get", "put", "more", "less", "ways", "keep"};

/* How often each form and each row of the tables was among the granted. */
struct reached {
	unsigned forms[TABLES_MOST][ROWS_MOST];
	unsigned rows[TABLES_MOST][ROWS_MOST];
};

struct line {
	struct dice *dice;
	const struct settings *settings; /* whose options are known */
	size_t table;                    /* index of the definition */
	const struct form *form;         /* of it, that the line is meant for */
	size_t picks[PICKS_MOST];        /* rows of its table that are in the line */
	size_t picked;
	char text[ROOM];
	size_t used;
};

static const char *pick(struct dice *dice, const char *const *list, unsigned count)
{
	return list[roll(dice, count)];
}

static void add(struct line *l, const char *piece)
{
	size_t length = strlen(piece);

	if (l->used + length < ROOM) {
		memcpy(l->text + l->used, piece, length + 1);
		l->used += length;
	}
}

/* Writes a word as some client might: bare, in quotes, or with backslashes. */
static void add_word(struct line *l, const char *word)
{
	char one[3] = "";
	unsigned style = roll(l->dice, 4);

	add(l, " ");
	if (style == 0) {
		add(l, word);
		return;
	}
	if (style < 3) {
		add(l, style == 1 ? "'" : "\"");
		add(l, word);
		add(l, style == 1 ? "'" : "\"");
		return;
	}
	for (; *word; word++) {
		one[0] = '\\';
		one[1] = *word;
		add(l, roll(l->dice, 2) ? one : one + 1);
	}
}

static const char *make_path(struct dice *dice)
{
	static char path[256];
	static const char *const pieces[] = {
		"a", "in", "x.c", "-", "--", "-e", "..", ".", "/", "/", "/", "//", "~", "~/", "*", "?", "[a-z]",
		"files", "/files/", "/etc/passwd", " ", "=", "\xc3\xa4", ".ssh", "./", "../", ":", "%", "@", "\t",
	};

	path[0] = '\0';
	for (unsigned n = 1 + roll(dice, 5); n > 0; n--)
		strcat(path, pick(dice, pieces, ROWS(pieces)));
	return path;
}

static const char *make_value(struct dice *dice, const struct option_rule *o)
{
	static char word[64];
	static const char *const numbers[] = {"0", "17", "3", "9999999999", "x", "-1"};
	static const char *const sizes[] = {"1.5M", "10k", "0", "9GB+1"};
	static const char *const words[] = {"zstd", "a,b", "%i", "x", "../x", "a/b", "-x"};
	static const char *const charsets[] = {"utf8", "UTF-8//TRANSLIT", ".", "../x", "a/b//IGNORE"};

	switch (o->value) {
	case VALUE_NUMBER:
	case VALUE_SIGNED: return pick(dice, numbers, ROWS(numbers));
	case VALUE_SIZE: return pick(dice, sizes, ROWS(sizes));
	case VALUE_CAPS: return ".iLsfxCIvu";
	case VALUE_CHARSET: return pick(dice, charsets, ROWS(charsets));
	case VALUE_CHOICE:
		snprintf(word, sizeof word, "%.*s", (int)strcspn(o->choices, " "), o->choices);
		return word;
	case VALUE_WORD: return pick(dice, words, ROWS(words));
	default: return make_path(dice);
	}
}

/* Either spelling of an option with a value: in its word, or in the next. */
static void write_option(struct line *l, const struct option_rule *o)
{
	char word[512];
	bool attached = o->attached || roll(l->dice, 2), whole = o->name[0] == '-';
	const char *value = o->value == VALUE_NONE ? "" : make_value(l->dice, o);

	snprintf(word, sizeof word, "%s%s%s%s", whole ? "" : "-", o->name,
		 whole && attached && *value ? "=" : "", attached ? value : "");
	add_word(l, word);
	if (*value && !attached)
		add_word(l, value);
}

static void add_option(struct line *l, const struct definition *d)
{
	const struct option_changes *changes = policy_options(l->settings, d);
	size_t count = 0, row;

	if (changes && changes->accept && roll(l->dice, 2)) {
		while (changes->accept[count].name[0])
			count++;
		write_option(l, &changes->accept[roll(l->dice, (unsigned)count)]);
		return;
	}
	while (d->options[count].name[0])
		count++;
	row = roll(l->dice, (unsigned)count);
	if (d->options[row].refused && roll(l->dice, 10))
		return; /* now and then, or nothing would be granted */
	write_option(l, &d->options[row]);
	l->picks[l->picked++ % PICKS_MOST] = row;
}

/* The option that makes the form's mode, and up to three others, on either side of it. */
static void add_options(struct line *l, const struct definition *d, const struct form *form)
{
	unsigned before = roll(l->dice, 3), behind = roll(l->dice, 2);

	while (before-- > 0)
		add_option(l, d);
	for (size_t row = 0; form->requires && *d->options[row].name; row++)
		if (strcmp(d->options[row].name, form->requires) == 0) {
			write_option(l, &d->options[row]);
			l->picks[l->picked++ % PICKS_MOST] = row;
		}
	while (behind-- > 0)
		add_option(l, d);
	if (roll(l->dice, 8) == 0)
		add(l, " --");
}

/* The first word: one of the definition's spellings, now and then one that is none. */
static void add_spelling(struct line *l, const struct definition *d, const struct element *e)
{
	const char *at = d->spellings, *word = e->literal;
	size_t length = e->length, n;

	for (const char *next; at && (next = list_next(&at, &n), n > 0);)
		if (roll(l->dice, 2)) {
			word = next;
			length = n;
		}
	l->used += (size_t)snprintf(l->text + l->used, ROOM - l->used, "%.*s%s", (int)length, word,
				    roll(l->dice, 50) ? "" : "x");
}

static void add_element(struct line *l, const struct definition *d, const struct form *form,
			const struct element *e)
{
	static const char *const numbers[] = {"7", "33001", "x", "-1"}, *const words[] = {"w", "a-b", "-x", "a/b"};

	if (e->optional && roll(l->dice, 2))
		return;
	switch (e->kind) {
	case ELEMENT_LITERAL:
		if (l->used == 0)
			add_spelling(l, d, e);
		else
			l->used += (size_t)snprintf(l->text + l->used, ROOM - l->used, " %.*s", (int)e->length,
						    e->literal);
		break;
	case ELEMENT_OPTIONS: add_options(l, d, form); break;
	case ELEMENT_PATHS:
		for (unsigned n = 1 + roll(l->dice, 3); n > 0; n--)
			add_word(l, make_path(l->dice));
		break;
	case ELEMENT_PATH: add_word(l, make_path(l->dice)); break;
	case ELEMENT_NUMBER: add_word(l, pick(l->dice, numbers, ROWS(numbers))); break;
	case ELEMENT_WORD: add_word(l, pick(l->dice, words, ROWS(words))); break;
	case ELEMENT_FIXED: add_word(l, roll(l->dice, 5) ? "b2:x" : "b2:y"); break;
	}
}

/* Half of all lines are of the definitions with options: there is more to reach. */
static void make_line(struct line *l)
{
	size_t tables = 0, forms = 0;
	struct element e;
	const char *reason;

	while (definition_builtin[tables])
		tables++;
	do {
		l->table = roll(l->dice, (unsigned)tables);
	} while (!definition_builtin[l->table]->options && roll(l->dice, 3));
	const struct definition *d = definition_builtin[l->table];
	while (d->forms[forms].template)
		forms++;
	const struct form *form = &d->forms[roll(l->dice, (unsigned)forms)];
	l->form = form;
	l->used = l->picked = 0;
	l->text[0] = '\0';
	for (const char *at = form->template; template_next(&at, &e, &reason);)
		add_element(l, d, form, &e);
}

static void remember(struct reached *reached, const struct line *l, const struct decision *d)
{
	if (d->definition != definition_builtin[l->table])
		return;
	reached->forms[l->table][d->form - d->definition->forms]++;
	/* "rsync --server --sender" is a form of its own, no option. */
	for (size_t i = 0; d->form == l->form && i < l->picked && i < PICKS_MOST; i++)
		reached->rows[l->table][l->picks[i]]++;
}

static void check_reached(const struct reached *reached)
{
	unsigned forms = 0, rows = 0, missing = 0;

	for (size_t t = 0; definition_builtin[t]; t++) {
		const struct definition *d = definition_builtin[t];

		for (size_t i = 0; d->forms[i].template; i++, forms++)
			if (!reached->forms[t][i] && ++missing)
				print_message("# never granted: %s: %s\n", d->name, d->forms[i].template);
		for (size_t i = 0; d->options && *d->options[i].name; i++, rows++) {
			if (!reached->rows[t][i] && !d->options[i].refused && ++missing)
				print_message("# never granted: %s: %s\n", d->name, d->options[i].name);
			if (reached->rows[t][i] && d->options[i].refused && ++missing)
				print_message("# granted though refused: %s: %s\n", d->name, d->options[i].name);
		}
	}
	print_message("# %u forms and %u rows of options\n", forms, rows);
	assert_int_equal(missing, 0);
}

static struct policy *load(void)
{
	struct policy_fault fault;
	struct policy *policy = scratch_load_all(text, &fault);

	if (!policy)
		FAIL("%u: %s", fault.line, fault.reason);
	return policy;
}

static void test_property(void **state)
{
	static struct dice dice = {2026};
	static struct reached reached;
	static struct line line = {.dice = &dice};
	unsigned granted = 0, n = 0, patterns = 0;
	struct policy *policy = load();

	(void)state;
	for (; granted < ENOUGH && n < MOST; n++) {
		struct decision d;

		line.settings = scratch_settings(policy, pick(&dice, users, ROWS(users)));
		make_line(&line);
		const struct request request = {.command = line.text, .length = line.used, .root = "/files"};
		policy_decide(line.settings, &request, &d);
		const char *breach = grant_breach(line.settings, &request, &d);
		if (breach)
			FAIL("%s: %s: %s", line.settings->user, line.text, breach);
		if (d.verdict == GRANT) {
			granted++;
			if (line.settings->options_count == 0)
				remember(&reached, &line, &d);
		} else if (d.program || d.argv || !d.reason) {
			FAIL("%s: a denial with a program: %s", line.settings->user, line.text);
		}
		for (size_t i = 0; i < d.argc; i++)
			patterns += d.pattern[i];
		decision_free(&d);
	}
	policy_free(policy);
	print_message("# %u of %u generated commands granted, %u patterns among their words\n", granted, n,
		      patterns);
	assert_true(granted >= 10000);
	assert_true(patterns > 100);
	check_reached(&reached);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_property)};

	return cmocka_run_group_tests_name("property", tests, NULL, NULL);
}
