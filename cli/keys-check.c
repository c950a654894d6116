/*
 * keys-check - a verdict for each line of files of keys.
 */
#include "cli.h"
#include "keys-verdict.h"
#include "keys.h"
#include "sshd-ask.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { USERS_MAX = 4096 };

struct check_options {
	bool json;
	const char *user[USERS_MAX];
	size_t users;
	const char *revoked, *well_known, *sshd_config, *policy;
	struct keys_patterns patterns;
};

struct checker {
	const struct check_options *asked;
	/* Of the account that is looked at: */
	struct account account;
	char *answer;                  /* sshd's */
	char *split;                   /* that owns patterns taken from it */
	struct policy *policy;
	const struct settings *settings; /* or NULL */
	/* Of all: */
	struct wanted wanted;
	struct judge_facts facts;
	struct revoked revoked, well_known;
	bool has_revoked, has_well_known;
	struct verdicts verdicts;
};

static bool read_options(int argc, char *argv[], struct check_options *o)
{
	static const struct option options[] = {
		{"user", required_argument, NULL, 'u'},       {"file", required_argument, NULL, 'F'},
		{"revoked", required_argument, NULL, 'r'},    {"well-known", required_argument, NULL, 'w'},
		{"sshd-config", required_argument, NULL, 's'}, {"json", no_argument, NULL, 'j'},
		{NULL, 0, NULL, 0},
	};
	int option;

	while ((option = getopt_long(argc, argv, "+f:", options, NULL)) != -1)
		switch (option) {
		case 'u':
			if (o->users == USERS_MAX)
				return false;
			o->user[o->users++] = optarg;
			break;
		case 'r': o->revoked = optarg; break;
		case 'w': o->well_known = optarg; break;
		case 's': o->sshd_config = optarg; break;
		case 'f': o->policy = optarg; break;
		case 'j': o->json = true; break;
		case 'F':
			if (!keys_pattern_add(&o->patterns, optarg))
				return false;
			break;
		default: return false;
		}
	return o->users ? optind == argc : optind < argc && o->patterns.count == 0;
}

/* ---- files ---- */

/* The deepest directory above path that is a mount of its own does not matter: names are what an upload has. */
static bool lies_in(const char *path, const char *directory)
{
	char real[PATH_MAX], above[PATH_MAX];

	if (!directory || !realpath(path, real) || !realpath(directory, above))
		return false;
	size_t length = strlen(above);
	return strncmp(real, above, length) == 0 && (real[length] == '/' || strcmp(above, "/") == 0);
}

/* sshd's own rule (misc.c, safe_path): the file and every directory above it, up to the home or the root. */
static bool others_can_write(const char *path, const struct account *account)
{
	char real[PATH_MAX];
	struct stat status;

	if (!realpath(path, real))
		return false;
	for (;;) {
		if (stat(real, &status) != 0 || status.st_mode & (S_IWGRP | S_IWOTH))
			return !(S_ISDIR(status.st_mode) && status.st_mode & S_ISVTX);
		if (status.st_uid != 0 && account->present && status.st_uid != account->facts.uid)
			return true;
		char *slash = strrchr(real, '/');
		if (slash == real || (account->home && strcmp(real, account->home) == 0))
			return false;
		*slash = '\0';
	}
}

static judge_set judge_place(const struct checker *c, const char *path, const struct keyfile *file)
{
	judge_set found = 0;

	if (others_can_write(path, &c->account))
		found |= JUDGE_BIT(JUDGE_FILE_WRITABLE);
	if (c->settings && lies_in(path, c->settings->docroot))
		found |= JUDGE_BIT(JUDGE_FILE_DOCROOT);
	else if (c->account.present && c->account.facts.uid != 0 && file->status.st_uid == c->account.facts.uid)
		found |= JUDGE_BIT(JUDGE_FILE_OWN);
	return found;
}

static int check_file(struct checker *c, const char *path, bool may_be_absent)
{
	struct keyfile file;
	const char *reason = keyfile_load(path, &file);

	if (reason && may_be_absent && errno == ENOENT)
		return CLI_ALLOW;
	if (reason)
		return keys_failed(path, 0, reason);
	struct verdict_file *added = verdict_file(&c->verdicts, path, &file);
	if (!added) {
		keyfile_free(&file);
		return keys_failed(path, 0, "no memory");
	}
	added->findings = judge_place(c, path, &file);
	verdict_lines(&c->verdicts, &c->facts, c->has_well_known ? &c->well_known : NULL);
	return CLI_ALLOW;
}

/* ---- an account ---- */

/* AuthorizedKeysFile as the installed sshd has it for the account; sshd's default where it does not say. */
static struct keys_patterns sshd_patterns(struct checker *c)
{
	struct keys_patterns patterns = c->asked->patterns;
	size_t length;
	const char *value = patterns.count ? NULL : sshd_answer(c->answer, "authorizedkeysfile", &length);
	char *rest = c->split = value ? strndup(value, length) : NULL, *word;

	while (rest && (word = strsep(&rest, " ")))
		if (*word && !keys_pattern_add(&patterns, word))
			break;
	return patterns;
}

static int check_paths(struct checker *c)
{
	static struct keys_paths paths;
	struct keys_patterns patterns = sshd_patterns(c);
	int status = CLI_ALLOW;

	if (!keys_expand(&patterns, &c->account, &paths))
		return CLI_USAGE;
	for (size_t i = 0; i < paths.count && status == CLI_ALLOW; i++)
		status = check_file(c, paths.path[i], true);
	return status;
}

static void load_settings(struct checker *c, const char *user)
{
	const char *file = c->asked->policy ? keys_absolute(c->asked->policy) : SALLYPORT_POLICY;
	const struct policy_source source = {.file = file, .user = user, .any_owner = true};
	struct policy_fault fault;

	c->account.facts.before_profile = true;
	if (!policy_load(&source, &c->policy, &fault) ||
	    policy_settings(c->policy, &c->account.facts, &c->settings, &fault) != POLICY_SETTINGS)
		c->settings = NULL;
}

/* ---- the lists ---- */

/* A list that sshd cannot read is a finding, and its file one of those that are reported. */
static int open_revoked(struct checker *c, const char *path)
{
	struct keyfile none = {0};
	size_t line;
	const char *reason = revoked_open(path, &c->revoked, &line);

	if (!reason) {
		c->has_revoked = true;
		return CLI_ALLOW;
	}
	revoked_close(&c->revoked);
	struct verdict_file *added = verdict_file(&c->verdicts, path, &none);
	if (!added)
		return CLI_FAILURE;
	added->findings = JUDGE_BIT(JUDGE_REVOCATION_LOCKOUT);
	added->detail = reason;
	added->detail_line = line;
	return CLI_ALLOW;
}

/* sshd has one for all; the first account's answer names it. */
static int open_sshds_list(struct checker *c)
{
	static char path[PATH_MAX];
	char *answer = sshd_ask(c->asked->sshd_config, c->asked->user[0]);
	size_t length;
	const char *value = sshd_answer(answer, "revokedkeys", &length);
	bool named = value && length < sizeof path;

	if (named) {
		memcpy(path, value, length);
		path[length] = '\0';
	}
	free(answer);
	return named ? open_revoked(c, path) : CLI_ALLOW;
}

static int open_lists(struct checker *c)
{
	size_t line;
	const char *reason;

	if (c->asked->well_known) {
		reason = revoked_open_own(c->asked->well_known, &c->well_known, &line);
		if (reason)
			return keys_failed(c->asked->well_known, line, reason);
		c->has_well_known = true;
	}
	if (c->asked->revoked)
		return open_revoked(c, c->asked->revoked);
	return c->asked->users ? open_sshds_list(c) : CLI_ALLOW;
}

static void leave_account(struct checker *c)
{
	policy_free(c->policy);
	free(c->answer);
	free(c->split);
	account_free(&c->account);
	c->policy = NULL;
	c->settings = NULL;
	c->answer = c->split = NULL;
}

static int check_user(struct checker *c, const char *user)
{
	if (!keys_account(user, &c->account))
		return CLI_FAILURE;
	c->facts.shell_is_gate = c->account.shell && account_is_gate(c->account.shell);
	c->answer = sshd_ask(c->asked->sshd_config, user);
	load_settings(c, user);
	int status = check_paths(c);
	leave_account(c);
	return status;
}

static int check(struct checker *c, int argc, char *argv[])
{
	int status = open_lists(c);

	for (size_t i = 0; i < c->asked->users && status == CLI_ALLOW; i++)
		status = check_user(c, c->asked->user[i]);
	for (int i = optind; i < argc && status == CLI_ALLOW; i++)
		status = check_file(c, argv[i], false);
	if (status != CLI_ALLOW)
		return status;
	const char *reason = verdict_finish(&c->verdicts, c->has_revoked ? &c->revoked : NULL);
	if (reason)
		return keys_failed("check", 0, reason);
	size_t matter = c->asked->json ? verdict_json(&c->verdicts) : verdict_text(&c->verdicts);
	return matter ? CLI_FOUND : CLI_ALLOW;
}

int keys_check_main(int argc, char *argv[])
{
	static struct check_options asked;
	static struct checker c;

	if (!read_options(argc, argv, &asked))
		return CLI_USAGE;
	c.asked = &asked;
	c.wanted.gate = SALLYPORT_SHELL;
	c.facts = (struct judge_facts){.wanted = &c.wanted, .now = time(NULL)};
	int status = check(&c, argc, argv);
	verdict_free(&c.verdicts);
	revoked_close(&c.revoked);
	revoked_close(&c.well_known);
	return status;
}
