/*
 * Goal: policy_hold() never claims more than the layers do. Each row was found by trying;
 * tests/e2e try them with the real programs. (I4: a lack that nothing upholds must be seen, to be denied.)
 */
#include "test.h"

#include "policy/policy.h"

static const struct without switches[] = {
	{VERB_MKDIR, "-P", "mkdir"},
	{VERB_RENAME | VERB_DELETE, "-P", "both"},
	{0},
};
static const struct form full = {"x", .most = VERBS_ALL};
static const struct form switched = {"x", .most = VERBS_ALL, .without = switches};
static const struct form reader = {"x", .most = VERB_DOWNLOAD | VERB_LIST, .refusable = VERB_LIST};
static const struct without keeps[] = {{VERB_DELETE, "-k", NULL}, {VERB_OVERWRITE, "-k", NULL}, {0}};
static const struct form keeper = {"x", .most = VERBS_ALL & ~(unsigned)VERB_RENAME,
				   .inner = VERB_OVERWRITE | VERB_RENAME | VERB_DELETE, .without = keeps};
static const struct form inner = {"x", .most = VERBS_ALL & ~(unsigned)VERB_LIST, .inner = VERB_LIST};

static const struct form picky = {"x", .most = VERBS_ALL, .refusable = VERB_OVERWRITE};

static void test_rows(void **state)
{
	static const struct {
		const struct form *form;
		unsigned account, verb;
		enum hold hold;
	} rows[] = {
		/* no verb that writes: the mount is read-only */
		{&full, VERB_DOWNLOAD | VERB_LIST, VERB_UPLOAD, HOLD_MOUNT},
		{&full, VERB_DOWNLOAD | VERB_LIST, VERB_OVERWRITE, HOLD_MOUNT},
		{&full, 0, VERB_DELETE, HOLD_MOUNT},
		/* Landlock has a right of its own for these */
		{&full, VERBS_ALL & ~(unsigned)VERB_DOWNLOAD, VERB_DOWNLOAD, HOLD_LANDLOCK},
		{&full, VERBS_ALL & ~(unsigned)VERB_LIST, VERB_LIST, HOLD_LANDLOCK},
		{&full, VERBS_ALL & ~(unsigned)VERB_MKDIR, VERB_MKDIR, HOLD_LANDLOCK},
		/* creating comes with rename, removing with rename and delete */
		{&full, VERB_RENAME, VERB_UPLOAD, HOLD_NONE},
		{&full, VERB_OVERWRITE, VERB_UPLOAD, HOLD_LANDLOCK},
		{&full, VERB_UPLOAD | VERB_RENAME, VERB_DELETE, HOLD_NONE},
		{&full, VERB_UPLOAD, VERB_DELETE, HOLD_LANDLOCK},
		{&full, VERB_UPLOAD | VERB_DELETE, VERB_RENAME, HOLD_NONE},
		{&full, VERB_UPLOAD, VERB_RENAME, HOLD_LANDLOCK},
		/* Landlock cannot tell creating from overwriting, nor hold chmod */
		{&full, VERB_UPLOAD, VERB_OVERWRITE, HOLD_NONE},
		{&full, VERBS_ALL & ~(unsigned)VERB_OVERWRITE, VERB_OVERWRITE, HOLD_NONE},
		/* the program's own switches, only when every verb of a row is lacking */
		{&switched, VERBS_ALL & ~(unsigned)(VERB_RENAME | VERB_DELETE), VERB_DELETE, HOLD_LANDLOCK},
		{&switched, VERB_UPLOAD | VERB_DELETE, VERB_RENAME, HOLD_NONE},
		/* a form that cannot write at all, of an account that may */
		{&reader, VERBS_ALL & ~(unsigned)VERB_UPLOAD, VERB_UPLOAD, HOLD_LANDLOCK},
		{&reader, VERB_DOWNLOAD | VERB_UPLOAD, VERB_LIST, HOLD_LANDLOCK},
		/* what the program needs for itself is kept from the client by the grammar */
		{&inner, VERBS_ALL & ~(unsigned)VERB_LIST, VERB_LIST, HOLD_GRAMMAR},
		/* ... and by its switch, never by Landlock, which lets the program */
		{&keeper, VERB_DOWNLOAD | VERB_UPLOAD | VERB_LIST | VERB_MKDIR, VERB_DELETE, HOLD_SWITCH},
		{&keeper, VERB_DOWNLOAD | VERB_UPLOAD | VERB_LIST | VERB_MKDIR, VERB_OVERWRITE, HOLD_SWITCH},
		{&keeper, VERB_DOWNLOAD | VERB_UPLOAD | VERB_LIST | VERB_MKDIR, VERB_RENAME, HOLD_GRAMMAR},
		{&keeper, VERB_UPLOAD | VERB_LIST, VERB_DOWNLOAD, HOLD_LANDLOCK},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		const struct ground ground = {"/", rows[i].account, rows[i].account, true};
		enum hold got = policy_hold(rows[i].form, &ground, rows[i].verb);

		if (got != rows[i].hold)
			FAIL("row %zu: %d", i, got);
	}
}

/*
 * Goal: for every set of verbs: a verb that Landlock is said to hold is not among those given to the program,
 * and the read-only mount is claimed only when no verb that writes is there.
 */
static void test_every_set(void **state)
{
	static const struct form *const forms[] = {&full, &switched, &reader, &inner};

	(void)state;
	for (size_t f = 0; f < ROWS(forms); f++)
		for (unsigned account = 0; account <= VERBS_ALL; account++)
			for (unsigned verb = 1; verb & VERBS_ALL; verb <<= 1) {
				const struct ground ground = {"/", account, account, true};
				enum hold hold = policy_hold(forms[f], &ground, verb);
				unsigned given = policy_given(forms[f], account);

				if (account & verb)
					continue;
				if (hold == HOLD_MOUNT)
					assert_false(account & VERBS_WRITE);
				if (hold == HOLD_LANDLOCK)
					assert_false(given & verb);
				if (verb == VERB_OVERWRITE && forms[f] == &full && account & VERBS_WRITE)
					assert_int_equal(hold, HOLD_NONE);
			}
}

/*
 * Goal: on a ground that the operands do not lie on, only what does not depend on the command line's own judgement
 * holds; where nothing can be mounted, the mount is not claimed.
 */
static void test_grounds(void **state)
{
	static const struct {
		const struct form *form;
		struct ground ground;
		unsigned verb;
		enum hold hold;
	} rows[] = {
		{&switched, {"/", VERB_UPLOAD | VERB_DELETE, VERB_UPLOAD | VERB_DELETE, true}, VERB_MKDIR, HOLD_LANDLOCK},
		/* a switch that is not set, since elsewhere the verb is there */
		{&switched, {"/", VERB_UPLOAD, VERBS_ALL, true}, VERB_OVERWRITE, HOLD_NONE},
		{&switched, {"/", VERB_RENAME, VERB_RENAME, true}, VERB_DELETE, HOLD_NONE},
		/* an option that is not refused, since elsewhere the verb is there */
		{&reader, {"/", VERB_DOWNLOAD, VERB_DOWNLOAD | VERB_LIST, true}, VERB_LIST, HOLD_LANDLOCK},
		{&picky,
		 {"/", VERB_UPLOAD, VERB_UPLOAD | VERB_OVERWRITE, true}, VERB_OVERWRITE, HOLD_NONE},
		{&picky,
		 {"/", VERB_UPLOAD, VERB_UPLOAD, true}, VERB_OVERWRITE, HOLD_GRAMMAR},
		/* no mount */
		{&full, {"/", VERB_LIST, VERB_LIST, false}, VERB_OVERWRITE, HOLD_NONE},
		{&full, {"/", VERB_LIST, VERB_LIST, false}, VERB_UPLOAD, HOLD_LANDLOCK},
		{&full, {"/", VERB_LIST, VERB_LIST, true}, VERB_OVERWRITE, HOLD_MOUNT},
	};
	struct settings settings = {.verbs = VERB_LIST, .paths_count = 1,
				    .paths = {{"/in", VERB_LIST | VERB_UPLOAD, false}}};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		enum hold got = policy_hold(rows[i].form, &rows[i].ground, rows[i].verb);

		if (got != rows[i].hold)
			FAIL("row %zu: %d", i, got);
	}
	assert_int_equal(policy_grounds(&settings), 2);
	assert_true(policy_ground(&settings, 1).mounts);
	settings.isolation = ISOLATION_CHROOT;
	assert_false(policy_ground(&settings, 0).mounts);
	settings.isolation = ISOLATION_LANDLOCK;
	assert_false(policy_ground(&settings, 1).mounts);
	settings.isolation = ISOLATION_NAMESPACE;
	assert_string_equal(policy_ground(&settings, 0).directory, "/");
	assert_int_equal(policy_ground(&settings, 0).verbs, VERB_LIST);
	assert_string_equal(policy_ground(&settings, 1).directory, "/in");
	assert_int_equal(policy_ground(&settings, 1).judged, VERB_LIST | VERB_UPLOAD);
	/* what a form needs for itself, only where it can do its work */
	const struct form needy = {"x", .most = VERBS_ALL, .needs = VERB_UPLOAD, .inner = VERB_DELETE};
	assert_int_equal(policy_given(&needy, VERB_LIST), VERB_LIST);
	assert_int_equal(policy_given(&needy, VERB_UPLOAD), VERB_UPLOAD | VERB_DELETE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_every_set),
		cmocka_unit_test(test_grounds),
	};

	return cmocka_run_group_tests_name("hold", tests, NULL, NULL);
}
