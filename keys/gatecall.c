#include "gatecall.h"

#include <stdio.h>
#include <string.h>

/* The word at *at, up to one blank; moves past it. False: none, an empty one, or two blanks. */
static bool next_word(const char **at, const char **word, size_t *length)
{
	if (**at != ' ')
		return false;
	*word = ++*at;
	*length = strcspn(*word, " ");
	*at += *length;
	return *length > 0;
}

static bool is_word(const char *word, size_t length, const char *text)
{
	return strlen(text) == length && memcmp(word, text, length) == 0;
}

/* What cannot stand in a command="…" that sshd hands to a shell. */
static const char unfit[] = "\"\\ \t\n";

/* A name that gatecall_write() could not write again is none. */
static bool take_profile(struct gatecall *call, const char *name, size_t length)
{
	if (length > GATECALL_PROFILE_MAX || call->profile[0] || strcspn(name, unfit) < length)
		return false;
	memcpy(call->profile, name, length);
	call->profile[length] = '\0';
	return true;
}

bool gatecall_read(const char *command, const char *gate, struct gatecall *call)
{
	size_t path = strcspn(command, " "), own = strlen(gate), length;
	const char *at = command + path, *word;

	*call = (struct gatecall){0};
	if (path < own || memcmp(command, gate, own) != 0)
		return false;
	call->restricted = path == own + 2 && memcmp(command + own, "-r", 2) == 0;
	if (path != own && !call->restricted)
		return false;
	while (*at) {
		if (!next_word(&at, &word, &length))
			return false;
		if (is_word(word, length, "-r"))
			call->restricted = true;
		else if (is_word(word, length, "-t"))
			call->token = true;
		else if (!is_word(word, length, "--profile") || !next_word(&at, &word, &length) ||
			 !take_profile(call, word, length))
			return false;
	}
	return true;
}

bool gatecall_join(struct gatecall *call, const struct gatecall *more)
{
	call->restricted |= more->restricted;
	call->token |= more->token;
	if (!more->profile[0])
		return true;
	if (call->profile[0])
		return strcmp(call->profile, more->profile) == 0;
	return take_profile(call, more->profile, strlen(more->profile));
}

bool gatecall_write(const struct gatecall *call, const char *gate, char *out, size_t size)
{
	if (strpbrk(gate, unfit) || strpbrk(call->profile, unfit))
		return false;
	int n = snprintf(out, size, "%s%s%s%s%s", gate, call->restricted ? " -r" : "", call->token ? " -t" : "",
			 call->profile[0] ? " --profile " : "", call->profile);
	return n > 0 && (size_t)n < size;
}
