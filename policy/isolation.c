#include "isolation.h"

#include "text/pathname.h"

#include <string.h>

static const char *const names[] = {
	[ISOLATION_NAMESPACE] = "namespace",
	[ISOLATION_CHROOT] = "chroot",
	[ISOLATION_LANDLOCK] = "landlock",
};

bool isolation_parse(const char *word, enum isolation *isolation)
{
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(names[i], word) == 0) {
			*isolation = (enum isolation)i;
			return true;
		}
	return false;
}

const char *policy_isolation(const struct settings *settings)
{
	return names[settings->isolation];
}

const char *policy_root(const struct settings *settings, const char *in_view)
{
	switch (settings->isolation) {
	case ISOLATION_CHROOT: return "";
	case ISOLATION_LANDLOCK: return settings->docroot;
	case ISOLATION_NAMESPACE: break;
	}
	return in_view;
}

/* Landlock's rights add up downward: what they cannot take away beneath a directory, a mount has to. */
static bool needs_a_mount(const struct settings *settings)
{
	for (size_t i = 0; i < settings->paths_count; i++)
		if (settings->paths[i].read_only)
			return true;
	return false;
}

/* A private /tmp takes a mount. That there is none needs nothing. */
static bool wants_tmp(const struct settings *settings)
{
	return settings->limit[LIMIT_TMP] != LIMIT_UNSET && settings->limit[LIMIT_TMP] > 0;
}

const char *isolation_check(const struct settings *settings, const char *own_policy, const char **want)
{
	*want = "isolation = namespace";
	if (settings->isolation != ISOLATION_NAMESPACE && !settings->docroot)
		return "docroot = none, which this isolation cannot give";
	if (settings->isolation != ISOLATION_NAMESPACE && needs_a_mount(settings))
		return "access /DIR = read-only, which this isolation cannot hold";
	if (settings->isolation != ISOLATION_NAMESPACE && wants_tmp(settings))
		return "limit tmp above 0, which this isolation cannot give";
	if (settings->isolation == ISOLATION_LANDLOCK && settings->may_lack & MAY_LACK_LANDLOCK)
		return "isolation = landlock, and Landlock may be absent";
	if (!own_policy)
		return NULL;
	*want = "isolation = landlock, or namespace where user namespaces are allowed";
	if (settings->isolation == ISOLATION_CHROOT)
		return "isolation = chroot in a policy of the account's own";
	*want = "a docroot that does not hold the policy";
	if (settings->docroot && pathname_is_beneath(own_policy, settings->docroot))
		return "the policy lies in a docroot that it names";
	return NULL;
}
