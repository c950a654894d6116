/*
 * way - who can change a file, and who can reach it: the file and every directory on the way to it.
 *
 *	way_look(&image, path, &who, &way)     false: errno, and nothing is known
 *	way.others …                           the place nearest the file, if there is one
 *
 * Links are followed, as sshd follows them; what counts is where the file really lies. A file that
 *is not there is as good as the directory that it would be made in.
 */
#ifndef CLI_WAY_H
#define CLI_WAY_H

#include "image.h"

#include <sys/types.h>

/* The account in question. */
struct way_who {
	uid_t uid;
	const gid_t *gids;
	size_t gids_count;
	const char *home; /* where sshd's own walk ends; NULL: at the root */
};

/* A directory of the way, or the file: real[0..length). length 0: there is none. */
struct way_spot {
	size_t length;
	struct stat status;
};

struct way {
	char real[PATH_MAX]; /* without links, as the image has it */
	bool absent;         /* the file is not there; real is the deepest directory that is */
	struct stat status;  /* of real */
	/* Besides root and the account somebody can change it: by owner or mode bits. Root's sticky
	 * directories, in which nobody can touch what is another's, do not count. */
	struct way_spot others;
	/* sshd refuses the file for it, where StrictModes is yes: misc.c, safe_path(); up to the
	 * home. */
	struct way_spot strict;
	/* An access list names somebody who may write; acl_id is of a user, or a group. */
	struct way_spot acl;
	bool acl_group;
	unsigned acl_id;
	struct way_spot own;  /* the account itself can change it */
	struct way_spot shut; /* the account may not enter, or not read the file */
	const char *remote; /* static: the kind of network file system that real lies on; or NULL */
};

bool way_look(const struct image *image, const char *path, const struct way_who *who,
	      struct way *way);

/* The name of a file system that others than this host's root can write to, by its magic number; or
 * NULL. */
const char *way_remote(unsigned long type);

#endif
