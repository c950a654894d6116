/*
 * Goal: policy words become kernel words without loss or gain: each verb its rights, a lack of all that write a
 * read-only docroot, each way to run its profile; and nothing of the client's is in door one's plan (I2).
 */
#include "test.h"

#include "shell/plan.h"

static void test_files(void **state)
{
	const struct sandbox_view view = {0};
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
	static const struct form form = {"x", .most = VERBS_ALL};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		const struct settings settings = {
			.paths = {{"/in", rows[i].verbs, false}}, .paths_count = 1};
		const struct settings plain_settings = {.verbs = rows[i].verbs};
		const struct decision decision = {
			.program = "/p", .definition = &plain, .form = &form};
		const struct sandbox_grant at = plan_grant(&settings, &decision, &view, 7);
		const struct sandbox_grant grant = plan_grant(&plain_settings, &decision, &view, 7);

		assert_int_equal(grant.files, rows[i].files);
		assert_int_equal(grant.at_count, 0);
		assert_int_equal(at.files, 0);
		assert_int_equal(at.at_count, 1);
		assert_int_equal(at.at[0].files, rows[i].files);
		assert_string_equal(grant.program, "/p");
		assert_ptr_equal(grant.view, &view);
		assert_false(grant.may_lack_landlock);
	}
}

static void test_profiles(void **state)
{
	const struct sandbox_view view = {0};
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
	static const struct form form = {"x", .most = VERBS_ALL};
	const struct settings settings = {.may_lack = MAY_LACK_LANDLOCK};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		const struct definition definition = {.runs = rows[i].runs, .inside = inside};
		const struct decision decision = {.program = "/p", .definition = &definition, .form = &form};
		const struct sandbox_grant grant = plan_grant(&settings, &decision, &view, 7);

		assert_int_equal(grant.profile, rows[i].profile);
		assert_ptr_equal(grant.inside, inside);
		assert_true(grant.may_lack_landlock);
		assert_int_equal(grant.landlock, 7);
	}
}

static void test_view(void **state)
{
	static const struct who who = {.uid = 7, .gid = 8, .user = "alice", .home = "/home/alice"};
	struct settings settings = {.docroot = "/srv", .start = "/in", .nice = 3, .umask = 027,
		.limit = {1, LIMIT_UNSET, 3, LIMIT_UNSET, 9, LIMIT_UNSET}};

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
	assert_int_equal(view.nice, 3);
	assert_int_equal(view.limit[SANDBOX_CPU], 1);
	assert_true(view.limit[SANDBOX_FILE_SIZE] == SANDBOX_UNLIMITED);
	assert_int_equal(view.limit[SANDBOX_OPEN_FILES], 3);
	assert_true(view.limit[SANDBOX_MEMORY] == SANDBOX_UNLIMITED);
	assert_int_equal(view.limit[SANDBOX_PROCESSES], 9);
	assert_int_equal(view.umask, 027);
	assert_false(view.docroot_home);
	settings.docroot = NULL;
	settings.docroot_home = true;
	assert_null(plan_view(&who, &settings).docroot);
	assert_true(plan_view(&who, &settings).docroot_home);
}

/* Goal: a rule beneath a directory that the account could rename is guarded; what writes nowhere is read-only. */
static void test_paths(void **state)
{
	static const struct who who = {.uid = 7, .user = "alice"};
	static const struct {
		unsigned around, in;
		bool read_only, guarded;
	} rows[] = {
		{VERB_LIST, VERB_LIST | VERB_DOWNLOAD, true, false},
		{VERB_LIST, VERB_LIST | VERB_UPLOAD, false, false},
		{VERBS_ALL, VERB_LIST, true, true},
		{VERB_RENAME, VERB_LIST, true, true},
		{VERB_DELETE | VERB_UPLOAD, VERB_LIST, true, false},
		{VERB_DELETE | VERB_MKDIR, VERB_LIST, true, true},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		const struct settings settings = {
			.verbs = rows[i].around,
			.paths = {{"/in", rows[i].in, false}, {"/other", VERBS_ALL, false}, {"/in/x", VERBS_ALL, false}},
			.paths_count = 3};
		const struct sandbox_view view = plan_view(&who, &settings);

		assert_int_equal(view.paths_count, 3);
		assert_string_equal(view.path[0].directory, "/in");
		assert_int_equal(view.path[0].read_only, rows[i].read_only);
		assert_int_equal(view.path[0].guarded, rows[i].guarded);
		/* what holds beside it is no matter; what holds in any directory above it is */
		assert_int_equal(view.path[2].guarded, rows[i].guarded);
		assert_false(view.path[2].read_only);
	}
}

/* Goal: a parent stays beside what forks and what is limited, and beside nothing else; door one knows it (I2). */
static void test_waits(void **state)
{
	static const struct {
		enum runs runs;
		unsigned duration, sessions;
		bool waits;
	} rows[] = {
		{RUNS_PLAIN, 0, 0, false}, {RUNS_PLAIN, 1, 0, true}, {RUNS_PLAIN, 0, 1, true},
		{RUNS_FORK, 0, 0, true}, {RUNS_SPAWN, 0, 0, true}, {RUNS_NET, 0, 0, true},
		{RUNS_PROBE, 0, 0, false}, {RUNS_PROBE, 1, 1, false},
	};
	static const struct program none[] = {{0}};
	static const struct who who = {.uid = 7};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		const struct definition definition = {.runs = rows[i].runs, .programs = none};
		static const struct definition plain = {.runs = RUNS_PLAIN, .programs = none};
		const struct settings settings = {
			.commands = {&plain, &definition}, .commands_count = 2,
			.duration = rows[i].duration, .sessions = rows[i].sessions};

		const struct sandbox_view view = plan_view(&who, &settings);
		assert_int_equal(plan_waits(&settings, &definition), rows[i].waits);
		/* the plain one beside it counts too, once there is a limit */
		assert_int_equal(view.apart, rows[i].waits || rows[i].duration || rows[i].sessions);
		assert_int_equal(view.keep_slot, rows[i].sessions > 0);

		/* a key's limits are not known to hold until the key is, and door one is closed by then */
		const struct settings left = {.commands = {&plain}, .commands_count = 1,
					      .duration = rows[i].duration, .key_sessions = rows[i].sessions};
		const struct key_rule key = {.settings = &left};
		const struct settings keyed = {.commands = {&plain}, .commands_count = 1, .keys = &key, .keys_count = 1};
		const struct sandbox_view wide = plan_view(&who, &keyed);
		assert_int_equal(wide.apart, rows[i].duration || rows[i].sessions);
		assert_int_equal(wide.keep_slot, rows[i].sessions > 0);
	}
}

/* Goal: what tells what it does to files is listened to, if the account wants that, and nothing else is. */
static void test_waits_to_hear(void **state)
{
	static const struct program none[] = {{0}};
	static const struct definition tells = {.runs = RUNS_PLAIN, .programs = none, .logged = "-e"};
	static const struct definition mute = {.runs = RUNS_PLAIN, .programs = none};
	static const struct who who = {.uid = 7};

	(void)state;
	for (int wanted = 0; wanted < 2; wanted++) {
		struct settings settings = {.commands = {&tells}, .commands_count = 1, .log_transfers = wanted};

		assert_int_equal(plan_waits(&settings, &tells), wanted);
		assert_false(plan_waits(&settings, &mute));
		assert_int_equal(plan_view(&who, &settings).apart, wanted);
		settings.isolation = ISOLATION_LANDLOCK; /* it takes no privilege for this alone */
		assert_int_equal(plan_waits(&settings, &tells), wanted);
		assert_false(plan_view(&who, &settings).apart);
		settings.commands[0] = &mute;
		settings.isolation = ISOLATION_NAMESPACE;
		assert_false(plan_view(&who, &settings).apart);
	}
}

static void test_isolations(void **state)
{
	static const struct {
		enum isolation isolation;
		enum sandbox_isolation planned;
		const char *files;
	} rows[] = {
		{ISOLATION_NAMESPACE, SANDBOX_NAMESPACE, SANDBOX_FILES},
		{ISOLATION_CHROOT, SANDBOX_CHROOT, ""},
		{ISOLATION_LANDLOCK, SANDBOX_LANDLOCK, "/srv"},
	};
	static const struct who who = {.user = "alice"};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		const struct settings settings = {.docroot = "/srv", .start = "/", .isolation = rows[i].isolation};
		const struct sandbox_view view = plan_view(&who, &settings);

		assert_int_equal(view.isolation, rows[i].planned);
		assert_string_equal(view.files, rows[i].files);
		assert_null(view.keep_out[0]); /* user mode sets it */

		/* what forks has a parent beside it; a namespace only where it costs no privilege, or for a limit */
		static const struct program none[] = {{0}};
		const struct definition forks = {.runs = RUNS_FORK, .programs = none};
		struct settings limited = settings;
		limited.commands[0] = &forks;
		limited.commands_count = 1;
		assert_true(plan_waits(&limited, &forks));
		assert_int_equal(plan_view(&who, &limited).apart, rows[i].isolation != ISOLATION_LANDLOCK);
		limited.duration = 1;
		assert_true(plan_view(&who, &limited).apart);
	}
}

/* Goal: state and names are seen by those alone whose commands need them; a form may ask for the network. */
static void test_needs(void **state)
{
	static const struct who who = {.uid = 7, .gid = 8, .user = "alice", .home = "/home/alice"};
	static const struct program none[] = {{0}};
	static const struct form still[] = {{"x"}, {0}}, far[] = {{"x %f", .net = true}, {"x"}, {0}};
	static const struct form locks[] = {{"x", .inner = VERB_DELETE}, {0}};
	static const struct definition plain = {.name = "p", .forms = still, .programs = none};
	static const struct definition keeps = {.name = "k", .forms = still, .programs = none, .state = true};
	static const struct definition serves = {.name = "s", .forms = far, .programs = none, .runs = RUNS_FORK};
	struct settings settings = {.docroot = "/srv", .commands = {&plain}, .commands_count = 1};
	struct decision decision = {.program = "/p", .definition = &keeps, .form = still};
	const struct sandbox_view no_view = {0};

	(void)state;
	assert_null(plan_view(&who, &settings).state);
	assert_false(plan_view(&who, &settings).names);
	settings.commands[1] = &keeps;
	settings.commands[2] = &serves;
	settings.commands_count = 3;
	assert_string_equal(plan_view(&who, &settings).state, SALLYPORT_STATE);
	assert_false(plan_view(&who, &settings).names);
	settings.rclone_remote = "b2:x";
	assert_true(plan_view(&who, &settings).names);

	assert_true(plan_grant(&settings, &decision, &no_view, 7).state);
	decision.definition = &plain;
	assert_false(plan_grant(&settings, &decision, &no_view, 7).state);
	decision.definition = &serves;
	assert_int_equal(plan_grant(&settings, &decision, &no_view, 7).profile, SANDBOX_FORK);
	decision.form = far;
	assert_int_equal(plan_grant(&settings, &decision, &no_view, 7).profile, SANDBOX_NET);

	assert_false(plan_grant(&settings, &decision, &no_view, 7).one_by_one);
	decision.form = locks;
	assert_true(plan_grant(&settings, &decision, &no_view, 7).one_by_one);
	decision.judged = VERB_DELETE;
	assert_false(plan_grant(&settings, &decision, &no_view, 7).one_by_one);
}

/* Goal: a session has a /tmp if a command that it might run needs one, before anybody knows which it will be (I2). */
static void test_tmp(void **state)
{
	enum { SIZE = 16 << 20 };
	static const struct who who = {.uid = 7, .user = "alice"};
	static const struct program none[] = {{0}};
	static const struct definition plain = {.name = "p", .programs = none};
	static const struct definition needs = {.name = "n", .programs = none, .tmp = true};
	static const struct {
		const struct definition *commands[2];
		uint64_t limit, tmp;
	} rows[] = {
		{{NULL}, LIMIT_UNSET, 0},           {{&plain}, LIMIT_UNSET, 0},
		{{&needs}, LIMIT_UNSET, SIZE},      {{&plain, &needs}, LIMIT_UNSET, SIZE},
		{{&needs, &plain}, LIMIT_UNSET, SIZE}, {{&needs}, 0, 0},
		{{&plain, &needs}, 4096, 4096},     {{&plain}, 1 << 20, 1 << 20},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct settings settings = {.commands = {rows[i].commands[0], rows[i].commands[1]}};

		settings.commands_count = (size_t)!!rows[i].commands[0] + !!rows[i].commands[1];
		settings.limit[LIMIT_TMP] = rows[i].limit;
		if (plan_view(&who, &settings).tmp != rows[i].tmp)
			FAIL("row %zu: %llu", i, (unsigned long long)plan_view(&who, &settings).tmp);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_isolations),
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_profiles),
		cmocka_unit_test(test_view),
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_waits), cmocka_unit_test(test_waits_to_hear),
		cmocka_unit_test(test_needs),
		cmocka_unit_test(test_tmp),
	};

	return cmocka_run_group_tests_name("plan", tests, NULL, NULL);
}
