/*
 * Goal: asconfigurator's strings are read as its manual writes them, wrapped in a command line or not, and nothing else
 * is: each fault has a reason and the place in the line.
 */
#include "test.h"

#include "text/asconf.h"

/* The pairs as "name=value|" each, behind the command. */
static void flatten(const struct asconf *conf, char out[512])
{
	int used = snprintf(out, 512, "%.*s|", (int)conf->command.length, conf->command.at);

	for (size_t i = 0; i < conf->count; i++)
		used += snprintf(out + used, 512 - (size_t)used, "%.*s=%.*s|", (int)conf->pair[i].name.length,
				 conf->pair[i].name.at, (int)conf->pair[i].value.length, conf->pair[i].value.at);
}

static void test_sound(void **state)
{
	static const struct {
		const char *line, *flat;
	} rows[] = {
		{"set_user_data;user_name,alice;absolute,/data/alice", "set_user_data|user_name=alice|absolute=/data/alice|"},
		{"  set_user_data ; user_name , alice ; read_allowed , false \r", "set_user_data|user_name=alice|read_allowed=false|"},
		{"asconfigurator -x \"set_user_data;user_name,a;absolute,/d e\"", "set_user_data|user_name=a|absolute=/d e|"},
		{"asconfigurator -F 'set_node_data;absolute,/x'", "set_node_data|absolute=/x|"},
		{"'set_node_data;absolute,'", "set_node_data|absolute=|"},
		{"set_user_data;user_name,a;file_restriction,|s3://x/*|!*.key,b", "set_user_data|user_name=a|file_restriction=|s3://x/*|!*.key,b|"},
		{"delete_user", "delete_user|"},
		{"", "|"},
		{" \t\r", "|"},
		{"# set_user_data;user_name,x", "|"},
	};
	static struct asconf conf;
	char flat[512];
	size_t offset;

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		const char *reason = asconf_read(rows[i].line, strlen(rows[i].line), &conf, &offset);

		if (reason)
			FAIL("'%s': %s at %zu", rows[i].line, reason, offset);
		flatten(&conf, flat);
		assert_string_equal(flat, rows[i].flat);
	}
}

static void test_faults(void **state)
{
	static const struct {
		const char *line;
		size_t length, offset;
	} rows[] = {
		{BYTES(";user_name,a"), 0},
		{BYTES("Set_user_data;user_name,a"), 0},
		{BYTES("set_user_data user_name,a"), 14},
		{BYTES("set_user_data;"), 14},
		{BYTES("set_user_data;user_name"), 23},
		{BYTES("set_user_data;,a"), 14},
		{BYTES("set_user_data;user_name,a\"b"), 25},
		{BYTES("set_user_data;user_name,a'"), 25},
		{BYTES("set_user_data;user_name,a\nb"), 25},
		{BYTES("set_user_data;user_name,a\0b"), 25},
		{BYTES("set_user_data;user_name,a\x1b[31m"), 25},
		{BYTES("set_user_data;user_name,a\xc3\xa4"), 25},
		{BYTES("\"set_user_data;user_name,a"), 0},
		{BYTES("\"set_user_data;user_name,a\" x"), 0},
		{BYTES("\""), 0},
		{BYTES("asconfigurator set_user_data;user_name,a"), 15},
		{BYTES("set_user_data;user name,a"), 19},
	};
	static struct asconf conf;
	size_t offset;

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		if (!asconf_read(rows[i].line, rows[i].length, &conf, &offset))
			FAIL("row %zu is read", i);
		if (offset != rows[i].offset)
			FAIL("row %zu: at %zu, not %zu", i, offset, rows[i].offset);
	}
}

static void test_bounds(void **state)
{
	static char line[2 * ASCONF_LINE_MAX];
	static struct asconf conf;
	size_t offset, used = (size_t)sprintf(line, "set_user_data");

	(void)state;
	for (size_t i = 0; i < ASCONF_PAIRS_MAX; i++)
		used += (size_t)sprintf(line + used, ";a%zu,b", i);
	assert_null(asconf_read(line, used, &conf, &offset));
	assert_int_equal(conf.count, ASCONF_PAIRS_MAX);
	used += (size_t)sprintf(line + used, ";more,b");
	assert_non_null(asconf_read(line, used, &conf, &offset));
	memset(line, 'a', sizeof line);
	assert_null(asconf_read(line, ASCONF_LINE_MAX, &conf, &offset));
	assert_non_null(asconf_read(line, ASCONF_LINE_MAX + 1, &conf, &offset));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sound),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_bounds),
	};

	return cmocka_run_group_tests_name("asconf", tests, NULL, NULL);
}
