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

bool process_reset(const struct sandbox_view *view, struct sandbox_fault *fault)
{
	reset_signals();
	reset_timers();
	umask(view->umask);
	/* 1, not 0: with 0 a piped core_pattern still gets the core (core(5)). */
	if (!limit(RLIMIT_CORE, 1, 1) || !limit(RLIMIT_NPROC, view->processes, view->processes))
		return step_failed(fault, "limits", "cannot be set");
	if (personality(PER_LINUX) < 0)
		return step_failed(fault, "personality", "cannot be reset");
	/* Also every tree and directory of the host that the view was made from. */
	if (syscall(SYS_close_range, SANDBOX_KEPT_FD + view->keep_log, ~0u, 0) != 0)
		return step_failed(fault, "descriptors", "cannot be closed");
	return true;
}
