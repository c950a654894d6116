/*
 * audit-docroot - the docroot of each account, whether the policy or sshd's ChrootDirectory says
 * it: who can change the way to it, what lies in it, and what keeps those apart who share one.
 */
#include "audit-keys.h"
#include "grow.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* An account in a docroot. */
struct tenant {
	dev_t device;
	ino_t inode;
	mode_t mode;
	struct audit_account *account;
	char *path, *own; /* own: its directory in there; NULL: none of its own */
	bool root;        /* it becomes the session's root */
};

struct audit_docroots {
	struct tenant *tenant;
	size_t count;
};

/* ---- an account ---- */

/* Room for one more. NULL: no memory. */
static struct tenant *add(struct audit *a)
{
	struct audit_docroots *d = a->docroots;

	if (!d)
		d = a->docroots = calloc(1, sizeof *d);
	struct tenant *grown = d ? grow(d->tenant, d->count, sizeof *grown) : NULL;
	a->found.failed |= !grown;
	if (!grown)
		return NULL;
	d->tenant = grown;
	return &grown[d->count++];
}

/* Its own directory: the start, or the home, where that lies in the docroot. */
static char *own_directory(struct audit *a, const struct audit_account *account,
			   const char *docroot, const char *start)
{
	char path[PATH_MAX];
	struct stat status;

	if (strcmp(start, "/") != 0 &&
	    snprintf(path, sizeof path, "%s%s%s", docroot, *start == '/' ? "" : "/", start) <
		(int)sizeof path &&
	    image_stat(&a->image, path, &status) && S_ISDIR(status.st_mode))
		return strdup(path);
	if (strcmp(docroot, account->home) != 0 && audit_path_within(account->home, docroot))
		return strdup(account->home);
	return NULL;
}

/* False: it is not there, or cannot be seen, which is said. */
static bool move_in(struct audit *a, struct audit_account *account, const char *docroot,
		    const char *start, bool root)
{
	struct stat status;

	if (!image_stat(&a->image, docroot, &status)) {
		if (errno != ENOENT)
			audit_unseen(&a->found, docroot, "%s", strerror(errno));
		return false;
	}
	struct tenant *t = add(a);
	if (!t)
		return false;
	*t = (struct tenant){.device = status.st_dev,
			     .inode = status.st_ino,
			     .mode = status.st_mode,
			     .account = account,
			     .path = strdup(docroot),
			     .root = root,
			     .own = own_directory(a, account, docroot, start)};
	a->found.failed |= !t->path;
	return t->path != NULL;
}

/* What chroot as isolation demands: every component root's, and nobody else's to write. */
static void look_at_root(const struct about *about, const char *docroot)
{
	static const struct audit_account root = {.name = "root", .home = "/"};
	struct way way;

	if (!place_look(about->audit, &root, docroot, &way))
		return; /* move_in() has said it */
	place_find(
	    about, AUDIT_DOCROOT_WAY, &way, way.strict.length ? &way.strict : &way.others,
	    "sessions are refused: a root directory, and what is above it, has to be root's alone");
	place_find_hidden(about, &way);
}

/* A docroot that is shown in a view may be the account's; who can swap what is above it chooses
 * what it is. */
static void look_at_view(const struct about *about, const char *docroot)
{
	struct way way;

	if (!place_look(about->audit, about->account, docroot, &way))
		return;
	/* the docroot itself may be anybody's */
	size_t own = strlen(way.real);
	if (way.others.length == own) {
		char parent[PATH_MAX];
		snprintf(parent, sizeof parent, "%.*s", (int)(strrchr(way.real, '/') - way.real),
			 way.real);
		if (!place_look(about->audit, about->account, *parent ? parent : "/", &way))
			return;
	}
	place_find(about, AUDIT_DOCROOT_WAY, &way, &way.others,
		   "others can put another directory in its place");
	place_find_hidden(about, &way);
}

/* "-d DIR" of internal-sftp, expanded; "/" where there is none. */
static void read_start(const char *force, const struct audit_account *account, char out[PATH_MAX])
{
	const struct policy_account facts = keys_facts(account);
	const char *option = strstr(force, " -d ");
	char pattern[RULES_VALUE_MAX], path[PATH_MAX];

	strcpy(out, "/");
	if (!option)
		return;
	option += 4;
	/* in there it is relative to the root, not to a home */
	snprintf(pattern, sizeof pattern, "%.*s", (int)strcspn(option, " "), option);
	if (sshd_tokens(pattern, SFTP_TOKENS, &facts, path) && strlen(path) + 1 < PATH_MAX)
		stpcpy(stpcpy(out, *path == '/' ? "" : "/"), path);
}

static void look_at_chroot(struct audit *a, struct audit_account *account,
			   const struct key_rules *rules)
{
	char docroot[PATH_MAX], start[PATH_MAX], inside[PATH_MAX];
	struct about about = {.audit = a, .account = account, .file = docroot};
	const struct policy_account facts = keys_facts(account);
	const struct audit_evidence evidence = {.place = {.file = docroot}, .path = docroot};
	bool internal = strncmp(rules->force, "internal-sftp", 13) == 0;
	struct stat status;
	struct way way;

	/* a relative one is a root for nobody, which audit-startup says */
	if (!rules->chroot[0] || !sshd_tokens(rules->chroot, SSHD_TOKENS, &facts, docroot) || *docroot != '/')
		return;
	read_start(internal ? rules->force : "", account, start);
	if (!move_in(a, account, docroot, start, true))
		return;
	/* its owners and modes are in what sshd does: audit-startup */
	if (place_look(a, account, docroot, &way))
		place_find_hidden(&about, &way);
	if (!internal && audit_restricted(account) &&
	    snprintf(inside, sizeof inside, "%s%s", docroot, SALLYPORT_SHELL) < (int)sizeof inside)
		audit_find(&a->found, AUDIT_DOCROOT_DOUBLE, account, &evidence,
			   image_stat(&a->image, inside, &status)
			       ? "the gate runs inside sshd's own chroot"
			       : "the gate is not in it, so no session begins");
}

void docroot_look_at(struct audit *a, struct audit_account *account, const struct key_rules *rules)
{
	struct about about = {.audit = a, .account = account, .file = account->docroot};

	look_at_chroot(a, account, rules);
	if (!account->docroot ||
	    !move_in(a, account, account->docroot, account->start, account->rooted))
		return;
	if (account->rooted)
		look_at_root(&about, account->docroot);
	else
		look_at_view(&about, account->docroot);
}

/* ---- all of them ---- */

static int by_docroot(const void *x, const void *y)
{
	const struct tenant *a = x, *b = y;

	if (a->device != b->device)
		return a->device > b->device ? 1 : -1;
	if (a->inode != b->inode)
		return a->inode > b->inode ? 1 : -1;
	return (a->account > b->account) - (a->account < b->account);
}

static void look_apart(struct audit *a, const struct tenant *t, size_t count)
{
	const struct audit_evidence of_all = {.place = {.file = t->path}, .path = t->path};

	for (size_t i = 0; i < count; i++) {
		const struct audit_evidence evidence = {.place = {.file = t[i].own},
							.path = t[i].own};
		struct stat status;

		if (!t[i].own)
			continue; /* it shares everything, as it is meant to */
		if (t[i].mode & S_IROTH)
			audit_find(&a->found, AUDIT_DOCROOT_APART, t[i].account, &of_all,
				   "the accounts in it can list each other's directories");
		if (image_stat(&a->image, t[i].own, &status) && status.st_mode & S_IRWXO)
			audit_find(&a->found, AUDIT_DOCROOT_APART, t[i].account, &evidence,
				   "open to the other accounts of its docroot (mode %04o)",
				   status.st_mode & 07777);
	}
}

static bool lives_in(const char *name, const struct tenant *t, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(t[i].account->name, name) == 0)
			return true;
	return strcmp(name, "root") == 0 || strcmp(name, "nobody") == 0;
}

/* What the accounts of a chroot can read of all others. */
static void look_at_passwd(struct audit *a, const struct tenant *t, size_t count)
{
	char path[PATH_MAX], *line;
	const struct audit_evidence evidence = {.place = {.file = path}, .path = path};
	struct audit_text text;
	struct stat status;
	size_t at = 0, others = 0;
	bool odd;

	if (snprintf(path, sizeof path, "%s/etc/shadow", t->path) < (int)sizeof path &&
	    image_stat_link(&a->image, path, &status))
		audit_find(&a->found, AUDIT_DOCROOT_PASSWD, t->account, &evidence,
			   "passwords have no business in a docroot");
	if (snprintf(path, sizeof path, "%s/etc/passwd", t->path) >= (int)sizeof path ||
	    !image_stat(&a->image, path, &status))
		return;
	if (!audit_read(a, path, &text))
		audit_unseen(&a->found, path, "%s", strerror(errno));
	while ((line = audit_line(&text, &at, &odd))) {
		line[strcspn(line, ":")] = '\0';
		others += *line && !lives_in(line, t, count);
	}
	if (others)
		audit_find(&a->found, AUDIT_DOCROOT_PASSWD, t->account, &evidence,
			   "it tells of %zu other accounts", others);
	audit_text_free(&text);
}

void docroot_end(struct audit *a)
{
	struct audit_docroots *d = a->docroots;
	size_t next;

	if (!d)
		return;
	qsort(d->tenant, d->count, sizeof *d->tenant, by_docroot);
	for (size_t i = 0; i < d->count; i = next) {
		const struct tenant *t = &d->tenant[i];
		const struct about about = {.audit = a, .account = t->account};

		for (next = i + 1; next < d->count; next++)
			if (d->tenant[next].device != t->device ||
			    d->tenant[next].inode != t->inode)
				break;
		if (strcmp(t->path, "/") != 0)
			docroot_scan(&about, t->path);
		else
			audit_unseen(&a->found, "what lies in the docroot /", "it is the whole system");
		if (d->tenant[next - 1].account != t->account)
			look_apart(a, t, next - i);
		if (t->root)
			look_at_passwd(a, t, next - i);
	}
	for (size_t i = 0; i < d->count; i++) {
		free(d->tenant[i].path);
		free(d->tenant[i].own);
	}
	free(d->tenant);
	free(d);
	a->docroots = NULL;
}
