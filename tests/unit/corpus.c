/*
 * Goal: what real clients send is granted, what attackers have sent is refused: every row of
 * tests/corpus/commands.tsv under tests/corpus/policy.ini, and a list of old tricks. Every grant
 * keeps the promise of grant.h (I3).
 */
#include "test.h"

#include "policy/policy.h"
#include "grant.h"
#include "scratch.h"

#include <ctype.h>

enum { COLUMNS = 7, ROWS_AT_LEAST = 960, ARGVS_AT_LEAST = 35 };

static struct policy *policy;

static int load(void **state)
{
	size_t length;
	struct policy_fault fault;
	char *text = scratch_read("tests/corpus/policy.ini", &length);

	(void)state;
	if (!text)
		return -1;
	policy = scratch_load(text, length, &fault);
	free(text);
	if (!policy)
		print_message("# policy.ini:%u: %s\n", fault.line, fault.reason);
	return policy ? 0 : -1;
}

static int unload(void **state)
{
	(void)state;
	policy_free(policy);
	return 0;
}

/* \\ \n \r \t \xNN in place. */
static size_t unescape(char *text)
{
	char *out = text;

	for (const char *at = text; *at; at++) {
		unsigned byte;
		if (*at != '\\' || !at[1]) {
			*out++ = *at;
			continue;
		}
		at++;
		if (*at == 'x' && sscanf(at + 1, "%2x", &byte) == 1) {
			*out++ = (char)byte;
			at += 2;
		} else {
			*out++ = *at == 'n' ? '\n' : *at == 'r' ? '\r' : *at == 't' ? '\t' : *at;
		}
	}
	*out = '\0';
	return (size_t)(out - text);
}

/* Whether the argv is what the row says, words with '|' between. */
static bool is_argv(const struct decision *d, const char *wanted)
{
	for (size_t i = 0; i < d->argc; i++) {
		size_t length = strlen(d->argv[i]);

		if (strncmp(wanted, d->argv[i], length) != 0 || wanted[length] != (i + 1 < d->argc ? '|' : '\0'))
			return false;
		wanted += length + 1;
	}
	return true;
}

/* argv may be NULL: any. */
static const char *judge(const char *expect, const struct settings *settings, const char *command,
			 size_t length, const char *argv)
{
	struct decision d;
	const struct request request = {command, length, "/files"};
	const char *wrong = NULL;

	policy_decide(settings, &request, &d);
	if (d.verdict == GRANT && strcmp(expect, "deny") == 0)
		wrong = "is granted";
	else if (d.verdict != GRANT && strcmp(expect, "allow") == 0)
		wrong = d.reason;
	else
		wrong = d.verdict == GRANT && argv && !is_argv(&d, argv) ? "another argv" :
									   grant_breach(settings, &request, &d);
	decision_free(&d);
	return wrong;
}

static void test_commands(void **state)
{
	size_t length;
	char *text = scratch_read("tests/corpus/commands.tsv", &length), *rest = text;
	int rows = 0, failures = 0, argvs = 0;

	(void)state;
	assert_non_null(text);
	for (char *line; (line = strsep(&rest, "\n"));) {
		char *column[COLUMNS] = {0};
		for (int i = 0; i < COLUMNS; i++)
			column[i] = strsep(&line, "\t");
		if (!column[4] || column[0][0] == '#')
			continue;
		rows++;
		const struct settings *settings = scratch_settings(policy, column[2]);
		assert_non_null(settings);
		size_t bytes = unescape(column[4]);
		const char *wrong = judge(column[1], settings, column[4], bytes, column[6]);
		argvs += column[6] != NULL;
		if (wrong) {
			failures++;
			print_message("# %s %s %s: %.300s: %s\n", column[0], column[1], column[2], column[4],
				      wrong);
		}
	}
	free(text);
	print_message("# %d rows\n", rows);
	assert_int_equal(failures, 0);
	assert_true(rows >= ROWS_AT_LEAST);
	assert_true(argvs >= ARGVS_AT_LEAST);
}

/* What handbooks on ssh tell their readers to send, each more than a transfer: all must be refused. */
static void test_negative(void **state)
{
	static const char *const commands[] = {
		"ascp -S. -V1; id", "/bin/sh", "echo *", "while read j; do echo \"$j\"; done <.profile",
		"mount; df -h", "uname -a", "ftp -a anotherserver", "cat /etc/ntpd.conf",
		"diff /etc/ntpd.conf -", "sh -c \"tar zcf /backup/usr.tgz /usr/\" &", "tmux a -d || tmux",
		"screen -d -R", "tmux attach -d || tmux new-session",
		"sudo tcpdump -lqi eth0 -w - \"not port 22\"", "cat > backup.tar",
		"cat > $(date +\"%Y-%m-%d\").tar.gz", "cd /some/path/; tar zxf -",
		"tar jcf - /var/www/ /home/*/www/", "sudo dump -0an -f - /var/www/ | gzip -c9",
		"mbuffer -s 128k -m 1G | /sbin/zfs receive -v -F web/site01",
		"route -T 1 exec nc 10.0.0.1 22", "nc machine2.example.edu 22",
		"exec 3<>/dev/tcp/server.example.com/22; cat <&3 & cat >&3;kill $!",
		"ssh -tt server2.example.org", "sleep 60", "/usr/sbin/sshd -D -p 2222",
		"sudo rsync --server --sender -logDtpre.iLsfxC . /x", "", "/bin/sh /home/alice/.ssh/rc",
	};
	const struct settings *settings = scratch_settings(policy, "alice");
	int failures = 0;

	(void)state;
	assert_non_null(settings);
	for (size_t i = 0; i < ROWS(commands); i++)
		if (judge("deny", settings, commands[i], strlen(commands[i]), NULL))
			failures++, print_message("# granted: %s\n", commands[i]);
	assert_int_equal(failures, 0);
	struct decision d;
	const struct request none = {NULL, 0, "/files"};
	policy_decide(settings, &none, &d);
	assert_int_equal(d.verdict, DENY);
	assert_int_equal(d.denial, DENIAL_INTERACTIVE);
	decision_free(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_commands),
		cmocka_unit_test(test_negative),
	};

	return cmocka_run_group_tests_name("corpus", tests, load, unload);
}
