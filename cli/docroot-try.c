#include "docroot-try.h"

#include "become.h"

#include <unistd.h>

/* As shell/plan.c has it, which is not ours to include. */
static const enum sandbox_isolation isolations[] = {
	[ISOLATION_NAMESPACE] = SANDBOX_NAMESPACE,
	[ISOLATION_CHROOT] = SANDBOX_CHROOT,
	[ISOLATION_LANDLOCK] = SANDBOX_LANDLOCK,
};

_Static_assert((int)SANDBOX_ISOLATIONS == sizeof isolations / sizeof *isolations, "every isolation has a row");

static bool opens(const struct account *account, const struct settings *settings, struct sandbox_fault *fault)
{
	const struct sandbox_view view = {
		.isolation = isolations[settings->isolation], .uid = account->facts.uid, .user = account->facts.user,
		.home = account->facts.home, .docroot = settings->docroot, .docroot_home = settings->docroot_home,
		.start = settings->start};
	struct sandbox sandbox;
	bool good = sandbox_prepare(&view, &sandbox, fault);

	if (sandbox.docroot >= 0)
		close(sandbox.docroot);
	return good;
}

enum docroot_answer docroot_try(const struct account *account, const struct settings *settings,
				struct sandbox_fault *fault)
{
	*fault = (struct sandbox_fault){0};
	if (!settings->docroot || (geteuid() != 0 && geteuid() != account->facts.uid) || !become_for_now(account))
		return DOCROOT_UNASKED;
	bool good = opens(account, settings, fault);
	become_root_again();
	return good ? DOCROOT_OPENS : DOCROOT_REFUSED;
}
