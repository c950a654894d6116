#include "keys-policy.h"

#include "cli.h"
#include "explain.h"

#include "text/list.h"

#include <stdint.h>
#include <string.h>
#include <time.h>

/* One list can be said in from=; of two, both of which must match, the gate sees to the rest. */
static const char *only_from(const struct settings *settings)
{
	const char *found = NULL;

	for (size_t i = 0; i < POLICY_CONDITIONS_MAX; i++) {
		if (found && settings->from[i])
			return NULL;
		if (settings->from[i])
			found = settings->from[i];
	}
	return found;
}

/* On stderr: stdout is sshd's. */
static int tell_fault(const struct policy_fault *fault)
{
	explain_fault_aside(fault);
	return CLI_POLICY;
}

int keys_policy_open(const char *file, const char *user, struct keys_policy *p)
{
	const struct policy_source source = {
		.file = file ? keys_absolute(file) : SALLYPORT_POLICY,
		.user = user,
		.any_owner = file != NULL,
	};
	struct policy_fault fault;

	*p = (struct keys_policy){.wanted = {.gate = SALLYPORT_SHELL}};
	if (!keys_account(user, &p->account))
		return CLI_DENY;
	if (!policy_load(&source, &p->policy, &fault))
		return tell_fault(&fault);
	p->account.facts.before_profile = true;
	switch (policy_settings(p->policy, &p->account.facts, &p->settings, &fault)) {
	case POLICY_SETTINGS: break;
	case POLICY_REFUSED: p->settings = NULL; return CLI_ALLOW;
	case POLICY_FAULTY: return tell_fault(&fault);
	}
	if (time(NULL) >= p->settings->expires)
		p->settings = NULL;
	else
		p->wanted.from = only_from(p->settings);
	return CLI_ALLOW;
}

void keys_policy_close(struct keys_policy *p)
{
	policy_free(p->policy);
	account_free(&p->account);
}

bool keys_policy_admits(const struct keys_policy *p, const struct gatecall *call)
{
	if (!call->profile[0])
		return !p->settings->profile_required;
	return p->settings->profiles && list_has(p->settings->profiles, call->profile, strlen(call->profile));
}

bool keys_policy_knows(const struct keys_policy *p, const struct identity *key)
{
	const struct settings *settings = p->settings;

	for (size_t i = 0; i < settings->keys_count; i++) {
		const struct key_rule *rule = &settings->keys[i];

		if (rule->cert_id ? key->cert_id && strcmp(rule->cert_id, key->cert_id) == 0
				  : list_has(rule->fingerprints, key->fingerprint, strlen(key->fingerprint)))
			return true;
	}
	return settings->keys_count == 0;
}
