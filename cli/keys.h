/*
 * keys - the subcommands of `sallyport keys`, one file each; keys.c has the table. And what they share.
 */
#ifndef CLI_KEYS_H
#define CLI_KEYS_H

#include "account.h"

#include "keys/enforce.h"
#include "keys/keyfile.h"

#include "policy/policy.h"

#include <limits.h>
#include <stdio.h>

/* argv[0] is the subcommand's name. Returns the exit status. */
int keys_check_main(int argc, char *argv[]);
int keys_enforce_main(int argc, char *argv[]);
int keys_add_main(int argc, char *argv[]);
int keys_revoke_main(int argc, char *argv[]);
int keys_find_main(int argc, char *argv[]);
int keys_host_main(int argc, char *argv[]);
int keys_serve_main(int argc, char *argv[]);
int keys_principals_main(int argc, char *argv[]);
int keys_index_main(int argc, char *argv[]);

enum { KEYS_PATTERNS_MAX = 8 };

#define KEYS_INDEX_DIRECTORY "/var/lib/sallyport/keys"

/* Where an account's keys are: as AuthorizedKeysFile says it, with %u %h %U %%; relative to the home. */
struct keys_patterns {
	const char *pattern[KEYS_PATTERNS_MAX];
	size_t count;
};

struct keys_paths {
	char path[KEYS_PATTERNS_MAX][PATH_MAX];
	size_t count;
};

/* False: there are too many. */
bool keys_pattern_add(struct keys_patterns *patterns, const char *pattern);

/* sshd's own two, where none was given. False, said on stderr: one of them is no pattern, or too long. */
bool keys_expand(const struct keys_patterns *patterns, const struct account *account, struct keys_paths *paths);

/* The account, if this host has it; otherwise it is said on stderr. */
bool keys_account(const char *name, struct account *account);

/* The account for good and all: supplementary groups, gid, uid. Only root can. */
bool keys_become(const struct account *account);

/* The same where root could be led astray in writing these files: the account does it for itself. */
bool keys_act_as(const struct account *account, const struct keys_paths *paths);

/* "sallyport: FILE[:LINE]: reason[: errno's text]" on stderr; line 0: none. The status: 71, or 75 for a lock. */
int keys_failed(const char *file, size_t line, const char *reason);

/* A path as the policy's loader wants it: absolute. As it was, when there is no such file: the loader says so. */
const char *keys_absolute(const char *path);

/* Prints bytes with all that a terminal might act upon escaped. */
void keys_print(FILE *to, const char *bytes, size_t length);

/* A static buffer for the one line that is looked at. */
struct keyline *keys_line(void);

/*
 * The enforced line, without LF, for the one bare public key in a file; `whose` is its comment where it has none. NULL,
 * or a static reason, with errno or 0.
 */
const char *keys_add_line(const char *path, const struct wanted *wanted, const char *whose, char out[ENFORCED_ROOM]);

/* flags of the gate's that several subcommands take: -r, -t, --profile. */
struct gatecall *keys_call_option(struct gatecall *call, int option, const char *argument);

#endif
