/*
 * scp, the remote half of `scp -O` and of clients older than OpenSSH 9.0.
 * Source: openssh-portable scp.c, main(): getopt string and the -t/-f/-d server options. Of a
 * user's options its client passes on no more than -v -r -p, and -d for several sources.
 */
#include "definition.h"

/* Options of the client that scp also is; a server has no use for one. */
#define NEVER(reason) .refused = true, .why = (reason), .never = "can never be accepted: " reason

static const struct option_rule options[] = {
	{"t", .mode = true, .why = "sink: the client uploads"},
	{"f", .mode = true, .why = "source: the client downloads"},
	{"r", .source_verbs = VERB_LIST, .why = "recursion; the view bounds it"},
	{"p", .why = "keeps modes and times"},
	{"d", .why = "the target must be a directory"},
	{"v", .why = "messages on stderr"},
	{"q", .why = "fewer messages"},
	{"l", VALUE_NUMBER, .why = "only slows; some libraries send it"},
	{"S", VALUE_TEXT, NEVER("names a program to run (CVE-2004-1161)")},
	{"o", VALUE_TEXT, NEVER("ssh option, loads code (CVE-2019-1000018)")},
	{"F", VALUE_TEXT, NEVER("ssh configuration file (CVE-2007-6415)")},
	{"D", VALUE_TEXT, NEVER("names a program to run")},
	{"3", NEVER("copies between two remote hosts")},
	{"i", VALUE_TEXT, NEVER("reads an identity file")},
	{"J", VALUE_TEXT, NEVER("connects to other hosts")},
	{""},
};

static const struct form forms[] = {
	{"scp %o %p", .requires = "t", .program = "scp", .needs = VERB_UPLOAD | VERB_OVERWRITE,
	 .most = VERB_UPLOAD | VERB_OVERWRITE | VERB_MKDIR},
	{"scp %o %P", .requires = "f", .program = "scp", .needs = VERB_DOWNLOAD,
	 .most = VERB_DOWNLOAD | VERB_LIST, .refusable = VERB_LIST},
	{0},
};

static const struct program programs[] = {{"scp", "/usr/bin/scp"}, {0}};

const struct definition definition_scp = {
	.name = "scp",
	.spellings = "scp /usr/bin/scp",
	.forms = forms,
	.options = options,
	.programs = programs,
	.runs = RUNS_PLAIN, /* no tmp: it writes what it receives in its place */
	.clusters = true,
};
