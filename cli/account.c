#include "account.h"

#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NOBODY = 65534 };

/* All gids of the account, count of them, to be freed. NULL: no memory. */
static gid_t *group_ids(const struct passwd *entry, int *count)
{
	gid_t *gids = NULL, *grown;

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

/* Group names, NULL-terminated; a gid without a name has none. NULL: no memory. */
static char **group_names(const struct passwd *entry)
{
	int count;
	gid_t *gids = group_ids(entry, &count);
	char **names = gids ? calloc((size_t)count + 1, sizeof *names) : NULL;
	size_t used = 0;

	for (int i = 0; names && i < count; i++) {
		const struct group *group = getgrgid(gids[i]);

		if (group && (names[used] = strdup(group->gr_name)))
			used++;
	}
	free(gids);
	return names;
}

const char *account_host(void)
{
	static char name[65]; /* Linux: at most 64 bytes */

	return gethostname(name, sizeof name - 1) == 0 ? name : NULL;
}

bool account_find(const char *name, struct account *account)
{
	const struct passwd *entry = getpwnam(name);

	*account = (struct account){.facts = {.user = name, .uid = NOBODY}, .present = entry != NULL};
	account->home = strdup(entry ? entry->pw_dir : "/nonexistent");
	if (entry) {
		account->facts.uid = entry->pw_uid;
		account->shell = strdup(entry->pw_shell); /* before the next question to the account database */
		account->groups = group_names(entry);
	}
	account->facts.host = account_host();
	account->facts.home = account->home;
	account->facts.groups = (const char *const *)account->groups;
	if (account->home && (!entry || (account->groups && account->shell)))
		return true;
	account_free(account);
	return false;
}

void account_free(struct account *account)
{
	for (char **group = account->groups; group && *group; group++)
		free(*group);
	free(account->groups);
	free(account->home);
	free(account->shell);
	*account = (struct account){0};
}
