/*
 * Goal: a path of sshd_config comes to what sshd makes of it, and one that sshd would not take comes to none.
 */
#include "test.h"

#include "cli/sshd-tokens.h"

static const struct policy_account kim = {.user = "kim", .uid = 1001, .home = "/home/kim"};

static void test_tokens(void **state)
{
	static const struct {
		const char *pattern, *tokens, *path;
	} rows[] = {
		{"", SSHD_TOKENS, ""},
		{"/srv/%u", SSHD_TOKENS, "/srv/kim"},
		{"/srv/%U/%u%u", SSHD_TOKENS, "/srv/1001/kimkim"},
		{"%h/in", SSHD_TOKENS, "/home/kim/in"},
		{"/srv/%%u", SSHD_TOKENS, "/srv/%u"},
		{"srv", SSHD_TOKENS, "srv"},
		{"/srv/%", SSHD_TOKENS, NULL},
		{"/srv/%d", SSHD_TOKENS, NULL},
		{"/srv/%i", SSHD_TOKENS, NULL},
		{"%d/in", SFTP_TOKENS, "/home/kim/in"},
		{"/%u/%%", SFTP_TOKENS, "/kim/%"},
		{"%h/in", SFTP_TOKENS, NULL},
		{"/%U", SFTP_TOKENS, NULL},
	};
	char out[PATH_MAX];

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		bool good = sshd_tokens(rows[i].pattern, rows[i].tokens, &kim, out);

		if (good != (rows[i].path != NULL) || (good && strcmp(out, rows[i].path) != 0))
			FAIL("%s: %s", rows[i].pattern, good ? out : "none");
	}
}

static void test_files(void **state)
{
	static const struct {
		const char *pattern, *path;
	} rows[] = {
		{".ssh/authorized_keys", "/home/kim/.ssh/authorized_keys"},
		{"%u/keys", "/home/kim/kim/keys"},
		{"%h/.ssh/keys", "/home/kim/.ssh/keys"},
		{"/etc/ssh/keys/%u", "/etc/ssh/keys/kim"},
		{"%%/keys", "/home/kim/%/keys"},
		{"%k", NULL},
	};
	char out[PATH_MAX];

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		bool good = sshd_tokens_file(rows[i].pattern, &kim, out);

		if (good != (rows[i].path != NULL) || (good && strcmp(out, rows[i].path) != 0))
			FAIL("%s: %s", rows[i].pattern, good ? out : "none");
	}
}

/* Never cut: one byte too many is no path. */
static void test_lengths(void **state)
{
	char pattern[PATH_MAX + 1], out[PATH_MAX];

	(void)state;
	memset(pattern, 'x', PATH_MAX);
	pattern[0] = '/';
	pattern[PATH_MAX - 1] = '\0';
	assert_true(sshd_tokens(pattern, SSHD_TOKENS, &kim, out));
	assert_string_equal(out, pattern);
	memcpy(pattern + PATH_MAX - 4, "%u", 3);
	assert_true(sshd_tokens(pattern, SSHD_TOKENS, &kim, out));
	memcpy(pattern + PATH_MAX - 4, "x%u", 4);
	assert_false(sshd_tokens(pattern, SSHD_TOKENS, &kim, out));
	memset(pattern, 'x', PATH_MAX - 1);
	pattern[PATH_MAX - 1] = '\0';
	assert_false(sshd_tokens_file(pattern, &kim, out));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tokens),
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_lengths),
	};

	return cmocka_run_group_tests_name("sshd-tokens", tests, NULL, NULL);
}
