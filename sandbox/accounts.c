#include "accounts.h"

#include "base.h"

#include <stdio.h>
#include <string.h>

bool accounts_name(const struct sandbox_account *account, char name[ACCOUNTS_NAME])
{
	int length = snprintf(name, ACCOUNTS_NAME, "%u-%u-%s", account->uid, account->gid, account->user);

	return length < ACCOUNTS_NAME && !strchr(name, '/');
}

bool accounts_put(int dir, const struct sandbox_account *account)
{
	char line[512];

	if (snprintf(line, sizeof line, "%s:x:%u:%u::" SANDBOX_HOME ":/usr/sbin/nologin\n", account->user,
		     account->uid, account->gid) >= (int)sizeof line ||
	    !base_put_file(dir, "passwd", line))
		return false;
	snprintf(line, sizeof line, "%s:x:%u:\n", account->user, account->gid);
	return base_put_file(dir, "group", line); /* without nsswitch.conf glibc reads files */
}
