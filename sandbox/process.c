#include "kernel.h"
#include "step.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>

/* Not libc's sigaction(), which hands on what lay on its stack where the kernel wrote nothing. */
static bool is_default(int number)
{
	/* The handler, then flags, restorer and mask; with the size of the mask. */
	struct {
		uintptr_t handler;
		uint64_t rest[4];
	} now = {.handler = (uintptr_t)SIG_IGN};

	return syscall(SYS_rt_sigaction, number, NULL, &now, sizeof now.rest[0]) == 0 &&
	       now.handler == (uintptr_t)SIG_DFL;
}

/* Most are already: asking first is half the calls. */
static bool set_default(int number)
{
	const struct sigaction action = {.sa_handler = SIG_DFL};

	return is_default(number) || (sigaction(number, &action, NULL) == 0 && is_default(number));
}

bool process_unblock(void)
{
	sigset_t none, now;

	sigemptyset(&none);
	sigfillset(&now);
	if (sigprocmask(SIG_SETMASK, &none, NULL) != 0 || sigprocmask(SIG_SETMASK, NULL, &now) != 0)
		return false;
	for (int number = 1; number < 32; number++)
		if (sigismember(&now, number))
			return false;
	return true;
}

/* What a parent can leave behind in us: handlers go at exec, but "ignored" and "blocked" stay. */
static bool reset_signals(void)
{
	/* The real-time ones mean nothing that was not agreed on. SIGPIPE stays ignored until the exec. */
	for (int number = 1; number < 32; number++) {
		bool fixed = number == SIGKILL || number == SIGSTOP || number == SIGPIPE;

		if (!fixed && !set_default(number))
			return false;
	}
	return process_unblock();
}

static bool is_off(int which)
{
	struct itimerval now = {.it_value = {.tv_sec = 1}};

	return getitimer(which, &now) == 0 && now.it_value.tv_sec == 0 && now.it_value.tv_usec == 0;
}

static bool reset_timers(void)
{
	static const int timers[] = {ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF};
	const struct itimerval off = {0};

	for (size_t i = 0; i < sizeof timers / sizeof *timers; i++)
		if (!is_off(timers[i]) && (setitimer(timers[i], &off, NULL) != 0 || !is_off(timers[i])))
			return false;
	return true;
}

/* Lowers the hard limit, never raises it; the soft one is `soft` as far as that allows. */
static bool limit(int resource, rlim_t most, rlim_t soft)
{
	struct rlimit now = {RLIM_INFINITY, RLIM_INFINITY}, after;

	if (getrlimit(resource, &now) != 0)
		return false;
	if (now.rlim_max > most)
		now.rlim_max = most;
	now.rlim_cur = soft < now.rlim_max ? soft : now.rlim_max;
	return setrlimit(resource, &now) == 0 && getrlimit(resource, &after) == 0 &&
	       after.rlim_cur == now.rlim_cur && after.rlim_max == now.rlim_max;
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
static bool is_nice(int least)
{
	errno = 0;
	int now = getpriority(PRIO_PROCESS, 0);

	return now >= least && errno == 0;
}

static bool set_nice(int least)
{
	return is_nice(least) || (setpriority(PRIO_PROCESS, 0, least) == 0 && is_nice(least));
}

static bool set_umask(mode_t mask)
{
	umask(mask);
	return umask(mask) == mask;
}

static bool set_personality(void)
{
	enum { ASK = -1 };

	return personality(PER_LINUX) >= 0 && personality((unsigned long)ASK) == PER_LINUX;
}

/*
 * From first on. One that is open there for certain has to be gone afterwards: a number of our own, or, when all are
 * taken, the first.
 */
static bool close_from(int first)
{
	int mark = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, first);

	if (mark < 0)
		mark = errno == EMFILE ? first : -1;
	return mark >= 0 && syscall(SYS_close_range, first, ~0u, 0) == 0 && fcntl(mark, F_GETFD) < 0 &&
	       errno == EBADF;
}

bool process_reset(const struct sandbox_view *view, struct sandbox_fault *fault)
{
	/* Also every tree and directory of the host that the view was made from; while no limit is in the way. */
	if (!view->keep_log)
		close(SANDBOX_KEPT_FD);
	if (!view->keep_slot)
		close(SANDBOX_SLOT_FD);
	if (!close_from(SANDBOX_IDENTITY_FD + view->keep_identity))
		return step_failed(fault, "descriptors", "cannot be closed");
	if (!reset_signals())
		return step_failed(fault, "signals", "cannot be reset");
	if (!reset_timers())
		return step_failed(fault, "timers", "cannot be reset");
	if (!set_umask(view->umask))
		return step_failed(fault, "umask", "cannot be set");
	if (!set_limits(view))
		return step_failed(fault, "limits", "cannot be set");
	if (!set_nice(view->nice))
		return step_failed(fault, "nice", "cannot be set");
	if (!set_personality())
		return step_failed(fault, "personality", "cannot be reset");
	return true;
}
