/*
 * member - strings of JSON output on stdout, and the members of an object that hold them.
 *
 * `before` is what parts a member from what stands before it: "," or "{" or ",{". A text of NULL is null; so is one
 * that there is no memory for.
 */
#ifndef CLI_MEMBER_H
#define CLI_MEMBER_H

#include <stddef.h>

void member_text(const char *before, const char *name, const char *text);
void member_bytes(const char *before, const char *name, const char *bytes, size_t length);

/* The string alone, as an array has it. */
void member_string(const char *bytes, size_t length);

#endif
