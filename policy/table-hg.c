/*
 * hg: what a Mercurial client asks of the far side of ssh://.
 * Source: mercurial/sshpeer.py (makepeer, instance: what is sent), contrib/hg-ssh, `hg help environment`,
 * mercurial/rcutil.py (what is read), mercurial/localrepo.py (loadhgrc, afterhgrcload), mercurial/hg.py
 * (peer_schemes, repo_schemes), mercurial/vfs.py (expandpath).
 *
 * A repository's .hg/hgrc is the client's data, and hooks, extensions and aliases of it are code: none is read
 * (invariant I9). "Trusted" would not help, for its owner is the account.
 */
#include "definition.h"

#define READS (VERB_DOWNLOAD | VERB_LIST)

static const struct form forms[] = {
	{"hg -R %p serve --stdio", .program = "hg", .needs = VERBS_ALL, .most = VERBS_ALL},
	/* Clone and pull need no lock. A push fails at its lock. */
	{"hg -R %p serve --stdio", .program = "hg", .needs = READS, .most = READS},
	{"hg init %p", .program = "hg", .needs = VERBS_ALL, .most = VERBS_ALL},
	{0},
};

static const struct program programs[] = {{"hg", "/usr/bin/hg"}, {0}};

static const char *const env[] = {
	"HGRCPATH=",       /* no configuration of the system or the account */
	/* Nor of the repository, nor of one that it shares with. A Mercurial too old to know it is no good here. */
	"HGRCSKIPREPO=1",
	"HGPLAIN=1",       /* output for programs; no aliases */
	"HGENCODING=UTF-8",
	NULL,
};

const struct definition definition_hg = {
	.name = "hg",
	.spellings = "hg /usr/bin/hg",
	.forms = forms,
	.programs = programs,
	.runs = RUNS_PLAIN,
	.tmp = true, /* hg-unbundle-*: what is pushed, until all of it is there */
	.remotes = true, /* -R ssh://host/x starts ssh through a shell; file: and bundle: are paths not re-rooted */
	.variables = true, /* of the environment, and so of the client's LC_* */
	.env = env,
};
