/*
 * audit-rules - what `sshd -T` says for an account, as far as its keys are concerned.
 */
#include "audit-keys.h"
#include "sshd-ask.h"

#include <string.h>

/* A setting that opens something, and the value with which it does not. */
static const struct {
	const char *keyword, *closed;
	unsigned opens;
} openings[] = {
    {"allowtcpforwarding", "no", OPENS_FORWARDING},
    {"allowstreamlocalforwarding", "no", OPENS_FORWARDING},
    {"allowagentforwarding", "no", OPENS_AGENT},
    {"x11forwarding", "no", OPENS_X11},
    {"permittty", "no", OPENS_TTY},
    {"permituserrc", "no", OPENS_RC},
    {"permituserenvironment", "no", OPENS_ENVIRONMENT},
    {"permittunnel", "no", OPENS_TUNNEL},
};

/* The value, cut at out's end as no sshd_config that works would have it; "" for none. */
static void take(const char *answer, const char *keyword, char *out, size_t size)
{
	size_t length = 0;
	const char *value = sshd_answer(answer, keyword, &length);

	length = value && length < size ? length : 0;
	if (length)
		memcpy(out, value, length);
	out[length] = '\0';
}

static bool is(const char *answer, const char *keyword, const char *wanted)
{
	size_t length;
	const char *value = sshd_answer(answer, keyword, &length);

	return value && length == strlen(wanted) && memcmp(value, wanted, length) == 0;
}

static bool is_ours(const char *command, const char *subcommand)
{
	static const char tool[] = SALLYPORT_SBIN "/sallyport keys ";
	size_t length = strlen(subcommand);

	return strncmp(command, tool, sizeof tool - 1) == 0 &&
	       strncmp(command + sizeof tool - 1, subcommand, length) == 0 &&
	       strchr(" ", command[sizeof tool - 1 + length]);
}

void rules_read(const char *answer, struct key_rules *r)
{
	const struct {
		const char *keyword;
		char *out;
		size_t size;
	} texts[] = {
	    {"authorizedkeysfile", r->files, sizeof r->files},
	    {"authorizedkeyscommand", r->command, sizeof r->command},
	    {"authorizedkeyscommanduser", r->command_user, sizeof r->command_user},
	    {"authorizedprincipalsfile", r->principals, sizeof r->principals},
	    {"authorizedprincipalscommand", r->principals_command, sizeof r->principals_command},
	    {"trustedusercakeys", r->authorities, sizeof r->authorities},
	    {"revokedkeys", r->revoked, sizeof r->revoked},
	    {"forcecommand", r->force, sizeof r->force},
	    {"chrootdirectory", r->chroot, sizeof r->chroot},
	    {"hostcertificate", r->host_certificate, sizeof r->host_certificate},
	};

	r->opens = 0;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		take(answer, texts[i].keyword, texts[i].out, texts[i].size);
	/* What an old sshd does not list is taken for open: it is not known to be closed. */
	for (size_t i = 0; i < sizeof openings / sizeof *openings; i++)
		if (!is(answer, openings[i].keyword, openings[i].closed))
			r->opens |= openings[i].opens;
	if (is(answer, "disableforwarding", "yes"))
		r->opens &= ~(unsigned)(OPENS_FORWARDING | OPENS_AGENT | OPENS_X11);
	if (!r->force[0])
		r->opens |= OPENS_COMMAND;
	else
		r->opens &= ~(unsigned)OPENS_RC; /* sshd runs no rc under ForceCommand */
	r->keys = !is(answer, "pubkeyauthentication", "no");
	r->strict = !is(answer, "strictmodes", "no");
	r->served = is_ours(r->command, "serve");
	r->principals_served = is_ours(r->principals_command, "principals");
}
