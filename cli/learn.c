/*
 * learn - from what was denied, or what a client says that it sends, to the narrowest policy that
 * admits it. Prints comments, a diff, and tests; writes nothing.
 */
#include "learn.h"
#include "cli.h"
#include "dryrun.h"
#include "explain.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

static bool usage(void)
{
	fprintf(stderr, "usage: sallyport learn [-f POLICY] [-C user=NAME,…] FILE…\n"
			"       FILE holds what ssh -v or rsync -vv said, or log lines; - is stdin\n");
	return false;
}

static bool read_options(int argc, char *argv[], struct question *q)
{
	int option;

	while ((option = getopt(argc, argv, "+f:C:")) != -1) {
		switch (option) {
		case 'f':
			q->candidate = true;
			q->policy = dryrun_policy(optarg);
			if (!q->policy)
				return false;
			break;
		case 'C': q->connection = optarg; break;
		default: return usage();
		}
	}
	return optind < argc || usage();
}

static bool read_files(char *const *names, struct seen *seen)
{
	for (; *names; names++)
		if (!seen_read(seen, *names)) {
			fprintf(stderr, "sallyport: %s: %s\n", *names, strerror(errno));
			return false;
		}
	return true;
}

/* What was read and not believed: a log is where others write too. */
static void print_rejected(const struct seen *seen)
{
	for (size_t i = 0; i < seen->rejected_count && i < SEEN_REJECTED; i++)
		printf("# not believed: %s:%lu: %s\n", seen->rejected[i].file, seen->rejected[i].line,
		       seen->rejected[i].reason);
	if (seen->rejected_count > SEEN_REJECTED)
		printf("# not believed: %lu more lines\n", seen->rejected_count - SEEN_REJECTED);
	if (seen->dropped)
		printf("# not read: %lu lines beyond the first %d different commands\n", seen->dropped,
		       SEEN_MAX);
}

static bool seen_before(const struct seen *seen, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (seen->sighting[i].user && strcmp(seen->sighting[i].user, seen->sighting[at].user) == 0)
			return true;
	return false;
}

/* -C narrows to one account; without it every account that the log names. */
static int learn_all(struct learn *learn)
{
	const struct seen *seen = learn->seen;
	size_t nobodys = 0;
	int status = CLI_ALLOW;

	if (learn->given)
		return learn_account(learn, learn->given->user);
	for (size_t i = 0; i < seen->count && status == CLI_ALLOW; i++) {
		if (!seen->sighting[i].user)
			nobodys++;
		else if (!seen_before(seen, i))
			status = learn_account(learn, seen->sighting[i].user);
	}
	if (nobodys)
		printf("# %zu commands that no account is known for; -C user=NAME says whose they are\n",
		       nobodys);
	return status;
}

static void print_proposal(const struct learn *learn, const char *diffs, const char *tests)
{
	const char *slash = strrchr(learn->policy, '/');

	if (learn->seen->count + learn->seen->rejected_count == 0)
		printf("# no line is one of the gate's log, of ssh -v or of rsync -vv\n");
	if (!learn->proposed) {
		printf("# nothing to propose\n");
		return;
	}
	int directory = slash > learn->policy ? (int)(slash - learn->policy) : 1;

	printf("# in %.*s: patch -p0, then sallyport test\n", directory, learn->policy);
	lines_diff(&learn->lines, slash + 1, stdout);
	fputs(diffs, stdout);
	printf("# anybody who can write to the log can make up a line of it: judge before you patch\n%s",
	       tests);
}

static bool finish(FILE *file)
{
	return file && fclose(file) == 0;
}

/* Opens what is gathered while accounts are judged, and prints it behind them. */
static int run(struct learn *learn)
{
	char *diffs = NULL, *tests = NULL;
	size_t size;
	int status = CLI_FAILURE;

	learn->diffs = open_memstream(&diffs, &size);
	learn->tests = open_memstream(&tests, &size);
	if (learn->diffs && learn->tests) {
		print_rejected(learn->seen);
		status = learn_all(learn);
	}
	bool good = finish(learn->diffs);
	good = finish(learn->tests) && good;
	if (status == CLI_ALLOW && good)
		print_proposal(learn, diffs, tests);
	free(diffs);
	free(tests);
	if (status != CLI_ALLOW || !good)
		return status == CLI_ALLOW ? CLI_FAILURE : status;
	return learn->proposed ? CLI_ALLOW : CLI_NOTHING;
}

/* The policy must be sound before its lines are read as one. */
static bool open_policy(struct learn *learn)
{
	const struct policy_source source = {.file = learn->policy, .any_owner = learn->candidate};
	struct policy *policy;
	struct policy_fault fault;

	if (!policy_load(&source, &policy, &fault)) {
		explain_fault("error", &fault);
		return false;
	}
	policy_free(policy);
	if (lines_read(learn->policy, &learn->lines))
		return true;
	fprintf(stderr, "sallyport: %s: %s\n", learn->policy, strerror(errno));
	return false;
}

int learn_main(int argc, char *argv[])
{
	static struct seen seen;
	struct question question = {.policy = SALLYPORT_POLICY};
	struct subject subject = {0};
	struct learn learn = {.seen = &seen};
	int status = CLI_POLICY;

	if (!read_options(argc, argv, &question))
		return CLI_USAGE;
	if (question.connection && !dryrun_subject(&question, &subject))
		return CLI_USAGE;
	learn.given = question.connection ? &subject.account : NULL;
	learn.policy = question.policy;
	learn.candidate = question.candidate;
	if (!read_files(argv + optind, &seen))
		status = CLI_USAGE;
	else if (open_policy(&learn))
		status = run(&learn);
	lines_free(&learn.lines);
	seen_free(&seen);
	dryrun_forget(&subject);
	return status;
}
