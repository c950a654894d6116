/*
 * learn-edit - change one setting of one section, in lines that are then shown as a diff.
 */
#ifndef CLI_LEARN_EDIT_H
#define CLI_LEARN_EDIT_H

#include "lines.h"

#include "policy/limits.h"

/*
 * Sets name = value in the section whose header is at index `header`: in place of the setting and
 * its name.2, name.3 …, or below the section's last setting. Value is blank-separated words; what
 * does not fit one line goes on in name.2. False: no memory.
 */
bool learn_edit_set(struct lines *lines, size_t header, const char *name, const char *value);

/*
 * Writes the next piece of a list to line: `lead` and as many words of *value as fit, or from the
 * second piece on `name.N = ` in place of lead. Moves *value on. False: a word is too long.
 */
bool learn_edit_piece(char line[POLICY_LINE_MAX + 1], const char *lead, const char *name,
		      unsigned piece, const char **value);

/* Adds an empty [user NAME] at the end, and its index to *header. False: no memory. */
bool learn_edit_add_user(struct lines *lines, const char *user, size_t *header);

#endif
