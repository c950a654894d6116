/*
 * fault - runs sessions of the gate under ptrace, with one fault in each, and judges what became of them.
 *
 *	fault [-j WORKERS] ERRNOS LIES SESSIONS
 *
 *	table_read(ERRNOS)                  which call may fail with what
 *	session_run(&session, NULL, &run)   without a fault: the calls are recorded, and what the program reports
 *	...                                 every call of it times every fault is planned (fault.c)
 *	session_run(&session, &fault, &run) each of them, by several workers
 *	judge(...)                          refused, confined, or a finding
 *	known_find(...)                     a lie that nothing gives away, and the reason
 */
#ifndef E2E_FAULT_H
#define E2E_FAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum {
	CALLS_MAX = 2048,    /* of one session */
	ARGUMENTS = 6,
	PATH_SHOWN = 64,
	ERRORS_MAX = 48,     /* of one call */
	TEXT_SIZE = 1 << 15, /* what a program reports, what is said on stderr, what is logged */
	ALLOCATION = 0x5a11, /* fault-heap.c: no system call, but seen as one */
	PROBE_STATUS = 42,   /* what fault-probe.c ends with */
	SECONDS = 20,        /* after which a session hangs */
};

/* ---- fault-table.c ---- */

struct table_row {
	long number;
	char name[32];
	int error[ERRORS_MAX];
	size_t errors;
};

void table_read(const char *path);
const struct table_row *table_find(long number); /* NULL: there is none */
const char *table_name(long number);             /* static, until the next call */
/* Which argument names a file, or -1; of two that do, the one that is made or reached. */
int table_path_argument(long number);

/* The row of lies-known.tsv that is about this call, or -1. */
void known_read(const char *path);
int known_find(long number, uint64_t first);
size_t known_count(void);
const char *known_name(int row);

/* ---- fault-session.c ---- */

struct session {
	char name[32];
	uid_t uid;
	bool denied;             /* what is asked for is refused, with a fault or without */
	bool logged;             /* log-required */
	char gate[256];
	char command[256];
};

struct call {
	int process;             /* 0: the gate; 1: its child */
	long number;
	uint64_t argument[ARGUMENTS];
	int64_t result;
	int nth;                 /* of this number in this process, from 0 */
	char path[PATH_SHOWN];   /* that it names, cut; or "" */
};

enum fault_kind {
	FAULT_ERROR, /* it fails, and has done nothing (but close: it has closed) */
	FAULT_BYTE,  /* it reads or writes one byte */
	FAULT_HALF,  /* … half of them */
	FAULT_LIE,   /* it says what it said before, and has done nothing */
};

struct fault {
	enum fault_kind kind;
	int error;
	struct call at;
};

struct run {
	struct call call[CALLS_MAX];
	size_t calls;
	bool came;               /* to the fault */
	bool executed;           /* the granted program */
	bool helper_privileged;  /* getent, with capabilities */
	bool hangs;
	bool host_changed;       /* its mounts, or its name */
	int status;              /* as waitpid(2) has it */
	char facts[TEXT_SIZE];   /* what the kernel says of the program as it starts */
	char out[TEXT_SIZE], err[TEXT_SIZE], log[TEXT_SIZE];
};

/* For each worker, once: a mount namespace with a /dev/log of its own. */
void session_prepare(int worker);
/* In it, the shell command FAULT_PREPARE. False: there is none. */
bool session_prepare_more(void);
/* fault NULL: every call is recorded. */
void session_run(const struct session *session, const struct fault *fault, struct run *run);

/* ---- fault-facts.c ---- */

/* Both write into TEXT_SIZE bytes. */
void facts_note(pid_t pid, char *facts);
size_t facts_append(char *to, size_t used, const char *path);

/* ---- fault-cut.c: a call made to read or write less ---- */

/* The argument that holds how many bytes, or -1: it can not be cut. */
int cut_argument(long number);
/* At the call's entry. False: there is nothing to cut. */
bool cut_enter(pid_t pid, const struct fault *fault, const uint64_t argument[ARGUMENTS]);
/* At its exit: what cut_enter() wrote into the process is put back. */
void cut_leave(pid_t pid);

/* ---- fault-judge.c ---- */

/* KNOWN: a finding that lies-known.tsv has; judge() does not say it. */
enum verdict { REFUSED, CONFINED, FINDING, KNOWN };

/*
 * sound, plain: what the session is without a fault, with and without what session_prepare_more() brought; it may do
 * without. *why: what is wrong, static, until the next call.
 */
enum verdict judge(const struct session *session, const struct run *sound, const struct run *plain,
		   const struct fault *fault, const struct run *run, const char **why);

#endif
