/*
 * logsshd - messages of sshd and its sftp servers: one table of what they say. Private to logline.
 */
#ifndef AUDIT_LOGSSHD_H
#define AUDIT_LOGSSHD_H

#include "logline.h"

/* The message without its tag. Fills out; LOGLINE_UNKNOWN or LOGLINE_MANGLED where the table does not help. */
void logsshd_read(struct logspan message, struct logline *out);

/* The same for sftp-server and internal-sftp. */
void logsshd_read_sftp(struct logspan message, struct logline *out);

#endif
