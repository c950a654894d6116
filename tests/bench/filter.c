/*
 * Writes the gate's filter for bwrap's --seccomp. The one of SANDBOX_SPAWN: bwrap executes the
 * program under the filter, from an address that exec-once would not admit. It is as large as the
 * others.
 */
#include "sandbox/filters.h"

#include <stdio.h>

int main(void)
{
	const struct filter *f = &filters[SANDBOX_SPAWN];

	return fwrite(f->program, sizeof *f->program, f->length, stdout) == f->length &&
		       fflush(stdout) == 0
		   ? 0
		   : 1;
}
