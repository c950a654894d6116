#include "dryrun.h"

#include "policy/value.h"
#include "sandbox/sandbox.h"
#include "text/pattern.h"
#include "text/when.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

const char *dryrun_policy(const char *given)
{
	static char absolute[PATH_MAX];

	if (realpath(given, absolute))
		return absolute;
	fprintf(stderr, "sallyport: %s: there is no such policy\n", given);
	return NULL;
}

/* ---- -C ---- */

/* Each takes the value of one key. A reason, or NULL. */
static const char *take_user(struct subject *subject, const char *value)
{
	subject->account.user = value;
	return *value ? NULL : "no account's name";
}

static const char *take_group(struct subject *subject, const char *value)
{
	size_t i = 0;

	while (subject->groups[i])
		if (++i == DRYRUN_GROUPS_MAX)
			return "more than 256 groups";
	subject->groups[i] = value;
	return NULL;
}

static const char *take_home(struct subject *subject, const char *value)
{
	subject->account.home = value;
	return *value == '/' ? NULL : "not an absolute path";
}

static const char *take_uid(struct subject *subject, const char *value)
{
	char *end;
	unsigned long long uid = strtoull(value, &end, 10);

	subject->account.uid = (unsigned)uid;
	return *value >= '0' && *value <= '9' && !*end && uid > 0 && uid < UINT32_MAX
		       ? NULL
		       : "not a number from 1 to 4294967294";
}

static const char *take_addr(struct subject *subject, const char *value)
{
	subject->address = value;
	return pattern_match_address(value, "*") ? NULL : "not a numeric address";
}

static const char *take_key(struct subject *subject, const char *value)
{
	subject->key.fingerprint = value;
	return value_is_fingerprint(value, strlen(value)) ? NULL : "not a fingerprint, SHA256:...";
}

static const char *take_cert_id(struct subject *subject, const char *value)
{
	subject->key.cert_id = value;
	return *value ? NULL : "no certificate's id";
}

static const char *take_time(struct subject *subject, const char *value)
{
	return when_read_time(value, &subject->now);
}

/* host, laddr, lport and rdomain are sshd's; the policy has no use for them. */
static const char *take_nothing(struct subject *subject, const char *value)
{
	(void)subject, (void)value;
	return NULL;
}

/* The keys of `sshd -T -C` that matter here, and what it does not have. */
static char *const keys[] = {"user", "group",	"home", "uid",	 "addr",  "time",
			     "key",  "cert-id", "host", "laddr", "lport", "rdomain", NULL};
static const char *(*const takers[])(struct subject *subject, const char *value) = {
	take_user, take_group,	 take_home,    take_uid,     take_addr,	   take_time,
	take_key,  take_cert_id, take_nothing, take_nothing, take_nothing, take_nothing,
};

static bool read_connection(struct question *question, struct subject *subject)
{
	char *rest = question->connection, *value, *whole;

	while (rest && *rest) {
		whole = rest;
		int key = getsubopt(&rest, keys, &value);
		const char *reason = key < 0 || !value ? "not one of user= group= home= uid= addr= time= key= cert-id="
						       : takers[key](subject, value);

		if (reason) {
			fprintf(stderr, "sallyport: -C %s: %s\n", whole, reason);
			return false;
		}
	}
	if (!subject->account.user)
		fprintf(stderr, "sallyport: -C user=NAME says which account\n");
	return subject->account.user != NULL;
}

/* What this host says. The gate is told a uid, and so the account is the first that has it. */
static bool find_on_host(struct subject *subject)
{
	struct policy_account *account = &subject->account;

	if (!account_find(account->user, &subject->host))
		return false;
	if (!subject->host.present || account->uid)
		return true;
	subject->first = account_first_name(subject->host.facts.uid);
	if (!subject->first || strcmp(subject->first, account->user) == 0)
		return true;
	fprintf(stderr, "sallyport: to the gate %s is %s, the first name of uid %u\n", account->user, subject->first,
		subject->host.facts.uid);
	account_free(&subject->host);
	account->user = subject->first;
	return account_find(account->user, &subject->host);
}

bool dryrun_subject(struct question *question, struct subject *subject)
{
	*subject = (struct subject){.now = time(NULL)};
	struct policy_account *account = &subject->account;

	if (!read_connection(question, subject))
		return false;
	if (!find_on_host(subject)) {
		fprintf(stderr, "sallyport: out of memory\n");
		dryrun_forget(subject);
		return false;
	}
	if (!subject->host.present && !account->home) {
		fprintf(stderr, "sallyport: there is no account '%s'; -C home=/its/home to ask all the same\n",
			account->user);
		dryrun_forget(subject);
		return false;
	}
	const struct policy_account *host = &subject->host.facts;
	account->home = account->home ? account->home : host->home;
	account->uid = account->uid ? account->uid : host->uid;
	account->groups = subject->groups[0] ? subject->groups : host->groups;
	account->host = account_host();
	account->profile = question->profile;
	account->restricted = question->restricted;
	account->token = question->token;
	return true;
}

void dryrun_forget(struct subject *subject)
{
	account_free(&subject->host);
	free(subject->first);
}

/* ---- the answer ---- */

struct request dryrun_request(const struct question *question, const struct subject *subject,
			      const struct settings *settings)
{
	return (struct request){
		.command = question->command,
		.length = question->command ? strlen(question->command) : 0,
		.root = policy_root(settings, SANDBOX_FILES),
		.address = subject->address,
		.key = subject->key,
		.now = subject->now,
	};
}

/* NULL, or what the gate says of the groups that it is in; not of those that -C asks about. */
static const char *groups_refusal(const struct subject *subject, const struct policy *policy)
{
	const struct account *host = &subject->host;

	if (subject->account.groups != host->facts.groups || !policy_names_groups(policy))
		return NULL;
	if (host->gids_count > POLICY_GROUPS_MAX)
		return "the account is in more groups than can be read";
	return host->nameless ? "a group of the account has no name, and the policy has [group] sections" : NULL;
}

void dryrun_ask(const struct question *question, const struct subject *subject,
		struct answer *answer)
{
	const struct policy_source source = {
		.file = question->policy,
		.user = subject->account.user,
		.any_owner = question->candidate,
	};

	*answer = (struct answer){.verdict = POLICY_FAULTY};
	if (subject->account.uid == 0) { /* as the gate has it, before it reads any policy */
		answer->verdict = POLICY_REFUSED;
		answer->fault.reason = "root is not a transfer account";
		return;
	}
	if (!policy_load(&source, &answer->policy, &answer->fault))
		return;
	answer->fault.reason = groups_refusal(subject, answer->policy);
	if (answer->fault.reason) { /* likewise, before it looks for the account */
		answer->verdict = POLICY_REFUSED;
		return;
	}
	answer->verdict = policy_settings(answer->policy, &subject->account, &answer->settings,
					  &answer->fault);
	if (answer->verdict != POLICY_SETTINGS)
		return;
	const struct request request = dryrun_request(question, subject, answer->settings);
	policy_decide(answer->settings, &request, &answer->decision);
	if (answer->decision.verdict == GRANT)
		answer->env = policy_environ(answer->decision.settings, &answer->decision, NULL);
}

void dryrun_free(struct answer *answer)
{
	decision_free(&answer->decision);
	policy_free(answer->policy);
	*answer = (struct answer){0};
}
