#include "logfmt.h"

#include "escape.h"

#include <string.h>

enum { LONGEST_BYTE = 4, DOTS = 3 };

static int hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* The byte behind a backslash at *at, which is moved past it; -1 if nothing is spelled so. */
static int unescape(const char **at, const char *end)
{
	static const char from[] = "\"\\nrt", to[] = "\"\\\n\r\t";
	const char *known = *at < end && **at ? strchr(from, **at) : NULL;

	if (known) {
		++*at;
		return to[known - from];
	}
	if (end - *at < 3 || **at != 'x' || hex_digit((*at)[1]) < 0 || hex_digit((*at)[2]) < 0)
		return -1;
	int byte = hex_digit((*at)[1]) * 16 + hex_digit((*at)[2]);
	*at += 3;
	return byte;
}

static bool put(struct logfmt_field *field, int byte)
{
	if (byte < 0 || field->length == LOGFMT_VALUE_MAX)
		return false;
	field->value[field->length++] = (char)byte;
	return true;
}

static bool is_printable(char c)
{
	return c >= 0x20 && c < 0x7f;
}

static bool read_quoted(const char **at, const char *end, struct logfmt_field *field)
{
	while (*at < end && **at != '"') {
		char c = *(*at)++;

		if (!is_printable(c) || !put(field, c == '\\' ? unescape(at, end) : c))
			return false;
	}
	if (*at == end)
		return false;
	++*at;
	return true;
}

static bool read_bare(const char **at, const char *end, struct logfmt_field *field)
{
	while (*at < end && **at != ' ')
		if (!put(field, (unsigned char)*(*at)++))
			return false;
	return field->length > 0;
}

static bool ends_in_dots(const struct logfmt_field *field)
{
	return field->length >= DOTS && memcmp(field->value + field->length - DOTS, "...", DOTS) == 0;
}

/* Whether the gate, given this value, would have written exactly these bytes. */
static bool is_canonical(const struct logfmt_field *field, const char *text, size_t length)
{
	char again[LONGEST_BYTE * LOGFMT_VALUE_MAX + 16];
	size_t n = escape_logfmt(field->value, field->length, again, sizeof again);

	if (n == length && memcmp(again, text, n) == 0)
		return true;
	/* In quotes that nothing in it needs: only what was cut, and leaves no room for another byte. */
	return length + LONGEST_BYTE >= LOGFMT_ROOM && n + 2 == length && memcmp(again, text + 1, n) == 0 &&
	       ends_in_dots(field);
}

bool logfmt_next(const char **at, const char *end, struct logfmt_field *field)
{
	*field = (struct logfmt_field){.name = *at};
	while (*at < end && **at >= 'a' && **at <= 'z')
		++*at;
	field->name_length = (size_t)(*at - field->name);
	if (field->name_length < 1 || field->name_length > LOGFMT_NAME_MAX || *at == end || **at != '=')
		return false;
	const char *text = ++*at;
	bool quoted = *at < end && **at == '"';

	if (quoted)
		++*at;
	if (!(quoted ? read_quoted(at, end, field) : read_bare(at, end, field)))
		return false;
	size_t length = (size_t)(*at - text);
	if (!is_canonical(field, text, length) || length >= LOGFMT_ROOM)
		return false;
	field->cut = quoted && length + LONGEST_BYTE + DOTS >= LOGFMT_ROOM && ends_in_dots(field);
	if (*at == end)
		return true;
	return *(*at)++ == ' ' && *at < end;
}
