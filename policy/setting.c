#include "setting.h"

#include "model.h"
#include "nearest.h"
#include "setters.h"

#include <string.h>
#include <syslog.h>

#define YES_NO   "yes or no"
#define ACCEPTED "options: --name or -x, with =%d, =%w or =%p behind one that takes a value; or none"
#define REFUSED  "options of the definition, perhaps with * at a name's end: --delete* z; or none"

/* Sorted by name; tests compare it with sallyport.ini(5). */
const struct setting setting_table[] = {
	{"access", SECTION_ACCOUNT | SECTION_NARROW, false, ' ', false, set_access,
	 "verbs (download upload overwrite list mkdir rename delete) or a preset "
	 "(read-only drop-box append-only full)"},
	{"access", SECTION_ACCOUNT, true, ' ', false, set_access_path,
	 "access /DIR = verbs that are added beneath DIR, or read-only"},
	{"argv", SECTION_COMMAND, false, ' ', false, set_argv, "words and captures: pg_dump -Fc -- %1"},
	{"borg-accept", SECTION_ACCOUNT, false, ' ', false, set_accept, ACCEPTED},
	{"borg-refuse", SECTION_ACCOUNT | SECTION_NARROW, false, ' ', false, set_refuse, REFUSED},
	{"cert-id", SECTION_KEY, false, ' ', false, set_cert_id, "the identity that the certificate was signed with"},
	{"commands", SECTION_ACCOUNT | SECTION_NARROW, false, ' ', false, set_commands,
	 "names of built-in or [command] definitions, or none"},
	{"docroot", SECTION_ACCOUNT | SECTION_PROFILE, false, 0, false, set_docroot,
	 "an absolute path, perhaps with %u %h %U %%, or none"},
	{"docroot-home", SECTION_ACCOUNT, false, 0, false, set_docroot_home, "allow or refuse"},
	{"env", SECTION_ACCOUNT, true, 0, false, set_env, "env NAME = value"},
	{"expires", SECTION_ACCOUNT | SECTION_NARROW, false, 0, false, set_expires,
	 "YYYYMMDD, YYYYMMDDHHMM or YYYYMMDDHHMMSS in UTC, or never"},
	{"fingerprint", SECTION_KEY, false, ' ', false, set_fingerprint,
	 "SHA256:... as ssh-keygen -l prints it, several with blanks between"},
	{"from", SECTION_ACCOUNT | SECTION_NARROW, false, ',', false, set_from,
	 "addresses, CIDR blocks and patterns, separated by commas, or any"},
	{"honours-token", SECTION_COMMAND, false, 0, false, set_honours_token, YES_NO},
	{"hours", SECTION_ACCOUNT | SECTION_NARROW, false, ',', false, set_hours,
	 "HH:MM-HH:MM or Mon-Fri HH:MM-HH:MM in UTC, separated by commas, or any"},
	{"isolation", SECTION_ACCOUNT, false, 0, false, set_isolation,
	 "namespace, chroot or landlock"},
	{"key-identity", SECTION_ACCOUNT, false, 0, false, set_key_identity, YES_NO},
	{"keys", SECTION_ACCOUNT, false, ' ', false, set_keys, "names of [key] sections, or none"},
	{"limit", SECTION_ACCOUNT, true, 0, false, set_limit,
	 "limit NAME = number; NAME is cpu, file-size, files, memory, processes or tmp"},
	{"local", SECTION_ACCOUNT, false, 0, false, set_local, YES_NO},
	{"log-facility", SECTION_ACCOUNT, false, 0, false, set_log_facility,
	 "AUTHPRIV, AUTH, DAEMON, USER or LOCAL0 to LOCAL7"},
	{"log-required", SECTION_ACCOUNT, false, 0, false, set_log_required, YES_NO},
	{"log-transfers", SECTION_ACCOUNT, false, 0, false, set_log_transfers, YES_NO},
	{"max-duration", SECTION_ACCOUNT | SECTION_NARROW, false, 0, false, set_max_duration,
	 "30s, 10m, 2h or 1d, or none"},
	{"max-sessions", SECTION_ACCOUNT | SECTION_KEY, false, 0, false, set_max_sessions, "1 to 4096, or none"},
	{"may-lack", SECTION_ACCOUNT, false, 0, false, set_may_lack, "landlock"},
	{"message", SECTION_ACCOUNT | SECTION_NARROW, false, ' ', false, set_message, "one line of text"},
	{"nice", SECTION_ACCOUNT, false, 0, false, set_nice, "a number from 0 to 19"},
	{"pass-env", SECTION_ACCOUNT, false, ' ', false, set_pass_env,
	 "variable names, a * at a name's end, or none"},
	{"profile", SECTION_ACCOUNT, false, 0, false, set_profile, "required or optional"},
	{"profiles", SECTION_ACCOUNT, false, ' ', false, set_profiles, "names of [profile] sections, or none"},
	{"program", SECTION_ACCOUNT, true, 0, false, set_program, "program NAME = /absolute/path"},
	{"program", SECTION_COMMAND, false, 0, false, set_program, "an absolute path"},
	{"protect", SECTION_ACCOUNT, false, ' ', false, set_protect, "file names without slashes, or none"},
	{"rclone-accept", SECTION_ACCOUNT, false, ' ', false, set_accept, ACCEPTED},
	{"rclone-refuse", SECTION_ACCOUNT | SECTION_NARROW, false, ' ', false, set_refuse, REFUSED},
	{"rclone-remote", SECTION_ACCOUNT, false, 0, false, set_rclone_remote, "NAME:PATH, or none"},
	{"rdiff-backup-accept", SECTION_ACCOUNT, false, ' ', false, set_accept, ACCEPTED},
	{"rdiff-backup-refuse", SECTION_ACCOUNT | SECTION_NARROW, false, ' ', false, set_refuse, REFUSED},
	{"restricted", SECTION_ACCOUNT | SECTION_NARROW, false, 0, false, set_restricted, YES_NO},
	{"rsync-accept", SECTION_ACCOUNT, false, ' ', false, set_accept, ACCEPTED},
	{"rsync-refuse", SECTION_ACCOUNT | SECTION_NARROW, false, ' ', false, set_refuse, REFUSED},
	{"scp-accept", SECTION_ACCOUNT, false, ' ', false, set_accept, ACCEPTED},
	{"scp-refuse", SECTION_ACCOUNT | SECTION_NARROW, false, ' ', false, set_refuse, REFUSED},
	{"sftp-subsystem", SECTION_ACCOUNT, false, 0, true, set_sftp_subsystem,
	 "a whole command line that starts with an absolute path"},
	{"start", SECTION_ACCOUNT, false, 0, false, set_start,
	 "a path that starts with / at the docroot, perhaps with %u %U %%"},
	{"stdin", SECTION_COMMAND, false, 0, false, set_stdin, YES_NO},
	{"stdout", SECTION_COMMAND, false, 0, false, set_stdout, YES_NO},
	{"svn-accept", SECTION_ACCOUNT, false, ' ', false, set_accept, ACCEPTED},
	{"svn-refuse", SECTION_ACCOUNT | SECTION_NARROW, false, ' ', false, set_refuse, REFUSED},
	{"template", SECTION_COMMAND, false, ' ', false, set_template,
	 "words and the elements %d %w %Ns %p, perhaps behind a !"},
	{"token", SECTION_ACCOUNT | SECTION_NARROW, false, 0, false, set_token, "off or marker"},
	{"token-env", SECTION_ACCOUNT, false, 0, false, set_token_env, "a variable's name"},
	{"token-value", SECTION_ACCOUNT, false, ' ', false, set_token_value, "the variable's value"},
	{"umask", SECTION_ACCOUNT, false, 0, false, set_umask, "an octal number up to 0777"},
	{"verbs", SECTION_COMMAND, false, 0, false, set_verbs, "verbs or a preset, or none"},
	{0},
};

/* How well a setting of the right name fits; 0: it has another. */
static int fitness(const struct setting *s, const struct setting_name *wanted)
{
	if (strlen(s->name) != wanted->length || memcmp(s->name, wanted->name, wanted->length) != 0)
		return 0;
	return 1 + 2 * ((s->kinds & wanted->kind) != 0) + (s->argument == wanted->argument);
}

const struct setting *setting_find(const struct setting_name *wanted, const char **nearest)
{
	enum { TABLES = 2, PERFECT = 4 };
	static const struct setting *const tables[TABLES] = {setting_table, expectation_table};
	const struct setting *best = NULL;
	struct nearest near = {0};
	int fits = 0;

	for (size_t i = 0; i < TABLES && fits < PERFECT; i++)
		for (const struct setting *s = tables[i]; s->name && fits < PERFECT; s++) {
			int fit = fitness(s, wanted);

			if (fit > fits)
				best = s;
			fits = fit > fits ? fit : fits;
		}
	*nearest = NULL;
	if (best)
		return best;
	/* Only a wrong name pays for the search. */
	for (size_t i = 0; i < TABLES; i++)
		for (const struct setting *s = tables[i]; s->name; s++)
			if (s->kinds & wanted->kind)
				nearest_offer(&near, wanted->name, wanted->length, s->name);
	*nearest = near.best;
	return NULL;
}

void setting_defaults(struct settings *settings)
{
	*settings = (struct settings){
		.start = "/",
		.isolation = ISOLATION_NAMESPACE,
		.verbs = VERB_DOWNLOAD | VERB_LIST,
		.token_env = "ASPERA_AUTH_TOKEN",
		.token_value = "TOKEN",
		.pass_env = "LANG LC_*",
		.protect = ".ssh .rhosts .shosts .netrc .k5login .forward .popt .gitconfig .hgrc "
			   ".bashrc .bash_profile .profile .login",
		.umask = 027,
		.log_facility = LOG_AUTHPRIV,
		.limit = {LIMIT_UNSET, LIMIT_UNSET, LIMIT_UNSET, LIMIT_UNSET, [LIMIT_PROCESSES] = 64,
			  [LIMIT_TMP] = LIMIT_UNSET},
		.message = "this account is for file transfer only",
		.profiles = "",
		.key_names = "",
		.expires = INT64_MAX,
	};
}

const struct definition *setting_definition(const struct policy *policy, const char *name,
					    size_t length)
{
	for (size_t i = 0; definition_builtin[i]; i++)
		if (strlen(definition_builtin[i]->name) == length &&
		    memcmp(definition_builtin[i]->name, name, length) == 0)
			return definition_builtin[i];
	for (size_t i = 0; i < policy->sections_count; i++) {
		const struct section *section = &policy->sections[i];

		if (section->kind == SECTION_COMMAND && strlen(section->name) == length &&
		    memcmp(section->name, name, length) == 0)
			return &section->command->definition;
	}
	return NULL;
}

bool setting_is_first(const struct entry *entries, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (entries[i].setting == entries[index].setting)
			return false;
	return true;
}
