/*
 * lint-here - docroots that this host's accounts would not get: the gate's own code opens each, as the account.
 */
#include "docroot-try.h"
#include "lint.h"
#include "origin.h"
#include "roster.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

/* Whoever may not become the account can tell only that it is not there. */
static const char *ask(const struct account *account, const struct settings *settings, struct sandbox_fault *fault)
{
	struct stat st;

	switch (docroot_try(account, settings, fault)) {
	case DOCROOT_OPENS: return NULL;
	case DOCROOT_REFUSED: return fault->reason;
	case DOCROOT_UNASKED: break;
	}
	bool gone = settings->docroot && stat(settings->docroot, &st) != 0 && (errno == ENOENT || errno == ENOTDIR);
	*fault = (struct sandbox_fault){0};
	return gone ? "the docroot is missing" : NULL;
}

static void visit(void *context, const struct account *account, const struct settings *settings,
		  const struct sitting *sitting)
{
	struct lint *lint = context;
	struct sandbox_fault fault;
	struct origin origin;

	/* Faults are found where the sections are; and root's sessions are refused whatever they have. */
	if (!settings || account->facts.uid == 0)
		return;
	const char *reason = ask(account, settings, &fault);
	if (reason && origin_find(sitting->asked, &account->facts, "docroot", &origin))
		lint_find(lint, CHECK_DOCROOT_REFUSED, (struct place){origin.file, origin.line},
			  "%s for user %s: %s%s%s", settings->docroot, account->facts.user, reason,
			  fault.error ? ": " : "", fault.error ? strerror(fault.error) : "");
}

void lint_here(struct lint *lint)
{
	struct side side;

	/* Whether it loads has been said by then. */
	if (side_open(&side, lint->file, lint->candidate))
		lint->failed |= !roster_each(&side, visit, lint);
	side_close(&side);
}
