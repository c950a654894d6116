#include "explain.h"

#include "sandbox/sandbox.h"
#include "text/escape.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>


const char *explain_hold(enum hold hold)
{
	switch (hold) {
	case HOLD_MOUNT: return "against the program (read-only mount)";
	case HOLD_LANDLOCK: return "against the program (Landlock)";
	case HOLD_SWITCH: return "against the client (the program's own switch)";
	case HOLD_GRAMMAR: return "against the client (the command's grammar)";
	case HOLD_NONE: break;
	}
	return "not held";
}

static void print_escaped(const char *text, size_t length)
{
	char *out = malloc(4 * length + 8);

	if (!out)
		return;
	escape_plain(text, length, out, 4 * length + 8);
	fputs(out, stdout);
	free(out);
}

static void print_line(const char *name, const char *text)
{
	printf("  %-10s", name);
	print_escaped(text, strlen(text));
	putchar('\n');
}

static size_t shown_width(const char *text, size_t length)
{
	char *out = malloc(4 * length + 8);
	size_t width = out ? escape_plain(text, length, out, 4 * length + 8) : 0;

	free(out);
	return width;
}

/* The command, and a caret under the first word that failed. */
static void print_caret(const char *command, const struct decision *d)
{
	size_t length = strlen(command);
	size_t before = shown_width(command, d->offset < length ? d->offset : length);
	size_t under = d->end > d->offset ? shown_width(command + d->offset, d->end - d->offset) : 1;

	printf("  ");
	print_escaped(command, length);
	printf("\n  %*s^", (int)before, "");
	for (size_t i = 1; i < under; i++)
		putchar('~');
	putchar('\n');
}

void explain_fault(const char *verdict, const struct policy_fault *f)
{
	printf("%s  %s\n", verdict, f->reason);
	if (f->file[0] && f->line)
		printf("  at        %s:%u\n", f->file, f->line);
	else if (f->file[0])
		printf("  at        %s\n", f->file);
	if (f->word[0])
		print_line("word", f->word);
	if (f->want)
		print_line("right is", f->want);
	if (f->nearest)
		print_line("nearest", f->nearest);
}

static void print_rule(const struct decision *d)
{
	if (!d->definition)
		return;
	if (d->definition->file)
		printf("  rule      %s (%s:%u): %s\n", d->definition->name, d->definition->file,
		       d->definition->line, d->form->template);
	else
		printf("  rule      %s (built in): %s\n", d->definition->name, d->form->template);
}

static void print_lacks(const struct answer *answer)
{
	const struct decision *d = &answer->decision;

	for (size_t i = 0; i < policy_grounds(d->settings); i++) {
		struct ground ground = policy_ground(d->settings, i);
		char verbs[VERBS_TEXT_MAX];

		ground.judged = d->judged;
		verb_text(ground.verbs, verbs);
		if (i > 0)
			printf("  beneath   %s: %s\n", ground.directory, verbs);
		for (unsigned verb = 1; verb & VERBS_ALL; verb <<= 1)
			if (!(verb & ground.verbs))
				printf("  without   %-10s %s\n", verb_name(verb),
				       explain_hold(policy_hold(d->form, &ground, verb)));
	}
	if (!sandbox_landlock_abi())
		printf("  warning   this kernel has no Landlock: what it would hold is not held here\n");
}

static void print_grant(const struct answer *answer)
{
	const struct decision *d = &answer->decision;
	const struct settings *s = d->settings;
	char verbs[VERBS_TEXT_MAX];

	if (!d->program) {
		printf("  runs      nothing: the answer is exit status 0\n");
		return;
	}
	print_line("program", d->program);
	for (size_t i = 0; i < d->argc; i++) {
		print_line(i ? "" : "argv", d->argv[i]);
		if (d->pattern[i])
			printf("  %-10s(a pattern, expanded inside the view)\n", "");
	}
	for (size_t i = 0; answer->env && answer->env[i]; i++)
		print_line(i ? "" : "env", answer->env[i]);
	verb_text(d->verbs, verbs);
	print_line("verbs", verbs);
	print_lacks(answer);
	print_line("docroot", s->docroot ? s->docroot : "none");
	printf("  view      namespace; docroot at " SANDBOX_FILES "%s, start %s\n",
	       s->verbs & VERBS_WRITE ? "" : " (read-only)", s->start);
	int abi = sandbox_landlock_abi();
	if (abi)
		printf("  layers    mounts, Landlock ABI %d, seccomp\n", abi);
	else
		printf("  layers    mounts, seccomp; this kernel has no Landlock\n");
	if (d->definition->runs == RUNS_SPAWN)
		printf("  note      it starts programs of its own: only itself and its loader can be executed,\n"
		       "            hooks of a repository never run\n");
	if (access(d->program, X_OK) != 0)
		printf("  warning   %s is not installed here: the gate would end with status 78\n", d->program);
}

static bool points_at_word(enum denial denial)
{
	return denial == DENIAL_SYNTAX || denial == DENIAL_NOMATCH || denial == DENIAL_GRAMMAR ||
	       denial == DENIAL_ACCESS;
}

static void print_denial(const struct question *question, const struct answer *answer)
{
	const struct decision *d = &answer->decision;
	char verbs[VERBS_TEXT_MAX];

	if (points_at_word(d->denial) &&
	    (d->end > d->offset || (d->offset > 0 && d->offset == strlen(question->command))))
		print_caret(question->command, d);
	if (d->lacks) {
		verb_text(d->lacks, verbs);
		print_line("lacks", verbs);
	}
	if (d->detail)
		print_line("because", d->detail);
}

void explain_text(const struct question *question, const struct subject *subject,
		  const struct answer *answer)
{
	const struct decision *d = &answer->decision;

	if (answer->verdict != POLICY_SETTINGS) {
		explain_fault(answer->verdict == POLICY_FAULTY ? "error" : "deny ", &answer->fault);
		return;
	}
	printf("%s  %s\n", d->verdict == GRANT ? "allow" : "deny ",
	       d->verdict == GRANT ? d->definition->name : d->reason);
	if (d->verdict != GRANT)
		print_denial(question, answer);
	print_rule(d);
	if (d->verdict == GRANT)
		print_grant(answer);
	printf("  account   %s%s%s%s%s, by %s\n", subject->account.user,
	       d->settings->profile ? " under profile " : "",
	       d->settings->profile ? d->settings->profile : "", d->settings->key ? " with key " : "",
	       d->settings->key ? d->settings->key : "", question->policy);
}
