#include "pinned.h"

#include "base.h"
#include "kernel.h"
#include "step.h"

#include <fcntl.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>

enum { TMPFS = 0x01021994, NSFS = 0x6e736673 }; /* linux/magic.h */

static const char *step = "pinned view";

static void foul(struct sandbox_pinned *pinned, struct sandbox_fault *fault, const char *reason)
{
	pinned->state = SANDBOX_PIN_FOUL;
	step_failed(fault, step, reason);
	fault->want = "find out who did that, and mend it; or, as root: sallyport view unpin";
}

/* ---- found ---- */

bool pinned_is_roots(const char *path)
{
	char part[PATH_MAX];
	struct stat st;
	size_t length = strlen(path);

	if (length >= sizeof part)
		return false;
	for (const char *slash = path; slash; slash = *slash ? strchrnul(slash + 1, '/') : NULL) {
		size_t end = slash == path ? 1 : (size_t)(slash - path);

		memcpy(part, path, end);
		part[end] = '\0';
		if (lstat(part, &st) != 0)
			return false;
		errno = 0;
		if (!S_ISDIR(st.st_mode) || st.st_uid != 0 || st.st_mode & (S_IWGRP | S_IWOTH))
			return false;
	}
	return true;
}

bool pinned_read_name(const char *name, uint64_t *stamp, uint64_t *mounts)
{
	static const char form[] = "0123456789abcdef";

	if (strlen(name) != SANDBOX_PIN_NAME)
		return false;
	for (size_t i = 0; i < SANDBOX_PIN_NAME; i++) {
		bool dash = i == 16 || i == 33;
		if (dash ? name[i] != '-' : !strchr(form, name[i]))
			return false;
	}
	*stamp = strtoull(name, NULL, 16);
	*mounts = strtoull(name + 17, NULL, 16);
	return true;
}

static bool is_stale(uint64_t stamp, unsigned *directories)
{
	int host = kernel_open("/", O_PATH | O_DIRECTORY);
	bool same = host >= 0 && base_stamp(host, directories) == stamp;

	if (host >= 0)
		close(host);
	return !same;
}

/*
 * A plain file is one that is being taken away, or of a copy of the mount that the namespace is not
 * bound in.
 */
static bool is_mount_namespace(int fd)
{
	struct statfs fs;

	return fstatfs(fd, &fs) == 0 && fs.f_type == NSFS &&
	       ioctl(fd, NS_GET_NSTYPE) == CLONE_NEWNS;
}

static void look_in(int dir, struct sandbox_pinned *pinned, struct sandbox_fault *fault)
{
	char name[SANDBOX_PIN_NAME + 2];
	uint64_t stamp, mounts;
	ssize_t n = readlinkat(dir, PINNED_CURRENT, name, sizeof name - 1);

	if (n < 0 && errno == ENOENT)
		return;
	name[n > 0 ? n : 0] = '\0';
	if (!pinned_read_name(name, &stamp, &mounts)) {
		foul(pinned, fault, "the link to it is none of ours");
		return;
	}
	memcpy(pinned->name, name, sizeof pinned->name);
	if (is_stale(stamp, &pinned->directories)) {
		pinned->state = SANDBOX_PIN_STALE;
		return;
	}
	int ns = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (ns >= 0 && is_mount_namespace(ns)) {
		pinned->state = SANDBOX_PIN_FRESH;
		pinned->ns = ns;
	} else if (ns >= 0) {
		close(ns);
	}
}

void sandbox_pin_look(const char *directory, struct sandbox_pinned *pinned,
		      struct sandbox_fault *fault)
{
	*pinned = (struct sandbox_pinned){.state = SANDBOX_PIN_ABSENT, .ns = -1};
	int dir = kernel_openat2(AT_FDCWD, directory, O_PATH | O_DIRECTORY | O_CLOEXEC,
				 RESOLVE_NO_SYMLINKS);
	/* What an account may not look at is not there for it. */
	if (dir < 0 && (errno == ENOENT || errno == EACCES))
		return;
	if (dir < 0 || !pinned_is_roots(directory))
		foul(pinned, fault, "bad ownership or modes for its directory, or one above it");
	else
		look_in(dir, pinned, fault);
	if (dir >= 0)
		close(dir);
}

/* setns(2): into a mount namespace it takes both. */
enum { SETNS = CAPS_MOUNT | CAPS_ROOT };

bool pinned_find(const struct sandbox_view *view, struct sandbox_pinned *pinned,
		 struct sandbox_fault *fault)
{
	*pinned = (struct sandbox_pinned){.state = SANDBOX_PIN_ABSENT, .ns = -1};
	if (view->isolation != SANDBOX_NAMESPACE || !view->pinned ||
	    !caps_available(SETNS | CAPS_DROP))
		return true;
	sandbox_pin_look(view->pinned, pinned, fault);
	return pinned->state != SANDBOX_PIN_FOUL;
}

uint64_t pinned_needs(const struct sandbox_pinned *pinned)
{
	return pinned->ns >= 0 ? SETNS : 0;
}

/* ---- entered ---- */

/* On a file system of this type (0: of any), mounted with these flags. */
static bool is_mounted(const char *path, long type, unsigned long flags)
{
	struct statfs fs;

	return statfs(path, &fs) == 0 && (type == 0 || (long)fs.f_type == type) &&
	       ((unsigned long)fs.f_flags & flags) == flags;
}

bool pinned_is_mounted(const char *path)
{
	return is_mounted(path, TMPFS, ST_RDONLY | ST_NOSUID | ST_NODEV | ST_NOEXEC);
}

/* What of the runtime is a mount, for where /usr is merged the other names are links into it. */
static bool runtime_is_read_only(unsigned directories)
{
	char path[16] = "/";

	for (size_t i = 0; i < BASE_RUNTIMES; i++) {
		stpcpy(path + 1, base_runtime[i]);
		if (directories & 1u << i && !is_mounted(path, 0, ST_RDONLY | ST_NOSUID | ST_NODEV))
			return false;
	}
	return true;
}

/* Read-only, all of it; root's; and marked with the name that was found. */
static bool is_view(const struct sandbox_pinned *pinned)
{
	char name[SANDBOX_PIN_NAME + 2];
	struct stat st;

	if (!pinned_is_mounted("/") ||
	    stat("/", &st) != 0 || st.st_uid != 0 || st.st_mode & (S_IWGRP | S_IWOTH))
		return false;
	return readlink("/" PINNED_MARK, name, sizeof name) == SANDBOX_PIN_NAME &&
	       memcmp(name, pinned->name, SANDBOX_PIN_NAME) == 0 && runtime_is_read_only(pinned->directories);
}

bool pinned_enter(const struct sandbox_pinned *pinned, struct sandbox_fault *fault)
{
	if (setns(pinned->ns, CLONE_NEWNS) != 0)
		return step_failed(fault, step, "it cannot be entered");
	errno = 0;
	return is_view(pinned) || step_failed(fault, step, "what is pinned is not the view");
}
