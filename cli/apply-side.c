#include "apply-side.h"

#include "usable.h"

#include "text/escape.h"
#include "text/pathname.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool side_open(struct side *side, const char *file, bool any_owner)
{
	const struct policy_source source = {.file = file, .any_owner = any_owner};

	*side = (struct side){.file = file, .any_owner = any_owner};
	if (!policy_load(&source, &side->policy, &side->fault))
		return false;
	if (lines_read(file, &side->lines))
		return true;
	side->fault = (struct policy_fault){.reason = "the file cannot be read"};
	snprintf(side->fault.file, sizeof side->fault.file, "%s", file);
	policy_free(side->policy);
	side->policy = NULL;
	return false;
}

void side_close(struct side *side)
{
	policy_free(side->policy);
	lines_free(&side->lines);
	*side = (struct side){0};
}

void side_fault(const struct policy_fault *fault, char out[SIDE_FAULT_MAX])
{
	const char *separator = *fault->word ? ": " : "";
	char line[16] = "";

	if (fault->line)
		snprintf(line, sizeof line, ":%u", fault->line);
	snprintf(out, SIDE_FAULT_MAX, "%.300s%s: %.180s%s%.100s", fault->file, line, fault->reason, separator,
		 fault->word);
}

static bool has_own_file(const struct side *side, const char *user)
{
	char path[POLICY_PATH_MAX];
	int directory = (int)(strrchr(side->file, '/') - side->file);

	if (user[0] == '.' || strchr(user, '/'))
		return false;
	int n = snprintf(path, sizeof path, "%.*s/users/%s.ini", directory, side->file, user);
	/* Anything but a plain absence is for the loader to judge. */
	return n < (int)sizeof path &&
	       (faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0 || errno != ENOENT);
}

void sitting_open(struct sitting *sitting, const struct side *side, const char *user)
{
	const struct policy_source source = {side->file, user, side->any_owner};

	*sitting = (struct sitting){.asked = side->policy, .fault = side->fault};
	if (!side->policy || !has_own_file(side, user))
		return;
	if (!policy_load(&source, &sitting->own, &sitting->fault))
		sitting->own = NULL;
	sitting->asked = sitting->own;
}

void sitting_close(struct sitting *sitting)
{
	policy_free(sitting->own);
	*sitting = (struct sitting){0};
}

static void say_fault(struct view *view, const struct policy_fault *fault)
{
	char word[64];

	escape_plain(fault->word, strlen(fault->word), word, sizeof word);
	if (fault->line)
		snprintf(view->reason, sizeof view->reason, "%.150s:%u: %s%s%s", fault->file,
			 fault->line, fault->reason, *word ? ": " : "", word);
	else
		snprintf(view->reason, sizeof view->reason, "%s", fault->reason);
}

/* Why the gate would refuse every session with such a docroot, as far as can be told from here. */
static const char *docroot_fault(const struct settings *s, const char *home)
{
	char real[PATH_MAX];
	struct stat st;

	if (!s->docroot)
		return NULL;
	if (stat(s->docroot, &st) != 0 || !S_ISDIR(st.st_mode))
		return "its docroot is not a directory here";
	if (!realpath(s->docroot, real) || strcmp(real, s->docroot) != 0)
		return "a link is on the way to its docroot";
	if (!s->docroot_home && pathname_is_beneath(home, s->docroot))
		return "its docroot holds its home directory";
	snprintf(real, sizeof real, "%s%s", s->docroot, s->start);
	if (stat(real, &st) != 0 || !S_ISDIR(st.st_mode))
		return "its start directory is not there";
	return NULL;
}

static const char *idle_reason(const struct settings *s, const struct policy_account *facts,
			       int64_t now)
{
	const char *reason = facts->uid == 0 ? "the gate refuses uid 0" : usable_fault(s, now);

	return reason ? reason : docroot_fault(s, facts->home);
}

void side_view(const struct sitting *sitting, const struct policy_account *facts, int64_t now,
	       struct settings *store, struct view *view)
{
	struct policy_fault fault = sitting->fault;
	const struct settings *settings;
	struct policy *policy = sitting->asked;

	*view = (struct view){0};
	if (!policy || policy_settings(policy, facts, &settings, &fault) != POLICY_SETTINGS) {
		say_fault(view, &fault);
		return;
	}
	*store = *settings;
	view->settings = store;
	const char *reason = idle_reason(store, facts, now);
	view->works = reason == NULL;
	snprintf(view->reason, sizeof view->reason, "%s", reason ? reason : "");
}
