/*
 * loader - one file being read into a model; private to load.c and outline.c.
 */
#ifndef POLICY_LOADER_H
#define POLICY_LOADER_H

#include "model.h"
#include "source.h"

/* What the inih handler works on. */
struct loader {
	struct policy *policy;
	struct source source;
	struct policy_fault *fault;
	const char *file;
	size_t first;     /* index of the file's first section */
	size_t next;      /* entry to come */
	bool failed;
};

/* Appends a section to the model for each that the linter found, its entries still to come. */
bool outline_add(struct loader *l);

#endif
