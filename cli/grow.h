/*
 * grow - an array that gets longer by one row at a time.
 */
#ifndef CLI_GROW_H
#define CLI_GROW_H

#include <stddef.h>

/*
 * Room for one more behind count rows, each of so many bytes; the array doubles as it grows. Returns where the rows lie
 * now, or NULL: no memory, and they stay where they were.
 */
void *grow(void *rows, size_t count, size_t size);

#endif
