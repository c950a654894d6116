/*
 * policy - policy files to settings; request and settings to a decision.
 *
 *	struct policy *policy = NULL;
 *	policy_load(&source, &policy, &fault)       I/O; refuses what is not root's
 *	policy_settings(policy, &account, &settings, &fault)
 *	policy_decide(settings, &request, &decision)  pure
 *	decision_free(&decision); policy_free(policy)
 *
 * Settings and decisions point into the policy; both are immutable once made.
 */
#ifndef POLICY_POLICY_H
#define POLICY_POLICY_H

#include "arena.h"
#include "definition.h"
#include "limits.h"

#include "text/words.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct policy;

/* What is wrong with a policy, and where. Text is static except file, word and nearest, which are copies. */
struct policy_fault {
	char file[POLICY_PATH_MAX];
	unsigned line;               /* 0: the file as a whole */
	char word[POLICY_LINE_MAX + 1]; /* the offending word, or "" */
	const char *reason;          /* static */
	const char *want;            /* static: what would be right, or NULL */
	char nearest[POLICY_NAME_MAX + 1]; /* the valid word that is nearest, perhaps the policy's own; or "" */
};

struct policy_source {
	const char *file;   /* absolute */
	const char *user;   /* users/NAME.ini beside the file is read too; NULL: not */
	bool any_owner;     /* a candidate file that an administrator checks */
	unsigned owner;     /* user mode: the account, whose file it may be as well as root's; 0: root's alone */
	bool tests_only;    /* no policy: a file of [test] sections and nothing else */
	const char *text;     /* tools: what file is to hold, in place of its bytes; NULL: it is read */
	const char *own_text; /* the same of users/NAME.ini */
};

/* True and a policy to be freed, or false and *fault. */
bool policy_load(const struct policy_source *source, struct policy **policy,
		 struct policy_fault *fault);
void policy_free(struct policy *policy);

/* ---- settings ---- */

enum isolation { ISOLATION_NAMESPACE, ISOLATION_CHROOT, ISOLATION_LANDLOCK };
enum token { TOKEN_OFF, TOKEN_MARKER };

/* `limit NAME`, in the order of limit_names. */
enum limit { LIMIT_CPU, LIMIT_FILE_SIZE, LIMIT_FILES, LIMIT_MEMORY, LIMIT_PROCESSES, LIMIT_TMP, LIMITS };
#define LIMIT_UNSET UINT64_MAX
extern const char *const limit_names[LIMITS];

/* A step that the policy allows to be absent on this host. */
enum may_lack { MAY_LACK_LANDLOCK = 1 << 0 };

/* `access /DIR`: what may be done beneath a directory of the docroot, where that is more, or nothing is written. */
struct path_rule {
	const char *directory; /* "/in", as the client names it; no slash at the end */
	unsigned verbs;
	bool read_only;
};

struct key_rule; /* a [key] section, narrowed to one account; below */

struct pair {
	const char *name;
	const char *value;
};

/* NAME-refuse: options that the account does not have. */
struct refusal {
	const char *list;   /* blank-separated, perhaps with '*' at a name's end; NULL: none */
	const char *where;  /* "rsync-refuse in FILE, line N" */
};

/* How an account's options differ from a definition's table. */
struct option_changes {
	const struct definition *definition;
	const struct option_rule *accept; /* rows that stand before the table's; ends in {0}, or NULL */
	struct refusal refuse[POLICY_CONDITIONS_MAX]; /* the account's, the profile's and the key's */
};

/* Everything the policy says for one account, merged. */
struct settings {
	const char *user;
	const char *host;           /* this host's name, or NULL */
	const char *docroot;        /* absolute, tokens expanded; NULL means `none` */
	bool docroot_set;
	bool docroot_home;          /* the docroot may hold the home directory */
	const char *start;          /* "/" or "/dir", inside the docroot; tokens expanded */
	enum isolation isolation;
	unsigned may_lack;
	const struct definition *commands[POLICY_COMMANDS_MAX];
	size_t commands_count;
	unsigned verbs;             /* where no path rule says otherwise */
	struct path_rule paths[POLICY_LIST_MAX]; /* parents before what is in them */
	size_t paths_count;
	bool restricted;
	enum token token;
	const char *token_env, *token_value;
	const char *sftp_subsystem[POLICY_LIST_MAX]; /* further command lines that mean sftp */
	size_t sftp_subsystem_count;
	struct pair program[POLICY_LIST_MAX]; /* overrides of struct program */
	size_t program_count;
	struct pair env[POLICY_LIST_MAX];
	size_t env_count;
	struct option_changes options[POLICY_OPTIONS_MAX];
	size_t options_count;
	const char *rclone_remote;  /* the one remote that rclone may serve, or NULL */
	const char *pass_env;       /* blank-separated names; a '*' at a name's end */
	const char *protect;        /* blank-separated names */
	unsigned umask;
	unsigned nice;              /* 0 to 19 */
	uint64_t limit[LIMITS];     /* in the unit of the limit's name; LIMIT_UNSET: as the system has it,
	                               and of LIMIT_TMP as the commands need it */
	unsigned duration;          /* of a session, seconds; 0: unlimited */
	unsigned sessions;          /* at once; 0: unlimited */
	unsigned key_sessions;      /* at once with this key; the account's sessions hold besides */
	bool local;
	bool log_required;
	int log_facility;           /* as syslog(3) has it */
	bool log_transfers;         /* what a program that can tell does to each file is logged */
	const char *message;        /* to an interactive login */
	const char *profiles;       /* blank-separated names that --profile may choose */
	bool profile_required;
	const char *profile;        /* the one chosen, or NULL */
	bool key_identity;          /* sshd tells which key was used, and no client can */
	const char *key_names;      /* blank-separated names of [key] sections */
	const struct key_rule *keys; /* those sections: if there are any, one of them must fit */
	size_t keys_count;
	const char *key;            /* the section that fits, in the settings of a key_rule; or NULL */
	/* Conditions: every one must hold. A profile and a key add their own to the account's. */
	const char *from[POLICY_CONDITIONS_MAX];  /* pattern lists of addresses; NULL: any */
	const char *hours[POLICY_CONDITIONS_MAX];
	int64_t expires;            /* seconds since 1970, the earliest; INT64_MAX: never */
};

/* A key is told by one of the first two; the other is NULL. */
struct key_rule {
	const char *fingerprints;        /* blank-separated, "SHA256:…" */
	const char *cert_id;
	const struct settings *settings; /* what is left of the account's for this key */
};

/* Which key sshd accepted. Each is NULL when it is not known; believing it can only cost rights (I7). */
struct identity {
	const char *fingerprint;    /* "SHA256:…"; of a certificate, that of the key certified */
	const char *cert_id;        /* of a certificate */
};

/* Facts of the account that pick the sections and fill %u %h %U. */
struct policy_account {
	const char *user, *home;
	unsigned uid;
	const char *const *groups; /* names; NULL-terminated */
	const char *host;          /* this host's name, for the one program that tells hosts apart; or NULL */
	const char *profile;       /* from the forced command's --profile, or NULL */
	bool restricted, token;    /* from its -r and -t: they only take away */
	const char *own_policy;    /* user mode: its file, which must lie in no docroot; else NULL */
	bool before_profile;       /* tools: what the account has before a required profile narrows it */
};

/* Whether any [group] section is there, so that group names matter. */
bool policy_names_groups(const struct policy *policy);

enum policy_verdict {
	POLICY_SETTINGS, /* *settings is set */
	POLICY_REFUSED,  /* the policy is sound and has no place for this account: exit status 77 */
	POLICY_FAULTY,   /* the policy is at fault: 78 */
};

/*
 * Merges defaults, the groups' sections in file order, the user's section and the profile. Settings live
 * as long as the policy. *fault tells why there are none.
 */
enum policy_verdict policy_settings(struct policy *policy, const struct policy_account *account,
				    const struct settings **settings, struct policy_fault *fault);

/* The isolation's name, as the policy spells it. */
const char *policy_isolation(const struct settings *settings);

/* The name of the facility that its sessions are logged under. */
const char *policy_facility(const struct settings *settings);

/*
 * Where the docroot is for the program, without a slash at the end: in_view where there is a view, nothing at all
 * where the docroot is the root, or its own path.
 */
const char *policy_root(const struct settings *settings, const char *in_view);

/* Whether what a program of this definition says on stderr is its record, and nothing for the client. */
static inline bool policy_logs_transfers(const struct settings *settings, const struct definition *definition)
{
	return settings->log_transfers && definition->logged;
}

/* The path of a program that a form names, after `program NAME`; NULL for a form that runs nothing. */
const char *policy_program(const struct settings *settings, const struct definition *definition,
			   const struct form *form);

/* What the account's options of this definition are changed by, or NULL. */
const struct option_changes *policy_options(const struct settings *settings,
					    const struct definition *definition);

/*
 * The definition that a setting NAME-accept or NAME-refuse is about, or NULL; and the row of its table for an option
 * as such a setting names it: "--delete", "-z" or "z", up to a '='. NULL: not in the table.
 */
const struct definition *policy_option_owner(const char *setting);
const struct option_rule *policy_option(const struct definition *definition, const char *word,
					size_t length);

/* ---- decision ---- */

/* What arrived; bytes are the stranger's. */
struct request {
	const char *command; /* NULL: none was asked for */
	size_t length;
	const char *root;    /* where the docroot is for the program: policy_root() */
	const char *address; /* the client's, numeric; NULL: not known */
	struct identity key; /* read only where key-identity says that it can be believed */
	int64_t now;         /* seconds since 1970 */
};

enum verdict {
	DENY = 0,
	GRANT,
};

enum denial {
	DENIAL_INTERACTIVE, /* no command */
	DENIAL_EMPTY,
	DENIAL_RC,          /* sshd's call for ~/.ssh/rc */
	DENIAL_SYNTAX,
	DENIAL_NOMATCH,     /* no definition answers to the first word */
	DENIAL_GRAMMAR,     /* the definition was found, and its grammar refused */
	DENIAL_ACCESS,      /* a verb that the account lacks */
	DENIAL_RESTRICTED,
	DENIAL_TOKEN,
	DENIAL_SOURCE,      /* from */
	DENIAL_TIME,        /* hours, expires */
	DENIAL_KEY,         /* keys: absent or unlisted */
	DENIAL_FAULT,       /* ours: no memory */
};

/* How the lack of a verb is upheld, strongest first. The first two hold against the program itself. */
enum hold {
	HOLD_MOUNT,    /* the docroot is mounted read-only */
	HOLD_LANDLOCK,
	HOLD_SWITCH,   /* the program's own server-side switch: against the client only */
	HOLD_GRAMMAR,  /* no form or option asks for it: against the client only */
	HOLD_NONE,
};

struct decision {
	enum verdict verdict;
	const struct settings *settings; /* that held: the account's, or what is left of them for the key */
	/* Of a denial: */
	enum denial denial;
	const char *reason;  /* static, one clause */
	const char *detail;  /* the table's or the policy's own word on it, or NULL */
	size_t offset, end;  /* of the word at fault in the command; equal when there is none */
	unsigned lacks;      /* DENIAL_ACCESS: the verbs */
	/* Of both, once known: */
	const struct definition *definition;
	const struct form *form;
	/* Of a grant: */
	const char *program;  /* absolute path */
	char **argv;          /* NULL-terminated */
	const bool *pattern;  /* per argv word: to be expanded inside the view */
	size_t argc;
	size_t inserted_at, inserted; /* which words of it are the table's own, and how many */
	unsigned judged;      /* the verbs that hold where all of its operands lie; without operands, anywhere */
	unsigned verbs;       /* that the program is given there: most & the account's, and inner */
	struct arena arena;   /* owns argv, together with */
	struct words words;   /* those that it took over as they were */
};

/* Pure. *decision is to be released by decision_free() whatever the verdict. */
void policy_decide(const struct settings *settings, const struct request *request,
		   struct decision *decision);
void decision_free(struct decision *decision);

/*
 * The environment of a grant, built from nothing: fixed variables, those of the client's that pass, the policy's,
 * the definition's, and the token marker last. client may be NULL. Pure; the array is NULL-terminated and
 * lives in decision->arena. NULL: no memory.
 */
char **policy_environ(const struct settings *settings, struct decision *decision,
		      char *const *client);

/*
 * A part of the docroot where the same verbs hold: the first is all that no path rule is about, then there is
 * one for each rule, and what it says ends where a deeper one begins.
 */
struct ground {
	const char *directory; /* "/" or the rule's */
	unsigned verbs;        /* that the account has there */
	unsigned judged;       /* that options and switches were chosen by, in the whole command */
	bool mounts;           /* the isolation can mount it read-only */
};

/* How many there are, and the one at index, judged as for a command whose operands lie there. */
size_t policy_grounds(const struct settings *settings);
struct ground policy_ground(const struct settings *settings, size_t index);

/* What of these verbs a form is given: what it can exercise, and what it needs for itself. Pure. */
unsigned policy_given(const struct form *form, unsigned verbs);

/*
 * Why a form is refused where the verbs at its operands are `judged`: what it needs and they lack, and what nothing
 * could take away from it on some ground. 0: it is not. Pure.
 */
unsigned policy_lacks(const struct settings *settings, const struct form *form, unsigned judged);

/* The strongest layer that upholds the lack of one verb on this ground, in this form. Pure. */
enum hold policy_hold(const struct form *form, const struct ground *ground, unsigned verb);

/* ---- what the files say: for tools, never for a session ---- */

enum expected { EXPECT_ALLOW = 1, EXPECT_DENY, EXPECT_ERROR };

/* A [test] section: what is asked, and what the answer has to be. Nothing of it comes from the host. */
struct expectation {
	const char *name, *file;
	unsigned line;
	struct policy_account account; /* home is /home/USER and uid EXPECTATION_UID unless it says so */
	const char *address;           /* NULL: not known */
	struct identity key;           /* likewise */
	int64_t now;                   /* seconds since 1970; -1: not said */
	const char *command;           /* escapes undone */
	enum expected expect;
	const char *const *argv;       /* NULL-terminated, escapes undone; NULL: any */
	const char *reason;            /* what the reason has to contain; NULL: any */
	const char *rule;              /* the definition's name; NULL: any */
};

enum { EXPECTATION_UID = 1000 };

/* The [test] sections in the order of the file; they live as long as the policy. */
const struct expectation *policy_tests(const struct policy *policy, size_t *count);

struct policy_section {
	const char *kind;  /* static: "defaults" "group" "user" "profile" "key" "command" "test" */
	const char *name;  /* "" for defaults */
	const char *file;
	unsigned line;
	size_t entries;    /* how many policy_entry() has */
	const struct definition *definition; /* of a [command], else NULL */
};

/* One setting of a section, as it is written; a list that goes on is one. */
struct policy_entry {
	const char *name;
	const char *argument; /* of "env NAME", or NULL */
	const char *value;
	unsigned line;
};

/*
 * The sections of all files read, in their order, and the settings of each. False, and the view untouched, when
 * index is behind the last. policy_settings() has them merged.
 */
bool policy_section(const struct policy *policy, size_t index, struct policy_section *view);
bool policy_entry(const struct policy *policy, size_t section, size_t index,
		  struct policy_entry *view);

#endif
