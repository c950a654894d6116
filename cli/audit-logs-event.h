/*
 * audit-logs-event - a line and the connection that it is about, on its way into the tables. Private to audit-logs-*.c.
 */
#ifndef CLI_AUDIT_LOGS_EVENT_H
#define CLI_AUDIT_LOGS_EVENT_H

#include "audit-logs.h"

struct event {
	struct logs *logs;
	const struct logline *line; /* NULL: no line, the connection is settled */
	struct logconn *conn;       /* NULL: none can be told */
	int64_t time;
};

struct logspan logs_span(const char *text);
struct logspan logs_either(struct logspan first, const char *second);

/* The client's address, of the line or of its connection; "" where neither knows. */
void logs_from(const struct logline *line, const struct logconn *conn, char out[LOGADDR_TEXT_MAX]);

/* --user leaves out what is about another account, and nothing that is about none. */
bool logs_asked(const struct logs *logs, struct logspan user);

struct logrow *logs_row(const struct event *e, enum logs_table table, const struct logspan *fields,
			size_t count);
void logs_found(const struct event *e, enum logs_id id, struct logspan user, struct logspan what);

/* The line names the account: what its connection has held back can be said. */
void logs_learn_user(struct event *e);

/* Nothing more will be said of a connection. */
void logs_settle(const struct event *e);

/* One for each kind of line; notes[] of audit-logs-note.c has the list. */
typedef void logs_noter(struct event *e);
logs_noter logs_note_end, logs_note_failed, logs_note_pending, logs_note_wrong_address, logs_note_options;
logs_noter logs_note_accepted, logs_note_key_found, logs_note_child, logs_note_start, logs_note_gate;
logs_noter logs_note_sftp, logs_note_file, logs_note_sftp_refused;

#endif
