/*
 * Any command under policies of several kinds: whatever is granted keeps the promise of tests/unit/grant.h (I3).
 * Input: a line whose first byte picks the account, then the command.
 */
#include "fuzz.h"

#include "policy/policy.h"
#include "tests/unit/grant.h"
#include "tests/unit/scratch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Behind `commands`, with the name of every definition that there is. */
static const char text[] = " dump\ndocroot = /srv/%u\nrclone-remote = b2:bkt\n"
			   "[user full]\naccess = full\n"
			   "[user start]\naccess = full\nstart = /in/today\nprotect = none\n"
			   "[user read]\naccess = read-only\n"
			   "[user put]\naccess = upload overwrite rename delete download\n"
			   "[user get]\naccess = download\n"
			   "[user token]\naccess = full\ntoken = marker\n"
			   "[user loose]\naccess = full\nrestricted = yes\n"
			   "[user ways]\naccess = list\naccess /out = download\naccess /in = full\naccess /in/old = read-only\n"
			   "[user sub]\nsftp-subsystem = /x/sftp -l INFO\n"
			   "[user more]\naccess = full\nrsync-accept = --log-file --new=%w --where=%p -Y=%d\n"
			   "scp-accept = -Y=%p\n"
			   "[user less]\naccess = full\nrsync-refuse = --delete* z t\nscp-refuse = p\n"
			   "[command dump]\nprogram = /usr/bin/dump\ntemplate = dump %1w %2p %3d?\nargv = dump -- %1 %2 %3\n"
			   "verbs = download\n";
static const char *const users[] = {"full", "start", "read", "put", "get", "token", "loose", "sub", "more", "less",
				    "ways"};

enum { USERS = sizeof users / sizeof *users };

/* Of a policy of its own for each, once: an input that allocates for good has libFuzzer look for leaks. */
static const struct settings *settings_of(unsigned user)
{
	static const struct settings *settings[USERS];
	struct policy_fault fault;

	if (!settings[user]) {
		struct policy *policy = scratch_load_all(text, &fault);

		if (!policy)
			BROKEN("%u: %s", fault.line, fault.reason);
		settings[user] = scratch_settings(policy, users[user]);
	}
	return settings[user];
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *newline = size ? memchr(data, '\n', size) : NULL;

	if (!newline)
		return 0;
	const struct settings *settings = settings_of(data[0] % USERS);
	size_t length = size - (size_t)(newline + 1 - data);
	char *command = malloc(length + 1); /* the gate's are NUL-terminated too */
	if (!command || !settings)
		abort();
	memcpy(command, newline + 1, length);
	command[length] = '\0';
	struct decision d;
	const struct request request = {command, length, "/files"};
	policy_decide(settings, &request, &d);
	const char *breach = grant_breach(settings, &request, &d);
	if (breach)
		BROKEN("%s: %s: %s", settings->user, command, breach);
	if (d.verdict != GRANT && (!d.reason || d.offset > length || d.end > length + 1))
		BROKEN("a denial without reason, or at %zu to %zu of %zu", d.offset, d.end, length);
	decision_free(&d);
	free(command);
	return 0;
}
