/*
 * planted - a directory of a test's own, root's alone all the way if root runs the test, in which it plants what
 * must be refused.
 */
#ifndef TESTS_UNIT_PLANTED_H
#define TESTS_UNIT_PLANTED_H

/* For cmocka's group setup and teardown. */
int planted_make(void **state);
int planted_remove(void **state);

/* The path of a name in it; "" is the directory itself. The last two that were asked for stay valid. */
char *planted_at(const char *name);

#endif
