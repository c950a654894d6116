/*
 * closest-say - what would have to change, in words: a line of the policy where there is one to copy.
 */
#include "closest.h"

#include "describe.h"

#include <time.h>

static void say_keys(const struct closest *c, FILE *to)
{
	const struct identity *key = &c->subject->key;

	if (!key->fingerprint && !key->cert_id)
		fputs("keys: a [key] section of the client's key (-C key= or cert-id= says it)", to);
	else
		fputs("keys: a [key] section of this key", to);
}

static void say_from(const struct closest *c, FILE *to)
{
	const char *address = c->subject->address;

	fprintf(to, "from: a list that holds %s",
		address ? address : "the client's address (-C addr= says it)");
}

static void say_hours(const struct closest *c, FILE *to)
{
	time_t now = (time_t)c->subject->now;
	struct tm utc;
	char text[32] = "this hour";

	if (gmtime_r(&now, &utc))
		strftime(text, sizeof text, "%a %H:%M", &utc);
	fprintf(to, "hours: windows that hold %s", text);
}

static void say_expires(const struct closest *c, FILE *to)
{
	(void)c;
	fputs("expires = never, or a later time", to);
}

static bool is_token(const struct closest *c)
{
	return c->answer->decision.settings->token == TOKEN_MARKER;
}

/* A flag of the forced command's does what the setting does. */
bool closest_is_flag(unsigned i, const struct closest *c)
{
	return i == CLOSEST_MODES && (is_token(c) ? c->question->token : c->question->restricted);
}

static void say_modes(const struct closest *c, FILE *to)
{
	bool token = is_token(c);

	if (closest_is_flag(CLOSEST_MODES, c))
		fprintf(to, "a forced command without -%c", token ? 't' : 'r');
	else
		fputs(token ? "token = off" : "restricted = no", to);
}

static void say_protect(const struct closest *c, FILE *to)
{
	(void)c;
	fputs("protect: a list without the name in the command", to);
}

static void say_subsystem(const struct closest *c, FILE *to)
{
	fprintf(to, "sftp-subsystem = %s", c->question->command);
}

static void say_commands(const struct closest *c, FILE *to)
{
	const struct settings *settings = c->answer->decision.settings;

	fputs("commands =", to);
	for (size_t i = 0; i < settings->commands_count; i++)
		fprintf(to, " %s", settings->commands[i]->name);
	fprintf(to, " %s", c->missing->name);
}

static void say_access(const struct closest *c, FILE *to)
{
	char verbs[VERBS_TEXT_MAX];

	describe_access(c->verbs, verbs);
	fprintf(to, "access = %s%s", verbs, c->everywhere ? ", and no access /DIR in the way" : "");
}

static const struct {
	const char *setting;
	void (*say)(const struct closest *c, FILE *to);
} rows[CLOSEST_ROWS] = {
	[CLOSEST_KEYS] = {"keys", say_keys},
	[CLOSEST_FROM] = {"from", say_from},
	[CLOSEST_HOURS] = {"hours", say_hours},
	[CLOSEST_EXPIRES] = {"expires", say_expires},
	[CLOSEST_MODES] = {"restricted", say_modes},
	[CLOSEST_PROTECT] = {"protect", say_protect},
	[CLOSEST_SUBSYSTEM] = {"sftp-subsystem", say_subsystem},
	[CLOSEST_COMMANDS] = {"commands", say_commands},
	[CLOSEST_ACCESS] = {"access", say_access},
};

const char *closest_setting(const struct closest *closest, unsigned i)
{
	if (i == CLOSEST_MODES && is_token(closest))
		return "token";
	return i < CLOSEST_ROWS ? rows[i].setting : NULL;
}

void closest_say(unsigned i, const struct closest *closest, FILE *to)
{
	rows[i].say(closest, to);
}
