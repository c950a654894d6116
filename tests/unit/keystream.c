/*
 * Goal: a file's lines come one by one as keyfile_next() has them, wherever reads end; and one that is too long costs
 * no memory and not the next one.
 */
#include "test.h"

#include "keys/keyfile.h"
#include "keys/keystream.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

static struct keystream stream;

static int file_of(const char *text, size_t length)
{
	int fd = memfd_create("keys", 0);

	assert_int_equal(write(fd, text, length), length);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

/* Both readers say the same of it. */
static void compare(const char *text, size_t length)
{
	int fd = file_of(text, length);
	struct keyfile file;
	const char *line;
	size_t at = 0, each, count = 0;

	assert_null(keyfile_read(fd, &file));
	keystream_begin(&stream, fd);
	while (keyfile_next(&file, &at, &line, &each)) {
		bool cut = each > KEYLINE_MAX;

		assert_true(keystream_next(&stream));
		assert_int_equal(stream.number, ++count);
		assert_int_equal(stream.length, cut ? KEYLINE_MAX + 1 : each);
		assert_memory_equal(stream.text, line, stream.length);
	}
	assert_false(keystream_next(&stream));
	assert_null(stream.reason);
	keyfile_free(&file);
	close(fd);
}

static void test_lines(void **state)
{
	(void)state;
	compare(BYTES(""));
	compare(BYTES("\n"));
	compare(BYTES("a"));
	compare(BYTES("a\nb\n\n\nc"));
	compare(BYTES("a\0b\n\0\n"));
}

/* Lines of every length around the bound and the buffer's end, one behind the other. */
static void test_long_lines(void **state)
{
	static const size_t lengths[] = {KEYLINE_MAX - 1, KEYLINE_MAX, KEYLINE_MAX + 1, KEYLINE_MAX + 2,
					 2 * (KEYLINE_MAX + 2), 5 * KEYLINE_MAX};
	struct dice dice = {7};

	(void)state;
	for (size_t round = 0; round < 40; round++) {
		size_t length = 0;
		char *text = malloc(64 * (size_t)KEYLINE_MAX);

		assert_non_null(text);
		for (size_t i = 0; i < 6; i++) {
			size_t some = round < ROWS(lengths) ? lengths[round] - i % 2 : lengths[roll(&dice, ROWS(lengths))];

			memset(text + length, 'a' + (int)i, some);
			text[length + some] = '\n';
			length += some + 1;
			length += (size_t)sprintf(text + length, "short %zu\n", i);
		}
		compare(text, length - roll(&dice, 2));
		free(text);
	}
}

static void test_unreadable(void **state)
{
	int fd = file_of(BYTES("a\n")), ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	keystream_begin(&stream, ends[1]);
	assert_false(keystream_next(&stream));
	assert_string_equal(stream.reason, "cannot be read");
	assert_int_equal(errno, EBADF);
	close(ends[0]);
	close(ends[1]);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_long_lines),
		cmocka_unit_test(test_unreadable),
	};

	return cmocka_run_group_tests_name("keystream", tests, NULL, NULL);
}
