/*
 * Goal: a private key is told from everything else, by every tool's form; the public half comes from OpenSSH's own.
 */
#include "test.h"

#include "keys/private.h"

static void test_makes(void **state)
{
	static const struct {
		const char *text;
		bool is;
	} rows[] = {
		{"-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n", true},
		{"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n", true},
		{"-----BEGIN PRIVATE KEY-----\n", true},
		{"-----BEGIN ENCRYPTED PRIVATE KEY-----\r\n", true},
		{"Bag Attributes\n  friendlyName: x\n-----BEGIN EC PRIVATE KEY-----\n", true},
		{"PuTTY-User-Key-File-2: ssh-rsa\n", true},
		{"PuTTY-User-Key-File-3: ssh-ed25519\n", true},
		{"SSH PRIVATE KEY FILE FORMAT 1.1\n", true},
		{"---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\n", true},
		{"", false},
		{"-----BEGIN CERTIFICATE-----\nPRIVATE KEY-----\n", false},
		{"-----BEGIN PUBLIC KEY-----\n", false},
		{"-----BEGIN RSA PRIVATE KEY-----", false}, /* no line: cut short, or words about keys */
		{"ssh-ed25519 AAAA\n", false},
		{"see PuTTY-User-Key-File-2\n", false},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		if (private_is(rows[i].text) != rows[i].is)
			FAIL("%s", rows[i].text);
}

/* What ssh-keygen -t ed25519 writes, as far as the public half. */
static const char whole[] =
	"-----BEGIN OPENSSH PRIVATE KEY-----\n"
	"b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAAwFiYw==\n"
	"-----END OPENSSH PRIVATE KEY-----\n";

static void test_public_half(void **state)
{
	unsigned char digest[SHA256_BYTES], wanted[SHA256_BYTES];
	char text[sizeof whole];

	(void)state;
	sha256((const unsigned char *)"\x01"
				      "bc",
	       3, wanted);
	assert_true(private_public(whole, sizeof whole - 1, digest));
	assert_memory_equal(digest, wanted, sizeof wanted);
	for (size_t length = 0; length < strlen(whole) - 34; length++) /* up to the '-' behind the base64 */
		assert_false(private_public(whole, length, digest));
	for (const char *at = strstr(whole, "b3Bl"); at < strstr(whole, "\n-----END"); at++) {
		memcpy(text, whole, sizeof whole);
		text[at - whole] = '!';
		assert_false(private_public(text, sizeof text - 1, digest));
	}
	assert_false(private_public("-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-", 39, digest));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_makes),
		cmocka_unit_test(test_public_half),
	};

	return cmocka_run_group_tests_name("private", tests, NULL, NULL);
}
