/*
 * accounts - accounts that can transfer and nothing else: a table of subcommands.
 */
#include "accounts.h"

#include "cli.h"
#include "subcommands.h"

static const struct subcommand commands[] = {
	{"add", accounts_add_main,
	 "add [--docroot DIR] [--layout flat|nested|shared|split] [--directories LIST] [--access VERBS]\n"
	 "\t\t[--commands LIST] [--from LIST] [--expires TIME] [--isolation WORD] [--token] [--restricted]\n"
	 "\t\t[--set NAME=VALUE]… [--key FILE]… [--convert] [--yes] [--sshd-config FILE] [--dry-run] NAME",
	 "makes an account, or with --convert makes one of it, that can transfer and nothing else"},
	{"set", accounts_set_main, "set [options of add] [--unset NAME]… [--dry-run] NAME",
	 "changes its settings, directories and keys"},
	{"show", accounts_show_main, "show [--sshd-config FILE] [--json] NAME",
	 "its settings, and the line that each comes from"},
	{"list", accounts_list_main, "list [--json]", "the guarded accounts, one a line"},
	{"remove", accounts_remove_main, "remove [--keep-user] [--delete-data] [--dry-run] NAME",
	 "takes away the account, its settings and keys; its files stay unless told"},
	{"import", accounts_import_main, "import [--commands LIST] [--convert] [--yes] [--dry-run] [FILE]",
	 "accounts from asconfigurator's strings, and what in them has no counterpart"},
	{0},
};

int accounts_main(int argc, char *argv[])
{
	return subcommands_run(commands, "account", argc, argv);
}
