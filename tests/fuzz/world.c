#include "world.h"

#include "breach.h"
#include "fuzz.h"

#include "tests/unit/grant.h"
#include "tests/unit/scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

/* The session that runs. What is wrapped below is the real thing while none does. */
static struct world *world;
static struct session *session;
static jmp_buf end;

static char tree[] = "/tmp/fuzz-files-XXXXXX";
static char key_path[] = "/tmp/sshauth.sallyportXXXXXX";
static int key_fd;

/* ---- what is made once ---- */

static int forget_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void)status;
	(void)type;
	(void)walk;
	return remove(path);
}

static void forget(void)
{
	nftw(tree, forget_one, 16, FTW_DEPTH | FTW_PHYS);
	unlink(key_path);
}

/* Names that a wildcard must not bring into argv, beside some that it may. */
static void plant(void)
{
	static const char *const directories[] = {"in", "in/deep", "out", ".ssh", "-d"};
	static const char *const files[] = {"a.txt", "b.txt", "-rf", "--help", "*star", "sp ace", ".hidden", ".ssh/id",
					    "in/x.c", "in/-e", "in/.netrc", "in/deep/y.c", "-d/z", "new\nline"};
	char path[128];

	if (!mkdtemp(tree))
		abort();
	for (size_t i = 0; i < sizeof directories / sizeof *directories; i++) {
		snprintf(path, sizeof path, "%s/%s", tree, directories[i]);
		mkdir(path, 0700);
	}
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		snprintf(path, sizeof path, "%s/%s", tree, files[i]);
		close(open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
	}
}

/* The gate's own descriptors have fixed numbers: nothing else may come to lie there, from the start. */
__attribute__((constructor)) static void reserve(void)
{
	for (int fd = 0; fd <= SANDBOX_IDENTITY_FD; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR) != fd)
			abort();
}

static void prepare(void)
{
	key_fd = mkstemp(key_path);
	if (key_fd < 0)
		abort();
	plant();
	atexit(forget);
}

const char *world_key_path(void)
{
	return key_path;
}

static void write_key(const struct world *w)
{
	if (ftruncate(key_fd, 0) != 0 ||
	    pwrite(key_fd, w->key, w->key_length, 0) != (ssize_t)w->key_length)
		abort();
}

/* ---- the account files ---- */

const char *who_ask(struct who *who, bool *system)
{
	*system = false;
	*who = (struct who){.uid = getuid(), .gid = getgid()};
	snprintf(who->user, sizeof who->user, "%s", world->user);
	snprintf(who->home, sizeof who->home, "/home/%s", world->user);
	snprintf(who->shell, sizeof who->shell, "%s", world->shell);
	return NULL;
}

const char *who_groups(struct who *who)
{
	who->groups[0] = "partners";
	who->groups[1] = "transfer";
	who->groups[2] = NULL;
	return NULL;
}

/* ---- the doors ---- */

bool sandbox_is_privileged(void)
{
	return world->privileged;
}

int sandbox_landlock_abi(void)
{
	return 7;
}

bool sandbox_slots_open(const char *directory, uid_t uid, struct sandbox_fault *fault)
{
	(void)directory;
	(void)uid;
	(void)fault;
	return true;
}

enum sandbox_slot sandbox_slot_take(const char *key, unsigned most, struct sandbox_fault *fault)
{
	(void)key;
	(void)most;
	(void)fault;
	return world->full ? SANDBOX_SLOT_FULL : SANDBOX_SLOT_TAKEN;
}

bool sandbox_prepare(const struct sandbox_view *view, struct sandbox *sandbox, struct sandbox_fault *fault)
{
	(void)view;
	(void)sandbox;
	(void)fault;
	return true;
}

bool sandbox_close_door_one(struct sandbox *sandbox, struct sandbox_fault *fault)
{
	(void)sandbox;
	(void)fault;
	return true;
}

bool sandbox_close_door_two(struct sandbox_grant *grant, struct sandbox_fault *fault)
{
	(void)grant;
	(void)fault;
	return true;
}

void sandbox_exec(const struct sandbox_grant *grant, char *const argv[], char *const envp[])
{
	const char *breach = breach_program(session, grant, argv);

	if (!breach)
		breach = breach_environ(session, envp, environ);
	if (breach)
		BROKEN("%s: %s: %s", session->who.user, session->call.command, breach);
	for (size_t i = 0; argv[i]; i++)
		free(argv[i]);
	free((void *)(size_t)argv);
	world->status = WORLD_EXEC;
	longjmp(end, 1);
}

/* ---- what is left of libc; the linker sends the gate's calls here (--wrap) ---- */

_Noreturn void __real__exit(int status);
_Noreturn void __wrap__exit(int status);
_Noreturn void __wrap__exit(int status)
{
	if (!world)
		__real__exit(status);
	world->status = status;
	longjmp(end, 1);
}

static void keep_line(const void *bytes, size_t count)
{
	if (world->lines == WORLD_LINES_MAX || count > JOURNAL_LINE_MAX)
		BROKEN("too many lines in the log, or one too long");
	memcpy(world->log[world->lines], bytes, count);
	world->log_length[world->lines++] = count;
}

ssize_t __real_write(int fd, const void *bytes, size_t count);
ssize_t __wrap_write(int fd, const void *bytes, size_t count);
ssize_t __wrap_write(int fd, const void *bytes, size_t count)
{
	if (!world)
		return __real_write(fd, bytes, count);
	if (fd == SANDBOX_KEPT_FD) {
		keep_line(bytes, count);
	} else if (fd == STDERR_FILENO && world->told_length + count <= WORLD_TOLD_MAX) {
		memcpy(world->told + world->told_length, bytes, count);
		world->told_length += count;
	} else {
		BROKEN("%zu bytes written to %d", count, fd);
	}
	return (ssize_t)count;
}

int __real_connect(int fd, const struct sockaddr *address, socklen_t length);
int __wrap_connect(int fd, const struct sockaddr *address, socklen_t length);
int __wrap_connect(int fd, const struct sockaddr *address, socklen_t length)
{
	return world ? 0 : __real_connect(fd, address, length);
}

/* Streams are closed for a [command] that asks for it, and for nobody else. */
int __real_dup2(int from, int to);
int __wrap_dup2(int from, int to);
int __wrap_dup2(int from, int to)
{
	if (!world)
		return __real_dup2(from, to);
	const struct definition *d = session->decision.definition;
	if (!(to == STDIN_FILENO && d->no_stdin) && !(to == STDOUT_FILENO && d->no_stdout))
		BROKEN("stream %d is closed", to);
	return to;
}

time_t __real_time(time_t *at);
time_t __wrap_time(time_t *at);
time_t __wrap_time(time_t *at)
{
	return world ? WORLD_NOW : __real_time(at);
}

bool __real_policy_load(const struct policy_source *source, struct policy **policy, struct policy_fault *fault);
bool __wrap_policy_load(const struct policy_source *source, struct policy **policy, struct policy_fault *fault);
bool __wrap_policy_load(const struct policy_source *source, struct policy **policy, struct policy_fault *fault)
{
	if (!world || source->any_owner) /* scratch's own call */
		return __real_policy_load(source, policy, fault);
	const char *file = session->call.policy ? session->call.policy : SALLYPORT_POLICY;
	if (strcmp(source->file, file) != 0)
		BROKEN("a policy is loaded from %s", source->file);
	*policy = scratch_load(world->policy, world->policy_length, fault);
	return *policy != NULL;
}

/* Where the tree has what the program would find under this name. */
static const char *in_tree(const char *path)
{
	static char real[3 * POLICY_PATH_MAX];
	const char *root = session->view.files, *start = session->settings->start;
	const char *breach = grant_path_breach(root, path);

	if (breach)
		BROKEN("the gate looks at %s: %s", path, breach);
	if (path[0] == '/')
		snprintf(real, sizeof real, "%s/%s", tree, path + strlen(root));
	else
		snprintf(real, sizeof real, "%s%s/%s", tree, start, path);
	return real;
}

/* Directories are those that a wildcard looks into. */
int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...)
{
	va_list rest;

	va_start(rest, flags);
	int mode = flags & O_CREAT ? va_arg(rest, int) : 0;
	va_end(rest);
	return __real_open(world && flags & O_DIRECTORY ? in_tree(path) : path, flags, mode);
}

int __real_lstat(const char *path, struct stat *status);
int __wrap_lstat(const char *path, struct stat *status);
int __wrap_lstat(const char *path, struct stat *status)
{
	return __real_lstat(world ? in_tree(path) : path, status);
}

/* ---- a session ---- */

void world_run(struct world *w, int argc, char **argv, char **env, struct session *s)
{
	static bool prepared;
	char **kept = environ;

	if (!prepared)
		prepare();
	prepared = true;
	write_key(w);
	world = w;
	session = s;
	environ = env;
	if (setjmp(end) == 0) {
		/* The order is main.c's; nobody waits here, so parent_part() is not in it. */
		memset(s, 0, sizeof *s);
		session_begin(s);
		session_identify(s);
		session_read_call(s, argc, argv);
		session_load_policy(s);
		session_close_door_one(s);
		session_decide(s);
		session_take_slot(s);
		session_log_verdict(s);
		session_run(s);
	}
	environ = kept;
	world = NULL;
}

void world_end(struct session *s)
{
	decision_free(&s->decision);
	policy_free(s->policy);
	reserve(); /* the gate closes what it has read */
}
