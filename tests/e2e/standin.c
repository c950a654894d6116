/*
 * standin - takes the place of a granted program and tells what it was given and what it can do.
 *
 * ascp, ascp4, async and ascmd are proprietary and cannot be had for a test; for sftp-server, scp, rsync and
 * git it plays the program that turned hostile. First it reports how it was started; then it reads one attempt per
 * line from stdin, tries it, and says "ok" or the error's name. Static, so that the one exec is its own.
 *
 * Every line is `KEY TEXT`; bytes outside printable ASCII, and backslashes, are shown as \xHH.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

extern char **environ;

enum { WORDS = 8, FDS = 4096 };

static char text[8];  /* what "create" writes */
static char stack[65536];

/* ---- what it was given ---- */

static void show(const char *key, const char *value)
{
	printf("%s ", key);
	for (; *value; value++) {
		if (*value < 0x20 || *value > 0x7e || *value == '\\')
			printf("\\x%02x", (unsigned char)*value);
		else
			putchar(*value);
	}
	putchar('\n');
}

static void report(int argc, char *argv[])
{
	char cwd[4096];
	struct sigaction action;
	struct itimerval timer;
	sigset_t mask;
	mode_t old;

	printf("standin runs\n");
	for (int i = 0; i < argc; i++)
		show("argv", argv[i]);
	for (char **e = environ; *e; e++)
		show("env", *e);
	show("cwd", getcwd(cwd, sizeof cwd) ? cwd : strerrorname_np(errno));
	printf("uid %u %u gid %u %u\n", getuid(), geteuid(), getgid(), getegid());
	umask(old = umask(0));
	printf("umask %04o\n", old);
	for (int fd = 0; fd < FDS; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			printf("fd %d\n", fd);
	for (int number = 1; number < NSIG; number++)
		if (sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN)
			printf("ignored %d\n", number);
	sigprocmask(SIG_SETMASK, NULL, &mask);
	for (int number = 1; number < NSIG; number++)
		if (sigismember(&mask, number) == 1)
			printf("blocked %d\n", number);
	for (int which = ITIMER_REAL; which <= ITIMER_PROF; which++)
		if (getitimer(which, &timer) == 0 && (timer.it_value.tv_sec || timer.it_value.tv_usec))
			printf("timer %d\n", which);
	if (alarm(0))
		printf("timer alarm\n");
}

/* ---- what it can do: each returns 0 or -1 with errno ---- */

static int done(int fd)
{
	if (fd < 0)
		return -1;
	close(fd);
	return 0;
}

static int opened(const char *path, int flags)
{
	return done(open(path, flags | O_CLOEXEC | O_NONBLOCK, 0640));
}

static int do_read(char *w[])
{
	char byte;
	int fd = open(w[1], O_RDONLY | O_CLOEXEC);

	if (fd < 0 || read(fd, &byte, 1) < 0)
		return -1;
	close(fd);
	return 0;
}

static int do_cat(char *w[])
{
	char all[4096];
	int fd = open(w[1], O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, all, sizeof all - 1);

	if (n < 0)
		return -1;
	all[n] = '\0';
	show("content", all);
	return done(fd);
}

static int do_write(char *w[]) { return opened(w[1], O_WRONLY); }
static int do_readwrite(char *w[]) { return opened(w[1], O_RDWR); }
static int do_trunc_open(char *w[]) { return opened(w[1], O_WRONLY | O_TRUNC); }
static int do_read_trunc(char *w[]) { return opened(w[1], O_RDONLY | O_TRUNC); }
static int do_truncate(char *w[]) { return truncate(w[1], 0); }

static int do_create(char *w[])
{
	int fd = open(w[1], O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);

	return fd >= 0 && write(fd, text, sizeof text) < 0 ? -1 : done(fd);
}

static int do_tmpfile(char *w[]) { return opened(w[1], O_TMPFILE | O_WRONLY); }
static int do_mkdir(char *w[]) { return mkdir(w[1], 0750); }
static int do_rmdir(char *w[]) { return rmdir(w[1]); }
static int do_unlink(char *w[]) { return unlink(w[1]); }
static int do_rename(char *w[]) { return rename(w[1], w[2]); }
static int do_exchange(char *w[]) { return renameat2(AT_FDCWD, w[1], AT_FDCWD, w[2], RENAME_EXCHANGE); }
static int do_link(char *w[]) { return link(w[1], w[2]); }
static int do_symlink(char *w[]) { return symlink(w[1], w[2]); }
static int do_chmod(char *w[]) { return chmod(w[1], 0600); }
static int do_utimes(char *w[]) { return utimensat(AT_FDCWD, w[1], NULL, 0); }
static int do_setxattr(char *w[]) { return setxattr(w[1], "user.standin", "1", 1, 0); }
static int do_mkfifo(char *w[]) { return mkfifo(w[1], 0600); }
static int do_mknod(char *w[]) { return mknod(w[1], S_IFREG | 0600, 0); }
static int do_mkdev(char *w[]) { return mknod(w[1], S_IFCHR | 0666, 1 << 8 | 3); }

static int do_stat(char *w[])
{
	struct stat st;

	return lstat(w[1], &st);
}

static int do_chdir(char *w[]) { return chdir(w[1]); }

static int do_list(char *w[])
{
	DIR *directory = opendir(w[1]);
	struct dirent *entry;

	if (!directory)
		return -1;
	while ((entry = readdir(directory)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			show("entry", entry->d_name);
	return closedir(directory);
}

static int do_exec(char *w[])
{
	char *const none[] = {NULL};

	return execve(w[1], w + 1, none);
}

static int do_execveat(char *w[])
{
	char *const none[] = {NULL};
	int fd = open(w[1], O_PATH | O_CLOEXEC);

	return (int)syscall(SYS_execveat, fd, "", w + 1, none, AT_EMPTY_PATH);
}

/* A program's text made executable memory, as a loader would. */
static int do_mapexec(char *w[])
{
	int fd = open(w[1], O_RDONLY | O_CLOEXEC);
	void *at = fd < 0 ? MAP_FAILED : mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);

	return at == MAP_FAILED ? -1 : 0;
}

static int do_writable_exec(char *w[])
{
	(void)w;
	void *at = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return at == MAP_FAILED ? -1 : mprotect(at, 4096, PROT_READ | PROT_EXEC);
}

static int do_fork(char *w[])
{
	(void)w;
	pid_t pid = fork();
	if (pid == 0)
		_exit(0);
	return pid < 0 ? -1 : waitpid(pid, NULL, 0) == pid ? 0 : -1;
}

static int nothing(void *unused)
{
	(void)unused;
	return 0;
}

static int do_newuser(char *w[])
{
	(void)w;
	return clone(nothing, stack + sizeof stack, CLONE_NEWUSER | SIGCHLD, NULL) < 0 ? -1 : 0;
}

static int do_unix(char *w[]) { (void)w; return done(socket(AF_UNIX, SOCK_STREAM, 0)); }
static int do_inet(char *w[]) { (void)w; return done(socket(AF_INET, SOCK_STREAM, 0)); }
static int do_inet6(char *w[]) { (void)w; return done(socket(AF_INET6, SOCK_DGRAM, 0)); }
static int do_netlink(char *w[]) { (void)w; return done(socket(AF_NETLINK, SOCK_RAW, 0)); }
static int do_packet(char *w[]) { (void)w; return done(socket(AF_PACKET, SOCK_RAW, 0)); }
static int do_mount(char *w[]) { return mount("none", w[1], "tmpfs", 0, NULL); }
static int do_unshare(char *w[]) { (void)w; return unshare(CLONE_NEWUSER); }
static int do_chroot(char *w[]) { return chroot(w[1]); }
static int do_setuid(char *w[]) { (void)w; return setuid(0); }
static int do_ptrace(char *w[]) { (void)w; return (int)ptrace(PTRACE_TRACEME, 0, NULL, NULL); }
static int do_killparent(char *w[]) { (void)w; return kill(getppid(), 0); }
static int do_shm(char *w[]) { (void)w; return (int)syscall(SYS_shmget, 1, 4096, 01600); }
static int do_keyctl(char *w[]) { (void)w; return (int)syscall(SYS_keyctl, 0, -3, 0); }
static int do_prlimit(char *w[]) { (void)w; return prlimit(getppid(), RLIMIT_NOFILE, NULL, NULL); }
static int do_memfd(char *w[]) { (void)w; return done(memfd_create("x", 0)); }
static int do_tiocsti(char *w[]) { (void)w; return ioctl(0, TIOCSTI, "x"); }
static int do_unknown(char *w[]) { (void)w; return (int)syscall(9999); }
static int do_ambient(char *w[]) { (void)w; return prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, 21, 0, 0); }

/*
 * Is a capability in any set? No filter lets a program ask, for the same call tells of other processes. So somebody
 * outside looks (local.bats), and says: SIGUSR1 none, ENOENT; SIGUSR2 there is one. EAGAIN: nobody looked.
 */
static int do_privilege(char *w[])
{
	const struct timespec patience = {.tv_sec = 10};
	sigset_t answers;

	(void)w;
	sigemptyset(&answers);
	sigaddset(&answers, SIGUSR1);
	sigaddset(&answers, SIGUSR2);
	/* for good: it may be said twice */
	sigprocmask(SIG_BLOCK, &answers, NULL);
	printf("privilege of %d\n", getpid());
	fflush(stdout);
	int answer = sigtimedwait(&answers, NULL, &patience);
	if (answer > 0)
		errno = ENOENT;
	return answer == SIGUSR2 ? 0 : -1;
}

/* Of the bounding set, which a program may ask for. */
static int do_capabilities(char *w[])
{
	bool any = false;

	(void)w;
	for (int i = 0; i < 64; i++)
		any |= prctl(PR_CAPBSET_READ, i, 0, 0, 0) == 1;
	errno = ENOENT;
	return any ? 0 : -1;
}

static int do_limit(char *w[])
{
	static const struct {
		const char *name;
		int resource;
	} limits[] = {{"core", RLIMIT_CORE}, {"nproc", RLIMIT_NPROC}, {"nofile", RLIMIT_NOFILE},
		      {"cpu", RLIMIT_CPU},   {"fsize", RLIMIT_FSIZE}, {"as", RLIMIT_AS}};
	struct rlimit limit;

	for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
		if (strcmp(limits[i].name, w[1]) == 0 && getrlimit(limits[i].resource, &limit) == 0) {
			printf("limit %s %ld %ld\n", w[1], (long)limit.rlim_cur, (long)limit.rlim_max);
			return 0;
		}
	errno = EINVAL;
	return -1;
}

/* Gone from its parent, its session and its group, deaf and without a descriptor: what a session must not leave. */
static int do_daemon(char *w[])
{
	(void)w;
	pid_t pid = fork();
	if (pid < 0)
		return -1;
	if (pid > 0)
		return waitpid(pid, NULL, 0) == pid ? 0 : -1;
	setsid();
	for (int number = 1; number < NSIG; number++)
		signal(number, SIG_IGN);
	if (fork() == 0) {
		for (int fd = 0; fd < FDS; fd++)
			close(fd);
		for (;;)
			pause();
	}
	_exit(0);
}

/* Eight lines of processes that each start the next and end: none is there for long enough to be looked up and killed. */
static int do_flee(char *w[])
{
	(void)w;
	for (int line = 0; line < 8; line++) {
		if (fork() != 0)
			continue;
		setsid();
		for (int fd = 0; fd < FDS; fd++)
			close(fd);
		for (;;)
			if (fork() > 0)
				_exit(0);
	}
	return 0;
}

/* Whatever stops a clock that is in reach. */
static int do_stopclock(char *w[])
{
	const struct itimerval off = {0};

	(void)w;
	alarm(0);
	setitimer(ITIMER_REAL, &off, NULL);
	for (int number = 1; number < NSIG; number++)
		signal(number, SIG_IGN);
	return kill(0, SIGSTOP) | kill(-1, SIGSTOP);
}

static int do_undeath(char *w[]) { (void)w; return prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0); }
static int do_setown(char *w[]) { (void)w; return fcntl(0, F_SETOWN, getppid()); }
static int do_listmount(char *w[]) { (void)w; return (int)syscall(458, NULL, NULL, 0, 0); }
static int do_raise(char *w[]) { return kill(getpid(), atoi(w[1])); }
static int do_parent(char *w[]) { (void)w; printf("parent %d\n", getppid()); return 0; }
static int do_close(char *w[]) { return close(atoi(w[1])); }

/* One write on stderr: \n, and \xHH. */
static int do_say(char *w[])
{
	char *to = w[1];
	unsigned byte;

	for (const char *at = w[1]; *at; at++) {
		if (at[0] == '\\' && at[1] == 'n') {
			*to++ = '\n';
			at++;
		} else if (at[0] == '\\' && sscanf(at + 1, "x%2x", &byte) == 1) {
			*to++ = (char)byte;
			at += 3;
		} else {
			*to++ = *at;
		}
	}
	return write(STDERR_FILENO, w[1], (size_t)(to - w[1])) < 0 ? -1 : 0;
}

/* That many writes on stderr, each a line of so many bytes. */
static int do_babble(char *w[])
{
	enum { LEAST = 32 };
	size_t length = (size_t)atoi(w[2]);
	char *line = length < LEAST ? NULL : malloc(length);
	int rc = 0;

	errno = EINVAL;
	for (int i = 0; line && rc == 0 && i < atoi(w[1]); i++) {
		memset(line, 'x', length);
		line[snprintf(line, LEAST, "babble %d", i)] = ' ';
		rc = write(STDERR_FILENO, line, length) < 0 ? -1 : 0;
	}
	free(line);
	return line ? rc : -1;
}

/* The pipe that it speaks into as no sftp-server has it: without borders between what is written, and long. */
static int do_unpack(char *w[])
{
	(void)w;
	return fcntl(STDERR_FILENO, F_SETFL, 0) | fcntl(STDERR_FILENO, F_SETPIPE_SZ, 1 << 20);
}

static int do_host(char *w[])
{
	char name[256];

	(void)w;
	if (gethostname(name, sizeof name) != 0)
		return -1;
	show("host", name);
	return 0;
}

static int do_abort(char *w[]) { (void)w; abort(); }
static int do_sleep(char *w[]) { fflush(stdout); return (int)sleep((unsigned)atoi(w[1])); }

/* How many MiB go in before it is refused. */
static int do_fill(char *w[])
{
	static char block[1 << 20];
	int fd = open(w[1], O_WRONLY | O_CREAT | O_CLOEXEC, 0600), blocks = 0;
	ssize_t n = 0;

	while (fd >= 0 && blocks < 256 && (n = write(fd, block, sizeof block)) > 0)
		blocks += n == sizeof block;
	printf("filled %d\n", blocks);
	return fd < 0 || n < 0 ? -1 : 0;
}

static int do_exit(char *w[]) { exit(atoi(w[1])); }

static const struct {
	const char *name;
	int (*attempt)(char *w[]);
	int words;
} attempts[] = {
	{"read", do_read, 1}, {"cat", do_cat, 1}, {"write", do_write, 1}, {"readwrite", do_readwrite, 1},
	{"trunc-open", do_trunc_open, 1}, {"read-trunc", do_read_trunc, 1}, {"truncate", do_truncate, 1},
	{"create", do_create, 1}, {"tmpfile", do_tmpfile, 1}, {"mkdir", do_mkdir, 1},
	{"rmdir", do_rmdir, 1}, {"unlink", do_unlink, 1}, {"rename", do_rename, 2},
	{"exchange", do_exchange, 2}, {"link", do_link, 2}, {"symlink", do_symlink, 2},
	{"chmod", do_chmod, 1}, {"utimes", do_utimes, 1}, {"setxattr", do_setxattr, 1},
	{"mkfifo", do_mkfifo, 1}, {"mknod", do_mknod, 1}, {"mkdev", do_mkdev, 1}, {"stat", do_stat, 1},
	{"chdir", do_chdir, 1}, {"list", do_list, 1}, {"exec", do_exec, 1}, {"execveat", do_execveat, 1},
	{"mapexec", do_mapexec, 1}, {"writable-exec", do_writable_exec, 0}, {"fork", do_fork, 0},
	{"newuser", do_newuser, 0}, {"unix", do_unix, 0}, {"inet", do_inet, 0}, {"inet6", do_inet6, 0},
	{"netlink", do_netlink, 0}, {"packet", do_packet, 0}, {"mount", do_mount, 1},
	{"unshare", do_unshare, 0}, {"chroot", do_chroot, 1}, {"setuid", do_setuid, 0},
	{"ptrace", do_ptrace, 0}, {"killparent", do_killparent, 0}, {"shm", do_shm, 0},
	{"keyctl", do_keyctl, 0}, {"prlimit", do_prlimit, 0}, {"memfd", do_memfd, 0},
	{"tiocsti", do_tiocsti, 0}, {"unknown", do_unknown, 0}, {"ambient", do_ambient, 0}, {"capabilities", do_capabilities, 0},
	{"privilege", do_privilege, 0},
	{"limit", do_limit, 1}, {"exit", do_exit, 1}, {"daemon", do_daemon, 0}, {"flee", do_flee, 0},
	{"stopclock", do_stopclock, 0}, {"undeath", do_undeath, 0}, {"setown", do_setown, 0},
	{"raise", do_raise, 1}, {"parent", do_parent, 0}, {"close", do_close, 1}, {"host", do_host, 0},
	{"say", do_say, 1}, {"babble", do_babble, 2}, {"unpack", do_unpack, 0},
	{"abort", do_abort, 0}, {"listmount", do_listmount, 0}, {"sleep", do_sleep, 1}, {"fill", do_fill, 1},
};

static void try_line(char *line)
{
	char *words[WORDS + 1] = {0}, shown[4096];
	int count = 0;

	line[strcspn(line, "\n")] = '\0';
	snprintf(shown, sizeof shown, "%s", line);
	for (char *word = strtok(line, " "); word && count < WORDS; word = strtok(NULL, " "))
		words[count++] = word;
	for (size_t i = 0; count && i < sizeof attempts / sizeof *attempts; i++) {
		if (strcmp(attempts[i].name, words[0]) != 0 || count < attempts[i].words + 1)
			continue;
		int rc = attempts[i].attempt(words);
		printf("%s: %s\n", shown, rc < 0 ? strerrorname_np(errno) : "ok");
		fflush(stdout);
		return;
	}
	printf("%s: no such attempt\n", shown);
}

int main(int argc, char *argv[])
{
	char line[4096];

	report(argc, argv);
	fflush(stdout);
	while (fgets(line, sizeof line, stdin))
		try_line(line);
	printf("standin ends\n");
	return fflush(stdout) ? 1 : 0;
}
