/*
 * audit-dotfiles - what lies in the home of each account and lets somebody in, or runs something.
 * audit-startup has who can change the home itself.
 */
#include "audit-keys.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ENTRIES_MAX = 4096, FILE_MAX = 64 << 10 };

/* ---- files by their name ---- */

/* opens: only where sshd acts upon the file for this account; 0: in any case. */
static const struct {
	const char *name;
	enum audit_id id;
	unsigned opens;
	const char *what;
} files[] = {
    {".rhosts", AUDIT_RHOSTS, 0, "names hosts and users that need no key"},
    {".shosts", AUDIT_RHOSTS, 0, "names hosts and users that need no key"},
    {".ssh/rc", AUDIT_USER_RC, OPENS_RC, "sshd runs it before the command of a key"},
    {".ssh/environment", AUDIT_ENVIRONMENT_FILE, OPENS_ENVIRONMENT,
     "sshd puts its variables before every program"},
};

static void look_for_files(const struct about *about, unsigned opens)
{
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		char path[PATH_MAX];
		const struct audit_evidence evidence = {.place = {.file = path}, .path = path};
		struct stat status;

		if ((files[i].opens && !(opens & files[i].opens)) ||
		    snprintf(path, sizeof path, "%s/%s", about->account->home, files[i].name) >=
			(int)sizeof path)
			continue;
		if (image_stat_link(&about->audit->image, path, &status))
			audit_find(&about->audit->found, files[i].id, about->account, &evidence,
				   "%s", files[i].what);
		else if (errno != ENOENT && errno != ENOTDIR)
			audit_unseen(&about->audit->found, path, "%s", strerror(errno));
	}
}

/* The same for every account. */
void dotfiles_look_at_host(struct audit *a)
{
	static const char *const names[] = {"/etc/hosts.equiv", "/etc/shosts.equiv",
					    "/etc/ssh/shosts.equiv"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const struct audit_evidence evidence = {.place = {.file = names[i]},
							.path = names[i]};
		struct stat status;

		if (image_stat_link(&a->image, names[i], &status))
			audit_find(&a->found, AUDIT_RHOSTS, NULL, &evidence,
				   "names hosts and users that need no key");
		else if (errno != ENOENT && errno != ENOTDIR)
			audit_unseen(&a->found, names[i], "%s", strerror(errno));
	}
}

/* ---- files by what they hold ---- */

static bool ends_with(const char *name, const char *end)
{
	size_t length = strlen(name), tail = strlen(end);

	return length > tail && strcmp(name + length - tail, end) == 0;
}

static void look_at_certificate(const struct about *about, int fd, unsigned opens)
{
	static struct keystream stream;
	const struct wanted wanted = {.gate = SALLYPORT_SHELL};
	const struct judge_facts judge = {
	    .wanted = &wanted, .now = about->audit->now, .shell_is_gate = !(opens & OPENS_COMMAND)};
	struct line_facts facts = {.about = *about, .opens = opens};
	struct keyline *line = keys_line();

	keystream_begin(&stream, fd);
	while (keystream_next(&stream)) {
		size_t offset;

		facts.about.line = stream.number;
		if (keyline_fault(stream.text, stream.length, &offset))
			continue;
		keyline_read(stream.text, stream.length, line);
		if (line->kind == KEYLINE_KEY && line->key.type->certifies)
			line_find(&facts, line, judge_cert(line, &judge));
	}
}

static void look_at_entry(const struct about *about, int directory, const char *name,
			  unsigned opens)
{
	int fd = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat status;

	if (fd < 0)
		return; /* a link leads to what lies elsewhere, and is looked at there */
	if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_size <= FILE_MAX) {
		if (about->account && ends_with(name, "-cert.pub"))
			look_at_certificate(about, fd, opens);
		else
			private_look_at(about, fd);
	}
	close(fd);
}

void dotfiles_look_in(const struct about *about, const char *path, unsigned opens)
{
	DIR *directory = image_directory(&about->audit->image, path);
	struct dirent *entry;
	size_t count = 0;

	if (!directory && errno != ENOENT && errno != ENOTDIR)
		audit_unseen(&about->audit->found, path, "%s", strerror(errno));
	while (directory && count < ENTRIES_MAX && (entry = readdir(directory))) {
		char name[PATH_MAX];
		struct about one = *about;

		if (entry->d_type != DT_REG && entry->d_type != DT_UNKNOWN)
			continue;
		count++;
		one.file = name;
		if (snprintf(name, sizeof name, "%s/%s", path, entry->d_name) < (int)sizeof name)
			look_at_entry(&one, dirfd(directory), entry->d_name, opens);
	}
	if (count == ENTRIES_MAX)
		audit_unseen(&about->audit->found, path,
			     "more than %d files; keys were looked for in the first", ENTRIES_MAX);
	if (directory)
		closedir(directory);
}

/* ---- the home ---- */

static void look_at_way(const struct about *about)
{
	struct way way;

	if (!place_look(about->audit, about->account, about->account->home, &way)) {
		audit_unseen(&about->audit->found, about->account->home, "%s", strerror(errno));
		return;
	}
	if (way.absent)
		return;
	place_find_hidden(about, &way);
}

void dotfiles_look_at(struct audit *a, struct audit_account *account, unsigned opens)
{
	struct about about = {.audit = a, .account = account, .file = account->home};
	char path[PATH_MAX];

	if (account->home[0] != '/' || !account->home[1])
		return; /* audit-accounts says what is odd about a home; "/" is everybody's */
	look_at_way(&about);
	if (!audit_restricted(account))
		return;
	look_for_files(&about, opens);
	dotfiles_look_in(&about, account->home, opens);
	if (snprintf(path, sizeof path, "%s/.ssh", account->home) < (int)sizeof path)
		dotfiles_look_in(&about, path, opens);
}
