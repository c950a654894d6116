/*
 * verb - what may be done to files. A set of verbs is an unsigned with these bits.
 */
#ifndef POLICY_VERB_H
#define POLICY_VERB_H

#include <stddef.h>

enum verb {
	VERB_DOWNLOAD = 1 << 0,  /* read the contents of a file */
	VERB_UPLOAD = 1 << 1,    /* create a file and write it */
	VERB_OVERWRITE = 1 << 2, /* change what is there: contents, modes, times, links */
	VERB_LIST = 1 << 3,      /* read directories; also wildcards */
	VERB_MKDIR = 1 << 4,
	VERB_RENAME = 1 << 5,
	VERB_DELETE = 1 << 6,
};

enum {
	VERBS_ALL = (1 << 7) - 1,
	VERBS_WRITE = VERB_UPLOAD | VERB_OVERWRITE | VERB_MKDIR | VERB_RENAME | VERB_DELETE,
	VERBS_COUNT = 7,
	VERBS_TEXT_MAX = 64, /* of every name, blanks between, NUL */
};

/* The name of the lowest verb in the set; "" for an empty set. */
const char *verb_name(unsigned verbs);

/* The names of all verbs and presets, by index; NULL behind the last. */
const char *verb_word(size_t index);

/* The verb or preset called name[0..length), or 0. */
unsigned verb_parse(const char *name, size_t length);

/* Writes the names in the set, blank-separated, to out[VERBS_TEXT_MAX]. "none" for an empty set. */
void verb_text(unsigned verbs, char *out);

#endif
