#include "subcommands.h"

#include "cli.h"

#include <stdio.h>
#include <string.h>

static int usage(const struct subcommand *table, const char *group, FILE *to)
{
	for (const struct subcommand *s = table; s->name; s++)
		fprintf(to, "%s sallyport %s %s\n\t%s\n", s == table ? "usage:" : "      ", group, s->usage, s->does);
	fprintf(to, "See sallyport-%s(8).\n", group);
	return to == stdout ? CLI_ALLOW : CLI_USAGE;
}

int subcommands_run(const struct subcommand *table, const char *group, int argc, char *argv[])
{
	if (argc >= 2 && strcmp(argv[1], "--help") == 0)
		return usage(table, group, stdout);
	for (const struct subcommand *s = table; argc >= 2 && s->name; s++)
		if (strcmp(argv[1], s->name) == 0) {
			int status = s->main(argc - 1, argv + 1);
			if (status == CLI_USAGE)
				fprintf(stderr, "usage: sallyport %s %s\n", group, s->usage);
			return fflush(stdout) || ferror(stdout) ? CLI_FAILURE : status;
		}
	return usage(table, group, stderr);
}
