/*
 * What audit reads: lines of the account files, sshd's title, its configuration and answers, sudo's list, fixes. The
 * first byte says which.
 */
#include "fuzz.h"

#include "audit/fix.h"
#include "audit/lines.h"
#include "audit/listener.h"
#include "audit/match.h"
#include "audit/sudo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MUST(promise)                                                                              \
	do {                                                                                       \
		if (!(promise))                                                                    \
			BROKEN("not so: %s", #promise);                                            \
	} while (0)

static void read_accounts(char *text)
{
	enum audit_password password;
	struct audit_account account = {0};
	const char *name;
	char *members, *copy = strdup(text), *again = strdup(text);
	unsigned gid;

	if (!audit_read_passwd(text, &account)) {
		MUST(account.name && *account.name && account.home && account.shell);
		audit_name_odd(account.name);
		MUST(audit_path_within(account.home, "/"));
	}
	if (copy && !audit_read_shadow(copy, &name, &password))
		MUST(*name);
	if (again && !audit_read_group(again, &name, &gid, &members))
		MUST(*name && members);
	free(copy);
	free(again);
}

static void read_title(char *text, size_t length)
{
	struct audit_listener listener;

	if (audit_listener_read(text, length, &listener))
		for (size_t i = 0; i < listener.arguments; i++)
			MUST(strlen(listener.argument[i]) <= length);
}

static bool is_known(void *context, const char *pattern, bool group)
{
	(void)context;
	return group && *pattern == 'a';
}

/* The text is the file, and the answer too. */
static void read_config(char *text)
{
	const char *groups[] = {"a", "b", NULL};
	struct audit_account account = {.name = "a", .home = "/a", .shell = "/s", .groups = groups, .gated = true};
	struct audit_findings found = {0};
	struct audit_config config = {0};
	struct audit_match match = {0};
	char *copy = strdup(text), *rest = copy, *line;

	for (size_t number = 1; rest && (line = strsep(&rest, "\n")); number++) {
		const struct audit_config_line *added = audit_config_add(&config, "/f", number, line);

		if (added && strcmp(added->keyword, "match") == 0)
			audit_match_add(&match, added->value);
	}
	char *bits = malloc(audit_match_bits(&match) + 1);
	if (bits)
		audit_match_class(&match, &account, bits);
	const struct audit_session session = {&found, &account, text, &config, "/f", ""};
	audit_judge_session(&session);
	audit_judge_sshd(&session);
	audit_judge_lines(&session);
	audit_judge_allow(&session, is_known, NULL);
	audit_judge_option(&session, text);
	audit_sort(&found);
	MUST(!found.failed && !config.failed && !match.failed);
	free(bits);
	free(copy);
	audit_match_free(&match);
	audit_config_free(&config);
	audit_findings_free(&found);
}

static void note(void *context, enum audit_id id, const char *command)
{
	(void)context;
	MUST(id < AUDIT_CHECKS && *command && *command != '!');
}

static void read_sudo(char *text)
{
	const struct audit_account account = {.name = "a", .uid = 1};
	struct audit_sudoers sudoers = {0};
	char *copy = strdup(text);

	audit_judge_sudo(copy, note, NULL);
	free(copy);
	audit_sudoers_add(&sudoers, text);
	audit_sudoers_sort(&sudoers);
	char *bits = malloc(sudoers.count + 1);
	if (bits)
		audit_sudoers_class(&sudoers, &account, bits);
	free(bits);
	free(sudoers.word);
}

/* Whatever the values are, a line of the plan is a comment or holds no byte that a terminal acts upon. */
static void write_fix(const char *text)
{
	const struct audit_values values = {.user = text, .file = text, .line = 7};
	char out[4096];

	if (!audit_fix("usermod {user}\n# {file}: {line} {none}", &values, out, sizeof out))
		return;
	for (const char *at = out; *at; at++)
		MUST(*at == '\n' || ((unsigned char)*at >= ' ' && (unsigned char)*at < 0x7f));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = size ? malloc(size) : NULL;

	if (!text)
		return 0;
	memcpy(text, data + 1, size - 1);
	text[size - 1] = '\0';
	switch (*data % 5) {
	case 0: read_accounts(text); break;
	case 1: read_title(text, size - 1); break;
	case 2: read_config(text); break;
	case 3: read_sudo(text); break;
	default: write_fix(text); break;
	}
	free(text);
	return 0;
}
