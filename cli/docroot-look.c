/*
 * docroot-look - what a docroot that becomes the root has besides its runtime: whether its layout lets the accounts
 * work and keeps them apart, and files where only the runtime should be.
 *
 *	nested	one account, and a directory of its own inside: /srv/alice (root's), /srv/alice/alice (hers)
 *	shared	several accounts in one docroot, each with its start directory
 *	split	one account, and directories of its own right below the docroot
 */
#include "docroot.h"

#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { GROUPS_MAX = 256, SEARCH = 1, WRITE = 2 };

static bool in_group(const struct tenant *t, gid_t gid)
{
	gid_t groups[GROUPS_MAX];
	int count = GROUPS_MAX;

	if (gid == t->gid)
		return true;
	if (getgrouplist(t->user, t->gid, groups, &count) < 0)
		return false;
	for (int i = 0; i < count; i++)
		if (groups[i] == gid)
			return true;
	return false;
}

/* What the mode bits give the account: SEARCH and WRITE. ACLs are not looked at. */
static unsigned rights_of(const struct tenant *t, const struct stat *st)
{
	unsigned shift = st->st_uid == t->uid ? 6 : in_group(t, st->st_gid) ? 3 : 0;

	return st->st_mode >> shift & (SEARCH | WRITE);
}

const char *look_layout(const struct jail *jail)
{
	if (jail->tenants_count > 1)
		return "shared";
	return jail->tenants_count == 1 && strcmp(jail->tenants[0].start, "/") != 0 ? "nested" : "split";
}

/* The directory in which the account begins. */
static void look_at_start(const struct jail *jail, const struct tenant *t, int docroot,
			  struct docroot_report *report)
{
	struct stat st;

	if (fstatat(docroot, t->start + 1, &st, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISDIR(st.st_mode)) {
		report_find(report, "start", "%s of %s is not a directory here: its sessions end with status 78",
			    t->start, t->user);
		return;
	}
	if (!(rights_of(t, &st) & SEARCH))
		report_find(report, "start", "%s cannot be entered by %s", t->start, t->user);
	if (t->verbs & VERBS_WRITE && !(rights_of(t, &st) & WRITE))
		report_find(report, "start", "%s cannot be written by %s, who has verbs for it", t->start, t->user);
	if (jail->tenants_count > 1 && st.st_mode & S_IRWXO)
		report_find(report, "apart",
			    "%s of %s is open to the other accounts: chmod o= (0700, 0750, 0770 or 2770)", t->start,
			    t->user);
}

/* Some directory right below that the account can write. */
static bool has_writable(const struct tenant *t, int docroot)
{
	DIR *directory = fdopendir(openat(docroot, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	struct dirent *entry;
	struct stat st;
	bool found = false;

	while (directory && !found && (entry = readdir(directory)))
		found = fstatat(docroot, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(st.st_mode) &&
			rights_of(t, &st) == (SEARCH | WRITE);
	if (directory)
		closedir(directory);
	return found;
}

static void look_at_tenant(const struct jail *jail, const struct tenant *t, int docroot,
			   struct docroot_report *report)
{
	struct stat st;

	if (fstat(docroot, &st) == 0 && !(rights_of(t, &st) & SEARCH))
		report_find(report, "layout", "%s cannot enter the docroot: give its group the right to search it",
			    t->user);
	else if (strcmp(t->start, "/") != 0)
		look_at_start(jail, t, docroot, report);
	else if (t->verbs & VERBS_WRITE && !has_writable(t, docroot))
		report_find(report, "layout",
			    "%s can write nothing in it: make a directory of its own there, or set start", t->user);
}

void look_at_layout(const struct jail *jail, int docroot, struct docroot_report *report)
{
	struct stat st;
	struct statvfs vfs;

	for (size_t i = 0; i < jail->tenants_count; i++)
		look_at_tenant(jail, &jail->tenants[i], docroot, report);
	if (jail->tenants_count > 1 && fstat(docroot, &st) == 0 && st.st_mode & S_IROTH)
		report_find(report, "apart", "the accounts can list each other's directories: chmod 0711 %s",
			    jail->path);
	if (fstatvfs(docroot, &vfs) == 0 && vfs.f_flag & ST_NODEV)
		report_find(report, "mount",
			    "its file system is mounted nodev: /dev/null and the others do not work");
	if (fstatvfs(docroot, &vfs) == 0 && vfs.f_flag & ST_NOEXEC)
		report_find(report, "mount", "its file system is mounted noexec: no program in it can be executed");
}

/* ---- what should not be there ---- */

struct strays {
	const struct items *items;
	struct docroot_report *report;
	size_t before; /* findings */
	char path[PATH_MAX];
};

static const struct item *find_item(const struct strays *s)
{
	for (size_t i = 0; i < s->items->count; i++)
		if (strcmp(s->items->item[i].path, s->path) == 0)
			return &s->items->item[i];
	return NULL;
}

static void look_beneath(struct strays *s, int parent, const char *name);

static void look_at_entry(struct strays *s, int dir, const char *name)
{
	struct stat st;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return;
	if (S_ISDIR(st.st_mode)) {
		if (st.st_uid != 0 || st.st_mode & (S_IWGRP | S_IWOTH))
			report_find(s->report, DOCROOT_WAY, "bad ownership or modes for the runtime's directory %s",
				    s->path);
		look_beneath(s, dir, name);
	} else if (strcmp(s->path, "/etc/shadow") == 0) {
		report_find(s->report, "stray", "/etc/shadow: no session begins while it is there");
	} else if (!find_item(s)) {
		const char *what = S_ISBLK(st.st_mode) || S_ISCHR(st.st_mode) ? "a device"
				   : st.st_mode & (S_ISUID | S_ISGID)         ? "setuid or setgid"
				   : st.st_mode & S_IXUSR                     ? "executable"
									      : "a file";
		report_find(s->report, "stray", "%s: %s that no program of the policy needs", s->path, what);
	}
}

static void look_beneath(struct strays *s, int parent, const char *name)
{
	DIR *directory = fdopendir(openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
	struct dirent *entry;
	size_t used = strlen(s->path);

	while (directory && s->report->found - s->before < DOCROOT_STRAYS_MAX && (entry = readdir(directory))) {
		size_t length = strlen(entry->d_name);

		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
		    used + length + 2 > sizeof s->path)
			continue;
		s->path[used] = '/';
		memcpy(s->path + used + 1, entry->d_name, length + 1);
		look_at_entry(s, dirfd(directory), entry->d_name);
		s->path[used] = '\0';
	}
	if (directory)
		closedir(directory);
}

void look_for_strays(int docroot, const struct items *items, struct docroot_report *report)
{
	static const char *const runtime[] = {"etc", "usr", "lib", "lib64", "lib32", "libx32",
					      "bin", "sbin", "dev", "opt"};
	struct strays s = {.items = items, .report = report, .before = report->found};

	for (size_t i = 0; i < sizeof runtime / sizeof *runtime; i++) {
		snprintf(s.path, sizeof s.path, "/%s", runtime[i]);
		look_beneath(&s, docroot, runtime[i]);
	}
}
