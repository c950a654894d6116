/*
 * sallyport slots - the slot files of accounts with max-sessions. The gate cannot make them: only root can put a file
 * of an account's into a directory where nobody else may.
 */
#include "slots.h"

#include "cli.h"
#include "dryrun.h"
#include "explain.h"
#include "roster.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct slots {
	int directory;
	bool failed;
};

static int usage(void)
{
	fprintf(stderr, "usage: sallyport slots [-f POLICY]\n");
	return CLI_USAGE;
}

static bool is_right(int directory, const char *name, uid_t uid)
{
	struct stat st;

	return fstatat(directory, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode) &&
	       st.st_uid == uid && st.st_nlink == 1 && (st.st_mode & 07777) == 0600;
}

bool slots_needed(const struct settings *settings)
{
	for (size_t i = 0; i < settings->keys_count; i++)
		if (settings->keys[i].settings->key_sessions)
			return true;
	return settings->sessions > 0;
}

bool slots_are_right(uid_t uid)
{
	struct stat st;
	char name[16];
	int fd = open(SALLYPORT_SLOTS, O_PATH | O_DIRECTORY | O_CLOEXEC);

	snprintf(name, sizeof name, "%u", uid);
	bool right = fd >= 0 && fstat(fd, &st) == 0 && st.st_uid == 0 &&
		     !(st.st_mode & (S_IWGRP | S_IWOTH)) && is_right(fd, name, uid);
	if (fd >= 0)
		close(fd);
	return right;
}

/* What stands there and is not right goes: the directory is root's, so root or nobody put it there. */
static bool make(int directory, const char *name, const struct account *account)
{
	unlinkat(directory, name, 0);
	int fd = openat(directory, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return false;
	bool good = fchown(fd, account->facts.uid, (gid_t)-1) == 0 && fchmod(fd, 0600) == 0;
	int error = errno;
	close(fd);
	errno = error;
	return good;
}

/* The directory is made by `make install`; a package may leave that to us. Every session passes through it. */
static int open_directory(void)
{
	struct stat st;
	bool made = mkdir(SALLYPORT_SLOTS, 0755) == 0;

	if (!made && errno != EEXIST)
		return -1;
	int fd = open(SALLYPORT_SLOTS, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	errno = EPERM; /* what others can write to is nothing to make files in */
	if ((!made || fchmod(fd, 0755) == 0) && fstat(fd, &st) == 0 && st.st_uid == 0 &&
	    !(st.st_mode & (S_IWGRP | S_IWOTH)))
		return fd;
	int error = errno;
	close(fd);
	errno = error;
	return -1;
}

static void visit(void *context, const struct account *account, const struct settings *settings,
		  const struct sitting *sitting)
{
	struct slots *slots = context;
	char name[16];

	(void)sitting; /* such an account has no sessions */
	if (!settings || !slots_needed(settings) || account->facts.uid == 0)
		return;
	snprintf(name, sizeof name, "%u", account->facts.uid);
	if (slots->directory < 0)
		slots->directory = open_directory();
	if (slots->directory >= 0 && is_right(slots->directory, name, account->facts.uid))
		return;
	if (slots->directory >= 0 && make(slots->directory, name, account)) {
		printf("made %s/%s for %s\n", SALLYPORT_SLOTS, name, account->facts.user);
		return;
	}
	fprintf(stderr, "sallyport: %s/%s: %s\n", SALLYPORT_SLOTS, name, strerror(errno));
	slots->failed = true;
}

bool slots_make(const struct side *side)
{
	struct slots slots = {.directory = -1};
	bool visited = roster_each(side, visit, &slots);

	if (!visited)
		fprintf(stderr, "sallyport: no memory\n");
	if (slots.directory >= 0)
		close(slots.directory);
	return visited && !slots.failed;
}

int slots_main(int argc, char *argv[])
{
	struct side side;
	const char *file = SALLYPORT_POLICY;
	bool candidate = false;
	int option, status = CLI_POLICY;

	while ((option = getopt(argc, argv, "+f:")) != -1) {
		if (option != 'f')
			return usage();
		candidate = true;
		if (!(file = dryrun_policy(optarg)))
			return CLI_USAGE;
	}
	if (optind != argc)
		return usage();
	if (side_open(&side, file, candidate))
		status = slots_make(&side) ? CLI_ALLOW : CLI_FAILURE;
	else
		explain_fault_aside(&side.fault);
	side_close(&side);
	return status;
}
