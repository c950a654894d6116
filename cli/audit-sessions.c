/*
 * audit sessions - what runs for accounts that are to be held, and whether it is: by what the kernel says of each
 * process, not by what a session was granted. Changes nothing.
 */
#include "audit-sessions.h"

#include "cli.h"
#include "dryrun.h"
#include "explain.h"
#include "grow.h"

#include <errno.h>
#include <getopt.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BEGINNING = 60 }; /* seconds that the gate may take to close its doors, on a host that is far too busy */

static int usage(FILE *to)
{
	fprintf(to, "usage: sallyport audit sessions [-f POLICY] [--user NAME] [--json]\nSee sallyport-audit(8).\n");
	return to == stdout ? CLI_ALLOW : CLI_USAGE;
}

static bool read_options(int argc, char *argv[], struct sessions *s)
{
	static const struct option options[] = {
		{"user", required_argument, NULL, 'u'}, {"json", no_argument, NULL, 'j'}, {NULL, 0, NULL, 0}};
	int option;

	while ((option = getopt_long(argc, argv, "f:", options, NULL)) != -1)
		switch (option) {
		case 'f':
			s->any_owner = true;
			if (!(s->policy = dryrun_policy(optarg)))
				return false;
			break;
		case 'u': s->user = optarg; break;
		case 'j': s->json = true; break;
		default: usage(stderr); return false;
		}
	if (optind != argc)
		usage(stderr);
	return optind == argc;
}

/* ---- whose ---- */

/* What the policy has for the account; one that it refuses for a fault is to be held all the same. */
static void judge_holder(struct sessions *s, struct holder *h)
{
	struct account account;
	struct sitting sitting;
	struct policy_fault fault;
	const struct settings *settings;
	enum policy_verdict verdict = POLICY_FAULTY;

	if (!account_find(h->name, &account)) {
		s->failed = true;
		return;
	}
	account.facts.before_profile = true;
	sitting_open(&sitting, &s->side, h->name);
	if (sitting.asked)
		verdict = policy_settings(sitting.asked, &account.facts, &settings, &fault);
	h->held = verdict != POLICY_REFUSED || (account.present && account_is_gate(account.shell));
	h->isolation = verdict == POLICY_SETTINGS ? policy_isolation(settings) : NULL;
	sitting_close(&sitting);
	account_free(&account);
}

/* The one with this uid, asked about once. NULL: nobody's, or no memory. */
static const struct holder *find_holder(struct sessions *s, uid_t uid)
{
	for (size_t i = 0; i < s->holders; i++)
		if (s->holder[i].uid == uid)
			return &s->holder[i];
	const struct passwd *entry = uid ? getpwuid(uid) : NULL;
	struct holder *grown = grow(s->holder, s->holders, sizeof *grown);
	s->failed |= !grown;
	if (!grown)
		return NULL;
	s->holder = grown;
	struct holder *h = &grown[s->holders++];
	*h = (struct holder){.uid = uid, .name = entry ? strdup(entry->pw_name) : NULL};
	s->failed |= entry && !h->name;
	if (h->name)
		judge_holder(s, h);
	return h;
}

static void take(void *context, const struct process *process)
{
	struct sessions *s = context;
	const struct holder *h = find_holder(s, process->uid);

	if (!h || !h->held || (s->user && strcmp(s->user, h->name) != 0))
		return;
	struct running *grown = grow(s->running, s->count, sizeof *grown);
	s->failed |= !grown;
	if (!grown)
		return;
	s->running = grown;
	grown[s->count++] = (struct running){
		.process = *process, .started = process_started(process->pid), .holder = (size_t)(h - s->holder)};
}

/* ---- which sessions ---- */

static struct running *find(const struct sessions *s, pid_t pid)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->running[i].process.pid == pid)
			return &s->running[i];
	return NULL;
}

/* sshd's own process for a login: its parent is root's. What only calls itself so is a program like any other. */
static bool is_sshd(const struct process *p)
{
	char number[16];
	struct process parent;

	snprintf(number, sizeof number, "%d", p->parent);
	return strncmp(p->name, "sshd", 4) == 0 && process_read(number, &parent) && parent.uid == 0 &&
	       strncmp(parent.name, "sshd", 4) == 0;
}

/* "sshd: alice@pts/3": the terminal; "" for none. */
static void read_terminal(pid_t sshd, char out[TERMINAL_MAX])
{
	char title[256];

	process_command(sshd, title, sizeof title);
	const char *at = strrchr(title, '@');
	bool has = at && strncmp(at, "@notty", 6) != 0;
	snprintf(out, TERMINAL_MAX, "%.*s", has ? (int)strcspn(at + 1, " ,") : 0, has ? at + 1 : "");
}

/* The process that a session began with; itself, where nothing of the account is above it but sshd. */
static struct running *root_of(const struct sessions *s, struct running *r)
{
	for (size_t steps = 0; steps < s->count; steps++) {
		struct running *parent = find(s, r->process.parent);

		if (!parent || parent->sshd || parent->holder != r->holder)
			break;
		r = parent;
	}
	return r;
}

/* ---- whether it is held ---- */

static bool is_gate(const struct process *p)
{
	char exe[PATH_MAX];

	return process_link(p->pid, "exe", exe) && strncmp(exe, SALLYPORT_SHELL, strlen(SALLYPORT_SHELL)) == 0;
}

/* What the kernel shows: mounts of its own, or another root. NULL: it cannot be seen. */
static const char *isolation_of(const struct process *p, pid_t above)
{
	char own[PATH_MAX], theirs[PATH_MAX], root[PATH_MAX];

	if (!process_link(p->pid, "ns/mnt", own) || !process_link(above, "ns/mnt", theirs) ||
	    !process_link(p->pid, "root", root))
		return NULL;
	if (strcmp(own, theirs) != 0)
		return "namespace";
	return strcmp(root, "/") != 0 ? "chroot" : "none";
}

static void say(struct running *session, enum state state, const char *why, pid_t pid)
{
	if (state <= session->state)
		return;
	session->state = state;
	session->why = why;
	session->culprit = pid;
}

/* Worse states than that of the session become its own. */
static void judge(struct sessions *s, struct running *session, const struct running *r)
{
	const struct process *p = &r->process;
	const char *expected = s->holder[r->holder].isolation;
	const char *seen = isolation_of(p, session->above ? session->above : getpid());
	bool landlock = expected && strcmp(expected, "landlock") == 0; /* the kernel shows it to nobody */

	if (seen && strcmp(seen, "none") == 0 && landlock && p->filtered)
		seen = expected;
	if (r == session)
		session->isolation = seen;
	if (!p->filtered && is_gate(p) && time(NULL) - r->started < BEGINNING)
		say(session, STATE_BEGINS, "the gate is at work", p->pid);
	else if (!p->filtered)
		say(session, STATE_OPEN, "no seccomp filter", p->pid);
	else if (!p->bound)
		say(session, STATE_OPEN, "it can gain privileges: no_new_privs is not set", p->pid);
	else if (!p->powerless)
		say(session, STATE_OPEN, "it has capabilities", p->pid);
	else if (!seen)
		say(session, STATE_UNSEEN, "its mounts and its root cannot be seen: only root can", p->pid);
	else if (expected && strcmp(seen, expected) != 0)
		say(session, STATE_OPEN, "its isolation is not what the policy says", p->pid);
}

/* Of the session's processes the first that is not the gate, which waits, is what it is about. */
static void add_member(struct sessions *s, struct running *session, const struct running *r)
{
	session->members++;
	judge(s, session, r);
	if (!session->about || (is_gate(&session->about->process) && !is_gate(&r->process)))
		session->about = r;
}

static void find_sessions(struct sessions *s)
{
	for (size_t i = 0; i < s->count; i++)
		s->running[i].sshd = is_sshd(&s->running[i].process);
	for (size_t i = 0; i < s->count; i++) {
		struct running *r = &s->running[i], *root = root_of(s, r), *sshd = find(s, root->process.parent);

		if (r->sshd)
			continue;
		if (root->members == 0 && sshd && sshd->sshd) {
			root->above = sshd->process.pid;
			sshd->members++;
			read_terminal(root->above, root->terminal);
		}
		add_member(s, root, r);
	}
	for (size_t i = 0; i < s->count; i++)
		if (*s->running[i].terminal)
			say(&s->running[i], STATE_OPEN, "it has a terminal, which no transfer needs",
			    s->running[i].process.pid);
}

static int status_of(const struct sessions *s)
{
	bool unseen = false;

	for (size_t i = 0; i < s->count; i++) {
		if (s->running[i].state == STATE_OPEN)
			return CLI_FOUND;
		unseen |= s->running[i].state == STATE_UNSEEN;
	}
	return unseen ? CLI_FAILURE : CLI_ALLOW;
}

static void release(struct sessions *s)
{
	for (size_t i = 0; i < s->holders; i++)
		free(s->holder[i].name);
	free(s->holder);
	free(s->running);
	side_close(&s->side);
}

static int look(struct sessions *s)
{
	account_hold();
	bool read = process_each(take, s);
	int error = errno;
	account_release();
	if (!read || s->failed) {
		fprintf(stderr, "sallyport: %s\n", s->failed ? "no memory" : strerror(error));
		return CLI_FAILURE;
	}
	find_sessions(s);
	sessions_report(s);
	return status_of(s);
}

int audit_sessions_main(int argc, char *argv[])
{
	struct sessions s = {.policy = SALLYPORT_POLICY};
	int status = CLI_POLICY;

	if (argc >= 2 && strcmp(argv[1], "--help") == 0)
		return usage(stdout);
	if (!read_options(argc, argv, &s))
		return CLI_USAGE;
	if (s.user && !getpwnam(s.user)) {
		fprintf(stderr, "sallyport: there is no account '%s'\n", s.user);
		return CLI_FAILURE;
	}
	if (side_open(&s.side, s.policy, s.any_owner))
		status = look(&s);
	else
		explain_fault_aside(&s.side.fault);
	release(&s);
	return status;
}
