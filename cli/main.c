/*
 * sallyport - the administrator's tool: a table of subcommands.
 */
#include "cli.h"

#include "policy/nearest.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

static const struct {
	const char *name;
	int (*main)(int argc, char *argv[]);
	const char *usage;
	const char *does;
	bool has_own; /* subcommands, and a --help for them */
} commands[] = {
	{"check", check_main,
	 "check [-f POLICY] -C user=NAME[,group=,home=,uid=,addr=,time=,key=,cert-id=]\n"
	 "\t\t[-r] [-t] [--profile NAME] [--json] [COMMAND]",
	 "what the policy says of a command, or of a login without one, and why; nothing runs"},
	{"account", accounts_main, "account add|set|show|list|remove|import …",
	 "accounts that can transfer and nothing else: made, changed, shown, taken away (sallyport-account(8))", true},
	{"apply", apply_main,
	 "apply [--yes] [--dry-run] [--to POLICY] FILE | apply --undo [--dry-run] [--to POLICY]",
	 "what FILE would change and for whom; then installs it, and keeps the policy before it"},
	{"audit", audit_main,
	 "audit [-f POLICY] [--root DIR] [--user NAME] [--severity LEAST] [--well-known FILE]\n"
	 "\t\t[--json | --fix-plan]\n"
	 "\t\t| audit logs [-f POLICY] [--user NAME] [--since TIME] [--until TIME] [--year YEAR] [--json] [FILE…]\n"
	 "\t\t| audit sessions [-f POLICY] [--user NAME] [--json]",
	 "every account that is a hole, worst first, and the exact fix (sallyport-audit(8)); by the logs,\n"
	 "\twho used which, and who tried (sallyport-audit-logs(8)); what runs now, and whether it is\n"
	 "\tconfined; changes nothing", true},
	{"doctor", doctor_main, "doctor [-f POLICY] [--json] | doctor --trace PROFILE [-u USER] PROGRAM [ARGUMENT…]",
	 "what this host lacks of what the policy asks for; or what a program needs and its filter refuses"},
	{"docroot", docroot_main,
	 "docroot prepare [-f POLICY] [--dry-run] [--user NAME | DIR]\n"
	 "\t\t| docroot check [-f POLICY] [--json] [--user NAME | DIR]",
	 "isolation = chroot: puts programs and libraries into the docroot; says what is wrong with it"},
	{"keys", keys_main, "keys check|enforce|add|revoke|serve|principals|index …",
	 "authorized_keys files: judged, enforced, and served to sshd (sallyport-keys(8))", true},
	{"learn", learn_main, "learn [-f POLICY] [-C user=,…] FILE…",
	 "the narrowest change of the policy that admits what was denied; writes nothing"},
	{"lint", lint_main, "lint [-f POLICY] [--json]",
	 "what is legal in the policy and unwise all the same"},
	{"slots", slots_main, "slots [-f POLICY]",
	 "makes the files that max-sessions counts with, for the accounts that need one"},
	{"sshd-config", sshd_config_main, "sshd-config [-f POLICY] [--keys-file PATTERN] [--user U | --group G]",
	 "the Match blocks for sshd_config that go with the policy"},
	{"state", state_main, "state NAME…",
	 "makes the state directories of accounts that run unison; root"},
	{"test", test_main, "test [-f POLICY] [FILE…]",
	 "runs the [test] sections of the policy, or of the files, and reports in TAP"},
	{"view", view_main, "view pin [--if-stale] [--here] | view unpin [--here] | view check",
	 "isolation = namespace: builds what all views share once, so that sessions start faster; root"},
};

enum { COMMANDS = sizeof commands / sizeof *commands };

/* Of one command, or from 0 of all. */
static int usage(FILE *to, size_t first, size_t count)
{
	for (size_t i = first; i < first + count; i++)
		fprintf(to, "%s sallyport %s\n\t%s\n", i > first ? "      " : "usage:", commands[i].usage,
			commands[i].does);
	fprintf(to, "See sallyport(8).\n");
	return to == stdout ? CLI_ALLOW : CLI_USAGE;
}

/* `sallyport lint --help`, `sallyport docroot check --help`. */
static bool asks_for_help(int argc, char *argv[])
{
	return (argc == 3 || (argc == 4 && argv[2][0] != '-')) && strcmp(argv[argc - 1], "--help") == 0;
}

static int unknown(const char *name)
{
	struct nearest near = {0};

	for (size_t i = 0; i < COMMANDS; i++)
		nearest_offer(&near, name, strlen(name), commands[i].name);
	if (!near.best)
		return usage(stderr, 0, COMMANDS);
	fprintf(stderr, "sallyport: there is no such subcommand; nearest: %s\n", near.best);
	return CLI_USAGE;
}

/* Of one of them: what account, audit and keys are followed by they tell themselves. */
static int help(const char *name)
{
	for (size_t i = 0; i < COMMANDS; i++)
		if (strcmp(name, commands[i].name) == 0)
			return usage(stdout, i, 1);
	return unknown(name);
}

static bool is_help(const char *word)
{
	return strcmp(word, "--help") == 0 || strcmp(word, "help") == 0;
}

static int run(int argc, char *argv[])
{
	if (argc < 2)
		return usage(stderr, 0, COMMANDS);
	if (is_help(argv[1]))
		return argc > 2 ? help(argv[2]) : usage(stdout, 0, COMMANDS);
	if (strcmp(argv[1], "--version") == 0)
		return printf("sallyport %s\n", SALLYPORT_VERSION) < 0 ? CLI_FAILURE : CLI_ALLOW;
	for (size_t i = 0; i < COMMANDS; i++) {
		if (strcmp(argv[1], commands[i].name) != 0)
			continue;
		return !commands[i].has_own && asks_for_help(argc, argv) ? usage(stdout, i, 1)
									 : commands[i].main(argc - 1, argv + 1);
	}
	return unknown(argv[1]);
}

int main(int argc, char *argv[])
{
	/* Whoever started us may ignore it, and what is ignored stays so: then nobody's exit status could be had. */
	signal(SIGCHLD, SIG_DFL);
	int status = run(argc, argv);
	return fflush(stdout) || ferror(stdout) ? CLI_FAILURE : status;
}
