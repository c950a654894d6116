/*
 * audit-authority - authorities whose certificates sshd takes (TrustedUserCAKeys), and who may use
 * which names (AuthorizedPrincipalsFile).
 */
#include "audit-keys.h"

#include "keys/cert.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { AUTHORITIES_MAX = 1024 };

static const struct audit_account root = {.name = "root", .home = "/root"};

struct audit_authorities {
	char last[RULES_VALUE_MAX]; /* the file that was looked at last */
	unsigned char digest[AUTHORITIES_MAX][SHA256_BYTES];
	size_t count;
};

bool authority_knows(const struct audit *a, const unsigned char digest[SHA256_BYTES])
{
	for (size_t i = 0; a->authorities && i < a->authorities->count; i++)
		if (memcmp(a->authorities->digest[i], digest, SHA256_BYTES) == 0)
			return true;
	return false;
}

/* ---- the authorities' file ---- */

static void keep(struct audit *a, struct bytes blob)
{
	unsigned char digest[SHA256_BYTES];

	sha256(blob.at, blob.length, digest);
	if (authority_knows(a, digest))
		return;
	if (a->authorities->count == AUTHORITIES_MAX)
		audit_unseen(&a->found, "authorities", "more than %d", AUTHORITIES_MAX);
	else
		memcpy(a->authorities->digest[a->authorities->count++], digest, sizeof digest);
}

/* How many keys it has. */
static size_t read_keys(const struct about *about, int fd)
{
	static struct keystream stream;
	struct keyline *line = keys_line();
	size_t count = 0, offset;

	keystream_begin(&stream, fd);
	while (keystream_next(&stream)) {
		if (keyline_fault(stream.text, stream.length, &offset))
			continue;
		keyline_read(stream.text, stream.length, line);
		if (line->kind != KEYLINE_KEY)
			continue;
		keep(about->audit, line->key.blob);
		count++;
	}
	if (stream.reason)
		audit_unseen(&about->audit->found, about->file, "%s: %s", stream.reason,
			     strerror(errno));
	return count;
}

static void look_at_file(struct audit *a, const char *path)
{
	const struct about about = {.audit = a, .file = path};
	const struct audit_evidence evidence = {.place = {.file = path}, .path = path};
	int fd = image_open_file(&a->image, path);
	struct way way;

	if (fd < 0) {
		audit_find(&a->found, AUDIT_AUTHORITY_UNREADABLE, NULL, &evidence, "%s",
			   strerror(errno));
		return;
	}
	if (read_keys(&about, fd) == 0)
		audit_find(&a->found, AUDIT_AUTHORITY_UNREADABLE, NULL, &evidence, "no key in it");
	close(fd);
	if (place_look(a, &root, path, &way)) {
		place_find(&about, AUDIT_AUTHORITY_FILE, &way, &way.others, "others can change it");
		place_find_hidden(&about, &way);
	}
}

/* Private keys beside the file, and in sshd's own directory. */
static void look_beside(struct audit *a, const char *path)
{
	const struct about about = {.audit = a};
	char directory[PATH_MAX];
	size_t length = (size_t)(strrchr(path, '/') - path);

	dotfiles_look_in(&about, "/etc/ssh", 0);
	if (length == 0 || length >= sizeof directory ||
	    (length == 8 && strncmp(path, "/etc/ssh", 8) == 0))
		return;
	memcpy(directory, path, length);
	directory[length] = '\0';
	dotfiles_look_in(&about, directory, 0);
}

/* ---- one key for hosts and for users ---- */

static void find_both(struct audit *a, const char *path, size_t line, struct bytes blob)
{
	char fingerprint[KEY_FINGERPRINT_ROOM];
	const struct audit_evidence evidence = {
	    .place = {path, line}, .path = path, .value = fingerprint};
	unsigned char digest[SHA256_BYTES];

	sha256(blob.at, blob.length, digest);
	if (!authority_knows(a, digest))
		return;
	key_fingerprint(blob, fingerprint);
	audit_find(&a->found, AUDIT_AUTHORITY_BOTH, NULL, &evidence, "%s signs hosts and users",
		   fingerprint);
}

static const char *behind_blanks(const char *at, const char *end)
{
	while (at < end && (*at == ' ' || *at == '\t'))
		at++;
	return at;
}

/* "@cert-authority PATTERN TYPE KEY", and certificates of this host. */
static void look_for_both(struct audit *a, const char *path)
{
	static const char mark[] = "@cert-authority";
	static struct keystream stream;
	struct keyline *line = keys_line();
	int fd = image_open_file(&a->image, path);
	struct cert cert;
	size_t offset;

	keystream_begin(&stream, fd);
	while (fd >= 0 && keystream_next(&stream)) {
		const char *at = stream.text, *end = at + stream.length;

		if (keyline_fault(at, stream.length, &offset))
			continue;
		bool marked =
		    stream.length > sizeof mark && strncmp(at, mark, sizeof mark - 1) == 0;
		if (marked) /* the pattern is a word like an option */
			at = behind_blanks(at + sizeof mark - 1, end);
		keyline_read(at, (size_t)(end - at), line);
		if (line->key.type && marked)
			find_both(a, path, stream.number, line->key.blob);
		else if (line->key.type && line->key.type->certifies &&
			 !cert_read(&line->key, &cert))
			find_both(a, path, stream.number, cert.ca);
	}
	if (fd >= 0)
		close(fd);
}

void authority_look_at(struct audit *a, const struct key_rules *rules)
{
	if (!rules->authorities[0] ||
	    (a->authorities && strcmp(a->authorities->last, rules->authorities) == 0))
		return;
	if (!a->authorities)
		a->found.failed |= !(a->authorities = calloc(1, sizeof *a->authorities));
	if (!a->authorities)
		return;
	strcpy(a->authorities->last, rules->authorities);
	look_at_file(a, rules->authorities);
	if (rules->authorities[0] == '/')
		look_beside(a, rules->authorities);
	look_for_both(a, "/etc/ssh/ssh_known_hosts");
	if (rules->host_certificate[0])
		look_for_both(a, rules->host_certificate);
}

void authority_end(struct audit *a)
{
	free(a->authorities);
	a->authorities = NULL;
}

/* ---- an account ---- */

void authority_find(struct audit *a, struct audit_account *account, const struct key_rules *rules,
		    unsigned opens)
{
	const struct audit_evidence evidence = {.place = {.file = rules->authorities},
						.path = rules->authorities};
	char path[PATH_MAX];
	struct about about = {.audit = a, .account = account, .file = path};
	struct way way;

	if (!rules->authorities[0] || !audit_restricted(account))
		return;
	if (opens & OPENS_COMMAND && !rules->principals_served)
		audit_find(&a->found, AUDIT_AUTHORITY_OPEN, account, &evidence,
			   "whoever signs decides what a session of it may do");
	if (!keys_path(rules->principals, account, path))
		return;
	if (!place_look(a, account, path, &way)) {
		audit_unseen(&a->found, path, "%s", strerror(errno));
		return;
	}
	place_find(&about, AUDIT_PRINCIPALS_OWN, &way, &way.own,
		   "the account itself can change it");
	place_find(&about, AUDIT_KEYS_MODES, &way, &way.others, "others can change it");
	place_find_hidden(&about, &way);
}
