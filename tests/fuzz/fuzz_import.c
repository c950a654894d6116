/*
 * Any bytes as lines of asconfigurator's strings: nothing is read from outside the line, a name and a value hold no byte
 * that could leave a policy's line, and what comes of them is never more than nothing being said would be.
 */
#include "fuzz.h"

#include "cli/import-user.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void check_text(struct asconf_text text, const char *line, size_t length)
{
	if (text.at < line || text.at + text.length > line + length)
		BROKEN("text from outside the line");
	for (size_t i = 0; i < text.length; i++)
		if (text.at[i] < ' ' || text.at[i] > '~' || strchr("\"';", text.at[i]))
			BROKEN("a byte that no value has");
}

static void check_line(struct import_user *user, const char *line, size_t length)
{
	static struct asconf conf;
	size_t offset;
	const char *reason = asconf_read(line, length, &conf, &offset);

	if (offset > length || conf.count > ASCONF_PAIRS_MAX)
		BROKEN("beyond the end");
	for (size_t i = 0; !reason && i < conf.count; i++) {
		check_text(conf.pair[i].name, line, length);
		check_text(conf.pair[i].value, line, length);
		import_user_take(user, &conf.pair[i]);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const verbs[] = {"download", "upload", "list"};
	struct import_user user;
	char *text = malloc(size + 1);

	if (!text)
		return 0;
	memcpy(text, data, size);
	import_user_begin(&user, "alice");
	for (size_t at = 0, length; at < size; at += length + 1) {
		const char *end = memchr(text + at, '\n', size - at);

		length = end ? (size_t)(end - (text + at)) : size - at;
		check_line(&user, text + at, length);
	}
	if (!import_user_end(&user)) {
		const bool may[] = {user.reads && user.out != IMPORT_DENY, user.writes && user.in != IMPORT_DENY, user.browses};
		bool full = strcmp(user.access, "full") == 0, reads = strcmp(user.access, "read-only") == 0;

		for (size_t i = 0; i < 3; i++)
			if (!may[i] && (full || (reads && i != 1) || strstr(user.access, verbs[i])))
				BROKEN("%s, and it was denied: %s", verbs[i], user.access);
		if (user.docroot[0] && user.docroot[0] != '/' && strncmp(user.docroot, "%h", 2) != 0)
			BROKEN("a docroot that is not absolute: %s", user.docroot);
	}
	free(text);
	return 0;
}
