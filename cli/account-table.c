#include "account-table.h"

#include "grow.h"
#include "nss.h"
#include "order.h"

#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Of rows that are alike in what they are sorted by, every program takes the first; a key, of place 0, is
 * before them.
 */
struct user_row {
	struct passwd entry; /* name, uid, gid, home and shell alone */
	size_t place;
};

struct group_row {
	char *name;
	gid_t gid;
	size_t place;
};

struct member_row {
	char *user;
	gid_t gid;
	size_t place;
};

struct account_table {
	struct user_row *user;
	struct group_row *group;
	struct member_row *member;
	size_t users, groups, members;
	bool has_users, has_groups;
};

/* ---- reading ---- */

static bool add_user(struct account_table *t, const struct passwd *entry)
{
	struct user_row *grown = grow(t->user, t->users, sizeof *grown);

	if (!grown)
		return false;
	t->user = grown;
	grown[t->users] = (struct user_row){
		.entry = {.pw_name = strdup(entry->pw_name), .pw_uid = entry->pw_uid, .pw_gid = entry->pw_gid,
			  .pw_dir = strdup(entry->pw_dir), .pw_shell = strdup(entry->pw_shell)},
		.place = t->users};
	const struct passwd *copy = &grown[t->users++].entry;
	return copy->pw_name && copy->pw_dir && copy->pw_shell;
}

static bool add_member(struct account_table *t, const char *user, gid_t gid)
{
	struct member_row *grown = grow(t->member, t->members, sizeof *grown);

	if (!grown)
		return false;
	t->member = grown;
	grown[t->members] = (struct member_row){strdup(user), gid, t->members};
	return grown[t->members++].user != NULL;
}

static bool add_group(struct account_table *t, const struct group *entry)
{
	struct group_row *grown = grow(t->group, t->groups, sizeof *grown);
	bool good = grown != NULL;

	if (!grown)
		return false;
	t->group = grown;
	grown[t->groups] = (struct group_row){strdup(entry->gr_name), entry->gr_gid, t->groups};
	good = grown[t->groups++].name != NULL;
	for (char **user = entry->gr_mem; good && *user; user++)
		good = add_member(t, *user, entry->gr_gid);
	return good;
}

static void read_sources(struct account_table *t)
{
	char text[8192] = "";
	FILE *file = fopen("/etc/nsswitch.conf", "re");
	size_t length = file ? fread(text, 1, sizeof text - 1, file) : 0;

	if (file)
		fclose(file);
	bool whole = length < sizeof text - 1;
	t->has_users = whole && !nss_sources(text, "passwd").hides;
	t->has_groups = whole && !nss_sources(text, "group").hides && !nss_sources(text, "initgroups").hides;
}

static bool read_all(struct account_table *t)
{
	const struct passwd *user;
	const struct group *group;
	bool good = true;

	read_sources(t);
	setpwent();
	while (good && (user = getpwent()))
		good = add_user(t, user);
	endpwent();
	setgrent();
	while (good && t->has_groups && (group = getgrent()))
		good = add_group(t, group);
	endgrent();
	return good;
}

/* ---- order ---- */

static int by_place(size_t a, size_t b)
{
	return (a > b) - (a < b);
}

static int compare_users(const void *a, const void *b)
{
	const struct user_row *x = a, *y = b;
	int order = strcmp(x->entry.pw_name, y->entry.pw_name);

	return order ? order : by_place(x->place, y->place);
}

static int compare_groups(const void *a, const void *b)
{
	const struct group_row *x = a, *y = b;

	return x->gid == y->gid ? by_place(x->place, y->place) : (x->gid > y->gid) - (x->gid < y->gid);
}

static int compare_members(const void *a, const void *b)
{
	const struct member_row *x = a, *y = b;
	int order = strcmp(x->user, y->user);

	return order ? order : by_place(x->place, y->place);
}

struct account_table *account_table_read(void)
{
	struct account_table *t = calloc(1, sizeof *t);

	if (!t || !read_all(t)) {
		account_table_free(t);
		return NULL;
	}
	if (t->users)
		qsort(t->user, t->users, sizeof *t->user, compare_users);
	if (t->groups)
		qsort(t->group, t->groups, sizeof *t->group, compare_groups);
	if (t->members)
		qsort(t->member, t->members, sizeof *t->member, compare_members);
	return t;
}

/* ---- asking ---- */

const struct passwd *account_table_find(const struct account_table *t, const char *name)
{
	const struct user_row key = {.entry.pw_name = (char *)(size_t)name};
	size_t i = order_first(t->user, t->users, sizeof key, &key, compare_users);

	return i < t->users && strcmp(t->user[i].entry.pw_name, name) == 0 ? &t->user[i].entry : NULL;
}

bool account_table_has_users(const struct account_table *t)
{
	return t->has_users;
}

bool account_table_has_groups(const struct account_table *t)
{
	return t->has_groups;
}

gid_t *account_table_gids(const struct account_table *t, const struct passwd *entry, int *count)
{
	const struct member_row key = {.user = entry->pw_name};
	size_t first = order_first(t->member, t->members, sizeof key, &key, compare_members), last = first;

	while (last < t->members && strcmp(t->member[last].user, entry->pw_name) == 0)
		last++;
	gid_t *gids = reallocarray(NULL, last - first + 1, sizeof *gids);
	if (!gids)
		return NULL;
	gids[0] = entry->pw_gid;
	*count = 1;
	for (size_t i = first; i < last; i++) {
		bool known = false;

		for (int j = 0; j < *count && !known; j++)
			known = gids[j] == t->member[i].gid;
		if (!known)
			gids[(*count)++] = t->member[i].gid;
	}
	return gids;
}

const char *account_table_group(const struct account_table *t, gid_t gid)
{
	const struct group_row key = {.gid = gid};
	size_t i = order_first(t->group, t->groups, sizeof key, &key, compare_groups);

	return i < t->groups && t->group[i].gid == gid ? t->group[i].name : NULL;
}

void account_table_free(struct account_table *t)
{
	for (size_t i = 0; t && i < t->users; i++) {
		free(t->user[i].entry.pw_name);
		free(t->user[i].entry.pw_dir);
		free(t->user[i].entry.pw_shell);
	}
	for (size_t i = 0; t && i < t->groups; i++)
		free(t->group[i].name);
	for (size_t i = 0; t && i < t->members; i++)
		free(t->member[i].user);
	if (t) {
		free(t->user);
		free(t->group);
		free(t->member);
	}
	free(t);
}
