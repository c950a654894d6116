/*
 * runner - how long programs take, fork to exit, side by side.
 *
 *	runner UID GID ROUNDS < CASES
 *
 * A case is a line of tab-separated fields: a name, settings, and an argv.
 *	@mounts=N        with N more mounts on the host
 *	@bind=FROM:TO    with FROM mounted on TO
 *	@run=COMMAND     a shell command, by root, behind the settings before it
 *	@fd=N:FILE       with FILE open as N
 *	@env=NAME=VALUE  in the environment
 * Each case has a process of its own, an agent, that makes the settings true in its own mount
 * namespace, drops to UID and measures when it is told to. Each round goes through the cases in an
 * order of its own, so that noise hits all alike, and what a run leaves to the kernel's workers hits
 * none more than others. A run that does not exit with 0 ends the bench: nothing is measured that
 * did not work.
 *
 * Output: a line per case: name; wall time, median, 10th and 90th percentile (us), ratio of the median to that of `dash` and
 * of `bwrap`; median of processor time and its ratio to that of `dash`: a machine that is busy with other things changes it
 * less, and it knows nothing of waiting.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { CASES_MAX = 64, WORDS_MAX = 64, FDS_MAX = 8, WARM_UP = 10 };

struct bench {
	const char *name;
	char *settings[WORDS_MAX], *argv[WORDS_MAX], *env[WORDS_MAX];
	size_t settings_count, argc, envc;
	struct {
		int as;
		const char *file;
	} fds[FDS_MAX];
	size_t fds_count;
	int to, from; /* pipes of the agent */
	double *us;   /* one per round */
	double *cpu;
};

struct sample {
	double us, cpu;
};

struct account {
	uid_t uid;
	gid_t gid;
};

static _Noreturn void die(const char *what, const char *name)
{
	fprintf(stderr, "runner: %s: %s: %s\n", what, name, strerror(errno));
	exit(1);
}

/* ---- cases ---- */

static void add_word(struct bench *b, char *word)
{
	if (b->settings_count + 2 > WORDS_MAX || b->argc + 2 > WORDS_MAX ||
	    b->envc + 2 > WORDS_MAX || b->fds_count == FDS_MAX) {
		errno = E2BIG;
		die("case", b->name);
	}
	if (b->argc || word[0] != '@') {
		b->argv[b->argc++] = word;
	} else if (strncmp(word, "@env=", 5) == 0) {
		b->env[b->envc++] = word + 5;
	} else if (strncmp(word, "@fd=", 4) == 0) {
		b->fds[b->fds_count].as = (int)strtol(word + 4, &word, 10);
		b->fds[b->fds_count++].file = word + 1;
	} else {
		b->settings[b->settings_count++] = word;
	}
}

static size_t read_cases(struct bench *cases)
{
	size_t count = 0, room = 0;
	char *line = NULL;
	ssize_t length;

	while (count < CASES_MAX && (length = getline(&line, &room, stdin)) > 0) {
		struct bench *b = &cases[count];
		char *rest;

		line[length - 1] = '\0';
		if (!(b->name = strtok_r(line, "\t", &rest)))
			continue;
		for (char *word; (word = strtok_r(NULL, "\t", &rest));)
			add_word(b, word);
		count++;
		line = NULL; /* the case keeps it */
		room = 0;
	}
	return count;
}

/* ---- the agent ---- */

static void add_mounts(long count)
{
	char dir[64];

	if (mount("bench", "/mnt", "tmpfs", 0, NULL) != 0)
		die("tmpfs", "/mnt");
	for (long i = 0; i < count; i++) {
		snprintf(dir, sizeof dir, "/mnt/%ld", i);
		if (mkdir(dir, 0755) != 0 || mount("/mnt/0", dir, NULL, MS_BIND, NULL) != 0)
			die("bind mount", dir);
	}
}

static void apply(const struct bench *b)
{
	if (b->settings_count &&
	    (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0))
		die("mount namespace", b->name);
	for (size_t i = 0; i < b->settings_count; i++) {
		char *s = b->settings[i], *to = strchr(s, ':');

		if (strncmp(s, "@mounts=", 8) == 0) {
			add_mounts(atol(s + 8));
		} else if (strncmp(s, "@bind=", 6) == 0 && to) {
			*to = '\0';
			if (mount(s + 6, to + 1, NULL, MS_BIND, NULL) != 0)
				die("bind", to + 1);
		} else if (strncmp(s, "@run=", 5) == 0) {
			errno = 0;
			if (system(s + 5) != 0)
				die("run", s + 5);
		} else {
			errno = EINVAL;
			die("setting", s);
		}
	}
}

/* Between vfork() and exec. */
static _Noreturn void start(struct bench *b)
{
	for (size_t i = 0; i < b->fds_count; i++) {
		int fd = open(b->fds[i].file, O_RDONLY);
		if (fd < 0)
			_exit(126);
		if (fd != b->fds[i].as) {
			dup2(fd, b->fds[i].as);
			close(fd);
		}
	}
	execve(b->argv[0], b->argv, b->env);
	_exit(127);
}

static double of_timeval(struct timeval t)
{
	return (double)t.tv_sec * 1e6 + (double)t.tv_usec;
}

static struct sample run(struct bench *b)
{
	const struct sample none = {-1, -1};
	struct timespec t0, t1;
	struct rusage used;
	int status = 0;

	clock_gettime(CLOCK_MONOTONIC, &t0);
	pid_t pid = vfork();
	if (pid == 0)
		start(b);
	if (pid < 0 || wait4(pid, &status, 0, &used) != pid)
		return none;
	clock_gettime(CLOCK_MONOTONIC, &t1);
	if (status != 0) {
		fprintf(stderr, "runner: %s: wait status %#x\n", b->name, (unsigned)status);
		return none;
	}
	return (struct sample){(double)(t1.tv_sec - t0.tv_sec) * 1e6 + (double)(t1.tv_nsec - t0.tv_nsec) / 1e3,
			       of_timeval(used.ru_utime) + of_timeval(used.ru_stime)};
}

static _Noreturn void serve(struct bench *b, const struct account *who)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	char order;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	apply(b);
	if (setgroups(0, NULL) != 0 || setresgid(who->gid, who->gid, who->gid) != 0 ||
	    setresuid(who->uid, who->uid, who->uid) != 0 || chdir("/") != 0)
		die("account", b->name);
	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	while (read(b->to, &order, 1) == 1) {
		struct sample sample = run(b);
		if (write(b->from, &sample, sizeof sample) != sizeof sample)
			break;
	}
	_exit(0);
}

static void start_agent(struct bench *b, const struct account *who)
{
	int to[2], from[2];

	if (pipe2(to, O_CLOEXEC) != 0 || pipe2(from, O_CLOEXEC) != 0)
		die("pipe", b->name);
	pid_t pid = fork();
	if (pid < 0)
		die("fork", b->name);
	b->to = pid == 0 ? to[0] : to[1];
	b->from = pid == 0 ? from[1] : from[0];
	close(pid == 0 ? to[1] : to[0]);
	close(pid == 0 ? from[0] : from[1]);
	if (pid == 0)
		serve(b, who);
}

static struct sample ask(struct bench *b)
{
	struct sample sample = {-1, -1};

	if (write(b->to, "", 1) != 1 || read(b->from, &sample, sizeof sample) != sizeof sample ||
	    sample.us < 0) {
		errno = 0;
		die("it did not run", b->name);
	}
	return sample;
}

/* A round: every case once, shuffled; the same dice each time. */
static void ask_all(struct bench *cases, size_t count, long round)
{
	size_t order[CASES_MAX];

	for (size_t i = 0; i < count; i++) {
		size_t j = (size_t)random() % (i + 1);
		order[i] = order[j];
		order[j] = i;
	}
	for (size_t i = 0; i < count; i++) {
		struct bench *b = &cases[order[i]];
		struct sample sample = ask(b);
		if (round < 0)
			continue;
		b->us[round] = sample.us;
		b->cpu[round] = sample.cpu;
	}
}

/* ---- the table ---- */

static int by_size(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* The case of that name, or NULL. */
static const struct bench *find(const struct bench *cases, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(cases[i].name, name) == 0)
			return &cases[i];
	return NULL;
}

static void print_ratio(double of, const double *to, long rounds)
{
	if (to)
		printf(" %8.2f", of / to[rounds / 2]);
	else
		printf(" %8s", "-");
}

static void print(struct bench *cases, size_t count, long rounds)
{
	const struct bench *dash = find(cases, count, "dash"), *bwrap = find(cases, count, "bwrap");

	for (size_t i = 0; i < count; i++) {
		qsort(cases[i].us, (size_t)rounds, sizeof(double), by_size);
		qsort(cases[i].cpu, (size_t)rounds, sizeof(double), by_size);
	}
	printf("%-34s %9s %7s %7s %8s %8s %8s %8s\n", "", "median us", "p10", "p90", "x dash", "x bwrap", "cpu us",
	       "x dash");
	for (size_t i = 0; i < count; i++) {
		const double *us = cases[i].us;

		printf("%-34s %9.0f %7.0f %7.0f", cases[i].name, us[rounds / 2], us[rounds / 10], us[rounds * 9 / 10]);
		print_ratio(us[rounds / 2], dash ? dash->us : NULL, rounds);
		print_ratio(us[rounds / 2], bwrap ? bwrap->us : NULL, rounds);
		printf(" %8.0f", cases[i].cpu[rounds / 2]);
		print_ratio(cases[i].cpu[rounds / 2], dash ? dash->cpu : NULL, rounds);
		printf("\n");
	}
}

int main(int argc, char **argv)
{
	static struct bench cases[CASES_MAX];

	if (argc != 4) {
		fprintf(stderr, "usage: runner UID GID ROUNDS < CASES\n");
		return 64;
	}
	const struct account who = {(uid_t)atol(argv[1]), (gid_t)atol(argv[2])};
	long rounds = atol(argv[3]);
	size_t count = read_cases(cases);
	for (size_t i = 0; i < count; i++) {
		cases[i].us = calloc((size_t)rounds, sizeof(double));
		cases[i].cpu = calloc((size_t)rounds, sizeof(double));
		start_agent(&cases[i], &who);
	}
	for (long round = -WARM_UP; round < rounds; round++)
		ask_all(cases, count, round);
	print(cases, count, rounds);
	return ferror(stdout) || fflush(stdout) ? 1 : 0;
}
