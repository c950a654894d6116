#include "test-tap.h"

#include "member.h"

#include "text/escape.h"

#include <stdio.h>
#include <string.h>

/* An answer in the words of an expectation. */
struct got {
	enum expected verdict;
	const char *reason, *detail; /* or NULL */
	const char *rule;
	char *const *argv;
};

static struct got got_of(const struct answer *answer)
{
	const struct decision *d = &answer->decision;

	if (answer->verdict == POLICY_FAULTY)
		return (struct got){.verdict = EXPECT_ERROR,
					.reason = answer->fault.reason,
					.detail = answer->fault.word[0] ? answer->fault.word : NULL};
	if (answer->verdict == POLICY_REFUSED)
		return (struct got){.verdict = EXPECT_DENY, .reason = answer->fault.reason};
	return (struct got){
		.verdict = d->verdict == GRANT ? EXPECT_ALLOW : EXPECT_DENY,
		.reason = d->reason,
		.detail = d->detail,
		.rule = d->definition ? d->definition->name : NULL,
		.argv = d->verdict == GRANT ? d->argv : NULL,
	};
}

static const char *verdict_name(enum expected verdict)
{
	static const char *const names[] = {"", "allow", "deny", "error"};

	return names[verdict];
}

static bool contains(const char *text, const char *part)
{
	return text && strstr(text, part);
}

static bool same_argv(const char *const *expected, char *const *argv)
{
	for (; *expected && argv && *argv; expected++, argv++)
		if (strcmp(*expected, *argv) != 0)
			return false;
	return argv && !*expected && !*argv;
}

/* What of the answer is not as expected, or NULL. */
static const char *compare(const struct expectation *test, const struct got *got)
{
	if (got->verdict != test->expect)
		return "verdict";
	if (test->rule && (!got->rule || strcmp(got->rule, test->rule) != 0))
		return "rule";
	if (test->reason && !contains(got->reason, test->reason) &&
	    !contains(got->detail, test->reason))
		return "reason";
	if (test->argv && !same_argv(test->argv, got->argv))
		return "argv";
	return NULL;
}

/* ---- TAP ---- */

/* A '#' in a description would begin a directive, and "# TODO" excuse a failure. */
static void print_result(bool good, size_t number, const char *name)
{
	printf("%s %zu - ", good ? "ok" : "not ok", number);
	for (; *name; name++) {
		if (*name == '#' || *name == '\\')
			putchar('\\');
		putchar(*name);
	}
	putchar('\n');
}

static void print_member(const char *name, const char *text)
{
	if (!text)
		return;
	printf("  %s: ", name);
	member_string(text, strlen(text)); /* every JSON string is a YAML one */
	putchar('\n');
}

static void print_words(const char *name, const char *const *words)
{
	const char *comma = "";

	if (!words)
		return;
	printf("  %s: [", name);
	for (; *words; words++, comma = ", ") {
		fputs(comma, stdout);
		member_string(*words, strlen(*words));
	}
	puts("]");
}

static void print_failure(const struct expectation *test, const struct got *got,
			  const char *differs)
{
	puts("  ---");
	print_member("file", test->file);
	printf("  line: %u\n", test->line);
	print_member("user", test->account.user);
	print_member("command", test->command);
	print_member("differs", differs);
	print_member("expected", verdict_name(test->expect));
	print_member("expected-rule", test->rule);
	print_member("expected-reason", test->reason);
	print_words("expected-argv", test->argv);
	print_member("got", verdict_name(got->verdict));
	print_member("got-rule", got->rule);
	print_member("got-reason", got->reason);
	print_member("got-detail", got->detail);
	print_words("got-argv", (const char *const *)got->argv);
	puts("  ...");
}

void test_tap_plan(size_t total)
{
	printf("TAP version 13\n1..%zu\n", total);
}

bool test_tap_report(size_t number, const struct expectation *test, const struct answer *answer)
{
	struct got got = got_of(answer);
	const char *differs = compare(test, &got);

	print_result(!differs, number, test->name);
	if (differs)
		print_failure(test, &got, differs);
	return !differs;
}

void test_tap_empty(size_t number, const char *file)
{
	print_result(false, number, "there is something to test");
	puts("  ---");
	print_member("file", file);
	print_member("expected", "a [test NAME] section");
	print_member("got", "none");
	puts("  ...");
}

void test_tap_bail_out(const struct policy_fault *fault, const char *file)
{
	char word[4 * POLICY_LINE_MAX + 8], name[4 * 256 + 8], line[16] = "";

	/* A fault may lie in another file than the one that was named: users/NAME.ini. */
	file = fault->file[0] ? fault->file : file;
	escape_plain(file, strlen(file), name, sizeof name);
	escape_plain(fault->word, strlen(fault->word), word, sizeof word);
	if (fault->line)
		snprintf(line, sizeof line, "%u:", fault->line);
	printf("TAP version 13\nBail out! %s:%s %s%s%s\n", name, line, fault->reason,
	       word[0] ? ": " : "", word);
}
