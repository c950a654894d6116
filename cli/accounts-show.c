/*
 * accounts-show - `sallyport account show`: what an account is, and each of its settings with the line that it comes
 * from.
 */
#include "accounts.h"

#include "cli.h"
#include "describe.h"
#include "explain.h"
#include "keys.h"
#include "member.h"
#include "origin.h"
#include "sshd-ask.h"
#include "sshd-block.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SCHEMA = 1, ORIGINS_MAX = 64, NAME_SIZE = 2 * POLICY_NAME_MAX + 2 };

/* Rows of describe.h whose name is not that of the setting: what the setting begins or ends with. */
static const struct {
	const char *row, *begins, *ends;
} spelled[] = {
	{"limits", "limit", NULL},
	{"accepted options", NULL, "-accept"},
	{"refused options", NULL, "-refuse"},
};

static bool is_of_row(const char *row, const char *setting)
{
	size_t length = strlen(setting);

	for (size_t i = 0; i < sizeof spelled / sizeof *spelled; i++) {
		const char *ends = spelled[i].ends;

		if (strcmp(spelled[i].row, row) != 0)
			continue;
		return ends ? length > strlen(ends) && strcmp(setting + length - strlen(ends), ends) == 0
			    : strcmp(setting, spelled[i].begins) == 0;
	}
	return strcmp(row, setting) == 0;
}

/* The settings that some section says of this row, each once: "access", "access /in". */
struct names_of_row {
	char name[ORIGINS_MAX][NAME_SIZE];
	size_t count;
};

static void add_name(struct names_of_row *names, const struct policy_entry *entry)
{
	char name[NAME_SIZE];

	snprintf(name, sizeof name, "%s%s%s", entry->name, entry->argument ? " " : "",
		 entry->argument ? entry->argument : "");
	for (size_t i = 0; i < names->count; i++)
		if (strcmp(names->name[i], name) == 0)
			return;
	if (names->count < ORIGINS_MAX)
		memcpy(names->name[names->count++], name, sizeof name);
}

static void names_of(const struct policy *policy, const char *row, struct names_of_row *names)
{
	struct policy_section section;
	struct policy_entry entry;

	names->count = 0;
	for (size_t i = 0; policy_section(policy, i, &section); i++)
		for (size_t j = 0; policy_entry(policy, i, j, &entry); j++)
			if (is_of_row(row, entry.name))
				add_name(names, &entry);
}

/* Calls back with each line that gave the row its value. */
typedef void each_origin(const struct origin *origin, size_t number);

static size_t each_of(const struct policy *policy, const struct policy_account *facts, const char *row,
		      each_origin *each)
{
	static struct names_of_row names;
	struct origin origin;
	size_t found = 0;

	names_of(policy, row, &names);
	for (size_t i = 0; i < names.count; i++)
		if (origin_find(policy, facts, names.name[i], &origin))
			each(&origin, found++);
	return found;
}

/* ---- for a person ---- */

static void print_origin(const struct origin *origin, size_t number)
{
	printf("%s[%s%s%s] %s:%u", number ? ", " : "  ", origin->kind, *origin->name ? " " : "", origin->name,
	       origin->file, origin->line);
}

static void print_row(const struct policy *policy, const struct policy_account *facts,
		      const struct settings *settings, size_t i)
{
	printf("  %-16s ", describe_name(i));
	if (describe_is_secret(i))
		fputs("(not shown)", stdout);
	else
		describe_value(i, settings, stdout);
	if (each_of(policy, facts, describe_name(i), print_origin) == 0)
		fputs("  (default)", stdout);
	putchar('\n');
}

/* ---- for a program ---- */

static void json_origin(const struct origin *origin, size_t number)
{
	member_text(number ? ",{" : "{", "section", origin->kind);
	member_text(",", "name", origin->name);
	member_text(",", "file", origin->file);
	printf(",\"line\":%u}", origin->line);
}

static void json_row(const struct policy *policy, const struct policy_account *facts, const struct settings *settings,
		     size_t i)
{
	char *value = NULL;
	size_t size;
	FILE *memory = describe_is_secret(i) ? NULL : open_memstream(&value, &size);

	if (memory) {
		describe_value(i, settings, memory);
		fclose(memory);
	}
	member_text(i ? ",{" : "{", "setting", describe_name(i));
	member_text(",", "value", value);
	fputs(",\"from\":[", stdout);
	each_of(policy, facts, describe_name(i), json_origin);
	fputs("]}", stdout);
	free(value);
}

/* ---- the account itself ---- */

struct shown {
	const char *name, *sshd_config;
	bool json;
	struct account account;
	struct policy *policy;
	const struct settings *settings;
	struct policy_fault fault;
};

static const char *sshd_state(const struct shown *shown, char pattern[PATH_MAX])
{
	const char *first;
	bool profiles = sshd_block_profiles(shown->settings);
	const struct sshd_block block = {
		.kind = "Group", .name = ACCOUNTS_GROUP, .profiles = profiles, .serves = pattern};
	char *answer = sshd_ask(shown->sshd_config, shown->name);

	accounts_keys("%u", pattern);
	const char *state = !answer ? "cannot be asked"
			    : sshd_block_missing(&block, answer, &first) == 0 ? "hands it to the gate"
									      : "does not hand it to the gate";
	free(answer);
	return state;
}

static void show_text(const struct shown *shown)
{
	const struct account *a = &shown->account;
	char path[PATH_MAX];

	printf("account %s\n", shown->name);
	if (a->present)
		printf("  uid              %u\n  shell            %s\n  home             %s\n", a->facts.uid, a->shell,
		       a->home);
	else
		printf("  uid              none: there is no such account on this host\n");
	accounts_keys(shown->name, path);
	printf("  key file         %s%s\n", path, access(path, F_OK) == 0 ? "" : " (not there)");
	if (accounts_is_pending(shown->name))
		printf("  half-made        an `account` of it was cut short: run it again\n");
	if (!shown->settings)
		return;
	printf("  sshd             %s\n", sshd_state(shown, path));
	for (size_t i = 0; describe_name(i); i++)
		print_row(shown->policy, &shown->account.facts, shown->settings, i);
}

static void show_json(const struct shown *shown)
{
	const struct account *a = &shown->account;
	char path[PATH_MAX];

	printf("{\"schema\":%d", SCHEMA);
	member_text(",", "user", shown->name);
	if (a->present)
		printf(",\"uid\":%u", a->facts.uid);
	member_text(",", "shell", a->present ? a->shell : NULL);
	member_text(",", "home", a->present ? a->home : NULL);
	printf(",\"half-made\":%s", accounts_is_pending(shown->name) ? "true" : "false");
	member_text(",", "sshd", shown->settings ? sshd_state(shown, path) : NULL);
	member_text(",", "refused", shown->settings ? NULL : shown->fault.reason);
	fputs(",\"settings\":[", stdout);
	for (size_t i = 0; shown->settings && describe_name(i); i++)
		json_row(shown->policy, &a->facts, shown->settings, i);
	puts("]}");
}

static int show(struct shown *shown)
{
	const struct policy_source source = {.file = SALLYPORT_POLICY, .user = shown->name};
	enum policy_verdict verdict = POLICY_FAULTY;

	shown->account.facts.before_profile = true;
	if (policy_load(&source, &shown->policy, &shown->fault))
		verdict = policy_settings(shown->policy, &shown->account.facts, &shown->settings, &shown->fault);
	if (verdict != POLICY_SETTINGS)
		shown->settings = NULL;
	if (shown->json)
		show_json(shown);
	else
		show_text(shown);
	if (verdict != POLICY_SETTINGS && !shown->json)
		explain_fault(verdict == POLICY_REFUSED ? "deny" : "error", &shown->fault);
	policy_free(shown->policy);
	if (verdict == POLICY_FAULTY)
		return CLI_POLICY;
	return verdict == POLICY_SETTINGS && shown->account.present ? CLI_ALLOW : CLI_DENY;
}

int accounts_show_main(int argc, char *argv[])
{
	static const struct option options[] = {
		{"json", no_argument, NULL, 'j'}, {"sshd-config", required_argument, NULL, 's'}, {NULL, 0, NULL, 0}};
	static struct shown shown;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1)
		switch (option) {
		case 'j': shown.json = true; break;
		case 's': shown.sshd_config = optarg; break;
		default: return CLI_USAGE;
		}
	if (argc - optind != 1)
		return CLI_USAGE;
	shown.name = argv[optind];
	const char *reason = accounts_name_fault(shown.name);
	if (reason) {
		fprintf(stderr, "sallyport: %s\n", reason);
		return CLI_USAGE;
	}
	if (!account_find(shown.name, &shown.account))
		return CLI_FAILURE;
	int status = show(&shown);
	account_free(&shown.account);
	return status;
}
