#include "explain.h"

#include "explain-print.h"

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

static void print_verdict(bool good, const char *verdict, const char *text)
{
	printf("%s%-5s%s  ", paint(good ? PAINT_GOOD : PAINT_BAD), verdict, paint(PAINT_OFF));
	paint_escaped(text, strlen(text));
	putchar('\n');
}

void explain_fault(const char *verdict, const struct policy_fault *f)
{
	print_verdict(false, verdict, f->reason);
	if (f->file[0] && f->line)
		printf("  at        %s:%u\n", f->file, f->line);
	else if (f->file[0])
		printf("  at        %s\n", f->file);
	if (f->word[0])
		explain_line("word", f->word);
	if (f->want)
		explain_line("right is", f->want);
	if (*f->nearest)
		explain_line("nearest", f->nearest);
}

void explain_fault_aside(const struct policy_fault *f)
{
	char word[4 * sizeof f->word + 8], file[4 * sizeof f->file + 8];

	escape_plain(f->word, strlen(f->word), word, sizeof word);
	escape_plain(f->file, strlen(f->file), file, sizeof file);
	fprintf(stderr, "sallyport: %s", file);
	if (f->line)
		fprintf(stderr, ":%u", f->line);
	fprintf(stderr, "%s%s%s%s", *file ? ": " : "", f->reason, *word ? ": " : "", word);
	if (f->want)
		fprintf(stderr, "; right is: %s", f->want);
	if (*f->nearest)
		fprintf(stderr, "; nearest: %s", f->nearest);
	fputc('\n', stderr);
}

void explain_rule(const char *name, const struct definition *definition, const struct form *form)
{
	if (definition->file)
		printf("  %-10s%s (%s:%u)", name, definition->name, definition->file, definition->line);
	else
		printf("  %-10s%s (built in)", name, definition->name);
	printf("%s%s\n", form ? ": " : "", form ? form->template : "");
}

/* ---- which lines of the policy it rests on ---- */

#define WHEN(denial) (1u << DENIAL_##denial)

enum { GRANTED = 1 << 30 };

/* A setting, and the answers that it has a part in; `told` also where its default holds. */
static const struct {
	const char *setting;
	unsigned when;
	bool told;
} rests_on[] = {
	{"commands", GRANTED | WHEN(NOMATCH), true},
	{"access", GRANTED | WHEN(ACCESS), true},
	{"docroot", GRANTED, true},
	{"start", GRANTED, false},
	{"from", GRANTED | WHEN(SOURCE), false},
	{"hours", GRANTED | WHEN(TIME), false},
	{"expires", GRANTED | WHEN(TIME), false},
	{"restricted", GRANTED | WHEN(RESTRICTED) | WHEN(ACCESS), false},
	{"token", GRANTED | WHEN(TOKEN) | WHEN(RESTRICTED) | WHEN(ACCESS), false},
	{"protect", WHEN(GRAMMAR), false},
	{"keys", WHEN(KEY), false},
	{"message", WHEN(INTERACTIVE), false},
};

/*
 * A profile and a key narrow: what they say of a setting is told in place of what the account's sections say, and
 * conditions beside it. False: no section says it.
 */
static bool explain_one(const struct subject *subject, const struct answer *answer,
			const char *setting, explain_setting *each)
{
	const struct settings *s = answer->decision.settings;
	struct origin origin;
	bool condition = strcmp(setting, "from") == 0 || strcmp(setting, "hours") == 0 ||
			 strcmp(setting, "expires") == 0;
	bool narrowed = false;

	if (s->key && origin_find_in(answer->policy, "key", s->key, setting, &origin)) {
		narrowed = true;
		each(setting, &origin);
	}
	if (s->profile && origin_find_in(answer->policy, "profile", s->profile, setting, &origin)) {
		narrowed = true;
		each(setting, &origin);
	}
	if (narrowed && !condition)
		return true;
	if (!origin_find(answer->policy, &subject->account, setting, &origin))
		return narrowed;
	each(setting, &origin);
	return true;
}

/* The rules for directories, and the program of the form. */
static void explain_named(const struct subject *subject, const struct answer *answer,
			  explain_setting *each)
{
	const struct decision *d = &answer->decision;
	char setting[POLICY_NAME_MAX + 1];

	for (size_t i = 0; i < d->settings->paths_count; i++) {
		snprintf(setting, sizeof setting, "access %s", d->settings->paths[i].directory);
		explain_one(subject, answer, setting, each);
	}
	if (d->verdict != GRANT || !d->form->program)
		return;
	if (d->definition->logged)
		explain_one(subject, answer, "log-transfers", each);
	snprintf(setting, sizeof setting, "program %s", d->form->program);
	explain_one(subject, answer, setting, each);
}

/* Of all that the grammar refuses only one thing comes from a setting. */
static unsigned kind_of(const struct decision *d)
{
	if (d->verdict == GRANT)
		return GRANTED;
	if (d->denial == DENIAL_GRAMMAR && strcmp(d->reason, "a protected name") != 0)
		return 0;
	return 1u << d->denial;
}

void explain_settings(const struct subject *subject, const struct answer *answer,
		      explain_setting *each)
{
	const struct decision *d = &answer->decision;

	for (size_t i = 0; i < sizeof rests_on / sizeof *rests_on; i++)
		if (rests_on[i].when & kind_of(d) && !explain_one(subject, answer, rests_on[i].setting, each) &&
		    rests_on[i].told)
			each(rests_on[i].setting, NULL);
	if (d->verdict == GRANT || d->denial == DENIAL_ACCESS)
		explain_named(subject, answer, each);
}

static const char *settings_label; /* of the first line alone */

static void print_setting(const char *setting, const struct origin *origin)
{
	enum { COLUMN = 32 };
	int used = printf("  %-10s%s", settings_label, setting) - 12;

	settings_label = "";
	if (!origin) {
		printf(" is not set: its default\n");
		return;
	}
	printf(" = ");
	paint_escaped(origin->value, strlen(origin->value));
	used += 3 + (int)strlen(origin->value);
	printf("%*s  [%s%s%s] %s:%u\n", used < COLUMN ? COLUMN - used : 0, "", origin->kind,
	       *origin->name ? " " : "", origin->name, origin->file, origin->line);
}

/* ---- a grant ---- */

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
		explain_painted(PAINT_WARN, "warning",
				"this kernel has no Landlock: what it would hold is not held here");
}

static void print_remarks(const struct decision *d)
{
	if (policy_logs_transfers(d->settings, d->definition))
		explain_line("transfers", "logged: what it says on stderr goes to the log, and not to the client");
	else if (d->settings->log_transfers)
		explain_line("transfers", "not logged: it does not tell what it does to which file");
	if (d->definition->runs == RUNS_SPAWN)
		printf("  note      it starts programs of its own: only itself and its loader can be executed,\n"
		       "            and so no program of a repository's hooks\n");
	if (d->settings->isolation == ISOLATION_CHROOT)
		explain_line("note", "the program is the docroot's own: sallyport docroot check looks for it");
	if (d->settings->isolation == ISOLATION_CHROOT || access(d->program, X_OK) == 0)
		return;
	printf("%s  warning   %s is not installed here: the gate would end with status 78%s\n",
	       paint(PAINT_WARN), d->program, paint(PAINT_OFF));
}

const char *const *explain_limits(enum isolation isolation)
{
	static const char *const none[] = {NULL};
	static const char *const chroot[] = {
		"an uploaded file can be mapped executable: the docroot is not mounted noexec", NULL};
	static const char *const landlock[] = {
		"names and sizes outside the docroot can be asked for (stat)",
		"modes and times of the account's own files outside the docroot can be changed",
		"an uploaded file can be mapped executable: nothing is mounted noexec", NULL};
	static const char *const *const limits[] = {
		[ISOLATION_NAMESPACE] = none,
		[ISOLATION_CHROOT] = chroot,
		[ISOLATION_LANDLOCK] = landlock,
	};

	return limits[isolation];
}

static void print_confinement(const struct answer *answer)
{
	const struct settings *s = answer->decision.settings;
	static const char *const layers[] = {
		[ISOLATION_NAMESPACE] = "mounts, ",
		[ISOLATION_CHROOT] = "chroot, ",
		[ISOLATION_LANDLOCK] = "",
	};
	const char *root = policy_root(s, SANDBOX_FILES);
	bool mounted = s->isolation == ISOLATION_NAMESPACE && !(s->verbs & VERBS_WRITE);
	char line[3 * POLICY_PATH_MAX];
	int abi = sandbox_landlock_abi();

	explain_line("docroot", s->docroot ? s->docroot : "none");
	snprintf(line, sizeof line, "%s; docroot at %s%s, start %s", policy_isolation(s), *root ? root : "/",
		 mounted ? " (read-only)" : "", s->start);
	explain_line("view", line);
	if (abi)
		printf("  layers    %sLandlock ABI %d, seccomp\n", layers[s->isolation], abi);
	else
		printf("  layers    %sseccomp; this kernel has no Landlock\n", layers[s->isolation]);
	if (!abi && s->isolation == ISOLATION_LANDLOCK)
		explain_painted(PAINT_WARN, "warning", "without Landlock the gate ends with status 71");
	for (const char *const *limit = explain_limits(s->isolation); *limit; limit++)
		explain_line("limit", *limit);
}

static void print_grant(const struct answer *answer)
{
	const struct decision *d = &answer->decision;
	char verbs[VERBS_TEXT_MAX];

	explain_rule("rule", d->definition, d->form);
	explain_sent("sent", &d->words);
	if (!d->program) {
		explain_line("runs", "nothing: the answer is exit status 0");
		return;
	}
	explain_argv("argv", d);
	for (size_t i = 0; i < d->argc; i++)
		if (d->pattern[i])
			explain_line("pattern", d->argv[i]);
	explain_line("program", d->program);
	for (size_t i = 0; answer->env && answer->env[i]; i++)
		explain_line(i ? "" : "env", answer->env[i]);
	verb_text(d->verbs, verbs);
	explain_line("verbs", verbs);
	print_lacks(answer);
	print_confinement(answer);
	print_remarks(d);
}

void explain_text(const struct question *question, const struct subject *subject,
		  const struct answer *answer)
{
	const struct decision *d = &answer->decision;

	if (answer->verdict != POLICY_SETTINGS) {
		explain_fault(answer->verdict == POLICY_FAULTY ? "error" : "deny", &answer->fault);
		return;
	}
	if (d->verdict == GRANT) {
		print_verdict(true, "allow", d->definition->name);
		print_grant(answer);
	} else {
		print_verdict(false, "deny", d->reason);
		explain_denial(question, subject, answer);
	}
	settings_label = "settings";
	explain_settings(subject, answer, print_setting);
	printf("  account   %s%s%s%s%s, by %s\n", subject->account.user,
	       d->settings->profile ? " under profile " : "",
	       d->settings->profile ? d->settings->profile : "", d->settings->key ? " with key " : "",
	       d->settings->key ? d->settings->key : "", question->policy);
}
