/*
 * Goal: an index finds every line of a key and no other, in the file's order; of another state of the file, or damaged,
 * it is not used.
 */
#include "keyset.h"
#include "test.h"

#include "keys/index.h"
#include "keys/keyline.h"

#include <sys/mman.h>
#include <unistd.h>

#define KEY "ssh-ed25519 " ED25519

static struct keyfile file_of(const char *text)
{
	struct keyfile file = {.text = strdup(text), .length = strlen(text)};

	file.status.st_ino = 7;
	file.status.st_size = (off_t)file.length;
	file.status.st_ctim.tv_nsec = 9;
	return file;
}

static void test_find(void **state)
{
	static struct keyline line;
	struct keyfile file = file_of("# c\nrestrict " KEY " one\njunk\n\x01\nssh-rsa " RSA " other\n" KEY " two");
	struct index index;
	const char *text;
	size_t length, count;
	int fd = memfd_create("index", 0);

	(void)state;
	assert_null(index_write(fd, &file, &count));
	assert_int_equal(count, 3);
	assert_null(index_open(fd, &file.status, &index));
	keyline_read(BYTES(KEY), &line);
	assert_true(index_find(&index, line.key.blob));
	assert_true(index_next(&index, &text, &length));
	assert_memory_equal(text, "restrict " KEY " one", length);
	assert_true(index_next(&index, &text, &length));
	assert_memory_equal(text, KEY " two", length);
	assert_false(index_next(&index, &text, &length));
	keyline_read(BYTES("ecdsa-sha2-nistp256 " ECDSA), &line);
	assert_true(index_find(&index, line.key.blob));
	assert_false(index_next(&index, &text, &length));
	index_close(&index);
	close(fd);
	keyfile_free(&file);
}

static void test_age(void **state)
{
	struct keyfile file = file_of(KEY "\n");
	struct stat changed[5];
	struct index index;
	size_t count;
	int fd = memfd_create("index", 0);

	(void)state;
	assert_null(index_write(fd, &file, &count));
	for (size_t i = 0; i < ROWS(changed); i++)
		changed[i] = file.status;
	changed[0].st_ino++;
	changed[1].st_size++;
	changed[2].st_mtim.tv_nsec++;
	changed[3].st_ctim.tv_nsec++;
	changed[4].st_dev++;
	for (size_t i = 0; i < ROWS(changed); i++)
		if (!index_open(fd, &changed[i], &index))
			FAIL("row %zu", i);
	close(fd);
	keyfile_free(&file);
}

static void test_damage(void **state)
{
	struct keyfile file = file_of(KEY "\n" "ssh-rsa " RSA "\n");
	static struct keyline line;
	struct index index;
	size_t count, length;
	const char *text;
	int fd = memfd_create("index", 0);

	(void)state;
	assert_null(index_write(fd, &file, &count));
	off_t size = lseek(fd, 0, SEEK_END);
	keyline_read(BYTES(KEY), &line);
	for (off_t cut = size - 1; cut >= 0; cut -= 7) {
		assert_int_equal(ftruncate(fd, cut), 0);
		if (index_open(fd, &file.status, &index))
			continue;
		/* what is left answers, or does not; it does not read beyond its end */
		if (index_find(&index, line.key.blob))
			while (index_next(&index, &text, &length))
				assert_true(length < 4096);
		index_close(&index);
	}
	close(fd);
	keyfile_free(&file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_age),
		cmocka_unit_test(test_damage),
	};

	return cmocka_run_group_tests_name("index", tests, NULL, NULL);
}
