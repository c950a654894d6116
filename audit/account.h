/*
 * account - the accounts of a host as its files say: passwd(5), shadow(5), group(5).
 *
 * Each reader takes one line, without its LF, cuts it into fields in place, and returns NULL or a static reason for
 * which the line is no entry. What a struct points to is that line.
 */
#ifndef AUDIT_ACCOUNT_H
#define AUDIT_ACCOUNT_H

#include <stdbool.h>
#include <stddef.h>

enum audit_password {
	AUDIT_PASSWORD_UNSEEN, /* shadow could not be read, or has no line for it */
	AUDIT_PASSWORD_EMPTY,
	AUDIT_PASSWORD_LOCKED, /* "!…": sshd without PAM refuses the account altogether */
	AUDIT_PASSWORD_NONE,   /* "*" and what else no password comes to */
	AUDIT_PASSWORD_SET,
};

/* What is known of the lines that could admit somebody by a key; set by whoever has read them all. */
enum audit_keys {
	AUDIT_KEYS_UNSEEN,   /* a file or an AuthorizedKeysCommand that tells nothing */
	AUDIT_KEYS_NONE,
	AUDIT_KEYS_ENFORCED, /* each of them can only call the gate, and nobody but root can add one */
	AUDIT_KEYS_OPEN,
};

/* What keeps an account in the gate. Each holds without the others. */
enum {
	AUDIT_LAYER_SHELL = 1 << 0, /* the gate is its login shell, and nothing goes past the login shell */
	AUDIT_LAYER_FORCE = 1 << 1, /* every sshd forces the gate, wherever the client comes from */
	AUDIT_LAYER_KEYS = 1 << 2,  /* every key is enforced, and nothing but a key gets in */
	AUDIT_LAYERS = 3,
};

/* Where something is written. */
struct audit_place {
	const char *file; /* NULL: not in a file */
	size_t line;      /* from 1; 0: the file as a whole */
};

struct audit_account {
	const char *name, *home, *shell;
	unsigned uid, gid;
	struct audit_place place, shadow;
	enum audit_password password;
	const char **groups;     /* names, NULL-terminated; or NULL */
	unsigned *gids;          /* their numbers, in the same order; and then its own, if no group has it */
	size_t gids_count;
	/* What the policy says. */
	bool gated;              /* it has a place for the account */
	const char *docroot;     /* absolute; NULL: none, or refused */
	const char *start;       /* "/" or "/dir", inside the docroot; NULL without one */
	bool rooted;             /* isolation = chroot: the docroot becomes the root */
	bool writes;             /* it may change something in it */
	const char *sftp;        /* what a Subsystem line may be to mean sftp, '\n' around each; NULL: it has no sftp */
	struct audit_place docroot_place;
	/* What is found out. */
	bool shell_is_gate;
	bool forced;             /* AUDIT_LAYER_FORCE: known before the keys are looked at */
	enum audit_keys keys;
	unsigned layers;
	unsigned holes;          /* bits of enum audit_hole, by its findings */
	bool insecure;
};

const char *audit_read_passwd(char *line, struct audit_account *account);

/* One line of shadow: whose it is, and what its password is. */
const char *audit_read_shadow(char *line, const char **name, enum audit_password *password);

/* One line of group: *members is the list with its commas. */
const char *audit_read_group(char *line, const char **name, unsigned *gid, char **members);

/* What is odd about a name: bytes or a shape that useradd(8) refuses. A static reason, or NULL. */
const char *audit_name_odd(const char *name);

/* Whether a path is beneath, or is, another: by components, without a look at the disk. */
bool audit_path_within(const char *path, const char *directory);

#endif
