/*
 * What an account is, and how it is confined.
 */
#include "setters.h"

#include "facility.h"
#include "isolation.h"
#include "model.h"
#include "setter.h"

#include "text/list.h"

#include <string.h>

const char *set_docroot(struct setter *s)
{
	s->settings->docroot_set = true;
	s->settings->docroot = NULL;
	if (strcmp(s->value, "none") == 0)
		return NULL;
	for (const char *at = s->value; (at = strchr(at, '%')); at += 2)
		if (!at[1] || !strchr("uhU%", at[1]))
			return setter_blame(s, at, at[1] ? 2 : 1, "a token that is not %u, %h, %U or %%");
	s->settings->docroot = s->value;
	if (strcmp(s->value, "%h") == 0)
		return NULL;
	return setter_absolute(strncmp(s->value, "%h/", 3) == 0 ? s->value + 2 : s->value);
}

const char *set_docroot_home(struct setter *s)
{
	if (strcmp(s->value, "allow") != 0 && strcmp(s->value, "refuse") != 0)
		return "neither allow nor refuse";
	s->settings->docroot_home = s->value[0] == 'a';
	return NULL;
}

const char *set_start(struct setter *s)
{
	s->settings->start = s->value;
	for (const char *at = s->value; (at = strchr(at, '%')); at += 2)
		if (!at[1] || !strchr("uU%", at[1]))
			return setter_blame(s, at, at[1] ? 2 : 1, "a token that is not %u, %U or %%");
	return setter_absolute(s->value);
}

const char *set_isolation(struct setter *s)
{
	return isolation_parse(s->value, &s->settings->isolation) ? NULL : "not an isolation";
}

const char *set_may_lack(struct setter *s)
{
	size_t length;
	const char *at = s->value, *word;

	s->settings->may_lack = 0;
	while (word = list_next(&at, &length), length > 0) {
		if (length != 8 || memcmp(word, "landlock", 8) != 0)
			return setter_blame(s, word, length, "not a step that may be absent");
		s->settings->may_lack |= MAY_LACK_LANDLOCK;
	}
	return NULL;
}

const char *set_restricted(struct setter *s)
{
	return setter_bool(s, &s->settings->restricted);
}

const char *set_token(struct setter *s)
{
	if (strcmp(s->value, "off") != 0 && strcmp(s->value, "marker") != 0)
		return "neither off nor marker";
	s->settings->token = s->value[0] == 'm' ? TOKEN_MARKER : TOKEN_OFF;
	return NULL;
}

const char *set_local(struct setter *s)
{
	return setter_bool(s, &s->settings->local);
}

const char *set_log_required(struct setter *s)
{
	return setter_bool(s, &s->settings->log_required);
}

const char *set_log_facility(struct setter *s)
{
	return facility_parse(s->value, &s->settings->log_facility, &s->near) ? NULL : "not a facility of the log";
}

const char *set_log_transfers(struct setter *s)
{
	return setter_bool(s, &s->settings->log_transfers);
}

const char *set_message(struct setter *s)
{
	s->settings->message = s->value;
	return NULL;
}

const char *set_profiles(struct setter *s)
{
	s->settings->profiles = strcmp(s->value, "none") == 0 ? "" : s->value;
	return NULL;
}

const char *set_profile(struct setter *s)
{
	s->settings->profile_required = s->value[0] == 'r';
	return strcmp(s->value, "required") == 0 || strcmp(s->value, "optional") == 0
		       ? NULL
		       : "neither required nor optional";
}

const char *set_key_identity(struct setter *s)
{
	return setter_bool(s, &s->settings->key_identity);
}

const char *set_keys(struct setter *s)
{
	s->settings->key_names = strcmp(s->value, "none") == 0 ? "" : s->value;
	return NULL;
}
