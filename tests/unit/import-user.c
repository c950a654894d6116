/*
 * Goal: Aspera's settings of a user come to no more than they were: each denial takes its verbs away, and what has no
 * counterpart and took something away keeps the account out.
 */
#include "test.h"

#include "cli/import-user.h"

static struct import_user user;

/* Takes a whole string; the last reason that was given, or NULL. */
static const char *take(const char *string)
{
	static struct asconf conf;
	const char *reason = NULL, *one;
	size_t offset;

	import_user_begin(&user, "alice");
	assert_null(asconf_read(string, strlen(string), &conf, &offset));
	for (size_t i = 0; i < conf.count; i++)
		if ((one = import_user_take(&user, &conf.pair[i])))
			reason = one;
	return reason;
}

static void test_access(void **state)
{
	static const struct {
		const char *string, *access;
		bool token, restricted;
	} rows[] = {
		{"x;absolute,/d", "full"},
		{"x;absolute,/d;read_allowed,true;write_allowed,true;dir_allowed,true", "full"},
		{"x;absolute,/d;write_allowed,false", "read-only"},
		{"x;absolute,/d;write_allowed,false;write_allowed,AS_NULL", "full"},
		{"x;absolute,/d;read_allowed,false", "upload overwrite mkdir rename delete list"},
		{"x;absolute,/d;dir_allowed,false", "download upload overwrite mkdir rename delete", false, true},
		{"x;absolute,/d;dir_allowed,false;write_allowed,false", "download", false, true},
		{"x;absolute,/d;authorization_transfer_in_value,deny", "read-only"},
		{"x;absolute,/d;authorization_transfer_out_value,deny", "upload overwrite mkdir rename delete list"},
		{"x;absolute,/d;authorization_transfer_out_value,deny;dir_allowed,false",
		 "upload overwrite mkdir rename delete", false, true},
		{"x;absolute,/d;authorization_transfer_in_value,token;authorization_transfer_out_value,token", "full", true},
		/* one direction with a token: the other gets one, too */
		{"x;absolute,/d;authorization_transfer_in_value,token", "full", true},
		/* a token for what is denied asks for none */
		{"x;absolute,/d;authorization_transfer_in_value,token;write_allowed,false", "read-only"},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		assert_null(take(rows[i].string));
		assert_null(import_user_end(&user));
		assert_false(user.narrower);
		assert_string_equal(user.access, rows[i].access);
		assert_int_equal(user.token, rows[i].token);
		assert_int_equal(user.restricted, rows[i].restricted);
	}
}

static void test_docroot(void **state)
{
	static const struct {
		const char *string, *docroot;
	} rows[] = {
		{"x;absolute,/data/$(name)", "/data/%u"},       {"x;absolute,/data/$(user)/in/", "/data/%u/in"},
		{"x;absolute,$(home)/data", "%h/data"},         {"x;absolute,/100%/x", "/100%%/x"},
		{"x;absolute,/", "/"},                          {"x;write_allowed,false", ""},
		{"x;absolute,/a;docroot_mask,/a;read_allowed,true", "/a"},
	};
	static const char *const refused[] = {
		"x;absolute,", "x;absolute,AS_NULL", "x;absolute,s3://bucket", "x;absolute,file:////data", "x;absolute,data",
		"x;absolute,/$(group)/x", "x;absolute,/a$b",
		"x;absolute,/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		assert_null(take(rows[i].string));
		assert_null(import_user_end(&user));
		assert_string_equal(user.docroot, rows[i].docroot);
	}
	for (size_t i = 0; i < ROWS(refused); i++) {
		if (!take(refused[i]))
			FAIL("'%s' is taken", refused[i]);
		assert_true(user.narrower);
		assert_string_equal(user.docroot, "");
	}
}

static void test_no_counterpart(void **state)
{
	static const struct {
		const char *string;
		bool narrower;
	} rows[] = {
		{"x;file_restriction,|*", true},
		{"x;authorization_transfer_in_external_provider_url,http://x", true},
		{"x;something_of_tomorrow,1", true},
		{"x;read_allowed,maybe", true},
		{"x;read_allowed,", true},
		{"x;write_allowed,FALSE", true},
		{"x;authorization_transfer_in_value,never", true},
		{"x;token_encryption_key,secret", false},
		{"x;transfer_in_bandwidth_flow_target_rate_cap,1", false},
		{"x;file_create_mode,644", false},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		if (!take(rows[i].string))
			FAIL("'%s' has no reason", rows[i].string);
		if (user.narrower != rows[i].narrower)
			FAIL("'%s'", rows[i].string);
	}
	assert_null(take("x;absolute,/d;read_allowed,false;write_allowed,false"));
	assert_non_null(import_user_end(&user));
	assert_null(take("x;absolute,/d;docroot_mask,/d/in;write_allowed,false"));
	assert_non_null(import_user_end(&user));
	assert_non_null(import_command_reason((struct asconf_text){"set_group_data", 14}));
	assert_non_null(import_command_reason((struct asconf_text){"x", 1}));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_access),
		cmocka_unit_test(test_docroot),
		cmocka_unit_test(test_no_counterpart),
	};

	return cmocka_run_group_tests_name("import-user", tests, NULL, NULL);
}
