/*
 * Goal: what a session makes of the directory of the pinned view without any privilege: names,
 * owners, links, and what is no namespace. Entering it is for tests/e2e/pinned.bats.
 */
#include "planted.h"
#include "test.h"

#include "sandbox/accounts.h"
#include "sandbox/base.h"
#include "sandbox/pinned.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void test_reads_names(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		bool good;
	} rows[] = {
	    {"0123456789abcdef-fedcba9876543210-00c0ffee", true},
	    {"0000000000000000-0000000000000000-00000000", true},
	    {"0123456789abcdef-fedcba9876543210-00c0ffe", false},
	    {"0123456789abcdef-fedcba9876543210-00c0ffee0", false},
	    {"0123456789ABCDEF-fedcba9876543210-00c0ffee", false},
	    {"0123456789abcdef_fedcba9876543210-00c0ffee", false},
	    {"0123456789abcde--fedcba9876543210-00c0ffee", false},
	    {" 123456789abcdef-fedcba9876543210-00c0ffee", false},
	    {"+123456789abcdef-fedcba9876543210-00c0ffee", false},
	    {"0x23456789abcdef-fedcba9876543210-00c0ffee", false},
	    {"../../../../../../../../../../etc/passwd/a", false},
	    {"current", false},
	    {"", false},
	};
	uint64_t stamp, mounts;

	for (size_t i = 0; i < ROWS(rows); i++)
		if (pinned_read_name(rows[i].name, &stamp, &mounts) != rows[i].good)
			FAIL("%s", rows[i].name);
	assert_true(pinned_read_name(rows[0].name, &stamp, &mounts));
	assert_true(stamp == 0x0123456789abcdef && mounts == 0xfedcba9876543210);
}

static enum sandbox_pin look(struct sandbox_pinned *pinned)
{
	struct sandbox_fault fault;

	sandbox_pin_look(planted_at("view"), pinned, &fault);
	if (pinned->state == SANDBOX_PIN_FOUL)
		assert_true(fault.reason && fault.want);
	if (pinned->ns >= 0)
		close(pinned->ns);
	return pinned->state;
}

static void point_to(const char *text)
{
	unlink(planted_at("view/current"));
	assert_int_equal(symlink(text, planted_at("view/current")), 0);
}

static void test_looks(void **state)
{
	(void)state;
	struct sandbox_pinned pinned;
	char name[SANDBOX_PIN_NAME + 1], path[64];

	if (getuid() != 0)
		skip(); /* owners are what is asked for */
	assert_int_equal(look(&pinned), SANDBOX_PIN_ABSENT);
	assert_int_equal(mkdir(planted_at("view"), 0755), 0);
	assert_int_equal(look(&pinned), SANDBOX_PIN_ABSENT);
	point_to("0123456789abcdef-fedcba9876543210-00c0ffee");
	assert_int_equal(look(&pinned), SANDBOX_PIN_STALE);
	assert_int_equal(pinned.ns, -1);
	point_to("/etc/passwd");
	assert_int_equal(look(&pinned), SANDBOX_PIN_FOUL);

	unsigned directories;
	int host = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	snprintf(name, sizeof name, "%016llx-0000000000000000-00000000",
		 (unsigned long long)base_stamp(host, &directories));
	close(host);
	point_to(name);
	assert_int_equal(look(&pinned), SANDBOX_PIN_ABSENT);
	snprintf(path, sizeof path, "view/%s", name);
	close(open(planted_at(path), O_WRONLY | O_CREAT | O_CLOEXEC, 0444));
	assert_int_equal(look(&pinned), SANDBOX_PIN_ABSENT);
	assert_int_equal(pinned.ns, -1);
	assert_string_equal(pinned.name, name);

	assert_int_equal(chmod(planted_at("view"), 0775), 0);
	assert_int_equal(look(&pinned), SANDBOX_PIN_FOUL);
	assert_int_equal(chmod(planted_at("view"), 0755), 0);
	assert_int_equal(chown(planted_at(""), 1, 1), 0);
	assert_int_equal(look(&pinned), SANDBOX_PIN_FOUL);
	assert_int_equal(chown(planted_at(""), 0, 0), 0);
	assert_int_equal(look(&pinned), SANDBOX_PIN_ABSENT);
	assert_int_equal(rename(planted_at("view"), planted_at("elsewhere")), 0);
	assert_int_equal(symlink("elsewhere", planted_at("view")), 0);
	assert_int_equal(look(&pinned), SANDBOX_PIN_FOUL);
}

static void test_owners_all_the_way(void **state)
{
	(void)state;
	assert_true(pinned_is_roots("/"));
	assert_true(pinned_is_roots("/usr"));
	assert_false(pinned_is_roots("/tmp"));
	assert_false(pinned_is_roots("/etc/passwd"));
	assert_false(pinned_is_roots("/there/is/no/such"));
}

/* Goal: the directory that a session mounts is named by all that stands in its files, and is no other's. */
static void test_account(void **state)
{
	char name[ACCOUNTS_NAME], user[300];
	static const struct {
		struct sandbox_account account;
		const char *name;
	} rows[] = {
		{{1000, 100, "alice"}, "1000-100-alice"},
		{{4294967294u, 4294967294u, "a-1"}, "4294967294-4294967294-a-1"},
		{{1, 2, ".."}, "1-2-.."},
		{{1, 2, "a/b"}, NULL},
		{{1, 2, "../../files/x"}, NULL},
		{{1, 2, "/"}, NULL},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		bool good = accounts_name(&rows[i].account, name);

		if (good != (rows[i].name != NULL) || (good && strcmp(name, rows[i].name) != 0))
			FAIL("%s", rows[i].account.user);
	}
	memset(user, 'x', sizeof user);
	user[251] = '\0';
	assert_true(accounts_name(&(struct sandbox_account){1, 2, user}, name)); /* 255 bytes: a name may have no more */
	user[251] = 'x', user[252] = '\0';
	assert_false(accounts_name(&(struct sandbox_account){1, 2, user}, name));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_reads_names),
	    cmocka_unit_test(test_account),
	    cmocka_unit_test(test_looks),
	    cmocka_unit_test(test_owners_all_the_way),
	};

	return cmocka_run_group_tests(tests, planted_make, planted_remove);
}
