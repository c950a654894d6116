/*
 * audit-nss - accounts and groups that no file of /etc has: those that the name service switch lists.
 */
#include "audit.h"

#include "nss.h"

#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of the host that is looked at. */
static struct nss_sources sources_of(struct audit *a, const char *database)
{
	struct audit_text text;

	audit_read(a, "/etc/nsswitch.conf", &text);
	const struct nss_sources sources = nss_sources(text.text, database);
	audit_text_free(&text);
	return sources;
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
	bool accounts = strcmp(database, "passwd") == 0;
	const struct nss_sources sources = sources_of(a, database);

	if (!sources.other)
		return false;
	if (a->root) {
		if (sources.hides)
			audit_unseen(&a->found, database,
				     "nsswitch.conf of the image names sources beside its files");
		return false;
	}
	FILE *to = open_memstream(&text->text, &text->length);
	size_t count = !to ? 0 : accounts ? list_accounts(to, a) : list_groups(to);
	bool good = to && fclose(to) == 0;

	text->shown = strdup("NSS");
	a->found.failed |= !good || !text->shown;
	if (good && sources.hides && count <= count_lines(accounts ? &a->passwd : &a->group))
		audit_unseen(&a->found, database,
			     "nsswitch.conf names a source that lists nothing: getent answers by name");
	return good;
}
