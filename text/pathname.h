/*
 * pathname - rebuild a client's path so that it lies inside the docroot, by its letters alone.
 *
 * This is the courtesy, not the wall: the kernel's view is the boundary. What is refused here gets
 * a reason in place of a puzzling ENOENT.
 */
#ifndef TEXT_PATHNAME_H
#define TEXT_PATHNAME_H

#include <stdbool.h>
#include <stddef.h>

enum {
	PATHNAME_MAX = 4095,      /* PATH_MAX less the NUL */
	PATHNAME_PART_MAX = 255,  /* NAME_MAX */
};

struct pathname_place {
	const char *root;   /* where the docroot is in the view: "/files", no slash at the end */
	const char *start;  /* start directory as the client names it: "/" or "/in/today" */
	const char *base;   /* pathname_beside(): the operand; NULL when it is not known */
	bool mark;          /* write "/./" behind the root (rsync --relative cuts names there) */
};

/*
 * Rebuilds path into out[0..size), size at least PATHNAME_MAX + 1.
 *	/in/x   -> <root>/in/x		in/x  -> in/x (the start directory is current)
 *	~/x     -> x			~bob  -> refused
 *	a/../b  -> <root><start>/b	../x  -> the same if it stays inside, else refused
 *	-x      -> ./-x			""    -> refused
 * Path may be a pattern (words.h). The result never starts with '-', "\-" or '~', and never holds a
 * ".." part; a slash at the end is kept.
 * Returns NULL, or a static reason (out is then undefined).
 */
const char *pathname_rebuild(const struct pathname_place *place, const char *path, char *out,
			     size_t size);

/*
 * The same for a path that the program reads beside its operand: relative to the operand where that is a directory
 * or becomes one, to the directory around it where it is a file. Only the program finds out which, so a relative
 * path that stays inside the docroot from both stays relative. One that would climb out from a file alone is meant for
 * a directory, and made absolute; one that climbs out from either, or climbs where base is NULL, is refused.
 *	/x   -> <root>/x	~/x  -> <root><start>/x
 *	x    -> x		../x -> ../x beside a/b, <root>/x beside b, refused beside /
 * A ".." part stands only in front. The result never starts with '-' or '~'.
 */
const char *pathname_beside(const struct pathname_place *place, const char *path, char *out,
			    size_t size);

/*
 * The same path as the docroot has it: absolute behind <root>, "." and ".." and doubled slashes resolved. For
 * judging where it lies.
 */
const char *pathname_resolve(const struct pathname_place *place, const char *path, char *out,
			     size_t size);

/* Whether path is top or lies beneath it, by its letters; "/" has everything beneath it. */
bool pathname_is_beneath(const char *path, const char *top);

/*
 * Whether a part of path equals one of the blank-separated names, ASCII case ignored.
 */
bool pathname_has_part(const char *path, const char *names);

#endif
