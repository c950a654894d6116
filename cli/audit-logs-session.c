/*
 * audit-logs-session - logins, what sshd starts for them, and what the gate and sftp servers say of it.
 */
#include "audit-logs-event.h"

#include "keys/gatecall.h"

#include <string.h>

/* ---- logins ---- */

static void note_way_in(const struct event *e, enum logs_held held)
{
	const struct logline *line = e->line;
	bool key = logline_is(line->method, "publickey"), host = logline_is(line->method, "hostbased");
	unsigned long before = 0;

	if (e->conn->has_address && !logaddr_is_loopback(&e->conn->address))
		before = logruns_accepted(e->logs->runs, &e->conn->address);
	if (!key && !host && before >= LOGS_GUESSES)
		logs_found(e, LOGS_GUESSED, line->user, line->method);
	if (held != HELD_NO && !key)
		logs_found(e, host ? LOGS_HOSTBASED : LOGS_PASSWORD, line->user, line->method);
}

void logs_note_accepted(struct event *e)
{
	struct logs *l = e->logs;
	struct logconn *c = e->conn;
	char from[LOGADDR_TEXT_MAX];
	enum logs_held held = logs_account(l, e->line->user);

	logs_learn_user(e);
	c->accepted = true;
	c->held = 0;
	logjoin_keep(c->key, LOGJOIN_KEY_MAX, e->line->key);
	logbars_add(&l->bars, e->time, SERIES_ACCEPTED, e->line->times);
	note_way_in(e, held);
	if (!logs_asked(l, e->line->user))
		return;
	logs_from(e->line, c, from);
	const struct logspan fields[LOGIN_FIELDS] = {
		[LOGIN_USER] = e->line->user,
		[LOGIN_FROM] = logs_span(from),
		[LOGIN_METHOD] = e->line->method,
		[LOGIN_KEY] = e->line->key,
		[LOGIN_CERT] = e->line->cert,
		[LOGIN_PLACE] = logs_span(c->place),
		[LOGIN_GUARDED] = logs_span(held == HELD_NO ? "no" : "yes"),
	};
	logs_row(e, TABLE_LOGINS, fields, LOGIN_FIELDS);
}

void logs_note_key_found(struct event *e)
{
	logjoin_keep(e->conn->place, LOGJOIN_PLACE_MAX, e->line->text);
}

void logs_note_child(struct event *e)
{
	logjoin_set_child(e->logs->join, e->conn, e->line->child);
}

/* Whether the command is the gate's call and nothing but. */
static bool calls_gate(struct logspan command)
{
	char text[GATECALL_MAX];
	struct gatecall call;

	if (command.length >= sizeof text)
		return false;
	logjoin_keep(text, sizeof text - 1, command);
	return strlen(text) == command.length && gatecall_read(text, SALLYPORT_SHELL, &call);
}

static bool begins(struct logspan text, const char *head)
{
	return text.length >= strlen(head) && memcmp(text.at, head, strlen(head)) == 0;
}

/* A forced command is what runs; else the login shell is, whatever the client asked for. */
static bool is_gates(const struct logline *line, enum logs_held held)
{
	if (begins(line->text, "forced-command"))
		return calls_gate(line->command);
	return held == HELD_SHELL || held == HELD_ABSENT;
}

void logs_note_start(struct event *e)
{
	enum logs_held held = logs_account(e->logs, e->line->user);

	logs_learn_user(e);
	if (held == HELD_NO)
		return;
	e->conn->accepted = true;
	if (is_gates(e->line, held))
		e->conn->sessions += e->line->times;
	else
		logs_found(e, LOGS_NOT_THE_GATE, e->line->user, e->line->text);
	if (e->line->terminal.length)
		logs_found(e, LOGS_TERMINAL, e->line->user, e->line->text);
}

/* ---- sftp servers ---- */

void logs_note_sftp(struct event *e)
{
	logs_learn_user(e);
	if (logline_is(e->line->tag, "internal-sftp") && logs_account(e->logs, e->line->user) != HELD_NO)
		logs_found(e, LOGS_NOT_THE_GATE, e->line->user, logs_span("internal-sftp"));
}

/* The gate's line names the account, and the client; an sftp server's does not. */
static struct logspan user_of(const struct event *e)
{
	return logs_either(e->line->user, e->conn ? e->conn->user : "");
}

void logs_note_file(struct event *e)
{
	static const char *const words[LOGLINE_FILES] = {"read", "written", "listed", "changed"};
	char from[LOGADDR_TEXT_MAX];
	struct logrow *row;

	if (!logs_asked(e->logs, user_of(e)))
		return;
	logs_from(e->line, e->conn, from);
	const struct logspan fields[FILES_FIELDS] = {user_of(e), logs_span(from), logs_span(words[e->line->file])};
	row = logs_row(e, TABLE_FILES, fields, FILES_FIELDS);
	if (row)
		row->amount += e->line->bytes;
}

void logs_note_sftp_refused(struct event *e)
{
	if (!e->conn)
		return;
	unsigned before = e->conn->refused;

	e->conn->refused += e->line->times;
	if (before < LOGS_PROBES && e->conn->refused >= LOGS_PROBES)
		logs_found(e, LOGS_PROBING, user_of(e), e->line->text);
}

/* ---- the gate ---- */

/* The connection's own port joins them; without it a line stands for itself, as does one that decides nothing. */
static void join_gate(const struct event *e)
{
	const struct logspan verdict = e->line->verdict;

	if (!e->conn || logline_is(verdict, "ended") || logline_is(verdict, "rc-suppressed"))
		return;
	e->logs->ports++;
	e->conn->decisions += e->line->times;
}

void logs_note_gate(struct event *e)
{
	struct logs *l = e->logs;
	const struct logline *line = e->line;
	char from[LOGADDR_TEXT_MAX];
	bool allowed = logline_is(line->verdict, "allow");

	logs_account_is_held(l, line->user);
	join_gate(e);
	if (logline_is(line->verdict, "deny") || logline_is(line->verdict, "error"))
		logbars_add(&l->bars, e->time, SERIES_REFUSED, line->times);
	if (logline_is(line->verdict, "error"))
		logs_found(e, LOGS_GATE_ERROR, line->user, line->text);
	if (!logs_asked(l, line->user))
		return;
	logs_from(line, e->conn, from);
	const struct logspan fields[GATE_FIELDS] = {
		[GATE_USER] = line->user,
		[GATE_FROM] = logs_either(logs_span(from), "local"),
		[GATE_KEY] = logs_either(line->key, e->conn ? e->conn->key : ""),
		[GATE_RULE] = logs_either(line->rule, ""),
		[GATE_PROFILE] = logs_either(line->profile, ""),
		[GATE_VERDICT] = line->verdict,
		[GATE_REASON] = allowed ? logs_span("") : line->text,
		/* of those that were admitted there are many, and each may be another */
		[GATE_REQUEST] = allowed ? logs_span("") : logs_either(line->request, ""),
	};
	logs_row(e, TABLE_GATE, fields, GATE_FIELDS);
}
