#include "learn-judge.h"

#include "sandbox/sandbox.h"

#include <string.h>

/*
 * Programs that run what they are told to, or lead elsewhere. A [command] for one of them would
 * be a login; learn does not even hint at it. What is missing here gets no more than a comment to
 * judge.
 */
static const char *const launchers[] = {
	"ash",     "awk",    "bash",   "busybox", "chroot", "command", "csh",    "dash",   "doas",
	"docker",  "ed",     "emacs",  "env",     "eval",   "ex",      "exec",   "expect", "find",
	"fish",    "ftp",    "gawk",   "gdb",     "ksh",    "less",    "lua",    "make",   "mawk",
	"mksh",    "more",   "mosh-server", "nc", "ncat",   "nice",    "node",   "nohup",  "nsenter",
	"perl",    "php",    "pkexec", "podman",  "python", "python2", "python3", "rbash", "ruby",
	"run0",    "screen", "script", "sed",     "setpriv", "setsid", "sh",     "socat",  "source",
	"ssh",     "sshd",   "stdbuf", "strace",  "su",     "sudo",    "systemd-run", "tar", "tclsh",
	"telnet",  "time",   "timeout", "tmux",   "unshare", "vi",     "view",   "vim",    "wget",
	"watch",   "xargs",  "zsh",    "curl",    NULL,
};

static const char harmless[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./@:+=-";

const char *learn_base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

unsigned learn_next_verbs(unsigned verbs)
{
	int bits = __builtin_popcount(verbs);

	for (unsigned more = verbs + 1; more <= VERBS_ALL; more++)
		if (__builtin_popcount(more) == bits)
			return more;
	return (2u << bits) - 1; /* the first set with one verb more; behind VERBS_ALL, 255 > VERBS_ALL */
}

struct settings learn_unconditional(const struct settings *present)
{
	struct settings settings = *present;

	for (size_t i = 0; i < POLICY_CONDITIONS_MAX; i++)
		settings.from[i] = settings.hours[i] = NULL;
	settings.expires = INT64_MAX;
	settings.keys_count = 0;
	return settings;
}

static void decide(const struct settings *settings, const struct wish *wish, struct decision *d)
{
	const struct request request = {
		.command = wish->command,
		.length = wish->length,
		.root = SANDBOX_FILES,
	};

	policy_decide(settings, &request, d);
}

bool learn_grants(const struct settings *settings, const struct wish *wish)
{
	const struct settings plain = learn_unconditional(settings);
	struct decision d;

	decide(&plain, wish, &d);
	bool grants = d.verdict == GRANT;
	decision_free(&d);
	return grants;
}

static bool has_definition(const struct settings *settings, const struct definition *definition)
{
	for (size_t i = 0; i < settings->commands_count; i++)
		if (settings->commands[i] == definition)
			return true;
	return false;
}

/* Every built-in definition besides the account's own, and every verb that its modes leave. */
static struct settings offer_all(const struct settings *present)
{
	struct settings all = learn_unconditional(present);

	for (size_t i = 0; definition_builtin[i] && all.commands_count < POLICY_COMMANDS_MAX; i++)
		if (!has_definition(&all, definition_builtin[i]))
			all.commands[all.commands_count++] = definition_builtin[i];
	all.verbs = VERBS_ALL;
	all.paths_count = 0;
	if (all.restricted || all.token == TOKEN_MARKER)
		all.verbs &= ~(unsigned)VERB_LIST;
	return all;
}

/* What to make of a command that answers to no definition. */
static void judge_unknown(const struct words *words, struct judged *judged)
{
	const char *program = learn_base_name(words->word[0].text);

	*judged = (struct judged){.judgement = JUDGED_REFUSED,
				  .reason = "it runs what it is told to, or leads elsewhere"};
	for (size_t i = 0; launchers[i]; i++)
		if (strcmp(program, launchers[i]) == 0)
			return;
	for (size_t i = 0; i < words->count; i++) {
		const struct word *word = &words->word[i];

		if (word->length == 0 || word->pattern || word->text[strspn(word->text, harmless)] ||
		    strlen(word->text) != word->length) {
			judged->reason = "no definition knows it, and it is more than plain words";
			return;
		}
	}
	if (*program == '\0') {
		judged->reason = "no program's name";
		return;
	}
	*judged = (struct judged){.judgement = JUDGED_HINT};
}

static void judge_denial(const struct decision *d, struct judged *judged)
{
	if (d->denial == DENIAL_NOMATCH) {
		judge_unknown(&d->words, judged);
		return;
	}
	*judged = (struct judged){
		.judgement = JUDGED_REFUSED,
		.reason = d->reason,
		.detail = d->detail,
	};
}

/* The fewest verbs that the definition alone asks for. */
static unsigned fewest_verbs(const struct settings *all, const struct decision *d,
			     const struct wish *wish)
{
	struct settings one = *all;

	one.commands[0] = d->definition;
	one.commands_count = 1;
	for (unsigned verbs = 0; verbs < VERBS_ALL; verbs = learn_next_verbs(verbs)) {
		one.verbs = verbs;
		if (!(verbs & ~all->verbs) && learn_grants(&one, wish))
			return verbs;
	}
	return all->verbs;
}

void learn_judge(const struct settings *present, const struct wish *wish, struct judged *judged)
{
	const struct settings all = offer_all(present);
	struct decision d;

	*judged = (struct judged){.judgement = JUDGED_ADMITTED};
	if (learn_grants(present, wish))
		return;
	decide(&all, wish, &d);
	if (d.verdict == GRANT)
		*judged = (struct judged){
			.judgement = JUDGED_POSSIBLE,
			.definition = d.definition,
			.form = d.form,
			.needs = fewest_verbs(&all, &d, wish),
		};
	else
		judge_denial(&d, judged);
	decision_free(&d);
}
