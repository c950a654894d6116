/*
 * Goal: each isolation has its word and its place for the docroot, and settings that do not go with one are refused
 * before anything is confined by it (I4).
 */
#include "test.h"

#include "policy/isolation.h"

static void test_words(void **state)
{
	static const char *const words[] = {"namespace", "chroot", "landlock"};
	static const char *const wrong[] = {"", "none", "Chroot", "chroot ", "namespaces", "name", "landlock,chroot"};
	enum isolation isolation;

	(void)state;
	for (size_t i = 0; i < ROWS(words); i++) {
		assert_true(isolation_parse(words[i], &isolation));
		const struct settings settings = {.isolation = isolation};
		assert_string_equal(policy_isolation(&settings), words[i]);
	}
	for (size_t i = 0; i < ROWS(wrong); i++)
		assert_false(isolation_parse(wrong[i], &isolation));
}

static void test_root(void **state)
{
	struct settings settings = {.docroot = "/srv/a"};

	(void)state;
	assert_string_equal(policy_root(&settings, "/files"), "/files");
	settings.isolation = ISOLATION_CHROOT;
	assert_string_equal(policy_root(&settings, "/files"), "");
	settings.isolation = ISOLATION_LANDLOCK;
	assert_string_equal(policy_root(&settings, "/files"), "/srv/a");
}

static void test_check(void **state)
{
	static const struct {
		enum isolation isolation;
		const char *docroot;
		unsigned may_lack;
		const char *own;
		const char *reason; /* the beginning, or NULL */
	} rows[] = {
		{ISOLATION_NAMESPACE, "/srv/a", MAY_LACK_LANDLOCK, NULL, NULL},
		{ISOLATION_NAMESPACE, NULL, 0, NULL, NULL},
		{ISOLATION_CHROOT, "/srv/a", MAY_LACK_LANDLOCK, NULL, NULL},
		{ISOLATION_CHROOT, NULL, 0, NULL, "docroot = none"},
		{ISOLATION_LANDLOCK, "/srv/a", 0, NULL, NULL},
		{ISOLATION_LANDLOCK, NULL, 0, NULL, "docroot = none"},
		{ISOLATION_LANDLOCK, "/srv/a", MAY_LACK_LANDLOCK, NULL, "isolation = landlock, and"},
		/* user mode */
		{ISOLATION_LANDLOCK, "/home/u/files", 0, "/home/u/p.ini", NULL},
		{ISOLATION_NAMESPACE, "/home/u/files", 0, "/home/u/p.ini", NULL},
		{ISOLATION_NAMESPACE, NULL, 0, "/home/u/p.ini", NULL},
		{ISOLATION_CHROOT, "/home/u/files", 0, "/home/u/p.ini", "isolation = chroot in"},
		{ISOLATION_LANDLOCK, "/home/u", 0, "/home/u/p.ini", "the policy lies in"},
		{ISOLATION_LANDLOCK, "/home/u/c", 0, "/home/u/c/d/p.ini", "the policy lies in"},
		{ISOLATION_NAMESPACE, "/", 0, "/home/u/p.ini", "the policy lies in"},
		{ISOLATION_LANDLOCK, "/home/u/c", 0, "/home/u/cd/p.ini", NULL},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		const struct settings settings = {
			.isolation = rows[i].isolation, .docroot = rows[i].docroot, .may_lack = rows[i].may_lack};
		const char *want = NULL;
		const char *reason = isolation_check(&settings, rows[i].own, &want);

		if (!reason != !rows[i].reason ||
		    (reason && strncmp(reason, rows[i].reason, strlen(rows[i].reason)) != 0))
			FAIL("row %zu: %s", i, reason ? reason : "accepted");
		if (reason)
			assert_non_null(want);
	}
}

/* Goal: a rule that takes verbs away beneath a directory needs a mount; one that adds some does not. */
static void test_rules(void **state)
{
	static const enum isolation isolations[] = {ISOLATION_NAMESPACE, ISOLATION_CHROOT, ISOLATION_LANDLOCK};
	const char *want;

	(void)state;
	for (size_t i = 0; i < ROWS(isolations); i++) {
		struct settings settings = {.isolation = isolations[i], .docroot = "/srv", .paths_count = 2};

		assert_null(isolation_check(&settings, NULL, &want));
		settings.paths[1].read_only = true;
		assert_int_equal(!isolation_check(&settings, NULL, &want), isolations[i] == ISOLATION_NAMESPACE);
	}
}

/* Goal: a private /tmp is a mount; none of any size takes nothing, and what is not said is not asked for. */
static void test_tmp(void **state)
{
	static const enum isolation isolations[] = {ISOLATION_NAMESPACE, ISOLATION_CHROOT, ISOLATION_LANDLOCK};
	const char *want;

	(void)state;
	for (size_t i = 0; i < ROWS(isolations); i++) {
		struct settings settings = {.isolation = isolations[i], .docroot = "/srv"};

		settings.limit[LIMIT_TMP] = LIMIT_UNSET;
		assert_null(isolation_check(&settings, NULL, &want));
		settings.limit[LIMIT_TMP] = 0;
		assert_null(isolation_check(&settings, NULL, &want));
		settings.limit[LIMIT_TMP] = 1;
		assert_int_equal(!isolation_check(&settings, NULL, &want), isolations[i] == ISOLATION_NAMESPACE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_root),
		cmocka_unit_test(test_check),
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_tmp),
	};

	return cmocka_run_group_tests_name("isolation", tests, NULL, NULL);
}
