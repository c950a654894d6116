/*
 * become - to be another account of this host: for good, or in a child that answers one question.
 */
#ifndef CLI_BECOME_H
#define CLI_BECOME_H

#include <stdbool.h>

/* This process becomes the account, with all its groups. False: errno, and we may be neither. */
bool become_user(const char *user);

/* Runs work in a child that is the account if we are root, else we. What it returned, or -1: it was not asked. */
int become_ask(const char *user, int (*work)(void *context), void *context);

#endif
