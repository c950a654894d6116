/*
 * parent - the gate beside a program: made where one is needed, and how it ends.
 */
#ifndef SHELL_PARENT_H
#define SHELL_PARENT_H

#include "session.h"

/*
 * Returns in the process that is to become the program. Where a parent is needed it stays behind, and ends when the
 * program has, with its status or by its signal.
 */
void parent_part(struct session *s);

#endif
