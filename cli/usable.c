#include "usable.h"

#include "from.h"

#include "text/when.h"

#include <unistd.h>

unsigned usable_lacks(const struct settings *settings, const struct form *form)
{
	for (size_t i = 0; i < policy_grounds(settings); i++)
		if (!policy_lacks(settings, form, policy_ground(settings, i).verbs))
			return 0;
	return policy_lacks(settings, form, settings->verbs);
}

bool usable_is_barred(const struct settings *settings, const struct form *form)
{
	if (settings->token == TOKEN_MARKER && !form->honours_token)
		return true;
	return form->browse && (settings->restricted || settings->token == TOKEN_MARKER);
}

/* ---- an account as a whole ---- */

enum state { STATE_REFUSED, STATE_MISSING, STATE_USABLE };

/* A form that runs nothing transfers nothing: it does not count. */
static enum state judge_form(const struct settings *settings, const struct definition *definition,
			     const struct form *form)
{
	const char *program = policy_program(settings, definition, form);

	if (!program || usable_lacks(settings, form) || usable_is_barred(settings, form))
		return STATE_REFUSED;
	return access(program, X_OK) == 0 ? STATE_USABLE : STATE_MISSING;
}

static enum state judge_commands(const struct settings *settings)
{
	enum state best = STATE_REFUSED;

	for (size_t i = 0; i < settings->commands_count; i++) {
		const struct definition *definition = settings->commands[i];

		for (const struct form *form = definition->forms; form->template; form++) {
			enum state state = judge_form(settings, definition, form);

			best = state > best ? state : best;
		}
	}
	return best;
}

static bool is_in_hours(const struct settings *s, int64_t at)
{
	for (size_t i = 0; i < POLICY_CONDITIONS_MAX; i++)
		if (s->hours[i] && !when_in_hours(s->hours[i], at))
			return false;
	return true;
}

/* Hours repeat every week; a minute is the finest that they say. */
static bool has_a_minute(const struct settings *s, int64_t now)
{
	enum { MINUTE = 60, WEEK = 7 * 24 * 60 * MINUTE };

	for (int64_t at = now; at < now + WEEK && at < s->expires; at += MINUTE)
		if (is_in_hours(s, at))
			return true;
	return false;
}

static bool has_a_verb(const struct settings *settings)
{
	for (size_t i = 0; i < policy_grounds(settings); i++)
		if (policy_ground(settings, i).verbs)
			return true;
	return false;
}

/* Of an account that lists its keys, or for one of them. */
static const char *keyless_fault(const struct settings *settings, int64_t now)
{
	if (settings->commands_count == 0)
		return "it has no commands";
	if (!has_a_verb(settings))
		return "restricted leaves it no verb";
	switch (judge_commands(settings)) {
	case STATE_REFUSED: return "its access, restricted and token leave none of its commands";
	case STATE_MISSING: return "no program of its commands is installed here";
	case STATE_USABLE: break;
	}
	if (now >= settings->expires)
		return "its access has expired";
	if (from_is_never(settings->from))
		return "no address is in its from";
	if (!has_a_minute(settings, now))
		return "no minute is in its hours before it expires";
	return NULL;
}

const char *usable_fault(const struct settings *settings, int64_t now)
{
	if (settings->keys_count == 0)
		return keyless_fault(settings, now);
	for (size_t i = 0; i < settings->keys_count; i++)
		if (!keyless_fault(settings->keys[i].settings, now))
			return NULL;
	return "none of its keys leaves it anything";
}
