/*
 * accounts-options - the command line of `account add`, `set` and `remove`, as a wish.
 */
#include "accounts.h"

#include <ctype.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

enum { CONVERT = 256, DRY, YES, LAYOUT, KEY, SET, UNSET, DIRECTORIES, SSHD, DELETE, KEEP, TOKEN, RESTRICTED, SETTING };

/* Options that are settings of sallyport.ini(5) under the same name. */
static const char *const settings[] = {"docroot", "access", "commands", "from", "expires", "isolation"};

static const char *const layouts[] = {
	[LAYOUT_FLAT] = "flat", [LAYOUT_NESTED] = "nested", [LAYOUT_SHARED] = "shared", [LAYOUT_SPLIT] = "split"};

static const struct option options[] = {
	{"convert", no_argument, NULL, CONVERT},
	{"dry-run", no_argument, NULL, DRY},
	{"yes", no_argument, NULL, YES},
	{"layout", required_argument, NULL, LAYOUT},
	{"key", required_argument, NULL, KEY},
	{"set", required_argument, NULL, SET},
	{"unset", required_argument, NULL, UNSET},
	{"directories", required_argument, NULL, DIRECTORIES},
	{"sshd-config", required_argument, NULL, SSHD},
	{"delete-data", no_argument, NULL, DELETE},
	{"keep-user", no_argument, NULL, KEEP},
	{"token", no_argument, NULL, TOKEN},
	{"restricted", no_argument, NULL, RESTRICTED},
	{"docroot", required_argument, NULL, SETTING},
	{"access", required_argument, NULL, SETTING + 1},
	{"commands", required_argument, NULL, SETTING + 2},
	{"from", required_argument, NULL, SETTING + 3},
	{"expires", required_argument, NULL, SETTING + 4},
	{"isolation", required_argument, NULL, SETTING + 5},
	{NULL, 0, NULL, 0},
};

const char *accounts_name_fault(const char *name)
{
	size_t length = strlen(name);

	if (length == 0 || length > ACCOUNTS_NAME_MAX)
		return "an account's name has 1 to 32 bytes";
	if (!isalpha((unsigned char)name[0]) && name[0] != '_')
		return "an account's name begins with a letter or _";
	for (size_t i = 0; i < length; i++)
		if (!isalnum((unsigned char)name[i]) && !strchr("_-.", name[i]))
			return "an account's name is made of letters, digits, _ - and .";
	return NULL;
}

const char *wish_value(const struct wish *wish, const char *name)
{
	for (size_t i = 0; i < wish->settings_count; i++)
		if (strcmp(wish->setting[i].name, name) == 0)
			return wish->setting[i].value;
	return NULL;
}

bool wish_add(struct wish *wish, const char *name, const char *value)
{
	const char *reason = NULL;

	for (const char *at = value; at && *at; at++)
		if (iscntrl((unsigned char)*at))
			reason = "a control byte in its value";
	for (const char *at = name; *at; at++)
		if (iscntrl((unsigned char)*at) || strchr("=.[#;", *at))
			reason = "not the name of a setting";
	if (wish->settings_count == WISH_MAX)
		reason = "more settings than can be given at once";
	for (size_t i = 0; !reason && i < wish->settings_count; i++)
		if (strcmp(wish->setting[i].name, name) == 0)
			reason = "given twice";
	if (reason) {
		fprintf(stderr, "sallyport: %s: %s\n", name, reason);
		return false;
	}
	wish->setting[wish->settings_count++] = (struct wish_setting){name, value};
	return true;
}

static bool take_layout(struct wish *wish, const char *word)
{
	for (size_t i = LAYOUT_FLAT; i <= LAYOUT_SPLIT; i++)
		if (strcmp(layouts[i], word) == 0)
			wish->layout = (enum layout)i;
	if (wish->layout == LAYOUT_UNSAID)
		fprintf(stderr, "sallyport: --layout is flat, nested, shared or split\n");
	return wish->layout != LAYOUT_UNSAID;
}

static bool complain(const char *option, const char *reason)
{
	fprintf(stderr, "sallyport: %s: %s\n", option, reason);
	return false;
}

/* NAME=VALUE, or NAME alone to take it out. Text of argv is cut in two, and stays. */
static bool take_setting(struct wish *wish, char *text, bool out)
{
	char *equals = strchr(text, '=');

	if (out)
		return equals ? complain("--unset", "the setting's NAME alone") : wish_add(wish, text, NULL);
	if (!equals)
		return complain("--set", "NAME=VALUE");
	*equals = '\0';
	return wish_add(wish, text, equals + 1);
}

static bool take_key(struct wish *wish, const char *file)
{
	if (wish->keys_count == WISH_MAX)
		return complain("--key", "more of them than can be given at once");
	wish->key[wish->keys_count++] = file;
	return true;
}

static bool take(struct wish *wish, int option, char *argument)
{
	switch (option) {
	case CONVERT: wish->convert = true; return true;
	case DRY: wish->dry = true; return true;
	case YES: wish->yes = true; return true;
	case DELETE: wish->delete_data = true; return true;
	case KEEP: wish->keep_user = true; return true;
	case LAYOUT: return take_layout(wish, argument);
	case KEY: return take_key(wish, argument);
	case SET: return take_setting(wish, argument, false);
	case UNSET: return take_setting(wish, argument, true);
	case DIRECTORIES: wish->directories = argument; return true;
	case SSHD: wish->sshd_config = argument; return true;
	case TOKEN: return wish_add(wish, "token", "marker");
	case RESTRICTED: return wish_add(wish, "restricted", "yes");
	default: return option >= SETTING && wish_add(wish, settings[option - SETTING], argument);
	}
}

/* What goes with which subcommand: NULL, or what does not. */
static const char *misfit(const struct wish *wish)
{
	bool makes = wish->settings_count || wish->keys_count || wish->layout || wish->directories;

	if (strcmp(wish->verb, "remove") == 0)
		return makes || wish->convert || wish->yes ? "remove takes an account away and makes nothing" : NULL;
	if (wish->delete_data || wish->keep_user)
		return "--delete-data and --keep-user are for remove";
	if (wish->directories && wish->layout != LAYOUT_SPLIT)
		return "--directories goes with --layout split";
	if (strcmp(wish->verb, "set") == 0 && wish->convert)
		return "--convert is for add";
	if (strcmp(wish->verb, "set") == 0)
		return makes ? NULL : "there is nothing to set";
	return wish->layout == LAYOUT_SHARED && !wish_value(wish, "docroot")
		       ? "--layout shared takes --docroot: the directory that the accounts share"
		       : NULL;
}

bool wish_read(int argc, char *argv[], struct wish *wish)
{
	int option;
	const char *reason;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1)
		if (option == '?' || !take(wish, option, optarg))
			return false;
	reason = argc - optind != 1 ? "one account is wanted, behind the options" : misfit(wish);
	if (!reason) {
		wish->name = argv[optind];
		reason = accounts_name_fault(wish->name);
	}
	if (reason)
		fprintf(stderr, "sallyport: %s\n", reason);
	return !reason;
}
