/*
 * svn: `svnserve -t`, which is what a client of svn+ssh:// starts. The repository's path travels inside the
 * protocol, below the root that is inserted.
 * Source: svnserve(8); subversion/svnserve/svnserve.c (options, tunnel mode), subversion/libsvn_ra_svn/client.c
 * (the command a client starts), subversion/libsvn_repos/hooks.c (what a commit runs).
 *
 * Hooks lie in the repository, and so in the docroot, which is noexec: svn finds that a hook cannot be executed
 * before it forks, and fails the commit that would have run it. Forking would fail as well (RUNS_PLAIN), and after
 * it the exec. A repository's svnserve.conf names files with passwords and rules, and nothing that runs.
 */
#include "definition.h"

/* Each runs a program, names a file of the host's, leaves the tunnel, or undoes what the gate inserts. */
#define NEVER(reason) .refused = true, .why = (reason), .never = "can never be accepted: " reason

static const struct option_rule options[] = {
	{"t", .mode = true, .why = "tunnel mode: one client, on standard input and output"},
	{"r", VALUE_TEXT, NEVER("the gate says which root")},
	{"--root", VALUE_TEXT, NEVER("the gate says which root")},
	{"R", .why = "only narrows"},
	{"--read-only", .spells = "R", .why = "only narrows"},
	{"--tunnel-user", VALUE_TEXT, NEVER("the gate says who it is")},
	{"--config-file", VALUE_TEXT, NEVER("reads a configuration")},
	{"--log-file", VALUE_TEXT, NEVER("writes a file")},
	{"--pid-file", VALUE_TEXT, NEVER("writes a file")},
	{"d", NEVER("a daemon")},
	{"--daemon", NEVER("a daemon")},
	{"i", NEVER("for inetd: takes no tunnel user")},
	{"--inetd", NEVER("for inetd: takes no tunnel user")},
	{"X", NEVER("listens")},
	{"--listen-once", NEVER("listens")},
	{"--listen-port", VALUE_TEXT, NEVER("listens")},
	{"--listen-host", VALUE_TEXT, NEVER("listens")},
	{""},
};

#define READS (VERB_DOWNLOAD | VERB_LIST)

/* A commit writes new files, renames them into place and removes its transaction. */
static const struct form forms[] = {
	{"svnserve %o", .insert = "-r %r --tunnel-user %n", .requires = "t", .program = "svnserve",
	 .needs = VERBS_ALL, .most = VERBS_ALL},
	{"svnserve %o", .insert = "-R -r %r --tunnel-user %n", .requires = "t", .program = "svnserve",
	 .needs = READS, .most = READS},
	{0},
};

static const struct program programs[] = {{"svnserve", "/usr/bin/svnserve"}, {0}};

const struct definition definition_svn = {
	.name = "svn",
	.spellings = "svnserve /usr/bin/svnserve",
	.forms = forms,
	.options = options,
	.programs = programs,
	.runs = RUNS_PLAIN,
	.tmp = true, /* what was tried does without; APR puts there what is too large for memory */
};
