/*
 * git: the three server commands, one path each, as git clients and git-shell(1) spell them.
 * Source: git shell.c, upload-pack.c, archive-tar.c, builtin/receive-pack.c; git-config(1); each
 * setting below tried with git 2.39 on a repository that is out to run a program.
 *
 * A repository's own configuration, hooks and attributes lie in the docroot, where the client wrote
 * them: every setting of them that runs code is overridden here (invariant I9).
 */
#include "definition.h"

#define READS (VERB_DOWNLOAD | VERB_LIST)
#define FETCH .program = "git", .needs = READS, .most = READS
#define PUSH  .program = "git", .needs = VERBS_ALL, .most = VERBS_ALL

/*
 * Three settings cannot be overridden, for the client chooses their names: tar.NAME.command and
 * filter.NAME.smudge of upload-archive, and hook.NAME.command of receive-pack, which git 2.54
 * brought and core.hooksPath is not about. There the kernel is the only layer: nothing but git
 * itself may be executed (`inside`), a command of more than one word needs a shell, and git, also
 * as the alias that a hook's arguments may name, does no more than the account may.
 */
static const struct form forms[] = {
	{"git-upload-pack %p", "git upload-pack", FETCH},
	{"git upload-pack %p", "git upload-pack", FETCH},
	{"git-upload-archive %p", "git upload-archive", FETCH},
	{"git upload-archive %p", "git upload-archive", FETCH},
	{"git-receive-pack %p", "git receive-pack", PUSH},
	{"git receive-pack %p", "git receive-pack", PUSH},
	{0},
};

static const struct program programs[] = {{"git", "/usr/bin/git"}, {0}};

#define SETTING(number, key, value)                                                                \
	"GIT_CONFIG_KEY_" number "=" key, "GIT_CONFIG_VALUE_" number "=" value

/*
 * Not here on purpose: uploadpack.packObjectsHook is read only from files that the first two lines
 * shut out, and an empty value is run as a program named "".
 */
static const char *const env[] = {
	"GIT_CONFIG_NOSYSTEM=1",
	"GIT_CONFIG_GLOBAL=/dev/null",
	"GIT_ATTR_NOSYSTEM=1",
	/* No remote helper fetches what a partial clone lacks; stronger than protocol.*.allow. */
	"GIT_ALLOW_PROTOCOL=none",
	"GIT_NO_LAZY_FETCH=1",
	"GIT_CONFIG_COUNT=10",
	/* No hooks of the directory: pre-receive, update, post-receive, reference-transaction, proc-receive ... */
	SETTING("0", "core.hooksPath", "/dev/null"),
	SETTING("1", "core.fsmonitor", "false"),
	/* Every push asks for alternate refs. This lists none and is git itself; "" is an error. */
	SETTING("2", "core.alternateRefsCommand", "git-for-each-ref"),
	SETTING("3", "receive.autogc", "false"),
	/* updateInstead checks files out, through the repository's filters. */
	SETTING("4", "receive.denyCurrentBranch", "refuse"),
	/* An archive can ask for signatures to be verified: $Format:%G?$. */
	SETTING("5", "gpg.program", "/dev/null"),
	SETTING("6", "gpg.openpgp.program", "/dev/null"),
	SETTING("7", "gpg.x509.program", "/dev/null"),
	SETTING("8", "gpg.ssh.program", "/dev/null"),
	/* Repositories of other owners: what they could run is off. */
	SETTING("9", "safe.directory", "*"),
	NULL,
};

static const char *const pass_env[] = {"GIT_PROTOCOL=version=[012]", NULL};

/* pack-objects, index-pack, unpack-objects and rev-list are all this one file. */
static const char *const inside[] = {"/usr/bin/git", "/usr/lib/git-core/git", "/usr/libexec/git-core/git", NULL};

const struct definition definition_git = {
	.name = "git",
	.forms = forms,
	.programs = programs,
	.runs = RUNS_SPAWN,
	.tmp = true, /* what was tried does without (push, fetch, archive); what git does with a signed push does not */
	.env = env,
	.pass_env = pass_env,
	.inside = inside,
};
