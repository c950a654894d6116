/*
 * Goal: no line that inih would misread reaches it (inih.c pins its traps), and no file is read that
 * somebody other than root could have written (I9).
 */
#include "test.h"

#include "planted.h"
#include "policy/source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define TEN "0123456789"
#define FORTY TEN TEN TEN TEN

static bool lint(const char *text, size_t length, struct source *source, struct policy_fault *fault)
{
	*source = (struct source){.text = malloc(length + 1), .length = length};
	assert_non_null(source->text);
	memcpy(source->text, text, length);
	source->text[length] = '\0';
	*fault = (struct policy_fault){0};
	return source_lint(source, fault);
}

static void test_traps(void **state)
{
	static const struct {
		const char *text;
		size_t length;
		unsigned line;
		const char *reason;
	} rows[] = {
		/* the tail of a line over 198 bytes is parsed as a new line */
		{BYTES("[a b]\nx = " FORTY FORTY FORTY FORTY TEN TEN "0123456"), 2, "a line longer than 190"},
		{BYTES("[a b]\n# " FORTY FORTY FORTY FORTY TEN TEN TEN), 2, "a line longer than 190"},
		/* text after " ;" vanishes */
		{BYTES("[a b]\nx = y ; z\n"), 2, "' ;' in a value"},
		{BYTES("[a b]\nx = ;z\n"), 2, "' ;' in a value"},
		{BYTES("[a b]\nx = y\t;z\n"), 2, "a tab"},
		/* section names are cut at 49 bytes */
		{BYTES("[user " FORTY "0123]\n"), 1, "a section's name longer than 48"},
		/* text after ] is ignored */
		{BYTES("[a b] x\n"), 1, "text behind the section's ']'"},
		{BYTES("[a b]]\n"), 1, "a bracket inside"},
		{BYTES("[a [b]\n"), 1, "a bracket inside"},
		{BYTES("[a b]\r\n"), 1, "a carriage return"},
		/* a NUL byte ends a line */
		{BYTES("[a b]\nx = y\0z\n"), 2, "a NUL byte"},
		{BYTES("[a b]\nx = y\n\0[user eve]\n"), 3, "a NUL byte"},
		{BYTES("\0"), 1, "a NUL byte"},
		/* : also separates names from values */
		{BYTES("[a b]\nx:y = z\n"), 2, "a ':' or ';'"},
		{BYTES("[a b]\nx: z\n"), 2, "a line that is no setting"},
		{BYTES("[a b]\nx;y = z\n"), 2, "a ':' or ';'"},
		/* an indented line becomes another value of the key before */
		{BYTES("[a b]\nx = y\n z = w\n"), 3, "an indented line"},
		{BYTES("[a b]\n [c d]\n"), 2, "an indented line"},
		{BYTES("[a b]\n\tx = y\n"), 2, "a tab"},
		{BYTES("[a b]\n # x\n"), 2, "an indented line"},
		/* and the rest */
		{BYTES("\xef\xbb\xbf[a b]\n"), 1, "a byte order mark"},
		{BYTES("[a b]\n\xef\xbb\xbfx = y\n"), 2, "a byte order mark"},
		{BYTES("x = y\n"), 1, "a setting before the first section"},
		{BYTES("[a b]\nx\n"), 2, "a line that is no setting"},
		{BYTES("[a b]\nx =\n"), 2, "a setting without a value"},
		{BYTES("[a b]\nx =   \n"), 2, "a setting without a value"},
		{BYTES("[a b]\n= y\n"), 2, "a setting without a name"},
		{BYTES("[a b]\n  = y\n"), 2, "an indented line"},
		{BYTES("[a b]\n" FORTY "012345678 = y\n"), 2, "a setting's name longer than 48"},
		{BYTES("[]\n"), 1, "a section is"},
		{BYTES("[ ]\n"), 1, "a section is"},
		{BYTES("[ a]\n"), 1, "a section is"},
		{BYTES("[a ]\n"), 1, "a section is"},
		{BYTES("[a  b]\n"), 1, "a section is"},
		{BYTES("["), 1, "text behind"},
		{BYTES("[a"), 1, "text behind"},
		{BYTES("[a b]\nx = \001\n"), 2, "a control byte"},
		{BYTES("[a b]\nx = \177\n"), 2, "a control byte"},
		{BYTES("[a b]\nx = y\fz\n"), 2, "a control byte"},
		{BYTES("# \033[2J\n"), 1, "a control byte"},
	};
	struct source source;
	struct policy_fault fault;

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		if (lint(rows[i].text, rows[i].length, &source, &fault))
			FAIL("row %zu is accepted: %s", i, rows[i].text);
		if (strncmp(fault.reason, rows[i].reason, strlen(rows[i].reason)) != 0)
			FAIL("row %zu: %s", i, fault.reason);
		assert_int_equal(fault.line, rows[i].line);
		source_free(&source);
	}
}

/* Goal: what is accepted is numbered right, with and without an LF at the end. */
static void test_accepted(void **state)
{
	static const char text[] = "\n; comment ; with = all [sorts] of\n#\n[a b]\nx=y\n\nz 1 = w;w = v\n[c]\nq = \xc3\xa4";
	struct source source;
	struct policy_fault fault;

	(void)state;
	assert_true(lint(BYTES(text), &source, &fault));
	assert_int_equal(source.sections_count, 2);
	assert_int_equal(source.sections[0].line, 4);
	assert_int_equal(source.sections[0].length, 3);
	assert_memory_equal(source.sections[0].name, "a b", 3);
	assert_int_equal(source.sections[1].line, 8);
	assert_int_equal(source.entries_count, 3);
	assert_int_equal(source.entries[0].line, 5);
	assert_int_equal(source.entries[1].line, 7);
	assert_int_equal(source.entries[1].section, 0);
	assert_int_equal(source.entries[2].line, 9);
	assert_int_equal(source.entries[2].section, 1);
	source_free(&source);
	assert_true(lint(BYTES(""), &source, &fault));
	assert_int_equal(source.sections_count, 0);
	source_free(&source);
}

/* Goal: the bounds are exact: 190 bytes of line, 48 of name. */
static void test_bounds(void **state)
{
	char text[256];
	struct source source;
	struct policy_fault fault;

	(void)state;
	for (int extra = 0; extra < 2; extra++) {
		int n = sprintf(text, "[a b]\nx = %0*d", POLICY_LINE_MAX - 4 + extra, 1);
		assert_int_equal(lint(text, (size_t)n, &source, &fault), !extra);
		source_free(&source);
		n = sprintf(text, "[a b]\n%0*d = y", POLICY_NAME_MAX + extra, 1);
		assert_int_equal(lint(text, (size_t)n, &source, &fault), !extra);
		source_free(&source);
		n = sprintf(text, "[user %0*d]", POLICY_NAME_MAX - 5 + extra, 1);
		assert_int_equal(lint(text, (size_t)n, &source, &fault), !extra);
		source_free(&source);
	}
}

/* ---- opening ---- */

static void put(const char *name, const char *text, mode_t mode)
{
	int fd = open(planted_at(name), O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static unsigned owner;  /* whose the file may be as well */
static size_t checked; /* source_open()'s */

static void expect(const char *name, bool any_owner, enum source_read want, const char *reason)
{
	struct source source;
	struct policy_fault fault = {0};
	const struct policy_source from = {.any_owner = any_owner, .owner = owner};
	enum source_read got = source_open(planted_at(name), checked, &from, &source, &fault);

	if (got != want)
		FAIL("%s: %d: %s", name, got, fault.reason ? fault.reason : "");
	if (reason && strcmp(fault.reason, reason) != 0)
		FAIL("%s: %s", name, fault.reason);
	if (got != SOURCE_READ)
		assert_null(source.text);
	source_free(&source);
}

static void test_kinds_of_file(void **state)
{
	const struct policy_source any = {.any_owner = true};
	struct source source;
	struct policy_fault fault;

	(void)state;
	put("good", "[a]\n", 0644);
	expect("good", true, SOURCE_READ, NULL);
	expect("absent", true, SOURCE_ABSENT, NULL);
	expect("", true, SOURCE_FAULT, "not a regular file");
	expect("good/x", true, SOURCE_FAULT, "the file cannot be opened");
	assert_int_equal(symlink("good", planted_at("link")), 0);
	expect("link", true, SOURCE_FAULT, "a link on the way");
	assert_int_equal(symlink(".", planted_at("dirlink")), 0);
	expect("dirlink/good", true, SOURCE_FAULT, "a link on the way");
	assert_int_equal(mkfifo(planted_at("fifo"), 0644), 0);
	expect("fifo", true, SOURCE_FAULT, "not a regular file"); /* and it does not wait for a writer */
	put("big", "", 0644);
	assert_int_equal(truncate(planted_at("big"), POLICY_FILE_MAX + 1), 0);
	expect("big", true, SOURCE_FAULT, "the file is larger than 1 MiB");
	assert_int_equal(truncate(planted_at("big"), POLICY_FILE_MAX), 0);
	expect("big", true, SOURCE_READ, NULL);
	assert_int_equal(source_open("policy.ini", 0, &any, &source, &fault), SOURCE_FAULT);
	assert_int_equal(source_open("", 0, &any, &source, &fault), SOURCE_FAULT);
	assert_int_equal(source_open("/dev/null", 0, &any, &source, &fault), SOURCE_FAULT);
	assert_int_equal(source_open("/proc/self/fd/0", 0, &any, &source, &fault), SOURCE_FAULT);
}

static void test_owners(void **state)
{
	static const char alone[] = "the file is not root's alone";
	static const char way[] = "a directory on the way is not root's alone";

	(void)state;
	if (getuid() != 0)
		skip(); /* only root can make files of others */
	put("mine", "[a]\n", 0644);
	expect("mine", false, SOURCE_READ, NULL);
	put("group", "[a]\n", 0664);
	expect("group", false, SOURCE_FAULT, alone);
	put("others", "[a]\n", 0646);
	expect("others", false, SOURCE_FAULT, alone);
	put("theirs", "[a]\n", 0644);
	assert_int_equal(chown(planted_at("theirs"), 65534, 0), 0);
	expect("theirs", false, SOURCE_FAULT, alone);
	expect("theirs", true, SOURCE_READ, NULL);
	assert_int_equal(mkdir(planted_at("d"), 0755), 0);
	put("d/x", "[a]\n", 0644);
	expect("d/x", false, SOURCE_READ, NULL);
	expect("d/absent", false, SOURCE_ABSENT, NULL);
	expect("absent/absent", false, SOURCE_ABSENT, NULL);
	assert_int_equal(chmod(planted_at("d"), 0777), 0);
	expect("d/x", false, SOURCE_FAULT, way);
	expect("d/absent", false, SOURCE_FAULT, way); /* somebody may have taken it away */
	expect("d/absent", true, SOURCE_ABSENT, NULL);
	assert_int_equal(chmod(planted_at("d"), 01777), 0); /* sticky is no help: a new name can be made */
	expect("d/x", false, SOURCE_FAULT, way);
	assert_int_equal(chmod(planted_at("d"), 0755) || chown(planted_at("d"), 65534, 0), 0);
	expect("d/x", false, SOURCE_FAULT, way);
}

/* Goal: only what is said to have been checked is not looked at again; what lies below it always is. */
static void test_checked(void **state)
{
	static const char way[] = "a directory on the way is not root's alone";

	(void)state;
	if (getuid() != 0)
		skip();
	assert_int_equal(mkdir(planted_at("w"), 0755) || mkdir(planted_at("w/users"), 0755), 0);
	put("w/x", "[a]\n", 0644);
	put("w/users/x", "[a]\n", 0644);
	checked = strlen(planted_at("w"));
	expect("w/users/x", false, SOURCE_READ, NULL);
	assert_int_equal(chmod(planted_at("w/users"), 0777), 0);
	expect("w/users/x", false, SOURCE_FAULT, way);
	assert_int_equal(chmod(planted_at("w/users"), 0755) || chmod(planted_at("w"), 0777), 0);
	expect("w/users/x", false, SOURCE_READ, NULL);
	expect("w/x", false, SOURCE_READ, NULL);
	checked = 0;
	expect("w/users/x", false, SOURCE_FAULT, way);
	expect("w/x", false, SOURCE_FAULT, way);
}

/* Goal: user mode's file and directories are root's or the account's, and nobody else writes them. */
static void test_owner_of_user_mode(void **state)
{
	static const char alone[] = "the file is not root's or the account's alone";
	static const char way[] = "a directory on the way is not root's or the account's alone";
	enum { ACCOUNT = 4321, OTHER = 4322 };

	(void)state;
	if (getuid() != 0)
		skip();
	assert_int_equal(mkdir(planted_at("u"), 0755) || chown(planted_at("u"), ACCOUNT, 0), 0);
	put("u/x", "[a]\n", 0644);
	owner = ACCOUNT;
	expect("u/x", false, SOURCE_READ, NULL); /* root's in a directory of the account's */
	assert_int_equal(chown(planted_at("u/x"), ACCOUNT, 0), 0);
	expect("u/x", false, SOURCE_READ, NULL);
	assert_int_equal(chown(planted_at("u/x"), OTHER, 0), 0);
	expect("u/x", false, SOURCE_FAULT, alone);
	assert_int_equal(chown(planted_at("u/x"), ACCOUNT, 0) || chmod(planted_at("u/x"), 0664), 0);
	expect("u/x", false, SOURCE_FAULT, alone);
	assert_int_equal(chmod(planted_at("u/x"), 0600) || chmod(planted_at("u"), 0775), 0);
	expect("u/x", false, SOURCE_FAULT, way);
	assert_int_equal(chmod(planted_at("u"), 0755) || chown(planted_at("u"), OTHER, 0), 0);
	expect("u/x", false, SOURCE_FAULT, way);
	/* and nothing of the account's counts where it is not user mode */
	assert_int_equal(chown(planted_at("u"), ACCOUNT, 0), 0);
	owner = 0;
	expect("u/x", false, SOURCE_FAULT, "a directory on the way is not root's alone");
	assert_int_equal(chown(planted_at("u"), 0, 0), 0);
	expect("u/x", false, SOURCE_FAULT, "the file is not root's alone");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_owner_of_user_mode),
		cmocka_unit_test(test_traps),         cmocka_unit_test(test_accepted),
		cmocka_unit_test(test_bounds),        cmocka_unit_test(test_kinds_of_file),
		cmocka_unit_test(test_owners), cmocka_unit_test(test_checked),
	};

	return cmocka_run_group_tests_name("source", tests, planted_make, planted_remove);
}
