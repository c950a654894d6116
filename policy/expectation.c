#include "expectation.h"

#include "setter.h"
#include "value.h"

#include "text/pattern.h"
#include "text/when.h"

#include <stdlib.h>
#include <string.h>

static const char no_memory[] = "out of memory";

struct expectation *expectation_make(struct policy *policy, const struct section *section,
				     size_t room)
{
	/* Only one file may hold tests: [user] files may not, and a file of tests is read alone. */
	if (!policy->tests)
		policy->tests = arena_alloc(&policy->arena, room * sizeof *policy->tests);
	if (!policy->tests || policy->tests_count == room)
		return NULL;
	struct expectation *test = &policy->tests[policy->tests_count++];
	*test = (struct expectation){
		.name = section->name,
		.file = section->file,
		.line = section->line,
		.account.uid = EXPECTATION_UID,
		.now = -1,
	};
	return test;
}

const char *expectation_finish(struct policy *policy, struct expectation *test)
{
	static const char *const no_groups[] = {NULL};
	static const char home[] = "/home/";

	if (!test->account.user)
		return "a [test] without user";
	if (!test->command)
		return "a [test] without command";
	if (!test->expect)
		return "a [test] without expect";
	if (test->argv && test->expect != EXPECT_ALLOW)
		return "argv belongs to expect = allow alone: nothing else has one";
	if (test->reason && test->expect == EXPECT_ALLOW)
		return "reason does not belong to expect = allow";
	if (!test->account.groups)
		test->account.groups = no_groups;
	if (!test->account.home) {
		size_t length = strlen(test->account.user);
		char *path = arena_alloc(&policy->arena, sizeof home + length);

		if (!path)
			return no_memory;
		memcpy(path, home, sizeof home - 1);
		memcpy(path + sizeof home - 1, test->account.user, length);
		test->account.home = path;
	}
	return NULL;
}

/* ---- escapes ---- */

static int hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c ? strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* The byte that the escape at *at stands for, and *at behind it; 0: it is none, and *at stays. */
static char read_escape(const char **at)
{
	static const char letters[] = "\\ntr", bytes[] = "\\\n\t\r";
	const char *escape = *at + 1, *letter = *escape ? strchr(letters, *escape) : NULL;

	if (letter) {
		*at += 2;
		return bytes[letter - letters];
	}
	int high = escape[0] == 'x' ? hex_digit(escape[1]) : -1;
	int low = high >= 0 ? hex_digit(escape[2]) : -1;
	if (low >= 0)
		*at += 4;
	return low >= 0 ? (char)(high * 16 + low) : 0;
}

/* text[0..length) with its escapes undone, in *out. A NUL byte cannot be asked for: no command line
 * holds one. */
static const char *unescape(struct setter *s, const char *text, size_t length, char **out)
{
	const char *end = text + length;
	char *to = *out = arena_alloc(&s->policy->arena, length + 1);

	if (!to)
		return no_memory;
	while (text < end) {
		if (*text != '\\') {
			*to++ = *text++;
			continue;
		}
		const char *escape = text;
		char byte = read_escape(&text);
		if (!byte || text > end) {
			return setter_blame(s, escape, strnlen(escape, 4),
					    "not an escape; there are \\\\ \\n \\t \\r and \\xNN (but no \\x00)");
		}
		*to++ = byte;
	}
	return NULL;
}

/* The blank-separated words of the value, escapes undone, NULL-terminated. */
static const char *read_words(struct setter *s, const char *const **out)
{
	/* A word and its blank take two bytes. */
	char **words = arena_alloc(&s->policy->arena, (strlen(s->value) / 2 + 2) * sizeof *words);
	const char *at = s->value, *reason = NULL;

	if (!words)
		return no_memory;
	*out = (const char *const *)words;
	while (!reason && *(at += strspn(at, " "))) {
		size_t length = strcspn(at, " ");

		reason = unescape(s, at, length, words++);
		at += length;
	}
	return reason;
}

/* ---- the settings ---- */

static const char *expect_user(struct setter *s)
{
	s->expectation->account.user = s->value;
	return strpbrk(s->value, " /:") ? "not an account's name" : NULL;
}

static const char *expect_group(struct setter *s)
{
	return read_words(s, &s->expectation->account.groups);
}

static const char *expect_home(struct setter *s)
{
	s->expectation->account.home = s->value;
	return s->value[0] == '/' ? NULL : "not an absolute path";
}

static const char *expect_uid(struct setter *s)
{
	unsigned long long uid = value_is_number(s->value) ? strtoull(s->value, NULL, 10) : 0;

	s->expectation->account.uid = (unsigned)uid;
	/* The gate refuses uid 0 before it reads any policy. */
	return uid >= 1 && uid < UINT32_MAX ? NULL : "not a number from 1 to 4294967294";
}

static const char *expect_addr(struct setter *s)
{
	s->expectation->address = s->value;
	/* Else a mistyped address would be refused by any `from`, and a deny test pass for it. */
	return pattern_match_address(s->value, "*") ? NULL : "not a numeric address";
}

static const char *expect_key(struct setter *s)
{
	s->expectation->key.fingerprint = s->value;
	return value_is_fingerprint(s->value, strlen(s->value)) ? NULL : "not a SHA256 fingerprint";
}

static const char *expect_cert_id(struct setter *s)
{
	s->expectation->key.cert_id = s->value;
	return NULL;
}

static const char *expect_time(struct setter *s)
{
	return when_read_time(s->value, &s->expectation->now);
}

static const char *expect_restricted(struct setter *s)
{
	s->expectation->account.restricted = s->value[0] == 'y';
	return strcmp(s->value, "yes") != 0 && strcmp(s->value, "no") != 0 ? "neither yes nor no"
									   : NULL;
}

static const char *expect_token(struct setter *s)
{
	s->expectation->account.token = s->value[0] == 'm';
	return strcmp(s->value, "off") != 0 && strcmp(s->value, "marker") != 0
		   ? "neither off nor marker"
		   : NULL;
}

static const char *expect_profile(struct setter *s)
{
	s->expectation->account.profile = s->value;
	return NULL;
}

static const char *expect_command(struct setter *s)
{
	char *command;
	const char *reason = unescape(s, s->value, strlen(s->value), &command);

	s->expectation->command = command;
	return reason;
}

static const char *expect_expect(struct setter *s)
{
	static const char *const words[] = {
		[EXPECT_ALLOW] = "allow", [EXPECT_DENY] = "deny", [EXPECT_ERROR] = "error"};

	for (enum expected e = EXPECT_ALLOW; e <= EXPECT_ERROR; e++)
		if (strcmp(s->value, words[e]) == 0)
			s->expectation->expect = e;
	return s->expectation->expect ? NULL : "not an answer that there is";
}

static const char *expect_argv(struct setter *s)
{
	return read_words(s, &s->expectation->argv);
}

static const char *expect_reason(struct setter *s)
{
	s->expectation->reason = s->value;
	return NULL;
}

static const char *expect_rule(struct setter *s)
{
	s->expectation->rule = s->value;
	return NULL;
}

/* Sorted by name; tests compare it with sallyport.ini(5). */
const struct setting expectation_table[] = {
	{"addr", SECTION_TEST, false, 0, false, expect_addr, "the client's numeric address"},
	{"argv", SECTION_TEST, false, ' ', false, expect_argv,
	 "the words of the rebuilt argv; a blank in one is \\x20"},
	{"cert-id", SECTION_TEST, false, ' ', false, expect_cert_id, "the identity in the client's certificate"},
	{"command", SECTION_TEST, false, ' ', false, expect_command,
	 "the command line, with \\\\ \\n \\t \\r and \\xNN"},
	{"expect", SECTION_TEST, false, 0, false, expect_expect, "allow, deny or error"},
	{"group", SECTION_TEST, false, ' ', false, expect_group, "names of groups"},
	{"home", SECTION_TEST, false, ' ', false, expect_home, "an absolute path"},
	{"key", SECTION_TEST, false, 0, false, expect_key, "SHA256:... of the client's key"},
	{"profile", SECTION_TEST, false, 0, false, expect_profile, "the name that --profile gives"},
	{"reason", SECTION_TEST, false, ' ', false, expect_reason, "text that the reason contains"},
	{"restricted", SECTION_TEST, false, 0, false, expect_restricted, "yes or no"},
	{"rule", SECTION_TEST, false, 0, false, expect_rule, "a definition's name"},
	{"time", SECTION_TEST, false, 0, false, expect_time, "YYYYMMDD, YYYYMMDDHHMM or YYYYMMDDHHMMSS in UTC"},
	{"token", SECTION_TEST, false, 0, false, expect_token, "off or marker"},
	{"uid", SECTION_TEST, false, 0, false, expect_uid, "a number"},
	{"user", SECTION_TEST, false, 0, false, expect_user, "the account's name"},
	{0},
};
