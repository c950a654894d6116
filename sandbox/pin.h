/*
 * pin - what the tool makes a pinned view of besides a base.
 */
#ifndef SANDBOX_PIN_H
#define SANDBOX_PIN_H

#include "sandbox.h"

/* Each account's passwd and group, in the base whose root this is. One that is there already is left as it is. */
bool pin_put_accounts(int root, const struct sandbox_account *accounts, size_t count);

#endif
