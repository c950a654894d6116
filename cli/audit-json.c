/*
 * audit-json - the audit for a program: sallyport-audit(8), JSON, has the schema.
 */
#include "audit.h"

#include "member.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SCHEMA = 1 };

static void print_summary(const struct audit *a)
{
	const struct audit_counts counts = audit_count(a);

	printf(
	    ",\"summary\":{\"full-access\":%zu,\"restricted\":%zu,\"insecure\":%zu,\"no-restricted-shell\":%zu,"
	    "\"docroot-above-home\":%zu,\"ssh-tunneling\":%zu}",
	    counts.full, counts.restricted, counts.insecure, counts.hole[AUDIT_HOLE_SHELL],
	    counts.hole[AUDIT_HOLE_DOCROOT], counts.hole[AUDIT_HOLE_TUNNEL]);
}

static void print_accounts(const struct audit *a)
{
	const char *before = "\n";

	fputs(",\"accounts\":[", stdout);
	for (size_t i = 0; i < a->accounts; i++) {
		const struct audit_account *account = &a->account[i];

		if (!audit_restricted(account) || !audit_wanted(a, account))
			continue;
		fputs(before, stdout);
		member_text("{", "name", account->name);
		member_text(",", "docroot", account->docroot);
		fputs(",\"layers\":[", stdout);
		for (int layer = 0, any = 0; layer < AUDIT_LAYERS; layer++)
			if (account->layers >> layer & 1)
				printf("%s\"%s\"", any++ ? "," : "", audit_layers_names[layer]);
		putchar(']');
		printf(",\"insecure\":%s}", account->insecure ? "true" : "false");
		before = ",\n";
	}
	putchar(']');
}

static void print_finding(const struct audit_finding *f)
{
	const struct audit_check *check = &audit_checks[f->id];
	char *fix = audit_commands(f, f->who_count ? f->who[0] : NULL);

	member_text("{", "id", check->id);
	member_text(",", "severity", audit_severities[check->severity]);
	member_text(",", "what", f->what);
	member_text(",", "why", check->why);
	fputs(",\"accounts\":[", stdout);
	for (size_t i = 0; i < f->who_count; i++) {
		fputs(i ? "," : "", stdout);
		member_string(f->who[i]->name, strlen(f->who[i]->name));
	}
	member_text("],", "file", f->file);
	printf(",\"line\":%zu", f->line);
	member_text(",", "path", f->path);
	member_text(",", "value", f->value);
	member_text(",", "fix", fix);
	putchar('}');
	free(fix);
}

void audit_report_json(const struct audit *a)
{
	const char *before = "\n";

	printf("{\"schema\":%d", SCHEMA);
	print_summary(a);
	print_accounts(a);
	fputs(",\"findings\":[", stdout);
	for (size_t i = 0; i < a->found.count; i++) {
		if (audit_checks[a->found.finding[i].id].severity < a->least)
			continue;
		fputs(before, stdout);
		print_finding(&a->found.finding[i]);
		before = ",\n";
	}
	fputs("],\"unseen\":[", stdout);
	for (size_t i = 0; i < a->found.blind_count; i++) {
		member_text(i ? ",{" : "{", "what", a->found.blind[i].what);
		member_text(",", "why", a->found.blind[i].why);
		putchar('}');
	}
	puts("]}");
}
