/*
 * Goal: each built-in table, through the one public function: what is granted becomes exactly this program and
 * argv (I3), and each way to be refused has its denial, its reason and its place. Also the modes that a key can
 * only add (I7), and what a grant may not do to the git repositories it serves (I9).
 */
#include "test.h"

#include "policy/policy.h"
#include "grant.h"
#include "scratch.h"

static const char text[] = "[defaults]\ncommands = sftp scp rsync git borg svn hg unison rdiff-backup rclone\n"
			   "commands.2 = aspera probe dump\n"
			   "docroot = /srv/%u\naccess = full\nprogram scp = /opt/scp\n"
			   "[user alice]\n"
			   "[user in]\nstart = /in\numask = 077\n"
			   "[user cent]\nstart = /100%%u\n"
			   "[user reader]\naccess = read-only\n"
			   "[user writer]\naccess = upload overwrite mkdir rename delete\n"
			   "[user box]\naccess = drop-box\n"
			   "[user keeper]\naccess = append-only\n"
			   "[user getter]\naccess = download\n"
			   "[user none]\ncommands = none\n"
			   "[user far]\nrclone-remote = b2:bkt/x\n"
			   "[user farther]\nrclone-remote = b2:bkt/x\naccess = append-only\n"
			   "[user partly]\nrclone-remote = b2:bkt/x\naccess = append-only overwrite\n"
			   "access /in = full\n"
			   "[user reads-far]\nrclone-remote = b2:bkt/x\naccess = read-only\n"
			   "[user sub]\nsftp-subsystem = /x/sftp -l INFO\n"
			   "[user logged]\nlog-transfers = yes\nstart = /in\naccess = download\n"
			   "[user loose]\nrestricted = yes\n"
			   "[user tok]\ntoken = marker\n"
			   "[user jail]\nisolation = chroot\n"
			   "[user odd]\nisolation = landlock\ndocroot = /srv/[o]\\*\nstart = /d?\n"
			   "[command dump]\nprogram = /usr/bin/pg_dump\ntemplate = dump %1w %2p?\n"
			   "argv = pg_dump -Fc -- %1 %2\nverbs = download\n";

#define FP(letter) "SHA256:" letter "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

static struct policy *policy;

static int load(void **state)
{
	struct policy_fault fault;

	(void)state;
	policy = scratch_load(text, sizeof text - 1, &fault);
	return policy ? 0 : -1;
}

static int unload(void **state)
{
	(void)state;
	policy_free(policy);
	return 0;
}

static void decide(const char *user, const char *command, struct decision *d)
{
	const struct settings *settings = scratch_settings(policy, user);
	assert_non_null(settings);
	const struct request request = {command, command ? strlen(command) : 0, policy_root(settings, "/files")};
	policy_decide(settings, &request, d);
	const char *breach = grant_breach(settings, &request, d);
	if (breach)
		FAIL("%s: %s: %s", user, command, breach);
}

static void test_granted(void **state)
{
	static const struct {
		const char *user, *command, *program, *argv; /* words joined by '|', patterns behind '*' */
	} rows[] = {
		{"alice", "/usr/lib/openssh/sftp-server", "/usr/lib/openssh/sftp-server",
		 "sftp-server|-u|0027"},
		{"alice", "internal-sftp", "/usr/lib/openssh/sftp-server", "sftp-server|-u|0027"},
		{"in", "sftp-server", "/usr/lib/openssh/sftp-server", "sftp-server|-u|0077|-d|/files/in"},
		/* sftp-server -d has tokens of its own */
		{"cent", "sftp-server", "/usr/lib/openssh/sftp-server", "sftp-server|-u|0027|-d|/files/100%%u"},
		{"reader", "sftp-server", "/usr/lib/openssh/sftp-server",
		 "sftp-server|-u|0027|-R|-P|mkdir,rename,posix-rename,hardlink,remove,rmdir,"
		 "write,setstat,fsetstat,lsetstat,symlink,hardlink,copy-data"},
		{"writer", "sftp-server", "/usr/lib/openssh/sftp-server",
		 "sftp-server|-u|0027|-P|read,copy-data,opendir,readdir"},
		{"sub", "/x/sftp -l INFO", "/usr/lib/openssh/sftp-server", "sftp-server|-u|0027"},
		{"logged", "sftp-server", "/usr/lib/openssh/sftp-server",
		 "sftp-server|-u|0027|-e|-l|INFO|-d|/files/in|-R|-P|opendir,readdir,mkdir,rename,posix-rename,"
		 "hardlink,remove,rmdir,write,setstat,fsetstat,lsetstat,symlink,hardlink,copy-data"},
		{"logged", "scp -f x", "/opt/scp", "scp|-f|x"}, /* it could not tell */
		{"alice", "scp -t .", "/opt/scp", "scp|-t|."},
		{"alice", "scp -v -r -p -d -t /in/", "/opt/scp", "scp|-v|-r|-p|-d|-t|/files/in/"},
		{"alice", "/usr/bin/scp -vrpt x", "/opt/scp", "scp|-vrpt|x"},
		{"alice", "scp -f *.txt '*.c' /x", "/opt/scp", "scp|-f|**.txt|*.c|/files/x"},
		{"alice", "scp -t -- -x", "/opt/scp", "scp|-t|./-x"},
		{"getter", "scp -f x", "/opt/scp", "scp|-f|x"},
		{"alice", "rsync --server -logDtpre.iLsfxCIvu . up/", "/usr/bin/rsync",
		 "rsync|--server|-logDtpre.iLsfxCIvu|.|up/"},
		{"alice", "rsync --server --sender -vlogDtpre.iLsfxCIvu . /a /b", "/usr/bin/rsync",
		 "rsync|--server|--sender|-vlogDtpre.iLsfxCIvu|.|/files/./a|/files/./b"},
		{"alice", "rsync --server -se.LsfxCIvu", "/usr/bin/rsync", "rsync|--server|-se.LsfxCIvu"},
		{"alice", "rsync --server -te.L --link-dest ../old . /new", "/usr/bin/rsync",
		 "rsync|--server|-te.L|--link-dest|/files/old|.|/files/./new"},
		{"alice", "git-upload-pack '/r.git'", "/usr/bin/git", "git|upload-pack|/files/r.git"},
		{"alice", "git receive-pack r.git", "/usr/bin/git", "git|receive-pack|r.git"},
		{"alice", "git-upload-pack '~/r.git'", "/usr/bin/git", "git|upload-pack|r.git"},
		{"alice", "ascp -S. -V1", "/usr/bin/ascp", "ascp|-S.|-V1"},
		{"tok", "ascp -S. -V1", "/usr/bin/ascp", "ascp|-S.|-V1"},
		{"tok", "async -q -S -s-", "/usr/bin/async", "async|-q|-S|-s-"},
		{"tok", "ascp --no-mgmt-port-files -M 33001 -S. -V1 s", "/usr/bin/ascp",
		 "ascp|--no-mgmt-port-files|-M|33001|-S.|-V1|s"},
		{"alice", "ascmd -V2", "/usr/bin/ascmd", "ascmd|-V2"},
		{"alice", "dump db1", "/usr/bin/pg_dump", "pg_dump|-Fc|--|db1"},
		{"alice", "dump db1 /t", "/usr/bin/pg_dump", "pg_dump|-Fc|--|db1|/files/t"},
		{"alice", "true", NULL, "true"},
		/* what the gate inserts */
		{"alice", "borg serve", "/usr/bin/borg", "borg|serve|--umask|0027|--restrict-to-path|/files"},
		{"in", "/usr/bin/borg serve --umask=077 --info", "/usr/bin/borg",
		 "borg|serve|--umask|0077|--restrict-to-path|/files|--info"},
		{"alice", "borg serve --debug --debug-topic=borg.debug.repository", "/usr/bin/borg",
		 "borg|serve|--umask|0027|--restrict-to-path|/files|--debug|"
		 "--debug-topic=borg.debug.repository"},
		{"keeper", "borg serve", "/usr/bin/borg",
		 "borg|serve|--umask|0027|--restrict-to-path|/files|--append-only"},
		{"reader", "borg serve", "/usr/bin/borg", "borg|serve|--umask|0027|--restrict-to-path|/files"},
		/* what the policy names is no wildcard of the client's */
		{"odd", "scp -f /x* y*/../z* /plain", "/opt/scp",
		 "scp|-f|*/srv/\\[o]\\\\\\*/x*|*/srv/\\[o]\\\\\\*/d\\?/z*|/srv/[o]\\*/plain"},
		{"jail", "borg serve", "/usr/bin/borg", "borg|serve|--umask|0027|--restrict-to-path|/"},
		{"jail", "svnserve -t", "/usr/bin/svnserve", "svnserve|-r|/|--tunnel-user|jail|-t"},
		{"alice", "svnserve -t", "/usr/bin/svnserve", "svnserve|-r|/files|--tunnel-user|alice|-t"},
		{"keeper", "svnserve -t", "/usr/bin/svnserve", "svnserve|-R|-r|/files|--tunnel-user|keeper|-t"},
		{"reader", "svnserve -t", "/usr/bin/svnserve", "svnserve|-R|-r|/files|--tunnel-user|reader|-t"},
		{"alice", "hg -R r serve --stdio", "/usr/bin/hg", "hg|-R|r|serve|--stdio"},
		{"reader", "hg -R /a/../r serve --stdio", "/usr/bin/hg", "hg|-R|/files/r|serve|--stdio"},
		{"alice", "hg -R ./--config=x serve --stdio", "/usr/bin/hg", "hg|-R|./--config=x|serve|--stdio"},
		{"alice", "hg init 'new one'", "/usr/bin/hg", "hg|init|new one"},
		{"alice", "unison-2.48 -server", "/usr/bin/unison", "unison|-server"},
		{"reader", "unison -server __new-rpc-mode", "/usr/bin/unison", "unison|-server|__new-rpc-mode"},
		{"alice", "rdiff-backup --terminal-verbosity 5 --server", "/usr/bin/rdiff-backup",
		 "rdiff-backup|--terminal-verbosity|5|--server"},
		{"reader", "rdiff-backup --api-version 201 server", "/usr/bin/rdiff-backup",
		 "rdiff-backup|--api-version|201|server"},
		{"alice", "rclone serve restic --stdio --b2-hard-delete /r", "/usr/bin/rclone",
		 "rclone|serve|restic|--stdio|--b2-hard-delete|/files/r"},
		{"keeper", "rclone serve restic --stdio r", "/usr/bin/rclone",
		 "rclone|serve|restic|--stdio|--append-only|r"},
		{"reader", "rclone serve restic --stdio r", "/usr/bin/rclone", "rclone|serve|restic|--stdio|r"},
		{"far", "rclone serve restic --stdio --b2-hard-delete b2:bkt/x", "/usr/bin/rclone",
		 "rclone|serve|restic|--stdio|--b2-hard-delete|b2:bkt/x"},
		{"farther", "rclone serve restic --stdio r", "/usr/bin/rclone",
		 "rclone|serve|restic|--stdio|--append-only|r"},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct decision d;
		char argv[512] = "", *at = argv;

		decide(rows[i].user, rows[i].command, &d);
		if (d.verdict != GRANT)
			FAIL("%s: %s: %s", rows[i].user, rows[i].command, d.reason);
		for (size_t w = 0; w < d.argc; w++)
			at += sprintf(at, "%s%s%s", w ? "|" : "", d.pattern[w] ? "*" : "", d.argv[w]);
		assert_string_equal(argv, rows[i].argv);
		if (rows[i].program)
			assert_string_equal(d.program, rows[i].program);
		else
			assert_null(d.program);
		decision_free(&d);
	}
}

static void test_denied(void **state)
{
	static const struct {
		const char *user, *command;
		enum denial denial;
		const char *reason; /* its beginning */
		size_t offset;
	} rows[] = {
		{"alice", NULL, DENIAL_INTERACTIVE, "this account is for file transfer only", 0},
		{"alice", "", DENIAL_EMPTY, "an empty command", 0},
		{"alice", "  \t ", DENIAL_EMPTY, "an empty command", 0},
		{"alice", "/bin/sh /home/alice/.ssh/rc", DENIAL_RC, "sshd's call", 0},
		{"alice", "/bin/sh /home/alice/.ssh/rc x", DENIAL_NOMATCH, "not a command", 0},
		{"alice", "/bin/sh /home/alice/.ssh/rc;id /x/.ssh/rc", DENIAL_SYNTAX, "a shell operator", 27},
		{"alice", "/bin/sh -c /home/alice/.ssh/rc", DENIAL_NOMATCH, "not a command", 0},
		{"alice", "scp -t x; id", DENIAL_SYNTAX, "a shell operator", 8},
		{"alice", "A=1 scp -t x", DENIAL_SYNTAX, "an environment assignment", 0},
		{"alice", "bash", DENIAL_NOMATCH, "not a command this account may run", 0},
		{"alice", "  bash", DENIAL_NOMATCH, "not a command this account may run", 2},
		{"alice", "./scp -t x", DENIAL_NOMATCH, "not a command", 0},
		{"alice", "/tmp/scp -t x", DENIAL_NOMATCH, "not a command", 0},
		{"alice", "/opt/scp -t x", DENIAL_NOMATCH, "not a command", 0}, /* the policy's path is no spelling */
		{"alice", "scp", DENIAL_GRAMMAR, "the option that says the mode is missing", 3},
		{"alice", "scp -t x y", DENIAL_GRAMMAR, "a word too many", 9},
		{"alice", "scp -tf x", DENIAL_GRAMMAR, "an option of another mode", 4},
		{"alice", "scp -S/x -t y", DENIAL_GRAMMAR, "a refused option", 4},
		{"alice", "scp -vS /x -t y", DENIAL_GRAMMAR, "a refused option", 4},
		{"alice", "scp -t .ssh/authorized_keys", DENIAL_GRAMMAR, "a protected name", 7},
		{"alice", "scp -t ../x", DENIAL_GRAMMAR, "a path that climbs out", 7},
		{"alice", "sftp-server -R", DENIAL_GRAMMAR, "a word too many", 12},
		{"alice", "/x/sftp -l INFO", DENIAL_NOMATCH, "not a command", 0},
		{"sub", "/x/sftp -l DEBUG", DENIAL_NOMATCH, "not a command", 0},
		{"sub", "/x/sftp -l INFO ", DENIAL_NOMATCH, "not a command", 0},
		{"alice", "rsync --daemon", DENIAL_GRAMMAR, "not a word that belongs here", 6},
		{"alice", "rsync --server --daemon .", DENIAL_GRAMMAR, "a refused option", 15},
		{"alice", "rsync --server --config=/x . y", DENIAL_GRAMMAR, "a refused option", 15},
		{"alice", "rsync --server --rsh=id . y", DENIAL_GRAMMAR, "a refused option", 15},
		{"alice", "rsync --server -essh . y", DENIAL_GRAMMAR, "on a server -e takes", 15},
		{"alice", "rsync x y", DENIAL_GRAMMAR, "not a word that belongs here", 6},
		{"alice", "git-upload-pack --help", DENIAL_GRAMMAR, "an option where a path belongs", 16},
		{"alice", "git-shell", DENIAL_NOMATCH, "not a command", 0},
		{"alice", "git -c core.pager=id upload-pack x", DENIAL_GRAMMAR, "not a word that belongs here", 4},
		{"alice", "ascp -S. -V1 x", DENIAL_GRAMMAR, "a word too many", 13},
		/* what the gate says itself no client says, and no other way in */
		{"alice", "borg serve --restrict-to-path=/", DENIAL_GRAMMAR, "a refused option", 11},
		{"alice", "borg serve --restrict-to-path /files/x", DENIAL_GRAMMAR, "a refused option", 11},
		{"alice", "borg serve --restrict-to-repository=/", DENIAL_GRAMMAR, "a refused option", 11},
		{"alice", "borg serve --restrict-to-p=/", DENIAL_GRAMMAR, "an option that is not known", 11},
		{"alice", "borg serve --umask=0000", DENIAL_GRAMMAR, "the option takes no such value", 11},
		{"alice", "borg serve --storage-quota=1T", DENIAL_GRAMMAR, "a refused option", 11},
		{"alice", "borg serve /x", DENIAL_GRAMMAR, "a word too many", 11},
		{"alice", "borg --debug serve", DENIAL_GRAMMAR, "not a word that belongs here", 5},
		{"alice", "borg create r::a x", DENIAL_GRAMMAR, "not a word that belongs here", 5},
		{"alice", "BORG_RSH=id borg serve", DENIAL_SYNTAX, "an environment assignment", 0},
		{"alice", "svnserve", DENIAL_GRAMMAR, "the option that says the mode", 8},
		{"alice", "svnserve -d", DENIAL_GRAMMAR, "a refused option", 9},
		{"alice", "svnserve -t -r /", DENIAL_GRAMMAR, "a refused option", 12},
		{"alice", "svnserve -tr /", DENIAL_GRAMMAR, "options may not be bundled", 9},
		{"alice", "svnserve -t --tunnel-user=admin", DENIAL_GRAMMAR, "a refused option", 12},
		{"alice", "svnserve -t --config-file=e", DENIAL_GRAMMAR, "a refused option", 12},
		{"alice", "svnserve -t x", DENIAL_GRAMMAR, "a word too many", 12},
		{"alice", "hg -R --debugger serve --stdio", DENIAL_GRAMMAR, "an option where a path", 6},
		{"alice", "hg -R ../x serve --stdio", DENIAL_GRAMMAR, "a path that climbs out", 6},
		{"alice", "hg -R r serve --stdio --config x=y", DENIAL_GRAMMAR, "a word too many", 22},
		{"alice", "hg --config ui.x=y -R r serve --stdio", DENIAL_GRAMMAR, "not a word that belongs", 3},
		{"alice", "hg -R r serve", DENIAL_GRAMMAR, "a word is missing", 13},
		{"alice", "hg clone x y", DENIAL_GRAMMAR, "not a word that belongs", 3},
		{"alice", "hg init --config=x", DENIAL_GRAMMAR, "an option where a path", 8},
		{"reader", "hg init x", DENIAL_ACCESS, "access:", 0},
		{"keeper", "hg init x", DENIAL_ACCESS, "access:", 0},
		{"alice", "unison -server -sshcmd x", DENIAL_GRAMMAR, "a word too many", 15},
		{"alice", "unison -socket 5", DENIAL_GRAMMAR, "not a word that belongs", 7},
		{"alice", "unison-2.52-x -server", DENIAL_NOMATCH, "not a command", 0},
		{"alice", "rdiff-backup", DENIAL_GRAMMAR, "the option that says the mode", 12},
		{"alice", "rdiff-backup --server --restrict-path /", DENIAL_GRAMMAR, "a refused option", 22},
		{"alice", "rdiff-backup --server x", DENIAL_GRAMMAR, "a word too many", 22},
		{"alice", "rdiff-backup server --debug", DENIAL_GRAMMAR, "a word too many", 20},
		{"alice", "rdiff-backup --remote-schema id --server", DENIAL_GRAMMAR, "a refused option", 13},
		{"alice", "rdiff-backup backup a b", DENIAL_GRAMMAR, "the option that says the mode", 13},
		{"alice", "rclone serve restic --stdio b2:x", DENIAL_GRAMMAR, "not the remote", 28},
		{"far", "rclone serve restic --stdio b2:bkt/xy", DENIAL_GRAMMAR, "not the remote", 28},
		{"far", "rclone serve restic --stdio :local:/etc", DENIAL_GRAMMAR, "not the remote", 28},
		{"alice", "rclone serve restic --stdio --config /x r", DENIAL_GRAMMAR, "a refused option", 28},
		{"alice", "rclone serve restic --stdio --addr=:80 r", DENIAL_GRAMMAR, "a refused option", 28},
		{"alice", "rclone serve restic r", DENIAL_GRAMMAR, "not a word that belongs", 20},
		{"alice", "rclone serve http --stdio r", DENIAL_GRAMMAR, "not a word that belongs", 13},
		{"alice", "rclone copy a b", DENIAL_GRAMMAR, "not a word that belongs", 7},
		{"alice", "restic-server", DENIAL_NOMATCH, "not a command", 0},
		{"reads-far", "rclone serve restic --stdio b2:bkt/x", DENIAL_ACCESS, "access:", 0},
		{"farther", "rclone serve restic --stdio b2:bkt/x", DENIAL_ACCESS, "access:", 0},
		{"farther", "rclone serve restic --stdio --append-only b2:bkt/x", DENIAL_ACCESS, "access:", 0},
		{"partly", "rclone serve restic --stdio b2:bkt/x", DENIAL_ACCESS, "access:", 0},
		/* modes and times: nothing but a read-only mount withholds them */
		{"keeper", "unison -server", DENIAL_ACCESS, "access:", 0},
		{"keeper", "rdiff-backup --server", DENIAL_ACCESS, "access:", 0},
		{"box", "borg serve", DENIAL_ACCESS, "access:", 0},
		{"box", "svnserve -t", DENIAL_ACCESS, "access:", 0},
		{"box", "hg -R r serve --stdio", DENIAL_ACCESS, "access:", 0},
		{"box", "unison -server", DENIAL_ACCESS, "access:", 0},
		{"box", "rdiff-backup --server", DENIAL_ACCESS, "access:", 0},
		{"box", "rclone serve restic --stdio r", DENIAL_ACCESS, "access:", 0},
		{"tok", "borg serve", DENIAL_TOKEN, "unauthorized to transfer", 0},
		{"alice", "dump", DENIAL_GRAMMAR, "a word is missing", 4},
		{"alice", "dump -x", DENIAL_GRAMMAR, "a plain word belongs here", 5},
		{"alice", "true x", DENIAL_GRAMMAR, "a word too many", 5},
		{"none", "true", DENIAL_NOMATCH, "not a command", 0},
		/* verbs */
		{"reader", "scp -t x", DENIAL_ACCESS, "access:", 0},
		{"reader", "git-receive-pack x", DENIAL_ACCESS, "access:", 0},
		{"reader", "rsync --server -te.L . x", DENIAL_ACCESS, "access:", 0},
		{"reader", "rsync --server --sender --remove-source-files -te.L . x", DENIAL_ACCESS,
		 "an option that needs", 24},
		{"writer", "scp -f x", DENIAL_ACCESS, "access:", 0},
		{"writer", "rsync --server -te.L . x", DENIAL_ACCESS, "access:", 0}, /* its receiver reads */
		{"box", "rsync --server -te.L . x", DENIAL_ACCESS, "access:", 0},
		{"keeper", "sftp-server", DENIAL_ACCESS, "access:", 0}, /* nothing holds "no overwrite" */
		{"keeper", "scp -t x", DENIAL_ACCESS, "access:", 0},
		{"getter", "scp -f *", DENIAL_ACCESS, "a wildcard lists", 7},
		{"getter", "scp -rf x", DENIAL_ACCESS, "an option that needs", 4},
		/* not "an option of another mode": that of the other form says less */
		{"getter", "scp -r -f x", DENIAL_ACCESS, "an option that needs", 4},
		{"reader", "dump", DENIAL_GRAMMAR, "a word is missing", 4},
		{"writer", "dump x", DENIAL_ACCESS, "access:", 0},
		/* modes that a key adds */
		{"loose", "ascmd", DENIAL_RESTRICTED, "browsing is off", 0},
		{"loose", "ascmd -V2", DENIAL_RESTRICTED, "browsing is off", 0},
		{"tok", "ascmd", DENIAL_TOKEN, "unauthorized to transfer", 0},
		{"tok", "sftp-server", DENIAL_TOKEN, "unauthorized to transfer", 0},
		{"tok", "scp -t x", DENIAL_TOKEN, "unauthorized to transfer", 0},
		{"tok", "rsync --server -te.L . x", DENIAL_TOKEN, "unauthorized to transfer", 0},
		{"tok", "git-upload-pack x", DENIAL_TOKEN, "unauthorized to transfer", 0},
		{"tok", "dump x", DENIAL_TOKEN, "unauthorized to transfer", 0},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct decision d;

		decide(rows[i].user, rows[i].command, &d);
		if (d.verdict != DENY || d.denial != rows[i].denial ||
		    strncmp(d.reason, rows[i].reason, strlen(rows[i].reason)) != 0)
			FAIL("%s: %s: denial %d: %s", rows[i].user, rows[i].command, d.denial,
			     d.reason ? d.reason : "granted");
		if (d.offset != rows[i].offset)
			FAIL("%s: %s: offset %zu", rows[i].user, rows[i].command, d.offset);
		assert_true(d.denial != DENIAL_ACCESS || d.lacks);
		decision_free(&d);
	}
}

/* Goal: a quoted '-' behind "--" is no way to an option, for a pattern that matches nothing either. */
static void test_dash_pattern(void **state)
{
	static const char *const commands[] = {
		"scp -f -- '-'oProxyCommand=x*", "scp -f -- \\-Sx*", "scp -f -- \"-\"d/*", "scp -f -- -*",
		"rsync --server --sender -te.L -- . '-'e*", "rsync --server --sender -te.L -- . -*",
	};

	(void)state;
	for (size_t i = 0; i < ROWS(commands); i++) {
		struct decision d;

		decide("alice", commands[i], &d); /* grant_breach() looks at what is granted */
		decision_free(&d);
	}
}

/* Goal: git runs nothing that a repository names: its settings are forced (I9). */
static void test_git_environment(void **state)
{
	static const char *const wanted[] = {
		"GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_KEY_0=core.hooksPath",
		"GIT_CONFIG_VALUE_0=/dev/null", "GIT_ALLOW_PROTOCOL=none",
	};
	struct decision d;

	(void)state;
	decide("alice", "git-receive-pack r", &d);
	assert_int_equal(d.verdict, GRANT);
	char **env = policy_environ(scratch_settings(policy, "alice"), &d, NULL);
	assert_non_null(env);
	unsigned count = 0, keys = 0;
	for (size_t i = 0; env[i]; i++) {
		sscanf(env[i], "GIT_CONFIG_COUNT=%u", &count);
		keys += strncmp(env[i], "GIT_CONFIG_KEY_", 15) == 0;
	}
	assert_int_equal(count, keys);
	for (size_t w = 0; w < ROWS(wanted); w++) {
		size_t i = 0;
		while (env[i] && strcmp(env[i], wanted[w]) != 0)
			i++;
		if (!env[i])
			FAIL("%s is missing", wanted[w]);
	}
	decision_free(&d);
}

/*
 * Goal: an account with keys has nothing for a key that is absent or unlisted, whatever else is right; a listed one
 * has what its section leaves (I7).
 */
static void test_keys(void **state)
{
	static const char keyed[] = "[user alice]\ndocroot = /srv\ncommands = sftp scp\naccess = full\n"
		"key-identity = yes\nkeys = reader job\nmessage = files only\n"
		"[key reader]\nfingerprint = " FP("R") " " FP("S") "\naccess = read-only\n"
		"[key job]\ncert-id = nightly job\ncommands = scp\nfrom = 192.0.2.0/24\n"
		"[key other]\nfingerprint = " FP("O") "\n";
	static const struct {
		struct identity key;
		const char *address, *command;
		enum verdict verdict;
		enum denial denial;
	} rows[] = {
		{{FP("R"), NULL}, NULL, "sftp-server", GRANT, 0},
		{{FP("S"), NULL}, NULL, "scp -f x", GRANT, 0},
		{{FP("S"), NULL}, NULL, "scp -t x", DENY, DENIAL_ACCESS},
		{{FP("S"), "nightly job"}, NULL, "scp -t x", DENY, DENIAL_ACCESS},
		{{FP("O"), NULL}, NULL, "scp -f x", DENY, DENIAL_KEY},
		{{FP("r"), NULL}, NULL, "scp -f x", DENY, DENIAL_KEY},
		{{NULL, NULL}, NULL, "scp -f x", DENY, DENIAL_KEY},
		{{"", ""}, NULL, "scp -f x", DENY, DENIAL_KEY},
		{{"SHA256:", NULL}, NULL, "scp -f x", DENY, DENIAL_KEY},
		{{NULL, "nightly"}, "192.0.2.1", "scp -f x", DENY, DENIAL_KEY},
		{{NULL, "reader"}, NULL, "scp -f x", DENY, DENIAL_KEY},
		{{FP("O"), "nightly job"}, "192.0.2.1", "scp -t x", GRANT, 0},
		{{NULL, "nightly job"}, "192.0.2.1", "sftp-server", DENY, DENIAL_NOMATCH},
		{{NULL, "nightly job"}, "198.51.100.1", "scp -t x", DENY, DENIAL_SOURCE},
		{{NULL, NULL}, NULL, NULL, DENY, DENIAL_INTERACTIVE},
	};
	struct policy_fault fault;
	struct policy *p = scratch_load(keyed, sizeof keyed - 1, &fault);

	(void)state;
	assert_non_null(p);
	const struct settings *settings = scratch_settings(p, "alice");
	for (size_t i = 0; i < ROWS(rows); i++) {
		const struct request request = {
			.command = rows[i].command, .length = rows[i].command ? strlen(rows[i].command) : 0,
			.root = "/files", .address = rows[i].address, .key = rows[i].key};
		struct decision d;

		policy_decide(settings, &request, &d);
		if (d.verdict != rows[i].verdict || (!d.verdict && d.denial != rows[i].denial))
			FAIL("row %zu: %d %d %s", i, d.verdict, d.denial, d.reason ? d.reason : "granted");
		assert_non_null(d.settings);
		if (d.verdict == GRANT)
			assert_true(d.settings != settings && d.settings->key);
		decision_free(&d);
	}
	policy_free(p);
}

/*
 * Goal: with path rules a command is judged where its operands lie, all of them; what no kernel layer holds away
 * from another place is refused wherever it is asked for. (The kernel's side: tests/e2e/paths.bats.)
 */
static void test_paths(void **state)
{
	static const char ruled[] =
		"[defaults]\ndocroot = /srv\ncommands = sftp scp rsync git\n"
		"[user swap]\naccess = list\naccess /out = download\naccess /in = upload overwrite mkdir\nstart = /in\n"
		"[user keep]\naccess = full\naccess /old = read-only\n"
		"[user odd]\naccess = upload mkdir\naccess /in = full\n"
		"[user repo]\naccess /git = full\n";
	static const struct {
		const char *user, *command;
		enum verdict verdict;
		unsigned verbs; /* given, or lacking */
	} rows[] = {
		{"swap", "sftp-server", GRANT, VERB_LIST | VERB_DOWNLOAD | VERB_UPLOAD | VERB_OVERWRITE | VERB_MKDIR},
		{"swap", "scp -t x", GRANT, VERB_UPLOAD | VERB_OVERWRITE | VERB_MKDIR},
		{"swap", "scp -t ../in/x", GRANT, VERB_UPLOAD | VERB_OVERWRITE | VERB_MKDIR},
		{"swap", "scp -t /x", DENY, VERB_UPLOAD | VERB_OVERWRITE},
		{"swap", "scp -t ../inn", DENY, VERB_UPLOAD | VERB_OVERWRITE},
		{"swap", "scp -f /out/x", GRANT, VERB_DOWNLOAD | VERB_LIST},
		{"swap", "scp -f /out/x /out/y", GRANT, VERB_DOWNLOAD | VERB_LIST},
		{"swap", "scp -f /out/x y", DENY, VERB_DOWNLOAD},
		{"swap", "scp -f /out/../x", DENY, VERB_DOWNLOAD},
		{"swap", "rsync --server --sender -e.L . /out/", GRANT, VERB_DOWNLOAD | VERB_LIST},
		{"swap", "rsync --server --sender --remove-source-files -e.L . /out/", DENY, VERB_DELETE | VERB_LIST},
		{"keep", "rsync --server --delete -e.L . /new/", GRANT, VERBS_ALL},
		{"keep", "rsync --server -e.L . /old/", DENY, VERB_UPLOAD | VERB_OVERWRITE | VERB_RENAME | VERB_DELETE},
		{"keep", "scp -t /old", DENY, VERB_UPLOAD | VERB_OVERWRITE},
		{"odd", "scp -t /in/x", DENY, VERB_OVERWRITE},
		{"odd", "sftp-server", DENY, VERB_OVERWRITE},
		{"repo", "git-receive-pack /git/x", GRANT, VERBS_ALL},
		{"repo", "git-receive-pack /x", DENY, VERBS_WRITE},
	};
	struct policy_fault fault;
	struct policy *p = scratch_load(ruled, sizeof ruled - 1, &fault);

	(void)state;
	assert_non_null(p);
	for (size_t i = 0; i < ROWS(rows); i++) {
		const struct settings *settings = scratch_settings(p, rows[i].user);
		const struct request request = {rows[i].command, strlen(rows[i].command), "/files"};
		struct decision d;

		policy_decide(settings, &request, &d);
		unsigned verbs = d.verdict == GRANT ? d.verbs : d.lacks;
		if (d.verdict != rows[i].verdict || (d.verdict == GRANT ? verbs != rows[i].verbs : !verbs || verbs & ~rows[i].verbs))
			FAIL("%s: %s: %d, verbs %#x: %s", rows[i].user, rows[i].command, d.verdict, verbs,
			     d.reason ? d.reason : "granted");
		decision_free(&d);
	}
	policy_free(p);
}

/* Goal: what an account may not do shapes what is granted: the narrow form has the narrow verbs. */
static void test_narrow(void **state)
{
	static const struct {
		const char *user, *command;
		unsigned verbs;
	} rows[] = {
		{"alice", "svnserve -t", VERBS_ALL},
		{"keeper", "svnserve -t", VERB_DOWNLOAD | VERB_LIST},
		{"keeper", "hg -R r serve --stdio", VERB_DOWNLOAD | VERB_LIST},
		{"reader", "unison -server", VERB_DOWNLOAD | VERB_LIST},
		{"reader", "rdiff-backup server", VERB_DOWNLOAD | VERB_LIST},
		{"reader", "borg serve", VERB_DOWNLOAD | VERB_LIST},
		{"reader", "rclone serve restic --stdio r", VERB_DOWNLOAD | VERB_LIST},
		/* these need more for themselves than they hand to the client */
		{"keeper", "borg serve", VERBS_ALL},
		{"keeper", "rclone serve restic --stdio r", VERBS_ALL},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct decision d;

		decide(rows[i].user, rows[i].command, &d);
		if (d.verdict != GRANT || d.verbs != rows[i].verbs)
			FAIL("%s: %s: %x", rows[i].user, rows[i].command, d.verbs);
		decision_free(&d);
	}
}

/* Goal: what lies in a repository configures nothing: hg and rclone read no file of theirs (I9). */
static void test_environment(void **state)
{
	static const struct {
		const char *command;
		const char *wanted[3];
	} rows[] = {
		{"hg -R r serve --stdio", {"HGRCPATH=", "HGRCSKIPREPO=1", "HGPLAIN=1"}},
		{"rclone serve restic --stdio r", {"RCLONE_CONFIG=/dev/null"}},
		{"unison -server", {"UNISON=/state/unison", "HOME=."}},
		{"borg serve", {"HOME=/home"}},
	};
	char *const client[] = {(char[]){"HGRCPATH=/files/x"}, (char[]){"HGPLAIN="}, (char[]){"UNISON=/files"},
				       (char[]){"BORG_BASE_DIR=/files"}, (char[]){"RCLONE_CONFIG=/files/x"}, NULL};

	(void)state;
	for (size_t r = 0; r < ROWS(rows); r++) {
		struct decision d;

		decide("alice", rows[r].command, &d);
		assert_int_equal(d.verdict, GRANT);
		char **env = policy_environ(scratch_settings(policy, "alice"), &d, client);
		assert_non_null(env);
		for (size_t i = 0; env[i]; i++)
			assert_false(strstr(env[i], "=/files") || strncmp(env[i], "BORG_", 5) == 0);
		for (size_t w = 0; w < 3 && rows[r].wanted[w]; w++) {
			size_t i = 0;
			while (env[i] && strcmp(env[i], rows[r].wanted[w]) != 0)
				i++;
			if (!env[i])
				FAIL("%s: %s is missing", rows[r].command, rows[r].wanted[w]);
		}
		decision_free(&d);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_granted),
		cmocka_unit_test(test_denied),
		cmocka_unit_test(test_dash_pattern),
		cmocka_unit_test(test_git_environment),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_narrow),
		cmocka_unit_test(test_environment),
	};

	return cmocka_run_group_tests_name("decide", tests, load, unload);
}
