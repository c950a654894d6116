/*
 * sshd-ask - what the installed sshd is configured to do for an account: `sshd -T -C user=…`.
 */
#ifndef CLI_SSHD_ASK_H
#define CLI_SSHD_ASK_H

#include <stddef.h>

/*
 * The whole answer, to be freed, or NULL: sshd is not there, or will not say (it wants its host keys, so root). config
 * may be NULL.
 */
char *sshd_ask(const char *config, const char *user);

/* The value of a keyword (in lower case) in that answer, not terminated: *length bytes. NULL: it has none. */
const char *sshd_answer(const char *answer, const char *keyword, size_t *length);

#endif
