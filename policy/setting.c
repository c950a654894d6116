#include "setting.h"

#include "isolation.h"
#include "model.h"
#include "nearest.h"
#include "template.h"
#include "value.h"

#include "text/list.h"
#include "text/pathname.h"
#include "text/pattern.h"
#include "text/when.h"

#include <stdlib.h>
#include <string.h>

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"

/* ---- pieces that setters share ---- */

/* Names the word at fault; falls back on the whole value when there is no memory for a copy. */
static const char *blame(struct setter *s, const char *word, size_t length, const char *reason)
{
	s->word = arena_copy(&s->policy->arena, word, length);
	return reason;
}

static const char *set_bool(struct setter *s, bool *target)
{
	if (strcmp(s->value, "yes") != 0 && strcmp(s->value, "no") != 0)
		return "neither yes nor no";
	*target = s->value[0] == 'y';
	return NULL;
}

/* Absolute, with no part that is "." or ".."; tokens allowed where the caller checked them. */
static const char *check_absolute(const char *path)
{
	if (path[0] != '/')
		return "not an absolute path";
	if (strlen(path) > PATHNAME_MAX)
		return "a path longer than 4095 bytes";
	if (pathname_has_part(path, ". .."))
		return "a path with a . or .. component";
	return NULL;
}

static const char *set_pair(struct setter *s, struct pair *pairs, size_t *count)
{
	size_t i = 0;

	while (i < *count && strcmp(pairs[i].name, s->argument) != 0)
		i++;
	if (i == POLICY_LIST_MAX)
		return "more than 16 of these for one account";
	pairs[i] = (struct pair){s->argument, s->value};
	if (i == *count)
		(*count)++;
	return NULL;
}

static bool is_variable(const char *name, size_t length)
{
	size_t n = strspn(name, LETTERS DIGITS "_");

	return length > 0 && n == length && !strchr(DIGITS, name[0]);
}

/* ---- settings of an account ---- */

static const char *set_docroot(struct setter *s)
{
	s->settings->docroot_set = true;
	s->settings->docroot = NULL;
	if (strcmp(s->value, "none") == 0)
		return NULL;
	for (const char *at = s->value; (at = strchr(at, '%')); at += 2)
		if (!at[1] || !strchr("uhU%", at[1]))
			return blame(s, at, at[1] ? 2 : 1, "a token that is not %u, %h, %U or %%");
	s->settings->docroot = s->value;
	if (strcmp(s->value, "%h") == 0)
		return NULL;
	return check_absolute(strncmp(s->value, "%h/", 3) == 0 ? s->value + 2 : s->value);
}

static const char *set_docroot_home(struct setter *s)
{
	if (strcmp(s->value, "allow") != 0 && strcmp(s->value, "refuse") != 0)
		return "neither allow nor refuse";
	s->settings->docroot_home = s->value[0] == 'a';
	return NULL;
}

static const char *set_start(struct setter *s)
{
	s->settings->start = s->value;
	for (const char *at = s->value; (at = strchr(at, '%')); at += 2)
		if (!at[1] || !strchr("uU%", at[1]))
			return blame(s, at, at[1] ? 2 : 1, "a token that is not %u, %U or %%");
	return check_absolute(s->value);
}

static const char *set_isolation(struct setter *s)
{
	return isolation_parse(s->value, &s->settings->isolation) ? NULL : "not an isolation";
}

static const char *set_may_lack(struct setter *s)
{
	size_t length;
	const char *at = s->value, *word;

	s->settings->may_lack = 0;
	while (word = list_next(&at, &length), length > 0) {
		if (length != 8 || memcmp(word, "landlock", 8) != 0)
			return blame(s, word, length, "not a step that may be absent");
		s->settings->may_lack |= MAY_LACK_LANDLOCK;
	}
	return NULL;
}

static const char *blame_command(struct setter *s, const char *word, size_t length)
{
	for (size_t i = 0; definition_builtin[i]; i++)
		nearest_offer(&s->near, word, length, definition_builtin[i]->name);
	for (size_t i = 0; i < s->policy->sections_count; i++)
		if (s->policy->sections[i].kind == SECTION_COMMAND)
			nearest_offer(&s->near, word, length, s->policy->sections[i].name);
	return blame(s, word, length, "no definition has this name");
}

static const char *set_commands(struct setter *s)
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
			return blame(s, word, length, "more than 32 commands");
		for (size_t i = 0; i < settings->commands_count; i++)
			if (settings->commands[i] == d)
				return blame(s, word, length, "a command named twice");
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
			return blame(s, word, length, "neither a verb nor a preset");
		*verbs |= verb;
	}
	return NULL;
}

static const char *set_access(struct setter *s)
{
	return parse_verbs(s, &s->settings->verbs);
}

/* Beneath a directory: more verbs than around it, or none that write. */
static const char *set_access_path(struct setter *s)
{
	struct settings *settings = s->settings;
	struct path_rule rule = {.directory = s->argument, .read_only = strcmp(s->value, "read-only") == 0};
	const char *reason = check_absolute(s->argument);
	size_t i = 0, length = strlen(s->argument);

	if (!reason && (length == 1 || s->argument[length - 1] == '/' || strstr(s->argument, "//")))
		reason = length == 1 ? "the docroot itself, which `access` alone is about"
				     : "a path with a slash too many";
	if (reason)
		return blame(s, s->argument, length, reason);
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

static const char *set_restricted(struct setter *s)
{
	return set_bool(s, &s->settings->restricted);
}

static const char *set_token(struct setter *s)
{
	if (strcmp(s->value, "off") != 0 && strcmp(s->value, "marker") != 0)
		return "neither off nor marker";
	s->settings->token = s->value[0] == 'm' ? TOKEN_MARKER : TOKEN_OFF;
	return NULL;
}

static const char *set_token_env(struct setter *s)
{
	s->settings->token_env = s->value;
	return is_variable(s->value, strlen(s->value)) ? NULL : "not a variable's name";
}

static const char *set_token_value(struct setter *s)
{
	s->settings->token_value = s->value;
	return NULL;
}

static const char *set_sftp_subsystem(struct setter *s)
{
	struct settings *settings = s->settings;

	if (s->first)
		settings->sftp_subsystem_count = 0;
	if (settings->sftp_subsystem_count == POLICY_LIST_MAX)
		return "more than 16 of these for one account";
	settings->sftp_subsystem[settings->sftp_subsystem_count++] = s->value;
	return check_absolute(s->value);
}

static const char *set_program(struct setter *s)
{
	if (s->definition) {
		s->program->path = s->value;
		return check_absolute(s->value);
	}
	for (size_t i = 0; definition_builtin[i]; i++)
		for (const struct program *p = definition_builtin[i]->programs; p->name; p++)
			if (strcmp(p->name, s->argument) == 0) {
				const char *reason = check_absolute(s->value);
				return reason ? reason
					      : set_pair(s, s->settings->program,
							 &s->settings->program_count);
			}
	for (size_t i = 0; definition_builtin[i]; i++)
		for (const struct program *p = definition_builtin[i]->programs; p->name; p++)
			nearest_offer(&s->near, s->argument, strlen(s->argument), p->name);
	return blame(s, s->argument, strlen(s->argument), "no built-in definition runs a program of this name");
}

static const char *set_env(struct setter *s)
{
	if (!is_variable(s->argument, strlen(s->argument)))
		return blame(s, s->argument, strlen(s->argument), "not a variable's name");
	return set_pair(s, s->settings->env, &s->settings->env_count);
}

/* Whether the word, perhaps with * at its end, can name a variable that begins like this. */
static bool reaches(const char *word, size_t length, const char *prefix)
{
	size_t most = strlen(prefix);
	bool wild = word[length - 1] == '*';

	length -= wild;
	return wild && length < most ? memcmp(word, prefix, length) == 0
				     : length >= most && memcmp(word, prefix, most) == 0;
}

static const char *set_pass_env(struct setter *s)
{
	size_t length;
	const char *at = s->value, *word;

	s->settings->pass_env = s->value;
	if (strcmp(s->value, "none") == 0) {
		s->settings->pass_env = "";
		return NULL;
	}
	while (word = list_next(&at, &length), length > 0) {
		if (!is_variable(word, length - (word[length - 1] == '*')))
			return blame(s, word, length, "not a variable's name, nor one with * at its end");
		if (reaches(word, length, "LD_") || reaches(word, length, "SSH_"))
			return blame(s, word, length, "a client must not set this variable");
	}
	return NULL;
}

static const char *set_protect(struct setter *s)
{
	s->settings->protect = strcmp(s->value, "none") == 0 ? "" : s->value;
	return strchr(s->value, '/') ? "a name with a slash" : NULL;
}

/* NAME:PATH, and no connection string, which could say anything: what NAME is, `env` says. */
static const char *set_rclone_remote(struct setter *s)
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

static const char *set_umask(struct setter *s)
{
	size_t digits = strspn(s->value, "01234567");

	if (digits < 1 || digits > 4 || s->value[digits])
		return "not an octal number of up to four digits";
	s->settings->umask = (unsigned)strtoul(s->value, NULL, 8);
	return s->settings->umask > 0777 ? "above 0777" : NULL;
}

static const char *set_nice(struct setter *s)
{
	if (!value_is_number(s->value) || strtoul(s->value, NULL, 10) > 19)
		return "not a number from 0 to 19";
	s->settings->nice = (unsigned)strtoul(s->value, NULL, 10);
	return NULL;
}

/* What each limit may be. Below the least no transfer would start: the loader and libc need that much. */
static const struct {
	uint64_t least, most;
	bool size; /* K, M and G stand for powers of 1024 */
	const char *outside;
} bounds[LIMITS] = {
	[LIMIT_CPU] = {1, 1 << 30, false, "not from 1 to 1073741824 seconds"},
	[LIMIT_FILE_SIZE] = {0, INT64_MAX, true, "above 8 EiB"},
	[LIMIT_FILES] = {16, 1 << 20, false, "not from 16 to 1048576"},
	[LIMIT_MEMORY] = {16 << 20, INT64_MAX, true, "below 16M"},
	[LIMIT_PROCESSES] = {1, 1 << 20, false, "not from 1 to 1048576"},
};

const char *const limit_names[LIMITS] = {"cpu", "file-size", "files", "memory", "processes"};

static const char *read_limit(const char *value, bool size, uint64_t *number)
{
	static const char units[] = "KMG";
	size_t digits = strspn(value, DIGITS);
	const char *unit = size && value[digits] ? strchr(units, value[digits]) : NULL;
	unsigned shift = unit ? 10 * (unsigned)(unit - units + 1) : 0;

	if (digits < 1 || digits > 18 || value[digits + (unit != NULL)])
		return size ? "not a number, perhaps with K, M or G behind it" : "not a number";
	*number = strtoull(value, NULL, 10);
	if (*number > (uint64_t)INT64_MAX >> shift)
		return "a number that is too large";
	*number <<= shift;
	return NULL;
}

static const char *set_limit(struct setter *s)
{
	for (size_t i = 0; i < LIMITS; i++) {
		uint64_t number;

		if (strcmp(s->argument, limit_names[i]) != 0)
			continue;
		if (strcmp(s->value, "none") == 0 && i != LIMIT_PROCESSES) {
			s->settings->limit[i] = LIMIT_UNSET;
			return NULL;
		}
		const char *reason = read_limit(s->value, bounds[i].size, &number);
		if (!reason && (number < bounds[i].least || number > bounds[i].most))
			reason = bounds[i].outside;
		if (!reason)
			s->settings->limit[i] = number;
		return reason;
	}
	for (size_t i = 0; i < LIMITS; i++)
		nearest_offer(&s->near, s->argument, strlen(s->argument), limit_names[i]);
	return blame(s, s->argument, strlen(s->argument), "not a limit");
}

/* "2h": a number and its unit. */
static const char *set_max_duration(struct setter *s)
{
	static const struct {
		char name;
		unsigned seconds;
	} units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}};
	size_t digits = strspn(s->value, DIGITS), i = 0;

	s->settings->duration = 0;
	if (strcmp(s->value, "none") == 0)
		return NULL;
	while (i < sizeof units / sizeof *units && units[i].name != s->value[digits])
		i++;
	if (digits < 1 || digits > 8 || i == sizeof units / sizeof *units || s->value[digits + 1])
		return "not a number with one of the units s, m, h and d";
	unsigned long long seconds = strtoull(s->value, NULL, 10) * units[i].seconds;
	s->settings->duration = (unsigned)seconds;
	return seconds < 1 || seconds > POLICY_DURATION_MAX ? "not from 1s to 366d" : NULL;
}

static const char *set_max_sessions(struct setter *s)
{
	s->settings->sessions = 0;
	if (strcmp(s->value, "none") == 0)
		return NULL;
	if (!value_is_number(s->value))
		return "not a number";
	unsigned long long number = strtoull(s->value, NULL, 10);
	s->settings->sessions = (unsigned)number;
	return number < 1 || number > POLICY_SESSIONS_MAX ? "not from 1 to 4096" : NULL;
}

static const char *set_local(struct setter *s)
{
	return set_bool(s, &s->settings->local);
}

static const char *set_log_required(struct setter *s)
{
	return set_bool(s, &s->settings->log_required);
}

static const char *set_message(struct setter *s)
{
	s->settings->message = s->value;
	return NULL;
}

static const char *set_profiles(struct setter *s)
{
	s->settings->profiles = strcmp(s->value, "none") == 0 ? "" : s->value;
	return NULL;
}

static const char *set_profile(struct setter *s)
{
	s->settings->profile_required = s->value[0] == 'r';
	return strcmp(s->value, "required") == 0 || strcmp(s->value, "optional") == 0
		       ? NULL
		       : "neither required nor optional";
}

static const char *set_key_identity(struct setter *s)
{
	return set_bool(s, &s->settings->key_identity);
}

static const char *set_keys(struct setter *s)
{
	s->settings->key_names = strcmp(s->value, "none") == 0 ? "" : s->value;
	return NULL;
}

/* Conditions stand in slot 0; narrow.c moves a profile's and a key's to their own. */
static const char *set_from(struct setter *s)
{
	const char *item;
	size_t length;
	const char *reason = pattern_check_list(s->value, &item, &length);

	s->settings->from[0] = strcmp(s->value, "any") == 0 ? NULL : s->value;
	return reason ? blame(s, item, length, reason) : NULL;
}

static const char *set_hours(struct setter *s)
{
	s->settings->hours[0] = strcmp(s->value, "any") == 0 ? NULL : s->value;
	return s->settings->hours[0] ? when_check_hours(s->value) : NULL;
}

static const char *set_expires(struct setter *s)
{
	s->settings->expires = INT64_MAX;
	return strcmp(s->value, "never") == 0 ? NULL : when_read_time(s->value, &s->settings->expires);
}

/* ---- settings of a [key]: whose it is; what it narrows is set like an account's ---- */

static const char *set_fingerprint(struct setter *s)
{
	size_t length;
	const char *at = s->value, *word;

	while (word = list_next(&at, &length), length > 0)
		if (!value_is_fingerprint(word, length))
			return blame(s, word, length, "not a SHA256 fingerprint");
	if (s->key)
		s->key->fingerprints = s->value;
	return NULL;
}

static const char *set_cert_id(struct setter *s)
{
	if (s->key)
		s->key->cert_id = s->value;
	return NULL;
}

/* ---- settings of a [command] ---- */

static const char *set_template(struct setter *s)
{
	s->form->browse = s->value[0] == '!';
	s->form->template = s->value + s->form->browse;
	return template_check(s->form->template, NULL);
}

static const char *set_argv(struct setter *s)
{
	s->definition->argv = s->value;
	return NULL; /* checked against the template once both are known */
}

static const char *set_verbs(struct setter *s)
{
	if (strcmp(s->value, "none") == 0)
		return NULL;
	return parse_verbs(s, &s->form->needs);
}

static const char *set_honours_token(struct setter *s)
{
	return set_bool(s, &s->form->honours_token);
}

static const char *set_stdin(struct setter *s)
{
	const char *reason = set_bool(s, &s->definition->no_stdin);

	s->definition->no_stdin = !s->definition->no_stdin;
	return reason;
}

static const char *set_stdout(struct setter *s)
{
	const char *reason = set_bool(s, &s->definition->no_stdout);

	s->definition->no_stdout = !s->definition->no_stdout;
	return reason;
}

/* ---- the table ---- */

#define YES_NO   "yes or no"
#define ACCEPTED "options: --name or -x, with =%d, =%w or =%p behind one that takes a value; or none"
#define REFUSED  "options of the definition, perhaps with * at a name's end: --delete* z; or none"

/* Sorted by name; tests compare it with sallyport.ini(5). */
const struct setting setting_table[] = {
	{"access", SECTION_ACCOUNT | SECTION_NARROW, false, ' ', false, set_access,
	 "verbs (download upload overwrite list mkdir rename delete) or a preset "
	 "(read-only drop-box append-only full)"},
	{"access", SECTION_ACCOUNT, true, ' ', false, set_access_path,
	 "access /DIR = verbs that are added beneath DIR, or read-only"},
	{"argv", SECTION_COMMAND, false, ' ', false, set_argv, "words and captures: pg_dump -Fc -- %1"},
	{"borg-accept", SECTION_ACCOUNT, false, ' ', false, setting_accept, ACCEPTED},
	{"borg-refuse", SECTION_ACCOUNT | SECTION_NARROW, false, ' ', false, setting_refuse, REFUSED},
	{"cert-id", SECTION_KEY, false, ' ', false, set_cert_id, "the identity that the certificate was signed with"},
	{"commands", SECTION_ACCOUNT | SECTION_NARROW, false, ' ', false, set_commands,
	 "names of built-in or [command] definitions, or none"},
	{"docroot", SECTION_ACCOUNT | SECTION_PROFILE, false, 0, false, set_docroot,
	 "an absolute path, perhaps with %u %h %U %%, or none"},
	{"docroot-home", SECTION_ACCOUNT, false, 0, false, set_docroot_home, "allow or refuse"},
	{"env", SECTION_ACCOUNT, true, 0, false, set_env, "env NAME = value"},
	{"expires", SECTION_ACCOUNT | SECTION_NARROW, false, 0, false, set_expires,
	 "YYYYMMDD, YYYYMMDDHHMM or YYYYMMDDHHMMSS in UTC, or never"},
	{"fingerprint", SECTION_KEY, false, ' ', false, set_fingerprint,
	 "SHA256:... as ssh-keygen -l prints it, several with blanks between"},
	{"from", SECTION_ACCOUNT | SECTION_NARROW, false, ',', false, set_from,
	 "addresses, CIDR blocks and patterns, separated by commas, or any"},
	{"honours-token", SECTION_COMMAND, false, 0, false, set_honours_token, YES_NO},
	{"hours", SECTION_ACCOUNT | SECTION_NARROW, false, ',', false, set_hours,
	 "HH:MM-HH:MM or Mon-Fri HH:MM-HH:MM in UTC, separated by commas, or any"},
	{"isolation", SECTION_ACCOUNT, false, 0, false, set_isolation,
	 "namespace, chroot or landlock"},
	{"key-identity", SECTION_ACCOUNT, false, 0, false, set_key_identity, YES_NO},
	{"keys", SECTION_ACCOUNT, false, ' ', false, set_keys, "names of [key] sections, or none"},
	{"limit", SECTION_ACCOUNT, true, 0, false, set_limit,
	 "limit NAME = number; NAME is cpu, file-size, files, memory or processes"},
	{"local", SECTION_ACCOUNT, false, 0, false, set_local, YES_NO},
	{"log-required", SECTION_ACCOUNT, false, 0, false, set_log_required, YES_NO},
	{"max-duration", SECTION_ACCOUNT | SECTION_NARROW, false, 0, false, set_max_duration,
	 "30s, 10m, 2h or 1d, or none"},
	{"max-sessions", SECTION_ACCOUNT | SECTION_KEY, false, 0, false, set_max_sessions, "1 to 4096, or none"},
	{"may-lack", SECTION_ACCOUNT, false, 0, false, set_may_lack, "landlock"},
	{"message", SECTION_ACCOUNT | SECTION_NARROW, false, ' ', false, set_message, "one line of text"},
	{"nice", SECTION_ACCOUNT, false, 0, false, set_nice, "a number from 0 to 19"},
	{"pass-env", SECTION_ACCOUNT, false, ' ', false, set_pass_env,
	 "variable names, a * at a name's end, or none"},
	{"profile", SECTION_ACCOUNT, false, 0, false, set_profile, "required or optional"},
	{"profiles", SECTION_ACCOUNT, false, ' ', false, set_profiles, "names of [profile] sections, or none"},
	{"program", SECTION_ACCOUNT, true, 0, false, set_program, "program NAME = /absolute/path"},
	{"program", SECTION_COMMAND, false, 0, false, set_program, "an absolute path"},
	{"protect", SECTION_ACCOUNT, false, ' ', false, set_protect, "file names without slashes, or none"},
	{"rclone-accept", SECTION_ACCOUNT, false, ' ', false, setting_accept, ACCEPTED},
	{"rclone-refuse", SECTION_ACCOUNT | SECTION_NARROW, false, ' ', false, setting_refuse, REFUSED},
	{"rclone-remote", SECTION_ACCOUNT, false, 0, false, set_rclone_remote, "NAME:PATH, or none"},
	{"rdiff-backup-accept", SECTION_ACCOUNT, false, ' ', false, setting_accept, ACCEPTED},
	{"rdiff-backup-refuse", SECTION_ACCOUNT | SECTION_NARROW, false, ' ', false, setting_refuse, REFUSED},
	{"restricted", SECTION_ACCOUNT | SECTION_NARROW, false, 0, false, set_restricted, YES_NO},
	{"rsync-accept", SECTION_ACCOUNT, false, ' ', false, setting_accept, ACCEPTED},
	{"rsync-refuse", SECTION_ACCOUNT | SECTION_NARROW, false, ' ', false, setting_refuse, REFUSED},
	{"scp-accept", SECTION_ACCOUNT, false, ' ', false, setting_accept, ACCEPTED},
	{"scp-refuse", SECTION_ACCOUNT | SECTION_NARROW, false, ' ', false, setting_refuse, REFUSED},
	{"sftp-subsystem", SECTION_ACCOUNT, false, 0, true, set_sftp_subsystem,
	 "a whole command line that starts with an absolute path"},
	{"start", SECTION_ACCOUNT, false, 0, false, set_start,
	 "a path that starts with / at the docroot, perhaps with %u %U %%"},
	{"stdin", SECTION_COMMAND, false, 0, false, set_stdin, YES_NO},
	{"stdout", SECTION_COMMAND, false, 0, false, set_stdout, YES_NO},
	{"svn-accept", SECTION_ACCOUNT, false, ' ', false, setting_accept, ACCEPTED},
	{"svn-refuse", SECTION_ACCOUNT | SECTION_NARROW, false, ' ', false, setting_refuse, REFUSED},
	{"template", SECTION_COMMAND, false, ' ', false, set_template,
	 "words and the elements %d %w %Ns %p, perhaps behind a !"},
	{"token", SECTION_ACCOUNT | SECTION_NARROW, false, 0, false, set_token, "off or marker"},
	{"token-env", SECTION_ACCOUNT, false, 0, false, set_token_env, "a variable's name"},
	{"token-value", SECTION_ACCOUNT, false, ' ', false, set_token_value, "the variable's value"},
	{"umask", SECTION_ACCOUNT, false, 0, false, set_umask, "an octal number up to 0777"},
	{"verbs", SECTION_COMMAND, false, 0, false, set_verbs, "verbs or a preset, or none"},
	{0},
};

/* How well a setting of the right name fits; 0: it has another. */
static int fitness(const struct setting *s, const struct setting_name *wanted)
{
	if (strlen(s->name) != wanted->length || memcmp(s->name, wanted->name, wanted->length) != 0)
		return 0;
	return 1 + 2 * ((s->kinds & wanted->kind) != 0) + (s->argument == wanted->argument);
}

const struct setting *setting_find(const struct setting_name *wanted, const char **nearest)
{
	enum { TABLES = 2, PERFECT = 4 };
	static const struct setting *const tables[TABLES] = {setting_table, expectation_table};
	const struct setting *best = NULL;
	struct nearest near = {0};
	int fits = 0;

	for (size_t i = 0; i < TABLES && fits < PERFECT; i++)
		for (const struct setting *s = tables[i]; s->name && fits < PERFECT; s++) {
			int fit = fitness(s, wanted);

			if (fit > fits)
				best = s;
			fits = fit > fits ? fit : fits;
		}
	*nearest = NULL;
	if (best)
		return best;
	/* Only a wrong name pays for the search. */
	for (size_t i = 0; i < TABLES; i++)
		for (const struct setting *s = tables[i]; s->name; s++)
			if (s->kinds & wanted->kind)
				nearest_offer(&near, wanted->name, wanted->length, s->name);
	*nearest = near.best;
	return NULL;
}

void setting_defaults(struct settings *settings)
{
	*settings = (struct settings){
		.start = "/",
		.isolation = ISOLATION_NAMESPACE,
		.verbs = VERB_DOWNLOAD | VERB_LIST,
		.token_env = "ASPERA_AUTH_TOKEN",
		.token_value = "TOKEN",
		.pass_env = "LANG LC_*",
		.protect = ".ssh .rhosts .shosts .netrc .k5login .forward .popt .gitconfig .hgrc "
			   ".bashrc .bash_profile .profile .login",
		.umask = 027,
		.limit = {LIMIT_UNSET, LIMIT_UNSET, LIMIT_UNSET, LIMIT_UNSET, [LIMIT_PROCESSES] = 64},
		.message = "this account is for file transfer only",
		.profiles = "",
		.key_names = "",
		.expires = INT64_MAX,
	};
}

const struct definition *setting_definition(const struct policy *policy, const char *name,
					    size_t length)
{
	for (size_t i = 0; definition_builtin[i]; i++)
		if (strlen(definition_builtin[i]->name) == length &&
		    memcmp(definition_builtin[i]->name, name, length) == 0)
			return definition_builtin[i];
	for (size_t i = 0; i < policy->sections_count; i++) {
		const struct section *section = &policy->sections[i];

		if (section->kind == SECTION_COMMAND && strlen(section->name) == length &&
		    memcmp(section->name, name, length) == 0)
			return &section->command->definition;
	}
	return NULL;
}

bool setting_is_first(const struct entry *entries, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (entries[i].setting == entries[index].setting)
			return false;
	return true;
}
