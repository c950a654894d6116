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

/* /opt/aspera/bin/ascp needs /opt/aspera: that package becomes part of the runtime, and no other. */
static void add_opt(struct sandbox_view *view, const char *program)
{
	static const char opt[] = "/opt/";

	if (!program || strncmp(program, opt, sizeof opt - 1) != 0)
		return;
	const char *name = program + sizeof opt - 1;
	size_t length = strcspn(name, "/");

	if (length == 0 || length >= SANDBOX_OPT_NAME || view->opt_count == SANDBOX_OPT_MAX)
		return; /* such a program is "not installed" in the view */
	for (size_t i = 0; i < view->opt_count; i++)
		if (strlen(view->opt[i]) == length && memcmp(view->opt[i], name, length) == 0)
			return;
	memcpy(view->opt[view->opt_count], name, length);
	view->opt[view->opt_count++][length] = '\0';
}

struct sandbox_view plan_view(const struct who *who, const struct settings *settings)
{
	struct sandbox_view view = {
		.uid = who->uid,
		.gid = who->gid,
		.user = who->user,
		.home = who->home,
		.docroot = settings->docroot,
		.docroot_read_only = !(settings->verbs & VERBS_WRITE),
		.docroot_home = settings->docroot_home,
		.start = settings->start,
		.processes = settings->processes,
		.umask = settings->umask,
	};

	for (size_t i = 0; i < settings->program_count; i++)
		add_opt(&view, settings->program[i].value);
	for (size_t i = 0; i < settings->commands_count; i++)
		for (const struct program *p = settings->commands[i]->programs; p->name; p++)
			add_opt(&view, p->path);
	return view;
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
