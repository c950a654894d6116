#include "escape.h"

#include <stdbool.h>
#include <string.h>

enum { LONGEST = 4 }; /* \xNN */

static size_t escape_byte(unsigned char c, bool quoted, char out[LONGEST])
{
	static const char hex[] = "0123456789abcdef";
	static const char from[] = "\n\r\t\\", to[] = "nrt\\";

	if (c >= 0x20 && c < 0x7f && c != '\\' && !(quoted && c == '"')) {
		out[0] = (char)c;
		return 1;
	}
	const char *known = c ? strchr(from, c) : NULL;
	out[0] = '\\';
	if (known) {
		out[1] = to[known - from];
		return 2;
	}
	if (c == '"') {
		out[1] = '"';
		return 2;
	}
	out[1] = 'x';
	out[2] = hex[c >> 4];
	out[3] = hex[c & 15];
	return 4;
}

/* How many bytes of in can be written to size bytes, with room for dots unless it is all of them. */
static size_t count_fitting(const char *in, size_t length, size_t size, bool quoted)
{
	size_t used = 0, i = 0;
	char piece[LONGEST];

	for (; i < length; i++) {
		size_t n = escape_byte((unsigned char)in[i], quoted, piece);
		size_t tail = i + 1 < length ? 3 : 0; /* dots, unless this is the last byte */

		if (used + n + tail > size)
			break;
		used += n;
	}
	return i;
}

static size_t escape_bytes(const char *in, size_t length, char *out, size_t size, bool quoted)
{
	size_t used = 0, fitting = count_fitting(in, length, size, quoted);
	char piece[LONGEST];

	for (size_t i = 0; i < fitting; i++) {
		size_t n = escape_byte((unsigned char)in[i], quoted, piece);

		memcpy(out + used, piece, n);
		used += n;
	}
	if (fitting == length)
		return used;
	size_t dots = size - used < 3 ? size - used : 3;
	memcpy(out + used, "...", dots);
	return used + dots;
}

static bool is_bare(const char *in, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)in[i];
		if (c <= 0x20 || c >= 0x7f || c == '"' || c == '=' || c == '\\')
			return false;
	}
	return length > 0;
}

size_t escape_logfmt(const char *in, size_t length, char *out, size_t size)
{
	if (is_bare(in, length) && length < size) {
		memcpy(out, in, length);
		out[length] = '\0';
		return length;
	}
	size_t used = 1 + escape_bytes(in, length, out + 1, size - 3, true);
	out[0] = '"';
	out[used++] = '"';
	out[used] = '\0';
	return used;
}

bool escape_logfmt_cuts(const char *in, size_t length, size_t size)
{
	if (is_bare(in, length) && length < size)
		return false;
	return count_fitting(in, length, size - 3, true) < length;
}

size_t escape_plain(const char *in, size_t length, char *out, size_t size)
{
	size_t used = escape_bytes(in, length, out, size - 1, false);

	out[used] = '\0';
	return used;
}
