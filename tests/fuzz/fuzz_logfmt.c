/*
 * Any bytes as fields of a log line: what is read is what escape_logfmt() writes of it, byte for byte, and nothing is
 * read twice or from outside (I8).
 */
#include "fuzz.h"

#include "text/escape.h"
#include "text/logfmt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *at = (const char *)data, *end = at + size;
	char again[4 * LOGFMT_VALUE_MAX + 16];
	struct logfmt_field field;

	while (at < end) {
		const char *before = at;

		if (!logfmt_next(&at, end, &field))
			break;
		const char *text = field.name + field.name_length + 1;
		size_t n = escape_logfmt(field.value, field.length, again, sizeof again);
		if (field.name != before || field.length > LOGFMT_VALUE_MAX || field.value[field.length] != '\0')
			BROKEN("not this field");
		/* the quotes of what was cut, and would need none now */
		bool around = field.cut && text[0] == '"' && again[0] != '"';
		if (text + n + 2 * around > end || memcmp(text + around, again, n) != 0)
			BROKEN("not what would be written: %s", again);
		n += 2 * around;
		if (at != end && at != text + n + 1)
			BROKEN("something was passed over");
	}
	if (at > end)
		BROKEN("read beyond the end");
	return 0;
}
