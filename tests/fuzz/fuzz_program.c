/*
 * Any file in the place of a program: the parser of its head ends, stays in its buffers, and names absolute paths
 * alone. The interpreters that it names are real, if they are there.
 */
#include "fuzz.h"

#include "sandbox/program.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char path[] = "/tmp/fuzz-program-XXXXXX";

static void forget(void)
{
	unlink(path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int fd = -1;
	struct program_files files;

	if (fd < 0) {
		fd = mkstemp(path);
		atexit(forget);
	}
	if (ftruncate(fd, 0) != 0 || pwrite(fd, data, size, 0) != (ssize_t)size)
		abort();
	bool found = program_find(path, &files);
	if (files.count < 0 || files.count > PROGRAM_FILES || (found && files.count == 0))
		BROKEN("%d files", files.count);
	for (int i = 0; i < files.count; i++)
		if (files.path[i][0] != '/' || strnlen(files.path[i], PATH_MAX) == PATH_MAX)
			BROKEN("file %d is no absolute path", i);
	return 0;
}
