#include "grow.h"

#include <stdlib.h>

void *grow(void *rows, size_t count, size_t size)
{
	if (count & (count - 1))
		return rows;
	return reallocarray(rows, count ? 2 * count : 1, size);
}
