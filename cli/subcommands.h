/*
 * subcommands - a subcommand of sallyport that has some of its own: `sallyport keys check …`.
 */
#ifndef CLI_SUBCOMMANDS_H
#define CLI_SUBCOMMANDS_H

struct subcommand {
	const char *name;
	int (*main)(int argc, char *argv[]); /* argv[0] is its name */
	const char *usage;
	const char *does;
};

/*
 * Runs the one that argv[1] names and returns its exit status. The table ends in {0}; group is the word before
 * it, whose page is sallyport-GROUP(8). What is none of them, or is called wrongly, is told how.
 */
int subcommands_run(const struct subcommand *table, const char *group, int argc, char *argv[]);

#endif
