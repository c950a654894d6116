#include "apply-who.h"

#include <dirent.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool add_sections(struct names *names, const struct side *side, const char *kind)
{
	size_t length;

	for (size_t i = 0; i < side->lines.count; i++) {
		const char *name = lines_header(&side->lines, i, kind, &length);

		if (name && !names_add(names, name, length))
			return false;
	}
	return true;
}

/* users/NAME.ini. A directory that is not there holds none. */
static bool add_files(struct names *names, const char *policy)
{
	char path[POLICY_PATH_MAX + 8];
	bool good = true;
	struct dirent *entry;

	snprintf(path, sizeof path, "%.*s/users", (int)(strrchr(policy, '/') - policy), policy);
	DIR *directory = opendir(path);
	while (directory && good && (entry = readdir(directory))) {
		size_t length = strlen(entry->d_name);

		if (length > 4 && entry->d_name[0] != '.' &&
		    strcmp(entry->d_name + length - 4, ".ini") == 0)
			good = names_add(names, entry->d_name, length - 4);
	}
	if (directory)
		closedir(directory);
	return good;
}

static bool add_primary(struct names *names, gid_t gid)
{
	const struct passwd *entry;
	bool good = true;

	setpwent();
	while (good && (entry = getpwent()))
		if (entry->pw_gid == gid)
			good = names_add(names, entry->pw_name, strlen(entry->pw_name));
	endpwent();
	return good;
}

static bool add_members(struct names *names, const struct names *groups)
{
	for (size_t i = 0; i < groups->count; i++) {
		const struct group *group = getgrnam(groups->name[i]);

		for (char **member = group ? group->gr_mem : NULL; member && *member; member++)
			if (!names_add(names, *member, strlen(*member)))
				return false;
		if (group && !add_primary(names, group->gr_gid))
			return false;
	}
	return true;
}

bool who_accounts(const struct side *before, const struct side *after, struct names *names)
{
	struct names groups = {0};

	bool good = add_sections(&groups, before, "group") && add_sections(&groups, after, "group") &&
		    add_sections(names, before, "user") && add_sections(names, after, "user") &&
		    add_files(names, after->file);
	names_sort(&groups);
	good = good && add_members(names, &groups);
	names_free(&groups);
	names_sort(names);
	return good;
}

bool who_profiles(const struct side *before, const struct side *after, struct names *names)
{
	bool good = add_sections(names, before, "profile") && add_sections(names, after, "profile");

	names_sort(names);
	return good;
}
