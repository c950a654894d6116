/*
 * When and from where an account, profile or key is good; whose a [key] is.
 */
#include "setters.h"

#include "model.h"
#include "setter.h"
#include "value.h"

#include "text/list.h"
#include "text/pattern.h"
#include "text/when.h"

#include <string.h>

/* Conditions stand in slot 0; narrow.c moves a profile's and a key's to their own. */
const char *set_from(struct setter *s)
{
	const char *item;
	size_t length;
	const char *reason = pattern_check_list(s->value, &item, &length);

	s->settings->from[0] = strcmp(s->value, "any") == 0 ? NULL : s->value;
	return reason ? setter_blame(s, item, length, reason) : NULL;
}

const char *set_hours(struct setter *s)
{
	s->settings->hours[0] = strcmp(s->value, "any") == 0 ? NULL : s->value;
	return s->settings->hours[0] ? when_check_hours(s->value) : NULL;
}

const char *set_expires(struct setter *s)
{
	s->settings->expires = INT64_MAX;
	return strcmp(s->value, "never") == 0 ? NULL : when_read_time(s->value, &s->settings->expires);
}

const char *set_fingerprint(struct setter *s)
{
	size_t length;
	const char *at = s->value, *word;

	while (word = list_next(&at, &length), length > 0)
		if (!value_is_fingerprint(word, length))
			return setter_blame(s, word, length, "not a SHA256 fingerprint");
	if (s->key)
		s->key->fingerprints = s->value;
	return NULL;
}

const char *set_cert_id(struct setter *s)
{
	if (s->key)
		s->key->cert_id = s->value;
	return NULL;
}
