#include "image-lend.h"

#include "capture.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mount.h>
#include <unistd.h>

/* No system lies beneath it, and sshd -T needs nothing of it: there is a place for files of our own. */
#define SCRATCH "/sys"
#define CONFIG  "/etc/ssh"

enum { FILE_MAX = 64 << 20 };

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

/* One word of an Include line. */
static bool is_inside(const char *word, size_t length)
{
	return length > 0 && !memmem(word, length, "..", 2) &&
	       (*word != '/' || (length > sizeof CONFIG && strncmp(word, CONFIG "/", sizeof CONFIG) == 0));
}

static bool check_include(struct lender *l, const char *path, char *line)
{
	static const char blanks[] = " \t\r\n\"'=";
	char *rest = line, *word = strtok_r(rest, blanks, &rest);

	if (!word || strcasecmp(word, "Include") != 0)
		return true;
	while ((word = strtok_r(NULL, blanks, &rest)))
		if (!is_inside(word, strlen(word)))
			return cannot(l, "%s includes %s, which sshd would read from this host", path, word);
	return true;
}

static bool check_file(struct lender *l, const char *path, int fd)
{
	FILE *file = fdopen(fd, "r");
	char *line = NULL;
	size_t room = 0;
	bool good = true;

	while (file && good && getline(&line, &room, file) >= 0)
		good = check_include(l, path, line);
	free(line);
	if (file)
		fclose(file);
	else
		close(fd);
	return good && (file || cannot(l, "%s: no memory", path));
}

/* Files, and directories of files; no links at all: where one leads depends on the root. */
static bool check_tree(struct lender *l, const char *path, int depth)
{
	DIR *directory = image_directory(&l->image, path);
	struct dirent *entry;
	char name[PATH_MAX];
	struct stat status;
	bool good = true;

	if (!directory)
		return cannot(l, "%s: %s", path, strerror(errno));
	while (good && (entry = readdir(directory))) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (snprintf(name, sizeof name, "%s/%s", path, entry->d_name) >= (int)sizeof name ||
		    !image_stat_link(&l->image, name, &status))
			good = cannot(l, "%s: %s", path, strerror(errno));
		else if (S_ISLNK(status.st_mode))
			good = cannot(l, "%s is a link, which sshd would follow on this host", name);
		else if (S_ISDIR(status.st_mode))
			good = depth < 4 ? check_tree(l, name, depth + 1) : cannot(l, "%s is too deep", name);
		else if (S_ISREG(status.st_mode)) {
			int fd = image_open_file(&l->image, name);
			good = fd < 0 ? cannot(l, "%s: %s", name, strerror(errno)) : check_file(l, name, fd);
		}
	}
	closedir(directory);
	return good;
}

/* ---- putting it in place ---- */

static bool put_over(struct lender *l, int fd, const char *target)
{
	char source[32];

	snprintf(source, sizeof source, "/proc/self/fd/%d", fd);
	return mount(source, target, NULL, MS_BIND, NULL) == 0 ||
	       cannot(l, "%s: cannot be put in the place of this host's: %s", target, strerror(errno));
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
	const char *argv[] = {capture_find("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-f", IMAGE_LEND_KEY, NULL};
	char *out;

	if (!argv[0] || capture(argv, &out) != 0)
		return cannot(l, "ssh-keygen makes no host key, without which sshd does not answer");
	free(out);
	return true;
}

/* Answers of daemons would be this host's; where they are not there is nothing to hide. */
static void hide_daemons(void)
{
	static const char *const sockets[] = {"/run/nscd", "/run/systemd/userdb", "/var/lib/sss/pipes"};

	for (size_t i = 0; i < sizeof sockets / sizeof *sockets; i++)
		mount("none", sockets[i], "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "size=4k");
}

static bool put_all(struct lender *l)
{
	int config = image_open(&l->image, CONFIG, O_PATH | O_DIRECTORY);
	bool good = config >= 0 || cannot(l, CONFIG ": %s", strerror(errno));

	good = good && check_tree(l, CONFIG, 0) && put_over(l, config, CONFIG);
	if (config >= 0)
		close(config);
	hide_daemons();
	return good && copy_over(l, "/etc/passwd", SCRATCH "/passwd", true) &&
	       copy_over(l, "/etc/group", SCRATCH "/group", false) && make_key(l);
}

bool image_lend(const struct image *image, char *why, size_t size)
{
	struct lender l = {.why = why, .size = size, .image = {.root = -1}};

	if (!*image->above)
		return cannot(&l, "it is this host's own tree");
	if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
	    mount("none", SCRATCH, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "mode=0755,size=128m") != 0)
		return cannot(&l, "a mount namespace is needed: %s", strerror(errno));
	/* A descriptor from before belongs to the other namespace, and cannot be mounted here. */
	bool good = image_enter(&l.image, image->above) ? put_all(&l) : cannot(&l, "%s", strerror(errno));
	image_leave(&l.image);
	return good;
}
