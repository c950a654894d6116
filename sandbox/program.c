#include "program.h"

#include "kernel.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <string.h>
#include <unistd.h>

/* As a rule the head holds the program headers and the loader's name: one read in place of one for each. */
enum { HEAD = 1024, HEADERS_MAX = 64 };

struct head {
	int fd;
	size_t length;
	char bytes[HEAD];
};

static bool read_at(const struct head *head, void *out, size_t size, uint64_t at)
{
	if (at < head->length && size <= head->length - at) {
		memcpy(out, head->bytes + at, size);
		return true;
	}
	return pread(head->fd, out, size, (off_t)at) == (ssize_t)size;
}


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
static bool keep_loader(struct program_files *files, const struct head *head)
{
	ElfW(Ehdr) elf;
	char path[PATH_MAX];

	if (head->length < sizeof elf)
		goto bad;
	memcpy(&elf, head->bytes, sizeof elf);
	if (memcmp(elf.e_ident, ELFMAG, SELFMAG) != 0 || elf.e_phentsize != sizeof(ElfW(Phdr)) ||
	    elf.e_phnum > HEADERS_MAX)
		goto bad;
	for (unsigned i = 0; i < elf.e_phnum; i++) {
		ElfW(Phdr) header;

		if (!read_at(head, &header, sizeof header, elf.e_phoff + i * sizeof header))
			goto bad;
		if (header.p_type != PT_INTERP)
			continue;
		if (header.p_filesz < 2 || header.p_filesz >= sizeof path ||
		    !read_at(head, path, header.p_filesz, header.p_offset))
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
	struct head head = {.fd = kernel_open(program, O_RDONLY | O_NONBLOCK)};

	if (head.fd < 0)
		return false;
	ssize_t n = pread(head.fd, head.bytes, sizeof head.bytes, 0);
	head.length = n > 0 ? (size_t)n : 0;
	bool script = head.length > 2 && head.bytes[0] == '#' && head.bytes[1] == '!';
	bool found = script ? keep_interpreter(files, head.bytes, head.length) : keep_loader(files, &head);
	int error = errno;
	close(head.fd);
	errno = error;
	/* One interpreter deep: a script that names a script is refused by the count above. */
	return found && (!script || find(files->path[files->count - 1], files));
}

bool program_find(const char *program, struct program_files *files)
{
	files->count = 0;
	return keep(files, program, strlen(program)) && find(program, files);
}
