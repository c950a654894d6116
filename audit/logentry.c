#include "logentry.h"

#include "loghead.h"

#include <string.h>

static bool value_of(const char *line, size_t length, const char *name, struct logspan *value)
{
	size_t n = strlen(name);

	if (length <= n || memcmp(line, name, n) != 0 || line[n] != '=')
		return false;
	*value = (struct logspan){line + n + 1, length - n - 1};
	return true;
}

static bool keep(char *out, size_t most, struct logspan value)
{
	if (value.length > most)
		return false;
	memcpy(out, value.at, value.length);
	out[value.length] = '\0';
	return true;
}

static bool read_number(struct logspan value, int64_t most, int64_t *number)
{
	int64_t sum = 0;

	for (size_t i = 0; i < value.length; i++) {
		if (value.at[i] < '0' || value.at[i] > '9' || sum > most / 10)
			return false;
		sum = sum * 10 + value.at[i] - '0';
	}
	*number = sum;
	return value.length > 0 && sum <= most;
}

static void take(struct logentry *entry, const char *line, size_t length)
{
	struct logspan value;
	int64_t number;

	if (value_of(line, length, "MESSAGE", &value)) {
		entry->has_message = value.length <= sizeof entry->message;
		entry->message_length = entry->has_message ? value.length : 0;
		memcpy(entry->message, value.at, entry->message_length);
	} else if (value_of(line, length, "SYSLOG_IDENTIFIER", &value)) {
		entry->has_tag = keep(entry->tag, LOGENTRY_NAME_MAX, value);
	} else if (value_of(line, length, "_HOSTNAME", &value)) {
		keep(entry->host, LOGENTRY_NAME_MAX, value);
	} else if (value_of(line, length, "_PID", &value)) { /* the journal's own; SYSLOG_PID is the sender's */
		if (read_number(value, UINT32_MAX, &number))
			entry->pid = (uint32_t)number;
	} else if (value_of(line, length, "__REALTIME_TIMESTAMP", &value)) {
		entry->has_time = read_number(value, INT64_C(253402300799000000), &number); /* the year 9999 */
		entry->seconds = entry->has_time ? number / 1000000 : 0;
	}
}

enum logentry_step logentry_feed(struct logentry *entry, const char *line, size_t length)
{
	if (length == 0)
		return LOGENTRY_READY;
	if (!memchr(line, '=', length))
		return LOGENTRY_DATA;
	take(entry, line, length);
	return LOGENTRY_FIELD;
}

uint64_t logentry_length(const unsigned char length[LOGENTRY_LENGTH])
{
	uint64_t value = 0;

	for (int i = LOGENTRY_LENGTH; i-- > 0;)
		value = value << 8 | length[i];
	return value;
}

void logentry_line(const struct logentry *entry, struct logline *out)
{
	*out = (struct logline){.kind = LOGLINE_HEADLESS, .times = 1};
	if (!entry->has_time)
		return;
	if (entry->has_tag && entry->has_message)
		loghead_message(entry->tag, strlen(entry->tag), entry->message, entry->message_length, out);
	else
		out->kind = LOGLINE_FOREIGN;
	out->pid = out->pid ? out->pid : entry->pid;
	out->host = (struct logspan){entry->host, strlen(entry->host)};
	out->stamp = logstamp_of(entry->seconds);
}

void logentry_clear(struct logentry *entry)
{
	entry->message_length = 0;
	entry->tag[0] = entry->host[0] = '\0';
	entry->pid = 0;
	entry->seconds = 0;
	entry->has_message = entry->has_tag = entry->has_time = false;
}
