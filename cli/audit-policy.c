/*
 * audit-policy - what the policy says of each account: whether it has a place for it, and its docroot.
 */
#include "audit-keys.h"

#include "apply-side.h"
#include "origin.h"

#include "policy/definition.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Settings live as long as their policy: it is loaded anew before those of all accounts are kept at once. */
enum { ACCOUNTS_A_LOAD = 512 };

static void find_refusal(struct audit *a, struct audit_account *account, const struct policy_fault *fault)
{
	const struct audit_evidence evidence = {.place = {fault->file[0] ? fault->file : NULL, fault->line}};

	account->gated = true;
	audit_find(&a->found, AUDIT_POLICY_REFUSES, account, &evidence, "%s%s%s", fault->reason,
		   fault->word[0] ? ": " : "", fault->word);
}

/* By what is written; and, of this host, by where links lead. */
static bool reaches(const struct audit *a, const char *docroot, const char *home)
{
	char real_docroot[PATH_MAX], real_home[PATH_MAX];

	if (*home != '/')
		return false;
	if (audit_path_within(home, docroot))
		return true;
	return !a->root && realpath(docroot, real_docroot) && realpath(home, real_home) &&
	       audit_path_within(real_home, real_docroot);
}

static void look_at_docroot(struct audit *a, struct audit_account *account)
{
	const struct audit_evidence evidence = {.place = account->docroot_place, .path = account->docroot};

	if (reaches(a, account->docroot, account->home))
		audit_find(&a->found, AUDIT_DOCROOT_HOME, account, &evidence, "its docroot holds its home");
}

/* What sshd may ask for in the words of its Subsystem line, where the account has sftp. */
static void note_sftp(struct audit *a, struct audit_account *account, const struct settings *settings)
{
	const char *spellings = NULL;
	char *text = NULL;
	size_t size;
	FILE *to;

	for (size_t i = 0; i < settings->commands_count; i++)
		if (strcmp(settings->commands[i]->name, "sftp") == 0)
			spellings = settings->commands[i]->spellings;
	if (!spellings || !(to = open_memstream(&text, &size))) {
		a->found.failed |= spellings != NULL;
		return;
	}
	for (putc('\n', to); *spellings; spellings++)
		putc(*spellings == ' ' ? '\n' : *spellings, to);
	putc('\n', to);
	for (size_t i = 0; i < settings->sftp_subsystem_count; i++)
		fprintf(to, "%s\n", settings->sftp_subsystem[i]);
	a->found.failed |= fclose(to) != 0;
	account->sftp = text;
}

static void note(struct audit *a, struct audit_account *account, const struct settings *settings,
		 const struct policy *policy, const struct policy_account *facts)
{
	struct origin origin;

	account->gated = true;
	note_sftp(a, account, settings);
	if (!settings->docroot)
		return;
	account->docroot = strdup(settings->docroot);
	account->start = strdup(settings->start);
	account->rooted = settings->isolation == ISOLATION_CHROOT;
	account->writes = (settings->verbs & VERBS_WRITE) != 0;
	for (size_t i = 0; i < settings->paths_count; i++)
		account->writes |= (settings->paths[i].verbs & VERBS_WRITE) != 0;
	runtime_note(a, account, settings);
	if (origin_find(policy, facts, "docroot", &origin))
		account->docroot_place = (struct audit_place){strdup(origin.file), origin.line};
	a->found.failed |= !account->docroot || !account->start;
	if (account->docroot)
		look_at_docroot(a, account);
}

static void ask(struct audit *a, const struct side *side, struct audit_account *account)
{
	const struct policy_account facts = {.user = account->name,
					     .home = account->home,
					     .uid = account->uid,
					     .groups = account->groups,
					     .host = account_host(),
					     .before_profile = true};
	const struct settings *settings;
	struct sitting sitting;
	struct policy_fault fault;

	sitting_open(&sitting, side, account->name);
	if (!sitting.asked)
		find_refusal(a, account, &sitting.fault);
	else
		switch (policy_settings(sitting.asked, &facts, &settings, &fault)) {
		case POLICY_SETTINGS: note(a, account, settings, sitting.asked, &facts); break;
		case POLICY_FAULTY: find_refusal(a, account, &fault); break;
		case POLICY_REFUSED: break;
		}
	sitting_close(&sitting);
}

void audit_policy(struct audit *a)
{
	struct side side = {0};
	char *path = NULL;
	char fault[SIDE_FAULT_MAX];
	bool sound = true;

	if (asprintf(&path, "%s%s", a->root && !a->any_owner ? a->root : "", a->policy) < 0)
		path = NULL;
	a->found.failed |= !path;
	for (size_t i = 0; path && sound && i < a->accounts; i++) {
		if (i % ACCOUNTS_A_LOAD == 0) {
			side_close(&side);
			sound = side_open(&side, path, a->any_owner || a->root);
		}
		if (sound && (audit_wanted(a, &a->account[i])))
			ask(a, &side, &a->account[i]);
	}
	if (!sound) {
		side_fault(&side.fault, fault);
		audit_unseen(&a->found, "what the policy says", "%s", fault);
	}
	a->policy_read = sound;
	side_close(&side);
	free(path);
}
