/*
 * test - the [test] sections of the policy, or of files beside it, through the gate's own decision.
 * TAP, for prove(1) and CI. Nothing but the time of a test that names none comes from this host.
 */
#include "cli.h"
#include "dryrun.h"
#include "test-tap.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* A file that may hold tests: the policy itself, or one of those named. */
struct suite {
	struct policy *policy;
	const struct expectation *tests;
	size_t count;
	const char *file;
};

struct run {
	const char *policy; /* absolute */
	const char *shown;  /* what the report calls it */
	bool candidate;     /* -f: any owner */
	struct suite *suites;
	size_t suites_count;
	size_t total, number, failed;
};

static bool usage(void)
{
	fprintf(stderr, "usage: sallyport test [-f POLICY] [FILE…]\n"
			"       FILE holds [test] sections and nothing else; without one the "
			"policy's are run\n");
	return false;
}

/* Who reads TAP alone must see it too. */
static bool absent(const char *file)
{
	test_tap_bail_out(&(struct policy_fault){.reason = "there is no such file"}, file);
	return false;
}

static bool read_options(int argc, char *argv[], struct run *run)
{
	int option;

	while ((option = getopt(argc, argv, "+f:")) != -1) {
		if (option != 'f')
			return usage();
		run->candidate = true;
		run->policy = dryrun_policy(optarg);
		if (!run->policy)
			return absent(optarg);
	}
	for (int i = optind; i < argc; i++)
		if (access(argv[i], F_OK) != 0) {
			fprintf(stderr, "sallyport: %s: there is no such file\n", argv[i]);
			return absent(argv[i]);
		}
	run->shown = run->policy;
	return true;
}

static bool load(const struct policy_source *source, struct suite *suite)
{
	struct policy_fault fault;

	if (!policy_load(source, &suite->policy, &fault)) {
		test_tap_bail_out(&fault, suite->file);
		return false;
	}
	suite->tests = policy_tests(suite->policy, &suite->count);
	return true;
}

static bool load_file(const char *name, struct suite *suite)
{
	char *absolute = realpath(name, NULL);
	const struct policy_source source = {
		.file = absolute, .any_owner = true, .tests_only = true};

	suite->file = name;
	bool good = absolute ? load(&source, suite) : absent(name);
	free(absolute);
	return good;
}

/* The policy is loaded in any case: a fault of it is no failed test. Its own tests run when no file
 * is named. */
static bool load_suites(struct run *run, char *const *files, size_t count)
{
	const struct policy_source source = {.file = run->policy, .any_owner = run->candidate};
	struct suite *own = &run->suites[count];

	own->file = run->shown;
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
	struct expectation shown = *test;
	const struct subject subject = {
		.account = test->account,
		.address = test->address,
		.key = test->key,
		.now = test->now >= 0 ? test->now : time(NULL),
	};
	struct answer answer;

	if (strcmp(test->file, run->policy) == 0)
		shown.file = run->shown;
	dryrun_ask(&question, &subject, &answer);
	run->failed += !test_tap_report(++run->number, &shown, &answer);
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

static int load_and_run(struct run *run, char *const *files, size_t count)
{
	int status = CLI_POLICY;

	run->suites = calloc(count + 1, sizeof *run->suites);
	if (!run->suites)
		return CLI_FAILURE;
	if (load_suites(run, files, count))
		status = run_suites(run);
	for (size_t i = 0; i <= count; i++)
		policy_free(run->suites[i].policy);
	free(run->suites);
	return status;
}

bool test_policy(const char *file, const char *shown)
{
	struct run run = {.policy = file, .shown = shown, .candidate = true};

	return load_and_run(&run, NULL, 0) == CLI_ALLOW;
}

int test_main(int argc, char *argv[])
{
	struct run run = {.policy = SALLYPORT_POLICY};
	int status = CLI_USAGE;

	if (read_options(argc, argv, &run))
		status = load_and_run(&run, argv + optind, (size_t)(argc - optind));
	return status;
}
