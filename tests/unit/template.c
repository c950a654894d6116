/*
 * Goal: the notation of definition.h is read exactly; a template or argv that says anything else is refused
 * when the policy is loaded, not guessed at when a client calls (I3).
 */
#include "test.h"

#include "policy/template.h"

static void test_elements(void **state)
{
	static const struct {
		const char *word;
		struct element want;
	} rows[] = {
		{"dump", {ELEMENT_LITERAL, .length = 4}},
		{"-V1", {ELEMENT_LITERAL, .length = 3}},
		{"%o", {ELEMENT_OPTIONS}},
		{"%P", {ELEMENT_PATHS}},
		{"%p", {ELEMENT_PATH}},
		{"%f", {ELEMENT_FIXED}},
		{"%9p", {ELEMENT_PATH, .capture = 9}},
		{"%d", {ELEMENT_NUMBER}},
		{"%2d", {ELEMENT_NUMBER, .capture = 2}},
		{"%w", {ELEMENT_WORD, .most = 64}},
		{"%1w", {ELEMENT_WORD, .most = 64, .capture = 1}},
		{"%1s", {ELEMENT_WORD, .most = 1}},
		{"%255s", {ELEMENT_WORD, .most = 255}},
		{"%64s?", {ELEMENT_WORD, .most = 64, .optional = true}},
		{"%w?", {ELEMENT_WORD, .most = 64, .optional = true}},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		const char *at = rows[i].word, *reason;
		struct element got;

		assert_true(template_next(&at, &got, &reason));
		assert_int_equal(got.kind, rows[i].want.kind);
		assert_int_equal(got.capture, rows[i].want.capture);
		assert_int_equal(got.optional, rows[i].want.optional);
		assert_int_equal(got.most, rows[i].want.most);
		if (got.kind == ELEMENT_LITERAL)
			assert_int_equal(got.length, rows[i].want.length);
		assert_false(template_next(&at, &got, &reason));
		assert_null(reason);
	}
}

static void test_no_elements(void **state)
{
	static const char *const words[] = {
		"%", "%%", "%x", "%?", "%1", "%0w", "%0p", "%10w", "%10d", "%0s", "%s", "%256s", "%9999s", "%-1s",
		"50%", "a%w", "%wx", "%w??", "%1w1", "%S", "%O", "%dd",
	};

	(void)state;
	for (size_t i = 0; i < ROWS(words); i++) {
		const char *at = words[i], *reason;
		struct element got;

		if (template_next(&at, &got, &reason) || !reason)
			FAIL("%s is an element", words[i]);
	}
}

static void test_check(void **state)
{
	static const struct {
		const char *template, *argv, *reason;
	} rows[] = {
		{"dump %1w", "pg_dump -Fc -- %1", NULL},
		{"dump", NULL, NULL},
		{"dump", "x", NULL},
		{"a %1p %2d %3w?", "x %3 %1 %1", NULL},
		{"  a   %d  ", "  x  ", NULL},
		{"", NULL, "the template is empty"},
		{"   ", NULL, "the template is empty"},
		{"%w", NULL, "the first word of a template is literal"},
		{"%p x", NULL, "the first word of a template is literal"},
		{"x %o", NULL, "%o, %P and %f belong"},
		{"x %f", NULL, "%o, %P and %f belong"},
		{"x %P", NULL, "%o, %P and %f belong"},
		{"x %1P", NULL, "%o, %P and %f belong"},
		{"x %w? %w", NULL, "only the last word"},
		{"x %1w %1p", NULL, "a capture number is used twice"},
		{"x %q", NULL, "an element is %"},
		{"x %300s", NULL, "%Ns needs"},
		{"x %12w", NULL, "a capture is numbered 1 to 9"},
		{"x", "", "argv is empty"},
		{"x %1w", "%1", "the first word of argv"},
		{"x %1w", "y %2", "argv uses a capture"},
		{"x %w", "y %1", "argv uses a capture"},
		{"x %1w", "y a%1", "in argv a %"},
		{"x %1w", "y %1b", "in argv a %"},
		{"x %1w", "y %0", "in argv a %"},
		{"x %1w", "y %", "in argv a %"},
		{"x %1w", "y %%", "in argv a %"},
		{"x %1w", "y --a=%1", "in argv a %"},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		const char *reason = template_check(rows[i].template, rows[i].argv);

		if (!rows[i].reason != !reason ||
		    (reason && strncmp(reason, rows[i].reason, strlen(rows[i].reason)) != 0))
			FAIL("'%s' '%s': %s", rows[i].template, rows[i].argv ? rows[i].argv : "",
			     reason ? reason : "accepted");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_elements),
		cmocka_unit_test(test_no_elements),
		cmocka_unit_test(test_check),
	};

	return cmocka_run_group_tests_name("template", tests, NULL, NULL);
}
