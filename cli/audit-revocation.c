/*
 * audit-revocation - sshd's revocation lists: whether sshd can read them at all, and which keys
 * that stand in files are on them.
 *
 * A KRL is ssh-keygen's to read: keys are put to it in batches, whole, for it may revoke by digest,
 * serial or authority.
 */
#include "audit-keys.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* LIST_FD: above those that a batch takes. */
enum { LISTS_MAX = 8, LIST_FD = 256, NAME_ROOM = 32 };

struct list {
	char path[RULES_VALUE_MAX]; /* as sshd names it */
	char name[NAME_ROOM];       /* as ssh-keygen, which has the descriptor too, can open it */
	int fd;
	bool good;
	struct revoked revoked;
};

/* A key that waits to be asked about. */
struct pending {
	struct about about;
	char *file;
	unsigned char *blob;
	unsigned char digest[SHA256_BYTES];
};

struct audit_lists {
	struct list list[LISTS_MAX];
	size_t count;
	struct list *now; /* of the sshd in question; NULL: it has none, or none that is any good */
	struct pending pending[REVOKED_BATCH];
	struct revoked_question question[REVOKED_BATCH];
	size_t waiting;
};

/* ---- the lists ---- */

static void find_lockout(struct audit *a, const char *path, size_t line, const char *reason)
{
	const struct audit_evidence evidence = {.place = {path, line}, .path = path};

	audit_find(&a->found, AUDIT_REVOKED_LOCKOUT, NULL, &evidence, "%s%s%s", reason,
		   errno ? ": " : "", errno ? strerror(errno) : "");
}

static void open_list(struct audit *a, struct list *list)
{
	size_t line = 0;
	const char *reason = "cannot be opened";
	int fd = image_open_file(&a->image, list->path);

	list->fd = fd >= 0 ? fcntl(fd, F_DUPFD, LIST_FD) : -1;
	if (fd >= 0)
		close(fd);
	if (list->fd >= 0) {
		snprintf(list->name, sizeof list->name, "/proc/self/fd/%d", list->fd);
		reason = revoked_open(list->name, &list->revoked, &line);
	}
	list->good = !reason;
	if (reason)
		find_lockout(a, list->path, line, reason);
}

static struct list *find_list(struct audit *a, const char *path)
{
	struct audit_lists *lists = a->lists;

	for (size_t i = 0; i < lists->count; i++)
		if (strcmp(lists->list[i].path, path) == 0)
			return &lists->list[i];
	if (lists->count == LISTS_MAX) {
		audit_unseen(&a->found, path, "more revocation lists than are looked at");
		return NULL;
	}
	struct list *list = &lists->list[lists->count++];
	snprintf(list->path, sizeof list->path, "%s", path);
	open_list(a, list);
	return list;
}

static void ask(struct audit *a);

void revocation_choose(struct audit *a, const struct key_rules *rules)
{
	if (!a->lists && rules->revoked[0])
		a->found.failed |= !(a->lists = calloc(1, sizeof *a->lists));
	if (!a->lists)
		return;
	struct list *next = rules->revoked[0] ? find_list(a, rules->revoked) : NULL;
	if (next == a->lists->now)
		return;
	ask(a);
	a->lists->now = next && next->good ? next : NULL;
}

/* ---- keys ---- */

static void find(const struct about *about, struct bytes blob)
{
	char fingerprint[KEY_FINGERPRINT_ROOM];
	const struct audit_evidence evidence = {
	    .place = {about->file, about->line}, .path = about->file, .value = fingerprint};

	key_fingerprint(blob, fingerprint);
	audit_find(&about->audit->found, AUDIT_KEY_REVOKED, about->account, &evidence,
		   "%s: revoked, and still listed", fingerprint);
}

/* The batch that waits. */
static void ask(struct audit *a)
{
	struct audit_lists *lists = a->lists;
	const char *reason =
	    lists->waiting ? revoked_ask(&lists->now->revoked, lists->question, lists->waiting)
			   : NULL;

	if (reason)
		audit_unseen(&a->found, lists->now->path, "%s", reason);
	for (size_t i = 0; i < lists->waiting; i++) {
		struct pending *p = &lists->pending[i];

		if (!reason && lists->question[i].revoked)
			find(&p->about, lists->question[i].blob);
		free(p->file);
		free(p->blob);
	}
	lists->waiting = 0;
}

static void put_off(const struct about *about, const struct keyline *line)
{
	struct audit_lists *lists = about->audit->lists;
	struct pending *p = &lists->pending[lists->waiting];

	*p = (struct pending){
	    .about = *about, .file = strdup(about->file), .blob = malloc(line->key.blob.length)};
	if (!p->file || !p->blob) {
		about->audit->found.failed = true;
		free(p->file);
		free(p->blob);
		return;
	}
	memcpy(p->blob, line->key.blob.at, line->key.blob.length);
	sha256(p->blob, line->key.blob.length, p->digest);
	p->about.file = p->file;
	lists->question[lists->waiting++] =
	    (struct revoked_question){.type = line->key.type->name,
				      .blob = {p->blob, line->key.blob.length},
				      .digest = p->digest};
	if (lists->waiting == REVOKED_BATCH)
		ask(about->audit);
}

void revocation_ask(const struct about *about, const struct keyline *line)
{
	struct list *list = about->audit->lists ? about->audit->lists->now : NULL;
	unsigned char digest[SHA256_BYTES];
	struct revoked_question question = {.digest = digest};

	if (!list || !line->key.type)
		return;
	if (list->revoked.is_krl) {
		put_off(about, line);
		return;
	}
	sha256(line->key.blob.at, line->key.blob.length, digest);
	revoked_ask(&list->revoked, &question, 1);
	if (question.revoked)
		find(about, line->key.blob);
}

void revocation_end(struct audit *a)
{
	if (!a->lists)
		return;
	ask(a);
	for (size_t i = 0; i < a->lists->count; i++) {
		revoked_close(&a->lists->list[i].revoked);
		if (a->lists->list[i].fd >= 0)
			close(a->lists->list[i].fd);
	}
	free(a->lists);
	a->lists = NULL;
}
