/*
 * Goal: a line is what sshd takes it for; what is not touched keeps its bytes; an enforced line can only call the gate,
 * is found enforced, and nothing that sshd refused comes to life. tests/e2e/keys-agree.bats asks sshd itself.
 */
#include "keyset.h"
#include "test.h"

#include "keys/enforce.h"

#define KEY "ssh-ed25519 " ED25519
#define GATE "/x/gate"

static struct keyline line;

static void read_line(const char *text)
{
	keyline_read(text, strlen(text), &line);
}

static void test_kinds(void **state)
{
	static const struct {
		const char *text;
		enum keyline_kind kind;
	} rows[] = {
		{"", KEYLINE_BLANK},
		{" \t", KEYLINE_BLANK},
		{"\r", KEYLINE_BLANK},
		{"# " KEY, KEYLINE_COMMENT},
		{" \t#", KEYLINE_COMMENT},
		{KEY, KEYLINE_KEY},
		{KEY "\r", KEYLINE_KEY},
		{"  " KEY " a comment", KEYLINE_KEY},
		{"restrict\t" KEY, KEYLINE_KEY},
		{"restrict, " KEY, KEYLINE_KEY},
		{"command=\"a b\",pty " KEY, KEYLINE_KEY},
		{"command=\"a\\\" b\" " KEY, KEYLINE_KEY},
		{"command=\"a\\\\\" " KEY, KEYLINE_JUNK},
		{"command=\"a\",command=\"b\" " KEY, KEYLINE_VOID},
		{"from=\"a\",from=\"b\" " KEY, KEYLINE_VOID},
		{"ptyy " KEY, KEYLINE_VOID},
		{"command=a " KEY, KEYLINE_VOID},
		{"expiry-time=\"soon\" " KEY, KEYLINE_VOID},
		{"ssh-rsa " KEY, KEYLINE_VOID},
		{"ssh-new " ED25519, KEYLINE_FOREIGN},
		{"restrict ssh-new " ED25519, KEYLINE_FOREIGN},
		{"ssh-rsa " ED25519, KEYLINE_FOREIGN},
		{"unknown ssh-new " ED25519, KEYLINE_VOID},
		{"ssh-ed25519", KEYLINE_JUNK},
		{"ssh-ed25519 AAAA", KEYLINE_JUNK},
		{ED25519, KEYLINE_JUNK},
		{"hello world", KEYLINE_JUNK},
		{"command=\"a " KEY, KEYLINE_JUNK},
		{"\xef\xbb\xbf" KEY, KEYLINE_FOREIGN},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		read_line(rows[i].text);
		if (line.kind != rows[i].kind)
			FAIL("'%s' is of kind %d: %s", rows[i].text, line.kind, line.reason);
		if ((line.kind == KEYLINE_VOID || line.kind == KEYLINE_JUNK) && !line.reason)
			FAIL("'%s': no reason", rows[i].text);
	}
}

static void test_permits(void **state)
{
	static const struct {
		const char *options;
		unsigned permits;
	} rows[] = {
		{"pty", PERMIT_ALL},
		{"no-pty", PERMIT_ALL & ~PERMIT_PTY},
		{"restrict", 0},
		{"pty,restrict", 0},
		{"restrict,pty", PERMIT_PTY},
		{"restrict,pty,no-pty", 0},
		{"RESTRICT,X11-Forwarding,USER-RC", PERMIT_X11 | PERMIT_RC},
		{"no-agent-forwarding,no-port-forwarding,no-X11-forwarding,no-pty", PERMIT_RC},
		{"command=\"no-pty,restrict\"", PERMIT_ALL},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		char text[512];

		snprintf(text, sizeof text, "%s %s", rows[i].options, KEY);
		read_line(text);
		if (line.kind != KEYLINE_KEY || line.keyopts.permits != rows[i].permits)
			FAIL("%s: %x", rows[i].options, line.keyopts.permits);
	}
}

static void test_faults(void **state)
{
	static const struct {
		const char *bytes;
		size_t length, offset;
	} rows[] = {{BYTES("a\0b"), 1}, {BYTES("\x01"), 0}, {BYTES("ab\rc"), 2}, {BYTES("\x7f"), 0}, {BYTES("a\x1b[m"), 1}};
	static char big[KEYLINE_MAX + 1];
	size_t offset;

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		if (!keyline_fault(rows[i].bytes, rows[i].length, &offset) || offset != rows[i].offset)
			FAIL("row %zu at %zu", i, offset);
	memset(big, 'a', sizeof big);
	assert_non_null(keyline_fault(big, sizeof big, &offset));
	assert_null(keyline_fault(big, sizeof big - 1, &offset));
	assert_null(keyline_fault(BYTES("\tkey \xe9\r"), &offset));
}

/* ---- enforcing ---- */

static const char *enforce(const char *text, const struct wanted *wanted, enum enforced *result)
{
	static char out[ENFORCED_ROOM + 1];
	size_t length;

	read_line(text);
	*result = enforce_line(&line, wanted, out, sizeof out - 1, &length);
	out[length] = '\0';
	return out;
}

static void test_enforced_lines(void **state)
{
	static const struct wanted plain = {.gate = GATE};
	static const struct {
		const char *from, *to; /* NULL: as it is */
	} rows[] = {
		{"", NULL},
		{"# c", NULL},
		{"junk", NULL},
		{KEY " me\r", "restrict,command=\"/x/gate\" " KEY " me\r"},
		{" \tpty \t" KEY "  two  ", "restrict,command=\"/x/gate\" " KEY "  two  "},
		{"restrict,command=\"/x/gate\" " KEY, NULL},
		{"command=\"/x/gate -t\",RESTRICT " KEY, NULL},
		{"command=\"/x/gate-r --profile p\",restrict,from=\"10.0.0.0/8\" " KEY, NULL},
		{"restrict,pty,command=\"/x/gate -t\" " KEY, "restrict,command=\"/x/gate -t\" " KEY},
		{"no-pty,command=\"/x/gate\",no-agent-forwarding,no-port-forwarding,no-X11-forwarding,no-user-rc " KEY,
		 "restrict,command=\"/x/gate\" " KEY},
		{"restrict,command=\"/x/gate -t -x\" " KEY, ENFORCE_MARK "restrict,command=\"/x/gate -t -x\" " KEY},
		{"restrict,command=\"/x/gate  -t\" " KEY, ENFORCE_MARK "restrict,command=\"/x/gate  -t\" " KEY},
		{"restrict,tunnel=\"1\",command=\"/x/gate --profile a\\b\" " KEY,
		 ENFORCE_MARK "restrict,tunnel=\"1\",command=\"/x/gate --profile a\\b\" " KEY},
		{"restrict,command=\"/x/gate; id\" " KEY, "restrict,command=\"/x/gate\" " KEY},
		{"restrict,command=\"/x/gateway\" " KEY, "restrict,command=\"/x/gate\" " KEY},
		{"restrict,tunnel=\"1\",command=\"/x/gate\" " KEY, "restrict,command=\"/x/gate\" " KEY},
		{"restrict,environment=\"A=b\",command=\"/x/gate\" " KEY, "restrict,command=\"/x/gate\" " KEY},
		{"restrict,permitopen=\"a:1\",command=\"/x/gate\" " KEY, "restrict,command=\"/x/gate\" " KEY},
		{"from=\"a\\\"b\",expiry-time=\"20990101\",expiry-time=\"20300101\",verify-required " KEY,
		 "restrict,command=\"/x/gate\",from=\"a\\\"b\",expiry-time=\"20300101\",verify-required " KEY},
		{"cert-authority,principals=\"a,b\" " KEY, "restrict,cert-authority,principals=\"a,b\",command=\"/x/gate\" " KEY},
		{"principals=\"a\" " KEY, "restrict,principals=\"a\",command=\"/x/gate\" " KEY},
		{"ssh-new " ED25519, "restrict,command=\"/x/gate\" ssh-new " ED25519},
		{"command=\"a\",command=\"b\" " KEY, ENFORCE_MARK "command=\"a\",command=\"b\" " KEY},
		{"unknown " KEY, ENFORCE_MARK "unknown " KEY},
	};
	enum enforced result;

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		const char *out = enforce(rows[i].from, &plain, &result);
		if (strcmp(out, rows[i].to ? rows[i].to : rows[i].from) != 0 || (result == ENFORCED_AS_IS) != !rows[i].to)
			FAIL("'%s'\nbecame '%s'", rows[i].from, out);
		char again[1024];
		snprintf(again, sizeof again, "%s", out);
		enforce(again, &plain, &result);
		if (result != ENFORCED_AS_IS)
			FAIL("not idempotent: %s", again);
	}
}

static void test_wanted(void **state)
{
	const struct wanted token = {.gate = GATE, .call = {.token = true, .profile = "p"}, .from = "10.0.0.0/8",
				     .expiry = "20300101Z"};
	const struct wanted broken = {.gate = GATE, .from = "a\"b"}, spaced = {.gate = "/x y/gate"};
	enum enforced result;

	(void)state;
	assert_string_equal(enforce(KEY, &token, &result),
			    "restrict,command=\"/x/gate -t --profile p\",from=\"10.0.0.0/8\",expiry-time=\"20300101Z\" " KEY);
	/* its own profile and from= stay; of two times the earlier holds */
	assert_string_equal(
		enforce("from=\"1.1.1.1\",expiry-time=\"20990101\",command=\"/x/gate -r --profile q\" " KEY, &token, &result),
		"restrict,command=\"/x/gate -r -t --profile q\",from=\"1.1.1.1\",expiry-time=\"20990101\",expiry-time=\"20300101Z\" " KEY);
	enforce("restrict,command=\"/x/gate -t --profile q\",from=\"1.1.1.1\",expiry-time=\"20290101\" " KEY, &token,
		&result);
	assert_int_equal(result, ENFORCED_AS_IS);
	enforce(KEY, &broken, &result);
	assert_int_equal(result, ENFORCED_NOT);
	enforce(KEY, &spaced, &result);
	assert_int_equal(result, ENFORCED_NOT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds),          cmocka_unit_test(test_permits), cmocka_unit_test(test_faults),
		cmocka_unit_test(test_enforced_lines), cmocka_unit_test(test_wanted),
	};

	return cmocka_run_group_tests_name("keyline", tests, NULL, NULL);
}
