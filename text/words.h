/*
 * words - split a command string as `sh` with `set -f` would, expanding nothing.
 *
 * Source: POSIX.1-2017, XCU 2.2 (quoting) and 2.3 (token recognition).
 *
 *	command  = *BLANK [ word *( 1*BLANK word ) ] *BLANK
 *	word     = 1*( plain / "\" any / "'" *any "'" / DQUOTE *( dplain / "\" any ) DQUOTE )
 *
 * Everything a shell would act upon beyond quoting is refused, never interpreted.
 */
#ifndef TEXT_WORDS_H
#define TEXT_WORDS_H

#include <stddef.h>

enum {
	WORDS_BYTES_MAX = 65536, /* of the whole command */
	WORDS_MAX = 1024,
};

struct word {
	char *text;     /* unquoted, NUL-terminated */
	char *pattern;  /* the same in fnmatch(3) form if it holds an unquoted * ? or [, else NULL */
	size_t length;  /* of text, bytes */
	size_t offset;  /* of the word's first byte in the command */
	size_t end;     /* one past its last byte in the command */
};

struct words {
	struct word *word;
	size_t count;
	char *store; /* owns every text and pattern */
};

/*
 * Splits command[0..length). Returns NULL and fills *words, to be released with words_free(); or
 * returns a static reason, sets *offset to the byte at fault, and leaves *words empty.
 * A command of blanks alone gives no words. Reason "out of memory" is not the client's fault.
 */
const char *words_split(const char *command, size_t length, struct words *words, size_t *offset);

/* Accepts an empty struct. */
void words_free(struct words *words);

#endif
