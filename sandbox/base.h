/*
 * base - what of a view does not depend on the account: its root, a tmpfs, with the runtime, /etc and
 * /dev. It is built for one session, or once for all of them (pin.c), in these steps:
 *
 *	base_open(), base_clone()   the runtime's trees, in the host's mount namespace
 *	base_make()                 the root, filled: base.root
 *	base_leave_host()           a mount namespace of its own, private
 *	base_attach()               the root on "/", the trees in it; more may be attached
 *	base_enter()                base.root is the root, and nothing of the host is left
 *
 * In a user namespace base_leave_host() comes first: what was opened before it cannot be cloned.
 * Descriptors stay open; door one closes them all.
 */
#ifndef SANDBOX_BASE_H
#define SANDBOX_BASE_H

#include "step.h"

enum { BASE_RUNTIMES = 7, BASE_SINGLES = 3 };

/* Where a session's own passwd and group are; /etc has links to them. */
#define BASE_SESSION "session"

struct base {
	struct sandbox_fault *fault;
	int host;                   /* the root that base_open() found: the host's, or the pinned view's */
	int root;                   /* the view's; -1 before base_make() */
	int runtime[BASE_RUNTIMES]; /* trees, or -1 for what is not on this host */
	int singles[BASE_SINGLES];
	uint64_t bytes;             /* room in the root's tmpfs; this and inodes may be set before base_make() */
	const char *inodes;
};

bool base_open(struct base *base, struct sandbox_fault *fault);
bool base_clone(struct base *base);
bool base_make(struct base *base);
bool base_leave_host(struct base *base, bool user_namespace);
bool base_attach(const struct base *base);
bool base_enter(const struct base *base);

/* What a tmpfs with passwd, group and room for so many bytes more is to hold, as its option `size` has it. */
enum { BASE_SIZE = 24 };
const char *base_size(uint64_t bytes, char text[BASE_SIZE]);

/* How many files a session may make in its /tmp, those of the view among them. */
#define BASE_INODES "4k"

/* A file beneath dir, made and filled, that nobody writes. */
bool base_put_file(int dir, const char *name, const char *text);

/*
 * A number for what a base is made of, as it stands on the host: another /usr, another ld.so.cache,
 * another layout of the view give another number. What changes inside a directory of the runtime
 * does not, for it is seen anyway. directories: a bit for each of
 * base_runtime that is one.
 */
uint64_t base_stamp(int host, unsigned *directories);

/* The directories that are cloned with all that is mounted in them; NULL at the end. */
extern const char *const base_runtime[];

#endif
