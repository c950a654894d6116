/*
 * accounts-directory - directories that root makes for accounts: homes and docroots.
 *
 * Nothing is made, given or opened beneath a directory that somebody else could change meanwhile, and none through a
 * link: each component is opened from the one before it, and looked at by its descriptor.
 */
#include "accounts.h"

#include "sandbox/kernel.h"
#include "text/pathname.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PARENT_MODE = 0755, MODE = 07777 };

static int open_one(int dir, const char *name)
{
	return kernel_openat2(dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC,
			      RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS | (dir == AT_FDCWD ? 0 : RESOLVE_BENEATH));
}

static bool is_roots(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && st.st_uid == 0 && !(st.st_mode & (S_IWGRP | S_IWOTH));
}

/* The next component of the way; made where it is missing and may be. */
static int descend(int dir, const char *part, size_t *made, const char **reason)
{
	*reason = "a directory on the way cannot be made";
	if (made && mkdirat(dir, part, PARENT_MODE) == 0)
		++*made;
	else if (made && errno != EEXIST)
		return -1;
	int next = open_one(dir, part);
	*reason = errno == ENOENT ? "a directory on the way is missing"
				  : "a directory on the way cannot be opened, or is a link";
	return next;
}

int directory_way(const char *path, size_t *made, const char **name, const char **reason)
{
	char part[NAME_MAX + 1];
	int dir = open_one(AT_FDCWD, "/");

	*name = strrchr(path, '/') + 1;
	*reason = "the root directory cannot be opened";
	for (const char *at = path + 1; dir >= 0; at = strchr(at, '/') + 1) {
		if (!is_roots(dir)) {
			*reason = "a directory on the way is not root's alone: nothing in it is safe to give away";
			close(dir);
			errno = EPERM;
			return -1;
		}
		if (at >= *name)
			return dir;
		snprintf(part, sizeof part, "%.*s", (int)strcspn(at, "/"), at);
		int next = descend(dir, part, made, reason), error = errno;
		close(dir);
		errno = error;
		dir = next;
	}
	return -1;
}

/* ---- which directories may be docroots ---- */

/* None of these may lie in a docroot, nor a docroot in those with `whole`. */
static const struct {
	const char *path;
	bool whole;
} systems_own[] = {
	{"/bin", true},  {"/boot", true}, {"/dev", true},     {"/etc", true},     {"/lib", true}, {"/lib64", true},
	{"/proc", true}, {"/root", true}, {"/run", true},     {"/sbin", true},    {"/sys", true}, {"/usr", true},
	{"/home", false}, {"/media", false}, {"/mnt", false}, {"/opt", false},    {"/srv", false}, {"/tmp", true},
	{"/var", false}, {"/var/cache", true}, {"/var/lib", false}, {"/var/log", true}, {"/var/spool", false},
	{"/var/tmp", true}, {SALLYPORT_ACCOUNTS, true}, {SALLYPORT_SLOTS, true}, {SALLYPORT_STATE, true},
	{SALLYPORT_SHELL, false}, {SALLYPORT_POLICY, false}, {SALLYPORT_SBIN, true},
};

const char *directory_fault(const char *docroot)
{
	char policy[PATH_MAX];

	snprintf(policy, sizeof policy, "%.*s", (int)(strrchr(SALLYPORT_POLICY, '/') - SALLYPORT_POLICY),
		 SALLYPORT_POLICY);
	if (docroot[0] != '/' || strstr(docroot, "//") || strstr(docroot, "/../") || strstr(docroot, "/./"))
		return "a docroot is an absolute path without . and ..";
	if (pathname_is_beneath(docroot, policy))
		return "it lies in a directory of the system's";
	for (size_t i = 0; i < sizeof systems_own / sizeof *systems_own; i++) {
		if (pathname_is_beneath(systems_own[i].path, docroot))
			return "a directory of the system's, or one that holds some";
		if (systems_own[i].whole && pathname_is_beneath(docroot, systems_own[i].path))
			return "it lies in a directory of the system's";
	}
	return NULL;
}

/* ---- the step ---- */

struct owner {
	uid_t uid;
	gid_t gid;
	bool known; /* the account is there */
};

static struct owner owner_of(const struct plan *plan, const struct step *step)
{
	const struct passwd *entry = getpwnam(plan->wish->name);
	struct owner owner = {.known = entry || (!step->owned && !step->grouped)};

	if (entry && step->owned)
		owner.uid = entry->pw_uid;
	if (entry && (step->owned || step->grouped))
		owner.gid = entry->pw_gid;
	return owner;
}

static void describe(const struct plan *plan, struct step *step, const char *before)
{
	const char *name = plan->wish->name;

	step_say(step, "%s, %s:%s %04o%s", step->path, step->owned ? name : "root",
		 step->owned || step->grouped ? name : "root", step->mode, before);
}

static bool is_empty(int fd)
{
	struct dirent *entry;
	int copy = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *directory = copy >= 0 ? fdopendir(copy) : NULL;
	bool empty = directory != NULL;

	while (empty && (entry = readdir(directory)))
		empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
	if (directory)
		closedir(directory);
	else if (copy >= 0)
		close(copy);
	return empty;
}

static void say_foreign(const struct plan *plan, struct step *step, const struct stat *st)
{
	const char *name = plan->wish->name, *files = st->st_uid ? "" : " and files in it";

	if (getpwnam(name))
		step_say(step, "%s is there, with uid %u, gid %u, mode %04o%s; if it is meant: "
			       "chown %s:%s %s && chmod %04o %s",
			 step->path, st->st_uid, st->st_gid, st->st_mode & MODE, files, step->owned ? name : "root",
			 step->owned || step->grouped ? name : "root", step->path, step->mode, step->path);
	else
		step_say(step, "%s is there, with uid %u, gid %u%s; move it away, and its files back and chown -R them "
			       "when there is an account %s", step->path, st->st_uid, st->st_gid, files, name);
}

/* A directory that is somebody else's, or root's with files in it, may hold what was never meant for the account. */
static enum look judge(struct plan *plan, struct step *step, int fd)
{
	struct owner owner = owner_of(plan, step);
	struct stat st;

	describe(plan, step, "");
	if (fstat(fd, &st) != 0)
		return step_say(step, "%s: %s", step->path, strerror(errno)), LOOK_BLOCKED;
	if (owner.known && st.st_uid == owner.uid && st.st_gid == owner.gid && (st.st_mode & MODE) == step->mode)
		return LOOK_SAME;
	bool theirs = step->owned && owner.known && st.st_uid == owner.uid;
	/* What the account has already is as an administrator left it; what a cut run left is not. */
	if (theirs && !plan->adopted && !(st.st_mode & S_IWOTH))
		return step_say(step, "%s, as it is: the account's, %04o", step->path, st.st_mode & MODE), LOOK_SAME;
	if (!theirs && (st.st_uid != 0 || !is_empty(fd))) {
		say_foreign(plan, step, &st);
		return LOOK_BLOCKED;
	}
	describe(plan, step, "; it is there, with other owners or modes");
	return LOOK_NEEDED;
}

/* In a directory that is not root's alone nothing is made or given; one that is there and the account's can stay. */
static bool is_theirs(const struct plan *plan, const struct step *step)
{
	struct owner owner = owner_of(plan, step);
	struct stat st;

	return step->owned && owner.known && lstat(step->path, &st) == 0 && S_ISDIR(st.st_mode) &&
	       st.st_uid == owner.uid && !(st.st_mode & S_IWOTH);
}

static enum look look_at_directory(struct plan *plan, struct step *step)
{
	const char *name, *reason;
	int dir = directory_way(step->path, NULL, &name, &reason);
	int fd = dir >= 0 ? open_one(dir, name) : -1;
	enum look found = LOOK_NEEDED;

	describe(plan, step, "");
	if (fd >= 0)
		found = judge(plan, step, fd);
	else if (dir < 0 && errno == EPERM && is_theirs(plan, step)) {
		step_say(step, "%s, as it is: the account's", step->path);
		found = LOOK_SAME;
	} else if (errno != ENOENT) {
		step_say(step, "%s: %s", step->path, dir < 0 ? reason : "something else has the name");
		found = LOOK_BLOCKED;
	}
	if (fd >= 0)
		close(fd);
	if (dir >= 0)
		close(dir);
	return found;
}

/* Owner before mode: fchown(2) may clear bits. */
static bool give(int fd, const struct owner *owner, mode_t mode)
{
	return fchown(fd, owner->uid, owner->gid) == 0 && fchmod(fd, mode) == 0 && fsync(fd) == 0;
}

static void note_before(struct step *step, int fd)
{
	struct stat st;

	if (fstat(fd, &st) == 0) {
		step->old_uid = st.st_uid;
		step->old_gid = st.st_gid;
		step->old_mode = st.st_mode & MODE;
	}
}

/* From the deepest one up: those below the first that was made may be missing, if they could not be made. */
static void remove_made(const struct step *step)
{
	char path[PATH_MAX];

	snprintf(path, sizeof path, "%s", step->path);
	for (size_t left = step->made; left > 0 && *path; *strrchr(path, '/') = '\0')
		if (rmdir(path) == 0)
			left--;
		else if (errno != ENOENT)
			return;
}

static bool make_directory(struct plan *plan, struct step *step)
{
	struct owner owner = owner_of(plan, step);
	const char *name, *reason;
	int dir = directory_way(step->path, &step->made, &name, &reason), fd = -1;
	bool there = dir >= 0 && mkdirat(dir, name, 0700) != 0, done = false;

	if (dir >= 0 && !there)
		step->made++;
	if (dir >= 0 && (!there || errno == EEXIST))
		fd = open_one(dir, name);
	if (fd >= 0 && owner.known) {
		note_before(step, fd);
		done = give(fd, &owner, step->mode) && fsync(dir) == 0;
	}
	if (!done) {
		step_say(step, "%s: %s%s%s", step->path, dir < 0 ? reason : "", dir < 0 ? ": " : "", strerror(errno));
		if (fd >= 0 && step->made == 0)
			give(fd, &(struct owner){step->old_uid, step->old_gid, true}, step->old_mode);
		remove_made(step);
	}
	if (fd >= 0)
		close(fd);
	if (dir >= 0)
		close(dir);
	return done;
}

/* rmdir(2) leaves what is not empty any more. */
static bool unmake_directory(struct plan *plan, struct step *step)
{
	const char *name, *reason;
	bool undone = false;

	if (step->made > 0) {
		remove_made(step);
		undone = access(step->path, F_OK) != 0;
		describe(plan, step, undone ? "" : ": cannot be removed");
		return undone;
	}
	int dir = directory_way(step->path, NULL, &name, &reason);
	int fd = dir >= 0 ? open_one(dir, name) : -1;
	if (fd >= 0) {
		undone = give(fd, &(struct owner){step->old_uid, step->old_gid, true}, step->old_mode);
		close(fd);
	}
	if (dir >= 0)
		close(dir);
	return undone;
}

const struct step_kind step_directory = {"directory", look_at_directory, make_directory, unmake_directory};
