/*
 * Goal: policy words become kernel words without loss or gain: each verb its rights, a lack of all that write a
 * read-only docroot, each way to run its profile; and nothing of the client's is in door one's plan (I2).
 */
#include "test.h"

#include "shell/plan.h"

static void test_files(void **state)
{
	static const struct {
		unsigned verbs, files;
	} rows[] = {
		{0, 0},
		{VERB_DOWNLOAD, SANDBOX_READ},
		{VERB_UPLOAD, SANDBOX_WRITE | SANDBOX_CREATE},
		{VERB_OVERWRITE, SANDBOX_WRITE | SANDBOX_SYMLINK},
		{VERB_LIST, SANDBOX_LIST},
		{VERB_MKDIR, SANDBOX_MKDIR},
		{VERB_RENAME, SANDBOX_CREATE | SANDBOX_REMOVE | SANDBOX_MOVE},
		{VERB_DELETE, SANDBOX_REMOVE},
		{VERB_DOWNLOAD | VERB_LIST, SANDBOX_READ | SANDBOX_LIST},
		{VERBS_ALL, (SANDBOX_SYMLINK << 1) - 1},
	};
	static const struct definition plain = {.name = "x"};
	const struct settings settings = {0};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		const struct decision decision = {
			.program = "/p", .definition = &plain, .verbs = rows[i].verbs};
		const struct sandbox_grant grant = plan_grant(&settings, &decision);

		assert_int_equal(grant.files, rows[i].files);
		assert_string_equal(grant.program, "/p");
		assert_false(grant.may_lack_landlock);
	}
}

static void test_profiles(void **state)
{
	static const struct {
		enum runs runs;
		enum sandbox_profile profile;
	} rows[] = {
		{RUNS_PLAIN, SANDBOX_PLAIN},
		{RUNS_FORK, SANDBOX_FORK},
		{RUNS_SPAWN, SANDBOX_SPAWN},
		{RUNS_NET, SANDBOX_NET},
	};
	static const char *const inside[] = {"/usr/bin/git", NULL};
	const struct settings settings = {.may_lack = MAY_LACK_LANDLOCK};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		const struct definition definition = {.runs = rows[i].runs, .inside = inside};
		const struct decision decision = {.program = "/p", .definition = &definition};
		const struct sandbox_grant grant = plan_grant(&settings, &decision);

		assert_int_equal(grant.profile, rows[i].profile);
		assert_ptr_equal(grant.inside, inside);
		assert_true(grant.may_lack_landlock);
	}
}

static void test_view(void **state)
{
	static const struct who who = {.uid = 7, .gid = 8, .user = "alice", .home = "/home/alice"};
	struct settings settings = {.docroot = "/srv", .start = "/in", .processes = 9, .umask = 027};

	(void)state;
	for (unsigned verbs = 0; verbs <= VERBS_ALL; verbs++) {
		settings.verbs = verbs;
		const struct sandbox_view view = plan_view(&who, &settings);
		assert_int_equal(view.docroot_read_only, (verbs & VERBS_WRITE) == 0);
	}
	const struct sandbox_view view = plan_view(&who, &settings);
	assert_int_equal(view.uid, 7);
	assert_int_equal(view.gid, 8);
	assert_string_equal(view.docroot, "/srv");
	assert_string_equal(view.start, "/in");
	assert_string_equal(view.home, "/home/alice");
	assert_int_equal(view.processes, 9);
	assert_int_equal(view.umask, 027);
	assert_false(view.docroot_home);
	settings.docroot = NULL;
	settings.docroot_home = true;
	assert_null(plan_view(&who, &settings).docroot);
	assert_true(plan_view(&who, &settings).docroot_home);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_profiles),
		cmocka_unit_test(test_view),
	};

	return cmocka_run_group_tests_name("plan", tests, NULL, NULL);
}
