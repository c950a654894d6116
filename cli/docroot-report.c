/*
 * docroot-report - what is wrong with a docroot, for a person or a program: sallyport(8), What docroot does.
 */
#include "docroot.h"

#include "member.h"
#include "paint.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { SCHEMA = 1 };

void report_head(const char *policy)
{
	printf("{\"schema\":%d", SCHEMA);
	member_text(",", "policy", policy);
	fputs(",\"docroots\":[", stdout);
}

void report_tail(const struct docroot_report *report)
{
	printf("],\"found\":%zu}\n", report->found);
}

void report_find(struct docroot_report *report, const char *word, const char *format, ...)
{
	char text[3 * PATH_MAX];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	if (report->json) {
		member_text(report->here++ ? ",{" : "{", "finding", word);
		member_text(",", "subject", text);
		putchar('}');
	} else {
		/* sshd's words stand by themselves */
		if (strcmp(word, DOCROOT_WAY) != 0)
			printf("  %-9s ", word);
		else
			fputs("  ", stdout);
		paint_escaped(text, strlen(text));
		putchar('\n');
	}
	report->found++;
}

static void print_text(const struct jail *jail)
{
	printf("%s: %s;", jail->path, look_layout(jail));
	for (size_t i = 0; i < jail->tenants_count; i++)
		printf(" %s%s%s", jail->tenants[i].user,
		       strcmp(jail->tenants[i].start, "/") != 0 ? " in " : "",
		       strcmp(jail->tenants[i].start, "/") != 0 ? jail->tenants[i].start : "");
	putchar('\n');
}

static void print_json(struct docroot_report *report, const struct jail *jail)
{
	member_text(report->docroots++ ? ",\n{" : "{", "docroot", jail->path);
	member_text(",", "layout", look_layout(jail));
	fputs(",\"accounts\":[", stdout);
	for (size_t i = 0; i < jail->tenants_count; i++) {
		member_text(i ? ",{" : "{", "user", jail->tenants[i].user);
		member_text(",", "start", jail->tenants[i].start);
		putchar('}');
	}
	fputs("],\"findings\":[", stdout);
}

void report_begin(struct docroot_report *report, const struct jail *jail)
{
	report->here = 0;
	if (report->json)
		print_json(report, jail);
	else
		print_text(jail);
}

void report_end(struct docroot_report *report, size_t same, size_t items)
{
	if (report->json)
		printf("],\"same\":%zu,\"of\":%zu}", same, items);
}
