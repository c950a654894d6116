#include "image.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

bool image_enter(struct image *image, const char *directory)
{
	*image = (struct image){.root = -1, .mounted = directory != NULL};
	if (directory && !realpath(directory, image->above))
		return false;
	/* A DIR that is "/" is this host's tree all the same: names begin with one slash, not two.
	 */
	if (strcmp(image->above, "/") == 0)
		image->above[0] = '\0';
	image->root = open(*image->above ? image->above : "/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	return image->root >= 0;
}

void image_leave(struct image *image)
{
	if (image->root >= 0)
		close(image->root);
	image->root = -1;
}

int image_open(const struct image *image, const char *path, int flags)
{
	struct open_how how = {
	    .flags = (unsigned)flags | O_CLOEXEC,
	    .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};

	return (int)syscall(SYS_openat2, image->root, path, &how, sizeof how);
}

int image_open_file(const struct image *image, const char *path)
{
	int fd = image_open(image, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	struct stat status;

	if (fd < 0 || (fstat(fd, &status) == 0 && S_ISREG(status.st_mode)))
		return fd;
	close(fd);
	errno = EINVAL;
	return -1;
}

DIR *image_directory(const struct image *image, const char *path)
{
	int fd = image_open(image, path, O_RDONLY | O_DIRECTORY);
	DIR *directory = fd >= 0 ? fdopendir(fd) : NULL;

	if (!directory && fd >= 0)
		close(fd);
	return directory;
}

static bool look(const struct image *image, const char *path, int flags, struct stat *status)
{
	int fd = image_open(image, path, O_PATH | flags);

	if (fd < 0)
		return false;
	bool good = fstat(fd, status) == 0;
	close(fd);
	return good;
}

bool image_stat(const struct image *image, const char *path, struct stat *status)
{
	return look(image, path, 0, status);
}

bool image_stat_link(const struct image *image, const char *path, struct stat *status)
{
	return look(image, path, O_NOFOLLOW, status);
}

bool image_name(const struct image *image, int fd, char out[PATH_MAX])
{
	char link[32], real[PATH_MAX];
	size_t above = strlen(image->above);

	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	ssize_t length = readlink(link, real, sizeof real - 1);
	if (length < 0)
		return false;
	real[length] = '\0';
	if (strncmp(real, image->above, above) != 0 || (real[above] && real[above] != '/')) {
		errno = EXDEV; /* moved away while it was looked at */
		return false;
	}
	stpcpy(out, real[above] ? real + above : "/");
	return true;
}

bool image_real(const struct image *image, const char *path, char out[PATH_MAX])
{
	int fd = image_open(image, path, O_PATH);

	if (fd < 0)
		return false;
	bool good = image_name(image, fd, out);
	close(fd);
	return good;
}
