/*
 * docroot - `sallyport docroot prepare` fills the docroots that become roots; `docroot check` says what is wrong with
 * them, by sshd's rule and in its words.
 */
#include "docroot.h"

#include "cli.h"
#include "dryrun.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct task {
	const char *policy;
	bool candidate;
	const char *user; /* --user */
	const char *directory;
	bool prepare, dry;
	struct docroot_report report;
};

static int usage(void)
{
	fprintf(stderr, "usage: sallyport docroot prepare [-f POLICY] [--dry-run] [--user NAME | DIR]\n"
			"       sallyport docroot check [-f POLICY] [--json] [--user NAME | DIR]\n");
	return CLI_USAGE;
}

static bool read_options(int argc, char *argv[], struct task *task)
{
	static const struct option options[] = {
		{"user", required_argument, NULL, 'u'},
		{"dry-run", no_argument, NULL, 'n'},
		{"json", no_argument, NULL, 'j'},
		{NULL, 0, NULL, 0},
	};
	static char directory[PATH_MAX];
	int option;

	while ((option = getopt_long(argc, argv, "+f:", options, NULL)) != -1) {
		switch (option) {
		case 'f':
			task->candidate = true;
			if (!(task->policy = dryrun_policy(optarg)))
				return false;
			break;
		case 'u': task->user = optarg; break;
		case 'n': task->dry = true; break;
		case 'j': task->report.json = true; break;
		default: return false;
		}
	}
	if (argc - optind > 1 || (task->user && argc > optind) || (task->dry && !task->prepare) ||
	    (task->report.json && task->prepare))
		return false;
	if (argc > optind) {
		size_t length = strlen(argv[optind]);

		while (length > 1 && argv[optind][length - 1] == '/')
			length--;
		snprintf(directory, sizeof directory, "%.*s", (int)length, argv[optind]);
		task->directory = directory;
	}
	return true;
}

static void say_refused(struct task *task, const struct jail *jail)
{
	for (size_t i = 0; i < jail->programs_count; i++) {
		const struct needed *w = &jail->programs[i];

		if (w->refused)
			report_find(&task->report, "left out", "%s (%s): %s", w->path, w->definition, w->refused);
	}
}

static const char *const states[] = {
	[STATE_SAME] = "same",
	[STATE_ABSENT] = "absent",
	[STATE_STALE] = "stale",
	[STATE_BLOCKED] = "blocked",
};

static void check_item(struct task *task, const struct item *item, enum item_state state)
{
	static const char *const why[] = {
		[STATE_ABSENT] = "",
		[STATE_STALE] = ": other than the host's, or than it should be",
		[STATE_BLOCKED] = ": something else has the name, or a directory on the way is not root's alone",
	};

	/* A start directory is looked at by itself. */
	if (item->kind == ITEM_DATA && state == STATE_ABSENT)
		return;
	report_find(&task->report, states[state], "%s%s", item->path, why[state]);
}

static void prepare_item(struct task *task, int docroot, const struct item *item,
			 enum item_state state)
{
	const char *done = state == STATE_ABSENT ? "new" : "changed";

	errno = EEXIST;
	if (state != STATE_BLOCKED && (task->dry || put_item(docroot, item))) {
		printf("  %-9s %s\n", done, item->path);
		return;
	}
	report_find(&task->report, "failed", "%s: %s", item->path,
		    state == STATE_BLOCKED
			    ? "something else has the name, or a directory on the way is not root's alone"
			    : strerror(errno));
}

/* How many items are as they should be. */
static size_t go_through(struct task *task, const struct jail *jail, const struct items *items)
{
	int docroot = put_open(jail, task->prepare && !task->dry, &task->report);
	size_t same = 0;

	if (docroot < 0)
		return 0;
	for (size_t i = 0; i < items->count; i++) {
		const struct item *item = &items->item[i];
		enum item_state state = put_state(docroot, item);

		if (state == STATE_SAME)
			same++;
		else if (task->prepare)
			prepare_item(task, docroot, item, state);
		else
			check_item(task, item, state);
	}
	if (!task->report.json)
		printf("  %-9s %zu of %zu\n", states[STATE_SAME], same, items->count);
	if (!task->prepare) {
		look_at_layout(jail, docroot, &task->report);
		look_for_strays(docroot, items, &task->report);
	}
	close(docroot);
	return same;
}

static bool go_to(struct task *task, struct jail *jail)
{
	struct items items;
	size_t same = 0;

	report_begin(&task->report, jail);
	items_make(jail, &items);
	if (!items.failed) {
		say_refused(task, jail);
		same = go_through(task, jail, &items);
	}
	report_end(&task->report, same, items.count);
	bool good = !items.failed;
	items_free(&items);
	return good;
}

static int go(struct task *task)
{
	struct jails jails;
	size_t gone = 0;
	bool good = true;

	if (!jails_find(task->policy, task->candidate, task->user, &jails)) {
		jails_free(&jails);
		return CLI_POLICY;
	}
	if (task->report.json)
		report_head(task->policy);
	for (size_t i = 0; good && i < jails.count; i++) {
		if (task->directory && strcmp(task->directory, jails.jail[i].path) != 0)
			continue;
		good = go_to(task, &jails.jail[i]);
		gone++;
	}
	jails_free(&jails);
	if (task->report.json)
		report_tail(&task->report);
	if (!good)
		return CLI_FAILURE;
	if (gone == 0)
		fprintf(stderr, "sallyport: by %s no %s has isolation = chroot\n", task->policy,
			task->directory ? "account with this docroot" : "such account");
	return gone == 0 || task->report.found > 0 ? CLI_FOUND : CLI_ALLOW;
}

int docroot_main(int argc, char *argv[])
{
	struct task task = {.policy = SALLYPORT_POLICY};

	if (argc < 2 || (strcmp(argv[1], "prepare") != 0 && strcmp(argv[1], "check") != 0))
		return usage();
	task.prepare = argv[1][0] == 'p';
	if (!read_options(argc - 1, argv + 1, &task))
		return usage();
	if (task.prepare && !task.dry && geteuid() != 0) {
		fprintf(stderr, "sallyport: docroot prepare makes root's files: it has to be root\n");
		return CLI_FAILURE;
	}
	umask(022);
	return go(&task);
}
