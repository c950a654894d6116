/*
 * Goal: every setting of the table accepts what sallyport.ini(5) promises and refuses what is near it; a row
 * without examples here fails. (I2: what decides how door one is built is closed and checked.)
 */
#include "test.h"

#include "policy/setting.h"
#include "scratch.h"


/* A fingerprint but for its last digit. */
#define FP "SHA256:0123456789abcdefghijklmnopqrstuvwxyzABCDEF"

static const struct {
	const char *name;
	unsigned kind;
	const char *accepted[12];
	const char *refused[18];
} examples[] = {
	{"access", SECTION_DEFAULTS,
	 {"access = read-only", "access = full", "access = download upload", "access = drop-box list"},
	 {"access = none", "access = read", "access = Download", "access = download,upload", "access = rw",
	  "access ="}},
	{"access", SECTION_USER,
	 {"access /in = upload", "access /in/to day = read-only", "access /in = full\naccess /in/x = read-only"},
	 {"access / = upload", "access in = upload", "access /in/ = upload", "access //in = upload",
	  "access /in/../x = upload", "access /in = none", "access /in = read", "access /in = list\naccess /in = upload",
	  "access /in ="}},
	{"argv", SECTION_COMMAND, {"argv = c -- %1", "argv = c"},
	 {"argv = %1", "argv = c %2", "argv = c x%1", "argv x = c"}},
	{"cert-id", SECTION_KEY, {"cert-id = backup job 7"}, {"cert-id =", "cert-id x = y", "cert-id = a\ncert-id = b"}},
	{"borg-accept", SECTION_DEFAULTS, {"borg-accept = --foo --bar=%d", "borg-accept = none"},
	 {"borg-accept = --restrict-to-path=%p", "borg-accept = --rsh", "borg-accept = --remote-path=%w"}},
	{"borg-refuse", SECTION_DEFAULTS, {"borg-refuse = --debug --info"}, {"borg-refuse = --dbug", "borg-refuse = debug"}},
	{"rclone-accept", SECTION_DEFAULTS, {"rclone-accept = --stats=%w"},
	 {"rclone-accept = --config=%p", "rclone-accept = --rc", "rclone-accept = --password-command=%w"}},
	{"rclone-refuse", SECTION_DEFAULTS, {"rclone-refuse = --bwlimit"}, {"rclone-refuse = --bw"}},
	{"rdiff-backup-accept", SECTION_DEFAULTS, {"rdiff-backup-accept = --use-compatible-timestamps"},
	 {"rdiff-backup-accept = --remote-schema=%w", "rdiff-backup-accept = --tempdir=%p"}},
	{"rdiff-backup-refuse", SECTION_DEFAULTS, {"rdiff-backup-refuse = v --verbosity"},
	 {"rdiff-backup-refuse = --remote"}},
	{"svn-accept", SECTION_DEFAULTS, {"svn-accept = --memory-cache-size=%d"},
	 {"svn-accept = --config-file=%p", "svn-accept = -d", "svn-accept = --tunnel-user=%w", "svn-accept = -r=%p"}},
	{"svn-refuse", SECTION_DEFAULTS, {"svn-refuse = R --read-only"}, {"svn-refuse = --read"}},
	{"commands", SECTION_DEFAULTS,
	 {"commands = sftp", "commands = sftp scp rsync git aspera probe", "commands = none"},
	 {"commands = sft", "commands = sftp sftp", "commands = /bin/sh", "commands = sftp,scp", "commands = sh",
	  "commands = all", "commands = SFTP"}},
	{"docroot", SECTION_DEFAULTS,
	 {"docroot = /srv", "docroot = /srv/%u/%U%%", "docroot = %h/in", "docroot = none"},
	 {"docroot = srv", "docroot = /srv/../etc", "docroot = /srv/./x", "docroot = ~/x", "docroot = /srv/%x",
	  "docroot = /srv/%", "docroot = %u", "docroot = $HOME", "docroot = %h/../x", "docroot = %hx"}},
	{"docroot-home", SECTION_DEFAULTS, {"docroot-home = allow", "docroot-home = refuse"},
	 {"docroot-home = yes", "docroot-home = allowed", "docroot-home = a"}},
	{"env", SECTION_DEFAULTS, {"env TZ = UTC", "env A_1 = a b"},
	 {"env = x", "env 1A = x", "env A-B = x", "env A B = x", "env A.B = x"}},
	{"expires", SECTION_DEFAULTS,
	 {"expires = never", "expires = 20301231", "expires = 203012312359Z", "expires = 20301231235960"},
	 {"expires = 2030", "expires = 20301301", "expires = 20230229", "expires = 20301231T", "expires = 203012312460",
	  "expires = tomorrow", "expires = 2030-12-31"}},
	{"fingerprint", SECTION_KEY,
	 {"fingerprint = " FP "x", "fingerprint = " FP "x " FP "y", "fingerprint = " FP "x\nfingerprint.2 = " FP "+"},
	 {"fingerprint = " FP, "fingerprint = " FP "xx", "fingerprint = " FP "=", "fingerprint = " FP "x " FP "-",
	  "fingerprint = MD5:aa:bb", "fingerprint = sha256:x", "fingerprint = " FP "x," FP "y"}},
	{"from", SECTION_DEFAULTS,
	 {"from = any", "from = 192.0.2.0/24,!192.0.2.7", "from = 2001:db8::/32", "from = 192.0.2.*", "from = *,!10.0.0.1"},
	 {"from = !192.0.2.1", "from = 192.0.2.1/24", "from = 192.0.2.0/33", "from = 192.0.2.0/", "from = ,",
	  "from = 192.0.2.1, 192.0.2.2", "from = 300.0.0.0/8", "from = 2001:db8::/129", "from = x/8"}},
	{"hours", SECTION_DEFAULTS,
	 {"hours = any", "hours = 01:00-05:00", "hours = Mon-Fri 08:00-18:00,Sat 10:00-12:00", "hours = 22:00-05:00",
	  "hours = Sun 00:00-24:00"},
	 {"hours = 1:00-5:00", "hours = 08:00", "hours = 08:00-25:00", "hours = 08:00-08:00", "hours = Mo 08:00-09:00",
	  "hours = Mon-Fri", "hours = 08:00-09:00,", "hours = 24:00-01:00", "hours = Mon 08:60-09:00"}},
	{"honours-token", SECTION_COMMAND, {"honours-token = yes", "honours-token = no"},
	 {"honours-token = true", "honours-token = 1", "honours-token = Yes"}},
	{"isolation", SECTION_DEFAULTS, {"isolation = namespace", "isolation = chroot", "isolation = landlock"},
	 {"isolation = none", "isolation = Chroot", "isolation = landlock chroot", "isolation = off"}},
	{"key-identity", SECTION_DEFAULTS, {"key-identity = yes", "key-identity = no"}, {"key-identity = auto"}},
	{"keys", SECTION_DEFAULTS, {"keys = laptop backup", "keys = none"}, {"keys =", "keys laptop = yes"}},
	{"limit", SECTION_DEFAULTS,
	 {"limit processes = 1", "limit processes = 1048576", "limit cpu = 60", "limit file-size = 0", "limit file-size = 9G",
	  "limit memory = 64M", "limit files = none", "limit tmp = 0", "limit tmp = 1", "limit tmp = 64K",
	  "limit tmp = 1024G"},
	 {"limit processes = 0", "limit processes = 1048577", "limit processes = -1", "limit processes = 4294967297",
	  "limit files = 1", "limit = 1", "limit processes = 64K", "limit processes = none", "limit file-size = 1k",
	  "limit memory = 1M", "limit file-size = 99999999999G", "limit cpu = 1h", "limit core = 0",
	  "limit tmp = none", "limit tmp = 1025G"}},
	{"local", SECTION_DEFAULTS, {"local = yes", "local = no"}, {"local = on", "local = y"}},
	{"log-facility", SECTION_DEFAULTS, {"log-facility = AUTHPRIV", "log-facility = USER", "log-facility = LOCAL7"},
	 {"log-facility = LOCAL8", "log-facility = local0", "log-facility = KERN", "log-facility = AUTH DAEMON",
	  "log-facility = 16"}},
	{"log-required", SECTION_DEFAULTS, {"log-required = yes", "log-required = no"}, {"log-required = maybe"}},
	{"log-transfers", SECTION_DEFAULTS, {"log-transfers = yes", "log-transfers = no"},
	 {"log-transfers = maybe", "log-transfers = INFO", "log-transfers = sftp"}},
	{"max-duration", SECTION_DEFAULTS,
	 {"max-duration = 1s", "max-duration = 10m", "max-duration = 2h", "max-duration = 366d", "max-duration = none"},
	 {"max-duration = 0s", "max-duration = 367d", "max-duration = 2", "max-duration = 2w", "max-duration = h",
	  "max-duration = 2h30m", "max-duration = -1s", "max-duration = 2 h", "max-duration = 1.5h",
	  "max-duration = 999999999s", "max-duration = unlimited", "max-duration = 2H"}},
	{"max-sessions", SECTION_DEFAULTS, {"max-sessions = 1", "max-sessions = 4096", "max-sessions = none"},
	 {"max-sessions = 0", "max-sessions = 4097", "max-sessions = -1", "max-sessions = 4294967297",
	  "max-sessions = two", "max-sessions = 2 3", "max-sessions = 0x2"}},
	{"may-lack", SECTION_DEFAULTS, {"may-lack = landlock"},
	 {"may-lack = seccomp", "may-lack = landloc", "may-lack = all", "may-lack = landlock seccomp"}},
	{"message", SECTION_DEFAULTS, {"message = for files only. Ask ops@example.org"}, {"message ="}},
	{"nice", SECTION_DEFAULTS, {"nice = 0", "nice = 19"}, {"nice = 20", "nice = -1", "nice = low", "nice = +5"}},
	{"pass-env", SECTION_DEFAULTS, {"pass-env = LANG LC_*", "pass-env = none", "pass-env = X_Y"},
	 {"pass-env = *", "pass-env = L*C", "pass-env = 1X", "pass-env = LD_PRELOAD", "pass-env = LD_*",
	  "pass-env = SSH_*", "pass-env = SSH_ORIGINAL_COMMAND", "pass-env = A-B", "pass-env = L*",
	  "pass-env = SS*"}},
	{"profile", SECTION_DEFAULTS, {"profile = required", "profile = optional"},
	 {"profile = yes", "profile = nightly"}},
	{"profiles", SECTION_DEFAULTS, {"profiles = nightly weekly", "profiles = none"}, {"profiles ="}},
	{"program", SECTION_DEFAULTS, {"program rsync = /opt/rsync", "program sftp = /x/sftp-server"},
	 {"program rsync = rsync", "program rsync = ./rsync", "program sh = /bin/sh", "program = /x",
	  "program rsync = /opt/../rsync"}},
	{"program", SECTION_COMMAND, {"program = /usr/bin/x"}, {"program = x", "program x = /p", "program = /a/../x"}},
	{"protect", SECTION_DEFAULTS, {"protect = .ssh .x", "protect = none"}, {"protect = a/b", "protect = /"}},
	{"rclone-remote", SECTION_DEFAULTS,
	 {"rclone-remote = b2:bucket", "rclone-remote = s3-eu:a/b:c", "rclone-remote = x:", "rclone-remote = none"},
	 {"rclone-remote = bucket", "rclone-remote = :local:/", "rclone-remote = /x:y", "rclone-remote = -x:y",
	  "rclone-remote = a,b:c", "rclone-remote = a:b c", "rclone-remote = ./x:y"}},
	{"restricted", SECTION_DEFAULTS, {"restricted = yes", "restricted = no"}, {"restricted = true"}},
	{"rsync-accept", SECTION_DEFAULTS,
	 {"rsync-accept = --foo --bar=%w --baz=%d --dir=%p -Q -Y=%d", "rsync-accept = --log-file --compress-threads",
	  "rsync-accept = --log-file=%p", "rsync-accept = none", "rsync-accept = --foo\nrsync-accept.2 = --bar",
	  "rsync-accept = --delete -z", "rsync-accept = --aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"},
	 {"rsync-accept = --rsh=%w", "rsync-accept = --rsh", "rsync-accept = --daemon", "rsync-accept = --server",
	  "rsync-accept = --config=%p", "rsync-accept = -M=%w", "rsync-accept = --log-file=%w",
	  "rsync-accept = --foo=%x", "rsync-accept = foo", "rsync-accept = --foo --foo=%d", "rsync-accept = --fo*",
	  "rsync-accept = -ab", "rsync-accept = ---x", "rsync-accept = --filter", "rsync-accept = --aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}},
	{"rsync-refuse", SECTION_DEFAULTS,
	 {"rsync-refuse = --delete z", "rsync-refuse = --delete* -z", "rsync-refuse = none", "rsync-refuse = --*"},
	 {"rsync-refuse = --detele", "rsync-refuse = delete", "rsync-refuse = --delete=x", "rsync-refuse = *",
	  "rsync-refuse = --zz*", "rsync-refuse = -zv", "rsync-refuse = --delete,z"}},
	{"scp-accept", SECTION_DEFAULTS, {"scp-accept = -Z", "scp-accept = -Z=%d", "scp-accept = none"},
	 {"scp-accept = -S=%w", "scp-accept = -S", "scp-accept = -o", "scp-accept = -3"}},
	{"scp-refuse", SECTION_DEFAULTS, {"scp-refuse = r", "scp-refuse = -r -p"}, {"scp-refuse = R", "scp-refuse = --r"}},
	{"sftp-subsystem", SECTION_DEFAULTS,
	 {"sftp-subsystem = /usr/lib/openssh/sftp-server -l INFO",
	  "sftp-subsystem = /a\nsftp-subsystem = /b -e"},
	 {"sftp-subsystem = sftp-server", "sftp-subsystem = internal-sftp -l INFO"}},
	{"start", SECTION_DEFAULTS, {"start = /", "start = /in/today", "start = /%u/%U/%%"},
	 {"start = in", "start = /%h", "start = /%x", "start = /%", "start = /../x", "start = /in/.."}},
	{"stdin", SECTION_COMMAND, {"stdin = no", "stdin = yes"}, {"stdin = null", "stdin = /dev/null"}},
	{"stdout", SECTION_COMMAND, {"stdout = no", "stdout = yes"}, {"stdout = off", "stdout = 1"}},
	{"template", SECTION_COMMAND, {"template = c %1w %d", "template = !c", "template = c\ntemplate.2 = %d"},
	 {"template = c %o", "template = %w", "template = c %q", "template = c %1w %1w", "template = !"}},
	{"token", SECTION_DEFAULTS, {"token = off", "token = marker"}, {"token = on", "token = yes", "token = m"}},
	{"token-env", SECTION_DEFAULTS, {"token-env = TOK_1"},
	 {"token-env = 1T", "token-env = A=B", "token-env = A B"}},
	{"token-value", SECTION_DEFAULTS, {"token-value = any text"}, {"token-value ="}},
	{"umask", SECTION_DEFAULTS, {"umask = 0", "umask = 027", "umask = 0777"},
	 {"umask = 8", "umask = 1000", "umask = 01777", "umask = 00027", "umask = -1", "umask = 0x1f", "umask = 27 x"}},
	{"verbs", SECTION_COMMAND, {"verbs = download", "verbs = none", "verbs = full"},
	 {"verbs = run", "verbs = download none"}},
};

/* Loads the line in a section of its kind, with the settings that such a section cannot do without. */
static bool loads(unsigned kind, const char *line, struct policy_fault *fault)
{
	static const struct {
		unsigned kind;
		const char *header, *name, *setting;
	} rows[] = {
		{SECTION_DEFAULTS, "[defaults]\n", "", ""},
		{SECTION_USER, "[user u]\n", "", ""},
		{SECTION_KEY, "[key k]\n", "", ""},
		{SECTION_COMMAND, "[command c]\n", "program", "program = /p\n"},
		{SECTION_COMMAND, "", "template", "template = c %1w\n"},
	};
	char text[512] = "";

	for (size_t i = 0; i < ROWS(rows); i++)
		if (rows[i].kind == kind) {
			strcat(text, rows[i].header);
			if (strncmp(line, rows[i].name, strlen(rows[i].name)) != 0)
				strcat(text, rows[i].setting);
		}
	strcat(strcat(text, line), "\n");
	struct policy *policy = scratch_load(text, strlen(text), fault);

	policy_free(policy);
	return policy != NULL;
}

static void test_examples(void **state)
{
	struct policy_fault fault;
	int failures = 0;

	(void)state;
	for (size_t i = 0; i < ROWS(examples); i++) {
		for (const char *const *line = examples[i].accepted; *line; line++)
			if (!loads(examples[i].kind, *line, &fault))
				failures++, print_message("# refused: %s: %s\n", *line, fault.reason);
		for (const char *const *line = examples[i].refused; *line; line++)
			if (loads(examples[i].kind, *line, &fault))
				failures++, print_message("# accepted: %s\n", *line);
			else if (fault.line == 0 || !fault.reason)
				failures++, print_message("# no line: %s\n", *line);
	}
	assert_int_equal(failures, 0);
}

/* "limit cpu = 60" */
static bool has_argument(const char *line)
{
	return strcspn(line, " ") + 1 < strcspn(line, "=");
}

static void test_complete(void **state)
{
	(void)state;
	for (const struct setting *s = setting_table; s->name; s++) {
		bool found = false;

		for (size_t i = 0; i < ROWS(examples) && !found; i++)
			found = strcmp(examples[i].name, s->name) == 0 && examples[i].kind & s->kinds &&
				has_argument(examples[i].accepted[0]) == s->argument && examples[i].refused[0];
		if (!found)
			FAIL("the setting %s has no examples", s->name);
		assert_non_null(s->want);
	}
}

/* Goal: every definition with options has both settings, and they are of no other. */
static void test_options(void **state)
{
	static const char *const endings[] = {"-accept", "-refuse"};
	const char *near;
	char name[64];

	(void)state;
	for (size_t i = 0; definition_builtin[i]; i++)
		for (size_t e = 0; e < ROWS(endings); e++) {
			const struct definition *d = definition_builtin[i];
			int n = snprintf(name, sizeof name, "%s%s", d->name, endings[e]);
			const struct setting_name wanted = {name, (size_t)n, false, SECTION_USER};
			const struct setting *found = setting_find(&wanted, &near);

			if (!found != !d->options)
				FAIL("%s: %s", name, d->options ? "there is no such setting" : "nothing to set");
			assert_ptr_equal(policy_option_owner(name), d);
			/* a profile only takes away */
			if (found)
				assert_int_equal(!(found->kinds & SECTION_NARROW), e == 0);
			assert_true(i < POLICY_OPTIONS_MAX);
		}
	assert_null(policy_option_owner("rsync"));
	assert_null(policy_option_owner("-accept"));
	assert_null(policy_option_owner("rsyn-accept"));
}

/* Goal: the table is sorted, and a name, with a second word or without, has one row per kind of section. */
static void test_table(void **state)
{
	(void)state;
	for (const struct setting *s = setting_table; s[1].name; s++) {
		int order = strcmp(s[0].name, s[1].name);
		bool one = s[0].kinds & s[1].kinds && s[0].argument == s[1].argument;

		if (order > 0 || (order == 0 && one))
			FAIL("%s stands before %s", s[0].name, s[1].name);
	}
}

static void test_find(void **state)
{
	static const struct {
		const char *name;
		bool argument;
		unsigned kind;
		bool found;
		const char *near;
	} rows[] = {
		{"docroot", false, SECTION_USER, true, NULL},
		{"docrot", false, SECTION_USER, false, "docroot"},
		{"docroo", false, SECTION_USER, false, "docroot"},
	};
	const char *near;

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		const struct setting_name wanted = {
			rows[i].name, strlen(rows[i].name), rows[i].argument, rows[i].kind};

		assert_int_equal(setting_find(&wanted, &near) != NULL, rows[i].found);
		if (rows[i].near)
			assert_string_equal(near, rows[i].near);
	}
	const struct setting_name elsewhere = {"template", 8, false, SECTION_USER};
	assert_false(setting_find(&elsewhere, &near)->kinds & SECTION_USER);
	/* of two rows the one that fits best, and never one of another kind when there is one of this */
	for (int argument = 0; argument <= 1; argument++) {
		const struct setting_name access = {"access", 6, argument, SECTION_USER};
		const struct setting_name program = {"program", 7, argument, SECTION_COMMAND};
		const struct setting_name profile = {"access", 6, argument, SECTION_PROFILE};

		assert_int_equal(setting_find(&access, &near)->argument, argument);
		assert_int_equal(setting_find(&program, &near)->argument, false);
		assert_int_equal(setting_find(&profile, &near)->argument, false);
	}
}

/* Goal: what nobody has set is the closed side. */
static void test_defaults(void **state)
{
	struct settings s;

	(void)state;
	setting_defaults(&s);
	assert_int_equal(s.commands_count, 0);
	assert_int_equal(s.verbs, VERB_DOWNLOAD | VERB_LIST);
	assert_false(s.docroot_set || s.docroot_home || s.local || s.may_lack);
	assert_int_equal(s.umask, 027);
	assert_int_equal(s.limit[LIMIT_PROCESSES], 64);
	assert_true(s.limit[LIMIT_MEMORY] == LIMIT_UNSET);
	assert_true(s.limit[LIMIT_TMP] == LIMIT_UNSET);
	assert_false(s.key_identity);
	assert_non_null(strstr(s.protect, ".ssh"));
	assert_string_equal(s.profiles, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_examples), cmocka_unit_test(test_complete), cmocka_unit_test(test_table),
		cmocka_unit_test(test_find),     cmocka_unit_test(test_defaults), cmocka_unit_test(test_options),
	};

	return cmocka_run_group_tests_name("setting", tests, NULL, NULL);
}
