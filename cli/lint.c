/*
 * lint - what is legal in a policy and unwise all the same: load, walk, count.
 */
#include "account.h"
#include "lint.h"

#include "text/list.h"

#include "cli.h"
#include "dryrun.h"
#include "grow.h"

#include <dirent.h>
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static bool usage(void)
{
	fprintf(stderr, "usage: sallyport lint [-f POLICY] [--json]\n");
	return false;
}

static bool read_options(int argc, char *argv[], struct lint *lint)
{
	static const struct option options[] = {
		{"json", no_argument, NULL, 'j'},
		{NULL, 0, NULL, 0},
	};
	int option;

	while ((option = getopt_long(argc, argv, "+f:", options, NULL)) != -1) {
		switch (option) {
		case 'f':
			lint->candidate = true;
			lint->file = dryrun_policy(optarg);
			if (!lint->file)
				return false;
			break;
		case 'j': lint->json = true; break;
		default: return usage();
		}
	}
	return optind == argc || usage();
}

/* apply looks at a copy that nobody has heard of. */
static const char *shown_name(const struct lint *lint, const char *file)
{
	return strcmp(file, lint->file) == 0 ? lint->shown : file;
}

void lint_find(struct lint *lint, enum check check, struct place place, const char *subject, ...)
{
	struct finding finding = {
		.check = check, .file = strdup(shown_name(lint, place.file)), .line = place.line};
	struct finding *grown = grow(lint->findings, lint->findings_count, sizeof *grown);
	va_list arguments;

	lint->failed |= !grown;
	lint->findings = grown ? grown : lint->findings;
	va_start(arguments, subject);
	if (vasprintf(&finding.subject, subject, arguments) < 0)
		finding.subject = NULL;
	va_end(arguments);
	lint->failed |= !finding.subject || !finding.file;
	if (lint->failed) {
		free(finding.subject);
		free(finding.file);
		return;
	}
	lint->findings[lint->findings_count++] = finding;
}

struct place lint_place(const struct lint *lint, size_t section, const char *setting)
{
	struct policy_section view = {0};
	struct policy_entry entry;

	policy_section(lint->policy, section, &view);
	for (size_t i = 0; policy_entry(lint->policy, section, i, &entry); i++)
		if (strcmp(entry.name, setting) == 0)
			return (struct place){view.file, entry.line};
	return (struct place){view.file, view.line};
}

/* ---- what is listed ---- */

/* Marks the sections of a kind in the main file whose name is in the list. */
static void mark(struct lint *lint, const char *kind, const char *list)
{
	struct policy_section view;
	size_t length;

	for (size_t i = 0; policy_section(lint->main, i, &view); i++) {
		const char *at = list, *word;

		while (strcmp(view.kind, kind) == 0 && (word = list_next(&at, &length), length > 0))
			if (strlen(view.name) == length && memcmp(view.name, word, length) == 0)
				lint->used[i] = true;
	}
}

static void look_for_unlisted(struct lint *lint)
{
	struct policy_section view;

	for (size_t i = 0; policy_section(lint->main, i, &view); i++) {
		struct place place = {view.file, view.line};

		if (lint->used[i])
			continue;
		if (strcmp(view.kind, "command") == 0)
			lint_find(lint, CHECK_COMMAND_UNLISTED, place, "[command %s]", view.name);
		if (strcmp(view.kind, "profile") == 0)
			lint_find(lint, CHECK_PROFILE_UNLISTED, place, "[profile %s]", view.name);
		if (strcmp(view.kind, "key") == 0)
			lint_find(lint, CHECK_KEY_UNLISTED, place, "[key %s]", view.name);
	}
}

/* ---- the walk ---- */

static void look_at_section(struct lint *lint, size_t index, const struct policy_section *section)
{
	struct policy_entry entry;

	for (size_t i = 0; policy_entry(lint->policy, index, i, &entry); i++) {
		if (strcmp(entry.name, "commands") == 0)
			mark(lint, "command", entry.value);
		if (strcmp(entry.name, "profiles") == 0)
			mark(lint, "profile", entry.value);
		if (strcmp(entry.name, "keys") == 0)
			mark(lint, "key", entry.value);
		if (strcmp(section->kind, "test") != 0)
			lint_entry(lint, section, &entry);
	}
	if (section->definition)
		lint_command(lint, index, section);
	if (strcmp(section->kind, "user") == 0 || strcmp(section->kind, "group") == 0) {
		lint->accounts = true;
		lint_account(lint, index, section);
	}
}

/* The sections from `first` on: those before it were looked at with the main file. */
static void look_at_sections(struct lint *lint, size_t first)
{
	struct policy_section section;

	for (size_t i = first; policy_section(lint->policy, i, &section); i++)
		look_at_section(lint, i, &section);
}

/* The main file's programs against a docroot that came with a file under users/. */
static void look_at_programs(struct lint *lint)
{
	struct policy_section section;

	for (size_t i = 0; policy_section(lint->policy, i, &section); i++)
		if (section.definition)
			lint_program_docroot(lint, lint_place(lint, i, "program"),
					     section.definition->programs[0].path);
}

static void add_fault(struct lint *lint, const struct policy_fault *fault)
{
	struct policy_fault *grown =
	    realloc(lint->faults, (lint->faults_count + 1) * sizeof *grown);

	lint->failed |= !grown;
	if (!grown)
		return;
	lint->faults = grown;
	struct policy_fault *kept = &lint->faults[lint->faults_count++];
	*kept = *fault;
	snprintf(kept->file, sizeof kept->file, "%s", shown_name(lint, fault->file));
}

static struct policy *load(struct lint *lint, const char *user)
{
	const struct policy_source source = {
		.file = lint->file, .user = user, .any_owner = lint->candidate};
	struct policy *policy = NULL;
	struct policy_fault fault;

	if (!policy_load(&source, &policy, &fault))
		add_fault(lint, &fault);
	return policy;
}

static size_t count_sections(const struct policy *policy)
{
	struct policy_section view;
	size_t count = 0;

	while (policy_section(policy, count, &view))
		count++;
	return count;
}

static void look_at_user_file(struct lint *lint, const char *directory, char *name)
{
	size_t length = strlen(name);
	char path[PATH_MAX + NAME_MAX + 2];

	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return;
	if (name[0] == '.' || length < 5 || strcmp(name + length - 4, ".ini") != 0) {
		snprintf(path, sizeof path, "%s/%s", directory, name);
		lint_find(lint, CHECK_USERS_STRAY, (struct place){path, 0}, "%s", name);
		return;
	}
	name[length - 4] = '\0';
	lint->accounts = true;
	lint->policy = load(lint, name);
	if (lint->policy) {
		look_at_sections(lint, count_sections(lint->main));
		look_at_programs(lint);
	}
	policy_free(lint->policy);
	lint->policy = lint->main;
}

static void look_at_users(struct lint *lint)
{
	char directory[PATH_MAX];
	struct dirent **names = NULL;
	int parent = (int)(strrchr(lint->file, '/') - lint->file);

	snprintf(directory, sizeof directory, "%.*s/users", parent, lint->file);
	int count = scandir(directory, &names, NULL, alphasort);
	if (count < 0 && errno != ENOENT) {
		struct policy_fault fault = {.reason = "the directory cannot be read: what is in it is not looked at"};

		snprintf(fault.file, sizeof fault.file, "%s", directory);
		add_fault(lint, &fault);
	}
	for (int i = 0; i < count; i++) {
		look_at_user_file(lint, directory, names[i]->d_name);
		free(names[i]);
	}
	free(names);
}

static void look_at_loaded(struct lint *lint)
{
	lint->used = calloc(count_sections(lint->main) + 1, sizeof *lint->used);
	lint->failed |= !lint->used;
	if (lint->failed)
		return;
	look_at_sections(lint, 0);
	look_at_users(lint);
	look_for_unlisted(lint);
	lint_docroots(lint);
	lint_here(lint);
	if (!lint->accounts)
		lint_find(lint, CHECK_POLICY_EMPTY, (struct place){lint->file, 0},
			  "no account has a place");
}

static void look_at_all(struct lint *lint)
{
	lint->policy = lint->main = load(lint, NULL);
	account_hold();
	if (lint->main)
		look_at_loaded(lint);
	account_release();
}

static void release(struct lint *lint)
{
	for (size_t i = 0; i < lint->findings_count; i++) {
		free(lint->findings[i].file);
		free(lint->findings[i].subject);
	}
	for (size_t i = 0; i < lint->docroots_count; i++) {
		free(lint->docroots[i].path);
		free(lint->docroots[i].whose);
		free(lint->docroots[i].file);
	}
	lint_homes_free(lint);
	free(lint->findings);
	free(lint->docroots);
	free(lint->faults);
	free(lint->used);
	policy_free(lint->main);
}

bool lint_policy(const char *file, const char *shown, size_t *high)
{
	struct lint lint = {.file = file, .shown = shown, .candidate = true, .now = time(NULL)};

	*high = 0;
	look_at_all(&lint);
	if (!lint.failed)
		lint_report(&lint);
	for (size_t i = 0; i < lint.findings_count; i++)
		*high += lint_checks[lint.findings[i].check].severity == SEVERITY_HIGH;
	bool looked = !lint.failed;
	release(&lint);
	return looked;
}

bool lint_candidate(const struct policy_source *source, size_t *high)
{
	struct lint lint = {.file = source->file, .shown = source->file, .now = time(NULL)};
	struct policy_source rest = *source;
	struct policy_fault fault;

	rest.user = NULL;
	bool loaded = policy_load(&rest, &lint.main, &fault) && policy_load(source, &lint.policy, &fault);
	lint.used = loaded ? calloc(count_sections(lint.main) + 1, sizeof *lint.used) : NULL;
	lint.failed = !lint.used;
	if (!lint.failed) {
		look_at_sections(&lint, count_sections(lint.main));
		look_at_programs(&lint);
	}
	for (size_t i = 0; i < lint.findings_count; i++)
		*high += lint_checks[lint.findings[i].check].severity == SEVERITY_HIGH;
	if (*high > 0)
		lint_report(&lint);
	policy_free(lint.policy);
	lint.policy = NULL;
	bool looked = !lint.failed;
	release(&lint);
	return looked;
}

int lint_main(int argc, char *argv[])
{
	struct lint lint = {.file = SALLYPORT_POLICY, .now = time(NULL)};
	int status = CLI_FAILURE;

	if (!read_options(argc, argv, &lint))
		return CLI_USAGE;
	lint.shown = lint.file;
	look_at_all(&lint);
	if (!lint.failed) {
		size_t serious = lint_report(&lint);

		status = lint.faults_count ? CLI_POLICY : serious ? CLI_FOUND : CLI_ALLOW;
	} else {
		fprintf(stderr, "sallyport: out of memory\n");
	}
	release(&lint);
	return status;
}
