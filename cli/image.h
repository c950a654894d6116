/*
 * image - the system that is looked at: this host, or a tree below a directory (a mounted image).
 *
 *	image_enter(&image, NULL or DIR)     NULL: this host
 *	image_open(), image_stat() …         every name as if DIR were the root
 *	image_leave(&image)
 *
 * Links are followed inside DIR and never out of it: an absolute one begins at DIR, ".." ends
 *there, and what /proc links to is refused (openat2 with RESOLVE_IN_ROOT, Linux 5.6). Failures are
 *-1 or false with errno.
 */
#ifndef CLI_IMAGE_H
#define CLI_IMAGE_H

#include <dirent.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

struct image {
	int root;             /* O_PATH */
	bool mounted;         /* not this host: nothing that runs can be asked about it */
	char above[PATH_MAX]; /* DIR by its real name; "" for this host */
};

bool image_enter(struct image *image, const char *directory);
void image_leave(struct image *image);

/* path is absolute, as the image has it. O_CLOEXEC is added. */
int image_open(const struct image *image, const char *path, int flags);

/* A regular file for reading; no waiting for a FIFO. errno is EINVAL for what is no file. */
int image_open_file(const struct image *image, const char *path);

/* NULL: errno. To be closed by closedir(). */
DIR *image_directory(const struct image *image, const char *path);

/* Of what path leads to, and of the link itself when it is one. */
bool image_stat(const struct image *image, const char *path, struct stat *status);
bool image_stat_link(const struct image *image, const char *path, struct stat *status);

/* The name without links, as the image has it. */
bool image_real(const struct image *image, const char *path, char out[PATH_MAX]);

/* An open file's name without links, as the image has it. */
bool image_name(const struct image *image, int fd, char out[PATH_MAX]);

#endif
