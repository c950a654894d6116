/*
 * Any line of any log: what it tells lies inside the line. And any name at all, put where sshd puts a client's: the
 * address that is told is the client's own, or none. The same of what an sftp server says to the gate.
 */
#include "fuzz.h"

#include "audit/loghead.h"
#include "text/escape.h"
#include "text/logfmt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_MAX_SENT = 100 };

static void check_span(const char *line, size_t length, struct logspan span, const char *what)
{
	if (span.at && (span.at < line || span.length > length || span.at + span.length > line + length))
		BROKEN("%s lies outside the line", what);
}

static void check_inside(const char *line, size_t length, const struct logline *seen)
{
	check_span(line, length, seen->host, "host");
	check_span(line, length, seen->tag, "tag");
	check_span(line, length, seen->message, "message");
	check_span(line, length, seen->user, "user");
	check_span(line, length, seen->method, "method");
	check_span(line, length, seen->key, "key");
	check_span(line, length, seen->cert, "cert");
	check_span(line, length, seen->ca, "ca");
	check_span(line, length, seen->text, "text");
	check_span(line, length, seen->command, "command");
	check_span(line, length, seen->terminal, "terminal");
	check_span(line, length, seen->verdict, "verdict");
	check_span(line, length, seen->profile, "profile");
	check_span(line, length, seen->rule, "rule");
	check_span(line, length, seen->request, "request");
	if (seen->kind >= LOGLINE_KINDS || (seen->times < 1 && seen->kind != LOGLINE_SFTP_FILE) || seen->times > LOGLINE_TIMES_MAX)
		BROKEN("not bounded");
	if (seen->ambiguous && (seen->has_address || seen->user.at))
		BROKEN("two readings, and one of them believed");
}

static const struct {
	const char *before, *behind;
} forms[] = {
	{"Invalid user ", " from 203.0.113.9 port 4242"},
	{"Failed password for invalid user ", " from 203.0.113.9 port 4242 ssh2"},
	{"error: maximum authentication attempts exceeded for invalid user ", " from 203.0.113.9 port 4242 ssh2 [preauth]"},
	{"Connection closed by invalid user ", " 203.0.113.9 port 4242 [preauth]"},
	{"Connection from invalid user ", " 203.0.113.9 port 4242 timed out [preauth]"},
	{"Disconnecting invalid user ", " 203.0.113.9 port 4242: Too many authentication failures [preauth]"},
	{"Bad protocol version identification '", "' from 203.0.113.9 port 4242"},
	{"Received disconnect from 203.0.113.9 port 4242:11: ", ""},
	{"Unable to negotiate with 203.0.113.9 port 4242: no matching MAC found. Their offer: ", " [preauth]"},
	{"userauth_pubkey: unsupported public key algorithm: ", " [preauth]"},
	{"error: PAM: Authentication failure for illegal user ", " from host.example"},
};

/* sshd's log shows control bytes as escapes (vis(3)), and so no byte of a name ends the line. */
static size_t as_logged(const uint8_t *data, size_t size, char *out)
{
	size_t n = 0;

	for (size_t i = 0; i < size && n < NAME_MAX_SENT; i++)
		if (data[i] >= 0x20 && data[i] != 0x7f)
			out[n++] = (char)data[i];
	out[n] = '\0';
	return n;
}

static void check_name(const char *name)
{
	static const char head[] = "Nov 21 11:21:00 host sshd[123]: ";
	static const struct logaddr own = {{[10] = 0xff, [11] = 0xff, [12] = 203, [14] = 113, [15] = 9}};
	char line[512];
	struct logline seen;

	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		int n = snprintf(line, sizeof line, "%s%s%s%s", head, forms[i].before, name, forms[i].behind);

		loghead_read(line, (size_t)n, &seen);
		check_inside(line, (size_t)n, &seen);
		if (seen.kind == LOGLINE_ACCEPTED || seen.kind == LOGLINE_START || seen.kind == LOGLINE_GATE)
			BROKEN("a name became a login: %s", line);
		if (seen.has_address && memcmp(&seen.address, &own, sizeof own) != 0)
			BROKEN("somebody else is blamed: %s", line);
		if (i < 6 && !seen.ambiguous && (seen.user.length != strlen(name) || memcmp(seen.user.at, name, seen.user.length) != 0))
			BROKEN("another name: %s", line);
	}
}

/*
 * What a program said, as the gate writes it down: whatever it was, the line is the account's, and nobody else is in it. Of
 * a file that a client named so, it tells what the server put behind the name, or nothing.
 */
static void check_said(const char *said, size_t length, bool closed)
{
	static const char head[] = "Nov 21 11:21:00 host sallyport-shell[123]: verdict=transfer id=040a0584 user=alice uid=5 "
				   "from=203.0.113.9 port=4242 said=";
	char line[sizeof head + LOGFMT_ROOM + sizeof " cut=said"];
	struct logline seen;
	size_t n = sizeof head - 1;

	memcpy(line, head, n);
	n += escape_logfmt(said, length, line + n, LOGFMT_ROOM);
	if (escape_logfmt_cuts(said, length, LOGFMT_ROOM))
		n += (size_t)sprintf(line + n, " cut=said");
	loghead_read(line, n, &seen);
	check_inside(line, n, &seen);
	if (seen.kind != LOGLINE_QUIET && seen.kind != LOGLINE_SFTP_FILE && seen.kind != LOGLINE_SFTP_REFUSED)
		BROKEN("what was said became kind %d", seen.kind);
	if (!logline_is(seen.user, "alice") || !seen.has_address || seen.port != 4242)
		BROKEN("what was said is another's");
	if (closed && seen.kind == LOGLINE_SFTP_FILE && (seen.bytes != 7 || seen.file != LOGLINE_WRITTEN))
		BROKEN("a name told what was written: %llu", (unsigned long long)seen.bytes);
	if (closed && seen.kind == LOGLINE_SFTP_REFUSED)
		BROKEN("a name became a status");
}

static void check_transfer(const uint8_t *data, size_t size)
{
	char said[1536];
	size_t n = size < 1024 ? size : 1024;

	if (n == 0)
		return;
	check_said((const char *)data, n, false);
	/* sftp-server cuts it at 1021 */
	size_t used = (size_t)sprintf(said, "close \"");
	memcpy(said + used, data, n);
	used += n;
	used += (size_t)sprintf(said + used, "\" bytes read 0 written 7");
	check_said(said, used < 1021 ? used : 1021, true);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *line = malloc(size + 1), name[NAME_MAX_SENT + 1];
	struct logline seen;

	if (!line)
		return 0;
	memcpy(line, data, size);
	loghead_read(line, size, &seen);
	check_inside(line, size, &seen);
	free(line);
	check_transfer(data, size);
	as_logged(data, size, name);
	check_name(name);
	return 0;
}
