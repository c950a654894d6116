/*
 * unison: `unison -server`, also with __new-rpc-mode (2.52 and up). Roots, and every preference, travel inside the
 * protocol.
 * Source: unison src/remote.ml, buildShellConnection (what a client sends: servercmd, with -VERSION behind it when
 * addversionno is set); src/os.ml (the state directory, $UNISON); src/external.ml and src/fswatch.ml (what is run:
 * copyprog, merge, the file watcher; forking is refused to all of them).
 *
 * Archives and their locks are kept in $UNISON, in the account's state directory. Two sides that are out to read
 * each other's memory can: old protocols pass OCaml values unchecked. The kernel is the boundary.
 */
#include "definition.h"

#define READS (VERB_DOWNLOAD | VERB_LIST)
#define WRITE .program = "unison", .needs = VERBS_ALL, .most = VERBS_ALL
/* A client can ask for modes and times alone, which Landlock cannot withhold: see `overwrite`. */
#define READ  .program = "unison", .needs = READS, .most = READS | VERB_OVERWRITE

static const struct form forms[] = {
	{"unison -server", WRITE},
	{"unison -server", READ},
	{"unison -server __new-rpc-mode", WRITE},
	{"unison -server __new-rpc-mode", READ},
	{0},
};

static const struct program programs[] = {{"unison", "/usr/bin/unison"}, {0}};

static const char *const env[] = {
	"UNISON=/state/unison",
	/* A server begins by going home; this keeps it in the start directory. Nothing is read there. */
	"HOME=.",
	/* Archives are found by the host's name, and a session has a made-up one. */
	"UNISONLOCALHOSTNAME=%h",
	NULL,
};

const struct definition definition_unison = {
	.name = "unison",
	.spellings = "unison /usr/bin/unison unison-2.40 unison-2.48 unison-2.51 unison-2.52 unison-2.53 "
		     "unison-2.54",
	.forms = forms,
	.programs = programs,
	.runs = RUNS_PLAIN,
	.tmp = true, /* not seen to; what it compares or merges may be put there */
	.state = true,
	.env = env,
};
