/*
 * rclone: `rclone serve restic --stdio`, which restic starts on the far side of
 * -o rclone.program='ssh HOST rclone'. It serves a directory of the docroot, or the one remote that the policy names.
 * Source: restic internal/backend/rclone (backend.go, config.go: what is sent); rclone cmd/serve/restic/restic.go
 * (--append-only, which leaves locks alone), backend/local (how files are written), fs/fspath (what is a remote).
 *
 * Over --stdio a client's path reaches rclone as it was sent. A directory's ".." becomes a name like others; a remote's
 * is taken out after the checks: `config/locks/..` is a lock to --append-only and the configuration to the remote,
 * `../bob/config` lies beside what the policy names. Tried with 1.60 on webdav.
 */
#include "definition.h"

/* Each runs a program, names a file of the host's, leaves the tunnel, or undoes what the gate inserts. */
#define NEVER(reason) .refused = true, .why = (reason), .never = "can never be accepted: " reason

static const struct option_rule options[] = {
	{"--b2-hard-delete", .why = "restic's default: deleted is deleted"},
	/* A flag to rclone: a next word would be an operand. */
	{"--drive-use-trash", VALUE_CHOICE, .choices = "false", .attached = true, .why = "the same for another remote"},
	{"--append-only", .why = "only narrows"},
	{"--verbose", .spells = "v", .why = "more messages, to the client"},
	{"v", .why = "the same"},
	{"--quiet", .spells = "q", .why = "fewer messages"},
	{"q", .why = "the same"},
	{"--bwlimit", VALUE_SIZE, .why = "only slows"},
	{"--transfers", VALUE_NUMBER, .why = "how many at once; limits stand above it"},
	{"--checkers", VALUE_NUMBER, .why = "the same"},
	{"--timeout", VALUE_WORD, .why = "ends an idle connection"},
	{"--config", VALUE_TEXT, NEVER("reads a configuration, which can name programs to run")},
	{"--password-command", VALUE_TEXT, NEVER("names a program to run")},
	{"--log-file", VALUE_TEXT, NEVER("writes a file")},
	{"--cache-dir", VALUE_TEXT, NEVER("names a directory")},
	{"--temp-dir", VALUE_TEXT, NEVER("names a directory")},
	{"--addr", VALUE_TEXT, NEVER("listens")},
	{"--rc", NEVER("listens")},
	{"--rc-addr", VALUE_TEXT, NEVER("listens")},
	{"--htpasswd", VALUE_TEXT, NEVER("reads a file")},
	{"--template", VALUE_TEXT, NEVER("reads a file")},
	{"--cert", VALUE_TEXT, NEVER("reads a file")},
	{"--key", VALUE_TEXT, NEVER("reads a file")},
	{"--cpuprofile", VALUE_TEXT, NEVER("writes a file")},
	{"--memprofile", VALUE_TEXT, NEVER("writes a file")},
	{"--dump", VALUE_TEXT, NEVER("would show what the remote is told")},
	{"--max-header-bytes", VALUE_TEXT, NEVER("memory without need")},
	{""},
};

/*
 * Uploads go into the file itself, or a file beside it that is renamed (1.63 and up); one that fails is removed.
 * Locks are removed in append-only mode too. So these verbs are the program's own (`inner`).
 */
static const struct without without[] = {
	{VERB_DELETE, "--append-only", NULL},
	{VERB_OVERWRITE, "--append-only", NULL},
	{0},
};

#define EVERY (VERBS_ALL & ~(unsigned)VERB_RENAME)
#define WRITE                                                                                      \
	.program = "rclone", .needs = VERB_DOWNLOAD | VERB_UPLOAD | VERB_LIST | VERB_MKDIR,         \
	.most = EVERY,                                                                              \
	.inner = VERB_OVERWRITE | VERB_RENAME | VERB_DELETE, .without = without
#define READS (VERB_DOWNLOAD | VERB_LIST)
#define SERVE "rclone serve restic --stdio" /* what is inserted stands behind these */

/* What is at the remote no kernel of ours guards, and no switch of rclone's: it is for who lacks nothing. */
static const struct form forms[] = {
	{"rclone serve restic --stdio %o %f", SERVE, .net = true, .program = "rclone", .needs = EVERY, .most = EVERY},
	{"rclone serve restic --stdio %o %p", SERVE, WRITE},
	/* `restic --no-lock` */
	{"rclone serve restic --stdio %o %p", SERVE, .program = "rclone", .needs = READS, .most = READS},
	{0},
};

static const struct program programs[] = {{"rclone", "/usr/bin/rclone"}, {0}};

static const char *const env[] = {
	/* What the remote is, the policy's `env RCLONE_CONFIG_...` says. */
	"RCLONE_CONFIG=/dev/null",
	"SSL_CERT_FILE=/etc/ca-bundle",
	NULL,
};

const struct definition definition_rclone = {
	.name = "rclone",
	.spellings = "rclone /usr/bin/rclone",
	.forms = forms,
	.options = options,
	.programs = programs,
	.runs = RUNS_FORK,
	.tmp = true, /* what a remote does not take piece by piece */
	.remotes = true,
	.env = env,
};
