#include "subcommands.h"

#include "cli.h"

#include "policy/nearest.h"
#include "text/escape.h"

#include <stdio.h>
#include <string.h>

/* Of all in the table, or of its first. */
static int usage(const struct subcommand *table, bool one, const char *group, FILE *to)
{
	for (const struct subcommand *s = table; s->name && !(one && s > table); s++)
		fprintf(to, "%s sallyport %s %s\n\t%s\n", s == table ? "usage:" : "      ", group, s->usage, s->does);
	fprintf(to, "See sallyport-%s(8).\n", group);
	return to == stdout ? CLI_ALLOW : CLI_USAGE;
}

static int unknown(const struct subcommand *table, const char *group, const char *name)
{
	struct nearest near = {0};
	char shown[256];

	for (const struct subcommand *s = table; s->name; s++)
		nearest_offer(&near, name, strlen(name), s->name);
	if (!near.best)
		return usage(table, false, group, stderr);
	escape_plain(name, strlen(name), shown, sizeof shown);
	fprintf(stderr, "sallyport: %s %s: there is no such subcommand; nearest: %s\n", group, shown, near.best);
	return CLI_USAGE;
}

int subcommands_run(const struct subcommand *table, const char *group, int argc, char *argv[])
{
	if (argc < 2)
		return usage(table, false, group, stderr);
	if (strcmp(argv[1], "--help") == 0)
		return usage(table, false, group, stdout);
	for (const struct subcommand *s = table; s->name; s++) {
		if (strcmp(argv[1], s->name) != 0)
			continue;
		if (argc == 3 && strcmp(argv[2], "--help") == 0)
			return usage(s, true, group, stdout);
		int status = s->main(argc - 1, argv + 1);
		if (status == CLI_USAGE)
			fprintf(stderr, "usage: sallyport %s %s\n", group, s->usage);
		return status;
	}
	return unknown(table, group, argv[1]);
}
