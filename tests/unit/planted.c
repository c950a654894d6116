#include "planted.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[64];

char *planted_at(const char *name)
{
	static char path[2][160];
	static int turn;

	turn = !turn;
	snprintf(path[turn], sizeof path[turn], "%s%s%s", dir, *name ? "/" : "", name);
	return path[turn];
}

int planted_make(void **state)
{
	(void)state;
	/* /run: root's alone all the way. Others get what they can write; their tests ask no owners. */
	strcpy(dir, getuid() == 0 ? "/run/planted-XXXXXX" : "/tmp/planted-XXXXXX");
	return mkdtemp(dir) ? chmod(dir, 0755) : -1;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

int planted_remove(void **state)
{
	(void)state;
	return nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}
