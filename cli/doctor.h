/*
 * doctor - what this host can give, what the policy asks for, and how to close each gap.
 *
 * Every part of an examination appends lines: what was looked at, how it is, and what to do. doctor.c prints them.
 */
#ifndef CLI_DOCTOR_H
#define CLI_DOCTOR_H

#include "roster.h"

#include "sandbox/sandbox.h"

#include <stdbool.h>
#include <stddef.h>

/* OK: nothing to do. WARN: something is weaker, or missing for some. FAIL: sessions are refused, or not confined. */
enum level { LEVEL_OK, LEVEL_WARN, LEVEL_FAIL };

struct line_item {
	enum level level;
	const char *check; /* static: "landlock", "docroot" … */
	char *subject;
	const char *fix;   /* static; NULL for what is in order */
};

struct doctor {
	const char *file;  /* the policy */
	bool candidate;    /* -f */
	bool json;
	struct side side;
	/* What the policy asks for, from the accounts. */
	bool log_required, waits, timed, gate_is_shell;
	size_t accounts, may_lack, spawning;
	char *first;       /* an account to try; NULL: none */
	char *asked;       /* the Mercurial that was asked last */
	/* What the host gives. */
	int landlock;
	bool capabilities, user_namespaces;
	struct line_item *items;
	size_t items_count;
	bool failed;       /* no memory */
};

/* Appends a line; the same line twice is one. */
void doctor_say(struct doctor *doctor, enum level level, const char *check, const char *fix,
		const char *subject, ...) __attribute__((format(printf, 5, 6)));

/* One of user's commands. */
void doctor_program(struct doctor *doctor, const char *user, const struct settings *settings,
		    const struct definition *definition);

void doctor_accounts(struct doctor *doctor); /* first: it finds out what is asked for */
void doctor_host(struct doctor *doctor);
void doctor_install(struct doctor *doctor);
void doctor_try(struct doctor *doctor);

void doctor_report(const struct doctor *doctor);

/* sallyport doctor --trace …; argv[0] is the first word behind it. Returns the exit status. */
int doctor_trace(int argc, char *argv[]);

#endif
