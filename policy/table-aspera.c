/*
 * aspera: exactly the six forms of the vendor's restricted shell, `!` = browse.
 * The forms are those of the vendor's aspshell. ascp is proprietary: what the program needs was not tried with it.
 */
#include "definition.h"

/* ascp scans what it transfers, but its command line cannot ask for a listing. */
#define TRANSFER                                                                                   \
	.most = VERBS_ALL & ~(unsigned)VERB_LIST, .inner = VERB_LIST, .honours_token = true

static const struct form forms[] = {
	{"ascp -S. -V1", .program = "ascp", TRANSFER},
	{"ascp4 -S.", .program = "ascp4", TRANSFER},
	{"async -q -S -s-", .program = "async", TRANSFER},
	/* The vendor's "%1s" reads two ways, and clients send a session name there: none or one word. */
	{"ascp --no-mgmt-port-files -M %d -S. -V1 %64s?", .program = "ascp", TRANSFER},
	{"ascmd", .program = "ascmd", .most = VERBS_ALL, .browse = true},
	{"ascmd -V2", .program = "ascmd", .most = VERBS_ALL, .browse = true},
	{0},
};

static const struct program programs[] = {
	{"ascp", "/usr/bin/ascp"},
	{"ascp4", "/usr/bin/ascp4"},
	{"async", "/usr/bin/async"},
	{"ascmd", "/usr/bin/ascmd"},
	{0},
};

const struct definition definition_aspera = {
	.name = "aspera",
	.forms = forms,
	.programs = programs,
	.runs = RUNS_NET,
	.tmp = true, /* not tried: ascp is proprietary */
};
