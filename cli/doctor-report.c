/*
 * doctor-report - an examination for a person or for a program.
 */
#include "doctor.h"

#include "text/escape.h"
#include "text/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SCHEMA = 1 };

static const char *const levels[] = {"OK", "WARN", "FAIL"};

static void print_escaped(const char *text)
{
	size_t size = 4 * strlen(text) + 8;
	char *out = malloc(size);

	if (out)
		escape_plain(text, strlen(text), out, size);
	fputs(out ? out : "?", stdout);
	free(out);
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

static void print_json(const struct doctor *d, const size_t count[])
{
	printf("{\"schema\":%d", SCHEMA);
	member(",", "policy", d->file);
	fputs(",\"checks\":[", stdout);
	for (size_t i = 0; i < d->items_count; i++) {
		const struct line_item *item = &d->items[i];

		member(i ? ",{" : "{", "level", levels[item->level]);
		member(",", "check", item->check);
		member(",", "subject", item->subject);
		if (item->fix)
			member(",", "fix", item->fix);
		putchar('}');
	}
	printf("],\"ok\":%zu,\"warn\":%zu,\"fail\":%zu}\n", count[LEVEL_OK], count[LEVEL_WARN],
	       count[LEVEL_FAIL]);
}

void doctor_report(const struct doctor *d)
{
	size_t count[3] = {0};

	for (size_t i = 0; i < d->items_count; i++)
		count[d->items[i].level]++;
	if (d->json) {
		print_json(d, count);
		return;
	}
	for (size_t i = 0; i < d->items_count; i++) {
		const struct line_item *item = &d->items[i];

		printf("%-5s %-18s ", levels[item->level], item->check);
		print_escaped(item->subject);
		putchar('\n');
		if (item->fix)
			printf("      fix                %s\n", item->fix);
	}
	printf("%zu ok, %zu warnings, %zu failures\n", count[LEVEL_OK], count[LEVEL_WARN], count[LEVEL_FAIL]);
}
