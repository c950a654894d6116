/*
 * learn-seen - the commands in files of log lines and client output, each once, and what was
 * rejected.
 */
#ifndef CLI_LEARN_SEEN_H
#define CLI_LEARN_SEEN_H

#include <stdbool.h>
#include <stddef.h>

enum {
	SEEN_MAX = 1024,    /* different commands; what comes behind is counted, not kept */
	SEEN_REJECTED = 16, /* lines that are named one by one */
};

struct sighting {
	char *user;     /* NULL: the line did not say */
	char *uid;      /* as the log has it, or NULL */
	char *profile;  /* under which it was denied, or NULL */
	char *flags;    /* of the forced command that denied it, or NULL */
	char *address;  /* of the client, in the first line that showed it, or NULL */
	char *command;
	size_t length;
	const char *file; /* of the first line that showed it */
	unsigned long line;
	unsigned times;
};

struct rejected {
	const char *file;
	unsigned long line;
	const char *reason; /* static */
};

struct seen {
	struct sighting sighting[SEEN_MAX];
	size_t count;
	unsigned long dropped; /* beyond SEEN_MAX */
	struct rejected rejected[SEEN_REJECTED];
	unsigned long rejected_count; /* all of them */
};

/* Adds what the file holds; "-" is stdin. False: errno says why it cannot be read. name is kept. */
bool seen_read(struct seen *seen, const char *name);
void seen_free(struct seen *seen);

#endif
