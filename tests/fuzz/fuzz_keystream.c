/*
 * Any file: its lines, one by one, are those that keyfile_next() has of it.
 */
#include "fuzz.h"

#include "keys/keyfile.h"
#include "keys/keystream.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* KEYLINE_MAX is longer than an input: each byte 0xff stands for very many. */
	enum { MANY = 40000 };
	static struct keystream stream;
	struct keyfile file = {0};
	size_t at = 0, length = 0;
	const char *line;

	if (size > 64)
		return 0;
	for (size_t i = 0; i < size; i++)
		length += data[i] == 0xff ? MANY : 1;
	file.text = malloc(length + 1);
	if (!file.text)
		return 0;
	for (size_t i = 0; i < size; i++) {
		size_t many = data[i] == 0xff ? MANY : 1;

		memset(file.text + file.length, data[i], many);
		file.length += many;
	}
	int fd = memfd_create("keys", 0);
	if (fd < 0 || write(fd, file.text, file.length) != (ssize_t)file.length || lseek(fd, 0, SEEK_SET) != 0)
		abort();
	keystream_begin(&stream, fd);
	while (keyfile_next(&file, &at, &line, &length)) {
		size_t want = length > KEYLINE_MAX ? KEYLINE_MAX + 1 : length;

		if (!keystream_next(&stream) || stream.length != want || memcmp(stream.text, line, want) != 0)
			BROKEN("line %zu is another one", stream.number);
	}
	if (keystream_next(&stream) || stream.reason)
		BROKEN("there is more than the file has: %s", stream.reason ? stream.reason : "");
	close(fd);
	free(file.text);
	return 0;
}
