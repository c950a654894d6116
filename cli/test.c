/*
 * test - the [test] sections of the policy, or of files beside it, through the gate's own decision.
 * TAP, for prove(1) and CI. Nothing but the time of a test that names none comes from this host.
 */
#include "cli.h"
#include "dryrun.h"
#include "test-tap.h"

#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* A file that may hold tests: the policy itself, or one of those named. */
struct suite {
	struct policy *policy;
	const struct expectation *tests;
	size_t count;
	const char *file;
};

struct run {
	const char *policy; /* absolute */
	bool candidate;     /* -f: any owner */
	struct suite *suites;
	size_t suites_count;
	size_t total, number, failed;
};

static int usage(void)
{
	fprintf(stderr, "usage: sallyport test [-f POLICY] [FILE…]\n"
			"       FILE holds [test] sections and nothing else; without one the "
			"policy's are run\n");
	return CLI_USAGE;
}

static bool read_options(int argc, char *argv[], struct run *run)
{
	static char absolute[PATH_MAX];
	int option;

	while ((option = getopt(argc, argv, "+f:")) != -1) {
		if (option != 'f')
			return false;
		run->candidate = true;
		if (!realpath(optarg, absolute)) {
			fprintf(stderr, "sallyport: %s: there is no such policy\n", optarg);
			return false;
		}
		run->policy = absolute;
	}
	return true;
}

static bool load(const struct policy_source *source, struct suite *suite)
{
	struct policy_fault fault;

	if (!policy_load(source, &suite->policy, &fault)) {
		test_tap_bail_out(&fault);
		return false;
	}
	suite->tests = policy_tests(suite->policy, &suite->count);
	return true;
}

static bool load_file(const char *name, struct suite *suite)
{
	char *absolute = realpath(name, NULL);
	const struct policy_source source = {
		.file = absolute ? absolute : name, .any_owner = true, .tests_only = true};

	suite->file = name;
	if (!absolute) {
		fprintf(stderr, "sallyport: %s: there is no such file\n", name);
		return false;
	}
	bool good = load(&source, suite);
	free(absolute);
	return good;
}

/* The policy is loaded in any case: a fault of it is no failed test. Its own tests run when no file
 * is named. */
static bool load_suites(struct run *run, char *const *files, size_t count)
{
	const struct policy_source source = {.file = run->policy, .any_owner = run->candidate};
	struct suite *own = &run->suites[count];

	own->file = run->policy;
	if (!load(&source, own))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!load_file(files[i], &run->suites[i]))
			return false;
	if (count > 0)
		own->count = 0;
	run->suites_count = count ? count : 1;
	/* A suite without tests is a failure of its own: a guard that guards nothing. */
	for (size_t i = 0; i < run->suites_count; i++)
		run->total += run->suites[i].count ? run->suites[i].count : 1;
	return true;
}

static void run_test(struct run *run, const struct expectation *test)
{
	const struct question question = {
		.policy = run->policy, .candidate = run->candidate, .command = test->command};
	const struct subject subject = {
		.account = test->account,
		.address = test->address,
		.key = test->key,
		.now = test->now >= 0 ? test->now : time(NULL),
	};
	struct answer answer;

	dryrun_ask(&question, &subject, &answer);
	run->failed += !test_tap_report(++run->number, test, &answer);
	dryrun_free(&answer);
}

static int run_suites(struct run *run)
{
	test_tap_plan(run->total);
	for (size_t i = 0; i < run->suites_count; i++) {
		const struct suite *suite = &run->suites[i];

		for (size_t t = 0; t < suite->count; t++)
			run_test(run, &suite->tests[t]);
		if (suite->count == 0) {
			test_tap_empty(++run->number, suite->file);
			fprintf(stderr, "sallyport: %s has no [test] section\n", suite->file);
			run->failed++;
		}
	}
	return run->failed ? CLI_FOUND : CLI_ALLOW;
}

int test_main(int argc, char *argv[])
{
	struct run run = {.policy = SALLYPORT_POLICY};
	int status = CLI_POLICY;

	if (!read_options(argc, argv, &run))
		return usage();
	size_t files = (size_t)(argc - optind);
	run.suites = calloc(files + 1, sizeof *run.suites);
	if (!run.suites)
		return CLI_FAILURE;
	if (load_suites(&run, argv + optind, files))
		status = run_suites(&run);
	for (size_t i = 0; i <= files; i++)
		policy_free(run.suites[i].policy);
	free(run.suites);
	return fflush(stdout) || ferror(stdout) ? CLI_FAILURE : status;
}
