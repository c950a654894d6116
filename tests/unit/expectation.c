/*
 * Goal: a [test] says what it means or is refused: every setting of it accepts what sallyport.ini(5) promises and
 * refuses what is near it, a row without examples here fails, and what is read is what was written.
 */
#include "test.h"

#include "policy/setting.h"
#include "scratch.h"

/* Lines that complete a [test] unless the example has that setting itself. */
static const char *const rest[] = {"user = alice", "command = c", "expect = allow"};

static const struct {
	const char *name;
	const char *accepted[8];
	const char *refused[14];
} examples[] = {
	{"addr", {"addr = 192.0.2.1", "addr = 2001:db8::1", "addr = ::ffff:192.0.2.1"},
	 {"addr = host.example.org", "addr = 192.0.2.300", "addr = 192.0.2.0/24", "addr = *", "addr = 1.2.3", "addr x = 1.2.3.4"}},
	{"argv", {"argv = c", "argv = c a\\x20b \\\\", "argv = c\nargv.2 = d"},
	 {"argv = a\\q", "argv = a\\x2 0b", "argv = a\\x00", "argv = a\\", "argv ="}},
	{"cert-id", {"cert-id = alice@example.org", "cert-id = two words"}, {"cert-id =", "cert-id x = y"}},
	{"command", {"command = id", "command = a\\nb\\t\\r\\\\\\x7F\\xff", "command = a\ncommand.2 = b"},
	 {"command = \\q", "command = \\x", "command = \\x4", "command = \\xg0", "command = a\\x00b", "command = a\\",
	  "command ="}},
	{"expect", {"expect = allow", "expect = deny", "expect = error"},
	 {"expect = maybe", "expect = Allow", "expect = allow deny", "expect = 0", "expect ="}},
	{"group", {"group = staff", "group = staff partners", "group = a\ngroup.2 = b"}, {"group =", "group = \\q"}},
	{"home", {"home = /home/x", "home = /"}, {"home = home/x", "home = ~", "home = %h"}},
	{"key", {"key = SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"},
	 {"key = SHA256:x", "key = MD5:00", "key = SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "key = SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA x", "key ="}},
	{"profile", {"profile = nightly"}, {"profile =", "profile x = y"}},
	{"reason", {"reason = not from\nexpect = deny"}, {"reason = x\nexpect = allow", "reason ="}},
	{"restricted", {"restricted = yes", "restricted = no"}, {"restricted = true", "restricted = y", "restricted = marker"}},
	{"rule", {"rule = scp"}, {"rule ="}},
	{"time", {"time = 20240603", "time = 202406031200", "time = 20240603120059", "time = 20240603Z"},
	 {"time = yesterday", "time = 2024", "time = 20240631", "time = 202406031260", "time = never", "time = 20240603+1"}},
	{"token", {"token = off", "token = marker"}, {"token = yes", "token = on", "token = m"}},
	{"uid", {"uid = 1", "uid = 4294967294"}, {"uid = 0", "uid = -1", "uid = 4294967295", "uid = 0x10", "uid = 1 2", "uid = 99999999999"}},
	{"user", {"user = alice", "user = a.b-c_d"}, {"user = a b", "user = a/b", "user = a:b", "user ="}},
};

static bool has_setting(const char *line, const char *setting)
{
	size_t length = strcspn(setting, " ");

	for (; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, setting, length) == 0 && line[length] == ' ')
			return true;
	}
	return false;
}

/* The policy of these lines, completed; NULL: *fault. */
static struct policy *load(const char *line, struct policy_fault *fault)
{
	char text[1024];
	int n = snprintf(text, sizeof text, "[test t]\n%s\n", line);

	for (size_t i = 0; i < ROWS(rest); i++)
		if (!has_setting(line, rest[i]))
			n += snprintf(text + n, sizeof text - (size_t)n, "%s\n", rest[i]);
	return scratch_load(text, (size_t)n, fault);
}

static void test_examples(void **state)
{
	struct policy_fault fault;
	int failures = 0;

	(void)state;
	for (size_t i = 0; i < ROWS(examples); i++) {
		for (const char *const *line = examples[i].accepted; *line; line++) {
			struct policy *policy = load(*line, &fault);

			if (!policy)
				failures++, print_message("# refused: %s: %s\n", *line, fault.reason);
			policy_free(policy);
		}
		for (const char *const *line = examples[i].refused; *line; line++) {
			struct policy *policy = load(*line, &fault);

			if (policy || fault.line == 0 || !fault.reason)
				failures++, print_message("# accepted, or without a place: %s\n", *line);
			policy_free(policy);
		}
	}
	assert_int_equal(failures, 0);
}

/* Goal: a setting that is added has examples, and the table is sorted. */
static void test_complete(void **state)
{
	(void)state;
	for (const struct setting *s = expectation_table; s->name; s++) {
		bool found = false;

		for (size_t i = 0; i < ROWS(examples) && !found; i++)
			found = strcmp(examples[i].name, s->name) == 0 && examples[i].accepted[0] &&
				examples[i].refused[0];
		if (!found)
			FAIL("the setting %s has no examples", s->name);
		assert_non_null(s->want);
		if (s[1].name && strcmp(s->name, s[1].name) >= 0)
			FAIL("%s stands before %s", s->name, s[1].name);
	}
}

static const struct expectation *only_test(struct policy *policy)
{
	size_t count;
	const struct expectation *test = policy_tests(policy, &count);

	assert_int_equal(count, 1);
	return test;
}

/* Goal: what is written is what is asked: escapes undone, blanks inside words kept. */
static void test_values(void **state)
{
	static const char text[] = "[test a name]\nuser = alice\nuid = 4711\nhome = /h\ngroup = staff part\\x20ners\n"
				   "addr = 192.0.2.1\ntime = 19700102\nprofile = p\nrestricted = yes\ntoken = marker\n"
				   "command = a\\x20b\ncommand.2 = \\xff\\n\nexpect = allow\nargv = x y\\x20z\nrule = scp\n";
	struct policy_fault fault;
	struct policy *policy = scratch_load(text, sizeof text - 1, &fault);

	(void)state;
	assert_non_null(policy);
	const struct expectation *t = only_test(policy);
	assert_string_equal(t->name, "a name");
	assert_int_equal(t->line, 1);
	assert_string_equal(t->account.user, "alice");
	assert_int_equal(t->account.uid, 4711);
	assert_string_equal(t->account.home, "/h");
	assert_string_equal(t->account.groups[0], "staff");
	assert_string_equal(t->account.groups[1], "part ners");
	assert_null(t->account.groups[2]);
	assert_string_equal(t->account.profile, "p");
	assert_true(t->account.restricted && t->account.token && !t->account.before_profile);
	assert_string_equal(t->address, "192.0.2.1");
	assert_int_equal(t->now, 24 * 60 * 60);
	assert_string_equal(t->command, "a b \xff\n");
	assert_int_equal(t->expect, EXPECT_ALLOW);
	assert_string_equal(t->argv[0], "x");
	assert_string_equal(t->argv[1], "y z");
	assert_null(t->argv[2]);
	assert_string_equal(t->rule, "scp");
	assert_null(t->reason);
	policy_free(policy);
}

/* Goal: what is not said is not taken from this host. */
static void test_unsaid(void **state)
{
	struct policy_fault fault;
	struct policy *policy = load("expect = deny", &fault);

	(void)state;
	assert_non_null(policy);
	const struct expectation *t = only_test(policy);
	assert_string_equal(t->account.home, "/home/alice");
	assert_int_equal(t->account.uid, EXPECTATION_UID);
	assert_null(t->account.groups[0]);
	assert_null(t->address);
	assert_int_equal(t->now, -1);
	assert_false(t->account.restricted || t->account.token || t->account.profile);
	assert_null(t->argv);
	policy_free(policy);
}

/* Goal: a test that asks nothing, or answers what cannot be, guards nothing and is refused. */
static void test_incomplete(void **state)
{
	static const struct {
		const char *text, *reason;
	} rows[] = {
		{"[test t]\ncommand = c\nexpect = deny\n", "a [test] without user"},
		{"[test t]\nuser = a\nexpect = deny\n", "a [test] without command"},
		{"[test t]\nuser = a\ncommand = c\n", "a [test] without expect"},
		{"[test t]\nuser = a\ncommand = c\nexpect = deny\nargv = c\n", "argv belongs to expect = allow"},
		{"[test t]\nuser = a\ncommand = c\nexpect = error\nargv = c\n", "argv belongs to expect = allow"},
		{"[test t]\nuser = a\ncommand = c\nexpect = allow\nreason = r\n", "reason does not belong"},
		{"[test t]\nuser = a\ncommand = c\nexpect = deny\naccess = full\n", "a setting that does not belong"},
		{"[test t]\nuser = a\nuser = b\ncommand = c\nexpect = deny\n", "a setting given twice"},
		{"[test]\nuser = a\ncommand = c\nexpect = deny\n", "the section's name is missing"},
		{"[user a]\nexpect = deny\n", "a setting that does not belong"},
	};
	struct policy_fault fault;

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		if (scratch_load(rows[i].text, strlen(rows[i].text), &fault))
			FAIL("accepted: %s", rows[i].text);
		if (strncmp(fault.reason, rows[i].reason, strlen(rows[i].reason)) != 0)
			FAIL("another reason: %s: %s", rows[i].text, fault.reason);
		assert_true(fault.line > 0);
	}
}

/* Goal: tools see the sections and settings of a policy as they are written, and its tests in their order. */
static void test_sections(void **state)
{
	static const char text[] = "[defaults]\naccess = full\naccess.2 = list\nenv TZ = UTC\n[group g]\numask = 022\n"
				   "[user u]\ndocroot = /x\n[profile p]\nrestricted = yes\n"
				   "[command c]\nprogram = /p\ntemplate = c\n"
				   "[test b]\nuser = u\ncommand = c\nexpect = deny\n"
				   "[test a]\nuser = u\ncommand = c\nexpect = deny\n";
	static const struct {
		const char *kind, *name;
		unsigned line;
		size_t entries;
	} rows[] = {
		{"defaults", "", 1, 2}, {"group", "g", 5, 1}, {"user", "u", 7, 1}, {"profile", "p", 9, 1},
		{"command", "c", 11, 2}, {"test", "b", 14, 3}, {"test", "a", 18, 3},
	};
	struct policy_fault fault;
	struct policy *policy = scratch_load(text, sizeof text - 1, &fault);
	struct policy_section section;
	struct policy_entry entry;
	size_t count;

	(void)state;
	assert_non_null(policy);
	for (size_t i = 0; i < ROWS(rows); i++) {
		assert_true(policy_section(policy, i, &section));
		assert_string_equal(section.kind, rows[i].kind);
		assert_string_equal(section.name, rows[i].name);
		assert_int_equal(section.line, rows[i].line);
		assert_int_equal(section.entries, rows[i].entries);
		assert_int_equal(section.definition != NULL, strcmp(section.kind, "command") == 0);
		assert_false(policy_entry(policy, i, section.entries, &entry));
	}
	assert_false(policy_section(policy, ROWS(rows), &section));
	assert_string_equal(section.name, "a"); /* untouched */
	assert_false(policy_entry(policy, ROWS(rows), 0, &entry));
	assert_true(policy_entry(policy, 0, 0, &entry));
	assert_string_equal(entry.name, "access");
	assert_string_equal(entry.value, "full list");
	assert_null(entry.argument);
	assert_int_equal(entry.line, 2);
	assert_true(policy_entry(policy, 0, 1, &entry));
	assert_string_equal(entry.argument, "TZ");
	assert_true(policy_names_groups(policy));
	const struct expectation *tests = policy_tests(policy, &count);
	assert_int_equal(count, 2);
	assert_string_equal(tests[0].name, "b");
	assert_string_equal(tests[1].name, "a");
	policy_free(policy);
	policy = scratch_load("[user u]\ndocroot = /x\n", 22, &fault);
	assert_non_null(policy);
	assert_false(policy_names_groups(policy));
	policy_free(policy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_examples), cmocka_unit_test(test_complete),   cmocka_unit_test(test_values),
		cmocka_unit_test(test_unsaid),   cmocka_unit_test(test_incomplete), cmocka_unit_test(test_sections),
	};

	return cmocka_run_group_tests_name("expectation", tests, NULL, NULL);
}
