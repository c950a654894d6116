#include "judge.h"

#include "text/pattern.h"

#include <strings.h>

enum { RSA_SHORT = 2048, RSA_SMALL = 3072, FROM_MAX = 8192 };

static const struct {
	unsigned permit;
	enum judge_id id;
} openings[] = {
	{PERMIT_PORT, JUDGE_FORWARDING_OPEN}, {PERMIT_RC, JUDGE_RC_OPEN},   {PERMIT_AGENT, JUDGE_AGENT_OPEN},
	{PERMIT_X11, JUDGE_X11_OPEN},         {PERMIT_PTY, JUDGE_PTY_OPEN},
};

/* Beginnings of names that the loader, shells, interpreters, sshd or Aspera's programs act upon. */
static const char *const loaders[] = {
	"LD_", "PATH=", "IFS=", "ENV=", "BASH_", "SHELL", "HOME=", "SSH_", "ASPERA_", "PYTHON", "PERL", "GIT_",
	"RSYNC_", "LOCPATH=", "GCONV_", "MALLOC_", "TMPDIR=",
};

bool judge_comment_well_known(struct quoted comment)
{
	static const char *const texts[] = {"Aspera public access", "aspera_tokenauth_id"};

	for (size_t i = 0; comment.at && i < sizeof texts / sizeof *texts; i++)
		if (memmem(comment.at, comment.length, texts[i], strlen(texts[i])))
			return true;
	return false;
}

static judge_set judge_command(const struct keyline *line, const struct judge_facts *facts, struct gatecall *call)
{
	char command[GATECALL_MAX];

	*call = (struct gatecall){0};
	if (!line->keyopts.command.at)
		return facts->shell_is_gate ? 0 : JUDGE_BIT(JUDGE_COMMAND_MISSING);
	if (keyopts_unquote(line->keyopts.command, command, sizeof command) &&
	    gatecall_read(command, facts->wanted->gate, call))
		return 0;
	/* With the gate as the shell, the command is what the gate is asked for. */
	return JUDGE_BIT(JUDGE_COMMAND_OTHER);
}

static judge_set judge_permits(const struct keyopts *o)
{
	judge_set found = 0;

	for (size_t i = 0; i < sizeof openings / sizeof *openings; i++)
		if (o->permits & openings[i].permit)
			found |= JUDGE_BIT(openings[i].id);
	if (!o->restricted)
		found |= JUDGE_BIT(JUDGE_RESTRICT_MISSING);
	if (o->tunnel)
		found |= JUDGE_BIT(JUDGE_TUNNEL);
	if (o->permitopens + o->permitlistens > 0 && !(o->permits & PERMIT_PORT))
		found |= JUDGE_BIT(JUDGE_PERMIT_DEAD);
	return found;
}

/* Looks at every environment= of the line, not only the first. */
static judge_set judge_environment(const struct keyline *line)
{
	static const char option[] = "environment=\"";
	if (line->keyopts.environments == 0)
		return 0;
	const char *at = line->options.at, *end = at + line->options.length;
	for (; at + sizeof option < end; at++) {
		if (strncasecmp(at, option, sizeof option - 1) != 0)
			continue;
		for (size_t i = 0; i < sizeof loaders / sizeof *loaders; i++)
			if (strncmp(at + sizeof option - 1, loaders[i], strlen(loaders[i])) == 0)
				return JUDGE_BIT(JUDGE_ENVIRONMENT_LOADER);
	}
	return JUDGE_BIT(JUDGE_ENVIRONMENT);
}

static bool looks_like_name(const char *item)
{
	for (; *item; item++)
		if ((*item >= 'g' && *item <= 'z') || (*item >= 'G' && *item <= 'Z'))
			return true;
	return false;
}

static judge_set judge_from(struct quoted from)
{
	char list[FROM_MAX];
	const char *item;
	size_t length;

	if (!from.at)
		return 0;
	if (!keyopts_unquote(from, list, sizeof list) || pattern_check_list(list, &item, &length))
		return JUDGE_BIT(JUDGE_FROM_NEVER);
	return looks_like_name(list) ? JUDGE_BIT(JUDGE_FROM_NAMES) : 0;
}

static judge_set judge_key(const struct key *key)
{
	judge_set found = 0;

	if (key->type->kind == KEY_DSA)
		found |= JUDGE_BIT(JUDGE_TYPE_RETIRED);
	if (key->type->kind == KEY_RSA && key->bits < RSA_SMALL)
		found |= JUDGE_BIT(key->bits < RSA_SHORT ? JUDGE_RSA_SHORT : JUDGE_RSA_SMALL);
	return found;
}

static judge_set judge_well_known(const struct keyline *line, const struct judge_facts *facts,
				  const struct gatecall *call)
{
	if (!facts->well_known && !judge_comment_well_known(line->comment))
		return 0;
	if (!enforce_holds(line, facts->wanted))
		return JUDGE_BIT(JUDGE_WELL_KNOWN_OPEN);
	return call->token ? 0 : JUDGE_BIT(JUDGE_WELL_KNOWN_TOKENLESS);
}

static judge_set judge_options(const struct keyline *line, const struct judge_facts *facts)
{
	const struct keyopts *o = &line->keyopts;
	struct gatecall call;
	judge_set found = judge_command(line, facts, &call) | judge_permits(o) | judge_environment(line) |
			  judge_from(o->from) | judge_well_known(line, facts, &call);

	if (o->principals.at && !o->cert_authority)
		found |= JUDGE_BIT(JUDGE_PRINCIPALS_PLAIN);
	if (o->cert_authority && !o->principals.at)
		found |= JUDGE_BIT(JUDGE_CA_WIDE);
	if (o->expires && o->expires < facts->now)
		found |= JUDGE_BIT(JUDGE_EXPIRED);
	if (!o->expires)
		found |= JUDGE_BIT(JUDGE_EXPIRY_NONE);
	if (o->no_touch)
		found |= JUDGE_BIT(JUDGE_NO_TOUCH);
	if (!line->comment.at)
		found |= JUDGE_BIT(JUDGE_COMMENT_NONE);
	return found;
}

judge_set judge_line(const struct keyline *line, const struct judge_facts *facts)
{
	switch (line->kind) {
	case KEYLINE_BLANK:
	case KEYLINE_COMMENT: return 0;
	case KEYLINE_JUNK: return JUDGE_BIT(JUDGE_BROKEN);
	case KEYLINE_VOID: return JUDGE_BIT(JUDGE_VOID);
	case KEYLINE_FOREIGN: return JUDGE_BIT(JUDGE_FOREIGN) | judge_options(line, facts);
	case KEYLINE_KEY: break;
	}
	if (line->key.type->certifies)
		return judge_cert(line, facts) | judge_key(&line->key);
	return judge_options(line, facts) | judge_key(&line->key);
}

/* ",name=" inside a command: it was meant for an option of its own (ssh-keygen -O a,b is one option). */
static bool has_swallowed(struct bytes command)
{
	static const char *const names[] = {",source-address=", ",force-command=", ",verify-required", ",no-",
					    ",permit-"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (memmem(command.at, command.length, names[i], strlen(names[i])))
			return true;
	return false;
}

static bool forces_gate(struct bytes command, const char *gate)
{
	char text[GATECALL_MAX];
	struct gatecall call;

	if (!command.at || command.length >= sizeof text)
		return false;
	memcpy(text, command.at, command.length);
	text[command.length] = '\0';
	return gatecall_read(text, gate, &call);
}

judge_set judge_cert(const struct keyline *line, const struct judge_facts *facts)
{
	uint64_t now = facts->now > 0 ? (uint64_t)facts->now : 0;
	judge_set found = 0;
	struct cert cert;

	if (cert_read(&line->key, &cert))
		return JUDGE_BIT(JUDGE_CERT_BROKEN);
	if (cert.kind == CERT_HOST)
		return JUDGE_BIT(JUDGE_CERT_HOST);
	if (cert.command.at && has_swallowed(cert.command))
		found |= JUDGE_BIT(JUDGE_CERT_SWALLOWED);
	else if (!forces_gate(cert.command, facts->wanted->gate) && !facts->shell_is_gate)
		found |= JUDGE_BIT(JUDGE_CERT_COMMAND);
	if (cert.extensions & (CERT_PORT | CERT_AGENT | CERT_X11 | CERT_PTY | CERT_RC))
		found |= JUDGE_BIT(JUDGE_CERT_EXTENSIONS);
	if (cert.principals.length == 0)
		found |= JUDGE_BIT(JUDGE_CERT_PRINCIPALS);
	if (cert.before == UINT64_MAX)
		found |= JUDGE_BIT(JUDGE_CERT_FOREVER);
	if (cert.before <= now || cert.after > now)
		found |= JUDGE_BIT(JUDGE_CERT_EXPIRED);
	if (cert.serial == 0)
		found |= JUDGE_BIT(JUDGE_CERT_SERIAL);
	return found;
}
