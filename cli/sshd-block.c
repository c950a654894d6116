#include "sshd-block.h"

#include "sshd-ask.h"

#include <ctype.h>
#include <limits.h>
#include <string.h>

enum { KEYWORD_MAX = 40 };

/* sshd 9.2 answers "none" to this one, whatever a Match block says. */
#define PRINCIPALS "AuthorizedPrincipalsCommand"

/* What sshd may do for such an account, whatever its keys say. DisableForwarding is there since OpenSSH 7.4. */
static const char *const closed[][2] = {
	{"DisableForwarding", "yes"},         {"AllowTcpForwarding", "no"},
	{"AllowStreamLocalForwarding", "no"}, {"AllowAgentForwarding", "no"},
	{"X11Forwarding", "no"},              {"GatewayPorts", "no"},
	{"PermitTunnel", "no"},               {"PermitTTY", "no"},
	{"PermitUserRC", "no"},               {"PasswordAuthentication", "no"},
	{"KbdInteractiveAuthentication", "no"}, {"HostbasedAuthentication", "no"},
	{"AuthenticationMethods", "publickey"},
};

enum { CLOSED = sizeof closed / sizeof *closed };

/* What is done with each keyword of a block and its value. */
typedef void each_line(void *context, const char *keyword, const char *value);

bool sshd_block_profiles(const struct settings *settings)
{
	return (settings->profiles && *settings->profiles) || settings->profile_required;
}

/* A name that means itself in a Match line: no pattern, no list. */
static bool is_plain(const char *name)
{
	return *name && strcspn(name, "*?!,\" \t\n\\#") == strlen(name);
}

static void walk_keys(const struct sshd_block *block, each_line *each, void *context)
{
	char serve[2 * PATH_MAX];

	if (block->keys_file) {
		each(context, "AuthorizedKeysFile", block->keys_file);
		return;
	}
	snprintf(serve, sizeof serve, SALLYPORT_SBIN "/sallyport keys serve%s%s %%u %%t %%k %%f",
		 block->serves ? " --file " : "", block->serves ? block->serves : "");
	each(context, "AuthorizedKeysFile", "none");
	each(context, "AuthorizedKeysCommand", serve);
	each(context, "AuthorizedKeysCommandUser", "root");
	each(context, "AuthorizedPrincipalsFile", "none");
	each(context, PRINCIPALS, SALLYPORT_SBIN "/sallyport keys principals %u");
	each(context, "AuthorizedPrincipalsCommandUser", "root");
}

static void walk(const struct sshd_block *block, each_line *each, void *context)
{
	if (!block->profiles)
		each(context, "ForceCommand", SALLYPORT_SHELL);
	for (size_t i = 0; i < CLOSED; i++)
		each(context, closed[i][0], closed[i][1]);
	walk_keys(block, each, context);
	each(context, "ExposeAuthInfo", "yes");
}

static void print_line(void *context, const char *keyword, const char *value)
{
	fprintf(context, "\t%s %s\n", keyword, value);
}

bool sshd_block_print(const struct sshd_block *block, FILE *to)
{
	if (!is_plain(block->name))
		return false;
	fprintf(to, "Match %s %s\n", block->kind, block->name);
	/*
	 * ForceCommand wins over command= of a key. An account whose keys choose profiles must not have it: it would
	 * lose what narrows them. There every key is enforced, and nothing but keys is let in.
	 */
	if (block->profiles)
		fputs("\t# no ForceCommand: it would hide the --profile that a key's command= names\n", to);
	walk(block, print_line, to);
	return true;
}

struct comparison {
	const char *answer;
	size_t missing;
	const char *first;
};

/* sshd -T prints keywords in lower case, and nothing, or "none", for what is not set. */
static void compare_line(void *context, const char *keyword, const char *value)
{
	struct comparison *c = context;
	char lower[KEYWORD_MAX];
	size_t length = 0, i;

	for (i = 0; i < sizeof lower - 1 && keyword[i]; i++)
		lower[i] = (char)tolower((unsigned char)keyword[i]);
	lower[i] = '\0';
	const char *has = sshd_answer(c->answer, lower, &length);
	bool same = has ? strlen(value) == length && memcmp(has, value, length) == 0 : strcmp(value, "none") == 0;
	if (!same && strcmp(keyword, PRINCIPALS) != 0 && c->missing++ == 0)
		c->first = keyword;
}

size_t sshd_block_missing(const struct sshd_block *block, const char *answer, const char **first)
{
	struct comparison c = {.answer = answer};

	walk(block, compare_line, &c);
	*first = c.first;
	return c.missing;
}
