/*
 * sallyport - the administrator's tool: a table of subcommands.
 */
#include "cli.h"

#include <stdio.h>
#include <string.h>

static const struct {
	const char *name;
	int (*main)(int argc, char *argv[]);
	const char *usage;
	const char *does;
} commands[] = {
	{"check", check_main,
	 "check [-f POLICY] [-C user=,group=,home=,uid=,addr=,time=] [-r] [-t] [--profile P] [--json] COMMAND",
	 "what the policy says of a command, and why; nothing runs"},
	{"apply", apply_main, "apply [--yes] [--dry-run] [--to POLICY] FILE | apply --undo [--to POLICY]",
	 "what FILE would change and for whom; then installs it, and keeps the policy before it"},
	{"doctor", doctor_main, "doctor [-f POLICY] [--json] | doctor --trace PROFILE [-u USER] PROGRAM [ARGUMENT…]",
	 "what this host lacks of what the policy asks for; or what a program needs and its filter refuses"},
	{"keys", keys_main, "keys check|enforce|add|revoke|serve|principals|index …",
	 "authorized_keys files: judged, enforced, and served to sshd (sallyport-keys(8))"},
	{"learn", learn_main, "learn [-f POLICY] [-C user=,…] FILE…",
	 "the narrowest change of the policy that admits what was denied; writes nothing"},
	{"lint", lint_main, "lint [-f POLICY] [--json]",
	 "what is legal in the policy and unwise all the same"},
	{"slots", slots_main, "slots [-f POLICY]",
	 "makes the files that max-sessions counts with, for the accounts that need one"},
	{"sshd-config", sshd_config_main, "sshd-config [-f POLICY] [--keys-file PATTERN] [--user U | --group G]",
	 "the Match blocks for sshd_config that go with the policy"},
	{"test", test_main, "test [-f POLICY] [FILE…]",
	 "runs the [test] sections of the policy, or of the files, and reports in TAP"},
};

enum { COMMANDS = sizeof commands / sizeof *commands };

static int usage(FILE *to)
{
	for (size_t i = 0; i < COMMANDS; i++)
		fprintf(to, "%s sallyport %s\n\t%s\n", i ? "      " : "usage:", commands[i].usage,
			commands[i].does);
	fprintf(to, "See sallyport(8).\n");
	return to == stdout ? CLI_ALLOW : CLI_USAGE;
}

int main(int argc, char *argv[])
{
	if (argc >= 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0))
		return usage(stdout);
	if (argc >= 2 && strcmp(argv[1], "--version") == 0)
		return printf("sallyport %s\n", SALLYPORT_VERSION) < 0 ? CLI_FAILURE : CLI_ALLOW;
	for (size_t i = 0; argc >= 2 && i < COMMANDS; i++)
		if (strcmp(argv[1], commands[i].name) == 0)
			return commands[i].main(argc - 1, argv + 1);
	return usage(stderr);
}
