/*
 * capture - run a program of the system's and keep what it prints. No shell; an empty environment but PATH.
 */
#ifndef CLI_CAPTURE_H
#define CLI_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>

enum { CAPTURE_MAX = 4 << 20 };

/*
 * argv[0] is an absolute path. *out gets stdout, NUL-terminated, to be freed; stderr is dropped. Returns the exit
 * status, or -1 when it could not be run, died, or printed more than CAPTURE_MAX; *out is NULL then.
 */
int capture(const char *const argv[], char **out);

/*
 * The same with stderr: *errors gets it, NUL-terminated, as far as CAPTURE_ERRORS_MAX; to be freed. Both are NULL when
 * it could not be run.
 */
enum { CAPTURE_ERRORS_MAX = 16 << 10 };
int capture_errors(const char *const argv[], char **out, char **errors);

/* A file without a name for the program to read or change, as /dev/fd/NUMBER: close(number) when it is done. */
bool capture_input(const char *text, size_t length, int number);

/* Where a program is: the first of sbin and bin, of /usr and then of /usr/local, that has it. NULL: none. */
const char *capture_find(const char *name);

#endif
