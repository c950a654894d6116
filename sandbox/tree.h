/*
 * tree - mounts on their way into a view: cloned, restricted, attached. A clone is in no namespace
 * and seen by nobody until it is attached. What is cloned must be a mount of the namespace that
 * this process is in.
 */
#ifndef SANDBOX_TREE_H
#define SANDBOX_TREE_H

#include "step.h"

/* How parts of the system are seen: read-only, and nothing in them gives privilege. */
#define TREE_SYSTEM (MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV)

/*
 * What `path` is beneath dir ("" and AT_EMPTY_PATH: dir itself); AT_RECURSIVE: and what is mounted
 * in it. -1 with errno.
 */
int tree_clone(int dir, const char *path, unsigned flags);
/* Whether the kernel says that its mount has these attributes (MOUNT_ATTR_…). */
bool tree_is_restricted(int tree, uint64_t attributes);
/* Adds attributes, and makes it private; then asks whether it has them (I5). */
bool tree_restrict(int tree, uint64_t attributes, unsigned flags);
/* A directory of the host's as TREE_SYSTEM; -1 in *tree if there is none of this name. */
bool tree_clone_directory(int host, const char *path, int *tree, struct sandbox_fault *fault);
/* At a name beneath root; a tree of -1 is none, and nothing to do. */
bool tree_attach(int tree, int root, const char *at);

#endif
