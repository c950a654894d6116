/*
 * probe: the connectivity check `true`, answered with exit status 0. Nothing runs.
 */
#include "definition.h"

static const struct form forms[] = {{"true"}, {0}};
static const struct program programs[] = {{0}};

const struct definition definition_probe = {
	.name = "probe",
	.forms = forms,
	.programs = programs,
	.runs = RUNS_PROBE, /* no tmp: nothing runs */
};
