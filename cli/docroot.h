/*
 * docroot - what the parts of `sallyport docroot` share: the docroots that become roots, what has to lie in each,
 * and how that is put there and looked at.
 *
 *	jails_find(policy, user, &jails)	the policy's accounts with isolation = chroot, by docroot
 *	items_make(jail, &items)		the runtime that their programs need
 *	put_open(jail, …)			its directory, checked as sshd would
 *	put_state(), put_item()			one file of it
 *	look_at_layout(), look_for_strays()	what is there besides
 *	report_find()				says what is wrong, to a person or a program
 */
#ifndef CLI_DOCROOT_H
#define CLI_DOCROOT_H

#include "policy/policy.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* An account that uses a docroot. */
struct tenant {
	char *user, *start;
	uid_t uid;
	gid_t gid;
	unsigned verbs;
};

/* A program that the policy names for one of them. */
struct needed {
	char *path;
	char *definition;        /* its name */
	bool optional;          /* not every host has it */
	const char *refused;    /* why it cannot be had in a chroot; static, or NULL */
};

struct jail {
	char *path;
	struct tenant *tenants;
	size_t tenants_count;
	struct needed *programs; /* each once */
	size_t programs_count;
};

struct jails {
	struct jail *jail;
	size_t count;
	bool failed; /* no memory */
};

/*
 * file is absolute. user: only the docroots of that account, with all who share them; NULL: all. False: the policy is
 * at fault, or there is no memory; said on stderr.
 */
bool jails_find(const char *file, bool candidate, const char *user, struct jails *jails);
void jails_free(struct jails *jails);

/* One account more, by its settings; nothing for those whose docroot becomes no root. Sets failed without memory. */
void jails_add(struct jails *jails, const struct settings *settings, uid_t uid, gid_t gid);

/* A directory too many has no end: nobody reads more lines than these. */
enum { DOCROOT_STRAYS_MAX = 64 };

enum item_kind { ITEM_COPY, ITEM_TEXT, ITEM_NODE, ITEM_DATA };

/* One thing that lies in the docroot. */
struct item {
	enum item_kind kind;
	char *path;     /* absolute, as the program will see it */
	char *text;     /* ITEM_TEXT, or NULL; ITEM_COPY has the bytes of the host's file of that path */
	mode_t mode;
	dev_t device;   /* ITEM_NODE */
	uid_t owner;    /* ITEM_DATA: the account's own directory, made when it is missing */
	gid_t group;
};

struct items {
	struct item *item; /* each path once */
	size_t count;
	bool failed;
};

/* A program that cannot be had is skipped, and its `refused` says why. */
void items_make(struct jail *jail, struct items *items);
void items_free(struct items *items);

/* Adds path, which is copied, unless it is there. NULL: no memory. */
struct item *items_add(struct items *items, enum item_kind kind, const char *path);

/*
 * The files that the loader would map for this program, added to items: found by the host's own loader, which lists and
 * does not run (docroot-libraries.c says why that is safe). NULL, or a static reason.
 */
const char *libraries_add(const char *program, struct items *items);

/* Whether root alone can change the file, by any directory on the way; NULL, or a static reason. */
const char *libraries_trust(const char *path);

enum item_state {
	STATE_SAME,
	STATE_ABSENT,
	STATE_STALE, /* other bytes, mode or owner than it should have */
	STATE_BLOCKED, /* something else has the name, or the way to it is not root's alone */
};

/*
 * What is wrong, as it is found. Each docroot has its findings between report_begin() and report_end(); in JSON all
 * docroots stand between head and tail.
 */
struct docroot_report {
	bool json;
	size_t found;    /* what is wrong, or was left out, in all of them */
	size_t docroots, here;
};

#define DOCROOT_WAY "way" /* sshd's own words about the way to it, which need no other */

void report_head(const char *policy); /* JSON's */
void report_tail(const struct docroot_report *report);
void report_begin(struct docroot_report *report, const struct jail *jail);
__attribute__((format(printf, 3, 4))) void report_find(struct docroot_report *report, const char *word,
							const char *format, ...);
void report_end(struct docroot_report *report, size_t same, size_t items);

/* Opens the docroot; where `make` is set and only it is missing, makes it. -1: reported. */
int put_open(const struct jail *jail, bool make, struct docroot_report *report);

enum item_state put_state(int docroot, const struct item *item);

/* Whole or not at all: written beside its name, then renamed. False: errno. */
bool put_item(int docroot, const struct item *item);

void look_at_layout(const struct jail *jail, int docroot, struct docroot_report *report);
const char *look_layout(const struct jail *jail); /* "nested", "shared" or "split" */
void look_for_strays(int docroot, const struct items *items, struct docroot_report *report);

#endif
