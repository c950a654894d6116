#include "logtail.h"

#include <string.h>

static const char PORT[] = " port ";

bool logtail_skip(struct logspan *span, const char *prefix)
{
	size_t n = strlen(prefix);

	if (span->length < n || memcmp(span->at, prefix, n) != 0)
		return false;
	span->at += n;
	span->length -= n;
	return true;
}

bool logtail_cut(struct logspan *span, const char *suffix)
{
	size_t n = strlen(suffix);

	if (span->length < n || memcmp(span->at + span->length - n, suffix, n) != 0)
		return false;
	span->length -= n;
	return true;
}

const char *logtail_find(struct logspan span, const char *text)
{
	return span.length ? memmem(span.at, span.length, text, strlen(text)) : NULL;
}

/* Cuts " port N" from the end. */
static bool cut_port(struct logspan *span, uint16_t *port)
{
	const char *at = span->at + span->length;
	unsigned value = 0, scale = 1, digits = 0;

	for (; at > span->at && at[-1] >= '0' && at[-1] <= '9' && digits < 5; digits++, scale *= 10)
		value += (unsigned)(*--at - '0') * scale;
	if (digits == 0 || value > 65535)
		return false;
	struct logspan before = {span->at, (size_t)(at - span->at)};

	if (!logtail_cut(&before, PORT))
		return false;
	*span = before;
	*port = (uint16_t)value;
	return true;
}

/* Cuts the last word, as an address; a word that is none leaves the line without. */
static void cut_address(struct logspan *span, struct logline *out)
{
	size_t from = span->length;

	while (from > 0 && span->at[from - 1] != ' ')
		from--;
	out->has_address = logaddr_read(span->at + from, span->length - from, &out->address);
	span->length = from;
}

bool logtail_from_end(struct logspan rest, struct logline *out)
{
	if (!cut_port(&rest, &out->port))
		return false;
	if (!logtail_cut(&rest, " from")) { /* no address at all: one log in the wild has lost them */
		cut_address(&rest, out);
		if (!logtail_cut(&rest, " from "))
			return false;
	}
	out->user = rest;
	return true;
}

/* Reads "ADDRESS port N" at the front of rest, and moves on. */
bool logtail_address_first(struct logspan *rest, struct logline *out)
{
	const char *blank = rest->length ? memchr(rest->at, ' ', rest->length) : NULL;
	struct logspan at = *rest;
	unsigned value = 0, digits = 0;

	if (!blank)
		return false;
	size_t n = (size_t)(blank - at.at);
	bool numeric = logaddr_read(at.at, n, &out->address);
	at.at += n;
	at.length -= n;
	if ((!numeric && n != strlen("UNKNOWN")) || !logtail_skip(&at, PORT))
		return false;
	for (; at.length && *at.at >= '0' && *at.at <= '9' && digits < 5; digits++, at.at++, at.length--)
		value = value * 10 + (unsigned)(*at.at - '0');
	if (digits == 0 || value > 65535)
		return false;
	out->has_address = numeric;
	out->port = (uint16_t)value;
	*rest = at;
	return true;
}

bool logtail_from_first(struct logspan rest, const char *mark, struct logspan *behind, struct logline *out)
{
	const char *from;
	struct logspan at = rest;

	while ((from = logtail_find(at, " from "))) {
		at.length -= (size_t)(from - at.at) + strlen(" from ");
		at.at = from + strlen(" from ");
		*behind = at;
		if (logtail_address_first(behind, out) && logtail_skip(behind, mark)) {
			out->user = (struct logspan){rest.at, (size_t)(from - rest.at)};
			return true;
		}
	}
	out->has_address = false;
	return false;
}

/* What stands before an address: nothing, or whose connection it is. */
static bool read_who(struct logspan rest, struct logline *out)
{
	if (rest.length == 0)
		return true;
	out->invalid = logtail_skip(&rest, "invalid user ");
	if (!out->invalid && !logtail_skip(&rest, "authenticating user ") && !logtail_skip(&rest, "user "))
		return false;
	out->user = rest;
	return logtail_cut(&out->user, " ");
}

static bool who_with_port(struct logspan rest, struct logline *out)
{
	if (!cut_port(&rest, &out->port))
		return false;
	cut_address(&rest, out);
	return read_who(rest, out);
}

bool logtail_who_end(struct logspan rest, struct logline *out)
{
	if (who_with_port(rest, out))
		return true;
	/* before 7.5: an address, and nothing else */
	out->has_address = logaddr_read(rest.at, rest.length, &out->address);
	return out->has_address;
}

/* One reading of "who:" that ends at the colon. */
static bool read_until(struct logspan rest, const char *colon, struct logline *out)
{
	out->user = (struct logspan){0};
	rest.length = (size_t)(colon - rest.at);
	return who_with_port(rest, out) && out->has_address;
}

bool logtail_who_colon(struct logspan rest, struct logspan *behind, struct logline *out)
{
	const char *colon, *from = rest.at, *end = rest.at + rest.length;
	struct logline one, found = *out;
	struct logspan tail = {0}; /* behind may lie in *out */
	unsigned readings = 0;

	for (; (colon = memchr(from, ':', (size_t)(end - from))); from = colon + 1) {
		one = *out;
		if (!read_until(rest, colon, &one))
			continue;
		if (readings++)
			continue;
		found = one;
		tail = (struct logspan){colon + 1, (size_t)(end - colon - 1)};
	}
	if (readings == 1)
		*out = found;
	out->ambiguous = readings > 1;
	*behind = readings == 1 ? tail : (struct logspan){0};
	return readings > 0;
}
