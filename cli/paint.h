/*
 * paint - colour for a person at a terminal, and for nobody else.
 *
 * Colour is on when standard output is a terminal, TERM is set and not "dumb", and NO_COLOR is unset or empty
 * (no-color.org). Meaning is never in the colour alone.
 */
#ifndef CLI_PAINT_H
#define CLI_PAINT_H

#include <stddef.h>

enum paint { PAINT_OFF, PAINT_GOOD, PAINT_BAD, PAINT_WARN, PAINT_STRONG };

/* The escape sequence, or "". PAINT_OFF ends what another one began. */
const char *paint(enum paint paint);

/* Prints a foreign text: escape_plain(), so that the only escapes on a terminal are paint's own. */
void paint_escaped(const char *text, size_t length);

#endif
