/*
 * heap - malloc for a process that lives a millisecond; see heap.c.
 */
#ifndef SHELL_HEAP_H
#define SHELL_HEAP_H

/* For a process that stays after all: everything that was ever allocated is gone, and must not be looked at again. */
void heap_forget(void);

#endif
