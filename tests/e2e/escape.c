/*
 * escape - takes the place of a granted program and tries to get out (escape.h). Static: the one exec is its own.
 *
 *	escape --list		one line a row: NAME GROUP CALL account|root
 *	escape --landlock	the ABI that the kernel has
 *	escape			reads lines from stdin: `set KEY VALUE`, or the name of a row to try
 *
 * It answers each row with one line: `escaped NAME`, or `held NAME ERRNO`; SIGSYS in place of an errno says that
 * the filter killed who tried. Where the process may not fork it tries by itself, and a row that kills it has
 * no line. A row that never comes back ends with SIGALRM.
 */
#include "escape.h"

#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>

enum { KEYS = 64, LINE = 4096, SECONDS = 60 };
enum { LANDLOCK_CREATE_RULESET = 444, VERSION = 1 };

static const struct {
	const char *name;
	const struct attempt *rows;
} groups[] = {
	{"files", escape_files},       {"changes", escape_changes},     {"mounts", escape_mounts},
	{"exec", escape_exec},         {"processes", escape_processes}, {"ipc", escape_ipc},
	{"kernel", escape_kernel},     {"numbers", escape_numbers},     {"privilege", escape_privilege},
	{"terminal", escape_terminal}, {"network", escape_network},
};

static struct {
	char *key, *value;
} settings[KEYS];
static size_t settings_count;

/* ---- what rows use ---- */

const char *given(const char *key)
{
	for (size_t i = 0; i < settings_count; i++)
		if (strcmp(settings[i].key, key) == 0)
			return settings[i].value;
	printf("broken: nobody said `set %s`\n", key);
	exit(2);
}

long number(const char *key) { return strtol(given(key), NULL, 0); }
pid_t victim(void) { return (pid_t)number("victim"); }

static const char *joined(const char *directory, const char *name)
{
	static char buffer[8][LINE];
	static unsigned next;
	char *to = buffer[next++ % 8];

	snprintf(to, LINE, "%s/%s", directory, name);
	return to;
}

const char *outside(const char *name) { return joined(given("outside"), name); }
const char *docroot(const char *name) { return joined(given("docroot"), name); }

bool root(void) { return geteuid() == 0; }

void own_mounts(void)
{
	if (root() && (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)) {
		printf("broken: no mount namespace for root\n");
		exit(2);
	}
}

int held(int error)
{
	errno = error;
	return -1;
}

int is_secret(int fd)
{
	char bytes[7];
	ssize_t n = fd < 0 ? -1 : pread(fd, bytes, sizeof bytes, 0);
	int error = errno;

	if (fd >= 0)
		close(fd);
	if (n < 0)
		return held(error);
	return n == sizeof bytes && memcmp(bytes, "outside", sizeof bytes) == 0 ? 0 : held(EBADMSG);
}

int reached(long result, int error) { return result >= 0 || errno == error ? 0 : -1; }

/* ---- trying ---- */

enum { FDS = 64 };
static bool left_open[FDS];

static void note_descriptors(void)
{
	for (int fd = 0; fd < FDS; fd++)
		left_open[fd] = fcntl(fd, F_GETFD) >= 0;
}

/* What one row opened, the next must not take for something that was left open. */
static void close_own_descriptors(void)
{
	for (int fd = 0; fd < FDS; fd++)
		if (!left_open[fd])
			close(fd);
}

static void answer(const struct attempt *row)
{
	alarm(SECONDS);
	int result = chdir(given("docroot")) == 0 ? row->escape() : -1;
	int error = errno;
	alarm(0);
	if (result >= 0)
		printf("escaped %s\n", row->name);
	else
		printf("held %s %s\n", row->name, strerrorname_np(error) ? strerrorname_np(error) : "?");
	fflush(stdout);
}

/* In a process of its own where that is allowed: it may be killed, or left in any state. */
static void attempt(const struct attempt *row)
{
	int status;
	pid_t pid = fork();

	if (pid < 0) {
		answer(row);
		close_own_descriptors();
		return;
	}
	if (pid == 0) {
		answer(row);
		_exit(0);
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	/* A program that started and then failed got nothing done either: the loader, for one. */
	if (WIFSIGNALED(status))
		printf("held %s SIG%s\n", row->name, sigabbrev_np(WTERMSIG(status)));
	else if (WEXITSTATUS(status) != 0)
		printf("held %s EXIT%d\n", row->name, WEXITSTATUS(status));
	fflush(stdout);
}

static const struct attempt *find(const char *name)
{
	for (size_t g = 0; g < sizeof groups / sizeof *groups; g++)
		for (const struct attempt *row = groups[g].rows; row->name; row++)
			if (strcmp(row->name, name) == 0)
				return row;
	return NULL;
}

static void list(void)
{
	for (size_t g = 0; g < sizeof groups / sizeof *groups; g++)
		for (const struct attempt *row = groups[g].rows; row->name; row++)
			printf("%s %s %s %s\n", row->name, groups[g].name, row->call,
			       row->baseline == ROOT ? "root" : "account");
}

static void read_line(char *line)
{
	char *key, *value;

	line[strcspn(line, "\n")] = '\0';
	if (strncmp(line, "set ", 4) == 0 && (key = strtok(line + 4, " ")) && (value = strtok(NULL, " ")) &&
	    settings_count < KEYS) {
		settings[settings_count].key = strdup(key);
		settings[settings_count++].value = strdup(value);
		return;
	}
	const struct attempt *row = find(line);
	if (row)
		attempt(row);
	else
		printf("broken: no row %s\n", line);
	fflush(stdout);
}

/* Where that may not be asked, nobody says that there is none. */
static bool has_capability(void)
{
	struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
	struct __user_cap_data_struct sets[2] = {{0}};

	return syscall(SYS_capget, &head, sets) != 0 || sets[0].permitted || sets[1].permitted;
}

int main(int argc, char *argv[])
{
	char line[LINE];

	/* What a row managed to execute: an upload, a copy in memory, a set-user-ID file. */
	if (argc == 3 && strcmp(argv[1], "--escaped") == 0)
		return printf("escaped %s\n", argv[2]) < 0;
	if (argc == 3 && strcmp(argv[1], "--escaped-as-root") == 0)
		return printf(geteuid() == 0 || has_capability() ? "escaped %s\n" : "held %s EPERM\n", argv[2]) < 0;
	if (argc == 2 && strcmp(argv[1], "--landlock") == 0)
		return printf("%ld\n", syscall(LANDLOCK_CREATE_RULESET, NULL, 0UL, VERSION)) < 0;
	if (argc == 2 && strcmp(argv[1], "--list") == 0) {
		list();
		return 0;
	}
	note_descriptors();
	setvbuf(stdin, NULL, _IOLBF, 0);
	while (fgets(line, sizeof line, stdin))
		read_line(line);
	return 0;
}
