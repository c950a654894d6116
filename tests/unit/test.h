/*
 * test - what every unit test includes: cmocka, in the order it wants, and the size of a table.
 */
#ifndef TESTS_UNIT_TEST_H
#define TESTS_UNIT_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS(table) (sizeof(table) / sizeof *(table))

/* Like fail_msg(), which gcc does not know to be final. */
#define FAIL(...)                                                                                  \
	do {                                                                                       \
		fail_msg(__VA_ARGS__);                                                             \
		abort();                                                                           \
	} while (0)

/* A string of the language, with its length: NUL bytes and all. */
#define BYTES(literal) (literal), sizeof(literal) - 1

/* The same numbers in every run: a failure can be repeated. */
struct dice {
	uint64_t state;
};

static inline unsigned roll(struct dice *dice, unsigned sides)
{
	dice->state ^= dice->state << 13;
	dice->state ^= dice->state >> 7;
	dice->state ^= dice->state << 17;
	return (unsigned)(dice->state >> 11) % sides;
}

#endif
