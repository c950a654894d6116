#include "session.h"

#include <stdio.h>
#include <string.h>

/* ---- getting in ---- */

/* Whether a list of AuthenticationMethods, up to a blank, has a method; "password:pam" is one of password. */
static bool has_method(const char *list, size_t length, const char *method)
{
	size_t word = strlen(method);

	for (const char *at = list, *end = list + length; at < end; at++) {
		if ((size_t)(end - at) >= word && memcmp(at, method, word) == 0 &&
		    (at + word == end || at[word] == ',' || at[word] == ':'))
			return true;
		at = memchr(at, ',', (size_t)(end - at));
		if (!at)
			break;
	}
	return false;
}

/* Whether every list of methods has publickey in it: then a key's options hold, whatever is asked beside it. */
static bool methods_have_key(const char *answer)
{
	char value[1024];
	size_t length;
	const char *at = answer, *found = audit_answer_next(&at, "authenticationmethods", &length);
	char *rest = value, *list;
	bool any = false;

	if (!found || length >= sizeof value)
		return false;
	snprintf(value, sizeof value, "%.*s", (int)length, found);
	while ((list = strsep(&rest, " "))) {
		if (!*list)
			continue;
		any = true;
		if (!has_method(list, strlen(list), "publickey"))
			return false;
	}
	return any;
}

bool audit_password_suffices(const char *answer)
{
	return !methods_have_key(answer) && (answer_is(answer, "PasswordAuthentication", "yes") ||
					     answer_is(answer, "KbdInteractiveAuthentication", "yes"));
}

bool audit_needs_listed_key(const char *answer)
{
	if (!answer_is(answer, "TrustedUserCAKeys", "none"))
		return false;
	return methods_have_key(answer) ||
	       (!audit_password_suffices(answer) && !answer_is(answer, "HostbasedAuthentication", "yes") &&
		!answer_is(answer, "GSSAPIAuthentication", "yes") &&
		!answer_is(answer, "KerberosAuthentication", "yes"));
}

const char *audit_forced(const char *answer, size_t *length)
{
	const char *found = audit_answer_next(&answer, "forcecommand", length);

	return found && !(*length == 4 && memcmp(found, "none", 4) == 0) ? found : NULL;
}

bool audit_sftp_is_internal(const char *answer)
{
	static const char internal[] = "sftp internal-sftp";
	size_t length, word = sizeof internal - 1;
	const char *found;

	while ((found = audit_answer_next(&answer, "subsystem", &length)))
		if (length >= word && memcmp(found, internal, word) == 0)
			return true;
	return false;
}

static void judge_password(const struct audit_session *s)
{
	const struct audit_evidence evidence = {.place = s->account->shadow};

	if (s->account->password != AUDIT_PASSWORD_SET)
		return;
	if (audit_password_suffices(s->answer))
		answer_find(s, AUDIT_PASSWORD_LOGIN,
			    answer_is(s->answer, "PasswordAuthentication", "yes")
				? "PasswordAuthentication"
				: "KbdInteractiveAuthentication",
			    "PasswordAuthentication no, KbdInteractiveAuthentication no");
	else
		audit_find(s->found, AUDIT_PASSWORD_IDLE, s->account, &evidence, "it has a password");
}

/* Every method that a list asks for has to be there. */
static bool list_can_be_met(const char *answer, const char *list)
{
	static const char *const methods[][2] = {
	    {"publickey", "PubkeyAuthentication"},
	    {"password", "PasswordAuthentication"},
	    {"keyboard-interactive", "KbdInteractiveAuthentication"},
	    {"hostbased", "HostbasedAuthentication"},
	};

	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
		if (has_method(list, strlen(list), methods[i][0]) && answer_is(answer, methods[i][1], "no"))
			return false;
	return true;
}

static void judge_methods(const struct audit_session *s)
{
	char value[ANSWER_VALUE_MAX];
	char *rest = value, *list;

	answer_value(s->answer, "AuthenticationMethods", value);
	if (!*value || strcmp(value, "any") == 0 || strlen(value) + 1 == sizeof value)
		return;
	while ((list = strsep(&rest, " ")))
		if (*list && list_can_be_met(s->answer, list))
			return;
	answer_find(s, AUDIT_METHODS_CONTRADICT, "AuthenticationMethods", "AuthenticationMethods publickey");
}

/* ---- past the gate ---- */

/* permitopen and permitlisten: whether both name what may be reached. */
static bool is_limited(const char *answer, bool *none)
{
	bool open = answer_is(answer, "PermitOpen", "none"), listen = answer_is(answer, "PermitListen", "none");

	*none = open && listen;
	return !answer_is(answer, "PermitOpen", "any") && !answer_is(answer, "PermitListen", "any");
}

static void judge_forwarding(const struct audit_session *s)
{
	bool tcp = !answer_is(s->answer, "AllowTcpForwarding", "no"), none;
	bool unix_ = !answer_is(s->answer, "AllowStreamLocalForwarding", "no");

	if (unix_)
		answer_find(s, AUDIT_FORWARDING_OPEN, "AllowStreamLocalForwarding",
			    "AllowStreamLocalForwarding no");
	if (tcp && is_limited(s->answer, &none) && !none)
		answer_find(s, AUDIT_PERMIT_OPEN, "PermitOpen", "AllowTcpForwarding no");
	else if (tcp && !none)
		answer_find(s, AUDIT_FORWARDING_OPEN, "AllowTcpForwarding", "AllowTcpForwarding no");
	if (tcp && !answer_is(s->answer, "GatewayPorts", "no"))
		answer_find(s, AUDIT_GATEWAY_PORTS, "GatewayPorts", "GatewayPorts no");
	if (answer_is(s->answer, "X11Forwarding", "yes"))
		answer_find(s, AUDIT_X11_OPEN, "X11Forwarding", "X11Forwarding no");
	if (answer_is(s->answer, "AllowAgentForwarding", "yes"))
		answer_find(s, AUDIT_AGENT_OPEN, "AllowAgentForwarding", "AllowAgentForwarding no");
}

static void judge_environment(const struct audit_session *s)
{
	const char *at = s->answer, *found;
	char value[ANSWER_VALUE_MAX];
	size_t length;

	while ((found = audit_answer_next(&at, "acceptenv", &length)))
		if (answer_lets_in(found, length)) {
			answer_find(s, AUDIT_ACCEPT_ENV, "AcceptEnv", "AcceptEnv LANG LC_*");
			break;
		}
	answer_value(s->answer, "PermitUserEnvironment", value);
	if (strcmp(value, "yes") == 0 || (strcmp(value, "no") != 0 && answer_lets_in(value, strlen(value))))
		answer_find(s, AUDIT_USER_ENVIRONMENT, "PermitUserEnvironment", "PermitUserEnvironment no");
}

static void judge_force(const struct audit_session *s)
{
	size_t length;
	const char *forced = audit_forced(s->answer, &length);
	static const char internal[] = "internal-sftp";
	bool sftp = forced && length >= sizeof internal - 1 && memcmp(forced, internal, sizeof internal - 1) == 0;

	if (!forced || s->account->forced)
		return;
	if (!sftp && *forced != '/')
		answer_find(s, AUDIT_FORCE_RELATIVE, "ForceCommand", "ForceCommand " SALLYPORT_SHELL);
	else if (sftp || !s->account->shell_is_gate) /* else it is the gate that is asked for it, and refuses */
		answer_find(s, AUDIT_FORCE_OTHER, "ForceCommand", "ForceCommand " SALLYPORT_SHELL);
}

/* With ForceCommand sshd does not run it; with the gate as login shell the gate is asked, and refuses. */
static void judge_rc(const struct audit_session *s)
{
	size_t length;

	if (s->account->layers != AUDIT_LAYER_KEYS && !audit_forced(s->answer, &length) &&
	    !s->account->shell_is_gate && answer_is(s->answer, "PermitUserRC", "yes"))
		answer_find(s, AUDIT_RC_OPEN, "PermitUserRC", "PermitUserRC no");
}

static void judge_layers(const struct audit_session *s)
{
	size_t length;
	const struct audit_evidence shell = {.place = s->account->place, .path = s->account->shell};

	if (s->account->shell_is_gate && !(s->account->layers & ~(unsigned)AUDIT_LAYER_SHELL) &&
	    audit_sftp_is_internal(s->answer) && !audit_forced(s->answer, &length)) {
		answer_find(s, AUDIT_INTERNAL_SFTP, "Subsystem", "Subsystem sftp /usr/lib/openssh/sftp-server");
		return;
	}
	if (s->account->layers)
		return;
	audit_find(s->found, AUDIT_LAYER_NONE, s->account, &shell,
		   "its login shell is %s, and nothing else starts the gate", s->account->shell);
	if (answer_is(s->answer, "PermitTTY", "no"))
		answer_find(s, AUDIT_TTY_ALONE, "PermitTTY", "ForceCommand " SALLYPORT_SHELL);
}

/* The gate is asked for sftp by the words of the Subsystem line: by those that the policy knows, and by no others. */
static void judge_subsystem(const struct audit_session *s)
{
	static const char sftp[] = "sftp ";
	enum { NAME = sizeof sftp - 1 };
	char line[ANSWER_VALUE_MAX + 2], fix[ANSWER_VALUE_MAX + sizeof "sftp-subsystem = "];
	const char *at = s->answer, *found;
	size_t length;

	if (!s->account->layers || !s->account->sftp)
		return;
	while ((found = audit_answer_next(&at, "subsystem", &length))) {
		if (length <= NAME || length >= ANSWER_VALUE_MAX || memcmp(found, sftp, NAME) != 0)
			continue;
		snprintf(line, sizeof line, "\n%.*s\n", (int)(length - NAME), found + NAME);
		snprintf(fix, sizeof fix, "sftp-subsystem = %.*s", (int)(length - NAME), found + NAME);
		if (!strstr(s->account->sftp, line))
			answer_find(s, AUDIT_SUBSYSTEM_REFUSED, "Subsystem", fix);
	}
}

void audit_judge_session(const struct audit_session *s)
{
	/* An enforced line has `restrict`, which closes all of forwarding but the tun device. */
	bool by_keys = s->account->layers & AUDIT_LAYER_KEYS;

	if (!by_keys && !answer_is(s->answer, "DisableForwarding", "yes"))
		judge_forwarding(s);
	if (!answer_is(s->answer, "PermitTunnel", "no"))
		answer_find(s, AUDIT_TUNNEL_OPEN, "PermitTunnel", "PermitTunnel no");
	if (answer_is(s->answer, "HostbasedAuthentication", "yes") && !methods_have_key(s->answer))
		answer_find(s, AUDIT_HOSTBASED, "HostbasedAuthentication", "HostbasedAuthentication no");
	judge_environment(s);
	judge_rc(s);
	judge_force(s);
	judge_layers(s);
	judge_subsystem(s);
	judge_password(s);
	judge_methods(s);
}
