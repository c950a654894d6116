/*
 * Goal: the program's environment is built from nothing (I3, I10): of the client's variables pass only those
 * that are named, with a harmless value, and the token marker is the gate's alone (I8).
 */
#include "test.h"

#include "policy/policy.h"

static struct settings settings;
static struct decision decision;
static const char *const git_pass[] = {"GIT_PROTOCOL=version=[012]", NULL};
static const char *const git_env[] = {"GIT_CONFIG_NOSYSTEM=1", "FIXED=definition", NULL};
static const struct definition plain = {.name = "plain"};
static const struct definition git = {.name = "git", .pass_env = git_pass, .env = git_env};

static int set_up(void **state)
{
	(void)state;
	settings = (struct settings){
		.user = "alice",
		.pass_env = "LANG LC_*",
		.token_env = "ASPERA_AUTH_TOKEN",
		.token_value = "TOKEN",
	};
	decision = (struct decision){.definition = &plain};
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_free(&decision.arena);
	return 0;
}

/* The value of the one variable of this name; NULL if there is none. Two of one name are a failure. */
static const char *value_of(char *const *env, const char *name)
{
	const char *value = NULL;

	for (; *env; env++) {
		size_t length = strlen(name);
		if (strncmp(*env, name, length) != 0 || (*env)[length] != '=')
			continue;
		if (value)
			FAIL("%s is there twice", name);
		value = *env + length + 1;
	}
	return value;
}

static char **build(const char *const *client)
{
	char **env = policy_environ(&settings, &decision, (char *const *)(uintptr_t)client);

	assert_non_null(env);
	return env;
}

/* Goal: a definition's %h is this host's name, whatever a session is told; without one the variable is left out. */
static void test_host(void **state)
{
	static const char *const own[] = {"NAMED=%h", "PLAIN=%hx", NULL};
	static const struct definition definition = {.name = "x", .env = own};

	(void)state;
	decision.definition = &definition;
	assert_null(value_of(build(NULL), "NAMED"));
	settings.host = "gate.example";
	char **env = build((const char *const[]){"NAMED=client", NULL});
	assert_string_equal(value_of(env, "NAMED"), "gate.example");
	assert_string_equal(value_of(env, "PLAIN"), "%hx");
}

static void test_fixed(void **state)
{
	static const char *const client[] = {
		"PATH=.:/srv/drop/alice",            
		"HOME=/srv/drop/alice",              
		"SHELL=/bin/bash", "USER=root",      
		"LOGNAME=root", NULL,
	};

	(void)state;
	for (int with = 0; with < 2; with++) {
		char **env = build(with ? client : NULL);
		size_t count = 0;

		while (env[count])
			count++;
		assert_int_equal(count, 5);
		assert_string_equal(value_of(env, "PATH"), "/usr/bin:/bin");
		assert_string_equal(value_of(env, "HOME"), "/home");
		assert_string_equal(value_of(env, "SHELL"), "/usr/sbin/nologin");
		assert_string_equal(value_of(env, "USER"), "alice");
		assert_string_equal(value_of(env, "LOGNAME"), "alice");
	}
	/* Where there is no view, /home is the host's or the docroot's: no account's file is found through HOME. */
	settings.isolation = ISOLATION_CHROOT;
	assert_string_equal(value_of(build(client), "HOME"), "/nonexistent");
	settings.isolation = ISOLATION_LANDLOCK;
	assert_string_equal(value_of(build(client), "HOME"), "/nonexistent");
}

static void test_dropped(void **state)
{
	static const char *const client[] = {
		"LD_PRELOAD=/tmp/x.so", "LD_LIBRARY_PATH=/tmp", "LD_AUDIT=x", "LD_PRELOAD=x", /* the loader */
		"BASH_ENV=x", "ENV=x", "SHELLOPTS=xtrace", "PS4=x", "IFS=x", "CDPATH=x", "GLOBIGNORE=x", /* shells */
		"LC_ALL=() { :;}; id", "LANG=() { :;}; id", "LC_X=/tmp/x", "LC_Y=a b", "LC_Z=", /* no locale */
		"LC_W=../x", "LC_V=$x", "LC_U=a\nb", "LC_T=%s%n", "LC_S=\xc3\xa4",
		"SSH_ORIGINAL_COMMAND=id", "SSH_AUTH_SOCK=/x", "SSH_USER_AUTH=/x", /* sshd's */
		/* not as sshd writes them */
		"SSH_CONNECTION=192.0.2.1 1 ; id", "SSH_CLIENT=$(id)", "SSH_CONNECTION=localhost 1 x 2",
		"SSH_CONNECTIONX=1", "SSH_CLIENTS=1",
		"RSYNC_RSH=x", "RSYNC_PROXY=x", "RSYNC_CONNECT_PROG=x", "RSYNC_PROTECT_ARGS=1", /* rsync */
		"RSYNC_OLD_ARGS=1", "RSYNC_PARTIAL_DIR=x", "RSYNC_ICONV=x", "RSYNC_MAX_ALLOC=1",
		/* git; its protocol is for git alone */
		"GIT_SSH_COMMAND=x", "GIT_EXEC_PATH=x", "GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=x",
		"GIT_CONFIG_VALUE_0=x", "GIT_TRACE=1", "GIT_TEMPLATE_DIR=x", "GIT_PROTOCOL=version=2",
		"GIT_ALTERNATE_OBJECT_DIRECTORIES=x",
		"BORG_X=1", "RESTIC_X=1", "RCLONE_CONFIG=x", "SVN_SSH=x", "HGRCPATH=x", "CVS_RSH=x", /* other tools */
		/* interpreters */
		"PYTHONPATH=x", "PYTHONSTARTUP=x", "PERL5LIB=x", "PERL5OPT=x", "RUBYOPT=x", "NODE_OPTIONS=x",
		"GLIBC_TUNABLES=x", "MALLOC_CHECK_=1", "GCONV_PATH=x", "NLSPATH=x", "LOCPATH=x", "TZ=x", /* libc */
		"TZDIR=x", "RES_OPTIONS=x", "HOSTALIASES=x", "TMPDIR=x", "TERMINFO=x", "XDG_X=1",
		"SALLYPORT_POLICY=x", "LSHELL_ARGS=x", "SSHDO_CONFIG=x", "G3T_USER=x", /* somebody's own knobs */
		"ASPERA_AUTH_TOKEN=forged", /* the marker */
		"=x", "novalue", "", "=", "LANGX=a", "LC=a", "lang=a", "TERM=xterm", NULL, /* malformed or near */
	};

	(void)state;
	char **env = build(client);
	size_t count = 0;
	for (; env[count]; count++)
		for (size_t i = 0; client[i]; i++)
			if (strcmp(env[count], client[i]) == 0)
				FAIL("%s passes", client[i]);
	assert_int_equal(count, 5); /* the fixed ones alone */
}

static void test_passed(void **state)
{
	static const char *const client[] = {
		"LANG=de_DE.UTF-8", "LC_ALL=C", "LC_CTYPE=de_DE@euro", "LANG=C.UTF-8", /* of two the last */
		"SSH_CONNECTION=2001:db8::1 50000 192.0.2.1 22", "SSH_CLIENT=192.0.2.1 50000 22",
		"GIT_PROTOCOL=version=2", "GIT_PROTOCOLX=version=2", NULL,
	};

	(void)state;
	decision.definition = &git;
	char **env = build(client);
	assert_string_equal(value_of(env, "LANG"), "C.UTF-8");
	assert_string_equal(value_of(env, "LC_ALL"), "C");
	assert_string_equal(value_of(env, "LC_CTYPE"), "de_DE@euro");
	assert_string_equal(value_of(env, "SSH_CONNECTION"),
			    "2001:db8::1 50000 192.0.2.1 22");
	assert_string_equal(value_of(env, "GIT_PROTOCOL"), "version=2");
	assert_null(value_of(env, "GIT_PROTOCOLX"));
	assert_string_equal(value_of(env, "FIXED"), "definition");

	static const char *const forged[] = {
		"GIT_PROTOCOL=version=3", "GIT_PROTOCOL=version=2:x", "GIT_PROTOCOL=version=22",
		"GIT_PROTOCOL=x version=2", "GIT_PROTOCOL=", NULL,
	};
	assert_null(value_of(build(forged), "GIT_PROTOCOL"));
}

/* Goal: policy beats client, definition beats policy, the token beats all and stands last. */
static void test_order(void **state)
{
	static const char *const client[] = {
		"MINE=client", "FIXED=client", "TOK=client", "TOK=again", NULL,
	};

	(void)state;
	decision.definition = &git;
	settings.pass_env = "MINE FIXED TOK GIT_*";
	settings.env[0] = (struct pair){"MINE", "policy"};
	settings.env[1] = (struct pair){"FIXED", "policy"};
	settings.env[2] = (struct pair){"TOK", "policy"};
	settings.env_count = 3;
	settings.token = TOKEN_MARKER;
	settings.token_env = "TOK";
	settings.token_value = "MARK";
	char **env = build(client);
	assert_string_equal(value_of(env, "MINE"), "policy");
	assert_string_equal(value_of(env, "FIXED"), "definition");
	assert_string_equal(value_of(env, "TOK"), "MARK");

	settings.env_count = 0;
	settings.token = TOKEN_OFF;
	env = build(client);
	assert_string_equal(value_of(env, "MINE"), "client");
	assert_null(value_of(env, "TOK")); /* the marker is never the client's, on or off */
}

/* Goal: too many variables or too long values cannot crash it or push anything out. */
static void test_many(void **state)
{
	enum { MANY = 10000, HUGE = 100 * 1024 };
	static const char *client[MANY + 2];
	static char store[MANY][24];
	char *huge = malloc(HUGE + 6);

	(void)state;
	assert_non_null(huge);
	memset(huge, 'a', HUGE + 5);
	memcpy(huge, "LANG=", 5);
	huge[HUGE + 5] = '\0';
	for (int i = 0; i < MANY; i++) {
		sprintf(store[i], "LC_%d=C", i % 50);
		client[i] = store[i];
	}
	client[MANY] = huge;
	char **env = build(client);
	assert_null(value_of(env, "LANG"));
	assert_string_equal(value_of(env, "LC_49"), "C");

	/* More names than have room: those of the client's are dropped, never one of the gate's. */
	for (int i = 0; i < MANY; i++)
		sprintf(store[i], "LC_%d=C", i);
	env = build(client);
	assert_string_equal(value_of(env, "LC_0"), "C");
	assert_null(value_of(env, "LC_9999"));
	assert_string_equal(value_of(env, "HOME"), "/home");
	free(huge);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_fixed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_host, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_dropped, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_passed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_order, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_many, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("environ", tests, NULL, NULL);
}
