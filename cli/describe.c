#include "describe.h"

#include "text/escape.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void put(FILE *to, const char *text)
{
	size_t length = strlen(text), size = 4 * length + 8;
	char *out = malloc(size);

	if (!out)
		return;
	escape_plain(text, length, out, size);
	fputs(out, to);
	free(out);
}

static void put_conditions(FILE *to, const char *const conditions[POLICY_CONDITIONS_MAX])
{
	const char *between = "";

	for (size_t i = 0; i < POLICY_CONDITIONS_MAX; i++)
		if (conditions[i]) {
			fputs(between, to);
			put(to, conditions[i]);
			between = ", and ";
		}
	if (!*between)
		fputs("any", to);
}

static void put_pairs(FILE *to, const struct pair *pairs, size_t count)
{
	if (count == 0)
		fputs("none", to);
	for (size_t i = 0; i < count; i++) {
		fprintf(to, "%s%s=", i ? " " : "", pairs[i].name);
		put(to, pairs[i].value);
	}
}

/* ---- one function a setting ---- */

static void docroot(const struct settings *s, FILE *to)
{
	put(to, s->docroot ? s->docroot : "none");
}

static void put_verbs(FILE *to, unsigned verbs)
{
	char text[VERBS_TEXT_MAX];

	verb_text(verbs, text);
	fputs(text, to);
}

/* A [command] is told whole: its name may stay while what it runs changes. */
static void put_definition(FILE *to, const struct definition *d)
{
	fputs(d->name, to);
	if (!d->file)
		return;
	fprintf(to, "(%s: ", d->programs[0].path);
	put(to, d->forms[0].template);
	fputs(" -> ", to);
	put(to, d->argv ? d->argv : "the same");
	fputs("; ", to);
	put_verbs(to, d->forms[0].needs);
	fprintf(to, "%s%s%s%s)", d->forms[0].browse ? "; browse" : "",
		d->forms[0].honours_token ? "; honours the token" : "", d->no_stdin ? "; no stdin" : "",
		d->no_stdout ? "; no stdout" : "");
}

static void commands(const struct settings *s, FILE *to)
{
	if (s->commands_count == 0)
		fputs("none", to);
	for (size_t i = 0; i < s->commands_count; i++) {
		if (i)
			fputc(' ', to);
		put_definition(to, s->commands[i]);
	}
}

static void verbs(const struct settings *s, FILE *to)
{
	put_verbs(to, s->verbs);
	for (size_t i = 0; i < s->paths_count; i++) {
		fputs("; ", to);
		put(to, s->paths[i].directory);
		fputs(": ", to);
		put_verbs(to, s->paths[i].verbs);
	}
}

static void token(const struct settings *s, FILE *to)
{
	fputs(s->token == TOKEN_MARKER ? "marker" : "off", to);
}

static void token_env(const struct settings *s, FILE *to)
{
	put(to, s->token_env);
}

static void token_value(const struct settings *s, FILE *to)
{
	put(to, s->token_value);
}

static void from(const struct settings *s, FILE *to)
{
	put_conditions(to, s->from);
}

static void hours(const struct settings *s, FILE *to)
{
	put_conditions(to, s->hours);
}

static void expires(const struct settings *s, FILE *to)
{
	time_t at = (time_t)s->expires;
	struct tm utc;
	char text[32] = "never";

	if (s->expires != INT64_MAX && gmtime_r(&at, &utc))
		strftime(text, sizeof text, "%Y%m%d%H%M%SZ", &utc);
	fputs(text, to);
}

static void isolation(const struct settings *s, FILE *to)
{
	fputs(policy_isolation(s), to);
}

static void start(const struct settings *s, FILE *to)
{
	put(to, s->start);
}

static void programs(const struct settings *s, FILE *to)
{
	put_pairs(to, s->program, s->program_count);
}

static void subsystems(const struct settings *s, FILE *to)
{
	if (s->sftp_subsystem_count == 0)
		fputs("none", to);
	for (size_t i = 0; i < s->sftp_subsystem_count; i++) {
		fputs(i ? ", " : "", to);
		put(to, s->sftp_subsystem[i]);
	}
}

static void profiles(const struct settings *s, FILE *to)
{
	put(to, *s->profiles ? s->profiles : "none");
}

static void profile(const struct settings *s, FILE *to)
{
	fputs(s->profile_required ? "required" : "optional", to);
}

/* Of all definitions: "rsync: --log-file=path". */
static void accepted(const struct settings *s, FILE *to)
{
	const char *between = "";

	for (size_t i = 0; i < s->options_count; i++)
		for (const struct option_rule *o = s->options[i].accept; o && *o->name; o++) {
			fprintf(to, "%s%s: %s%s", between, s->options[i].definition->name, o->name,
				o->value == VALUE_NONE ? "" : "=value");
			between = ", ";
		}
	fputs(*between ? "" : "none", to);
}

static void refused(const struct settings *s, FILE *to)
{
	const char *between = "";

	for (size_t i = 0; i < s->options_count; i++)
		for (size_t k = 0; k < POLICY_CONDITIONS_MAX; k++)
			if (s->options[i].refuse[k].list) {
				fprintf(to, "%s%s: ", between, s->options[i].definition->name);
				put(to, s->options[i].refuse[k].list);
				between = ", and ";
			}
	fputs(*between ? "" : "none", to);
}

static void rclone_remote(const struct settings *s, FILE *to)
{
	put(to, s->rclone_remote ? s->rclone_remote : "none");
}

static void env(const struct settings *s, FILE *to)
{
	put_pairs(to, s->env, s->env_count);
}

static void pass_env(const struct settings *s, FILE *to)
{
	put(to, *s->pass_env ? s->pass_env : "none");
}

static void protect(const struct settings *s, FILE *to)
{
	put(to, *s->protect ? s->protect : "none");
}

static void mask(const struct settings *s, FILE *to)
{
	fprintf(to, "%04o", s->umask);
}

static void limits(const struct settings *s, FILE *to)
{
	for (size_t i = 0; i < LIMITS; i++)
		if (s->limit[i] != LIMIT_UNSET)
			fprintf(to, "%s %llu; ", limit_names[i], (unsigned long long)s->limit[i]);
	fprintf(to, "nice %u", s->nice);
}

static void put_most(FILE *to, unsigned most, const char *unit)
{
	if (most)
		fprintf(to, "%u%s", most, unit);
	else
		fputs("none", to);
}

static void duration(const struct settings *s, FILE *to)
{
	put_most(to, s->duration, "s");
}

static void sessions(const struct settings *s, FILE *to)
{
	put_most(to, s->sessions, "");
}

static void key_sessions(const struct settings *s, FILE *to)
{
	put_most(to, s->key_sessions, "");
}

static void log_facility(const struct settings *s, FILE *to)
{
	fputs(policy_facility(s), to);
}

static void may_lack(const struct settings *s, FILE *to)
{
	fputs(s->may_lack & MAY_LACK_LANDLOCK ? "landlock" : "none", to);
}

static void docroot_home(const struct settings *s, FILE *to)
{
	fputs(s->docroot_home ? "allow" : "refuse", to);
}

static void message(const struct settings *s, FILE *to)
{
	put(to, s->message);
}

struct row {
	const char *name;
	void (*put)(const struct settings *settings, FILE *to); /* NULL: it is yes or no */
	bool secret;
	size_t at; /* where that stands in the settings */
};

#define YES_NO(member) .at = offsetof(struct settings, member)

static void put_row(const struct row *row, const struct settings *settings, FILE *to)
{
	if (row->put)
		row->put(settings, to);
	else
		fputs(*(const bool *)((const char *)settings + row->at) ? "yes" : "no", to);
}

/* What a [key] may narrow. */
static const struct row key_rows[] = {
	{"commands", commands}, {"access", verbs}, {"restricted", YES_NO(restricted)}, {"token", token},
	{"from", from},         {"hours", hours},  {"expires", expires},       {"message", message},
	{"max-duration", duration}, {"max-sessions", key_sessions},
};

/* Each key with what is left for it, or a change of its section would not show. */
static void keys(const struct settings *s, FILE *to)
{
	if (s->keys_count == 0)
		fputs("none", to);
	for (size_t i = 0; i < s->keys_count; i++) {
		const struct key_rule *rule = &s->keys[i];
		const struct settings *left = rule->settings;

		fprintf(to, "%s%s(%s ", i ? " " : "", left->key, rule->cert_id ? "cert-id" : "fingerprint");
		put(to, rule->cert_id ? rule->cert_id : rule->fingerprints);
		for (size_t row = 0; row < sizeof key_rows / sizeof *key_rows; row++) {
			fprintf(to, "; %s ", key_rows[row].name);
			put_row(&key_rows[row], left, to);
		}
		fputc(')', to);
	}
}

/* What is new in struct settings belongs here, or apply would not show that it changes. */
static const struct row rows[] = {
	{"docroot", docroot},
	{"commands", commands},
	{"access", verbs},
	{"restricted", YES_NO(restricted)},
	{"token", token},
	{"from", from},
	{"hours", hours},
	{"expires", expires},
	{"isolation", isolation},
	{"start", start},
	{"profiles", profiles},
	{"profile", profile},
	{"keys", keys},
	{"key-identity", YES_NO(key_identity)},
	{"program", programs},
	{"accepted options", accepted},
	{"refused options", refused},
	{"sftp-subsystem", subsystems},
	{"rclone-remote", rclone_remote},
	{"docroot-home", docroot_home},
	{"may-lack", may_lack},
	{"protect", protect},
	{"env", env, true},
	{"pass-env", pass_env},
	{"token-env", token_env},
	{"token-value", token_value, true},
	{"umask", mask},
	{"limits", limits},
	{"max-duration", duration},
	{"max-sessions", sessions},
	{"local", YES_NO(local)},
	{"log-required", YES_NO(log_required)},
	{"log-facility", log_facility},
	{"log-transfers", YES_NO(log_transfers)},
	{"message", message},
	{NULL, NULL},
};

const char *describe_name(size_t i)
{
	return rows[i].name;
}

void describe_value(size_t i, const struct settings *settings, FILE *to)
{
	put_row(&rows[i], settings, to);
}

bool describe_is_secret(size_t i)
{
	return rows[i].secret;
}

void describe_access(unsigned verbs, char out[VERBS_TEXT_MAX])
{
	static const char *const presets[] = {"read-only", "drop-box", "append-only", "full"};

	for (size_t i = 0; i < sizeof presets / sizeof *presets; i++)
		if (verb_parse(presets[i], strlen(presets[i])) == verbs) {
			strcpy(out, presets[i]);
			return;
		}
	verb_text(verbs, out);
}
