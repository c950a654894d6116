/*
 * wait - a program and the gate as the parent that waits for it, and for all that it started.
 *
 * With a process namespace the program is its first process: when it ends, or when the parent kills it, the kernel
 * kills all that is left inside, however often it forked or changed its session. It cannot name a process outside, the
 * parent least of all, so what the parent holds, timer and slot, is out of its reach.
 *
 * Without one (Landlock alone, where nothing but the program's own forks asks for a parent) the parent is a subreaper
 * (prctl(2), Linux 3.4): whatever loses its own parent becomes a child of this one. No child left means nothing left.
 */
#include "kernel.h"
#include "step.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>

enum {
	GRACE = 10,   /* seconds that a program has left, once sshd is gone, to see the end of its input and tidy up */
	PAUSE_MS = 1, /* until a program that was heard is heard again: it does not cost a wake-up each time */
	REST_MS = 100, /* the same of one that said enough */
};

/*
 * Programs that lock by writing "host:pid" into a file (hg, borg, git gc) would take another session for themselves,
 * or for dead: each has a pid 1. So each namespace has a host's name of its own too.
 */
static bool rename_host(void)
{
	enum { KEPT = 40 };
	struct utsname host;
	char name[64];
	uint64_t dice;

	if (uname(&host) != 0 || getrandom(&dice, sizeof dice, 0) != sizeof dice)
		return false;
	int n = snprintf(name, sizeof name, "%.*s-%016llx", KEPT, host.nodename, (unsigned long long)dice);
	return sethostname(name, (size_t)n) == 0;
}

bool wait_prepare(const struct sandbox_view *view, struct sandbox_fault *fault)
{
	if (!view->apart)
		return true;
	/* Only children are born into it: a program that may not fork is executed in place as before. */
	if (unshare(CLONE_NEWPID | CLONE_NEWUTS) != 0) {
		step_failed(fault, "process namespace", "cannot be made");
		fault->want = "allow them (user.max_pid_namespaces)";
		return false;
	}
	return rename_host() || step_failed(fault, "process namespace", "its host name cannot be set");
}

static bool set_death_signal(int number)
{
	int set = 0;

	return prctl(PR_SET_PDEATHSIG, number, 0, 0, 0) == 0 && prctl(PR_GET_PDEATHSIG, &set, 0, 0, 0) == 0 &&
	       set == number;
}

/* The kernel's promise, and what it cannot promise: that the parent was still there when it was made. */
static bool follow(pid_t parent, int number, struct sandbox_fault *fault)
{
	if (!set_death_signal(number))
		return step_failed(fault, "parent", "its death cannot be followed");
	errno = 0;
	return getppid() == parent || step_failed(fault, "parent", "it is gone already");
}

/* ---- the program's side ---- */

/* From inside the namespace the parent has no number, so a descriptor of it tells whether it lives. */
static bool follow_gate(int gate, struct sandbox_fault *fault)
{
	struct pollfd dead = {.fd = gate, .events = POLLIN};

	if (!set_death_signal(SIGKILL))
		return step_failed(fault, "parent", "its death cannot be followed");
	return poll(&dead, 1, 0) == 0 || step_failed(fault, "parent", "it is gone already");
}

/* I5: the namespace is there, if there is to be one, for this is its first process; and so is the session. */
static bool stand_apart(const struct sandbox_wait *wait, struct sandbox_fault *fault)
{
	enum { FIRST = 1 };
	pid_t own = getpid();

	errno = 0;
	if (!wait->sweeps && own != FIRST)
		return step_failed(fault, "process namespace", "the program is not in it");
	/* Out of the parent's process group: kill(0, SIGSTOP) must not stop the clock. */
	return (setsid() >= 0 && getsid(0) == own) || step_failed(fault, "parent", "its session cannot be left");
}

/* What is open of the parent's, the slot among it, ends with the exec. */
static enum sandbox_side begin_program(const struct sandbox_wait *wait, int gate, struct sandbox_fault *fault)
{
	bool good = stand_apart(wait, fault) && follow_gate(gate, fault);

	if (good && !process_unblock())
		good = step_failed(fault, "signals", "cannot be let through");
	return good ? SANDBOX_PROGRAM : SANDBOX_FAILED;
}

/* ---- the parent's side ---- */

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Nothing of the client's stays open here but stderr, or its programs would never see an end. */
static bool shut_in(struct sandbox_wait *wait, const sigset_t *awaited, struct sandbox_fault *fault)
{
	if (wait->hear && (wait->signals = signalfd(-1, awaited, SFD_CLOEXEC)) < 0)
		return step_failed(fault, "parent", "cannot wait and hear at a time");
	close(STDIN_FILENO);
	close(STDOUT_FILENO);
	if (sigprocmask(SIG_BLOCK, awaited, NULL) != 0 || chdir("/") != 0 ||
	    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 || prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0)
		return step_failed(fault, "parent", "cannot be shut in");
	return follow(wait->parent, SIGTERM, fault) && seccomp_close_parent(fault);
}

/* Waits until deadline (ms; 0: without) for a signal. False: the time is over, or there is no waiting. */
static bool sleep_until(int64_t deadline, const sigset_t *awaited, int *number)
{
	int64_t left = deadline ? deadline - now_ms() : 0;
	struct timespec most = {.tv_sec = left / 1000, .tv_nsec = left % 1000 * 1000000};

	errno = 0;
	if (deadline && left <= 0)
		return false;
	*number = deadline ? sigtimedwait(awaited, NULL, &most) : sigwaitinfo(awaited, NULL);
	/* an interrupted or early end comes round again */
	return *number >= 0 || errno == EINTR || errno == EAGAIN;
}

/* The same, and a program that speaks is heard meanwhile. False, too: it cannot be. */
static bool sleep_or_hear(struct sandbox_wait *wait, int64_t deadline, const sigset_t *awaited, int *number)
{
	struct pollfd ready[] = {{.fd = wait->signals, .events = POLLIN}, {.fd = wait->said, .events = POLLIN}};

	if (!wait->hear)
		return sleep_until(deadline, awaited, number);
	int64_t left = deadline ? deadline - now_ms() : -1;
	*number = 0;
	errno = 0;
	if (deadline && left <= 0)
		return false;
	if (poll(ready, sizeof ready / sizeof *ready, left < INT_MAX ? (int)left : INT_MAX) < 0)
		return errno == EINTR;
	errno = EBADF;
	if ((ready[0].revents | ready[1].revents) & POLLNVAL)
		return false;
	enum sandbox_heard heard = ready[1].revents ? wait->hear(wait->context) : SANDBOX_HEARD;
	if (heard == SANDBOX_HEARD_FAILED)
		return false;
	if (heard == SANDBOX_HEARD_LAST)
		wait->hear = NULL;
	/* A signal that was ready is there at once. */
	int pause = heard == SANDBOX_HEARD_ENOUGH ? REST_MS : PAUSE_MS;
	return sleep_until(now_ms() + pause, awaited, number) || errno == 0;
}

/* Kills every process in the list, numbers with a blank behind each; a last one without it was cut. */
static void kill_listed(const char *list)
{
	while (*list) {
		int number = 0;

		for (; *list >= '0' && *list <= '9'; list++)
			number = number * 10 + *list - '0';
		if (*list != ' ')
			return;
		list++;
		/* None but we can wait for it, so the number is not another's yet. */
		if (number > 1)
			kill(number, SIGKILL);
	}
}

/*
 * Until there is no child, and so no descendant: the children of what is killed come to us next. What forks in the
 * meantime is found the next time round; that it cannot become many is the process limit's.
 */
static void sweep(int children, const sigset_t *awaited)
{
	const struct timespec pause = {.tv_nsec = 1000000};
	char list[1024];
	pid_t pid;

	for (;;) {
		ssize_t n = pread(children, list, sizeof list - 1, 0);

		list[n > 0 ? n : 0] = '\0';
		kill_listed(list);
		while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
			;
		if (pid < 0 && errno == ECHILD)
			return;
		sigtimedwait(awaited, NULL, &pause);
	}
}

/*
 * 1: the program has ended; 0: it has not; -1: nobody can say. Orphans that came to us are not left as zombies
 * meanwhile.
 */
static int reap(struct sandbox_wait *wait)
{
	int status;

	for (;;) {
		pid_t pid = waitpid(-1, &status, WNOHANG);

		if (pid == wait->program) {
			wait->status = status;
			return 1;
		}
		if (pid == 0 || (pid < 0 && errno != EINTR))
			return pid < 0 ? -1 : 0;
	}
}

static void end_program(struct sandbox_wait *wait)
{
	kill(wait->program, SIGKILL);
	while (waitpid(wait->program, &wait->status, 0) < 0 && errno == EINTR)
		;
}

/*
 * Until the program has ended, or has been ended. Its whole namespace has then: waitpid() returns no sooner. False: it
 * has been killed, for it could not be waited for.
 */
static bool await(struct sandbox_wait *wait, const sigset_t *awaited)
{
	int64_t deadline = wait->duration ? now_ms() + (int64_t)wait->duration * 1000 : 0;
	bool orphaned = false;
	int number = 0, ended;

	while ((ended = reap(wait)) != 1) {
		if (ended < 0 || !sleep_or_hear(wait, deadline, awaited, &number)) {
			int error = errno;
			end_program(wait);
			wait->expired = !error && !orphaned;
			errno = error;
			return !error;
		}
		if (number <= 0 || number == SIGCHLD || orphaned)
			continue;
		orphaned = true; /* sshd is gone, or somebody asks us to end */
		int64_t last = now_ms() + GRACE * 1000;
		if (!deadline || last < deadline)
			deadline = last;
	}
	return true;
}

/* All but SIGCHLD ask us to end, a terminal's among them: by their default action we would leave something behind. */
static void fill_awaited(sigset_t *awaited)
{
	static const int numbers[] = {SIGCHLD, SIGTERM, SIGHUP, SIGINT, SIGQUIT};

	sigemptyset(awaited);
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		sigaddset(awaited, numbers[i]);
}

bool sandbox_await(struct sandbox_wait *wait, struct sandbox_fault *fault)
{
	sigset_t awaited;

	fill_awaited(&awaited);
	bool good = shut_in(wait, &awaited, fault);
	if (!good)
		kill(wait->program, SIGKILL); /* I4: no program without its parent */
	else if (!await(wait, &awaited))
		good = step_failed(fault, "parent", "cannot wait for the program");
	if (wait->sweeps)
		sweep(wait->children, &awaited);
	return good;
}

void sandbox_pass_on(int status)
{
	int number = WTERMSIG(status);
	sigset_t one;

	if (!WIFSIGNALED(status))
		return;
	sigemptyset(&one);
	sigaddset(&one, number);
	signal(number, SIG_DFL);
	sigprocmask(SIG_UNBLOCK, &one, NULL);
	kill(getpid(), number);
}

/* Before there is anything that could outlive us. */
static bool prepare_sweep(struct sandbox_wait *wait, struct sandbox_fault *fault)
{
	if (!wait->sweeps)
		return true;
	wait->children = open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
	int set = 0;
	if (wait->children >= 0 && prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0 &&
	    prctl(PR_GET_CHILD_SUBREAPER, &set, 0, 0, 0) == 0 && set)
		return true;
	step_failed(fault, "parent", "it cannot tell what a program would leave behind");
	fault->want = "a kernel with CONFIG_PROC_CHILDREN, and /proc; or max-duration";
	return false;
}

enum sandbox_side sandbox_part(struct sandbox_wait *wait, struct sandbox_fault *fault)
{
	sigset_t awaited;

	if (!wait->waits)
		return follow(wait->parent, SIGKILL, fault) ? SANDBOX_PROGRAM : SANDBOX_FAILED;
	if (!prepare_sweep(wait, fault))
		return SANDBOX_FAILED;
	fill_awaited(&awaited);
	int gate = (int)syscall(SYS_pidfd_open, getpid(), 0);
	if (gate < 0 || sigprocmask(SIG_BLOCK, &awaited, NULL) != 0) {
		step_failed(fault, "parent", "cannot make itself known");
		return SANDBOX_FAILED;
	}
	wait->program = fork();
	if (wait->program == 0)
		return begin_program(wait, gate, fault);
	close(gate);
	if (wait->program > 0)
		return SANDBOX_PARENT;
	step_failed(fault, "parent", "the program's process cannot be made");
	return SANDBOX_FAILED;
}
