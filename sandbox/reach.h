/*
 * reach - what of the runtime Landlock leaves within a program's reach, path by path, each with its reason. The
 * docroot, the program and its loader are not here: they come with the grant (landlock.c).
 */
#ifndef SANDBOX_REACH_H
#define SANDBOX_REACH_H

#include "kernel.h"
#include "sandbox.h"

struct reach {
	const char *path;
	uint64_t rights; /* LANDLOCK_ACCESS_FS_… */
	const char *why;
};

#define REACH_READ  LANDLOCK_ACCESS_FS_READ_FILE
#define REACH_SEE   (REACH_READ | LANDLOCK_ACCESS_FS_READ_DIR)
#define REACH_WRITE LANDLOCK_ACCESS_FS_WRITE_FILE /* of a device; it is not truncated */
/* Plain files and directories, all that can be done with them: a private /tmp, a program's own state. */
#define REACH_PLAIN                                                                                 \
	(REACH_SEE | REACH_WRITE | KERNEL_FS_TRUNCATE | LANDLOCK_ACCESS_FS_MAKE_REG |               \
	 LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |                              \
	 LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REFER)

/* Tables end in an empty row. */
extern const struct reach reach_runtime[];   /* what most programs are given of the system's */
extern const struct reach reach_libraries[]; /* SANDBOX_SPAWN: in its place */
extern const struct reach reach_flat[];      /* and these, where a system has no multiarch directories */
extern const struct reach *const reach_rest[SANDBOX_ISOLATIONS]; /* besides, by isolation */

#endif
