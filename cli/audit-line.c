/*
 * audit-line - what the findings of one line of keys come to for an account: which of them matter
 * at all, given what sshd closes by itself.
 */
#include "audit-keys.h"

#include <string.h>

enum {
	WHAT_MAX = 512,
	OPENS_BY_CERTIFICATE = OPENS_FORWARDING | OPENS_AGENT | OPENS_X11 | OPENS_TTY | OPENS_RC,
};

/*
 * opens: only where sshd opens it, and the key does not forbid it. every: of any account, not only
 * of one that is to be held. mended: `keys serve` hands sshd the line without it.
 */
static const struct {
	enum judge_id found;
	enum audit_id id;
	unsigned opens;
	bool every, mended;
} rows[] = {
    {JUDGE_COMMAND_MISSING, AUDIT_KEY_COMMAND, OPENS_COMMAND, false, true},
    {JUDGE_COMMAND_OTHER, AUDIT_KEY_COMMAND, OPENS_COMMAND, false, true},
    {JUDGE_FORWARDING_OPEN, AUDIT_KEY_FORWARDING, OPENS_FORWARDING, false, true},
    {JUDGE_RC_OPEN, AUDIT_KEY_RC, OPENS_RC, false, true},
    {JUDGE_AGENT_OPEN, AUDIT_KEY_SESSION, OPENS_AGENT, false, true},
    {JUDGE_X11_OPEN, AUDIT_KEY_SESSION, OPENS_X11, false, true},
    {JUDGE_PTY_OPEN, AUDIT_KEY_SESSION, OPENS_TTY, false, true},
    {JUDGE_ENVIRONMENT_LOADER, AUDIT_KEY_ENVIRONMENT, OPENS_ENVIRONMENT, false, true},
    {JUDGE_TUNNEL, AUDIT_KEY_TUNNEL, OPENS_TUNNEL, false, true},
    {JUDGE_WELL_KNOWN_OPEN, AUDIT_KEY_WELL_KNOWN, 0, true, false},
    {JUDGE_WELL_KNOWN_TOKENLESS, AUDIT_KEY_TOKENLESS, 0, true, false},
    {JUDGE_TYPE_RETIRED, AUDIT_KEY_RETIRED, 0, true, false},
    {JUDGE_RSA_SHORT, AUDIT_KEY_SHORT, 0, true, false},
    {JUDGE_VOID, AUDIT_KEY_BROKEN, 0, true, false},
    {JUDGE_BROKEN, AUDIT_KEY_BROKEN, 0, true, false},
    {JUDGE_PRINCIPALS_PLAIN, AUDIT_KEY_BROKEN, 0, true, false},
    {JUDGE_FROM_NEVER, AUDIT_KEY_BROKEN, 0, true, false},
    {JUDGE_FAULT, AUDIT_KEY_BROKEN, 0, true, false},
    {JUDGE_BOM, AUDIT_KEY_BROKEN, 0, true, false},
    {JUDGE_FOREIGN, AUDIT_KEY_BROKEN, 0, true, false},
    {JUDGE_CERT_SWALLOWED, AUDIT_CERT_SWALLOWED, 0, false, false},
    {JUDGE_CERT_COMMAND, AUDIT_CERT_COMMAND, OPENS_COMMAND, false, false},
    {JUDGE_CERT_EXTENSIONS, AUDIT_CERT_EXTENSIONS, OPENS_BY_CERTIFICATE, false, false},
    {JUDGE_CERT_PRINCIPALS, AUDIT_CERT_PRINCIPALS, 0, false, false},
    {JUDGE_CERT_FOREVER, AUDIT_CERT_FOREVER, 0, false, false},
};

/* Commands that do nothing, and so leave a connection whose one use is what it forwards. */
static const char *const idle[] = {
    "",      "/bin/true", "/usr/bin/true", "true", "/bin/false",        "/usr/bin/false",
    "false", "/bin/cat",  "/usr/bin/cat",  "cat",  "/usr/sbin/nologin", "/sbin/nologin",
    "exit",  ":",
};

static bool is_idle(const struct keyline *line)
{
	char command[WHAT_MAX];

	if (!line->keyopts.command.at ||
	    !keyopts_unquote(line->keyopts.command, command, sizeof command))
		return false;
	for (size_t i = 0; i < sizeof idle / sizeof *idle; i++)
		if (strcmp(command, idle[i]) == 0)
			return true;
	return strncmp(command, "sleep ", 6) == 0 || strncmp(command, "/bin/sleep ", 11) == 0;
}

static void find(const struct line_facts *f, const struct keyline *line, enum audit_id id,
		 const char *what)
{
	char fingerprint[KEY_FINGERPRINT_ROOM] = "";
	const struct audit_evidence evidence = {
	    .place = {f->about.file, f->about.line}, .path = f->about.file, .value = fingerprint};

	if (line->key.blob.length > 0 && line->kind != KEYLINE_JUNK)
		key_fingerprint(line->key.blob, fingerprint);
	audit_find(&f->about.audit->found, id, f->about.account, &evidence, "%s%s%s", fingerprint,
		   *fingerprint ? ": " : "", what);
}

/* What a key of a held account says beyond what judge_line() looks for. */
static void find_more(const struct line_facts *f, const struct keyline *line)
{
	const struct keyopts *o = &line->keyopts;

	if (!(o->permits & PERMIT_PORT) || !(f->opens & OPENS_FORWARDING) ||
	    line->kind != KEYLINE_KEY)
		return;
	if (o->permitopens + o->permitlistens > 0)
		find(f, line, AUDIT_KEY_PERMIT,
		     "permitopen= or permitlisten= on a key for transfers");
	if (is_idle(line))
		find(f, line, AUDIT_KEY_TUNNEL_ONLY,
		     "a key for tunnels: its command does nothing, and it may forward");
}

void line_find(const struct line_facts *f, const struct keyline *line, judge_set found)
{
	bool held = audit_restricted(f->about.account);

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (found & JUDGE_BIT(rows[i].found) && (rows[i].every || held) &&
		    !(rows[i].mended && f->served) &&
		    (rows[i].opens == 0 || f->opens & rows[i].opens))
			find(f, line, rows[i].id, judge_rows[rows[i].found].why);
	if (held && !f->served)
		find_more(f, line);
}

bool line_holds(const struct line_facts *f, const struct keyline *line, const struct wanted *wanted)
{
	unsigned open = f->opens & (OPENS_FORWARDING | OPENS_RC);
	struct gatecall call;
	char command[GATECALL_MAX];

	if (line->kind != KEYLINE_KEY && line->kind != KEYLINE_FOREIGN)
		return true; /* sshd takes no key from it */
	if (f->served || enforce_holds(line, wanted))
		return true;
	return line->keyopts.command.at &&
	       keyopts_unquote(line->keyopts.command, command, sizeof command) &&
	       gatecall_read(command, wanted->gate, &call) &&
	       !(open & OPENS_FORWARDING && line->keyopts.permits & PERMIT_PORT) &&
	       !(open & OPENS_RC && line->keyopts.permits & PERMIT_RC);
}
