/*
 * accounts - accounts that can transfer and nothing else: a table of subcommands.
 */
#include "accounts.h"

#include "cli.h"

#include <stdio.h>
#include <string.h>

static const struct {
	const char *name;
	int (*main)(int argc, char *argv[]);
	const char *usage;
	const char *does;
} commands[] = {
	{"add", accounts_add_main,
	 "add [--docroot DIR] [--layout flat|nested|shared|split] [--directories LIST] [--access VERBS]\n"
	 "\t\t[--commands LIST] [--from LIST] [--expires TIME] [--isolation WORD] [--token] [--restricted]\n"
	 "\t\t[--set NAME=VALUE]… [--key FILE]… [--convert] [--yes] [--sshd-config FILE] [--dry-run] NAME",
	 "makes an account, or with --convert makes one of it, that can transfer and nothing else"},
	{"set", accounts_set_main, "set [options of add] [--unset NAME]… [--dry-run] NAME",
	 "changes its settings, directories and keys"},
	{"show", accounts_show_main, "show [--json] NAME", "its settings, and the line that each comes from"},
	{"list", accounts_list_main, "list [--json]", "the guarded accounts, one a line"},
	{"remove", accounts_remove_main, "remove [--keep-user] [--delete-data] [--dry-run] NAME",
	 "takes away the account, its settings and keys; its files stay unless told"},
	{"import", accounts_import_main, "import [--commands LIST] [--convert] [--yes] [--dry-run] [FILE]",
	 "accounts from asconfigurator's strings, and what in them has no counterpart"},
};

enum { COMMANDS = sizeof commands / sizeof *commands };

static int usage(FILE *to)
{
	for (size_t i = 0; i < COMMANDS; i++)
		fprintf(to, "%s sallyport account %s\n\t%s\n", i ? "      " : "usage:", commands[i].usage,
			commands[i].does);
	fprintf(to, "See sallyport-account(8).\n");
	return to == stdout ? CLI_ALLOW : CLI_USAGE;
}

int accounts_main(int argc, char *argv[])
{
	if (argc >= 2 && strcmp(argv[1], "--help") == 0)
		return usage(stdout);
	for (size_t i = 0; argc >= 2 && i < COMMANDS; i++)
		if (strcmp(argv[1], commands[i].name) == 0) {
			int status = commands[i].main(argc - 1, argv + 1);
			if (status == CLI_USAGE)
				fprintf(stderr, "usage: sallyport account %s\n", commands[i].usage);
			return fflush(stdout) || ferror(stdout) ? CLI_FAILURE : status;
		}
	return usage(stderr);
}
