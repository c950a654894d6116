/*
 * keys-revoke - a key is taken out of files, and put on the revocation list that sshd asks (RevokedKeys).
 */
#include "capture.h"
#include "cli.h"
#include "keys-edit.h"
#include "keys-revoked.h"
#include "keys-sought.h"
#include "keys.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct revoke {
	bool write;
	const char *user, *list, *key;
	struct keys_patterns patterns;
	struct sought sought;
	size_t found; /* lines taken out */
};

static bool read_options(int argc, char *argv[], struct revoke *r)
{
	static const struct option options[] = {
		{"write", no_argument, NULL, 'w'},      {"user", required_argument, NULL, 'u'},
		{"file", required_argument, NULL, 'F'}, {"list", required_argument, NULL, 'l'},
		{NULL, 0, NULL, 0},
	};
	int option;

	while ((option = getopt_long(argc, argv, "+", options, NULL)) != -1)
		switch (option) {
		case 'w': r->write = true; break;
		case 'u': r->user = optarg; break;
		case 'l': r->list = optarg; break;
		case 'F':
			if (!keys_pattern_add(&r->patterns, optarg))
				return false;
			break;
		default: return false;
		}
	r->key = argv[optind];
	/* something must be done to something */
	return optind < argc && (r->user ? optind + 1 == argc : r->list || optind + 1 < argc);
}

/* ---- files of keys ---- */

static int take_out(struct revoke *r, const char *name, struct replace *replace, const struct keyfile *file)
{
	struct edit edit;
	size_t at = 0, length;
	const char *text;
	int status = CLI_ALLOW;

	if (!edit_begin(&edit, file))
		return keys_failed(name, 0, "no memory");
	while (keyfile_next(file, &at, &text, &length)) {
		if (!sought_is(&r->sought, text, length)) {
			edit_keep(&edit, text, length);
			continue;
		}
		r->found++;
		edit.failed |= !sought_keep(&r->sought, keys_line());
		edit_line(&edit, text, length, NULL, 0);
	}
	edit_diff(&edit, name);
	if (edit.changes)
		status = r->write ? edit_install(&edit, replace, name) : CLI_FOUND;
	edit_free(&edit);
	return status;
}

static int revoke_in(struct revoke *r, const char *name, bool may_be_absent)
{
	struct replace replace;
	struct keyfile file;
	const char *reason = replace_open(name, &replace);
	int status;

	if (reason)
		return keys_failed(name, 0, reason);
	if (replace.old < 0) {
		errno = ENOENT;
		status = may_be_absent ? CLI_ALLOW : keys_failed(name, 0, "cannot be opened");
	} else if ((reason = keyfile_read(replace.old, &file))) {
		status = keys_failed(name, 0, reason);
	} else {
		status = take_out(r, name, &replace, &file);
		keyfile_free(&file);
	}
	replace_close(&replace);
	return status;
}

static int revoke_user(struct revoke *r)
{
	static struct keys_paths paths;
	struct account account;
	int status = CLI_ALLOW, one;

	if (!keys_account(r->user, &account))
		return CLI_FAILURE;
	/* With a list, which is root's, this process stays root's: then files in homes are refused. */
	if (!keys_expand(&r->patterns, &account, &paths) || (!r->list && !keys_act_as(&account, &paths)))
		status = CLI_FAILURE;
	for (size_t i = 0; status != CLI_FAILURE && i < paths.count; i++) {
		one = revoke_in(r, paths.path[i], true);
		status = one > status ? one : status;
	}
	account_free(&account);
	return status;
}

/* ---- the list ---- */

static int append_bare(const struct revoke *r, struct replace *replace, const struct keyfile *file)
{
	struct edit edit;
	size_t at = 0, length;
	const char *text;

	if (!edit_begin(&edit, file))
		return keys_failed(r->list, 0, "no memory");
	while (keyfile_next(file, &at, &text, &length))
		edit_keep(&edit, text, length);
	edit_append(&edit, r->sought.bare, strlen(r->sought.bare));
	edit_diff(&edit, r->list);
	int status = r->write ? edit_install(&edit, replace, r->list) : CLI_FOUND;
	edit_free(&edit);
	return status;
}

/* ssh-keygen writes in place: it gets a copy, and the copy is put in place. Neither has a name. */
static const char *update_krl(const struct revoke *r, const struct keyfile *file, struct keyfile *updated)
{
	enum { KRL = 64, KEY };
	const char *const argv[] = {
		capture_find("ssh-keygen"), "-q", "-k", "-u", "-f", "/dev/fd/64", "/dev/fd/65", NULL,
	};
	const char *reason = "ssh-keygen cannot change it";
	char *out = NULL;

	if (argv[0] && capture_input(file->text, file->length, KRL) &&
	    capture_input(r->sought.bare, strlen(r->sought.bare), KEY) && capture(argv, &out) == 0)
		reason = keyfile_read(KRL, updated);
	free(out);
	close(KRL);
	close(KEY);
	return reason;
}

static int change_krl(const struct revoke *r, struct replace *replace, const struct keyfile *file)
{
	struct keyfile updated = {0};
	const char *reason = update_krl(r, file, &updated);

	if (!reason && !r->write) {
		printf("%s: a KRL; ssh-keygen -k -u would add the key\n", r->list);
		keyfile_free(&updated);
		return CLI_FOUND;
	}
	if (!reason)
		reason = replace_stage(replace, updated.text, updated.length);
	if (!reason)
		reason = replace_commit(replace);
	keyfile_free(&updated);
	if (reason)
		return keys_failed(r->list, 0, reason);
	printf("written: %s\n", r->list);
	return CLI_ALLOW;
}

static int put_on_list(const struct revoke *r, struct replace *replace)
{
	struct revoked revoked = {0};
	struct revoked_question question = {.digest = r->sought.digest};
	size_t line = 0;
	const char *reason = replace->old >= 0 ? revoked_open(r->list, &revoked, &line) : NULL;
	int status;

	/* A list that sshd cannot read refuses everybody: that must not be made worse, or hidden. */
	if (reason)
		status = keys_failed(r->list, line, reason);
	else if (!revoked.is_krl && revoked_ask(&revoked, &question, 1) == NULL && question.revoked)
		status = printf("%s: the key is on it already\n", r->list) < 0 ? CLI_FAILURE : CLI_ALLOW;
	else if (revoked.is_krl)
		status = change_krl(r, replace, &revoked.file);
	else
		status = append_bare(r, replace, &revoked.file);
	revoked_close(&revoked);
	return status;
}

static int revoke_on_list(const struct revoke *r)
{
	struct replace replace;

	errno = 0;
	if (!r->sought.bare)
		return keys_failed(r->key, 0, "sshd's list holds whole keys, and no file here has this one");
	const char *reason = replace_open(r->list, &replace);
	if (reason)
		return keys_failed(r->list, 0, reason);
	int status = put_on_list(r, &replace);
	replace_close(&replace);
	return status;
}

int keys_revoke_main(int argc, char *argv[])
{
	static struct revoke r;
	int status = CLI_ALLOW, one;

	if (!read_options(argc, argv, &r))
		return CLI_USAGE;
	const char *reason = sought_read(r.key, &r.sought);
	if (reason)
		return keys_failed(r.key, 0, reason);
	if (r.user)
		status = revoke_user(&r);
	for (int i = optind + 1; i < argc; i++) {
		one = revoke_in(&r, argv[i], false);
		status = one > status ? one : status;
	}
	/* The list last, and even so: a file that could not be changed must not keep the key alive. */
	if (r.list) {
		one = revoke_on_list(&r);
		status = one > status ? one : status;
	} else if (r.found == 0 && status == CLI_ALLOW) {
		puts("the key is in none of the files");
	}
	sought_free(&r.sought);
	return status;
}
