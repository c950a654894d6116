/*
 * accounts-policy - the policy as it would be with what is wished for: loaded, merged and judged by the code of the
 * gate, of apply and of lint, before anything is written.
 */
#include "accounts.h"

#include "cli.h"
#include "explain.h"
#include "lint.h"
#include "origin.h"
#include "paint.h"
#include "usable.h"

#include "text/pathname.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define DOCROOTS "/srv/transfer"

/* Where there is no policy at all. Access is the default, read-only. */
static const char first_policy[] =
	"# sallyport.ini(5). Each account has a file in users/: sallyport account.\n"
	"[defaults]\n"
	"commands = sftp scp rsync\n";

static struct policy_source source_of(const struct plan *plan, const char *own_text)
{
	return (struct policy_source){.file = SALLYPORT_POLICY, .user = plan->wish->name, .text = plan->first_policy,
				      .own_text = own_text};
}

static int refuse(const struct plan *plan, const char *what, const char *detail)
{
	printf("account %s\n  blocked   policy     ", plan->wish->name);
	paint_escaped(what, strlen(what));
	printf("%s%s\nnothing was done\n", detail ? ": " : "", detail ? detail : "");
	return CLI_DENY;
}

static int at_fault(const struct policy_fault *fault)
{
	explain_fault("error", fault);
	return CLI_POLICY;
}

/* The policy with this text for the account's own file; NULL: as it lies there. */
static int load(struct plan *plan, const char *own_text)
{
	const struct policy_source source = source_of(plan, own_text);
	struct policy_fault fault;

	policy_free(plan->policy);
	plan->policy = NULL;
	plan->settings = NULL;
	return policy_load(&source, &plan->policy, &fault) ? CLI_ALLOW : at_fault(&fault);
}

/* The account's settings by it. */
static enum policy_verdict merge(struct plan *plan, struct policy_fault *fault)
{
	enum policy_verdict verdict = policy_settings(plan->policy, &plan->account.facts, &plan->settings, fault);

	if (verdict != POLICY_SETTINGS)
		plan->settings = NULL;
	return verdict;
}

/* Where [user NAME] stands in policy.ini itself; 0: it does not. */
static unsigned main_line(const struct plan *plan)
{
	struct policy_section section;

	for (size_t i = 0; policy_section(plan->policy, i, &section); i++)
		if (strcmp(section.kind, "user") == 0 && strcmp(section.name, plan->wish->name) == 0 &&
		    strcmp(section.file, SALLYPORT_POLICY) == 0)
			return section.line;
	return 0;
}

/* What holds by the wish, or by a section that concerns the account; NULL: nobody says it. */
static const char *said(const struct plan *plan, const char *name)
{
	const char *wished = wish_value(plan->wish, name);
	struct origin origin;

	if (wished)
		return wished;
	return origin_find(plan->policy, &plan->account.facts, name, &origin) ? origin.value : NULL;
}

static void want(struct plan *plan, const char *name, const char *value)
{
	if (plan->unsaid_count < UNSAID_MAX)
		plan->unsaid[plan->unsaid_count++] = (struct wish_setting){name, value};
}

static bool starts_inside(const struct plan *plan)
{
	const char *start = said(plan, "start");

	return start && strcmp(start, "/") != 0;
}

/*
 * A new account that nobody said more about: a docroot of its own, the usual commands. Where the docroot becomes the
 * root, it is root's, and the account has a directory in it.
 */
static void complete(struct plan *plan)
{
	const char *isolation = said(plan, "isolation");

	snprintf(plan->unsaid_docroot, sizeof plan->unsaid_docroot, DOCROOTS "/%s", plan->wish->name);
	if (!said(plan, "docroot"))
		want(plan, "docroot", plan->unsaid_docroot);
	if (!said(plan, "commands"))
		want(plan, "commands", "sftp scp rsync");
	if (plan->layout == LAYOUT_UNSAID)
		plan->layout = starts_inside(plan) || (isolation && strcmp(isolation, "chroot") == 0) ? LAYOUT_NESTED
												      : LAYOUT_FLAT;
}

/* What holds of an account's own settings before they are the policy; NULL: they can be. */
static const char *docroot_reason(const struct plan *plan)
{
	const struct settings *s = plan->settings;
	struct origin origin;

	if (!s->docroot)
		return s->docroot_set ? NULL : "it has no docroot";
	if (!plan->account.present && origin_find(plan->policy, &plan->account.facts, "docroot", &origin) &&
	    strstr(origin.value, "%U"))
		return "the docroot is named after a uid that is not known yet: --docroot DIR";
	if (directory_fault(s->docroot))
		return directory_fault(s->docroot);
	if (!s->docroot_home && pathname_is_beneath(plan->account.facts.home, s->docroot))
		return "the docroot is the account's home, or above it: who can write ~/.ssh owns the account";
	if (plan->layout == LAYOUT_FLAT && s->isolation == ISOLATION_CHROOT)
		return "isolation = chroot wants a docroot that is root's: --layout nested, shared or split";
	return NULL;
}

static int judge(const struct plan *plan, bool was_usable)
{
	const struct policy_source source = source_of(plan, plan->ini_text);
	bool add = strcmp(plan->wish->verb, "add") == 0;
	bool docroot = add || wish_value(plan->wish, "docroot") || plan->wish->layout != LAYOUT_UNSAID;
	const char *reason = docroot ? docroot_reason(plan) : NULL;
	size_t high = 0;

	if (reason)
		return refuse(plan, plan->settings->docroot ? plan->settings->docroot : "docroot", reason);
	reason = usable_fault(plan->settings, (int64_t)time(NULL));
	if (reason && (add || was_usable) && !plan->wish->yes)
		return refuse(plan, "no session of it could be granted anything (--yes: all the same)", reason);
	if (plan->ini_text && !lint_candidate(&source, &high)) {
		fprintf(stderr, "sallyport: out of memory\n");
		return CLI_FAILURE;
	}
	if (high > 0 && !plan->wish->yes)
		return refuse(plan, "lint objects (--yes: all the same)", NULL);
	return CLI_ALLOW;
}

/* The files as they are, what is to be in the account's own, and the policy with that. */
static int prepare(struct plan *plan, bool *was_usable)
{
	bool add = strcmp(plan->wish->verb, "add") == 0;
	struct policy_fault fault;
	int status = load(plan, NULL);

	if (status != CLI_ALLOW)
		return status;
	if (merge(plan, &fault) == POLICY_REFUSED && !add)
		return refuse(plan, "the policy has no place for it", "sallyport account add makes one");
	*was_usable = plan->settings && usable_fault(plan->settings, (int64_t)time(NULL)) == NULL;
	plan->layout = plan->wish->layout;
	if (add)
		complete(plan);
	if ((plan->layout == LAYOUT_NESTED || plan->layout == LAYOUT_SHARED) && !starts_inside(plan))
		want(plan, "start", "/%u");
	unsigned line = main_line(plan);
	if (line == 0)
		return ini_make(plan) ? load(plan, plan->ini_text) : CLI_FAILURE;
	if (plan->wish->settings_count + plan->unsaid_count == 0)
		return CLI_ALLOW;
	fprintf(stderr, "sallyport: [user %s] stands in %s:%u: change it there (sallyport apply), or move it to %s\n",
		plan->wish->name, SALLYPORT_POLICY, line, plan->ini);
	return CLI_DENY;
}

int plan_policy(struct plan *plan)
{
	struct policy_fault fault;
	bool was_usable = false;

	if (access(SALLYPORT_POLICY, F_OK) != 0 && errno == ENOENT)
		plan->first_policy = strdup(first_policy);
	int status = prepare(plan, &was_usable);
	if (status != CLI_ALLOW)
		return status;
	if (merge(plan, &fault) != POLICY_SETTINGS || !plan->settings)
		return at_fault(&fault);
	return judge(plan, was_usable);
}
