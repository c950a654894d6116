/*
 * keys-find - whose a key is: the lines of all accounts' files, or of some, that have it.
 */
#include "accounts.h"
#include "cli.h"
#include "keys-sought.h"
#include "keys.h"

#include "keys/keystream.h"

#include <errno.h>
#include <getopt.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>

enum { USERS_MAX = 4096 };

struct find {
	const char *user[USERS_MAX];
	size_t users;
	struct keys_patterns patterns;
	struct sought sought;
	size_t found;
};

static bool read_options(int argc, char *argv[], struct find *f)
{
	static const struct option options[] = {
		{"user", required_argument, NULL, 'u'}, {"file", required_argument, NULL, 'F'}, {NULL, 0, NULL, 0},
	};
	int option;

	while ((option = getopt_long(argc, argv, "+", options, NULL)) != -1)
		switch (option) {
		case 'u':
			if (f->users == USERS_MAX)
				return false;
			f->user[f->users++] = optarg;
			break;
		case 'F':
			if (!keys_pattern_add(&f->patterns, optarg))
				return false;
			break;
		default: return false;
		}
	return optind < argc;
}

/* "FILE:LINE: ACCOUNT: TYPE COMMENT", without the account where a file was named. */
static void tell(const char *file, size_t number, const char *user)
{
	const struct keyline *line = keys_line();

	keys_print(stdout, file, strlen(file));
	printf(":%zu:", number);
	if (user) {
		putchar(' ');
		keys_print(stdout, user, strlen(user));
		putchar(':');
	}
	printf(" %s", line->key.type ? line->key.type->name : "a type that is not known here");
	if (line->kind == KEYLINE_KEY && line->keyopts.cert_authority)
		fputs(" cert-authority", stdout);
	if (line->comment.length) {
		putchar(' ');
		keys_print(stdout, line->comment.at, line->comment.length);
	}
	if (line->reason) /* VOID, FOREIGN: it is there all the same */
		printf(" (sshd refuses the line: %s)", line->reason);
	putchar('\n');
}

/* user NULL: the file was named, and has to be there. */
static int find_in(struct find *f, const char *path, const char *user)
{
	static struct keystream stream;
	int fd, status = CLI_ALLOW;
	size_t offset;
	const char *reason = keyfile_open(path, &fd);

	if (reason)
		return user && (errno == ENOENT || errno == ENOTDIR) ? CLI_ALLOW : keys_failed(path, 0, reason);
	keystream_begin(&stream, fd);
	while (keystream_next(&stream)) {
		const char *unread = keyline_fault(stream.text, stream.length, &offset);

		errno = 0;
		if (unread) {
			status = keys_failed(path, stream.number, unread);
		} else if (sought_is(&f->sought, stream.text, stream.length)) {
			f->found++;
			tell(path, stream.number, user);
		}
	}
	close(fd);
	return stream.reason ? keys_failed(path, 0, stream.reason) : status;
}

static int find_user(struct find *f, const struct account *account)
{
	static struct keys_paths paths;
	char ours[PATH_MAX];
	int status = CLI_ALLOW, one;

	if (!keys_expand(&f->patterns, account, &paths))
		return CLI_FAILURE;
	if (f->patterns.count == 0 && !strchr(account->facts.user, '/')) {
		accounts_keys(account->facts.user, ours);
		status = find_in(f, ours, account->facts.user);
	}
	for (size_t i = 0; i < paths.count; i++) {
		one = find_in(f, paths.path[i], account->facts.user);
		status = one > status ? one : status;
	}
	return status;
}

static int find_everybody(struct find *f)
{
	const struct passwd *entry;
	int status = CLI_ALLOW, one;

	setpwent();
	while ((entry = getpwent())) {
		const struct account account = {
			.facts = {.user = entry->pw_name, .home = entry->pw_dir, .uid = entry->pw_uid}};

		one = find_user(f, &account);
		status = one > status ? one : status;
	}
	endpwent();
	return status;
}

static int find_named(struct find *f, const char *user)
{
	struct account account;

	if (!keys_account(user, &account))
		return CLI_FAILURE;
	int status = find_user(f, &account);
	account_free(&account);
	return status;
}

int keys_find_main(int argc, char *argv[])
{
	static struct find f;
	int status = CLI_ALLOW, one;

	if (!read_options(argc, argv, &f))
		return CLI_USAGE;
	const char *reason = sought_read(argv[optind], &f.sought);
	if (reason)
		return keys_failed(argv[optind], 0, reason);
	if (!f.users && optind + 1 == argc)
		status = find_everybody(&f);
	for (size_t i = 0; i < f.users; i++) {
		one = find_named(&f, f.user[i]);
		status = one > status ? one : status;
	}
	for (int i = optind + 1; i < argc; i++) {
		one = find_in(&f, argv[i], NULL);
		status = one > status ? one : status;
	}
	sought_free(&f.sought);
	/* what could not be read may have it */
	return status == CLI_ALLOW && !f.found ? CLI_FOUND : status;
}
