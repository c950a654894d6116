/*
 * write - all of some bytes into a descriptor.
 */
#ifndef CLI_WRITE_H
#define CLI_WRITE_H

#include <stdbool.h>
#include <stddef.h>

/* A write that a signal or a full pipe cuts goes on where it was. False: errno, and some of it may be written. */
bool write_all(int fd, const char *bytes, size_t length);

#endif
