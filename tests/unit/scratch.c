#include "scratch.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* One file for the life of the process, rewritten each time: fuzzers come here often. */
static const char *scratch_path(int *fd)
{
	static char path[] = "/tmp/scratch-XXXXXX";
	static int kept = -1;

	if (kept < 0)
		kept = mkstemp(path);
	*fd = kept;
	return path;
}

static void forget(void)
{
	int fd;

	unlink(scratch_path(&fd));
}

struct policy *scratch_load(const char *text, size_t length, struct policy_fault *fault)
{
	static bool registered;
	int fd;
	struct policy *policy = NULL;
	struct policy_source source = {.file = scratch_path(&fd), .any_owner = true};

	if (!registered)
		registered = atexit(forget) == 0;
	if (fd < 0 || ftruncate(fd, 0) != 0 || pwrite(fd, text, length, 0) != (ssize_t)length)
		abort();
	return policy_load(&source, &policy, fault) ? policy : NULL;
}

struct policy *scratch_load_all(const char *text, struct policy_fault *fault)
{
	char all[8192] = "[defaults]\ncommands =";

	for (size_t i = 0; definition_builtin[i]; i++)
		sprintf(all + strlen(all), " %s", definition_builtin[i]->name);
	strcat(all, text);
	return scratch_load(all, strlen(all), fault);
}

const struct settings *scratch_settings(struct policy *policy, const char *user)
{
	static char home[64];
	static const char *const no_groups[] = {NULL};
	const struct policy_account account = {
		.user = user,
		.home = home,
		.uid = 1000,
		.groups = no_groups,
	};
	const struct settings *settings;
	struct policy_fault fault;

	snprintf(home, sizeof home, "/home/%s", user);
	policy_settings(policy, &account, &settings, &fault);
	return settings;
}

char *scratch_read(const char *path, size_t *length)
{
	FILE *file = fopen(path, "re");
	char *text = NULL;
	size_t used = 0, n;

	if (!file)
		return NULL;
	do {
		text = realloc(text, used + 65537);
		if (!text)
			abort();
		n = fread(text + used, 1, 65536, file);
		used += n;
	} while (n > 0);
	fclose(file);
	text[used] = '\0';
	*length = used;
	return text;
}
