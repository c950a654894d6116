/*
 * docroot-items - what has to lie in a docroot that becomes the root: the programs with their loader and libraries, a
 * passwd and a group with nobody else's names, four devices. No shell.
 */
#include "docroot.h"
#include "grow.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

struct item *items_add(struct items *items, enum item_kind kind, const char *path)
{
	for (size_t i = 0; i < items->count; i++)
		if (strcmp(items->item[i].path, path) == 0)
			return &items->item[i];
	struct item *grown = grow(items->item, items->count, sizeof *grown);
	if (!grown) {
		items->failed = true;
		return NULL;
	}
	items->item = grown;
	struct item *item = &grown[items->count];
	*item = (struct item){.kind = kind, .path = strdup(path), .mode = 0644};
	if (!item->path) {
		items->failed = true;
		return NULL;
	}
	items->count++;
	return item;
}

/* Executable if the host's is; never setuid. */
static void set_modes(struct items *items)
{
	struct stat st;

	for (size_t i = 0; i < items->count; i++)
		if (items->item[i].kind == ITEM_COPY && stat(items->item[i].path, &st) == 0 &&
		    st.st_mode & (S_IXUSR | S_IXGRP | S_IXOTH))
			items->item[i].mode = 0755;
}

static void add_text(struct items *items, const char *path, char *text)
{
	struct item *item = text ? items_add(items, ITEM_TEXT, path) : NULL;

	if (item)
		item->text = text;
	else
		free(text);
	items->failed |= !item;
}

/* root, so that listings name the owner of what root put there; and those who come here. */
static void add_accounts(const struct jail *jail, struct items *items)
{
	char *passwd = NULL, *group = NULL;
	size_t size;
	FILE *p = open_memstream(&passwd, &size), *g = open_memstream(&group, &size);

	for (size_t i = 0; p && g && i <= jail->tenants_count; i++) {
		static const struct tenant root = {.user = (char *)"root"};
		const struct tenant *t = i ? &jail->tenants[i - 1] : &root;

		fprintf(p, "%s:x:%u:%u::/nonexistent:/usr/sbin/nologin\n", t->user, t->uid, t->gid);
		fprintf(g, "%s:x:%u:\n", t->user, t->gid);
	}
	if (p)
		fclose(p);
	if (g)
		fclose(g);
	add_text(items, "/etc/passwd", passwd);
	add_text(items, "/etc/group", group);
}

static void add_devices(struct items *items)
{
	static const struct {
		const char *path;
		unsigned major, minor; /* Documentation/admin-guide/devices.txt of the kernel */
	} devices[] = {{"/dev/null", 1, 3}, {"/dev/zero", 1, 5}, {"/dev/random", 1, 8}, {"/dev/urandom", 1, 9}};

	for (size_t i = 0; i < sizeof devices / sizeof *devices; i++) {
		struct item *item = items_add(items, ITEM_NODE, devices[i].path);

		if (!item)
			return;
		item->device = makedev(devices[i].major, devices[i].minor);
		item->mode = 0666;
	}
}

/*
 * A start directory right below the docroot is made for its account. One that is there, or lies deeper, where the
 * directories may be the account's own, is not ours to make.
 */
static void add_data(const struct jail *jail, struct items *items)
{
	for (size_t i = 0; i < jail->tenants_count; i++) {
		const struct tenant *t = &jail->tenants[i];
		struct item *item;

		if (strcmp(t->start, "/") == 0 || strchr(t->start + 1, '/') ||
		    !(item = items_add(items, ITEM_DATA, t->start)))
			continue;
		item->owner = t->uid;
		item->group = t->gid;
		item->mode = 0750;
	}
}

void items_make(struct jail *jail, struct items *items)
{
	/* The cache says where libraries outside the loader's own directories are. */
	static const char *const also[] = {"/etc/ld.so.cache", "/etc/localtime"};

	*items = (struct items){0};
	for (size_t i = 0; i < jail->programs_count; i++) {
		struct needed *wanted = &jail->programs[i];

		if (!wanted->optional || access(wanted->path, F_OK) == 0)
			wanted->refused = libraries_add(wanted->path, items);
	}
	for (size_t i = 0; i < sizeof also / sizeof *also; i++)
		if (!libraries_trust(also[i]))
			items_add(items, ITEM_COPY, also[i]);
	set_modes(items);
	add_accounts(jail, items);
	add_devices(items);
	add_data(jail, items);
}

void items_free(struct items *items)
{
	for (size_t i = 0; i < items->count; i++) {
		free(items->item[i].path);
		free(items->item[i].text);
	}
	free(items->item);
	*items = (struct items){0};
}
