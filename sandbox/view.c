/*
 * view - the private root: runtime read-only, a tiny /etc and /dev, a small /tmp, the docroot.
 *
 * Trees are cloned from the host before the namespace is entered, or inside the user namespace after, and
 * attached once `/` is private: nothing can land in the host's mounts.
 */
#include "kernel.h"
#include "step.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* What of the host is seen, read-only. Links stay links (merged /usr), directories are mounted. */
static const char *const runtime[] = {"usr", "lib", "lib64", "lib32", "libx32", "bin", "sbin"};

/* Single files: each costs a mount, so only what transfer programs open. /dev/random is a link. */
static const char *const singles[] = {"dev/null", "dev/urandom", "etc/ld.so.cache"};

/*
 * For programs that reach other hosts by name. The first bundle of certificates that is there is seen under one
 * name (Debian, Fedora, SUSE).
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

enum {
	NAMES = sizeof names / sizeof *names,
	RUNTIMES = sizeof runtime / sizeof *runtime,
	SINGLES = sizeof singles / sizeof *singles,
};

struct view {
	const struct sandbox *sandbox;
	const struct sandbox_view *plan;
	struct sandbox_fault *fault;
	int host;               /* the host's root, O_PATH */
	int docroot;            /* trees, or -1 */
	int path[SANDBOX_PATHS_MAX];
	int state;
	int runtime[RUNTIMES];
	int singles[SINGLES];
	int names[NAMES];
	int opt[SANDBOX_OPT_MAX];
	int root;               /* the view's */
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

/* The account's own, like the docroot, but no place for transfers: never read-only, and nothing mounted below. */
static bool clone_state(struct view *v)
{
	if (v->state < 0)
		return true;
	int tree = tree_clone(v->state, "", AT_EMPTY_PATH);
	if (tree < 0 || !tree_restrict(tree, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC, 0))
		return failed(v, "state", "its directory cannot be cloned");
	v->state = tree;
	return true;
}

/* A directory of the host's, read-only; -1 if there is none of this name. */
static bool clone_directory(struct view *v, const char *path, int *tree)
{
	const uint64_t attributes = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV;
	struct stat st;

	*tree = -1;
	if (fstatat(v->host, path, &st, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISDIR(st.st_mode))
		return true;
	*tree = tree_clone(v->host, path, AT_RECURSIVE | AT_SYMLINK_NOFOLLOW);
	if (*tree < 0)
		return failed(v, "runtime", "cannot be cloned");
	return tree_restrict(*tree, attributes, AT_RECURSIVE) ||
	       failed(v, "runtime", "its mount cannot be restricted");
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
	const uint64_t attributes =
		MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC;

	for (size_t i = 0; i < NAMES; i++) {
		bool wanted = v->plan->names && !has_name(v, i);

		v->names[i] = wanted ? tree_clone(v->host, names[i].host, 0) : -1;
		if (v->names[i] >= 0 && !tree_restrict(v->names[i], attributes, 0))
			return failed(v, "runtime", "a file of the resolver cannot be restricted");
	}
	return true;
}

static bool clone_runtime(struct view *v)
{
	char path[SANDBOX_OPT_NAME + 4];

	for (size_t i = 0; i < RUNTIMES; i++)
		if (!clone_directory(v, runtime[i], &v->runtime[i]))
			return false;
	for (size_t i = 0; i < v->plan->opt_count; i++)
		if (!clone_directory(v, opt_path(v, i, path), &v->opt[i]))
			return false;
	for (size_t i = 0; i < SINGLES; i++) {
		v->singles[i] = tree_clone(v->host, singles[i], 0);
		if (v->singles[i] < 0 && errno == ENOENT)
			continue;
		/* A read-only mount does not keep a device from being written. */
		if (v->singles[i] < 0 ||
		    !tree_restrict(v->singles[i], MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC, 0))
			return failed(v, "runtime", "a device or ld.so.cache cannot be cloned");
	}
	return clone_names(v);
}

/* ---- the new root ---- */

static bool make_root(struct view *v)
{
	int fs = kernel_fsopen("tmpfs", FSOPEN_CLOEXEC);
	bool made = fs >= 0 && kernel_fsconfig(fs, FSCONFIG_SET_STRING, "size", "16M") == 0 &&
		    kernel_fsconfig(fs, FSCONFIG_SET_STRING, "nr_inodes", "4k") == 0 &&
		    kernel_fsconfig(fs, FSCONFIG_SET_STRING, "mode", "0755") == 0 &&
		    kernel_fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL) == 0;

	v->root = made ? kernel_fsmount(fs, FSMOUNT_CLOEXEC,
					MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC)
		       : -1;
	if (fs >= 0)
		close(fs);
	return v->root >= 0 || failed(v, "view", "its tmpfs cannot be made");
}

static bool put_file(const struct view *v, const char *name, const char *text)
{
	int fd = openat(v->root, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0444);

	if (fd < 0)
		return false;
	bool whole = write(fd, text, strlen(text)) == (ssize_t)strlen(text);
	close(fd);
	return whole;
}

/* A passwd and group with this account and nobody else; names come from the system's own files. */
static bool put_accounts(const struct view *v)
{
	const struct sandbox_view *p = v->plan;
	char line[512];

	if (snprintf(line, sizeof line, "%s:x:%u:%u::" SANDBOX_HOME ":/usr/sbin/nologin\n", p->user, p->uid,
		     p->gid) >= (int)sizeof line ||
	    !put_file(v, "etc/passwd", line))
		return false;
	snprintf(line, sizeof line, "%s:x:%u:\n", p->user, p->gid);
	return put_file(v, "etc/group", line); /* without nsswitch.conf glibc reads files */
}

/* Local times in listings: the link alone, into the runtime's zoneinfo. */
static bool put_timezone(const struct view *v)
{
	char target[256];
	ssize_t n = readlinkat(v->host, "etc/localtime", target, sizeof target - 1);

	if (n <= 0)
		return true;
	target[n] = '\0';
	if (!strstr(target, "usr/share/zoneinfo/"))
		return true;
	return symlinkat(target, v->root, "etc/localtime") == 0;
}

static bool put_links(const struct view *v)
{
	char target[64];

	for (size_t i = 0; i < RUNTIMES; i++) {
		if (v->runtime[i] >= 0) {
			if (mkdirat(v->root, runtime[i], 0755) != 0)
				return false;
			continue;
		}
		ssize_t n = readlinkat(v->host, runtime[i], target, sizeof target - 1);
		if (n <= 0)
			continue; /* not on this host */
		target[n] = '\0';
		if (symlinkat(target, v->root, runtime[i]) != 0)
			return false;
	}
	return true;
}

/* Where packages of /opt go: only those that the policy's programs lie in. */
static bool put_opt(const struct view *v)
{
	char path[SANDBOX_OPT_NAME + 4];

	if (v->plan->opt_count > 0 && mkdirat(v->root, "opt", 0755) != 0)
		return false;
	for (size_t i = 0; i < v->plan->opt_count; i++)
		if (mkdirat(v->root, opt_path(v, i, path), 0755) != 0)
			return false;
	return true;
}

static bool fill_root(const struct view *v)
{
	static const char *const directories[] = {"etc", "dev", "files", "home", "tmp"};

	umask(0);
	for (size_t i = 0; i < sizeof directories / sizeof *directories; i++)
		if (mkdirat(v->root, directories[i], i == 4 ? 01777 : 0755) != 0)
			return failed(v, "view", "a directory cannot be made");
	if (!put_links(v) || !put_opt(v) || !put_accounts(v) || !put_timezone(v) ||
	    symlinkat("urandom", v->root, "dev/random") != 0)
		return failed(v, "view", "a file cannot be made");
	for (size_t i = 0; i < SINGLES; i++)
		if (v->singles[i] >= 0 && !put_file(v, singles[i], ""))
			return failed(v, "view", "a file to mount on cannot be made");
	for (size_t i = 0; i < NAMES; i++)
		if (v->names[i] >= 0 && !put_file(v, names[i].view, ""))
			return failed(v, "view", "a file of the resolver cannot be made");
	if (v->state >= 0 && mkdirat(v->root, &SANDBOX_STATE[1], 0755) != 0)
		return failed(v, "view", "a directory for state cannot be made");
	return true;
}

/* ---- after the switch ---- */

static bool attach(const struct view *v, int tree, const char *at)
{
	return tree < 0 || kernel_move_mount(tree, v->root, at) == 0;
}

static bool attach_all(struct view *v)
{
	char path[SANDBOX_OPT_NAME + 4];

	/* On "/" itself: the old root is left beneath it, and pivot_root() swaps the two. */
	if (kernel_move_mount(v->root, AT_FDCWD, "/") != 0)
		return failed(v, "view", "cannot be attached");
	for (size_t i = 0; i < RUNTIMES; i++)
		if (!attach(v, v->runtime[i], runtime[i]))
			return failed(v, "runtime", "cannot be attached");
	for (size_t i = 0; i < v->plan->opt_count; i++)
		if (!attach(v, v->opt[i], opt_path(v, i, path)))
			return failed(v, "runtime", "a package of /opt cannot be attached");
	for (size_t i = 0; i < SINGLES; i++)
		if (!attach(v, v->singles[i], singles[i]))
			return failed(v, "runtime", "a device or ld.so.cache cannot be attached");
	for (size_t i = 0; i < NAMES; i++)
		if (!attach(v, v->names[i], names[i].view))
			return failed(v, "runtime", "a file of the resolver cannot be attached");
	if (!attach(v, v->docroot, "files") || !attach(v, v->state, &SANDBOX_STATE[1]))
		return failed(v, "docroot", "cannot be attached");
	if (!paths_attach(v->sandbox, v->docroot, v->path, v->fault))
		return false;

	/* /tmp is the same tmpfs once more, writable; then everything else of it is not. */
	int tmp = tree_clone(v->root, "tmp", 0);
	if (tmp < 0 || !attach(v, tmp, "tmp"))
		return failed(v, "view", "/tmp cannot be attached");
	if (!tree_restrict(v->root, MOUNT_ATTR_RDONLY, 0))
		return failed(v, "view", "its root cannot be made read-only");
	return true;
}

static bool pivot(struct view *v)
{
	if (fchdir(v->root) != 0 || syscall(SYS_pivot_root, ".", ".") != 0)
		return failed(v, "view", "cannot become the root");
	if (syscall(SYS_umount2, ".", KERNEL_MNT_DETACH) != 0)
		return failed(v, "view", "the host's mounts cannot be left behind");
	if (chdir(SANDBOX_FILES) != 0)
		return failed(v, "docroot", "cannot be entered");
	return true;
}

/* The kernel clones no mount of another namespace, and the host's root was opened in the one before (I5). */
static bool is_new_namespace(const struct view *v)
{
	int tree = tree_clone(v->host, "", AT_EMPTY_PATH);

	if (tree >= 0)
		close(tree);
	return tree < 0 && errno == EINVAL;
}

static bool switch_namespace(const struct view *v, bool user_namespace)
{
	if (!user_namespace && unshare(CLONE_NEWNS) != 0)
		return failed(v, "mount namespace", "cannot be made");
	if (!user_namespace && !is_new_namespace(v))
		return failed(v, "mount namespace", "it is still the host's");
	/* Before anything is attached: on a shared "/" a mount would land in the host. */
	if (syscall(SYS_mount, NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
		return failed(v, "mount namespace", "cannot be made private");
	return true;
}

bool view_enter(struct sandbox *sandbox, struct sandbox_fault *fault)
{
	/* In a user namespace what was opened before it cannot be cloned. */
	if (sandbox->user_namespace && (!docroot_reopen(sandbox->view, &sandbox->docroot, fault) ||
					!paths_reopen(sandbox, fault) ||
					!state_reopen(sandbox->view, &sandbox->state, fault)))
		return false;
	struct view v = {.sandbox = sandbox, .plan = sandbox->view, .fault = fault, .docroot = sandbox->docroot,
			 .state = sandbox->state};

	v.host = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (v.host < 0)
		return failed(&v, "view", "the host's root cannot be opened");
	/* With file capabilities trees are cloned before the switch: an older fd is refused after it. */
	if (sandbox->user_namespace)
		return switch_namespace(&v, true) && clone_docroot(&v) && clone_state(&v) && clone_runtime(&v) &&
		       make_root(&v) && fill_root(&v) && attach_all(&v) && pivot(&v);
	return clone_docroot(&v) && clone_state(&v) && clone_runtime(&v) && make_root(&v) && fill_root(&v) &&
	       switch_namespace(&v, false) && attach_all(&v) && pivot(&v);
}
