#include "source.h"

#include "fault.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* owner is 0 unless it is user mode. */
static bool is_trusted(const struct stat *st, unsigned owner)
{
	return (st->st_uid == 0 || st->st_uid == owner) && (st->st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

static bool blame(struct policy_fault *fault, unsigned owner, const char *theirs, const char *roots)
{
	fault->reason = owner ? theirs : roots;
	return fault_want(fault, owner ? "owner root or the account, no write bit for group or others, no link"
				       : "owner root, no write bit for group or others, no link");
}

static bool blame_directory(struct policy_fault *fault, const char *directory, unsigned owner)
{
	fault_at(fault, 0, directory, NULL);
	return blame(fault, owner, "a directory on the way is not root's or the account's alone",
		     "a directory on the way is not root's alone");
}

static int open_file(const char *path, int flags)
{
	struct open_how how = {
		.flags = (unsigned long long)flags | O_CLOEXEC,
		.resolve = RESOLVE_NO_SYMLINKS,
	};

	return (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof how);
}

/*
 * Checks "/", "/etc" and so on down to the directory that holds path. From the top, so that each name is looked up in
 * directories that nobody but root (or the account) can change. Those of the first bytes of path were checked before.
 */
static bool check_parents(const char *path, size_t checked, unsigned owner, struct policy_fault *fault)
{
	const char *slash = checked ? strchr(path + checked + 1, '/') : path;
	char parent[POLICY_PATH_MAX];

	for (; slash; slash = strchr(slash + 1, '/')) {
		size_t length = slash == path ? 1 : (size_t)(slash - path);
		memcpy(parent, path, length);
		parent[length] = '\0';
		struct stat st;
		if (lstat(parent, &st) != 0 || !S_ISDIR(st.st_mode) || !is_trusted(&st, owner))
			return blame_directory(fault, parent, owner);
	}
	return true;
}

/* Of a file that is not there: its directory is not there either, or nobody else has taken the file away. */
static bool check_absent(const char *path, unsigned owner, struct policy_fault *fault)
{
	size_t length = (size_t)(strrchr(path, '/') - path);
	char parent[POLICY_PATH_MAX];
	struct stat st;

	memcpy(parent, path, length);
	parent[length] = '\0';
	if (length == 0 || lstat(parent, &st) != 0 || is_trusted(&st, owner))
		return true;
	return blame_directory(fault, parent, owner);
}

static bool read_all(int fd, size_t size, struct source *source)
{
	source->text = malloc(size + 1);
	if (!source->text)
		return false;
	while (source->length < size) {
		ssize_t n = read(fd, source->text + source->length, size - source->length);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		source->length += (size_t)n;
	}
	source->text[source->length] = '\0';
	return source->length == size;
}

static bool read_checked(int fd, const struct policy_source *from, struct source *source,
			 struct policy_fault *fault)
{
	struct stat st;

	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return fault_at(fault, 0, NULL, "not a regular file");
	if (!from->any_owner && !is_trusted(&st, from->owner)) {
		fault_at(fault, 0, NULL, NULL);
		return blame(fault, from->owner, "the file is not root's or the account's alone",
			     "the file is not root's alone");
	}
	if (st.st_size > POLICY_FILE_MAX)
		return fault_at(fault, 0, NULL, "the file is larger than 1 MiB");
	if (!read_all(fd, (size_t)st.st_size, source))
		return fault_at(fault, 0, NULL, "the file cannot be read whole");
	return true;
}

enum source_read source_open(const char *path, size_t checked, const struct policy_source *from,
			     struct source *source, struct policy_fault *fault)
{
	*source = (struct source){0};
	if (path[0] != '/' || strlen(path) >= POLICY_PATH_MAX) {
		fault_at(fault, 0, NULL, "not an absolute path");
		return SOURCE_FAULT;
	}
	int fd = open_file(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	if (fd < 0 && errno == ENOENT)
		return from->any_owner || check_absent(path, from->owner, fault) ? SOURCE_ABSENT : SOURCE_FAULT;
	if (fd < 0) {
		fault_at(fault, 0, NULL,
			 errno == ELOOP ? "a link on the way" : "the file cannot be opened");
		return SOURCE_FAULT;
	}
	bool good = (from->any_owner || check_parents(path, checked, from->owner, fault)) &&
		    read_checked(fd, from, source, fault);
	close(fd);
	if (good)
		return SOURCE_READ;
	source_free(source);
	return SOURCE_FAULT;
}

bool source_take(const char *text, struct source *source, struct policy_fault *fault)
{
	*source = (struct source){.text = strdup(text), .length = strlen(text)};
	return source->text || fault_at(fault, 0, NULL, "out of memory");
}

static bool lint_section(const char *line, size_t length, unsigned number,
			 struct policy_fault *fault)
{
	if (line[length - 1] != ']')
		return fault_at(fault, number, line, "text behind the section's ']'");
	if (memchr(line, ']', length - 1) || memchr(line + 1, '[', length - 1))
		return fault_at(fault, number, line, "a bracket inside the section's name");
	if (strstr(line, " ;"))
		return fault_at(fault, number, line, "' ;' in a section's name (the rest of the line would vanish)");
	if (length - 2 > POLICY_NAME_MAX)
		return fault_at(fault, number, line, "a section's name longer than 48 bytes");
	if (length == 2 || line[1] == ' ' || line[length - 2] == ' ' || strstr(line, "  "))
		return fault_at(fault, number, line, "a section is [kind] or [kind name]");
	return true;
}

static bool lint_entry(const char *line, size_t length, unsigned number, struct policy_fault *fault)
{
	const char *equals = memchr(line, '=', length);
	size_t name = equals ? (size_t)(equals - line) : 0;

	if (!equals) {
		fault_at(fault, number, line, "a line that is no setting");
		return fault_want(fault, "name = value, [section] or # comment");
	}
	while (name > 0 && line[name - 1] == ' ')
		name--;
	if (name == 0)
		return fault_at(fault, number, line, "a setting without a name");
	if (name > POLICY_NAME_MAX)
		return fault_at(fault, number, line, "a setting's name longer than 48 bytes");
	if (memchr(line, ':', name) || memchr(line, ';', name))
		return fault_at(fault, number, line, "a ':' or ';' in a setting's name");
	if (strstr(equals, " ;") || strstr(equals, "\t;"))
		return fault_at(fault, number, line, "' ;' in a value (the rest of the line would vanish)");
	if (equals[1 + strspn(equals + 1, " ")] == '\0')
		return fault_at(fault, number, line, "a setting without a value");
	return true;
}

/* line is NUL-terminated at length for the time of this call. */
static bool lint_line(const char *line, size_t length, unsigned number, struct policy_fault *fault)
{
	if (strlen(line) != length)
		return fault_at(fault, number, line, "a NUL byte");
	if (length > POLICY_LINE_MAX)
		return fault_at(fault, number, line, "a line longer than 190 bytes");
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f)
			return fault_at(fault, number, line, line[i] == '\r' ? "a carriage return"
							     : line[i] == '\t' ? "a tab; use blanks"
									       : "a control byte");
	if (line[0] == ' ')
		return fault_at(fault, number, line, "an indented line");
	if (strncmp(line, "\xef\xbb\xbf", 3) == 0)
		return fault_at(fault, number, NULL, "a byte order mark");
	if (length == 0 || line[0] == '#' || line[0] == ';')
		return true;
	if (line[0] == '[')
		return lint_section(line, length, number, fault);
	return lint_entry(line, length, number, fault);
}

/* Counts lines, and so bounds sections and entries. */
static bool make_room(struct source *source)
{
	size_t lines = 1;

	for (size_t i = 0; i < source->length; i++)
		lines += source->text[i] == '\n';
	source->sections = calloc(lines, sizeof *source->sections);
	source->entries = calloc(lines, sizeof *source->entries);
	return source->sections && source->entries;
}

static bool record(struct source *source, const char *line, size_t length, unsigned number,
		   struct policy_fault *fault)
{
	if (length == 0 || line[0] == '#' || line[0] == ';')
		return true;
	if (line[0] == '[') {
		source->sections[source->sections_count++] =
			(struct source_section){line + 1, length - 2, number};
		return true;
	}
	if (source->sections_count == 0)
		return fault_at(fault, number, line, "a setting before the first section");
	source->entries[source->entries_count++] =
		(struct source_entry){source->sections_count - 1, number};
	return true;
}

bool source_lint(struct source *source, struct policy_fault *fault)
{
	size_t length;
	unsigned number = 1;

	if (!make_room(source))
		return fault_at(fault, 0, NULL, "out of memory");
	for (size_t at = 0; at < source->length; at += length + 1, number++) {
		char *line = source->text + at;
		char *end = memchr(line, '\n', source->length - at);

		length = end ? (size_t)(end - line) : source->length - at;
		if (end)
			*end = '\0';
		bool good = lint_line(line, length, number, fault) &&
			    record(source, line, length, number, fault);
		if (end)
			*end = '\n';
		if (!good)
			return false;
	}
	return true;
}

void source_free(struct source *source)
{
	free(source->text);
	free(source->sections);
	free(source->entries);
	*source = (struct source){0};
}
