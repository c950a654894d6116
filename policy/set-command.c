/*
 * What may be run, and what it may do; the settings of a [command].
 */
#include "setters.h"

#include "model.h"
#include "nearest.h"
#include "setter.h"
#include "template.h"

#include "text/list.h"

#include <string.h>

static const char *blame_command(struct setter *s, const char *word, size_t length)
{
	for (size_t i = 0; definition_builtin[i]; i++)
		nearest_offer(&s->near, word, length, definition_builtin[i]->name);
	for (size_t i = 0; i < s->policy->sections_count; i++)
		if (s->policy->sections[i].kind == SECTION_COMMAND)
			nearest_offer(&s->near, word, length, s->policy->sections[i].name);
	return setter_blame(s, word, length, "no definition has this name");
}

const char *set_commands(struct setter *s)
{
	size_t length;
	const char *at = s->value, *word;
	struct settings *settings = s->settings;

	settings->commands_count = 0;
	if (strcmp(s->value, "none") == 0)
		return NULL;
	while (word = list_next(&at, &length), length > 0) {
		const struct definition *d = setting_definition(s->policy, word, length);

		if (!d)
			return blame_command(s, word, length);
		if (settings->commands_count == POLICY_COMMANDS_MAX)
			return setter_blame(s, word, length, "more than 32 commands");
		for (size_t i = 0; i < settings->commands_count; i++)
			if (settings->commands[i] == d)
				return setter_blame(s, word, length, "a command named twice");
		settings->commands[settings->commands_count++] = d;
	}
	return NULL;
}

static const char *parse_verbs(struct setter *s, unsigned *verbs)
{
	size_t length;
	const char *at = s->value, *word;

	*verbs = 0;
	while (word = list_next(&at, &length), length > 0) {
		unsigned verb = verb_parse(word, length);
		for (size_t i = 0; !verb && verb_word(i); i++)
			nearest_offer(&s->near, word, length, verb_word(i));
		if (!verb)
			return setter_blame(s, word, length, "neither a verb nor a preset");
		*verbs |= verb;
	}
	return NULL;
}

const char *set_access(struct setter *s)
{
	return parse_verbs(s, &s->settings->verbs);
}

/* Beneath a directory: more verbs than around it, or none that write. */
const char *set_access_path(struct setter *s)
{
	struct settings *settings = s->settings;
	struct path_rule rule = {.directory = s->argument, .read_only = strcmp(s->value, "read-only") == 0};
	const char *reason = setter_absolute(s->argument);
	size_t i = 0, length = strlen(s->argument);

	if (!reason && (length == 1 || s->argument[length - 1] == '/' || strstr(s->argument, "//")))
		reason = length == 1 ? "the docroot itself, which `access` alone is about"
				     : "a path with a slash too many";
	if (reason)
		return setter_blame(s, s->argument, length, reason);
	reason = parse_verbs(s, &rule.verbs);
	while (i < settings->paths_count && strcmp(settings->paths[i].directory, rule.directory) != 0)
		i++;
	if (!reason && i == POLICY_LIST_MAX)
		return "more than 16 of these for one account";
	if (!reason)
		settings->paths[i] = rule;
	settings->paths_count += !reason && i == settings->paths_count;
	return reason;
}

const char *set_sftp_subsystem(struct setter *s)
{
	struct settings *settings = s->settings;

	if (s->first)
		settings->sftp_subsystem_count = 0;
	if (settings->sftp_subsystem_count == POLICY_LIST_MAX)
		return "more than 16 of these for one account";
	settings->sftp_subsystem[settings->sftp_subsystem_count++] = s->value;
	return setter_absolute(s->value);
}

const char *set_program(struct setter *s)
{
	if (s->definition) {
		s->program->path = s->value;
		return setter_absolute(s->value);
	}
	for (size_t i = 0; definition_builtin[i]; i++)
		for (const struct program *p = definition_builtin[i]->programs; p->name; p++)
			if (strcmp(p->name, s->argument) == 0) {
				const char *reason = setter_absolute(s->value);
				return reason ? reason
					      : setter_pair(s, s->settings->program,
							    &s->settings->program_count);
			}
	for (size_t i = 0; definition_builtin[i]; i++)
		for (const struct program *p = definition_builtin[i]->programs; p->name; p++)
			nearest_offer(&s->near, s->argument, strlen(s->argument), p->name);
	return setter_blame(s, s->argument, strlen(s->argument), "no built-in definition runs a program of this name");
}

/* NAME:PATH, and no connection string, which could say anything: what NAME is, `env` says. */
const char *set_rclone_remote(struct setter *s)
{
	size_t name = strspn(s->value, LETTERS DIGITS "_-");

	s->settings->rclone_remote = s->value;
	if (strcmp(s->value, "none") == 0) {
		s->settings->rclone_remote = NULL;
		return NULL;
	}
	if (name == 0 || s->value[name] != ':' || s->value[0] == '-')
		return "not NAME: and a path";
	return strchr(s->value, ' ') ? "a blank, which no client could send" : NULL;
}

const char *set_template(struct setter *s)
{
	s->form->browse = s->value[0] == '!';
	s->form->template = s->value + s->form->browse;
	return template_check(s->form->template, NULL);
}

const char *set_argv(struct setter *s)
{
	s->definition->argv = s->value;
	return NULL; /* checked against the template once both are known */
}

const char *set_verbs(struct setter *s)
{
	if (strcmp(s->value, "none") == 0)
		return NULL;
	return parse_verbs(s, &s->form->needs);
}

const char *set_honours_token(struct setter *s)
{
	return setter_bool(s, &s->form->honours_token);
}

const char *set_stdin(struct setter *s)
{
	const char *reason = setter_bool(s, &s->definition->no_stdin);

	s->definition->no_stdin = !s->definition->no_stdin;
	return reason;
}

const char *set_stdout(struct setter *s)
{
	const char *reason = setter_bool(s, &s->definition->no_stdout);

	s->definition->no_stdout = !s->definition->no_stdout;
	return reason;
}
