#include "logaddr.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

/* Most lines have one of these, and inet_pton() wants a NUL behind it. */
static bool read_v4(const char *text, size_t length, uint8_t out[4])
{
	unsigned part = 0, value = 0, digits = 0;

	for (size_t i = 0; i < length; i++) {
		unsigned digit = (unsigned char)text[i] - (unsigned)'0';

		if (digit < 10 && digits < 3 && !(digits == 1 && value == 0)) {
			value = value * 10 + digit;
			digits++;
		} else if (text[i] == '.' && digits && part < 3) {
			out[part++] = (uint8_t)value;
			value = digits = 0;
		} else {
			return false;
		}
		if (value > 255)
			return false;
	}
	out[3] = (uint8_t)value;
	return part == 3 && digits > 0;
}

bool logaddr_read(const char *text, size_t length, struct logaddr *address)
{
	char copy[LOGADDR_TEXT_MAX];
	const char *scope;

	if (length < 2 || length >= sizeof copy)
		return false;
	if (read_v4(text, length, address->byte + 12)) {
		memcpy(address->byte, mapped, sizeof mapped);
		return true;
	}
	scope = memchr(text, '%', length);
	if (scope && (scope == text + length - 1 || memchr(text, ' ', length)))
		return false;
	length = scope ? (size_t)(scope - text) : length;
	memcpy(copy, text, length);
	copy[length] = '\0';
	return strlen(copy) == length && inet_pton(AF_INET6, copy, address->byte) == 1;
}

bool logaddr_is_v4(const struct logaddr *address)
{
	return memcmp(address->byte, mapped, sizeof mapped) == 0;
}

bool logaddr_is_loopback(const struct logaddr *address)
{
	static const uint8_t one[16] = {[15] = 1};

	return logaddr_is_v4(address) ? address->byte[12] == 127 : memcmp(address->byte, one, sizeof one) == 0;
}

struct logaddr logaddr_source(const struct logaddr *address)
{
	struct logaddr source = *address;

	if (!logaddr_is_v4(address) && !logaddr_is_loopback(address))
		memset(source.byte + 8, 0, 8);
	return source;
}

static void hex_group(char out[LOGADDR_TEXT_MAX], size_t *used, unsigned value)
{
	int n = snprintf(out + *used, LOGADDR_TEXT_MAX - *used, "%x", value);

	*used += n > 0 ? (size_t)n : 0;
}

/* RFC 5952: the longest run of zero groups, the first of equals, becomes "::". */
static void v6_text(const uint8_t byte[16], char out[LOGADDR_TEXT_MAX])
{
	unsigned group[8], best = 8, best_length = 1;
	size_t used = 0;

	for (unsigned i = 0; i < 8; i++)
		group[i] = (unsigned)byte[2 * i] << 8 | byte[2 * i + 1];
	for (unsigned i = 0; i < 8; i++) {
		unsigned n = 0;

		while (i + n < 8 && group[i + n] == 0)
			n++;
		if (n > best_length) {
			best = i;
			best_length = n;
		}
	}
	for (unsigned i = 0; i < 8; i++) {
		if (i == best) {
			out[used++] = ':';
			if (i == 0)
				out[used++] = ':';
			i += best_length - 1;
			continue;
		}
		hex_group(out, &used, group[i]);
		if (i < 7)
			out[used++] = ':';
	}
	out[used] = '\0';
}

void logaddr_text(const struct logaddr *address, bool network, char out[LOGADDR_TEXT_MAX])
{
	const uint8_t *b = address->byte;

	if (logaddr_is_v4(address)) {
		snprintf(out, LOGADDR_TEXT_MAX, "%u.%u.%u.%u", b[12], b[13], b[14], b[15]);
		return;
	}
	v6_text(b, out);
	if (network && !logaddr_is_loopback(address))
		strcat(out, "/64");
}
