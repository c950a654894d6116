/*
 * names - a list of names that grows.
 */
#ifndef CLI_NAMES_H
#define CLI_NAMES_H

#include <stdbool.h>
#include <stddef.h>

struct names {
	char **name;
	size_t count;
};

/* A copy of name[0..length) at the end. False: no memory. */
bool names_add(struct names *names, const char *name, size_t length);

/* Sorted by their bytes, each once. */
void names_sort(struct names *names);

/* Its place in a list that is sorted, or NULL. */
char **names_find(const struct names *names, const char *name);

void names_free(struct names *names);

#endif
