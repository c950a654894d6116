/*
 * definition - a command that may be granted, as data. One engine (grammar.h) reads every one of them.
 *
 * A definition is a list of forms; a form is one shape of the command line. A new tool is a new table.
 */
#ifndef POLICY_DEFINITION_H
#define POLICY_DEFINITION_H

#include "verb.h"

#include <stdbool.h>

/* What the value of an option may be. Every kind but NONE takes `--opt=value` and, if not `attached`, `--opt value`. */
enum value {
	VALUE_NONE,
	VALUE_NUMBER,  /* decimal, 1 to 10 digits */
	VALUE_SIGNED,  /* the same, perhaps behind a '-' or '+' */
	VALUE_SIZE,    /* a number with a fraction, a unit and +1/-1, as rsync(1) reads sizes */
	VALUE_WORD,    /* 1 to 255 of [A-Za-z0-9_.,:@+=%^*-]: never a path, never starts with '-' */
	VALUE_CHARSET, /* a character set's name, perhaps with //TRANSLIT or //IGNORE behind it */
	VALUE_TEXT,    /* any bytes, does not start with '-' */
	VALUE_CHOICE,  /* one of the option's choices */
	VALUE_CAPS,    /* rsync -e in server mode: [0-9.]*\.[A-Za-z]* */
	VALUE_NAME,    /* one path component: no slash, not "..", does not start with '-' */
	VALUE_PATH,    /* a path that is read; relative to the start directory */
	VALUE_BESIDE,  /* a path; relative to the (first) operand, or to the directory around it (pathname.h) */
};

enum { OPTION_NAME = 48, OPTION_CHOICES = 32, OPTION_SPELLS = 24, OPTION_TEXT = 80 };

/*
 * One option that exists in server mode. What is not in the table is refused as unknown; what is in it and
 * `refused` is refused with the reason in `why`. A policy may accept that all the same (NAME-accept), with a value of
 * the kind given here; `never` says why it may not.
 *
 * Arrays, not pointers: each pointer of a static-pie is relocated at every start, in a page copied for it, and a dozen
 * pages of them cost a session more than the whole policy does.
 */
struct option_rule {
	char name[OPTION_NAME]; /* "--delete", or one letter of a cluster: "r" */
	enum value value;
	unsigned verbs;      /* the account must have them all */
	char choices[OPTION_CHOICES]; /* VALUE_CHOICE: blank-separated */
	bool attached;       /* the value stands in the same word: of its own accord the program takes no other */
	bool mode;           /* only accepted by forms whose `requires` names it */
	bool refused;
	bool dropped;        /* taken and checked, but not passed on: the form inserts its own */
	unsigned source_verbs; /* needed too, but only in forms that cannot upload */
	char spells[OPTION_SPELLS]; /* the option that this is another name of: who refuses one refuses both */
	char never[OPTION_TEXT]; /* of one that is refused: why no policy may accept it, as a clause; or "" */
	char why[OPTION_TEXT]; /* one line: why it is harmless, or why it is refused */
};

/*
 * The client's wish as a template: blank-separated words.
 *	literal	   that word
 *	%o	   any number of options from the definition's table, "--" ends them
 *	%P	   one or more paths; wildcards are expanded inside the view
 *	%p	   one path; a protected part is refused where the form can write
 *	%d	   a decimal number	%w	a word of 1 to 64 of [A-Za-z0-9_.@:+=-], not led by '-'
 *	%Ns	   the same of 1 to N (one or more digits)
 *	%f	   the word that the policy fixes (`rclone-remote`); without one it never matches
 *	%1w %1p %1d  the same with a number 1 to 9: captured for `argv`
 *	...?	   an element with '?' behind it may be absent (only at the end)
 */
enum runs {
	RUNS_PLAIN, /* one process, never forks */
	RUNS_FORK,  /* forks, never executes */
	RUNS_SPAWN, /* starts programs of its own; exempt from exec-once */
	RUNS_NET,   /* forks and talks to the network itself */
	RUNS_PROBE, /* nothing runs: the answer is the exit status 0 */
};

/*
 * Words inserted when the account lacks every one of `verbs`. Values of the same flag join with ','; a flag without
 * a value is inserted once.
 */
struct without {
	unsigned verbs;
	const char *flag;
	const char *value; /* or NULL */
};

/*
 * Several forms may have one template: the first whose `needs` the account has is granted. So what a tool does with
 * every verb stands before what is left of it for an account that may only read.
 */
struct form {
	const char *template;
	const char *argv;      /* what replaces the leading literal words; NULL: they stay */
	const char *insert;    /* words behind the first or those of `argv`: literal, %r the docroot in the
	                          view, %n the account's name, %m the umask; or NULL */
	const char *requires;  /* a mode option that must be given, or NULL */
	bool unseen;           /* other options come inside the protocol, where no policy can refuse them */
	const char *program;   /* key into programs: "rsync" */
	unsigned needs;        /* verbs that cannot be taken away from it */
	unsigned most;         /* verbs it can exercise at all, needs included */
	unsigned inner;        /* verbs the program needs for itself and does not hand to the client */
	unsigned refusable;    /* verbs whose lack the grammar upholds by refusing options */
	const struct without *without; /* verbs whose lack the program's switches uphold; ends in {0} */
	bool browse;           /* refused under restricted and token */
	bool net;              /* talks to the network: RUNS_NET in place of the definition's `runs` */
	bool honours_token;
};

struct program {
	const char *name;
	const char *path; /* the distribution's; `program NAME` overrides it */
};

struct definition {
	const char *name;
	const char *spellings;        /* of a form's first word, blank-separated; NULL: as in the template */
	const struct form *forms;     /* ends in {0} */
	const struct option_rule *options; /* ends in {""}, or NULL */
	const struct program *programs; /* ends in {0} */
	enum runs runs;
	bool clusters;      /* short options may be bundled */
	bool mark;          /* absolute operands get "/./" behind the root */
	bool remotes;       /* an operand with a ':' before any '/' would name another host: refused */
	bool variables;     /* an operand with a '$' would be expanded by the program: refused */
	const char *unfit;  /* what stands in no option's value: the program would replace it; or NULL */
	bool state;         /* keeps something of its own between sessions: /state, and UNISON in env */
	bool tmp;           /* it puts files into /tmp, or may: a session that could run it has one */
	bool start_flag;    /* "-d DIR" is inserted when the start directory is not the docroot; with '%' doubled */
	const char *logged; /* words inserted behind a form's own under `log-transfers`: with them it tells on stderr
	                       what it does to each file, one write(2) a message; or NULL: it cannot */
	const char *const *env;       /* fixed variables, "NAME=value"; NULL-terminated, or NULL. "NAME=%h" is this
	                                 host's name: a session may see another (sandbox/wait.c) */
	const char *const *pass_env;  /* variables of the client's: "NAME=pattern"; likewise */
	const char *const *inside;    /* further files of the runtime it may execute (RUNS_SPAWN); likewise */
	/* Only for [command] definitions: */
	const char *argv;   /* template with captures: "pg_dump -Fc -- %1" */
	bool no_stdin;      /* a source: what the client sends is not read */
	bool no_stdout;     /* a sink: the client reads nothing */
	const char *file;   /* where it was defined */
	unsigned line;
};

/* The built-in ones, in the order of the man page; ends in NULL. */
extern const struct definition *const definition_builtin[];

extern const struct definition definition_sftp, definition_scp, definition_rsync, definition_git,
	definition_aspera, definition_probe, definition_borg, definition_svn, definition_hg,
	definition_unison, definition_rdiff_backup, definition_rclone;

#endif
