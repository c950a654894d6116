/*
 * process - what /proc says of a process.
 */
#ifndef CLI_PROCESS_H
#define CLI_PROCESS_H

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>
#include <time.h>

struct process {
	pid_t pid, parent;
	uid_t uid;      /* the real one */
	char name[64];  /* as the process calls itself */
	bool filtered;  /* a seccomp filter holds it */
	bool bound;     /* no_new_privs */
	bool powerless; /* no capability in any set but the bounding one */
};

/* False: it is gone, or was no number. */
bool process_read(const char *pid, struct process *process);

/* When it was started, by the clock of now; 0: it is gone. */
time_t process_started(pid_t pid);

/* Where a link of its directory leads: "exe", "root", "ns/mnt". False: errno. */
bool process_link(pid_t pid, const char *name, char out[PATH_MAX]);

/*
 * Its command line as it stands there, with a NUL behind each word and one more, cut at 64 KiB; to be freed. NULL: it
 * has none, or there is no memory.
 */
char *process_arguments(pid_t pid, size_t *length);

/* The same with blanks between the words, as far as it fits; "" for none. */
void process_command(pid_t pid, char *out, size_t size);

/* Calls back with each process that there is. False: /proc cannot be read; errno. */
bool process_each(void (*work)(void *context, const struct process *process), void *context);

#endif
