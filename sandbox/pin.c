/*
 * pin - builds the pinned view and puts it in its place; the tool's, as root. pinned.h has what
 * stands where.
 *
 * Sessions come at any time: the new one is complete, and the link to it is replaced in one step,
 * before the old one goes.
 */
#include "base.h"
#include "kernel.h"
#include "pin.h"
#include "pinned.h"

#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>

static const char *step = "pinned view";

struct pin {
	const char *directory;
	struct sandbox_fault *fault;
	const struct sandbox_account *accounts;
	size_t count;
	int lock;  /* the directory above, locked */
	int at;    /* the directory */
	int own;   /* this process's mount namespace */
	int ns;    /* the new one */
	bool aged; /* it could not be bound: the kernel takes it for older than ours */
	char name[SANDBOX_PIN_NAME + 1];
};

static bool failed(const struct pin *pin, const char *reason)
{
	return step_failed(pin->fault, step, reason);
}

static void close_all(struct pin *pin)
{
	const int fds[] = {pin->lock, pin->at, pin->own, pin->ns};
	int error = errno;

	for (size_t i = 0; i < sizeof fds / sizeof *fds; i++)
		if (fds[i] >= 0)
			close(fds[i]);
	errno = error;
}

/* ---- what is mounted in the runtime ---- */

static bool is_of_runtime(const char *point)
{
	for (const char *const *name = base_runtime; *name; name++) {
		size_t length = strlen(*name);

		if (strncmp(point + 1, *name, length) == 0 &&
		    (point[1 + length] == '/' || !point[1 + length]))
			return true;
	}
	return false;
}

/* By /proc/self/mountinfo: "ID PARENT MAJOR:MINOR ROOT POINT FLAGS …", proc_pid_mountinfo(5). */
static bool hash_mounts(uint64_t *hash)
{
	FILE *file = fopen("/proc/self/mountinfo", "re");
	char *line = NULL;
	size_t room = 0;

	*hash = 0xcbf29ce484222325;
	while (file && getline(&line, &room, file) > 0) {
		int point = 0, end = 0;

		if (sscanf(line, "%*s %*s %*s %*s %n%*s%n", &point, &end) < 0 || !end)
			continue;
		line[end] = '\0';
		if (!is_of_runtime(line + point))
			continue;
		for (const char *c = line; *c; c++)
			*hash = (*hash ^ (unsigned char)*c) * 0x100000001b3;
	}
	bool good = file && !ferror(file);
	free(line);
	if (file)
		fclose(file);
	return good;
}

bool sandbox_pin_has_mounts(const struct sandbox_pinned *pinned, bool *same,
			    struct sandbox_fault *fault)
{
	uint64_t stamp, mounts, now;

	if (!hash_mounts(&now))
		return step_failed(fault, step, "/proc/self/mountinfo cannot be read");
	*same = pinned_read_name(pinned->name, &stamp, &mounts) && mounts == now;
	return true;
}

/* What it is made of, and a number for two of the same. */
static bool make_name(const struct pin *pin, char name[SANDBOX_PIN_NAME + 1])
{
	int host = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	uint64_t mounts;
	unsigned dice, directories;

	if (host < 0 || !hash_mounts(&mounts) || getrandom(&dice, sizeof dice, 0) != sizeof dice)
		return failed(pin, "the host's files cannot be told");
	snprintf(name, SANDBOX_PIN_NAME + 1, "%016llx-%016llx-%08x",
		 (unsigned long long)base_stamp(host, &directories), (unsigned long long)mounts, dice);
	close(host);
	return true;
}

/* ---- the directory ---- */

/*
 * The directory above, made if need be, and locked. A missing one is no fault if it shall not be
 * made: pin->lock is -1.
 */
static bool lock_above(struct pin *pin, bool make)
{
	char above[PATH_MAX];
	struct stat st;
	int n = snprintf(above, sizeof above, "%s", pin->directory);
	char *slash = n < (int)sizeof above ? strrchr(above, '/') : NULL;

	if (!slash || slash == above)
		return failed(pin, "its directory has no name that can be used");
	*slash = '\0';
	if (make && mkdir(above, 0755) != 0 && errno != EEXIST)
		return failed(pin, "the directory above it cannot be made");
	pin->lock = open(above, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (pin->lock < 0 && errno == ENOENT && !make)
		return true;
	if (pin->lock < 0 || !pinned_is_roots(above))
		return failed(pin, "bad ownership or modes for a directory above it");
	if (fstat(pin->lock, &st) != 0 || !(st.st_mode & S_IXOTH))
		return failed(pin, "the directory above it cannot be searched by accounts");
	return flock(pin->lock, LOCK_EX) == 0 || failed(pin, "it cannot be locked");
}

static bool open_directory(struct pin *pin)
{
	pin->at = open(pin->directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return pin->at >= 0;
}

/*
 * A mount of its own, private: a mount namespace can be bound to no file of a shared mount, which
 * "/run" is where systemd runs. It is mounted private, so that what is bound in it is in this
 * namespace alone.
 */
static bool make_directory(struct pin *pin)
{
	struct stat above, here;

	if (mkdir(pin->directory, 0755) != 0 && errno != EEXIST)
		return failed(pin, "its directory cannot be made");
	if (fstat(pin->lock, &above) != 0 || lstat(pin->directory, &here) != 0)
		return failed(pin, "its directory cannot be looked at");
	if (!S_ISDIR(here.st_mode))
		return failed(pin, "its directory is something else");
	if (here.st_dev == above.st_dev &&
	    syscall(SYS_mount, "sallyport", pin->directory, "tmpfs",
		    MS_NOSUID | MS_NODEV | MS_NOEXEC, "size=64k,mode=0755") != 0)
		return failed(pin, "nothing can be mounted on its directory");
	if (syscall(SYS_mount, NULL, pin->directory, NULL, MS_PRIVATE, NULL) != 0)
		return failed(pin, "its directory cannot be made private");
	if (!pinned_is_roots(pin->directory))
		return failed(pin, "bad ownership or modes for its directory");
	return open_directory(pin) || failed(pin, "its directory cannot be opened");
}

/* ---- the view ---- */

/* The base with what pin.c adds to it. */
static bool make(const struct pin *pin, struct base *base)
{
	base->bytes = pin->count * 2 * (uint64_t)getpagesize();
	base->inodes = "16k"; /* SANDBOX_PIN_ACCOUNTS_MAX have three each */
	return base_make(base) &&
	       (symlinkat(pin->name, base->root, PINNED_MARK) == 0 || failed(pin, "it cannot be marked")) &&
	       (pin_put_accounts(base->root, pin->accounts, pin->count) ||
		failed(pin, "an account's passwd and group cannot be made"));
}

/* In a namespace of its own. If it fails, the process may be left there, and must end. */
static bool build(struct pin *pin)
{
	struct base base;
	bool good = base_open(&base, pin->fault) && base_clone(&base) && make(pin, &base) &&
		    base_leave_host(&base, false);

	/* While there is a /proc: the namespace is the same one when the root has changed. */
	pin->ns = good ? open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC) : -1;
	if (good && pin->ns < 0)
		good = failed(pin, "/proc/self/ns/mnt cannot be opened");
	good = good && base_attach(&base) && base_enter(&base);
	if (good && setns(pin->own, CLONE_NEWNS) != 0)
		good = failed(pin, "the host's mount namespace cannot be entered again");
	return good;
}

/* Nobody changed what it is made of while it was. */
static bool is_still_fresh(const struct pin *pin)
{
	char now[SANDBOX_PIN_NAME + 1];

	if (!make_name(pin, now))
		return false;
	errno = 0;
	return strncmp(now, pin->name, SANDBOX_PIN_NAME - 8) == 0 ||
	       failed(pin, "the host's files changed while it was made; try again");
}

static const char *path_of(const struct pin *pin, const char *name, char path[PATH_MAX])
{
	snprintf(path, PATH_MAX, "%s/%s", pin->directory, name);
	return path;
}

/* Takes it away again. */
static void forget(const struct pin *pin)
{
	char path[PATH_MAX];

	syscall(SYS_umount2, path_of(pin, pin->name, path), KERNEL_MNT_DETACH);
	unlinkat(pin->at, pin->name, 0);
}

/* Binds it to a file. */
static bool bind_namespace(struct pin *pin)
{
	char from[32], path[PATH_MAX];
	int file = openat(pin->at, pin->name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0444);

	if (file < 0)
		return failed(pin, "a file for it cannot be made");
	close(file);
	snprintf(from, sizeof from, "/proc/self/fd/%d", pin->ns);
	if (syscall(SYS_mount, from, path_of(pin, pin->name, path), NULL, MS_BIND, NULL) == 0)
		return true;
	pin->aged = errno == EINVAL;
	failed(pin, "its namespace cannot be bound to a file");
	forget(pin);
	return false;
}

static bool build_and_bind(struct pin *pin)
{
	return build(pin) && is_still_fresh(pin) && bind_namespace(pin);
}

/*
 * A namespace can be bound only in an older one. Linux 6.18 tells their age by numbers that each
 * processor gives out by itself, so a container's own may have a higher one (EINVAL): then once
 * more on each processor, for on the one that made the container's it has not. The host's first
 * namespace has the lowest number, and the first try serves.
 */
static bool build_somewhere(struct pin *pin)
{
	cpu_set_t allowed, one;
	bool good = build_and_bind(pin);

	if (good || !pin->aged || sched_getaffinity(0, sizeof allowed, &allowed) != 0)
		return good;
	for (int cpu = 0; cpu < CPU_SETSIZE && pin->aged; cpu++) {
		if (!CPU_ISSET(cpu, &allowed))
			continue;
		pin->aged = false;
		CPU_ZERO(&one);
		CPU_SET(cpu, &one);
		close(pin->ns);
		good = sched_setaffinity(0, sizeof one, &one) == 0 && build_and_bind(pin);
	}
	return good;
}

static bool point_to(const struct pin *pin)
{
	static const char next[] = PINNED_CURRENT ".new";

	unlinkat(pin->at, next, 0); /* of a run that was killed */
	return (symlinkat(pin->name, pin->at, next) == 0 &&
		renameat(pin->at, next, pin->at, PINNED_CURRENT) == 0) ||
	       failed(pin, "the link to it cannot be put in its place");
}

/* Every other one. The sessions in them have namespaces of their own. */
static bool clear(const struct pin *pin)
{
	char path[PATH_MAX];
	uint64_t stamp, mounts;
	bool cleared = true;
	int fd = openat(pin->at, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *list = fd >= 0 ? fdopendir(fd) : NULL;

	if (!list)
		return failed(pin, "its directory cannot be read");
	for (struct dirent *entry; (entry = readdir(list));) {
		if (!pinned_read_name(entry->d_name, &stamp, &mounts) ||
		    strcmp(entry->d_name, pin->name) == 0)
			continue;
		syscall(SYS_umount2, path_of(pin, entry->d_name, path), KERNEL_MNT_DETACH);
		cleared = unlinkat(pin->at, entry->d_name, 0) == 0 && cleared;
	}
	closedir(list);
	return cleared || failed(pin, "the one before it cannot be taken away");
}

bool sandbox_pin_make(const char *directory, const struct sandbox_account *accounts, size_t count,
		      struct sandbox_fault *fault)
{
	struct pin pin = {.directory = directory, .fault = fault, .lock = -1, .at = -1, .ns = -1};

	pin.accounts = accounts;
	pin.count = count < SANDBOX_PIN_ACCOUNTS_MAX ? count : SANDBOX_PIN_ACCOUNTS_MAX;
	umask(0);
	pin.own = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
	bool good = (pin.own >= 0 || failed(&pin, "/proc/self/ns/mnt cannot be opened")) &&
		    lock_above(&pin, true) && make_directory(&pin) && make_name(&pin, pin.name) &&
		    build_somewhere(&pin);
	bool pointed = good && point_to(&pin);

	if (good && !pointed)
		forget(&pin);
	good = pointed && clear(&pin);
	close_all(&pin);
	return good;
}

bool sandbox_pin_remove(const char *directory, struct sandbox_fault *fault)
{
	struct pin pin = {.directory = directory, .fault = fault};

	pin.lock = pin.at = pin.own = pin.ns = -1;
	bool good = lock_above(&pin, false) && (pin.lock < 0 || open_directory(&pin) || errno == ENOENT ||
						failed(&pin, "its directory is something else"));

	if (pin.at >= 0) {
		/* First: no session is to look for what goes. */
		unlinkat(pin.at, PINNED_CURRENT, 0);
		good = clear(&pin);
		close(pin.at);
		pin.at = -1;
		syscall(SYS_umount2, directory, KERNEL_MNT_DETACH);
		good = good &&
		       (rmdir(directory) == 0 || failed(&pin, "its directory cannot be removed"));
	}
	close_all(&pin);
	return good;
}
