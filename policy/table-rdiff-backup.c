/*
 * rdiff-backup: the far side of a backup or a restore, `rdiff-backup --server` (protocol 200) and
 * `rdiff-backup server` (201, from version 2.1 on). Paths travel inside the protocol.
 * Source: rdiff_backup/SetConnections.py, get_cmd_pairs() (what a client sends), rdiffbackup/actions/__init__.py
 * (options), rdiff_backup/Security.py (what the restrictions restrict), rdiff_backup/connection.py, all of 2.2.2.
 *
 * The protocol passes pickled Python objects, and reading one can call any function: a client that is out to can
 * run Python code of its own in the server. So rdiff-backup's restrictions hold against an honest client at most,
 * and what holds against any other is the kernel. None is inserted: in 2.2 a restricted path refuses every relative
 * one, update-only refuses to make a repository, and read-only refuses the lock of protocol 201. An account that
 * may do everything or change nothing is served, and the kernel sees to it.
 *
 * A server looks up the name of a process with ps(1). It may fork for that, and learns nothing: the exec is killed.
 */
#include "definition.h"

/* Each runs a program, names a file of the host's, leaves the tunnel, or undoes what the gate inserts. */
#define NEVER(reason) .refused = true, .why = (reason), .never = "can never be accepted: " reason

static const struct option_rule options[] = {
	{"--server", .mode = true, .why = "the other side of a connection"},
	{"s", NEVER("no client sends it")},
	{"--terminal-verbosity", VALUE_NUMBER, .why = "messages to the client"},
	{"--verbosity", VALUE_NUMBER, .spells = "v", .why = "the same"},
	{"v", VALUE_NUMBER, .why = "the same"},
	{"--api-version", VALUE_CHOICE, .choices = "200 201", .why = "which protocol is spoken"},
	{"--tempdir", VALUE_TEXT, NEVER("names a directory; /tmp is there")},
	{"--remote-tempdir", VALUE_TEXT, NEVER("names a directory; /tmp is there")},
	{"--restrict", VALUE_TEXT, NEVER("the view and the policy's verbs restrict")},
	{"--restrict-path", VALUE_TEXT, NEVER("the view and the policy's verbs restrict")},
	{"--restrict-mode", VALUE_TEXT, NEVER("the view and the policy's verbs restrict")},
	{"--restrict-read-only", VALUE_TEXT, NEVER("the view and the policy's verbs restrict")},
	{"--restrict-update-only", VALUE_TEXT, NEVER("the view and the policy's verbs restrict")},
	{"--remote-schema", VALUE_TEXT, NEVER("names a program to run")},
	{"--remote-cmd", VALUE_TEXT, NEVER("names a program to run")},
	{"--debug", NEVER("listens")},
	{""},
};

#define READS (VERB_DOWNLOAD | VERB_LIST)
#define WRITE .program = "rdiff-backup", .needs = VERBS_ALL, .most = VERBS_ALL
/* Modes and times can be changed whatever Landlock withholds, so a lack of `overwrite` needs a read-only mount. */
#define READ  .program = "rdiff-backup", .needs = READS, .most = READS | VERB_OVERWRITE

static const struct form forms[] = {
	{"rdiff-backup %o", .requires = "--server", WRITE},
	{"rdiff-backup %o", .requires = "--server", READ},
	{"rdiff-backup %o server", WRITE},
	{"rdiff-backup %o server", READ},
	{0},
};

static const struct program programs[] = {{"rdiff-backup", "/usr/bin/rdiff-backup"}, {0}};

const struct definition definition_rdiff_backup = {
	.name = "rdiff-backup",
	.spellings = "rdiff-backup /usr/bin/rdiff-backup",
	.forms = forms,
	.options = options,
	.programs = programs,
	.runs = RUNS_FORK,
	.tmp = true, /* as borg */
};
