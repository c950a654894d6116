#include "plan.h"

#include "text/pathname.h"

#include <string.h>

_Static_assert((int)POLICY_LIST_MAX <= (int)SANDBOX_PATHS_MAX, "every path rule has room in a plan");

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

static const enum sandbox_isolation isolations[] = {
	[ISOLATION_NAMESPACE] = SANDBOX_NAMESPACE,
	[ISOLATION_CHROOT] = SANDBOX_CHROOT,
	[ISOLATION_LANDLOCK] = SANDBOX_LANDLOCK,
};

_Static_assert((int)SANDBOX_ISOLATIONS == sizeof isolations / sizeof *isolations, "every isolation has a row");

static const enum sandbox_profile profiles[] = {
	[RUNS_PLAIN] = SANDBOX_PLAIN,
	[RUNS_FORK] = SANDBOX_FORK,
	[RUNS_SPAWN] = SANDBOX_SPAWN,
	[RUNS_NET] = SANDBOX_NET,
};

static const struct {
	enum limit named;
	enum sandbox_limit limit;
} limits[] = {
	{LIMIT_CPU, SANDBOX_CPU},       {LIMIT_FILE_SIZE, SANDBOX_FILE_SIZE},
	{LIMIT_FILES, SANDBOX_OPEN_FILES}, {LIMIT_MEMORY, SANDBOX_MEMORY},
	{LIMIT_PROCESSES, SANDBOX_PROCESSES},
};

_Static_assert((int)SANDBOX_LIMITS == sizeof limits / sizeof *limits, "every limit has a row");

/* Of a session that has a command with a use for /tmp, unless `limit tmp` says another. */
enum { TMP_SIZE = 16 << 20 };

static void add_limits(struct sandbox_view *view, const struct settings *settings)
{
	for (size_t i = 0; i < SANDBOX_LIMITS; i++) {
		uint64_t number = settings->limit[limits[i].named];

		view->limit[limits[i].limit] = number == LIMIT_UNSET ? SANDBOX_UNLIMITED : number;
	}
	if (settings->limit[LIMIT_TMP] != LIMIT_UNSET)
		view->tmp = settings->limit[LIMIT_TMP];
}

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

/* Renamed away, and another put in its place: the rule would then hold for what the account chose. */
static bool can_rename_directories(unsigned verbs)
{
	return verbs & VERB_RENAME || (verbs & VERB_DELETE && verbs & VERB_MKDIR);
}

static void add_paths(struct sandbox_view *view, const struct settings *settings)
{
	for (size_t i = 0; i < settings->paths_count; i++) {
		const struct path_rule *rule = &settings->paths[i];
		unsigned around = settings->verbs;

		for (size_t j = 0; j < i; j++)
			if (pathname_is_beneath(rule->directory, settings->paths[j].directory))
				around |= settings->paths[j].verbs;
		view->path[view->paths_count++] = (struct sandbox_path){
			.directory = rule->directory,
			.read_only = !(rule->verbs & VERBS_WRITE),
			.guarded = can_rename_directories(around),
		};
	}
}

static unsigned files_for(const struct decision *decision, unsigned verbs)
{
	unsigned given = policy_given(decision->form, verbs), files = 0;

	for (size_t i = 0; i < sizeof uses / sizeof *uses; i++)
		if (given & uses[i].verb)
			files |= uses[i].files;
	return files;
}

static bool has_limits(const struct settings *settings)
{
	return settings->duration || settings->sessions || settings->key_sessions;
}

bool plan_waits(const struct settings *settings, const struct definition *definition)
{
	return definition->runs != RUNS_PROBE && (definition->runs != RUNS_PLAIN || has_limits(settings) ||
						 policy_logs_transfers(settings, definition));
}

/* A process namespace takes privilege, which Landlock alone does without unless a limit asks for it. */
static bool is_apart(const struct settings *settings, const struct definition *definition)
{
	return plan_waits(settings, definition) &&
	       (settings->isolation != ISOLATION_LANDLOCK || has_limits(settings));
}

/* Door one does not know the key yet: what any of them may need counts. */
static bool may_be_apart(const struct settings *settings)
{
	for (size_t i = 0; i < settings->commands_count; i++)
		if (is_apart(settings, settings->commands[i]))
			return true;
	for (size_t i = 0; i < settings->keys_count; i++)
		if (may_be_apart(settings->keys[i].settings))
			return true;
	return false;
}

static bool has_slots(const struct settings *settings)
{
	for (size_t i = 0; i < settings->keys_count; i++)
		if (settings->keys[i].settings->key_sessions)
			return true;
	return settings->sessions > 0;
}

/* Before any client byte is seen, what any of the account's commands may need. */
static void add_commands(struct sandbox_view *view, const struct settings *settings)
{
	for (size_t i = 0; i < settings->commands_count; i++) {
		const struct definition *definition = settings->commands[i];

		if (definition->state)
			view->state = SALLYPORT_STATE;
		if (definition->tmp)
			view->tmp = TMP_SIZE;
		for (const struct form *form = definition->forms; form && form->template; form++)
			view->names |= form->net && settings->rclone_remote;
		for (const struct program *p = definition->programs; p->name; p++)
			add_opt(view, p->path);
	}
}

struct sandbox_view plan_view(const struct who *who, const struct settings *settings)
{
	struct sandbox_view view = {
		.isolation = isolations[settings->isolation],
		.files = policy_root(settings, SANDBOX_FILES),
		.uid = who->uid,
		.gid = who->gid,
		.user = who->user,
		.home = who->home,
		.docroot = settings->docroot,
		.docroot_read_only = !(settings->verbs & VERBS_WRITE),
		.docroot_home = settings->docroot_home,
		.start = settings->start,
		.nice = (int)settings->nice,
		.umask = settings->umask,
		.keep_slot = has_slots(settings),
		.apart = may_be_apart(settings),
	};

	add_paths(&view, settings);
	for (size_t i = 0; i < settings->program_count; i++)
		add_opt(&view, settings->program[i].value);
	add_commands(&view, settings);
	add_limits(&view, settings);
	/* What is pinned has neither packages of /opt nor the resolver's files: such accounts' views are built. */
	if (view.opt_count == 0 && !view.names)
		view.pinned = SALLYPORT_PINNED;
	return view;
}

struct sandbox_grant plan_grant(const struct settings *settings, const struct decision *decision,
				const struct sandbox_view *view, int landlock)
{
	struct sandbox_grant grant = {
		.view = view,
		.program = decision->program,
		.files = files_for(decision, settings->verbs),
		.profile = profiles[decision->form->net ? RUNS_NET : decision->definition->runs],
		.state = decision->definition->state,
		/* It removes for itself, and not for the client. */
		.one_by_one = decision->form->inner & VERB_DELETE & ~decision->judged,
		.inside = decision->definition->inside,
		.landlock = landlock,
		.may_lack_landlock = settings->may_lack & MAY_LACK_LANDLOCK,
	};

	for (size_t i = 0; i < settings->paths_count; i++)
		grant.at[grant.at_count++] = (struct sandbox_files_at){
			settings->paths[i].directory, files_for(decision, settings->paths[i].verbs)};
	return grant;
}
