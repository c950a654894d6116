/*
 * keys-principals - sshd asks: whose certificates may log in as this account? Each principal comes with enforced
 * options, which sshd joins with the certificate's own: nothing that either forbids is permitted.
 */
#include "cli.h"
#include "keys-policy.h"

#include <errno.h>
#include <getopt.h>
#include <string.h>
#include <unistd.h>

struct principals_options {
	const char *policy_file;
	struct keys_patterns patterns;
};

static bool read_options(int argc, char *argv[], struct principals_options *o)
{
	static const struct option options[] = {{"file", required_argument, NULL, 'F'}, {NULL, 0, NULL, 0}};
	int option;

	while ((option = getopt_long(argc, argv, "+f:", options, NULL)) != -1)
		switch (option) {
		case 'f': o->policy_file = optarg; break;
		case 'F':
			if (!keys_pattern_add(&o->patterns, optarg))
				return false;
			break;
		default: return false;
		}
	return argc - optind == 1;
}

/* A name as it may stand at the end of a line for sshd: no blank, no '#', no control byte. */
static bool is_principal(const char *name, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)name[i] <= ' ' || name[i] == '#' || name[i] == '"' || name[i] == 0x7f)
			return false;
	return length > 0;
}

static void offer(const struct keys_policy *p, const struct keyopts *o, const char *name, size_t length)
{
	/* Not a line of keys; but the options of one are the same, and made by the same code. */
	struct keyline *line = keys_line();
	static char out[ENFORCED_ROOM];
	struct gatecall call = {0};
	char command[GATECALL_MAX];
	size_t written;

	if (!is_principal(name, length) || o->cert_authority)
		return; /* sshd refuses cert-authority here */
	if (o->command.at && keyopts_unquote(o->command, command, sizeof command))
		gatecall_read(command, p->wanted.gate, &call);
	if (!keys_policy_admits(p, &call))
		return;
	memset(line, 0, offsetof(struct keyline, blob));
	line->kind = KEYLINE_FOREIGN;
	line->text = name;
	line->length = length;
	line->keyopts = *o;
	line->keyopts.restricted = false; /* so that its options are always written anew */
	if (enforce_line(line, &p->wanted, out, sizeof out, &written) != ENFORCED_ANEW)
		return;
	fwrite(out, 1, written, stdout);
	putchar('\n');
}

/* openssh-portable auth2-pubkeyfile.c, auth_check_principals_line: options, and behind the last blank the name. */
static void offer_line(const struct keys_policy *p, const char *text, size_t length)
{
	struct keyopts options = {.permits = PERMIT_ALL};
	struct keyopts_fault fault;
	const char *hash = memchr(text, '#', length);
	size_t offset, used;

	if (keyline_fault(text, length, &offset))
		return;
	length = hash ? (size_t)(hash - text) : length;
	while (length > 0 && strchr(" \t\r", text[length - 1]))
		length--;
	while (length > 0 && strchr(" \t", *text)) {
		text++;
		length--;
	}
	size_t name = length;
	while (name > 0 && !strchr(" \t", text[name - 1]))
		name--;
	if (name > 0 && !keyopts_read(text, name, &options, &used, &fault))
		return;
	if (name > 0 && used + 1 < name && strspn(text + used, " \t") < name - used)
		return; /* words between options and name: not ours to guess */
	offer(p, &options, text + name, length - name);
}

static int offer_file(const struct keys_policy *p, const char *path)
{
	struct keyfile file;
	size_t at = 0, length;
	const char *text;
	const char *reason = keyfile_load(path, &file);

	if (reason)
		return errno == ENOENT ? CLI_ALLOW : keys_failed(path, 0, reason);
	errno = 0;
	bool trusted = !(file.status.st_mode & (S_IWGRP | S_IWOTH)) &&
		       (file.status.st_uid == 0 || file.status.st_uid == p->account.facts.uid);
	while (trusted && keyfile_next(&file, &at, &text, &length))
		offer_line(p, text, length);
	keyfile_free(&file);
	return trusted ? CLI_ALLOW : keys_failed(path, 0, "not root's or the account's alone");
}

static int principals(const struct principals_options *o, const struct keys_policy *p)
{
	static struct keys_paths paths;
	const struct keyopts none = {.permits = PERMIT_ALL};
	int status = CLI_ALLOW;

	if (o->patterns.count == 0) {
		/* As sshd does without a file: the certificate has to name the account. */
		offer(p, &none, p->account.facts.user, strlen(p->account.facts.user));
		return CLI_ALLOW;
	}
	if (!keys_expand(&o->patterns, &p->account, &paths))
		return CLI_USAGE;
	if (geteuid() == 0 && p->account.facts.uid != 0 && !keys_become(&p->account))
		return CLI_FAILURE;
	for (size_t i = 0; status == CLI_ALLOW && i < paths.count; i++)
		status = offer_file(p, paths.path[i]);
	return status;
}

int keys_principals_main(int argc, char *argv[])
{
	struct principals_options o = {0};
	struct keys_policy p;

	if (!read_options(argc, argv, &o))
		return CLI_USAGE;
	int status = keys_policy_open(o.policy_file, argv[optind], &p);
	if (status == CLI_ALLOW && p.settings)
		status = principals(&o, &p);
	keys_policy_close(&p);
	return status;
}
