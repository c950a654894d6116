/*
 * lint-entry - settings that are unwise by themselves, one row each.
 */
#include "lint.h"

#include "text/list.h"
#include "text/pattern.h"
#include "text/when.h"

#include <stdlib.h>
#include <string.h>

struct look {
	struct lint *lint;
	const struct policy_section *section;
	const struct policy_entry *entry;
	struct place place;
};

static void look_docroot(const struct look *look)
{
	bool users = strcmp(look->section->kind, "user") == 0;

	lint_docroot(look->lint, look->place, look->entry->value,
		     users ? look->section->name : NULL);
}

static void look_docroot_home(const struct look *look)
{
	if (look->entry->value[0] == 'a')
		lint_find(look->lint, CHECK_DOCROOT_HOME_ALLOWED, look->place,
			  "docroot-home = allow");
}

static void look_expires(const struct look *look)
{
	int64_t end;

	if (!when_read_time(look->entry->value, &end) && end <= look->lint->now)
		lint_find(look->lint, CHECK_EXPIRES_PAST, look->place, "expires = %s",
			  look->entry->value);
}

static void look_from(const struct look *look)
{
	if (strcmp(look->entry->value, "any") != 0)
		lint_from(look->lint, look->place, look->entry->value);
}

/* Every minute of some week; times are UTC, so every week is like another. */
static void look_hours(const struct look *look)
{
	enum { MINUTES = 7 * 24 * 60 };

	if (strcmp(look->entry->value, "any") == 0)
		return;
	for (int64_t minute = 0; minute < MINUTES; minute++)
		if (!when_in_hours(look->entry->value, minute * 60))
			return;
	lint_find(look->lint, CHECK_HOURS_ALWAYS, look->place, "hours = %s", look->entry->value);
}

static void look_isolation(const struct look *look)
{
	static const struct {
		const char *value;
		enum check check;
	} isolations[] = {{"chroot", CHECK_ISOLATION_CHROOT}, {"landlock", CHECK_ISOLATION_LANDLOCK}};

	for (size_t i = 0; i < sizeof isolations / sizeof *isolations; i++)
		if (strcmp(look->entry->value, isolations[i].value) == 0)
			lint_find(look->lint, isolations[i].check, look->place, "isolation = %s",
				  look->entry->value);
}

static void look_may_lack(const struct look *look)
{
	lint_find(look->lint, CHECK_MAY_LACK, look->place, "may-lack = %s", look->entry->value);
}

/* Variables that make a program load, run or read something else. */
static const char *const dangerous[] = {
	"LD_PRELOAD", "GCONV_PATH", "GLIBC_TUNABLES", "MALLOC_ARENA_MAX", "NLSPATH", "LOCPATH",
	"TZDIR", "RES_OPTIONS", "HOSTALIASES", "TMPDIR", "TERMINFO", "PATH", "HOME", "SHELL",
	"USER", "LOGNAME", "ENV", "BASH_ENV", "SHELLOPTS", "IFS", "CDPATH", "PS4", "EDITOR",
	"VISUAL", "PAGER", "LESSOPEN", "PYTHONPATH", "PYTHONSTARTUP", "PERL5LIB", "PERL5OPT",
	"RUBYOPT", "RUBYLIB", "NODE_OPTIONS", "LUA_PATH", "GIT_SSH_COMMAND", "GIT_EXEC_PATH",
	"GIT_CONFIG_COUNT", "RSYNC_RSH", "RSYNC_CONNECT_PROG", "BORG_RSH", "RCLONE_CONFIG",
	"SVN_SSH", "HGRCPATH", "CVS_RSH", "XDG_CONFIG_HOME", "SSH_ASKPASS",
};

static void look_pass_env(const struct look *look)
{
	const char *at = look->entry->value, *word;
	size_t length;

	while (word = list_next(&at, &length), length > 0)
		for (size_t i = 0; i < sizeof dangerous / sizeof *dangerous; i++) {
			/* The gate's own match: exact letters, a '*' at the end. */
			bool prefix = word[length - 1] == '*';

			if (strncmp(dangerous[i], word, length - prefix) != 0 ||
			    (!prefix && dangerous[i][length]))
				continue;
			lint_find(look->lint, CHECK_PASS_ENV_WIDE, look->place,
				  prefix ? "%.*s passes %s" : "%.*s", (int)length, word,
				  dangerous[i]);
			break;
		}
}

static const char *base_name(const char *path)
{
	return strrchr(path, '/') + 1;
}

/* Another copy of the program that is meant is no finding: /opt/git/bin/git for git. */
static void look_program(const struct look *look)
{
	const char *path = look->entry->value;

	if (look->section->definition)
		return; /* lint_command() */
	for (size_t i = 0; definition_builtin[i]; i++)
		for (const struct program *p = definition_builtin[i]->programs; p->name; p++)
			if (strcmp(p->name, look->entry->argument) == 0 &&
			    strcmp(base_name(p->path), base_name(path)) == 0) {
				lint_program_file(look->lint, look->place, path);
				return;
			}
	lint_program(look->lint, look->place, path, true);
}

static void look_protect(const struct look *look)
{
	if (strcmp(look->entry->value, "none") == 0)
		lint_find(look->lint, CHECK_PROTECT_NONE, look->place, "protect = none");
}

static void look_umask(const struct look *look)
{
	if (!(strtoul(look->entry->value, NULL, 8) & 02))
		lint_find(look->lint, CHECK_UMASK_WORLD, look->place, "umask = %s",
			  look->entry->value);
}

/* NAME-accept, for every definition that has one: what its table refuses, and what nobody has judged. */
static void look_accept(const struct look *look)
{
	const struct definition *definition = policy_option_owner(look->entry->name);
	const char *at = look->entry->value, *word, *name = look->entry->name;
	size_t length;

	if (!definition || strcmp(at, "none") == 0 || strcmp(name + strlen(definition->name), "-accept") != 0)
		return;
	while (word = list_next(&at, &length), length > 0) {
		const struct option_rule *known = policy_option(definition, word, length);

		if (!known)
			lint_find(look->lint, CHECK_OPTION_UNKNOWN, look->place, "%.*s of %s", (int)length, word,
				  definition->name);
		else if (known->refused)
			lint_find(look->lint, CHECK_OPTION_REFUSED, look->place, "%.*s of %s: %s", (int)length,
				  word, definition->name, known->why);
	}
}

static const struct {
	const char *name;
	void (*look)(const struct look *);
} rows[] = {
	{"docroot", look_docroot},   {"docroot-home", look_docroot_home},
	{"expires", look_expires},   {"from", look_from},
	{"hours", look_hours},       {"isolation", look_isolation},
	{"may-lack", look_may_lack}, {"pass-env", look_pass_env},
	{"program", look_program},   {"protect", look_protect},
	{"umask", look_umask},
};

void lint_entry(struct lint *lint, const struct policy_section *section,
		const struct policy_entry *entry)
{
	const struct look look = {lint, section, entry, {section->file, entry->line}};

	look_accept(&look);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (strcmp(rows[i].name, entry->name) == 0)
			rows[i].look(&look);
}
