/*
 * audit-layers - what each sshd says, for everybody and for each account; which layers hold an account, and what
 * is open all the same.
 */
#include "audit-sshd.h"

#include "audit/lines.h"

#include "keys/gatecall.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* ---- what concerns everybody ---- */

static bool is_known(void *context, const char *pattern, bool group)
{
	const struct audit *a = context;

	for (size_t i = 0; i < a->accounts; i++) {
		if (!group && fnmatch(pattern, a->account[i].name, FNM_NOESCAPE) == 0)
			return true;
		for (const char **name = a->account[i].groups; group && name && *name; name++)
			if (fnmatch(pattern, *name, FNM_NOESCAPE) == 0)
				return true;
	}
	return false;
}

/*
 * sshd reads its files when it starts, and when it is told to: it then executes itself, as the process that it was, and
 * writes its PidFile anew.
 */
static time_t read_at(const struct audit_sshd *s, const char *answer)
{
	char path[ANSWER_VALUE_MAX], pid[16];
	struct stat st;
	FILE *file = answer && *answer_value(answer, "pidfile", path) == '/' ? fopen(path, "re") : NULL;
	bool its = file && fgets(pid, sizeof pid, file) && strtol(pid, NULL, 10) == s->pid &&
		   fstat(fileno(file), &st) == 0;

	if (file)
		fclose(file);
	return its && st.st_mtime > s->started ? st.st_mtime : s->started;
}

static void look_at_age(struct audit *a, const struct audit_sshd *s, const char *answer)
{
	const time_t read = s->started ? read_at(s, answer) : 0;
	struct stat st;

	for (size_t i = 0; s->started && i < s->texts_count; i++) {
		const struct audit_evidence evidence = {.place = {s->texts[i].shown, 0}};

		if (stat(s->texts[i].shown, &st) == 0 && st.st_mtime > read)
			audit_find(&a->found, AUDIT_CONFIG_NEWER, NULL, &evidence,
				   "changed after sshd, process %d, read it", s->pid);
	}
}

static void look_at_instance(struct audit *a, struct audit_sshd *s)
{
	struct audit_session session = {.found = &a->found, .config = &s->config, .file = s->file, .from = ""};

	audit_sshd_config(a, s);
	session.answer = audit_answer_global(a, s);
	if (session.answer)
		audit_judge_sshd(&session);
	audit_judge_lines(&session);
	audit_judge_allow(&session, is_known, a);
	for (size_t i = 0; i + 1 < s->arguments; i++)
		if (strcmp(s->argument[i], "-o") == 0)
			audit_judge_option(&session, s->argument[i + 1]);
	look_at_age(a, s, session.answer);
}

/* ---- what concerns an account ---- */

static bool forces_gate(const char *answer)
{
	char command[GATECALL_MAX];
	struct gatecall call;
	size_t length;
	const char *forced = audit_forced(answer, &length);

	if (!forced || length >= sizeof command)
		return false;
	memcpy(command, forced, length);
	command[length] = '\0';
	return gatecall_read(command, SALLYPORT_SHELL, &call);
}

size_t audit_each_answer(struct audit *a, struct audit_account *account, audit_visit *work, void *context)
{
	size_t count = 0;

	for (size_t i = 0; i < a->sshds; i++) {
		struct audit_sshd *s = &a->sshd[i];
		const struct audit_class *class = audit_class(a, s, account);

		for (size_t j = 0; class && j < s->peers; j++) {
			struct audit_session session = {&a->found,  account, class->answer[j],
							&s->config, s->file, s->peer[j].shown};
			bool known = !session.answer;

			for (size_t k = 0; k < j && !known; k++)
				known = class->answer[k] == session.answer;
			if (known)
				continue;
			count++;
			work(&session, context);
		}
	}
	return count;
}

static void note_force(struct audit_session *s, void *context)
{
	bool *all = context;

	*all = *all && forces_gate(s->answer);
}

void audit_sshd(struct audit *a)
{
	audit_sshd_find(a);
	for (size_t i = 0; i < a->sshds; i++)
		look_at_instance(a, &a->sshd[i]);
	for (size_t i = 0; i < a->accounts; i++) {
		struct audit_account *account = &a->account[i];
		bool all = true;

		if (audit_wanted(a, account) && (account->gated || audit_can_login(account)))
			account->forced = audit_each_answer(a, account, note_force, &all) > 0 && all;
	}
}

/* What of the layers an answer leaves. */
static void note_layers(struct audit_session *s, void *context)
{
	size_t length;

	(void)context;
	if (audit_sftp_is_internal(s->answer) && !audit_forced(s->answer, &length))
		s->account->layers &= ~(unsigned)AUDIT_LAYER_SHELL;
	/* another ForceCommand hides what a key forces */
	if (!audit_needs_listed_key(s->answer) || (audit_forced(s->answer, &length) && !forces_gate(s->answer)))
		s->account->layers &= ~(unsigned)AUDIT_LAYER_KEYS;
}

static void judge(struct audit_session *s, void *context)
{
	(void)context;
	audit_judge_session(s);
}

static void look_at_account(struct audit *a, struct audit_account *account)
{
	const struct audit_evidence evidence = {.place = account->place};

	account->layers = (account->shell_is_gate ? AUDIT_LAYER_SHELL : 0) |
			  (account->forced ? AUDIT_LAYER_FORCE : 0) |
			  (account->keys == AUDIT_KEYS_ENFORCED ? AUDIT_LAYER_KEYS : 0);
	if (audit_each_answer(a, account, note_layers, NULL) > 0)
		audit_each_answer(a, account, judge, NULL);
	else
		account->layers &= AUDIT_LAYER_SHELL;
	if (!account->gated && a->policy_read)
		audit_find(&a->found, AUDIT_POLICY_NONE, account, &evidence,
			   "the gate starts, and the policy has no place");
}

void audit_layers(struct audit *a)
{
	for (size_t i = 0; i < a->accounts; i++)
		if (audit_wanted(a, &a->account[i]) && audit_restricted(&a->account[i]))
			look_at_account(a, &a->account[i]);
}
