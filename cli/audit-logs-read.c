/*
 * audit-logs-read - files to lines: plain, compressed, or a journal's export. Read once, front to back, through one
 * buffer. What is compressed is undone by the system's own program, in a process of its own: its exit status tells of
 * a file that was cut short, and no library of five formats is linked for it.
 */
#include "audit-logs.h"

#include "capture.h"

#include "audit/logentry.h"
#include "audit/loghead.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { BUFFER = 1 << 18, MAGIC = 6 };
_Static_assert(BUFFER > (int)LOGLINE_MAX, "a line fits");

struct input {
	int fd;
	pid_t child; /* who undoes the compression; 0: nobody */
	const char *program;
	size_t begin, end;
	bool over;
	int error;
	char buffer[BUFFER];
};

static const struct {
	const char *program;
	size_t length;
	unsigned char magic[MAGIC];
} packers[] = {
	{"gzip", 2, {0x1f, 0x8b}},
	{"bzip2", 3, {'B', 'Z', 'h'}},
	{"xz", 6, {0xfd, '7', 'z', 'X', 'Z', 0}},
	{"zstd", 4, {0x28, 0xb5, 0x2f, 0xfd}},
	{"lz4", 4, {0x04, 0x22, 0x4d, 0x18}},
};

void logs_fault(struct logs *l, bool at_line, const char *what, ...)
{
	struct logs_fault *fault = &l->fault[l->faults];
	va_list args;

	if (l->faults == LOGS_FAULTS) {
		l->faults_beyond++;
		return;
	}
	l->faults++;
	fault->file = l->file;
	fault->line = at_line ? l->line : 0;
	va_start(args, what);
	vsnprintf(fault->what, sizeof fault->what, what, args);
	va_end(args);
}

/* ---- bytes ---- */

static void fill(struct input *in)
{
	ssize_t n;

	memmove(in->buffer, in->buffer + in->begin, in->end - in->begin);
	in->end -= in->begin;
	in->begin = 0;
	do
		n = read(in->fd, in->buffer + in->end, BUFFER - in->end);
	while (n < 0 && errno == EINTR);
	in->error = n < 0 ? errno : 0;
	in->over = n <= 0;
	in->end += n > 0 ? (size_t)n : 0;
}

/* The next line, good until the next call. One of more than LOGLINE_MAX is passed over, and `longer`. */
static bool next_line(struct input *in, struct logspan *line, bool *longer)
{
	*longer = false;
	*line = (struct logspan){0};
	for (;;) {
		char *from = in->buffer + in->begin, *lf = memchr(from, '\n', in->end - in->begin);

		if (lf || (in->over && in->begin < in->end)) {
			*line = (struct logspan){from, (size_t)((lf ? lf : in->buffer + in->end) - from)};
			in->begin += line->length + (lf != NULL);
			*longer |= line->length > LOGLINE_MAX;
			return true;
		}
		if (in->over)
			return *longer;
		if (in->end - in->begin > LOGLINE_MAX) {
			*longer = true;
			in->begin = in->end;
		}
		fill(in);
	}
}

/* Passes over so many bytes; false: the input ends before. */
static bool skip(struct input *in, uint64_t count)
{
	while (count > in->end - in->begin) {
		count -= in->end - in->begin;
		in->begin = in->end;
		if (in->over)
			return false;
		fill(in);
	}
	in->begin += (size_t)count;
	return true;
}

static bool read_length(struct input *in, unsigned char length[LOGENTRY_LENGTH])
{
	while (in->end - in->begin < LOGENTRY_LENGTH && !in->over)
		fill(in);
	if (in->end - in->begin < LOGENTRY_LENGTH)
		return false;
	memcpy(length, in->buffer + in->begin, LOGENTRY_LENGTH);
	in->begin += LOGENTRY_LENGTH;
	return true;
}

/* ---- compressed files ---- */

/* Starts program -dc on the file; in->fd becomes what it writes. */
static bool unpack(struct input *in, const char *program)
{
	const char *path = capture_find(program), *const argv[] = {program, "-dc", NULL};
	char *const environment[] = {NULL};
	posix_spawn_file_actions_t actions;
	int ends[2];

	if (!path || pipe2(ends, O_CLOEXEC) != 0)
		return false;
	in->program = program;
	if (posix_spawn_file_actions_init(&actions) == 0) {
		posix_spawn_file_actions_adddup2(&actions, in->fd, STDIN_FILENO);
		posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
		posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
		/* posix_spawn() wants char *; it does not write to them */
		if (posix_spawn(&in->child, path, &actions, NULL, (char *const *)(size_t)argv, environment) !=
			0)
			in->child = 0;
		posix_spawn_file_actions_destroy(&actions);
	}
	close(ends[1]);
	close(in->fd);
	in->fd = ends[0];
	return in->child > 0;
}

/* By its first bytes, not by its name. False: it is compressed, and nothing here undoes that. */
static bool open_packed(struct logs *l, struct input *in)
{
	unsigned char magic[MAGIC] = {0};
	ssize_t n = pread(in->fd, magic, sizeof magic, 0);
	bool seekable = n >= 0;

	if (!seekable) { /* a pipe: what is read of it cannot be given back to a child */
		fill(in);
		n = (ssize_t)(in->end < sizeof magic ? in->end : sizeof magic);
		memcpy(magic, in->buffer, (size_t)n);
	}
	for (size_t i = 0; i < sizeof packers / sizeof *packers; i++) {
		if ((size_t)n < packers[i].length || memcmp(magic, packers[i].magic, packers[i].length) != 0)
			continue;
		if (seekable && unpack(in, packers[i].program))
			return true;
		logs_fault(l, false,
			   seekable ? "is compressed by %s, which cannot be started"
					: "is a pipe that is compressed: undo it with %s -dc first",
			   packers[i].program);
		return false;
	}
	return true;
}

static void close_packed(struct logs *l, struct input *in)
{
	int status;

	while (waitpid(in->child, &status, 0) < 0 && errno == EINTR)
		;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return;
	l->incomplete = true;
	logs_fault(l, false, "cut short or damaged: %s ends with %s %d; what it gave before was read",
		   in->program, WIFEXITED(status) ? "status" : "signal",
		   WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
}

/* ---- lines ---- */

void logs_take(struct logs *l, const struct logline *line)
{
	static const char repeated[] = "last message repeated ";
	int64_t time;

	l->kinds[line->kind]++;
	if (line->kind == LOGLINE_HEADLESS && l->kinds[LOGLINE_HEADLESS] == 1)
		logs_fault(l, true, "is no line of a log");
	if (line->kind == LOGLINE_FOREIGN && !line->tag.length && line->message.length > sizeof repeated &&
		memmem(line->message.at, line->message.length, repeated, sizeof repeated - 1))
		l->repeats++;
	if (line->kind <= LOGLINE_FOREIGN)
		return;
	if (!logs_time(l, &line->stamp, &time)) {
		if (l->undated++ == 0)
			logs_fault(l, true, "has a date that no year near has");
		return;
	}
	if ((l->has_since && time < l->since) || (l->has_until && time > l->until)) {
		l->outside++;
		return;
	}
	l->first = l->has_span && l->first < time ? l->first : time;
	l->last = l->has_span && l->last > time ? l->last : time;
	l->has_span = true;
	logs_note(l, line, time);
}

static void take_longer(struct logs *l)
{
	if (l->too_long++ == 0)
		logs_fault(l, true, "has more than %d bytes, as nothing that is looked for", LOGLINE_MAX);
}

static void read_entries(struct logs *l, struct input *in, struct logspan line)
{
	static struct logentry entry;
	static struct logline out;
	unsigned char length[LOGENTRY_LENGTH];
	bool longer = false;

	logentry_clear(&entry);
	do {
		l->line++;
		l->bytes += line.length + 1;
		if (longer) {
			take_longer(l);
			continue;
		}
		switch (logentry_feed(&entry, line.at, line.length)) {
		case LOGENTRY_FIELD: break;
		case LOGENTRY_DATA:
			if (!read_length(in, length) || !skip(in, logentry_length(length)) || !skip(in, 1)) {
				l->incomplete = true;
				logs_fault(l, true, "the journal ends inside an entry");
				return;
			}
			break;
		case LOGENTRY_READY:
			logentry_line(&entry, &out);
			l->lines++;
			logs_take(l, &out);
			logentry_clear(&entry);
			break;
		}
	} while (next_line(in, &line, &longer));
	if (entry.has_time || entry.has_message) {
		l->incomplete = true;
		logs_fault(l, true, "the journal ends inside an entry");
	}
}

static bool begins(struct logspan line, const char *head)
{
	return line.length >= strlen(head) && memcmp(line.at, head, strlen(head)) == 0;
}

static void read_lines(struct logs *l, struct input *in)
{
	struct logspan line;
	struct logline out;
	bool longer;

	for (l->line = 0; next_line(in, &line, &longer);) {
		if (l->line == 0 && (begins(line, "__CURSOR=") || begins(line, "__REALTIME_TIMESTAMP="))) {
			read_entries(l, in, line);
			break;
		}
		if (l->line == 0 && begins(line, "{")) {
			l->incomplete = true;
			logs_fault(l, false,
				   "is JSON; of a journal take journalctl -o export, or -o short-iso");
			break;
		}
		l->line++;
		l->lines++;
		l->bytes += line.length + 1;
		if (longer) {
			take_longer(l);
			continue;
		}
		loghead_read(line.at, line.length, &out);
		logs_take(l, &out);
	}
	if (in->error) {
		l->incomplete = true;
		logs_fault(l, true, "%s", strerror(in->error));
	}
}

/* ---- files ---- */

struct named {
	const char *name;
	struct timespec changed;
	size_t place;
};

static int compare(const void *a, const void *b)
{
	const struct named *x = a, *y = b;

	if (x->changed.tv_sec != y->changed.tv_sec)
		return x->changed.tv_sec < y->changed.tv_sec ? -1 : 1;
	if (x->changed.tv_nsec != y->changed.tv_nsec)
		return x->changed.tv_nsec < y->changed.tv_nsec ? -1 : 1;
	return (x->place > y->place) - (x->place < y->place);
}

static bool is_stdin(const char *name)
{
	return strcmp(name, "-") == 0;
}

static void read_file(struct logs *l, const struct named *file)
{
	static struct input in;

	in = (struct input){.fd = is_stdin(file->name) ? STDIN_FILENO : open(file->name, O_RDONLY | O_CLOEXEC)};
	l->file = file->name;
	l->line = 0;
	logs_clock_begin(l, file->changed.tv_sec);
	if (in.fd < 0) {
		l->incomplete = true;
		logs_fault(l, false, "%s", strerror(errno));
		return;
	}
	l->files++;
	posix_fadvise(in.fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	if (open_packed(l, &in))
		read_lines(l, &in);
	else
		l->incomplete = true;
	close(in.fd);
	if (in.child)
		close_packed(l, &in);
}

void logs_read(struct logs *l, char *const *files)
{
	size_t count = 0;
	struct stat st;

	while (files[count])
		count++;
	struct named *named = calloc(count ? count : 1, sizeof *named);
	if (!named) {
		l->incomplete = true;
		return;
	}
	for (size_t i = 0; i < count; i++) {
		named[i] = (struct named){.name = files[i], .place = i, .changed.tv_sec = time(NULL)};
		if ((is_stdin(files[i]) ? fstat(STDIN_FILENO, &st) : stat(files[i], &st)) == 0 &&
			S_ISREG(st.st_mode))
			named[i].changed = st.st_mtim;
	}
	qsort(named, count, sizeof *named, compare);
	for (size_t i = 0; i < count; i++)
		read_file(l, &named[i]);
	free(named);
}
