/*
 * audit-nss - accounts and groups that no file of /etc has: those that the name service switch lists.
 */
#include "audit.h"

#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The line of nsswitch.conf for a database, without a comment: *length bytes, not terminated. NULL: none. */
static const char *sources_of(const char *text, const char *database, size_t *length)
{
	size_t word = strlen(database);

	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, database, word) == 0 && line[word] == ':') {
			*length = strcspn(line + word + 1, "#\n");
			return line + word + 1;
		}
	}
	return NULL;
}

/* Whether there is a source beside the files; *hides: one that may have accounts and list none. */
static bool has_sources(struct audit *a, const char *database, bool *hides)
{
	static const char *const open[] = {"files", "compat", "systemd", "db"};
	struct audit_text text;
	size_t length, word;
	bool other = false;

	*hides = false;
	const char *at =
	    audit_read(a, "/etc/nsswitch.conf", &text) ? sources_of(text.text, database, &length) : NULL;
	const char *end = at ? at + length : NULL;
	for (; at < end; at += word ? word : 1) {
		bool known = false;

		word = strcspn(at, " \t\n[]#");
		word = word > (size_t)(end - at) ? (size_t)(end - at) : word;
		if (!word || memchr(at, '=', word)) /* [NOTFOUND=return] */
			continue;
		for (size_t i = 0; i < sizeof open / sizeof *open; i++)
			known |= strlen(open[i]) == word && memcmp(open[i], at, word) == 0;
		other |= !(word == 5 && memcmp(at, "files", 5) == 0);
		*hides |= !known;
	}
	audit_text_free(&text);
	return other;
}

static size_t list_accounts(FILE *to, const struct audit *a)
{
	const struct passwd *entry;
	size_t count = 0;

	setpwent();
	for (; (entry = getpwent()); count++)
		fprintf(to, "%s:%s:%u:%u::%s:%s\n", entry->pw_name, *entry->pw_passwd ? "x" : "", entry->pw_uid,
			entry->pw_gid, entry->pw_dir, entry->pw_shell);
	endpwent();
	/* One that is asked for by name need not be listed. */
	if (a->user && (entry = getpwnam(a->user)))
		fprintf(to, "%s:x:%u:%u::%s:%s\n", entry->pw_name, entry->pw_uid, entry->pw_gid, entry->pw_dir,
			entry->pw_shell);
	return count;
}

static size_t list_groups(FILE *to)
{
	const struct group *entry;
	size_t count = 0;

	setgrent();
	for (; (entry = getgrent()); count++) {
		fprintf(to, "%s:x:%u:", entry->gr_name, entry->gr_gid);
		for (char **member = entry->gr_mem; *member; member++)
			fprintf(to, "%s%s", member == entry->gr_mem ? "" : ",", *member);
		putc('\n', to);
	}
	endgrent();
	return count;
}

static size_t count_lines(const struct audit_text *text)
{
	size_t count = 0;

	for (size_t i = 0; i < text->length; i++)
		count += text->text[i] == '\n' || text->text[i] == '\0';
	return count;
}

bool audit_nss(struct audit *a, const char *database, struct audit_text *text)
{
	bool accounts = strcmp(database, "passwd") == 0, hides;

	if (!has_sources(a, database, &hides))
		return false;
	if (a->root) {
		if (hides)
			audit_unseen(&a->found, database,
				     "nsswitch.conf of the image names sources beside its files");
		return false;
	}
	FILE *to = open_memstream(&text->text, &text->length);
	size_t count = !to ? 0 : accounts ? list_accounts(to, a) : list_groups(to);
	bool good = to && fclose(to) == 0;

	text->shown = strdup("NSS");
	a->found.failed |= !good || !text->shown;
	if (good && hides && count <= count_lines(accounts ? &a->passwd : &a->group))
		audit_unseen(&a->found, database,
			     "nsswitch.conf names a source that lists nothing: getent answers by name");
	return good;
}
