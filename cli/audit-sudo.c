/*
 * audit-sudo - what sudo lets each account do, by its own word: `sudo -ll -U`.
 *
 * It is asked once for all accounts that its rules cannot tell apart: those that the same words of the sudoers
 * files are about. Where rules come from elsewhere, or have what hides a name, it is asked for each account.
 */
#include "audit.h"

#include "capture.h"
#include "grow.h"

#include "audit/sudo.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SUDOERS "/etc/sudoers"

struct grouped {
	char *bits;
	char *answer; /* NULL: nothing is allowed */
};

struct sudo {
	struct audit *audit;
	struct audit_account *account;
	struct audit_text *text; /* the files, as they are; and cut into words */
	struct audit_text *words;
	size_t texts;
	struct audit_sudoers sudoers;
	struct grouped *group;
	size_t groups;
	const char *program;
};

static bool read_sudoers(struct sudo *s, const char *path)
{
	struct audit *a = s->audit;
	struct audit_text *text = grow(s->text, s->texts, sizeof *text);
	struct audit_text *words = text ? grow(s->words, s->texts, sizeof *words) : NULL;

	if (text)
		s->text = text;
	if (words)
		s->words = words;
	a->found.failed |= !words;
	if (!words)
		return false;
	words[s->texts] = (struct audit_text){0};
	bool good = audit_read(a, path, &text[s->texts]) && audit_read(a, path, &words[s->texts]);
	int error = errno;
	if (good) {
		s->texts++;
	} else {
		audit_text_free(&text[s->texts]);
		audit_text_free(&words[s->texts]);
	}
	errno = error;
	return good;
}

/* Files of a directory that sudo reads: no '.' in the name and no '~' at its end. */
static void read_directory(struct sudo *s, const char *directory)
{
	int fd = audit_open(s->audit, directory, O_RDONLY | O_DIRECTORY);
	DIR *stream = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *entry;
	char path[PATH_MAX];

	if (!stream && errno != ENOENT)
		audit_unseen(&s->audit->found, directory, "%s", strerror(errno));
	while (stream && (entry = readdir(stream)))
		if (!strchr(entry->d_name, '.') && entry->d_name[strlen(entry->d_name) - 1] != '~' &&
		    snprintf(path, sizeof path, "%s/%s", directory, entry->d_name) < (int)sizeof path)
			if (!read_sudoers(s, path))
				audit_unseen(&s->audit->found, path, "%s", strerror(errno));
	if (stream)
		closedir(stream);
}

/* @include and @includedir, with '#' before sudo 1.9.1. Of another place than the usual: each account is asked.
 */
static void read_includes(struct sudo *s)
{
	static const char usual[] = "/etc/sudoers.d";

	read_directory(s, usual);
	for (const char *line = s->text[0].text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strchr("@#", *line) && *line && strncmp(line + 1, "include", 7) == 0) {
			const char *path = line + strcspn(line, " \t\n");

			s->sudoers.each |= strncmp(path + strspn(path, " \t"), usual, sizeof usual - 1) != 0;
		}
	}
}

/* "sudoers: files sss" in nsswitch.conf: rules that no file has. */
static bool has_other_sources(const struct audit *a)
{
	struct audit_text text;
	bool other = false;
	const char *line;

	if (audit_read(a, "/etc/nsswitch.conf", &text) && (line = strstr(text.text, "\nsudoers:"))) {
		line += strlen("\nsudoers:");
		size_t length = strcspn(line, "\n#");

		other = memmem(line, length, "ldap", 4) || memmem(line, length, "sss", 3);
	}
	audit_text_free(&text);
	return other;
}

/* ---- asking ---- */

/* The file and line that has the command, as far as it stands there as sudo prints it. */
static struct audit_place place_of(const struct sudo *s, const char *command)
{
	for (size_t i = s->texts; i-- > 0;) {
		const char *at = strstr(s->text[i].text, command);
		struct audit_place place = {s->text[i].shown, 1};

		if (!at)
			continue;
		for (const char *c = s->text[i].text; c < at; c++)
			place.line += *c == '\n';
		return place;
	}
	return (struct audit_place){SUDOERS, 0};
}

static void found(void *context, enum audit_id id, const char *command)
{
	struct sudo *s = context;
	const struct audit_evidence evidence = {.place = place_of(s, command), .value = command};

	audit_find(&s->audit->found, id, s->account, &evidence, "sudo lets it run %s", command);
}

static char *ask(struct sudo *s, const char *user)
{
	const char *argv[] = {s->program, "-ll", "-U", user, NULL};
	char *out = NULL, *errors = NULL;
	int status = capture_errors(argv, &out, &errors);

	if (status != 0 && !(out && strstr(out, "not allowed")))
		audit_unseen(&s->audit->found, "what sudo lets accounts do", "%s -ll: %.300s", s->program,
			     errors && *errors ? errors : "no answer");
	free(errors);
	return out;
}

static const char *answer_for(struct sudo *s, const struct audit_account *account)
{
	size_t count = s->sudoers.count;
	char *bits = malloc(count + 1);
	struct grouped *grown;

	if (bits)
		audit_sudoers_class(&s->sudoers, account, bits);
	for (size_t i = 0; bits && !s->sudoers.each && i < s->groups; i++)
		if (memcmp(s->group[i].bits, bits, count) == 0) {
			free(bits);
			return s->group[i].answer;
		}
	grown = bits ? grow(s->group, s->groups, sizeof *grown) : NULL;
	if (!grown) {
		s->audit->found.failed = true;
		free(bits);
		return NULL;
	}
	s->group = grown;
	grown[s->groups] = (struct grouped){bits, ask(s, account->name)};
	return grown[s->groups++].answer;
}

static void look(struct sudo *s, struct audit_account *account)
{
	const char *answer = answer_for(s, account);
	char *copy = answer ? strdup(answer) : NULL;

	s->account = account;
	if (copy)
		audit_judge_sudo(copy, found, s);
	free(copy);
}

static void release(struct sudo *s)
{
	for (size_t i = 0; i < s->texts; i++) {
		audit_text_free(&s->text[i]);
		audit_text_free(&s->words[i]);
	}
	for (size_t i = 0; i < s->groups; i++) {
		free(s->group[i].bits);
		free(s->group[i].answer);
	}
	free(s->text);
	free(s->words);
	free(s->group);
	free(s->sudoers.word);
}

/* False: there are no rules, or nobody to ask; what could not be seen is said. */
static bool begin(struct sudo *s)
{
	struct audit *a = s->audit;
	const char *program = a->root ? NULL : capture_find("sudo");

	s->program = program ? strdup(program) : NULL;
	errno = 0;
	if (!read_sudoers(s, SUDOERS)) {
		if (errno == ENOENT && !s->program)
			return false;
		audit_unseen(&a->found, SUDOERS, "%s", strerror(errno));
		return false;
	}
	if (!s->program)
		audit_unseen(&a->found, "what sudo lets accounts do",
			     a->root ? "no program of an image is run"
				     : "there are rules, and sudo is not installed");
	return s->program;
}

void audit_sudo(struct audit *a)
{
	struct sudo s = {.audit = a};

	if (begin(&s)) {
		read_includes(&s);
		for (size_t i = 0; i < s.texts; i++)
			audit_sudoers_add(&s.sudoers, s.words[i].text);
		audit_sudoers_sort(&s.sudoers);
		s.sudoers.each |= has_other_sources(a);
		for (size_t i = 0; i < a->accounts; i++)
			if (audit_wanted(a, &a->account[i]) && audit_restricted(&a->account[i]))
				look(&s, &a->account[i]);
	}
	a->found.failed |= s.sudoers.failed;
	release(&s);
	free((char *)(size_t)s.program);
}
