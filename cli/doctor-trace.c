/*
 * doctor-trace - runs an administrator's own program, as some account, and asks of each of its system calls what the
 * filter of a profile would have answered. Nothing is refused, so one run finds every call that is missing.
 */
#include "doctor.h"

#include "become.h"
#include "cli.h"

#include "sandbox/answer.h"
#include "sandbox/syscalls.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *const profiles[] = {
	[SANDBOX_PLAIN] = "plain", [SANDBOX_FORK] = "fork", [SANDBOX_SPAWN] = "spawn", [SANDBOX_NET] = "net"};

enum { PROFILES = sizeof profiles / sizeof *profiles, REFUSED_MAX = 256, SHOWN = 3 };

/* A call that the filter refuses, as it was made first. */
struct refused {
	struct seccomp_data call;
	uint32_t answer;
	unsigned long count;
};

struct trace {
	enum sandbox_profile profile;
	pid_t program;
	bool runs;            /* its execve(2), which the gate would make, is over */
	int status;           /* as waitpid(2) has it */
	unsigned long calls;
	struct refused refused[REFUSED_MAX];
	size_t refused_count;
	bool full;
};

static int usage(void)
{
	fprintf(stderr, "usage: sallyport doctor --trace plain|fork|spawn|net [-u USER] PROGRAM [ARGUMENT…]\n");
	return CLI_USAGE;
}

/* ---- looking on ---- */

static void judge(struct trace *t, const struct seccomp_data *call)
{
	uint32_t answer = answer_of(t->profile, call);

	t->calls++;
	if (answer == SECCOMP_RET_ALLOW)
		return;
	for (size_t i = 0; i < t->refused_count; i++)
		if (t->refused[i].call.nr == call->nr && t->refused[i].answer == answer) {
			t->refused[i].count++;
			return;
		}
	if (t->refused_count < REFUSED_MAX)
		t->refused[t->refused_count++] = (struct refused){*call, answer, 1};
	else
		t->full = true;
}

static void look(struct trace *t, pid_t pid)
{
	struct __ptrace_syscall_info info;
	struct seccomp_data call;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, (void *)sizeof info, &info) <= 0 ||
	    info.op != PTRACE_SYSCALL_INFO_ENTRY || !t->runs)
		return;
	call = (struct seccomp_data){
		.nr = (int)info.entry.nr, .arch = info.arch, .instruction_pointer = info.instruction_pointer};
	memcpy(call.args, info.entry.args, sizeof call.args);
	judge(t, &call);
}

/* One stop of one of its threads. The signal that is to be delivered, or 0. */
static int stopped(struct trace *t, pid_t pid, int status)
{
	int event = status >> 16, number = WSTOPSIG(status);

	if (event == PTRACE_EVENT_EXEC)
		t->runs = true;
	if (event != 0)
		return 0;
	if (number != (SIGTRAP | 0x80))
		return number;
	look(t, pid);
	return 0;
}

static void follow(struct trace *t)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, __WALL)) > 0 || errno == EINTR) {
		if (pid == t->program && (WIFEXITED(status) || WIFSIGNALED(status)))
			t->status = status;
		if (pid > 0 && WIFSTOPPED(status))
			ptrace(PTRACE_SYSCALL, pid, NULL, (void *)(intptr_t)stopped(t, pid, status));
	}
}

static const long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL | PTRACE_O_TRACEFORK |
			    PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC;

static bool attach(pid_t pid)
{
	return ptrace(PTRACE_SEIZE, pid, NULL, (void *)options) == 0 &&
	       ptrace(PTRACE_INTERRUPT, pid, NULL, NULL) == 0 && waitpid(pid, NULL, __WALL) == pid &&
	       ptrace(PTRACE_SYSCALL, pid, NULL, NULL) == 0;
}

/* The child waits for a byte: by then it is watched. */
static int become_program(int go, const char *user, char *argv[])
{
	char *const env[] = {(char *)(uintptr_t)"PATH=/usr/bin:/bin", (char *)(uintptr_t)"HOME=/",
			     (char *)(uintptr_t)"LANG=C.UTF-8", NULL};
	char byte;

	if (read(go, &byte, 1) != 1)
		return 125;
	close(go);
	if (user && geteuid() == 0 && !become_user(user)) {
		fprintf(stderr, "sallyport: cannot become %s\n", user);
		return 125;
	}
	execve(argv[0], argv, env);
	fprintf(stderr, "sallyport: %s: %s\n", argv[0], strerror(errno));
	return 125;
}

static bool run(struct trace *t, const char *user, char *argv[])
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) != 0)
		return false;
	t->program = fork();
	if (t->program == 0) {
		close(ends[1]);
		_exit(become_program(ends[0], user, argv));
	}
	close(ends[0]);
	bool good = t->program > 0 && attach(t->program) && write(ends[1], "", 1) == 1;
	close(ends[1]);
	if (good)
		follow(t);
	else if (t->program > 0)
		kill(t->program, SIGKILL);
	return good;
}

/* ---- telling ---- */

/* What a call means for which the table has no group of its own. */
static const struct remark {
	const char *name, *why;
	bool harmless; /* nothing to do about it */
} remarks[] = {
	{"clone3", "libcs go on with clone when it is ENOSYS", true},
	{"execve", "exec happens once, and is the gate's; a program that starts others needs the profile spawn", false},
};

static const struct remark *remark_of(const struct refused *r)
{
	const char *name = answer_name(r->call.nr);

	for (size_t i = 0; name && i < sizeof remarks / sizeof *remarks; i++)
		if (strcmp(remarks[i].name, name) == 0)
			return &remarks[i];
	return NULL;
}

static const char *word_of(uint32_t answer)
{
	if (answer == (SECCOMP_RET_ERRNO | EPERM))
		return "EPERM";
	return answer == (SECCOMP_RET_ERRNO | ENOSYS) ? "ENOSYS" : "killed";
}

static void tell(const struct trace *t, const struct refused *r)
{
	const char *name = answer_name(r->call.nr);
	const struct group *group = syscall_group(name, t->profile);
	const char *before = "  allowed by profile ";

	if (name)
		fprintf(stderr, "%-6s %s(", word_of(r->answer), name);
	else
		fprintf(stderr, "%-6s system call %d(", word_of(r->answer), r->call.nr);
	for (int i = 0; i < SHOWN; i++)
		fprintf(stderr, "%s0x%llx", i ? ", " : "", (unsigned long long)r->call.args[i]);
	fprintf(stderr, ", ...)  %lu times\n", r->count);
	if (remark_of(r))
		fprintf(stderr, "       %s%s\n", remark_of(r)->harmless ? "harmless: " : "", remark_of(r)->why);
	else if (group)
		fprintf(stderr, "       group %s: %s%s\n", group->name, group->why,
			group->answer == ANSWER_ALLOW ? "; not with these arguments" : "");
	else
		fputs("       in no group\n", stderr);
	for (unsigned p = 0; p < PROFILES; p++)
		if (answer_of((enum sandbox_profile)p, &r->call) == SECCOMP_RET_ALLOW) {
			fprintf(stderr, "%s%s", *before == ' ' ? "     " : "", before);
			fprintf(stderr, "%s", profiles[p]);
			before = ", ";
		}
	if (*before == ',')
		fputc('\n', stderr);
}

static int report(const struct trace *t)
{
	size_t missing = 0;

	fputc('\n', stderr);
	for (size_t i = 0; i < t->refused_count; i++) {
		tell(t, &t->refused[i]);
		missing += !remark_of(&t->refused[i]) || !remark_of(&t->refused[i])->harmless;
	}
	if (t->full)
		fputs("and more kinds than could be kept\n", stderr);
	if (WIFSIGNALED(t->status))
		fprintf(stderr, "the program died of signal %d; ", WTERMSIG(t->status));
	else
		fprintf(stderr, "the program ended with %d; ", WEXITSTATUS(t->status));
	fprintf(stderr, "%lu system calls, %zu kinds that profile %s refuses and that matter\n", t->calls, missing,
		profiles[t->profile]);
	return missing ? CLI_FOUND : CLI_ALLOW;
}

int doctor_trace(int argc, char *argv[])
{
	static struct trace trace;
	const char *user = NULL;
	int profile = 0;

	while (argc > 0 && profile < PROFILES && strcmp(argv[0], profiles[profile]) != 0)
		profile++;
	if (argc < 2 || profile == PROFILES)
		return usage();
	argv++;
	if (strcmp(argv[0], "-u") == 0 && argc > 3) {
		user = argv[1];
		argv += 2;
	}
	if (argv[0][0] != '/') {
		fprintf(stderr, "sallyport: %s: not an absolute path\n", argv[0]);
		return CLI_USAGE;
	}
	trace.profile = (enum sandbox_profile)profile;
	if (!run(&trace, user, argv) || !trace.runs) {
		fprintf(stderr, "sallyport: %s cannot be traced\n", argv[0]);
		return CLI_FAILURE;
	}
	return report(&trace);
}
