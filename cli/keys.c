/*
 * keys - authorized_keys files: a table of subcommands; and what they share.
 */
#include "keys.h"

#include "become.h"
#include "cli.h"
#include "sshd-tokens.h"
#include "subcommands.h"

#include "keys/replace.h"
#include "text/escape.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct subcommand commands[] = {
	{"check", keys_check_main,
	 "check [-f POLICY] [--user U]… [--file PATTERN] [--revoked FILE] [--well-known FILE]\n"
	 "\t\t[--sshd-config FILE] [--json] [FILE…]",
	 "a verdict for each line: what the key may do, why, and what to do about it"},
	{"enforce", keys_enforce_main,
	 "enforce [--write] [--user U] [--file PATTERN] [--restricted] [--token] [--profile P] [FILE…]",
	 "rewrites files to lines that can only call the gate; without --write shows what would change"},
	{"add", keys_add_main,
	 "add [--to FILE [--write]] [--from LIST] [--expires TIME] [--restricted] [--token] [--profile P]\n"
	 "\t\t[--comment TEXT] [--legacy] KEY.pub",
	 "an enforced line for a public key"},
	{"revoke", keys_revoke_main,
	 "revoke [--write] [--user U] [--file PATTERN] [--list REVOKED] KEY.pub|SHA256:… [FILE…]",
	 "takes a key out of files, and puts it on sshd's revocation list"},
	{"find", keys_find_main, "find [--user U]… [--file PATTERN] KEY.pub|SHA256:… [FILE…]",
	 "whose a key is: file, line, account and comment"},
	{"host", keys_host_main, "host [--sshd-config FILE] [KEY.pub…]",
	 "the fingerprints of this host's own keys, SHA-256 and SHA-1"},
	{"serve", keys_serve_main, "serve [-f POLICY] [--file PATTERN] [--index DIR] USER TYPE KEY [FINGERPRINT]",
	 "an AuthorizedKeysCommand: the account's lines for this key, enforced"},
	{"principals", keys_principals_main, "principals [-f POLICY] [--file PATTERN] USER",
	 "an AuthorizedPrincipalsCommand: the account's principals, enforced"},
	{"index", keys_index_main, "index [--file PATTERN] [--index DIR] USER…",
	 "makes serve fast for files of very many keys"},
	{0},
};

enum { ESCAPED_MAX = 512 };

int keys_main(int argc, char *argv[])
{
	return subcommands_run(commands, "keys", argc, argv);
}

/* ---- shared ---- */

bool keys_pattern_add(struct keys_patterns *patterns, const char *pattern)
{
	if (patterns->count == KEYS_PATTERNS_MAX)
		return false;
	patterns->pattern[patterns->count++] = pattern;
	return true;
}

bool keys_expand(const struct keys_patterns *patterns, const struct account *account, struct keys_paths *paths)
{
	static const struct keys_patterns sshds = {{".ssh/authorized_keys", ".ssh/authorized_keys2"}, 2};
	const struct keys_patterns *from = patterns->count ? patterns : &sshds;

	for (paths->count = 0; paths->count < from->count; paths->count++)
		if (!sshd_tokens_file(from->pattern[paths->count], &account->facts, paths->path[paths->count])) {
			fprintf(stderr, "sallyport: %s: not a path with %%u %%h %%U %%%%\n",
				from->pattern[paths->count]);
			return false;
		}
	return true;
}

bool keys_account(const char *name, struct account *account)
{
	bool found = account_find(name, account);

	if (found && account->present && !strchr(name, '/') && *name != '.')
		return true;
	fprintf(stderr, "sallyport: there is no account '");
	keys_print(stderr, name, strlen(name));
	fprintf(stderr, "'\n");
	account_free(account);
	return false;
}

bool keys_become(const struct account *account)
{
	if (become_user(account->facts.user))
		return true;
	fprintf(stderr, "sallyport: cannot become %s: %s\n", account->facts.user, strerror(errno));
	return false;
}

bool keys_act_as(const struct account *account, const struct keys_paths *paths)
{
	struct replace replace;

	for (size_t i = 0; geteuid() == 0 && i < paths->count; i++) {
		const char *reason = replace_open(paths->path[i], &replace);

		if (!reason)
			replace_close(&replace);
		else if (account->facts.uid != 0)
			return keys_become(account);
	}
	return true;
}

int keys_failed(const char *file, size_t line, const char *reason)
{
	int error = errno;

	fputs("sallyport: ", stderr);
	keys_print(stderr, file, strlen(file));
	if (line)
		fprintf(stderr, ":%zu", line);
	fprintf(stderr, ": %s%s%s\n", reason, error ? ": " : "", error ? strerror(error) : "");
	return error == EWOULDBLOCK ? CLI_BUSY : CLI_FAILURE;
}

const char *keys_absolute(const char *path)
{
	static char absolute[PATH_MAX];

	return realpath(path, absolute) ? absolute : path;
}

void keys_print(FILE *to, const char *bytes, size_t length)
{
	char out[4 * ESCAPED_MAX + 8];

	for (size_t n; length > 0; bytes += n, length -= n) {
		n = length < ESCAPED_MAX ? length : ESCAPED_MAX;
		escape_plain(bytes, n, out, sizeof out);
		fputs(out, to);
	}
}

struct keyline *keys_line(void)
{
	static struct keyline line;

	return &line;
}

struct gatecall *keys_call_option(struct gatecall *call, int option, const char *argument)
{
	switch (option) {
	case 'r': call->restricted = true; return call;
	case 't': call->token = true; return call;
	case 'p':
		if (!*argument || strlen(argument) > GATECALL_PROFILE_MAX || call->profile[0] ||
		    strpbrk(argument, " \t\n\"\\")) {
			fprintf(stderr, "sallyport: --profile: the name of one profile\n");
			return NULL;
		}
		strcpy(call->profile, argument);
		return call;
	default: return NULL;
	}
}
