#include "view-accounts.h"

#include "accounts.h"
#include "apply-who.h"

#include <pwd.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static bool is_there(const struct view_accounts *accounts, const struct passwd *entry)
{
	for (size_t i = 0; i < accounts->count; i++)
		if (accounts->account[i].uid == entry->pw_uid &&
		    accounts->account[i].gid == entry->pw_gid &&
		    strcmp(accounts->account[i].user, entry->pw_name) == 0)
			return true;
	return false;
}

/* False: no memory. The gate refuses root. */
static bool add(struct view_accounts *accounts, const struct passwd *entry)
{
	if (!entry || entry->pw_uid == 0 || accounts->more || is_there(accounts, entry))
		return true;
	accounts->more = accounts->count == SANDBOX_PIN_ACCOUNTS_MAX;
	if (accounts->more)
		return true;
	struct sandbox_account *account = &accounts->account[accounts->count];
	account->uid = entry->pw_uid;
	account->gid = entry->pw_gid;
	account->user = strdup(entry->pw_name);
	accounts->count += account->user != NULL;
	return account->user != NULL;
}

/*
 * A name service that does not answer must not keep a boot waiting: who was not found by then is
 * served all the same, and `pin --if-stale` tries again.
 */
enum { SECONDS = 5 };

static time_t clock_now(void)
{
	struct timespec now = {0};

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

static bool is_late(const struct view_accounts *accounts)
{
	return clock_now() > accounts->until;
}

/* In one pass over all accounts of this host. asked[i]: names[i] was among them. */
static bool add_listed(struct view_accounts *accounts, const struct names *names, bool asked[])
{
	const struct passwd *entry;
	bool good = true;

	setpwent();
	while (good && !accounts->more && (entry = getpwent())) {
		char **name = names_find(names, entry->pw_name);
		if (name)
			asked[name - names->name] = true;
		if (name || account_is_gate(entry->pw_shell))
			good = add(accounts, entry);
		accounts->more |= is_late(accounts);
	}
	endpwent();
	return good;
}

/* Not every name service lists its accounts. */
static bool add_named(struct view_accounts *accounts, const struct names *names, const bool asked[])
{
	bool good = true;

	for (size_t i = 0; good && !accounts->more && i < names->count; i++) {
		good = asked[i] || add(accounts, getpwnam(names->name[i]));
		accounts->more |= is_late(accounts);
	}
	return good;
}

/* A policy at fault has a place for nobody; users/ beside it is read all the same. */
static bool add_all(struct view_accounts *accounts)
{
	struct side side;
	struct names names = {0};

	side_open(&side, SALLYPORT_POLICY, false);
	bool good = who_accounts(&side, &side, &names);
	bool *asked = good ? calloc(names.count + 1, sizeof *asked) : NULL;
	good = asked && add_listed(accounts, &names, asked) && add_named(accounts, &names, asked);
	free(asked);
	names_free(&names);
	side_close(&side);
	return good;
}

struct view_accounts *view_accounts_find(void)
{
	struct view_accounts *accounts = calloc(1, sizeof *accounts);

	if (accounts)
		accounts->until = clock_now() + SECONDS;
	if (accounts && add_all(accounts))
		return accounts;
	view_accounts_free(accounts);
	return NULL;
}

void view_accounts_free(struct view_accounts *accounts)
{
	for (size_t i = 0; accounts && i < accounts->count; i++)
		free((char *)(uintptr_t)accounts->account[i].user);
	free(accounts);
}
