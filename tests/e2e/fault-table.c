/*
 * fault-table - errnos.tsv: which system call may fail with what, by its manual page; and lies-known.tsv: which may say
 * that it has done something that it has not, and nobody sees it.
 */
#define _GNU_SOURCE
#include "fault.h"

#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

enum { ROWS_MAX = 160, KNOWN_MAX = 16, ERRNO_MOST = 134 };

static struct table_row rows[ROWS_MAX];
static size_t rows_count;

static struct {
	char name[32];
	long number;
	uint64_t first;
} known[KNOWN_MAX];
static size_t knowns;

static void die(const char *what, const char *word)
{
	fprintf(stderr, "fault: %s: %s\n", what, word);
	exit(2);
}

static int error_of(const char *name)
{
	for (int error = 1; error < ERRNO_MOST; error++) {
		const char *known = strerrorname_np(error);
		if (known && strcmp(known, name) == 0)
			return error;
	}
	die("no such error", name);
	return 0;
}

static long number_of(const char *name)
{
	long number = strcmp(name, "allocation") == 0 ? ALLOCATION : seccomp_syscall_resolve_name(name);

	if (number == __NR_SCMP_ERROR)
		die("no such call", name);
	return number;
}

static void read_row(char *line)
{
	char *name = strsep(&line, "\t"), *pages = strsep(&line, "\t");
	struct table_row *row = &rows[rows_count++];

	if (!pages || !line || rows_count == ROWS_MAX || strlen(name) >= sizeof row->name)
		die("errnos.tsv: not a row", name);
	memcpy(row->name, name, strlen(name) + 1);
	row->number = number_of(name);
	for (char *word; (word = strsep(&line, " "));) {
		if (*word == '\0' || strcmp(word, "-") == 0)
			continue;
		if (row->errors == ERRORS_MAX)
			die("errnos.tsv: too many errors", name);
		row->error[row->errors++] = error_of(word);
	}
}

/* "CALL ARGUMENT REASON": its first argument as a number, or "any". */
static void read_known(char *line)
{
	char *name = strsep(&line, "\t"), *first = strsep(&line, "\t");

	if (!first || !line || knowns == KNOWN_MAX || strlen(name) >= sizeof known->name)
		die("lies-known.tsv: not a row", name);
	memcpy(known[knowns].name, name, strlen(name) + 1);
	known[knowns].number = number_of(name);
	known[knowns++].first = strcmp(first, "any") == 0 ? UINT64_MAX : strtoull(first, NULL, 0);
}

static void read_lines(const char *path, void (*read_line)(char *line))
{
	char line[1024];
	FILE *file = fopen(path, "re");

	if (!file)
		die("cannot be opened", path);
	while (fgets(line, sizeof line, file)) {
		line[strcspn(line, "\n")] = '\0';
		if (*line && *line != '#')
			read_line(line);
	}
	fclose(file);
}

void table_read(const char *path)
{
	read_lines(path, read_row);
}

void known_read(const char *path)
{
	read_lines(path, read_known);
}

int known_find(long number, uint64_t first)
{
	for (size_t i = 0; i < knowns; i++)
		if (known[i].number == number && (known[i].first == UINT64_MAX || known[i].first == first))
			return (int)i;
	return -1;
}

size_t known_count(void)
{
	return knowns;
}

const char *known_name(int row)
{
	return known[row].name;
}

const struct table_row *table_find(long number)
{
	for (size_t i = 0; i < rows_count; i++)
		if (rows[i].number == number)
			return &rows[i];
	return NULL;
}

const char *table_name(long number)
{
	static char name[64];
	const struct table_row *row = table_find(number);
	char *known = row ? NULL : seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, (int)number);

	snprintf(name, sizeof name, "%s", row ? row->name : known ? known : "?");
	free(known);
	return name;
}

int table_path_argument(long number)
{
	static const struct {
		long number;
		int argument;
	} rows[] = {{SYS_open, 0},     {SYS_openat, 1},     {SYS_openat2, 1},   {SYS_stat, 0},       {SYS_newfstatat, 1},
		    {SYS_lstat, 0},    {SYS_mkdir, 0},      {SYS_mkdirat, 1},   {SYS_readlinkat, 1}, {SYS_readlink, 0},
		    {SYS_chdir, 0},    {SYS_mknod, 0},      {SYS_open_tree, 1}, {SYS_move_mount, 3}, {SYS_symlinkat, 2},
		    {SYS_fsconfig, 2}, {SYS_faccessat2, 1}, {SYS_chroot, 0},    {SYS_umount2, 0}};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].number == number)
			return rows[i].argument;
	return -1;
}
