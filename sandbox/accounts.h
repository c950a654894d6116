/*
 * accounts - passwd and group as a view has them: one account, and nobody else. A session makes its own, or finds them
 * in the pinned view, where pin.c made them beforehand in /session/UID-GID-NAME: what a session mounts on /session is
 * its own directory of these, and covers the others.
 */
#ifndef SANDBOX_ACCOUNTS_H
#define SANDBOX_ACCOUNTS_H

#include "sandbox.h"

enum { ACCOUNTS_NAME = 256 };

/* "UID-GID-NAME", from which what is in the files follows. False: it is no name for a directory. */
bool accounts_name(const struct sandbox_account *account, char name[ACCOUNTS_NAME]);

/* Both files beneath dir. Names come from the system's own files. */
bool accounts_put(int dir, const struct sandbox_account *account);

#endif
