/*
 * audit-scan - what should not lie in a docroot: devices, files that run as somebody else, private
 * keys.
 */
#include "audit-keys.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

enum { ENTRIES_MAX = 200000, DEPTH_MAX = 64, FILE_MAX = 64 << 10 };

/* A walk over what lies in a docroot. */
struct scan {
	struct about about;
	char path[PATH_MAX]; /* where it is */
	size_t entries;
	int depth;
	bool cut; /* there is more than was looked at */
};

/* ---- what lies in it ---- */

static bool is_harmless(dev_t device)
{
	static const struct {
		unsigned major, minor;
	} nodes[] = {{1, 3}, {1, 5}, {1, 7},
		     {1, 8}, {1, 9}, {5, 0}}; /* null zero full random urandom tty */

	for (size_t i = 0; i < sizeof nodes / sizeof *nodes; i++)
		if (major(device) == nodes[i].major && minor(device) == nodes[i].minor)
			return true;
	return false;
}

static void look_at_file(struct scan *s, int directory, const char *name, const struct stat *status)
{
	const struct audit_evidence evidence = {.place = {.file = s->path}, .path = s->path};
	struct audit_findings *found = &s->about.audit->found;

	if (S_ISBLK(status->st_mode) || (S_ISCHR(status->st_mode) && !is_harmless(status->st_rdev)))
		audit_find(found, AUDIT_DOCROOT_DEVICE, s->about.account, &evidence,
			   "a device (%u, %u)", major(status->st_rdev), minor(status->st_rdev));
	if (!S_ISREG(status->st_mode))
		return;
	if (status->st_mode & (S_ISUID | S_ISGID))
		audit_find(found, AUDIT_DOCROOT_DEVICE, s->about.account, &evidence,
			   "set%s, of owner %u", status->st_mode & S_ISUID ? "uid" : "gid",
			   status->st_uid);
	int fd = status->st_size > FILE_MAX
		     ? -1
		     : openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return;
	s->about.file = s->path;
	private_look_at(&s->about, fd);
	close(fd);
}

static void look_beneath(struct scan *s, int fd);

static void look_at_entry(struct scan *s, int directory, const char *name)
{
	struct stat status;

	if (fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
		return; /* gone meanwhile */
	if (!S_ISDIR(status.st_mode)) {
		look_at_file(s, directory, name, &status);
		return;
	}
	int fd = openat(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		audit_unseen(&s->about.audit->found, s->path, "%s", strerror(errno));
	else
		look_beneath(s, fd);
}

/* Takes the descriptor over. */
static void look_beneath(struct scan *s, int fd)
{
	DIR *directory = fdopendir(fd);
	size_t used = strcmp(s->path, "/") == 0 ? 0 : strlen(s->path);
	struct dirent *entry;

	if (!directory) {
		close(fd);
		return;
	}
	s->depth++;
	while ((entry = readdir(directory))) {
		size_t length = strlen(entry->d_name);

		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (s->depth > DEPTH_MAX || s->entries++ == ENTRIES_MAX ||
		    used + length + 2 > sizeof s->path) {
			s->cut = true;
			break;
		}
		s->path[used] = '/';
		memcpy(s->path + used + 1, entry->d_name, length + 1);
		look_at_entry(s, dirfd(directory), entry->d_name);
	}
	s->path[used ? used : 1] = '\0';
	s->depth--;
	closedir(directory);
}

void docroot_scan(const struct about *about, const char *path)
{
	struct scan s = {.about = *about};
	int fd = image_open(&about->audit->image, path, O_RDONLY | O_DIRECTORY);

	if (fd < 0) {
		audit_unseen(&about->audit->found, path, "%s", strerror(errno));
		return;
	}
	snprintf(s.path, sizeof s.path, "%s", path);
	look_beneath(&s, fd);
	if (s.cut)
		audit_unseen(&about->audit->found, path,
			     "more than %d entries, or %d directories deep; not all were looked at",
			     ENTRIES_MAX, DEPTH_MAX);
}
