/*
 * keys-report - verdicts, for a person and for a program.
 */
#include "keys-verdict.h"
#include "keys.h"
#include "member.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

enum { SCHEMA = 1 };

static const char *const severities[] = {"low", "medium", "high"};

static const struct {
	unsigned permit;
	const char *name;
} permits[] = {
	{PERMIT_PORT, "port-forwarding"}, {PERMIT_AGENT, "agent-forwarding"}, {PERMIT_X11, "x11-forwarding"},
	{PERMIT_PTY, "pty"},              {PERMIT_RC, "user-rc"},
};

struct tally {
	size_t severity[3];
	size_t enforced, open, refused;
};

static const char *verdict_word(const struct key_verdict *v)
{
	return v->refused ? "refused" : v->enforced ? "enforced" : "open";
}

static void count(struct tally *tally, judge_set findings)
{
	for (int id = 0; id < JUDGES; id++)
		if (findings & JUDGE_BIT(id))
			tally->severity[judge_rows[id].severity]++;
}

static void count_verdict(struct tally *tally, const struct key_verdict *v)
{
	count(tally, v->findings);
	tally->refused += v->refused;
	tally->enforced += v->enforced && !v->refused;
	tally->open += !v->enforced && !v->refused;
}

/* The line once more; false: there is nothing to show of it. */
static bool reread(const struct verdicts *vs, const struct key_verdict *v)
{
	if (v->findings & JUDGE_BIT(JUDGE_FAULT))
		return false;
	keyline_read(vs->file[v->file].file.text + v->at, v->length, keys_line());
	return v->has_key;
}

/* ---- for a person ---- */

static void print_finding(int id, const char *detail, size_t detail_line)
{
	const struct judge_row *row = &judge_rows[id];

	printf("  %-9s %s: %s", severities[row->severity], row->id, row->why);
	if (detail)
		printf(" (%s", detail);
	if (detail && detail_line)
		printf(", line %zu", detail_line);
	printf("%s\n            fix: %s\n", detail ? ")" : "", row->fix);
}

static void print_key(const struct keyline *line)
{
	char fingerprint[KEY_FINGERPRINT_ROOM];

	key_fingerprint(line->key.blob, fingerprint);
	printf(" %s", fingerprint);
	if (line->key.type)
		printf(" %s", line->key.type->name);
	if (line->key.type && line->key.bits)
		printf(" %u", line->key.bits);
	if (line->comment.at) {
		putchar(' ');
		keys_print(stdout, line->comment.at, line->comment.length);
	}
}

static void print_permits(const struct keyline *line)
{
	const struct keyopts *o = &line->keyopts;

	printf("  may       ");
	if (o->command.at)
		keys_print(stdout, o->command.at, o->command.length);
	else
		printf("any command");
	for (size_t i = 0; i < sizeof permits / sizeof *permits; i++)
		if (o->permits & permits[i].permit)
			printf(", %s", permits[i].name);
	if (o->tunnel)
		printf(", tunnel");
	putchar('\n');
	if (!o->from.at)
		return;
	printf("  from      ");
	keys_print(stdout, o->from.at, o->from.length);
	putchar('\n');
}

static void print_twin(const struct verdicts *vs, const struct key_verdict *v)
{
	const struct key_verdict *twin = &vs->verdict[v->twin];

	printf("  also      ");
	keys_print(stdout, vs->file[twin->file].name, strlen(vs->file[twin->file].name));
	printf(":%zu\n", twin->line);
}

static void print_verdict(const struct verdicts *vs, const struct key_verdict *v)
{
	const struct keyline *line = keys_line();
	bool shown = reread(vs, v);

	keys_print(stdout, vs->file[v->file].name, strlen(vs->file[v->file].name));
	printf(":%zu: %s", v->line, verdict_word(v));
	if (shown)
		print_key(line);
	putchar('\n');
	if (shown && !v->refused && !v->enforced)
		print_permits(line);
	if (v->findings & JUDGE_BIT(JUDGE_DUPLICATE))
		print_twin(vs, v);
	for (int id = 0; id < JUDGES; id++)
		if (v->findings & JUDGE_BIT(id))
			print_finding(id, id == JUDGE_VOID || id == JUDGE_FOREIGN ? line->reason : NULL, 0);
}

static void print_file(const struct verdict_file *file)
{
	if (!file->findings)
		return;
	keys_print(stdout, file->name, strlen(file->name));
	putchar('\n');
	for (int id = 0; id < JUDGES; id++)
		if (file->findings & JUDGE_BIT(id))
			print_finding(id, file->detail, file->detail_line);
}

size_t verdict_text(const struct verdicts *vs)
{
	struct tally tally = {0};

	for (size_t i = 0; i < vs->files; i++) {
		count(&tally, vs->file[i].findings);
		print_file(&vs->file[i]);
	}
	for (size_t i = 0; i < vs->count; i++) {
		count_verdict(&tally, &vs->verdict[i]);
		print_verdict(vs, &vs->verdict[i]);
	}
	printf("%zu enforced, %zu open, %zu refused by sshd; %zu high, %zu medium, %zu low\n", tally.enforced,
	       tally.open, tally.refused, tally.severity[JUDGE_HIGH], tally.severity[JUDGE_MEDIUM],
	       tally.severity[JUDGE_LOW]);
	return tally.severity[JUDGE_HIGH] + tally.severity[JUDGE_MEDIUM];
}

/* ---- for a program ---- */

/* The value of an option as sshd has it: escapes undone. */
static void json_quoted(const char *name, struct quoted value)
{
	static char text[KEYLINE_MAX];

	member_text(",", name, value.at && keyopts_unquote(value, text, sizeof text) ? text : NULL);
}

static void json_findings(judge_set findings)
{
	const char *before = "";

	printf(",\"findings\":[");
	for (int id = 0; id < JUDGES; id++) {
		if (!(findings & JUDGE_BIT(id)))
			continue;
		printf("%s", before);
		member_text("{", "id", judge_rows[id].id);
		member_text(",", "severity", severities[judge_rows[id].severity]);
		member_text(",", "why", judge_rows[id].why);
		member_text(",", "fix", judge_rows[id].fix);
		putchar('}');
		before = ",";
	}
	putchar(']');
}

static void json_key(const struct keyline *line)
{
	const struct keyopts *o = &line->keyopts;
	char fingerprint[KEY_FINGERPRINT_ROOM];
	const char *before = "";

	key_fingerprint(line->key.blob, fingerprint);
	member_text(",", "fingerprint", fingerprint);
	member_text(",", "type", line->key.type ? line->key.type->name : NULL);
	printf(",\"bits\":%u,\"permits\":[", line->key.bits);
	for (size_t i = 0; i < sizeof permits / sizeof *permits; i++)
		if (o->permits & permits[i].permit) {
			printf("%s\"%s\"", before, permits[i].name);
			before = ",";
		}
	printf("],\"cert-authority\":%s,\"expires\":%" PRId64, o->cert_authority ? "true" : "false", o->expires);
	json_quoted("command", o->command);
	json_quoted("from", o->from);
	member_bytes(",", "comment", line->comment.at, line->comment.length);
}

static void json_verdict(const struct verdicts *vs, const struct key_verdict *v)
{
	const struct keyline *line = keys_line();
	bool shown = reread(vs, v);

	member_text("{", "file", vs->file[v->file].name);
	printf(",\"line\":%zu,\"verdict\":\"%s\"", v->line, verdict_word(v));
	if (shown)
		json_key(line);
	if (v->findings & (JUDGE_BIT(JUDGE_VOID) | JUDGE_BIT(JUDGE_FOREIGN)))
		member_text(",", "reason", line->reason);
	json_findings(v->findings);
	putchar('}');
}

size_t verdict_json(const struct verdicts *vs)
{
	struct tally tally = {0};

	printf("{\"schema\":%d,\"files\":[", SCHEMA);
	for (size_t i = 0; i < vs->files; i++) {
		count(&tally, vs->file[i].findings);
		member_text(i ? ",{" : "{", "file", vs->file[i].name);
		member_text(",", "detail", vs->file[i].detail);
		json_findings(vs->file[i].findings);
		putchar('}');
	}
	printf("],\"lines\":[");
	for (size_t i = 0; i < vs->count; i++) {
		count_verdict(&tally, &vs->verdict[i]);
		fputs(i ? ",\n" : "\n", stdout);
		json_verdict(vs, &vs->verdict[i]);
	}
	printf("],\"enforced\":%zu,\"open\":%zu,\"refused\":%zu,\"high\":%zu,\"medium\":%zu,\"low\":%zu}\n",
	       tally.enforced, tally.open, tally.refused, tally.severity[JUDGE_HIGH],
	       tally.severity[JUDGE_MEDIUM], tally.severity[JUDGE_LOW]);
	return tally.severity[JUDGE_HIGH] + tally.severity[JUDGE_MEDIUM];
}
