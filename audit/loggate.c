#include "loggate.h"

#include "logsshd.h"
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

/* sftp-server cuts what it says here, less its own line's end, and does not say so. */
enum { SFTP_CUTS = 1000 };

/* Of a line, what was said once already; and what a program said, as it stands in the line. */
struct said {
	bool from, port;
	struct logspan program, lost;
	bool cut;
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

static bool keep_said(const struct logfmt_field *field, struct logspan value, struct said *said)
{
	bool is_lost = is_name(field, "lost");
	struct logspan *to = is_lost ? &said->lost : &said->program;

	if (!is_lost && !is_name(field, "said"))
		return true;
	if (to->at)
		return false;
	*to = value;
	said->cut |= field->cut || field->length > SFTP_CUTS;
	return true;
}

/*
 * What an sftp server said of a file. Its names are a client's, and what stands behind the last quote is the server's
 * own only if the end is there. Who speaks is said by the gate: the server's own word on that is not read.
 */
static void read_transfer(const struct said *said, struct logline *out)
{
	struct logline heard = {.times = out->times};

	out->kind = said->lost.at ? LOGLINE_LOST : LOGLINE_QUIET;
	out->text = said->lost;
	if (!said->program.at || said->cut)
		return;
	logsshd_read_sftp(said->program, &heard);
	if (heard.kind != LOGLINE_SFTP_FILE && heard.kind != LOGLINE_SFTP_REFUSED)
		return;
	out->kind = heard.kind;
	out->file = heard.file;
	out->bytes = heard.bytes;
	out->times = heard.times;
	out->text = heard.text;
}

void loggate_read(struct logspan message, struct logline *out)
{
	const char *at = message.at, *end = message.at + message.length;
	struct logfmt_field field;
	struct said said = {0};

	out->message = message;
	out->kind = LOGLINE_MANGLED;
	while (at < end) {
		if (!logfmt_next(&at, end, &field))
			goto mangled;
		/* the value as it stands in the line, without its quotes: what logfmt_next() accepts is safe to show */
		const char *text = field.name + field.name_length + 1, *behind = at < end ? at - 1 : end;
		bool quoted = *text == '"';

		struct logspan value = {text + quoted, (size_t)(behind - text) - 2 * quoted};
		if (!keep_place(&field, &said, out) || !keep_said(&field, value, &said) || !keep(&field, value, out))
			goto mangled;
	}
	if (said.from && out->user.at && out->verdict.at == message.at + strlen("verdict=")) {
		out->kind = LOGLINE_GATE;
		if (logline_is(out->verdict, "transfer"))
			read_transfer(&said, out);
		return;
	}
mangled: /* of a line that the gate did not write nothing is believed */
	out->has_address = false;
	out->port = 0;
	out->verdict = (struct logspan){0};
}
