/*
 * fault-session - one session of the gate under ptrace, from its exec to its end, with at most one fault. The tracer is
 * root and was there before the exec, so the gate has its file capabilities. x86-64 alone.
 *
 * It begins in a state that a hostile caller would leave: a descriptor too many, signals ignored and blocked, timers.
 */
#define _GNU_SOURCE
#include "fault.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PROCESSES_MAX = 8, GO_FD = 7, FOREIGN_FD = 9, FAR = 1000 };

struct process {
	pid_t pid;
	bool gone, free;     /* free: runs on untraced but for its end */
	bool helper;         /* getent */
	bool program;        /* has just become it */
	bool held;           /* stopped, until another is where it must be */
	bool pending;        /* between entry and exit of a call */
	bool struck;         /* … which is the one of the fault */
	int execs;
	struct call call;
	uint8_t seen[1024];  /* how often each number came */
	uint8_t allocations;
};

static struct process process[PROCESSES_MAX];
static size_t count;
static int out_fd, err_fd, log_fd;
static volatile sig_atomic_t late;
static bool first_exec;
static char host[TEXT_SIZE]; /* what is around the gate */

static void die(const char *what)
{
	perror(what);
	exit(2);
}

static void on_alarm(int number)
{
	(void)number;
	late = 1;
}

static int make_output(const char *name)
{
	int fd = memfd_create(name, MFD_CLOEXEC);

	if (fd < 0 || fcntl(fd, F_SETFL, O_APPEND) != 0)
		die("memfd");
	return fd;
}

static void look_around(char *text)
{
	size_t used = facts_append(text, 0, "/proc/self/mountinfo");

	facts_append(text, used, "/proc/sys/kernel/hostname");
}

void session_prepare(int worker)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct sigaction action = {.sa_handler = on_alarm}; /* no SA_RESTART: it interrupts waitpid() */

	snprintf(address.sun_path, sizeof address.sun_path, "/run/fault-log.%d", worker);
	unlink(address.sun_path);
	log_fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	/* Private from the other workers; shared with what the gate makes of it, if that does not see to it. */
	if (unshare(CLONE_NEWNS | CLONE_NEWUTS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
	    mount(NULL, "/", NULL, MS_REC | MS_SHARED, NULL) != 0)
		die("mount namespace");
	if (log_fd < 0 || bind(log_fd, (struct sockaddr *)&address, sizeof address) != 0 ||
	    chmod(address.sun_path, 0666) != 0 || mount(address.sun_path, "/dev/log", NULL, MS_BIND, NULL) != 0)
		die("/dev/log");
	sigaction(SIGALRM, &action, NULL);
	out_fd = make_output("out");
	err_fd = make_output("err");
	look_around(host);
}

bool session_prepare_more(void)
{
	const char *more = getenv("FAULT_PREPARE");

	if (more && system(more) != 0)
		die("FAULT_PREPARE");
	look_around(host);
	return more;
}

/* ---- the process that becomes the gate ---- */

static void leave_hostile_state(void)
{
	const struct itimerval far = {.it_value = {.tv_sec = FAR}};
	const struct rlimit core = {RLIM_INFINITY, RLIM_INFINITY};
	sigset_t blocked;

	for (int number = 1; number < 32; number++)
		signal(number, number % 2 ? SIG_IGN : SIG_DFL);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGUSR1);
	sigaddset(&blocked, SIGTERM);
	sigprocmask(SIG_SETMASK, &blocked, NULL);
	setitimer(ITIMER_REAL, &far, NULL);
	setitimer(ITIMER_VIRTUAL, &far, NULL);
	setitimer(ITIMER_PROF, &far, NULL);
	setrlimit(RLIMIT_CORE, &core);
	umask(0);
	personality(ADDR_NO_RANDOMIZE);
}

_Noreturn static void become_gate(const struct session *s, int go)
{
	char *const argv[] = {(char *)(uintptr_t)s->gate, "-c", (char *)(uintptr_t)s->command, NULL};
	char key[64];
	char *const env[] = {"SSH_CONNECTION=192.0.2.7 50000 192.0.2.1 22", key, NULL};
	char byte;
	int null = open("/dev/null", O_RDWR), foreign = open("/", O_RDONLY | O_DIRECTORY);

	snprintf(key, sizeof key, "SSH_USER_AUTH=/tmp/sshauth.%015u", s->uid);
	if (dup2(null, 0) != 0 || dup2(out_fd, 1) != 1 || dup2(err_fd, 2) != 2 || dup2(go, GO_FD) != GO_FD ||
	    dup2(foreign, FOREIGN_FD) != FOREIGN_FD)
		_exit(120);
	close_range(3, GO_FD - 1, 0);
	close_range(GO_FD + 1, FOREIGN_FD - 1, 0);
	close_range(FOREIGN_FD + 1, ~0u, 0);
	leave_hostile_state();
	if (setgroups(0, NULL) != 0 || setgid(s->uid) != 0 || setuid(s->uid) != 0 || chdir("/") != 0)
		_exit(121);
	if (read(GO_FD, &byte, 1) != 1) /* until we are seized */
		_exit(122);
	close(GO_FD);
	execve(s->gate, argv, env);
	_exit(errno);
}

static pid_t begin(const struct session *s)
{
	const long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
			     PTRACE_O_TRACECLONE | PTRACE_O_EXITKILL;
	int go[2];

	if (pipe2(go, O_CLOEXEC) != 0)
		die("pipe");
	pid_t pid = fork();
	if (pid == 0)
		become_gate(s, go[0]);
	if (pid < 0 || ptrace(PTRACE_SEIZE, pid, 0, options) != 0 || write(go[1], "", 1) != 1)
		die("the gate cannot be traced");
	close(go[0]);
	close(go[1]);
	return pid;
}

/* ---- what is seen of it ---- */

static struct process *of(pid_t pid, const struct run *run)
{
	for (size_t i = 0; i < count; i++)
		if (process[i].pid == pid)
			return &process[i];
	if (count == PROCESSES_MAX)
		die("too many processes");
	process[count] = (struct process){.pid = pid, .free = run->executed}; /* free: the program's own child */
	return &process[count++];
}

static bool is_getent(pid_t pid)
{
	char path[64];
	struct stat of_process, getent;

	snprintf(path, sizeof path, "/proc/%d/exe", pid);
	return stat(path, &of_process) == 0 && stat("/usr/bin/getent", &getent) == 0 &&
	       of_process.st_ino == getent.st_ino && of_process.st_dev == getent.st_dev;
}

static void on_exec(struct process *p, struct run *run)
{
	if (!first_exec) {
		first_exec = true; /* the gate's own */
		return;
	}
	p->free = true;
	p->helper = is_getent(p->pid);
	if (p->helper) {
		static char facts[TEXT_SIZE];
		facts_note(p->pid, facts);
		run->helper_privileged |= !strstr(facts, "CapPrm:\t0000000000000000");
		return;
	}
	run->executed = true;
	p->program = true;
	facts_note(p->pid, run->facts);
}

/* ---- calls ---- */

static bool is_it(const struct fault *fault, const struct call *call)
{
	return fault && fault->at.process == call->process && fault->at.number == call->number &&
	       fault->at.nth == call->nth;
}

static void strike_entry(struct process *p, const struct fault *fault)
{
	p->struck = true;
	if (fault->kind == FAULT_BYTE || fault->kind == FAULT_HALF) {
		p->struck = cut_enter(p->pid, fault, p->call.argument);
		return;
	}
	/* Linux gives the number back before close(2) can fail. */
	if (p->call.number == SYS_close && fault->kind == FAULT_ERROR)
		return;
	/* Another call in its place, which does nothing and which every filter lets through. */
	if (ptrace(PTRACE_POKEUSER, p->pid, offsetof(struct user_regs_struct, orig_rax), SYS_getpid) != 0)
		die("POKEUSER");
}

static void strike_exit(struct process *p, const struct fault *fault, struct run *run)
{
	int64_t result = fault->kind == FAULT_ERROR ? -fault->error : fault->at.result;

	run->came = true;
	if (fault->kind == FAULT_BYTE || fault->kind == FAULT_HALF)
		cut_leave(p->pid);
	else if (ptrace(PTRACE_POKEUSER, p->pid, offsetof(struct user_regs_struct, rax), result) != 0)
		die("POKEUSER");
}

static void note_path(pid_t pid, struct call *call)
{
	int argument = table_path_argument(call->number);

	for (size_t i = 0; argument >= 0 && i + sizeof(long) < PATH_SHOWN; i += sizeof(long)) {
		errno = 0;
		long word = ptrace(PTRACE_PEEKDATA, pid, call->argument[argument] + i, NULL);
		if (errno != 0)
			return;
		memcpy(call->path + i, &word, sizeof word);
		if (memchr(&word, '\0', sizeof word))
			return;
	}
}

static void on_entry(struct process *p, const struct __ptrace_syscall_info *info, const struct fault *fault)
{
	p->call = (struct call){.process = (int)(p - process), .number = (long)info->entry.nr};
	for (int i = 0; i < ARGUMENTS; i++)
		p->call.argument[i] = info->entry.args[i];
	uint8_t *seen = p->call.number == ALLOCATION ? &p->allocations
			: p->call.number >= 0 && p->call.number < 1024 ? &p->seen[p->call.number] : NULL;
	p->call.nth = seen ? (*seen)++ : 0;
	p->pending = true;
	p->struck = false;
	if (is_it(fault, &p->call))
		strike_entry(p, fault);
}

static void on_call(struct process *p, const struct fault *fault, struct run *run)
{
	struct __ptrace_syscall_info info;

	if (p->pending && fault && !p->struck) { /* the end of one that nobody asked about */
		p->pending = false;
		return;
	}
	if (ptrace(PTRACE_GET_SYSCALL_INFO, p->pid, sizeof info, &info) <= 0)
		return;
	if (info.op == PTRACE_SYSCALL_INFO_ENTRY) {
		on_entry(p, &info, fault);
		if (!fault && run->calls < CALLS_MAX) { /* one that never ends is there, too */
			note_path(p->pid, &p->call);
			run->call[run->calls++] = p->call;
		}
		return;
	}
	if (!p->pending || info.op != PTRACE_SYSCALL_INFO_EXIT)
		return;
	p->pending = false;
	if (p->struck) {
		strike_exit(p, fault, run);
		return;
	}
	for (size_t i = run->calls; !fault && i-- > 0;)
		if (run->call[i].process == p->call.process) {
			run->call[i].result = info.exit.rval;
			return;
		}
}

/* ---- until all is over ---- */

static bool is_watched(const struct process *p, const struct fault *fault, const struct run *run)
{
	return !p->free && (!fault || (!run->came && fault->at.process == p - process));
}

/* A child is known before its parent goes on, whichever of the two stops first. */
static void on_fork(pid_t parent, const struct run *run)
{
	unsigned long pid;

	if (ptrace(PTRACE_GETEVENTMSG, parent, 0, &pid) == 0)
		of((pid_t)pid, run);
}

static bool is_alone(const struct process *p)
{
	for (size_t i = 0; i < count; i++)
		if (&process[i] != p && !process[i].gone && !process[i].helper)
			return false;
	return true;
}

/*
 * A gate that waits for its program makes the same calls each time, however busy the machine: the program begins when
 * the gate waits, and a gate that polls polls what has come to an end.
 */
static bool must_be_held(const struct process *p, const struct fault *fault, const struct run *run)
{
	const struct process *gate = &process[0];
	bool polls = gate->pending && gate->call.number == SYS_poll;

	if (p == gate)
		return polls && !is_alone(gate);
	return p->program && !gate->gone && is_watched(gate, fault, run) && !polls &&
	       !(gate->pending && gate->call.number == SYS_rt_sigtimedwait);
}

static void go_on(struct process *p, const struct fault *fault, const struct run *run, int deliver)
{
	p->program = p->held = false;
	ptrace(is_watched(p, fault, run) ? PTRACE_SYSCALL : PTRACE_CONT, p->pid, 0, deliver);
}

static void release(const struct fault *fault, const struct run *run)
{
	for (size_t i = 0; i < count; i++)
		if (process[i].held && !process[i].gone && !must_be_held(&process[i], fault, run))
			go_on(&process[i], fault, run, 0);
}

static void on_stop(pid_t pid, int status, const struct fault *fault, struct run *run)
{
	struct process *p = of(pid, run);
	int event = status >> 16, number = WSTOPSIG(status), deliver = 0;

	if (number == (SIGTRAP | 0x80))
		on_call(p, fault, run);
	else if (event == PTRACE_EVENT_EXEC)
		on_exec(p, run);
	else if (event == PTRACE_EVENT_FORK || event == PTRACE_EVENT_VFORK || event == PTRACE_EVENT_CLONE)
		on_fork(pid, run);
	else if (event == 0)
		deliver = number;
	p->held = deliver == 0 && must_be_held(p, fault, run);
	if (!p->held)
		go_on(p, fault, run, deliver);
}

static void kill_all(void)
{
	for (size_t i = 0; i < count; i++)
		if (!process[i].gone)
			kill(process[i].pid, SIGKILL);
}

static void watch(pid_t gate, const struct fault *fault, struct run *run)
{
	int status;

	alarm(SECONDS);
	for (;;) {
		pid_t pid = waitpid(-1, &status, __WALL);
		if (pid < 0 && errno == EINTR && late) {
			late = 0;
			run->hangs = true;
			kill_all();
			continue;
		}
		if (pid < 0 && errno == ECHILD)
			break;
		if (pid < 0)
			continue;
		if (WIFSTOPPED(status)) {
			on_stop(pid, status, fault, run);
		} else {
			of(pid, run)->gone = true;
			if (pid == gate)
				run->status = status;
		}
		release(fault, run);
	}
	alarm(0);
}

static void take(int fd, char *to)
{
	ssize_t n = pread(fd, to, TEXT_SIZE - 1, 0);

	to[n > 0 ? n : 0] = '\0';
	if (ftruncate(fd, 0) != 0)
		die("ftruncate");
}

static void take_log(char *to)
{
	size_t used = 0;
	ssize_t n;

	while ((n = recv(log_fd, to + used, TEXT_SIZE - 2 - used, 0)) >= 0) {
		used += (size_t)n;
		to[used++] = '\n';
	}
	to[used] = '\0';
}

void session_run(const struct session *session, const struct fault *fault, struct run *run)
{
	static char now[TEXT_SIZE];

	run->calls = 0;
	run->came = run->executed = run->hangs = run->helper_privileged = false;
	run->facts[0] = '\0';
	count = 0;
	first_exec = false;
	pid_t gate = begin(session);
	of(gate, run);
	watch(gate, fault, run);
	take(out_fd, run->out);
	take(err_fd, run->err);
	take_log(run->log);
	look_around(now);
	run->host_changed = strcmp(now, host) != 0;
}
