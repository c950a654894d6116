#include "facility.h"

#include "policy.h"

#include <string.h>
#include <syslog.h>

static const struct {
	const char *name;
	int number;
} facilities[] = {
	{"AUTHPRIV", LOG_AUTHPRIV}, {"AUTH", LOG_AUTH},     {"DAEMON", LOG_DAEMON}, {"USER", LOG_USER},
	{"LOCAL0", LOG_LOCAL0},     {"LOCAL1", LOG_LOCAL1}, {"LOCAL2", LOG_LOCAL2}, {"LOCAL3", LOG_LOCAL3},
	{"LOCAL4", LOG_LOCAL4},     {"LOCAL5", LOG_LOCAL5}, {"LOCAL6", LOG_LOCAL6}, {"LOCAL7", LOG_LOCAL7},
};

enum { FACILITIES = sizeof facilities / sizeof *facilities };

bool facility_parse(const char *word, int *facility, struct nearest *near)
{
	for (size_t i = 0; i < FACILITIES; i++) {
		if (strcmp(facilities[i].name, word) == 0) {
			*facility = facilities[i].number;
			return true;
		}
		nearest_offer(near, word, strlen(word), facilities[i].name);
	}
	return false;
}

const char *policy_facility(const struct settings *settings)
{
	size_t i = 0;

	while (i + 1 < FACILITIES && facilities[i].number != settings->log_facility)
		i++;
	return facilities[i].name;
}
