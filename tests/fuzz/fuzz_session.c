/*
 * Whole sessions: any policy, call, environment, key and command, through the gate's own steps from argv to the
 * program's argv. What must hold at the end of each is in breach.h and grant.h; here, that a decision is the same
 * twice, and that flags, profiles and keys only take away (I7).
 *
 * Input: records with 0x1e between them; what is missing is empty, and the last goes on to the end.
 *	flags   letters: c the command comes by -c, o in SSH_ORIGINAL_COMMAND; k sshd has left a file on the key;
 *	        p the gate has capabilities; f every slot is taken
 *	user, shell     as in passwd
 *	argv, environ   words with 0x1f between them
 *	key, policy     the files' bytes
 *	command
 */
#include "breach.h"
#include "fuzz.h"
#include "world.h"

#include "tests/unit/grant.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RECORD_END = 0x1e, WORD_END = 0x1f, WORDS = 24 };

enum record { FLAGS, USER, SHELL, ARGV, ENVIRON, KEY, POLICY, COMMAND, RECORDS };

struct input {
	char *record[RECORDS];
	size_t length[RECORDS];
	char *argv[WORDS + 3], *env[WORDS + 3];
	char auth[64];   /* SSH_USER_AUTH=… */
	char *original;  /* SSH_ORIGINAL_COMMAND=…, or NULL */
};

/* ---- the input ---- */

static void split_records(char *bytes, size_t size, struct input *in)
{
	for (int i = 0; i < RECORDS; i++) {
		char *stop = i + 1 < RECORDS ? memchr(bytes, RECORD_END, size) : NULL;

		in->record[i] = bytes;
		in->length[i] = stop ? (size_t)(stop - bytes) : size;
		size -= in->length[i] + (stop != NULL);
		bytes += in->length[i];
		*bytes = '\0'; /* of the last one it is there already */
		bytes += stop != NULL;
	}
}

/* As the kernel has them: they end at a NUL. Returns how many there are. */
static int split_words(char *text, char *words[])
{
	int count = 0;

	while (count < WORDS) {
		words[count++] = text;
		text = strchr(text, WORD_END);
		if (!text)
			break;
		*text++ = '\0';
	}
	words[count] = NULL;
	return count;
}

static bool has_flag(const struct input *in, char flag)
{
	return strchr(in->record[FLAGS], flag) != NULL;
}

static char *join(const char *name, const char *value)
{
	size_t size = strlen(name) + strlen(value) + 2;
	char *text = malloc(size);

	if (!text)
		abort();
	snprintf(text, size, "%s=%s", name, value);
	return text;
}

/* Returns argc. What sshd sets stands behind what a client may have planted: getenv(3) finds the first. */
static int make_call(struct input *in)
{
	int argc = split_words(in->record[ARGV], in->argv), variables = split_words(in->record[ENVIRON], in->env);

	if (has_flag(in, 'c')) {
		static char flag[] = "-c";

		in->argv[argc++] = flag;
		in->argv[argc++] = in->record[COMMAND];
		in->argv[argc] = NULL;
	}
	if (has_flag(in, 'o'))
		in->env[variables++] = in->original = join("SSH_ORIGINAL_COMMAND", in->record[COMMAND]);
	if (has_flag(in, 'k')) {
		snprintf(in->auth, sizeof in->auth, "SSH_USER_AUTH=%s", world_key_path());
		in->env[variables++] = in->auth;
	}
	in->env[variables] = NULL;
	return argc;
}

/* ---- the same again, and with less in the way ---- */

static struct request request_of(const struct session *s)
{
	return (struct request){
		.command = s->call.command,
		.length = s->call.length,
		.root = s->view.files,
		.address = s->address[0] ? s->address : NULL,
		.key = {.fingerprint = s->key.fingerprint[0] ? s->key.fingerprint : NULL,
			.cert_id = s->key.certificate ? s->key.id : NULL},
		.now = WORLD_NOW,
	};
}

/* With the flags of the call, or without; the settings are merged in place of those of the session. */
static const struct settings *settings_again(const struct session *s, bool flags)
{
	const struct settings *settings;
	struct policy_fault fault;
	const struct policy_account account = {
		.user = s->who.user,
		.home = s->who.home,
		.host = s->host,
		.uid = s->who.uid,
		.groups = s->who.groups,
		.own_policy = s->call.policy,
		.profile = flags && s->call.profile[0] ? s->call.profile : NULL,
		.restricted = flags && s->call.restricted,
		.token = flags && s->call.token,
		.before_profile = !flags,
	};

	policy_settings(s->policy, &account, &settings, &fault);
	return settings;
}

static bool same_words(char *const *a, char *const *b)
{
	if (!a || !b)
		return a == b;
	while (*a && *b && strcmp(*a, *b) == 0) {
		a++;
		b++;
	}
	return !*a && !*b;
}

static bool same(const struct decision *a, const struct decision *b)
{
	return a->verdict == b->verdict && a->denial == b->denial && a->offset == b->offset && a->end == b->end &&
	       !a->reason == !b->reason && (!a->reason || strcmp(a->reason, b->reason) == 0) &&
	       a->lacks == b->lacks && a->verbs == b->verbs && a->form == b->form && same_words(a->argv, b->argv);
}

static const char *check_same(const struct session *s, const struct request *request)
{
	const struct settings *settings = settings_again(s, true);
	struct decision again;

	if (!settings)
		return "settings that come and go";
	policy_decide(settings, request, &again);
	const char *breach = grant_breach(settings, request, &again);
	if (!same(&s->decision, &again))
		breach = "another decision";
	decision_free(&again);
	return breach;
}

/* I7: without -r, -t, --profile and [key] sections the account may do all of it, and perhaps more. */
static const char *check_wider(const struct session *s, const struct request *request)
{
	const struct settings *settings = settings_again(s, false);
	struct decision wide;
	const char *breach = NULL;

	if (!settings)
		return "an account that its flags let in";
	struct settings whole = *settings;
	whole.keys_count = 0;
	policy_decide(&whole, request, &wide);
	if (wide.verdict != GRANT)
		breach = "flags or a key that grant";
	else if (s->decision.verbs & ~s->decision.form->inner & ~wide.verbs)
		breach = "flags or a key that add a verb";
	decision_free(&wide);
	return breach;
}

static const char *check_decision(const struct session *s)
{
	const struct decision *d = &s->decision;
	const struct request request = request_of(s);
	bool granted = d->verdict == GRANT;

	if (!granted && !d->reason)
		return NULL; /* it did not come to one */
	if (!granted && (d->program || d->argv || d->offset > s->call.length || d->end > s->call.length + 1))
		return "a denial with a program, or of a word that is not there";
	/* The second one is of settings without flags: the session's own are gone then. */
	const char *breach = check_same(s, &request);
	return breach || !granted ? breach : check_wider(s, &request);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct session session;
	static struct world world;
	struct input in = {0};
	/* A byte more than its end: glibc's getenv() reads two of each variable, and the last may be an empty one. */
	char *bytes = calloc(1, size + 2);

	if (!bytes)
		abort();
	memcpy(bytes, data, size);
	split_records(bytes, size, &in);
	/* root says who there is: these names can be, and others cannot */
	if (in.record[USER][0] && strlen(in.record[USER]) < WHO_NAME_MAX && !strpbrk(in.record[USER], ":\n")) {
		int argc = make_call(&in);

		world = (struct world){.user = in.record[USER], .shell = in.record[SHELL],
				       .policy = in.record[POLICY], .policy_length = in.length[POLICY],
				       .key = in.record[KEY], .key_length = in.length[KEY],
				       .privileged = has_flag(&in, 'p'), .full = has_flag(&in, 'f')};
		world_run(&world, argc, in.argv, in.env, &session);
		const char *breach = breach_end(&world, &session);
		if (!breach)
			breach = check_decision(&session);
		if (breach)
			BROKEN("%s: %s: %s (status %d)\n%.*s", world.user, session.call.command, breach, world.status,
			       (int)world.log_length[0], world.log[0]);
		world_end(&session);
	}
	free(in.original);
	free(bytes);
	return 0;
}
