/*
 * import-user - what asconfigurator's parameters come to for one account.
 *
 *	import_user_begin(&user, name)
 *	import_user_take(&user, &pair)   for each parameter; the last one of a name counts
 *	import_user_end(&user)           access, token and docroot as sallyport.ini(5) says them
 *
 * Pure. Reasons are static.
 */
#ifndef CLI_IMPORT_USER_H
#define CLI_IMPORT_USER_H

#include "text/asconf.h"

#include <stdbool.h>

enum { IMPORT_NAME_MAX = 33, IMPORT_PATH_MAX = 150, IMPORT_ACCESS_MAX = 80 };

enum import_way { IMPORT_ALLOW, IMPORT_DENY, IMPORT_TOKEN };

struct import_user {
	char name[IMPORT_NAME_MAX];
	bool reads, writes, browses;
	enum import_way in, out;
	char mask[IMPORT_PATH_MAX];    /* docroot_mask: which path the rights are about */
	bool narrower;                 /* something that takes away could not be carried over */
	/* Results; the docroot is one from the first */
	char docroot[IMPORT_PATH_MAX]; /* with %u and %h; "": none was said */
	char access[IMPORT_ACCESS_MAX];
	bool token, restricted;
};

void import_user_begin(struct import_user *user, const char *name);

/* NULL: carried over. Otherwise why not, which is told; `narrower` says whether the account may be made without it. */
const char *import_user_take(struct import_user *user, const struct asconf_pair *pair);

/* NULL, or why no account can be made of it. */
const char *import_user_end(struct import_user *user);

/* Why a command other than set_user_data makes no account. */
const char *import_command_reason(struct asconf_text command);

#endif
