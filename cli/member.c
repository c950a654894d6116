#include "member.h"

#include "text/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void member_string(const char *bytes, size_t length)
{
	size_t size = JSON_GROWTH * length + 3;
	char *out = bytes ? malloc(size) : NULL;

	if (out)
		json_string(bytes, length, out, size);
	fputs(out ? out : "null", stdout);
	free(out);
}

void member_bytes(const char *before, const char *name, const char *bytes, size_t length)
{
	printf("%s\"%s\":", before, name);
	member_string(bytes, length);
}

void member_text(const char *before, const char *name, const char *text)
{
	member_bytes(before, name, text, text ? strlen(text) : 0);
}
