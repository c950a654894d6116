#include "logsaid.h"

#include "logtail.h"

#include <string.h>

enum { PID_MOST = 1 << 30 };

static struct logspan word(struct logspan *rest)
{
	const char *blank = rest->length ? memchr(rest->at, ' ', rest->length) : NULL;
	struct logspan first = {rest->at, blank ? (size_t)(blank - rest->at) : rest->length};

	rest->at += first.length + (blank != NULL);
	rest->length -= first.length + (blank != NULL);
	return first;
}

bool logsaid_text(struct logspan rest, struct logline *out)
{
	out->text = rest;
	return true;
}

/*
 * "TYPE SHA256:…", for certificates with " ID … (serial N) CA TYPE SHA256:…" behind: the ID is free text of who
 * signed it, so the signer is read from the end. Before 6.8 the fingerprint was MD5 in hex; before 6.3 there was
 * none.
 */
static void read_key(struct logspan rest, struct logline *out)
{
	word(&rest);
	out->key = word(&rest);
	if (!logtail_skip(&rest, "ID ")) /* or what hostbased adds: ", client user …" */ {
		const char *comma = out->key.length ? memchr(out->key.at, ',', out->key.length) : NULL;

		if (comma)
			out->key.length = (size_t)(comma - out->key.at);
		return;
	}
	out->cert = rest;
	for (size_t i = rest.length; i-- > 0;) {
		struct logspan tail = {rest.at + i, rest.length - i};
		const char *ca;

		if (!logtail_skip(&tail, " (serial ") || !(ca = logtail_find(tail, ") CA ")))
			continue;
		out->cert.length = i;
		tail.length -= (size_t)(ca - tail.at) + strlen(") CA ");
		tail.at = ca + strlen(") CA ");
		word(&tail);
		out->ca = word(&tail);
		return;
	}
}

/* METHOD " for " [ "invalid user " ] user " from " address " port " N " ssh2" [ ": " key ] */
bool logsaid_outcome(struct logspan rest, struct logline *out)
{
	struct logspan behind;

	out->method = word(&rest);
	if (!logtail_skip(&rest, "for "))
		return false;
	out->invalid = logtail_skip(&rest, "invalid user ") || logtail_skip(&rest, "illegal user ");
	if (out->invalid) {
		/* whatever such a name holds, nothing stands behind sshd's own tail */
		return logtail_cut(&rest, " ssh2") && logtail_from_end(rest, out);
	}
	if (!logtail_from_first(rest, " ssh2", &behind, out))
		return logtail_cut(&rest, " ssh2") && logtail_from_end(rest, out);
	if (logtail_skip(&behind, ": "))
		read_key(behind, out);
	return true;
}

bool logsaid_invalid(struct logspan rest, struct logline *out)
{
	const char *from;

	out->invalid = true;
	if (logtail_from_end(rest, out))
		return true;
	/* Before 7.5 there was no port: the last " from " is sshd's, and an address has no blanks. */
	for (size_t i = rest.length; i-- > 0;) {
		struct logspan tail = {rest.at + i, rest.length - i};

		if (!logtail_skip(&tail, " from "))
			continue;
		from = tail.at;
		out->has_address = logaddr_read(from, tail.length, &out->address);
		out->user = (struct logspan){rest.at, i};
		return out->has_address;
	}
	return false;
}

bool logsaid_too_many(struct logspan rest, struct logline *out)
{
	out->invalid = logtail_skip(&rest, "invalid user ");
	return logtail_cut(&rest, " ssh2") && logtail_from_end(rest, out);
}

bool logsaid_who(struct logspan rest, struct logline *out)
{
	logtail_cut(&rest, " timed out");
	return logtail_who_end(rest, out);
}

bool logsaid_who_text(struct logspan rest, struct logline *out)
{
	return logtail_who_colon(rest, &out->text, out);
}

bool logsaid_connect(struct logspan rest, struct logline *out)
{
	struct logspan copy = rest;

	if (logtail_address_first(&rest, out) && (rest.length == 0 || *rest.at == ' '))
		return true;
	/* "Connection from user u ADDRESS port N: why" and "… timed out": how it ended */
	*out = (struct logline){.kind = LOGLINE_CLOSED,
				.pid = out->pid,
				.times = out->times,
				.preauth = out->preauth,
				.host = out->host,
				.tag = out->tag,
				.stamp = out->stamp,
				.message = out->message};
	if (logtail_cut(&copy, " timed out"))
		return logtail_who_end(copy, out);
	return logtail_who_colon(copy, &out->text, out);
}

/* A number at the front; moves behind it. False: none. */
static bool read_digits(struct logspan *rest, uint64_t *number)
{
	const char *from = rest->at, *end = from + rest->length, *at = from;

	for (*number = 0; at < end && *at >= '0' && *at <= '9' && *number < UINT64_MAX / 100; at++)
		*number = *number * 10 + (uint64_t)(*at - '0');
	*rest = (struct logspan){at, (size_t)(end - at)};
	return at > from;
}

static bool read_pid(struct logspan rest, uint32_t *pid)
{
	uint64_t number;

	if (!read_digits(&rest, &number) || number == 0 || number > PID_MOST)
		return false;
	*pid = (uint32_t)number;
	return true;
}

/* "192.0.2.1 port 22", or since 9.8 "connection from A to B, pid = N", which the listener says. */
bool logsaid_timeout(struct logspan rest, struct logline *out)
{
	if (!logtail_skip(&rest, "connection from "))
		return logtail_address_first(&rest, out);
	struct logspan address = word(&rest);

	word(&rest);
	word(&rest);
	out->has_address = logaddr_read(address.at, address.length, &out->address);
	return out->has_address && logtail_skip(&rest, "pid = ") && read_pid(rest, &out->pid);
}

/* "192.0.2.1 port 22: no matching … found. Their offer: …", the client's */
bool logsaid_probe(struct logspan rest, struct logline *out)
{
	return logtail_address_first(&rest, out) && logtail_skip(&rest, ": ") && logsaid_text(rest, out);
}

/* "192.0.2.1 port 22", before 7.5 without the port */
bool logsaid_probe_bare(struct logspan rest, struct logline *out)
{
	if (logtail_address_first(&rest, out))
		return true;
	struct logspan address = word(&rest);

	out->has_address = logaddr_read(address.at, address.length, &out->address);
	return out->has_address;
}

/* "'…' from 192.0.2.1 port 22": what a client sent in place of a version */
bool logsaid_bad_version(struct logspan rest, struct logline *out)
{
	bool good = logtail_from_end(rest, out);

	out->text = out->user;
	out->user = (struct logspan){0};
	return good;
}

/* "#10 from [192.0.2.1]:22 on [192.0.2.9]:22 past MaxStartups" */
bool logsaid_dropped(struct logspan rest, struct logline *out)
{
	const char *open = logtail_find(rest, " from ["), *close = open ? logtail_find(rest, "]:") : NULL;
	const char *on = logtail_find(rest, " on ["), *behind;

	if (!close || !on || close < open || on < close)
		return false;
	open += strlen(" from [");
	out->has_address = logaddr_read(open, (size_t)(close - open), &out->address);
	behind = memchr(on + strlen(" on ["), ' ', (size_t)(rest.at + rest.length - on) - strlen(" on ["));
	if (behind)
		out->text = (struct logspan){behind + 1, (size_t)(rest.at + rest.length - behind) - 1};
	return out->has_address;
}

/* "alice not allowed because …", "alice from host not allowed because …": an account that exists */
bool logsaid_not_allowed(struct logspan rest, struct logline *out)
{
	static const char because[] = " not allowed because ";
	const char *at = logtail_find(rest, because), *from;

	if (!at)
		return false;
	out->user = (struct logspan){rest.at, (size_t)(at - rest.at)};
	out->text = (struct logspan){at + strlen(because), rest.length - out->user.length - strlen(because)};
	from = logtail_find(out->user, " from ");
	if (from) {
		const char *host = from + strlen(" from ");

		out->has_address = logaddr_read(host, (size_t)(at - host), &out->address);
		out->user.length = (size_t)(from - rest.at);
	}
	return true;
}

bool logsaid_revoked(struct logspan rest, struct logline *out)
{
	const char *by = logtail_find(rest, " revoked by file ");

	word(&rest);
	out->key = word(&rest);
	return by != NULL;
}

/* The account exists; the address stands in the parenthesis, where a client has no words. */
bool logsaid_wrong_address(struct logspan rest, struct logline *out)
{
	static const char *const forms[][2] = {
		{" with correct key but not from a permitted host (", ", ip="},
		{" with valid certificate but not from a permitted source address (", ""},
	};

	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		const char *with = logtail_find(rest, forms[i][0]);

		if (!with)
			continue;
		out->user = (struct logspan){rest.at, (size_t)(with - rest.at)};
		with += strlen(forms[i][0]);
		struct logspan tail = {with, (size_t)(rest.at + rest.length - with)};
		const char *at = logtail_find(tail, forms[i][1]), *end;

		at = at ? at + strlen(forms[i][1]) : with;
		for (end = at; end < tail.at + tail.length && *end != ',' && *end != ')';)
			end++;
		out->has_address = logaddr_read(at, (size_t)(end - at), &out->address);
		return true;
	}
	return false;
}

/* "TYPE FINGERPRINT found at FILE:LINE" */
bool logsaid_key_found(struct logspan rest, struct logline *out)
{
	word(&rest);
	out->key = word(&rest);
	return logtail_skip(&rest, "found at ") && logsaid_text(rest, out);
}

bool logsaid_child(struct logspan rest, struct logline *out)
{
	return read_pid(rest, &out->child);
}

/*
 * KIND [ " on " TTY ] " for " USER " from " ADDRESS " port " N [ " id " N ]. A forced command is the administrator's
 * own words, in quotes; the account exists.
 */
bool logsaid_start(struct logspan rest, struct logline *out)
{
	struct logspan kind = rest;
	const char *id = NULL;

	for (size_t i = rest.length; i-- > 0 && !id;)
		id = rest.length - i > 4 && memcmp(rest.at + i, " id ", 4) == 0 ? rest.at + i : NULL;
	rest.length = id ? (size_t)(id - rest.at) : rest.length;
	if (!logtail_from_end(rest, out))
		return false;
	for (size_t i = out->user.length; i-- > 0;)
		if (out->user.length - i > 5 && memcmp(out->user.at + i, " for ", 5) == 0) {
			kind.length = (size_t)(out->user.at + i - kind.at);
			out->user.at += i + 5;
			out->user.length -= i + 5;
			break;
		}
	out->text = kind;
	if (kind.at + kind.length >= out->user.at)
		return false; /* no " for " at all */
	for (size_t i = kind.length; i-- > 0 && !out->terminal.at;)
		if (kind.length - i > 4 && memcmp(kind.at + i, " on ", 4) == 0 && kind.at[i + 4] != '\'')
			out->terminal = (struct logspan){kind.at + i + 4, kind.length - i - 4};
	if (out->terminal.at && memchr(out->terminal.at, '\'', out->terminal.length))
		out->terminal = (struct logspan){0}; /* inside the quotes */
	const char *quote = memchr(kind.at, '\'', kind.length);
	const char *close = quote ? memrchr(kind.at, '\'', kind.length) : NULL;

	if (close > quote)
		out->command = (struct logspan){quote + 1, (size_t)(close - quote) - 1};
	return true;
}

/* "opened for local user USER from [ADDRESS]" */
bool logsaid_sftp_opened(struct logspan rest, struct logline *out)
{
	if (!logtail_cut(&rest, "]"))
		return false;
	for (size_t i = rest.length; i-- > 0;) {
		struct logspan tail = {rest.at + i, rest.length - i};

		if (!logtail_skip(&tail, " from ["))
			continue;
		out->user = (struct logspan){rest.at, i};
		out->has_address = logaddr_read(tail.at, tail.length, &out->address);
		return true;
	}
	return false;
}

/* What stands behind a name's closing quote: a name cannot hold one that is not escaped. */
static bool behind_name(struct logspan rest, struct logspan *behind)
{
	const char *quote = rest.length ? memrchr(rest.at, '"', rest.length) : NULL;

	if (!quote)
		return false;
	*behind = (struct logspan){quote + 1, (size_t)(rest.at + rest.length - quote) - 1};
	return true;
}

/* '"NAME" flags WRITE,CREATE mode 0666' */
bool logsaid_sftp_open(struct logspan rest, struct logline *out)
{
	struct logspan flags;

	if (!behind_name(rest, &flags))
		return false;
	out->file = logtail_find(flags, "WRITE") ? LOGLINE_WRITTEN : LOGLINE_READ;
	return true;
}

/* '"NAME" bytes read N written N': of one that was opened, and counted, before */
bool logsaid_sftp_close(struct logspan rest, struct logline *out)
{
	struct logspan behind;

	if (!behind_name(rest, &behind) || !logtail_skip(&behind, " bytes read "))
		return false;
	uint64_t read, written;

	if (!read_digits(&behind, &read) || !logtail_skip(&behind, " written ") ||
		!read_digits(&behind, &written))
		return false;
	out->file = written ? LOGLINE_WRITTEN : LOGLINE_READ;
	out->bytes = read + written;
	out->times = 0;
	return true;
}

bool logsaid_sftp_list(struct logspan rest, struct logline *out)
{
	out->file = LOGLINE_LISTED;
	return rest.length > 0;
}

bool logsaid_sftp_change(struct logspan rest, struct logline *out)
{
	out->file = LOGLINE_CHANGED;
	return rest.length > 0;
}
