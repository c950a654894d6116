/*
 * fault-probe - the granted program of faults.bats: it tells how it is confined, line by line, and ends with 42. What it
 * says is compared with what it says in a session without a fault. Static, so that the one exec is its own.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FDS = 256, STATUS = 42 };

extern char **environ;

static void say(const char *what, long result)
{
	printf("%s: %s\n", what, result < 0 ? strerrorname_np(errno) : "ok");
}

static long opened(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0600);

	if (fd >= 0)
		close(fd);
	return fd;
}

static void tell_privilege(void)
{
	int bounding = 0;

	for (unsigned long cap = 0; cap < 64; cap++)
		bounding += prctl(PR_CAPBSET_READ, cap, 0, 0, 0) == 1;
	/* the other sets are read from outside (fault-facts.c): no filter lets a program ask for them */
	printf("bounding %d\n", bounding);
	printf("no_new_privs %d seccomp %d\n", prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), prctl(PR_GET_SECCOMP));
	printf("uid %u %u gid %u %u\n", getuid(), geteuid(), getgid(), getegid());
}

static void tell_state(void)
{
	struct sigaction action;
	struct itimerval timer;
	sigset_t mask;
	char cwd[4096];
	mode_t old;

	umask(old = umask(0));
	printf("umask %04o nice %d cwd %s\n", old, getpriority(PRIO_PROCESS, 0), getcwd(cwd, sizeof cwd) ? cwd : "?");
	for (int fd = 0; fd < FDS; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			printf("fd %d\n", fd);
	sigprocmask(SIG_SETMASK, NULL, &mask);
	for (int number = 1; number < NSIG; number++) {
		if (sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN)
			printf("ignored %d\n", number);
		if (sigismember(&mask, number) == 1)
			printf("blocked %d\n", number);
	}
	for (int which = ITIMER_REAL; which <= ITIMER_PROF; which++)
		if (getitimer(which, &timer) == 0 && timer.it_value.tv_sec)
			printf("timer %d\n", which);
	for (char **e = environ; *e; e++)
		printf("env %s\n", *e);
}

static long fork_once(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	return pid < 0 ? -1 : waitpid(pid, NULL, 0);
}

static long make_executable(void)
{
	void *at = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return at == MAP_FAILED ? -1 : mprotect(at, 4096, PROT_READ | PROT_EXEC);
}

/* Outside, and inside by verbs that the account has not. */
static void try_files(void)
{
	static const char *const hidden[] = {"/etc/shadow", "/srv/outside/secret", "../../srv/outside/secret", "/proc/self/exe",
					     "/home/alice/secret", "/", "/etc", "/tmp"};
	struct stat st;
	char what[128];

	for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++) {
		snprintf(what, sizeof what, "read %s", hidden[i]);
		say(what, opened(hidden[i], O_RDONLY));
	}
	say("stat /probe", stat("/probe", &st));
	say("create /new", opened("/new", O_WRONLY | O_CREAT | O_EXCL));
	say("create /tmp/new", opened("/tmp/new", O_WRONLY | O_CREAT | O_EXCL));
	unlink("/tmp/new");
	say("mkfifo /tmp/fifo", mkfifo("/tmp/fifo", 0600));
	say("write /srv/outside/secret", opened("/srv/outside/secret", O_WRONLY));
	say("truncate /srv/outside/open", truncate("/srv/outside/open", 0));
	say("read file", opened("file", O_RDONLY));
	say("write file", opened("file", O_WRONLY));
	say("create new", opened("new", O_WRONLY | O_CREAT | O_EXCL));
	say("mkdir made", mkdir("made", 0700));
	say("unlink file", unlink("file"));
	say("write in/file", opened("in/file", O_WRONLY));
	say("unlink in/file", unlink("in/file"));
	say("mknod in/device", mknod("in/device", S_IFCHR | 0600, 0x103));
	say("rename in/file", rename("in/file", "file2"));
	say("chmod in/file", chmod("in/file", 0640));
}

static void try_calls(void)
{
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC | O_NOCTTY);

	say("drive /dev/null", ioctl(null, TIOCSTI, ""));
	say("socket inet", socket(AF_INET, SOCK_STREAM, 0));
	say("socket unix", socket(AF_UNIX, SOCK_STREAM, 0));
	say("socket netlink", socket(AF_NETLINK, SOCK_RAW, 0));
	say("chroot", chroot("/"));
	say("setuid", setuid(0));
	say("setpriority", setpriority(PRIO_PROCESS, 0, -1));
	say("fork", fork_once());
	say("kill parent", kill(getppid(), 0));
	say("executable memory", make_executable());
	say("prlimit of the parent", prlimit(getppid() ? getppid() : 1, RLIMIT_CPU, NULL, NULL));
	say("clone3", syscall(SYS_clone3, NULL, 0));
}

int main(int argc, char *argv[])
{
	static const char said[] = "probe speaks\r\n";

	printf("probe runs\n");
	tell_privilege();
	tell_state();
	try_files();
	try_calls();
	/* as sftp-server, when it is asked to: for the log */
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], "-e") == 0 && write(STDERR_FILENO, said, sizeof said - 1) < 0)
			return 1;
	printf("probe ends\n");
	return fflush(stdout) ? 1 : STATUS;
}
