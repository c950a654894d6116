/*
 * Goal: of sshd's file, exactly one key is believed, and what it is; anything else is no key at all (I7).
 */
#include "keyset.h"
#include "test.h"

#include "keys/authinfo.h"

#define PUBLICKEY "publickey ssh-ed25519 " ED25519 "\n"

static void test_paths(void **state)
{
	static const char *const wrong[] = {
		"", "/", "/tmp/sshauth.", "/tmp/sshauth.aaaaaaaaaaaaaa", "/tmp/sshauth.aaaaaaaaaaaaaaaa",
		"/tmp/sshauth.aaaaaaaaaaaaaa/", "/tmp/sshauth.aaaaaaa/aaaaaaa", "/tmp/sshauth.aaaaaaaaaaaaaa.",
		"/tmp/sshauth,aaaaaaaaaaaaaaa", "tmp/sshauth.aaaaaaaaaaaaaaa", "//tmp/sshauth.aaaaaaaaaaaaaaa",
		"/tmp/sshauth.aaaaaaaaaaaaaa\xe9", "/etc/sshauth.aaaaaaaaaaaaaaa", "/tmp/../tmp/sshauth.aaa",
	};

	(void)state;
	assert_true(authinfo_is_path("/tmp/sshauth.aZ09aaaaaaaaaaa"));
	for (size_t i = 0; i < ROWS(wrong); i++)
		if (authinfo_is_path(wrong[i]))
			FAIL("%s", wrong[i]);
}

static void test_keys(void **state)
{
	struct authinfo info;

	(void)state;
	assert_null(authinfo_read(BYTES(PUBLICKEY), &info));
	assert_string_equal(info.fingerprint, ED25519_FINGERPRINT);
	assert_false(info.certificate);
	assert_null(authinfo_read(BYTES("password\npublickey ssh-rsa " RSA), &info));
	assert_string_equal(info.fingerprint, RSA_FINGERPRINT);
	assert_null(authinfo_read(BYTES("publickey ssh-ed25519-cert-v01@openssh.com " CERT_SWALLOWED "\n"), &info));
	assert_true(info.certificate);
	assert_string_equal(info.fingerprint, ED25519_FINGERPRINT);
	assert_string_equal(info.id, "nightly 7");
	assert_string_equal(info.ca, CA_FINGERPRINT);
	assert_int_equal(info.serial, 42);
}

static void test_refused(void **state)
{
	static const struct {
		const char *bytes;
		size_t length;
	} rows[] = {
		{BYTES("")},
		{BYTES("\n")},
		{BYTES("password\n")},
		{BYTES("publickey\n")},
		{BYTES("publickey \n")},
		{BYTES("publickey ssh-ed25519\n")},
		{BYTES("publickey ssh-ed25519 \n")},
		{BYTES("publickey ssh-ed25519 AAAA\n")},
		{BYTES("publickey ssh-rsa " ED25519 "\n")},
		{BYTES("publickey ssh-new " ED25519 "\n")},
		{BYTES("publickey ssh-ed25519 " ED25519 "x\n")},
		{BYTES("publickey ssh-ed25519 " ED25519 " ssh-ed25519 " ED25519 "\n")},
		{BYTES("Publickey ssh-ed25519 " ED25519 "\n")},
		{BYTES(" publickey ssh-ed25519 " ED25519 "\n")},
		{BYTES("hostbased ssh-ed25519 " ED25519 "\n")},
		{BYTES(PUBLICKEY PUBLICKEY)},
		{BYTES(PUBLICKEY "publickey x y z w v u t\n")},
		{BYTES("publickey ssh-ed25519 " ED25519 "\0\n")},
		{BYTES("publickey ssh-ed25519-cert-v01@openssh.com " ED25519 "\n")},
	};
	struct authinfo info;

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		if (!authinfo_read(rows[i].bytes, rows[i].length, &info) || info.fingerprint[0] || info.certificate)
			FAIL("row %zu: %s", i, rows[i].bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests_name("authinfo", tests, NULL, NULL);
}
