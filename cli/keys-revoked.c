#include "keys-revoked.h"

#include "capture.h"
#include "keys.h"

#include "keys/keyline.h"

#include "text/base64.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BATCH = REVOKED_BATCH, FIRST_FD = 64, NAME_ROOM = 32 };

static const char magic[] = "SSHKRL\n"; /* and its NUL */

static int compare(const void *a, const void *b)
{
	return memcmp(a, b, SHA256_BYTES);
}

bool revoked_read_fingerprint(const char *text, size_t length, unsigned char digest[SHA256_BYTES])
{
	enum { PREFIX = 7, DIGITS = 43 };
	unsigned char decoded[BASE64_ROOM(DIGITS)];
	char padded[DIGITS + 1];
	size_t count;

	if (length < PREFIX + DIGITS || memcmp(text, "SHA256:", PREFIX) != 0 ||
	    (length > PREFIX + DIGITS && !strchr(" \t\r", text[PREFIX + DIGITS])))
		return false;
	memcpy(padded, text + PREFIX, DIGITS);
	padded[DIGITS] = '=';
	if (!base64_decode(padded, sizeof padded, decoded, &count) || count != SHA256_BYTES)
		return false;
	memcpy(digest, decoded, SHA256_BYTES);
	return true;
}

/* openssh-portable authfile.c, sshkey_in_file: a line that is no bare key is an error, and then nobody logs in. */
static const char *read_line(const char *text, size_t length, struct revoked *revoked)
{
	struct keyline *line = keys_line();
	size_t offset;

	if (keyline_fault(text, length, &offset))
		return "not a bare key";
	if (revoked->fingerprints && revoked_read_fingerprint(text, length, revoked->digest[revoked->count])) {
		revoked->count++;
		return NULL;
	}
	keyline_read(text, length, line);
	switch (line->kind) {
	case KEYLINE_BLANK:
	case KEYLINE_COMMENT: return NULL;
	case KEYLINE_KEY: break;
	case KEYLINE_VOID:
	case KEYLINE_FOREIGN:
	case KEYLINE_JUNK: return "not a bare key";
	}
	if (line->options.at)
		return "a key with options; bare keys are wanted";
	sha256(line->key.blob.at, line->key.blob.length, revoked->digest[revoked->count++]);
	return NULL;
}

static const char *read_lines(struct revoked *revoked, size_t *number)
{
	size_t at = 0, length, lines = 1;
	const char *text, *reason = NULL;

	for (size_t i = 0; i < revoked->file.length; i++)
		lines += revoked->file.text[i] == '\n';
	revoked->digest = malloc(lines * sizeof *revoked->digest);
	if (!revoked->digest)
		return "no memory to read it";
	for (*number = 0; !reason && keyfile_next(&revoked->file, &at, &text, &length); ++*number)
		reason = read_line(text, length, revoked);
	errno = 0;
	if (revoked->count)
		qsort(revoked->digest, revoked->count, sizeof *revoked->digest, compare);
	return reason;
}

/* A KRL that ssh-keygen cannot read, sshd cannot read. */
static const char *try_krl(const struct revoked *revoked)
{
	const char *const argv[] = {capture_find("ssh-keygen"), "-Ql", "-f", revoked->path, NULL};
	char *out;

	errno = 0;
	if (!argv[0])
		return "ssh-keygen, which reads KRLs, is not installed";
	int status = capture(argv, &out);
	free(out);
	return status == 0 ? NULL : "ssh-keygen cannot read it";
}

static const char *open_list(const char *path, struct revoked *revoked, size_t *line)
{
	const char *reason = keyfile_load(path, &revoked->file);

	*line = 0;
	if (reason)
		return reason;
	revoked->is_krl = revoked->file.length >= sizeof magic &&
			  memcmp(revoked->file.text, magic, sizeof magic) == 0;
	reason = revoked->is_krl ? try_krl(revoked) : read_lines(revoked, line);
	if (!reason)
		*line = 0;
	return reason;
}

const char *revoked_open(const char *path, struct revoked *revoked, size_t *line)
{
	*revoked = (struct revoked){.path = path};
	return open_list(path, revoked, line);
}

const char *revoked_open_own(const char *path, struct revoked *revoked, size_t *line)
{
	*revoked = (struct revoked){.path = path, .fingerprints = true};
	return open_list(path, revoked, line);
}

static bool put_key(const struct revoked_question *q, int number)
{
	char *text = malloc(BASE64_ROOM(q->blob.length)), *line = NULL;
	int length = -1;

	if (text) {
		base64_encode(q->blob.at, q->blob.length, text);
		length = asprintf(&line, "%s %s\n", q->type, text);
	}
	bool good = length > 0 && capture_input(line, (size_t)length, number);
	free(text);
	if (length > 0)
		free(line);
	return good;
}

/* ssh-keygen says "NAME (comment): REVOKED" or "NAME (comment): ok", a line for each. */
static const char *ask_batch(const struct revoked *revoked, struct revoked_question *q, size_t count)
{
	const char *argv[BATCH + 5] = {capture_find("ssh-keygen"), "-Q", "-f", revoked->path};
	char names[BATCH][NAME_ROOM], *out = NULL, *at;
	const char *reason = NULL;

	for (size_t i = 0; i < count; i++) {
		snprintf(names[i], NAME_ROOM, "/dev/fd/%zu", FIRST_FD + i);
		argv[4 + i] = names[i];
		if (!put_key(&q[i], FIRST_FD + (int)i))
			reason = "no descriptor for a key";
	}
	int status = reason ? -1 : capture(argv, &out);
	at = out;
	for (size_t i = 0; i < count; i++) {
		char *line = at ? strsep(&at, "\n") : NULL, *says = line ? strrchr(line, ':') : NULL;

		close(FIRST_FD + (int)i);
		if (!says || (strcmp(says, ": REVOKED") != 0 && strcmp(says, ": ok") != 0))
			reason = reason ? reason : "ssh-keygen gives no answer";
		else
			q[i].revoked = strcmp(says, ": REVOKED") == 0;
	}
	free(out);
	return status == 0 || status == 1 ? reason : "ssh-keygen gives no answer";
}

const char *revoked_ask(const struct revoked *revoked, struct revoked_question *question, size_t count)
{
	const char *reason = NULL;

	if (!revoked->is_krl) {
		for (size_t i = 0; i < count; i++)
			question[i].revoked = revoked->count &&
					      bsearch(question[i].digest, revoked->digest, revoked->count,
						      SHA256_BYTES, compare);
		return NULL;
	}
	for (size_t done = 0; !reason && done < count; done += BATCH) {
		size_t some = count - done < BATCH ? count - done : BATCH;

		reason = ask_batch(revoked, question + done, some);
	}
	return reason;
}

void revoked_close(struct revoked *revoked)
{
	keyfile_free(&revoked->file);
	free(revoked->digest);
	*revoked = (struct revoked){0};
}
