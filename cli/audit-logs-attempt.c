/*
 * audit-logs-attempt - attempts to get in, and what was wrong with them.
 */
#include "audit-logs-event.h"

static void try(const struct event *e, unsigned times)
{
	struct logs *l = e->logs;
	const struct logconn *c = e->conn;
	struct logattempt attempt = {
		.name = logs_span(c->user), .invalid = c->invalid, .times = times, .time = e->time};

	logbars_add(&l->bars, e->time, SERIES_FAILED, times);
	if (!c->has_address)
		return;
	attempt.address = c->address;
	if (logaddr_is_loopback(&c->address))
		l->loopback += times; /* a tunnel's end: whoever it is, it is not this address */
	else
		logruns_try(l->runs, &attempt);
}

/* ---- problems that are known by their process alone, until a line names the account ---- */

static const struct {
	enum logline_kind kind;
	enum logs_id id;
} pending[] = {
	{LOGLINE_REVOKED, LOGS_REVOKED},         {LOGLINE_EXPIRED, LOGS_EXPIRED},
	{LOGLINE_NOT_YET, LOGS_NOT_YET},         {LOGLINE_PRINCIPAL, LOGS_PRINCIPAL},
	{LOGLINE_CERTIFICATE, LOGS_CERTIFICATE}, {LOGLINE_OPTIONS, LOGS_OPTIONS},
};

enum { PENDING = sizeof pending / sizeof *pending };

static void say_pending(const struct event *e)
{
	struct logconn *c = e->conn;

	for (size_t i = 0; i < PENDING; i++)
		if (c->pending & 1U << i)
			logs_found(e, pending[i].id, logs_span(c->user), logs_span(c->pending_key));
	c->pending = 0;
	c->pending_key[0] = '\0';
}

void logs_note_pending(struct event *e)
{
	struct logconn *c = e->conn;

	for (size_t i = 0; i < PENDING; i++)
		if (pending[i].kind == e->line->kind)
			c->pending |= 1U << i;
	logjoin_keep(c->pending_key, LOGJOIN_KEY_MAX, logs_either(e->line->key, c->pending_key));
	if (!c->pending_key[0])
		logjoin_keep(c->pending_key, LOGJOIN_KEY_MAX, e->line->text);
	if (c->user[0])
		say_pending(e);
}

void logs_learn_user(struct event *e)
{
	struct logconn *c = e->conn;

	if (!e->line->user.at || e->line->ambiguous)
		return;
	logjoin_keep(c->user, LOGJOIN_NAME_MAX, e->line->user);
	c->invalid = e->line->invalid;
	say_pending(e);
}

void logs_settle(const struct event *e)
{
	struct logconn *c = e->conn;
	struct logs *l = e->logs;

	say_pending(e);
	if (!c->accepted && c->held)
		try(e, c->held);
	c->held = 0;
	/* a gate that does not say the port cannot be told from one that says nothing */
	if (c->sessions > c->decisions && l->ports)
		logs_found(e, LOGS_UNLOGGED, logs_span(c->user), logs_span(""));
	c->sessions = c->decisions;
}

void logs_note_end(struct event *e)
{
	struct logconn *c = e->conn;
	const struct logspan *text = &e->line->text;

	logs_learn_user(e);
	/* one that asked for an account, and showed nothing that sshd counts: a key that is not there */
	if (!c->accepted && c->user[0] && c->failed + c->held == 0)
		c->held = e->line->times;
	logs_settle(e);
	if (text->length) {
		const struct logspan fields[] = {*text};

		logs_row(e, TABLE_ENDS, fields, 1);
	}
	logjoin_end(e->logs->join, c);
	e->conn = NULL;
}

void logs_note_failed(struct event *e)
{
	logs_learn_user(e);
	if (logline_is(e->line->method, "none")) /* how every client asks what is possible */
		return;
	if (logline_is(e->line->method, "publickey")) {
		e->conn->held += e->line->times; /* one of several keys, if another is taken */
		return;
	}
	e->conn->failed += e->line->times;
	try(e, e->line->times);
}

void logs_note_wrong_address(struct event *e)
{
	logs_learn_user(e);
	logs_found(e, LOGS_ADDRESS, e->line->user, logs_span(""));
	e->conn->told = true;
}

/* "Refused by key options" comes behind the line that says which, where there is one. */
void logs_note_options(struct event *e)
{
	if (!e->conn->told)
		logs_note_pending(e);
}
