/*
 * keyfile - a file of keys, read whole, and its lines.
 *
 *	keyfile_load(path, &file)                one consistent copy in memory
 *	while (keyfile_next(&file, &at, &text, &length)) …
 *	keyfile_free(&file)
 *
 * Reasons are static, with errno; errno 0: there is no more to say.
 */
#ifndef KEYS_KEYFILE_H
#define KEYS_KEYFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

enum { KEYFILE_MAX = 1 << 30 };

struct keyfile {
	char *text;        /* NUL-terminated beyond its length */
	size_t length;
	struct stat status; /* before it was read */
};

/* Regular files only; no waiting for a FIFO. */
const char *keyfile_open(const char *path, int *fd);

/* Reads from the beginning of fd, which stays open. What changes meanwhile is refused. */
const char *keyfile_read(int fd, struct keyfile *file);

/* The two, for those who have no other use for the descriptor. */
const char *keyfile_load(const char *path, struct keyfile *file);
void keyfile_free(struct keyfile *file);

/* The line at *at, without its LF; moves *at behind it. False at the end. *at begins as 0. */
bool keyfile_next(const struct keyfile *file, size_t *at, const char **text, size_t *length);

/* Whether two looks at a name or descriptor saw the same file, unchanged. */
bool keyfile_same(const struct stat *a, const struct stat *b);

/* Whether the file begins with the byte order mark of UTF-8. */
bool keyfile_has_mark(const struct keyfile *file);

#endif
