/*
 * keys-enforce - files of keys become files of enforced keys; a diff unless --write.
 */
#include "cli.h"
#include "keys-edit.h"
#include "keys.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct enforce_options {
	bool write;
	const char *user;
	struct keys_patterns patterns;
	struct wanted wanted;
};

static bool read_options(int argc, char *argv[], struct enforce_options *o)
{
	static const struct option options[] = {
		{"write", no_argument, NULL, 'w'},      {"user", required_argument, NULL, 'u'},
		{"file", required_argument, NULL, 'f'}, {"restricted", no_argument, NULL, 'r'},
		{"token", no_argument, NULL, 't'},      {"profile", required_argument, NULL, 'p'},
		{NULL, 0, NULL, 0},
	};
	int option;

	while ((option = getopt_long(argc, argv, "+", options, NULL)) != -1)
		switch (option) {
		case 'w': o->write = true; break;
		case 'u': o->user = optarg; break;
		case 'f':
			if (!keys_pattern_add(&o->patterns, optarg))
				return false;
			break;
		default:
			if (!keys_call_option(&o->wanted.call, option, optarg))
				return false;
		}
	return o->user ? optind == argc : optind < argc && o->patterns.count == 0;
}

/* A file with such a line is not text as sshd reads it: whoever made it should look first. */
static int refuse_faults(const struct keyfile *file, const char *name)
{
	size_t at = 0, length, offset, number = 0;
	const char *text, *reason;

	errno = 0;
	if (keyfile_has_mark(file))
		return keys_failed(name, 1, "a byte order mark: sshd finds no key in this line; take it out first");
	while (number++, keyfile_next(file, &at, &text, &length)) {
		reason = keyline_fault(text, length, &offset);
		errno = 0;
		if (reason)
			return keys_failed(name, number, reason);
	}
	return CLI_ALLOW;
}

static bool build(const struct keyfile *file, const struct wanted *wanted, struct edit *edit)
{
	static char out[ENFORCED_ROOM];
	struct keyline *line = keys_line();
	size_t at = 0, length, written;
	const char *text;

	if (!edit_begin(edit, file))
		return false;
	while (keyfile_next(file, &at, &text, &length)) {
		keyline_read(text, length, line);
		switch (enforce_line(line, wanted, out, sizeof out, &written)) {
		case ENFORCED_AS_IS: edit_keep(edit, text, length); break;
		case ENFORCED_ANEW:
		case ENFORCED_COMMENT: edit_line(edit, text, length, out, written); break;
		case ENFORCED_NOT: return false;
		}
	}
	return !edit->failed;
}

static int enforce_read(const struct enforce_options *o, const char *name, struct replace *replace,
			const struct keyfile *file)
{
	struct edit edit = {0};
	int status = refuse_faults(file, name);

	if (status != CLI_ALLOW)
		return status;
	errno = 0;
	if (!build(file, &o->wanted, &edit)) {
		status = keys_failed(name, 0, "the enforced lines cannot be made");
	} else if (edit.changes == 0) {
		keys_print(stdout, name, strlen(name));
		puts(": every key is enforced");
	} else {
		edit_diff(&edit, name);
		status = o->write ? edit_install(&edit, replace, name) : CLI_FOUND;
	}
	edit_free(&edit);
	return status;
}

static int enforce_file(const struct enforce_options *o, const char *name, bool may_be_absent)
{
	struct replace replace;
	struct keyfile file;
	const char *reason = replace_open(name, &replace);
	int status;

	if (reason) {
		status = keys_failed(name, 0, reason);
		if (geteuid() == 0 && !o->user && errno == 0)
			fprintf(stderr, "sallyport: --user NAME does it as the account that owns it\n");
		return status;
	}
	if (replace.old < 0) {
		errno = ENOENT;
		status = may_be_absent ? CLI_ALLOW : keys_failed(name, 0, "cannot be opened");
	} else if ((reason = keyfile_read(replace.old, &file))) {
		status = keys_failed(name, 0, reason);
	} else {
		status = enforce_read(o, name, &replace, &file);
		keyfile_free(&file);
	}
	replace_close(&replace);
	return status;
}

static int worse(int a, int b)
{
	return a > b ? a : b;
}

static int enforce_user(const struct enforce_options *o)
{
	static struct keys_paths paths;
	struct account account;
	int status = CLI_ALLOW;

	if (!keys_account(o->user, &account))
		return CLI_FAILURE;
	if (!keys_expand(&o->patterns, &account, &paths) || !keys_act_as(&account, &paths))
		status = CLI_FAILURE;
	for (size_t i = 0; status != CLI_FAILURE && i < paths.count; i++)
		status = worse(status, enforce_file(o, paths.path[i], true));
	account_free(&account);
	return status;
}

int keys_enforce_main(int argc, char *argv[])
{
	struct enforce_options o = {.wanted = {.gate = SALLYPORT_SHELL}};
	int status = CLI_ALLOW;

	if (!read_options(argc, argv, &o))
		return CLI_USAGE;
	if (o.user)
		return enforce_user(&o);
	for (int i = optind; i < argc; i++)
		status = worse(status, enforce_file(&o, argv[i], false));
	return status;
}
