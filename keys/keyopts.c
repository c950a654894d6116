#include "keyopts.h"

#include <ctype.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

enum {
	VALUE_MAX = 1024,          /* of a value that is looked into: times, ports, names */
	HOST_MAX = 1025,           /* NI_MAXHOST */
	TUNNEL_MAX = 0x7fffffff - 2,
	ENVIRONMENTS_MAX = 1024,
};

struct reader {
	const char *at, *end;
	struct keyopts *options;
	const char *reason;
};

/* ---- flags ---- */

static void set_restrict(struct keyopts *o, bool on)
{
	o->restricted = on;
	o->permits = 0;
}

static void set_authority(struct keyopts *o, bool on)
{
	o->cert_authority = on;
}

static void set_touch(struct keyopts *o, bool on)
{
	o->no_touch = !on;
}

static void set_verify(struct keyopts *o, bool on)
{
	o->verify = on;
}

static const struct {
	const char *name;
	bool negatable;
	unsigned permit;                       /* 0: set */
	void (*set)(struct keyopts *, bool on);
} flags[] = {
	{"restrict", false, 0, set_restrict},
	{"cert-authority", false, 0, set_authority},
	{"port-forwarding", true, PERMIT_PORT, NULL},
	{"agent-forwarding", true, PERMIT_AGENT, NULL},
	{"x11-forwarding", true, PERMIT_X11, NULL},
	{"touch-required", true, 0, set_touch},
	{"verify-required", true, 0, set_verify},
	{"pty", true, PERMIT_PTY, NULL},
	{"user-rc", true, PERMIT_RC, NULL},
};

static bool begins(const struct reader *r, const char *word)
{
	size_t length = strlen(word);

	return (size_t)(r->end - r->at) >= length && strncasecmp(r->at, word, length) == 0;
}

/* As sshd: the name need not end there; what follows is looked at by the caller. */
static bool read_flag(struct reader *r)
{
	bool negated = begins(r, "no-");

	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
		const char *start = r->at;

		if (negated && flags[i].negatable)
			r->at += 3;
		if (!begins(r, flags[i].name)) {
			r->at = start;
			continue;
		}
		bool on = r->at == start;
		r->at += strlen(flags[i].name);
		if (flags[i].set)
			flags[i].set(r->options, on);
		else if (on)
			r->options->permits |= flags[i].permit;
		else
			r->options->permits &= ~flags[i].permit;
		return true;
	}
	return false;
}

/* ---- values ---- */

static bool refuse(struct reader *r, const char *reason)
{
	r->reason = reason;
	return false;
}

static bool read_quoted(struct reader *r, struct quoted *value)
{
	const char *at = r->at;

	if (at == r->end || *at != '"')
		return refuse(r, "a value without an opening quote");
	value->at = ++at;
	while (at < r->end && *at != '"')
		at += *at == '\\' && at + 1 < r->end && at[1] == '"' ? 2 : 1;
	if (at >= r->end)
		return refuse(r, "a value without a closing quote");
	value->length = (size_t)(at - value->at);
	r->at = at + 1;
	return true;
}

bool keyopts_unquote(struct quoted value, char *out, size_t size)
{
	const char *at = value.at, *end = value.at + value.length;

	while (at < end) {
		at += *at == '\\' && at + 1 < end && at[1] == '"';
		if (size-- <= 1)
			return false;
		*out++ = *at++;
	}
	*out = '\0';
	return size > 0;
}

static bool read_once(struct reader *r, struct quoted *value, const char *twice)
{
	return value->at ? refuse(r, twice) : read_quoted(r, value);
}

static bool read_command(struct reader *r)
{
	return read_once(r, &r->options->command, "command= twice: sshd refuses the key");
}

static bool read_principals(struct reader *r)
{
	return read_once(r, &r->options->principals, "principals= twice: sshd refuses the key");
}

static bool read_from(struct reader *r)
{
	return read_once(r, &r->options->from, "from= twice: sshd refuses the key");
}

/* Like sshd through strptime(3), with what that lets pass. */
bool keyopts_time(const char *text, int64_t *seconds)
{
	static const struct {
		size_t digits, separators;
		const char *format;
	} forms[] = {
		{8, 2, "%Y-%m-%d"},
		{12, 4, "%Y-%m-%dT%H:%M"},
		{14, 5, "%Y-%m-%dT%H:%M:%S"},
	};
	size_t length = strlen(text);
	bool utc = true;
	char split[32];

	if (length > 1 && strcasecmp(text + length - 1, "Z") == 0)
		length -= 1;
	else if (length > 3 && strcasecmp(text + length - 3, "UTC") == 0)
		length -= 3;
	else
		utc = false;
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		struct tm tm = {0};

		if (length != forms[i].digits)
			continue;
		snprintf(split, sizeof split, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2s", text, text + 4, text + 6,
			 length > 8 ? text + 8 : "", length > 8 ? text + 10 : "", length > 12 ? text + 12 : "");
		split[length + forms[i].separators] = '\0';
		const char *end = strptime(split, forms[i].format, &tm);
		if (!end || *end)
			return false;
		*seconds = utc ? timegm(&tm) : mktime(&tm);
		return *seconds > 0;
	}
	return false;
}

static bool read_expiry(struct reader *r)
{
	struct quoted value;
	char text[VALUE_MAX];
	int64_t seconds;

	if (!read_quoted(r, &value))
		return false;
	if (!keyopts_unquote(value, text, sizeof text) || !keyopts_time(text, &seconds))
		return refuse(r, "an expiry-time that is none (YYYYMMDD[HHMM[SS]][Z])");
	if (r->options->expires == 0 || seconds < r->options->expires) {
		r->options->expires = seconds;
		r->options->expiry = value;
	}
	return true;
}

static bool read_environment(struct reader *r)
{
	struct quoted value;
	size_t name = 0;

	if (!read_quoted(r, &value))
		return false;
	while (name < value.length && (isalnum((unsigned char)value.at[name]) || value.at[name] == '_'))
		name++;
	if (name == 0 || name == value.length || value.at[name] != '=')
		return refuse(r, "an environment= that is not NAME=value");
	if (r->options->environments++ == ENVIRONMENTS_MAX)
		return refuse(r, "more than 1024 environment=");
	if (!r->options->environment.at)
		r->options->environment = value;
	return true;
}

/* A number from 1 to 65535, "*", or the name of a service. */
static bool is_port(const char *text)
{
	char *end;
	long port = strtol(text, &end, 10);

	if (strcmp(text, "*") == 0)
		return true;
	if (end != text && !*end)
		return port > 0 && port <= 65535;
	return *text && getservbyname(text, "tcp");
}

/* "host:port", "host/port", "[address]:port"; a bare port where that is allowed. */
static bool is_permit(char *text, bool bare)
{
	char *at = text;

	if (bare && !strchr(text, ':'))
		return is_port(text);
	if (*at == '[') {
		at = strchr(at, ']');
		if (!at)
			return false;
		at++;
	} else {
		at += strcspn(at, ":/");
	}
	if ((*at != ':' && *at != '/') || at - text >= HOST_MAX)
		return false;
	return is_port(at + 1);
}

static bool read_permit(struct reader *r, bool bare, unsigned *count)
{
	struct quoted value;
	char text[2 * VALUE_MAX];

	if (!read_quoted(r, &value))
		return false;
	if (!keyopts_unquote(value, text, sizeof text) || !is_permit(text, bare))
		return refuse(r, "a permitopen= or permitlisten= that is not host:port");
	++*count;
	return true;
}

static bool read_permitopen(struct reader *r)
{
	return read_permit(r, false, &r->options->permitopens);
}

static bool read_permitlisten(struct reader *r)
{
	return read_permit(r, true, &r->options->permitlistens);
}

static bool read_tunnel(struct reader *r)
{
	struct quoted value;
	char text[VALUE_MAX], *end;

	if (!read_quoted(r, &value))
		return false;
	if (!keyopts_unquote(value, text, sizeof text))
		return refuse(r, "a tunnel= that is no device");
	long long number = strtoll(text, &end, 10);
	if (strcasecmp(text, "any") != 0 && (end == text || *end || number < 0 || number > TUNNEL_MAX))
		return refuse(r, "a tunnel= that is no device");
	r->options->tunnel = true;
	return true;
}

static const struct {
	const char *name;
	bool (*read)(struct reader *);
} values[] = {
	{"command=", read_command},         {"principals=", read_principals},
	{"from=", read_from},               {"expiry-time=", read_expiry},
	{"environment=", read_environment}, {"permitopen=", read_permitopen},
	{"permitlisten=", read_permitlisten}, {"tunnel=", read_tunnel},
};

static bool read_value(struct reader *r)
{
	for (size_t i = 0; i < sizeof values / sizeof *values; i++)
		if (begins(r, values[i].name)) {
			r->at += strlen(values[i].name);
			return values[i].read(r);
		}
	return true; /* none of ours: the caller sees that nothing was read */
}

/* ---- the list ---- */

static bool at_end(const struct reader *r)
{
	return r->at == r->end || *r->at == ' ' || *r->at == '\t';
}

bool keyopts_read(const char *text, size_t length, struct keyopts *options, size_t *used,
		  struct keyopts_fault *fault)
{
	struct reader r = {.at = text, .end = text + length, .options = options};
	const char *option = text;

	*options = (struct keyopts){.permits = PERMIT_ALL};
	while (!at_end(&r)) {
		option = r.at;
		if (!read_flag(&r) && !read_value(&r))
			break;
		if (at_end(&r))
			break;
		if (*r.at != ',') {
			r.reason = "an option that sshd does not know";
			break;
		}
		if (++r.at == r.end)
			r.reason = "a comma at the end, and no key behind it";
	}
	*used = (size_t)(r.at - text);
	if (r.reason)
		*fault = (struct keyopts_fault){r.reason, (size_t)(option - text)};
	return !r.reason;
}

bool keyopts_skip(const char *text, size_t length, size_t *used)
{
	bool quoted = false;
	size_t i = 0;

	for (; i < length && (quoted || (text[i] != ' ' && text[i] != '\t')); i++) {
		if (text[i] == '\\' && i + 1 < length && text[i + 1] == '"')
			i++;
		else if (text[i] == '"')
			quoted = !quoted;
	}
	*used = i;
	return i < length || !quoted;
}
