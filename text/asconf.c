#include "asconf.h"

#include <stdbool.h>
#include <string.h>

struct reader {
	const char *begin, *at, *end;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

static void skip_blanks(struct reader *r)
{
	while (r->at < r->end && is_blank(*r->at))
		r->at++;
}

static void trim_end(struct reader *r)
{
	while (r->end > r->at && (is_blank(r->end[-1]) || r->end[-1] == '\r'))
		r->end--;
}

static bool take_word(struct reader *r, const char *word)
{
	size_t length = strlen(word);

	if ((size_t)(r->end - r->at) <= length || memcmp(r->at, word, length) != 0 || !is_blank(r->at[length]))
		return false;
	r->at += length;
	skip_blanks(r);
	return true;
}

/* The command line around the string, and the quotes that a shell would have taken away. */
static const char *unwrap(struct reader *r)
{
	if (take_word(r, "asconfigurator") && !take_word(r, "-x") && !take_word(r, "-F"))
		return "asconfigurator is called with -x or -F and a string";
	if (r->at == r->end || (*r->at != '"' && *r->at != '\''))
		return NULL;
	if (r->end - r->at < 2 || r->end[-1] != *r->at)
		return "a quote that is not closed, or text behind it";
	r->at++;
	r->end--;
	skip_blanks(r);
	trim_end(r);
	return NULL;
}

static struct asconf_text take_name(struct reader *r)
{
	struct asconf_text name = {.at = r->at};

	while (r->at < r->end && is_name(*r->at))
		r->at++;
	name.length = (size_t)(r->at - name.at);
	skip_blanks(r);
	return name;
}

static const char *take_value(struct reader *r, struct asconf_text *value)
{
	skip_blanks(r);
	value->at = r->at;
	for (; r->at < r->end && *r->at != ';'; r->at++) {
		if (*r->at == '"' || *r->at == '\'')
			return "a quote inside a value";
		if (*r->at < ' ' || *r->at > '~')
			return "a control byte, or one that is not ASCII";
	}
	value->length = (size_t)(r->at - value->at);
	while (value->length > 0 && is_blank(value->at[value->length - 1]))
		value->length--;
	return NULL;
}

/* At a ';'. */
static const char *take_pair(struct reader *r, struct asconf *out)
{
	struct asconf_pair *pair = &out->pair[out->count];

	if (out->count == ASCONF_PAIRS_MAX)
		return "more than 64 parameters";
	r->at++;
	skip_blanks(r);
	pair->name = take_name(r);
	if (pair->name.length == 0)
		return "a parameter without a name: a-z, 0-9 and _";
	if (r->at == r->end || *r->at != ',')
		return "a parameter without a comma and a value";
	r->at++;
	const char *reason = take_value(r, &pair->value);
	out->count += !reason;
	return reason;
}

static const char *take_string(struct reader *r, struct asconf *out)
{
	out->command = take_name(r);
	if (out->command.length == 0)
		return "no command: set_user_data;user_name,NAME;…";
	while (r->at < r->end) {
		if (*r->at != ';')
			return "a command is followed by ;";
		const char *reason = take_pair(r, out);
		if (reason)
			return reason;
	}
	return NULL;
}

const char *asconf_read(const char *line, size_t length, struct asconf *out, size_t *offset)
{
	struct reader r = {line, line, line + length};

	out->command = (struct asconf_text){line, 0};
	out->count = 0;
	*offset = 0;
	if (length > ASCONF_LINE_MAX)
		return "a line longer than 8192 bytes";
	skip_blanks(&r);
	trim_end(&r);
	if (r.at == r.end || *r.at == '#')
		return NULL;
	const char *reason = unwrap(&r);
	if (!reason)
		reason = take_string(&r, out);
	*offset = reason ? (size_t)(r.at - line) : 0;
	return reason;
}
