/*
 * Goal: the digests of NIST's examples, and of every length around the ends of blocks, taken from sha256sum.
 */
#include "test.h"

#include "keys/sha256.h"

static const char *digest_of(const char *bytes, size_t length)
{
	static char text[2 * SHA256_BYTES + 1];
	unsigned char digest[SHA256_BYTES];

	sha256((const unsigned char *)bytes, length, digest);
	for (int i = 0; i < SHA256_BYTES; i++)
		snprintf(text + 2 * i, 3, "%02x", digest[i]);
	return text;
}

/* csrc.nist.gov, examples with intermediate values; FIPS 180-2, appendix B.3. */
static void test_vectors(void **state)
{
	static char million[1000000];

	(void)state;
	assert_string_equal(digest_of("", 0), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	assert_string_equal(digest_of(BYTES("abc")),
			    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	assert_string_equal(digest_of(BYTES("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
			    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
	memset(million, 'a', sizeof million);
	assert_string_equal(digest_of(million, sizeof million),
			    "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

static void test_ends_of_blocks(void **state)
{
	static const struct {
		size_t length;
		const char *digest;
	} rows[] = {
		{54, "45f316e10b2c99abf374b22bda893cf3300d77263f1e272349ed414680522952"},
		{55, "d5e285683cd4efc02d021a5c62014694958901005d6f71e89e0989fac77e4072"},
		{56, "04c26261370ee7541549d16dee320c723e3fd14671e66a099afe0a377c16888e"},
		{57, "ae14a2563ccf969d99aca69ce6bb74981f734bbf9f655f73b8f06db68cab5217"},
		{63, "75220b47218278e656f2013bb8f0c455a25eaf01e86c64924e9d48d89776d6f2"},
		{64, "7ce100971f64e7001e8fe5a51973ecdfe1ced42befe7ee8d5fd6219506b5393c"},
		{65, "9537c5fdf120482f7d58d25e9ed583f52c02b4e304ea814db1633ad565aed7e9"},
		{119, "000b48d4edf0fa7bee3c6236ecd2785baa5db4eeb8bb54341b029e0d9fa5fb0c"},
		{120, "13f05a0b594787f5ecd315edc96141bd3243203d1b7d4f0836f37308b276ba98"},
		{128, "24da1b81d0b16df6428eee73c69fcb2a93c76bc6df706f0c6670fe6bfe800464"},
		{129, "0ec9eb33e74510bcdd1f2ea55206e82f21649c5c2becbf2b433eb475b34c01bd"},
	};
	char text[256];

	(void)state;
	memset(text, 'x', sizeof text);
	for (size_t i = 0; i < ROWS(rows); i++)
		assert_string_equal(digest_of(text, rows[i].length), rows[i].digest);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_ends_of_blocks),
	};

	return cmocka_run_group_tests_name("sha256", tests, NULL, NULL);
}
