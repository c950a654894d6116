/*
 * policy - what it costs to read a policy and to decide, by the gate's own code and nothing else of the gate.
 *
 *	policy plant DIR COUNT     makes DIR/policy.ini and DIR/users/ with COUNT accounts
 *	policy time ROUNDS DIR…    load, settings and decision, the directories in turn; a line for each
 *	policy once DIR            one of each, for callgrind: load_once() and decide_once() are its toggles
 *
 * The accounts that are asked about have a section; what lies beside them is empty, for nothing reads it.
 */
#include "policy/policy.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { ASKED = 64, SUITES_MAX = 8, WARM_UP = 64, PERCENT = 100 };

static const char base[] = "[defaults]\n"
			   "commands = sftp scp rsync\n"
			   "docroot  = /srv/transfer/%u\n"
			   "access   = full\n"
			   "from     = 192.0.2.0/24,2001:db8::/32\n";

static const char command[] = "rsync --server -vlogDtpre.iLsfxCIvu --delete --partial . /in";

static _Noreturn void die(const char *what, const char *name)
{
	fprintf(stderr, "policy: %s: %s: %s\n", what, name, strerror(errno));
	exit(1);
}

/* ---- planting ---- */

static void put(int dir, const char *name, const char *text)
{
	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);

	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text) || close(fd) != 0)
		die("cannot be written", name);
}

/* Every account that is asked about, spread evenly over all. */
static size_t asked_account(size_t turn, size_t count)
{
	return count <= ASKED ? turn % count : turn % ASKED * (count / ASKED);
}

static int plant(const char *path, size_t count)
{
	char name[64], text[128];

	if (mkdir(path, 0755) != 0)
		die("cannot be made", path);
	int dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0 || mkdirat(dir, "users", 0755) != 0)
		die("users cannot be made", path);
	int users = openat(dir, "users", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	put(dir, "policy.ini", base);
	for (size_t turn = 0; turn < (count < ASKED ? count : ASKED); turn++) {
		snprintf(name, sizeof name, "u%zu.ini", asked_account(turn, count));
		snprintf(text, sizeof text, "[user u%zu]\numask = 022\n", asked_account(turn, count));
		put(users, name, text);
	}
	for (size_t i = 0; i < count; i++) {
		snprintf(name, sizeof name, "u%zu.ini", i);
		int fd = openat(users, name, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
		if (fd < 0)
			die("cannot be made", name);
		close(fd);
	}
	close(users);
	close(dir);
	return 0;
}

/* ---- asking ---- */

/*
 * valgrind before 3.21 does not know openat2(2), with which a policy is opened. Once for callgrind, which counts no
 * instruction of the kernel's, openat(2) stands in; ld --wrap brings the call here. Timing asks the real one.
 */
static bool for_valgrind;

long __real_syscall(long number, ...);
long __wrap_syscall(long number, int dir, const char *path, struct open_how *how, size_t size);

long __wrap_syscall(long number, int dir, const char *path, struct open_how *how, size_t size)
{
	if (for_valgrind && number == SYS_openat2)
		return openat(dir, path, (int)how->flags | O_CLOEXEC);
	return __real_syscall(number, dir, path, how, size);
}

struct asking {
	char file[256], user[32], home[64];
	struct policy *policy;
	const struct settings *settings;
};

/* Not inlined: callgrind knows them by name. */
__attribute__((noinline)) void load_once(struct asking *a);
__attribute__((noinline)) void decide_once(const struct asking *a);

void load_once(struct asking *a)
{
	static const char *const no_groups[] = {NULL};
	const struct policy_source source = {.file = a->file, .user = a->user, .any_owner = true};
	const struct policy_account account = {
		.user = a->user, .home = a->home, .uid = 1000, .groups = no_groups};
	struct policy_fault fault;

	if (!policy_load(&source, &a->policy, &fault) ||
	    policy_settings(a->policy, &account, &a->settings, &fault) != POLICY_SETTINGS)
		die(fault.reason, fault.file);
}

void decide_once(const struct asking *a)
{
	const struct request request = {
		.command = command,
		.length = sizeof command - 1,
		.root = "/files",
		.address = "192.0.2.7",
		.now = 1700000000,
	};
	struct decision decision;

	policy_decide(a->settings, &request, &decision);
	if (decision.verdict != GRANT)
		die(decision.reason, command);
	decision_free(&decision);
}

static void prepare(struct asking *a, const char *dir, size_t account)
{
	snprintf(a->file, sizeof a->file, "%s/policy.ini", dir);
	snprintf(a->user, sizeof a->user, "u%zu", account);
	snprintf(a->home, sizeof a->home, "/home/u%zu", account);
}

static double ask(const char *dir, size_t account)
{
	struct asking a;
	struct timespec begin, end;

	prepare(&a, dir, account);
	clock_gettime(CLOCK_MONOTONIC, &begin);
	load_once(&a);
	decide_once(&a);
	policy_free(a.policy);
	clock_gettime(CLOCK_MONOTONIC, &end);
	return (double)(end.tv_sec - begin.tv_sec) * 1e6 + (double)(end.tv_nsec - begin.tv_nsec) / 1e3;
}

/* ---- timing ---- */

/* DIR ends in the number of its accounts: users-1000. */
static size_t count_of(const char *dir)
{
	const char *dash = strrchr(dir, '-');

	return dash ? strtoul(dash + 1, NULL, 10) : 1;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static int time_all(size_t rounds, char *const *dirs, size_t count)
{
	double *us[SUITES_MAX], first = 0;

	for (size_t d = 0; d < count; d++)
		us[d] = calloc(rounds, sizeof **us);
	for (size_t round = 0; round < rounds + WARM_UP; round++)
		for (size_t k = 0; k < count; k++) {
			size_t d = (k + round) % count; /* each is first as often as the others */
			double took = ask(dirs[d], asked_account(round, count_of(dirs[d])));

			if (round >= WARM_UP && us[d])
				us[d][round - WARM_UP] = took;
		}
	printf("%12s %12s %12s %10s\n", "accounts", "median us", "90th us", "ratio");
	for (size_t d = 0; d < count; d++) {
		if (!us[d])
			return 1;
		qsort(us[d], rounds, sizeof **us, compare);
		first = d ? first : us[d][rounds / 2];
		printf("%12zu %12.2f %12.2f %10.3f\n", count_of(dirs[d]), us[d][rounds / 2],
		       us[d][rounds * 90 / PERCENT], us[d][rounds / 2] / first);
		free(us[d]);
	}
	return 0;
}

int main(int argc, char *argv[])
{
	struct asking a;

	if (argc == 4 && strcmp(argv[1], "plant") == 0)
		return plant(argv[2], strtoul(argv[3], NULL, 10));
	if (argc >= 4 && argc - 3 <= SUITES_MAX && strcmp(argv[1], "time") == 0 && strtoul(argv[2], NULL, 10) > 0)
		return time_all(strtoul(argv[2], NULL, 10), argv + 3, (size_t)argc - 3);
	if (argc == 3 && strcmp(argv[1], "once") == 0) {
		for_valgrind = true;
		prepare(&a, argv[2], 0);
		load_once(&a);
		decide_once(&a);
		policy_free(a.policy);
		return 0;
	}
	fputs("usage: policy plant DIR COUNT | time ROUNDS DIR... | once DIR\n", stderr);
	return 64;
}
