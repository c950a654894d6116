#include "image-glob.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool add(struct names *names, const char *above, const char *name)
{
	char path[PATH_MAX];
	int n = snprintf(path, sizeof path, "%s/%s", above, name);

	errno = n < (int)sizeof path ? ENOMEM : ENAMETOOLONG;
	return n < (int)sizeof path && names_add(names, path, (size_t)n);
}

/* What fits part in the directory, which need not be one. */
static bool match(const struct image *image, const char *above, const char *part, struct names *next)
{
	DIR *directory = image_directory(image, *above ? above : "/");
	struct dirent *entry;
	bool good = true;

	if (!directory)
		return errno == ENOENT || errno == ENOTDIR;
	for (errno = 0; good && (entry = readdir(directory)); errno = good ? 0 : errno)
		if (fnmatch(part, entry->d_name, FNM_PERIOD) == 0)
			good = add(next, above, entry->d_name);
	int error = errno;
	closedir(directory);
	errno = error;
	return good && !error;
}

static bool step(const struct image *image, const char *part, const struct names *above, struct names *next)
{
	bool good = true;

	for (size_t i = 0; good && i < above->count; i++)
		good = strpbrk(part, "*?[\\") ? match(image, above->name[i], part, next)
					      : add(next, above->name[i], part);
	return good;
}

/* Those that are there: a part without a wildcard was taken at its word. */
static void keep_present(const struct image *image, struct names *names)
{
	struct stat status;
	size_t kept = 0;

	for (size_t i = 0; i < names->count; i++) {
		if (image_stat_link(image, names->name[i], &status))
			names->name[kept++] = names->name[i];
		else
			free(names->name[i]);
	}
	names->count = kept;
	names_sort(names);
}

bool image_glob(const struct image *image, const char *pattern, struct names *found)
{
	char *copy = strdup(pattern), *rest = copy, *part;
	struct names above = {0};
	bool good = copy && names_add(&above, "", 0);

	while (good && (part = strsep(&rest, "/"))) {
		struct names next = {0};

		if (!*part)
			continue;
		good = step(image, part, &above, &next);
		names_free(&above);
		above = next;
	}
	int error = errno;
	free(copy);
	keep_present(image, &above);
	*found = above;
	errno = error;
	return good;
}
