/*
 * doctor-report - an examination for a person or for a program.
 */
#include "doctor.h"

#include "member.h"
#include "paint.h"

#include <stdio.h>
#include <string.h>

enum { SCHEMA = 1 };

static const char *const levels[] = {"OK", "WARN", "FAIL"};

static void print_json(const struct doctor *d, const size_t count[])
{
	printf("{\"schema\":%d", SCHEMA);
	member_text(",", "policy", d->file);
	fputs(",\"checks\":[", stdout);
	for (size_t i = 0; i < d->items_count; i++) {
		const struct line_item *item = &d->items[i];

		member_text(i ? ",{" : "{", "level", levels[item->level]);
		member_text(",", "check", item->check);
		member_text(",", "subject", item->subject);
		if (item->fix)
			member_text(",", "fix", item->fix);
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
		paint_escaped(item->subject, strlen(item->subject));
		putchar('\n');
		if (item->fix)
			printf("      fix                %s\n", item->fix);
	}
	printf("%zu ok, %zu warnings, %zu failures\n", count[LEVEL_OK], count[LEVEL_WARN], count[LEVEL_FAIL]);
}
