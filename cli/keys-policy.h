/*
 * keys-policy - what the policy says of an account's keys, for what sshd asks at every login.
 */
#ifndef CLI_KEYS_POLICY_H
#define CLI_KEYS_POLICY_H

#include "keys.h"

struct keys_policy {
	struct account account;
	struct policy *policy;
	const struct settings *settings; /* NULL: the policy has no place for the account, now */
	struct wanted wanted;            /* the gate, and the account's from= where one list says it */
};

/* 0, or the exit status, said on stderr. settings stays NULL for an account that is refused or has expired. */
int keys_policy_open(const char *file, const char *user, struct keys_policy *p);
void keys_policy_close(struct keys_policy *p);

/* Whether the gate would let in a key with this call: a profile that the account lists, one where one is required. */
bool keys_policy_admits(const struct keys_policy *p, const struct gatecall *call);

/* Whether it is one of the keys that the account lists, if it lists any. */
bool keys_policy_knows(const struct keys_policy *p, const struct identity *key);

#endif
