/*
 * escape - make foreign bytes safe for a log line, a terminal or JSON.
 */
#ifndef TEXT_ESCAPE_H
#define TEXT_ESCAPE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Writes in[0..length) to out[0..size) as a logfmt value: bare if it is made of harmless bytes only,
 * otherwise in double quotes with \" \\ \n \r \t and \xNN; bytes beyond ASCII are always \xNN, so a log
 * holds ASCII alone. Output that would not fit ends in "…" spelled as three dots (inside the quotes).
 * Always NUL-terminates; size must be at least 8. Returns the length written.
 */
size_t escape_logfmt(const char *in, size_t length, char *out, size_t size);

/* Whether escape_logfmt() cuts it: three dots at the end of a value may be the writer's own. */
bool escape_logfmt_cuts(const char *in, size_t length, size_t size);

/*
 * The same for a terminal or a message: no quotes around, printable ASCII as it is except the backslash,
 * all else as \xNN, \n, \r, \t.
 */
size_t escape_plain(const char *in, size_t length, char *out, size_t size);

#endif
