#include "request.h"

#include <stdlib.h>
#include <string.h>

#define NAME            "sallyport-shell"
#define RESTRICTED_NAME NAME "-r"

static const char own_path[] = SALLYPORT_SHELL; /* from the Makefile: where it is installed */

enum { TOKENS_MAX = 8, TOKEN_MAX = 256 };

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static bool shell_is_gate(const char *own_shell)
{
	return strcmp(base_name(own_shell), NAME) == 0 || strcmp(base_name(own_shell), RESTRICTED_NAME) == 0;
}

static bool is_gate(const char *path, size_t length, const char *own_shell)
{
	size_t own = sizeof own_path - 1;

	if (length >= own && memcmp(path, own_path, own) == 0)
		return length == own || (length == own + 2 && memcmp(path + own, "-r", 2) == 0);
	return shell_is_gate(own_shell) && strlen(own_shell) == length && memcmp(path, own_shell, length) == 0;
}

/* The closed table of flags. words ends in NULL. */
static const char *read_flags(char *const words[], struct call *call)
{
	for (size_t i = 0; words[i]; i++) {
		if (strcmp(words[i], "-r") == 0) {
			call->restricted = true;
		} else if (strcmp(words[i], "-t") == 0) {
			call->token = true;
		} else if (strcmp(words[i], "--profile") == 0 && words[i + 1]) {
			size_t length = strlen(words[++i]);
			if (length == 0 || length > REQUEST_PROFILE_MAX || call->profile[0])
				return "--profile is given twice, or its name is empty or too long";
			memcpy(call->profile, words[i], length + 1);
		} else if (strcmp(words[i], "--policy") == 0 && words[i + 1]) {
			if (call->policy || words[++i][0] != '/')
				return "--policy is given twice, or is not an absolute path";
			call->policy = words[i];
		} else {
			return "a flag that is none of -r, -t, --profile NAME and --policy FILE";
		}
	}
	return NULL;
}

/*
 * `-c STRING` where STRING is the gate's own path and flags, one blank between: a forced command while the
 * gate is the login shell too. True if so; *reason is then what read_flags() said.
 */
static bool is_self_call(const char *string, const char *own_shell, struct call *call,
			 const char **reason)
{
	static char store[TOKENS_MAX][TOKEN_MAX];
	char *words[TOKENS_MAX + 1] = {0};
	size_t path = strcspn(string, " ");

	if (!is_gate(string, path, own_shell))
		return false;
	*reason = NULL;
	call->restricted |= path > 2 && memcmp(string + path - 2, "-r", 2) == 0;
	string += path;
	for (size_t i = 0; *string; i++) {
		size_t length = strcspn(++string, " ");

		if (i == TOKENS_MAX || length == 0 || length >= TOKEN_MAX) {
			*reason = "the forced command is not the gate's path and its flags";
			return true;
		}
		memcpy(store[i], string, length);
		store[i][length] = '\0';
		words[i] = store[i];
		string += length;
	}
	*reason = read_flags(words, call);
	return true;
}

static void take(struct call *call, const char *command)
{
	call->command = command;
	call->length = command ? strlen(command) : 0;
}

const char *request_read(int argc, char *const argv[], const char *own_shell, struct call *call)
{
	const char *reason = NULL;

	*call = (struct call){0};
	if (argc < 1 || !argv[0] || !argv[0][0]) /* since Linux 5.18 argc 0 arrives as one empty word */
		return "called without a name (argc 0)";
	bool login = argv[0][0] == '-';
	call->restricted = strcmp(base_name(argv[0] + login), RESTRICTED_NAME) == 0;
	if (argc >= 2 && strcmp(argv[1], "-c") == 0) {
		if (argc != 3)
			return "-c takes one command";
		if (!is_self_call(argv[2], own_shell, call, &reason)) {
			/* sshd wrote this string; what a client planted beside it is ignored. */
			take(call, argv[2]);
			return NULL;
		}
	} else if (argc >= 2) {
		reason = read_flags(argv + 1, call);
	} else if (login) {
		return NULL; /* an interactive login, whatever the environment says */
	}
	/* sshd starts the login shell for whatever a key says: it stays under the system's policy. */
	if (!reason && call->policy && (shell_is_gate(own_shell) || strcmp(argv[1], "-c") == 0))
		reason = "--policy where the gate is the login shell";
	if (!reason)
		take(call, getenv("SSH_ORIGINAL_COMMAND"));
	return reason;
}
