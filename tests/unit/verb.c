/*
 * Goal: verbs and presets mean exactly what sallyport.ini(5) says, and unknown words mean nothing.
 */
#include "test.h"

#include "policy/verb.h"

static void test_parse(void **state)
{
	static const struct {
		const char *name;
		unsigned verbs;
	} rows[] = {
		{"download", VERB_DOWNLOAD},
		{"upload", VERB_UPLOAD},
		{"overwrite", VERB_OVERWRITE},
		{"list", VERB_LIST},
		{"mkdir", VERB_MKDIR},
		{"rename", VERB_RENAME},
		{"delete", VERB_DELETE},
		{"read-only", VERB_DOWNLOAD | VERB_LIST},
		{"drop-box", VERB_UPLOAD | VERB_OVERWRITE | VERB_MKDIR},
		{"append-only", VERB_DOWNLOAD | VERB_UPLOAD | VERB_LIST | VERB_MKDIR},
		{"full", VERBS_ALL},
		{"", 0},
		{"Download", 0},
		{"downloads", 0},
		{"downloa", 0},
		{"all", 0},
		{"none", 0},
		{"readonly", 0},
		{"-delete", 0},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		assert_int_equal(verb_parse(rows[i].name, strlen(rows[i].name)), rows[i].verbs);
	assert_int_equal(verb_parse("list mkdir", 4), VERB_LIST);
}

/* Goal: what verb_text() writes is read back to the same set, for every set. */
static void test_text(void **state)
{
	char text[VERBS_TEXT_MAX];

	(void)state;
	verb_text(0, text);
	assert_string_equal(text, "none");
	for (unsigned verbs = 1; verbs <= VERBS_ALL; verbs++) {
		unsigned back = 0;

		verb_text(verbs, text);
		assert_true(strlen(text) < sizeof text);
		for (char *word = strtok(text, " "); word; word = strtok(NULL, " "))
			back |= verb_parse(word, strlen(word));
		assert_int_equal(back, verbs);
	}
}

static void test_name(void **state)
{
	(void)state;
	assert_string_equal(verb_name(0), "");
	assert_string_equal(verb_name(VERB_DELETE), "delete");
	assert_string_equal(verb_name(VERB_LIST | VERB_DELETE), "list");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_name),
	};

	return cmocka_run_group_tests_name("verb", tests, NULL, NULL);
}
