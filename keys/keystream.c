#include "keystream.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { LINE_ROOM = KEYLINE_MAX + 1 };

void keystream_begin(struct keystream *stream, int fd)
{
	stream->fd = fd;
	stream->number = 0;
	stream->reason = NULL;
	stream->begin = stream->end = 0;
	stream->ended = stream->skip = false;
}

/* More of the file behind what is there, which moves to the front. */
static void fill(struct keystream *s)
{
	ssize_t n;

	memmove(s->buffer, s->buffer + s->begin, s->end - s->begin);
	s->end -= s->begin;
	s->begin = 0;
	do
		n = read(s->fd, s->buffer + s->end, sizeof s->buffer - s->end);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		s->reason = "cannot be read";
	if (n <= 0)
		s->ended = true;
	else
		s->end += (size_t)n;
}

/* Where the line ends; fills until that is known, or the line is too long. NULL: it has no LF in
 * the buffer. */
static const char *find_end(struct keystream *s)
{
	size_t seen = 0;

	for (;;) {
		const char *from = s->buffer + s->begin,
			   *end = memchr(from + seen, '\n', s->end - s->begin - seen);

		seen = s->end - s->begin;
		if (end || s->ended || seen > LINE_ROOM)
			return end;
		fill(s);
	}
}

/* The rest of a line that is too long. */
static void skip_rest(struct keystream *s)
{
	const char *end;

	while (end = memchr(s->buffer + s->begin, '\n', s->end - s->begin), !end && !s->ended) {
		s->begin = s->end;
		fill(s);
	}
	s->begin = end ? (size_t)(end + 1 - s->buffer) : s->end;
	s->skip = false;
}

bool keystream_next(struct keystream *s)
{
	if (s->skip)
		skip_rest(s);
	const char *end = find_end(s);
	if (s->reason || (!end && s->begin == s->end))
		return false;
	s->number++;
	s->text = s->buffer + s->begin;
	s->length = end ? (size_t)(end - s->text) : s->end - s->begin;
	s->skip = s->length > KEYLINE_MAX;
	if (s->skip)
		s->length = LINE_ROOM;
	s->begin += s->length + (!s->skip && end);
	return true;
}
