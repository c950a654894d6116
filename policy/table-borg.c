/*
 * borg: `borg serve`, as borg 1.0 to 1.4 clients ask for it. The repository's path travels inside the protocol.
 * Source: borg 1.2.4 remote.py, RemoteRepository.borg_cmd() (what a client sends) and RepositoryServer;
 * archiver.py, get_args() (what a forced command lets a client choose: log level, debug topics, lock wait);
 * repository.py; borg 1.0 sends --umask too. borg 2 has no append-only mode and other options: not this table.
 */
#include "definition.h"

/* Each runs a program, names a file of the host's, leaves the tunnel, or undoes what the gate inserts. */
#define NEVER(reason) .refused = true, .why = (reason), .never = "can never be accepted: " reason

static const struct option_rule options[] = {
	{"--critical", .why = "fewer messages"},
	{"--error", .why = "fewer messages"},
	{"--warning", .why = "the usual messages"},
	{"--info", .why = "more messages, to the client"},
	{"--verbose", .spells = "--info", .why = "the same"},
	{"v", .spells = "--info", .why = "the same"},
	{"--debug", .why = "more messages, to the client"},
	{"--debug-topic", VALUE_WORD, .why = "a logger's name; its messages go to the client"},
	{"--lock-wait", VALUE_NUMBER, .why = "how long the server waits for a lock"},
	{"--append-only", .why = "only narrows"},
	{"--umask", VALUE_CHOICE, .choices = "077 0077", .dropped = true,
	 .why = "what borg 1.0 sends of itself; the policy's umask is in force"},

	/* Several of the first two join: one more would widen what the gate inserts. */
	{"--restrict-to-path", VALUE_TEXT, NEVER("the gate says which paths")},
	{"--restrict-to-repository", VALUE_TEXT, NEVER("the gate says which paths")},
	{"--storage-quota", VALUE_TEXT, NEVER("would replace the quota the repository has")},
	{"--permissions", VALUE_TEXT, NEVER("the policy's verbs say it (borg 2)")},
	{"--debug-profile", VALUE_TEXT, NEVER("writes a file")},
	{"--rsh", VALUE_TEXT, NEVER("names a program to run")},
	{"--remote-path", VALUE_TEXT, NEVER("names a program to run")},
	{"--socket", VALUE_TEXT, NEVER("listens (borg 2)")},
	{"--rest", NEVER("serves something else (borg 2)")},
	{"--backend", VALUE_TEXT, NEVER("serves something else (borg 2)")},
	{""},
};

/*
 * Whoever writes a repository has it locked (a directory made, renamed and removed), its index and its
 * configuration replaced by renaming: borg does so for itself (`inner`). What of it is the client's, append-only
 * mode takes away: segments are neither removed nor rewritten. No request of the protocol renames. One way around
 * that mode was found (remote.py, open(): `not create and self.append_only`), and is held by the filter of a program
 * that removes for itself alone (sandbox/seccomp.c).
 */
static const struct without without[] = {
	{VERB_DELETE, "--append-only", NULL},
	{VERB_OVERWRITE, "--append-only", NULL},
	{0},
};

static const char insert[] = "--umask %m --restrict-to-path %r";

static const struct form forms[] = {
	{"borg serve %o", "borg serve", insert, .program = "borg",
	 .needs = VERB_DOWNLOAD | VERB_UPLOAD | VERB_LIST | VERB_MKDIR,
	 .most = VERBS_ALL & ~(unsigned)VERB_RENAME,
	 .inner = VERB_OVERWRITE | VERB_RENAME | VERB_DELETE, .without = without},
	/* Without a lock: `borg --bypass-lock list`. */
	{"borg serve %o", "borg serve", insert, .program = "borg", .needs = VERB_DOWNLOAD | VERB_LIST,
	 .most = VERB_DOWNLOAD | VERB_LIST},
	{0},
};

static const struct program programs[] = {{"borg", "/usr/bin/borg"}, {0}};

const struct definition definition_borg = {
	.name = "borg",
	.spellings = "borg /usr/bin/borg",
	.forms = forms,
	.options = options,
	.programs = programs,
	.runs = RUNS_PLAIN,
	.tmp = true, /* Python looks for a place that it can write to, and takes the docroot where there is none */
};
