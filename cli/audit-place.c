/*
 * audit-place - where an account's files of keys lie: who can change them, and whether sshd takes
 * them at all.
 */
#include "audit-keys.h"

#include <stdio.h>
#include <string.h>

enum { WHAT_MAX = 128 };

bool place_look(struct audit *a, const struct audit_account *account, const char *path,
		struct way *way)
{
	/* sshd's walk ends at the home by its real name; it is the same for every file of one
	 * account. */
	static const struct audit_account *last;
	static char home[PATH_MAX];

	if (!last || account != last) {
		bool real = account->home[0] == '/' && image_real(&a->image, account->home, home);

		if (!real)
			snprintf(home, sizeof home, "%s", account->home);
		last = account;
	}
	const struct way_who who = {.uid = account->uid,
				    .gids = account->gids,
				    .gids_count = account->gids_count,
				    .home = home};
	return way_look(&a->image, path, &who, way);
}

void place_find(const struct about *about, enum audit_id id, const struct way *way,
		const struct way_spot *spot, const char *why)
{
	struct audit_findings *found = &about->audit->found;
	char path[PATH_MAX];
	/* of the component alone: what is wrong above many files is one finding */
	struct audit_evidence evidence = {.place = {.file = path}, .path = path, .value = "root"};

	if (spot->length == 0)
		return;
	memcpy(path, way->real, spot->length);
	path[spot->length] = '\0';
	/* whose it ought to be */
	if (about->account && audit_path_within(path, about->account->home))
		evidence.value = about->account->name;
	audit_find(found, id, about->account, &evidence, "%s: %s (owner %u, mode %04o)", path, why,
		   spot->status.st_uid, spot->status.st_mode & 07777);
}

void place_find_hidden(const struct about *about, const struct way *way)
{
	char who[WHAT_MAX];

	snprintf(who, sizeof who, "an access list lets %s %u write",
		 way->acl_group ? "group" : "user", way->acl_id);
	place_find(about, AUDIT_ACCESS_LIST, way, &way->acl, who);
	/* A server's share is one finding, however many files lie on it. */
	if (way->remote)
		audit_find(&about->audit->found, AUDIT_NETWORK_FILES, about->account, NULL,
			   "files that decide who gets in are on %s", way->remote);
}

/* The top of what a session reaches with the verbs of an upload; NULL: it is not known. */
static const char *reach(const struct line_facts *f, const struct key_rules *rules)
{
	if (f->about.account->docroot)
		return f->about.account->writes ? f->about.account->docroot : NULL;
	/* sshd's own server of files: everything, or what it is chrooted to */
	if (strncmp(rules->force, "internal-sftp", 13) == 0)
		return *rules->chroot ? rules->chroot : "/";
	return NULL;
}

static bool is_reached(const struct line_facts *f, const struct key_rules *rules,
		       const struct way *way)
{
	const char *top = reach(f, rules);
	char real[PATH_MAX];

	return top && image_real(&f->about.audit->image, top, real) &&
	       audit_path_within(way->real, real);
}

static void find_own(const struct line_facts *f, const struct key_rules *rules,
		     const struct way *way, bool second)
{
	if (is_reached(f, rules, way))
		place_find(&f->about, AUDIT_KEYS_DOCROOT, way, &way->own, "an upload reaches it");
	else if (way->own.length == way->others.length)
		return; /* said already, and mended by the same commands */
	else if (second && !way->absent)
		place_find(&f->about, AUDIT_KEYS_SECOND, way, &way->own,
			   "a second file, which the account can write");
	else
		place_find(&f->about, AUDIT_KEYS_OWN, way, &way->own,
			   "the account itself can change it");
}

void place_find_keys(const struct line_facts *f, const struct key_rules *rules,
		     const struct way *way, bool second)
{
	/* A file that somebody else put where there is none would be refused for its place; above the
	 * home sshd does not look. */
	bool harmless = way->absent && rules->strict && way->strict.length > 0 &&
			!audit_restricted(f->about.account);

	if (!harmless)
		place_find(&f->about, AUDIT_KEYS_MODES, way, &way->others,
			   rules->strict ? "others can change it"
					 : "others can change it, and StrictModes is off");
	if (!way->others.length && !way->absent && rules->strict)
		place_find(&f->about, AUDIT_KEYS_MODES, way, &way->strict,
			   "sshd refuses every key in it");
	place_find_hidden(&f->about, way);
	if (!way->absent && !f->served)
		place_find(&f->about, AUDIT_KEYS_SHUT, way, &way->shut,
			   "sshd reads it as the account, which may not");
	if (audit_restricted(f->about.account) && !f->served)
		find_own(f, rules, way, second);
}
