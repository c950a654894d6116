#include "expand.h"

#include "text/pathname.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdalign.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { READ_SIZE = 2048 };

/*
 * A directory that is being read, one for each depth. opendir(3) takes memory for every directory, and the gate gives
 * none back (heap.c): how many a wildcard may look into would be for libc to say.
 */
struct reader {
	int fd;
	ssize_t at, end;
	alignas(struct dirent) char entries[READ_SIZE];
};

/* What getdents64(2) fills in is libc's own structure where numbers of files have 64 bits. */
static_assert(offsetof(struct dirent, d_name) == 19, "struct dirent");

struct list {
	char **word;
	size_t count, room, bytes;
	size_t seen; /* directory entries */
	const char *reason;
	int error; /* of the system's; 0: the reason is ours */
	struct reader *reader; /* the next depth's; there are as many as a pattern has parts */
};

static void push(struct list *l, const char *word)
{
	size_t size = strlen(word) + 1;

	if (l->reason)
		return;
	if (l->count + 1 >= l->room) {
		size_t room = l->room ? 2 * l->room : 64;
		char **grown = realloc(l->word, room * sizeof *grown);
		if (!grown) {
			l->reason = "out of memory";
			return;
		}
		l->word = grown;
		l->room = room;
	}
	l->bytes += size;
	if (l->count == EXPAND_WORDS_MAX || l->bytes > EXPAND_BYTES_MAX)
		l->reason = "a wildcard that matches more than a command line holds";
	else if (!(l->word[l->count] = strdup(word)))
		l->reason = "out of memory";
	else
		l->word[++l->count] = NULL;
}

/* What a pattern without wildcards stands for: backslashes removed. */
static void literal(const char *pattern, size_t length, char *out)
{
	for (size_t i = 0; i < length; i++) {
		if (pattern[i] == '\\' && i + 1 < length)
			i++;
		*out++ = pattern[i];
	}
	*out = '\0';
}

static bool has_wildcard(const char *part, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (part[i] == '\\')
			i++;
		else if (strchr("*?[", part[i]))
			return true;
	}
	return false;
}

static bool may_match(const char *name, const char *protect)
{
	return name[0] != '-' && strcmp(name, ".") != 0 && strcmp(name, "..") != 0 &&
	       !pathname_has_part(name, protect);
}

struct walk {
	struct list *list;
	const char *protect;
	char path[PATHNAME_MAX + 1];
};

static void expand_parts(struct walk *w, size_t used, const char *pattern);

/* Goes on with the pattern behind a part that has been appended to the path. */
static void go_on(struct walk *w, size_t used, const char *rest)
{
	size_t slashes = strspn(rest, "/");
	struct stat st;

	if (used + slashes > PATHNAME_MAX)
		return;
	memcpy(w->path + used, rest, slashes);
	w->path[used + slashes] = '\0';
	if (rest[slashes])
		expand_parts(w, used + slashes, rest + slashes);
	else if (lstat(w->path, &st) == 0)
		push(w->list, w->path);
}

/* NULL where a directory has no names for the account. With any other error some would be missing from the list. */
static const char *reason_of(int error)
{
	switch (error) {
	case 0:
	case ENOENT:
	case ENOTDIR:
	case EACCES:
	case ELOOP: return NULL;
	case EMFILE: return "a wildcard that looks into too many directories, each in the one before";
	default: return "a directory that a wildcard looks into cannot be read";
	}
}

static void stop(struct list *l, int error)
{
	l->reason = reason_of(error);
	l->error = l->reason ? error : 0;
}

static const struct dirent *next_entry(struct list *l, struct reader *r)
{
	if (l->reason)
		return NULL;
	if (r->at == r->end) {
		r->at = 0;
		r->end = syscall(SYS_getdents64, r->fd, r->entries, sizeof r->entries);
		if (r->end <= 0) {
			stop(l, r->end < 0 ? errno : 0);
			return NULL;
		}
	}
	const struct dirent *entry = (const struct dirent *)(r->entries + r->at);

	r->at += entry->d_reclen;
	return entry;
}

/* False: it has no names for us, or *l says why it cannot be read. */
static bool open_directory(struct list *l, struct reader *r, const char *path)
{
	if (l->reason)
		return false;
	r->at = r->end = 0;
	r->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (r->fd < 0)
		stop(l, errno);
	return r->fd >= 0;
}

static void expand_directory(struct walk *w, size_t used, const char *part, size_t length)
{
	char glob[2 * PATHNAME_PART_MAX + 1];
	const struct dirent *entry;
	struct reader *directory = w->list->reader;

	if (length >= sizeof glob || !open_directory(w->list, directory, used ? w->path : "."))
		return;
	memcpy(glob, part, length);
	glob[length] = '\0';
	w->list->reader++;
	while ((entry = next_entry(w->list, directory))) {
		size_t name = strlen(entry->d_name);

		if (++w->list->seen > EXPAND_SEEN_MAX)
			w->list->reason = "a wildcard that looks at too many names";
		if (!may_match(entry->d_name, w->protect) ||
		    fnmatch(glob, entry->d_name, FNM_PERIOD) != 0 || used + name > PATHNAME_MAX)
			continue;
		memcpy(w->path + used, entry->d_name, name + 1);
		go_on(w, used + name, part + length);
		w->path[used] = '\0';
	}
	w->list->reader--;
	close(directory->fd);
}

/* Expands pattern beneath path[0..used), one part at a time: at most PATHNAME_MAX / 2 deep. */
static void expand_parts(struct walk *w, size_t used, const char *pattern)
{
	size_t length = strcspn(pattern, "/");

	if (length && has_wildcard(pattern, length)) {
		expand_directory(w, used, pattern, length);
	} else if (used + length <= PATHNAME_MAX) {
		literal(pattern, length, w->path + used);
		go_on(w, used + strlen(w->path + used), pattern + length);
		w->path[used] = '\0';
	}
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void expand_word(struct list *list, const char *pattern, const char *protect)
{
	struct walk w = {.list = list, .protect = protect};
	size_t first = list->count;
	char plain[PATHNAME_MAX + 1];

	expand_parts(&w, 0, pattern);
	if (list->count > first) {
		qsort(list->word + first, list->count - first, sizeof *list->word, by_bytes);
	} else if (!list->reason) {
		literal(pattern, strlen(pattern), plain);
		push(list, plain);
	}
}

/* Of the pattern that has the most. */
static size_t most_parts(const struct decision *decision)
{
	size_t most = 1, parts;

	for (size_t i = 0; i < decision->argc; i++) {
		if (!decision->pattern[i])
			continue;
		parts = 1;
		for (const char *at = decision->argv[i]; (at = strchr(at, '/')); at++)
			parts++;
		most = parts > most ? parts : most;
	}
	return most;
}

char **expand_argv(const struct decision *decision, const char *protect, const char **reason)
{
	struct reader *readers = calloc(most_parts(decision), sizeof *readers);
	struct list list = {.reader = readers, .reason = readers ? NULL : "out of memory"};

	for (size_t i = 0; i < decision->argc; i++) {
		if (decision->pattern[i])
			expand_word(&list, decision->argv[i], protect);
		else
			push(&list, decision->argv[i]);
	}
	free(readers);
	*reason = list.reason;
	if (!list.reason)
		return list.word;
	for (size_t i = 0; i < list.count; i++)
		free(list.word[i]);
	free(list.word);
	errno = list.error;
	return NULL;
}
