/*
 * audit-logs-note - which lines are noted, and how; connections that come to their end.
 */
#include "audit-logs-event.h"

static struct logspan user_of(const struct event *e)
{
	return logs_either(e->line->user, e->conn ? e->conn->user : "");
}

static void note_revocation(struct event *e)
{
	logs_found(e, LOGS_REVOCATION, logs_span(""), e->line->text);
}

static void note_chroot(struct event *e)
{
	logs_found(e, LOGS_CHROOT, logs_span(e->conn ? e->conn->user : ""), e->line->text);
}

static void note_not_allowed(struct event *e)
{
	logs_learn_user(e);
	logs_found(e, LOGS_NOT_ALLOWED, user_of(e), e->line->text);
}

static void note_client(struct event *e)
{
	char from[LOGADDR_TEXT_MAX];

	logs_from(e->line, e->conn, from);
	const struct logspan fields[CLIENT_FIELDS] = {logs_span(from),
						      logs_either(e->line->text, "no ssh client")};
	logs_row(e, TABLE_CLIENTS, fields, CLIENT_FIELDS);
}

static void note_mangled(struct event *e)
{
	logs_found(e, LOGS_MANGLED, logs_span(""), logs_either(e->line->message, ""));
}

static void note_unknown(struct event *e)
{
	struct logspan head = e->line->message;

	head.length = head.length < LOGS_HEAD ? head.length : LOGS_HEAD;
	logs_row(e, TABLE_UNKNOWN, &head, 1);
}

static void note_lost(struct event *e)
{
	logs_found(e, LOGS_TRANSFERS_LOST, e->line->user, e->line->text);
}

static const struct {
	logs_noter *note;
	bool joins; /* it is about a connection */
} notes[LOGLINE_KINDS] = {
	[LOGLINE_MANGLED] = {note_mangled, false},
	[LOGLINE_UNKNOWN] = {note_unknown, false},
	[LOGLINE_CONNECT] = {logs_learn_user, true},
	[LOGLINE_ACCEPTED] = {logs_note_accepted, true},
	[LOGLINE_FAILED] = {logs_note_failed, true},
	[LOGLINE_INVALID] = {logs_learn_user, true},
	[LOGLINE_TOO_MANY] = {logs_learn_user, true},
	[LOGLINE_CLOSED] = {logs_note_end, true},
	[LOGLINE_TIMEOUT] = {logs_note_end, true},
	[LOGLINE_PROBE] = {note_client, false},
	[LOGLINE_DROPPED] = {note_client, false},
	[LOGLINE_NOT_ALLOWED] = {note_not_allowed, true},
	[LOGLINE_REVOKED] = {logs_note_pending, true},
	[LOGLINE_REVOCATION] = {note_revocation, false},
	[LOGLINE_EXPIRED] = {logs_note_pending, true},
	[LOGLINE_NOT_YET] = {logs_note_pending, true},
	[LOGLINE_PRINCIPAL] = {logs_note_pending, true},
	[LOGLINE_CERTIFICATE] = {logs_note_pending, true},
	[LOGLINE_WRONG_ADDRESS] = {logs_note_wrong_address, true},
	[LOGLINE_OPTIONS] = {logs_note_options, true},
	[LOGLINE_KEY_FOUND] = {logs_note_key_found, true},
	[LOGLINE_CHILD] = {logs_note_child, true},
	[LOGLINE_START] = {logs_note_start, true},
	[LOGLINE_CHROOT] = {note_chroot, true},
	[LOGLINE_SFTP] = {logs_note_sftp, true},
	[LOGLINE_SFTP_FILE] = {logs_note_file, true},
	[LOGLINE_SFTP_REFUSED] = {logs_note_sftp_refused, true},
	[LOGLINE_LOST] = {note_lost, false},
	[LOGLINE_GATE] = {logs_note_gate, true},
};

/* A connection that made room was not over: what it still had to say is said, and that it is gone is counted. */
static void settle_lost(struct logs *l, int64_t time)
{
	const struct logconn *lost = logjoin_lost(l->join);
	struct logconn copy;

	if (!lost)
		return;
	copy = *lost;
	copy.sessions = copy.decisions; /* its end was not seen: nothing is missing yet */
	l->lost++;
	logs_settle(&(struct event){.logs = l, .conn = &copy, .time = time});
}

static bool joins(const struct logline *line)
{
	/* the gate's process is another than sshd's: only its client's port tells whose it is */
	return notes[line->kind].joins && (!line->verdict.at || (line->has_address && line->port));
}

void logs_note(struct logs *l, const struct logline *line, int64_t time)
{
	struct event e = {.logs = l, .line = line, .time = time};

	l->ambiguous += line->ambiguous;
	if (!notes[line->kind].note)
		return;
	if (joins(line)) {
		e.conn = logjoin_find(l->join, line);
		settle_lost(l, time);
	}
	if (e.conn || !notes[line->kind].joins || line->verdict.at) {
		if (e.conn)
			e.conn->time = time;
		notes[line->kind].note(&e);
	}
}

void logs_finish(struct logs *l)
{
	struct logconn *conn;

	while ((conn = logjoin_next(l->join))) {
		conn->sessions = conn->decisions; /* it may still be running */
		logs_settle(&(struct event){.logs = l, .conn = conn, .time = conn->time});
	}
}
