/*
 * audit-sessions-report - sessions, for a person or for a program: sallyport-audit(8), LIVE SESSIONS.
 */
#include "audit-sessions.h"

#include "member.h"
#include "paint.h"

#include <stdio.h>
#include <string.h>

enum { SCHEMA = 1, COMMAND_MAX = 4096, SHOWN = 160 };

static const char *const states[] = {
	[STATE_CONFINED] = "confined", [STATE_BEGINS] = "begins", [STATE_UNSEEN] = "unseen", [STATE_OPEN] = "open"};

static void since(time_t at, char out[32])
{
	struct tm utc;

	out[0] = '\0';
	if (gmtime_r(&at, &utc))
		strftime(out, 32, "%Y-%m-%dT%H:%M:%SZ", &utc);
}

/* A connection without a session: it may be one for others (ControlMaster), or for tunnels. */
static bool is_bare(const struct running *r)
{
	return r->sshd && r->members == 0;
}

static void print_head(const struct sessions *s, const struct running *r, const char *state, const char *isolation)
{
	char started[32];

	since(r->started, started);
	paint_escaped(s->holder[r->holder].name, strlen(s->holder[r->holder].name));
	printf("  since %s  process %d  %s%s%s  %s  ", started, r->process.pid,
	       paint(r->state == STATE_OPEN ? PAINT_BAD : PAINT_GOOD), state, paint(PAINT_OFF), isolation);
}

static void print_text(const struct sessions *s, const struct running *r)
{
	char command[COMMAND_MAX];

	if (is_bare(r)) {
		print_head(s, r, "idle", "-");
		puts("a connection, and nothing runs");
		return;
	}
	process_command(r->about->process.pid, command, sizeof command);
	print_head(s, r, states[r->state], r->isolation ? r->isolation : "-");
	paint_escaped(command, strlen(command) < SHOWN ? strlen(command) : SHOWN);
	puts(strlen(command) > SHOWN ? "..." : "");
	if (r->why)
		printf("  why       process %d: %s\n", r->culprit, r->why);
	if (!r->above)
		printf("  note      no sshd is above it: it goes on behind its login, or never had one\n");
}

static void print_json(const struct sessions *s, const struct running *r, const char *before)
{
	char command[COMMAND_MAX] = "", started[32];

	if (r->about)
		process_command(r->about->process.pid, command, sizeof command);
	since(r->started, started);
	member_text(before, "account", s->holder[r->holder].name);
	printf(",\"uid\":%u,\"process\":%d,\"processes\":%zu", r->process.uid, r->process.pid,
	       r->sshd ? 1 : r->members);
	if (r->above)
		printf(",\"sshd\":%d", r->above);
	else
		fputs(",\"sshd\":null", stdout);
	member_text(",", "since", started);
	member_text(",", "state", r->sshd ? "idle" : states[r->state]);
	member_text(",", "why", r->why);
	member_text(",", "isolation", r->isolation);
	member_text(",", "terminal", *r->terminal ? r->terminal : NULL);
	member_text(",", "command", r->about ? command : NULL);
	putchar('}');
}

void sessions_report(const struct sessions *s)
{
	size_t count = 0, open = 0;

	if (s->json)
		printf("{\"schema\":%d,\"sessions\":[", SCHEMA);
	for (size_t i = 0; i < s->count; i++) {
		const struct running *r = &s->running[i];

		if (!is_bare(r) && (r->sshd || r->members == 0))
			continue;
		if (s->json)
			print_json(s, r, count ? ",\n{" : "\n{");
		else
			print_text(s, r);
		count++;
		open += r->state == STATE_OPEN;
	}
	if (s->json)
		printf("],\"open\":%zu}\n", open);
	else
		printf("%zu sessions, %zu open\n", count, open);
}
