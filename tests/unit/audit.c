/*
 * Goal: what audit/ makes of the lines of the account files, of paths and of names; a finding is kept once, with all
 * of its accounts; and a fix can be given to sh whatever the names are.
 */
#include "test.h"

#include "audit/finding.h"
#include "audit/fix.h"

static void test_passwd(void **state)
{
	static const struct {
		const char *line, *reason, *shell;
		enum audit_password password;
	} rows[] = {
		{"a:x:1:2:G,e:/home/a:/bin/sh", NULL, "/bin/sh", AUDIT_PASSWORD_UNSEEN},
		{"a:x:1:2::/home/a:", NULL, "/bin/sh", AUDIT_PASSWORD_UNSEEN},
		{"a::1:2::/home/a:/x", NULL, "/x", AUDIT_PASSWORD_EMPTY},
		{"a:x:1:2::/home/a", "not seven fields", NULL, 0},
		{"a:x:1:2::/home/a:/x:y", "not seven fields", NULL, 0},
		{"", "not seven fields", NULL, 0},
		{":x:1:2::/:/x", "no name", NULL, 0},
		{"a:x:-1:2::/:/x", "the uid is no number", NULL, 0},
		{"a:x:4294967295:2::/:/x", "the uid is no number", NULL, 0},
		{"a:x:1:0x2::/:/x", "the gid is no number", NULL, 0},
		{"a:x:1:::/:/x", "the gid is no number", NULL, 0},
		{"+@netgroup", "not seven fields", NULL, 0},
		{"::::::::::::", "not seven fields", NULL, 0},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct audit_account account = {0};
		char *line = strdup(rows[i].line);
		const char *reason = audit_read_passwd(line, &account);

		if (!reason != !rows[i].reason || (reason && strcmp(reason, rows[i].reason) != 0))
			FAIL("%s: %s", rows[i].line, reason ? reason : "accepted");
		if (!reason && (strcmp(account.shell, rows[i].shell) != 0 || account.password != rows[i].password))
			FAIL("%s: %s %d", rows[i].line, account.shell, account.password);
		free(line);
	}
}

static void test_shadow(void **state)
{
	static const struct {
		const char *line;
		enum audit_password password;
	} rows[] = {
		{"a::1:::::", AUDIT_PASSWORD_EMPTY},   {"a:*:1:::::", AUDIT_PASSWORD_NONE},
		{"a:!:1:::::", AUDIT_PASSWORD_LOCKED}, {"a:!$6$x$y:1:::::", AUDIT_PASSWORD_LOCKED},
		{"a:x:1:::::", AUDIT_PASSWORD_NONE},   {"a:$y$j9T$a$b:1:::::", AUDIT_PASSWORD_SET},
		{"a:abJnggxhB/yWI:1", AUDIT_PASSWORD_SET}, {"a:_J9..rasmBYk8r9AiWNc:1", AUDIT_PASSWORD_SET},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		char *line = strdup(rows[i].line);
		enum audit_password password = AUDIT_PASSWORD_UNSEEN;
		const char *name;

		if (audit_read_shadow(line, &name, &password) || strcmp(name, "a") != 0 || password != rows[i].password)
			FAIL("%s: %d", rows[i].line, password);
		free(line);
	}
	char none[] = "a", nobody[] = ":x:";
	enum audit_password password;
	const char *name;
	assert_non_null(audit_read_shadow(none, &name, &password));
	assert_non_null(audit_read_shadow(nobody, &name, &password));
}

static void test_group(void **state)
{
	char good[] = "g:x:7:a,b", bad[] = "g:x:seven:", few[] = "g:x:7", none[] = ":x:7:";
	const char *name;
	char *members;
	unsigned gid;

	(void)state;
	assert_null(audit_read_group(good, &name, &gid, &members));
	assert_string_equal(name, "g");
	assert_string_equal(members, "a,b");
	assert_int_equal(gid, 7);
	assert_non_null(audit_read_group(bad, &name, &gid, &members));
	assert_non_null(audit_read_group(few, &name, &gid, &members));
	assert_non_null(audit_read_group(none, &name, &gid, &members));
}

static void test_names(void **state)
{
	(void)state;
	assert_null(audit_name_odd("alice"));
	assert_null(audit_name_odd("svc_a.b-c$"));
	assert_non_null(audit_name_odd("-rf"));
	assert_non_null(audit_name_odd("1000"));
	assert_non_null(audit_name_odd("a b"));
	assert_non_null(audit_name_odd("a\x1b[2J"));
	assert_non_null(audit_name_odd("a\xff"));
	assert_non_null(audit_name_odd("a/b"));
}

static void test_paths(void **state)
{
	static const struct {
		const char *path, *directory;
		bool within;
	} rows[] = {
		{"/home/jane", "/home/jane", true},  {"/home/jane/data", "/home/jane", true},
		{"/home/jane2", "/home/jane", false}, {"/home/jane", "/home/jane/data", false},
		{"/home/jane", "/", true},            {"/home/jane", "//home/", true},
		{"/home", "/home/jane", false},       {"//home///jane/", "/home/jane/", true},
		{"/srv/jane", "/home", false},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		if (audit_path_within(rows[i].path, rows[i].directory) != rows[i].within)
			FAIL("%s in %s", rows[i].path, rows[i].directory);
}

static void test_fix(void **state)
{
	static const struct audit_values odd = {.user = "a'b", .file = "/x y", .line = 7, .path = "a\nb", .value = "-x"};
	static const struct {
		const char *template, *fix;
	} rows[] = {
		{"passwd -l {user}", "passwd -l 'a'\\''b'"},
		{"# {file}:{line}", "# /x y:7"},
		{"rm {file}\nrm {path}", "rm '/x y'\n# rm a\\nb"},
		{"chown {home}", "# chown ?"},
		{"a {none} {", "a {none} {"},
		{"a {value}", "a '-x'"},
	};
	char out[64];

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		if (!audit_fix(rows[i].template, &odd, out, sizeof out) || strcmp(out, rows[i].fix) != 0)
			FAIL("%s: %s", rows[i].template, out);
	for (size_t size = 0; size < 8; size++)
		assert_false(audit_fix("# {file} {path}", &odd, out, size));
}

static void test_findings(void **state)
{
	static struct audit_findings all;
	static struct audit_account alice = {.name = "alice"}, bob = {.name = "bob"};
	const struct audit_evidence here = {.place = {"/f", 2}}, there = {.place = {"/f", 1}};

	(void)state;
	audit_find(&all, AUDIT_ACCOUNT_ODD, &alice, &here, "odd");
	audit_find(&all, AUDIT_ACCOUNT_ODD, &bob, &here, "odd");
	audit_find(&all, AUDIT_ACCOUNT_ODD, &bob, &here, "odd");
	assert_int_equal(all.count, 1);
	assert_int_equal(all.finding[0].who_count, 2);
	assert_false(alice.insecure);
	audit_find(&all, AUDIT_ACCOUNT_ODD, &bob, &there, "odd");
	audit_find(&all, AUDIT_DOCROOT_HOME, &bob, NULL, "%s", "holds");
	audit_sort(&all);
	assert_int_equal(all.count, 3);
	assert_int_equal(all.finding[0].id, AUDIT_DOCROOT_HOME);
	assert_int_equal(all.finding[1].line, 1);
	assert_true(bob.insecure);
	assert_true(bob.holes & 1u << AUDIT_HOLE_DOCROOT);
	audit_unseen(&all, "a", "%d", 1);
	audit_unseen(&all, "a", "%d", 1);
	audit_unseen(&all, "a", "%d", 2);
	assert_int_equal(all.blind_count, 2);
	assert_false(all.failed);
	audit_findings_free(&all);
}

static void test_rows(void **state)
{
	(void)state;
	for (int id = 0; id < AUDIT_CHECKS; id++) {
		const struct audit_check *check = &audit_checks[id];

		if (!check->id || !check->rows || !check->why || !check->fix || !*check->fix)
			FAIL("row %d", id);
		for (int other = 0; other < id; other++)
			if (strcmp(check->id, audit_checks[other].id) == 0)
				FAIL("%s is there twice", check->id);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_passwd), cmocka_unit_test(test_shadow),   cmocka_unit_test(test_group),
		cmocka_unit_test(test_names),  cmocka_unit_test(test_paths),    cmocka_unit_test(test_fix),
		cmocka_unit_test(test_findings), cmocka_unit_test(test_rows),
	};

	return cmocka_run_group_tests_name("audit", tests, NULL, NULL);
}
