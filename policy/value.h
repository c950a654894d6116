/*
 * value - what an option's value or a template's word may be made of.
 */
#ifndef POLICY_VALUE_H
#define POLICY_VALUE_H

#include "definition.h"

/* Checks a value of a kind that is not a path. A static reason, or NULL. */
const char *value_check(const struct option_rule *option, const char *value);

/* Whether word is 1 to most bytes of [A-Za-z0-9_.@:+=-], does not start with '-' and is not "." or "..". */
bool value_is_word(const char *word, size_t most);

/* Whether word is 1 to 10 decimal digits. */
bool value_is_number(const char *word);

/* Whether word[0..length) is "SHA256:" and 43 digits of base64, as ssh-keygen -l prints a key's fingerprint. */
bool value_is_fingerprint(const char *word, size_t length);

#endif
