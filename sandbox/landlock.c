#include "kernel.h"
#include "program.h"
#include "step.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>

static const char *step = "landlock";

#define FS(right) LANDLOCK_ACCESS_FS_##right

/* Rights on files proper; the kernel refuses the others in a rule for one. */
#define FILE_RIGHTS (FS(EXECUTE) | FS(READ_FILE) | FS(WRITE_FILE) | KERNEL_FS_TRUNCATE | KERNEL_FS_IOCTL_DEV)

/*
 * What each use of files beneath the docroot needs. Only what is withheld is handled: rights that the mounts
 * uphold already would be checked again at every open.
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

/* A private /tmp is for plain files. */
#define TMP_RIGHTS                                                                                  \
	(FS(READ_FILE) | FS(WRITE_FILE) | KERNEL_FS_TRUNCATE | FS(READ_DIR) | FS(MAKE_REG) |        \
	 FS(MAKE_DIR) | FS(REMOVE_FILE) | FS(REMOVE_DIR) | FS(REFER))

#define SEE (FS(READ_FILE) | FS(READ_DIR))

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
	if (fstat(fd, &st) == 0 && !S_ISDIR(st.st_mode))
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
	int fd = open(path, O_PATH | O_CLOEXEC);
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

/* What the kernel's ABI knows, of the rights that this grant needs handled. */
static uint64_t handled_by(int abi, const struct sandbox_grant *grant)
{
	uint64_t handled = ALWAYS | KERNEL_FS_IOCTL_DEV | (rights_of(~0u) & ~rights_of(grant->files));

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

/* What is granted beneath single directories adds to what is granted around them. */
static bool allow_files(const struct ruleset *r, const struct sandbox_grant *grant)
{
	char path[sizeof SANDBOX_FILES + PATH_MAX];

	if (!allow(r, SANDBOX_FILES, rights_of(grant->files)))
		return false;
	for (size_t i = 0; i < grant->at_count; i++) {
		snprintf(path, sizeof path, SANDBOX_FILES "%s", grant->at[i].directory);
		int fd = kernel_openat2(AT_FDCWD, path, O_PATH | O_CLOEXEC, RESOLVE_NO_SYMLINKS);
		if (fd < 0)
			return step_failed(r->fault, step, "a directory of the docroot cannot be opened");
		if (!allow_fd(r, fd, rights_of(grant->at[i].files)))
			return false;
	}
	return true;
}

static bool is_directory(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* The runtime: all of it may be read, but for a spawning program libraries and data only. */
static bool allow_runtime(const struct ruleset *r, const struct sandbox_grant *grant)
{
	static const char *const whole[] = {"/usr", "/lib", "/lib64", "/lib32", "/libx32", "/bin", "/sbin", "/opt"};
	static const char *const libraries[] = {
		"/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/lib64",
		"/usr/lib/locale", "/usr/share/locale", "/usr/share/zoneinfo", "/usr/share/git-core"};
	static const char *const flat[] = {"/usr/lib", "/lib"}; /* distributions without the above */
	bool spawn = grant->profile == SANDBOX_SPAWN, good = true;
	bool multiarch = is_directory(libraries[0]) || is_directory(libraries[1]);

	for (size_t i = 0; !spawn && good && i < sizeof whole / sizeof *whole; i++)
		good = allow(r, whole[i], SEE);
	for (size_t i = 0; spawn && good && i < sizeof libraries / sizeof *libraries; i++)
		good = allow(r, libraries[i], SEE);
	for (size_t i = 0; spawn && !multiarch && good && i < sizeof flat / sizeof *flat; i++)
		good = allow(r, flat[i], SEE);
	return good && allow(r, "/etc", SEE) && allow(r, SANDBOX_HOME, SEE) &&
	       allow(r, "/dev", SEE | FS(WRITE_FILE) | KERNEL_FS_TRUNCATE) &&
	       allow(r, "/tmp", TMP_RIGHTS) &&
	       (!grant->state || allow(r, SANDBOX_STATE, TMP_RIGHTS));
}

/* A program without state of its own has no business in the state of another, whatever it may do to files. */
static uint64_t guard_state(const struct sandbox_grant *grant)
{
	return !grant->state && is_directory(SANDBOX_STATE) ? rights_of(~0u) : 0;
}

static bool check_state(const struct sandbox_grant *grant, struct sandbox_fault *fault)
{
	if (!grant->state || is_directory(SANDBOX_STATE))
		return true;
	errno = 0;
	step_failed(fault, "state", "the account has no state directory");
	fault->want = "as root: sallyport state NAME";
	fault->configuration = true;
	return false;
}

static bool allow_programs(const struct ruleset *r, const struct sandbox_grant *grant)
{
	const uint64_t run = FS(EXECUTE) | FS(READ_FILE);
	struct program_files files;
	bool good = true;

	if (!program_find(grant->program, &files)) {
		step_failed(r->fault, "program", errno == ENOENT ? "it is not installed"
								 : "it cannot be executed");
		r->fault->want = "install it, or set `program` in the policy";
		r->fault->configuration = true;
		return false;
	}
	for (int i = 0; good && i < files.count; i++)
		good = allow(r, files.path[i], run);
	for (const char *const *path = grant->inside; good && path && *path; path++)
		good = allow(r, *path, run | FS(READ_DIR));
	return good;
}

/* Nobody may make a fifo in /tmp: if that works, Landlock is not in force (I5). */
static bool verify(struct sandbox_fault *fault)
{
	if (mkfifo("/tmp/probe", 0600) == 0 || errno != EACCES)
		return step_failed(fault, "verify", "Landlock is not in force");
	return true;
}

bool landlock_close(struct sandbox_grant *grant, struct sandbox_fault *fault)
{
	int abi = sandbox_landlock_abi();

	if (!check_state(grant, fault))
		return false;
	if (abi == 0) {
		/* Without it a program that may start others could start anything of the runtime. */
		if (grant->may_lack_landlock && grant->profile != SANDBOX_SPAWN)
			return true;
		step_failed(fault, step, "this kernel does not have it");
		fault->want = "enable it (lsm=landlock,...), or say may-lack = landlock in the policy";
		return false;
	}
	struct ruleset r = {.handled = handled_by(abi, grant), .fault = fault};

	r.handled |= guard_state(grant) & known_to(abi);

	r.fd = create(abi, grant, r.handled);
	if (r.fd < 0)
		return step_failed(fault, step, "a ruleset cannot be made");
	bool good = allow_programs(&r, grant) && allow_runtime(&r, grant) && allow_files(&r, grant);
	if (good && syscall(SYS_landlock_restrict_self, r.fd, 0) != 0)
		good = step_failed(fault, step, "cannot be enforced");
	close(r.fd);
	grant->landlock = abi;
	return good && verify(fault);
}
