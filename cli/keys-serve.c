/*
 * keys-serve - sshd asks: which lines has this account for this key? It gets enforced ones and nothing else.
 *
 * stdout is sshd's. Whatever goes wrong, nothing is printed or the status is not 0, and sshd refuses the key.
 */
#include "cli.h"
#include "keys-policy.h"

#include "keys/cert.h"
#include "keys/index.h"

#include "text/base64.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct serve {
	const char *policy_file, *directory;
	struct keys_patterns patterns;
	struct keys_policy policy;
	struct keys_paths paths;
	const char *text;                 /* of the key, as sshd wrote it */
	unsigned char blob[KEYLINE_MAX];
	struct bytes sought;              /* the blob to look for: the key's, or the one of its certificate's CA */
	bool certificate;
	char fingerprint[KEY_FINGERPRINT_ROOM]; /* of the key, or of the one that the certificate is about */
	char cert_id[KEY_BLOB_MAX];
	char base64[BASE64_ROOM(KEYLINE_MAX)]; /* of sought: how a line would have it */
};

static bool read_options(int argc, char *argv[], struct serve *s)
{
	static const struct option options[] = {
		{"file", required_argument, NULL, 'F'},
		{"index", required_argument, NULL, 'i'},
		{NULL, 0, NULL, 0},
	};
	int option;

	while ((option = getopt_long(argc, argv, "+f:", options, NULL)) != -1)
		switch (option) {
		case 'f': s->policy_file = optarg; break;
		case 'i': s->directory = optarg; break;
		case 'F':
			if (!keys_pattern_add(&s->patterns, optarg))
				return false;
			break;
		default: return false;
		}
	return argc - optind == 3 || argc - optind == 4;
}

static const char *read_certificate(struct serve *s, const struct key *key)
{
	static unsigned char scratch[KEYLINE_MAX];
	struct cert cert;
	const char *reason = cert_read(key, &cert);

	if (reason)
		return reason;
	if (cert.id.length >= sizeof s->cert_id || memchr(cert.id.at, '\0', cert.id.length))
		return "the certificate's identity is no text";
	memcpy(s->cert_id, cert.id.at, cert.id.length);
	key_certified_fingerprint(key, scratch, s->fingerprint);
	s->sought = cert.ca;
	return NULL;
}

/* What is to be looked for. sshd has decoded the key already; what it hands over is sound. */
static const char *read_key(struct serve *s, const char *type_name, const char *text)
{
	const struct key_type *type = key_type_find(type_name, strlen(type_name));
	size_t length = strlen(text), count;
	const char *reason = NULL;
	struct key key;

	if (length > KEYLINE_MAX || !base64_decode(text, length, s->blob, &count) || count == 0)
		return "KEY is not base64";
	s->sought = (struct bytes){s->blob, count};
	key_fingerprint(s->sought, s->fingerprint);
	s->certificate = type && type->certifies;
	if (type)
		reason = key_read(type, s->sought, &key);
	if (!reason && s->certificate)
		reason = read_certificate(s, &key);
	base64_encode(s->sought.at, s->sought.length, s->base64);
	return reason;
}

/* A line that was found is looked at as if a stranger had written it: for the account, that may be so. */
static void offer(const struct serve *s, const char *text, size_t length)
{
	static char out[ENFORCED_ROOM];
	struct keyline *line = keys_line();
	struct gatecall call = {0};
	char command[GATECALL_MAX];
	size_t written, offset;

	if (keyline_fault(text, length, &offset))
		return;
	keyline_read(text, length, line);
	if (line->kind != KEYLINE_KEY && line->kind != KEYLINE_FOREIGN)
		return;
	if (line->key.blob.length != s->sought.length ||
	    memcmp(line->key.blob.at, s->sought.at, s->sought.length) != 0 ||
	    line->keyopts.cert_authority != s->certificate)
		return;
	if (line->keyopts.command.at && keyopts_unquote(line->keyopts.command, command, sizeof command))
		gatecall_read(command, s->policy.wanted.gate, &call);
	if (!keys_policy_admits(&s->policy, &call))
		return;
	enum enforced result = enforce_line(line, &s->policy.wanted, out, sizeof out, &written);
	if (result != ENFORCED_AS_IS && result != ENFORCED_ANEW)
		return;
	fwrite(out, 1, written, stdout);
	putchar('\n');
}

/* sshd(8), StrictModes: the file is root's or the account's, and nobody else may write it. */
static bool is_trusted(const struct serve *s, const struct stat *status)
{
	return S_ISREG(status->st_mode) && !(status->st_mode & (S_IWGRP | S_IWOTH)) &&
	       (status->st_uid == 0 || status->st_uid == s->policy.account.facts.uid);
}

static void offer_indexed(const struct serve *s, struct index *index)
{
	const char *text;
	size_t length;

	if (index_find(index, s->sought))
		while (index_next(index, &text, &length))
			offer(s, text, length);
}

/* Without an index: wherever the key's base64 stands, the line around it. */
static void offer_scanned(const struct serve *s, const struct keyfile *file)
{
	const char *at = file->text, *end = file->text + file->length, *found;
	size_t needle = strlen(s->base64);

	while ((found = memmem(at, (size_t)(end - at), s->base64, needle))) {
		const char *before = memrchr(at, '\n', (size_t)(found - at));
		const char *begin = before ? before + 1 : at, *stop = memchr(found, '\n', (size_t)(end - found));

		stop = stop ? stop : end;
		offer(s, begin, (size_t)(stop - begin));
		at = stop < end ? stop + 1 : end;
	}
}

static int open_index(const struct serve *s, size_t number)
{
	char path[PATH_MAX];
	struct stat status;

	if (snprintf(path, sizeof path, "%s/%s.%zu.cdb", s->directory, s->policy.account.facts.user, number) >=
	    (int)sizeof path)
		return -1;
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd >= 0 && fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == 0 &&
	    !(status.st_mode & (S_IWGRP | S_IWOTH)))
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

/* A file that is not there has no keys; one that cannot be read has none that sshd may have. */
static int serve_file(const struct serve *s, const char *path, int index_fd)
{
	struct stat status;
	struct index index;
	struct keyfile file;
	int fd;
	const char *reason = keyfile_open(path, &fd);

	if (reason)
		return errno == ENOENT || errno == ENOTDIR ? CLI_ALLOW : keys_failed(path, 0, reason);
	errno = 0;
	if (fstat(fd, &status) != 0 || !is_trusted(s, &status)) {
		reason = "not root's or the account's alone";
	} else if (index_fd >= 0 && !index_open(index_fd, &status, &index)) {
		offer_indexed(s, &index);
		index_close(&index);
	} else if (!(reason = keyfile_read(fd, &file))) {
		offer_scanned(s, &file);
		keyfile_free(&file);
	}
	close(fd);
	return reason ? keys_failed(path, 0, reason) : CLI_ALLOW;
}

static int serve_account(struct serve *s)
{
	int index_fd[KEYS_PATTERNS_MAX], status = CLI_ALLOW;

	if (!keys_expand(&s->patterns, &s->policy.account, &s->paths))
		return CLI_USAGE;
	for (size_t i = 0; i < s->paths.count; i++)
		index_fd[i] = open_index(s, i);
	/* The account's own files are opened as the account: a link in them leads nowhere that it could not go. */
	if (geteuid() == 0 && s->policy.account.facts.uid != 0 && !keys_become(&s->policy.account))
		return CLI_FAILURE;
	for (size_t i = 0; i < s->paths.count && status == CLI_ALLOW; i++)
		status = serve_file(s, s->paths.path[i], index_fd[i]);
	return status;
}

int keys_serve_main(int argc, char *argv[])
{
	static struct serve s = {.directory = KEYS_INDEX_DIRECTORY};

	if (!read_options(argc, argv, &s))
		return CLI_USAGE;
	const char *reason = read_key(&s, argv[optind + 1], argv[optind + 2]);
	errno = 0;
	if (reason) {
		keys_failed("KEY", 0, reason);
		return CLI_USAGE;
	}
	int status = keys_policy_open(s.policy_file, argv[optind], &s.policy);
	const struct identity key = {s.fingerprint, s.certificate ? s.cert_id : NULL};
	if (status == CLI_ALLOW && s.policy.settings && keys_policy_knows(&s.policy, &key))
		status = serve_account(&s);
	keys_policy_close(&s.policy);
	return status;
}
