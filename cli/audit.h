/*
 * audit - what the parts of `sallyport audit` share: the host as it was gathered, and the findings.
 *
 *	audit_accounts()   who there is, from the account files and from NSS
 *	audit_policy()     what the policy says of each
 *	audit_…()          further steps, in the order of steps[] in audit.c: each gathers, and asks audit/ to judge
 *	audit_report()     sorts and prints
 *
 * A step that cannot see something says audit_unseen(): what is not looked at is never a silent pass.
 */
#ifndef CLI_AUDIT_H
#define CLI_AUDIT_H

#include "image.h"

#include "audit/finding.h"
#include "audit/fix.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The text of a file, cut into lines in place; what was parsed from it points into it. */
struct audit_text {
	char *text;  /* NULL: it could not be read */
	size_t length;
	char *shown; /* its name as findings have it: without --root */
};

struct audit {
	/* What was asked for. */
	const char *policy;
	bool any_owner;
	const char *root; /* --root: an image that is mounted there, without a slash at the end; NULL: this host */
	const char *user; /* --user: this account alone; NULL: all */
	const char *well_known; /* --well-known: fingerprints of keys whose private half is public; or NULL */
	enum audit_severity least;
	bool json, plan;
	/* The host. */
	struct audit_text passwd, shadow, group, nss_passwd, nss_group;
	struct audit_account *account; /* in the order of their names; fixed once audit_accounts() is done */
	size_t accounts;
	bool policy_read;        /* it could be asked about everybody */
	struct audit_sshd *sshd; /* audit-sshd.h */
	size_t sshds;
	struct image image;
	int64_t now;
	/* Of the steps that look at keys and docroots (audit-keys.h); NULL: none yet. */
	struct audit_holders *holders;
	struct audit_lists *lists;
	struct audit_authorities *authorities;
	struct audit_docroots *docroots;
	struct jails *jails;
	struct audit_findings found;
};

/* The steps. */
void audit_accounts(struct audit *audit);
void audit_policy(struct audit *audit);
void audit_sshd(struct audit *audit);
void audit_sshd_free(struct audit *audit);
void audit_layers(struct audit *audit); /* behind what reads the keys */
void audit_sudo(struct audit *audit);
void audit_startup(struct audit *audit);
void audit_host(struct audit *audit);

/* Whether it is one of those that were asked for. */
bool audit_wanted(const struct audit *audit, const struct audit_account *account);
void audit_keys(struct audit *audit);

/*
 * What NSS lists, in the file's form, for "passwd" or "group": the file's own entries too. False: there is no source
 * beside the file. One that lists nothing is said.
 */
bool audit_nss(struct audit *audit, const char *database, struct audit_text *text);

/* The account of a name, or NULL. After audit_accounts(). */
struct audit_account *audit_account(const struct audit *audit, const char *name);

/* Whether an account is one to be held, and asked for: gated by the policy, or sshd starts the gate for it. */
bool audit_restricted(const struct audit_account *account);

/* Whether anybody can log in to it at all: its shell is neither nologin nor false. */
bool audit_can_login(const struct audit_account *account);

/* A file of the host, or of the image: no link in it leads out of the image. -1 and errno. */
int audit_open(const struct audit *audit, const char *path, int flags);

/* Reads a whole file. False, with errno: text->text is NULL, and shown is set all the same. */
bool audit_read(const struct audit *audit, const char *path, struct audit_text *text);
void audit_text_free(struct audit_text *text);

/* The next line at *at, NUL-terminated in place without its LF; NULL at the end. odd: it has a NUL byte of its own. */
char *audit_line(struct audit_text *text, size_t *at, bool *odd);

/* Prints. The exit status. */
int audit_report(struct audit *audit);
void audit_report_json(const struct audit *audit);

/* Names of the layers, by their bit. */
extern const char *const audit_layers_names[AUDIT_LAYERS];
/* How many accounts each set of layers holds, and what remains if one is removed. */
void audit_print_held(const struct audit *audit);
/* An account, point by point: PASS or FAIL. */
void audit_print_points(const struct audit *audit, const struct audit_account *account);

/* What the six lines count. */
struct audit_counts {
	size_t full, restricted, insecure, hole[AUDIT_HOLES];
};
struct audit_counts audit_count(const struct audit *audit);

/* The commands that mend a finding for one of its accounts, or for none; to be freed. NULL: no memory. */
char *audit_commands(const struct audit_finding *finding, const struct audit_account *account);

#endif
