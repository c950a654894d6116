#include "pathname.h"

#include "list.h"

#include <string.h>
#include <strings.h>

/* The part that starts at *at, after any slashes; moves *at past it. Length 0 at the end. */
static const char *next_part(const char **at, size_t *length)
{
	const char *part = *at + strspn(*at, "/");

	*length = strcspn(part, "/");
	*at = part + *length;
	return part;
}

static bool is_dotdot(const char *part, size_t length)
{
	return length == 2 && part[0] == '.' && part[1] == '.';
}

static bool is_dot(const char *part, size_t length)
{
	return length == 1 && part[0] == '.';
}

static const char *check_parts(const char *path, bool *climbs)
{
	size_t length;
	const char *at = path, *part;

	if (strlen(path) > PATHNAME_MAX)
		return "a path longer than 4095 bytes";
	*climbs = false;
	while (part = next_part(&at, &length), length > 0) {
		if (length > PATHNAME_PART_MAX)
			return "a path component longer than 255 bytes";
		*climbs |= is_dotdot(part, length);
	}
	return NULL;
}

struct builder {
	char *out;
	size_t used, size;
	size_t floor; /* the root's length: ".." may not cut below it */
};

static const char *add(struct builder *b, const char *bytes, size_t length)
{
	if (b->used + length >= b->size)
		return "a path longer than 4095 bytes inside the docroot";
	memcpy(b->out + b->used, bytes, length);
	b->used += length;
	b->out[b->used] = '\0';
	return NULL;
}

/* Appends every part of path to an absolute result, resolving "." and "..". */
static const char *walk(struct builder *b, const char *path)
{
	size_t length;
	const char *at = path, *part, *reason = NULL;

	while (!reason && (part = next_part(&at, &length), length > 0)) {
		if (is_dot(part, length))
			continue;
		if (is_dotdot(part, length)) {
			if (b->used == b->floor)
				return "a path that climbs out of the docroot";
			while (b->out[--b->used] != '/')
				;
			b->out[b->used] = '\0';
			continue;
		}
		reason = add(b, "/", 1);
		if (!reason)
			reason = add(b, part, length);
	}
	return reason;
}

static bool ends_as_directory(const char *path)
{
	size_t length = strlen(path);
	const char *last = memrchr(path, '/', length);

	last = last ? last + 1 : path;
	return *last == '\0' || is_dot(last, strlen(last)) || is_dotdot(last, strlen(last));
}

static const char *resolve(struct builder *b, const struct pathname_place *place, const char *path)
{
	const char *reason = add(b, place->root, strlen(place->root));

	b->floor = b->used;
	if (!reason && path[0] != '/')
		reason = walk(b, place->start);
	if (!reason)
		reason = walk(b, path);
	if (!reason && ends_as_directory(path))
		reason = add(b, "/", 1);
	return reason;
}

/* What pathname_rebuild() and pathname_resolve() begin with: bounds, and *path behind a "~". */
static const char *read_path(const char **path, bool *climbs)
{
	if ((*path)[0] == '\0')
		return "an empty path";
	const char *reason = check_parts(*path, climbs);
	if (reason)
		return reason;
	if ((*path)[0] == '~') {
		if ((*path)[1] != '/' && (*path)[1] != '\0')
			return "another user's home directory (~name)";
		*path += 1 + strspn(*path + 1, "/");
		if ((*path)[0] == '\0')
			*path = ".";
	}
	return NULL;
}

const char *pathname_resolve(const struct pathname_place *place, const char *path, char *out,
			     size_t size)
{
	struct builder b = {.out = out, .size = size};
	bool climbs;
	const char *reason = read_path(&path, &climbs);

	return reason ? reason : resolve(&b, place, path);
}

const char *pathname_rebuild(const struct pathname_place *place, const char *path, char *out,
			     size_t size)
{
	struct builder b = {.out = out, .size = size};
	bool climbs;
	const char *reason = read_path(&path, &climbs);

	if (reason)
		return reason;
	if (climbs)
		return resolve(&b, place, path);
	if (path[0] == '/') {
		reason = add(&b, place->root, strlen(place->root));
		if (!reason && place->mark && !strstr(path, "/./"))
			reason = add(&b, "/.", 2);
	} else if (path[0] == '-' || path[0] == '~' || strncmp(path, "\\-", 2) == 0) {
		/* '~' behind a "~/": git would take it for a home. "\-" in a pattern: the backslash goes
		 * when nothing matches. */
		reason = add(&b, "./", 2);
	}
	if (!reason)
		reason = add(&b, path, strlen(path));
	return reason;
}

/* The path from the base, taken for a directory. */
static const char *from_directory(struct builder *b, const struct pathname_place *place, const char *path)
{
	if (!place->base)
		return "a path that climbs out of the docroot";
	const char *reason = add(b, place->root, strlen(place->root));

	b->floor = b->used;
	if (!reason && place->base[0] != '/')
		reason = walk(b, place->start);
	if (!reason)
		reason = walk(b, place->base);
	return reason ? reason : walk(b, path);
}

/* How many directories below the root the base is for sure: one less where it may turn out to be a file. */
static size_t sure_depth(const struct pathname_place *place)
{
	char path[PATHNAME_MAX + 1] = "";
	struct builder b = {.out = path, .size = sizeof path};
	size_t depth = 0;

	if (from_directory(&b, place, "."))
		return 0;
	for (const char *at = path + b.floor; *at; at++)
		depth += *at == '/';
	return depth - (depth > 0 && !ends_as_directory(place->base));
}

/* Appends path with "." and ".." resolved, except for the ".." that lead; those are counted. */
static const char *walk_relative(struct builder *b, const char *path, size_t *climbed)
{
	size_t length;
	const char *at = path, *part, *reason = NULL;

	while (!reason && (part = next_part(&at, &length), length > 0)) {
		if (is_dot(part, length))
			continue;
		if (is_dotdot(part, length) && b->used > b->floor) {
			while (b->used > b->floor && b->out[--b->used] != '/')
				;
			b->out[b->used] = '\0';
			continue;
		}
		reason = b->used ? add(b, "/", 1) : NULL;
		if (!reason)
			reason = add(b, part, length);
		if (is_dotdot(part, length)) {
			b->floor = b->used;
			++*climbed;
		}
	}
	return reason;
}

const char *pathname_beside(const struct pathname_place *place, const char *path, char *out,
			    size_t size)
{
	const struct pathname_place home = {place->root, place->start, NULL, false};
	struct builder b = {.out = out, .size = size};
	char walked[PATHNAME_MAX + 1] = "";
	struct builder w = {.out = walked, .size = sizeof walked};
	size_t climbed = 0;
	bool climbs;
	const char *reason = check_parts(path, &climbs);

	if (reason)
		return reason;
	if (path[0] == '~' && (path[1] == '/' || path[1] == '\0')) {
		path += 1 + strspn(path + 1, "/");
		return resolve(&b, &home, path[0] ? path : ".");
	}
	if (path[0] == '/' || path[0] == '~' || !climbs)
		return pathname_rebuild(&home, path, out, size);
	reason = walk_relative(&w, path, &climbed);
	if (reason)
		return reason;
	/* What no longer climbs is a path like others; what does starts with "..". */
	if (climbed == 0)
		return pathname_rebuild(&home, w.used ? walked : ".", out, size);
	if (climbed > sure_depth(place))
		return from_directory(&b, place, walked);
	return add(&b, walked, w.used);
}

bool pathname_has_part(const char *path, const char *names)
{
	size_t part_length, name_length;
	const char *at = path, *part, *name;

	while (part = next_part(&at, &part_length), part_length > 0)
		for (const char *rest = names; name = list_next(&rest, &name_length), name_length > 0;)
			if (name_length == part_length && strncasecmp(name, part, name_length) == 0)
				return true;
	return false;
}

bool pathname_is_beneath(const char *path, const char *top)
{
	size_t length = strcmp(top, "/") == 0 ? 0 : strlen(top);

	return strncmp(path, top, length) == 0 && (path[length] == '\0' || path[length] == '/');
}
