/*
 * accounts-list - `sallyport account list`: every account that the policy has a place for, that has the gate as its
 * shell, or that is half-made.
 */
#include "accounts.h"

#include "apply-who.h"
#include "cli.h"
#include "describe.h"
#include "explain.h"
#include "member.h"
#include "paint.h"
#include "roster.h"

#include <dirent.h>
#include <getopt.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SCHEMA = 1, COMMANDS_TEXT = 512 };

struct list {
	bool json;
	size_t count;
	struct side side;
	struct names names; /* that the policy has a place for, sorted */
};

void accounts_keys(const char *name, char path[PATH_MAX])
{
	snprintf(path, PATH_MAX, "%.*s/keys/%s", (int)(strrchr(SALLYPORT_POLICY, '/') - SALLYPORT_POLICY),
		 SALLYPORT_POLICY, name);
}

bool accounts_is_pending(const char *name)
{
	char path[PATH_MAX];

	snprintf(path, sizeof path, ACCOUNTS_PENDING "/%s", name);
	return access(path, F_OK) == 0;
}

/* What holds it, in a word. */
static const char *state_of(const struct account *account, const struct settings *settings)
{
	if (accounts_is_pending(account->facts.user))
		return "half-made";
	if (!account->present)
		return "absent";
	if (!settings)
		return "refused";
	return account_is_gate(account->shell) ? "guarded" : "other-shell";
}

static void commands_text(const struct settings *s, char out[COMMANDS_TEXT])
{
	size_t used = 0;

	out[0] = '\0';
	for (size_t i = 0; i < s->commands_count && used < COMMANDS_TEXT; i++)
		used += (size_t)snprintf(out + used, COMMANDS_TEXT - used, "%s%s", i ? "," : "", s->commands[i]->name);
}

static void print_one(void *context, const struct account *a, const struct settings *s,
		      const struct sitting *sitting)
{
	struct list *list = context;
	char access[VERBS_TEXT_MAX] = "-", commands[COMMANDS_TEXT] = "-";
	const char *state = state_of(a, s), *docroot = s && s->docroot ? s->docroot : "-";

	(void)sitting; /* such an account has no sessions: refused */
	if (s) {
		describe_access(s->verbs, access);
		commands_text(s, commands);
	}
	if (!list->json) {
		for (char *at = access; *at; at++)
			*at = *at == ' ' ? ',' : *at;
		printf("%-16s %-11s %-12s %-16s ", a->facts.user, state, access, commands);
		paint_escaped(docroot, strlen(docroot));
		putchar('\n');
		return;
	}
	member_text(list->count++ ? ",{" : "{", "user", a->facts.user);
	member_text(",", "state", state);
	member_text(",", "access", s ? access : NULL);
	member_text(",", "commands", s ? commands : NULL);
	member_text(",", "docroot", s ? s->docroot : NULL);
	member_text(",", "shell", a->present ? a->shell : NULL);
	putchar('}');
}

static bool visit(struct list *list, const char *name)
{
	struct account account;

	if (!account_find(name, &account))
		return false;
	roster_one(&list->side, &account, print_one, list);
	account_free(&account);
	return true;
}

/* Who has the gate as the shell, and no place in the policy: refused, and worth a look. */
static bool visit_shells(struct list *list)
{
	const struct passwd *entry;
	struct names others = {0};
	bool good = true;

	setpwent();
	while (good && (entry = getpwent()))
		if (account_is_gate(entry->pw_shell) && !names_find(&list->names, entry->pw_name))
			good = names_add(&others, entry->pw_name, strlen(entry->pw_name));
	endpwent();
	for (size_t i = 0; good && i < others.count; i++)
		good = visit(list, others.name[i]);
	names_free(&others);
	return good;
}

static bool visit_pending(struct list *list)
{
	struct dirent *entry;
	DIR *directory = opendir(ACCOUNTS_PENDING);
	bool good = true;

	while (directory && good && (entry = readdir(directory)))
		if (!accounts_name_fault(entry->d_name) && !names_find(&list->names, entry->d_name) &&
		    !getpwnam(entry->d_name))
			good = visit(list, entry->d_name);
	if (directory)
		closedir(directory);
	return good;
}

static bool visit_all(struct list *list)
{
	bool good = who_accounts(&list->side, &list->side, &list->names);

	account_hold();
	for (size_t i = 0; good && i < list->names.count; i++)
		good = visit(list, list->names.name[i]);
	good = good && visit_shells(list) && visit_pending(list);
	account_release();
	return good;
}

int accounts_list_main(int argc, char *argv[])
{
	static const struct option options[] = {{"json", no_argument, NULL, 'j'}, {NULL, 0, NULL, 0}};
	struct list list = {0};
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1)
		if (option != 'j')
			return CLI_USAGE;
		else
			list.json = true;
	if (optind != argc)
		return CLI_USAGE;
	bool sound = side_open(&list.side, SALLYPORT_POLICY, false);
	if (!sound && list.json)
		explain_fault_aside(&list.side.fault);
	else if (!sound)
		explain_fault("error", &list.side.fault);
	if (list.json)
		printf("{\"schema\":%d,\"accounts\":[", SCHEMA);
	bool good = visit_all(&list);
	if (list.json)
		puts("]}");
	names_free(&list.names);
	side_close(&list.side);
	if (!good)
		fprintf(stderr, "sallyport: no memory\n");
	return !good ? CLI_FAILURE : sound ? CLI_ALLOW : CLI_POLICY;
}
