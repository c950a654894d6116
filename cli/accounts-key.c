/*
 * accounts-key - a public key becomes an enforced line of the account's file, which is root's: the account can add
 * none.
 */
#include "accounts.h"
#include "keys.h"

#include "policy/limits.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The line that is to be there, and the one that is looked at; each holds a key of up to KEYLINE_MAX bytes. */
static struct keyline wanted_line, found_line;
static char enforced[ENFORCED_ROOM];

static const char *make_line(const struct plan *plan, const struct step *step)
{
	const struct wanted wanted = {
		.gate = SALLYPORT_SHELL,
		.call = {.restricted = plan->settings->restricted, .token = plan->settings->token == TOKEN_MARKER},
	};
	const char *reason = keys_add_line(step->file, &wanted, plan->wish->name, enforced);

	if (reason)
		return reason;
	keyline_read(enforced, strlen(enforced), &wanted_line);
	return wanted_line.kind == KEYLINE_KEY ? NULL : "the line cannot be made";
}

static bool holds_key(const char *line, size_t length)
{
	size_t offset;

	if (keyline_fault(line, length, &offset))
		return false;
	keyline_read(line, length, &found_line);
	return found_line.key.blob.length == wanted_line.key.blob.length &&
	       memcmp(found_line.key.blob.at, wanted_line.key.blob.at, wanted_line.key.blob.length) == 0;
}

/* The file with the enforced line in it, once: in the place of any other line for this key, or at the end. */
static char *with_line(const char *text)
{
	size_t used = 0;
	char *out = malloc(strlen(text) + sizeof enforced + 2);
	bool put = false;

	for (const char *at = text; out && *at;) {
		size_t length = strcspn(at, "\n");
		bool same = holds_key(at, length);

		if (!same)
			used += (size_t)sprintf(out + used, "%.*s\n", (int)length, at);
		else if (!put)
			used += (size_t)sprintf(out + used, "%s\n", enforced);
		put |= same;
		at += length + (at[length] == '\n');
	}
	if (out && !put)
		used += (size_t)sprintf(out + used, "%s\n", enforced);
	if (out)
		out[used] = '\0';
	return out;
}

/* NULL: the reason is in step->text. *before is what is there now, NULL: no file. Both to be freed. */
static char *make_file(const struct plan *plan, struct step *step, char **before)
{
	const char *reason = (errno = 0, make_line(plan, step));

	*before = NULL;
	if (reason) {
		step_say(step, "%s: %s%s%s", step->file, reason, errno ? ": " : "", errno ? strerror(errno) : "");
		return NULL;
	}
	*before = file_text(plan->keys);
	return with_line(*before ? *before : "");
}

static enum look look_at_key(struct plan *plan, struct step *step)
{
	char *before, *after = make_file(plan, step, &before);
	enum look found = LOOK_BLOCKED;

	if (after) {
		found = before && strcmp(before, after) == 0 ? LOOK_SAME : LOOK_NEEDED;
		step_say(step, "%s, an enforced line in %s", step->file, plan->keys);
	}
	free(before);
	free(after);
	return found;
}

static bool put_key(struct plan *plan, struct step *step)
{
	char *after = make_file(plan, step, &step->old_text);
	bool done = after && file_put(step, plan->keys, after);

	free(after);
	return done;
}

static bool take_key(struct plan *plan, struct step *step)
{
	return file_put(step, plan->keys, step->old_text);
}

const struct step_kind step_key = {"key", look_at_key, put_key, take_key};
