#include "logbars.h"

#include <string.h>

/* Each is a multiple of the one before, so that old bins lie whole in new ones. */
static const int64_t widths[] = {
	60,         300,        900,         3600,        10800,        21600,    43200,
	86400,      604800,     1209600,     4838400,     19353600,     77414400, 309657600,
	1238630400, 4954521600, 19818086400, 79272345600, 317089382400,
};

enum { STEPS = sizeof widths / sizeof *widths };

int64_t logbars_width(const struct logbars *bars)
{
	return widths[bars->step];
}

static int64_t floor_to(int64_t time, int64_t width)
{
	return (time - (time % width + width) % width) / width * width;
}

static size_t last_used(const struct logbars *bars)
{
	static const unsigned long none[LOGBARS_SERIES];

	for (size_t i = LOGBARS_BINS; i-- > 0;)
		if (memcmp(bars->bin[i], none, sizeof none) != 0)
			return i;
	return 0;
}

static size_t first_used(const struct logbars *bars)
{
	static const unsigned long none[LOGBARS_SERIES];

	for (size_t i = 0; i < LOGBARS_BINS; i++)
		if (memcmp(bars->bin[i], none, sizeof none) != 0)
			return i;
	return 0;
}

/* The next width, and a base from which both what is there and `time` are reached, if they are. */
static bool widen(struct logbars *bars, int64_t time)
{
	struct logbars old = *bars;
	int64_t width = widths[old.step], from = old.base + (int64_t)first_used(&old) * width;
	int64_t last = old.base + (int64_t)last_used(&old) * width;

	if (bars->step + 1 == STEPS)
		return false;
	*bars = (struct logbars){.begun = true, .step = old.step + 1};
	int64_t wider = widths[bars->step];

	bars->base = floor_to(time < from ? time : from, wider);
	if ((last - bars->base) / wider >= LOGBARS_BINS) { /* too far: the next step will do it */
		bars->base = floor_to(from, wider);
	}
	for (size_t i = 0; i < LOGBARS_BINS; i++)
		for (unsigned k = 0; k < LOGBARS_SERIES; k++)
			if (old.bin[i][k])
				bars->bin[(old.base + (int64_t)i * width - bars->base) / wider][k] +=
					old.bin[i][k];
	return true;
}

void logbars_add(struct logbars *bars, int64_t time, unsigned series, unsigned long times)
{
	if (!bars->begun) {
		bars->begun = true;
		bars->base = floor_to(time, widths[0]);
	}
	while (time < bars->base || (time - bars->base) / widths[bars->step] >= LOGBARS_BINS)
		if (!widen(bars, time))
			return;
	bars->bin[(time - bars->base) / widths[bars->step]][series] += times;
}

size_t logbars_fold(struct logbars *bars, size_t most, size_t *first)
{
	while (last_used(bars) - first_used(bars) + 1 > most)
		if (!widen(bars, bars->base))
			break;
	*first = first_used(bars);
	return bars->begun ? last_used(bars) - *first + 1 : 0;
}
