/*
 * audit-accounts - who there is: /etc/passwd line by line, what NSS has beside it, their passwords and groups.
 *
 * The files are read here, once, with the numbers of their lines: asked one by one, NSS would read them from the
 * beginning for each account.
 */
#include "audit.h"

#include "account.h"
#include "grow.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct audit_account *add(struct audit *a)
{
	struct audit_account *grown = grow(a->account, a->accounts, sizeof *grown);

	a->found.failed |= !grown;
	if (!grown)
		return NULL;
	a->account = grown;
	return &grown[a->accounts];
}

static bool read_file(struct audit *a, const char *path, struct audit_text *text)
{
	if (audit_read(a, path, text))
		return true;
	audit_unseen(&a->found, path, "%s", strerror(errno));
	return false;
}

static void find_line(struct audit *a, const struct audit_text *text, size_t line, const char *reason)
{
	const struct audit_evidence evidence = {.place = {text->shown, line}};

	audit_find(&a->found, AUDIT_PASSWD_LINE, NULL, &evidence, "%s", reason);
}

/* The lines of a text in the form of passwd(5). file is NULL where no file has them: they are NSS's. */
static void read_entries(struct audit *a, struct audit_text *text, const char *file)
{
	size_t at = 0, number = 0;
	bool odd;
	char *line;

	while ((line = audit_line(text, &at, &odd))) {
		struct audit_account *account = add(a);
		const char *reason;

		number++;
		if (!account)
			return;
		*account = (struct audit_account){.place = {file, file ? number : 0}};
		reason = odd ? "a NUL byte" : audit_read_passwd(line, account);
		if (reason)
			find_line(a, text, number, reason);
		else
			a->accounts++;
	}
}

/* Of one name, the file's lines in their order, then what NSS has beside them. */
static int by_name(const void *x, const void *y)
{
	const struct audit_account *a = x, *b = y;
	int order = strcmp(a->name, b->name);

	if (order == 0)
		order = !a->place.file - !b->place.file;
	return order ? order : (a->place.line > b->place.line) - (a->place.line < b->place.line);
}

/* Of two lines with one name, every program takes the first. NSS lists the file's accounts once more. */
static void sort(struct audit *a)
{
	size_t kept = 0;

	if (a->accounts)
		qsort(a->account, a->accounts, sizeof *a->account, by_name);
	for (size_t i = 0; i < a->accounts; i++) {
		const struct audit_account *account = &a->account[i];

		if (!kept || strcmp(a->account[kept - 1].name, account->name) != 0)
			a->account[kept++] = *account;
		else if (account->place.file)
			find_line(a, &a->passwd, account->place.line, "a name that stands in a line before it");
	}
	a->accounts = kept;
}

struct audit_account *audit_account(const struct audit *a, const char *name)
{
	const struct audit_account key = {.name = name};
	size_t low = 0, high = a->accounts;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(key.name, a->account[middle].name);

		if (order == 0)
			return &a->account[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

static void read_shadow(struct audit *a)
{
	size_t at = 0, number = 0;
	bool odd;
	char *line;

	if (!read_file(a, "/etc/shadow", &a->shadow))
		return;
	while ((line = audit_line(&a->shadow, &at, &odd))) {
		enum audit_password password;
		const char *name;
		const char *reason = odd ? "a NUL byte" : audit_read_shadow(line, &name, &password);
		struct audit_account *account = reason ? NULL : audit_account(a, name);

		number++;
		if (reason)
			find_line(a, &a->shadow, number, reason);
		/* An empty field in passwd is asked before shadow is; of two lines the first. */
		if (!account || account->shadow.file || account->password == AUDIT_PASSWORD_EMPTY)
			continue;
		account->shadow = (struct audit_place){a->shadow.shown, number};
		account->password = password;
	}
}

/* ---- groups ---- */

struct numbered { /* a group by its number */
	const char *name;
	unsigned gid;
};

/* Room for one more, and the NULL behind the names. */
static bool make_room(struct audit *a, struct audit_account *account)
{
	const char **names = reallocarray(account->groups, account->gids_count + 2, sizeof *names);
	unsigned *gids = reallocarray(account->gids, account->gids_count + 1, sizeof *gids);

	if (names)
		account->groups = names;
	if (gids)
		account->gids = gids;
	a->found.failed |= !names || !gids;
	return names && gids;
}

static void join(struct audit *a, struct audit_account *account, const struct numbered *group)
{
	for (size_t i = 0; i < account->gids_count; i++)
		if (strcmp(account->groups[i], group->name) == 0)
			return;
	if (!make_room(a, account))
		return;
	account->groups[account->gids_count] = group->name;
	account->gids[account->gids_count++] = group->gid;
	account->groups[account->gids_count] = NULL;
}

static int by_gid(const void *x, const void *y)
{
	const struct numbered *a = x, *b = y;

	return (a->gid > b->gid) - (a->gid < b->gid);
}

static void join_primary(struct audit *a, struct numbered *groups, size_t count)
{
	if (count)
		qsort(groups, count, sizeof *groups, by_gid);
	for (size_t i = 0; i < a->accounts; i++) {
		const struct numbered key = {.gid = a->account[i].gid};
		const struct numbered *own = count ? bsearch(&key, groups, count, sizeof key, by_gid) : NULL;

		if (own)
			join(a, &a->account[i], own);
	}
}

static void join_members(struct audit *a, char *members, const struct numbered *group)
{
	char *name;

	while ((name = strsep(&members, ","))) {
		struct audit_account *account = audit_account(a, name);

		if (account)
			join(a, account, group);
	}
}

static void read_groups(struct audit *a, struct audit_text *text)
{
	size_t at = 0, number = 0, count = 0;
	struct numbered *groups = NULL;
	bool odd;
	char *line, *members;

	while ((line = audit_line(text, &at, &odd))) {
		struct numbered group;
		const char *reason =
		    odd ? "a NUL byte" : audit_read_group(line, &group.name, &group.gid, &members);

		number++;
		if (reason) {
			find_line(a, text, number, reason);
			continue;
		}
		struct numbered *grown = grow(groups, count, sizeof *grown);
		a->found.failed |= !grown;
		if (!grown)
			break;
		groups = grown;
		groups[count++] = group;
		join_members(a, members, &group);
	}
	join_primary(a, groups, count);
	free(groups);
}

/* ---- what is odd ---- */

static void look(struct audit *a, struct audit_account *account)
{
	const struct audit_evidence in_passwd = {.place = account->place};
	const struct audit_evidence in_shadow = {.place =
						     account->shadow.file ? account->shadow : account->place};
	const char *odd = audit_name_odd(account->name);

	account->shell_is_gate = account_is_gate(account->shell);
	if (odd)
		audit_find(&a->found, AUDIT_ACCOUNT_ODD, account, &in_passwd, "its name %s", odd);
	if (account->password == AUDIT_PASSWORD_EMPTY && audit_can_login(account))
		audit_find(&a->found, AUDIT_EMPTY_PASSWORD, account, &in_shadow, "its password is empty");
}

void audit_accounts(struct audit *a)
{
	if (read_file(a, "/etc/passwd", &a->passwd))
		read_entries(a, &a->passwd, a->passwd.shown);
	if (audit_nss(a, "passwd", &a->nss_passwd))
		read_entries(a, &a->nss_passwd, NULL);
	sort(a);
	read_shadow(a);
	if (read_file(a, "/etc/group", &a->group))
		read_groups(a, &a->group);
	if (audit_nss(a, "group", &a->nss_group))
		read_groups(a, &a->nss_group);
	for (size_t i = 0; i < a->accounts; i++)
		if (audit_wanted(a, &a->account[i]))
			look(a, &a->account[i]);
}
