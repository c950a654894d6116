/*
 * replay - runs one harness over its seed corpus, tests/fuzz/corpus/NAME, as TAP; NAME is in the program's name.
 * With arguments: over these files (to look at what a fuzzer found).
 */
#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INPUT_MAX = 1 << 20 };

static void replay(const char *path, int number)
{
	FILE *file = fopen(path, "re");
	uint8_t *bytes = malloc(INPUT_MAX);

	if (!file || !bytes) {
		printf("not ok %d - %s cannot be read\n", number, path);
		exit(1);
	}
	size_t length = fread(bytes, 1, INPUT_MAX, file);
	fclose(file);
	/* in a block of its own length, so that ASan sees a step beyond its end */
	uint8_t *input = malloc(length ? length : 1);
	if (!input)
		abort();
	memcpy(input, bytes, length);
	free(bytes);
	LLVMFuzzerTestOneInput(input, length);
	free(input);
	printf("ok %d - %s\n", number, path);
	fflush(stdout);
}

int main(int argc, char *argv[])
{
	const char *slash = strrchr(argv[0], '/');
	char path[1024];
	struct dirent *entry;
	int number = 0;

	for (int i = 1; i < argc; i++)
		replay(argv[i], ++number);
	if (argc == 1) {
		snprintf(path, sizeof path, "tests/fuzz/corpus/%s", slash ? slash + 1 : argv[0]);
		char *end = path + strlen(path);
		DIR *directory = opendir(path);
		while (directory && (entry = readdir(directory)))
			if (entry->d_name[0] != '.') {
				snprintf(end, (size_t)(path + sizeof path - end), "/%s", entry->d_name);
				replay(path, ++number);
			}
		if (directory)
			closedir(directory);
	}
	printf("1..%d\n", number);
	return number == 0;
}
