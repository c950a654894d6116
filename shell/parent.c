#include "parent.h"

#include "heap.h"
#include "plan.h"
#include "report.h"

#include <sys/wait.h>
#include <unistd.h>

/* A parent may stay for hours. What its last line in the log needs is in *s itself; the rest goes. */
static void become_small(struct session *s)
{
	s->policy = NULL;
	s->settings = NULL;
	s->call = (struct call){0};
	s->decision = (struct decision){0};
	heap_forget();
}

_Noreturn static void wait_and_end(struct session *s, struct sandbox_wait *wait)
{
	struct sandbox_fault fault;

	become_small(s);
	if (!sandbox_await(wait, &fault))
		report_sandbox(s, &fault);
	if (wait->expired) {
		report_ended(s, "max-duration");
		_exit(EXIT_LATER);
	}
	sandbox_pass_on(wait->status);
	_exit(WIFEXITED(wait->status) ? WEXITSTATUS(wait->status) : EXIT_CONFINEMENT);
}

void parent_part(struct session *s)
{
	struct sandbox_wait wait = {
		.waits = plan_waits(s->settings, s->decision.definition),
		.sweeps = !s->view.apart,
		.parent = s->parent,
		.duration = s->settings->duration,
	};
	struct sandbox_fault fault;

	switch (sandbox_part(&wait, &fault)) {
	case SANDBOX_PROGRAM: return;
	case SANDBOX_PARENT: wait_and_end(s, &wait);
	case SANDBOX_FAILED: break;
	}
	report_sandbox(s, &fault);
}
