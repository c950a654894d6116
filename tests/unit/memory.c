/*
 * Goal: whichever allocation fails, the first or the last, nothing crashes, leaks or is granted that was not
 * granted with memory (I4). Every malloc, calloc, realloc and strdup of the policy room and of expand.c is linked
 * to the ones here.
 */
#include "test.h"

#include "policy/policy.h"
#include "scratch.h"
#include "shell/expand.h"

#include <unistd.h>

static long budget = -1; /* allocations until one fails; -1: none fails */
static bool for_ever;    /* all that follow fail too; otherwise just the one */
static bool failed;

static bool spend(void)
{
	if (budget < 0 || budget-- > 0)
		return true;
	budget = for_ever ? 0 : -1;
	failed = true;
	return false;
}

/* The linker's names (--wrap). */
void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_realloc(void *old, size_t size);
char *__real_strdup(const char *text);
char *__wrap_strdup(const char *text);

void *__wrap_malloc(size_t size)
{
	return spend() ? __real_malloc(size) : NULL;
}

void *__wrap_calloc(size_t count, size_t size)
{
	return spend() ? __real_calloc(count, size) : NULL;
}

void *__wrap_realloc(void *old, size_t size)
{
	return spend() ? __real_realloc(old, size) : NULL;
}

char *__wrap_strdup(const char *text)
{
	return spend() ? __real_strdup(text) : NULL;
}

/* Long values everywhere, so that arenas need a new block at every kind of call. */
static char text[1 << 16];
static const char head[] = "[defaults]\ncommands = sftp scp rsync git aspera probe dump\ndocroot = /srv/%u/%h\n"
			   "access = full\nprogram scp = /opt/scp\npass-env = LANG LC_*\nsftp-subsystem = /x -l y\n"
			   "profiles = p q\nprotect = .ssh .rhosts\nlimit processes = 9\n";

static void add_long_entries(const char *name, int lines)
{
	char *at = text + strlen(text);

	for (int i = 1; i <= lines; i++)
		at += sprintf(at, i == 1 ? "%s = %0150d\n" : "%s.%d = %0150d\n", name, i, i);
}

static int make_text(void **state)
{
	(void)state;
	strcpy(text, head);
	add_long_entries("message", 20);
	for (int i = 0; i < POLICY_LIST_MAX; i++)
		sprintf(text + strlen(text), "env LONG_NAME_%032d = %0100d\n", i, i);
	strcat(text, "[command dump]\nprogram = /usr/bin/pg_dump\ntemplate = dump %1w %2p\nargv = pg_dump -- %1 %2\n"
		     "verbs = download\n[user alice]\n[profile p]\ncommands = scp rsync git dump\n[profile q]\n");
	for (int i = 0; i < 300; i++)
		sprintf(text + strlen(text), "[user %0*d]\nenv A%0*d = x\nenv B%0*d = %0*d\n", 4 + i % 37, i, i % 31,
			1, i % 29, 1, 1 + i % 23, 1);
	return 0;
}

static void load_all(void)
{
	struct policy_fault fault;
	long n = 0;

	for (failed = true; failed; n++) {
		failed = false;
		budget = n;
		struct policy *policy = scratch_load(text, strlen(text), &fault);
		const struct settings *settings = policy ? scratch_settings(policy, "alice") : NULL;
		budget = -1;
		if (policy && failed && settings)
			assert_non_null(settings->docroot);
		if (!policy) {
			assert_true(failed);
			assert_true(strcmp(fault.reason, "out of memory") == 0 ||
				    strcmp(fault.reason, "the file cannot be read whole") == 0);
		}
		policy_free(policy);
	}
	print_message("# %ld allocations failed in turn while loading\n", n - 1);
	assert_true(n > 10);
}

static void test_load(void **state)
{
	(void)state;
	for_ever = true;
	load_all();
	for_ever = false;
	load_all();
}

/* A command that makes many and long words of every kind. */
static char command[1 << 15];

enum { HEADS = 9, NOTHING = 8, KINDS = HEADS + 9 };

static void make_command(int kind)
{
	static const char *const heads[] = {
		"rsync --server -te.L", "rsync --server --sender -te.L", "scp -f", "git-upload-pack", "dump",
		"ascp --no-mgmt-port-files -M 1 -S. -V1", "sftp-server", "true", "nothing",
	};
	char *at = command + sprintf(command, "%s", heads[kind < HEADS ? kind : 0]);

	/* Short ones, in numbers that move the ends of the arena's blocks to between any two of their pieces. */
	for (int i = 0; kind >= HEADS && i < kind % 4; i++)
		at += sprintf(at, " --files-from=x");
	for (int i = 0; kind >= HEADS && i < 90 + kind; i++)
		at += sprintf(at, " --link-dest=x");
	if (kind >= HEADS)
		sprintf(at, " . y");
	if (kind <= 1)
		for (int i = 0; i < 40; i++)
			at += sprintf(at, " --link-dest=/old/%0200d --copy-dest ../%0100d", i, i);
	if (kind <= 1)
		at += sprintf(at, " . /up/x");
	for (int i = 0; (kind == 1 || kind == 2) && i < 40; i++)
		at += sprintf(at, " /a/%0200d %d/../*", i, i);
	if (kind == 3)
		sprintf(at, " '/%0200d/r.git'", 1);
	if (kind == 4)
		sprintf(at, " db /t");
	if (kind == 5)
		sprintf(at, " session");
}

/* Decides, builds the environment and expands, with the Nth allocation failing. */
static void try_command(const struct settings *settings, long n, char **want, size_t want_count)
{
	static char *const client[] = {"LANG=C", "LC_ALL=C", "GIT_PROTOCOL=version=2", NULL};
	const struct request request = {command, strlen(command), "/files"};
	struct decision d;
	const char *reason;

	failed = false;
	budget = n;
	policy_decide(settings, &request, &d);
	if (d.verdict == GRANT) {
		if (!want || d.argc != want_count)
			FAIL("%ld: another grant: %.80s", n, command);
		for (size_t i = 0; i < d.argc; i++)
			assert_string_equal(d.argv[i], want[i]);
		policy_environ(settings, &d, client);
		char **argv = expand_argv(&d, settings->protect, &reason);
		assert_true(argv || reason);
		for (size_t i = 0; argv && argv[i]; i++)
			free(argv[i]);
		free(argv);
	} else {
		assert_null(d.program);
		assert_null(d.argv);
		assert_non_null(d.reason);
	}
	budget = -1;
	decision_free(&d);
}

static void test_decide(void **state)
{
	struct policy_fault fault;
	struct policy *policy = scratch_load(text, strlen(text), &fault);
	const struct settings *settings;
	long all = 0;

	(void)state;
	assert_non_null(policy);
	settings = scratch_settings(policy, "alice");
	assert_non_null(settings);
	for (int kind = 0; kind < KINDS; kind++) {
		struct decision d;
		long n = 0;

		make_command(kind);
		const struct request request = {command, strlen(command), "/files"};
		policy_decide(settings, &request, &d);
		if ((d.verdict == GRANT) != (kind != NOTHING))
			FAIL("%.60s: %s", command, d.reason);
		for (int mode = 0; mode < 2; mode++) {
			for_ever = mode;
			n = 0;
			do
				try_command(settings, n++, d.argv, d.argc);
			while (failed);
			all += n - 1;
		}
		decision_free(&d);
	}
	policy_free(policy);
	print_message("# %ld allocations failed in turn while deciding\n", all);
	assert_true(all > 50);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_load),
		cmocka_unit_test(test_decide),
	};

	return cmocka_run_group_tests_name("memory", tests, make_text, NULL);
}
