/*
 * Goal: defaults, groups in file order, user, profile, flags: the later section replaces what it names, and what
 * a key or its flags add can only take away (I7). What is in no section is refused.
 */
#include "test.h"

#include "policy/policy.h"
#include "scratch.h"

static const char *const staff[] = {"staff", "users", NULL};

struct asked {
	const char *text;    /* of the policy */
	const char *user;
	const char *profile;
	bool restricted, token;
};

static struct policy *policy;
static struct policy_fault fault;

static enum policy_verdict ask(const struct asked *asked, const struct settings **settings)
{
	const struct policy_account account = {
		.user = asked->user ? asked->user : "alice",
		.home = "/home/alice",
		.uid = 1234,
		.groups = staff,
		.profile = asked->profile,
		.restricted = asked->restricted,
		.token = asked->token,
	};

	policy_free(policy);
	policy = scratch_load(asked->text, strlen(asked->text), &fault);
	if (!policy)
		FAIL("%s: line %u: %s", asked->text, fault.line, fault.reason);
	return policy_settings(policy, &account, settings, &fault);
}

static int tear_down(void **state)
{
	(void)state;
	policy_free(policy);
	policy = NULL;
	return 0;
}

static void test_order(void **state)
{
	static const char text[] = "[user alice]\numask = 077\n"
				   "[group users]\numask = 022\nstart = /users\naccess = full\n"
				   "[defaults]\numask = 000\ndocroot = /srv/%u/%U/%%%h\nlocal = yes\naccess = list\n"
				   "[group staff]\nstart = /staff/%u/%U%%\n"
				   "[group others]\nstart = /others\n"
				   "[user bob]\numask = 0\n";
	const struct asked asked = {text};
	const struct settings *s;

	(void)state;
	assert_int_equal(ask(&asked, &s), POLICY_SETTINGS);
	assert_int_equal(s->umask, 077);
	assert_string_equal(s->start, "/staff/alice/1234%");
	assert_int_equal(s->verbs, VERBS_ALL);
	assert_true(s->local);
	assert_string_equal(s->docroot, "/srv/alice/1234/%/home/alice");
	assert_string_equal(s->user, "alice");
}

static void test_refused(void **state)
{
	static const struct {
		struct asked asked;
		enum policy_verdict verdict;
		const char *reason;
	} rows[] = {
		{{"[defaults]\ndocroot = /srv\n"}, POLICY_REFUSED, "the policy has no section for this account"},
		{{"[user alic]\ndocroot = /srv\n"}, POLICY_REFUSED, "the policy has no section for this account"},
		{{"[user Alice]\ndocroot = /srv\n"}, POLICY_REFUSED, "the policy has no section for this account"},
		{{"[group staf]\ndocroot = /srv\n"}, POLICY_REFUSED, "the policy has no section for this account"},
		{{"[profile alice]\n"}, POLICY_REFUSED, "the policy has no section for this account"},
		{{""}, POLICY_REFUSED, "the policy has no section for this account"},
		{{"[user alice]\ncommands = sftp\n"}, POLICY_FAULTY, "docroot is not set for this account"},
		{{"[user alice]\ndocroot = none\nisolation = chroot\n"}, POLICY_FAULTY,
		 "docroot = none, which this isolation cannot give"},
		{{"[user alice]\ndocroot = /srv\nisolation = landlock\n[defaults]\nmay-lack = landlock\n"}, POLICY_FAULTY,
		 "isolation = landlock, and Landlock may be absent"},
		{{"[user alice]\ndocroot = /srv\nisolation = landlock\nprofiles = a\n[profile a]\ndocroot = none\n"},
		 POLICY_FAULTY, "docroot = none, which this isolation cannot give"},
		{{"[user alice]\ndocroot = /srv\n", .profile = "x"}, POLICY_REFUSED,
		 "the account has no such profile"},
		{{"[user alice]\ndocroot = /srv\nprofiles = ab\n[profile a]\n[profile ab]\n", .profile = "a"},
		 POLICY_REFUSED, "the account has no such profile"},
		{{"[user alice]\ndocroot = /srv\nprofiles = a\n[profile a]\n", .profile = ""}, POLICY_REFUSED,
		 "the account has no such profile"},
		{{"[user alice]\ndocroot = /srv\nprofiles = a b\n[profile a]\n[profile b]\n", .profile = "a b"},
		 POLICY_REFUSED, "the account has no such profile"},
		{{"[user alice]\ndocroot = /srv\nprofiles = a b\n[profile a]\n", .profile = "a"}, POLICY_FAULTY,
		 "a profile is listed that is not defined"},
		{{"[user alice]\ndocroot = /srv\nprofiles = a\n", .profile = "a"}, POLICY_FAULTY,
		 "a profile is listed that is not defined"},
		{{"[user alice]\ndocroot = /srv\nprofile = required\n"}, POLICY_REFUSED,
		 "this account needs a profile"},
		/* a name service may have any name */
		{{"[group staff]\ndocroot = /srv/%u\n", .user = ".."}, POLICY_FAULTY,
		 "docroot is not an absolute path without .. of at most 4095 bytes"},
		{{"[group staff]\ndocroot = /srv/%u/in\n", .user = "a/../../etc"}, POLICY_FAULTY,
		 "docroot is not an absolute path without .. of at most 4095 bytes"},
		{{"[group staff]\ndocroot = /srv/%u\n", .user = ""}, POLICY_FAULTY,
		 "docroot is not an absolute path without .. of at most 4095 bytes"},
		{{"[group staff]\ndocroot = /srv\nstart = /%u\n", .user = ".."}, POLICY_FAULTY,
		 "start is longer than 4095 bytes, or has a .. component"},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		const struct settings *s = NULL;

		enum policy_verdict got = ask(&rows[i].asked, &s);
		if (got != rows[i].verdict || strcmp(fault.reason, rows[i].reason) != 0)
			FAIL("row %zu: %d: %s", i, got, fault.reason);
		assert_null(s);
	}
}

#define ACCOUNT                                                                                    \
	"[user alice]\ndocroot = /srv/a\ncommands = sftp scp\naccess = download upload list\n"     \
	"profiles = p\n"

/* Goal: a profile that is wider than its account in anything is the policy's fault, not a grant (I7). */
static void test_wider(void **state)
{
	static const struct {
		const char *text, *reason;
	} rows[] = {
		{ACCOUNT "[profile p]\ncommands = scp rsync\n", "it grants a command that the account lacks"},
		{ACCOUNT "[profile p]\naccess = full\n", "it grants a verb that the account lacks"},
		{ACCOUNT "[profile p]\naccess = delete\n", "it grants a verb that the account lacks"},
		{ACCOUNT "restricted = yes\n[profile p]\nrestricted = no\n", "it lifts restricted"},
		{ACCOUNT "token = marker\n[profile p]\ntoken = off\n", "it lifts token"},
		{ACCOUNT "[profile p]\ndocroot = /srv\n", "a profile's docroot is not beneath the account's"},
		{ACCOUNT "[profile p]\ndocroot = /srv/ab\n", "a profile's docroot is not beneath the account's"},
		{ACCOUNT "[profile p]\ndocroot = /\n", "a profile's docroot is not beneath the account's"},
		{ACCOUNT "[profile p]\ndocroot = %h\n", "a profile's docroot is not beneath the account's"},
		{"[user alice]\ndocroot = none\nprofiles = p\n[profile p]\ndocroot = /srv\n",
		 "a profile's docroot is not beneath the account's"},
	};

	(void)state;
	for (size_t i = 0; i < 2 * ROWS(rows); i++) {
		/* also when no key asks for it: a fault shows before one does */
		const struct asked asked = {rows[i / 2].text, .profile = i % 2 ? "p" : NULL};
		const struct settings *s = NULL;

		if (ask(&asked, &s) != POLICY_FAULTY || strcmp(fault.reason, rows[i / 2].reason) != 0)
			FAIL("row %zu: %s", i / 2, s ? "accepted" : fault.reason);
		assert_null(s);
	}
}

static void test_narrower(void **state)
{
	static const char text[] = ACCOUNT "[profile p]\ncommands = scp\naccess = download\ndocroot = /srv/a/in/\n"
					   "restricted = yes\n";
	const struct asked asked = {text, .profile = "p"};
	const struct settings *s;

	(void)state;
	assert_int_equal(ask(&asked, &s), POLICY_SETTINGS);
	assert_int_equal(s->commands_count, 1);
	assert_int_equal(s->verbs, VERB_DOWNLOAD);
	assert_string_equal(s->docroot, "/srv/a/in");
	assert_string_equal(s->profile, "p");
	assert_true(s->restricted);

	const struct asked empty = {ACCOUNT "[profile p]\n", .profile = "p"};
	assert_int_equal(ask(&empty, &s), POLICY_SETTINGS);
	assert_int_equal(s->commands_count, 2);
	assert_int_equal(s->verbs, VERB_DOWNLOAD | VERB_UPLOAD | VERB_LIST);
	assert_string_equal(s->docroot, "/srv/a");

	const struct asked none = {ACCOUNT "[profile p]\ndocroot = none\ncommands = none\n", .profile = "p"};
	assert_int_equal(ask(&none, &s), POLICY_SETTINGS);
	assert_null(s->docroot);
	assert_int_equal(s->commands_count, 0);
}

#define FP(letter) "SHA256:" letter "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define KEYED ACCOUNT "keys = k l\nkey-identity = yes\n[profile p]\naccess = download upload\n"

/*
 * Goal: a key takes away as a profile does, and both together leave what both allow; what is wider, missing or
 * there twice is the policy's fault for everybody who lists it (I7).
 */
static void test_keys(void **state)
{
	static const char text[] = KEYED "hours = 01:00-02:00\nfrom = 10.0.0.0/8\n"
		"[key k]\nfingerprint = " FP("A") " " FP("B") "\ncommands = scp\naccess = upload list\n"
		"from = 192.0.2.0/24\nexpires = 20300101\nmessage = k\n"
		"[key l]\ncert-id = backup job\n";
	const struct asked plain = {text}, both = {text, .profile = "p"}, flags = {text, .restricted = true};
	const struct settings *s, *k;

	(void)state;
	assert_int_equal(ask(&plain, &s), POLICY_SETTINGS);
	assert_int_equal(s->keys_count, 2);
	assert_null(s->key);
	assert_int_equal(s->verbs, VERB_DOWNLOAD | VERB_UPLOAD | VERB_LIST);
	k = s->keys[0].settings;
	assert_string_equal(k->key, "k");
	assert_string_equal(s->keys[0].fingerprints, FP("A") " " FP("B"));
	assert_int_equal(k->verbs, VERB_UPLOAD | VERB_LIST);
	assert_int_equal(k->commands_count, 1);
	assert_string_equal(k->commands[0]->name, "scp");
	assert_string_equal(k->message, "k");
	assert_true(k->expires < INT64_MAX);
	assert_string_equal(s->keys[1].cert_id, "backup job");
	assert_int_equal(s->keys[1].settings->verbs, s->verbs);
	assert_string_equal(s->keys[1].settings->message, s->message);

	assert_int_equal(ask(&both, &s), POLICY_SETTINGS);
	k = s->keys[0].settings;
	assert_string_equal(k->profile, "p");
	assert_int_equal(k->verbs, VERB_UPLOAD);
	assert_string_equal(k->from[1], "10.0.0.0/8");
	assert_string_equal(k->from[2], "192.0.2.0/24");
	assert_string_equal(k->hours[1], "01:00-02:00");

	assert_int_equal(ask(&flags, &s), POLICY_SETTINGS);
	assert_true(s->keys[0].settings->restricted);
	assert_int_equal(s->keys[0].settings->verbs, VERB_UPLOAD);
}

/* Goal: of several durations the shortest holds; a key's sessions are counted beside the account's (I7). */
static void test_limits(void **state)
{
	static const char text[] = ACCOUNT "keys = k l\nkey-identity = yes\n"
		"max-duration = 2h\nmax-sessions = 5\n[profile p]\nmax-duration = 1h\n"
		"[key k]\nfingerprint = " FP("A") "\nmax-duration = 3h\nmax-sessions = 9\n"
		"[key l]\ncert-id = x\nmax-duration = 30m\n";
	static const char none[] = KEYED "[key k]\ncert-id = x\nmax-duration = 5s\n[key l]\ncert-id = y\n";
	const struct asked plain = {text}, both = {text, .profile = "p"}, free = {none};
	const struct settings *s;

	(void)state;
	assert_int_equal(ask(&plain, &s), POLICY_SETTINGS);
	assert_int_equal(s->duration, 7200);
	assert_int_equal(s->sessions, 5);
	assert_int_equal(s->key_sessions, 0);
	assert_int_equal(s->keys[0].settings->duration, 7200);
	assert_int_equal(s->keys[0].settings->sessions, 5);
	assert_int_equal(s->keys[0].settings->key_sessions, 9);
	assert_int_equal(s->keys[1].settings->duration, 1800);
	assert_int_equal(s->keys[1].settings->key_sessions, 0);
	assert_int_equal(ask(&both, &s), POLICY_SETTINGS);
	assert_int_equal(s->duration, 3600);
	assert_int_equal(s->keys[1].settings->duration, 1800);
	assert_int_equal(ask(&free, &s), POLICY_SETTINGS);
	assert_int_equal(s->duration, 0);
	assert_int_equal(s->keys[0].settings->duration, 5);
	assert_int_equal(s->keys[1].settings->duration, 0);
}

/* Goal: which commands have a use for /tmp; an administrator's own may do anything. */
static void test_tmp(void **state)
{
	static const struct {
		const char *commands;
		bool tmp;
	} rows[] = {
		{"sftp", false}, {"scp", false},   {"rsync", false},  {"probe", false}, {"git", true},
		{"borg", true},  {"svn", true},    {"hg", true},      {"unison", true}, {"rdiff-backup", true},
		{"rclone", true}, {"aspera", true}, {"own", true},
	};
	char text[256];
	const struct asked asked = {text};
	const struct settings *s;

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		snprintf(text, sizeof text, "[user alice]\ndocroot = /srv\ncommands = %s\n"
			 "[command own]\nprogram = /usr/bin/true\ntemplate = own\nverbs = list\n", rows[i].commands);
		assert_int_equal(ask(&asked, &s), POLICY_SETTINGS);
		if (s->commands[0]->tmp != rows[i].tmp)
			FAIL("%s", rows[i].commands);
	}
}

static void test_keys_at_fault(void **state)
{
	static const struct {
		const char *text, *reason;
	} rows[] = {
		{KEYED "[key l]\ncert-id = x\n", "a key is listed that is not defined"},
		{ACCOUNT "keys = k\n[profile p]\n[key k]\ncert-id = x\n",
		 "keys are listed, and nothing tells which one was used"},
		{KEYED "[key k]\ncert-id = x\n[key l]\ncert-id = x\n",
		 "another of the account's keys is the same key"},
		{KEYED "[key k]\nfingerprint = " FP("A") " " FP("B") "\n[key l]\nfingerprint = " FP("B") "\n",
		 "another of the account's keys is the same key"},
		{KEYED "[key k]\ncert-id = x\n[key l]\ncert-id = y\naccess = delete\n",
		 "it grants a verb that the account lacks"},
		{KEYED "[key k]\ncert-id = x\n[key l]\ncert-id = y\ncommands = git\n",
		 "it grants a command that the account lacks"},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		const struct asked asked = {rows[i].text};
		const struct settings *s = NULL;

		if (ask(&asked, &s) != POLICY_FAULTY || strcmp(fault.reason, rows[i].reason) != 0)
			FAIL("row %zu: %s", i, s ? "accepted" : fault.reason);
		assert_null(s);
	}
}

/*
 * Goal: path rules add to what holds around them, or take all writing away; the deepest holds; a profile and -r
 * take away in each of them.
 */
static void test_paths(void **state)
{
	static const char text[] = "[defaults]\ndocroot = /srv\naccess /in/deep = delete\naccess /in = list\n"
		"[user alice]\naccess = list\naccess /in = upload mkdir\naccess /in/deep/ro = read-only\n"
		"access /in/deep/ro/rw = upload\naccess /inner = download\nprofiles = p\n[profile p]\naccess = upload\n";
	static const struct {
		const char *directory;
		unsigned verbs;
	} rows[] = {
		{"/in", VERB_LIST | VERB_UPLOAD | VERB_MKDIR},
		{"/inner", VERB_LIST | VERB_DOWNLOAD},
		{"/in/deep", VERB_LIST | VERB_UPLOAD | VERB_MKDIR | VERB_DELETE},
		{"/in/deep/ro", VERB_LIST | VERB_DOWNLOAD},
		{"/in/deep/ro/rw", VERB_LIST | VERB_DOWNLOAD | VERB_UPLOAD},
	};
	const struct asked plain = {text}, profile = {text, .profile = "p"}, flags = {text, .restricted = true};
	const struct settings *s;

	(void)state;
	assert_int_equal(ask(&plain, &s), POLICY_SETTINGS);
	assert_int_equal(s->verbs, VERB_LIST);
	assert_int_equal(s->paths_count, ROWS(rows));
	for (size_t i = 0; i < ROWS(rows); i++) {
		assert_string_equal(s->paths[i].directory, rows[i].directory);
		assert_int_equal(s->paths[i].verbs, rows[i].verbs);
	}
	assert_int_equal(ask(&profile, &s), POLICY_SETTINGS);
	assert_int_equal(s->verbs, 0);
	assert_int_equal(s->paths[0].verbs, VERB_UPLOAD);
	assert_int_equal(s->paths[1].verbs, 0);
	assert_int_equal(ask(&flags, &s), POLICY_SETTINGS);
	for (size_t i = 0; i < ROWS(rows); i++)
		assert_int_equal(s->paths[i].verbs, rows[i].verbs & ~(unsigned)VERB_LIST);
}

/*
 * Goal: a profile with a docroot of its own has there what the account has there, and no more: rules are about the
 * account's directories, not about those of the same name in the profile's (I7).
 */
static void test_paths_descend(void **state)
{
	static const char text[] = "[user alice]\ndocroot = %s\naccess = read-only\naccess /in = upload\n"
		"access /in/deep = mkdir\naccess /in/ro = read-only\naccess /inner = delete\nprofiles = p\n"
		"[profile p]\ndocroot = %s\n%s";
	enum { READS = VERB_DOWNLOAD | VERB_LIST };
	static const struct {
		const char *above, *docroot, *more;
		unsigned verbs;
		size_t count;
		const char *first; /* directory of the first rule that is left, and its verbs */
		unsigned first_verbs;
	} rows[] = {
		{"/srv", "/srv", "", READS, 4, "/in", READS | VERB_UPLOAD},
		{"/srv", "/srv/in", "", READS | VERB_UPLOAD, 2, "/ro", READS},
		{"/srv", "/srv/in/deep", "", READS | VERB_UPLOAD | VERB_MKDIR, 0, NULL, 0},
		{"/srv", "/srv/in/deep/er", "", READS | VERB_UPLOAD | VERB_MKDIR, 0, NULL, 0},
		{"/srv", "/srv/in/ro/x", "", READS, 0, NULL, 0},
		{"/srv", "/srv/out", "", READS, 0, NULL, 0},
		{"/srv", "/srv/i", "", READS, 0, NULL, 0},
		{"/srv", "/srv/in", "access = upload\n", VERB_UPLOAD, 2, "/ro", 0},
		{"/", "/in", "", READS | VERB_UPLOAD, 2, "/ro", READS},
		{"/", "/", "", READS, 4, "/in", READS | VERB_UPLOAD},
	};
	char made[512];
	const struct asked asked = {made, .profile = "p"};
	const struct settings *s;

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		snprintf(made, sizeof made, text, rows[i].above, rows[i].docroot, rows[i].more);
		assert_int_equal(ask(&asked, &s), POLICY_SETTINGS);
		assert_string_equal(s->docroot, rows[i].docroot);
		if (s->verbs != rows[i].verbs || s->paths_count != rows[i].count)
			FAIL("row %zu: verbs %x, %zu rules", i, s->verbs, s->paths_count);
		if (rows[i].count == 0)
			continue;
		assert_string_equal(s->paths[0].directory, rows[i].first);
		assert_int_equal(s->paths[0].verbs, rows[i].first_verbs);
	}
}

/* Goal: for each combination of flags, what they leave is a subset of what there was without them (I7). */
static void test_flags(void **state)
{
	static const char text[] = "[user alice]\ndocroot = /srv\ncommands = sftp aspera\naccess = full\nprofiles = p\n"
				   "[profile p]\naccess = read-only\n";
	const struct settings *s;

	(void)state;
	for (int flags = 0; flags < 8; flags++) {
		const struct asked asked = {text, NULL, flags & 4 ? "p" : NULL, flags & 1, (flags & 2) != 0};
		unsigned most = flags & 4 ? VERB_DOWNLOAD | VERB_LIST : VERBS_ALL;

		assert_int_equal(ask(&asked, &s), POLICY_SETTINGS);
		assert_int_equal(s->restricted, (flags & 3) != 0);
		assert_int_equal(s->token, flags & 2 ? TOKEN_MARKER : TOKEN_OFF);
		if (flags & 3)
			most &= ~(unsigned)VERB_LIST;
		assert_int_equal(s->verbs, most);
	}
	const struct asked set = {"[user alice]\ndocroot = /srv\naccess = full\nrestricted = yes\n"};
	assert_int_equal(ask(&set, &s), POLICY_SETTINGS);
	assert_false(s->verbs & VERB_LIST);
}

/*
 * Goal: no setting is lost in silence when sections are merged: what would not fit for one account is a fault,
 * though each section alone was sound.
 */
static void test_too_many(void **state)
{
	char text[4096] = "[defaults]\ndocroot = /srv\n";
	const struct asked asked = {text};
	const struct settings *s = NULL;
	char *at = text + strlen(text);

	(void)state;
	for (int i = 0; i < POLICY_LIST_MAX; i++)
		at += sprintf(at, "env A%d = x\n", i);
	at += sprintf(at, "[user alice]\n");
	for (int i = 0; i < POLICY_LIST_MAX; i++)
		at += sprintf(at, "env B%d = x\n", i);
	assert_int_equal(ask(&asked, &s), POLICY_FAULTY);
	assert_null(s);
	assert_string_equal(fault.reason, "more than 16 of these for one account");
}

static void test_names_groups(void **state)
{
	const struct asked with = {"[user alice]\ndocroot = /srv\n[group x]\n"};
	const struct asked without = {"[user alice]\ndocroot = /srv\n"};
	const struct settings *s;

	(void)state;
	ask(&with, &s);
	assert_true(policy_names_groups(policy));
	ask(&without, &s);
	assert_false(policy_names_groups(policy));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),        cmocka_unit_test(test_refused),
		cmocka_unit_test(test_wider),        cmocka_unit_test(test_narrower),
		cmocka_unit_test(test_flags),        cmocka_unit_test(test_too_many),
		cmocka_unit_test(test_names_groups), cmocka_unit_test(test_keys), cmocka_unit_test(test_limits), cmocka_unit_test(test_tmp),
		cmocka_unit_test(test_keys_at_fault), cmocka_unit_test(test_paths),
		cmocka_unit_test(test_paths_descend),
	};

	return cmocka_run_group_tests_name("merge", tests, NULL, tear_down);
}
