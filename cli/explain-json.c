#include "closest.h"
#include "explain.h"
#include "member.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SCHEMA = 1 };

static void member(const char *name, const char *text)
{
	member_text(",", name, text);
}

static void place(const char *file, unsigned line)
{
	member("file", file);
	printf(",\"line\":%u", line);
}

static void array(const char *name, const char *const *items)
{
	printf(",\"%s\":[", name);
	for (size_t i = 0; items && items[i]; i++) {
		if (i)
			putchar(',');
		member_string(items[i], strlen(items[i]));
	}
	putchar(']');
}

static void words_array(const char *name, const struct words *words)
{
	printf(",\"%s\":[", name);
	for (size_t i = 0; i < words->count; i++) {
		if (i)
			putchar(',');
		member_string(words->word[i].text, words->word[i].length);
	}
	putchar(']');
}

static void verbs_array(const char *name, unsigned verbs)
{
	const char *comma = "";

	printf(",\"%s\":[", name);
	for (unsigned verb = 1; verb & VERBS_ALL; verb <<= 1)
		if (verb & verbs) {
			printf("%s\"%s\"", comma, verb_name(verb));
			comma = ",";
		}
	putchar(']');
}

static void fault(const struct policy_fault *f)
{
	member("reason", f->reason);
	place(f->file[0] ? f->file : NULL, f->line);
	member("word", f->word[0] ? f->word : NULL);
	member("want", f->want);
	member("nearest", *f->nearest ? f->nearest : NULL);
}

static void without(const struct decision *d, const struct ground *ground)
{
	const char *comma = "";

	fputs(",\"without\":{", stdout);
	for (unsigned verb = 1; verb & VERBS_ALL; verb <<= 1) {
		if (verb & ground->verbs)
			continue;
		printf("%s\"%s\":\"%s\"", comma, verb_name(verb),
		       explain_hold(policy_hold(d->form, ground, verb)));
		comma = ",";
	}
	putchar('}');
}

/* Of the docroot, and of each directory that a path rule is about. */
static void grounds(const struct decision *d)
{
	for (size_t i = 0; i < policy_grounds(d->settings); i++) {
		struct ground ground = policy_ground(d->settings, i);

		ground.judged = d->judged;
		if (i == 0) {
			without(d, &ground);
			fputs(",\"beneath\":[", stdout);
			continue;
		}
		printf("%s{\"directory\":", i > 1 ? "," : "");
		member_string(ground.directory, strlen(ground.directory));
		verbs_array("access", ground.verbs);
		without(d, &ground);
		putchar('}');
	}
	putchar(']');
}

/* Commas between the objects of an array. */
static const char *between;

static void setting(const char *name, const struct origin *origin)
{
	char section[POLICY_NAME_MAX + 16];

	if (!origin)
		return;
	fputs(between, stdout);
	between = ",";
	snprintf(section, sizeof section, "%s%s%s", origin->kind, *origin->name ? " " : "", origin->name);
	member_text("{", "setting", name);
	member("value", origin->value);
	member("section", section);
	place(origin->file, origin->line);
	putchar('}');
}

static void settings(const struct subject *subject, const struct answer *answer)
{
	fputs(",\"settings\":[", stdout);
	between = "";
	explain_settings(subject, answer, setting);
	putchar(']');
}

static void rule(const char *name, const struct definition *definition, const struct form *form)
{
	printf(",\"%s\":", name);
	if (!definition) {
		fputs("null", stdout);
		return;
	}
	member_text("{", "rule", definition->name);
	member("template", form ? form->template : NULL);
	place(definition->file, definition->line);
	putchar('}');
}

/* What would have to change, each as a line of the policy or a sentence about one. */
static void admits(const struct closest *closest)
{
	const char *comma = "";

	fputs(",\"admits\":[", stdout);
	for (unsigned i = 0; closest->admissible && closest_setting(closest, i); i++) {
		char *text = NULL;
		size_t size;
		FILE *to = closest->change & 1u << i ? open_memstream(&text, &size) : NULL;

		if (!to)
			continue;
		closest_say(i, closest, to);
		fclose(to);
		fputs(comma, stdout);
		member_string(text, strlen(text));
		comma = ",";
		free(text);
	}
	putchar(']');
}

static const char *denial_name(enum denial denial)
{
	static const char *const names[] = {
		[DENIAL_INTERACTIVE] = "interactive", [DENIAL_EMPTY] = "empty",
		[DENIAL_RC] = "rc",                   [DENIAL_SYNTAX] = "syntax",
		[DENIAL_NOMATCH] = "no-match",        [DENIAL_GRAMMAR] = "grammar",
		[DENIAL_ACCESS] = "access",           [DENIAL_RESTRICTED] = "restricted",
		[DENIAL_TOKEN] = "token",             [DENIAL_SOURCE] = "source",
		[DENIAL_TIME] = "time",               [DENIAL_KEY] = "key",
		[DENIAL_FAULT] = "fault",
	};

	return names[denial];
}

static void denied(const struct question *question, const struct subject *subject,
		   const struct answer *answer)
{
	const struct decision *d = &answer->decision;
	struct closest closest;

	member("denial", denial_name(d->denial));
	printf(",\"offset\":%zu,\"end\":%zu", d->offset, d->end);
	verbs_array("lacks", d->lacks);
	closest_find(question, subject, answer, &closest);
	rule("closest", closest.definition, closest.form);
	admits(&closest);
}

static void granted(const struct answer *answer)
{
	const struct decision *d = &answer->decision;

	member("program", d->program);
	array("argv", (const char *const *)d->argv);
	array("env", (const char *const *)answer->env);
	verbs_array("verbs", d->verbs);
	grounds(d);
	member("docroot", d->settings->docroot);
	member("start", d->settings->start);
	member("isolation", policy_isolation(d->settings));
	printf(",\"logged\":%s",
	       policy_logs_transfers(d->settings, d->definition) ? "true" : "false");
	array("limits", explain_limits(d->settings->isolation));
}

static void decision(const struct question *question, const struct subject *subject,
		     const struct answer *answer)
{
	const struct decision *d = &answer->decision;

	member("reason", d->reason);
	member("detail", d->detail);
	member("rule", d->definition ? d->definition->name : NULL);
	member("template", d->form ? d->form->template : NULL);
	member("profile", d->settings->profile);
	member("key", d->settings->key);
	words_array("words", &d->words);
	settings(subject, answer);
	if (d->verdict == GRANT)
		granted(answer);
	else
		denied(question, subject, answer);
}

void explain_json(const struct question *question, const struct subject *subject,
		  const struct answer *answer)
{
	bool sound = answer->verdict == POLICY_SETTINGS;
	bool grant = sound && answer->decision.verdict == GRANT;

	printf("{\"schema\":%d", SCHEMA);
	member("verdict", answer->verdict == POLICY_FAULTY ? "error" : grant ? "allow" : "deny");
	member("user", subject->account.user);
	member("policy", question->policy);
	member("command", question->command);
	if (sound)
		decision(question, subject, answer);
	else
		fault(&answer->fault);
	fputs("}\n", stdout);
}
