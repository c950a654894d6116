#include "program.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <string.h>
#include <unistd.h>

enum { HEAD = 256, HEADERS_MAX = 64 };

static bool keep(struct program_files *files, const char *path, size_t length)
{
	if (files->count == PROGRAM_FILES || length == 0 || length >= PATH_MAX || path[0] != '/') {
		errno = ENOEXEC;
		return false;
	}
	memcpy(files->path[files->count], path, length);
	files->path[files->count++][length] = '\0';
	return true;
}

/* "#!/usr/bin/python3 -sP": the path alone. */
static bool keep_interpreter(struct program_files *files, const char *head, size_t length)
{
	size_t at = 2;

	while (at < length && (head[at] == ' ' || head[at] == '\t'))
		at++;
	size_t end = at;
	while (end < length && !strchr(" \t\n", head[end]))
		end++;
	return keep(files, head + at, end - at);
}

/* Keeps the loader, if the file names one: a static program needs none. */
static bool keep_loader(struct program_files *files, int fd, const char *head, size_t length)
{
	ElfW(Ehdr) elf;
	char path[PATH_MAX];

	if (length < sizeof elf)
		goto bad;
	memcpy(&elf, head, sizeof elf);
	if (memcmp(elf.e_ident, ELFMAG, SELFMAG) != 0 || elf.e_phentsize != sizeof(ElfW(Phdr)) ||
	    elf.e_phnum > HEADERS_MAX)
		goto bad;
	for (unsigned i = 0; i < elf.e_phnum; i++) {
		ElfW(Phdr) header;

		if (pread(fd, &header, sizeof header, (off_t)(elf.e_phoff + i * sizeof header)) !=
		    sizeof header)
			goto bad;
		if (header.p_type != PT_INTERP)
			continue;
		if (header.p_filesz < 2 || header.p_filesz >= sizeof path ||
		    pread(fd, path, header.p_filesz, (off_t)header.p_offset) != (ssize_t)header.p_filesz)
			goto bad;
		return keep(files, path, strnlen(path, header.p_filesz));
	}
	return true;
bad:
	errno = ENOEXEC;
	return false;
}

static bool find(const char *program, struct program_files *files)
{
	char head[HEAD];
	int fd = open(program, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		return false;
	ssize_t n = pread(fd, head, sizeof head, 0);
	size_t length = n > 0 ? (size_t)n : 0;
	bool script = length > 2 && head[0] == '#' && head[1] == '!';
	bool found = script ? keep_interpreter(files, head, length)
			    : keep_loader(files, fd, head, length);
	int error = errno;
	close(fd);
	errno = error;
	/* One interpreter deep: a script that names a script is refused by the count above. */
	return found && (!script || find(files->path[files->count - 1], files));
}

bool program_find(const char *program, struct program_files *files)
{
	files->count = 0;
	return keep(files, program, strlen(program)) && find(program, files);
}
