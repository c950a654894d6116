/*
 * accounts-plan - a plan's life: the lock, the look at every step, the steps, and their undoing.
 */
#include "accounts.h"

#include "cli.h"
#include "explain.h"
#include "paint.h"
#include "usable.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

void step_say(struct step *step, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(step->text, sizeof step->text, format, arguments);
	va_end(arguments);
}

struct step *plan_step(struct plan *plan, const struct step_kind *kind, const char *path)
{
	struct step *step = &plan->step[plan->steps < STEPS_MAX ? plan->steps++ : STEPS_MAX - 1];

	*step = (struct step){.kind = kind};
	snprintf(step->path, sizeof step->path, "%s", path ? path : "");
	return step;
}

/* ---- the lock, and what was cut short ---- */

static int complain(const char *what, const char *reason)
{
	int error = errno;

	fprintf(stderr, "sallyport: %s: %s%s%s\n", what, reason, error ? ": " : "", error ? strerror(error) : "");
	return error == EWOULDBLOCK ? CLI_BUSY : CLI_FAILURE;
}

/* make install makes it; a package may leave that to us. */
static int open_base(int *lock)
{
	static const char *const own[] = {SALLYPORT_ACCOUNTS, ACCOUNTS_HOMES, ACCOUNTS_PENDING};
	struct stat st;

	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		if (mkdir(own[i], 0755) != 0 && errno != EEXIST)
			return complain(own[i], "cannot be made");
	*lock = open(SALLYPORT_ACCOUNTS, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (*lock < 0 || fstat(*lock, &st) != 0)
		return complain(SALLYPORT_ACCOUNTS, "cannot be opened");
	errno = 0;
	if (st.st_uid != 0 || st.st_mode & (S_IWGRP | S_IWOTH))
		return complain(SALLYPORT_ACCOUNTS, "is not root's alone");
	if (flock(*lock, LOCK_EX | LOCK_NB) == 0)
		return CLI_ALLOW;
	return complain(SALLYPORT_ACCOUNTS,
			"another `sallyport account`, or a useradd of one that was killed, is at work");
}

static void pending_path(const struct plan *plan, char path[PATH_MAX])
{
	snprintf(path, PATH_MAX, ACCOUNTS_PENDING "/%s", plan->wish->name);
}

/* Names the account until all is done: nothing half-made is left that `account list` does not show. */
static bool begin_pending(struct plan *plan)
{
	char path[PATH_MAX], text[PATH_MAX + 32];
	struct step scratch = {0};
	bool data = plan->settings && plan->settings->docroot;

	pending_path(plan, path);
	snprintf(text, sizeof text, "%s %s\n", plan->wish->verb, data ? plan->settings->docroot : "none");
	if (plan->adopted || file_put(&scratch, path, text))
		return true;
	unlink(path); /* it may be there, and only its way to the disk have failed */
	printf("  failed    note       %s\n", scratch.text);
	return false;
}

/* A change that went through does not make whole what an `add` or `remove` left half-made. */
static void end_pending(const struct plan *plan)
{
	char path[PATH_MAX];
	size_t length = strlen(plan->wish->verb);

	pending_path(plan, path);
	char *text = file_text(path);
	if (text && (strcmp(plan->wish->verb, "set") != 0 || strncmp(text, plan->wish->verb, length) == 0))
		unlink(path);
	free(text);
}

/* ^C and a hang-up come between two steps, where they can be undone. */
static void hold_signals(sigset_t *before)
{
	static const int held[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGQUIT};
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof held / sizeof *held; i++)
		sigaddset(&set, held[i]);
	sigprocmask(SIG_BLOCK, &set, before);
}

static bool is_interrupted(void)
{
	sigset_t set;

	return sigpending(&set) == 0 && (sigismember(&set, SIGINT) || sigismember(&set, SIGTERM) ||
					 sigismember(&set, SIGHUP) || sigismember(&set, SIGQUIT));
}

/* The account as the policy is to see it: with our group, and with the home that it will have. */
static void complete_facts(struct plan *plan)
{
	struct account *a = &plan->account;
	size_t count = 0;
	bool member = false;

	for (char **group = a->groups; group && *group && count < ACCOUNTS_GROUPS_MAX; group++) {
		member |= strcmp(*group, ACCOUNTS_GROUP) == 0;
		plan->groups[count++] = *group;
	}
	if (!member && strcmp(plan->wish->verb, "add") == 0)
		plan->groups[count++] = ACCOUNTS_GROUP;
	a->facts.groups = plan->groups;
	a->facts.before_profile = true;
	snprintf(plan->home, sizeof plan->home, ACCOUNTS_HOMES "/%s", plan->wish->name);
	if (!a->present)
		a->facts.home = plan->home;
}

int plan_open(struct plan *plan, const struct wish *wish)
{
	char path[PATH_MAX];
	int directory = (int)(strrchr(SALLYPORT_POLICY, '/') - SALLYPORT_POLICY);

	*plan = (struct plan){.wish = wish, .tool.lock = -1};
	if (geteuid() != 0) {
		fprintf(stderr, "sallyport: account %s makes and changes accounts: it has to be root\n", wish->verb);
		return CLI_FAILURE;
	}
	umask(022);
	hold_signals(&plan->signals);
	int status = open_base(&plan->tool.lock);
	if (status != CLI_ALLOW)
		return status;
	pending_path(plan, path);
	plan->adopted = access(path, F_OK) == 0;
	snprintf(plan->ini, sizeof plan->ini, "%.*s/users/%s.ini", directory, SALLYPORT_POLICY, wish->name);
	accounts_keys(wish->name, plan->keys);
	if (!account_find(wish->name, &plan->account)) {
		errno = ENOMEM;
		return complain(wish->name, "the account cannot be looked at");
	}
	complete_facts(plan);
	return CLI_ALLOW;
}

void plan_close(struct plan *plan)
{
	for (size_t i = 0; i < plan->steps; i++)
		free(plan->step[i].old_text);
	policy_free(plan->policy);
	lines_free(&plan->ini_lines);
	free(plan->ini_text);
	free(plan->first_policy);
	account_free(&plan->account);
	if (plan->tool.lock >= 0)
		close(plan->tool.lock);
	sigprocmask(SIG_SETMASK, &plan->signals, NULL);
	*plan = (struct plan){.tool.lock = -1};
}

/* ---- telling ---- */

static void tell(const char *state, const struct step *step)
{
	printf("  %-9s %-10s ", state, step->kind->name);
	paint_escaped(step->text, strlen(step->text));
	putchar('\n');
	fflush(stdout); /* whoever is killed has said how far it came */
}

static size_t look_at_all(struct plan *plan, size_t *needed)
{
	static const char *const states[] = {
		[LOOK_SAME] = "same", [LOOK_NEEDED] = "to do", [LOOK_BLOCKED] = "blocked"};
	size_t blocked = 0;

	*needed = 0;
	printf("account %s\n", plan->wish->name);
	for (size_t i = 0; i < plan->steps; i++) {
		struct step *step = &plan->step[i];

		step->found = step->kind->look(plan, step);
		blocked += step->found == LOOK_BLOCKED;
		*needed += step->found == LOOK_NEEDED;
		tell(states[step->found], step);
	}
	return blocked;
}

/* ---- doing ---- */

static void undo_all(struct plan *plan, size_t from)
{
	size_t left = 0;

	for (size_t i = from; i-- > 0;) {
		struct step *step = &plan->step[i];

		if (!step->acted)
			continue;
		bool undone = step->kind->undo(plan, step);
		left += !undone;
		tell(undone ? "undone" : "left", step);
	}
	if (left == 0 && !plan->adopted)
		end_pending(plan);
	else
		printf("%s is half-made; run the same again when what stood in the way is mended\n", plan->wish->name);
}

/* A tool that failed, or was killed, may have done it all the same: then it is there to be undone. */
static void note_halves(struct plan *plan, struct step *step)
{
	char why[STEP_TEXT];

	snprintf(why, sizeof why, "%s", step->text);
	step->acted = step->kind->undo && step->kind->look(plan, step) == LOOK_SAME;
	snprintf(step->text, sizeof step->text, "%s", why);
}

/* A step that an earlier one has brought about is not done again. */
static bool act(struct plan *plan, struct step *step)
{
	if (step->found != LOOK_NEEDED)
		return true;
	if (is_interrupted()) {
		step_say(step, "interrupted");
		return false;
	}
	enum look now = step->kind->look(plan, step);
	if (now != LOOK_NEEDED)
		return now == LOOK_SAME;
	char done[STEP_TEXT];
	snprintf(done, sizeof done, "%s", step->text);
	if (!step->kind->act(plan, step)) {
		note_halves(plan, step);
		return false;
	}
	step->acted = true;
	snprintf(step->text, sizeof step->text, "%s", done);
	plan->final |= !step->kind->undo;
	tell("done", step);
	return true;
}

static int carry_out(struct plan *plan)
{
	size_t left = 0;

	if (!begin_pending(plan))
		return CLI_FAILURE;
	for (size_t i = 0; i < plan->steps; i++) {
		if (act(plan, &plan->step[i]))
			continue;
		tell(plan->final ? "left" : "failed", &plan->step[i]);
		left++;
		if (plan->final)
			continue;
		undo_all(plan, i + 1);
		return CLI_FAILURE;
	}
	if (left == 0)
		end_pending(plan);
	return left ? CLI_FAILURE : CLI_ALLOW;
}

int plan_run(struct plan *plan)
{
	size_t needed, blocked = look_at_all(plan, &needed);

	if (plan->ini_text)
		lines_diff(&plan->ini_lines, plan->ini, stdout);
	if (blocked > 0) {
		printf("nothing was done\n");
		return CLI_DENY;
	}
	if (plan->wish->dry) {
		printf(needed ? "dry run: nothing was done\n" : "dry run: there is nothing to do\n");
		return CLI_ALLOW;
	}
	if (needed == 0) {
		end_pending(plan);
		printf("nothing to do: all of it is there\n");
		return CLI_ALLOW;
	}
	return carry_out(plan);
}
