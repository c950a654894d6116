#include "session.h"

#include "exit.h"
#include "expand.h"
#include "journal.h"
#include "plan.h"
#include "report.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

/* A closed one becomes /dev/null: a file opened later must not be taken for the client's stream. */
static bool make_valid(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR | O_NOCTTY) != fd)
			return false;
	return true;
}

void session_begin(struct session *s)
{
	unsigned dice;

	memcpy(s->id, "00000000", sizeof s->id);
	s->parent = getppid();
	signal(SIGPIPE, SIG_IGN); /* until exec: a client that left must not cost the log its line */
	signal(SIGXFSZ, SIG_IGN); /* until door one: a file size limit shall be an error with a reason */
	if (!make_valid()) {
		/* There may be no stderr to say it on, but a log; it is given a number above those. */
		s->log_open = journal_open(SANDBOX_KEPT_FD);
		report_refused(s, EXIT_CONFINEMENT, "descriptors 0, 1 and 2 cannot be made valid", strerror(errno));
	}
	if (getrandom(&dice, sizeof dice, 0) == sizeof dice)
		snprintf(s->id, sizeof s->id, "%08x", dice);
}

/* From here on there is a name to log under; the log is reached before any policy says whether it must be. */
void session_identify(struct session *s)
{
	bool system;
	const char *reason = who_ask(&s->who, &system);
	int error = reason && system ? errno : 0;

	s->log_open = journal_open(SANDBOX_KEPT_FD);
	if (reason)
		report_refused(s, system ? EXIT_CONFINEMENT : EXIT_REFUSED, reason, error ? strerror(error) : NULL);
}

void session_read_call(struct session *s, int argc, char *const argv[])
{
	const char *reason = request_read(argc, argv, s->who.shell, &s->call);

	if (reason)
		report_refused(s, EXIT_USAGE, reason, NULL);
}

/* Upholds I10: the path is compiled in; no variable names another, and no flag but user mode's. */
static struct policy_source choose_source(struct session *s)
{
	struct policy_source source = {.file = SALLYPORT_POLICY, .user = s->who.user};

	if (!s->call.policy)
		return source;
	const char *reason = own_policy(&s->who, &s->call, &s->own);
	if (reason)
		report_refused(s, EXIT_USAGE, reason, NULL);
	return (struct policy_source){.file = s->call.policy, .owner = s->who.uid};
}

void session_load_policy(struct session *s)
{
	const struct policy_source source = choose_source(s);
	struct policy_fault fault;

	if (!policy_load(&source, &s->policy, &fault))
		report_policy(s, EXIT_CONFIGURATION, &fault);
	const char *reason = policy_names_groups(s->policy) ? who_groups(&s->who) : NULL;
	if (reason)
		report_refused(s, EXIT_CONFINEMENT, reason, NULL);

	if (gethostname(s->host, sizeof s->host) != 0)
		report_refused(s, EXIT_CONFINEMENT, "this host has no name", strerror(errno));
	s->host[sizeof s->host - 1] = '\0';
	const struct policy_account account = {
		.user = s->who.user,
		.home = s->who.home,
		.host = s->host,
		.uid = s->who.uid,
		.groups = s->who.groups,
		.profile = s->call.profile[0] ? s->call.profile : NULL,
		.restricted = s->call.restricted,
		.token = s->call.token,
		.own_policy = s->call.policy,
	};
	switch (policy_settings(s->policy, &account, &s->settings, &fault)) {
	case POLICY_SETTINGS: journal_facility(s->settings->log_facility); return;
	case POLICY_REFUSED: report_policy(s, EXIT_REFUSED, &fault);
	case POLICY_FAULTY: break;
	}
	report_policy(s, EXIT_CONFIGURATION, &fault);
}

/* Upholds I10: where sshd does not set the variable it could be a client's, and is not looked at. */
static void open_identity(struct session *s)
{
	s->identity_open = s->settings->key_identity &&
			   identity_open(getenv("SSH_USER_AUTH"), s->who.uid, SANDBOX_IDENTITY_FD);
}

/* Upholds I1 and I2: what door one does was settled before, by uid, policy and flags. */
void session_close_door_one(struct session *s)
{
	static const char *const bases[] = {
		[SANDBOX_PIN_ABSENT] = "built", [SANDBOX_PIN_STALE] = "stale", [SANDBOX_PIN_FRESH] = "pinned",
	};
	struct sandbox sandbox;
	struct sandbox_fault fault;

	s->view = plan_view(&s->who, s->settings);
	open_identity(s);
	s->view.keep_log = s->log_open;
	s->view.keep_identity = s->identity_open;
	if (s->call.policy) {
		s->view.keep_out[0] = s->own.gate;
		s->view.keep_out[1] = s->own.policy;
	}
	s->landlock = sandbox_landlock_abi();
	if (s->view.keep_slot && !sandbox_slots_open(SALLYPORT_SLOTS, s->who.uid, &fault))
		report_sandbox(s, &fault);
	if (!sandbox_prepare(&s->view, &sandbox, &fault) || !sandbox_close_door_one(&sandbox, &fault))
		report_sandbox(s, &fault);
	if (s->view.isolation == SANDBOX_NAMESPACE)
		s->base = bases[sandbox.pinned.state];
}

/* sshd sets SSH_CONNECTION last, so that no client can plant it: "address port address port". */
static const char *client_address(char *out, size_t size)
{
	const char *connection = getenv("SSH_CONNECTION");
	size_t length = connection ? strcspn(connection, " ") : 0;

	if (length == 0 || length >= size)
		return NULL;
	memcpy(out, connection, length);
	out[length] = '\0';
	return out;
}

/* Upholds I7: a key that is not known has no name, and fits no [key] section. */
static struct identity key_of(struct session *s)
{
	if (s->identity_open)
		s->key_unknown = identity_read(SANDBOX_IDENTITY_FD, &s->key);
	else if (s->settings->key_identity)
		s->key_unknown = "SSH_USER_AUTH names no file of sshd's";
	return (struct identity){
		.fingerprint = s->key.fingerprint[0] ? s->key.fingerprint : NULL,
		.cert_id = s->key.certificate ? s->key.id : NULL,
	};
}

void session_decide(struct session *s)
{
	const struct request request = {
		.command = s->call.command,
		.length = s->call.length,
		.root = s->view.files,
		.address = client_address(s->address, sizeof s->address),
		.key = key_of(s),
		.now = time(NULL),
	};

	if (!s->settings->local && !getenv("SSH_CONNECTION"))
		report_refused(s, EXIT_REFUSED, "not an SSH connection", "local = yes permits it");
	policy_decide(s->settings, &request, &s->decision);
	s->settings = s->decision.settings; /* what is left of them for the key */
}

static void take_slot(struct session *s, const char *key, unsigned most)
{
	struct sandbox_fault fault;
	char reason[96], detail[64];

	switch (sandbox_slot_take(key, most, &fault)) {
	case SANDBOX_SLOT_TAKEN: return;
	case SANDBOX_SLOT_FAILED: report_sandbox(s, &fault);
	case SANDBOX_SLOT_FULL: break;
	}
	snprintf(reason, sizeof reason, "%u session%s open, as many as the %s may have; try later", most,
		 most == 1 ? " is" : "s are", key ? "key" : "account");
	snprintf(detail, sizeof detail, "max-sessions = %u", most);
	report_refused(s, EXIT_LATER, reason, detail);
}

/* Held until the parent that waits is gone, and with it the program. */
void session_take_slot(struct session *s)
{
	if (s->decision.verdict != GRANT || !s->decision.program)
		return;
	if (s->settings->sessions)
		take_slot(s, NULL, s->settings->sessions);
	if (s->settings->key_sessions)
		take_slot(s, s->settings->key, s->settings->key_sessions);
}

void session_log_verdict(struct session *s)
{
	bool logged = report_verdict(s);

	if (s->decision.verdict != GRANT)
		_exit(EXIT_REFUSED);
	if (!logged && s->settings->log_required)
		report_refused(s, EXIT_CONFIGURATION, "the log cannot be written, and the policy requires it",
			       NULL);
}

/* A source reads nothing of the client's, and a sink sends it nothing. */
static bool close_streams(const struct definition *definition)
{
	int null = open("/dev/null", O_RDWR | O_NOCTTY | O_CLOEXEC);
	bool closed = null >= 0 && (!definition->no_stdin || dup2(null, STDIN_FILENO) == STDIN_FILENO) &&
		      (!definition->no_stdout || dup2(null, STDOUT_FILENO) == STDOUT_FILENO);

	if (null >= 0)
		close(null);
	return closed;
}

_Noreturn void session_run(struct session *s)
{
	struct sandbox_fault fault;
	const char *reason;

	if (!s->decision.program)
		_exit(EXIT_SUCCESS); /* a probe: the answer is the status */
	char **env = policy_environ(s->settings, &s->decision, environ);
	if (!env)
		report_refused(s, EXIT_CONFINEMENT, "no memory for the environment", NULL);

	const struct definition *definition = s->decision.definition;
	if ((definition->no_stdin || definition->no_stdout) && !close_streams(definition))
		report_refused(s, EXIT_CONFINEMENT, "a stream cannot be closed", strerror(errno));

	struct sandbox_grant grant = plan_grant(s->settings, &s->decision, &s->view, s->landlock);
	if (!sandbox_close_door_two(&grant, &fault))
		report_sandbox(s, &fault);
	/* Only now: a link of the client's leads no wildcard where the program could not list. */
	char **argv = expand_argv(&s->decision, s->settings->protect, &reason);
	if (!argv)
		report_refused(s, EXIT_REFUSED, reason, errno ? strerror(errno) : NULL);
	/* Not before: whatever failed up to here is said to the client. */
	if (!transfers_begin(&s->transfers)) {
		transfers_return(&s->transfers);
		report_refused(s, EXIT_CONFINEMENT, "what the program says cannot be logged", strerror(errno));
	}
	sandbox_exec(&grant, argv, env);
	transfers_return(&s->transfers);
	report_refused(s, EXIT_CONFIGURATION, "the program cannot be executed", strerror(errno));
}
