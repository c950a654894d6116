/*
 * view - the private root: a base (base.c), and what belongs to this session: the docroot, passwd and
 * group, and a small /tmp if it has a use for one.
 *
 * The base is one that was pinned (pinned.c), or is built here. Trees are cloned from the host
 * before the namespace is entered, or inside the user namespace after, and attached once `/` is
 * private: nothing can land in the host's mounts, nor in another session's.
 */
#include "accounts.h"
#include "base.h"
#include "kernel.h"
#include "pinned.h"
#include "tree.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/*
 * For programs that reach other hosts by name. The first bundle of certificates that is there is
 * seen under one name (Debian, Fedora, SUSE).
 */
static const struct {
	const char *host, *view;
} names[] = {
	{"etc/resolv.conf", "etc/resolv.conf"},
	{"etc/hosts", "etc/hosts"},
	{"etc/ssl/certs/ca-certificates.crt", "etc/ca-bundle"},
	{"etc/pki/tls/certs/ca-bundle.crt", "etc/ca-bundle"},
	{"etc/ssl/ca-bundle.pem", "etc/ca-bundle"},
};

enum { NAMES = sizeof names / sizeof *names };

struct view {
	const struct sandbox *sandbox;
	const struct sandbox_view *plan;
	struct sandbox_fault *fault;
	struct base base;
	int docroot; /* trees, or -1 */
	int path[SANDBOX_PATHS_MAX];
	int state;
	int names[NAMES];
	int opt[SANDBOX_OPT_MAX];
};

static bool failed(const struct view *v, const char *step, const char *reason)
{
	return step_failed(v->fault, step, reason);
}

/* ---- before the switch ---- */

static bool clone_docroot(struct view *v)
{
	uint64_t attributes = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC;

	if (!paths_clone(v->sandbox, v->path, v->fault))
		return false;
	if (v->docroot < 0)
		return true;
	int tree = tree_clone(v->docroot, "", AT_EMPTY_PATH | AT_RECURSIVE);
	if (tree < 0)
		return failed(v, "docroot", "cannot be cloned");
	if (v->plan->docroot_read_only)
		attributes |= MOUNT_ATTR_RDONLY;
	if (!tree_restrict(tree, attributes, AT_RECURSIVE))
		return failed(v, "docroot", "its mount cannot be restricted");
	v->docroot = tree;
	return true;
}

/*
 * The account's own, like the docroot, but no place for transfers: never read-only, and nothing
 * mounted below.
 */
static bool clone_state(struct view *v)
{
	if (v->state < 0)
		return true;
	int tree = tree_clone(v->state, "", AT_EMPTY_PATH);
	if (tree < 0 ||
	    !tree_restrict(tree, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC, 0))
		return failed(v, "state", "its directory cannot be cloned");
	v->state = tree;
	return true;
}

static const char *opt_path(const struct view *v, size_t i, char path[SANDBOX_OPT_NAME + 4])
{
	snprintf(path, SANDBOX_OPT_NAME + 4, "opt/%s", v->plan->opt[i]);
	return path;
}

/* Whether what is seen under that name is there already. */
static bool has_name(const struct view *v, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (v->names[i] >= 0 && strcmp(names[i].view, names[count].view) == 0)
			return true;
	return false;
}

static bool clone_names(struct view *v)
{
	for (size_t i = 0; i < NAMES; i++) {
		bool wanted = v->plan->names && !has_name(v, i);

		v->names[i] = wanted ? tree_clone(v->base.host, names[i].host, 0) : -1;
		if (v->names[i] >= 0 &&
		    !tree_restrict(v->names[i], TREE_SYSTEM | MOUNT_ATTR_NOEXEC, 0))
			return failed(v, "runtime", "a file of the resolver cannot be restricted");
	}
	return true;
}

/* What the policy adds to the runtime. */
static bool clone_extras(struct view *v)
{
	char path[SANDBOX_OPT_NAME + 4];

	for (size_t i = 0; i < v->plan->opt_count; i++)
		if (!tree_clone_directory(v->base.host, opt_path(v, i, path), &v->opt[i], v->fault))
			return false;
	return clone_names(v);
}

/* ---- files ---- */

static struct sandbox_account account_of(const struct view *v)
{
	return (struct sandbox_account){v->plan->uid, v->plan->gid, v->plan->user};
}

static bool put_accounts(const struct view *v, int dir)
{
	const struct sandbox_account account = account_of(v);

	return accounts_put(dir, &account);
}

/* Where packages of /opt go: only those that the policy's programs lie in. */
static bool put_opt(const struct view *v)
{
	char path[SANDBOX_OPT_NAME + 4];

	if (v->plan->opt_count > 0 && mkdirat(v->base.root, "opt", 0755) != 0)
		return false;
	for (size_t i = 0; i < v->plan->opt_count; i++)
		if (mkdirat(v->base.root, opt_path(v, i, path), 0755) != 0)
			return false;
	return true;
}

static bool fill_root(const struct view *v)
{
	int session = openat(v->base.root, BASE_SESSION, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (session < 0 || !put_opt(v) || !put_accounts(v, session))
		return failed(v, "view", "a file cannot be made");
	for (size_t i = 0; i < NAMES; i++)
		if (v->names[i] >= 0 && !base_put_file(v->base.root, names[i].view, ""))
			return failed(v, "view", "a file of the resolver cannot be made");
	return true;
}

/* ---- after the switch ---- */

static bool attach_docroot(const struct view *v)
{
	if (!tree_attach(v->docroot, v->base.root, &SANDBOX_FILES[1]) ||
	    !tree_attach(v->state, v->base.root, &SANDBOX_STATE[1]))
		return failed(v, "docroot", "cannot be attached");
	return paths_attach(v->sandbox, v->docroot, v->path, v->fault);
}

static bool attach_all(const struct view *v)
{
	char path[SANDBOX_OPT_NAME + 4];

	if (!base_attach(&v->base))
		return false;
	for (size_t i = 0; i < v->plan->opt_count; i++)
		if (!tree_attach(v->opt[i], v->base.root, opt_path(v, i, path)))
			return failed(v, "runtime", "a package of /opt cannot be attached");
	for (size_t i = 0; i < NAMES; i++)
		if (!tree_attach(v->names[i], v->base.root, names[i].view))
			return failed(v, "runtime", "a file of the resolver cannot be attached");
	/*
	 * /tmp is the same tmpfs once more, writable; base_enter() makes everything else of it
	 * read-only.
	 */
	int tmp = v->plan->tmp ? tree_clone(v->base.root, "tmp", 0) : -1;
	if (v->plan->tmp && (tmp < 0 || !tree_attach(tmp, v->base.root, "tmp")))
		return failed(v, "view", "/tmp cannot be attached");
	return attach_docroot(v);
}

/* A base for this session alone. */
static bool build(struct view *v, bool user_namespace)
{
	/*
	 * With file capabilities trees are cloned before the switch: an older fd is refused after
	 * it.
	 */
	if (!base_open(&v->base, v->fault))
		return false;
	v->base.bytes = v->plan->tmp;
	return (!user_namespace || base_leave_host(&v->base, true)) && clone_docroot(v) &&
	       clone_state(v) && base_clone(&v->base) && clone_extras(v) && base_make(&v->base) &&
	       fill_root(v) && (user_namespace || base_leave_host(&v->base, false)) &&
	       attach_all(v) && base_enter(&v->base);
}

/*
 * What follows is in the session's own copy of the pinned namespace, and by mount(2), one call in place of four: in a
 * root that nobody else has and that root alone can have written a name says enough.
 */
#define SESSION "/" BASE_SESSION

static const unsigned long data_only = MS_NOSUID | MS_NODEV | MS_NOEXEC;

static bool mount_tmpfs(const struct view *v, const char *at, const char *mode)
{
	char size[BASE_SIZE], options[BASE_SIZE + 40];

	snprintf(options, sizeof options, "size=%s,nr_inodes=" BASE_INODES ",mode=%s",
		 base_size(v->plan->tmp, size), mode);
	return syscall(SYS_mount, "tmpfs", at, "tmpfs", data_only, options) == 0;
}

/*
 * The directory with its passwd and group, if pin.c put one there: what is mounted from the base is as read-only as
 * the base is, and pinned_enter() asked for that. Only there is a passwd in /session then (I5).
 */
static bool bind_known(const struct view *v, bool *known)
{
	const struct sandbox_account account = account_of(v);
	char from[sizeof SESSION + 1 + ACCOUNTS_NAME] = SESSION "/";

	*known = accounts_name(&account, from + sizeof SESSION);
	if (!*known)
		return true;
	if (syscall(SYS_mount, from, SESSION, NULL, MS_BIND, NULL) != 0) {
		*known = false;
		return errno == ENOENT || failed(v, "view", "the pinned passwd and group cannot be attached");
	}
	return pinned_is_mounted(SESSION "/passwd") ||
	       failed(v, "view", "the pinned passwd and group are not the account's");
}

/* A tmpfs for them otherwise, of which /tmp is a part. */
static bool make_session(const struct view *v)
{
	if (!mount_tmpfs(v, SESSION, "0755"))
		return failed(v, "view", "its tmpfs cannot be made");
	umask(0);
	int session = kernel_open(SESSION, O_PATH | O_DIRECTORY);
	if (session < 0 || !put_accounts(v, session) ||
	    (v->plan->tmp && mkdirat(session, "tmp", 01777) != 0))
		return failed(v, "view", "a file cannot be made");
	if (v->plan->tmp && syscall(SYS_mount, SESSION "/tmp", "/tmp", NULL, MS_BIND, NULL) != 0)
		return failed(v, "view", "/tmp cannot be attached");
	if (syscall(SYS_mount, NULL, SESSION, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | data_only, NULL) != 0 ||
	    !tree_is_restricted(session, TREE_SYSTEM | MOUNT_ATTR_NOEXEC))
		return failed(v, "view", "its root cannot be made read-only");
	return true;
}

static bool add_session(const struct view *v)
{
	bool known;

	if (!bind_known(v, &known))
		return false;
	if (!known)
		return make_session(v);
	return !v->plan->tmp || mount_tmpfs(v, "/tmp", "1777") || failed(v, "view", "/tmp cannot be made");
}

/* The base that is pinned, and this session's part. */
static bool borrow(struct view *v)
{
	if (!clone_docroot(v) || !clone_state(v) || !pinned_enter(&v->sandbox->pinned, v->fault) ||
	    !base_open(&v->base, v->fault) || !base_leave_host(&v->base, false) || !add_session(v))
		return false;
	v->base.root = kernel_open("/", O_PATH | O_DIRECTORY);
	if (v->base.root < 0)
		return failed(v, "view", "its root cannot be opened");
	return attach_docroot(v);
}

bool view_enter(struct sandbox *sandbox, struct sandbox_fault *fault)
{
	/* In a user namespace what was opened before it cannot be cloned. */
	if (sandbox->user_namespace &&
	    (!docroot_reopen(sandbox->view, &sandbox->docroot, fault) ||
	     !paths_reopen(sandbox, fault) || !state_reopen(sandbox->view, &sandbox->state, fault)))
		return false;
	struct view v = {.sandbox = sandbox,
			 .plan = sandbox->view,
			 .fault = fault,
			 .docroot = sandbox->docroot,
			 .state = sandbox->state};

	bool entered = sandbox->pinned.ns >= 0 ? borrow(&v) : build(&v, sandbox->user_namespace);
	if (entered && chdir(SANDBOX_FILES) != 0)
		return failed(&v, "docroot", "cannot be entered");
	return entered;
}
