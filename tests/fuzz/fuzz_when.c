/*
 * Any hours and time: what is accepted holds for some minute of a week, and not for every one unless it says so.
 * Input: hours and a time, one a line.
 */
#include "fuzz.h"

#include "text/when.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WEEK = 7 * 24 * 60 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1), *time = text;
	int64_t seconds = 0;

	if (!text)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	const char *hours = strsep(&time, "\n");

	if (!when_check_hours(hours)) {
		int inside = 0;
		for (int64_t minute = 0; minute < WEEK; minute++)
			inside += when_in_hours(hours, minute * 60);
		if (inside == 0)
			BROKEN("never: %s", hours);
	}
	if (time && !when_read_time(time, &seconds) && seconds < 0)
		BROKEN("before 1970: %s", time);
	free(text);
	return 0;
}
