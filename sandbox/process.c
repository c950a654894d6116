#include "kernel.h"
#include "step.h"

#include <linux/close_range.h>
#include <signal.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>

/* What a parent can leave behind in us: handlers go at exec, but "ignored" and "blocked" stay. */
static void reset_signals(void)
{
	struct sigaction action = {.sa_handler = SIG_DFL};
	sigset_t none;

	/* The real-time ones mean nothing that was not agreed on. SIGPIPE stays ignored until the exec. */
	for (int number = 1; number < 32; number++)
		if (number != SIGPIPE)
			sigaction(number, &action, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static void reset_timers(void)
{
	struct itimerval off = {0};

	setitimer(ITIMER_REAL, &off, NULL);
	setitimer(ITIMER_VIRTUAL, &off, NULL);
	setitimer(ITIMER_PROF, &off, NULL);
}

/* Lowers the hard limit, never raises it; the soft one is `soft` as far as that allows. */
static bool limit(int resource, rlim_t most, rlim_t soft)
{
	struct rlimit now;

	if (getrlimit(resource, &now) != 0)
		return false;
	if (now.rlim_max > most)
		now.rlim_max = most;
	now.rlim_cur = soft < now.rlim_max ? soft : now.rlim_max;
	return setrlimit(resource, &now) == 0;
}

static bool set_limits(const struct sandbox_view *view)
{
	static const int resources[SANDBOX_LIMITS] = {
		[SANDBOX_CPU] = RLIMIT_CPU,         [SANDBOX_FILE_SIZE] = RLIMIT_FSIZE,
		[SANDBOX_OPEN_FILES] = RLIMIT_NOFILE, [SANDBOX_MEMORY] = RLIMIT_AS,
		[SANDBOX_PROCESSES] = RLIMIT_NPROC,
	};

	for (size_t i = 0; i < SANDBOX_LIMITS; i++)
		if (view->limit[i] != SANDBOX_UNLIMITED &&
		    !limit(resources[i], view->limit[i], view->limit[i]))
			return false;
	/* 1, not 0: with 0 a piped core_pattern still gets the core (core(5)). */
	return limit(RLIMIT_CORE, 1, 1);
}

/* Never lowers it: who started the session niced keeps that. */
static bool set_nice(int least)
{
	errno = 0;
	int now = getpriority(PRIO_PROCESS, 0);

	return (now >= least && errno == 0) || setpriority(PRIO_PROCESS, 0, least) == 0;
}

bool process_reset(const struct sandbox_view *view, struct sandbox_fault *fault)
{
	reset_signals();
	reset_timers();
	umask(view->umask);
	if (!set_limits(view))
		return step_failed(fault, "limits", "cannot be set");
	if (!set_nice(view->nice))
		return step_failed(fault, "nice", "cannot be set");
	if (personality(PER_LINUX) < 0)
		return step_failed(fault, "personality", "cannot be reset");
	/* Also every tree and directory of the host that the view was made from. */
	if (!view->keep_log)
		close(SANDBOX_KEPT_FD);
	if (!view->keep_slot)
		close(SANDBOX_SLOT_FD);
	if (syscall(SYS_close_range, SANDBOX_IDENTITY_FD + view->keep_identity, ~0u, 0) != 0)
		return step_failed(fault, "descriptors", "cannot be closed");
	return true;
}
