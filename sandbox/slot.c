/*
 * slot - how many sessions there are at once: a byte of the account's slot file for each, locked.
 *
 * The file is the account's and only it can open it; the directory is root's, so nobody can put another file in its
 * place. The lock belongs to the open file, and with the parent that holds it, it is gone; what was left behind by
 * a crash is an unlocked byte.
 */
#include "step.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *step = "max-sessions";

static bool refuse(struct sandbox_fault *fault, const char *reason)
{
	return step_misconfigured(fault, step, reason, "run `sallyport slots` as root");
}

static bool check_directory(int fd, struct sandbox_fault *fault)
{
	struct stat st;

	if (fd < 0 || fstat(fd, &st) != 0)
		return refuse(fault, "the directory of the slot files cannot be opened");
	errno = 0;
	if (st.st_uid != 0 || st.st_mode & (S_IWGRP | S_IWOTH))
		return refuse(fault, "the directory of the slot files is not root's alone");
	return true;
}

static bool check_file(int fd, uid_t uid, struct sandbox_fault *fault)
{
	struct stat st;

	if (fd < 0 || fstat(fd, &st) != 0)
		return refuse(fault, "the account's slot file cannot be opened");
	errno = 0;
	if (!S_ISREG(st.st_mode) || st.st_uid != uid || st.st_nlink != 1 || st.st_mode & (S_IRWXG | S_IRWXO))
		return refuse(fault, "the account's slot file is not a file of its own with mode 0600");
	return true;
}

bool sandbox_slots_open(const char *directory, uid_t uid, struct sandbox_fault *fault)
{
	char name[16];
	int dir = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC), fd = -1;
	bool good = check_directory(dir, fault);

	snprintf(name, sizeof name, "%u", uid);
	if (good) {
		fd = openat(dir, name, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
		good = check_file(fd, uid, fault);
	}
	if (good && fd != SANDBOX_SLOT_FD && dup3(fd, SANDBOX_SLOT_FD, O_CLOEXEC) < 0)
		good = step_failed(fault, step, "the slot file cannot be kept");
	if (dir >= 0 && !(good && dir == SANDBOX_SLOT_FD)) /* dup3() has closed it then */
		close(dir);
	if (fd >= 0 && fd != SANDBOX_SLOT_FD)
		close(fd);
	return good;
}

/* Where the slots of a key begin; the account's own are at 0. FNV-1a: two keys that meet share their slots. */
static off_t place_of(const char *key)
{
	uint32_t hash = 2166136261u;

	if (!key)
		return 0;
	for (; *key; key++)
		hash = (hash ^ (unsigned char)*key) * 16777619u;
	return ((off_t)hash + 1) * SANDBOX_SLOTS_MAX;
}

enum sandbox_slot sandbox_slot_take(const char *key, unsigned most, struct sandbox_fault *fault)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1};

	for (unsigned i = 0; i < most && i < SANDBOX_SLOTS_MAX; i++) {
		lock.l_start = place_of(key) + i;
		if (fcntl(SANDBOX_SLOT_FD, F_OFD_SETLK, &lock) == 0)
			return SANDBOX_SLOT_TAKEN;
		if (errno != EAGAIN && errno != EACCES) {
			step_failed(fault, step, "a slot cannot be locked");
			return SANDBOX_SLOT_FAILED;
		}
	}
	return SANDBOX_SLOT_FULL;
}
