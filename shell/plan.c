#include "plan.h"

#include <string.h>

/* policy/hold.c says which lacks of a verb these uphold; tests/e2e/verbs.bats tries them. */
static const struct {
	unsigned verb, files;
} uses[] = {
	{VERB_DOWNLOAD, SANDBOX_READ},
	{VERB_UPLOAD, SANDBOX_WRITE | SANDBOX_CREATE},
	{VERB_OVERWRITE, SANDBOX_WRITE | SANDBOX_SYMLINK},
	{VERB_LIST, SANDBOX_LIST},
	{VERB_MKDIR, SANDBOX_MKDIR},
	{VERB_RENAME, SANDBOX_CREATE | SANDBOX_REMOVE | SANDBOX_MOVE},
	{VERB_DELETE, SANDBOX_REMOVE},
};

static const enum sandbox_profile profiles[] = {
	[RUNS_PLAIN] = SANDBOX_PLAIN,
	[RUNS_FORK] = SANDBOX_FORK,
	[RUNS_SPAWN] = SANDBOX_SPAWN,
	[RUNS_NET] = SANDBOX_NET,
};

static bool in_opt(const char *path)
{
	return path && strncmp(path, "/opt/", 5) == 0;
}

static bool needs_opt(const struct settings *settings)
{
	bool needs = false;

	for (size_t i = 0; i < settings->program_count; i++)
		needs |= in_opt(settings->program[i].value);
	for (size_t i = 0; i < settings->commands_count; i++)
		for (const struct program *p = settings->commands[i]->programs; p->name; p++)
			needs |= in_opt(p->path);
	return needs;
}

struct sandbox_view plan_view(const struct who *who, const struct settings *settings)
{
	return (struct sandbox_view){
		.uid = who->uid,
		.gid = who->gid,
		.user = who->user,
		.home = who->home,
		.docroot = settings->docroot,
		.docroot_read_only = !(settings->verbs & VERBS_WRITE),
		.docroot_home = settings->docroot_home,
		.start = settings->start,
		.opt = needs_opt(settings),
		.processes = settings->processes,
		.umask = settings->umask,
	};
}

struct sandbox_grant plan_grant(const struct settings *settings, const struct decision *decision)
{
	struct sandbox_grant grant = {
		.program = decision->program,
		.profile = profiles[decision->definition->runs],
		.inside = decision->definition->inside,
		.may_lack_landlock = settings->may_lack & MAY_LACK_LANDLOCK,
	};

	for (size_t i = 0; i < sizeof uses / sizeof *uses; i++)
		if (decision->verbs & uses[i].verb)
			grant.files |= uses[i].files;
	return grant;
}
