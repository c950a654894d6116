/*
 * Goal: what an account's policy changes about a table's options holds and goes no further: what is refused is refused
 * in every spelling, what can never be accepted is not, and a path stays re-rooted (I3, I7). And each row that a table
 * refuses says its reason to whoever sends the option.
 */
#include "test.h"

#include "policy/policy.h"
#include "policy/template.h"
#include "grant.h"
#include "scratch.h"

/* Behind `commands`, with every definition that there is. */
static const char text[] =
	"\ndocroot = /srv/%u\naccess = full\nprofiles = tight\n"
	"rsync-refuse = --partial\n"
	"[user alice]\nrsync-refuse = --delete* z x\nscp-refuse = -p\n"
	"[user more]\nrsync-accept = --log-file --new --word=%w --number=%d --dir=%p -Y -Q=%d --write-devices\n"
	"scp-accept = -Y\n"
	"[user names]\nrsync-refuse = --remove-source-files --time-limit --del\nborg-refuse = --verbose\nsvn-refuse = -R\n"
	"[user lifted]\nrsync-refuse = none\n"
	"[user reader]\naccess = read-only\nrsync-accept = --log-file\n"
	"[profile tight]\nrsync-refuse = r\n";

static struct policy *policy;

static int load(void **state)
{
	struct policy_fault fault;
	char all[4096] = "[defaults]\ncommands =";

	(void)state;
	for (size_t i = 0; definition_builtin[i]; i++)
		sprintf(all + strlen(all), " %s", definition_builtin[i]->name);
	strcat(all, text);
	policy = scratch_load(all, strlen(all), &fault);
	if (!policy)
		print_message("# %u: %s: %s\n", fault.line, fault.word, fault.reason);
	return policy ? 0 : -1;
}

static int unload(void **state)
{
	(void)state;
	policy_free(policy);
	return 0;
}

/* Decides; what is granted keeps the promise of grant.h. */
static void decide(const struct settings *settings, const char *command, struct decision *d)
{
	const struct request request = {.command = command, .length = strlen(command), .root = "/files"};

	assert_non_null(settings);
	policy_decide(settings, &request, d);
	const char *breach = grant_breach(settings, &request, d);
	if (breach)
		FAIL("%s: %s: %s", settings->user, command, breach);
}

static void test_refused(void **state)
{
	static const struct {
		const char *user, *command, *word; /* NULL: granted */
	} rows[] = {
		{"alice", "rsync --server --delete . x", "--delete"},
		{"alice", "rsync --server --delete-after . x", "--delete-after"},
		{"alice", "rsync --server -rz . x", "-rz"},
		{"alice", "rsync --server --compress . x", "--compress"},
		{"alice", "rsync --server --sender -xe.L . x", "-xe.L"},
		{"alice", "rsync --server --compress-choice=lz4 . x", NULL},
		{"alice", "rsync --server --del . x", "--del"}, /* another name of --delete-during */
		{"alice", "rsync --server --force . x", NULL},
		/* whichever of its names the policy has */
		{"names", "rsync --server --sender --remove-sent-files . x", "--remove-sent-files"},
		{"names", "rsync --server --sender --remove-source-files . x", "--remove-source-files"},
		{"names", "rsync --server --stop-after=5 . x", "--stop-after=5"},
		{"names", "rsync --server --delete-during . x", "--delete-during"},
		{"names", "rsync --server --delete . x", NULL},
		{"names", "borg serve -v", "-v"},
		{"names", "borg serve --verbose", "--verbose"},
		{"names", "borg serve --info", "--info"},
		{"names", "borg serve --debug", NULL},
		{"names", "svnserve -t --read-only", "--read-only"},
		{"names", "svnserve -t -R", "-R"},
		{"alice", "rsync --server -r . x", NULL},
		/* a later section replaces */
		{"alice", "rsync --server --partial . x", NULL},
		{"more", "rsync --server --partial . x", "--partial"},
		{"lifted", "rsync --server --partial . x", NULL},
		/* what is refused would come unseen */
		{"alice", "rsync --server -s", "-s"},
		{"alice", "rsync --server --sender -logDtprse.iLsfxCIvu", "-logDtprse.iLsfxCIvu"},
		{"lifted", "rsync --server -s", NULL},
		/* a definition's settings are its own */
		{"alice", "scp -p -t x", "-p"},
		{"alice", "rsync --server -p . x", NULL},
		{"lifted", "scp -p -t x", NULL},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct decision d;

		decide(scratch_settings(policy, rows[i].user), rows[i].command, &d);
		if ((d.verdict == GRANT) != !rows[i].word)
			FAIL("%s: %s: %s", rows[i].user, rows[i].command, d.reason ? d.reason : "granted");
		if (rows[i].word) {
			assert_string_equal(strncmp(d.reason, "the policy refuses", 18) == 0 ? "" : d.reason, "");
			assert_non_null(strstr(d.detail, "-refuse, "));
			assert_non_null(strstr(d.detail, " line "));
			assert_int_equal(strncmp(rows[i].command + d.offset, rows[i].word, strlen(rows[i].word)), 0);
			assert_int_equal(d.end - d.offset, strlen(rows[i].word));
		}
		decision_free(&d);
	}
}

static void test_accepted(void **state)
{
	static const struct {
		const char *user, *command, *argv; /* NULL: refused */
	} rows[] = {
		{"more", "rsync --server --log-file=/x . y", "rsync|--server|--log-file=/files/x|.|y"},
		{"more", "rsync --server --log-file x/../../y . y", NULL},
		{"more", "rsync --server --log-file=~root/x . y", NULL},
		{"more", "rsync --server --log-file=.ssh/authorized_keys . y", NULL},
		{"more", "rsync --server --log-file=-x . y", NULL},
		{"more", "rsync --server --log-file . y", NULL},
		{"more", "rsync --server --dir /x . y", "rsync|--server|--dir|/files/x|.|y"},
		{"more", "rsync --server --dir=../x . y", NULL},
		{"more", "rsync --server --new . y", "rsync|--server|--new|.|y"},
		{"more", "rsync --server --new=1 . y", NULL},
		{"more", "rsync --server --word=a-b . y", "rsync|--server|--word=a-b|.|y"},
		{"more", "rsync --server --word=a/b . y", NULL},
		{"more", "rsync --server --word=-b . y", NULL},
		{"more", "rsync --server --number=7 . y", "rsync|--server|--number=7|.|y"},
		{"more", "rsync --server --number=x . y", NULL},
		{"more", "rsync --server -rYQ5 . y", "rsync|--server|-rYQ5|.|y"},
		{"more", "rsync --server -YQ 5 . y", "rsync|--server|-YQ|5|.|y"},
		{"more", "rsync --server -Qr . y", NULL},
		{"more", "rsync --server --write-devices . y", "rsync|--server|--write-devices|.|y"},
		{"more", "rsync --server --copy-devices . y", NULL},
		{"more", "rsync --server --newer . y", NULL},
		{"more", "rsync --server --rsh=x . y", NULL},
		{"more", "scp -Yt x", "scp|-Yt|x"},
		{"more", "scp --new -t x", NULL},
		{"lifted", "rsync --server --new . y", NULL},
		{"lifted", "scp -Yt x", NULL},
		/* what it makes the program do, the account's verbs bound: here a read-only mount */
		{"reader", "rsync --server --sender --log-file=/x . y", "rsync|--server|--sender|--log-file=/files/x|.|y"},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct decision d;
		char argv[512] = "";

		decide(scratch_settings(policy, rows[i].user), rows[i].command, &d);
		for (size_t w = 0; w < d.argc; w++)
			sprintf(argv + strlen(argv), "%s%s", w ? "|" : "", d.argv[w]);
		if (!rows[i].argv != (d.verdict != GRANT) || (rows[i].argv && strcmp(argv, rows[i].argv) != 0))
			FAIL("%s: %s: %s", rows[i].user, rows[i].command, d.reason ? d.reason : argv);
		decision_free(&d);
	}
}

/* Goal: a profile refuses more, and never less (I7). */
static void test_profile(void **state)
{
	static const char *const refused[] = {"rsync --server -r . x", "rsync --server --delete . x",
					      "rsync --server --recursive . x", "rsync --server -z . x"};
	const struct policy_account account = {
		.user = "alice", .home = "/home/alice", .uid = 1000, .profile = "tight"};
	const struct settings *settings;
	struct policy_fault fault;
	struct decision d;

	(void)state;
	assert_int_equal(policy_settings(policy, &account, &settings, &fault), POLICY_SETTINGS);
	for (size_t i = 0; i < ROWS(refused); i++) {
		decide(settings, refused[i], &d);
		assert_int_equal(d.verdict, DENY);
		decision_free(&d);
	}
	decide(settings, "rsync --server -t . x", &d);
	assert_int_equal(d.verdict, GRANT);
	decision_free(&d);
	static const char wide[] = "[user alice]\ndocroot = /srv\n[profile p]\nrsync-accept = --new\n";
	assert_null(scratch_load(wide, sizeof wide - 1, &fault));
	assert_string_equal(fault.reason, "a setting that does not belong in this section");
}

/* Puts the words of the form before its options into line. */
static bool lead(const struct form *form, char *line)
{
	const char *at = form->template, *reason;
	struct element element;

	*line = '\0';
	while (template_next(&at, &element, &reason)) {
		if (element.kind == ELEMENT_OPTIONS)
			return true;
		if (element.kind != ELEMENT_LITERAL)
			return false;
		strncat(line, element.literal, element.length);
		strcat(line, " ");
	}
	return false;
}

/* Sends the option to each form that has options, in each spelling; returns how often. */
static unsigned send_refused(const struct definition *definition, const struct option_rule *option)
{
	bool is_long = option->name[0] == '-';
	unsigned sent = 0;
	char line[256];

	for (const struct form *form = definition->forms; form->template; form++)
		for (int spelling = 0; spelling < 3 && lead(form, line); spelling++, sent++) {
			size_t offset = strlen(line);
			struct decision d;

			if (!definition->clusters && !is_long && spelling != 1)
				continue; /* such a one stands alone */
			if (strcmp(option->name, "--sender") == 0 && !strstr(line, "--sender"))
				break; /* there it makes another form */
			snprintf(line + offset, sizeof line - offset, "%s%s%s x x", is_long ? "" : "-", option->name,
				 option->value == VALUE_NONE || spelling == 1 ? "" : is_long ? "=v" : "v");
			if (spelling == 2 && definition->clusters && !is_long)
				line[strlen(line) - 4] = '\0'; /* the letter alone, at the end */
			decide(scratch_settings(policy, "lifted"), line, &d);
			if (d.verdict != DENY || !d.detail || strcmp(d.detail, option->why) != 0)
				FAIL("%s: %s: %s", line, d.reason, d.detail ? d.detail : "no reason of the table's");
			if (d.offset != offset)
				FAIL("%s: blames offset %zu", line, d.offset);
			decision_free(&d);
		}
	return sent;
}

/* Goal: every refused row of every table says why, and the word; and every row has a reason to say. */
static void test_reasons(void **state)
{
	unsigned refused = 0;

	(void)state;
	for (size_t i = 0; definition_builtin[i]; i++) {
		const struct definition *d = definition_builtin[i];

		for (const struct option_rule *o = d->options; o && *o->name; o++) {
			if (!*o->why)
				FAIL("%s: %s has no reason", d->name, o->name);
			if (*o->never && (!o->refused || !strstr(o->never, o->why)))
				FAIL("%s: %s is never accepted, and yet not refused", d->name, o->name);
			if (o->refused)
				assert_true(send_refused(d, o) >= 2);
			refused += o->refused;
			for (const struct option_rule *other = d->options; other != o; other++)
				if (strcmp(other->name, o->name) == 0)
					FAIL("%s: %s is there twice", d->name, o->name);
		}
	}
	assert_true(refused > 40);
	print_message("# %u refused rows\n", refused);
}

/* Goal: another name of an option is of one that there is, and that is not yet another's: so names are compared once. */
static void test_names(void **state)
{
	unsigned names = 0;

	(void)state;
	for (size_t i = 0; definition_builtin[i]; i++)
		for (const struct option_rule *o = definition_builtin[i]->options; o && *o->name; o++) {
			if (!*o->spells)
				continue;
			const struct option_rule *chief =
				policy_option(definition_builtin[i], o->spells, strlen(o->spells));
			if (!chief || *chief->spells)
				FAIL("%s: %s spells %s", definition_builtin[i]->name, o->name, o->spells);
			names++;
		}
	assert_true(names > 40);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused), cmocka_unit_test(test_accepted),
		cmocka_unit_test(test_profile), cmocka_unit_test(test_reasons), cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests_name("options", tests, load, unload);
}
