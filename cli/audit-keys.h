/*
 * audit-keys - what the steps of `sallyport audit` share that look at keys.
 *
 *	rules_read(answer, &rules)            what sshd -T says for an account, as far as keys are
 *concerned revocation_choose(audit, &rules)         the list that sshd looks keys up in
 *	keys_look_at(audit, account, &rules)  files of keys, and every line
 *	holders_end(audit), revocation_end(audit)   keys that several accounts have, or that are
 *revoked
 */
#ifndef CLI_AUDIT_KEYS_H
#define CLI_AUDIT_KEYS_H

#include "audit.h"
#include "keys-revoked.h"
#include "keys.h"
#include "sshd-tokens.h"
#include "way.h"

#include "keys/judge.h"
#include "keys/keystream.h"

/* What sshd would open for a session whose key does not forbid it. */
enum {
	OPENS_FORWARDING = 1 << 0,
	OPENS_AGENT = 1 << 1,
	OPENS_X11 = 1 << 2,
	OPENS_TTY = 1 << 3,
	OPENS_RC = 1 << 4,
	OPENS_ENVIRONMENT = 1 << 5,
	OPENS_TUNNEL = 1 << 6,
	OPENS_COMMAND = 1 << 7, /* no ForceCommand: the key's own, or the client's */
};

enum { RULES_VALUE_MAX = 4096 };

struct key_rules {
	unsigned opens;
	bool keys, strict;           /* PubkeyAuthentication, StrictModes */
	bool served;                 /* AuthorizedKeysCommand is `sallyport keys serve` */
	bool principals_served;      /* likewise `sallyport keys principals` */
	char files[RULES_VALUE_MAX]; /* each "" for none */
	char command[RULES_VALUE_MAX], command_user[256];
	char principals[RULES_VALUE_MAX], principals_command[RULES_VALUE_MAX];
	char authorities[RULES_VALUE_MAX], revoked[RULES_VALUE_MAX];
	char force[RULES_VALUE_MAX], chroot[RULES_VALUE_MAX], host_certificate[RULES_VALUE_MAX];
};

void rules_read(const char *answer, struct key_rules *rules);

/* Whom and what a finding is about. */
struct about {
	struct audit *audit;
	struct audit_account *account; /* NULL: the host */
	const char *file;              /* as the image has it */
	size_t line;                   /* 0: the file as a whole */
};

/* ---- audit-keys.c ---- */

/* Every file of keys that the account has, and every line; the worst that they come to. */
enum audit_keys keys_look_at(struct audit *audit, struct audit_account *account,
			     const struct key_rules *rules);

/* The account as sshd-tokens.h asks for it. */
struct policy_account keys_facts(const struct audit_account *account);

/* One file that sshd_config has, for the account. False: it is none, or cannot be expanded. */
bool keys_path(const char *pattern, const struct audit_account *account, char out[PATH_MAX]);

/* What sshd opens for the account, as far as its shell does not close it. */
unsigned keys_opens(const struct audit_account *account, const struct key_rules *rules);

/* ---- audit-line.c: which checks the findings of a line are ---- */

struct line_facts {
	struct about about;
	unsigned
	    opens;   /* of sshd's, what neither ForceCommand nor the account's shell takes away */
	bool served; /* nobody but `keys serve` reads the file: what it mends is no finding */
};

void line_find(const struct line_facts *facts, const struct keyline *line, judge_set found);

/* Whether a line, as far as sshd takes it, can do no more than call the gate: by itself, or by what
 * sshd closes. */
bool line_holds(const struct line_facts *facts, const struct keyline *line,
		const struct wanted *wanted);

/* ---- audit-place.c: who can change a file, and what that means ---- */

/* False: errno. */
bool place_look(struct audit *audit, const struct audit_account *account, const char *path,
		struct way *way);

/* A finding about one component of a way, which is named in it; nothing where there is none. */
void place_find(const struct about *about, enum audit_id id, const struct way *way,
		const struct way_spot *spot, const char *why);

/* Access lists that let somebody write, and network file systems. */
void place_find_hidden(const struct about *about, const struct way *way);

/* A file of keys; second: not the first of its account's. */
void place_find_keys(const struct line_facts *facts, const struct key_rules *rules,
		     const struct way *way, bool second);

/* ---- audit-holders.c: keys that were seen ---- */

/* Whether the private half of the key is public, by the administrator's list. */
bool holders_well_known(struct audit *audit, const struct keyline *line);

/* A key that sshd takes. */
void holders_add(const struct about *about, const struct keyline *line);

/* Those that several accounts have. */
void holders_end(struct audit *audit);
void holders_free(struct audit *audit);

/* ---- audit-revocation.c: sshd's revocation lists ---- */

/* The list of the sshd in question, for the keys that follow. */
void revocation_choose(struct audit *audit, const struct key_rules *rules);
void revocation_ask(const struct about *about, const struct keyline *line);
void revocation_end(struct audit *audit);

/* ---- audit-dotfiles.c ---- */

/* opens: as in line_facts. */
void dotfiles_look_at(struct audit *audit, struct audit_account *account, unsigned opens);

/* What holds for all of them. */
void dotfiles_look_at_host(struct audit *audit);

/* Private keys and certificates right in a directory; about->account is NULL where only an
 * authority's matter. */
void dotfiles_look_in(const struct about *about, const char *path, unsigned opens);

/* ---- audit-private.c ---- */

/* Whether the file, about->file, is a private key. */
void private_look_at(const struct about *about, int fd);

/* ---- audit-authority.c: certificates ---- */

/* The authorities of the sshd in question, once for each file of them. */
void authority_look_at(struct audit *audit, const struct key_rules *rules);
bool authority_knows(const struct audit *audit, const unsigned char digest[SHA256_BYTES]);

void authority_end(struct audit *audit);

/* What they could do as this account. */
void authority_find(struct audit *audit, struct audit_account *account,
		    const struct key_rules *rules, unsigned opens);

/* ---- audit-docroot.c, audit-scan.c ---- */

void docroot_look_at(struct audit *audit, struct audit_account *account,
		     const struct key_rules *rules);

/* What lies in the docroots, each looked at once; who shares one. */
void docroot_end(struct audit *audit);
void docroot_scan(const struct about *about, const char *path);

/* ---- audit-runtime.c: docroots that become roots, and the programs in them ---- */

void runtime_note(struct audit *audit, const struct audit_account *account,
		  const struct settings *settings);
void runtime_end(struct audit *audit);

#endif
