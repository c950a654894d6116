/*
 * sshd-tokens - what stands for the account in a path that sshd is given.
 *
 * sshd_config(5), TOKENS: AuthorizedKeysFile, AuthorizedPrincipalsFile and ChrootDirectory take %% %h %U %u. A file
 * that is then not absolute lies in the home (AuthorizedKeysFile); a root that is not absolute is no root.
 * sftp-server(8), -d: %% %d %u, where %d is the home.
 */
#ifndef CLI_SSHD_TOKENS_H
#define CLI_SSHD_TOKENS_H

#include "policy/policy.h"

#include <limits.h>
#include <stdbool.h>

#define SSHD_TOKENS "hUu"
#define SFTP_TOKENS "du"

/* tokens: the letters that may stand behind a '%', which may itself. False: another does, or it does not fit. */
bool sshd_tokens(const char *pattern, const char *tokens, const struct policy_account *account, char out[PATH_MAX]);

/* A file of AuthorizedKeysFile and its kin. */
bool sshd_tokens_file(const char *pattern, const struct policy_account *account, char out[PATH_MAX]);

#endif
