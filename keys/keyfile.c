#include "keyfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *keyfile_open(const char *path, int *fd)
{
	struct stat status;

	*fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (*fd < 0)
		return "cannot be opened";
	if (fstat(*fd, &status) == 0 && S_ISREG(status.st_mode))
		return NULL;
	close(*fd);
	*fd = -1;
	errno = 0;
	return "not a regular file";
}

bool keyfile_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
	       a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

static bool read_all(int fd, char *text, size_t length)
{
	size_t done = 0;

	while (done < length) {
		ssize_t n = pread(fd, text + done, length - done, (off_t)done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			errno = n < 0 ? errno : 0;
			return false;
		}
		done += (size_t)n;
	}
	return true;
}

const char *keyfile_read(int fd, struct keyfile *file)
{
	struct stat after;

	*file = (struct keyfile){0};
	if (fstat(fd, &file->status) != 0)
		return "cannot be read";
	errno = 0;
	if (file->status.st_size > KEYFILE_MAX)
		return "more than 1 GiB";
	file->length = (size_t)file->status.st_size;
	file->text = malloc(file->length + 1);
	if (!file->text)
		return "no memory to read it";
	const char *reason = NULL;
	if (!read_all(fd, file->text, file->length))
		reason = errno ? "cannot be read" : "became shorter while it was read";
	else if (fstat(fd, &after) != 0 || !keyfile_same(&file->status, &after))
		reason = "changed while it was read";
	if (reason)
		keyfile_free(file);
	else
		file->text[file->length] = '\0';
	return reason;
}

const char *keyfile_load(const char *path, struct keyfile *file)
{
	int fd;
	const char *reason = keyfile_open(path, &fd);

	if (reason)
		return reason;
	reason = keyfile_read(fd, file);
	close(fd);
	return reason;
}

void keyfile_free(struct keyfile *file)
{
	free(file->text);
	file->text = NULL;
	file->length = 0;
}

bool keyfile_next(const struct keyfile *file, size_t *at, const char **text, size_t *length)
{
	if (*at >= file->length)
		return false;
	*text = file->text + *at;
	const char *end = memchr(*text, '\n', file->length - *at);
	*length = end ? (size_t)(end - *text) : file->length - *at;
	*at += *length + 1;
	return true;
}

bool keyfile_has_mark(const struct keyfile *file)
{
	return file->length >= 3 && memcmp(file->text, "\xef\xbb\xbf", 3) == 0;
}
