#include "account.h"

#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { FIELDS_MAX = 10 };

/* Cuts at the colons; how many fields, or FIELDS_MAX + 1 for more. */
static size_t cut(char *line, char *field[FIELDS_MAX])
{
	size_t count = 0;

	for (char *at = line; at; count++) {
		char *colon = strchr(at, ':');

		if (count == FIELDS_MAX)
			return FIELDS_MAX + 1;
		field[count] = at;
		if (colon)
			*colon++ = '\0';
		at = colon;
	}
	return count;
}

static bool read_id(const char *text, unsigned *id)
{
	char *end;
	unsigned long value;

	if (!isdigit((unsigned char)*text))
		return false;
	value = strtoul(text, &end, 10);
	*id = (unsigned)value;
	return *end == '\0' && value < UINT_MAX; /* (uid_t)-1 is nobody's */
}

const char *audit_read_passwd(char *line, struct audit_account *account)
{
	enum { NAME, PASSWORD, UID, GID, GECOS, HOME, SHELL, FIELDS };
	char *field[FIELDS_MAX];

	if (cut(line, field) != FIELDS)
		return "not seven fields";
	if (!*field[NAME])
		return "no name";
	if (!read_id(field[UID], &account->uid))
		return "the uid is no number";
	if (!read_id(field[GID], &account->gid))
		return "the gid is no number";
	account->name = field[NAME];
	account->home = field[HOME];
	account->shell = *field[SHELL] ? field[SHELL] : "/bin/sh"; /* passwd(5) */
	account->password = !*field[PASSWORD] ? AUDIT_PASSWORD_EMPTY : AUDIT_PASSWORD_UNSEEN;
	return NULL;
}

const char *audit_read_shadow(char *line, const char **name, enum audit_password *password)
{
	char *field[FIELDS_MAX];

	if (cut(line, field) < 2)
		return "no password field";
	if (!*field[0])
		return "no name";
	*name = field[0];
	if (!*field[1])
		*password = AUDIT_PASSWORD_EMPTY;
	else if (*field[1] == '!')
		*password = AUDIT_PASSWORD_LOCKED;
	else if (*field[1] == '$' || strlen(field[1]) == 13 || *field[1] == '_') /* crypt(5) */
		*password = AUDIT_PASSWORD_SET;
	else
		*password = AUDIT_PASSWORD_NONE;
	return NULL;
}

const char *audit_read_group(char *line, const char **name, unsigned *gid, char **members)
{
	char *field[FIELDS_MAX];

	if (cut(line, field) != 4)
		return "not four fields";
	if (!*field[0])
		return "no name";
	if (!read_id(field[2], gid))
		return "the gid is no number";
	*name = field[0];
	*members = field[3];
	return NULL;
}

const char *audit_name_odd(const char *name)
{
	if (*name == '-')
		return "begins with '-': programs take it for an option";
	if (strspn(name, "0123456789") == strlen(name))
		return "is a number: programs take it for a uid";
	for (const char *at = name; *at; at++)
		if (!isalnum((unsigned char)*at) && !strchr("._-$", *at))
			return "has bytes that useradd refuses";
	return NULL;
}

bool audit_path_within(const char *path, const char *directory)
{
	while (*directory) {
		size_t length = strcspn(directory += strspn(directory, "/"), "/");

		path += strspn(path, "/");
		if (length == 0)
			return true;
		if (strcspn(path, "/") != length || memcmp(path, directory, length) != 0)
			return false;
		path += length;
		directory += length;
	}
	return true;
}
