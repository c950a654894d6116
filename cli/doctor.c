/*
 * sallyport doctor - looks at the host, the installation and the accounts; changes nothing.
 */
#include "doctor.h"

#include "cli.h"
#include "dryrun.h"
#include "grow.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int usage(void)
{
	fprintf(stderr, "usage: sallyport doctor [-f POLICY] [--json]\n"
			"       sallyport doctor --trace PROFILE [-u USER] PROGRAM [ARGUMENT…]\n");
	return CLI_USAGE;
}

static bool is_said(const struct doctor *d, const char *check, const char *subject)
{
	for (size_t i = 0; i < d->items_count; i++)
		if (strcmp(d->items[i].check, check) == 0 && strcmp(d->items[i].subject, subject) == 0)
			return true;
	return false;
}

static bool make_room(struct doctor *d)
{
	struct line_item *grown = grow(d->items, d->items_count, sizeof *grown);

	if (grown)
		d->items = grown;
	return grown;
}

void doctor_say(struct doctor *d, enum level level, const char *check, const char *fix,
		const char *subject, ...)
{
	struct line_item item = {.level = level, .check = check, .fix = fix};
	va_list arguments;

	va_start(arguments, subject);
	if (vasprintf(&item.subject, subject, arguments) < 0)
		item.subject = NULL;
	va_end(arguments);
	d->failed |= !item.subject || !make_room(d);
	if (d->failed || is_said(d, check, item.subject)) {
		free(item.subject);
		return;
	}
	d->items[d->items_count++] = item;
}

static bool examine(struct doctor *d)
{
	char fault[SIDE_FAULT_MAX];

	if (geteuid() != 0)
		doctor_say(d, LEVEL_WARN, "root", "run it as root",
			   "not root: docroots, namespaces and a session cannot be tried");
	if (!side_open(&d->side, d->file, d->candidate)) {
		side_fault(&d->side.fault, fault);
		doctor_say(d, LEVEL_FAIL, "policy",
			   "correct it: man 5 sallyport.ini; where there is none, sallyport account add writes one",
			   "%s", fault);
	} else {
		doctor_say(d, LEVEL_OK, "policy", NULL, "%s", d->file);
		doctor_accounts(d);
	}
	doctor_host(d);
	doctor_install(d);
	if (d->side.policy)
		doctor_try(d);
	side_close(&d->side);
	return !d->failed;
}

static int finish(struct doctor *d, bool good)
{
	int status = CLI_ALLOW;

	for (size_t i = 0; i < d->items_count; i++)
		if (d->items[i].level == LEVEL_FAIL)
			status = CLI_FOUND;
	if (good)
		doctor_report(d);
	else
		fprintf(stderr, "sallyport: no memory\n");
	for (size_t i = 0; i < d->items_count; i++)
		free(d->items[i].subject);
	free(d->items);
	free(d->first);
	free(d->asked);
	return good ? status : CLI_FAILURE;
}

int doctor_main(int argc, char *argv[])
{
	static const struct option options[] = {
		{"json", no_argument, NULL, 'j'},
		{"trace", no_argument, NULL, 't'},
		{NULL, 0, NULL, 0},
	};
	struct doctor doctor = {.file = SALLYPORT_POLICY};
	int option;

	while ((option = getopt_long(argc, argv, "+f:", options, NULL)) != -1) {
		switch (option) {
		case 'j': doctor.json = true; break;
		case 't': return doctor_trace(argc - optind, argv + optind);
		case 'f':
			doctor.candidate = true;
			if (!(doctor.file = dryrun_policy(optarg)))
				return CLI_USAGE;
			break;
		default: return usage();
		}
	}
	if (optind != argc)
		return usage();
	bool good = examine(&doctor);
	return finish(&doctor, good);
}
