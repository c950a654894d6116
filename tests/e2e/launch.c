/*
 * launch - starts a program in a state that no decent caller would leave it in.
 *
 *	launch [WORD…] -- PROGRAM [ARGUMENT…]
 *
 * Words: argc0 · argv0=NAME · close=FD · open=FD:PATH · nofile=N fsize=N nproc=N stack=N as=N core=N · block · ignore ·
 * alarm=SECONDS · umask=OCTAL · rmcwd=DIR · personality=HEX · env=TEXT (appended as it is) · envs=N (N variables) ·
 * clearenv · dumpable=N · nonewprivs · prctl=OPTION:VALUE · landlock=N (domains, one in the other) · command=BYTES (an
 * argument of that many bytes takes the place of the last) · storm=MICROSECONDS:SIGNAL[,SIGNAL…] (by number, to PROGRAM,
 * that long after its exec)
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

enum { ENV_MAX = 20000 };

static char *env[ENV_MAX + 1];
static size_t env_count;

static void die(const char *what)
{
	perror(what);
	exit(125);
}

static void add_env(const char *value)
{
	if (env_count == ENV_MAX)
		die("env");
	env[env_count++] = strdup(value);
}

static const char *value_of(const char *word, const char *name)
{
	size_t length = strlen(name);

	return strncmp(word, name, length) == 0 && word[length] == '=' ? word + length + 1 : NULL;
}

static int limit(const char *word)
{
	static const struct {
		const char *name;
		int resource;
	} limits[] = {{"nofile", RLIMIT_NOFILE}, {"fsize", RLIMIT_FSIZE}, {"nproc", RLIMIT_NPROC},
		      {"stack", RLIMIT_STACK},   {"as", RLIMIT_AS},       {"core", RLIMIT_CORE}};

	for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
		const char *value = value_of(word, limits[i].name);
		if (!value)
			continue;
		struct rlimit to = {strtoul(value, NULL, 10), strtoul(value, NULL, 10)};
		if (setrlimit(limits[i].resource, &to) != 0)
			die(word);
		return 1;
	}
	return 0;
}

static void open_at(const char *value)
{
	const char *path = strchr(value, ':') + 1;
	int fd = open(path, O_RDONLY);

	if (fd < 0 || dup2(fd, atoi(value)) < 0)
		die(path);
	if (fd != atoi(value))
		close(fd);
}

static void signals(int blocked)
{
	sigset_t all;

	sigfillset(&all);
	if (blocked)
		sigprocmask(SIG_SETMASK, &all, NULL);
	for (int number = 1; !blocked && number < NSIG; number++)
		signal(number, SIG_IGN);
}

static void timers(int seconds)
{
	struct itimerval soon = {.it_value = {.tv_sec = seconds}};

	setitimer(ITIMER_REAL, &soon, NULL);
	setitimer(ITIMER_VIRTUAL, &soon, NULL);
	setitimer(ITIMER_PROF, &soon, NULL);
}

static void remove_cwd(const char *directory)
{
	if (mkdir(directory, 0700) != 0 || chdir(directory) != 0 || rmdir(directory) != 0)
		die(directory);
}

static void many(int count)
{
	char name[32];

	for (int i = 0; i < count; i++) {
		snprintf(name, sizeof name, "LC_%d=x", i);
		add_env(name);
	}
}

/* Each denies to make character devices, which nobody here may anyway. */
static void domains(int count)
{
	enum { CREATE = 444, RESTRICT = 446, MAKE_CHAR = 1 << 6 };
	const uint64_t handled = MAKE_CHAR;

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	for (; count > 0; count--)
		if (syscall(RESTRICT, (int)syscall(CREATE, &handled, sizeof handled, 0), 0) != 0)
			die("landlock");
}

static void control(const char *value)
{
	const char *argument = strchr(value, ':') + 1;

	if (prctl(atoi(value), strtoul(argument, NULL, 0), 0, 0, 0) != 0)
		die(value);
}

static int64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* Sees by a pipe that closes that the program is executed. */
_Noreturn static void send_storm(int executed, int target, const char *value)
{
	char byte, *next;

	close_range(0, 2, 0);
	while (read(executed, &byte, 1) > 0)
		;
	int64_t begin = now_us(), after = strtol(value, &next, 10);
	while (now_us() - begin < after)
		;
	while (*next) {
		int number = (int)strtol(next + 1, &next, 10);
		syscall(SYS_pidfd_send_signal, target, number, NULL, 0);
	}
	_exit(0);
}

/* By an orphan: the program shall have no child it does not know. */
static void storm(const char *value)
{
	int executed[2], target = (int)syscall(SYS_pidfd_open, getpid(), 0);

	if (target < 0 || pipe2(executed, O_CLOEXEC) != 0)
		die("storm");
	pid_t pid = fork();
	if (pid == 0) {
		close(executed[1]);
		if (fork() == 0)
			send_storm(executed[0], target, value);
		_exit(0);
	}
	if (pid < 0 || waitpid(pid, NULL, 0) != pid)
		die("storm");
	close(executed[0]);
	close(target);
}

int main(int argc, char *argv[])
{
	static char *none[] = {NULL};
	char *name = NULL;
	const char *v;
	int argc0 = 0, i;

	for (char **e = environ; *e; e++)
		add_env(*e);
	for (i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (strcmp(argv[i], "argc0") == 0)
			argc0 = 1;
		else if ((v = value_of(argv[i], "argv0")))
			name = argv[i] + 6;
		else if ((v = value_of(argv[i], "close")))
			close(atoi(v));
		else if ((v = value_of(argv[i], "open")))
			open_at(v);
		else if (strcmp(argv[i], "block") == 0)
			signals(1);
		else if (strcmp(argv[i], "ignore") == 0)
			signals(0);
		else if ((v = value_of(argv[i], "alarm")))
			timers(atoi(v));
		else if ((v = value_of(argv[i], "timer")))
			setitimer(atoi(v), &(struct itimerval){.it_value.tv_sec = 30}, NULL);
		else if ((v = value_of(argv[i], "umask")))
			umask((mode_t)strtoul(v, NULL, 8));
		else if ((v = value_of(argv[i], "rmcwd")))
			remove_cwd(v);
		else if ((v = value_of(argv[i], "personality")))
			personality(strtoul(v, NULL, 16));
		else if ((v = value_of(argv[i], "env")))
			add_env(v);
		else if ((v = value_of(argv[i], "envs")))
			many(atoi(v));
		else if (strcmp(argv[i], "clearenv") == 0)
			env_count = 0;
		else if ((v = value_of(argv[i], "dumpable")))
			prctl(PR_SET_DUMPABLE, atoi(v), 0, 0, 0);
		else if (strcmp(argv[i], "nonewprivs") == 0)
			prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
		else if ((v = value_of(argv[i], "prctl")))
			control(v);
		else if ((v = value_of(argv[i], "landlock")))
			domains(atoi(v));
		else if ((v = value_of(argv[i], "storm")))
			storm(v);
		else if ((v = value_of(argv[i], "command"))) {
			char *big = malloc((size_t)atol(v) + 1);
			memset(big, 'a', (size_t)atol(v));
			big[atol(v)] = '\0';
			argv[argc - 1] = big;
		} else if (!limit(argv[i])) {
			fprintf(stderr, "launch: %s?\n", argv[i]);
			return 125;
		}
	}
	if (i + 1 >= argc)
		return 125;
	env[env_count] = NULL;
	char *program = argv[i + 1];
	if (name)
		argv[i + 1] = name;
	execve(program, argc0 ? none : argv + i + 1, env);
	die(program);
}
