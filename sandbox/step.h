/*
 * step - the steps of the doors; private to this room. Each returns false and fills the fault when it fails.
 */
#ifndef SANDBOX_STEP_H
#define SANDBOX_STEP_H

#include "sandbox.h"

#include <errno.h>
#include <stdint.h>
#include <sys/stat.h>

static inline bool step_failed(struct sandbox_fault *fault, const char *step, const char *reason)
{
	*fault = (struct sandbox_fault){.step = step, .reason = reason, .error = errno};
	return false;
}

/* The policy or the system's set-up is at fault, and want says what would be right (or NULL). */
static inline bool step_misconfigured(struct sandbox_fault *fault, const char *step, const char *reason,
				      const char *want)
{
	step_failed(fault, step, reason);
	fault->want = want;
	fault->configuration = true;
	return false;
}

/* Whether both are of one file. */
static inline bool step_is_same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/*
 * How an isolation closes door one. check() looks at the opened docroot before anything is changed; enter()
 * leaves it the current directory; verify() asks whether that worked (I5), when every capability is gone and every
 * descriptor closed.
 */
struct isolation {
	uint64_t needs;  /* the capability raised for enter(), with CAPS_DROP for what follows; 0: none */
	int namespaces;  /* for want of it: to unshare with a user namespace */
	bool (*check)(const struct sandbox_view *view, int docroot, struct sandbox_fault *fault); /* or NULL */
	bool (*enter)(struct sandbox *sandbox, struct sandbox_fault *fault);
	bool (*verify)(const struct sandbox *sandbox, struct sandbox_fault *fault);
};

/* docroot.c: opens the docroot without following links and checks every component. */
bool docroot_open(const struct sandbox_view *view, int *fd, struct sandbox_fault *fault);
/* The same directory once more, from inside a user namespace, where owners cannot be told any more. */
bool docroot_reopen(const struct sandbox_view *view, int *fd, struct sandbox_fault *fault);

/* Whether both are open on one directory. */
bool docroot_is_same(int a, int b);
/* Whether the current directory is the one that fd is open on. */
bool docroot_is_here(int fd);

/* chroot.c: what else is asked of a docroot that becomes the root; then it does. */
bool chroot_walk(const struct sandbox_view *view, struct sandbox_fault *fault);
bool chroot_check(const struct sandbox_view *view, int docroot, struct sandbox_fault *fault);
bool chroot_enter(struct sandbox *sandbox, struct sandbox_fault *fault);

/* names.c: what else is asked of a docroot among the real names. */
bool names_check(const struct sandbox_view *view, int docroot, struct sandbox_fault *fault);
bool names_enter(struct sandbox *sandbox, struct sandbox_fault *fault);

/* paths.c: the directories of the docroot where other rights hold. */
bool paths_open(struct sandbox *sandbox, struct sandbox_fault *fault);
bool paths_reopen(struct sandbox *sandbox, struct sandbox_fault *fault); /* as docroot_reopen() */
/* tree[i] is -1 where the mount around serves; files is the docroot in the view. */
bool paths_clone(const struct sandbox *sandbox, int tree[SANDBOX_PATHS_MAX], struct sandbox_fault *fault);
bool paths_attach(const struct sandbox *sandbox, int files, const int tree[SANDBOX_PATHS_MAX],
		  struct sandbox_fault *fault);

/*
 * state.c: the account's directory below view->state. *fd is -1 when it is not wanted or was never made: a session
 * that needs it says so at door two. False when it is there and not safe.
 */
bool state_open(const struct sandbox_view *view, int *fd, struct sandbox_fault *fault);
/* The same once more, from inside a user namespace. */
bool state_reopen(const struct sandbox_view *view, int *fd, struct sandbox_fault *fault);

/* caps.c */
bool caps_available(uint64_t set);                   /* all of it is permitted */
bool caps_are_empty(void);                           /* effective, permitted and inheritable, as the kernel says */
/* effective = set; permitted = that and keep, which must be permitted already. */
bool caps_raise(uint64_t set, uint64_t keep, struct sandbox_fault *fault);
/* Every set, for ever; no_new_privs. bounded: CAP_SETPCAP is effective, and the bounding set goes too. */
bool caps_drop(bool bounded, struct sandbox_fault *fault);
bool caps_forget(struct sandbox_fault *fault);       /* permitted and effective only */
#define CAPS_MOUNT (1ULL << 21) /* CAP_SYS_ADMIN */
#define CAPS_ROOT  (1ULL << 18) /* CAP_SYS_CHROOT */
#define CAPS_DROP  (1ULL << 8)  /* CAP_SETPCAP */

/* userns.c: a user namespace, and others with it, in which this uid and gid stay themselves. */
bool userns_enter(const struct sandbox_view *view, int namespaces, struct sandbox_fault *fault);

/* pinned.c: looks for a pinned view, where such a session may use one. False: it is foul. */
bool pinned_find(const struct sandbox_view *view, struct sandbox_pinned *pinned,
		 struct sandbox_fault *fault);
/* What entering it takes besides what the isolation needs; 0 if there is none. */
uint64_t pinned_needs(const struct sandbox_pinned *pinned);
/*
 * The process is in it, at its root, and the kernel was asked whether it is the view. It is shared with others
 * still: a mount namespace of the session's own has to follow.
 */
bool pinned_enter(const struct sandbox_pinned *pinned, struct sandbox_fault *fault);

/* view.c: builds or completes the view and makes it the root. Needs CAP_SYS_ADMIN effective, and pinned_needs(). */
bool view_enter(struct sandbox *sandbox, struct sandbox_fault *fault);

/* process.c: fds, limits, signals, timers, umask; each is asked for again (I5). */
bool process_reset(const struct sandbox_view *view, struct sandbox_fault *fault);
/* No signal is blocked. */
bool process_unblock(void);

/* wait.c: the process namespace that the program is to have. Needs CAP_SYS_ADMIN effective. */
bool wait_prepare(const struct sandbox_view *view, struct sandbox_fault *fault);

/* landlock.c */
bool landlock_close(const struct sandbox_grant *grant, struct sandbox_fault *fault);

/* seccomp.c */
bool seccomp_close(struct sandbox_grant *grant, struct sandbox_fault *fault);
/* The filter of a gate that waits. */
bool seccomp_close_parent(struct sandbox_fault *fault);

/* verify.c: asks the kernel whether it is true (I5). */
bool verify_door_one(struct sandbox_fault *fault);
bool verify_door_two(struct sandbox_fault *fault);
bool verify_view(const struct sandbox *sandbox, struct sandbox_fault *fault);
bool verify_chroot(const struct sandbox *sandbox, struct sandbox_fault *fault);
bool verify_names(const struct sandbox *sandbox, struct sandbox_fault *fault);

#endif
