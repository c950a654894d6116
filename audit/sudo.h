/*
 * sudo - what `sudo -ll -U USER` says an account may run, judged; and which accounts its rules tell apart.
 */
#ifndef AUDIT_SUDO_H
#define AUDIT_SUDO_H

#include "finding.h"

/* Calls found for each command that is listed, NUL-terminated, with the check that it is one of. */
void audit_judge_sudo(char *answer, void (*found)(void *context, enum audit_id id, const char *command), void *context);

/*
 * Every word of the sudoers files that could be a user's: a name, #uid, %group, %#gid. Sorted, each once; the words
 * point into texts that were added.
 */
struct audit_sudoers {
	const char **word;
	size_t count, room;
	bool each;   /* something in them tells accounts apart that no word of theirs shows: a netgroup, quotes */
	bool failed;
};

/* Cuts text in place. */
void audit_sudoers_add(struct audit_sudoers *sudoers, char *text);
void audit_sudoers_sort(struct audit_sudoers *sudoers);

/* Whether some word is the account's: its name, its uid, one of its groups. bits[i] is set for the ith word. */
void audit_sudoers_class(const struct audit_sudoers *sudoers, const struct audit_account *account, char *bits);

#endif
