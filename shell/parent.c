#include "parent.h"

#include "heap.h"
#include "plan.h"
#include "report.h"

#include <errno.h>
#include <string.h>
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
	transfers_leave(&s->transfers);
	bool awaited = sandbox_await(wait, &fault);
	transfers_end(&s->transfers);
	if (s->transfers.lost)
		report_lost(s, s->transfers.lost);
	if (s->transfers.reason)
		report_refused(s, EXIT_CONFIGURATION, s->transfers.reason, NULL);
	if (!awaited)
		report_sandbox(s, &fault);
	if (wait->expired) {
		report_ended(s, "max-duration");
		_exit(EXIT_LATER);
	}
	sandbox_pass_on(wait->status);
	_exit(WIFEXITED(wait->status) ? WEXITSTATUS(wait->status) : EXIT_CONFINEMENT);
}

static bool log_transfer(void *session, const char *said, size_t length)
{
	return report_transfer(session, said, length);
}

static void listen_to(struct session *s)
{
	s->transfers = (struct transfers){
		.log = log_transfer, .context = s, .required = s->settings->log_required};
	if (!transfers_open(&s->transfers))
		report_refused(s, EXIT_CONFINEMENT, "what the program says cannot be logged", strerror(errno));
}

void parent_part(struct session *s)
{
	bool logged = s->decision.program && policy_logs_transfers(s->settings, s->decision.definition);

	if (logged)
		listen_to(s);
	struct sandbox_wait wait = {
		.waits = plan_waits(s->settings, s->decision.definition),
		.sweeps = !s->view.apart,
		.parent = s->parent,
		.duration = s->settings->duration,
		.said = s->transfers.in,
		.hear = logged ? transfers_hear : NULL,
		.context = &s->transfers,
	};
	struct sandbox_fault fault;

	switch (sandbox_part(&wait, &fault)) {
	case SANDBOX_PROGRAM: return;
	case SANDBOX_PARENT: wait_and_end(s, &wait);
	case SANDBOX_FAILED: break;
	}
	report_sandbox(s, &fault);
}
