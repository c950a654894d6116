/*
 * audit-runtime - docroots that become the root (isolation = chroot): whether the programs that the
 * policy names, and what those need to start, lie in them as they lie on the host. `sallyport
 * docroot` knows what that is.
 */
#include "audit-keys.h"
#include "docroot.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void runtime_note(struct audit *a, const struct audit_account *account,
		  const struct settings *settings)
{
	if (settings->isolation != ISOLATION_CHROOT)
		return;
	if (!a->jails)
		a->jails = calloc(1, sizeof *a->jails);
	if (a->jails)
		jails_add(a->jails, settings, account->uid, account->gid);
	a->found.failed |= !a->jails || a->jails->failed;
}

/* One finding of all who live in it. */
static void find(struct audit *a, const struct jail *jail, const char *what, const char *why)
{
	const struct audit_evidence evidence = {.place = {.file = jail->path}, .path = jail->path};

	for (size_t i = 0; i < jail->tenants_count; i++) {
		struct audit_account *account = audit_account(a, jail->tenants[i].user);

		if (account)
			audit_find(&a->found, AUDIT_DOCROOT_RUNTIME, account, &evidence, "%s: %s",
				   what, why);
	}
}

static void look_at_items(struct audit *a, const struct jail *jail, int docroot,
			  const struct items *items)
{
	static const char *const states[] = {
	    [STATE_ABSENT] = "not there",
	    [STATE_STALE] = "other than the host's, or than it should be",
	    [STATE_BLOCKED] =
		"something else has the name, or a directory on the way is not root's alone",
	};

	for (size_t i = 0; i < items->count; i++) {
		const struct item *item = &items->item[i];
		enum item_state state =
		    item->kind == ITEM_DATA ? STATE_SAME : put_state(docroot, item);

		if (state != STATE_SAME)
			find(a, jail, item->path, states[state]);
	}
}

static void look_at(struct audit *a, struct jail *jail)
{
	int docroot = image_open(&a->image, jail->path, O_RDONLY | O_DIRECTORY);
	struct items items;

	if (docroot < 0) {
		audit_unseen(&a->found, jail->path, "%s", strerror(errno));
		return;
	}
	items_make(jail, &items);
	a->found.failed |= items.failed;
	for (size_t i = 0; i < jail->programs_count; i++)
		if (jail->programs[i].refused)
			find(a, jail, jail->programs[i].path, jail->programs[i].refused);
	look_at_items(a, jail, docroot, &items);
	items_free(&items);
	close(docroot);
}

void runtime_end(struct audit *a)
{
	if (!a->jails)
		return;
	/* Libraries are what a loader finds: this host's would look on this host. */
	if (a->image.mounted)
		audit_unseen(
		    &a->found, "docroots that become roots",
		    "which libraries their programs need is for the image's own loader to say");
	for (size_t i = 0; i < a->jails->count && !a->image.mounted; i++)
		look_at(a, &a->jails->jail[i]);
	jails_free(a->jails);
	free(a->jails);
	a->jails = NULL;
}
