/*
 * replace - a file gets new contents, whole or not at all, and the one before it is kept.
 *
 *	replace_open(path, &r)             refuses what another account could swap; locks the directory
 *	replace_stage(&r, text, length)    .NAME.sallyport-new beside it: owner, mode, ACL and labels of the old one
 *	                                   or replace_begin(), write to the descriptor, replace_end()
 *	replace_commit(&r)                 NAME -> .NAME.before-TIME, .NAME.sallyport-new -> NAME
 *	replace_close(&r)                  removes what was staged and not committed; unlocks
 *
 * Every component of the path, from / on and without links, is root's or the caller's, and nobody else may write it;
 * a directory that all may write is none of these unless it is sticky. So between the look and the rename(2) nobody
 * else can have put another file there. Whenever it ends, by a crash or a SIGKILL, NAME is the old file or the new
 * one, whole, and on the disk. Steps return NULL, or a static reason with errno (0: the reason says it all).
 */
#ifndef KEYS_REPLACE_H
#define KEYS_REPLACE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

enum { REPLACE_NAME_MAX = NAME_MAX + 1 };

struct replace {
	int directory;              /* locked; -1: not open */
	int old;                    /* the file; -1: there is none yet */
	struct stat status;         /* of the file, when it was opened */
	char name[REPLACE_NAME_MAX];
	char staged[REPLACE_NAME_MAX];
	char backup[REPLACE_NAME_MAX]; /* "" until it is made */
	bool keep_none;             /* set it for a file that can be made anew: there will be no backup */
	mode_t new_mode;            /* of such a file, and of one that was not there; 0644 unless set */
};

/* errno is EWOULDBLOCK when another one holds the lock. A file that is not there is no fault. */
const char *replace_open(const char *path, struct replace *r);
const char *replace_stage(struct replace *r, const char *text, size_t length);

/* The same in two halves: *fd is to be written, and taken back by replace_end(), which closes it. */
const char *replace_begin(struct replace *r, int *fd);
const char *replace_end(struct replace *r, int fd);

const char *replace_commit(struct replace *r);
void replace_close(struct replace *r);

#endif
