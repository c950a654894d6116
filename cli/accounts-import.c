/*
 * accounts-import - `sallyport account import`: asconfigurator's strings become accounts, and what has no counterpart
 * is told. A parameter that takes something away and cannot be carried over keeps its account out: without it the
 * account could do more than before.
 */
#include "accounts.h"

#include "cli.h"
#include "grow.h"
#include "import-user.h"

#include "text/escape.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN = 256 };

struct import {
	const char *file, *commands;
	bool convert, yes, dry;
	struct import_user *users;
	size_t count;
	bool failed; /* no memory */
	size_t told; /* what has no counterpart, or could not be read */
};

static void tell(struct import *import, size_t line, struct asconf_text what, const char *why)
{
	char safe[SHOWN];

	escape_plain(what.at, what.length, safe, sizeof safe);
	printf("%s:%zu: %s%s%s\n", import->file, line, safe, what.length ? ": " : "", why);
	import->told++;
}

static bool is(struct asconf_text text, const char *word)
{
	return text.length == strlen(word) && memcmp(text.at, word, text.length) == 0;
}

/* The one that the line is about, made when it is the first about it. NULL: said. */
static struct import_user *find_user(struct import *import, const struct asconf *line, size_t number)
{
	const struct asconf_text *name = line->count ? &line->pair[0].value : NULL;
	char copy[ACCOUNTS_NAME_MAX + 2]; /* one more than a name has, so that a longer one is found out */

	if (!name || !is(line->pair[0].name, "user_name")) {
		tell(import, number, line->command, "user_name,NAME comes first");
		return NULL;
	}
	int length = (int)(name->length < sizeof copy ? name->length : sizeof copy - 1);
	snprintf(copy, sizeof copy, "%.*s", length, name->at);
	const char *reason = strlen(copy) == name->length ? accounts_name_fault(copy) : "not an account's name";
	if (reason) {
		tell(import, number, *name, reason);
		return NULL;
	}
	for (size_t i = 0; i < import->count; i++)
		if (strcmp(import->users[i].name, copy) == 0)
			return &import->users[i];
	struct import_user *grown = grow(import->users, import->count, sizeof *grown);
	if (!grown) { /* without this line the account could do more */
		import->failed = true;
		return NULL;
	}
	import->users = grown;
	import_user_begin(&grown[import->count], copy);
	return &grown[import->count++];
}

static void take_line(struct import *import, const struct asconf *line, size_t number)
{
	if (!is(line->command, "set_user_data")) {
		tell(import, number, line->command, import_command_reason(line->command));
		return;
	}
	struct import_user *user = find_user(import, line, number);
	for (size_t i = 1; user && i < line->count; i++) {
		const struct asconf_pair *pair = &line->pair[i];
		const char *reason = import_user_take(user, pair);

		if (reason)
			tell(import, number, pair->name, reason);
	}
}

/* False: it cannot be read, said. */
static bool read_lines(struct import *import, FILE *file)
{
	static struct asconf line;
	char *text = NULL;
	size_t size = 0, offset, number = 0;
	ssize_t length;

	while ((length = getline(&text, &size, file)) > 0) {
		number++;
		length -= text[length - 1] == '\n';
		const char *reason = asconf_read(text, (size_t)length, &line, &offset);
		if (reason)
			tell(import, number, (struct asconf_text){text + offset, strcspn(text + offset, "\n")}, reason);
		else if (line.command.length)
			take_line(import, &line, number);
	}
	bool good = feof(file) && !ferror(file);
	int error = import->failed ? ENOMEM : errno;
	free(text);
	if (!good || import->failed)
		fprintf(stderr, "sallyport: %s: %s\n", import->file, strerror(error));
	return good && !import->failed;
}

static int add_one(struct import *import, struct import_user *user)
{
	struct wish wish = {.verb = "add", .name = user->name, .convert = import->convert, .yes = import->yes,
			    .dry = import->dry};
	const char *reason = import_user_end(user);

	if (reason || (user->narrower && !import->yes)) {
		printf("account %s\n  blocked   import     %s\nnothing was done\n", user->name,
		       reason ? reason : "what would take something away has no counterpart (--yes: all the same)");
		return CLI_DENY;
	}
	bool good = (!user->docroot[0] || wish_add(&wish, "docroot", user->docroot)) &&
		    wish_add(&wish, "access", user->access) &&
		    wish_add(&wish, "commands", import->commands ? import->commands : "aspera") &&
		    (!user->token || wish_add(&wish, "token", "marker")) &&
		    (!user->restricted || wish_add(&wish, "restricted", "yes"));
	if (good && !user->docroot[0])
		printf("note: %s: no `absolute` is said: its docroot is the policy's default, or one of its own\n",
		       user->name);
	return good ? accounts_add(&wish) : CLI_DENY;
}

static int import_all(struct import *import)
{
	int status = CLI_ALLOW;

	for (size_t i = 0; i < import->count; i++) {
		int one = add_one(import, &import->users[i]);

		status = one > status ? one : status;
	}
	printf("%zu accounts read; %zu parts without a counterpart, or not read\n", import->count, import->told);
	return status == CLI_ALLOW && import->told ? CLI_FOUND : status;
}

int accounts_import_main(int argc, char *argv[])
{
	static const struct option options[] = {
		{"commands", required_argument, NULL, 'c'}, {"convert", no_argument, NULL, 'C'},
		{"yes", no_argument, NULL, 'y'},            {"dry-run", no_argument, NULL, 'n'},
		{NULL, 0, NULL, 0},
	};
	struct import import = {.file = "-"};
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1)
		switch (option) {
		case 'c': import.commands = optarg; break;
		case 'C': import.convert = true; break;
		case 'y': import.yes = true; break;
		case 'n': import.dry = true; break;
		default: return CLI_USAGE;
		}
	if (argc - optind > 1)
		return CLI_USAGE;
	import.file = optind < argc ? argv[optind] : "-";
	FILE *file = strcmp(import.file, "-") == 0 ? stdin : fopen(import.file, "re");
	if (!file) {
		fprintf(stderr, "sallyport: %s: %s\n", import.file, strerror(errno));
		return CLI_USAGE;
	}
	int status = read_lines(&import, file) ? import_all(&import) : CLI_FAILURE;
	if (file != stdin)
		fclose(file);
	free(import.users);
	return status;
}
