/*
 * sallyport view - the pinned view: what the views of all accounts have in common, built once, by
 * root, and entered by sessions, which otherwise build it anew each time.
 */
#include "cli.h"
#include "view-accounts.h"

#include "sandbox/sandbox.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int usage(void)
{
	fprintf(stderr, "usage: sallyport view pin [--if-stale] [--here] | view unpin [--here] | "
			"view check\n");
	return CLI_USAGE;
}

static int complain(const struct sandbox_fault *fault)
{
	fprintf(stderr, "sallyport view: %s: %s%s%s\n", fault->step, fault->reason,
		fault->error ? ": " : "", fault->error ? strerror(fault->error) : "");
	if (fault->want)
		fprintf(stderr, "sallyport view: right: %s\n", fault->want);
	return CLI_FAILURE;
}

/*
 * As a session finds it, and besides what is mounted in the runtime; pinned->ns stays open. False:
 * *fault.
 */
static bool look(struct sandbox_pinned *pinned, struct sandbox_fault *fault)
{
	bool same = true;

	sandbox_pin_look(SALLYPORT_PINNED, pinned, fault);
	if (pinned->state == SANDBOX_PIN_FRESH && !sandbox_pin_has_mounts(pinned, &same, fault))
		return false;
	if (!same)
		pinned->state = SANDBOX_PIN_STALE;
	return pinned->state != SANDBOX_PIN_FOUL;
}

/*
 * A mount is of one namespace: pinned in another one than sshd's, nobody would find it. And a copy
 * of the directory's mount has the same files: what is put there would take the place of what is
 * pinned.
 */
static bool is_here(void)
{
	struct stat first, own;

	if (stat("/proc/1/ns/mnt", &first) != 0 || stat("/proc/self/ns/mnt", &own) != 0 ||
	    first.st_ino == own.st_ino)
		return true;
	fprintf(stderr, "sallyport view: this is not the mount namespace of process 1, in which "
			"sshd is looked for\n"
			"sallyport view: right: nsenter -t 1 -m sallyport view ...; or --here, "
			"where sshd is here\n");
	return false;
}

/* Whether a pin anew would have these accounts and no others. Who cannot ask takes it as it is. */
static bool has_same(const struct sandbox_pinned *pinned, const struct view_accounts *accounts)
{
	struct sandbox_pin_accounts found;

	return !sandbox_pin_accounts(pinned, accounts->account, accounts->count, &found) ||
	       (found.absent == 0 && (accounts->more || found.in == accounts->count));
}

static int pin_these(const struct view_accounts *accounts)
{
	struct sandbox_fault fault;

	if (!sandbox_pin_make(SALLYPORT_PINNED, accounts->account, accounts->count, &fault))
		return complain(&fault);
	printf("pinned: " SALLYPORT_PINNED ", with %zu accounts%s\n", accounts->count,
	       accounts->more ? "; there are more" : "");
	return CLI_ALLOW;
}

static int pin(bool if_stale)
{
	struct sandbox_pinned pinned;
	struct sandbox_fault fault;
	struct view_accounts *accounts = view_accounts_find();
	int status = CLI_ALLOW;

	if (!accounts) {
		fprintf(stderr, "sallyport view: no memory\n");
		return CLI_FAILURE;
	}
	if (if_stale && look(&pinned, &fault) && pinned.state == SANDBOX_PIN_FRESH &&
	    has_same(&pinned, accounts))
		printf("fresh: " SALLYPORT_PINNED "\n");
	else
		status = pin_these(accounts);
	view_accounts_free(accounts);
	return status;
}

static int unpin(void)
{
	struct sandbox_fault fault;

	return sandbox_pin_remove(SALLYPORT_PINNED, &fault) ? CLI_ALLOW : complain(&fault);
}

/* Only root can look. */
static void say_accounts(const struct sandbox_pinned *pinned)
{
	struct view_accounts *accounts = view_accounts_find();
	struct sandbox_pin_accounts found;

	if (accounts && sandbox_pin_accounts(pinned, accounts->account, accounts->count, &found))
		printf(", with %zu accounts; %zu came since", found.in, found.absent);
	view_accounts_free(accounts);
}

static int check(void)
{
	static const char *const states[] = {
		[SANDBOX_PIN_ABSENT] =
		"absent: each session builds its view; sallyport view pin makes one for all",
		[SANDBOX_PIN_STALE] =
		"stale: each session builds its view; sallyport view pin makes a fresh one",
		[SANDBOX_PIN_FRESH] = ("fresh: " SALLYPORT_PINNED),
	};
	struct sandbox_pinned pinned;
	struct sandbox_fault fault;

	if (!look(&pinned, &fault))
		return complain(&fault);
	fputs(states[pinned.state], stdout);
	if (pinned.state == SANDBOX_PIN_FRESH)
		say_accounts(&pinned);
	putchar('\n');
	return pinned.state == SANDBOX_PIN_FRESH ? CLI_ALLOW : CLI_FOUND;
}

/* Whether all words behind the verb are of the list, each of them noted. */
static bool read_flags(int argc, char *argv[], bool *if_stale, bool *here)
{
	for (int i = 2; i < argc; i++) {
		if (if_stale && strcmp(argv[i], "--if-stale") == 0)
			*if_stale = true;
		else if (strcmp(argv[i], "--here") == 0)
			*here = true;
		else
			return false;
	}
	return true;
}

int view_main(int argc, char *argv[])
{
	const char *verb = argc >= 2 ? argv[1] : "";
	bool if_stale = false, here = false;
	int status;

	if (strcmp(verb, "pin") == 0 && read_flags(argc, argv, &if_stale, &here))
		status = here || is_here() ? pin(if_stale) : CLI_FAILURE;
	else if (strcmp(verb, "unpin") == 0 && read_flags(argc, argv, NULL, &here))
		status = here || is_here() ? unpin() : CLI_FAILURE;
	else if (strcmp(verb, "check") == 0 && argc == 2)
		status = check();
	else
		return usage();
	return status;
}
