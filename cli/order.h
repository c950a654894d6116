/*
 * order - rows that are sorted.
 */
#ifndef CLI_ORDER_H
#define CLI_ORDER_H

#include <stddef.h>

/*
 * The first of count rows, each of so many bytes, that is not less than the key; count: all are less.
 * compare as qsort(3) has it, and the rows in its order; the key is its second argument.
 */
size_t order_first(const void *rows, size_t count, size_t size, const void *key,
		   int (*compare)(const void *row, const void *key));

#endif
