/*
 * Goal: a report's tables: the same words are the same row, different ones are not, and there are no more than there
 * is room for. And the bars of its histogram: nothing that is added is lost, whatever the times are.
 */
#include "test.h"

#include "audit/logbars.h"
#include "audit/logrows.h"

static struct logrow *add(struct logrows *rows, const char *a, const char *b, int64_t time)
{
	const struct logspan fields[] = {{a, strlen(a)}, {b, strlen(b)}};

	return logrows_add(rows, &(struct logrow_words){fields, 2, time, 1});
}

static void test_rows(void **state)
{
	struct logrows rows;

	(void)state;
	assert_true(logrows_begin(&rows, 3));
	add(&rows, "ab", "c", 5);
	add(&rows, "a", "bc", 6);
	add(&rows, "a", "bc", 2);
	add(&rows, "", "", 7);
	assert_null(add(&rows, "x", "y", 8));
	assert_non_null(add(&rows, "a", "bc", 9));
	assert_int_equal(rows.count, 3);
	assert_int_equal(rows.beyond, 1);
	logrows_sort(&rows);
	assert_string_equal(rows.row[0].field[1], "bc");
	assert_int_equal(rows.row[0].count, 3);
	assert_int_equal(rows.row[0].first, 2);
	assert_int_equal(rows.row[0].last, 9);
	assert_string_equal(rows.row[1].field[0], "ab");
	logrows_free(&rows);
}

/* Goal: long words are cut, NUL bytes end nothing. */
static void test_words(void **state)
{
	struct logrows rows;
	char longer[2 * LOGROWS_FIELD_MAX];
	const struct logspan fields[] = {{longer, sizeof longer}, {"a\0b", 3}};

	(void)state;
	memset(longer, 'x', sizeof longer);
	assert_true(logrows_begin(&rows, 4));
	const struct logrow *row = logrows_add(&rows, &(struct logrow_words){fields, 2, 0, 1});
	assert_int_equal(strlen(row->field[0]), LOGROWS_FIELD_MAX);
	assert_string_equal(row->field[1], "a?b");
	assert_ptr_equal(logrows_add(&rows, &(struct logrow_words){fields, 2, 0, 1}), row);
	logrows_free(&rows);
}

static unsigned long sum(const struct logbars *bars)
{
	unsigned long all = 0;

	for (size_t i = 0; i < LOGBARS_BINS; i++)
		for (unsigned k = 0; k < LOGBARS_SERIES; k++)
			all += bars->bin[i][k];
	return all;
}

static void test_bars(void **state)
{
	struct dice dice = {.state = 7};
	size_t first;

	(void)state;
	for (unsigned round = 0; round < 500; round++) {
		struct logbars bars = {0};
		int64_t reach = 1LL << (1 + roll(&dice, 40)), low = INT64_MAX, high = 0;

		for (unsigned i = 1; i <= 50; i++) {
			int64_t time = (int64_t)(roll(&dice, 1U << 31) % (uint64_t)reach);

			low = time < low ? time : low;
			high = time > high ? time : high;
			logbars_add(&bars, time, roll(&dice, LOGBARS_SERIES), 1);
			assert_int_equal(sum(&bars), i);
		}
		size_t count = logbars_fold(&bars, 5, &first);

		assert_int_equal(sum(&bars), 50);
		assert_in_range(count, 1, 5);
		assert_true(bars.base + (int64_t)first * logbars_width(&bars) <= low);
		assert_true(high < bars.base + (int64_t)(first + count) * logbars_width(&bars));
	}
	struct logbars none = {0};
	assert_int_equal(logbars_fold(&none, 5, &first), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows), cmocka_unit_test(test_words), cmocka_unit_test(test_bars),
	};

	return cmocka_run_group_tests_name("logrows", tests, NULL, NULL);
}
