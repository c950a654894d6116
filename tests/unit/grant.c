#include "grant.h"

#include "policy/template.h"

#include "text/list.h"

#include <stdio.h>
#include <string.h>

enum { BIG = 1 << 18 };

/* What is looked at: settings are those that held, which a key may have narrowed. */
struct grant {
	const struct settings *settings;
	const struct request *request;
	const struct decision *d;
	const char *root;
};

static bool has_dotdot(const char *path)
{
	for (const char *at = path; (at = strstr(at, "..")); at++)
		if ((at == path || at[-1] == '/') && (at[2] == '\0' || at[2] == '/'))
			return true;
	return false;
}

/* The word without the backslashes of its pattern form: what it is when nothing matches. */
static const char *plain(const char *word, bool pattern)
{
	static char out[BIG];
	size_t used = 0;

	for (; *word && used + 1 < sizeof out; word++) {
		if (pattern && *word == '\\' && word[1])
			word++;
		out[used++] = *word;
	}
	out[used] = '\0';
	return out;
}

/* "/files" and what lies beneath it; every absolute path where the docroot is the root. */
static bool is_inside(const char *root, const char *path)
{
	size_t length = strlen(root);

	while (length > 0 && root[length - 1] == '/')
		length--;
	return strncmp(path, root, length) == 0 && (path[length] == '/' || !path[length]);
}

const char *grant_path_breach(const char *root, const char *path)
{
	if (has_dotdot(path))
		return "a '..' component";
	if (path[0] == '/' && !is_inside(root, path))
		return "an absolute path outside the docroot";
	return NULL;
}

const char *grant_operand_breach(const char *root, const char *operand)
{
	return operand[0] == '-' ? "an operand that starts with '-'" : grant_path_breach(root, operand);
}

/* How many directories the path names. */
static size_t depth(const char *path)
{
	size_t parts = 0;

	for (const char *at = path; *at; at++)
		if (*at != '/' && (at == path || at[-1] == '/') && !(at[0] == '.' && (at[1] == '/' || !at[1])))
			parts++;
	return parts;
}

/* How far ".." leads up from the rebuilt operand before it leaves the docroot, be the operand a file or not. */
static size_t room_above(const struct grant *g, const char *operand)
{
	bool absolute = operand[0] == '/';
	size_t length = strlen(operand);
	size_t room = depth(absolute ? operand + strlen(g->root) : operand) +
		      (absolute ? 0 : depth(g->settings->start));
	bool directory = length == 0 || operand[length - 1] == '/' || strcmp(operand, ".") == 0 ||
			 (length > 1 && strcmp(operand + length - 2, "/.") == 0);

	return room - (!directory && room > 0);
}

/* A value that is read beside the operand: ".." leads, and no further up than the docroot. */
static const char *check_beside(const struct grant *g, const char *value, size_t room)
{
	size_t ups = 0;

	while (strncmp(value, "../", 3) == 0 || strcmp(value, "..") == 0) {
		value += value[2] ? 3 : 2;
		ups++;
	}
	return ups > room ? "a value that climbs out from the operand" : grant_path_breach(g->root, value);
}

struct tables {
	const struct option_rule *accepted, *table;
};

static const struct option_rule *rule(const struct tables *t, const char *name, size_t length)
{
	for (int i = 0; i < 2; i++)
		for (const struct option_rule *o = i ? t->table : t->accepted; o && *o->name; o++)
			if (strlen(o->name) == length && memcmp(o->name, name, length) == 0)
				return o;
	return NULL;
}

/*
 * Reads one option word as popt and getopt would. False: the table does not have it. *value is what is attached
 * to it, or NULL; *next says that the value is the next word.
 */
static bool read_option(const struct tables *t, const char *word, const struct option_rule **o,
			const char **value, bool *next)
{
	*value = NULL;
	*next = false;
	if (word[1] == '-') {
		size_t name = strcspn(word, "=");
		*o = rule(t, word, name);
		if (!*o || (*o)->refused)
			return false;
		*value = word[name] ? word + name + 1 : NULL;
		*next = (*o)->value != VALUE_NONE && !*value;
		return true;
	}
	for (size_t i = 1; word[i]; i++) {
		*o = rule(t, word + i, 1);
		if (!*o || (*o)->refused)
			return false;
		if ((*o)->value == VALUE_NONE)
			continue;
		*value = word[i + 1] ? word + i + 1 : NULL;
		*next = !*value;
		return true;
	}
	return true;
}

static bool is_inserted(const struct decision *d, size_t i)
{
	return i >= d->inserted_at && i < d->inserted_at + d->inserted;
}

/* How many words of the table's own stand first: those of `argv`, or of the template up to its first element. */
static size_t count_leading(const struct form *form)
{
	const char *list = form->argv ? form->argv : form->template, *word;
	size_t count = 0, n;

	while (word = list_next(&list, &n), n > 0 && word[0] != '%')
		count++;
	return count;
}

/* The operand that rsync resolves paths beside: behind the "." that ends its options. The root: none that is known. */
static const char *beside_what(const struct tables *t, const struct grant *g)
{
	const struct decision *d = g->d;
	const struct option_rule *o;
	const char *value;
	bool next;
	size_t i = count_leading(d->form);

	for (; i < d->argc && (is_inserted(d, i) || (d->argv[i][0] == '-' && d->argv[i][1])); i++)
		if (!is_inserted(d, i) && read_option(t, d->argv[i], &o, &value, &next))
			i += next;
	return i + 1 < d->argc && strcmp(d->argv[i], ".") == 0 ? d->argv[i + 1] : g->root;
}

/* What is inserted begins with the form's own words, then those of log-transfers, in their order; the rest are switches of the table. */
static const char *check_inserted(const struct grant *g)
{
	const struct settings *settings = g->settings;
	const struct decision *d = g->d;
	const char *logged = settings->log_transfers && d->definition->logged ? d->definition->logged : "", *word;
	size_t i = d->inserted_at, n;
	char mask[8], want[POLICY_PATH_MAX], all[POLICY_LINE_MAX];
	const char *list = all;

	snprintf(mask, sizeof mask, "%04o", settings->umask);
	snprintf(all, sizeof all, "%s %s", d->form->insert ? d->form->insert : "", logged);
	for (; word = list_next(&list, &n), n > 0; i++) {
		snprintf(want, sizeof want, "%.*s", (int)n, word);
		if (word[0] == '%')
			snprintf(want, sizeof want, "%s",
				 word[1] == 'r' ? (*g->root ? g->root : "/") : word[1] == 'n' ? settings->user : mask);
		if (!is_inserted(d, i) || strcmp(d->argv[i], want) != 0)
			return "an inserted word that is not the table's";
	}
	return NULL;
}

/* Options first, then operands alone. The value of an option that takes any text is no path. */
static const char *check_options(const struct grant *g)
{
	const char *value, *breach = NULL;
	const struct option_rule *o;
	const struct decision *d = g->d;
	const struct option_changes *changes = policy_options(g->settings, d->definition);
	const struct tables tables = {changes ? changes->accept : NULL, d->definition->options};
	size_t room = room_above(g, beside_what(&tables, g));
	bool next;
	size_t i = count_leading(d->form);

	for (; i < d->argc && !breach && (is_inserted(d, i) || (d->argv[i][0] == '-' && d->argv[i][1])); i++) {
		if (is_inserted(d, i))
			continue;
		if (!read_option(&tables, d->argv[i], &o, &value, &next))
			return "an option that the table does not have";
		if (*o->never)
			return "an option that is never granted";
		if (next)
			value = ++i < d->argc ? d->argv[i] : "";
		if (value && o->value == VALUE_BESIDE)
			breach = check_beside(g, value, room);
		else if (value && o->value != VALUE_TEXT && o->value != VALUE_CHARSET)
			breach = grant_path_breach(g->root, value);
		if (value && value[0] == '-' && o->value != VALUE_SIGNED && o->value != VALUE_PATH)
			breach = "a value that starts with '-'";
	}
	for (; i < d->argc && !breach; i++)
		breach = grant_operand_breach(g->root, plain(d->argv[i], d->pattern[i]));
	return breach;
}

/* Which captures of a [command] were made when the last word of its template was absent, or not. */
static bool made_captures(const char *template, size_t absent, bool made[10])
{
	struct element element;
	const char *reason;
	int numbers[POLICY_LINE_MAX];
	size_t count = 0;

	memset(made, 0, 10 * sizeof *made);
	while (count < POLICY_LINE_MAX && template_next(&template, &element, &reason))
		numbers[count++] = element.capture;
	for (size_t i = 0; i + absent < count; i++)
		made[numbers[i]] = true;
	return absent < 2 && absent < count;
}

/* Whether argv is the [command]'s own words, with operands where it has captures that were made. */
static bool is_own_argv(const struct grant *g, const bool made[10])
{
	const char *list = g->d->definition->argv, *word;
	char *const *at = g->d->argv;
	size_t n;

	while (word = list_next(&list, &n), n > 0) {
		bool capture = n == 2 && word[0] == '%';

		if (capture && !made[word[1] - '0'])
			continue;
		if (!*at || (capture ? grant_operand_breach(g->root, *at) != NULL
				     : strlen(*at) != n || memcmp(*at, word, n) != 0))
			return false;
		at++;
	}
	return !*at;
}

static const char *check_own(const struct grant *g)
{
	bool made[10];

	for (size_t absent = 0; made_captures(g->d->form->template, absent, made); absent++)
		if (is_own_argv(g, made))
			return NULL;
	return "argv is not the [command]'s, with operands in it";
}

/* Of a table without options: what is no switch of its own is a path, or as harmless as one. */
static const char *check_words(const struct grant *g)
{
	const char *breach = NULL;

	for (size_t i = 1; i < g->d->argc && !breach; i++)
		if (g->d->argv[i][0] != '-')
			breach = grant_path_breach(g->root, g->d->argv[i]);
	return breach;
}

/* The policy's path for the definition's program, or the table's. */
static bool is_known_program(const struct grant *g)
{
	const struct decision *d = g->d;

	for (size_t i = 0; i < g->settings->program_count; i++)
		if (strcmp(g->settings->program[i].name, d->form->program) == 0)
			return strcmp(g->settings->program[i].value, d->program) == 0;
	for (const struct program *p = d->definition->programs; p->name; p++)
		if (strcmp(p->name, d->form->program) == 0)
			return strcmp(p->path, d->program) == 0;
	return false;
}

/* Quotes every word, so that the splitter gives exactly these words again; operands as the client names them where
 * rules hold for some of them. */
static bool quote(const struct grant *g, char *out, size_t size)
{
	const struct decision *d = g->d;
	size_t used = 0, root = strlen(g->root);

	for (size_t i = 0; i < d->argc; i++) {
		if (is_inserted(d, i))
			continue; /* the table will insert it again */
		out[used++] = ' ';
		out[used++] = '\'';
		const char *word = plain(d->argv[i], d->pattern[i]);
		if (g->settings->paths_count && word[0] == '/')
			word += root;
		for (const char *at = word; *at; at++) {
			if (used + 8 > size)
				return false;
			if (*at == '\'') {
				memcpy(out + used, "'\\''", 4);
				used += 4;
			} else {
				out[used++] = *at;
			}
		}
		out[used++] = '\'';
	}
	out[used] = '\0';
	return used <= WORDS_BYTES_MAX;
}

/* A [command]'s argv is not its template: it is not sent again. */
static const char *check_again(const struct settings *settings, const struct grant *g)
{
	const struct decision *d = g->d;
	static char command[BIG];
	struct decision again;
	const char *breach = NULL;

	if (d->definition->argv || !quote(g, command, sizeof command))
		return NULL;
	struct request request = *g->request;
	request.command = command;
	request.length = strlen(command);
	policy_decide(settings, &request, &again);
	if (again.verdict != GRANT && strstr(again.reason, "longer than") == NULL)
		breach = "what was rebuilt is not granted again";
	else if (again.verdict == GRANT && (again.program != d->program || again.verbs != d->verbs))
		breach = "what was rebuilt is another grant";
	decision_free(&again);
	return breach;
}

static bool is_beyond(const struct grant *g)
{
	unsigned has = g->settings->verbs;

	for (size_t i = 0; i < g->settings->paths_count; i++)
		has |= g->settings->paths[i].verbs;
	return g->d->verbs & ~(has | g->d->form->inner) || g->d->form->needs & ~has;
}

const char *grant_breach(const struct settings *settings, const struct request *request,
			 const struct decision *d)
{
	const struct grant g = {d->settings, request, d, request->root};
	const char *breach;

	if (d->verdict != GRANT)
		return NULL;
	if (!d->definition || !d->form || d->reason)
		return "a grant without its rule";
	if (!d->program)
		return d->definition->runs == RUNS_PROBE ? NULL : "a grant without a program";
	if (d->program[0] != '/' || d->argc < 1 || d->argv[d->argc])
		return "no absolute program, or no argv";
	if (!is_known_program(&g))
		return "a program of neither table nor policy";
	if (is_beyond(&g))
		return "verbs that the account lacks";
	if (d->definition->argv)
		breach = check_own(&g);
	else
		breach = d->definition->options ? check_options(&g) : check_words(&g);
	if (!breach && !d->definition->argv)
		breach = check_inserted(&g);
	return breach ? breach : check_again(settings, &g);
}
