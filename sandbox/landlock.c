#include "kernel.h"
#include "program.h"
#include "reach.h"
#include "step.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

static const char *step = "landlock";

#define FS(right) LANDLOCK_ACCESS_FS_##right

/* Rights on files proper; the kernel refuses the others in a rule for one. */
#define FILE_RIGHTS (FS(EXECUTE) | FS(READ_FILE) | FS(WRITE_FILE) | KERNEL_FS_TRUNCATE | KERNEL_FS_IOCTL_DEV)

/*
 * What each use of files beneath the docroot needs. Where mounts keep the rest away, only what is withheld is
 * handled: what they uphold already would be checked again at every open.
 */
static const struct {
	unsigned use;
	uint64_t rights;
} uses[] = {
	{SANDBOX_READ, FS(READ_FILE)},
	{SANDBOX_WRITE, FS(WRITE_FILE) | KERNEL_FS_TRUNCATE},
	{SANDBOX_LIST, FS(READ_DIR)},
	{SANDBOX_CREATE, FS(MAKE_REG) | FS(MAKE_FIFO) | FS(MAKE_SOCK)},
	{SANDBOX_MKDIR, FS(MAKE_DIR)},
	{SANDBOX_REMOVE, FS(REMOVE_FILE) | FS(REMOVE_DIR)},
	{SANDBOX_MOVE, FS(REFER)},
	{SANDBOX_SYMLINK, FS(MAKE_SYM)},
};

/* Handled whatever the grant: what may be executed, special files, and moves (denied unless granted). */
#define ALWAYS (FS(EXECUTE) | FS(MAKE_CHAR) | FS(MAKE_BLOCK) | FS(MAKE_SOCK) | FS(MAKE_FIFO) | FS(REFER))

struct ruleset {
	int fd;
	uint64_t handled;
	struct sandbox_fault *fault;
};

int sandbox_landlock_abi(void)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);

	return abi > 0 ? (int)abi : 0;
}

/* Allows rights beneath (or on) what fd is open on, and closes it. */
static bool allow_fd(const struct ruleset *r, int fd, uint64_t rights)
{
	struct stat st;

	rights &= r->handled;
	if (rights & ~FILE_RIGHTS && fstat(fd, &st) == 0 && !S_ISDIR(st.st_mode))
		rights &= FILE_RIGHTS;
	struct landlock_path_beneath_attr rule = {.allowed_access = rights, .parent_fd = fd};
	bool allowed = rights == 0 || syscall(SYS_landlock_add_rule, r->fd, LANDLOCK_RULE_PATH_BENEATH,
					      &rule, 0) == 0;
	int error = errno;
	close(fd);
	errno = error;
	return allowed || step_failed(r->fault, step, "a rule cannot be added");
}

/* The same by a path of the view's. What is not on this host needs no rule. */
static bool allow(const struct ruleset *r, const char *path, uint64_t rights)
{
	if (!(rights & r->handled))
		return true; /* nothing of it is withheld anywhere */
	int fd = kernel_open(path, O_PATH);
	if (fd < 0)
		return errno == ENOENT || step_failed(r->fault, step, "a path of the view cannot be opened");
	return allow_fd(r, fd, rights);
}

static uint64_t rights_of(unsigned files)
{
	uint64_t rights = 0;

	for (size_t i = 0; i < sizeof uses / sizeof *uses; i++)
		if (files & uses[i].use)
			rights |= uses[i].rights;
	return rights;
}

static uint64_t known_to(int abi)
{
	uint64_t unknown = 0;

	if (abi < 2)
		unknown |= FS(REFER);
	if (abi < 3)
		unknown |= KERNEL_FS_TRUNCATE;
	if (abi < 5)
		unknown |= KERNEL_FS_IOCTL_DEV;
	return ~unknown;
}

static bool has_tmp(const struct sandbox_view *view)
{
	return view->isolation == SANDBOX_NAMESPACE && view->tmp > 0;
}

/* Before ABI 5, where no place to write is sure to be there: the root is not listed, so that something is refused. */
static uint64_t handled_to_probe(int abi, const struct sandbox_view *view)
{
	return view->isolation == SANDBOX_NAMESPACE && !has_tmp(view) && abi < 5 ? FS(READ_DIR) : 0;
}

/* What the kernel's ABI knows, of the rights that this grant needs handled. */
static uint64_t handled_by(int abi, const struct sandbox_grant *grant)
{
	/* Mounts end what can be reached; a chroot does not, for a directory that is moved out of it. */
	uint64_t held = grant->view->isolation == SANDBOX_NAMESPACE ? rights_of(grant->files) : 0;
	uint64_t handled = ALWAYS | KERNEL_FS_IOCTL_DEV | (rights_of(~0u) & ~held) |
			   handled_to_probe(abi, grant->view);

	/* A program that may start others could start the loader with any file that it can read. */
	if (grant->profile == SANDBOX_SPAWN)
		handled |= FS(READ_FILE);
	return handled & known_to(abi);
}

static int create(int abi, const struct sandbox_grant *grant, uint64_t handled)
{
	struct kernel_ruleset attr = {.fs = handled};
	size_t size = abi >= 6 ? sizeof attr : abi >= 4 ? 2 * sizeof(uint64_t) : sizeof(uint64_t);

	if (grant->profile != SANDBOX_NET)
		attr.net = KERNEL_NET_BIND_TCP | KERNEL_NET_CONNECT_TCP;
	attr.scoped = KERNEL_SCOPE_ABSTRACT_UNIX | KERNEL_SCOPE_SIGNAL;
	return (int)syscall(SYS_landlock_create_ruleset, &attr, size, 0);
}

static bool allow_directory(const struct ruleset *r, const char *files, const struct sandbox_files_at *at)
{
	char path[2 * PATH_MAX];

	snprintf(path, sizeof path, "%s%s", files, at->directory);
	int fd = kernel_openat2(AT_FDCWD, path, O_PATH | O_CLOEXEC, RESOLVE_NO_SYMLINKS);
	if (fd < 0)
		return step_failed(r->fault, step, "a directory of the docroot cannot be opened");
	return allow_fd(r, fd, rights_of(at->files));
}

/* The docroot. What is granted beneath single directories adds to what is granted around them. */
static bool allow_files(const struct ruleset *r, const struct sandbox_grant *grant)
{
	const char *files = grant->view->files;
	const struct sandbox_files_at whole = {*files ? "" : "/", grant->files};
	bool good = !grant->view->docroot || allow_directory(r, files, &whole);

	for (size_t i = 0; good && i < grant->at_count; i++)
		good = allow_directory(r, files, &grant->at[i]);
	return good;
}

static bool allow_all(const struct ruleset *r, const struct reach *rows)
{
	bool good = true;

	for (; good && rows->path; rows++)
		good = allow(r, rows->path, rows->rights);
	return good;
}

/* A package of /opt that the policy names; in the other isolations no other is there. */
static bool allow_packages(const struct ruleset *r, const struct sandbox_view *view)
{
	char path[SANDBOX_OPT_NAME + 8];
	bool good = true;

	for (size_t i = 0; good && i < view->opt_count; i++) {
		snprintf(path, sizeof path, "/opt/%s", view->opt[i]);
		good = allow(r, path, REACH_SEE);
	}
	return good;
}

static bool is_directory(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool has_multiarch(void)
{
	return is_directory(reach_libraries[0].path) || is_directory(reach_libraries[1].path);
}

/* The runtime: all of it may be read, but for a spawning program libraries and data only. */
static bool allow_runtime(const struct ruleset *r, const struct sandbox_grant *grant)
{
	const struct sandbox_view *view = grant->view;
	bool spawn = grant->profile == SANDBOX_SPAWN;

	if (!allow_all(r, spawn ? reach_libraries : reach_runtime) ||
	    (spawn && !has_multiarch() && !allow_all(r, reach_flat)))
		return false;
	if (view->isolation == SANDBOX_LANDLOCK && !spawn && !allow_packages(r, view))
		return false;
	return allow_all(r, reach_rest[view->isolation]) &&
	       (!has_tmp(view) || allow(r, "/tmp", REACH_PLAIN)) && /* private, and gone with the session */
	       (!grant->state || allow(r, SANDBOX_STATE, REACH_PLAIN));
}

/* It is mounted; the other isolations mount nothing, and what has that name there is somebody else's. */
static bool has_state(const struct sandbox_grant *grant)
{
	struct stat root, state;

	return grant->view->isolation == SANDBOX_NAMESPACE && grant->view->state && stat("/", &root) == 0 &&
	       stat(SANDBOX_STATE, &state) == 0 && state.st_dev != root.st_dev;
}

/* A program without state of its own has no business in the state of another, whatever it may do to files. */
static uint64_t guard_state(const struct sandbox_grant *grant)
{
	return !grant->state && has_state(grant) ? rights_of(~0u) : 0;
}

static bool check_state(const struct sandbox_grant *grant, struct sandbox_fault *fault)
{
	if (!grant->state || has_state(grant))
		return true;
	errno = 0;
	return step_misconfigured(fault, "state", "the account has no state directory",
				  grant->view->isolation == SANDBOX_NAMESPACE ? "as root: sallyport state NAME"
									      : "isolation = namespace");
}

static bool allow_programs(const struct ruleset *r, const struct sandbox_grant *grant)
{
	const uint64_t run = FS(EXECUTE) | FS(READ_FILE);
	struct program_files files;
	bool good = true;

	if (!program_find(grant->program, &files)) {
		return step_misconfigured(r->fault, "program",
					  errno == ENOENT ? "it is not installed" : "it cannot be executed",
					  "install it, or set `program` in the policy");
	}
	for (int i = 0; good && i < files.count; i++)
		good = allow(r, files.path[i], run);
	for (const char *const *path = grant->inside; good && path && *path; path++)
		good = allow(r, *path, run);
	return good;
}

/*
 * I5: in each isolation something is tried that Landlock alone forbids. What is there to be tried is found out
 * before it is enforced.
 */
struct probe;
typedef bool probe_held(const struct probe *probe);

struct probe {
	probe_held *held;
	const char *path; /* of probe_names() */
	int abi;
};

/* A device refuses to be driven, from ABI 5 on. *there: it could be opened. */
static bool refuses_to_be_driven(bool *there)
{
	int fd = kernel_open("/dev/null", O_RDONLY | O_NOCTTY);
	bool refused = fd >= 0 && ioctl(fd, TIOCSTI, "") != 0 && errno == EACCES;

	*there = fd >= 0;
	if (fd >= 0)
		close(fd);
	return refused;
}

/* Nobody may make a fifo in /tmp. */
static bool probe_tmp(const struct probe *probe)
{
	(void)probe;
	return mkfifo("/tmp/probe", 0600) != 0 && errno == EACCES;
}

static bool probe_device(const struct probe *probe)
{
	bool there;

	(void)probe;
	return refuses_to_be_driven(&there);
}

/*
 * All that is there belongs to the docroot. Before ABI 5: a device node cannot be made, which without Landlock would be
 * EPERM where the account may write; elsewhere that says nothing.
 */
static bool probe_chroot(const struct probe *probe)
{
	bool there, refused = refuses_to_be_driven(&there);

	if (there && probe->abi >= 5)
		return refused;
	return mknod("probe", S_IFCHR | 0600, makedev(1, 3)) != 0 && errno != EPERM;
}

/* A directory that could be read before: of the host's, or the view's root (handled_to_probe()). */
static bool probe_names(const struct probe *probe)
{
	return probe->path && open(probe->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) < 0 && errno == EACCES;
}

static probe_held *choose_probe(const struct sandbox_view *view, int abi)
{
	switch (view->isolation) {
	case SANDBOX_CHROOT: return probe_chroot;
	case SANDBOX_NAMESPACE:
		if (has_tmp(view))
			return probe_tmp;
		return abi >= 5 ? probe_device : probe_names;
	default: return probe_names;
	}
}

static struct probe prepare_probe(const struct sandbox_grant *grant, int abi)
{
	static const char *const elsewhere[] = {"/", "/etc", "/var", "/proc"};
	struct probe probe = {.held = choose_probe(grant->view, abi), .abi = abi};

	for (size_t i = 0; probe.held == probe_names && !probe.path &&
			   i < sizeof elsewhere / sizeof *elsewhere; i++) {
		int fd = open(elsewhere[i], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (fd < 0)
			continue;
		probe.path = elsewhere[i];
		close(fd);
	}
	return probe;
}

static bool may_be_absent(const struct sandbox_grant *grant)
{
	/* Without it a program that may start others could start anything of the runtime. */
	return grant->may_lack_landlock && grant->profile != SANDBOX_SPAWN &&
	       grant->view->isolation != SANDBOX_LANDLOCK;
}

bool landlock_close(const struct sandbox_grant *grant, struct sandbox_fault *fault)
{
	int abi = grant->landlock;

	if (!check_state(grant, fault))
		return false;
	if (abi == 0) {
		if (may_be_absent(grant))
			return true;
		step_failed(fault, step, "this kernel does not have it");
		fault->want = grant->view->isolation == SANDBOX_LANDLOCK
				      ? "enable it (lsm=landlock,...), or another isolation"
				      : "enable it (lsm=landlock,...), or say may-lack = landlock in the policy";
		return false;
	}
	struct ruleset r = {.handled = handled_by(abi, grant), .fault = fault};

	r.handled |= guard_state(grant) & known_to(abi);

	r.fd = create(abi, grant, r.handled);
	if (r.fd < 0)
		return step_failed(fault, step, "a ruleset cannot be made");
	bool good = allow_programs(&r, grant) && allow_runtime(&r, grant) && allow_files(&r, grant);
	struct probe probe = prepare_probe(grant, abi);
	if (good && syscall(SYS_landlock_restrict_self, r.fd, 0) != 0)
		good = step_failed(fault, step, "cannot be enforced");
	close(r.fd);
	if (good && !probe.held(&probe))
		good = step_failed(fault, "verify", "Landlock is not in force");
	return good;
}
