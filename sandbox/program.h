/*
 * program - the files that the kernel itself opens to execute one: interpreter of a script, ELF loader.
 */
#ifndef SANDBOX_PROGRAM_H
#define SANDBOX_PROGRAM_H

#include <limits.h>
#include <stdbool.h>

enum { PROGRAM_FILES = 3 }; /* script, interpreter, loader */

struct program_files {
	char path[PROGRAM_FILES][PATH_MAX];
	int count;
};

/* Sources: execve(2) for "#!", elf(5) for PT_INTERP. False: errno, ENOEXEC for a file that is neither. */
bool program_find(const char *program, struct program_files *files);

#endif
