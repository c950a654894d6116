#include "json.h"

#include <string.h>

void json_string(const char *in, size_t length, char *out, size_t size)
{
	static const char hex[] = "0123456789abcdef";
	char *const end = out + size;

	*out++ = '"';
	for (size_t i = 0; i < length && end - out > JSON_GROWTH + 1; i++) {
		unsigned char c = (unsigned char)in[i];

		if (c == '"' || c == '\\') {
			*out++ = '\\';
			*out++ = (char)c;
		} else if (c >= 0x20 && c < 0x7f) {
			*out++ = (char)c;
		} else {
			memcpy(out, "\\u00", 4);
			out[4] = hex[c >> 4];
			out[5] = hex[c & 15];
			out += JSON_GROWTH;
		}
	}
	*out++ = '"';
	*out = '\0';
}
