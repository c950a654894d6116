/*
 * Goal: the files that the kernel opens to execute a program are found as the kernel finds them, on sound files
 * and on hostile ones: what is not understood is ENOEXEC, never a guess that Landlock would then allow (I4).
 */
#include "test.h"

#include "sandbox/program.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[64] = "/tmp/program-XXXXXX";

static const char *put(const char *name, const void *bytes, size_t length)
{
	static char path[128];
	int fd;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0755);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, length), (ssize_t)length);
	close(fd);
	return path;
}

static void test_sound(void **state)
{
	struct program_files files;
	char script[256], path[128];

	(void)state;
	assert_true(program_find("/bin/sh", &files));
	assert_int_equal(files.count, 2); /* sh and its loader */
	assert_string_equal(files.path[0], "/bin/sh");
	assert_non_null(strstr(files.path[1], "ld"));

	int n = snprintf(script, sizeof script, "#! \t/bin/sh -x y\nexit 1\n");
	strcpy(path, put("script", script, (size_t)n));
	assert_true(program_find(path, &files));
	assert_int_equal(files.count, 3);
	assert_string_equal(files.path[1], "/bin/sh");

	/* a script that names a script: one more file than there may be */
	n = snprintf(script, sizeof script, "#!%s\n", path);
	assert_false(program_find(put("nested", script, (size_t)n), &files));
	assert_int_equal(errno, ENOEXEC);
}

static void test_absent(void **state)
{
	struct program_files files;

	(void)state;
	assert_false(program_find("/nowhere/x", &files));
	assert_int_equal(errno, ENOENT);
	assert_int_equal(chdir("/"), 0); /* where that is a file */
	assert_false(program_find("bin/sh", &files));
	assert_false(program_find("", &files));
	assert_false(program_find("/", &files));
	assert_false(program_find("/dev/null", &files));
}

static void test_hostile_scripts(void **state)
{
	static const struct {
		const char *bytes;
		size_t length;
	} rows[] = {
		{BYTES("")},          {BYTES("#")},          {BYTES("#!")},       {BYTES("#!\n")},
		{BYTES("#! \t \n")},  {BYTES("#!sh\n")},     {BYTES("#!./x\n")},  {BYTES("#!\0/bin/sh\n")},
		{BYTES("#! -x\n")},   {BYTES("echo hi\n")},  {BYTES("MZ")},       {BYTES("\177ELF")},
		{BYTES("#!/no/such/interpreter\n")},
	};
	struct program_files files;

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		if (program_find(put("x", rows[i].bytes, rows[i].length), &files))
			FAIL("row %zu is a program", i);
}

struct image {
	ElfW(Ehdr) elf;
	ElfW(Phdr) header[2];
	char interpreter[64];
};

static void make(struct image *image)
{
	*image = (struct image){
		.elf = {.e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3},
			.e_phoff = offsetof(struct image, header),
			.e_phentsize = sizeof(ElfW(Phdr)),
			.e_phnum = 2},
		.header = {{.p_type = PT_LOAD},
			   {.p_type = PT_INTERP,
			    .p_offset = offsetof(struct image, interpreter),
			    .p_filesz = 12}},
		.interpreter = "/lib/ld.so\0",
	};
}

static bool finds(const struct image *image, size_t length, struct program_files *files)
{
	return program_find(put("elf", image, length), files);
}

static void test_elf(void **state)
{
	struct image image;
	struct program_files files;

	(void)state;
	make(&image);
	assert_true(finds(&image, sizeof image, &files));
	assert_int_equal(files.count, 2);
	assert_string_equal(files.path[1], "/lib/ld.so");
	image.header[1].p_type = PT_NULL; /* static */
	assert_true(finds(&image, sizeof image, &files));
	assert_int_equal(files.count, 1);
}

/* Goal: each field that a file can lie about, with a lie. */
static void test_hostile_elf(void **state)
{
	struct image image;
	struct program_files files;

	(void)state;
	for (int lie = 0; lie < 10; lie++) {
		make(&image);
		size_t length = sizeof image;
		switch (lie) {
		case 0: image.elf.e_phoff = 1 << 20; break;
		case 1: image.elf.e_phoff = ~(ElfW(Off))0; break;
		case 2: image.elf.e_phentsize = 8; break;
		case 3: image.elf.e_phnum = 65535; break;
		case 4: image.header[1].p_filesz = 1 << 20; break;
		case 5: image.header[1].p_filesz = 0; break;
		case 6: image.header[1].p_offset = ~(ElfW(Off))0; break;
		case 7: memcpy(image.interpreter, "ld.so\0", 6); break;
		case 8: image.interpreter[0] = '\0'; break;
		default: length = offsetof(struct image, header) + 10; break;
		}
		if (finds(&image, length, &files))
			FAIL("lie %d is believed", lie);
	}
	/* any length of a sound one, cut */
	make(&image);
	for (size_t length = 0; length < offsetof(struct image, interpreter) + 12; length++)
		assert_false(finds(&image, length, &files));
}

/* Goal: it never waits: a FIFO in the place of a program is refused. */
static void test_fifo(void **state)
{
	struct program_files files;
	char path[128];

	(void)state;
	snprintf(path, sizeof path, "%s/fifo", dir);
	assert_int_equal(mkfifo(path, 0755), 0);
	assert_false(program_find(path, &files));
}

static int make_dir(void **state)
{
	(void)state;
	return mkdtemp(dir) ? 0 : -1;
}

static int remove_dir(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof command, "rm -rf %s", dir);
	return system(command);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sound),           cmocka_unit_test(test_absent),
		cmocka_unit_test(test_hostile_scripts), cmocka_unit_test(test_elf),
		cmocka_unit_test(test_hostile_elf),     cmocka_unit_test(test_fifo),
	};

	return cmocka_run_group_tests_name("program", tests, make_dir, remove_dir);
}
