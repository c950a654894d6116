#include "lint.h"

#include "explain.h"

#include "text/escape.h"
#include "text/json.h"

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

static void print_escaped(const char *text)
{
	size_t size = 4 * strlen(text) + 8;
	char *out = malloc(size);

	if (out)
		escape_plain(text, strlen(text), out, size);
	fputs(out ? out : "?", stdout);
	free(out);
}

static void print_text(const struct finding *f)
{
	const struct check_row *row = &lint_checks[f->check];

	print_escaped(f->file);
	if (f->line)
		printf(":%u", f->line);
	printf(": %s: %s: ", severities[row->severity], row->id);
	print_escaped(f->subject);
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

static void member(const char *before, const char *name, const char *text)
{
	size_t size = JSON_GROWTH * strlen(text) + 3;
	char *out = malloc(size);

	if (out)
		json_string(text, strlen(text), out, size);
	printf("%s\"%s\":%s", before, name, out ? out : "null");
	free(out);
}

static void print_json(const struct finding *f)
{
	const struct check_row *row = &lint_checks[f->check];

	member("{", "id", row->id);
	member(",", "severity", severities[row->severity]);
	member(",", "file", f->file);
	printf(",\"line\":%u", f->line);
	member(",", "subject", f->subject);
	member(",", "why", row->why);
	member(",", "fix", row->fix);
	putchar('}');
}

static void print_json_fault(const struct policy_fault *f)
{
	member("{", "file", f->file);
	printf(",\"line\":%u", f->line);
	member(",", "reason", f->reason);
	member(",", "word", f->word);
	putchar('}');
}

static void report_json(const struct lint *lint, const size_t count[])
{
	printf("{\"schema\":%d", SCHEMA);
	member(",", "policy", lint->shown);
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
