#include "way.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/statfs.h>
#include <sys/xattr.h>
#include <unistd.h>

enum { READ = 4, WRITE = 2, SEARCH = 1, OTHERS_WRITE = S_IWGRP | S_IWOTH };

/* linux/magic.h does not have them all. */
static const struct {
	unsigned long type;
	const char *name;
} remotes[] = {
    {0x6969, "NFS"},        {0xff534d42, "CIFS"}, {0xfe534d42, "SMB"},  {0x517b, "SMB"},
    {0x65735546, "FUSE"},   {0x5346414f, "AFS"},  {0x6b414653, "AFS"},  {0x00c36400, "Ceph"},
    {0x01021997, "9P"},     {0x73757245, "Coda"}, {0x01161970, "GFS2"}, {0x7461636f, "OCFS2"},
    {0x0bd00bd0, "Lustre"},
};

const char *way_remote(unsigned long type)
{
	for (size_t i = 0; i < sizeof remotes / sizeof *remotes; i++)
		if (remotes[i].type == type)
			return remotes[i].name;
	return NULL;
}

/* ---- rights ---- */

static bool is_member(const struct way_who *who, gid_t gid)
{
	for (size_t i = 0; i < who->gids_count; i++)
		if (who->gids[i] == gid)
			return true;
	return false;
}

/* What the mode bits give the account. */
static unsigned rights_of(const struct way_who *who, const struct stat *status)
{
	unsigned shift = status->st_uid == who->uid ? 6 : is_member(who, status->st_gid) ? 3 : 0;

	return status->st_mode >> shift & (READ | WRITE | SEARCH);
}

/* below: what stands in the directory, on the way; NULL for the file itself. */
static bool can_change(const struct way_who *who, const struct stat *status,
		       const struct stat *below)
{
	if (who->uid == 0)
		return false; /* root can everything, and is no finding */
	if (status->st_uid == who->uid)
		return true; /* the owner may give itself any right */
	if (!(rights_of(who, status) & WRITE))
		return false;
	return !(below && status->st_mode & S_ISVTX && below->st_uid != who->uid);
}

static bool others_can(const struct way_who *who, const struct stat *status)
{
	if (status->st_uid != 0 && status->st_uid != who->uid)
		return true;
	if (!(status->st_mode & OTHERS_WRITE))
		return false;
	return !(S_ISDIR(status->st_mode) && status->st_mode & S_ISVTX && status->st_uid == 0);
}

static bool is_strict(const struct way_who *who, const struct stat *status)
{
	return (status->st_uid == 0 || status->st_uid == who->uid) &&
	       !(status->st_mode & OTHERS_WRITE);
}

/* ---- access lists ---- */

/* linux/posix_acl_xattr.h, whose types are the kernel's: little-endian, a version and then entries.
 */
enum {
	ACL_VERSION = 2,
	ACL_USER = 2,
	ACL_GROUP = 8,
	ACL_MASK = 0x10,
	ACL_HEAD = 4,
	ACL_ENTRY = 8,
	ACL_ROOM = 8192
};

static unsigned little(const unsigned char *at, unsigned bytes)
{
	unsigned number = 0;

	for (unsigned i = 0; i < bytes; i++)
		number |= (unsigned)at[i] << 8 * i;
	return number;
}

static unsigned acl_mask(const unsigned char *list, size_t length)
{
	for (size_t at = ACL_HEAD; at + ACL_ENTRY <= length; at += ACL_ENTRY)
		if (little(list + at, 2) == ACL_MASK)
			return little(list + at + 2, 2);
	return READ | WRITE | SEARCH;
}

/* Whether the list lets somebody named write, root and the account apart. */
static bool acl_lets_write(const char *link, const struct way_who *who, struct way *way)
{
	unsigned char list[ACL_ROOM];
	ssize_t length = getxattr(link, "system.posix_acl_access", list, sizeof list);

	if (length < ACL_HEAD || little(list, 4) != ACL_VERSION)
		return false;
	unsigned mask = acl_mask(list, (size_t)length);
	for (size_t at = ACL_HEAD; at + ACL_ENTRY <= (size_t)length; at += ACL_ENTRY) {
		unsigned tag = little(list + at, 2), id = little(list + at + 4, 4);

		if ((tag != ACL_USER && tag != ACL_GROUP) ||
		    !(little(list + at + 2, 2) & mask & WRITE) ||
		    (tag == ACL_USER && (id == 0 || id == who->uid)))
			continue;
		way->acl_group = tag == ACL_GROUP;
		way->acl_id = id;
		return true;
	}
	return false;
}

/* ---- the walk ---- */

static void note(struct way_spot *spot, bool found, size_t length, const struct stat *status)
{
	if (found && spot->length == 0)
		*spot = (struct way_spot){length, *status};
}

/* The deepest part of the path that is there. -1: errno. */
static int open_deepest(const struct image *image, const char *path, struct way *way)
{
	char part[PATH_MAX];
	size_t length = strlen(path);

	if (length >= sizeof part) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(part, path, length + 1);
	for (;;) {
		int fd = image_open(image, part, O_PATH);
		char *slash = strrchr(part, '/');

		if (fd >= 0 || (errno != ENOENT && errno != ENOTDIR) || !slash || !part[1])
			return fd;
		way->absent = true;
		slash[slash == part] = '\0';
	}
}

static bool look_at(int fd, size_t length, const struct way_who *who, struct way *way)
{
	struct stat status, *below = way->status.st_nlink ? &way->status : NULL;
	char link[32];

	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	if (fstat(fd, &status) != 0)
		return false;
	note(&way->others, others_can(who, &status), length, &status);
	note(&way->acl, way->acl.length == 0 && acl_lets_write(link, who, way), length, &status);
	note(&way->own, can_change(who, &status, below), length, &status);
	note(&way->shut,
	     who->uid != 0 &&
		 !(rights_of(who, &status) & (S_ISDIR(status.st_mode) ? SEARCH : READ)),
	     length, &status);
	way->status = status;
	return true;
}

static bool walk(const struct image *image, const struct way_who *who, struct way *way, int fd)
{
	char part[PATH_MAX];
	bool strict = true, good = look_at(fd, strlen(way->real), who, way);
	struct stat last = way->status;

	stpcpy(part, way->real);
	for (;;) {
		if (strict)
			note(&way->strict, !is_strict(who, &way->status), strlen(part),
			     &way->status);
		strict = strict && !(who->home && strcmp(part, who->home) == 0);
		if (!good || !part[1])
			break;
		char *slash = strrchr(part, '/');
		slash[slash == part] = '\0';
		fd = image_open(image, part, O_PATH);
		good = fd >= 0 && look_at(fd, strlen(part), who, way);
		if (fd >= 0)
			close(fd);
	}
	way->status = last;
	return good;
}

bool way_look(const struct image *image, const char *path, const struct way_who *who,
	      struct way *way)
{
	struct statfs system;

	*way = (struct way){0};
	int fd = open_deepest(image, path, way);
	if (fd < 0)
		return false;
	bool good = image_name(image, fd, way->real) && fstatfs(fd, &system) == 0 &&
		    walk(image, who, way, fd);
	if (good)
		way->remote = way_remote((unsigned long)system.f_type & 0xffffffff);
	close(fd);
	return good;
}
