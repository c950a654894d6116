/*
 * fault - every call of a session times every fault; see fault.h. Findings and a summary go to stdout; the status is 1
 * when there are findings.
 *
 * SESSIONS: a line for each, "NAME UID grant|deny log|- GATE COMMAND". A call that an earlier session has made as well,
 * at the same place between others that both have made, fails with every error there and with one of them here.
 */
#define _GNU_SOURCE
#include "fault.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SESSIONS_MAX = 64, JOBS_MAX = 1 << 17, TRIES = 4, REPLACE = 3, SMALL = 1 << 16, KNOWN_ROWS = 16 };

struct job {
	int session;
	struct fault fault;
};

static struct session sessions[SESSIONS_MAX + 1];
static struct run *sound[SESSIONS_MAX], *plain[SESSIONS_MAX]; /* plain: before FAULT_PREPARE, or NULL */
static int sessions_count;
static struct job *jobs;
static size_t jobs_count, calls_count;

/* What workers share. */
static struct {
	atomic_size_t next;
	atomic_size_t verdicts[SESSIONS_MAX][KNOWN + 1];
	atomic_bool lied[KNOWN_ROWS];
} *shared;

static void die(const char *what)
{
	fprintf(stderr, "fault: %s: %s\n", what, strerror(errno));
	exit(2);
}

static void *share(size_t size)
{
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (at == MAP_FAILED)
		die("mmap");
	return at;
}

static void read_sessions(const char *path)
{
	char line[1024], denied[8], logged[8];
	FILE *file = fopen(path, "re");

	if (!file)
		die(path);
	while (fgets(line, sizeof line, file)) {
		struct session *s = &sessions[sessions_count++];
		errno = EINVAL;
		if (sessions_count > SESSIONS_MAX ||
		    sscanf(line, "%31s %u %7s %7s %255s %255[^\n]", s->name, &s->uid, denied, logged, s->gate,
			   s->command) != 6)
			die(line);
		s->denied = strcmp(denied, "deny") == 0;
		s->logged = strcmp(logged, "log") == 0;
	}
	fclose(file);
}

/* ---- without a fault ---- */

/* What everything is measured by must itself be right: the program ran, or was refused. */
static void run_sound(int i, struct run **kept)
{
	const struct session *s = &sessions[i];
	struct run *run = *kept = share(sizeof *run);
	int want = s->denied ? 77 : PROBE_STATUS;

	session_run(s, NULL, run);
	if (run->hangs || run->executed == s->denied || !WIFEXITED(run->status) || WEXITSTATUS(run->status) != want) {
		printf("%s: without a fault: status %x, executed %d\n%s%s%s", s->name, run->status, run->executed, run->out,
		       run->err, run->log);
		exit(1);
	}
	for (size_t c = 0; c < run->calls; c++)
		if (!table_find(run->call[c].number)) {
			printf("%s: errnos.tsv has no row for %s\n", s->name, table_name(run->call[c].number));
			exit(1);
		}
}

/* ---- the plan ---- */

static bool is_same(const struct call *a, const struct call *b)
{
	if (a->process != b->process || a->number != b->number || strcmp(a->path, b->path) != 0)
		return false;
	for (int i = 0; i < ARGUMENTS; i++)
		if (a->argument[i] < SMALL && b->argument[i] < SMALL && a->argument[i] != b->argument[i])
			return false;
	return true;
}

/*
 * Which calls of a session an earlier one has made as well: the longest sequence that both have in common, in the
 * order of both.
 */
static void mark_common(const struct run *earlier, const struct run *run, bool known[CALLS_MAX])
{
	static uint16_t longest[CALLS_MAX + 1][CALLS_MAX + 1];

	for (size_t i = run->calls; i-- > 0;)
		for (size_t j = earlier->calls; j-- > 0;) {
			uint16_t without = longest[i + 1][j] > longest[i][j + 1] ? longest[i + 1][j] : longest[i][j + 1];
			bool same = is_same(&run->call[i], &earlier->call[j]);
			longest[i][j] = same ? (uint16_t)(longest[i + 1][j + 1] + 1) : without;
		}
	for (size_t i = 0, j = 0; i < run->calls && j < earlier->calls;) {
		if (is_same(&run->call[i], &earlier->call[j])) {
			known[i++] = true;
			j++;
		} else if (longest[i + 1][j] > longest[i][j + 1]) {
			i++;
		} else {
			j++;
		}
	}
}

static void add(int session, enum fault_kind kind, int error, const struct call *at)
{
	if (jobs_count == JOBS_MAX)
		die("too many sessions");
	jobs[jobs_count++] = (struct job){session, {kind, error, *at}};
}

/* A success without an answer: it could have been said by somebody who did nothing. */
static bool can_lie(const struct call *call)
{
	static const long changing[] = {SYS_umask, SYS_setsid, SYS_personality};

	for (size_t i = 0; i < sizeof changing / sizeof *changing; i++)
		if (call->number == changing[i])
			return true;
	return call->result == 0 && call->number != SYS_exit_group && call->number != SYS_execve &&
	       call->number != ALLOCATION && table_find(call->number)->errors > 0;
}

static void add_all(int session, const struct call *call)
{
	const struct table_row *row = table_find(call->number);

	for (size_t i = 0; i < row->errors; i++)
		add(session, FAULT_ERROR, row->error[i], call);
	if (cut_argument(call->number) >= 0 && call->result > 1) {
		add(session, FAULT_BYTE, 0, call);
		add(session, FAULT_HALF, 0, call);
	}
	if (can_lie(call))
		add(session, FAULT_LIE, 0, call);
}

static void plan(int session)
{
	const struct run *run = sound[session];
	bool known[CALLS_MAX] = {false}, allocates = false;

	for (int i = 0; i < session; i++)
		mark_common(sound[i], run, known);
	for (size_t c = 0; c < run->calls; c++)
		allocates |= run->call[c].number == ALLOCATION;
	for (size_t c = 0; c < run->calls; c++) {
		const struct call *call = &run->call[c];
		const struct table_row *row = table_find(call->number);

		/* A gate that was built to show its allocations is there for those alone. */
		if (allocates && call->number != ALLOCATION)
			continue;
		calls_count++;
		if (!known[c])
			add_all(session, call);
		else if (row->errors > 0)
			add(session, FAULT_ERROR, row->error[(c + (size_t)session) % row->errors], call);
	}
}

/* ---- the work ---- */

static void describe(const struct job *job, const struct run *run, const char *why)
{
	static const char *const kinds[] = {"", "one byte", "half", "a lie"};
	const struct fault *f = &job->fault;
	const struct call *at = &f->at;
	char line[1500];
	int n = snprintf(line, sizeof line, "%s: process %d, %s(%#lx, %#lx) %s nr. %d: %s: %s [status %x] err=%.150s log=%.300s\n",
			 sessions[job->session].name, at->process, table_name(at->number), (long)at->argument[0],
			 (long)at->argument[1], at->path, at->nth, f->kind == FAULT_ERROR ? strerrorname_np(f->error) : kinds[f->kind],
			 why, (unsigned)run->status, run->err, run->log);

	if (write(STDOUT_FILENO, line, n < (int)sizeof line ? (size_t)n : sizeof line - 1) < 0)
		die("stdout");
}

static bool is_known(const struct fault *fault)
{
	int row = fault->kind == FAULT_LIE ? known_find(fault->at.number, fault->at.argument[0]) : -1;

	if (row >= 0)
		atomic_store(&shared->lied[row], true);
	return row >= 0;
}

static void work(int worker)
{
	static struct run run;
	const char *why = NULL;
	size_t i;

	session_prepare(worker);
	session_prepare_more();
	while ((i = atomic_fetch_add(&shared->next, 1)) < jobs_count) {
		const struct job *job = &jobs[i];
		const struct session *s = &sessions[job->session];

		/* What waits for another process does not make the same calls each time. */
		run.came = false;
		for (int t = 0; t < TRIES && !run.came; t++)
			session_run(s, &job->fault, &run);
		enum verdict verdict = judge(s, sound[job->session], plain[job->session], &job->fault, &run, &why);
		if (verdict == FINDING && is_known(&job->fault))
			verdict = KNOWN;
		atomic_fetch_add(&shared->verdicts[job->session][verdict], 1);
		if (verdict == FINDING)
			describe(job, &run, why);
		if (run.host_changed)
			exit(REPLACE);
	}
	exit(0);
}

static void run_jobs(int workers)
{
	int status;

	for (int i = 0; i < workers; i++)
		if (fork() == 0)
			work(i + 1);
	for (int i = workers + 1; wait(&status) > 0; i++) {
		if (status == 0)
			continue;
		if (!WIFEXITED(status) || WEXITSTATUS(status) != REPLACE)
			die("a worker ended early");
		if (fork() == 0) /* one whose mounts are sound */
			work(i);
	}
}

/* A line for each session, and one for all. */
static int summarize(void)
{
	size_t all[KNOWN + 1] = {0}, findings = 0;

	for (int i = 0; i < sessions_count; i++) {
		atomic_size_t *v = shared->verdicts[i];
		for (int k = 0; k <= KNOWN; k++)
			all[k] += v[k];
		printf("%s: %zu calls, %zu sessions: %zu refused, %zu confined, %zu not seen through, %zu findings\n",
		       sessions[i].name, sound[i]->calls, v[REFUSED] + v[CONFINED] + v[FINDING] + v[KNOWN], v[REFUSED], v[CONFINED],
		       v[KNOWN], v[FINDING]);
	}
	for (size_t i = 0; i < known_count(); i++)
		if (!shared->lied[i]) {
			printf("lies-known.tsv: %s is seen through after all\n", known_name((int)i));
			findings++;
		}
	printf("all: %zu calls x faults = %zu sessions: %zu refused, %zu confined, %zu not seen through, %zu findings\n",
	       calls_count, jobs_count, all[REFUSED], all[CONFINED], all[KNOWN], all[FINDING]);
	return all[FINDING] + findings > 0;
}

int main(int argc, char *argv[])
{
	int workers = 1, first = 1, status;

	if (argc > 2 && strcmp(argv[1], "-j") == 0) {
		workers = atoi(argv[2]);
		first = 3;
	}
	if (argc != first + 3 || workers < 1)
		return 2;
	setvbuf(stdout, NULL, _IOLBF, 0);
	table_read(argv[first]);
	known_read(argv[first + 1]);
	read_sessions(argv[first + 2]);
	shared = share(sizeof *shared);
	jobs = share(JOBS_MAX * sizeof *jobs);
	pid_t pid = fork(); /* for its namespaces */
	if (pid == 0) {
		session_prepare(0);
		for (int i = 0; i < sessions_count; i++)
			run_sound(i, &plain[i]);
		if (session_prepare_more())
			for (int i = 0; i < sessions_count; i++)
				run_sound(i, &sound[i]);
		else
			memcpy(sound, plain, sizeof sound);
		for (int i = 0; i < sessions_count; i++)
			plan(i);
		run_jobs(workers);
		exit(summarize());
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 2;
}
