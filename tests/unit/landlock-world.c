#include "landlock-world.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <unistd.h>

/*
 * Every row of sandbox/reach.c, each a directory of its own (an unmerged /usr), and places that no row names. What ends
 * in a slash is a directory. A directory comes before what lies in it.
 */
const char *const world_places[] = {
	"/usr/", "/usr/bin/", "/usr/lib/", "/usr/lib/x86_64-linux-gnu/", "/usr/lib/aarch64-linux-gnu/",
	"/usr/lib/locale/", "/usr/lib64/", "/usr/share/", "/usr/share/locale/", "/usr/share/zoneinfo/",
	"/usr/share/git-core/", "/lib/", "/lib/x86_64-linux-gnu/", "/lib/aarch64-linux-gnu/", "/lib64/", "/lib32/",
	"/libx32/", "/bin/", "/sbin/", "/opt/", "/opt/package/", "/opt/other/", "/etc/", "/etc/passwd", "/etc/group",
	"/etc/nsswitch.conf", "/etc/ld.so.cache", "/etc/localtime", "/etc/shadow", "/home/", "/dev/", "/dev/null",
	"/dev/zero", "/dev/random", "/dev/urandom", "/session/", "/tmp/", "/state/", "/files/", "/files/in/", "/var/", "/srv/",
	"/srv/a/", "/srv/a/in/", "/srv/bin/", "/usr/bin/program", "/usr/bin/inside", "/srv/bin/program", "/lib/ld.so",
	WORLD_OUTSIDE, NULL,
};

static char abstract[32];
static in_port_t port;
static pid_t parent;
static const char *world_without = "//";

static bool is_directory(const char *place) { return place[strlen(place) - 1] == '/'; }

bool world_outside(void)
{
	struct sockaddr_un name = {.sun_family = AF_UNIX};
	struct sockaddr_in any = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof any;
	int local = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), far = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	parent = getpid();
	snprintf(abstract, sizeof abstract, "sallyport-world-%d", parent);
	strcpy(name.sun_path + 1, abstract);
	if (bind(local, (struct sockaddr *)&name, sizeof name) != 0 || listen(local, 1000) != 0 ||
	    bind(far, (struct sockaddr *)&any, sizeof any) != 0 || listen(far, 1000) != 0 ||
	    getsockname(far, (struct sockaddr *)&any, &length) != 0)
		return false;
	port = any.sin_port;
	return true; /* both stay open: they are what is to be reached */
}

/* ---- the world ---- */

static bool put(const char *path, const char *bytes, size_t length)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);
	bool good = fd >= 0 && write(fd, bytes, length) == (ssize_t)length;

	if (fd >= 0)
		close(fd);
	return good;
}

/* An image that the gate understands and the kernel does not: whether it may be executed is known all the same. */
static bool put_image(const char *path)
{
	static const char loader[] = "/lib/ld.so";
	unsigned char image[64 + 56 + sizeof loader] = {0x7f, 'E', 'L', 'F', 2, 1, 1};

	image[32] = 64; /* e_phoff */
	image[54] = 56; /* e_phentsize */
	image[56] = 1;  /* e_phnum */
	image[64] = 3;  /* PT_INTERP */
	image[72] = 120;
	image[96] = sizeof loader;
	memcpy(image + 120, loader, sizeof loader);
	return put(path, (const char *)image, sizeof image);
}

static bool fill(const char *place)
{
	static const char *const files[] = {"file", "gone", "one/moved", NULL};
	static const char *const directories[] = {"empty", "one", "two", NULL};
	char path[160];

	for (const char *const *d = directories; *d; d++) {
		snprintf(path, sizeof path, "%s%s", place, *d);
		if (mkdir(path, 0777) != 0)
			return false;
	}
	for (const char *const *f = files; *f; f++) {
		snprintf(path, sizeof path, "%s%s", place, *f);
		if (!put(path, "x", 1))
			return false;
	}
	return true;
}

static bool make_place(const char *root, const char *place)
{
	char path[128], host[128];

	snprintf(path, sizeof path, "%s%s", root, place);
	if (is_directory(place) && mkdir(path, 0777) != 0)
		return false;
	/* A mount of its own tells it from the empty place that every view has for one. */
	if (strcmp(place, "/state/") == 0 && mount("state", path, "tmpfs", 0, NULL) != 0)
		return false;
	if (is_directory(place))
		return fill(path);
	if (strncmp(place, "/dev/", 5) != 0)
		return strstr(place, "bin/") ? put_image(path) : put(path, "x", 1);
	snprintf(host, sizeof host, "%s", place);
	return put(path, "", 0) && mount(host, path, NULL, MS_BIND, NULL) == 0;
}

void world_suppose(const char *without) { world_without = without; }

bool world_begin(const char *without)
{
	static const char root[] = "/tmp/world", outside[] = "/tmp/outside/";
	bool alone = getuid() == 0;

	world_suppose(without);
	if (unshare(CLONE_NEWNS | (alone ? 0 : CLONE_NEWUSER)) != 0 ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
	    mount("world", "/tmp", "tmpfs", 0, NULL) != 0)
		return false;
	umask(0);
	if (mkdir(root, 0755) != 0 || mkdir(outside, 0755) != 0 || !fill(outside))
		return false;
	for (const char *const *place = world_places; *place; place++)
		if (!strstr(*place, without) && strcmp(*place, WORLD_OUTSIDE) != 0 && !make_place(root, *place))
			return false;
	return symlink("../usr", "/tmp/world/files/link") == 0 && chdir(outside) == 0 && chroot(root) == 0;
}

const char *world_name(int fd)
{
	struct stat st, at;

	if (fstat(fd, &st) != 0)
		return "?";
	if (stat("/", &at) == 0 && at.st_ino == st.st_ino && at.st_dev == st.st_dev)
		return "/";
	for (const char *const *place = world_places; *place; place++)
		if (stat(*place, &at) == 0 && at.st_ino == st.st_ino && at.st_dev == st.st_dev)
			return *place;
	return "?";
}

/* ---- what is tried ---- */

static int done(int fd)
{
	int error = errno;

	if (fd >= 0)
		close(fd);
	errno = error;
	return fd < 0 ? -1 : 0;
}

/* Which letters make sense there: a device is no regular file, and what lies in /dev/ is a place itself. */
static const char *letters_of(const char *place)
{
	if (strcmp(place, "/dev/") == 0)
		return "l";
	if (strncmp(place, "/dev/", 5) == 0)
		return "rwi";
	return is_directory(place) ? "rwtxlcdfsyCBuDm" : "rwtx";
}

/* Nothing of an image like this is ever run: who may execute it is told so (ENOEXEC), or is told EACCES. */
static int execute(const char *path)
{
	char *const none[] = {NULL};

	return execve(path, none, none);
}

static int drive(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	int rc = fd < 0 ? -1 : ioctl(fd, TIOCSTI, "");

	done(fd);
	return rc;
}

static int try_file(char letter, const char *path)
{
	switch (letter) {
	case 'r': return done(open(path, O_RDONLY | O_CLOEXEC));
	case 'w': return done(open(path, O_WRONLY | O_TRUNC * (strncmp(path, "/dev", 4) == 0) | O_CLOEXEC));
	case 't': return truncate(path, 0);
	case 'x': return execute(path);
	case 'i': return drive(path);
	}
	return -1;
}

static int try_directory(char letter, const char *place)
{
	const char *known = letter == 'u' ? "gone" : letter == 'D' ? "empty" : letter == 'm' ? "one/moved" : NULL;
	char name[128], other[128];

	if (known)
		snprintf(name, sizeof name, "%s%s", place, known);
	else
		snprintf(name, sizeof name, "%snew-%c", place, letter); /* a name that is there is refused by itself */
	snprintf(other, sizeof other, "%stwo/moved", place);
	switch (letter) {
	case 'l': return done(open(place, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	case 'c': return mknod(name, S_IFREG | 0600, 0);
	case 'd': return mkdir(name, 0700);
	case 'f': return mkfifo(name, 0600);
	case 's': return mknod(name, S_IFSOCK | 0600, 0);
	case 'y': return symlink("x", name);
	case 'C': return mknod(name, S_IFCHR | 0600, makedev(1, 3));
	case 'B': return mknod(name, S_IFBLK | 0600, makedev(1, 3));
	case 'u': return unlink(name);
	case 'D': return rmdir(name);
	case 'm': return rename(name, other);
	}
	return -1;
}

static int try_once(char letter)
{
	struct sockaddr_un name = {.sun_family = AF_UNIX};
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int rc = -1, fd = socket(letter == 'a' ? AF_UNIX : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	strcpy(name.sun_path + 1, abstract);
	switch (letter) {
	case 'a': rc = connect(fd, (struct sockaddr *)&name, sizeof name); break;
	case 'k': rc = kill(parent, 0); break;
	case 'n': rc = bind(fd, (struct sockaddr *)&at, sizeof at); break;
	case 'N':
		at.sin_port = port;
		rc = connect(fd, (struct sockaddr *)&at, sizeof at);
		break;
	}
	int error = errno;
	close(fd);
	errno = error;
	return rc;
}

/* EXDEV and, of processes and sockets, EPERM are Landlock's too; what else goes wrong has passed it. */
static bool passed(int rc, char letter)
{
	return rc == 0 || (errno != EACCES && !(letter == 'm' && errno == EXDEV) &&
			   !(strchr("ak", letter) && errno == EPERM));
}

static void try_place(const char *place, uint32_t *outcome)
{
	const char *letters = letters_of(place);
	char file[128];

	snprintf(file, sizeof file, "%s%s", place, is_directory(place) ? "file" : "");
	for (size_t l = 0; l < WORLD_LETTERS_MAX; l++) {
		char letter = WORLD_LETTERS[l];

		if (!strchr(letters, letter))
			continue;
		errno = 0;
		if (passed(strchr(WORLD_FILE, letter) ? try_file(letter, file) : try_directory(letter, place), letter))
			*outcome |= 1u << l;
	}
}

void world_try(struct world_outcome *outcome)
{
	*outcome = (struct world_outcome){0};
	for (size_t i = 0; world_places[i]; i++)
		if (!strstr(world_places[i], world_without))
			try_place(world_places[i], &outcome->place[i]);
	for (size_t l = 0; l < WORLD_ONCE_MAX; l++)
		if (passed(try_once(WORLD_ONCE[l]), WORLD_ONCE[l]))
			outcome->once |= 1u << l;
}

uint32_t world_letters(const char *place, const char *letters)
{
	uint32_t bits = 0;

	for (size_t l = 0; l < WORLD_LETTERS_MAX; l++)
		if (strchr(letters, WORLD_LETTERS[l]) && strchr(letters_of(place), WORLD_LETTERS[l]) &&
		    !strstr(place, world_without))
			bits |= 1u << l;
	return bits;
}
