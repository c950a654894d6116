/*
 * describe - the settings of an account as text, one value per setting of sallyport.ini(5).
 */
#ifndef CLI_DESCRIBE_H
#define CLI_DESCRIBE_H

#include "policy/policy.h"

#include <stdio.h>

/* The name of setting i, in the order in which an administrator asks; NULL behind the last. */
const char *describe_name(size_t i);

/* Writes its value, made safe for a terminal. */
void describe_value(size_t i, const struct settings *settings, FILE *to);

/* Whether a reader may see the values, or only that they differ. */
bool describe_is_secret(size_t i);

/* The verbs as access would say them: a preset's name if one is exactly this set, else one by one. */
void describe_access(unsigned verbs, char out[VERBS_TEXT_MAX]);

#endif
