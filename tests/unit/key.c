/*
 * Goal: a blob is the key that its type says, whole; whatever is cut, doubled, swapped or flipped in it is none. What a
 * certificate says is read as ssh-keygen -L has it.
 */
#include "keyset.h"
#include "test.h"

#include "keys/cert.h"

#include "text/base64.h"

#define CERT_TYPE "ssh-ed25519-cert-v01@openssh.com"

static unsigned char blob[4096];

static struct bytes decode(const char *text)
{
	size_t count;

	if (!base64_decode(text, strlen(text), blob, &count))
		FAIL("not base64");
	return (struct bytes){blob, count};
}

static const struct key_type *type_of(const char *name)
{
	const struct key_type *type = key_type_find(name, strlen(name));

	if (!type)
		FAIL("%s", name);
	return type;
}

static void test_sound(void **state)
{
	static const struct {
		const char *type, *text, *fingerprint;
		unsigned bits;
	} rows[] = {
		{"ssh-ed25519", ED25519, ED25519_FINGERPRINT, 256},
		{"ecdsa-sha2-nistp256", ECDSA, ECDSA_FINGERPRINT, 256},
		{"ssh-rsa", RSA, RSA_FINGERPRINT, 1024},
		{"rsa-sha2-512", RSA, RSA_FINGERPRINT, 1024},
	};
	char fingerprint[KEY_FINGERPRINT_ROOM];
	struct key key;

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		const char *reason = key_read(type_of(rows[i].type), decode(rows[i].text), &key);
		if (reason)
			FAIL("%s: %s", rows[i].type, reason);
		assert_int_equal(key.bits, rows[i].bits);
		key_fingerprint(key.blob, fingerprint);
		assert_string_equal(fingerprint, rows[i].fingerprint);
	}
}

static unsigned char *put_string(unsigned char *at, const char *text, size_t length)
{
	for (int i = 0; i < 4; i++)
		*at++ = (unsigned char)(length >> (24 - 8 * i));
	if (text)
		memcpy(at, text, length);
	else
		memset(at, 7, length);
	return at + length;
}

/*
 * Goal: an ML-DSA-44 and an Ed25519 key in one are a key of either of its names, the length of both and no other; and the
 * key in a certificate is the one of the name that goes with it.
 */
static void test_hybrid(void **state)
{
	static const struct {
		const char *plain, *certificate;
	} rows[] = {
		{"ssh-mldsa44-ed25519", "ssh-mldsa44-ed25519-cert"},
		{"ssh-mldsa44-ed25519@openssh.com", "ssh-mldsa44-ed25519-cert-v01@openssh.com"},
	};
	enum { WHOLE = 1312 + 32 };
	static unsigned char scratch[sizeof blob];
	char alone[KEY_FINGERPRINT_ROOM], certified[KEY_FINGERPRINT_ROOM];
	struct key key;

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		for (size_t length = WHOLE - 1; length <= WHOLE + 1; length++) {
			unsigned char *end = put_string(blob, rows[i].plain, strlen(rows[i].plain));
			struct bytes bytes = {blob, (size_t)(put_string(end, NULL, length) - blob)};
			const char *reason = key_read(type_of(rows[i].plain), bytes, &key);

			assert_int_equal(!reason, length == WHOLE);
			assert_non_null(key_read(type_of(rows[1 - i].plain), bytes, &key));
			if (!reason)
				key_fingerprint(bytes, alone);
		}
		unsigned char *end = put_string(blob, rows[i].certificate, strlen(rows[i].certificate));
		end = put_string(put_string(end, "nonce", 5), NULL, WHOLE);
		struct bytes bytes = {blob, (size_t)(put_string(end, "the rest", 8) - blob)};
		assert_null(key_read(type_of(rows[i].certificate), bytes, &key));
		assert_true(key_certified_fingerprint(&key, scratch, certified));
		assert_string_equal(certified, alone);
	}
}

static void test_cut_and_extended(void **state)
{
	static const struct {
		const char *type, *text;
	} rows[] = {{"ssh-ed25519", ED25519}, {"ecdsa-sha2-nistp256", ECDSA}, {"ssh-rsa", RSA}};
	struct key key;

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct bytes whole = decode(rows[i].text), part = whole;

		for (part.length = 0; part.length < whole.length; part.length++) {
			/* in a block of its own length, so that ASan sees a step beyond its end */
			unsigned char *copy = malloc(part.length ? part.length : 1);
			memcpy(copy, whole.at, part.length);
			if (!key_read(type_of(rows[i].type), (struct bytes){copy, part.length}, &key))
				FAIL("%s of %zu bytes", rows[i].type, part.length);
			free(copy);
		}
		blob[whole.length] = 0;
		whole.length++;
		assert_non_null(key_read(type_of(rows[i].type), whole, &key));
	}
}

static void test_other_types(void **state)
{
	struct key key;

	(void)state;
	assert_non_null(key_read(type_of("ssh-rsa"), decode(ED25519), &key));
	assert_non_null(key_read(type_of("ssh-ed25519"), decode(RSA), &key));
	assert_non_null(key_read(type_of("ecdsa-sha2-nistp384"), decode(ECDSA), &key));
	assert_non_null(key_read(type_of(CERT_TYPE), decode(ED25519), &key));
	assert_non_null(key_read(type_of("ssh-ed25519"), decode(CERT_SOUND), &key));
	assert_null(key_type_find("ssh-ed2551", 10));
	assert_null(key_type_find("SSH-RSA", 7));
	assert_null(key_type_find("", 0));
}

/* The lengths inside: a byte flipped anywhere in the frame is seen. */
static void test_flipped_frame(void **state)
{
	struct key key;
	struct bytes whole = decode(ECDSA);

	(void)state;
	for (size_t i = 0; i < 4 + 19 + 4 + 8 + 4 + 1; i++) {
		blob[i] ^= 0x40;
		if (!key_read(type_of("ecdsa-sha2-nistp256"), whole, &key))
			FAIL("byte %zu", i);
		blob[i] ^= 0x40;
	}
}

static bool is(struct bytes bytes, const char *text)
{
	return bytes_are(bytes, text);
}

static void test_certificate(void **state)
{
	char fingerprint[KEY_FINGERPRINT_ROOM];
	unsigned char scratch[4096];
	struct bytes principal;
	struct key key;
	struct cert cert;

	(void)state;
	assert_null(key_read(type_of(CERT_TYPE), decode(CERT_SWALLOWED), &key));
	assert_null(cert_read(&key, &cert));
	assert_int_equal(cert.kind, CERT_USER);
	assert_int_equal(cert.serial, 42);
	assert_true(is(cert.id, "nightly 7"));
	assert_true(is(cert.command, "/x/gate -t,source-address=10.0.0.0/8"));
	assert_null(cert.source.at);
	assert_int_equal(cert.extensions, CERT_PORT | CERT_AGENT | CERT_X11 | CERT_PTY | CERT_RC);
	struct wire wire = wire_of(cert.principals);
	assert_true(cert_principal(&wire, &principal) && is(principal, "alice"));
	assert_true(cert_principal(&wire, &principal) && is(principal, "bob"));
	assert_false(cert_principal(&wire, &principal));
	key_fingerprint(cert.ca, fingerprint);
	assert_string_equal(fingerprint, CA_FINGERPRINT);
	assert_true(key_certified_fingerprint(&key, scratch, fingerprint));
	assert_string_equal(fingerprint, ED25519_FINGERPRINT);

	assert_null(key_read(type_of(CERT_TYPE), decode(CERT_SOUND), &key));
	assert_null(cert_read(&key, &cert));
	assert_true(is(cert.command, "/x/gate -t"));
	assert_true(is(cert.source, "10.0.0.0/8"));
	assert_int_equal(cert.extensions, 0);
}

static void test_certificate_cut(void **state)
{
	struct bytes whole = decode(CERT_SOUND);
	struct key key;
	struct cert cert;

	(void)state;
	for (size_t length = 0; length < whole.length; length++) {
		unsigned char *copy = malloc(length ? length : 1);

		memcpy(copy, whole.at, length);
		if (!key_read(type_of(CERT_TYPE), (struct bytes){copy, length}, &key) && !cert_read(&key, &cert))
			FAIL("%zu bytes", length);
		free(copy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sound),         cmocka_unit_test(test_cut_and_extended),
		cmocka_unit_test(test_hybrid),
		cmocka_unit_test(test_other_types),   cmocka_unit_test(test_flipped_frame),
		cmocka_unit_test(test_certificate),   cmocka_unit_test(test_certificate_cut),
	};

	return cmocka_run_group_tests_name("key", tests, NULL, NULL);
}
