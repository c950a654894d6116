/*
 * Any line: an enforced line is enforced, enforcing it once more changes nothing, the key and what follows it stay byte
 * for byte, and no line that sshd refuses comes to life.
 */
#include "fuzz.h"

#include "keys/judge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct keyline line, again;
static char out[ENFORCED_ROOM], twice[ENFORCED_ROOM];

static void check_anew(const struct wanted *wanted, size_t length)
{
	size_t tail = line.length - line.key_at;

	if (line.kind != KEYLINE_KEY && line.kind != KEYLINE_FOREIGN)
		BROKEN("a line of kind %d came to life", line.kind);
	if (again.kind != line.kind && !(line.kind == KEYLINE_FOREIGN && again.kind == KEYLINE_KEY))
		BROKEN("kind %d became %d", line.kind, again.kind);
	if (!enforce_holds(&again, wanted) || again.keyopts.permits)
		BROKEN("not enforced: %.*s", (int)length, out);
	if (tail > length || memcmp(out + length - tail, line.text + line.key_at, tail) != 0)
		BROKEN("the key or its comment changed: %.*s", (int)length, out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct wanted wanted = {.gate = "/x/gate"};
	const struct judge_facts facts = {.wanted = &wanted, .now = 1800000000};
	const char *text = (const char *)data;
	size_t length, second, offset;

	if (memchr(data, '\n', size) || keyline_fault(text, size, &offset))
		return 0;
	keyline_read(text, size, &line);
	judge_line(&line, &facts);
	enum enforced result = enforce_line(&line, &wanted, out, sizeof out, &length);
	if (result == ENFORCED_NOT)
		BROKEN("no room");
	if (result == ENFORCED_AS_IS && (length != size || (size && memcmp(out, data, size) != 0)))
		BROKEN("a line that is left alone changed");
	if (keyline_fault(out, length, &offset))
		return 0; /* grew beyond what a line may have */
	keyline_read(out, length, &again);
	if (result == ENFORCED_ANEW)
		check_anew(&wanted, length);
	if (result == ENFORCED_COMMENT && again.kind != KEYLINE_COMMENT)
		BROKEN("no comment: %.*s", (int)length, out);
	if (enforce_line(&again, &wanted, twice, sizeof twice, &second) != ENFORCED_AS_IS)
		BROKEN("not idempotent: %.*s", (int)length, out);
	return 0;
}
