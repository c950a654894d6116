/*
 * identity - which key the session was let in with, from the file that SSH_USER_AUTH names.
 *
 * Opened before door one, since the real /tmp is not in view behind it; read after (I1). Before, nothing is parsed
 * but the form of the name: fifteen letters behind /tmp/sshauth. and an exact match of the rest.
 */
#ifndef SHELL_IDENTITY_H
#define SHELL_IDENTITY_H

#include "keys/authinfo.h"

#include <sys/types.h>

/*
 * Opens on descriptor fd, close-on-exec: a file of uid's with one name, and not larger than sshd makes it. No
 * capability is effective. False: there is no such file, and fd is what it was.
 */
bool identity_open(const char *path, uid_t uid, int fd);

/* Reads it, closes fd. NULL, or a static reason; *info is empty then. */
const char *identity_read(int fd, struct authinfo *info);

#endif
