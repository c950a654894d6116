#include "docroot-try.h"

#include "become.h"

#include <fcntl.h>
#include <unistd.h>

struct opening {
	struct sandbox_view view;
	int ends[2];
};

/* In a child that is the account: a copy of us, so that static text lies where it does here. */
static int open_docroot(void *context)
{
	struct opening *o = context;
	struct sandbox sandbox;
	struct sandbox_fault fault = {0};

	if (sandbox_prepare(&o->view, &sandbox, &fault))
		return 0;
	return write(o->ends[1], &fault, sizeof fault) == sizeof fault ? 1 : 2;
}

/* As shell/plan.c has it, which is not ours to include. */
static const enum sandbox_isolation isolations[] = {
	[ISOLATION_NAMESPACE] = SANDBOX_NAMESPACE,
	[ISOLATION_CHROOT] = SANDBOX_CHROOT,
	[ISOLATION_LANDLOCK] = SANDBOX_LANDLOCK,
};

_Static_assert((int)SANDBOX_ISOLATIONS == sizeof isolations / sizeof *isolations, "every isolation has a row");

enum docroot_answer docroot_try(const struct policy_account *account, const struct settings *settings,
				struct sandbox_fault *fault)
{
	struct opening o = {.view = {.isolation = isolations[settings->isolation],
				     .uid = account->uid, .user = account->user,
				     .home = account->home, .docroot = settings->docroot,
				     .docroot_home = settings->docroot_home, .start = settings->start}};

	if (!settings->docroot || (geteuid() != 0 && geteuid() != account->uid) || pipe2(o.ends, O_CLOEXEC) != 0)
		return DOCROOT_UNASKED;
	int answer = become_ask(account->user, open_docroot, &o);
	close(o.ends[1]);
	bool told = answer == 1 && read(o.ends[0], fault, sizeof *fault) == sizeof *fault;
	close(o.ends[0]);
	return answer == 0 ? DOCROOT_OPENS : told ? DOCROOT_REFUSED : DOCROOT_UNASKED;
}
