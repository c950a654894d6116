#include "verb.h"

#include <string.h>

static const struct {
	const char *name;
	unsigned verbs;
} names[] = {
	/* the verbs, in the order of their bits */
	{"download", VERB_DOWNLOAD},
	{"upload", VERB_UPLOAD},
	{"overwrite", VERB_OVERWRITE},
	{"list", VERB_LIST},
	{"mkdir", VERB_MKDIR},
	{"rename", VERB_RENAME},
	{"delete", VERB_DELETE},
	/* the presets */
	{"read-only", VERB_DOWNLOAD | VERB_LIST},
	{"drop-box", VERB_UPLOAD | VERB_OVERWRITE | VERB_MKDIR},
	{"append-only", VERB_DOWNLOAD | VERB_UPLOAD | VERB_LIST | VERB_MKDIR},
	{"full", VERBS_ALL},
};

const char *verb_name(unsigned verbs)
{
	for (size_t i = 0; i < VERBS_COUNT; i++)
		if (verbs & names[i].verbs)
			return names[i].name;
	return "";
}

const char *verb_word(size_t index)
{
	return index < sizeof names / sizeof *names ? names[index].name : NULL;
}

unsigned verb_parse(const char *name, size_t length)
{
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strlen(names[i].name) == length && memcmp(names[i].name, name, length) == 0)
			return names[i].verbs;
	return 0;
}

void verb_text(unsigned verbs, char *out)
{
	char *at = out;

	for (size_t i = 0; i < VERBS_COUNT; i++) {
		if (!(verbs & names[i].verbs))
			continue;
		if (at > out)
			*at++ = ' ';
		at = stpcpy(at, names[i].name);
	}
	if (at == out)
		strcpy(out, "none");
}
