/*
 * docroot - `sallyport docroot prepare` fills the docroots that become roots; `docroot check` says what is wrong with
 * them, by sshd's rule and in its words.
 */
#include "docroot.h"

#include "cli.h"

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
	size_t found; /* what is wrong, or was left out */
};

static int usage(void)
{
	fprintf(stderr, "usage: sallyport docroot prepare [-f POLICY] [--dry-run] [--user NAME | DIR]\n"
			"       sallyport docroot check [-f POLICY] [--user NAME | DIR]\n");
	return CLI_USAGE;
}

static bool read_options(int argc, char *argv[], struct task *task)
{
	static const struct option options[] = {
		{"user", required_argument, NULL, 'u'},
		{"dry-run", no_argument, NULL, 'n'},
		{NULL, 0, NULL, 0},
	};
	static char absolute[PATH_MAX], directory[PATH_MAX];
	int option;

	while ((option = getopt_long(argc, argv, "+f:", options, NULL)) != -1) {
		switch (option) {
		case 'f':
			task->candidate = true;
			if (!realpath(optarg, absolute)) {
				fprintf(stderr, "sallyport: %s: there is no such policy\n", optarg);
				return false;
			}
			task->policy = absolute;
			break;
		case 'u': task->user = optarg; break;
		case 'n': task->dry = true; break;
		default: return false;
		}
	}
	if (argc - optind > 1 || (task->user && argc > optind) || (task->dry && !task->prepare))
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

static void say_head(const struct jail *jail)
{
	printf("%s: %s;", jail->path, look_layout(jail));
	for (size_t i = 0; i < jail->tenants_count; i++)
		printf(" %s%s%s", jail->tenants[i].user,
		       strcmp(jail->tenants[i].start, "/") != 0 ? " in " : "",
		       strcmp(jail->tenants[i].start, "/") != 0 ? jail->tenants[i].start : "");
	putchar('\n');
}

static void say_refused(struct task *task, const struct jail *jail)
{
	for (size_t i = 0; i < jail->programs_count; i++) {
		const struct needed *w = &jail->programs[i];

		if (!w->refused)
			continue;
		printf("  left out  %s (%s): %s\n", w->path, w->definition, w->refused);
		task->found++;
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
	printf("  %-9s %s%s\n", states[state], item->path, why[state]);
	task->found++;
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
	printf("  %-9s %s: %s\n", "failed", item->path,
	       state == STATE_BLOCKED ? "something else has the name, or a directory on the way is not root's alone"
				      : strerror(errno));
	task->found++;
}

static void go_through(struct task *task, const struct jail *jail, const struct items *items)
{
	int docroot = put_open(jail, task->prepare && !task->dry);
	size_t same = 0;

	if (docroot < 0) {
		task->found++;
		return;
	}
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
	printf("  %-9s %zu of %zu\n", states[STATE_SAME], same, items->count);
	if (!task->prepare)
		task->found += look_at_layout(jail, docroot) + look_for_strays(jail, docroot, items);
	close(docroot);
}

static bool go_to(struct task *task, struct jail *jail)
{
	struct items items;

	say_head(jail);
	items_make(jail, &items);
	if (!items.failed) {
		say_refused(task, jail);
		go_through(task, jail, &items);
	}
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
	for (size_t i = 0; good && i < jails.count; i++) {
		if (task->directory && strcmp(task->directory, jails.jail[i].path) != 0)
			continue;
		good = go_to(task, &jails.jail[i]);
		gone++;
	}
	jails_free(&jails);
	if (!good || fflush(stdout) || ferror(stdout))
		return CLI_FAILURE;
	if (gone == 0)
		fprintf(stderr, "sallyport: by %s no %s has isolation = chroot\n", task->policy,
			task->directory ? "account with this docroot" : "such account");
	return gone == 0 || task->found > 0 ? CLI_FOUND : CLI_ALLOW;
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
