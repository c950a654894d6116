/*
 * audit-logs - what the parts of `sallyport audit logs` share.
 *
 *	logs_read()     files, journals and what is compressed, line by line (audit-logs-read.c)
 *	logs_time()     when a line was written (audit-logs-clock.c)
 *	logs_account()  what an account is: held by the gate or not (audit-logs-who.c)
 *	logs_note()     what a line tells, into tables (audit-logs-note.c)
 *	logs_finish()   what is still open when all is read
 *	logs_text(), logs_json()
 *
 * Memory does not grow with the logs: every table has a size, and what it had to leave out is counted and said.
 */
#ifndef CLI_AUDIT_LOGS_H
#define CLI_AUDIT_LOGS_H

#include "apply-side.h"

#include "audit/logbars.h"
#include "audit/logjoin.h"
#include "audit/logrows.h"
#include "audit/logruns.h"

#include <stdbool.h>
#include <stdint.h>

enum {
	LOGS_ROWS = 4096,     /* of each table */
	LOGS_ACCOUNTS = 4096, /* names that exist: asked for once each */
	LOGS_FAULTS = 32,     /* places where something could not be read, that are named */
	LOGS_PROBES = 20,     /* refusals of an sftp server in one session that are worth a word */
	LOGS_HEAD = 40,       /* bytes of a message that is not known, to count it by */
	LOGS_GUESSES = 10,    /* attempts of a source before it got in by a password */
};

/* What is said of a kind of finding; in the order of sallyport-audit-logs(8). */
enum logs_id {
	LOGS_NOT_THE_GATE,
	LOGS_GUESSED,
	LOGS_PASSWORD,
	LOGS_HOSTBASED,
	LOGS_REVOCATION,
	LOGS_REVOKED,
	LOGS_EXPIRED,
	LOGS_NOT_YET,
	LOGS_PRINCIPAL,
	LOGS_CERTIFICATE,
	LOGS_ADDRESS,
	LOGS_OPTIONS,
	LOGS_TERMINAL,
	LOGS_UNLOGGED,
	LOGS_TRANSFERS_LOST,
	LOGS_MANGLED,
	LOGS_GATE_ERROR,
	LOGS_CHROOT,
	LOGS_NOT_ALLOWED,
	LOGS_PROBING,
	LOGS_IDS,
};

enum logs_severity { LOGS_LOW, LOGS_MEDIUM, LOGS_HIGH };

struct logs_kind {
	const char *id;
	enum logs_severity severity;
	const char *why, *fix;
};
extern const struct logs_kind logs_kinds[LOGS_IDS];
extern const char *const logs_severities[];

/* Columns of the tables. */
enum { FOUND_ID, FOUND_USER, FOUND_FROM, FOUND_WHAT, FOUND_FIELDS };
enum { LOGIN_USER, LOGIN_FROM, LOGIN_METHOD, LOGIN_KEY, LOGIN_CERT, LOGIN_PLACE, LOGIN_GUARDED, LOGIN_FIELDS };
enum { GATE_USER, GATE_FROM, GATE_KEY, GATE_RULE, GATE_PROFILE, GATE_VERDICT, GATE_REASON, GATE_REQUEST, GATE_FIELDS };
enum { FILES_USER, FILES_FROM, FILES_WHAT, FILES_FIELDS };
enum { CLIENT_FROM, CLIENT_WHAT, CLIENT_FIELDS };

enum logs_table {
	TABLE_FOUND,
	TABLE_LOGINS,
	TABLE_GATE,
	TABLE_FILES,
	TABLE_CLIENTS,
	TABLE_ENDS,
	TABLE_UNKNOWN,
	TABLES
};

enum logs_series { SERIES_FAILED, SERIES_REFUSED, SERIES_ACCEPTED };

/* A name that exists, as sshd says. */
enum logs_held {
	HELD_NO,
	HELD_SHELL,     /* its login shell is the gate */
	HELD_OTHERWISE, /* guarded, and with another shell: only a forced command starts the gate */
	HELD_ABSENT,    /* guarded, and not an account of this host: its shell is not known */
};

struct logs_account {
	char *name;
	enum logs_held held;
};

/* Something that could not be read, or not rightly. */
struct logs_fault {
	const char *file;
	unsigned long line; /* 0: the file as a whole */
	char what[SIDE_FAULT_MAX];
};

struct logs_clock {
	int64_t reference; /* no line is much later: the file's last change, in local time; and its year */
	int year;
	struct logstamp stamp; /* the last one, and what it came to */
	int64_t seconds;
	int64_t quarter, offset; /* local time's offset in the quarter of an hour that was last asked for */
	bool begun;
	int64_t latest; /* in this file */
};

struct logs {
	/* What was asked for. */
	const char *policy, *user;
	bool any_owner, json;
	int year, month; /* --year, and where the lines have got to since; 0: as the files' age says */
	bool has_since, has_until;
	int64_t since, until;
	/* What is known. */
	struct side side;
	bool has_policy;
	struct logs_account account[2 * LOGS_ACCOUNTS];
	size_t accounts;
	struct logs_clock clock;
	struct logjoin *join;
	struct logruns *runs;
	struct logrows table[TABLES];
	struct logbars bars;
	/* What was read. */
	const char *file; /* the one being read, and the line of it */
	unsigned long line;
	unsigned long files, lines, bytes, kinds[LOGLINE_KINDS], outside, too_long, repeats, undated, backwards,
		loopback;
	unsigned long ambiguous, lost, lost_attempts, ports; /* ports: gate lines that can be joined */
	unsigned long accounts_beyond;
	int64_t worst_back;
	bool has_span;
	int64_t first, last;
	struct logs_fault fault[LOGS_FAULTS];
	size_t faults;
	unsigned long faults_beyond;
	bool incomplete; /* a file was not read to its end */
};

/* Reads the files, the oldest first; "-" is standard input. */
void logs_read(struct logs *logs, char *const *files);

/* One line, or an entry of a journal, that was read. */
void logs_take(struct logs *logs, const struct logline *line);

/* Notes what is wrong with the input, at the present place or with the file as a whole. */
__attribute__((format(printf, 3, 4))) void logs_fault(struct logs *logs, bool at_line, const char *what, ...);

/* Begins a file that was last changed at `reference`. */
void logs_clock_begin(struct logs *logs, int64_t reference);

/* When the stamp was, in seconds since 1970. False: there is no such day. */
bool logs_time(struct logs *logs, const struct logstamp *stamp, int64_t *seconds);

/* Reads --since and --until: a time, or how long ago ("36h", "7d"). False: it is neither. */
bool logs_read_time(const char *text, int64_t *seconds);

/* Writes 2026-11-21T16:35:42Z. */
void logs_write_time(int64_t seconds, char out[24]);

enum logs_held logs_account(struct logs *logs, struct logspan name);

/* The gate has spoken of it: it is guarded, whatever this host's policy says. */
void logs_account_is_held(struct logs *logs, struct logspan name);
void logs_accounts_free(struct logs *logs);

void logs_note(struct logs *logs, const struct logline *line, int64_t time);
void logs_finish(struct logs *logs);

void logs_text(struct logs *logs);
void logs_json(struct logs *logs);

#endif
