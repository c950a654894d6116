#include "learn-seen.h"

#include "learn-line.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool is_same(const struct sighting *a, const struct sighting *b)
{
	return a->length == b->length && memcmp(a->command, b->command, a->length) == 0 &&
	       same_text(a->user, b->user) && same_text(a->uid, b->uid) &&
	       same_text(a->profile, b->profile) && same_text(a->flags, b->flags);
}

static void release(struct sighting *s)
{
	free(s->user);
	free(s->uid);
	free(s->profile);
	free(s->flags);
	free(s->address);
	free(s->command);
}

static char *copy_or_null(const char *text, bool *failed)
{
	char *copy = *text ? strdup(text) : NULL;

	*failed |= *text && !copy;
	return copy;
}

/* False: no memory. */
static bool keep(struct seen *seen, const struct observation *o, const char *file,
		 unsigned long line)
{
	bool failed = false;
	struct sighting s = {.length = o->length, .file = file, .line = line, .times = 1};

	s.user = copy_or_null(o->user, &failed);
	s.uid = copy_or_null(o->uid, &failed);
	s.profile = copy_or_null(o->profile, &failed);
	s.flags = copy_or_null(o->flags, &failed);
	s.address = copy_or_null(o->address, &failed);
	s.command = malloc(o->length + 1);
	if (s.command)
		memcpy(s.command, o->command, o->length + 1);
	failed |= !s.command;
	for (size_t i = 0; !failed && i < seen->count; i++)
		if (is_same(&seen->sighting[i], &s)) {
			seen->sighting[i].times++;
			release(&s);
			return true;
		}
	if (!failed && seen->count < SEEN_MAX) {
		seen->sighting[seen->count++] = s;
		return true;
	}
	seen->dropped += !failed;
	release(&s);
	errno = failed ? ENOMEM : errno;
	return !failed;
}

static void reject(struct seen *seen, const char *reason, const char *file, unsigned long line)
{
	if (seen->rejected_count < SEEN_REJECTED)
		seen->rejected[seen->rejected_count] = (struct rejected){file, line, reason};
	seen->rejected_count++;
}

static bool take_line(struct seen *seen, const char *text, size_t length, struct rejected place)
{
	static struct observation o; /* 66 KiB: not for the stack */

	switch (learn_line(text, length, &o)) {
	case LEARN_SENT:
	case LEARN_LOGGED: return keep(seen, &o, place.file, place.line);
	case LEARN_REJECTED: reject(seen, o.reason, place.file, place.line); return true;
	case LEARN_OTHER: break;
	}
	return true;
}

/*
 * Reads to the next LF, no more than `most` bytes of it; *length is the line's whole length
 * without the LF, so that an over-long line is known as one and its tail is never taken for a
 * line of its own.
 */
static bool next_line(FILE *file, char *text, size_t most, size_t *length)
{
	int c;

	*length = 0;
	while ((c = getc_unlocked(file)) != EOF && c != '\n') {
		if (*length < most)
			text[*length] = (char)c;
		++*length;
	}
	return c != EOF || *length > 0;
}

bool seen_read(struct seen *seen, const char *name)
{
	static char text[LEARN_LINE_MAX + 1];
	FILE *file = strcmp(name, "-") == 0 ? stdin : fopen(name, "re");
	struct rejected place = {.file = name};
	size_t length;
	bool good = file != NULL;

	while (good && next_line(file, text, sizeof text, &length)) {
		place.line++;
		good = take_line(seen, text, length, place);
	}
	if (file && ferror(file))
		good = false;
	if (file && file != stdin)
		fclose(file);
	return good;
}

void seen_free(struct seen *seen)
{
	for (size_t i = 0; i < seen->count; i++)
		release(&seen->sighting[i]);
	seen->count = 0;
}
