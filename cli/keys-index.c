/*
 * keys-index - a database for each file of an account's keys, so that serve need not read the file.
 */
#include "cli.h"
#include "keys.h"

#include "keys/index.h"
#include "keys/replace.h"

#include <errno.h>
#include <getopt.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct index_options {
	const char *directory;
	struct keys_patterns patterns;
};

static bool read_options(int argc, char *argv[], struct index_options *o)
{
	static const struct option options[] = {
		{"file", required_argument, NULL, 'F'},
		{"index", required_argument, NULL, 'i'},
		{NULL, 0, NULL, 0},
	};
	int option;

	while ((option = getopt_long(argc, argv, "+", options, NULL)) != -1)
		switch (option) {
		case 'i': o->directory = optarg; break;
		case 'F':
			if (!keys_pattern_add(&o->patterns, optarg))
				return false;
			break;
		default: return false;
		}
	return optind < argc;
}

/*
 * The kernel stamps files with a clock that moves every few milliseconds: a file that was changed in this very tick
 * could be changed again and look the same. So the tick has to pass first.
 */
static void let_tick_pass(int fd)
{
	const struct timespec pause = {.tv_nsec = 2000000};
	struct timespec now;
	struct stat status;

	while (fstat(fd, &status) == 0 && clock_gettime(CLOCK_REALTIME_COARSE, &now) == 0 &&
	       now.tv_sec == status.st_ctim.tv_sec && now.tv_nsec <= status.st_ctim.tv_nsec)
		nanosleep(&pause, NULL);
}

static int write_index(const struct keyfile *file, const char *path)
{
	struct replace replace;
	size_t count = 0;
	int fd;
	const char *reason = replace_open(path, &replace);

	if (reason)
		return keys_failed(path, 0, reason);
	replace.keep_none = true;
	replace.new_mode = file->status.st_mode & 0644; /* it says what the file says, to nobody more */
	reason = replace_begin(&replace, &fd);
	if (!reason) {
		reason = index_write(fd, file, &count);
		if (reason)
			close(fd);
		else
			reason = replace_end(&replace, fd);
	}
	if (!reason)
		reason = replace_commit(&replace);
	int status = reason ? keys_failed(path, 0, reason) : CLI_ALLOW;
	replace_close(&replace);
	if (!reason)
		printf("%s: %zu keys\n", path, count);
	return status;
}

static int index_file(const struct index_options *o, const char *user, const char *path, size_t number)
{
	char target[PATH_MAX];
	struct keyfile file;
	int fd;
	const char *reason = keyfile_open(path, &fd);

	if (reason)
		return errno == ENOENT ? CLI_ALLOW : keys_failed(path, 0, reason);
	let_tick_pass(fd);
	reason = keyfile_read(fd, &file);
	close(fd);
	if (reason)
		return keys_failed(path, 0, reason);
	errno = ENAMETOOLONG;
	int status = snprintf(target, sizeof target, "%s/%s.%zu.cdb", o->directory, user, number) <
				     (int)sizeof target
			     ? write_index(&file, target)
			     : keys_failed(path, 0, "no index can be named after it");
	keyfile_free(&file);
	return status;
}

static int index_account(const struct index_options *o, const char *user)
{
	static struct keys_paths paths;
	struct account account;
	int status = CLI_ALLOW;

	if (!keys_account(user, &account))
		return CLI_FAILURE;
	if (!keys_expand(&o->patterns, &account, &paths))
		status = CLI_USAGE;
	for (size_t i = 0; status == CLI_ALLOW && i < paths.count; i++)
		status = index_file(o, user, paths.path[i], i);
	account_free(&account);
	return status;
}

int keys_index_main(int argc, char *argv[])
{
	struct index_options o = {.directory = KEYS_INDEX_DIRECTORY};
	int status = CLI_ALLOW;

	if (!read_options(argc, argv, &o))
		return CLI_USAGE;
	for (int i = optind; i < argc && status == CLI_ALLOW; i++)
		status = index_account(&o, argv[i]);
	return status;
}
