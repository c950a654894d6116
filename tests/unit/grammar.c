/*
 * Goal: the engine reads a table and nothing but the table: an option, a value, a word or a mode that no row
 * names is refused, with the word at fault (I3). Tables here are made for the test.
 */
#include "test.h"

#include "policy/grammar.h"

static const struct option_rule options[] = {
	{"a"},
	{"b"},
	{"n", VALUE_NUMBER},
	{"up", VALUE_NONE}, /* never reached: a short option is one letter */
	{"e", VALUE_CAPS, .attached = true},
	{"X", .refused = true, .why = "runs a program"},
	{"w", .mode = true},
	{"D", .verbs = VERB_DELETE, .why = "deletes"},
	{"L", .source_verbs = VERB_LIST},
	{"--all"},
	{"--num", VALUE_NUMBER},
	{"--dir", VALUE_PATH},
	{"--from", VALUE_PATH, .choices = "-"},
	{"--old", VALUE_BESIDE},
	{"--run", VALUE_TEXT, .refused = true, .why = "runs a program"},
	{"--one", VALUE_CHOICE, .choices = "x y"},
	{"--flag", VALUE_CHOICE, .choices = "no", .attached = true},
	{"--own", VALUE_NUMBER, .dropped = true},
	{"--mine", .dropped = true},
	{""},
};

static const struct form forms[] = {
	{"tool --serve %o . %p", .most = VERBS_ALL},
	{"tool %o %P", .requires = "w", .most = VERB_DOWNLOAD | VERB_LIST},
	{"tool get %1p %2d %3w?", .most = VERB_DOWNLOAD},
	{"tool put %p", .most = VERB_UPLOAD},
	{0},
};

static const struct definition tool = {
	.name = "tool", .spellings = "tool /opt/tool", .forms = forms, .options = options, .clusters = true,
	.unfit = "!#:+",
};

/* Two forms of one shape, and one with the policy's own word. */
static const struct form shapes[] = {
	{"far send %p", .needs = VERB_UPLOAD | VERB_DELETE, .most = VERBS_ALL},
	{"far send %p", .needs = VERB_UPLOAD, .most = VERB_UPLOAD},
	{"far serve %f", .most = VERBS_ALL},
	{"far serve %p", .most = VERBS_ALL},
	{0},
};

static const struct definition far = {.name = "far", .forms = shapes, .remotes = true, .variables = true};

static const struct definition unbundled = {
	.name = "tool", .forms = forms, .options = options,
};

/* Path rules for match(), and what they add. */
static const struct path_rule *rules;
static size_t rules_count;
static unsigned beneath;

/* Matches, and writes the outcome: the rebuilt words in <>, a pattern in {}, or "INDEX: reason". */
static const struct form *matched_form;

static bool match(const struct definition *definition, const char *command, unsigned verbs, char *out)
{
	struct words words;
	struct arena arena = {0};
	struct match result;
	size_t offset;

	assert_null(words_split(command, strlen(command), &words, &offset));
	const struct grammar grammar = {
		.words = &words, .paths = {verbs, rules, rules_count}, .anywhere = verbs | beneath,
		.place = {"/files", "/in", NULL, false}, .protect = ".ssh .netrc", .fixed = "b2:x/y",
		.arena = &arena};
	bool matched = grammar_match(definition, &grammar, &result);

	matched_form = matched ? result.form : NULL;

	*out = '\0';
	for (size_t i = 0; matched && i < result.count; i++)
		out += sprintf(out, result.word[i].pattern ? "{%s}" : "<%s>", result.word[i].text);
	if (!matched)
		sprintf(out, "%zu: %s", result.word_at, result.reason);
	arena_free(&arena);
	words_free(&words);
	return matched;
}

static void test_matched(void **state)
{
	static const struct {
		const char *command, *out;
	} rows[] = {
		{"tool --serve . x", "<tool><--serve><.><x>"},
		{"/opt/tool --serve . /x", "<tool><--serve><.></files/x>"},
		{"tool --serve -a -b . x", "<tool><--serve><-a><-b><.><x>"},
		{"tool --serve -abn5 . x", "<tool><--serve><-abn5><.><x>"},
		{"tool --serve -an 5 . x", "<tool><--serve><-an><5><.><x>"},
		{"tool --serve -ae.iLs . x", "<tool><--serve><-ae.iLs><.><x>"},
		{"tool --serve --num=5 --num 6 . x", "<tool><--serve><--num=5><--num><6><.><x>"},
		{"tool --serve --dir=/y --dir z . x", "<tool><--serve><--dir=/files/y><--dir><z><.><x>"},
		{"tool --serve --dir ../y . x", "<tool><--serve><--dir></files/y><.><x>"},
		{"tool --serve --from=- --from - . x", "<tool><--serve><--from=-><--from><-><.><x>"},
		/* beside: whether the operand is a directory or a file is for the program to find out */
		{"tool --serve --old=../y . up", "<tool><--serve><--old=../y><.><up>"},
		{"tool --serve --old ../y . /up/", "<tool><--serve><--old><../y><.></files/up/>"},
		{"tool --serve --old=../../y . up/", "<tool><--serve><--old=../../y><.><up/>"},
		{"tool --serve --old=../y . ~/up", "<tool><--serve><--old=../y><.><up>"},
		{"tool --serve --old=../y . .", "<tool><--serve><--old=../y><.><.>"},
		{"tool --serve --old=../y . ~", "<tool><--serve><--old=../y><.><.>"},
		{"tool --serve --old=y/../z . up", "<tool><--serve><--old=z><.><up>"},
		{"tool --serve --old=../../y . up", "<tool><--serve><--old=/files/y><.><up>"},
		{"tool --serve --old=../y . /up", "<tool><--serve><--old=/files/y><.></files/up>"},
		{"tool --serve --old=/y . up", "<tool><--serve><--old=/files/y><.><up>"},
		{"tool --serve --old=~/y . up", "<tool><--serve><--old=/files/in/y><.><up>"},
		{"tool --serve --old=y . up", "<tool><--serve><--old=y><.><up>"},
		/* a side that cannot upload ignores it */
		{"tool -w --old=../../y /", "<tool><-w><--old=/files/></files/>"},
		{"tool --serve --one=y . x", "<tool><--serve><--one=y><.><x>"},
		/* "--" is dropped, and what follows is an operand that cannot be an option */
		{"tool --serve -- . -x", "<tool><--serve><.><./-x>"},
		{"tool --serve --dir=!#:y . !#:+", "<tool><--serve><--dir=!#:y><.><!#:+>"}, /* of an option's value alone */
		{"tool --serve -D . x", "<tool><--serve><-D><.><x>"},
		/* taken, checked, and not passed on */
		{"tool --serve --own=5 . x", "<tool><--serve><.><x>"},
		{"tool --serve --own 5 -a . x", "<tool><--serve><-a><.><x>"},
		{"tool --serve -a --mine -b . x", "<tool><--serve><-a><-b><.><x>"},
		{"tool --serve --mine --old=../y . up", "<tool><--serve><--old=../y><.><up>"},
		{"tool -w x y", "<tool><-w><x><y>"},
		{"tool -aw *.c '*.h'", "<tool><-aw>{*.c}<*.h>"},
		{"tool -w -- -x", "<tool><-w><./-x>"},
		{"tool get x 5", "<tool><get><x><5>"},
		{"tool get /x 5 word", "<tool><get></files/x><5><word>"},
	};
	char out[512];

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		match(&tool, rows[i].command, VERBS_ALL, out);
		if (strcmp(out, rows[i].out) != 0)
			FAIL("%s: %s", rows[i].command, out);
	}
}

static void test_refused(void **state)
{
	static const struct {
		const char *command, *out;
	} rows[] = {
		{"tol", "0: not this command"},
		{"TOOL --serve . x", "0: not this command"},
		{"/usr/bin/tool --serve . x", "0: not this command"},
		{"./tool --serve . x", "0: not this command"},
		{"tool", "1: a word is missing at the end"},
		{"tool --serve", "2: a word is missing at the end"},
		{"tool --serve .", "3: a word is missing at the end"},
		{"tool --serve . x y", "4: a word too many"},
		{"tool --serve x", "2: not a word that belongs here"},
		{"tool --serve -z . x", "2: an option that is not known"},
		{"tool --serve -az . x", "2: an option that is not known"},
		{"tool --serve --zzz . x", "2: an option that is not known"},
		{"tool --serve --al . x", "2: an option that is not known"}, /* no abbreviation */
		{"tool --serve --ALL . x", "2: an option that is not known"},
		{"tool --serve ---all . x", "2: an option that is not known"},
		{"tool --serve -up . x", "2: an option that is not known"},
		{"tool --serve -X . x", "2: a refused option"},
		{"tool --serve -aXb . x", "2: a refused option"}, /* the class of CVE-2005-4533 */
		{"tool --serve --run=id . x", "2: a refused option"},
		{"tool --serve --run id . x", "2: a refused option"},
		{"tool --serve --all=1 . x", "2: the option takes no value"},
		{"tool --serve --num=-5 . x", "2: the option takes a number"},
		{"tool --serve --num= . x", "2: the option takes a number"},
		{"tool --serve --num . x", "3: the option takes a number"},
		{"tool --serve --num", "3: the option's value is missing"},
		{"tool --serve -n", "3: the option's value is missing"},
		{"tool --serve -nb . x", "2: the option takes a number"},
		{"tool --serve -e ssh . x", "2: the option's value belongs in the same word"},
		{"tool --serve -e .iLs . x", "2: the option's value belongs in the same word"},
		{"tool --serve --flag no . x", "2: the option's value belongs in the same word"},
		{"tool --serve --flag . x", "2: the option's value belongs in the same word"},
		{"tool --serve --flag=yes . x", "2: the option takes no such value"},
		{"tool --serve -essh . x", "2: on a server -e takes the client's capabilities, not a program"},
		{"tool --serve -e/bin/sh . x", "2: on a server -e takes the client's capabilities, not a program"},
		{"tool --serve --own=x . x", "2: the option takes a number"},
		{"tool --serve --own . x", "3: the option takes a number"},
		{"tool --serve --mine=x . x", "2: the option takes no value"},
		{"tool --serve --one=z . x", "2: the option takes no such value"},
		{"tool --serve --dir=-x . x", "2: the option's value starts with '-'"},
		{"tool --serve --dir --all . x", "3: the option's value starts with '-'"},
		{"tool --serve --dir=/../x . x", "2: a path that climbs out of the docroot"},
		{"tool --serve --dir=../../x . x", "2: a path that climbs out of the docroot"},
		{"tool --serve --dir= . x", "2: an empty path"},
		{"tool --serve --dir=!#:+ . x", "2: the program would put another word into the value"},
		{"tool --serve --dir 'a!#:+b' . x", "3: the program would put another word into the value"},
		{"tool --serve --old=/y/!#:+ . x", "2: the program would put another word into the value"},
		{"tool --serve -an!#:+ . x", "2: the program would put another word into the value"},
		{"tool --serve --dir=~bob . x", "2: another user's home directory (~name)"},
		{"tool --serve --dir=.ssh . x", "2: a protected name"},
		{"tool --serve --old=../../../y . up", "2: a path that climbs out of the docroot"},
		{"tool --serve --old ../../../y . up", "3: a path that climbs out of the docroot"},
		{"tool --serve --old=~bob . up", "2: another user's home directory (~name)"},
		{"tool --serve --old=../y . /", "2: a path that climbs out of the docroot"},
		{"tool --serve --old=a/.NETRC . up", "2: a protected name"},
		{"tool --serve . -x", "3: an option where a path belongs"},
		{"tool --serve . --all", "3: an option where a path belongs"},
		{"tool --serve . --", "3: an option where a path belongs"},
		{"tool --serve . .ssh/x", "3: a protected name"},
		{"tool --serve . a/.SSH", "3: a protected name"},
		{"tool --serve . ''", "3: an empty path"},
		{"tool --serve -w . x", "2: an option of another mode"},
		{"tool -a x", "2: the option that says the mode is missing"},
		{"tool x", "1: not a word that belongs here"},
		{"tool -w x -a", "3: an option where a path belongs"},
		{"tool -w", "2: a word is missing at the end"},
		{"tool get x", "3: a word is missing at the end"},
		{"tool get x y", "3: a number belongs here"},
		{"tool get x 5 a/b", "4: a plain word belongs here"},
		{"tool get x 5 -a", "4: a plain word belongs here"},
		{"tool get x 5 a b", "5: a word too many"},
		{"tool put .ssh", "2: a protected name"},
	};
	char out[512];

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		match(&tool, rows[i].command, VERBS_ALL, out);
		if (strcmp(out, rows[i].out) != 0)
			FAIL("%s: %s", rows[i].command, out);
	}
}

/* Goal: of forms of one shape the first is taken whose verbs the account has; the last when it has none of theirs. */
static void test_shapes(void **state)
{
	static const struct {
		unsigned verbs;
		size_t form;
	} rows[] = {
		{VERBS_ALL, 0},
		{VERB_UPLOAD | VERB_DELETE, 0},
		{VERB_UPLOAD, 1},
		{VERB_UPLOAD | VERB_DOWNLOAD, 1},
		{VERB_DELETE, 1},
		{0, 1},
	};
	char out[512];

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		assert_true(match(&far, "far send x", rows[i].verbs, out));
		assert_ptr_equal(matched_form, &shapes[rows[i].form]);
		assert_string_equal(out, "<far><send><x>");
	}
	assert_false(match(&far, "far send ../../x", VERB_UPLOAD, out));
}

/* Goal: a remote is the policy's, byte for byte, or there is none; what could be read as one, or expanded, is no path. */
static void test_remotes(void **state)
{
	static const struct {
		const char *command, *out;
	} rows[] = {
		{"far serve b2:x/y", "<far><serve><b2:x/y>"},
		{"far serve x", "<far><serve><x>"},
		{"far serve /b2:x", "<far><serve></files/b2:x>"},
		{"far serve a/b2:x", "<far><serve><a/b2:x>"},
		{"far serve b2:x/y/", "2: not the remote that the policy names"},
		{"far serve b2:x", "2: not the remote that the policy names"},
		{"far serve B2:x/y", "2: not the remote that the policy names"},
		{"far serve b2:x/y/../z", "2: not the remote that the policy names"},
		{"far serve :local:/", "2: not the remote that the policy names"},
		{"far serve :sftp,host=h:/", "2: not the remote that the policy names"},
		{"far serve ~/:local:/", "2: not the remote that the policy names"},
		{"far serve a/../b2:x", "<far><serve></files/in/b2:x>"},
		{"far serve :", "2: not the remote that the policy names"},
		{"far serve b2:x/y z", "3: a word too many"},
		{"far send b2:x/y", "2: a remote that the policy does not name"},
		{"far send :http:x", "2: a remote that the policy does not name"},
		{"far send C:x", "2: a remote that the policy does not name"},
		{"far send '$x'", "2: a '$', which the program would expand"},
		{"far send /a/'${LC_X}'/b", "2: a '$', which the program would expand"},
		{"far send a\\$b", "2: a '$', which the program would expand"},
	};
	char out[512];

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		match(&far, rows[i].command, VERBS_ALL, out);
		if (strcmp(out, rows[i].out) != 0)
			FAIL("%s: %s", rows[i].command, out);
	}
}

/* Goal: verbs of options are asked of the account; those of a source only where nothing can be uploaded. */
static void test_verbs(void **state)
{
	static const struct {
		const char *command;
		unsigned verbs;
		bool matched;
	} rows[] = {
		{"tool --serve -D . x", VERBS_ALL & ~(unsigned)VERB_DELETE, false},
		{"tool --serve -aD . x", VERBS_ALL & ~(unsigned)VERB_DELETE, false},
		{"tool --serve -L . x", VERBS_ALL & ~(unsigned)VERB_LIST, true},
		{"tool -wL x", VERBS_ALL & ~(unsigned)VERB_LIST, false},
		{"tool -wL x", VERB_LIST, true},
		{"tool -w *", VERBS_ALL & ~(unsigned)VERB_LIST, false},
		{"tool -w '*'", VERBS_ALL & ~(unsigned)VERB_LIST, true},
		{"tool -w *", VERB_LIST, true},
	};
	char out[512];

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		if (match(&tool, rows[i].command, rows[i].verbs, out) != rows[i].matched)
			FAIL("%s: %s", rows[i].command, out);
}

/* Goal: where a table says no clusters, letters are not read as several options. */
static void test_no_clusters(void **state)
{
	char out[512];

	(void)state;
	assert_true(match(&unbundled, "tool --serve -a -b . x", VERBS_ALL, out));
	assert_false(match(&unbundled, "tool --serve -ab . x", VERBS_ALL, out));
	assert_false(match(&unbundled, "/opt/tool --serve . x", VERBS_ALL, out));
}

/* Goal: an option's verbs are asked for where the operands lie, all of them, however they are spelt. */
static void test_paths(void **state)
{
	static const struct path_rule in[] = {{"/in/box", VERB_DELETE | VERB_LIST, false}};
	static const struct {
		const char *command;
		bool matched;
		const char *out;
	} rows[] = {
		{"tool --serve -D . box", true, "<tool><--serve><-D><.><box>"},
		{"tool --serve -D . box/x", true, "<tool><--serve><-D><.><box/x>"},
		{"tool --serve -D . /in/box/", true, "<tool><--serve><-D><.></files/in/box/>"},
		{"tool --serve -D . //in/.//box", true, "<tool><--serve><-D><.></files//in/.//box>"},
		{"tool --serve -D . ~/box", true, "<tool><--serve><-D><.><box>"},
		{"tool --serve -D . ../in/box", true, "<tool><--serve><-D><.></files/in/box>"},
		{"tool --serve -aD . boxes", false, "2: an option that needs what the account may not do there"},
		{"tool --serve -a -D . box/..", false, "3: an option that needs what the account may not do there"},
		{"tool --serve -D . /box", false, "2: an option that needs what the account may not do there"},
		{"tool --serve -D . .", false, "2: an option that needs what the account may not do there"},
		{"tool -w 'box'/* box/y", true, "<tool><-w>{box/*}<box/y>"},
		{"tool -w box/* b*", false, "3: a wildcard lists a directory"},
		{"tool -w b*/x", false, "2: a wildcard lists a directory"},
	};
	char out[1024];

	(void)state;
	rules = in, rules_count = 1, beneath = in[0].verbs;
	for (size_t i = 0; i < ROWS(rows); i++)
		if (match(&tool, rows[i].command, 0, out) != rows[i].matched || strcmp(out, rows[i].out) != 0)
			FAIL("%s: %s", rows[i].command, out);
	rules_count = 0, beneath = 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_matched),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_verbs),
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_shapes),
		cmocka_unit_test(test_remotes),
		cmocka_unit_test(test_no_clusters),
	};

	return cmocka_run_group_tests_name("grammar", tests, NULL, NULL);
}
