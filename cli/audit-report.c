/*
 * audit-report - the six lines, the findings, what could not be seen; or the commands that mend it all.
 */
#include "audit.h"

#include "cli.h"
#include "paint.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAMES_SHOWN = 8, COMMANDS_MAX = 16 << 10 };

struct audit_counts audit_count(const struct audit *a)
{
	struct audit_counts counts = {0};

	for (size_t i = 0; i < a->accounts; i++) {
		const struct audit_account *account = &a->account[i];

		if (!audit_wanted(a, account))
			continue;
		if (!audit_restricted(account)) {
			counts.full += audit_can_login(account);
			continue;
		}
		counts.restricted++;
		counts.insecure += account->insecure;
		for (int hole = AUDIT_HOLE_SHELL; hole < AUDIT_HOLES; hole++)
			counts.hole[hole] += account->holes >> hole & 1;
	}
	return counts;
}

/* Word for word what Aspera's asp-check prints, with the gate's name for aspshell's. */
static void print_summary(const struct audit_counts *counts)
{
	const char *gate = strrchr(SALLYPORT_SHELL, '/') + 1;

	printf("Users with full access: %zu (not considered insecure)\n", counts->full);
	printf("Restricted users: %zu\n", counts->restricted);
	printf("Insecure users: %zu\n", counts->insecure);
	printf("- no restricted shell (%s): %zu\n", gate, counts->hole[AUDIT_HOLE_SHELL]);
	printf("- docroot above home directory: %zu\n", counts->hole[AUDIT_HOLE_DOCROOT]);
	printf("- ssh tunneling enabled: %zu\n", counts->hole[AUDIT_HOLE_TUNNEL]);
}

char *audit_commands(const struct audit_finding *f, const struct audit_account *account)
{
	const struct audit_values values = {
	    .user = account ? account->name : NULL,
	    .home = account ? account->home : NULL,
	    .file = f->file,
	    .line = f->line,
	    .path = f->path,
	    .value = f->value,
	};
	char *out = malloc(COMMANDS_MAX);

	if (out && audit_fix(audit_checks[f->id].fix, &values, out, COMMANDS_MAX))
		return out;
	free(out);
	return NULL;
}

static void escaped(const char *text)
{
	paint_escaped(text, strlen(text));
}

static void print_names(const struct audit_finding *f)
{
	printf("  who       ");
	for (size_t i = 0; i < f->who_count && i < NAMES_SHOWN; i++) {
		fputs(i ? " " : "", stdout);
		escaped(f->who[i]->name);
	}
	if (f->who_count > NAMES_SHOWN)
		printf(" and %zu more (--json has them all)", f->who_count - NAMES_SHOWN);
	putchar('\n');
}

static void print_place(const struct audit_finding *f)
{
	if (!f->file)
		return;
	printf("  evidence  ");
	escaped(f->file);
	if (f->line)
		printf(":%zu", f->line);
	putchar('\n');
}

/* For the first of its accounts: --fix-plan has them all. */
static void print_fix(const struct audit_finding *f)
{
	char *commands = audit_commands(f, f->who_count ? f->who[0] : NULL), *rest = commands, *line;
	const char *head = "  fix       ";

	while (rest && (line = strsep(&rest, "\n"))) {
		printf("%s", head);
		escaped(line);
		putchar('\n');
		head = "            ";
	}
	free(commands);
}

static void print_finding(const struct audit_finding *f)
{
	const struct audit_check *check = &audit_checks[f->id];

	printf("%s%s%s: %s: ", paint(check->severity >= AUDIT_HIGH ? PAINT_BAD : PAINT_WARN),
	       audit_severities[check->severity], paint(PAINT_OFF), check->id);
	escaped(f->what);
	putchar('\n');
	if (f->who_count)
		print_names(f);
	printf("  why       %s\n", check->why);
	print_place(f);
	print_fix(f);
}

static void print_blind(const struct audit *a)
{
	for (size_t i = 0; i < a->found.blind_count; i++) {
		printf("could not see: ");
		escaped(a->found.blind[i].what);
		printf(": ");
		escaped(a->found.blind[i].why);
		putchar('\n');
	}
}

static void print_text(const struct audit *a, const struct audit_counts *counts)
{
	print_summary(counts);
	if (a->user)
		audit_print_points(a, audit_account(a, a->user));
	audit_print_held(a);
	for (size_t i = 0; i < a->found.count; i++)
		if (audit_checks[a->found.finding[i].id].severity >= a->least)
			print_finding(&a->found.finding[i]);
	print_blind(a);
}

static void print_commands(const struct audit_finding *f, const struct audit_account *account)
{
	char *commands = audit_commands(f, account);

	if (commands)
		puts(commands);
	free(commands);
}

/* A script for sh, to be read first: worst first, and within a finding account by account. */
static void print_plan(const struct audit *a)
{
	puts("#!/bin/sh\n# sallyport audit --fix-plan: to be read, then run by root. Lines for hands begin with "
	     "'#'.");
	for (size_t i = 0; i < a->found.count; i++) {
		const struct audit_finding *f = &a->found.finding[i];
		const struct audit_check *check = &audit_checks[f->id];

		if (check->severity < a->least)
			continue;
		printf("\n# %s: %s: ", audit_severities[check->severity], check->id);
		escaped(f->what);
		putchar('\n');
		if (!f->who_count)
			print_commands(f, NULL);
		for (size_t j = 0; j < f->who_count; j++)
			print_commands(f, f->who[j]);
	}
	for (size_t i = 0; i < a->found.blind_count; i++) {
		printf("\n# could not see: ");
		escaped(a->found.blind[i].what);
		printf(": ");
		escaped(a->found.blind[i].why);
		putchar('\n');
	}
}

/* Whether something that is wrong is about no account: sshd, or the host. */
static bool host_is_insecure(const struct audit *a)
{
	for (size_t i = 0; i < a->found.count; i++)
		if (a->found.finding[i].who_count == 0 &&
		    audit_checks[a->found.finding[i].id].severity >= AUDIT_HIGH)
			return true;
	return false;
}

/* An account outside the gate counts too when anybody can be it: its finding is critical. */
static bool others_are_insecure(const struct audit *a)
{
	for (size_t i = 0; i < a->accounts; i++)
		if (a->account[i].insecure)
			return true;
	return false;
}

int audit_report(struct audit *a)
{
	struct audit_counts counts = audit_count(a);

	audit_sort(&a->found);
	if (a->found.failed) {
		fprintf(stderr, "sallyport: no memory\n");
		return CLI_FAILURE;
	}
	if (a->json)
		audit_report_json(a);
	else if (a->plan)
		print_plan(a);
	else
		print_text(a, &counts);
	if (counts.insecure || host_is_insecure(a) || others_are_insecure(a))
		return CLI_FOUND;
	return a->found.blind_count ? CLI_FAILURE : CLI_ALLOW;
}
