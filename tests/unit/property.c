/*
 * Goal: 10,000 generated commands that are granted, with every option of every table and hostile paths in every
 * place, keep the promise of grant.h (I3); and none of the refused ones has a program (I4).
 */
#include "test.h"

#include "grant.h"
#include "policy/policy.h"
#include "scratch.h"

enum { ENOUGH = 12000, MOST = 400000, ROOM = 8192 };

static const char text[] = "[defaults]\ncommands = sftp scp rsync git aspera borg svn hg unison rdiff-backup rclone\n"
			   "docroot = /srv/%u\nrclone-remote = b2:x\n"
			   "[user all]\naccess = full\n"
			   "[user in]\naccess = full\nstart = /in/today\n"
			   "[user read]\naccess = read-only\n"
			   "[user get]\naccess = download\n"
			   "[user keep]\naccess = append-only\n"
			   "[user put]\naccess = upload overwrite rename delete download\n"
			   "[user ways]\naccess = list\naccess /in = full\naccess /a = download\n";

static const char *const users[] = {"all", "all", "in", "read", "keep", "get", "put", "ways"};

struct line {
	struct dice *dice;
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
	static const char *const numbers[] = {"0", "17", "-1", "9999999999", "x"};
	static const char *const sizes[] = {"1.5M", "10k", "0", "9GB+1"};
	static const char *const words[] = {"zstd", "a,b", "%i", "../x", "a/b", "-x"};

	switch (o->value) {
	case VALUE_NUMBER:
	case VALUE_SIGNED: return pick(dice, numbers, ROWS(numbers));
	case VALUE_SIZE: return pick(dice, sizes, ROWS(sizes));
	case VALUE_CAPS: return ".iLsfxCIvu";
	case VALUE_CHOICE:
		snprintf(word, sizeof word, "%.*s", (int)strcspn(o->choices, " "), o->choices);
		return word;
	case VALUE_WORD: return pick(dice, words, ROWS(words));
	default: return make_path(dice);
	}
}

static void add_option(struct line *l, const struct definition *d)
{
	char word[512];
	size_t count = 0;
	bool attached = roll(l->dice, 2);

	while (d->options[count].name)
		count++;
	const struct option_rule *o = &d->options[roll(l->dice, (unsigned)count)];
	if (o->refused && roll(l->dice, 10))
		return; /* now and then, or nothing would be granted */
	const char *value = o->value == VALUE_NONE ? "" : make_value(l->dice, o);
	bool whole = o->name[0] == '-';
	snprintf(word, sizeof word, "%s%s%s%s", whole ? "" : "-", o->name,
		 whole && attached && *value ? "=" : "", attached ? value : "");
	add_word(l, word);
	if (*value && !attached)
		add_word(l, value);
}

/* What stands before a tool's options and behind them; how many paths at most. */
static const struct {
	const struct definition *definition; /* NULL: no options */
	const char *head, *tail;
	unsigned paths;
} shapes[] = {
	{&definition_scp, "scp", " -t", 1},
	{&definition_scp, "scp", " -f", 3},
	{&definition_rsync, "rsync --server", " .", 1},
	{&definition_rsync, "rsync --server --sender", " .", 3},
	{&definition_rsync, "rsync --server", " .", 1},
	{&definition_rsync, "rsync --server --sender", " .", 3},
	{NULL, "git-upload-pack", "", 1},
	{NULL, "git receive-pack", "", 1},
	{NULL, "git-upload-archive", "", 1},
	{&definition_borg, "borg serve", "", 0},
	{&definition_svn, "svnserve", " -t", 0},
	{&definition_svn, "svnserve -t", "", 0},
	{&definition_rdiff_backup, "rdiff-backup", " --server", 0},
	{&definition_rdiff_backup, "rdiff-backup", " server", 0},
	{&definition_rclone, "rclone serve restic --stdio", "", 1},
	{&definition_rclone, "rclone serve restic --stdio", " b2:x", 0},
	{NULL, "hg init", "", 1},
	{NULL, "hg -R", "", 1}, /* and what make_line() adds */
	{NULL, "unison -server", "", 0},
	{NULL, "sftp-server", "", 0},
};

static void make_line(struct line *l)
{
	unsigned shape = roll(l->dice, ROWS(shapes));
	const struct definition *d = shapes[shape].definition;

	l->used = 0;
	add(l, shapes[shape].head);
	for (unsigned n = d ? roll(l->dice, 4) : 0; n > 0; n--)
		add_option(l, d);
	if (d && roll(l->dice, 4) == 0 && shapes[shape].tail[0] != ' ')
		add(l, " --");
	add(l, shapes[shape].tail);
	for (unsigned n = shapes[shape].paths ? 1 + roll(l->dice, shapes[shape].paths) : 0; n > 0; n--)
		add_word(l, make_path(l->dice));
	if (strcmp(shapes[shape].head, "hg -R") == 0)
		add(l, " serve --stdio");
}

/* Each of these must have been among the grants. */
static const char *const names[] = {"sftp", "scp", "rsync", "git", "borg", "svn",
				    "hg", "unison", "rdiff-backup", "rclone"};

static void test_property(void **state)
{
	static struct dice dice = {2026};
	struct line line = {.dice = &dice};
	struct policy_fault fault;
	unsigned granted = 0, n = 0, patterns = 0, of_shape[ROWS(names)] = {0};
	struct policy *policy = scratch_load(text, sizeof text - 1, &fault);

	(void)state;
	assert_non_null(policy);
	for (; granted < ENOUGH && n < MOST; n++) {
		struct decision d;
		const struct settings *settings = scratch_settings(policy, pick(&dice, users, ROWS(users)));

		make_line(&line);
		const struct request request = {line.text, line.used, "/files"};
		policy_decide(settings, &request, &d);
		const char *breach = grant_breach(settings, &d);
		if (breach)
			FAIL("%s: %s: %s", settings->user, line.text, breach);
		if (d.verdict == GRANT) {
			granted++;
			for (size_t i = 0; i < ROWS(names); i++)
				of_shape[i] += strcmp(names[i], d.definition->name) == 0;
		} else if (d.program || d.argv || !d.reason)
			FAIL("%s: a denial with a program: %s", settings->user, line.text);
		for (size_t i = 0; i < d.argc; i++)
			patterns += d.pattern[i];
		decision_free(&d);
	}
	policy_free(policy);
	print_message("# %u of %u generated commands granted, %u patterns among their words\n", granted, n,
		      patterns);
	assert_true(granted >= 10000);
	assert_true(patterns > 100);
	for (size_t i = 0; i < ROWS(names); i++)
		if (of_shape[i] < 100)
			FAIL("%s: only %u grants", names[i], of_shape[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_property)};

	return cmocka_run_group_tests_name("property", tests, NULL, NULL);
}
