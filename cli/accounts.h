/*
 * accounts - what `sallyport account` is made of. What an account needs is a plan: steps that are looked at, told, and
 * then done in order; one that fails undoes those before it.
 *
 *	wish_read(argc, argv, &wish)         what was asked for
 *	plan_open(&plan, &wish)              the lock, and the account as it is
 *	plan_policy(&plan)                   users/NAME.ini as it is to be, and the settings that it gives
 *	plan_step(&plan, &step_…)            the steps, in order
 *	plan_run(&plan)                      looks, tells, does
 *	plan_close(&plan)
 *
 * A step asks for a state, not for a change: where that state holds, nothing is done. So a plan that ran through
 * changes nothing when it runs again, and one that was killed is carried on by the next. Until a plan has run through
 * (or was undone whole) a file in ACCOUNTS_PENDING names the account.
 */
#ifndef CLI_ACCOUNTS_H
#define CLI_ACCOUNTS_H

#include "account.h"
#include "lines.h"
#include "user-tool.h"

#include "policy/policy.h"

#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

#define ACCOUNTS_GROUP "sallyport"              /* all accounts that were made here; for Match Group */
#define ACCOUNTS_HOMES SALLYPORT_ACCOUNTS "/home"
#define ACCOUNTS_PENDING SALLYPORT_ACCOUNTS "/pending"

enum { ACCOUNTS_NAME_MAX = 32, WISH_MAX = 16, STEPS_MAX = 48, STEP_TEXT = 512, ACCOUNTS_GROUPS_MAX = 256,
       UNSAID_MAX = 4 };

/* ---- what is asked for ---- */

enum layout { LAYOUT_UNSAID, LAYOUT_FLAT, LAYOUT_NESTED, LAYOUT_SHARED, LAYOUT_SPLIT };

struct wish_setting {
	const char *name;
	const char *value; /* NULL: its line is taken out */
};

struct wish {
	const char *verb;    /* "add", "set", "remove" */
	const char *name;    /* checked: accounts_name_fault() */
	struct wish_setting setting[WISH_MAX];
	size_t settings_count;
	const char *key[WISH_MAX]; /* files of public keys */
	size_t keys_count;
	enum layout layout;
	const char *directories; /* LAYOUT_SPLIT: which, with blanks between */
	const char *sshd_config; /* NULL: sshd's own */
	bool convert, dry, yes, json, delete_data, keep_user;
};

/* Reads options and NAME; false: said on stderr, or a usage error. */
bool wish_read(int argc, char *argv[], struct wish *wish);

/* Adds one; false: there are too many, or it has a byte that cannot stand in a policy file. Said on stderr. */
bool wish_add(struct wish *wish, const char *name, const char *value);

/* Why no account of this name is made or changed; static. NULL: it can be tried. */
const char *accounts_name_fault(const char *name);

/* ---- a plan ---- */

enum look { LOOK_SAME, LOOK_NEEDED, LOOK_BLOCKED };

struct plan;
struct step;

struct step_kind {
	const char *name;
	/* What state it is in, and in step->text what would be done, or why it cannot be. */
	enum look (*look)(struct plan *plan, struct step *step);
	/* False: step->text says why. What it began to do and could not finish, it has undone. */
	bool (*act)(struct plan *plan, struct step *step);
	/* Back to what it was before act. NULL: it cannot be undone, and nothing before it is from then on. */
	bool (*undo)(struct plan *plan, struct step *step);
};

struct step {
	const struct step_kind *kind;
	const char *file;     /* of a key: where it is read from */
	char path[PATH_MAX];  /* of a directory or file */
	bool owned, grouped;  /* a directory: the account's, or its group's; otherwise root's */
	mode_t mode;
	enum look found;
	char text[STEP_TEXT]; /* escaped when it is printed */
	bool acted;
	/* What act found, for undo. */
	size_t made;          /* directories */
	uid_t old_uid;
	gid_t old_gid;
	mode_t old_mode;
	long old_day;         /* when the password was changed */
	char *old_text;       /* contents of a file, or a value; owned. NULL: there was none */
};

struct plan {
	const struct wish *wish;
	struct account account;  /* facts.uid is 65534 until the account is there */
	const char *groups[ACCOUNTS_GROUPS_MAX + 2];
	struct user_tool tool;   /* with the lock */
	sigset_t signals;        /* as they were */
	bool adopted;            /* an earlier run was cut short: what bears the account's name is ours */
	char home[PATH_MAX], ini[PATH_MAX], keys[PATH_MAX];
	struct wish_setting unsaid[UNSAID_MAX]; /* what nobody said and the account cannot be without */
	size_t unsaid_count;
	char unsaid_docroot[PATH_MAX];
	char *first_policy;      /* what policy.ini is to be where there is none; NULL: there is one */
	char *ini_text;          /* what users/NAME.ini is to be; NULL: it stays as it is */
	struct lines ini_lines;  /* the same, with what changes */
	struct policy *policy;   /* with both */
	const struct settings *settings;
	enum layout layout;
	struct step step[STEPS_MAX];
	size_t steps;
	bool final;              /* a step that cannot be undone was done */
};

/* 0, or an exit status, said on stderr. Signals that would end us are held back until plan_close(). */
int plan_open(struct plan *plan, const struct wish *wish);
void plan_close(struct plan *plan);

/* The policy with what is wished for, loaded as the gate would. 0, or an exit status, said on stdout. */
int plan_policy(struct plan *plan);

/* A step at the end of the plan; never NULL: STEPS_MAX is more than any plan has. */
struct step *plan_step(struct plan *plan, const struct step_kind *kind, const char *path);

/* The exit status. */
int plan_run(struct plan *plan);

__attribute__((format(printf, 2, 3))) void step_say(struct step *step, const char *format, ...);

/* ---- steps ---- */

extern const struct step_kind step_group, step_user, step_shell, step_password, step_member; /* accounts-user.c */
extern const struct step_kind step_directory;                                     /* accounts-directory.c */
extern const struct step_kind step_policy, step_ini;                              /* accounts-ini.c */
extern const struct step_kind step_key;                                           /* accounts-key.c */

/* ---- what the parts share ---- */

/*
 * The directory that path lies in, each component root's and written by nobody else, without links; path's last part
 * in *name. Where made is not NULL those that are missing are made, and counted. -1: *reason and errno.
 */
int directory_way(const char *path, size_t *made, const char **name, const char **reason);

/* Why no account may have this docroot; static. NULL: it may. */
const char *directory_fault(const char *docroot);

/* Removes everything beneath path and path itself, by descriptors: through no link, onto no other file system. False:
 * *left names what stayed first. */
bool directory_delete(const char *path, char left[PATH_MAX]);

/* A file of ours gets new contents, whole or not at all; text NULL: it goes. False: the reason in step->text. */
bool file_put(struct step *step, const char *path, const char *text);

/* What a file holds, NUL-terminated, to be freed; NULL: it is not there or cannot be read. */
char *file_text(const char *path);

/* What users/NAME.ini has to be for the wish, in plan->ini_lines and ini_text. False: said on stderr. */
bool ini_make(struct plan *plan);

/* Where the keys of an account are; or, with "%u" for the name, of all. */
void accounts_keys(const char *name, char path[PATH_MAX]);

/* Whether a plan for the account was cut short, and not carried on yet. */
bool accounts_is_pending(const char *name);

/* The setting that the wish has by this name; NULL: none. */
const char *wish_value(const struct wish *wish, const char *name);

/* The subcommands. argv[0] is its name. Returns the exit status. */
int accounts_add_main(int argc, char *argv[]);
int accounts_set_main(int argc, char *argv[]);
int accounts_show_main(int argc, char *argv[]);
int accounts_list_main(int argc, char *argv[]);
int accounts_remove_main(int argc, char *argv[]);
int accounts_import_main(int argc, char *argv[]);

/* One account is made, or made to be as is wished; what is left to do is told. Returns the exit status. */
int accounts_add(const struct wish *wish);

/* Whether sshd hands the account to the gate; prints the Match block and where to put it if not. */
void sshd_tell(const struct plan *plan);

#endif
