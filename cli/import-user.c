#include "import-user.h"

#include <stdio.h>
#include <string.h>

static bool is(struct asconf_text text, const char *word)
{
	return text.length == strlen(word) && memcmp(text.at, word, text.length) == 0;
}

static bool begins(struct asconf_text text, const char *word)
{
	return text.length >= strlen(word) && memcmp(text.at, word, strlen(word)) == 0;
}

/* ---- values ---- */

/* AS_NULL takes a parameter back to its default. */
static const char *take_bool(bool *to, struct asconf_text value)
{
	if (!is(value, "true") && !is(value, "false") && !is(value, "AS_NULL"))
		return "true, false or AS_NULL";
	*to = !is(value, "false");
	return NULL;
}

static const char *take_way(enum import_way *to, struct asconf_text value)
{
	static const char *const words[] = {
		[IMPORT_ALLOW] = "allow", [IMPORT_DENY] = "deny", [IMPORT_TOKEN] = "token"};

	if (is(value, "AS_NULL"))
		*to = IMPORT_ALLOW;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (is(value, words[i])) {
			*to = (enum import_way)i;
			return NULL;
		}
	return is(value, "AS_NULL") ? NULL : "allow, deny or token";
}

/* Aspera's tokens for our own. False: it does not fit, or a token is not known. */
static bool translate(struct asconf_text value, char out[IMPORT_PATH_MAX])
{
	static const char *const tokens[][2] = {{"$(name)", "%u"}, {"$(user)", "%u"}, {"$(home)", "%h"}, {"%", "%%"}};
	size_t used = 0;

	while (value.length > 0) {
		const char *piece = NULL;
		size_t length = 1;

		for (size_t i = 0; !piece && i < sizeof tokens / sizeof *tokens; i++)
			if (begins(value, tokens[i][0])) {
				piece = tokens[i][1];
				length = strlen(tokens[i][0]);
			}
		if (used + 3 > IMPORT_PATH_MAX || (!piece && *value.at == '$'))
			return false;
		used += (size_t)snprintf(out + used, IMPORT_PATH_MAX - used, "%.*s", piece ? 2 : 1,
					 piece ? piece : value.at);
		value.at += length;
		value.length -= length;
	}
	while (used > 1 && out[used - 1] == '/')
		used--;
	out[used] = '\0';
	return true;
}

static const char *take_path(char to[IMPORT_PATH_MAX], struct asconf_text value)
{
	char path[IMPORT_PATH_MAX];

	if (value.length == 0 || is(value, "AS_NULL"))
		return "no docroot is access to every file there, and here to none: say one";
	if (value.at[0] != '/' && !begins(value, "$(home)"))
		return "a store, or a path that is not absolute: a docroot is a directory of this host";
	if (!translate(value, path))
		return "a path that is too long, or has a token other than $(name) and $(home)";
	memcpy(to, path, sizeof path);
	return NULL;
}

/* ---- parameters ---- */

static const char *take_docroot(struct import_user *user, struct asconf_text value)
{
	return take_path(user->docroot, value);
}

static const char *take_mask(struct import_user *user, struct asconf_text value)
{
	return take_path(user->mask, value);
}

static const char *take_read(struct import_user *user, struct asconf_text value)
{
	return take_bool(&user->reads, value);
}

static const char *take_write(struct import_user *user, struct asconf_text value)
{
	return take_bool(&user->writes, value);
}

static const char *take_dir(struct import_user *user, struct asconf_text value)
{
	return take_bool(&user->browses, value);
}

static const char *take_in(struct import_user *user, struct asconf_text value)
{
	return take_way(&user->in, value);
}

static const char *take_out(struct import_user *user, struct asconf_text value)
{
	return take_way(&user->out, value);
}

/* Where a row says why there is no counterpart, `narrows` tells whether leaving it out lets the account do more. */
static const struct {
	const char *name;
	bool prefix;
	const char *(*take)(struct import_user *user, struct asconf_text value);
	const char *why;
	bool narrows;
} parameters[] = {
	{"absolute", .take = take_docroot, .narrows = true},
	{"docroot_mask", .take = take_mask, .narrows = true},
	{"read_allowed", .take = take_read, .narrows = true},
	{"write_allowed", .take = take_write, .narrows = true},
	{"dir_allowed", .take = take_dir, .narrows = true},
	{"authorization_transfer_in_value", .take = take_in, .narrows = true},
	{"authorization_transfer_out_value", .take = take_out, .narrows = true},
	{"file_restriction", .why = "filters of names have no counterpart: a docroot, or access /DIR, is the nearest",
	 .narrows = true},
	{"authorization_transfer_", true, .why = "an external authorizer has no counterpart", .narrows = true},
	{"token_", true, .why = "tokens are checked by ascp: it stays in aspera.conf"},
	{"transfer_", true, .why = "FASP's own: it stays in aspera.conf"},
	{"canonical_", true, .why = "FASP's own: it stays in aspera.conf"},
	{"async_", true, .why = "async's own: it stays in aspera.conf"},
	{"read_block_size", .why = "how ascp reads: it stays in aspera.conf"},
	{"write_block_size", .why = "how ascp writes: it stays in aspera.conf"},
	{"sparse_file", .why = "how ascp writes: it stays in aspera.conf"},
	{"partial_file_suffix", .why = "how ascp names files: it stays in aspera.conf"},
	{"file_create_mode", .why = "umask is the nearest"},
	{"directory_create_mode", .why = "umask is the nearest"},
};

void import_user_begin(struct import_user *user, const char *name)
{
	*user = (struct import_user){.reads = true, .writes = true, .browses = true};
	snprintf(user->name, sizeof user->name, "%s", name);
}

const char *import_user_take(struct import_user *user, const struct asconf_pair *pair)
{
	for (size_t i = 0; i < sizeof parameters / sizeof *parameters; i++) {
		bool same = parameters[i].prefix ? begins(pair->name, parameters[i].name)
						 : is(pair->name, parameters[i].name);

		if (!same)
			continue;
		const char *reason = parameters[i].take ? parameters[i].take(user, pair->value) : parameters[i].why;
		user->narrower |= reason && parameters[i].narrows;
		return reason;
	}
	user->narrower = true;
	return "not known here: it may take something away";
}

/* ---- results ---- */

static void write_access(struct import_user *user, bool down, bool up)
{
	const char *list = user->browses ? " list" : "";

	if (down && up && user->browses)
		snprintf(user->access, sizeof user->access, "full");
	else if (down && !up && user->browses)
		snprintf(user->access, sizeof user->access, "read-only");
	else
		snprintf(user->access, sizeof user->access, "%s%s%s", down ? "download" : "",
			 down && up ? " upload overwrite mkdir rename delete"
			 : up	    ? "upload overwrite mkdir rename delete"
				    : "",
			 down || up ? list : "");
}

const char *import_user_end(struct import_user *user)
{
	bool down = user->reads && user->out != IMPORT_DENY, up = user->writes && user->in != IMPORT_DENY;

	/* The marker holds in both directions: where only one asked for a token, the other gets stricter. */
	user->token = (down && user->out == IMPORT_TOKEN) || (up && user->in == IMPORT_TOKEN);
	user->restricted = !user->browses;
	write_access(user, down, up);
	if (user->mask[0] && strcmp(user->mask, user->docroot) != 0)
		return "docroot_mask is another path than absolute: rights for a part of the docroot are access /DIR";
	return down || up ? NULL : "neither reading nor writing is left";
}

/* ---- other commands ---- */

const char *import_command_reason(struct asconf_text command)
{
	static const struct {
		const char *name, *why;
	} rows[] = {
		{"set_group_data", "a group is a section [group NAME] of the policy: write it, and sallyport apply"},
		{"set_node_data", "a default for all is a setting in [defaults]: write it, and sallyport apply"},
		{"set_trunk_data", "of no account"},
		{"set_central_server_data", "of no account"},
		{"set_database_data", "of no account"},
		{"set_server_data", "of no account"},
		{"set_client_data", "of no account"},
		{"set_http_server_data", "of no account"},
		{"delete_user", "an account is taken away by sallyport account remove"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (is(command, rows[i].name))
			return rows[i].why;
	return "not a command that is known here";
}
