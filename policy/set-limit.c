/*
 * Numbers: how much, how many, how long.
 */
#include "setters.h"

#include "nearest.h"
#include "setter.h"
#include "value.h"

#include <stdlib.h>
#include <string.h>

const char *set_umask(struct setter *s)
{
	size_t digits = strspn(s->value, "01234567");

	if (digits < 1 || digits > 4 || s->value[digits])
		return "not an octal number of up to four digits";
	s->settings->umask = (unsigned)strtoul(s->value, NULL, 8);
	return s->settings->umask > 0777 ? "above 0777" : NULL;
}

const char *set_nice(struct setter *s)
{
	if (!value_is_number(s->value) || strtoul(s->value, NULL, 10) > 19)
		return "not a number from 0 to 19";
	s->settings->nice = (unsigned)strtoul(s->value, NULL, 10);
	return NULL;
}

/* What each limit may be. Below the least no transfer would start: the loader and libc need that much. */
static const struct {
	uint64_t least, most;
	bool size; /* K, M and G stand for powers of 1024 */
	const char *outside;
} bounds[LIMITS] = {
	[LIMIT_CPU] = {1, 1 << 30, false, "not from 1 to 1073741824 seconds"},
	[LIMIT_FILE_SIZE] = {0, INT64_MAX, true, "above 8 EiB"},
	[LIMIT_FILES] = {16, 1 << 20, false, "not from 16 to 1048576"},
	[LIMIT_MEMORY] = {16 << 20, INT64_MAX, true, "below 16M"},
	[LIMIT_PROCESSES] = {1, 1 << 20, false, "not from 1 to 1048576"},
	[LIMIT_TMP] = {0, 1ULL << 40, true, "above 1024G"},
};

const char *const limit_names[LIMITS] = {"cpu", "file-size", "files", "memory", "processes", "tmp"};

/* `none` is no limit; an account without one on its processes, or on memory, could stop the host. */
static bool may_be_none(size_t limit)
{
	return limit != LIMIT_PROCESSES && limit != LIMIT_TMP;
}

static const char *read_limit(const char *value, bool size, uint64_t *number)
{
	static const char units[] = "KMG";
	size_t digits = strspn(value, DIGITS);
	const char *unit = size && value[digits] ? strchr(units, value[digits]) : NULL;
	unsigned shift = unit ? 10 * (unsigned)(unit - units + 1) : 0;

	if (digits < 1 || digits > 18 || value[digits + (unit != NULL)])
		return size ? "not a number, perhaps with K, M or G behind it" : "not a number";
	*number = strtoull(value, NULL, 10);
	if (*number > (uint64_t)INT64_MAX >> shift)
		return "a number that is too large";
	*number <<= shift;
	return NULL;
}

const char *set_limit(struct setter *s)
{
	for (size_t i = 0; i < LIMITS; i++) {
		uint64_t number;

		if (strcmp(s->argument, limit_names[i]) != 0)
			continue;
		if (strcmp(s->value, "none") == 0 && may_be_none(i)) {
			s->settings->limit[i] = LIMIT_UNSET;
			return NULL;
		}
		const char *reason = read_limit(s->value, bounds[i].size, &number);
		if (!reason && (number < bounds[i].least || number > bounds[i].most))
			reason = bounds[i].outside;
		if (!reason)
			s->settings->limit[i] = number;
		return reason;
	}
	for (size_t i = 0; i < LIMITS; i++)
		nearest_offer(&s->near, s->argument, strlen(s->argument), limit_names[i]);
	return setter_blame(s, s->argument, strlen(s->argument), "not a limit");
}

/* "2h": a number and its unit. */
const char *set_max_duration(struct setter *s)
{
	static const struct {
		char name;
		unsigned seconds;
	} units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}};
	size_t digits = strspn(s->value, DIGITS), i = 0;

	s->settings->duration = 0;
	if (strcmp(s->value, "none") == 0)
		return NULL;
	while (i < sizeof units / sizeof *units && units[i].name != s->value[digits])
		i++;
	if (digits < 1 || digits > 8 || i == sizeof units / sizeof *units || s->value[digits + 1])
		return "not a number with one of the units s, m, h and d";
	unsigned long long seconds = strtoull(s->value, NULL, 10) * units[i].seconds;
	s->settings->duration = (unsigned)seconds;
	return seconds < 1 || seconds > POLICY_DURATION_MAX ? "not from 1s to 366d" : NULL;
}

const char *set_max_sessions(struct setter *s)
{
	s->settings->sessions = 0;
	if (strcmp(s->value, "none") == 0)
		return NULL;
	if (!value_is_number(s->value))
		return "not a number";
	unsigned long long number = strtoull(s->value, NULL, 10);
	s->settings->sessions = (unsigned)number;
	return number < 1 || number > POLICY_SESSIONS_MAX ? "not from 1 to 4096" : NULL;
}
