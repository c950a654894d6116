#include "image-lend.h"

#include "capture.h"

#include "text/pathname.h"

#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mount.h>
#include <unistd.h>

/* No system lies beneath it, and sshd -T needs nothing of it: there is a place for files of our
 * own. */
#define SCRATCH "/sys"
#define CONFIG  "/etc/ssh"

enum { FILE_MAX = 64 << 20, INCLUDE_DEPTH = 16 /* sshd's own */ };

struct lender {
	struct image image; /* the same tree, opened in the namespace that it is lent in */
	char *why;
	size_t size;
};

__attribute__((format(printf, 2, 3))) static bool cannot(struct lender *l, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(l->why, l->size, format, arguments);
	va_end(arguments);
	return false;
}

/* ---- what would be read from this host ---- */

static bool check_config(struct lender *l, const char *path, int depth);

/* The files that a word of Include names: DIR/PATTERN, with wildcards in the last part alone. */
static bool check_included(struct lender *l, const char *path, int depth)
{
	char directory[PATH_MAX], name[PATH_MAX];
	const char *slash = strrchr(path, '/');
	struct dirent *entry;
	bool good = true;

	snprintf(directory, sizeof directory, "%.*s", (int)(slash - path), path);
	if (strpbrk(directory, "*?[") || strstr(path, "/../") ||
	    !pathname_is_beneath(directory, CONFIG))
		return cannot(l, "%s is included, and sshd would read it from this host", path);
	if (!image_real(&l->image, directory, name))
		return errno == ENOENT || cannot(l, "%s: %s", directory, strerror(errno));
	if (strcmp(name, directory) != 0)
		return cannot(l, "%s leads to %s, which sshd would look for on this host",
			      directory, name);
	DIR *all = image_directory(&l->image, directory);
	if (!all)
		return cannot(l, "%s: %s", directory, strerror(errno));
	while (good && (entry = readdir(all)))
		if (fnmatch(slash + 1, entry->d_name, FNM_PERIOD) == 0 &&
		    snprintf(name, sizeof name, "%s/%s", directory, entry->d_name) <
			(int)sizeof name)
			good = check_config(l, name, depth + 1);
	closedir(all);
	return good;
}

static bool check_line(struct lender *l, char *line, int depth)
{
	static const char blanks[] = " \t\r\n\"'=";
	char *rest = line, *word = strtok_r(rest, blanks, &rest), path[PATH_MAX];
	bool good = true;

	if (!word || strcasecmp(word, "Include") != 0)
		return true;
	while (good && (word = strtok_r(NULL, blanks, &rest))) {
		snprintf(path, sizeof path, "%s%s", *word == '/' ? "" : CONFIG "/", word);
		good = check_included(l, path, depth);
	}
	return good;
}

/* A file of sshd's configuration, and those that it includes. */
static bool check_config(struct lender *l, const char *path, int depth)
{
	struct stat status;
	char *line = NULL;
	size_t room = 0;

	if (depth > INCLUDE_DEPTH)
		return cannot(l, "%s: included too deep", path);
	if (image_stat_link(&l->image, path, &status) && S_ISLNK(status.st_mode))
		return cannot(l, "%s is a link, which sshd would follow on this host", path);
	int fd = image_open_file(&l->image, path);
	FILE *file = fd >= 0 ? fdopen(fd, "r") : NULL;
	if (!file) {
		cannot(l, "%s: %s", path, strerror(errno));
		if (fd >= 0)
			close(fd);
		return false;
	}
	bool good = true;
	while (good && getline(&line, &room, file) >= 0)
		good = check_line(l, line, depth);
	free(line);
	fclose(file);
	return good;
}

/* ---- putting it in place ---- */

static bool put_over(struct lender *l, int fd, const char *target)
{
	char source[32];

	snprintf(source, sizeof source, "/proc/self/fd/%d", fd);
	return mount(source, target, NULL, MS_BIND, NULL) == 0 ||
	       cannot(l, "%s: cannot be put in the place of this host's: %s", target,
		      strerror(errno));
}

/* The account that sshd demands before it says anything; an image need not have it. */
static void add_sshd(FILE *to, const char *text, size_t length)
{
	if ((length < 5 || memcmp(text, "sshd:", 5) != 0) && !memmem(text, length, "\nsshd:", 6))
		fputs("\nsshd:x:65533:65534::/nonexistent:/usr/sbin/nologin\n", to);
}

static bool copy_over(struct lender *l, const char *path, const char *copy, bool accounts)
{
	int from = image_open_file(&l->image, path);
	struct stat status;
	char *text = NULL;
	ssize_t length = -1;

	if (from >= 0 && fstat(from, &status) == 0 && status.st_size <= FILE_MAX &&
	    (text = malloc((size_t)status.st_size + 1)))
		length = pread(from, text, (size_t)status.st_size, 0);
	if (from >= 0)
		close(from);
	FILE *to = length >= 0 ? fopen(copy, "we") : NULL;
	if (to) {
		fwrite(text, 1, (size_t)length, to);
		if (accounts)
			add_sshd(to, text, (size_t)length);
	}
	free(text);
	if (!to || ferror(to) | fclose(to))
		return cannot(l, "%s: %s", path, strerror(errno));
	int fd = open(copy, O_PATH | O_CLOEXEC);
	bool good = fd >= 0 && put_over(l, fd, path);
	if (fd >= 0)
		close(fd);
	return good;
}

static bool make_key(struct lender *l)
{
	const char *argv[] = {capture_find("ssh-keygen"),
			      "-q",
			      "-t",
			      "ed25519",
			      "-N",
			      "",
			      "-f",
			      IMAGE_LEND_KEY,
			      NULL};
	char *out;

	if (!argv[0] || capture(argv, &out) != 0)
		return cannot(l,
			      "ssh-keygen makes no host key, without which sshd does not answer");
	free(out);
	return true;
}

/*
 * Answers of daemons would be this host's; where they are not there is nothing to hide. sshd wants its directory, which
 * a host that has never started one lacks (Debian's is in /run).
 */
static bool hide_daemons(struct lender *l)
{
	static const char *const sockets[] = {"/var/run/nscd", "/var/lib/sss/pipes"};

	for (size_t i = 0; i < sizeof sockets / sizeof *sockets; i++)
		mount("none", sockets[i], "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "size=4k");
	if (mount("none", "/run", "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "mode=0755,size=64k") != 0 ||
	    mkdir("/run/sshd", 0755) != 0)
		return cannot(l, "/run: %s", strerror(errno));
	return true;
}

static bool put_all(struct lender *l)
{
	int config = image_open(&l->image, CONFIG, O_PATH | O_DIRECTORY);
	bool good = config >= 0 || cannot(l, CONFIG ": %s", strerror(errno));

	good = good && check_config(l, CONFIG "/sshd_config", 0) && put_over(l, config, CONFIG);
	if (config >= 0)
		close(config);
	return good && hide_daemons(l) && copy_over(l, "/etc/passwd", SCRATCH "/passwd", true) &&
	       copy_over(l, "/etc/group", SCRATCH "/group", false) && make_key(l);
}

bool image_lend(const struct image *image, char *why, size_t size)
{
	struct lender l = {.why = why, .size = size, .image = {.root = -1}};

	if (!*image->above)
		return cannot(&l, "it is this host's own tree");
	if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
	    mount("none", SCRATCH, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC,
		  "mode=0755,size=128m") != 0)
		return cannot(&l, "a mount namespace is needed: %s", strerror(errno));
	/* A descriptor from before belongs to the other namespace, and cannot be mounted here. */
	bool good =
	    image_enter(&l.image, image->above) ? put_all(&l) : cannot(&l, "%s", strerror(errno));
	image_leave(&l.image);
	return good;
}
