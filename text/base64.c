#include "base64.h"

#include <stdint.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* What a byte is: DIGIT and its six bits, or SPACE, PAD, or 0. A table, for a file may have a million keys. */
enum { SPACE = 1, PAD, DIGIT = 64 };

static const unsigned char classes[256] = {
	['\t'] = SPACE, ['\n'] = SPACE, ['\v'] = SPACE, ['\f'] = SPACE, ['\r'] = SPACE,
	[' '] = SPACE, ['='] = PAD, ['+'] = DIGIT | 62, ['/'] = DIGIT | 63,
	['A'] = 64, 65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 78, 79, 80, 81, 82, 83,
	84, 85, 86, 87, 88, 89,
	['a'] = 90, 91, 92, 93, 94, 95, 96, 97, 98, 99, 100, 101, 102, 103, 104, 105, 106, 107,
	108, 109, 110, 111, 112, 113, 114, 115,
	['0'] = 116, 117, 118, 119, 120, 121, 122, 123, 124, 125,
};

static unsigned class_of(char c)
{
	return classes[(unsigned char)c];
}

/* From the first '=' on: one or two of them, white space around, nothing else. */
static bool is_padding(const char *text, const char *end, unsigned wanted)
{
	for (; text < end; text++) {
		unsigned class = class_of(*text);

		if (class == PAD && wanted > 0)
			wanted--;
		else if (class != SPACE)
			return false;
	}
	return wanted == 0;
}

bool base64_decode(const char *text, size_t length, unsigned char *out, size_t *count)
{
	const char *end = text + length;
	uint32_t bits = 0;
	unsigned held = 0; /* bits that are not written yet: 0, 6, 4 or 2 */

	*count = 0;
	for (; text < end; text++) {
		unsigned class = class_of(*text);

		if (class >= DIGIT) {
			bits = bits << 6 | (class - DIGIT);
			held += 6;
			if (held >= 8) {
				held -= 8;
				out[(*count)++] = (unsigned char)(bits >> held);
			}
		} else if (class != SPACE) {
			break;
		}
	}
	if (held == 6 || bits & ((1U << held) - 1))
		return false;
	return is_padding(text, end, held / 2);
}

void base64_encode(const unsigned char *bytes, size_t length, char *out)
{
	for (size_t i = 0; i < length; i += 3) {
		size_t rest = length - i;
		uint32_t group = (uint32_t)bytes[i] << 16 | (rest > 1 ? (uint32_t)bytes[i + 1] << 8 : 0) |
				 (rest > 2 ? bytes[i + 2] : 0);

		*out++ = alphabet[group >> 18];
		*out++ = alphabet[group >> 12 & 63];
		*out++ = rest > 1 ? alphabet[group >> 6 & 63] : '=';
		*out++ = rest > 2 ? alphabet[group & 63] : '=';
	}
	*out = '\0';
}
