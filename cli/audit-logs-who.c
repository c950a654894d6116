/*
 * audit-logs-who - what an account of the logs is: guarded by the policy or by its login shell, or neither.
 */
#include "audit-logs.h"

#include "audit/loghash.h"

#include <stdlib.h>
#include <string.h>

/* Whether the policy has a place for it; one that it refuses for a fault is meant to be guarded all the same. */
static bool is_gated(struct logs *l, struct account *account)
{
	struct sitting sitting;
	struct policy_fault fault;
	const struct settings *settings;
	bool gated = true;

	if (!l->has_policy)
		return false;
	account->facts.before_profile = true;
	sitting_open(&sitting, &l->side, account->facts.user);
	if (sitting.asked)
		gated = policy_settings(sitting.asked, &account->facts, &settings, &fault) != POLICY_REFUSED;
	sitting_close(&sitting);
	return gated;
}

static enum logs_held ask(struct logs *l, const char *name)
{
	struct account account;
	enum logs_held held = HELD_NO;

	if (!account_find(name, &account))
		return HELD_NO;
	if (account.present && account_is_gate(account.shell))
		held = HELD_SHELL;
	else if (is_gated(l, &account))
		held = account.present ? HELD_OTHERWISE : HELD_ABSENT;
	account_free(&account);
	return held;
}

static struct logs_account *slot_of(struct logs *l, struct logspan name)
{
	size_t at = (size_t)(loghash_bytes(name.at, name.length) % (2 * LOGS_ACCOUNTS));

	while (l->account[at].name && (strlen(l->account[at].name) != name.length ||
				       memcmp(l->account[at].name, name.at, name.length) != 0))
		at = (at + 1) % (2 * LOGS_ACCOUNTS);
	return &l->account[at];
}

/* The account's entry, asked for once; NULL: the name is none, or there is no room, which is counted. */
static struct logs_account *find(struct logs *l, struct logspan name)
{
	if (!name.length || memchr(name.at, '\0', name.length) || memchr(name.at, '/', name.length))
		return NULL;
	struct logs_account *slot = slot_of(l, name);

	if (slot->name)
		return slot;
	if (l->accounts == LOGS_ACCOUNTS || !(slot->name = strndup(name.at, name.length))) {
		l->accounts_beyond++;
		return NULL;
	}
	l->accounts++;
	slot->held = ask(l, slot->name);
	return slot;
}

enum logs_held logs_account(struct logs *l, struct logspan name)
{
	const struct logs_account *account = find(l, name);

	return account ? account->held : HELD_NO;
}

void logs_account_is_held(struct logs *l, struct logspan name)
{
	struct logs_account *account = find(l, name);

	if (account && account->held == HELD_NO)
		account->held = HELD_ABSENT;
}

void logs_accounts_free(struct logs *l)
{
	for (size_t i = 0; i < sizeof l->account / sizeof *l->account; i++)
		free(l->account[i].name);
}
