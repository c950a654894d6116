/*
 * state - gives accounts their state directories, SALLYPORT_STATE/UID: what unison keeps between
 * sessions. The gate has no privilege to make them; this is root's to do, once for each account.
 */
#include "cli.h"

#include "text/escape.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BASE_MODE = 0711, OWN_MODE = 0700, SHOWN = 256 };

static int complain(const char *name, const char *reason)
{
	char shown[SHOWN];

	escape_plain(name, strlen(name), shown, sizeof shown);
	if (errno)
		fprintf(stderr, "sallyport state: %s: %s: %s\n", shown, reason, strerror(errno));
	else
		fprintf(stderr, "sallyport state: %s: %s\n", shown, reason);
	return CLI_FAILURE;
}

/* The directory name of dir, made if it is missing, without following a link. -1 with errno. */
static int make_directory(int dir, const char *name, mode_t mode)
{
	if (mkdirat(dir, name, mode) != 0 && errno != EEXIST)
		return -1;
	return openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* SALLYPORT_STATE, which make install makes; its parents must be there. */
static int open_base(void)
{
	struct stat st;
	int base = make_directory(AT_FDCWD, SALLYPORT_STATE, BASE_MODE);

	if (base < 0)
		return -1;
	if (fstat(base, &st) == 0 && st.st_uid == 0 && !(st.st_mode & (S_IWGRP | S_IWOTH)))
		return base;
	close(base);
	errno = EPERM;
	return -1;
}

/* What is there already and belongs to somebody else may be another account's past: it is left alone. */
static int own(int fd, const struct passwd *entry)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return complain(entry->pw_name, "its directory cannot be looked at");
	errno = 0;
	if (st.st_uid != 0 && st.st_uid != entry->pw_uid)
		return complain(entry->pw_name, "its directory is there and belongs to another account");
	if (fchown(fd, entry->pw_uid, entry->pw_gid) != 0 || fchmod(fd, OWN_MODE) != 0)
		return complain(entry->pw_name, "its directory cannot be given to it");
	printf(SALLYPORT_STATE "/%u\t%s\n", entry->pw_uid, entry->pw_name);
	return CLI_ALLOW;
}

static int give(int base, const char *name)
{
	char uid[16];
	const struct passwd *entry;

	errno = 0;
	entry = getpwnam(name);
	if (!entry)
		return complain(name, "no such account");
	errno = 0;
	if (entry->pw_uid == 0)
		return complain(name, "root is not a transfer account");
	snprintf(uid, sizeof uid, "%u", entry->pw_uid);
	int fd = make_directory(base, uid, OWN_MODE);
	if (fd < 0)
		return complain(name, "its directory cannot be made");
	int status = own(fd, entry);
	close(fd);
	return status;
}

int state_main(int argc, char *argv[])
{
	int status = CLI_ALLOW;

	if (argc < 2 || argv[1][0] == '-') {
		fprintf(stderr, "usage: sallyport state NAME…\n");
		return CLI_USAGE;
	}
	umask(0);
	int base = open_base();
	if (base < 0)
		return complain(SALLYPORT_STATE, "cannot be used; it has to be root's, and only root can");
	for (int i = 1; i < argc; i++) {
		int one = give(base, argv[i]);
		status = one == CLI_ALLOW ? status : one;
	}
	close(base);
	return status;
}
