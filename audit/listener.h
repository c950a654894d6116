/*
 * listener - an sshd that listens, as /proc/PID/cmdline has it: the options that it was started with.
 *
 * Since OpenSSH 8.2 the listener writes a title over its arguments, with blanks between them:
 *	sshd: /usr/sbin/sshd -D -f /etc/ssh/other -o Port=2222 [listener] 0 of 10-100 startups
 * Before, they stand there as they were given. Its children have other titles: they are none.
 */
#ifndef AUDIT_LISTENER_H
#define AUDIT_LISTENER_H

#include <stdbool.h>
#include <stddef.h>

enum { AUDIT_ARGUMENTS_MAX = 64 };

struct audit_listener {
	const char *argument[AUDIT_ARGUMENTS_MAX]; /* those that matter to `sshd -T`; they point into cmdline */
	size_t arguments;
	const char *config;                  /* of -f; NULL: the default */
};

/* Reads cmdline[0..length), which has a NUL at its end, and cuts it in place. False: it is no listener. */
bool audit_listener_read(char *cmdline, size_t length, struct audit_listener *listener);

#endif
