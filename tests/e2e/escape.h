/*
 * escape - the attempts of tests/e2e/escape.bats: what a granted program that turned hostile would try.
 *
 * A row is one thing to try. Its function returns 0 or more when it got what it wanted, so that something was escaped
 * from, and -1 with errno when it was held. It may leave the process in any state. The kernel itself must say
 * yes or no: a row that cannot succeed anywhere proves nothing, and escape.bats counts only those that succeed
 * unconfined in the same run.
 *
 * What lies outside (escape-world.c makes and describes it) is known by name: given("outside") is a directory
 * of the account's own, given("victim") the number of a process of it, and so on.
 */
#ifndef ESCAPE_H
#define ESCAPE_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Who can do it unconfined. */
enum baseline { ACCOUNT, ROOT };

struct attempt {
	const char *name;
	const char *call; /* the system call that decides it; at most three rows have the same */
	enum baseline baseline;
	int (*escape)(void);
};

/* One for each group; the last row has no name. */
extern const struct attempt escape_files[], escape_changes[], escape_mounts[], escape_exec[], escape_processes[],
	escape_ipc[], escape_kernel[], escape_numbers[], escape_privilege[], escape_terminal[], escape_network[];

/* Descriptors that the caller of the gate leaves open: the outside directory, the secret in it, and a namespace. */
enum { LEFT_DIRECTORY = 5, LEFT_SECRET = 6, LEFT_NAMESPACE = 7 };

/* What the caller said with `set KEY VALUE`. Ends the program if it did not. */
const char *given(const char *key);
long number(const char *key);
pid_t victim(void);

/* Joined in one of a few buffers: good until the eighth call after. */
const char *outside(const char *name);
const char *docroot(const char *name);

/* Is this the baseline as root? Then a row may make ready what only root can. */
bool root(void);
/* root: in a mount namespace of this process alone. */
void own_mounts(void);

/* Is this what the secret says? Closes fd. */
int is_secret(int fd);
/* -1 with this errno. */
int held(int error);
/* For calls that can be reached but must not succeed on a machine that is to live: this errno is the kernel's own
   answer, behind every check of who asks. */
int reached(long result, int error);

/* Calls that this architecture does not have are not counted there. */
#ifndef __x86_64__
enum { SYS_open = -1, SYS_creat = -1, SYS_stat = -1, SYS_lstat = -1, SYS_access = -1, SYS_readlink = -1,
       SYS_getdents = -1, SYS_chmod = -1, SYS_chown = -1, SYS_lchown = -1, SYS_utime = -1, SYS_utimes = -1,
       SYS_futimesat = -1, SYS_mkdir = -1, SYS_rmdir = -1, SYS_unlink = -1, SYS_rename = -1, SYS_renameat = -1,
       SYS_link = -1, SYS_symlink = -1, SYS_mknod = -1, SYS_ioperm = -1, SYS_iopl = -1, SYS_modify_ldt = -1 };
#endif

#define CALL(name, ...) (syscall(SYS_##name, ##__VA_ARGS__) < 0 ? -1 : 0)

#endif
