/*
 * Goal: a policy that is not sound is refused whole, with file, line, word and reason; never guessed at (I2). Each
 * tests/corpus/reject/NAME.ini has its error in NAME.expect: "LINE: word: reason; want". Files come from root
 * alone (I9), which source.c tests.
 */
#include "test.h"

#include "policy/policy.h"
#include "scratch.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

enum { REJECTS = 40 };

static const char reject[] = "tests/corpus/reject";

/* Bytes that are not printable become '?': expectations are text files. */
static void printable(char *text)
{
	for (; *text; text++)
		if (((unsigned char)*text < 0x20 && *text != '\n') || *text == 0x7f)
			*text = '?';
}

static bool check_reject(const char *name, int *failures)
{
	char path[512], got[1024];
	size_t length;
	struct policy_fault fault;

	snprintf(path, sizeof path, "%s/%s.ini", reject, name);
	char *text = scratch_read(path, &length);
	assert_non_null(text);
	struct policy *policy = scratch_load(text, length, &fault);
	free(text);
	if (policy) {
		policy_free(policy);
		print_message("# %s is accepted\n", name);
		++*failures;
		return false;
	}
	snprintf(got, sizeof got, "%u: %s: %s%s%s%s%s\n", fault.line, fault.word, fault.reason,
		 fault.want ? "; " : "", fault.want ? fault.want : "", *fault.nearest ? "; nearest " : "",
		 fault.nearest);
	printable(got);
	snprintf(path, sizeof path, "%s/%s.expect", reject, name);
	text = scratch_read(path, &length);
	if (!text || strcmp(text, got) != 0) {
		print_message("# %s: %s# want: %s\n", name, got, text ? text : "(no .expect)");
		++*failures;
	}
	free(text);
	return true;
}

static void test_rejects(void **state)
{
	struct dirent *entry;
	DIR *directory = opendir(reject);
	int count = 0, failures = 0;

	(void)state;
	assert_non_null(directory);
	while ((entry = readdir(directory))) {
		char *dot = strrchr(entry->d_name, '.');
		if (!dot || strcmp(dot, ".ini") != 0)
			continue;
		*dot = '\0';
		check_reject(entry->d_name, &failures);
		count++;
	}
	closedir(directory);
	assert_int_equal(failures, 0);
	assert_true(count >= REJECTS);
	print_message("# %d malformed policies\n", count);
}

static void test_accepted(void **state)
{
	static const char *const texts[] = {
		"",
		"# nothing but a comment\n",
		"[defaults]\n",
		"[user alice]",
		"[defaults]\ncommands = sftp\ncommands.2 = scp rsync\ncommands.3 = git\n",
		"[user alice]\ncommands = dump\n[command dump]\nprogram = /usr/bin/pg_dump\ntemplate = dump %1w\n"
		"argv = pg_dump -Fc -- %1\nverbs = download\n",
		"[group a]\n[user a]\n[profile a]\n[command a]\nprogram = /x\ntemplate = a\n",
	};
	struct policy_fault fault;

	(void)state;
	for (size_t i = 0; i < ROWS(texts); i++) {
		struct policy *policy = scratch_load(texts[i], strlen(texts[i]), &fault);
		if (!policy)
			FAIL("%s: line %u: %s", texts[i], fault.line, fault.reason);
		policy_free(policy);
	}
}

/* ---- users/NAME.ini ---- */

static char dir[64];

static void put(const char *name, const char *text)
{
	char path[128];

	snprintf(path, sizeof path, "%s/%s", dir, name);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static bool load(const char *user, struct policy **policy, struct policy_fault *fault)
{
	char path[128];

	snprintf(path, sizeof path, "%s/policy.ini", dir);
	const struct policy_source source = {.file = path, .user = user, .any_owner = true};
	*policy = NULL;
	bool good = policy_load(&source, policy, fault);
	if (!good) {
		assert_null(*policy);
		return false;
	}
	policy_free(*policy);
	return true;
}

/* Goal: a file under users/ holds the one section of its name, for that account and no other. */
static void test_user_files(void **state)
{
	static const struct {
		const char *text;
		bool good;
	} rows[] = {
		{"[user bob]\ndocroot = /srv\n", true},
		{"", false},
		{"# empty\n", false},
		{"[user eve]\n", false},
		{"[defaults]\n", false},
		{"[user bob]\n[user eve]\n", false},
		{"[user bob]\n[command x]\nprogram = /x\ntemplate = x\n", false},
		{"[group staff]\n", false},
		{"[user bob]\nrubbish\n", false},
		{"[user alice]\n", false}, /* a section of policy.ini too */
	};
	struct policy *policy;
	struct policy_fault fault;
	char users[128];

	(void)state;
	put("policy.ini", "[defaults]\ncommands = sftp\n[user alice]\n");
	snprintf(users, sizeof users, "%s/users", dir);
	assert_int_equal(mkdir(users, 0755), 0);
	for (size_t i = 0; i < ROWS(rows); i++) {
		put("users/bob.ini", rows[i].text);
		if (load("bob", &policy, &fault) != rows[i].good)
			FAIL("row %zu: %s", i, rows[i].good ? fault.reason : "accepted");
		if (!rows[i].good)
			assert_non_null(strstr(fault.file, "users/bob.ini"));
		assert_true(load("carol", &policy, &fault)); /* bob's fault is bob's alone */
	}
	/* Names that are no file's reach no file. */
	put("evil.ini", "rubbish\n");
	put("users/.ini", "rubbish\n");
	assert_true(load("../evil", &policy, &fault));
	assert_true(load("..", &policy, &fault));
	assert_true(load("", &policy, &fault));
	assert_true(load(".", &policy, &fault));
	assert_true(load(NULL, &policy, &fault));
	/* A fault of the main file is everybody's. */
	put("policy.ini", "rubbish\n");
	assert_false(load("carol", &policy, &fault));
}

static void test_missing(void **state)
{
	struct policy *policy = NULL;
	struct policy_fault fault;
	const struct policy_source source = {.file = "/nowhere/policy.ini"};

	(void)state;
	assert_false(policy_load(&source, &policy, &fault));
	assert_null(policy);
	assert_string_equal(fault.reason, "the policy is missing");
	assert_string_equal(fault.file, "/nowhere/policy.ini");
}

static int make_dir(void **state)
{
	(void)state;
	strcpy(dir, "/tmp/load-XXXXXX");
	return mkdtemp(dir) ? 0 : -1;
}

static int remove_dir(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof command, "rm -rf %s", dir);
	return system(command);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rejects),
		cmocka_unit_test(test_accepted),
		cmocka_unit_test(test_user_files),
		cmocka_unit_test(test_missing),
	};

	return cmocka_run_group_tests_name("load", tests, make_dir, remove_dir);
}
