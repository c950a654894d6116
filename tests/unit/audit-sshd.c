/*
 * Goal: what audit/ reads of sshd's title, its files and its answers, and makes of them, with the edges; that two
 * accounts are of one class only when no pattern tells them apart; and what it makes of sudo's lists.
 */
#include "test.h"

#include "audit/lines.h"
#include "audit/listener.h"
#include "audit/match.h"
#include "audit/session.h"
#include "audit/sudo.h"

/* ---- the title ---- */

static void test_listener(void **state)
{
	static const struct {
		const char *cmdline;
		size_t length;
		bool listens;
		const char *arguments, *config;
	} rows[] = {
		{BYTES("sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups\0"), true, "", NULL},
		{BYTES("sshd: /usr/sbin/sshd -D -e -f /x/y [listener] 0 of 10-100 startups"), true, "-f /x/y ", "/x/y"},
		{BYTES("sshd: /usr/sbin/sshd -f/x -p 22 -46 [listener] 1 of 2"), true, "-f/x -p 22 -4 -6 ", "/x"},
		{BYTES("sshd: /usr/sbin/sshd -o Port=1 -o PermitTunnel yes -De [listener] "), true,
		 "-o Port=1 -o PermitTunnel yes ", NULL},
		{BYTES("sshd: /usr/sbin/sshd -E /log -g 3 -o Port [listener] "), true, "-o Port ", NULL},
		{BYTES("/usr/sbin/sshd\0-D\0-o\0Permit Tunnel yes\0"), true, "-o Permit Tunnel yes ", NULL},
		{BYTES("/opt/other/sshd\0-t\0-f\0/x\0"), true, "-f /x ", "/x"},
		{BYTES("sshd: alice [priv]"), false, "", NULL},
		{BYTES("sshd: alice@notty"), false, "", NULL},
		{BYTES("/usr/bin/perl\0/usr/sbin/sshd\0"), false, "", NULL},
		{BYTES("sshd: [listener] 0"), false, "", NULL},
		{BYTES("sshd"), false, "", NULL},
		{BYTES(""), false, "", NULL},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct audit_listener l;
		char copy[256] = "", joined[256] = "";

		memcpy(copy, rows[i].cmdline, rows[i].length);
		bool listens = audit_listener_read(copy, rows[i].length, &l);
		for (size_t j = 0; listens && j < l.arguments; j++) {
			strcat(joined, l.argument[j]);
			strcat(joined, " ");
		}
		if (listens != rows[i].listens || (listens && strcmp(joined, rows[i].arguments) != 0))
			FAIL("%s: %d %s", rows[i].cmdline, listens, joined);
		if (listens && (!l.config != !rows[i].config || (l.config && strcmp(l.config, rows[i].config) != 0)))
			FAIL("%s: %s", rows[i].cmdline, l.config ? l.config : "no -f");
	}
}

/* ---- classes ---- */

static void test_classes(void **state)
{
	static const struct {
		const char *match;
		bool each, differ; /* alice, of users, and bob, of users and staff */
	} rows[] = {
		{"User carol", false, false},         {"User alice", false, true},
		{"User a*,!b?b", false, true},        {"User !bob", false, true},
		{"User *", false, false},             {"Group users", false, false},
		{"Group staff", false, true},         {"Group !s*f,*", false, true},
		{"Address 10.0.0.0/8", false, false}, {"all", false, false},
		{"user ALICE", false, false},         {"User=alice", false, true},
		{"Address * User bob", false, true},  {"RDomain x", true, false},
		{"User \"alice\"", true, false},      {"User [a]lice", true, false},
		{"Later thing User alice", true, true},
	};
	const char *users[] = {"users", NULL}, *both[] = {"users", "staff", NULL};
	const struct audit_account alice = {.name = "alice", .groups = users}, bob = {.name = "bob", .groups = both};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct audit_match match = {0};
		char one[16], other[16];

		audit_match_add(&match, rows[i].match);
		assert_true(audit_match_bits(&match) < sizeof one);
		audit_match_class(&match, &alice, one);
		audit_match_class(&match, &bob, other);
		bool differ = memcmp(one, other, audit_match_bits(&match)) != 0;
		if (match.each != rows[i].each || (!match.each && differ != rows[i].differ))
			FAIL("%s: each %d, differ %d", rows[i].match, match.each, differ);
		audit_match_free(&match);
	}
}

static void test_examples(void **state)
{
	static const struct {
		enum audit_criterion by;
		const char *pattern, *example;
	} rows[] = {
		{AUDIT_BY_ADDRESS, "10.0.0.0/8", "10.0.0.0"},   {AUDIT_BY_ADDRESS, "192.0.2.*", "192.0.2.1"},
		{AUDIT_BY_ADDRESS, "192.0.2.?", "192.0.2.1"},   {AUDIT_BY_ADDRESS, "2001:db8::/32", "2001:db8::"},
		{AUDIT_BY_ADDRESS, "*", NULL},                  {AUDIT_BY_ADDRESS, "10.*", NULL},
		{AUDIT_BY_HOST, "*.example.org", "x.example.org"}, {AUDIT_BY_LOCAL_PORT, "2222", "2222"},
	};
	char out[64];

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		bool made = audit_match_example(rows[i].by, rows[i].pattern, out, sizeof out);
		if (made != !!rows[i].example || (made && strcmp(out, rows[i].example) != 0))
			FAIL("%s: %s", rows[i].pattern, made ? out : "none");
	}
}

/* ---- judging ---- */

#define CLOSED                                                                                          \
	"disableforwarding yes\npermittunnel no\nhostbasedauthentication no\npermituserenvironment no\n" \
	"permituserrc no\nforcecommand none\nsubsystem sftp /usr/lib/openssh/sftp-server\npasswordauthentication no\n" \
	"kbdinteractiveauthentication no\nauthenticationmethods any\ntrustedusercakeys none\nacceptenv LANG\n"
#define OPEN                                                                                          \
	"disableforwarding no\nallowtcpforwarding yes\nallowstreamlocalforwarding yes\ngatewayports no\n" \
	"x11forwarding no\nallowagentforwarding no\npermitopen any\npermitlisten any\n"

/* The checks that are found, by their ids, in the order of the table. */
static void judge(const char *answer, struct audit_account *account, char out[512])
{
	static struct audit_findings all;
	struct audit_config config = {0};
	const struct audit_session session = {&all, account, answer, &config, "/config", ""};

	if (account)
		audit_judge_session(&session);
	else
		audit_judge_sshd(&session);
	*out = '\0';
	for (int id = 0; id < AUDIT_CHECKS; id++)
		for (size_t i = 0; i < all.count; i++)
			if ((int)all.finding[i].id == id && !strstr(out, audit_checks[id].id))
				strcat(strcat(out, audit_checks[id].id), " ");
	audit_findings_free(&all);
}

static void test_session(void **state)
{
	static const struct {
		const char *answer;
		bool shell, forced;
		unsigned layers;
		enum audit_password password;
		const char *found;
	} rows[] = {
		{CLOSED, true, false, AUDIT_LAYER_SHELL, AUDIT_PASSWORD_NONE, ""},
		{OPEN CLOSED, true, false, AUDIT_LAYER_SHELL, AUDIT_PASSWORD_NONE, "forwarding-open "},
		{OPEN CLOSED, false, false, AUDIT_LAYER_KEYS, AUDIT_PASSWORD_NONE, ""},
		{OPEN CLOSED, true, false, AUDIT_LAYER_SHELL | AUDIT_LAYER_KEYS, AUDIT_PASSWORD_NONE, ""},
		{"permittunnel point-to-point\n" CLOSED, false, false, AUDIT_LAYER_KEYS, 0, "tunnel-open "},
		{"permitopen none\npermitlisten none\nallowstreamlocalforwarding no\n" OPEN CLOSED, true, false,
		 AUDIT_LAYER_SHELL, 0, ""},
		{"permitopen a:1\npermitlisten b:1\nallowstreamlocalforwarding no\n" OPEN CLOSED, true, false,
		 AUDIT_LAYER_SHELL, 0, "permit-open "},
		{"subsystem sftp internal-sftp\n" CLOSED, true, false, 0, 0, "internal-sftp "},
		{"subsystem sftp internal-sftp -u 0022\n" CLOSED, true, false, 0, 0, "internal-sftp "},
		{"subsystem sftp internal-sftp\nforcecommand /x/gate\n" CLOSED, true, true, AUDIT_LAYER_FORCE, 0, ""},
		{"subsystem sftp /usr/lib/openssh/sftp-server -l INFO\n" CLOSED, true, false, AUDIT_LAYER_SHELL, 0,
		 "subsystem-refused "},
		{"subsystem sftp internal-sftp -l INFO\n" CLOSED, false, true, AUDIT_LAYER_FORCE, 0, "subsystem-refused "},
		{"subsystem sftp /usr/lib/openssh/sftp-server -f AUTH\n" CLOSED, true, false, AUDIT_LAYER_SHELL, 0, ""},
		{"subsystem other /usr/lib/other -l INFO\n" CLOSED, true, false, AUDIT_LAYER_SHELL, 0, ""},
		{CLOSED, false, false, 0, 0, "layer-none "},
		{"permittty no\n" CLOSED, false, false, 0, 0, "layer-none tty-alone "},
		{"forcecommand /bin/true\n" CLOSED, false, false, 0, 0, "layer-none force-other "},
		{"forcecommand /bin/true\n" CLOSED, true, false, AUDIT_LAYER_SHELL, 0, ""},
		{"forcecommand gate\n" CLOSED, true, false, AUDIT_LAYER_SHELL, 0, "force-relative "},
		{"forcecommand internal-sftp\n" CLOSED, true, false, AUDIT_LAYER_SHELL, 0, "force-other "},
		{"permituserrc yes\n" CLOSED, false, false, AUDIT_LAYER_KEYS, 0, ""},
		{"permituserrc yes\n" CLOSED, false, false, 0, 0, "layer-none rc-open "},
		{"acceptenv LC_*\nacceptenv *\n" CLOSED, true, false, AUDIT_LAYER_SHELL, 0, "accept-env "},
		{"acceptenv SSH_ORIGINAL_COMMAND\n" CLOSED, true, false, AUDIT_LAYER_SHELL, 0, "accept-env "},
		{"permituserenvironment LANG,LD_*\n" CLOSED, true, false, AUDIT_LAYER_SHELL, 0, "user-environment "},
		{"hostbasedauthentication yes\n" CLOSED, true, false, AUDIT_LAYER_SHELL, 0, "hostbased "},
		{"hostbasedauthentication yes\nauthenticationmethods publickey,hostbased\n" CLOSED, true, false,
		 AUDIT_LAYER_SHELL, 0, ""},
		{"passwordauthentication yes\n" CLOSED, true, false, AUDIT_LAYER_SHELL, AUDIT_PASSWORD_SET, "password-login "},
		{"passwordauthentication yes\n" CLOSED, true, false, AUDIT_LAYER_SHELL, AUDIT_PASSWORD_NONE, ""},
		{CLOSED, true, false, AUDIT_LAYER_SHELL, AUDIT_PASSWORD_SET, "password-idle "},
		{"passwordauthentication yes\nauthenticationmethods publickey,password publickey,keyboard-interactive:pam\n" CLOSED,
		 true, false, AUDIT_LAYER_SHELL, AUDIT_PASSWORD_SET, "password-idle "},
		{"authenticationmethods publickey,password\n" CLOSED, true, false, AUDIT_LAYER_SHELL, 0, "methods-contradict "},
		{"authenticationmethods publickey,password publickey\n" CLOSED, true, false, AUDIT_LAYER_SHELL, 0, ""},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct audit_account account = {.name = "a", .shell = "/s", .shell_is_gate = rows[i].shell, .gated = true,
						.forced = rows[i].forced, .layers = rows[i].layers,
						.password = rows[i].password,
						.sftp = "\ninternal-sftp\n/usr/lib/openssh/sftp-server\n"
							"/usr/lib/openssh/sftp-server -f AUTH\n"};
		char found[512];

		judge(rows[i].answer, &account, found);
		if (strcmp(found, rows[i].found) != 0)
			FAIL("row %zu: %s", i, found);
	}
}

static void test_sshd(void **state)
{
	static const struct {
		const char *answer, *found;
	} rows[] = {
		{"maxstartups 10:30:100\nmaxauthtries 6\nloglevel INFO\nsubsystem sftp internal-sftp\n", ""},
		{"maxstartups 10:30:101\n", "startups-many "},
		{"maxstartups 10:0:60\n", "startups-many "},
		{"maxstartups 10\n", ""},
		{"maxauthtries 7\n", "tries-many "},
		{"loglevel SILENT\n", "log-quiet "},
		{"loglevel DEBUG3\n", "log-debug "},
		{"permitrootlogin forced-commands-only\n", ""},
		{"permitrootlogin without-password\n", "root-keys "},
		{"permitrootlogin yes\n", "root-login "},
		{"subsystem internal-sftp -l INFO\n", "subsystem-nameless "},
		{"subsystem sftp /bin/sh -c 'umask 0022; x'\n", "subsystem-shell "},
		{"", ""},
		{"permitrootlogin", ""},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		char found[512];

		judge(rows[i].answer, NULL, found);
		if (strcmp(found, rows[i].found) != 0)
			FAIL("%s: %s", rows[i].answer, found);
	}
}

/* ---- the files ---- */

static bool is_root(void *context, const char *pattern, bool group)
{
	(void)context;
	return !group && strcmp(pattern, "root") == 0;
}

static void test_lines(void **state)
{
	static const struct {
		const char *text, *answer, *found;
	} rows[] = {
		{"PermitTunnel no\npermittunnel = NO\n", "permittunnel no\n", ""},
		{"PermitTunnel no\nPermitTunnel yes\n", "permittunnel no\n", "value-shadowed "},
		{"PermitTunnel no\nMatch User a\n\tPermitTunnel yes\n", "permittunnel no\n", ""},
		{"Match User a\n\tX11Forwarding yes\n\tX11Forwarding no\n", "x11forwarding no\n", "value-shadowed "},
		{"Match User a\n\tX11Forwarding yes\nPermitTunnel no\n", "permittunnel yes\n", "line-after-match "},
		{"Match User a\n\tX11Forwarding yes\nPermitTunnel no\n", "permittunnel no\n", ""},
		{"Match User a\nX11Forwarding yes\nPermitTunnel no\n", "permittunnel yes\nx11forwarding no\n", ""},
		{"Match User a\nX11Forwarding yes\n\nPermitTunnel no\n", "permittunnel yes\nx11forwarding no\n",
		 "line-after-match "},
		{"Match User a\n\nX11Forwarding yes\n# why\nPermitTunnel no\n", "permittunnel yes\nx11forwarding no\n", ""},
		{"Match User a\n\tX11Forwarding yes\nForceCommand /x\n", "forcecommand none\nx11forwarding no\n", ""},
		{"Match Address !192.0.2.1\n", "", "match-never "},
		{"Match Address *,!192.0.2.1\n", "", ""},
		{"Match User !a,b Group !c\n", "", "match-never "},
		{"Protocol 2\n", "", "keyword-old "},
		{"Ciphers +3des-cbc\nMACs -hmac-md5\n", "", "algorithm-weak "},
		{"AllowUsers root 100 ghost@h !ghost\n", "", "allow-nobody allow-number "},
		{"# Protocol 1\n\n   \n", "", ""},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct audit_findings all = {0};
		struct audit_config config = {0};
		const struct audit_session session = {&all, NULL, rows[i].answer, &config, "/config", ""};
		char found[512] = "", *copy = strdup(rows[i].text), *rest = copy, *line;

		for (size_t number = 1; (line = strsep(&rest, "\n")); number++)
			audit_config_add(&config, "/config", number, line);
		audit_judge_lines(&session);
		audit_judge_allow(&session, is_root, NULL);
		for (int id = 0; id < AUDIT_CHECKS; id++)
			for (size_t j = 0; j < all.count; j++)
				if ((int)all.finding[j].id == id && !strstr(found, audit_checks[id].id))
					strcat(strcat(found, audit_checks[id].id), " ");
		if (strcmp(found, rows[i].found) != 0)
			FAIL("%s: %s", rows[i].text, found);
		audit_findings_free(&all);
		audit_config_free(&config);
		free(copy);
	}
}

/* ---- sudo ---- */

static void note(void *context, enum audit_id id, const char *command)
{
	sprintf(strchr(context, '\0'), "%s=%s;", audit_checks[id].id, command);
}

static void test_sudo(void **state)
{
	char answer[] = "Matching Defaults entries for a on h:\n    env_reset\n\nUser a may run the following commands on h:\n\n"
			"Sudoers entry:\n    RunAsUsers: root\n    Options: !authenticate\n    Commands:\n\t/usr/bin/rsync\n"
			"\t/bin/cat /var/log/*\n\t!/bin/sh\n\t/bin/ls \"\"\n\nSudoers entry:\n    RunAsUsers: ALL\n    Commands:\n\tALL\n",
	     none[] = "User a is not allowed to run sudo on h.\n";
	char found[512] = "";

	(void)state;
	audit_judge_sudo(answer, note, found);
	assert_string_equal(found, "sudo-program=/usr/bin/rsync;sudo-wildcard=/bin/cat /var/log/*;"
				   "sudo-some=/bin/ls \"\";sudo-all=ALL;");
	found[0] = '\0';
	audit_judge_sudo(none, note, found);
	assert_string_equal(found, "");
}

static void test_sudoers(void **state)
{
	static const struct {
		const char *text;
		bool each, differ; /* alice (1001, users) and bob (1002, users) */
	} rows[] = {
		{"Defaults secure_path=\"/usr/bin\"\nroot ALL=(ALL:ALL) ALL\n%sudo ALL=ALL\n", false, false},
		{"# alice\nalice ALL=ALL\n", false, true},
		{"User_Alias X = carol, \\\n  alice\nX ALL=ALL\n", false, true},
		{"%users ALL=ALL\n", false, false},
		{"#1002 ALL=ALL\n", false, true},
		{"ALL, !bob ALL=ALL\n", false, true},
		{"+net ALL=ALL\n", true, false},
		{"\"alice\" ALL=ALL\n", true, false},
		{"%:domain ALL=ALL\n", true, false},
	};
	const char *users[] = {"users", NULL};
	const struct audit_account alice = {.name = "alice", .uid = 1001, .gid = 100, .groups = users},
				   bob = {.name = "bob", .uid = 1002, .gid = 100, .groups = users};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct audit_sudoers s = {0};
		char *copy = strdup(rows[i].text), one[32], other[32];

		audit_sudoers_add(&s, copy);
		audit_sudoers_sort(&s);
		assert_true(s.count < sizeof one);
		audit_sudoers_class(&s, &alice, one);
		audit_sudoers_class(&s, &bob, other);
		bool differ = memcmp(one, other, s.count) != 0;
		if (s.each != rows[i].each || (!s.each && differ != rows[i].differ))
			FAIL("%s: each %d, differ %d", rows[i].text, s.each, differ);
		free(s.word);
		free(copy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_listener), cmocka_unit_test(test_classes), cmocka_unit_test(test_examples),
		cmocka_unit_test(test_session),  cmocka_unit_test(test_sshd),    cmocka_unit_test(test_lines),
		cmocka_unit_test(test_sudo),     cmocka_unit_test(test_sudoers),
	};

	return cmocka_run_group_tests_name("audit-sshd", tests, NULL, NULL);
}
