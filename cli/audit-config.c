/*
 * audit-config - sshd's configuration as it is written, with what it includes in its place.
 */
#include "audit-sshd.h"

#include "grow.h"
#include "image-glob.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 16 }; /* servconf.c, SERVCONF_MAX_DEPTH */

static bool read_file(struct audit *a, struct audit_sshd *s, const char *path, int depth);

static struct audit_text *add_text(struct audit *a, struct audit_sshd *s)
{
	struct audit_text *grown = grow(s->texts, s->texts_count, sizeof *grown);

	a->found.failed |= !grown;
	if (!grown)
		return NULL;
	s->texts = grown;
	return &grown[s->texts_count++];
}

/* One pattern of an Include line: relative to /etc/ssh, sorted, and none that fits is no error. */
static bool include(struct audit *a, struct audit_sshd *s, const char *pattern, int depth)
{
	char path[PATH_MAX];
	size_t block = s->config.block;
	struct names found = {0};
	int n = snprintf(path, sizeof path, "%s%s", *pattern == '/' ? "" : "/etc/ssh/", pattern);

	errno = ENAMETOOLONG;
	bool whole = n < (int)sizeof path && image_glob(&a->image, path, &found);
	if (!whole)
		audit_unseen(&a->found, path, "%s", strerror(errno));
	for (size_t i = 0; i < found.count; i++) {
		whole = read_file(a, s, found.name[i], depth) && whole;
		audit_config_resume(&s->config, block);
	}
	names_free(&found);
	return whole;
}

static bool include_all(struct audit *a, struct audit_sshd *s, const char *patterns, int depth)
{
	char *copy = strdup(patterns), *rest = copy, *word;
	bool whole = copy != NULL;

	while (rest && (word = strsep(
			    &rest, " \t\""))) /* a pattern with a blank in it is in quotes: seldom, and unseen */
		if (*word)
			whole = include(a, s, word, depth) && whole;
	free(copy);
	return whole;
}

static bool read_lines(struct audit *a, struct audit_sshd *s, struct audit_text text, int depth)
{
	size_t at = 0, number = 0;
	bool odd, whole = true;
	char *line;

	while ((line = audit_line(&text, &at, &odd))) {
		const struct audit_config_line *added = audit_config_add(&s->config, text.shown, ++number, line);

		if (added && strcmp(added->keyword, "include") == 0)
			whole = include_all(a, s, added->value, depth + 1) && whole;
		else if (added && strcmp(added->keyword, "match") == 0)
			audit_match_add(&s->match, added->value);
	}
	return whole;
}

static bool read_file(struct audit *a, struct audit_sshd *s, const char *path, int depth)
{
	struct audit_text *text = depth < DEPTH_MAX ? add_text(a, s) : NULL;

	if (text && audit_read(a, path, text))
		return read_lines(a, s, *text, depth);
	audit_unseen(&a->found, path, "%s", text ? strerror(errno) : "included too deeply");
	return false;
}

bool audit_sshd_config(struct audit *a, struct audit_sshd *s)
{
	bool whole = read_file(a, s, s->file, 0);

	/* What was not read may have Match lines that tell any two accounts apart. */
	s->match.each |= !whole;
	a->found.failed |= s->config.failed || s->match.failed;
	return whole;
}
