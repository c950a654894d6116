/*
 * unmounted DIRECTORY - unmounts it, and exits with 0 once the file system is gone: when no clone of the mount is left in
 * any mount namespace, wherever that is, no working directory and no open file. Else, after ten seconds, with 1.
 */
#include <poll.h>
#include <stdio.h>
#include <sys/inotify.h>
#include <sys/mount.h>
#include <unistd.h>

enum { PATIENCE_MS = 10000 };

int main(int argc, char *argv[])
{
	struct inotify_event event;
	int watch = inotify_init1(IN_CLOEXEC);
	struct pollfd news = {.fd = watch, .events = POLLIN};

	if (argc != 2 || watch < 0 || inotify_add_watch(watch, argv[1], IN_DELETE_SELF) < 0) {
		perror("unmounted");
		return 2;
	}
	if (umount2(argv[1], UMOUNT_NOFOLLOW) != 0) {
		perror(argv[1]);
		return 1;
	}
	/* inotify(7): a watch does not hold the file system, and its end is told */
	if (poll(&news, 1, PATIENCE_MS) != 1 || read(watch, &event, sizeof event) < (ssize_t)sizeof event)
		return 1;
	return !(event.mask & (IN_UNMOUNT | IN_IGNORED));
}
