/*
 * apply - a candidate becomes the policy: looked at as the gate will see it, in the directory
 * where it will lie, and put in place by one rename. A typo must never lock everyone out.
 */
#include "apply-compare.h"
#include "apply-steps.h"
#include "cli.h"
#include "explain.h"
#include "install.h"
#include "slots.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct request_to_apply {
	const char *file, *target;
	bool undo, yes, dry_run;
};

struct applier {
	const struct request_to_apply *asked;
	struct installation place;
	char candidate[PATH_MAX]; /* what messages call the new policy */
	char *text;               /* its bytes: those that are checked are those that are installed */
	size_t length;
	struct side before, after;
	struct comparison comparison;
};

static int usage(void)
{
	fprintf(stderr, "usage: sallyport apply [--yes] [--dry-run] [--to POLICY] FILE\n"
			"       sallyport apply --undo [--dry-run] [--to POLICY]\n");
	return CLI_USAGE;
}

static bool read_options(int argc, char *argv[], struct request_to_apply *asked)
{
	static const struct option options[] = {
		{"undo", no_argument, NULL, 'u'},  {"yes", no_argument, NULL, 'y'},
		{"dry-run", no_argument, NULL, 'n'}, {"to", required_argument, NULL, 't'},
		{NULL, 0, NULL, 0},
	};
	int option;

	while ((option = getopt_long(argc, argv, "+", options, NULL)) != -1)
		switch (option) {
		case 'u': asked->undo = true; break;
		case 'y': asked->yes = true; break;
		case 'n': asked->dry_run = true; break;
		case 't': asked->target = optarg; break;
		default: return false;
		}
	asked->file = argv[optind];
	return argc - optind == (asked->undo ? 0 : 1);
}

static int failed(const char *file, const char *reason)
{
	int error = errno;

	fprintf(stderr, "sallyport: %s: %s: %s\n", file, reason, strerror(error));
	return error == EWOULDBLOCK ? CLI_BUSY : CLI_FAILURE;
}

/* The staged copy's faults are told of the file that the administrator wrote. */
static int at_fault(const struct applier *a, struct policy_fault fault)
{
	if (strcmp(fault.file, a->place.staged_path) == 0)
		snprintf(fault.file, sizeof fault.file, "%s", a->candidate);
	explain_fault("error", &fault);
	return CLI_POLICY;
}

/* Exactly the bytes that are there now, up to what a policy may have. */
static bool read_text(const char *path, char **text, size_t *length)
{
	FILE *file = fopen(path, "re");

	*text = file ? malloc(POLICY_FILE_MAX + 1) : NULL;
	*length = *text ? fread(*text, 1, POLICY_FILE_MAX + 1, file) : 0;
	bool good = *text && !ferror(file) && *length <= POLICY_FILE_MAX;
	if (file)
		fclose(file);
	return good;
}

/* ---- looking ---- */

static int load_candidate(struct applier *a)
{
	const struct policy_source source = {.file = a->candidate, .any_owner = true};
	struct policy_fault fault;
	struct policy *policy;

	if (!realpath(a->asked->file, a->candidate)) {
		fprintf(stderr, "sallyport: %s: %s\n", a->asked->file, strerror(errno));
		return CLI_USAGE;
	}
	if (!policy_load(&source, &policy, &fault))
		return at_fault(a, fault);
	policy_free(policy);
	if (read_text(a->candidate, &a->text, &a->length))
		return CLI_ALLOW;
	return failed(a->asked->file, "cannot be read");
}

/* The new one as the gate will judge it, by owner and directory too; a dry run only says so. */
static int open_after(struct applier *a, const char *file)
{
	if (side_open(&a->after, file, false))
		return CLI_ALLOW;
	struct policy_fault fault = a->after.fault;
	if (!a->asked->dry_run || !side_open(&a->after, file, true))
		return at_fault(a, fault);
	printf("note: here the gate would refuse it: %s\n", fault.reason);
	return CLI_ALLOW;
}

/* The present one may be at fault: that is when apply is needed most. */
static void open_before(struct applier *a)
{
	if (side_open(&a->before, a->place.path, false))
		return;
	const char *reason = a->before.fault.reason;
	printf("note: %s: %s\n", a->place.path, reason);
	/* Nobody gets in now. Comparing with what it says is the careful choice all the same. */
	side_open(&a->before, a->place.path, true);
}

static void print_part(const char *title, size_t count, const char *text)
{
	if (count)
		printf("%s\n%s", title, text);
}

static bool compare(struct applier *a)
{
	struct comparison *c = &a->comparison;

	if (!compare_sides(&a->before, &a->after, c)) {
		fprintf(stderr, "sallyport: out of memory\n");
		return false;
	}
	print_part("lose access:", c->lost, c->loses);
	print_part("gain access:", c->gained, c->gains);
	print_part("change:", c->changed, c->changes);
	print_part("have no access, before or after:", c->idle, c->idles);
	if (c->idle > IDLES_SHOWN)
		printf("  and %zu more\n", c->idle - IDLES_SHOWN);
	if (c->lost + c->gained + c->changed == 0)
		printf("nothing changes; %zu accounts looked at\n", c->accounts);
	return true;
}

/* ---- acting ---- */

static bool is_in_force(const struct applier *a)
{
	char *text = NULL;
	size_t length = 0;
	bool same = read_text(a->place.path, &text, &length) && length == a->length &&
		    memcmp(text, a->text, length) == 0;
	struct side side;

	free(text);
	same = same && side_open(&side, a->place.path, false);
	if (same)
		side_close(&side);
	return same;
}

/* What is in place now is read once more by the gate's rules; what they refuse goes out again. */
static int verify(struct applier *a, bool had_previous)
{
	struct side side;
	const char *reason;

	if (side_open(&side, a->place.path, false)) {
		/* The gate would refuse an account with max-sessions that has no file to count with. */
		if (strcmp(a->place.path, SALLYPORT_POLICY) == 0 && !slots_make(&side))
			printf("note: run sallyport slots: accounts with max-sessions are refused until then\n");
		side_close(&side);
		return CLI_ALLOW;
	}
	fprintf(stderr, "sallyport: the gate refuses what was installed (%s)\n", side.fault.reason);
	reason = a->asked->undo ? install_swap(&a->place) : install_revert(&a->place, had_previous);
	if (reason)
		return failed(a->asked->target, reason);
	fprintf(stderr, "sallyport: rolled back: %s is as it was\n", a->place.path);
	return CLI_FAILURE;
}

static int commit(struct applier *a)
{
	struct stat st;
	bool had_previous = fstatat(a->place.directory, a->place.name, &st, AT_SYMLINK_NOFOLLOW) == 0;
	const char *reason = install_commit(&a->place);

	if (reason)
		return failed(a->asked->target, reason);
	int status = verify(a, had_previous);
	if (status != CLI_ALLOW)
		return status;
	printf("installed %s", a->place.path);
	if (had_previous)
		printf("; the one before it is %s (apply --undo)", a->place.previous);
	printf("\nfiles under users/ are not touched\n");
	return CLI_ALLOW;
}

static bool may_go_in(const struct applier *a, bool sound)
{
	if (a->asked->yes || (sound && a->comparison.lost == 0))
		return true;
	printf("not installed: %s%s%s; --yes installs it all the same\n",
	       a->comparison.lost ? "accounts that work now would be refused" : "",
	       a->comparison.lost && !sound ? ", and " : "", sound ? "" : "lint or a test objects");
	return false;
}

static int stage_and_commit(struct applier *a)
{
	const char *reason = install_stage(&a->place, a->text, a->length);

	if (reason)
		return failed(a->asked->target, reason);
	int status = open_after(a, a->place.staged_path);
	if (status != CLI_ALLOW)
		return status;
	open_before(a);
	bool sound = apply_step_lint(a->place.staged_path, a->candidate);
	sound &= apply_step_test(a->place.staged_path, a->candidate);
	if (!compare(a))
		return CLI_FAILURE;
	if (!may_go_in(a, sound))
		return CLI_NOTHING;
	if (a->asked->dry_run) {
		printf("dry run: nothing was installed\n");
		return CLI_ALLOW;
	}
	return commit(a);
}

static int apply(struct applier *a)
{
	int status = load_candidate(a);

	if (status != CLI_ALLOW)
		return status;
	const char *reason = install_open(a->asked->target, &a->place);
	if (reason)
		return failed(a->asked->target, reason);
	if (is_in_force(a)) {
		printf("%s is already in force\n", a->candidate);
		return CLI_ALLOW;
	}
	return stage_and_commit(a);
}

/* Asks for no --yes: whoever undoes is in a hurry, and undoing twice is where it began. */
static int undo(struct applier *a)
{
	const char *reason = install_open(a->asked->target, &a->place);
	char previous[POLICY_PATH_MAX + 16];

	if (reason)
		return failed(a->asked->target, reason);
	snprintf(previous, sizeof previous, "%s.previous", a->place.path);
	if (access(previous, F_OK) != 0) {
		fprintf(stderr, "sallyport: there is no %s to go back to\n", previous);
		return CLI_NOTHING;
	}
	int status = open_after(a, previous);
	if (status != CLI_ALLOW)
		return status;
	open_before(a);
	if (!compare(a))
		return CLI_FAILURE;
	if (a->asked->dry_run) {
		printf("dry run: nothing was exchanged\n");
		return CLI_ALLOW;
	}
	reason = install_swap(&a->place);
	if (reason)
		return failed(a->asked->target, reason);
	status = verify(a, true);
	if (status == CLI_ALLOW)
		printf("%s and %s have changed places\n", a->place.path, a->place.previous);
	return status;
}

int apply_main(int argc, char *argv[])
{
	struct request_to_apply asked = {.target = SALLYPORT_POLICY};
	static struct applier a;

	if (!read_options(argc, argv, &asked))
		return usage();
	a.asked = &asked;
	a.place.directory = -1;
	int status = asked.undo ? undo(&a) : apply(&a);
	install_close(&a.place);
	compare_free(&a.comparison);
	side_close(&a.before);
	side_close(&a.after);
	free(a.text);
	return status;
}
