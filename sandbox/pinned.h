/*
 * pinned - the view that root made once, as a session finds, checks and enters it.
 *
 * In a directory of root's (a small tmpfs, so that its mount can be private) are
 *
 *	NAME      the mount namespace, bound to a file: what keeps it alive
 *	current   a link whose text is NAME; it is replaced by rename(2) and never followed
 *
 * NAME begins with the stamp of what the view was made of (base_stamp()): whether it is out of date
 * is seen before it is opened. The view holds its NAME too, so that what is entered is known to be
 * what was found. Beside it, in the view's /session, is a directory for each account that was known when it was pinned
 * (accounts.h).
 */
#ifndef SANDBOX_PINNED_H
#define SANDBOX_PINNED_H

#include <stdbool.h>
#include <stdint.h>

#define PINNED_CURRENT "current"
/* In the view's root, until a session mounts its own files over it. */
#define PINNED_MARK "session/name"

/* Whether every directory of an absolute path is root's, no link, and written by nobody else. */
bool pinned_is_roots(const char *path);

/* Whether it has the form of a NAME; its parts. */
bool pinned_read_name(const char *name, uint64_t *stamp, uint64_t *mounts);

/* Inside it: whether a path is there, on a tmpfs that is as restricted as the view's root. */
bool pinned_is_mounted(const char *path);

#endif
