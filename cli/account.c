#include "account.h"

#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

enum { NOBODY = 65534, GROUPS_MAX = 256 };

/* Group names, NULL-terminated; more than GROUPS_MAX are not asked about. NULL: no memory. */
static char **group_names(const struct passwd *entry)
{
	gid_t gids[GROUPS_MAX];
	int count = GROUPS_MAX;
	char **names = calloc(GROUPS_MAX + 1, sizeof *names);
	size_t used = 0;

	if (!names)
		return NULL;
	if (getgrouplist(entry->pw_name, entry->pw_gid, gids, &count) < 0)
		count = GROUPS_MAX;
	for (int i = 0; i < count; i++) {
		const struct group *group = getgrgid(gids[i]);

		if (group && (names[used] = strdup(group->gr_name)))
			used++;
	}
	return names;
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
