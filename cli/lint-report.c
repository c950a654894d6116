#include "lint.h"

#include "explain.h"
#include "member.h"
#include "paint.h"

#include <stdlib.h>
#include <string.h>

enum { SCHEMA = 1 };

static const char *const severities[] = {"low", "medium", "high"};

static int compare(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;
	int order = strcmp(x->file, y->file);

	if (order == 0)
		order = (x->line > y->line) - (x->line < y->line);
	if (order == 0)
		order = (int)lint_checks[y->check].severity - (int)lint_checks[x->check].severity;
	if (order == 0)
		order = (int)x->check - (int)y->check;
	return order ? order : strcmp(x->subject, y->subject);
}

/* One account after another meets the same fault: it is said once. */
static void sort(struct lint *lint)
{
	size_t kept = 0;

	if (lint->findings_count)
		qsort(lint->findings, lint->findings_count, sizeof *lint->findings, compare);
	for (size_t i = 0; i < lint->findings_count; i++) {
		if (kept == 0 || compare(&lint->findings[kept - 1], &lint->findings[i]) != 0) {
			lint->findings[kept++] = lint->findings[i];
			continue;
		}
		free(lint->findings[i].file);
		free(lint->findings[i].subject);
	}
	lint->findings_count = kept;
}

static void print_text(const struct finding *f)
{
	const struct check_row *row = &lint_checks[f->check];

	paint_escaped(f->file, strlen(f->file));
	if (f->line)
		printf(":%u", f->line);
	printf(": %s: %s: ", severities[row->severity], row->id);
	paint_escaped(f->subject, strlen(f->subject));
	printf("\n  why       %s\n  fix       %s\n", row->why, row->fix);
}

static void print_summary(const size_t count[])
{
	if (count[SEVERITY_HIGH] + count[SEVERITY_MEDIUM] + count[SEVERITY_LOW] == 0)
		puts("no findings");
	else
		printf("%zu high, %zu medium, %zu low\n", count[SEVERITY_HIGH],
		       count[SEVERITY_MEDIUM], count[SEVERITY_LOW]);
}

static void print_json(const struct finding *f)
{
	const struct check_row *row = &lint_checks[f->check];

	member_text("{", "id", row->id);
	member_text(",", "severity", severities[row->severity]);
	member_text(",", "file", f->file);
	printf(",\"line\":%u", f->line);
	member_text(",", "subject", f->subject);
	member_text(",", "why", row->why);
	member_text(",", "fix", row->fix);
	putchar('}');
}

static void print_json_fault(const struct policy_fault *f)
{
	member_text("{", "file", f->file);
	printf(",\"line\":%u", f->line);
	member_text(",", "reason", f->reason);
	member_text(",", "word", f->word);
	putchar('}');
}

static void report_json(const struct lint *lint, const size_t count[])
{
	printf("{\"schema\":%d", SCHEMA);
	member_text(",", "policy", lint->shown);
	fputs(",\"errors\":[", stdout);
	for (size_t i = 0; i < lint->faults_count; i++) {
		fputs(i ? "," : "", stdout);
		print_json_fault(&lint->faults[i]);
	}
	fputs("],\"findings\":[", stdout);
	for (size_t i = 0; i < lint->findings_count; i++) {
		fputs(i ? "," : "", stdout);
		print_json(&lint->findings[i]);
	}
	printf("],\"high\":%zu,\"medium\":%zu,\"low\":%zu}\n", count[SEVERITY_HIGH],
	       count[SEVERITY_MEDIUM], count[SEVERITY_LOW]);
}

size_t lint_report(struct lint *lint)
{
	size_t count[3] = {0};

	sort(lint);
	for (size_t i = 0; i < lint->findings_count; i++)
		count[lint_checks[lint->findings[i].check].severity]++;
	if (lint->json) {
		report_json(lint, count);
	} else {
		for (size_t i = 0; i < lint->faults_count; i++)
			explain_fault("error", &lint->faults[i]);
		for (size_t i = 0; i < lint->findings_count; i++)
			print_text(&lint->findings[i]);
		if (lint->main)
			print_summary(count);
	}
	return count[SEVERITY_HIGH] + count[SEVERITY_MEDIUM];
}
