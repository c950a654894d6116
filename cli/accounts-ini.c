/*
 * accounts-ini - users/NAME.ini as it is to be: the lines that are there, with those that the wish is about put in or
 * taken out. And the steps that put files of ours in place.
 */
#include "accounts.h"

#include "cli.h"

#include "keys/replace.h"
#include "policy/limits.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PIECE_MAX = 150 }; /* of a value on one line; POLICY_LINE_MAX less the longest name */

/* ---- files ---- */

char *file_text(const char *path)
{
	char *text = calloc(1, POLICY_FILE_MAX + 1);
	FILE *file = fopen(path, "re");
	size_t length = text && file ? fread(text, 1, POLICY_FILE_MAX + 1, file) : 0;
	bool whole = text && file && !ferror(file) && length <= POLICY_FILE_MAX;

	if (file)
		fclose(file);
	if (whole)
		text[length] = '\0';
	else {
		free(text);
		text = NULL;
	}
	return text;
}

bool file_put(struct step *step, const char *path, const char *text)
{
	struct replace replace;

	if (!text) {
		if (unlink(path) == 0 || errno == ENOENT)
			return true;
		step_say(step, "%s: %s", path, strerror(errno));
		return false;
	}
	const char *reason = replace_open(path, &replace);
	if (!reason) {
		replace.keep_none = true; /* the one before it would be another file of users/ */
		reason = replace_stage(&replace, text, strlen(text));
		if (!reason)
			reason = replace_commit(&replace);
		int error = errno;
		replace_close(&replace);
		errno = error;
	}
	if (reason)
		step_say(step, "%s: %s%s%s", path, reason, errno ? ": " : "", errno ? strerror(errno) : "");
	return !reason;
}

/* ---- lines ---- */

/* The value in a line that sets `name`, or goes on with it as name.2; else NULL. */
static const char *value_in(const char *line, const char *name)
{
	size_t length = strlen(name);

	if (strncmp(line, name, length) != 0)
		return NULL;
	line += length;
	if (*line == '.')
		line += 1 + strspn(line + 1, "0123456789");
	line += strspn(line, " ");
	if (*line != '=')
		return NULL;
	return line + 1 + strspn(line + 1, " ");
}

/* How much of a value the next line takes: all, or up to a place where a list may be cut. */
static size_t piece(const char *value, char cut)
{
	size_t length = strlen(value);

	if (length <= PIECE_MAX)
		return length;
	for (size_t i = PIECE_MAX; i > 0; i--)
		if (value[i] == cut)
			return i;
	return length; /* the loader has a word for a line that is too long */
}

static bool insert_setting(struct lines *lines, size_t at, const struct wish_setting *setting)
{
	char line[POLICY_NAME_MAX + POLICY_VALUE_MAX + 16];
	bool addresses = strcmp(setting->name, "from") == 0 || strcmp(setting->name, "hours") == 0;
	const char *value = setting->value;

	for (unsigned number = 1; number == 1 || *value; number++) {
		size_t length = piece(value, addresses ? ',' : ' ');
		char more[16] = "";

		if (number > 1)
			snprintf(more, sizeof more, ".%u", number);
		snprintf(line, sizeof line, "%s%s = %.*s", setting->name, more, (int)length, value);
		if (!lines_insert(lines, at++, line))
			return false;
		value += length + (value[length] != '\0');
	}
	return true;
}

/* Behind the last line that says something. */
static size_t end_of(const struct lines *lines)
{
	size_t end = lines->count;

	while (end > 1 && lines->line[end - 1].text[0] == '\0')
		end--;
	return end;
}

static bool is_said(const struct lines *lines, const struct wish_setting *setting, size_t *first)
{
	const char *value = NULL;
	size_t count = 0;

	*first = SIZE_MAX;
	for (size_t i = 0; i < lines->count; i++) {
		const char *found = value_in(lines->line[i].text, setting->name);

		if (!found || lines->line[i].state == LINE_DROPPED)
			continue;
		value = found;
		*first = *first == SIZE_MAX ? i : *first;
		count++;
	}
	return setting->value ? count == 1 && strcmp(value, setting->value) == 0 : count == 0;
}

static bool change(struct lines *lines, const struct wish_setting *setting)
{
	size_t first;

	if (is_said(lines, setting, &first))
		return true;
	for (size_t i = first; i < lines->count; i++)
		if (value_in(lines->line[i].text, setting->name))
			lines_drop(lines, i);
	return !setting->value || insert_setting(lines, first == SIZE_MAX ? end_of(lines) : first + 1, setting);
}

static char *render(const struct lines *lines)
{
	size_t length = 0, size = 1;

	for (size_t i = 0; i < lines->count; i++)
		size += strlen(lines->line[i].text) + 1;
	char *text = malloc(size);
	for (size_t i = 0; text && i < lines->count; i++)
		if (lines->line[i].state != LINE_DROPPED)
			length += (size_t)sprintf(text + length, "%s\n", lines->line[i].text);
	if (text)
		text[length] = '\0';
	return text;
}

static bool begin(struct plan *plan)
{
	char header[ACCOUNTS_NAME_MAX + 16];

	if (lines_read(plan->ini, &plan->ini_lines))
		return true;
	snprintf(header, sizeof header, "[user %s]", plan->wish->name);
	return errno == ENOENT && lines_insert(&plan->ini_lines, 0, header);
}

bool ini_make(struct plan *plan)
{
	char *before = file_text(plan->ini);
	bool good = begin(plan);

	free(plan->ini_text);
	for (size_t i = 0; good && i < plan->wish->settings_count; i++)
		good = change(&plan->ini_lines, &plan->wish->setting[i]);
	for (size_t i = 0; good && i < plan->unsaid_count; i++)
		good = change(&plan->ini_lines, &plan->unsaid[i]);
	plan->ini_text = good ? render(&plan->ini_lines) : NULL;
	if (!plan->ini_text)
		fprintf(stderr, "sallyport: %s: %s\n", plan->ini, strerror(errno ? errno : ENOMEM));
	good = plan->ini_text != NULL;
	if (good && before && strcmp(before, plan->ini_text) == 0) {
		free(plan->ini_text);
		plan->ini_text = NULL;
	}
	free(before);
	return good;
}

/* ---- steps ---- */

static enum look look_at_policy(struct plan *plan, struct step *step)
{
	step_say(step, "%s%s", SALLYPORT_POLICY, plan->first_policy ? ", a first one: commands = sftp scp rsync" : "");
	return access(SALLYPORT_POLICY, F_OK) == 0 ? LOOK_SAME : LOOK_NEEDED;
}

static bool put_policy(struct plan *plan, struct step *step)
{
	return file_put(step, SALLYPORT_POLICY, plan->first_policy);
}

static bool take_policy(struct plan *plan, struct step *step)
{
	(void)plan;
	return file_put(step, SALLYPORT_POLICY, NULL);
}

const struct step_kind step_policy = {"policy", look_at_policy, put_policy, take_policy};

static enum look look_at_ini(struct plan *plan, struct step *step)
{
	step_say(step, "%s", plan->ini);
	if (!plan->ini_text)
		return LOOK_SAME;
	char *now = file_text(plan->ini);
	enum look found = now && strcmp(now, plan->ini_text) == 0 ? LOOK_SAME : LOOK_NEEDED;
	free(now);
	return found;
}

static bool restore_ini(struct plan *plan, struct step *step)
{
	return file_put(step, plan->ini, step->old_text);
}

/* What lies there now is read once more by the gate's rules; what they refuse goes out again. */
static bool put_ini(struct plan *plan, struct step *step)
{
	const struct policy_source source = {.file = SALLYPORT_POLICY, .user = plan->wish->name};
	struct policy_fault fault;
	struct policy *policy;

	step->old_text = file_text(plan->ini);
	if (!file_put(step, plan->ini, plan->ini_text))
		return false;
	if (policy_load(&source, &policy, &fault)) {
		policy_free(policy);
		return true;
	}
	restore_ini(plan, step);
	step_say(step, "%s:%u: the gate refuses it: %s", fault.file, fault.line, fault.reason);
	return false;
}

const struct step_kind step_ini = {"settings", look_at_ini, put_ini, restore_ini};
