#include "identity.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_sound(int fd, uid_t uid)
{
	struct stat status;

	return fstat(fd, &status) == 0 && S_ISREG(status.st_mode) &&
	       status.st_uid == uid && status.st_nlink == 1 && status.st_size <= AUTHINFO_MAX;
}

bool identity_open(const char *path, uid_t uid, int fd)
{
	if (!path || !authinfo_is_path(path))
		return false;
	int opened = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	bool good = opened >= 0 && is_sound(opened, uid);

	if (good && opened != fd)
		good = dup3(opened, fd, O_CLOEXEC) == fd;
	if (opened >= 0 && !(good && opened == fd))
		close(opened);
	return good;
}

const char *identity_read(int fd, struct authinfo *info)
{
	static char text[AUTHINFO_MAX + 1]; /* a byte more shows that it grew */
	size_t used = 0;
	ssize_t n;

	*info = (struct authinfo){0};
	while ((n = read(fd, text + used, sizeof text - used)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			break;
		used += (size_t)n;
		if (used == sizeof text)
			break;
	}
	close(fd);
	return n == 0 ? authinfo_read(text, used, info) : "it cannot be read, or grew";
}
