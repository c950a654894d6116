/*
 * keys-revoke - a key is taken out of files, and put on the revocation list that sshd asks (RevokedKeys).
 */
#include "capture.h"
#include "cli.h"
#include "keys-edit.h"
#include "keys-revoked.h"
#include "keys.h"

#include "text/base64.h"

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
	unsigned char digest[SHA256_BYTES];  /* of the key's blob */
	bool is_fingerprint;
	char *bare;                          /* "TYPE BASE64", once it is known */
	size_t found;                        /* lines taken out */
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

static bool keep_bare(struct revoke *r, const struct keyline *line)
{
	if (r->bare || !line->key.type)
		return true;
	char *text = malloc(BASE64_ROOM(line->key.blob.length));
	if (!text)
		return false;
	base64_encode(line->key.blob.at, line->key.blob.length, text);
	int length = asprintf(&r->bare, "%s %s", line->key.type->inside, text);
	free(text);
	if (length < 0)
		r->bare = NULL;
	return length >= 0;
}

/* A file with one key, or a fingerprint. */
static const char *read_key(struct revoke *r)
{
	char text[64];
	struct keyline *line = keys_line();
	struct keyfile file;
	size_t at = 0, length, offset;
	const char *bytes;
	int fd;

	r->is_fingerprint = strncmp(r->key, "SHA256:", 7) == 0;
	errno = 0;
	if (r->is_fingerprint) {
		int n = snprintf(text, sizeof text, "%s", r->key);
		return n < (int)sizeof text && revoked_read_fingerprint(text, strlen(text), r->digest)
			       ? NULL
			       : "not a fingerprint as ssh-keygen -l has it";
	}
	const char *reason = keyfile_open(r->key, &fd);
	if (reason)
		return reason;
	reason = keyfile_read(fd, &file);
	close(fd);
	if (reason)
		return reason;
	errno = 0;
	reason = "no key in it";
	while (keyfile_next(&file, &at, &bytes, &length)) {
		if (keyline_fault(bytes, length, &offset))
			break;
		keyline_read(bytes, length, line);
		if (line->kind == KEYLINE_BLANK || line->kind == KEYLINE_COMMENT)
			continue;
		if (line->kind != KEYLINE_KEY || r->bare) {
			reason = r->bare ? "more than one key" : "not a public key";
			break;
		}
		sha256(line->key.blob.at, line->key.blob.length, r->digest);
		reason = keep_bare(r, line) ? NULL : "no memory";
	}
	keyfile_free(&file);
	return reason;
}

/* ---- files of keys ---- */

static bool is_the_key(const struct revoke *r, const char *text, size_t length)
{
	struct keyline *line = keys_line();
	unsigned char digest[SHA256_BYTES];
	size_t offset;

	if (keyline_fault(text, length, &offset))
		return false;
	keyline_read(text, length, line);
	if (line->key.blob.length == 0)
		return false;
	sha256(line->key.blob.at, line->key.blob.length, digest);
	return memcmp(digest, r->digest, sizeof digest) == 0;
}

static int take_out(struct revoke *r, const char *name, struct replace *replace, const struct keyfile *file)
{
	struct edit edit;
	size_t at = 0, length;
	const char *text;
	int status = CLI_ALLOW;

	if (!edit_begin(&edit, file))
		return keys_failed(name, 0, "no memory");
	while (keyfile_next(file, &at, &text, &length)) {
		if (!is_the_key(r, text, length)) {
			edit_keep(&edit, text, length);
			continue;
		}
		r->found++;
		edit.failed |= !keep_bare(r, keys_line());
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
	edit_append(&edit, r->bare, strlen(r->bare));
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

	if (argv[0] && capture_input(file->text, file->length, KRL) && capture_input(r->bare, strlen(r->bare), KEY) &&
	    capture(argv, &out) == 0)
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
	struct revoked_question question = {.digest = r->digest};
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
	if (!r->bare)
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
	const char *reason = read_key(&r);
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
	free(r.bare);
	return status;
}
