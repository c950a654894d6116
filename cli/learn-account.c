/*
 * learn-account - one account: what was denied to it, and the smallest change that admits it.
 */
#include "cli.h"
#include "describe.h"
#include "explain.h"
#include "learn-edit.h"
#include "learn.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct plan {
	struct learn *learn;
	const char *user;
	const struct policy_account *facts;
	const struct settings *present;
	struct settings after;  /* present, with the definitions and verbs proposed */
	const struct sighting *wishes[SEEN_MAX]; /* those that it is to admit */
	size_t count;
	unsigned added;         /* verbs */
	bool commands_changed;
};

static struct wish wish_of(const struct sighting *s)
{
	return (struct wish){s->command, s->length};
}

static void print_command(const char *head, const struct sighting *s)
{
	printf("#   %s: ", head);
	learn_print(stdout, s->command, s->length);
	printf("\n#     %s:%lu", s->file, s->line);
	if (s->times > 1)
		printf(", %u times", s->times);
	putchar('\n');
}

/* The shell words of a hint: where the administrator's own judgement begins. */
static void print_hint(const struct learn *learn, const struct sighting *s)
{
	size_t word = strcspn(s->command, " \t");
	char *program = strndup(s->command, word);
	const char *name = program ? learn_base_name(program) : "";

	print_command("no definition knows this; if a stranger may run it, judge and complete", s);
	if (lines_section(&learn->lines, "command", name) != SIZE_MAX)
		printf("#     (the policy has a [command %s]; perhaps it belongs into commands)\n", name);
	printf("; [command %s]\n; program  = ?\n", name);
	printf("; template = ");
	learn_print(stdout, s->command, s->length);
	printf("\n; verbs    = ?\n");
	free(program);
}

static void print_possible(const struct sighting *s, const struct judged *judged)
{
	char verbs[VERBS_TEXT_MAX], head[2 * VERBS_TEXT_MAX];

	verb_text(judged->needs, verbs);
	snprintf(head, sizeof head, "%s, needs %s", judged->definition->name, verbs);
	print_command(head, s);
	if (judged->needs == 0 && judged->form->most)
		printf("#     what it does is said inside its protocol: access bounds it, and stays\n");
}

static void print_refused(const struct sighting *s, const struct judged *judged)
{
	print_command("refused whatever commands and access say", s);
	printf("#     %s%s%s\n", judged->reason, judged->detail ? ": " : "",
	       judged->detail ? judged->detail : "");
}

static bool offer(struct settings *settings, const struct definition *definition)
{
	for (size_t i = 0; i < settings->commands_count; i++)
		if (settings->commands[i] == definition)
			return false;
	if (settings->commands_count < POLICY_COMMANDS_MAX)
		settings->commands[settings->commands_count++] = definition;
	return true;
}

static void judge_one(struct plan *plan, const struct sighting *s)
{
	const struct wish wish = wish_of(s);
	struct judged judged;

	if (s->profile) {
		print_command("denied under a profile; learn changes no profiles", s);
		return;
	}
	if (s->flags) {
		print_command("denied under a forced command with -r or -t; learn changes none", s);
		return;
	}
	learn_judge(plan->present, &wish, &judged);
	switch (judged.judgement) {
	case JUDGED_ADMITTED:
		print_command("commands and access admit it already; see from, hours, expires", s);
		break;
	case JUDGED_HINT: print_hint(plan->learn, s); break;
	case JUDGED_REFUSED: print_refused(s, &judged); break;
	case JUDGED_POSSIBLE:
		print_possible(s, &judged);
		plan->commands_changed |= offer(&plan->after, judged.definition);
		plan->wishes[plan->count++] = s;
		break;
	}
}

static bool grants_all(const struct plan *plan)
{
	for (size_t i = 0; i < plan->count; i++) {
		const struct wish wish = wish_of(plan->wishes[i]);

		if (!learn_grants(&plan->after, &wish))
			return false;
	}
	return true;
}

/* The fewest verbs, besides those that it has, with which the account may do all of it. */
static bool choose_verbs(struct plan *plan)
{
	unsigned has = plan->present->verbs;
	unsigned barred = plan->present->restricted ? VERB_LIST : 0;

	for (unsigned more = 0; more <= VERBS_ALL; more = learn_next_verbs(more)) {
		if (more & (has | barred))
			continue;
		plan->after.verbs = has | more;
		plan->added = more;
		if (grants_all(plan))
			return true;
	}
	return false;
}

/* ---- the change ---- */

static void commands_text(const struct settings *settings, char *out, size_t size)
{
	size_t used = 0;

	out[0] = '\0';
	for (size_t i = 0; i < settings->commands_count && used < size; i++)
		used += (size_t)snprintf(out + used, size - used, "%s%s", i ? " " : "",
					 settings->commands[i]->name);
}

static bool change_section(const struct plan *plan, struct lines *lines, size_t header)
{
	char commands[POLICY_COMMANDS_MAX * (POLICY_NAME_MAX + 1)], access[VERBS_TEXT_MAX];

	commands_text(&plan->after, commands, sizeof commands);
	describe_access(plan->after.verbs, access);
	return (!plan->commands_changed || learn_edit_set(lines, header, "commands", commands)) &&
	       (!plan->added || learn_edit_set(lines, header, "access", access));
}

/* users/NAME.ini if it is there, else [user NAME] of the policy, else a new one there. */
static bool change_file(struct plan *plan)
{
	struct learn *learn = plan->learn;
	struct lines own;
	char path[POLICY_PATH_MAX], shown[NAME_MAX];
	int directory = (int)(strrchr(learn->policy, '/') - learn->policy);
	size_t header;

	snprintf(shown, sizeof shown, "users/%s.ini", plan->user);
	snprintf(path, sizeof path, "%.*s/%s", directory, learn->policy, shown);
	if (access(path, F_OK) == 0) {
		bool good = lines_read(path, &own);

		header = good ? lines_section(&own, "user", plan->user) : SIZE_MAX;
		good = header != SIZE_MAX && change_section(plan, &own, header);
		if (good)
			lines_diff(&own, shown, learn->diffs);
		lines_free(&own);
		return good;
	}
	header = lines_section(&learn->lines, "user", plan->user);
	if (header == SIZE_MAX && !learn_edit_add_user(&learn->lines, plan->user, &header))
		return false;
	return change_section(plan, &learn->lines, header);
}

static void print_change(const struct plan *plan)
{
	char verbs[VERBS_TEXT_MAX];

	if (!plan->added)
		return;
	verb_text(plan->added, verbs);
	printf("#   mind: access is for every command of %s, and gains %s\n", plan->user, verbs);
}

static int propose(struct plan *plan)
{
	struct learn *learn = plan->learn;

	if (plan->count == 0)
		return CLI_ALLOW;
	if (!choose_verbs(plan)) {
		printf("#   nothing proposed: no set of verbs admits all of these together\n");
		return CLI_ALLOW;
	}
	print_change(plan);
	if (!change_file(plan)) {
		fprintf(stderr, "sallyport: the section of '%s' cannot be read\n", plan->user);
		return CLI_FAILURE;
	}
	learn->proposed = true;
	for (size_t i = 0; i < plan->count; i++)
		learn_tests(learn, plan->facts, plan->present, plan->wishes[i]);
	return CLI_ALLOW;
}

/* ---- the account ---- */

static bool is_whose(const struct learn *learn, const struct sighting *s, const char *user)
{
	return s->user ? strcmp(s->user, user) == 0
		       : learn->given && strcmp(learn->given->user, user) == 0;
}

/* Judges each sighting; one whose uid is another's was not written by the gate. */
static int judge_all(struct plan *plan, const struct policy_account *facts)
{
	const struct seen *seen = plan->learn->seen;
	char uid[16];

	snprintf(uid, sizeof uid, "%u", facts->uid);
	for (size_t i = 0; i < seen->count; i++) {
		const struct sighting *s = &seen->sighting[i];

		if (!is_whose(plan->learn, s, plan->user))
			continue;
		if (s->uid && facts->uid && strcmp(s->uid, uid) != 0)
			print_command("not the gate's: the line has another uid than the account", s);
		else
			judge_one(plan, s);
	}
	return propose(plan);
}

static int load_and_judge(struct learn *learn, const struct policy_account *facts)
{
	const struct policy_source source = {learn->policy, facts->user, learn->candidate};
	struct policy_fault fault;
	struct policy *policy;
	struct plan *plan;
	int status = CLI_FAILURE;

	if (!policy_load(&source, &policy, &fault)) {
		explain_fault("error", &fault);
		return CLI_POLICY;
	}
	plan = calloc(1, sizeof *plan);
	if (plan) {
		enum policy_verdict verdict = policy_settings(policy, facts, &plan->present, &fault);

		if (verdict == POLICY_SETTINGS) {
			plan->learn = learn;
			plan->user = facts->user;
			plan->facts = facts;
			plan->after = *plan->present;
			status = judge_all(plan, facts);
		} else {
			printf("#   nothing proposed: %s\n", fault.reason);
			status = verdict == POLICY_REFUSED ? CLI_ALLOW : CLI_POLICY;
		}
	}
	free(plan);
	policy_free(policy);
	return status;
}

int learn_account(struct learn *learn, const char *user)
{
	struct account account = {0};
	int status;

	printf("# %s\n", user);
	if (learn->given && strcmp(learn->given->user, user) == 0)
		return load_and_judge(learn, learn->given);
	if (!account_find(user, &account))
		return CLI_FAILURE;
	if (!account.present || account.facts.uid == 0) {
		printf("#   nothing proposed: %s\n", account.present
							? "the gate refuses uid 0"
							: "there is no such account on this host");
		status = CLI_ALLOW;
	} else {
		status = load_and_judge(learn, &account.facts);
	}
	account_free(&account);
	return status;
}
