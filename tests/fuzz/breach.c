#include "breach.h"

#include "shell/exit.h"

#include "tests/unit/grant.h"

#include "text/list.h"
#include "text/logfmt.h"

#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

enum { CHANGES = SANDBOX_WRITE | SANDBOX_CREATE | SANDBOX_MKDIR | SANDBOX_REMOVE | SANDBOX_MOVE | SANDBOX_SYMLINK };

/* ---- the program ---- */

static bool is_decided(const struct decision *d, const char *word)
{
	for (size_t i = 0; i < d->argc; i++)
		if (!d->pattern[i] && strcmp(d->argv[i], word) == 0)
			return true;
	return false;
}

static const char *check_expanded(const struct session *s, char *const argv[])
{
	const struct decision *d = &s->decision;
	const char *breach = NULL;
	size_t count = 0;

	for (; argv[count] && !breach; count++)
		if (!is_decided(d, argv[count]))
			breach = grant_operand_breach(s->view.files, argv[count]);
	if (breach)
		return breach;
	return count < d->argc || strcmp(argv[0], d->argv[0]) != 0 ? "words were lost" : NULL;
}

static unsigned verbs_anywhere(const struct session *s)
{
	unsigned verbs = s->settings->verbs;

	for (size_t i = 0; i < s->settings->paths_count; i++)
		verbs |= s->settings->paths[i].verbs;
	return verbs | s->decision.form->inner;
}

const char *breach_program(const struct session *s, const struct sandbox_grant *grant, char *const argv[])
{
	const struct decision *d = &s->decision;
	unsigned files = grant->files, verbs = verbs_anywhere(s);

	for (size_t i = 0; i < grant->at_count; i++)
		files |= grant->at[i].files;
	if (d->verdict != GRANT || grant->program != d->program)
		return "not the program that was granted";
	if (grant->view != &s->view || s->view.docroot != s->settings->docroot)
		return "not the docroot of the settings";
	if (files & CHANGES && !(verbs & VERBS_WRITE))
		return "Landlock lets it change files, and no verb does";
	if (files & SANDBOX_LIST && !(verbs & VERB_LIST))
		return "Landlock lets it list, and no verb does";
	if (grant->profile == SANDBOX_SPAWN && d->definition->runs != RUNS_SPAWN)
		return "it may execute, and its definition does not";
	return check_expanded(s, argv);
}

/* ---- the environment ---- */

static bool is_name(const char *variable, const char *name, size_t length)
{
	return strlen(name) == length && memcmp(variable, name, length) == 0;
}

/* What the gate itself sets, with the value that it has unless `env` says otherwise; NULL: none of these. */
static const char *fixed_value(const struct session *s, const char *variable, size_t length)
{
	if (is_name(variable, "PATH", length))
		return "/usr/bin:/bin";
	if (is_name(variable, "HOME", length))
		return s->view.isolation == SANDBOX_NAMESPACE ? "/home" : "/nonexistent";
	if (is_name(variable, "SHELL", length))
		return "/usr/sbin/nologin";
	if (is_name(variable, "USER", length) || is_name(variable, "LOGNAME", length))
		return s->who.user;
	return NULL;
}

/* The value that the administrator gave it, by `env`, the definition or token, the last of them; or NULL. */
static const char *given_value(const struct session *s, const char *variable, size_t length)
{
	const struct settings *settings = s->settings;
	const char *value = NULL;

	if (is_name(variable, settings->token_env, length))
		return settings->token == TOKEN_MARKER ? settings->token_value : NULL;
	for (size_t i = 0; i < settings->env_count; i++)
		if (is_name(variable, settings->env[i].name, length))
			value = settings->env[i].value;
	for (const char *const *e = s->decision.definition->env; e && *e; e++)
		if (strncmp(*e, variable, length + 1) == 0)
			value = strcmp(*e + length, "=%h") == 0 ? settings->host : *e + length + 1;
	return value;
}

static bool is_passed(const struct session *s, const char *variable, size_t length)
{
	static const char harmless[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.@:-";
	const char *value = variable + length + 1, *list = s->settings->pass_env, *name;
	size_t n;

	for (const char *const *p = s->decision.definition->pass_env; p && *p; p++)
		if (fnmatch(*p, variable, 0) == 0)
			return true;
	if (is_name(variable, "SSH_CONNECTION", length) || is_name(variable, "SSH_CLIENT", length))
		return !value[strspn(value, "0123456789abcdefABCDEF.:%/ ")];
	while (name = list_next(&list, &n), n > 0) {
		bool prefix = name[n - 1] == '*';
		if (prefix ? strncmp(variable, name, n - 1) == 0 : length == n && strncmp(variable, name, n) == 0)
			return *value && !value[strspn(value, harmless)];
	}
	return false;
}

static bool has(char *const env[], const char *variable)
{
	for (; env && *env; env++)
		if (strcmp(*env, variable) == 0)
			return true;
	return false;
}

static const char *check_variable(const struct session *s, const char *variable, char *const client[])
{
	size_t length = strcspn(variable, "=");
	const char *value = variable + length + 1;

	if (!variable[length] || length == 0)
		return "a variable without a name";
	const char *want = given_value(s, variable, length);
	if (!want)
		want = fixed_value(s, variable, length);
	if (want)
		return strcmp(want, value) == 0 ? NULL : "a variable with another value";
	if (is_name(variable, s->settings->token_env, length))
		return "a marker that the client planted";
	return has(client, variable) && is_passed(s, variable, length) ? NULL : "a variable that nobody allows";
}

const char *breach_environ(const struct session *s, char *const env[], char *const client[])
{
	const char *breach = NULL;

	for (size_t i = 0; env[i] && !breach; i++) {
		size_t length = strcspn(env[i], "=");

		for (size_t j = 0; j < i && !breach; j++)
			if (strncmp(env[i], env[j], length + 1) == 0)
				breach = "a variable twice";
		if (!breach)
			breach = check_variable(s, env[i], client);
	}
	return breach;
}

/* ---- the end ---- */

/* The value is the request's bytes, or their beginning and dots. */
static bool is_request(const struct session *s, const struct logfmt_field *field)
{
	size_t length = field->cut ? field->length - 3 : field->length;

	return s->call.command && (field->cut ? length < s->call.length : length == s->call.length) &&
	       memcmp(field->value, s->call.command, length) == 0;
}

static bool is_field(const struct logfmt_field *field, const char *name)
{
	return is_name(field->name, name, field->name_length);
}

/* Behind syslog's head a line is fields alone, each once, and reads back as what was written (I8). */
static const char *check_line(const struct session *s, const char *line, size_t length, char verdict[16])
{
	const char *end = line + length, *at = line;
	struct logfmt_field field;
	unsigned seen = 0;

	for (size_t i = 0; i < length; i++)
		if (line[i] < 0x20 || line[i] > 0x7e)
			return "a control byte in the log";
	while (at < end && !(at[0] == ']' && at[1] == ':'))
		at++;
	for (at += 3; at < end; seen++) {
		if (!logfmt_next(&at, end, &field))
			return "a log line that does not read back";
		if ((seen == 0) != is_field(&field, "verdict"))
			return "a verdict twice, or not in front";
		if (seen == 0)
			snprintf(verdict, 16, "%.15s", field.value);
		if (is_field(&field, "request") && !is_request(s, &field))
			return "a log line with another request";
		if (is_field(&field, "user") && strcmp(field.value, s->who.user) != 0 && !field.cut)
			return "a log line with another user";
	}
	return seen ? NULL : "a log line without fields";
}

static const char *check_told(const struct world *w)
{
	static const char head[] = "sallyport: refused: ";
	const char *told = w->told;
	size_t length = w->told_length;

	if (length < sizeof head || memcmp(told, head, sizeof head - 1) != 0 || told[length - 1] != '\n')
		return "a client that was refused and not told so";
	for (size_t i = 0; i + 1 < length; i++)
		if ((unsigned char)told[i] < 0x20 || told[i] == 0x7f)
			return "a control byte on the client's terminal";
	return NULL;
}

static bool is_status(const struct world *w, const struct session *s)
{
	switch (w->status) {
	case WORLD_EXEC: return s->decision.verdict == GRANT && s->decision.program;
	case 0: return s->decision.verdict == GRANT && !s->decision.program;
	case EXIT_USAGE: return !s->policy; /* nothing was read yet */
	case EXIT_LATER: return w->full && s->decision.verdict == GRANT;
	case EXIT_REFUSED: return true;
	case EXIT_CONFIGURATION: return !s->settings;
	default: return false;
	}
}

const char *breach_end(const struct world *w, const struct session *s)
{
	char verdict[16] = "";
	const char *breach = NULL;
	bool granted = w->status == WORLD_EXEC || w->status == 0;

	if (!is_status(w, s))
		return "an end with a status that does not fit";
	if (w->lines == 0)
		return "nothing in the log";
	for (unsigned i = 0; i < w->lines && !breach; i++)
		breach = check_line(s, w->log[i], w->log_length[i], verdict);
	if (breach)
		return breach;
	if (granted != (strcmp(verdict, "allow") == 0) || (granted && w->lines > 1))
		return "a log that tells it otherwise";
	if (granted || strcmp(verdict, "rc-suppressed") == 0)
		return w->told_length ? "something was said to the client" : NULL;
	return check_told(w);
}
