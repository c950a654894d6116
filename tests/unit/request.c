/*
 * Goal: every form in which sshd calls (sallyport-shell(8)) is told apart by exact comparison, before door one
 * (I1, I10): flags
 * only take away, the gate's own command line in a client's mouth gains nothing (I7), and what is none of the
 * forms is refused.
 */
#include "test.h"

#include "shell/request.h"

#define GATE  SALLYPORT_SHELL
#define PLANT "planted"

static const char *const shells[] = {GATE, GATE "-r", "/bin/bash"};

struct row {
	const char *argv[8];
	const char *shell;   /* of the account */
	const char *env;     /* SSH_ORIGINAL_COMMAND, or NULL */
	const char *command; /* NULL: none */
	bool restricted, token;
	const char *profile;
	const char *policy;
	const char *refused; /* the beginning of a reason, or NULL */
};

static void check(const struct row *r, size_t i)
{
	struct call call;
	int argc = 0;

	while (r->argv[argc])
		argc++;
	if (r->env)
		setenv("SSH_ORIGINAL_COMMAND", r->env, 1);
	else
		unsetenv("SSH_ORIGINAL_COMMAND");
	const char *reason =
		request_read(argc, (char *const *)(uintptr_t)r->argv, r->shell ? r->shell : GATE, &call);
	if (!reason != !r->refused || (reason && strncmp(reason, r->refused, strlen(r->refused)) != 0))
		FAIL("row %zu: %s", i, reason ? reason : "accepted");
	if (reason) {
		assert_null(call.command);
		return;
	}
	if (!call.command != !r->command || (r->command && strcmp(call.command, r->command) != 0))
		FAIL("row %zu: command %s", i, call.command ? call.command : "(none)");
	assert_int_equal(call.length, r->command ? strlen(r->command) : 0);
	if (call.restricted != r->restricted || call.token != r->token)
		FAIL("row %zu: restricted %d, token %d", i, call.restricted, call.token);
	assert_string_equal(call.profile, r->profile ? r->profile : "");
	if (!call.policy != !r->policy || (r->policy && strcmp(call.policy, r->policy) != 0))
		FAIL("row %zu: policy %s", i, call.policy ? call.policy : "(none)");
}

static void test_forms(void **state)
{
	static const struct row rows[] = {
		/* the login shell */
		{{"sallyport-shell", "-c", "scp -t x"}, .command = "scp -t x"},
		/* a client's plant is not read */
		{{"sallyport-shell", "-c", "scp -t x"}, .env = PLANT, .command = "scp -t x"},
		{{"sallyport-shell", "-c", ""}, .command = ""},
		{{"sallyport-shell", "-c", ""}, .env = PLANT, .command = ""},
		{{"sallyport-shell", "-c", "/usr/lib/openssh/sftp-server"}, .command = "/usr/lib/openssh/sftp-server"},
		{{"sallyport-shell", "-c", "/bin/sh /home/u/.ssh/rc"}, .env = "scp -t x",
		 .command = "/bin/sh /home/u/.ssh/rc"},
		{{"sallyport-shell-r", "-c", "a\nb"}, .command = "a\nb", .restricted = true},
		{{"-sallyport-shell"}, .command = NULL},
		{{"-sallyport-shell"}, .env = PLANT, .command = NULL},
		{{"-sallyport-shell-r"}, .env = PLANT, .command = NULL, .restricted = true},
		/* a forced command, the gate being the login shell too */
		{{"sallyport-shell", "-c", GATE}, .env = "scp -t x", .command = "scp -t x"},
		{{"sallyport-shell", "-c", GATE}, .command = NULL},
		{{"sallyport-shell", "-c", GATE " --profile k"}, .env = "x", .command = "x", .profile = "k"},
		{{"sallyport-shell", "-c", GATE " -r"}, .env = "x", .command = "x", .restricted = true},
		{{"sallyport-shell", "-c", GATE " -t"}, .env = "x", .command = "x", .token = true},
		{{"sallyport-shell", "-c", GATE " -t -r --profile k"}, .env = "x", .command = "x",
		 .restricted = true, .token = true, .profile = "k"},
		{{"sallyport-shell", "-c", GATE "-r"}, .env = "x", .command = "x", .restricted = true},
		{{"sallyport-shell", "-c", GATE "-r -t"}, .env = "x", .command = "x", .restricted = true,
		 .token = true},
		{{"sallyport-shell-r", "-c", GATE}, .shell = GATE "-r", .env = "x", .command = "x",
		 .restricted = true},
		/* a forced command of an account with another shell */
		{{GATE, "--profile", "k"}, .shell = "/bin/bash", .env = "x", .command = "x", .profile = "k"},
		{{GATE, "-r"}, .shell = "/bin/bash", .env = "x", .command = "x", .restricted = true},
		{{GATE}, .shell = "/bin/bash", .env = "internal-sftp", .command = "internal-sftp"},
		{{GATE}, .shell = "/bin/bash", .command = NULL},
		{{GATE "-r"}, .shell = "/bin/bash", .env = "x", .command = "x", .restricted = true},
		/* user mode */
		{{"/home/u/bin/sallyport-shell", "--policy", "/home/u/p.ini"}, .shell = "/bin/bash", .env = "x",
		 .command = "x", .policy = "/home/u/p.ini"},
		{{GATE, "-r", "--policy", "/p", "--profile", "k"}, .shell = "/bin/bash", .env = "x", .command = "x",
		 .restricted = true, .profile = "k", .policy = "/p"},
		/* a client's string in that account's shell is the shell's affair; in the gate's it is a command */
		{{"sallyport-shell", "-c", "/home/u/bin/sallyport-shell --policy /p"}, .env = PLANT,
		 .command = "/home/u/bin/sallyport-shell --policy /p"},
		/* near to the gate's own path, and the client's after all */
		{{"sallyport-shell", "-c", GATE "x"}, .env = PLANT, .command = GATE "x"},
		{{"sallyport-shell", "-c", GATE "-rx"}, .env = PLANT, .command = GATE "-rx"},
		{{"sallyport-shell", "-c", GATE "-t"}, .env = PLANT, .command = GATE "-t"},
		{{"sallyport-shell", "-c", "/" GATE}, .env = PLANT, .command = "/" GATE},
		{{"sallyport-shell", "-c", " " GATE}, .env = PLANT, .command = " " GATE},
		{{"sallyport-shell", "-c", GATE "\t-r"}, .env = PLANT, .command = GATE "\t-r"},
		{{"sallyport-shell", "-c", "sallyport-shell"}, .env = PLANT, .command = "sallyport-shell"},
		{{"sallyport-shell", "-c", "'" GATE "'"}, .env = PLANT, .command = "'" GATE "'"},
		{{"sallyport-shell", "-c", "/bin/bash"}, .shell = "/bin/bash", .env = PLANT,
		 .command = "/bin/bash"},
		/* a gate elsewhere means itself only where it is the account's shell */
		{{"x", "-c", "/opt/sallyport-shell -r"}, .shell = "/opt/sallyport-shell", .env = "x",
		 .command = "x", .restricted = true},
		{{"x", "-c", "/opt/sallyport-shell"}, .env = PLANT, .command = "/opt/sallyport-shell"},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		check(&rows[i], i);
}

static void test_refused(void **state)
{
	static char long_name[300], long_call[sizeof GATE + 300];
	static const struct row rows[] = {
		{{NULL}, .env = PLANT, .refused = "called without a name"},
		{{""}, .env = PLANT, .refused = "called without a name"},
		{{"sallyport-shell", "-c"}, .env = PLANT, .refused = "-c takes one command"},
		{{"sallyport-shell", "-c", "a", "b"}, .env = PLANT, .refused = "-c takes one command"},
		{{"sallyport-shell", "-c", "a", "-r"}, .env = PLANT, .refused = "-c takes one command"},
		{{"sallyport-shell", "-i"}, .env = PLANT, .refused = "a flag that is none"},
		{{"sallyport-shell", "-l"}, .env = PLANT, .refused = "a flag that is none"},
		{{"sallyport-shell", "--version"}, .env = PLANT, .refused = "a flag that is none"},
		{{"sallyport-shell", "script"}, .env = PLANT, .refused = "a flag that is none"},
		{{"sallyport-shell", ""}, .env = PLANT, .refused = "a flag that is none"},
		{{"-sallyport-shell", "-i"}, .env = PLANT, .refused = "a flag that is none"},
		{{"sallyport-shell", "-r", "-c", "x"}, .env = PLANT, .refused = "a flag that is none"},
		{{"sallyport-shell", "-rt"}, .env = PLANT, .refused = "a flag that is none"},
		/* user mode: never by the login shell, whatever the string says */
		{{"sallyport-shell", "--policy", "/x"}, .env = PLANT, .refused = "--policy where the gate is"},
		{{GATE, "--policy", "/x"}, .shell = GATE "-r", .env = PLANT, .refused = "--policy where the gate is"},
		{{GATE, "--policy", "/x"}, .shell = "/opt/sallyport-shell", .env = PLANT,
		 .refused = "--policy where the gate is"},
		{{"sallyport-shell", "-c", GATE " --policy /x"}, .env = PLANT, .refused = "--policy where the gate is"},
		{{"sh", "-c", GATE " --policy /x"}, .shell = "/bin/sh", .env = PLANT,
		 .refused = "--policy where the gate is"},
		{{GATE, "--policy", "x"}, .shell = "/bin/sh", .env = PLANT, .refused = "--policy is given twice"},
		{{GATE, "--policy", ""}, .shell = "/bin/sh", .env = PLANT, .refused = "--policy is given twice"},
		{{GATE, "--policy"}, .shell = "/bin/sh", .env = PLANT, .refused = "a flag that is none"},
		{{GATE, "--policy=/x"}, .shell = "/bin/sh", .env = PLANT, .refused = "a flag that is none"},
		{{GATE, "--policy", "/x", "--policy", "/x"}, .shell = "/bin/sh", .env = PLANT,
		 .refused = "--policy is given twice"},
		{{"sallyport-shell", "--profile"}, .env = PLANT, .refused = "a flag that is none"},
		{{"sallyport-shell", "--profile=k"}, .env = PLANT, .refused = "a flag that is none"},
		{{"sallyport-shell", "--profile", ""}, .env = PLANT, .refused = "--profile is given twice"},
		{{"sallyport-shell", "--profile", "a", "--profile", "b"}, .env = PLANT,
		 .refused = "--profile is given twice"},
		{{"sallyport-shell", "--profile", long_name}, .env = PLANT, .refused = "--profile is given twice"},
		{{"sallyport-shell", "-c", GATE " "}, .env = PLANT, .refused = "the forced command is not"},
		{{"sallyport-shell", "-c", GATE "  -r"}, .env = PLANT, .refused = "the forced command is not"},
		{{"sallyport-shell", "-c", GATE " -r "}, .env = PLANT, .refused = "the forced command is not"},
		{{"sallyport-shell", "-c", GATE " -r;id"}, .env = PLANT, .refused = "a flag that is none"},
		{{"sallyport-shell", "-c", GATE " -c id"}, .env = PLANT, .refused = "a flag that is none"},
		{{"sallyport-shell", "-c", GATE " '-r'"}, .env = PLANT, .refused = "a flag that is none"},
		{{"sallyport-shell", "-c", GATE " -r -r -r -r -r -r -r -r -r"}, .env = PLANT,
		 .refused = "the forced command is not"},
		{{"sallyport-shell", "-c", long_call}, .env = PLANT, .refused = "the forced command is not"},
	};

	(void)state;
	memset(long_name, 'a', sizeof long_name - 1);
	snprintf(long_call, sizeof long_call, "%s %s", GATE, long_name);
	for (size_t i = 0; i < ROWS(rows); i++)
		check(&rows[i], i);
}

/*
 * Goal: whatever a client puts behind -c, as itself or as the gate's own line, never lifts what argv[0] or the
 * flags took away (I7): 20,000 strings made of the gate's own words.
 */
static void test_gains_nothing(void **state)
{
	static const char *const pieces[] = {GATE, GATE "-r", " ", " ", "-r", "-t", "--profile", "k", "-c", "\t",
					     "'", ";", "--", "=", "-"};
	struct dice dice = {7};
	char string[512];

	(void)state;
	setenv("SSH_ORIGINAL_COMMAND", PLANT, 1);
	for (int n = 0; n < 20000; n++) {
		struct call call;
		string[0] = '\0';
		for (unsigned i = roll(&dice, 7); i > 0; i--)
			strcat(string, pieces[roll(&dice, ROWS(pieces))]);
		char *const argv[] = {"sallyport-shell-r", "-c", string, NULL};
		const char *reason = request_read(3, argv, shells[roll(&dice, ROWS(shells))], &call);

		assert_true(call.restricted);
		if (!reason && call.command && strcmp(call.command, PLANT) != 0)
			assert_ptr_equal(call.command, string);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_gains_nothing),
	};

	return cmocka_run_group_tests_name("request", tests, NULL, NULL);
}
