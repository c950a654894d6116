#include "account.h"

#include "account-table.h"

#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NOBODY = 65534 };

/* ---- one or many ---- */

/* Few are asked for by name: a name service may have very many. */
enum { FEW = 16 };

static struct account_table *table;
static unsigned held, asked;

void account_hold(void)
{
	held++;
}

void account_release(void)
{
	if (--held)
		return;
	account_table_free(table);
	table = NULL;
	asked = 0;
}

static const struct passwd *find_entry(const char *name)
{
	const struct passwd *entry = NULL;

	if (held && asked++ == FEW)
		table = account_table_read(); /* without memory for it, by name as before */
	if (table)
		entry = account_table_find(table, name);
	return entry || (table && account_table_has_users(table)) ? entry : getpwnam(name);
}

static bool groups_are_listed(void)
{
	return table && account_table_has_groups(table);
}

/* ---- groups ---- */

/* All gids of the account, count of them, to be freed. NULL: no memory. */
static gid_t *group_ids(const struct passwd *entry, int *count)
{
	gid_t *gids = NULL, *grown;

	if (groups_are_listed())
		return account_table_gids(table, entry, count);
	*count = 64;
	do { /* a list that is too short says how long it has to be */
		grown = realloc(gids, (size_t)*count * sizeof *gids);
		if (!grown) {
			free(gids);
			return NULL;
		}
		gids = grown;
	} while (getgrouplist(entry->pw_name, entry->pw_gid, gids, count) < 0);
	return gids;
}

static const char *group_name(gid_t gid)
{
	if (groups_are_listed())
		return account_table_group(table, gid);
	const struct group *group = getgrgid(gid);
	return group ? group->gr_name : NULL;
}

/* Group names, NULL-terminated; a gid without a name has none. NULL: no memory. */
static char **group_names(struct account *account)
{
	char **names = calloc(account->gids_count + 1, sizeof *names);
	size_t used = 0;

	for (size_t i = 0; names && i < account->gids_count; i++) {
		const char *name = group_name(account->gids[i]);

		account->nameless |= !name;
		if (name && (names[used] = strdup(name)))
			used++;
	}
	return names;
}

static bool take_groups(struct account *account, const struct passwd *entry)
{
	int count = 0;

	account->gid = entry->pw_gid;
	account->gids = group_ids(entry, &count);
	account->gids_count = (size_t)count;
	account->groups = account->gids ? group_names(account) : NULL;
	return account->groups != NULL;
}

const char *account_host(void)
{
	static char name[65]; /* Linux: at most 64 bytes */

	return gethostname(name, sizeof name - 1) == 0 ? name : NULL;
}

bool account_find(const char *name, struct account *account)
{
	const struct passwd *entry = find_entry(name);
	bool good = true;

	*account = (struct account){.facts = {.user = name, .uid = NOBODY}, .present = entry != NULL};
	account->home = strdup(entry ? entry->pw_dir : "/nonexistent");
	if (entry) {
		account->facts.uid = entry->pw_uid;
		account->shell = strdup(entry->pw_shell); /* before the next question to the account database */
		good = take_groups(account, entry) && account->shell;
	}
	account->facts.host = account_host();
	account->facts.home = account->home;
	account->facts.groups = (const char *const *)account->groups;
	if (account->home && good)
		return true;
	account_free(account);
	return false;
}

char *account_first_name(uid_t uid)
{
	const struct passwd *entry = getpwuid(uid);

	return entry ? strdup(entry->pw_name) : NULL;
}

bool account_is_gate(const char *shell)
{
	return strcmp(shell, SALLYPORT_SHELL) == 0 || strcmp(shell, SALLYPORT_SHELL "-r") == 0;
}

void account_free(struct account *account)
{
	for (char **group = account->groups; group && *group; group++)
		free(*group);
	free(account->groups);
	free(account->gids);
	free(account->home);
	free(account->shell);
	*account = (struct account){0};
}
