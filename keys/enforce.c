#include "enforce.h"

#include <stdio.h>

struct writer {
	char *out;
	size_t size, used;
	bool full;
};

static void put(struct writer *w, const char *bytes, size_t length)
{
	if (w->full || length > w->size - w->used) {
		w->full = true;
		return;
	}
	memcpy(w->out + w->used, bytes, length);
	w->used += length;
}

static void put_text(struct writer *w, const char *text)
{
	put(w, text, strlen(text));
}

/* ,name="value" with the value as it stood between its quotes. */
static void put_option(struct writer *w, const char *name, struct quoted value)
{
	if (!value.at)
		return;
	put_text(w, ",");
	put_text(w, name);
	put_text(w, "=\"");
	put(w, value.at, value.length);
	put_text(w, "\"");
}

static struct quoted quoted_of(const char *text)
{
	return (struct quoted){text, text ? strlen(text) : 0};
}

static bool own_call(const struct keyline *line, const char *gate, struct gatecall *call)
{
	char command[GATECALL_MAX];

	if (line->keyopts.command.at && keyopts_unquote(line->keyopts.command, command, sizeof command) &&
	    gatecall_read(command, gate, call))
		return true;
	*call = (struct gatecall){0};
	return false;
}

/*
 * The gate, with flags that it would refuse: perhaps a token or a profile was meant, and without them the key would
 * get more than anybody wrote.
 */
static bool is_garbled_call(const struct keyline *line, const char *gate)
{
	const struct quoted *command = &line->keyopts.command;
	size_t own = strlen(gate);
	struct gatecall call;

	return command->at && command->length > own && memcmp(command->at, gate, own) == 0 &&
	       strchr(" \t-", command->at[own]) && !own_call(line, gate, &call);
}

/* The line's own call of the gate, if it is one, and what is wanted. */
static struct gatecall joined_call(const struct keyline *line, const struct wanted *wanted)
{
	struct gatecall call, more = wanted->call;

	own_call(line, wanted->gate, &call);
	if (call.profile[0])
		more.profile[0] = '\0';
	gatecall_join(&call, &more);
	return call;
}

/* The earliest of a line's times holds: one that is no later than what is wanted is as good. */
static bool ends_in_time(const struct keyopts *o, const struct wanted *wanted)
{
	int64_t latest;

	return !wanted->expiry ||
	       (o->expires && keyopts_time(wanted->expiry, &latest) && o->expires <= latest);
}

bool enforce_holds(const struct keyline *line, const struct wanted *wanted)
{
	const struct keyopts *o = &line->keyopts;
	struct gatecall call;

	if (!o->restricted || o->permits || o->environments || o->permitopens || o->permitlistens || o->tunnel)
		return false;
	if (!own_call(line, wanted->gate, &call))
		return false;
	struct gatecall full = joined_call(line, wanted);
	if (full.restricted != call.restricted || full.token != call.token ||
	    strcmp(full.profile, call.profile) != 0)
		return false;
	return (o->from.at || !wanted->from) && ends_in_time(o, wanted);
}

static bool may_stand_in_quotes(const char *text)
{
	return !text || !strpbrk(text, "\"\\\n");
}

static void put_options(struct writer *w, const struct keyline *line, const struct wanted *wanted,
			const char *command)
{
	const struct keyopts *o = &line->keyopts;

	put_text(w, "restrict");
	if (o->cert_authority)
		put_text(w, ",cert-authority");
	put_option(w, "principals", o->principals);
	put_option(w, "command", quoted_of(command));
	put_option(w, "from", o->from.at ? o->from : quoted_of(wanted->from));
	put_option(w, "expiry-time", o->expiry);
	if (!ends_in_time(o, wanted))
		put_option(w, "expiry-time", quoted_of(wanted->expiry));
	if (o->verify)
		put_text(w, ",verify-required");
	if (o->no_touch)
		put_text(w, ",no-touch-required");
	put_text(w, " ");
}

static enum enforced write_anew(struct writer *w, const struct keyline *line, const struct wanted *wanted)
{
	struct gatecall call = joined_call(line, wanted);
	char command[GATECALL_MAX];

	if (!gatecall_write(&call, wanted->gate, command, sizeof command) ||
	    !may_stand_in_quotes(wanted->from) || !may_stand_in_quotes(wanted->expiry))
		return ENFORCED_NOT;
	put_options(w, line, wanted, command);
	put(w, line->text + line->key_at, line->length - line->key_at);
	return ENFORCED_ANEW;
}

static enum enforced put_comment(struct writer *w, const struct keyline *line, size_t *length)
{
	put_text(w, ENFORCE_MARK);
	put(w, line->text, line->length);
	*length = w->used;
	return w->full ? ENFORCED_NOT : ENFORCED_COMMENT;
}

enum enforced enforce_line(const struct keyline *line, const struct wanted *wanted, char *out, size_t size,
			   size_t *length)
{
	struct writer w = {.out = out, .size = size};
	enum enforced result = ENFORCED_AS_IS;

	switch (line->kind) {
	case KEYLINE_BLANK:
	case KEYLINE_COMMENT:
	case KEYLINE_JUNK: put(&w, line->text, line->length); break;
	case KEYLINE_VOID: return put_comment(&w, line, length);
	case KEYLINE_KEY:
	case KEYLINE_FOREIGN:
		if (is_garbled_call(line, wanted->gate))
			return put_comment(&w, line, length);
		if (enforce_holds(line, wanted))
			put(&w, line->text, line->length);
		else
			result = write_anew(&w, line, wanted);
		break;
	}
	*length = w.used;
	return w.full ? ENFORCED_NOT : result;
}
