#include "dryrun.h"

#include "account.h"

#include "sandbox/sandbox.h"
#include "text/when.h"

#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The keys of `sshd -T -C` that matter here, and home= and uid= for an account that is not there yet. */
enum { KEY_USER, KEY_GROUP, KEY_HOME, KEY_UID, KEY_ADDR, KEY_HOST, KEY_LADDR, KEY_LPORT,
       KEY_TIME, KEY_KEY, KEY_CERT_ID };

static char *const keys[] = {
	[KEY_USER] = "user", [KEY_GROUP] = "group", [KEY_HOME] = "home",   [KEY_UID] = "uid",
	[KEY_ADDR] = "addr", [KEY_HOST] = "host",   [KEY_LADDR] = "laddr", [KEY_LPORT] = "lport",
	[KEY_TIME] = "time", [KEY_KEY] = "key",     [KEY_CERT_ID] = "cert-id", NULL,
};

static bool add_group(struct subject *subject, const char *name)
{
	size_t i = 0;

	while (i < DRYRUN_GROUPS_MAX && subject->groups[i])
		i++;
	if (i == DRYRUN_GROUPS_MAX || !name)
		return false;
	subject->groups[i] = name;
	return true;
}

static bool take_key(struct subject *subject, int key, char *value)
{
	char *end;

	switch (key) {
	case KEY_USER: subject->account.user = value; return true;
	case KEY_GROUP: return add_group(subject, value); /* group=a,group=b */
	case KEY_HOME: subject->account.home = value; return true;
	case KEY_UID:
		subject->account.uid = (unsigned)strtoul(value, &end, 10);
		return *value && !*end;
	case KEY_ADDR: subject->address = value; return true;
	case KEY_KEY: subject->key.fingerprint = value; return true;
	case KEY_CERT_ID: subject->key.cert_id = value; return true;
	case KEY_TIME: return !when_read_time(value, &subject->now);
	default: return true; /* host, laddr and lport are sshd's; the policy has no use for them */
	}
}

static bool read_connection(struct question *question, struct subject *subject)
{
	char *rest = question->connection, *value, *whole;

	while (rest && *rest) {
		whole = rest;
		int key = getsubopt(&rest, keys, &value);

		if (key < 0 || !value || !take_key(subject, key, value)) {
			fprintf(stderr, "sallyport: -C: '%s' is not one of user= group= home= uid= addr= time= key= "
				"cert-id=\n",
				whole);
			return false;
		}
	}
	if (!subject->account.user)
		fprintf(stderr, "sallyport: -C user=NAME says which account\n");
	return subject->account.user != NULL;
}

/* Groups from the system, unless -C gave some. */
static bool ask_groups(struct subject *subject, const struct passwd *entry)
{
	gid_t gids[DRYRUN_GROUPS_MAX];
	int count = DRYRUN_GROUPS_MAX;

	if (subject->groups[0])
		return true;
	if (getgrouplist(entry->pw_name, entry->pw_gid, gids, &count) < 0)
		return false;
	for (int i = 0; i < count; i++) {
		const struct group *group = getgrgid(gids[i]);
		if (group && !add_group(subject, strdup(group->gr_name)))
			return false;
	}
	return true;
}

bool dryrun_subject(struct question *question, struct subject *subject)
{
	*subject = (struct subject){.now = time(NULL)};
	if (!read_connection(question, subject))
		return false;
	const struct passwd *entry = getpwnam(subject->account.user);
	if (!entry && !subject->account.home) {
		fprintf(stderr, "sallyport: there is no account '%s'; -C home=/its/home to ask all the same\n",
			subject->account.user);
		return false;
	}
	if (entry) {
		if (!subject->account.home)
			subject->account.home = strdup(entry->pw_dir);
		if (!subject->account.uid)
			subject->account.uid = entry->pw_uid;
		if (!subject->account.home || !ask_groups(subject, entry)) {
			fprintf(stderr, "sallyport: the groups of '%s' cannot be read\n",
				subject->account.user);
			return false;
		}
	}
	subject->account.groups = subject->groups;
	subject->account.host = account_host();
	subject->account.profile = question->profile;
	subject->account.restricted = question->restricted;
	subject->account.token = question->token;
	return true;
}

void dryrun_ask(const struct question *question, const struct subject *subject,
		struct answer *answer)
{
	const struct policy_source source = {
		.file = question->policy,
		.user = subject->account.user,
		.any_owner = question->candidate,
	};
	const struct request request = {
		.command = question->command,
		.length = strlen(question->command),
		.root = SANDBOX_FILES,
		.address = subject->address,
		.key = subject->key,
		.now = subject->now,
	};

	*answer = (struct answer){.verdict = POLICY_FAULTY};
	if (!policy_load(&source, &answer->policy, &answer->fault))
		return;
	answer->verdict = policy_settings(answer->policy, &subject->account, &answer->settings,
					  &answer->fault);
	if (answer->verdict != POLICY_SETTINGS)
		return;
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
