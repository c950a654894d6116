/*
 * doctor-account - what the policy asks for each of its accounts, and whether it is there. The docroot is opened by
 * the gate's own code, as the account.
 */
#include "doctor.h"

#include "become.h"
#include "docroot-try.h"
#include "slots.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- docroots ---- */

static bool cannot(const struct account *account, const char *path, int mode)
{
	if (!become_for_now(account))
		return false;
	bool no = faccessat(AT_FDCWD, path, mode, AT_EACCESS) != 0;
	become_root_again();
	return no;
}

static void rights(struct doctor *d, const struct account *account, const struct settings *settings)
{
	static const struct {
		unsigned verbs;
		int mode;
		const char *what;
	} rows[] = {
		{VERB_LIST, R_OK | X_OK, "list"},
		{VERB_UPLOAD | VERB_MKDIR | VERB_RENAME | VERB_DELETE, W_OK | X_OK, "write to"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (settings->verbs & rows[i].verbs && cannot(account, settings->docroot, rows[i].mode))
			doctor_say(d, LEVEL_WARN, "docroot", "chown or chmod it; or take the verbs away",
				   "%s: %s may by the policy %s %s and by its modes may not", account->facts.user,
				   account->facts.user, rows[i].what, settings->docroot);
	}
}

static void docroot(struct doctor *d, const struct account *account, const struct settings *settings)
{
	struct sandbox_fault fault;
	enum docroot_answer answer = docroot_try(account, settings, &fault);

	if (answer == DOCROOT_REFUSED)
		doctor_say(d, LEVEL_FAIL, "docroot", fault.want ? fault.want : "see SECURITY", "%s: %s: %s%s%s",
			   account->facts.user, settings->docroot, fault.reason, fault.error ? ": " : "",
			   fault.error ? strerror(fault.error) : "");
	else if (answer == DOCROOT_OPENS)
		rights(d, account, settings);
}

/* ---- state ---- */

/* For the first of its commands that keeps some. */
static void state(struct doctor *d, const struct account *account, const struct settings *settings)
{
	char path[PATH_MAX];
	struct stat st;

	snprintf(path, sizeof path, SALLYPORT_STATE "/%u", account->facts.uid);
	for (size_t i = 0; i < settings->commands_count; i++) {
		if (!settings->commands[i]->state)
			continue;
		if (settings->isolation != ISOLATION_NAMESPACE)
			doctor_say(d, LEVEL_FAIL, "state", "isolation = namespace, or no such command",
				   "%s: %s keeps state, and only a view has a place for it", account->facts.user,
				   settings->commands[i]->name);
		else if (lstat(path, &st) != 0 || !S_ISDIR(st.st_mode) || st.st_uid != account->facts.uid ||
			 st.st_mode & (S_IRWXG | S_IRWXO))
			doctor_say(d, LEVEL_FAIL, "state", "sallyport state NAME",
				   "%s has no state directory for %s, or it is not its own alone",
				   account->facts.user, settings->commands[i]->name);
		return;
	}
}

/* ---- one account ---- */

static void note(struct doctor *d, const struct settings *settings)
{
	d->accounts++;
	d->may_lack += (settings->may_lack & MAY_LACK_LANDLOCK) != 0;
	d->log_required |= settings->log_required;
	d->waits |= settings->duration || slots_needed(settings);
	d->timed |= settings->hours[0] || settings->expires != INT64_MAX;
	for (size_t i = 0; i < settings->commands_count; i++) {
		d->waits |= settings->commands[i]->runs != RUNS_PLAIN && settings->commands[i]->runs != RUNS_PROBE;
		d->waits |= policy_logs_transfers(settings, settings->commands[i]);
		d->spawning += settings->commands[i]->runs == RUNS_SPAWN;
	}
}

static void visit(void *context, const struct account *account, const struct settings *settings,
		  const struct sitting *sitting)
{
	struct doctor *d = context;
	const struct policy_fault *fault = &sitting->fault;
	const char *user = account->facts.user;

	if (account->facts.uid == 0) {
		doctor_say(d, LEVEL_WARN, "account", "take its section away; root is never granted anything",
			   "%s has uid 0", user);
		return;
	}
	if (!settings) {
		doctor_say(d, LEVEL_FAIL, "account", "sallyport check -C user=NAME shows it whole", "%s: %s%s%s", user,
			   fault->reason, fault->word[0] ? ": " : "", fault->word);
		return;
	}
	note(d, settings);
	d->gate_is_shell |= strcmp(account->shell, SALLYPORT_SHELL) == 0;
	if (!d->first)
		d->first = strdup(user);
	if (settings->may_lack & MAY_LACK_LANDLOCK)
		doctor_say(d, LEVEL_WARN, "may-lack",
			   "take `may-lack = landlock` out of the policy wherever the kernel has it",
			   "%s goes on without Landlock where there is none", user);
	docroot(d, account, settings);
	state(d, account, settings);
	for (size_t i = 0; i < settings->commands_count; i++)
		doctor_program(d, user, settings, settings->commands[i]);
	if (slots_needed(settings) && !slots_are_right(account->facts.uid))
		doctor_say(d, LEVEL_FAIL, "max-sessions", "sallyport slots",
			   "%s has no slot file, or it is not its own alone: it is refused", user);
}

void doctor_accounts(struct doctor *d)
{
	if (!roster_each(&d->side, visit, d))
		d->failed = true;
	if (d->accounts == 0)
		doctor_say(d, LEVEL_WARN, "accounts", "a [user] or [group] section for an account of this host",
			   "the policy has a place for nobody on this host");
	else
		doctor_say(d, LEVEL_OK, "accounts", NULL, "%zu looked at", d->accounts);
}

/* ---- a session ---- */

struct trial {
	int output;
};

static int run_gate(void *context)
{
	const struct trial *t = context;
	char *const argv[] = {(char *)(uintptr_t)SALLYPORT_SHELL, (char *)(uintptr_t)"-c",
			      (char *)(uintptr_t)"true", NULL};
	char *const env[] = {(char *)(uintptr_t)"SSH_CONNECTION=127.0.0.1 0 127.0.0.1 0", NULL};
	int quiet = open("/dev/null", O_RDWR | O_CLOEXEC);

	dup2(quiet, STDIN_FILENO);
	dup2(quiet, STDOUT_FILENO);
	dup2(t->output, STDERR_FILENO);
	execve(argv[0], argv, env);
	return 126;
}

/* The connectivity check: granted or refused, it is decided behind door one, and what ends before that has 71 or 78. */
void doctor_try(struct doctor *d)
{
	enum { REFUSED = 77 };
	char line[256] = "";
	int ends[2];

	if (d->candidate || geteuid() != 0 || !d->first || pipe2(ends, O_CLOEXEC) != 0)
		return;
	struct trial trial = {ends[1]};
	int status = become_ask(d->first, run_gate, &trial);
	close(ends[1]);
	ssize_t n = read(ends[0], line, sizeof line - 1);
	close(ends[0]);
	line[n > 0 ? n : 0] = '\0';
	line[strcspn(line, "\n")] = '\0';
	if (status == 0 || status == REFUSED)
		doctor_say(d, LEVEL_OK, "session", NULL, "door one closes for %s", d->first);
	else
		doctor_say(d, LEVEL_FAIL, "session", "what the gate says; its line in the log has more",
			   "%s: status %d: %s", d->first, status, line);
}
