/*
 * become - to be another account of this host: for good, or in a child that answers one question.
 */
#ifndef CLI_BECOME_H
#define CLI_BECOME_H

#include "account.h"

/* This process becomes the account, with all its groups. False: errno, and we may be neither. */
bool become_user(const char *user);

/*
 * Root becomes the account as far as files are concerned, and root again: to ask the kernel about ten thousand
 * accounts without as many children. The account can neither signal nor trace this process meanwhile: its real and
 * saved ids stay root's. Who is not root stays who he is. False: errno, and nothing has changed.
 */
bool become_for_now(const struct account *account);
void become_root_again(void);

/* Runs work in a child that is the account if we are root, else we. What it returned, or -1: it was not asked. */
int become_ask(const char *user, int (*work)(void *context), void *context);

#endif
