/*
 * Any file: its lines, one by one, are those that keyfile_next() has of it.
 */
#include "fuzz.h"

#include "keys/keyfile.h"
#include "keys/keystream.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct keystream stream;
	/* KEYLINE_MAX is longer than an input: each byte 0xff stands for very many. */
	struct keyfile file = {.text = malloc(size * 40000 + 1)};
	size_t at = 0, length;
	const char *line;

	if (!file.text || size > 64) {
		free(file.text);
		return 0;
	}
	for (size_t i = 0; i < size; i++)
		for (size_t many = data[i] == 0xff ? 40000 : 1; many > 0; many--)
			file.text[file.length++] = (char)data[i];
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
