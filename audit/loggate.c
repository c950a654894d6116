#include "loggate.h"

#include "logtail.h"

#include "text/logfmt.h"

#include <stddef.h>
#include <string.h>

/* What is kept of a line, and where; the rest is read and let go. A name stands once, or the line is nobody's. */
static const struct {
	const char *name;
	size_t place;
} kept[] = {
	{"verdict", offsetof(struct logline, verdict)}, {"user", offsetof(struct logline, user)},
	{"key", offsetof(struct logline, key)},         {"cert", offsetof(struct logline, cert)},
	{"ca", offsetof(struct logline, ca)},           {"profile", offsetof(struct logline, profile)},
	{"rule", offsetof(struct logline, rule)},       {"request", offsetof(struct logline, request)},
	{"reason", offsetof(struct logline, text)},
};

static bool keep(const struct logfmt_field *field, struct logspan value, struct logline *out)
{
	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
		struct logspan *to = (struct logspan *)((char *)out + kept[i].place);

		if (strlen(kept[i].name) != field->name_length ||
			memcmp(kept[i].name, field->name, field->name_length) != 0)
			continue;
		if (to->at)
			return false;
		*to = value;
	}
	return true;
}

static bool is_name(const struct logfmt_field *field, const char *name)
{
	return field->name_length == strlen(name) && memcmp(field->name, name, field->name_length) == 0;
}

static bool read_port(const struct logfmt_field *field, uint16_t *port)
{
	unsigned value = 0;

	for (size_t i = 0; i < field->length; i++) {
		if (field->value[i] < '0' || field->value[i] > '9' || i == 5)
			return false;
		value = value * 10 + (unsigned)(field->value[i] - '0');
	}
	*port = (uint16_t)value;
	return value <= UINT16_MAX;
}

/* Of a line, what was said once already. */
struct said {
	bool from, port;
};

/*
 * Where the client is, said once and before anything that it sent. "local": without sshd. "UNKNOWN": an sshd whose
 * client has no address, on AF_VSOCK say. Port 0 is no client's: doctor tries sessions so.
 */
static bool keep_place(const struct logfmt_field *field, struct said *said, struct logline *out)
{
	if (is_name(field, "port")) {
		bool again = said->port;

		said->port = true;
		return !again && read_port(field, &out->port);
	}
	if (!is_name(field, "from"))
		return true;
	if (said->from || out->request.at)
		return false;
	said->from = true;
	out->has_address = logaddr_read(field->value, field->length, &out->address);
	return out->has_address || strcmp(field->value, "local") == 0 || strcmp(field->value, "UNKNOWN") == 0;
}

void loggate_read(struct logspan message, struct logline *out)
{
	const char *at = message.at, *end = message.at + message.length;
	struct logfmt_field field;
	struct said said = {false, false};

	out->message = message;
	out->kind = LOGLINE_MANGLED;
	while (at < end) {
		if (!logfmt_next(&at, end, &field))
			goto mangled;
		/* the value as it stands in the line, without its quotes: what logfmt_next() accepts is safe to show */
		const char *text = field.name + field.name_length + 1, *behind = at < end ? at - 1 : end;
		bool quoted = *text == '"';

		if (!keep_place(&field, &said, out) ||
			!keep(&field, (struct logspan){text + quoted, (size_t)(behind - text) - 2 * quoted}, out))
			goto mangled;
	}
	if (said.from && out->user.at && out->verdict.at == message.at + strlen("verdict=")) {
		out->kind = LOGLINE_GATE;
		return;
	}
mangled: /* of a line that the gate did not write nothing is believed */
	out->has_address = false;
	out->port = 0;
}
