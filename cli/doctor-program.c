/*
 * doctor-program - what a definition runs: whether it is there, and whether it heeds what its definition rests on.
 */
#include "doctor.h"

#include "become.h"
#include "capture.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_installed(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && st.st_mode & S_IXOTH;
}

/* A definition may run one of several programs; that some are not there is common (ascp without async). */
static void installed(struct doctor *d, const struct settings *settings, const struct definition *definition)
{
	size_t there = 0, all = 0;
	const char *missing = NULL;

	for (const struct form *form = definition->forms; form->template; form++) {
		const char *path = policy_program(settings, definition, form);

		if (!path)
			continue;
		all++;
		if (is_installed(path))
			there++;
		else
			missing = path;
	}
	if (!missing)
		return;
	doctor_say(d, there ? LEVEL_WARN : LEVEL_FAIL, "program",
		   "install it, or set `program`, or take the command away", "%s: %s is not installed: %s",
		   definition->name, missing,
		   there ? "some of its forms are refused" : "each of its sessions is refused");
}

/* ---- hg ---- */

struct question {
	const char *program;
	const char *const *env; /* of the definition */
};

enum answer { HEEDS, READS_IT, NOT_ANSWERED };

/* `hg config` in the current directory, a repository. Exit 1: it knows no such setting. */
static int hg_config(const struct question *q)
{
	enum { WORDS = 16, NOT_SET = 1 };
	const char *argv[WORDS] = {"/usr/bin/env"};
	size_t n = 1;
	char *out;

	while (q->env[n - 1] && n < WORDS - 4) {
		argv[n] = q->env[n - 1];
		n++;
	}
	argv[n] = q->program;
	argv[n + 1] = "config";
	argv[n + 2] = "sallyport.asks";
	int status = capture(argv, &out);
	free(out);
	return status == 0 ? READS_IT : status == NOT_SET ? HEEDS : NOT_ANSWERED;
}

/* In a child that is the account: whatever the account does to the directory meanwhile, it does to itself. */
static int ask_hg(void *context)
{
	static const char setting[] = "[sallyport]\nasks = yes\n";
	char directory[] = "/tmp/sallyport-doctor-XXXXXX";
	int answer = NOT_ANSWERED, fd = -1;

	if (!mkdtemp(directory))
		return NOT_ANSWERED;
	if (chdir(directory) == 0 && mkdir(".hg", 0700) == 0)
		fd = open(".hg/hgrc", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd >= 0 && write(fd, setting, sizeof setting - 1) == sizeof setting - 1)
		answer = hg_config(context);
	if (fd >= 0)
		close(fd);
	unlink(".hg/hgrc");
	rmdir(".hg");
	rmdir(directory);
	return answer;
}

/* Extensions that a repository names are code, and nothing but this variable keeps them out (SECURITY). */
static void heeds_hgrcskiprepo(struct doctor *d, const char *user, const struct question *q)
{
	if (d->asked && strcmp(d->asked, q->program) == 0)
		return;
	free(d->asked);
	d->asked = strdup(q->program);
	int answer = become_ask(user, ask_hg, (void *)(uintptr_t)q);
	if (answer == READS_IT)
		doctor_say(d, LEVEL_FAIL, "program", "a Mercurial that knows HGRCSKIPREPO; or take the command away",
			   "hg: %s reads a repository's .hg/hgrc in spite of HGRCSKIPREPO", q->program);
	else if (answer != HEEDS)
		doctor_say(d, LEVEL_WARN, "program", "run it as the account, with `config` behind it",
			   "hg: %s did not answer whether it heeds HGRCSKIPREPO", q->program);
}

void doctor_program(struct doctor *d, const char *user, const struct settings *settings,
		    const struct definition *definition)
{
	struct question q = {policy_program(settings, definition, definition->forms), definition->env};

	installed(d, settings, definition);
	if (strcmp(definition->name, "hg") == 0 && is_installed(q.program))
		heeds_hgrcskiprepo(d, user, &q);
}
