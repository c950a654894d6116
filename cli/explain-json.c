#include "explain.h"

#include "text/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SCHEMA = 1 };

static void string(const char *text, size_t length)
{
	size_t size = JSON_GROWTH * length + 3;
	char *out = malloc(size);

	if (!out) {
		fputs("null", stdout);
		return;
	}
	json_string(text, length, out, size);
	fputs(out, stdout);
	free(out);
}

static void member(const char *name, const char *text)
{
	printf(",\"%s\":", name);
	if (text)
		string(text, strlen(text));
	else
		fputs("null", stdout);
}

static void array(const char *name, char *const *items)
{
	printf(",\"%s\":[", name);
	for (size_t i = 0; items && items[i]; i++) {
		if (i)
			putchar(',');
		string(items[i], strlen(items[i]));
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
	member("file", f->file[0] ? f->file : NULL);
	printf(",\"line\":%u", f->line);
	member("word", f->word[0] ? f->word : NULL);
	member("want", f->want);
	member("nearest", f->nearest);
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
		string(ground.directory, strlen(ground.directory));
		verbs_array("access", ground.verbs);
		without(d, &ground);
		putchar('}');
	}
	putchar(']');
}

static void decision(const struct answer *answer)
{
	const struct decision *d = &answer->decision;

	member("reason", d->reason);
	member("detail", d->detail);
	member("rule", d->definition ? d->definition->name : NULL);
	member("template", d->form ? d->form->template : NULL);
	member("profile", d->settings->profile);
	member("key", d->settings->key);
	if (d->verdict != GRANT) {
		printf(",\"offset\":%zu,\"end\":%zu", d->offset, d->end);
		verbs_array("lacks", d->lacks);
		return;
	}
	member("program", d->program);
	array("argv", d->argv);
	array("env", answer->env);
	verbs_array("verbs", d->verbs);
	grounds(d);
	member("docroot", d->settings->docroot);
	member("start", d->settings->start);
	member("isolation", "namespace");
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
		decision(answer);
	else
		fault(&answer->fault);
	fputs("}\n", stdout);
}
