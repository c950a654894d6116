#include "audit-logs-event.h"

#include <string.h>

struct logspan logs_span(const char *text)
{
	return (struct logspan){text, strlen(text)};
}

struct logspan logs_either(struct logspan first, const char *second)
{
	return first.length ? first : logs_span(second);
}

void logs_from(const struct logline *line, const struct logconn *conn, char out[LOGADDR_TEXT_MAX])
{
	out[0] = '\0';
	if (line && line->has_address)
		logaddr_text(&line->address, false, out);
	else if (conn && conn->has_address)
		logaddr_text(&conn->address, false, out);
}

struct logrow *logs_row(const struct event *e, enum logs_table table, const struct logspan *fields,
			size_t count)
{
	const struct logrow_words words = {fields, count, e->time, e->line ? e->line->times : 1};

	return logrows_add(&e->logs->table[table], &words);
}

bool logs_asked(const struct logs *l, struct logspan user)
{
	return !l->user || !user.length || logline_is(user, l->user);
}

void logs_found(const struct event *e, enum logs_id id, struct logspan user, struct logspan what)
{
	char from[LOGADDR_TEXT_MAX];

	if (!logs_asked(e->logs, user))
		return;
	logs_from(e->line, e->conn, from);
	const struct logspan fields[FOUND_FIELDS] = {
		[FOUND_ID] = logs_span(logs_kinds[id].id),
		[FOUND_USER] = user,
		[FOUND_FROM] = logs_span(from),
		[FOUND_WHAT] = what,
	};
	logs_row(e, TABLE_FOUND, fields, FOUND_FIELDS);
}
