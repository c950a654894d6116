/*
 * names - the docroot stays where it is, among the host's real names; Landlock alone keeps the rest away
 * (landlock.c). No privilege, so nothing is mounted and nothing is hidden.
 */
#include "reach.h"
#include "step.h"

#include "text/pathname.h"

#include <unistd.h>

/*
 * By name: links are followed nowhere on the way. Rights add up downward: a docroot inside the runtime could be read
 * without a verb, one above it written.
 */
static bool overlaps(const char *docroot, const struct reach *rows)
{
	for (; rows->path; rows++)
		if (pathname_is_beneath(docroot, rows->path) ||
		    pathname_is_beneath(rows->path, docroot))
			return true;
	return false;
}

bool names_check(const struct sandbox_view *view, int docroot, struct sandbox_fault *fault)
{
	(void)docroot;
	if (!overlaps(view->docroot, reach_runtime) &&
	    !overlaps(view->docroot, reach_rest[SANDBOX_LANDLOCK]))
		return true;
	errno = 0;
	return step_misconfigured(fault, "docroot", "it holds, or lies in, files that every program is given",
				  "a docroot apart from /usr, /etc and the like, or isolation = namespace");
}

bool names_enter(struct sandbox *sandbox, struct sandbox_fault *fault)
{
	if (fchdir(sandbox->docroot) != 0)
		return step_failed(fault, "docroot", "cannot be entered");
	return true;
}
