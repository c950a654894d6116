/*
 * audit-files - files of the host, or of an image that is mounted somewhere, read whole.
 */
#include "audit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MOST = 1 << 30 };

int audit_open(const struct audit *a, const char *path, int flags)
{
	/* O_PATH opens nothing that could make it wait, and takes no further flags. */
	return image_open(&a->image, path, flags & O_PATH ? flags : flags | O_NONBLOCK | O_NOCTTY);
}

static bool read_all(int fd, size_t most, struct audit_text *text)
{
	ssize_t n = 1;

	text->text = malloc(most + 1);
	while (text->text && text->length < most && n > 0) {
		n = read(fd, text->text + text->length, most - text->length);
		if (n < 0 && errno == EINTR)
			n = 1;
		else if (n > 0)
			text->length += (size_t)n;
	}
	if (text->text && n >= 0) {
		text->text[text->length] = '\0';
		return true;
	}
	free(text->text);
	text->text = NULL;
	return false;
}

bool audit_read(const struct audit *a, const char *path, struct audit_text *text)
{
	int fd = audit_open(a, path, O_RDONLY);
	struct stat st;
	bool good = false;

	*text = (struct audit_text){.shown = strdup(path)};
	if (fd < 0)
		return false;
	if (fstat(fd, &st) != 0)
		;
	else if (!S_ISREG(st.st_mode))
		errno = EINVAL;
	else if (st.st_size > FILE_MOST)
		errno = EFBIG;
	else /* one byte more than it has: what grows meanwhile shows up as cut, not as an entry */
		good = read_all(fd, (size_t)st.st_size + 1, text);
	int error = errno;
	close(fd);
	errno = error;
	return good;
}

void audit_text_free(struct audit_text *text)
{
	free(text->text);
	free(text->shown);
	*text = (struct audit_text){0};
}

char *audit_line(struct audit_text *text, size_t *at, bool *odd)
{
	if (!text->text || *at >= text->length)
		return NULL;
	char *line = text->text + *at, *end;

	end = memchr(line, '\n', text->length - *at);
	end = end ? end : text->text + text->length;
	*end = '\0';
	*odd = memchr(line, '\0', (size_t)(end - line)) != NULL;
	*at = (size_t)(end - text->text) + 1;
	return line;
}
