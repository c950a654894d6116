#include "subcommands.h"

#include "cli.h"

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

int subcommands_run(const struct subcommand *table, const char *group, int argc, char *argv[])
{
	if (argc >= 2 && strcmp(argv[1], "--help") == 0)
		return usage(table, false, group, stdout);
	for (const struct subcommand *s = table; argc >= 2 && s->name; s++)
		if (strcmp(argv[1], s->name) == 0) {
			if (argc == 3 && strcmp(argv[2], "--help") == 0)
				return usage(s, true, group, stdout);
			int status = s->main(argc - 1, argv + 1);
			if (status == CLI_USAGE)
				fprintf(stderr, "usage: sallyport %s %s\n", group, s->usage);
			return fflush(stdout) || ferror(stdout) ? CLI_FAILURE : status;
		}
	return usage(table, false, group, stderr);
}
