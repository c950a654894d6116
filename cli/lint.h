/*
 * lint - what the parts of `sallyport lint` share: findings, and the policy that is looked at.
 *
 *	lint_main()        loads the policy, then each file under users/ with it, and for each
 *	lint_entry()       looks at one setting as it is written
 *	lint_command()     at one [command]
 *	lint_account()     at what the sections amount to for one [user] or [group]
 *	lint_docroots()    at all of their docroots together
 *	lint_here()        at the docroots of this host's accounts, as the gate opens them
 *	lint_report_…()    sorts and prints
 */
#ifndef CLI_LINT_H
#define CLI_LINT_H

#include "policy/policy.h"

#include <stdio.h>
#include <time.h>

enum severity { SEVERITY_LOW, SEVERITY_MEDIUM, SEVERITY_HIGH };

/* Rows of lint_checks[], in the order of the man page. */
enum check {
	CHECK_PROGRAM_ESCAPE,
	CHECK_PROGRAM_OPTIONS,
	CHECK_PROGRAM_WRITABLE,
	CHECK_PROGRAM_IN_DOCROOT,
	CHECK_PROGRAM_MISSING,
	CHECK_TEMPLATE_PARENT,
	CHECK_CAPTURE_OPTION,
	CHECK_COMMAND_SHADOWED,
	CHECK_COMMAND_UNMATCHABLE,
	CHECK_COMMAND_UNLISTED,
	CHECK_COMMAND_NEVER,
	CHECK_FORM_REFUSED,
	CHECK_HELD_BY_CLIENT,
	CHECK_OPTION_REFUSED,
	CHECK_OPTION_UNKNOWN,
	CHECK_TOKEN_IGNORED,
	CHECK_FROM_NEVER,
	CHECK_FROM_COVERED,
	CHECK_HOURS_NEVER,
	CHECK_HOURS_ALWAYS,
	CHECK_EXPIRES_PAST,
	CHECK_PROFILE_UNLISTED,
	CHECK_PROFILE_REQUIRED,
	CHECK_KEY_UNLISTED,
	CHECK_PATH_IDLE,
	CHECK_PATH_MISSING,
	CHECK_ACCOUNT_FAULTY,
	CHECK_ACCOUNT_IDLE,
	CHECK_USER_UNKNOWN,
	CHECK_GROUP_UNKNOWN,
	CHECK_USERS_STRAY,
	CHECK_POLICY_EMPTY,
	CHECK_DOCROOT_HOME,
	CHECK_DOCROOT_HOME_ALLOWED,
	CHECK_DOCROOT_SERVICE_HOME,
	CHECK_DOCROOT_SHARED,
	CHECK_DOCROOT_NONE,
	CHECK_DOCROOT_REFUSED,
	CHECK_UMASK_WORLD,
	CHECK_UMASK_GROUP,
	CHECK_PASS_ENV_WIDE,
	CHECK_PROTECT_NONE,
	CHECK_LOCAL_FROM,
	CHECK_TRANSFERS_UNLOGGED,
	CHECK_ISOLATION_CHROOT,
	CHECK_ISOLATION_LANDLOCK,
	CHECK_MAY_LACK,
	CHECKS_COUNT,
};

struct check_row {
	const char *id;
	enum severity severity;
	const char *why, *fix;
};

extern const struct check_row lint_checks[CHECKS_COUNT];

struct place {
	const char *file;
	unsigned line;
};

struct finding {
	enum check check;
	char *file;
	unsigned line;
	char *subject;
};

/* A docroot of an account, or of whoever is in a group. */
struct lint_docroot {
	char *path;
	char *whose;
	char *file;
	unsigned line, umask;
};

/* A docroot as it is written, as a pattern. */
enum { LINT_PATTERN_MAX = 2 * POLICY_VALUE_MAX + 1 };

struct lint {
	const char *file;  /* of the policy, absolute */
	const char *shown; /* what the findings call it */
	bool candidate, json;
	time_t now;
	struct policy *policy; /* that is looked at: the main file, perhaps with one under users/ */
	struct policy *main;
	bool *used;    /* per section of main: some `commands` or `profiles` lists it */
	bool accounts; /* there is some [user] or [group] */
	struct finding *findings;
	size_t findings_count;
	struct policy_fault *faults;
	size_t faults_count;
	struct lint_docroot *docroots;
	size_t docroots_count;
	struct lint_homes *homes; /* read when the first docroot is looked at */
	bool failed; /* no memory */
};

__attribute__((format(printf, 4, 5))) void lint_find(struct lint *lint, enum check check,
						     struct place place, const char *subject, ...);

/* Where a section sets something; the section's own line when it does not. */
struct place lint_place(const struct lint *lint, size_t section, const char *setting);

void lint_entry(struct lint *lint, const struct policy_section *section,
		const struct policy_entry *entry);
void lint_from(struct lint *lint, struct place place, const char *list);
void lint_command(struct lint *lint, size_t index, const struct policy_section *section);
void lint_account(struct lint *lint, size_t index, const struct policy_section *section);

/* A program that some setting names, and whether its argv has words of the client's. */
void lint_program(struct lint *lint, struct place place, const char *path, bool client_words);
/* Only what is wrong with the file: who can write it, where it lies. */
void lint_program_file(struct lint *lint, struct place place, const char *path);
void lint_program_docroot(struct lint *lint, struct place place, const char *path);

/* A docroot as it is written: homes in it, and whether it is one. user is whose section it stands
 * in, or NULL. */
void lint_docroot(struct lint *lint, struct place place, const char *value, const char *user);
/* Whether path is what the pattern of a docroot says, or beneath it. "/" is "". */
bool lint_holds(const char *pattern, const char *path);
/* '/' before any other byte, so that what lies beneath a directory stands right behind it. */
int lint_compare_paths(const char *x, const char *y);
/* The homes that lie in it. */
void lint_homes(struct lint *lint, struct place place, const char *value, const char *pattern);
void lint_homes_free(struct lint *lint);
/* Remembers what a merged docroot is; lint_docroots() compares them all. */
void lint_docroot_add(struct lint *lint, struct place place, const char *whose,
		      const struct settings *settings);
void lint_docroots(struct lint *lint);
void lint_here(struct lint *lint);
/* Whether path is in one of the docroots that the policy names. */
bool lint_in_docroot(const struct lint *lint, const char *path);

/* What an account's list of commands amounts to. */
void lint_commands(struct lint *lint, struct place place, const char *whose,
		   const struct settings *settings);

/* Sorts, leaves out what is there twice, prints. How many findings are medium or high. */
size_t lint_report(struct lint *lint);

/*
 * For apply: the whole of lint on one candidate, reported under the name that the administrator knows it by, and
 * how many findings are of high severity. False: no memory.
 */
bool lint_policy(const char *file, const char *shown, size_t *high);

/*
 * For account: what lint makes of one account's own file, source->user's, that is not written yet; told only if
 * something in it is of high severity. *high counts. False: no memory.
 */
bool lint_candidate(const struct policy_source *source, size_t *high);

#endif
